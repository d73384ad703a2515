/*
 * Rows whose cells do not stand under the header: tables that were edited, retyped, or whose tabs
 * became blanks. Cells are told apart by their type, and only where one way alone is possible.
 */
#include <ctype.h>
#include <string.h>

#include "forms.h"
#include "rosaudit/prefix.h"

/* More words than columns and flags can never fit. */
#define WORDS_MAX (LIMIT_COLUMNS + 8u)

struct cell_text {
	const char *p;
	size_t n;
};

struct cells {
	struct cell_text v[WORDS_MAX];
	size_t n;
	bool overflow;
};

struct cell_at {
	const struct line *line;
	const char *p;
};

static struct spot spot_in_line(struct reading *r, const void *ctx, size_t at)
{
	const struct cell_at *c = ctx;

	return line_spot(r, c->line, (size_t)(c->p - c->line->p) + at);
}

static bool is_digits(struct cell_text c)
{
	for (size_t i = 0; i < c.n; i++)
		if (!isdigit((unsigned char)c.p[i]))
			return false;
	return c.n > 0;
}

/* Comma-separated prefixes or addresses. */
static bool is_prefixes(struct cell_text c)
{
	size_t i = 0;

	while (i <= c.n) {
		struct prefix ignored;
		size_t start = i;

		while (i < c.n && c.p[i] != ',')
			i++;
		if (prefix_parse(c.p + start, i - start, &ignored) != PREFIX_OK)
			return false;
		i++;
	}
	return c.n > 0;
}

static bool has_list(const struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->cols[i].prop && t->cols[i].prop->kind == PROPERTY_LIST)
			return true;
	return false;
}

/* Words of a free text must not pass as cells of these. */
static bool is_word_of(const struct property *prop, struct cell_text c)
{
	if (strcmp(prop->name, "local") == 0 || strcmp(prop->name, "remote") == 0)
		return memchr(c.p, '.', c.n) || memchr(c.p, ':', c.n);
	if (strcmp(prop->name, "tls-version") == 0)
		return (c.n == 3 && memcmp(c.p, "any", 3) == 0) ||
		       (c.n > 5 && memcmp(c.p, "only-", 5) == 0);
	return true;
}

static bool may_hold(const struct table *t, size_t column, struct cell_text c)
{
	const struct property *prop = t->cols[column].prop;
	enum property_kind kind = prop ? prop->kind : PROPERTY_TEXT;

	if (kind == PROPERTY_NUMBER)
		return is_digits(c);
	if (kind == PROPERTY_LIST)
		return is_prefixes(c);
	if (is_digits(c) || (prop && !is_word_of(prop, c)))
		return false;
	/* With a list column in the header, a prefix is meant for it. */
	return !has_list(t) || !memchr(c.p, '/', c.n) || !is_prefixes(c);
}

static bool is_flags(const struct table *t, struct cell_text c)
{
	for (size_t i = 0; i < c.n; i++)
		if (!strchr(t->letters, c.p[i]))
			return false;
	return c.n > 0 && c.n <= FORM_FLAGS_MAX;
}

/* Ways to deal cells from..n to the columns in order, leaving out any column that rows can do
 * without; 2 stands for several. pick gets the column of each cell of the last way found. */
struct deal {
	unsigned char ways[WORDS_MAX + 1][LIMIT_COLUMNS + 1];
};

static bool may_skip(const struct reading *r, const struct table *t, size_t column)
{
	return !menu_needs(r->menu, t->cols[column].name);
}

static unsigned count_ways(const struct reading *r, const struct table *t, const struct cells *c,
                           size_t from, struct deal *d)
{
	for (size_t i = c->n + 1; i-- > from;)
		for (size_t k = t->n + 1; k-- > 0;) {
			unsigned ways = k == t->n ? i == c->n : 0;

			if (k < t->n && may_skip(r, t, k))
				ways += d->ways[i][k + 1];
			if (k < t->n && i < c->n && may_hold(t, k, c->v[i]))
				ways += d->ways[i + 1][k + 1];
			d->ways[i][k] = (unsigned char)(ways > 2 ? 2 : ways);
		}
	return d->ways[from][0];
}

static int add_cell(struct reading *r, const struct table *t, size_t column, const struct line *l,
                    struct cell_text c)
{
	struct cell_at at = {l, c.p};

	return draft_cell(r, t->cols[column].name, strlen(t->cols[column].name), c.p, c.n,
	                  spot_in_line, &at);
}

static int add_dealt(struct reading *r, const struct table *t, const struct line *l,
                     const struct cells *c, size_t i, const struct deal *d)
{
	for (size_t k = 0; k < t->n; k++) {
		bool here = i < c->n && may_hold(t, k, c->v[i]) && d->ways[i + 1][k + 1];
		struct cell_text blank = {l->p + l->n, 0};

		if (add_cell(r, t, k, l, here ? c->v[i] : blank))
			return -1;
		i += here;
	}
	return 0;
}

static int add_flags(struct reading *r, const struct line *l, struct cell_text c)
{
	for (size_t i = 0; i < c.n; i++)
		if (draft_flag(r, c.p[i], line_spot(r, l, (size_t)(c.p + i - l->p))))
			return -1;
	return 0;
}

static void split_words(const struct line *l, struct cells *out)
{
	size_t i = 0;

	while (i < l->n) {
		size_t start;

		while (i < l->n && (l->p[i] == ' ' || l->p[i] == '\t'))
			i++;
		start = i;
		while (i < l->n && l->p[i] != ' ' && l->p[i] != '\t')
			i++;
		if (i == start)
			break;
		if (out->n == WORDS_MAX) {
			out->overflow = true;
			return;
		}
		out->v[out->n++] = (struct cell_text){l->p + start, i - start};
	}
}

/* What stands in a column that is not known may be any number of words. */
static bool has_unknown(const struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (!t->cols[i].prop)
			return true;
	return false;
}

/* Words 1…k-1 are flags, the rest cells: for how many k is there a way? */
static int by_words(struct reading *r, const struct table *t, const struct line *l, bool *several)
{
	struct deal d;
	struct cells c = {0};
	size_t chosen = 0;
	unsigned total = 0;

	split_words(l, &c);
	*several = has_unknown(t);
	if (c.overflow || *several)
		return 1;
	for (size_t k = 1; k < c.n; k++) {
		unsigned ways = count_ways(r, t, &c, k, &d);

		if (ways) {
			chosen = k;
			total += ways;
		}
		if (!is_flags(t, c.v[k]))
			break;
	}
	*several = total > 1;
	if (total != 1)
		return 1;
	count_ways(r, t, &c, chosen, &d);
	for (size_t k = 1; k < chosen; k++)
		if (add_flags(r, l, c.v[k]))
			return -1;
	return add_dealt(r, t, l, &c, chosen, &d);
}

/* --- tabs
 * ------------------------------------------------------------------------------------------ */

static struct cell_text trim(struct cell_text c)
{
	while (c.n && *c.p == ' ') {
		c.p++;
		c.n--;
	}
	while (c.n && c.p[c.n - 1] == ' ')
		c.n--;
	return c;
}

static void split_tabs(const struct line *l, struct cells *out)
{
	size_t start = 0;

	for (size_t i = 0; i <= l->n; i++) {
		if (i < l->n && l->p[i] != '\t')
			continue;
		if (out->n == WORDS_MAX) {
			out->overflow = true;
			return;
		}
		out->v[out->n++] = trim((struct cell_text){l->p + start, i - start});
		start = i + 1;
	}
}

/* "4 X" or "X www-ssl": takes the flags off; *c keeps the rest. */
static struct cell_text take_flags(const struct table *t, struct cell_text *c)
{
	struct cell_text head = *c;
	const char *blank = memchr(c->p, ' ', c->n);

	head.n = blank ? (size_t)(blank - c->p) : 0;
	if (!is_flags(t, head))
		return (struct cell_text){c->p, 0};
	c->n -= head.n;
	c->p += head.n;
	*c = trim(*c);
	return head;
}

/* Cell k of the columns; blank where the line is shorter. */
static struct cell_text cell_of(const struct line *l, const struct cells *c, size_t k)
{
	return k < c->n ? c->v[k] : (struct cell_text){l->p + l->n, 0};
}

static bool columns_hold(const struct reading *r, const struct table *t, const struct line *l,
                         const struct cells *c, size_t first)
{
	if (c->n > first + t->n)
		return false;
	for (size_t k = 0; k < t->n; k++) {
		struct cell_text cell = cell_of(l, c, first + k);

		if (cell.n ? !may_hold(t, k, cell) : !may_skip(r, t, k))
			return false;
	}
	return true;
}

/* Each tab is one column's end, so blank cells keep their place. */
static int by_tabs(struct reading *r, const struct table *t, const struct line *l)
{
	struct cells c = {0};
	struct cell_text flags[3] = {{0}};
	size_t first = 1;

	split_tabs(l, &c);
	if (c.overflow || c.n < 2)
		return 1;
	/* "4 X<tab>", "<tab>X<tab>", "<tab>X www-ssl<tab>". */
	flags[0] = c.v[0];
	while (flags[0].n && isdigit((unsigned char)*flags[0].p)) {
		flags[0].p++;
		flags[0].n--;
	}
	flags[0] = trim(flags[0]);
	if (flags[0].n && !is_flags(t, flags[0]))
		return 1;
	if (!columns_hold(r, t, l, &c, 1) && (c.v[1].n == 0 || is_flags(t, c.v[1]))) {
		flags[1] = c.v[1];
		first = 2;
	}
	if (first < c.n)
		flags[2] = take_flags(t, &c.v[first]);
	if (!columns_hold(r, t, l, &c, first))
		return 1;
	for (size_t k = 0; k < 3; k++)
		if (add_flags(r, l, flags[k]))
			return -1;
	for (size_t k = 0; k < t->n; k++)
		if (add_cell(r, t, k, l, cell_of(l, &c, first + k)))
			return -1;
	return 0;
}

int table_typed_row(struct reading *r, const struct table *t, const struct line *l, bool *several)
{
	int rc = 1;

	*several = false;
	if (t->tabbed && memchr(l->p, '\t', l->n))
		rc = by_tabs(r, t, l);
	return rc <= 0 ? rc : by_words(r, t, l, several);
}
