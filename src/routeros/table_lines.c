/* One line of a table: its cells by their place under the header, or else by their type. */
#include <string.h>

#include "forms.h"

/* Rows of a table may stand some characters right of the header: by one where RouterOS 6 prints
 * two flags (XI), by more with longer row numbers; by one to the left where a page trimmed its
 * lines. */
static const int shifts[] = {0, 1, 2, 3, 4, -1};
#define SHIFTS (sizeof(shifts) / sizeof(shifts[0]))

/* A cell of the line that is being read. */
struct cell_at {
	const struct line *line;
	size_t offset;
};

static struct spot spot_in_line(struct reading *r, const void *ctx, size_t at)
{
	const struct cell_at *c = ctx;
	size_t offset = c->offset + at;

	return line_spot(r, c->line, offset < c->line->n ? offset : c->line->n);
}

static void reserve_shape(struct reading *r, size_t n)
{
	if (r->shape_cap >= n)
		return;
	r->shape_cap = n * 2;
	r->shape = mem_realloc(r->shape, r->shape_cap);
	r->offsets = mem_realloc(r->offsets, r->shape_cap * sizeof(*r->offsets));
}

/* One byte per character, so that columns can be compared. bytes: as the router may count them. */
static struct shape shape_of(struct reading *r, const struct line *l, bool bytes)
{
	size_t n = 0;

	if ((l->ascii || bytes) && !memchr(l->p, '\t', l->n))
		return (struct shape){l->p, l->n, NULL};
	reserve_shape(r, (l->n + 1) * TAB_STOP);
	for (size_t i = 0; i < l->n; n++) {
		size_t len = 1;

		r->offsets[n] = i;
		if (l->p[i] == '\t') {
			r->shape[n] = ' ';
			i += (l->before + n + 1) % TAB_STOP == 0;
			continue;
		}
		r->shape[n] = l->p[i];
		if ((unsigned char)l->p[i] >= 0x80 && !bytes)
			while (i + len < l->n && ((unsigned char)l->p[i + len] & 0xc0) == 0x80)
				len++;
		i += len;
	}
	r->offsets[n] = l->n;
	return (struct shape){r->shape, n, r->offsets};
}

size_t shape_byte(const struct shape *s, size_t at)
{
	if (!s->offsets)
		return at < s->n ? at : s->n;
	return s->offsets[at < s->n ? at : s->n];
}

static int add_cells(struct reading *r, const struct table *t, const struct line *l,
                     const struct shape *s, const struct span *spans)
{
	for (size_t i = 0; i < t->n; i++) {
		size_t from = shape_byte(s, spans[i].from), to = shape_byte(s, spans[i].to);
		struct cell_at at = {l, from};

		if (draft_cell(r, t->cols[i].name, strlen(t->cols[i].name), l->p + from, to - from,
		               spot_in_line, &at))
			return -1;
	}
	return 0;
}

int table_flags(struct reading *r, const struct line *l, size_t to)
{
	size_t i = line_indent(l);

	while (i < l->n && l->p[i] != ' ' && l->p[i] != '\t')
		i++;
	for (; i < to && i < l->n; i++)
		if (l->p[i] != ' ' && l->p[i] != '\t' && draft_flag(r, l->p[i], line_spot(r, l, i)))
			return -1;
	return 0;
}

static bool fit_any(struct reading *r, struct table *t, const struct line *l, bool numbered,
                    bool loose, struct shape *s, struct span *spans)
{
	for (size_t bytes = 0; bytes <= !l->ascii; bytes++) {
		*s = shape_of(r, l, bytes);
		for (size_t i = 0; i < SHIFTS; i++) {
			if (!table_fit(t, s, shifts[i], numbered, loose, spans))
				continue;
			t->shift = shifts[i];
			return true;
		}
	}
	return false;
}

bool table_fit_any(struct reading *r, struct table *t, const struct line *l, bool numbered,
                   bool loose, struct shape *s, struct span *spans)
{
	return !memchr(l->p, '\t', l->n) && fit_any(r, t, l, numbered, loose, s, spans);
}

/* Words of a property that has no blanks. */
static bool words_are_whole(const struct table *t, const struct shape *s, const struct span *spans)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->cols[i].prop && t->cols[i].prop->kind == PROPERTY_WORD &&
		    memchr(s->p + spans[i].from, ' ', spans[i].to - spans[i].from))
			return false;
	return true;
}

static int take_aligned(struct reading *r, const struct table *t, const struct line *l,
                        const struct shape *s, const struct span *spans, bool numbered)
{
	size_t first = shape_byte(s, t->cols[0].start + (size_t)t->shift);

	if (numbered && table_flags(r, l, first))
		return -1;
	return add_cells(r, t, l, s, spans);
}

/* An editor made tabs of runs of blanks: expanded again, the cells stand under the header. 1 = they
 * do not. */
static int take_expanded(struct reading *r, struct table *t, const struct line *l)
{
	struct column cols[LIMIT_COLUMNS];
	struct span spans[LIMIT_COLUMNS];
	struct shape s;
	int rc = 1;

	if (!t->laid_out || (!t->tabbed && !memchr(l->p, '\t', l->n)))
		return 1;
	memcpy(cols, t->cols, sizeof(cols));
	for (size_t i = 0; i < t->n; i++) {
		t->cols[i].start = cols[i].wide;
		t->cols[i].end = cols[i].wide + cols[i].end - cols[i].start;
	}
	if (fit_any(r, t, l, true, false, &s, spans) && words_are_whole(t, &s, spans))
		rc = take_aligned(r, t, l, &s, spans, true);
	memcpy(t->cols, cols, sizeof(cols));
	return rc;
}

/* The last line of a real table may have been cut within a number: then nothing is guessed. */
static bool may_be_cut(const struct reading *r, const struct table *t, const struct line *l)
{
	return t->laid_out && !t->tabbed && t->typed == 0 &&
	       (!l->ended || l == &r->lines[r->lines_n - 1]);
}

static int fail_misfit(struct reading *r, const struct line *l, bool several, bool cut)
{
	struct spot s = line_spot(r, l, line_indent(l));

	if (several)
		fail_at(r, s,
		        "the row fits the header in more than one way, for its cells do not "
		        "stand under the header's words");
	else
		fail_at(r, s, "the row does not fit the header%s", cut ? ": cut off?" : "");
	return error_hint(r->err,
	                  "save the output of `%s print terse`: it has no columns that can "
	                  "be lost",
	                  r->menu->path);
}

/* Cells by place; else by type; else by place with a number column that holds something else, so
 * that the error can say what. */
int table_cells(struct reading *r, struct table *t, const struct line *l, bool numbered)
{
	struct span spans[LIMIT_COLUMNS];
	struct shape s;
	bool several = false, cut = may_be_cut(r, t, l);
	int rc = 1;

	if (table_fit_any(r, t, l, numbered, false, &s, spans))
		return take_aligned(r, t, l, &s, spans, numbered);
	if (numbered)
		rc = take_expanded(r, t, l);
	if (rc <= 0)
		return rc;
	if (numbered && !cut)
		rc = table_typed_row(r, t, l, &several);
	if (rc <= 0) {
		t->typed++;
		return rc;
	}
	if (!several && table_fit_any(r, t, l, numbered, true, &s, spans))
		return take_aligned(r, t, l, &s, spans, numbered);
	return fail_misfit(r, l, several, cut);
}

/* --- lines without a number
 * ------------------------------------------------------------------------ */

static int extend(struct reading *r, const struct column *c, const struct line *l, size_t from,
                  size_t to)
{
	struct cell_at at = {l, from};
	const char *name = c->name;

	if (!c->prop || c->prop->kind != PROPERTY_LIST)
		return fail_at(r, line_spot(r, l, from),
		               "a line without row number, and %s is no list that it could go on",
		               name);
	if (draft_check_cut(r, name, c->prop, l->p + from, to - from, line_spot(r, l, from)))
		return -1;
	return draft_extend(r, c->prop, l->p + from, to - from, spot_in_line, &at);
}

/* The only list column, for a line whose place tells nothing. */
static const struct column *only_list(const struct table *t)
{
	const struct column *found = NULL;

	for (size_t i = 0; i < t->n; i++) {
		if (!t->cols[i].prop || t->cols[i].prop->kind != PROPERTY_LIST)
			continue;
		if (found)
			return NULL;
		found = &t->cols[i];
	}
	return found;
}

/* Only what an address may be written with. */
static bool may_be_prefixes(const struct line *l)
{
	return strspn(l->p, "0123456789abcdefABCDEF.:/,; \t\xe2\x80\xa6") == l->n;
}

int table_continue(struct reading *r, struct table *t, const struct line *l)
{
	struct span spans[LIMIT_COLUMNS];
	const struct column *list = only_list(t);
	struct shape s;
	int shift = t->shift;

	if (!table_fit_any(r, t, l, false, false, &s, spans)) {
		if (list && may_be_prefixes(l))
			return extend(r, list, l, line_indent(l), l->n);
		return fail_at(r, line_spot(r, l, line_indent(l)),
		               "a line without row number that stands under no column");
	}
	t->shift = shift;
	for (size_t i = 0; i < t->n; i++)
		if (spans[i].to > spans[i].from &&
		    extend(r, &t->cols[i], l, shape_byte(&s, spans[i].from),
		           shape_byte(&s, spans[i].to)))
			return -1;
	return 0;
}
