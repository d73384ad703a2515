/* The row being read: cells by known names, flags, and the checks that every form shares. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "forms.h"
#include "rosaudit/message.h"
#include "rosaudit/buf.h"
#include "rosaudit/prefix.h"

const char *ros_form_name(enum ros_form f)
{
	static const char *const names[] = {
		[ROS_FORM_TABLE] = "table",   [ROS_FORM_TERSE] = "terse",
		[ROS_FORM_DETAIL] = "detail", [ROS_FORM_AS_VALUE] = "as-value",
		[ROS_FORM_EXPORT] = "export", [ROS_FORM_JSON] = "JSON",
	};

	return names[f];
}

const struct cell *row_find(const struct row *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->cells[i].name, name) == 0)
			return &r->cells[i];
	return NULL;
}

static bool same(const char *word, const char *name, size_t n)
{
	return word && strlen(word) == n && strncasecmp(word, name, n) == 0;
}

const struct property *property_find(const struct menu *menu, const char *name, size_t n)
{
	for (const struct property *p = menu->properties; p->name; p++)
		if (same(p->name, name, n) || same(p->alias, name, n))
			return p;
	return NULL;
}

bool menu_needs(const struct menu *menu, const char *name)
{
	for (const char *const *p = menu->needs; *p; p++)
		if (strcmp(*p, name) == 0)
			return true;
	return false;
}

void warn(struct reading *r, const char *fmt, ...)
{
	static const char last[] = N_("more could be said; no further warnings");
	struct rows *out = r->out;
	struct row_warning *all = out->warnings;
	char text[512], read[512];
	va_list ap, again;

	if (out->warnings_n == FORM_WARNINGS_MAX)
		return;
	va_start(ap, fmt);
	va_copy(again, ap);
	vsnprintf(text, sizeof(text), fmt, ap);
	vsnprintf(read, sizeof(read), _(fmt), again);
	va_end(again);
	va_end(ap);
	for (size_t i = 0; i < out->warnings_n; i++)
		if (strcmp(all[i].text, text) == 0)
			return;
	if (!all)
		out->warnings = all = arena_array(r->arena, FORM_WARNINGS_MAX, sizeof(*all));
	if (out->warnings_n == FORM_WARNINGS_MAX - 1) {
		snprintf(text, sizeof(text), "%s", last);
		snprintf(read, sizeof(read), "%s", _(last));
	}
	all[out->warnings_n].text = arena_strdup(r->arena, text);
	all[out->warnings_n++].read = arena_strdup(r->arena, read);
}

struct listing *listing_begin(struct reading *r, enum ros_form form)
{
	struct listing *l = arena_alloc(r->arena, sizeof(*l));

	l->form = form;
	l->legend = "";
	l->proplist = r->command.proplist;
	l->filtered = r->command.filtered;
	l->index = r->out->listings_n++;
	r->listing = l;
	r->ours = true;
	r->begun = true;
	return l;
}

void draft_begin(struct reading *r, size_t line)
{
	struct draft *d = &r->draft;

	d->n = 0;
	d->flags_n = 0;
	d->about = NULL;
	d->about_lines = 0;
	d->line = line;
}

int draft_flag(struct reading *r, char letter, struct spot s)
{
	struct draft *d = &r->draft;

	if (d->flags_n == FORM_FLAGS_MAX)
		return fail_at(r, s, "more flags than a row can have");
	if (!strchr(r->menu->flags, letter))
		warn(r, "flag %c is not known here: kept in the row, judged by nothing", letter);
	d->flags[d->flags_n++] = letter;
	return 0;
}

void draft_about(struct reading *r, const char *p, size_t n)
{
	struct draft *d = &r->draft;

	if (d->about_lines == FORM_ABOUT_LINES_MAX) {
		warn(r, "line %zu: only %u lines of the comment are kept", d->line,
		     FORM_ABOUT_LINES_MAX);
		return;
	}
	d->about_lines++;
	while (n && (*p == ' ' || *p == '\t')) {
		p++;
		n--;
	}
	while (n && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	d->about = d->about ? arena_printf(r->arena, "%s\n%.*s", d->about, (int)n, p)
	                    : arena_strndup(r->arena, p, n);
}

static const char *upper(struct reading *r, const char *name)
{
	char *p = arena_strdup(&r->scratch, name);

	for (char *q = p; *q; q++)
		*q = (char)toupper((unsigned char)*q);
	return p;
}

/* Printers shorten what does not fit to "…" or "...". */
int draft_check_cut(struct reading *r, const char *name, const struct property *prop,
                    const char *value, size_t n, struct spot s)
{
	bool dots = n >= 3 && memcmp(value + n - 3, "...", 3) == 0;
	bool ellipsis = n >= 3 && memcmp(value + n - 3, "\xe2\x80\xa6", 3) == 0;

	if (!dots && !ellipsis)
		return 0;
	if (prop && (menu_needs(r->menu, name) || prop->kind == PROPERTY_LIST ||
	             prop->kind == PROPERTY_NUMBER || prop->kind == PROPERTY_BOOL)) {
		fail_at(r, s, "%s is cut off by the printer", upper(r, name));
		return error_hint(r->err,
		                  "save the output of `%s print terse` instead, or use a "
		                  "wider terminal",
		                  r->menu->path);
	}
	warn(r, "line %zu: %s is cut off by the printer; `print terse` shows all of it", s.line,
	     upper(r, name));
	return 0;
}

static bool is_separator(char c)
{
	return c == ',' || c == ';' || c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

static int check_prefix(struct reading *r, const struct property *prop, const char *p, size_t n,
                        struct spot s)
{
	struct prefix ignored;

	switch (prefix_parse(p, n, &ignored)) {
	case PREFIX_OK:
		return 0;
	case PREFIX_LENGTH:
		return fail_at(r, s, "%s \"%.*s\" is longer than an address has bits",
		               upper(r, prop->name), (int)(n > 64 ? 64 : n), p);
	case PREFIX_HOST_BITS:
		return fail_at(r, s,
		               "%s \"%.*s\" has bits set behind its length, which RouterOS "
		               "never prints: cut off?",
		               upper(r, prop->name), (int)(n > 64 ? 64 : n), p);
	default:
		return fail_at(r, s, "%s \"%.*s\" is neither an address nor a prefix",
		               upper(r, prop->name), (int)(n > 64 ? 64 : n), p);
	}
}

/* Checks every item and appends it to the list of cell i. */
static int add_items(struct reading *r, const struct property *prop, size_t cell, const char *value,
                     size_t n, item_spot *spot_of, const void *ctx)
{
	struct buf *out = &r->draft.lists[cell];
	size_t i = 0;

	while (i < n) {
		size_t start = i;

		while (i < n && !is_separator(value[i]))
			i++;
		if (i == start) {
			i++;
			continue;
		}
		if (check_prefix(r, prop, value + start, i - start, spot_of(r, ctx, start)))
			return -1;
		if (++r->draft.items[cell] > LIMIT_PREFIXES)
			return fail_at(r, spot_of(r, ctx, start),
			               "more than %u prefixes in one list", LIMIT_PREFIXES);
		if (out->n)
			buf_putc(out, ',');
		buf_add(out, value + start, i - start);
	}
	return 0;
}

static void list_begin(struct draft *d, size_t cell)
{
	if (d->lists[cell].max == 0)
		buf_init(&d->lists[cell], LIMIT_FILE_BYTES);
	buf_clear(&d->lists[cell]);
	d->items[cell] = 0;
}

void draft_done(struct draft *d)
{
	for (size_t i = 0; i < LIMIT_COLUMNS; i++)
		buf_done(&d->lists[i]);
}

static const char *lower_name(struct reading *r, const char *name, size_t n)
{
	char *p = arena_strndup(r->arena, name, n);

	for (char *q = p; *q; q++)
		*q = (char)tolower((unsigned char)*q);
	return p;
}

static const struct cell *draft_find(const struct draft *d, const char *name)
{
	for (size_t i = 0; i < d->n; i++)
		if (strcmp(d->cells[i].name, name) == 0)
			return &d->cells[i];
	return NULL;
}

/* Its name, checked: once per row, known or warned of. */
static int begin_cell(struct reading *r, const char *name, size_t name_n,
                      const struct property *prop, struct spot s, struct cell *c)
{
	struct draft *d = &r->draft;

	*c = (struct cell){
		.name = prop ? prop->name : lower_name(r, name, name_n),
		.known = prop != NULL,
		.line = s.line,
		.column = s.column,
		.near = s.near,
	};
	if (d->n == LIMIT_COLUMNS)
		return fail_at(r, s, "more than %u properties in one row", LIMIT_COLUMNS);
	if (draft_find(d, c->name))
		return fail_at(r, s, "%s stands twice in one row", upper(r, c->name));
	if (!prop)
		warn(r, "%s is not known to this rosaudit: kept, judged by nothing",
		     upper(r, c->name));
	return 0;
}

int draft_cell(struct reading *r, const char *name, size_t name_n, const char *value, size_t n,
               item_spot *spot_of, const void *ctx)
{
	const struct property *prop = property_find(r->menu, name, name_n);
	struct spot s = spot_of(r, ctx, 0);
	struct draft *d = &r->draft;
	struct cell c;

	if (begin_cell(r, name, name_n, prop, s, &c))
		return -1;
	if (memchr(value, '\0', n))
		return fail_at(r, s, "%s holds a NUL byte", upper(r, c.name));
	if (draft_check_cut(r, c.name, prop, value, n, s))
		return -1;
	if (prop && prop->kind == PROPERTY_LIST) {
		list_begin(d, d->n);
		if (add_items(r, prop, d->n, value, n, spot_of, ctx))
			return -1;
	} else {
		c.value = arena_strndup(r->arena, value, n);
	}
	d->cells[d->n++] = c;
	return 0;
}

int draft_extend(struct reading *r, const struct property *prop, const char *value, size_t n,
                 item_spot *spot_of, const void *ctx)
{
	const struct draft *d = &r->draft;

	for (size_t i = 0; i < d->n; i++)
		if (!d->cells[i].value && strcmp(d->cells[i].name, prop->name) == 0)
			return add_items(r, prop, i, value, n, spot_of, ctx);
	return fail_at(r, spot_of(r, ctx, 0), "no row to continue");
}

/* Copies the cells; list cells get their text now that no line can add to them. */
static void copy_cells(struct reading *r, struct row *row)
{
	const struct draft *d = &r->draft;

	row->n = d->n;
	row->cells = arena_array(r->arena, d->n ? d->n : 1, sizeof(*row->cells));
	for (size_t i = 0; i < d->n; i++) {
		row->cells[i] = d->cells[i];
		if (!d->cells[i].value)
			row->cells[i].value =
				arena_strndup(r->arena, buf_str(&d->lists[i]), d->lists[i].n);
	}
}

int draft_commit(struct reading *r)
{
	struct rows *out = r->out;
	struct draft *d = &r->draft;
	struct row *row;

	if (out->n == LIMIT_ROWS)
		return error_set_at(r->err, ERROR_LIMIT, r->where, d->line, 1, "more than %u rows",
		                    LIMIT_ROWS);
	if (out->n == r->rows_cap) {
		size_t cap = r->rows_cap ? r->rows_cap * 2 : 16;

		out->v = arena_grow(r->arena, out->v, out->n, cap, sizeof(*out->v));
		r->rows_cap = cap;
	}
	row = &out->v[out->n++];
	row->flags = arena_strndup(r->arena, d->flags, d->flags_n);
	copy_cells(r, row);
	row->about = d->about;
	row->line = d->line;
	row->listing = r->listing;
	return 0;
}
