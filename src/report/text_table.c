/* Aligned columns: measure, share the width, wrap, print. */
#include <assert.h>
#include <string.h>

#include "rosaudit/limits.h"
#include "rosaudit/text.h"
#include "text_table.h"

/* Blanks between two columns. */
#define GAP 2
/* Lines of one cell. */
#define CELL_LINES 6
/* Stands for what was left out of a cell. */
#define CUT "[...]"

/* A cell's lines, ready to print. */
struct lines {
	const char *v[CELL_LINES];
	size_t n;
};

void text_table_init(struct text_table *t, const struct text_column *columns, size_t n)
{
	assert(n <= TEXT_TABLE_COLUMNS);
	*t = (struct text_table){.columns_n = n};
	arena_init(&t->arena);
	memcpy(t->columns, columns, n * sizeof(*columns));
}

void text_table_done(struct text_table *t)
{
	arena_done(&t->arena);
}

static const char *escaped_copy(struct arena *arena, const char *text)
{
	struct buf b;
	const char *copy;

	buf_init(&b, 4u * LIMIT_ANSWER_BYTES);
	text_escape_str(&b, text);
	copy = arena_strdup(arena, buf_str(&b));
	buf_done(&b);
	return copy;
}

void text_table_column(struct text_table *t, const char *title, size_t min)
{
	assert(t->columns_n < TEXT_TABLE_COLUMNS && t->rows_n == 0);
	t->columns[t->columns_n++] =
		(struct text_column){.title = escaped_copy(&t->arena, title), .min = min};
}

void text_table_row(struct text_table *t)
{
	if (t->rows_n == t->rows_cap) {
		size_t cap = t->rows_cap ? 2 * t->rows_cap : 32;

		t->rows = arena_grow(&t->arena, t->rows, t->rows_n, cap, sizeof(*t->rows));
		t->rows_cap = cap;
	}
	t->rows_n++;
	for (size_t i = 0; i < t->columns_n; i++)
		text_table_cell(t, i, "", PAINT_NONE);
}

void text_table_cell(struct text_table *t, size_t column, const char *text, enum paint paint)
{
	struct text_cell *cell = &t->rows[t->rows_n - 1].cells[column];

	cell->text = escaped_copy(&t->arena, text ? text : "-");
	cell->width = text_width(cell->text);
	cell->word = page_widest_word(cell->text);
	cell->paint = paint;
}

void text_table_below(struct text_table *t, const char *text)
{
	t->rows[t->rows_n - 1].below = arena_strdup(&t->arena, text);
}

/* The width below which a column is useless: its own minimum, its title, or the mark and one
 * character. */
static size_t hard_floor(const struct text_column *c)
{
	size_t title = text_width(c->title), floor = c->min > title ? c->min : title;

	return floor > strlen(CUT) ? floor : strlen(CUT) + 1;
}

/* The width below which words are broken. A column of endless words must not starve the others. */
static size_t soft_floor(const struct text_table *t, size_t column, size_t width)
{
	size_t floor = hard_floor(&t->columns[column]), most = width / 3;

	for (size_t i = 0; i < t->rows_n; i++)
		if (t->rows[i].cells[column].word > floor)
			floor = t->rows[i].cells[column].word;
	return floor < most ? floor : most;
}

static size_t natural_width(const struct text_table *t, size_t column, size_t width)
{
	size_t natural = text_width(t->columns[column].title);

	for (size_t i = 0; i < t->rows_n; i++)
		if (t->rows[i].cells[column].width > natural)
			natural = t->rows[i].cells[column].width;
	return natural < width ? natural : width;
}

/* Takes columns from the widest that is above its floor, until excess is none or all are there. */
static size_t shrink(const struct text_table *t, const size_t *floors, size_t excess,
                     size_t *widths)
{
	for (; excess > 0; excess--) {
		size_t *best = NULL;

		for (size_t i = 0; i < t->columns_n; i++)
			if (widths[i] > floors[i] && (!best || widths[i] > *best))
				best = &widths[i];
		if (!best)
			break;
		--*best;
	}
	return excess;
}

static void share_width(const struct text_table *t, size_t width, size_t *widths)
{
	size_t soft[TEXT_TABLE_COLUMNS], hard[TEXT_TABLE_COLUMNS];
	size_t total = (t->columns_n - 1) * GAP, excess;

	for (size_t i = 0; i < t->columns_n; i++) {
		widths[i] = natural_width(t, i, width);
		soft[i] = soft_floor(t, i, width);
		hard[i] = hard_floor(&t->columns[i]);
		total += widths[i];
	}
	excess = total > width ? total - width : 0;
	shrink(t, hard, shrink(t, soft, excess, widths), widths);
}

/* The last line of a cell that is too long: the mark and as much of the end as fits behind it. */
static const char *cut_tail(struct arena *arena, const char *s, size_t width)
{
	size_t room = width - strlen(CUT), len;

	while (text_width(s) > room) {
		text_utf8(s, strnlen(s, 4), &len);
		s += len;
	}
	return arena_printf(arena, CUT "%s", s);
}

/* Breaks a cell into lines; true when some of it had to be left out. */
static bool cell_lines(const char *s, size_t width, struct arena *arena, struct lines *out)
{
	const char *last = s;
	size_t n, next;

	out->n = 0;
	while (*s && out->n < CELL_LINES) {
		n = page_break(s, width, &next);
		out->v[out->n++] = arena_strndup(arena, s, n);
		last = s;
		s += next;
	}
	if (*s)
		out->v[CELL_LINES - 1] = cut_tail(arena, last, width);
	return *s;
}

/* Prints one line of one cell; *pad collects the blanks due before the next text, so that no line
 * ends in blanks. */
static void put_piece(const struct page *page, const char *s, enum paint paint, size_t width,
                      bool right, size_t *pad)
{
	size_t columns = text_width(s);
	/* Only a line of one wide character can be wider than its column. */
	size_t rest = width > columns ? width - columns : 0;

	if (!*s) {
		*pad += width + GAP;
		return;
	}
	buf_pad(page->out, ' ', *pad + (right ? rest : 0));
	page_paint_on(page, paint);
	buf_puts(page->out, s);
	page_paint_off(page, paint);
	*pad = GAP + (right ? 0 : rest);
}

static void put_header(const struct text_table *t, const struct page *page, const size_t *widths)
{
	size_t pad = 0;

	for (size_t i = 0; i < t->columns_n; i++)
		put_piece(page, t->columns[i].title, PAINT_TITLE, widths[i], t->columns[i].right,
		          &pad);
	buf_putc(page->out, '\n');
}

static bool put_row(const struct text_table *t, const struct text_row *row, const struct page *page,
                    const size_t *widths)
{
	struct lines lines[TEXT_TABLE_COLUMNS];
	struct arena arena;
	size_t height = 1;
	bool cut = false;

	arena_init(&arena);
	for (size_t i = 0; i < t->columns_n; i++) {
		cut |= cell_lines(row->cells[i].text, widths[i], &arena, &lines[i]);
		if (lines[i].n > height)
			height = lines[i].n;
	}
	for (size_t y = 0; y < height; y++) {
		size_t pad = 0;

		for (size_t i = 0; i < t->columns_n; i++)
			put_piece(page, y < lines[i].n ? lines[i].v[y] : "", row->cells[i].paint,
			          widths[i], t->columns[i].right, &pad);
		buf_putc(page->out, '\n');
	}
	if (row->below)
		page_text(page, 4, row->below, PAINT_NONE);
	arena_done(&arena);
	return cut;
}

bool text_table_write(const struct text_table *t, const struct page *page)
{
	size_t widths[TEXT_TABLE_COLUMNS];
	bool cut = false;

	share_width(t, page->width, widths);
	put_header(t, page, widths);
	for (size_t i = 0; i < t->rows_n; i++)
		cut |= put_row(t, &t->rows[i], page, widths);
	return cut;
}
