/* Plain print of RouterOS 6, which has another printer than v7: no Columns: line, every column
 * always there, widths that follow the terminal's, rows with two flag letters shifted right as a
 * whole. */
#include <stdio.h>
#include <string.h>

#include "print.h"

/* Widths as measured on an 80-column terminal, and the share of every further column in percent, as
 * measured between that and one of 120 columns (routeros.md 1.4, samples). */
struct column6 {
	const char *name, *title;
	size_t width;
	int share;
};

static const struct column6 service6[] = {
	{"name", "NAME", 9, 30},
	{"port", "PORT", 4, 0},
	{"address", "ADDRESS", 45, 35},
	{"certificate", "CERTIFICATE", 13, 35},
	{0},
};

/* Unverified: no sample of this menu in v6. */
static const struct column6 user6[] = {
	{"when", "WHEN", 21, 0},
	{"name", "NAME", 13, 30},
	{"address", "ADDRESS", 29, 70},
	{"via", "VIA", 8, 0},
	{0},
};

static size_t width6(const struct view *v, const struct column6 *c)
{
	int more = v->width > 80 ? v->width - 80 : 0;

	return c->width + (size_t)(more * c->share / 100);
}

static void legend6(const struct view *v, struct text *out)
{
	const struct column *columns = v->rows->menu->columns;
	const char *between = "Flags: ";

	for (size_t c = 0; columns[c].name != NULL; c++) {
		if (columns[c].kind != COLUMN_FLAG || !column_exists(v->rows, c))
			continue;
		text_addf(out, "%s%c - ", between, columns[c].flag);
		for (const char *s = columns[c].flag_name; *s != '\0'; s++) {
			char low = *s >= 'A' && *s <= 'Z' ? (char)(*s - 'A' + 'a') : *s;

			text_add_n(out, &low, 1);
		}
		between = ", ";
	}
	text_add(out, " \n");
}

static void head6(const struct view *v, const struct column6 *columns, struct text *out)
{
	text_add(out, " #  ");
	for (const struct column6 *c = columns; c->name != NULL; c++) {
		text_add(out, " ");
		text_add(out, c->title);
		text_pad(out, ' ', width6(v, c) - strlen(c->title));
	}
	text_add(out, "\n");
}

/* The line's cells up to the last one that says something: v6 leaves the rest of a row
 * unprinted, but pads an address that was once set and emptied again (sample of 6.49.18). */
static void line6(const struct view *v, const struct column6 *columns, const struct row *row,
                  size_t line, struct text *out)
{
	size_t owed = 0;

	for (const struct column6 *c = columns; c->name != NULL; c++) {
		int i = column_find(v->rows, c->name, strlen(c->name));
		const struct field *f = &row->field[i];
		const char *s = line < f->n && !f->hidden ? f->v[line] : "";
		size_t width = width6(v, c), n = strlen(s);

		if (!v->column[i])
			continue;
		owed += 1;
		if (n == 0 && !(f->touched && line == 0)) {
			owed += width;
			continue;
		}
		text_pad(out, ' ', owed);
		owed = 0;
		if (v->rows->menu->columns[i].kind == COLUMN_NUMBER)
			text_addf(out, "%*s", (int)width, s);
		else
			text_addf(out, "%-*s", (int)width, s);
	}
	text_add(out, "\n");
}

static size_t lines6(const struct row *row)
{
	size_t lines = 1;

	for (size_t c = 0; c < COLUMN_MAX; c++)
		if (row->field[c].n > lines)
			lines = row->field[c].n;
	return lines;
}

void print_table_6(const struct view *v, struct text *out)
{
	const struct column6 *columns = v->rows->menu == &menus[MENU_SERVICE] ? service6 : user6;

	legend6(v, out);
	head6(v, columns, out);
	for (size_t i = 0; i < v->n; i++) {
		const struct row *row = v->row[i];
		char flags[8];
		size_t before = out->n;

		row_letters(v, row, flags);
		text_addf(out, "%2zu %-1s", row->number, flags);
		before = out->n - before;
		for (size_t line = 0; line < lines6(row); line++) {
			if (line > 0)
				text_pad(out, ' ', before);
			line6(v, columns, row, line, out);
		}
	}
}
