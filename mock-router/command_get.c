/* get: one row, or one property of it; and export. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "export.h"

static bool is_number(const char *s, size_t number)
{
	char *end;

	return *s != '\0' && strtoul(s, &end, 10) == number && *end == '\0';
}

/* By id, by name, or by the number that print shows. Names repeat from 7.19; that the first row of
 * that name is taken is unverified. */
static const struct row *row_find(const struct rows *rows, const struct value *key)
{
	const char *want = NULL;

	if (rows->menu->singleton)
		return &rows->v[0];
	if (key->kind == VALUE_TEXT)
		want = key->text;
	if (key->kind == VALUE_LIST && key->n == 1 && key->item[0].kind == VALUE_TEXT)
		want = key->item[0].text;
	for (size_t i = 0; want != NULL && i < rows->n; i++)
		if (strcmp(rows->v[i].id, want) == 0)
			return &rows->v[i];
	for (size_t i = 0; want != NULL && i < rows->n; i++) {
		int name = column_find(rows, "name", 4);

		if (name >= 0 && strcmp(rows->v[i].field[name].v[0], want) == 0)
			return &rows->v[i];
		if (is_number(want, rows->v[i].number))
			return &rows->v[i];
	}
	return NULL;
}

struct get_arguments {
	struct value key;
	int column; /* -1: the whole row */
	size_t key_at;
};

static int take_column(struct script *s, const struct rows *rows, struct get_arguments *a)
{
	size_t n = script_word(s);

	a->column = n == 0 ? -1 : column_find(rows, s->p + s->at, n);
	if (a->column < 0)
		return script_fail_at(s, s->at, "input does not match any value of value-name");
	s->at += n;
	return 0;
}

/* Steps over "name=" when the argument is written with its name. */
static void skip_key(struct script *s, const char *name)
{
	size_t n = strlen(name);

	if (script_word(s) == n && memcmp(s->p + s->at, name, n) == 0 && s->at + n < s->n &&
	    s->p[s->at + n] == '=')
		s->at += n + 1;
}

static int get_arguments(struct script *s, const struct rows *rows, struct get_arguments *a)
{
	script_blanks(s);
	a->key_at = s->at;
	if (!rows->menu->singleton) {
		skip_key(s, "number");
		if (script_at_end(s))
			return script_fail_at(s, s->at, "missing value(s) of argument(s) number");
		if (script_value(s, &a->key) != 0)
			return -1;
		script_blanks(s);
	}
	if (script_at_end(s))
		return 0;
	skip_key(s, "value-name");
	return take_column(s, rows, a);
}

int command_get(struct script *s, const struct menu *menu, bool in_brackets, struct value *result)
{
	struct get_arguments a = {.column = -1};
	const struct row *row;
	struct rows rows;
	int rc;

	(void)in_brackets;
	rows_take((enum menu_id)(menu - menus), s->console->scenario, s->console->live, &rows);
	rc = get_arguments(s, &rows, &a);
	if (rc == 0 && !s->dry) {
		row = row_find(&rows, &a.key);
		if (row == NULL)
			rc = script_fail_plain(s, "no such item");
		else if (a.column < 0)
			*result = row_value(&rows, row);
		else
			*result = field_value(&row->field[a.column]);
	}
	value_done(&a.key);
	rows_done(&rows);
	return rc;
}

/* export [compact] [verbose] [terse is not served] */
int command_export(struct script *s, const struct menu *menu, bool in_brackets,
                   struct value *result)
{
	bool verbose = false;

	(void)in_brackets;
	(void)result;
	if (menu != NULL && menu != &menus[MENU_SERVICE])
		return script_fail_syntax(s, s->at);
	script_blanks(s);
	while (!script_at_end(s)) {
		size_t n = script_word(s);

		if (n == 7 && memcmp(s->p + s->at, "verbose", 7) == 0)
			verbose = true;
		else if (n != 7 || memcmp(s->p + s->at, "compact", 7) != 0)
			return script_fail_syntax(s, s->at);
		s->at += n;
		script_blanks(s);
	}
	if (!s->dry)
		export_services(s->console->scenario, verbose, s->out);
	return 0;
}
