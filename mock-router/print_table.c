/* Plain print: the two printers of tables, as measured in routeros.md 1.4. */
#include "print.h"

#include <stdio.h>
#include <string.h>

size_t view_number_width(const struct view *v)
{
	size_t most = 0;
	char digits[24];

	for (size_t i = 0; i < v->n; i++)
		if (v->row[i]->number > most)
			most = v->row[i]->number;
	return (size_t)snprintf(digits, sizeof(digits), "%zu", most);
}

static bool is_flag_of(const struct view *v, size_t c, int group)
{
	const struct column *column = &v->rows->menu->columns[c];

	return column->kind == COLUMN_FLAG && column->group == group && column_exists(v->rows, c);
}

bool view_group_used(const struct view *v, int group)
{
	for (size_t c = 0; v->rows->menu->columns[c].name != NULL; c++)
		for (size_t i = 0; is_flag_of(v, c, group) && i < v->n; i++)
			if (row_flag(v->row[i], c))
				return true;
	return false;
}

static void legend_group(const struct view *v, int group, struct text *out)
{
	const struct column *columns = v->rows->menu->columns;
	const char *between = "";

	for (size_t c = 0; columns[c].name != NULL; c++) {
		if (!is_flag_of(v, c, group))
			continue;
		/* 7.1 to 7.15 do not spell X out. */
		if (columns[c].flag == 'X' && !version_since(v->rows->version, 7, 16))
			text_addf(out, "%sX", between);
		else
			text_addf(out, "%s%c - %s", between, columns[c].flag, columns[c].flag_name);
		between = ", ";
	}
}

void print_legend_table(const struct view *v, struct text *out)
{
	const char *before = "Flags: ";

	for (int group = 0; group < 3; group++) {
		if (!view_group_used(v, group))
			continue;
		text_add(out, before);
		legend_group(v, group, out);
		before = "; ";
	}
	if (before[0] == ';')
		text_add(out, "\n");
}

static void add_upper(struct text *out, const char *s)
{
	for (; *s != '\0'; s++) {
		char c = *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s;

		text_add_n(out, &c, 1);
	}
}

static const char *cell_line(const struct row *row, size_t c, size_t line)
{
	const struct field *f = &row->field[c];

	return f->hidden || line >= f->n ? "" : f->v[line];
}

/* --- v7: a column for every property that has a value, two blanks between --- */

struct layout {
	size_t number; /* digits */
	bool group[3]; /* groups with a place in the flag field */
	bool shown[COLUMN_MAX];
	size_t width[COLUMN_MAX];
};

static bool in_tables(const struct column *c)
{
	return c->kind != COLUMN_FLAG && c->kind != COLUMN_ABOUT &&
	       strcmp(c->name, "tls-version") != 0 && strcmp(c->name, "group") != 0;
}

static void layout_column(const struct view *v, size_t c, struct layout *l)
{
	size_t width = strlen(column_name(v->rows, c));

	for (size_t i = 0; i < v->n; i++)
		for (size_t k = 0; k < v->row[i]->field[c].n; k++) {
			size_t n = strlen(cell_line(v->row[i], c, k));

			l->shown[c] = l->shown[c] || n > 0; /* empty columns are dropped */
			width = n > width ? n : width;
		}
	l->width[c] = width;
}

static void layout_make(const struct view *v, struct layout *l)
{
	const struct column *columns = v->rows->menu->columns;

	*l = (struct layout){.number = view_number_width(v)};
	for (int group = 0; group < 3; group++)
		l->group[group] = view_group_used(v, group);
	for (size_t c = 0; columns[c].name != NULL; c++)
		if (in_tables(&columns[c]) && column_exists(v->rows, c) && v->column[c])
			layout_column(v, c, l);
}

static size_t layout_flags(const struct layout *l)
{
	return (size_t)l->group[0] + (size_t)l->group[1] + (size_t)l->group[2];
}

/* Number, flags and the blanks beside them; number NULL leaves all blank. */
static void table_margin(const struct layout *l, const char *number, const char *flags,
                         struct text *out)
{
	size_t n = strlen(number);

	text_pad(out, ' ', l->number > n ? l->number - n : 0);
	text_addf(out, "%s ", number);
	if (layout_flags(l) > 0) {
		text_add(out, flags);
		text_pad(out, ' ', layout_flags(l) - strlen(flags) + 1);
	}
}

static void table_cell(const struct column *column, size_t width, const char *s, struct text *out)
{
	size_t blanks = width - strlen(s);

	if (column->kind == COLUMN_NUMBER)
		text_pad(out, ' ', blanks);
	text_add(out, s);
	if (column->kind != COLUMN_NUMBER)
		text_pad(out, ' ', blanks);
}

static void table_head(const struct view *v, const struct layout *l, struct text *out)
{
	const struct column *columns = v->rows->menu->columns;
	const char *between = "Columns: ";
	struct text title = {0};

	for (size_t c = 0; columns[c].name != NULL; c++) {
		if (!l->shown[c])
			continue;
		text_add(out, between);
		add_upper(out, column_name(v->rows, c));
		between = ", ";
	}
	text_add(out, "\n");
	table_margin(l, "#", "", out);
	between = "";
	for (size_t c = 0; columns[c].name != NULL; c++) {
		if (!l->shown[c])
			continue;
		title.n = 0;
		add_upper(&title, column_name(v->rows, c));
		text_add(out, between);
		table_cell(&columns[c], l->width[c], text_get(&title), out);
		between = "  ";
	}
	text_add(out, "\n");
	text_done(&title);
}

static void table_line(const struct view *v, const struct layout *l, const struct row *row,
                       size_t line, struct text *out)
{
	const struct column *columns = v->rows->menu->columns;
	const char *between = "";

	for (size_t c = 0; columns[c].name != NULL; c++) {
		if (!l->shown[c])
			continue;
		text_add(out, between);
		table_cell(&columns[c], l->width[c], cell_line(row, c, line), out);
		between = "  ";
	}
	text_add(out, "\n");
}

/* One character per group that the legend names. */
static void row_flags(const struct view *v, const struct layout *l, const struct row *row,
                      char out[4])
{
	size_t n = 0;

	for (int group = 0; group < 3; group++) {
		char letter = ' ';

		if (!l->group[group])
			continue;
		for (size_t c = 0; v->rows->menu->columns[c].name != NULL; c++)
			if (is_flag_of(v, c, group) && row_flag(row, c) && letter == ' ')
				letter = v->rows->menu->columns[c].flag;
		out[n++] = letter;
	}
	out[n] = '\0';
}

static void table_row(const struct view *v, const struct layout *l, const struct row *row,
                      struct text *out)
{
	char number[24], flags[4];
	size_t lines = 1;

	for (size_t c = 0; v->rows->menu->columns[c].name != NULL; c++) {
		const struct field *f = &row->field[c];

		/* The ;;; line stands before its row (analogous samples of v7). */
		if (v->rows->menu->columns[c].kind == COLUMN_ABOUT && f->n > 0)
			text_addf(out, ";;; %s\n", f->v[0]);
		if (l->shown[c] && f->n > lines)
			lines = f->n;
	}
	snprintf(number, sizeof(number), "%zu", row->number);
	row_flags(v, l, row, flags);
	for (size_t line = 0; line < lines; line++) {
		table_margin(l, line == 0 ? number : "", line == 0 ? flags : "", out);
		table_line(v, l, row, line, out);
	}
}

static void print_table_7(const struct view *v, struct text *out)
{
	struct layout l;

	if (v->n == 0) /* a print without a match prints nothing (routeros.md 6) */
		return;
	layout_make(v, &l);
	print_legend_table(v, out);
	table_head(v, &l, out);
	for (size_t i = 0; i < v->n; i++)
		table_row(v, &l, v->row[i], out);
}

void print_table(const struct view *v, struct text *out)
{
	if (v->rows->version->major < 7)
		print_table_6(v, out);
	else
		print_table_7(v, out);
}
