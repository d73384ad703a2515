/* The ways in which a menu prints its rows. Lines end in "\n"; ssh.c makes CRLF of it. */
#ifndef MOCK_PRINT_H
#define MOCK_PRINT_H

#include "rows.h"
#include "text.h"

/* Which rows and columns of a menu one command shows. */
struct view {
	const struct rows *rows;
	const struct row **row; /* the rows that where left over */
	size_t n;
	bool column[COLUMN_MAX]; /* proplist; all true without */
	int width;               /* of the terminal */
};

void print_table(const struct view *v, struct text *out);
void print_terse(const struct view *v, struct text *out);
void print_detail(const struct view *v, struct text *out);
/* "key: value" lines of a singleton menu. */
void print_singleton(const struct view *v, struct text *out);

/* Digits of the highest row number shown. */
size_t view_number_width(const struct view *v);
/* Does any row shown have a flag of this group? */
bool view_group_used(const struct view *v, int group);
/* v6 and detail: "Flags: X - disabled, I - invalid"; v7 tables: only groups that are used, in the
 * wording of the era. Adds the line, or nothing. */
void print_legend_table(const struct view *v, struct text *out);
/* Letters of all flags that are set, without blanks: "XI". */
void row_letters(const struct view *v, const struct row *row, char out[8]);
/* print_table of RouterOS 6. */
void print_table_6(const struct view *v, struct text *out);

#endif
