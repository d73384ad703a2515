/* A table's header: which columns stand where, and whether they are our menu's. */
#include <ctype.h>
#include <string.h>

#include "forms.h"

static void add_letters(struct table *t, const char *letters)
{
	size_t n = strlen(t->letters);

	for (; *letters && n + 1 < sizeof(t->letters); letters++)
		if (!strchr(t->letters, *letters))
			t->letters[n++] = *letters;
}

static int read_header(struct reading *r, const struct line *l, struct table *t)
{
	size_t i = line_indent(l) + 1, wide = 0, seen = 0;

	while (i < l->n) {
		size_t start, gap = i;

		while (i < l->n && (l->p[i] == ' ' || l->p[i] == '\t'))
			t->tabbed = l->p[i++] == '\t' || t->tabbed;
		t->laid_out = t->laid_out || (t->n && i - gap > 1);
		start = i;
		for (; seen < i; seen++)
			wide += l->p[seen] == '\t' ? TAB_STOP - (l->before + wide) % TAB_STOP : 1;
		while (i < l->n && l->p[i] != ' ' && l->p[i] != '\t')
			i++;
		if (t->n == LIMIT_COLUMNS)
			return fail_at(r, line_spot(r, l, start), "more than %u columns",
			               LIMIT_COLUMNS);
		t->cols[t->n++] = (struct column){
			.prop = property_find(r->menu, l->p + start, i - start),
			.start = start,
			.end = i,
			.wide = wide,
		};
	}
	return 0;
}

static bool header_is_ours(struct reading *r, const struct line *l, const struct table *t)
{
	struct shape_test test = {0};

	for (size_t i = 0; i < t->n; i++)
		shape_test_add(r, &test, l->p + t->cols[i].start,
		               t->cols[i].end - t->cols[i].start);
	if (shape_test_ours(r, &test))
		return true;
	shape_test_refuse(r, &test, line_spot(r, l, line_indent(l)));
	return false;
}

static bool has_column(const struct line *l, const struct table *t, const char *name, size_t n)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->cols[i].end - t->cols[i].start == n &&
		    memcmp(l->p + t->cols[i].start, name, n) == 0)
			return true;
	return false;
}

/* A column that the Columns line names but the table lacks was dropped for want of width: what it
 * would say is not known. */
static int check_columns_line(struct reading *r, const struct preamble *pre, const struct line *l,
                              const struct table *t)
{
	const char *p = pre->columns;

	while (*p) {
		size_t n;

		p += strspn(p, ", \t");
		n = strcspn(p, ", \t");
		if (n && !has_column(l, t, p, n)) {
			fail_at(r, line_spot(r, l, line_indent(l)),
			        "the table has no column %.*s, which its Columns line names",
			        (int)(n > 64 ? 64 : n), p);
			return error_hint(r->err,
			                  "save the output of `%s print terse` instead, or "
			                  "use a wider terminal",
			                  r->menu->path);
		}
		p += n;
	}
	return 0;
}

static void begin_listing(struct reading *r, const struct line *l, struct table *t,
                          const struct preamble *pre)
{
	struct listing *listing = listing_begin(r, ROS_FORM_TABLE);
	const char **names = arena_array(r->arena, t->n, sizeof(*names));

	for (size_t i = 0; i < t->n; i++) {
		char *name = arena_strndup(r->arena, l->p + t->cols[i].start,
		                           t->cols[i].end - t->cols[i].start);

		for (char *q = name; *q; q++)
			*q = (char)tolower((unsigned char)*q);
		names[i] = t->cols[i].prop ? t->cols[i].prop->name : name;
		t->cols[i].name = names[i];
	}
	listing->columns = names;
	listing->columns_n = t->n;
	listing->columns_line = pre->has_columns;
	listing->legend = arena_strdup(r->arena, pre->letters);
	/* No legend and no flag column: no row has a flag, which is what a flag would have said. */
	listing->has_flags = true;
	add_letters(t, pre->letters);
	add_letters(t, r->menu->flags);
}

int table_head(struct reading *r, const struct line *l, const struct preamble *pre, struct table *t,
               bool *ours)
{
	if (read_header(r, l, t))
		return -1;
	*ours = header_is_ours(r, l, t);
	if (!*ours)
		return 0;
	if (check_columns_line(r, pre, l, t))
		return -1;
	begin_listing(r, l, t, pre);
	return 0;
}
