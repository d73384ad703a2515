/* print terse: one record per line, values without quotes. */
#include <string.h>

#include "print.h"

void row_letters(const struct view *v, const struct row *row, char out[8])
{
	size_t n = 0;

	for (size_t c = 0; v->rows->menu->columns[c].name != NULL && n < 7; c++)
		if (v->rows->menu->columns[c].kind == COLUMN_FLAG && column_exists(v->rows, c) &&
		    row_flag(row, c))
			out[n++] = v->rows->menu->columns[c].flag;
	out[n] = '\0';
}

/* How many groups of flags the menu has in this version: every one has its place in terse, used or
 * not (sample of another menu). Unverified for this menu from 7.19, and in v6. */
static void terse_flags(const struct view *v, const struct row *row, struct text *out)
{
	const struct column *columns = v->rows->menu->columns;

	for (int group = 0; group < 3; group++) {
		char letter = '\0';

		for (size_t c = 0; columns[c].name != NULL; c++) {
			if (columns[c].kind != COLUMN_FLAG || columns[c].group != group ||
			    !column_exists(v->rows, c))
				continue;
			letter = letter == '\0' ? ' ' : letter;
			if (letter == ' ' && row_flag(row, c))
				letter = columns[c].flag;
		}
		if (letter != '\0')
			text_add_n(out, &letter, 1);
	}
}

static void terse_row(const struct view *v, const struct row *row, struct text *out)
{
	char flags[8];

	text_addf(out, "%*zu ", (int)view_number_width(v), row->number);
	if (v->rows->version->major < 7) {
		row_letters(v, row, flags); /* unverified: v6 has XI here too */
		text_addf(out, "%-2s", flags);
	} else {
		terse_flags(v, row, out);
	}
	for (size_t c = 0; v->rows->menu->columns[c].name != NULL; c++) {
		if (v->rows->menu->columns[c].kind == COLUMN_FLAG || !row->field[c].present ||
		    !column_exists(v->rows, c) || !v->column[c])
			continue;
		text_addf(out, " %s=", column_name(v->rows, c));
		field_join(&row->field[c], ",", out);
	}
	text_add(out, "\n");
}

void print_terse(const struct view *v, struct text *out)
{
	for (size_t i = 0; i < v->n; i++)
		terse_row(v, v->row[i], out);
}
