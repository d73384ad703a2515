/* Aligned columns of foreign text that fit a given width. Private to src/report. */
#ifndef ROSAUDIT_REPORT_TEXT_TABLE_H
#define ROSAUDIT_REPORT_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "page.h"
#include "rosaudit/arena.h"

/* Columns of one table, at most. */
#define TEXT_TABLE_COLUMNS 16

struct text_column {
	const char *title;
	bool right; /* numbers */
	size_t min; /* not made narrower than this */
};

struct text_cell {
	const char *text;   /* escaped */
	size_t width, word; /* columns of all of it, and of its widest word */
	enum paint paint;
};

struct text_row {
	struct text_cell cells[TEXT_TABLE_COLUMNS];
	const char *below; /* a raw line under the row, or NULL */
};

struct text_table {
	struct arena arena;
	struct text_column columns[TEXT_TABLE_COLUMNS];
	size_t columns_n;
	struct text_row *rows;
	size_t rows_n, rows_cap;
};

void text_table_init(struct text_table *t, const struct text_column *columns, size_t n);
void text_table_done(struct text_table *t);
/* One more column, whose title is raw; before the first row. */
void text_table_column(struct text_table *t, const char *title, size_t min);
/* Starts a row of empty cells. */
void text_table_row(struct text_table *t);
/* Fills a cell of the last row with a copy of raw text; NULL is "-". */
void text_table_cell(struct text_table *t, size_t column, const char *text, enum paint paint);
/* A line of its own below the last row; raw. */
void text_table_below(struct text_table *t, const char *text);
/*
 * Writes header and rows. Columns that do not fit share what room there is: the widest gives first,
 * down to its widest word, then to its min. A cell takes up to six lines; what does not fit is left
 * out in the middle, with "[...]" at the place. True when something was left out.
 */
bool text_table_write(const struct text_table *t, const struct page *page);

#endif
