/* print detail, and the "key: value" lines of menus that have one record. Unverified as a whole for
 * /ip service: no raw sample exists; the layout is that of other menus (routeros.md 1.3). */
#include <stdio.h>
#include <string.h>

#include "print.h"

/* Names and empty values stand between quotes, everything else does not. */
static void detail_value(const struct column *c, const struct field *f, struct text *out)
{
	bool quoted = c->kind == COLUMN_NAME || f->n == 0;

	text_add(out, quoted ? "\"" : "");
	field_join(f, ",", out);
	text_add(out, quoted ? "\"" : "");
}

/* Adds one key=value, on a new line when it would reach over the terminal's edge: the line that
 * ends keeps a blank, the next begins with six. */
static void detail_add(const struct text *word, int width, size_t *at, struct text *out)
{
	if (*at + word->n > (size_t)width - 1) {
		text_add(out, "\n      ");
		*at = 6;
	}
	text_add_n(out, word->p, word->n);
	text_add(out, " ");
	*at += word->n + 1;
}

static void detail_row(const struct view *v, const struct row *row, struct text *out)
{
	const struct column *columns = v->rows->menu->columns;
	char flags[8];
	size_t at = 6;
	struct text word = {0};

	row_letters(v, row, flags);
	text_addf(out, "%2zu %-2s", row->number, flags);
	for (size_t c = 0; columns[c].name != NULL; c++)
		if (columns[c].kind == COLUMN_ABOUT && row->field[c].n > 0)
			text_addf(out, ";;; %s\n     ", row->field[c].v[0]);
	text_add(out, " ");
	for (size_t c = 0; columns[c].name != NULL; c++) {
		if (columns[c].kind == COLUMN_FLAG || columns[c].kind == COLUMN_ABOUT ||
		    !row->field[c].present || !column_exists(v->rows, c) || !v->column[c])
			continue;
		word.n = 0;
		text_addf(&word, "%s=", column_name(v->rows, c));
		detail_value(&columns[c], &row->field[c], &word);
		detail_add(&word, v->width, &at, out);
	}
	text_add(out, "\n\n");
	text_done(&word);
}

/* The legend of detail is in lower case in v7 too, its groups between semicolons. */
static void detail_legend(const struct view *v, struct text *out)
{
	const struct column *columns = v->rows->menu->columns;
	const char *between = "Flags: ";
	int group = -1;

	for (int g = 0; g < 3; g++)
		for (size_t c = 0; columns[c].name != NULL; c++) {
			if (columns[c].kind != COLUMN_FLAG || columns[c].group != g ||
			    !column_exists(v->rows, c))
				continue;
			if (group != -1)
				between = group != g && v->rows->version->major >= 7 ? "; " : ", ";
			text_addf(out, "%s%c - ", between, columns[c].flag);
			for (const char *s = columns[c].flag_name; *s != '\0'; s++)
				text_addf(out, "%c", *s == '-' ? '-' : *s - 'A' + 'a');
			group = g;
		}
	text_add(out, v->rows->version->major < 7 ? " \n" : "\n");
}

void print_detail(const struct view *v, struct text *out)
{
	if (v->n == 0 && v->rows->version->major >= 7)
		return;
	detail_legend(v, out);
	for (size_t i = 0; i < v->n; i++)
		detail_row(v, v->row[i], out);
}

/* Unverified: no raw sample of these menus; right-aligned names as in other singletons. */
void print_singleton(const struct view *v, struct text *out)
{
	const struct column *columns = v->rows->menu->columns;
	size_t width = 0;

	for (size_t c = 0; columns[c].name != NULL; c++)
		if (strlen(columns[c].name) > width)
			width = strlen(columns[c].name);
	for (size_t c = 0; columns[c].name != NULL; c++) {
		if (!v->column[c])
			continue;
		text_addf(out, "%*s: ", (int)width + 2, columns[c].name);
		field_join(&v->row[0]->field[c], ",", out);
		text_add(out, "\n");
	}
}
