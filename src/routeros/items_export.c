/*
 * An export's sections as menus: "/ip dns", then "set …" and "add …" lines, which wrap with a
 * backslash, also inside a value. What a whole export leaves out is at its default; anything less
 * than a whole one says nothing by its silence.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "read_menus.h"

struct export
{
	struct menus_run run;
	struct items **items; /* one to each of d->menus; NULL = nothing was said of it */
	char path[128];       /* the current section, "/ip dns" */
	struct buf line;      /* the logical line */
	bool header, any;
	char common[128]; /* what all sections' paths begin with */
};

static bool is_verb(const char *p, size_t n)
{
	return (n == 3 && (memcmp(p, "set", 3) == 0 || memcmp(p, "add", 3) == 0)) ||
	       (n == 6 && memcmp(p, "remove", 6) == 0);
}

/* Appends a physical line; true when the next one goes on with it. */
static bool glue(struct buf *out, const char *p, size_t n)
{
	size_t slashes = 0;

	while (out->n && n && (*p == ' ' || *p == '\t')) {
		p++;
		n--;
	}
	while (slashes < n && p[n - 1 - slashes] == '\\')
		slashes++;
	buf_add(out, p, n - slashes % 2);
	return slashes % 2;
}

/* "/ip dns set …": the path into e->path, blanks between its words; returns what is behind it. */
static const char *take_path(struct export *e, const char *p)
{
	size_t len = 0;

	for (;;) {
		size_t n;

		while (*p == '/' || *p == ' ')
			p++;
		n = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789-");
		if (n == 0 || (p[n] && p[n] != ' ' && p[n] != '/') || is_verb(p, n) ||
		    len + n + 3 > sizeof(e->path))
			return p;
		len += (size_t)snprintf(e->path + len, sizeof(e->path) - len, "%s%.*s",
		                        len ? " " : "/", (int)n, p);
		p += n;
	}
}

/* Words that both paths begin with. */
static void keep_common(struct export *e)
{
	size_t i = 0, whole = 0;

	if (!e->any)
		snprintf(e->common, sizeof(e->common), "%s", e->path);
	e->any = true;
	for (; e->common[i] && e->common[i] == e->path[i]; i++)
		if (e->path[i + 1] == ' ' || e->path[i + 1] == '\0')
			whole = e->common[i + 1] == ' ' || e->common[i + 1] == '\0' ? i + 1 : whole;
	e->common[whole] = '\0';
}

static struct items *items_of(struct export *e)
{
	struct device *d = e->run.d;

	for (size_t i = 0; i < d->menus_n; i++) {
		if (strcmp(d->menus[i].path, e->path) != 0)
			continue;
		if (!e->items[i]) {
			e->items[i] = mem_alloc(sizeof(**e->items));
			items_init(e->items[i], &d->arena, menus_wanted(&e->run, i), NULL);
		}
		return e->items[i];
	}
	return NULL;
}

/* A value, in quotes or without, into out; returns what is behind it. */
static const char *take_value(const char *p, struct buf *out)
{
	size_t len;

	buf_clear(out);
	if (*p != '"') {
		len = strcspn(p, " ");
		buf_add(out, p, len);
		return p + len;
	}
	for (p++; *p && *p != '"'; p++) {
		int c = *p == '\\' ? escape_character(p + 1, strlen(p + 1), &len) : -1;

		buf_putc(out, c > 0 ? (char)c : *p);
		p += c > 0 ? len : 0;
	}
	return *p ? p + 1 : p;
}

/* Behind "[ find default=yes ]", "0", "telnet": which of the items a set means is not told. */
static const char *skip_which(const char *p)
{
	while (*p == ' ')
		p++;
	if (*p == '[') {
		const char *end = strchr(p, ']');

		return end ? end + 1 : p + strlen(p);
	}
	return pair_key(p, strlen(p)) ? p : p + strcspn(p, " ");
}

/* Lines of one record, such as those of /ip dns, may come several times. */
static void reopen(struct items *s)
{
	if (!s->menu->single || s->n == 0)
		return;
	s->draft = s->v[0];
	s->fields_n = s->draft.n;
	memcpy(s->fields, s->draft.fields, s->draft.n * sizeof(*s->fields));
	s->n = 0;
}

static int take_pairs(struct items *s, const char *p, struct error *err)
{
	struct buf value;
	int r = 0;

	buf_init(&value, LIMIT_FILE_BYTES);
	while (r == 0 && *p) {
		size_t key = pair_key(p, strlen(p));
		const char *name = p;

		if (key == 0) {
			p += *p == ' ' ? 1 : strcspn(p, " ");
			continue;
		}
		p = take_value(p + key + 1, &value);
		r = item_field(s, name, key, buf_str(&value), value.n, err);
	}
	buf_done(&value);
	return r;
}

/* What an add leaves out: an item is enabled, and none of the router's own making is exported. */
static void default_states(struct item *i)
{
	if (i->disabled == TRI_UNKNOWN)
		i->disabled = TRI_NO;
	if (i->dynamic == TRI_UNKNOWN)
		i->dynamic = TRI_NO;
}

static int take_command(struct export *e, const char *p, struct error *err)
{
	struct items *s = items_of(e);
	bool add = strncmp(p, "add", 3) == 0;

	if (!s || strncmp(p, "remove", 6) == 0)
		return 0;
	item_begin(s);
	reopen(s);
	p += 3;
	if (!add)
		p = s->menu->single ? p : skip_which(p);
	if (take_pairs(s, p, err))
		return -1;
	if (add)
		default_states(&s->draft);
	return item_end(s, err);
}

static int take_line(struct export *e, struct error *err)
{
	const char *p = buf_str(&e->line);

	p += strspn(p, " \t");
	if (*p == '#') {
		e->header = e->header || strstr(p, " by RouterOS ");
		return 0;
	}
	if (*p == '/') {
		p = take_path(e, p);
		keep_common(e);
	}
	return is_verb(p, strcspn(p, " ")) ? take_command(e, p, err) : 0;
}

static int read_lines(struct export *e, const char *p, size_t n, struct error *err)
{
	const char *end = p + n, *line;
	bool more = false;
	size_t len;

	while (next_line(&p, end, &line, &len)) {
		if (!more)
			buf_clear(&e->line);
		more = glue(&e->line, line, len);
		if (e->line.overflow)
			return error_set(err, ERROR_LIMIT, "a line is longer than %zu bytes",
			                 e->line.max);
		if (!more && take_line(e, err))
			return -1;
	}
	return 0;
}

static bool has_field(const struct items *s, const char *name, size_t n)
{
	for (size_t i = 0; i < s->fields_n; i++)
		if (strncmp(s->fields[i].name, name, n) == 0 && s->fields[i].name[n] == '\0')
			return true;
	return false;
}

/* The one record of a whole export, its documented defaults filled in. */
static void fill_defaults(struct items *s)
{
	const char *p = s->menu->defaults ? s->menu->defaults : "";

	item_begin(s);
	reopen(s);
	while (*p) {
		size_t n = strcspn(p, " "), key = strcspn(p, "=");

		if (!has_field(s, p, key) &&
		    !(strncmp(p, "disabled=", 9) == 0 && s->draft.disabled != TRI_UNKNOWN))
			item_field(s, p, key, p + key + 1, n - key - 1, NULL);
		p += n + (p[n] == ' ');
	}
	item_end(s, NULL);
}

/* Does a whole export's silence say anything of this menu? */
static bool covers(const struct export *e, const struct wanted *w)
{
	return e->header && e->any && e->common[0] == '\0' && !w->optional;
}

static void take_menu(struct export *e, size_t i)
{
	struct menu_items *m = &e->run.d->menus[i];
	const struct wanted *w = menus_wanted(&e->run, i);

	if (!menus_waits(&e->run, i))
		return;
	if (w->unexported || (!e->items[i] && !covers(e, w))) {
		struct error why = {0};

		if (w->unexported)
			error_set(&why, ERROR_PARSE, "an export does not hold all of it");
		else
			error_set(&why, ERROR_PARSE, "the export says nothing of it");
		menus_set(&e->run, m, MENU_UNREADABLE, &why);
		return;
	}
	if (!e->items[i]) {
		e->items[i] = mem_alloc(sizeof(**e->items));
		items_init(e->items[i], &e->run.d->arena, w, NULL);
	}
	if (w->single && e->header && e->common[0] == '\0')
		fill_defaults(e->items[i]);
	menus_take(m, e->items[i]);
}

void read_menus_export(const char *p, size_t n, struct device *d)
{
	struct export e = {.run = {.d = d}};
	struct error err = {0};

	menus_begin(&e.run);
	e.items = mem_alloc(d->menus_n * sizeof(struct items *));
	buf_init(&e.line, LIMIT_FILE_BYTES);
	if (read_lines(&e, p, n, &err))
		device_add_note(d, "the other menus of the export were not read: %s", err.text);
	for (size_t i = 0; i < d->menus_n; i++) {
		if (!error_is_set(&err))
			take_menu(&e, i);
		free(e.items[i]);
	}
	free(e.items);
	buf_done(&e.line);
	device_add_note(d, "an export holds nothing dynamic: no address from DHCP, no list entry "
	                   "with a time-out");
}
