/* `/export`, `/export verbose` and `/export terse`: our section's `set` lines; the others are
 * passed over. Lines wrap with a backslash, also inside a value, so they are glued before
 * anything else. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forms.h"

/* Paths of sections, as words. */
struct path {
	const char *v[12];
	size_t n;
	size_t len[12];
};

/* What one export's lines told so far. */
struct exported {
	struct joined j;
	bool in_ours, header;
	bool any_section, common_known, saw_ours;
	struct path common;       /* what all its sections begin with */
	const struct line *about; /* comment directly above the next line */
	size_t first_row;
};

struct value_at {
	const struct joined *j;
	size_t at;
};

static struct spot spot_in_joined(struct reading *r, const void *ctx, size_t at)
{
	const struct value_at *v = ctx;

	return joined_spot(r, v->j, v->at + at);
}

/* "# 2026-03-01 10:11:12 by RouterOS 7.18.2": the version, or NULL. */
static const char *header_version(const struct line *l)
{
	static const char by[] = " by RouterOS ";
	const char *p = l->p[line_indent(l)] == '#' ? strstr(l->p, by) : NULL;

	return p ? p + sizeof(by) - 1 : NULL;
}

static bool is_path_char(char c)
{
	return islower((unsigned char)c) || isdigit((unsigned char)c) || c == '-';
}

/* The leading words of "/ip service set …" up to a verb or anything that is no path word; returns
 * where they end. */
static size_t read_path(const char *p, size_t n, struct path *out)
{
	static const char *const verbs[] = {"set",     "add",    "remove", "print",
	                                    "disable", "enable", "export", "move",
	                                    "edit",    "unset",  "reset"};
	size_t i = 0;

	out->n = 0;
	while (i < n) {
		size_t start;

		while (i < n && (p[i] == ' ' || p[i] == '/' || p[i] == '\t'))
			i++;
		start = i;
		while (i < n && is_path_char(p[i]))
			i++;
		if (i == start || (i < n && p[i] != ' ' && p[i] != '/'))
			return start;
		for (size_t k = 0; k < sizeof(verbs) / sizeof(verbs[0]); k++)
			if (strlen(verbs[k]) == i - start &&
			    memcmp(verbs[k], p + start, i - start) == 0)
				return start;
		if (out->n == sizeof(out->v) / sizeof(out->v[0]))
			return start;
		out->v[out->n] = p + start;
		out->len[out->n++] = i - start;
	}
	return i;
}

static size_t common_words(const struct path *a, const struct path *b)
{
	size_t i = 0;

	while (i < a->n && i < b->n && a->len[i] == b->len[i] &&
	       memcmp(a->v[i], b->v[i], a->len[i]) == 0)
		i++;
	return i;
}

static void menu_path(const struct reading *r, struct path *out)
{
	read_path(r->menu->path, strlen(r->menu->path), out);
}

static bool is_menu_path(const struct reading *r, const struct path *p)
{
	struct path menu;

	menu_path(r, &menu);
	return p->n == menu.n && common_words(p, &menu) == p->n;
}

bool export_starts(const struct reading *r, const struct line *l)
{
	size_t i = line_indent(l);
	struct path path;

	(void)r;
	if (i == l->n)
		return false;
	if (header_version(l))
		return true;
	if (l->p[i] != '/' || i + 1 == l->n || !islower((unsigned char)l->p[i + 1]))
		return false;
	read_path(l->p + i, l->n - i, &path);
	return path.n > 0;
}

bool line_is_wrapped(const struct line *l)
{
	size_t n = 0;

	while (n < l->n && l->p[l->n - 1 - n] == '\\')
		n++;
	return n % 2 == 1;
}

/* Does a property that begins here end the value above? RouterOS leaves the blank before the
 * backslash, where an edited file may have lost it. */
static bool needs_blank(const struct reading *r, const struct joined *j, const struct line *l,
                        size_t offset)
{
	size_t key = pair_key(l->p + offset, l->n - offset);

	return key && j->n && j->p[j->n - 1] != ' ' && property_find(r->menu, l->p + offset, key);
}

/* The logical line at *i; glued only when wanted. */
static int read_logical(struct reading *r, size_t *i, size_t end, bool wanted, struct joined *j)
{
	const struct line *l = &r->lines[*i];
	size_t offset = line_indent(l);

	joined_reset(j);
	for (;;) {
		bool more = line_is_wrapped(l);

		if (wanted)
			joined_add(r, j, needs_blank(r, j, l, offset) ? " " : "", l, offset,
			           l->n - offset - more);
		++*i;
		if (!more)
			return 0;
		if (*i == end || r->lines[*i].n == 0)
			return fail_at(r, line_spot(r, l, l->n - 1),
			               "the line is wrapped, but nothing follows: cut off?");
		l = &r->lines[*i];
		offset = line_indent(l);
	}
}

static size_t word_end(const struct joined *j, size_t at)
{
	while (at < j->n && j->p[at] != ' ' && j->p[at] != '\t')
		at++;
	return at;
}

/* key=value, key="value", from at on; *next is behind it. */
static int read_pair(struct reading *r, const struct joined *j, size_t at, size_t *next)
{
	size_t key = at, key_n = pair_key(j->p + at, j->n - at), n;
	struct value_at v = {j, at + key_n + 1};
	char *value;

	if (key_n == 0)
		return fail_at(r, joined_spot(r, j, at), "this is no property=value");
	at = v.at;
	if (at < j->n && j->p[at] == '"') {
		v.at++;
		if (quoted_read(r, j, at, next, &value, &n))
			return -1;
		if (*next < j->n && j->p[*next] != ' ')
			return fail_at(r, joined_spot(r, j, *next),
			               "text right behind a closing quote");
	} else {
		*next = word_end(j, at);
		value = j->p + at;
		n = *next - at;
	}
	return draft_cell(r, j->p + key, key_n, value, n, spot_in_joined, &v);
}

static int read_pairs(struct reading *r, const struct joined *j, size_t at)
{
	while (at < j->n) {
		if (j->p[at] == ' ' || j->p[at] == '\t')
			at++;
		else if (read_pair(r, j, at, &at))
			return -1;
	}
	return 0;
}

static int check_name(struct reading *r, const struct joined *j, size_t at, size_t n)
{
	size_t digits = strspn(j->p + at, "0123456789");

	if (n == 0)
		return fail_at(r, joined_spot(r, j, at), "a set line without a name: cut off?");
	if (j->p[at] == '[')
		return fail_at(r, joined_spot(r, j, at),
		               "which row [ find … ] means cannot be told here");
	if (pair_key(j->p + at, n))
		return fail_at(r, joined_spot(r, j, at), "a set line without a name");
	if (memchr(j->p + at, ',', n))
		return fail_at(r, joined_spot(r, j, at),
		               "an export sets one row to a line, this names several");
	if (digits >= n)
		return fail_at(r, joined_spot(r, j, at),
		               "a row number is no name: rows cannot be told apart by it");
	return 0;
}

/* The word behind `set`; menus that need a name are told by it. */
static int read_set_name(struct reading *r, struct exported *e, size_t *at)
{
	struct value_at v = {&e->j, *at};
	const char *name = e->j.p + *at;
	size_t end = word_end(&e->j, *at), n = end - *at;
	char *text;

	if (!menu_needs(r->menu, "name"))
		return 0;
	if (n > 2 && *name == '"') {
		if (quoted_read(r, &e->j, *at, &end, &text, &n))
			return -1;
		name = text;
		v.at++;
	} else if (check_name(r, &e->j, *at, n)) {
		return -1;
	}
	*at = end;
	return draft_cell(r, "name", 4, name, n, spot_in_joined, &v);
}

/* "# inactivated, not allowed by device-mode" right above the line. */
static void take_about(struct reading *r, struct exported *e)
{
	size_t i;

	if (!e->about)
		return;
	i = line_indent(e->about) + 1;
	draft_about(r, e->about->p + i, e->about->n - i);
	e->about = NULL;
}

static bool is_word(const struct joined *j, size_t at, const char *word)
{
	size_t n = strlen(word);

	return j->n - at >= n && memcmp(j->p + at, word, n) == 0 &&
	       (at + n == j->n || j->p[at + n] == ' ');
}

/* "set telnet disabled=yes" at `at`. */
static int read_command(struct reading *r, struct exported *e, size_t at)
{
	bool set = is_word(&e->j, at, "set");

	if (!set && !is_word(&e->j, at, "add"))
		return fail_at(r, joined_spot(r, &e->j, at),
		               "an export of %s has only lines that begin with set", r->menu->path);
	draft_begin(r, joined_spot(r, &e->j, at).line);
	take_about(r, e);
	at += 3;
	while (at < e->j.n && e->j.p[at] == ' ')
		at++;
	if (set && read_set_name(r, e, &at))
		return -1;
	if (at == e->j.n)
		return fail_at(r, joined_spot(r, &e->j, at ? at - 1 : 0),
		               "a line that sets nothing: cut off?");
	return read_pairs(r, &e->j, at) || draft_commit(r) ? -1 : 0;
}

static void note_section(struct exported *e, const struct path *p)
{
	if (!e->common_known)
		e->common = *p;
	else
		e->common.n = common_words(&e->common, p);
	e->common_known = true;
	e->any_section = true;
}

/* "/ip service", "/ip service set telnet …": a one-line command leaves the section as it is. */
static int read_section(struct reading *r, struct exported *e, size_t *i, size_t end)
{
	const struct line *l = &r->lines[*i];
	size_t indent = line_indent(l), at;
	struct path path;
	bool ours, command;

	at = read_path(l->p + indent, l->n - indent, &path);
	note_section(e, &path);
	ours = is_menu_path(r, &path);
	e->saw_ours = e->saw_ours || ours;
	command = at < l->n - indent;
	if (!command)
		e->in_ours = ours;
	e->about = ours && command ? e->about : NULL;
	if (read_logical(r, i, end, ours, &e->j))
		return -1;
	return ours && command ? read_command(r, e, at) : 0;
}

static int read_line(struct reading *r, struct exported *e, size_t *i, size_t end)
{
	const struct line *l = &r->lines[*i];
	size_t indent = line_indent(l);

	if (l->n == 0 || l->p[indent] == '#') {
		e->about = l->n && e->in_ours ? l : NULL;
		++*i;
		return 0;
	}
	if (l->p[indent] == '/')
		return read_section(r, e, i, end);
	if (!e->any_section)
		return fail_at(r, line_spot(r, l, indent), "a line before any section such as %s",
		               r->menu->path);
	if (read_logical(r, i, end, e->in_ours, &e->j))
		return -1;
	return e->in_ours ? read_command(r, e, 0) : 0;
}

static void take_version(struct reading *r, const char *version)
{
	size_t n = strcspn(version, " \t");

	if (n && !r->out->version_text)
		r->out->version_text = arena_strndup(r->arena, version, n);
}

/* Does a header prove that what is absent is at its default? Not when all sections lie in another
 * part of the tree: that is what `/interface export` prints. */
static bool covers_menu(const struct reading *r, const struct exported *e)
{
	struct path menu;

	menu_path(r, &menu);
	return e->header && common_words(&e->common, &menu) == e->common.n;
}

/* --- the same row twice
 * --------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	const struct cell *x = *(const struct cell *const *)a, *y = *(const struct cell *const *)b;
	int rc = strcmp(x->value, y->value);

	if (rc == 0)
		rc = x->line < y->line ? -1 : x->line > y->line;
	return rc;
}

/* An export sets a row once; a second time means that two exports were put together. */
static int check_repeated(struct reading *r, size_t first)
{
	size_t n = 0, rows = r->out->n - first;
	const struct cell **names = arena_array(&r->scratch, rows ? rows : 1, sizeof(*names));

	for (size_t i = first; menu_needs(r->menu, "name") && i < r->out->n; i++) {
		const struct cell *c = row_find(&r->out->v[i], "name");

		if (c)
			names[n++] = c;
	}
	qsort(names, n, sizeof(*names), by_name);
	for (size_t i = 1; i < n; i++)
		if (strcmp(names[i - 1]->value, names[i]->value) == 0)
			return fail_at(
				r, (struct spot){names[i]->line, names[i]->column, names[i]->near},
				"\"%.64s\" was set before, on line %zu: two exports in one "
				"text?",
				names[i]->value, names[i - 1]->line);
	return 0;
}

/* --- the whole
 * ------------------------------------------------------------------------------------ */

static int read_lines(struct reading *r, struct exported *e, size_t *i, size_t end)
{
	while (*i < end) {
		const struct line *l = &r->lines[*i];

		/* Something else was appended to the export. */
		if (line_is_legend(l) || line_is_columns(l) || line_is_header(l))
			return 0;
		if (read_line(r, e, i, end))
			return -1;
	}
	return 0;
}

/* Without a header, only our own section makes an export ours. */
static int refuse(struct reading *r, const struct exported *e, const struct line *first)
{
	struct spot s = line_spot(r, first, line_indent(first));

	if (e->saw_ours)
		return fail_at(r, s, "a section %s without lines: cut off?", r->menu->path);
	if (!r->foreign[0]) {
		snprintf(r->foreign, sizeof(r->foreign),
		         "this export has no section %s, and no header that would prove it whole",
		         r->menu->path);
		r->foreign_at = s;
	}
	return 0;
}

int export_read(struct reading *r, size_t *i, size_t end)
{
	const struct line *first = &r->lines[*i];
	struct exported e = {.first_row = r->out->n};
	const char *version = header_version(first);
	bool ours = r->ours;

	listing_begin(r, ROS_FORM_EXPORT);
	e.header = version != NULL;
	if (version)
		take_version(r, version);
	if (read_lines(r, &e, i, end) || check_repeated(r, e.first_row))
		return -1;
	if (r->out->n == e.first_row && !e.header) {
		r->ours = ours;
		return refuse(r, &e, first);
	}
	if (covers_menu(r, &e) && r->command.relation != COMMAND_FOREIGN)
		r->out->complete_export = true;
	else if (r->out->n == e.first_row)
		warn(r,
		     "the export says nothing of %s, and it may be of another part of the "
		     "configuration",
		     r->menu->path);
	return 0;
}
