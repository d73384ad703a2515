/* print and find of a menu: their arguments, and what they give. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "print.h"

#define CONDITION_MAX 8

/* One condition of where or find; all of them must hold. */
struct condition {
	size_t column;
	bool negated;
	char value[96];
};

struct conditions {
	struct condition v[CONDITION_MAX];
	size_t n;
};

static enum menu_id menu_id(const struct menu *m)
{
	return (enum menu_id)(m - menus);
}

static void take_rows(struct script *s, const struct menu *menu, struct rows *rows)
{
	const struct console *c = s->console;

	rows_take(menu_id(menu), c->scenario, c->live, rows);
}

static bool is_flag(const struct rows *rows, size_t column)
{
	return rows->menu->columns[column].kind == COLUMN_FLAG;
}

static const char *flag_value(const char *value)
{
	return strcmp(value, "yes") == 0 ? "true" : strcmp(value, "no") == 0 ? "false" : value;
}

static bool row_matches(const struct rows *rows, const struct row *row, const struct conditions *cs)
{
	for (size_t i = 0; i < cs->n; i++) {
		const struct condition *c = &cs->v[i];
		const char *want = is_flag(rows, c->column) ? flag_value(c->value) : c->value;
		struct text have = {0};
		bool same;

		field_join(&row->field[c->column], ",", &have);
		/* A row without the flag has it false. */
		same = strcmp(have.n == 0 && is_flag(rows, c->column) ? "false" : text_get(&have),
		              want) == 0;
		text_done(&have);
		if (same == c->negated)
			return false;
	}
	return true;
}

/* [!]property or property=value or property!=value. */
static int take_condition(struct script *s, const struct rows *rows, struct conditions *cs)
{
	struct condition *c = &cs->v[cs->n];
	struct value value = {0};
	struct text shown = {0};
	size_t at = s->at, n;
	int column, rc = 0;

	c->negated = script_take(s, '!');
	n = script_word(s);
	column = n == 0 ? -1 : column_find(rows, s->p + s->at, n);
	if (column < 0 || cs->n + 1 == CONDITION_MAX)
		return script_fail_syntax(s, at);
	s->at += n;
	c->column = (size_t)column;
	snprintf(c->value, sizeof(c->value), "yes");
	if (script_peek(s) == '!') {
		c->negated = !c->negated;
		s->at++;
	}
	if (script_take(s, '=')) {
		rc = script_value(s, &value);
		value_show(&value, &shown);
		snprintf(c->value, sizeof(c->value), "%s", text_get(&shown));
	}
	cs->n++;
	text_done(&shown);
	value_done(&value);
	return rc;
}

static int take_conditions(struct script *s, const struct rows *rows, struct conditions *cs)
{
	script_blanks(s);
	while (!script_at_end(s)) {
		if (take_condition(s, rows, cs) != 0)
			return -1;
		script_blanks(s);
		if (script_word(s) == 3 && memcmp(s->p + s->at, "and", 3) == 0)
			s->at += 3;
		script_blanks(s);
	}
	return 0;
}

/* Unverified: that a whole row prints in this order, .id first, then by name. */
struct value row_value(const struct rows *rows, const struct row *row)
{
	struct value v = {.kind = VALUE_LIST};
	const char *last = "";

	value_push(&v, ".id", value_text(row->id));
	for (;;) {
		int next = -1;

		for (size_t c = 0; rows->menu->columns[c].name != NULL; c++)
			if (row->field[c].present && column_exists(rows, c) &&
			    strcmp(column_name(rows, c), last) > 0 &&
			    (next < 0 ||
			     strcmp(column_name(rows, c), column_name(rows, (size_t)next)) < 0))
				next = (int)c;
		if (next < 0)
			return v;
		last = column_name(rows, (size_t)next);
		value_push(&v, last, field_value(&row->field[next]));
	}
}

struct value field_value(const struct field *f)
{
	struct value v = {.kind = VALUE_LIST};

	if (f->n == 1)
		return value_text(f->v[0]);
	for (size_t i = 0; i < f->n; i++)
		value_push(&v, NULL, value_text(f->v[i]));
	return v;
}

/* --- print --- */

struct print_options {
	bool terse, detail, as_value, count_only;
	bool column[COLUMN_MAX];
	struct conditions where;
};

static int take_proplist(struct script *s, const struct rows *rows, struct print_options *o)
{
	memset(o->column, 0, sizeof(o->column));
	do {
		size_t n = script_word(s);
		int column = column_find(rows, s->p + s->at, n);

		if (column < 0)
			return script_fail_syntax(s, s->at);
		o->column[column] = true;
		s->at += n;
	} while (script_take(s, ','));
	return 0;
}

static bool option_is(const struct script *s, size_t n, const char *name)
{
	return strlen(name) == n && memcmp(s->p + s->at, name, n) == 0;
}

static int take_option(struct script *s, const struct rows *rows, struct print_options *o)
{
	size_t n = script_word(s), at = s->at;
	bool value = s->at + n < s->n && s->p[s->at + n] == '=';

	if (option_is(s, n, "proplist") && value) {
		s->at += n + 1;
		return take_proplist(s, rows, o);
	}
	if (value || n == 0) {
		s->other = true; /* file= would write to the router */
		return script_fail_syntax(s, at);
	}
	if (option_is(s, n, "where")) {
		s->at += n;
		return take_conditions(s, rows, &o->where);
	}
	o->terse = o->terse || option_is(s, n, "terse");
	o->detail = o->detail || option_is(s, n, "detail");
	o->as_value = o->as_value || option_is(s, n, "as-value");
	o->count_only = o->count_only || option_is(s, n, "count-only");
	if (!option_is(s, n, "terse") && !option_is(s, n, "detail") && !option_is(s, n, "brief") &&
	    !option_is(s, n, "as-value") && !option_is(s, n, "count-only") &&
	    !option_is(s, n, "without-paging"))
		return script_fail_syntax(s, at);
	if (option_is(s, n, "terse") && s->console->scenario->fault[FAULT_TERSE_UNKNOWN])
		return script_fail_syntax(s, at);
	s->at += n;
	return 0;
}

static void print_value(const struct view *v, struct value *result)
{
	if (v->rows->menu->singleton) {
		value_done(result);
		*result = row_value(v->rows, v->row[0]);
		return;
	}
	result->kind = VALUE_LIST;
	for (size_t i = 0; i < v->n; i++)
		value_push(result, NULL, row_value(v->rows, v->row[i]));
}

static void print_run(struct script *s, const struct view *v, const struct print_options *o,
                      bool in_brackets, struct value *result)
{
	if (o->as_value && in_brackets)
		print_value(v, result);
	else if (o->as_value) /* prints nothing by itself (routeros.md 1.3) */
		return;
	else if (o->count_only)
		text_addf(s->out, "%zu\n", v->n);
	else if (v->rows->menu->singleton)
		print_singleton(v, s->out);
	else if (o->terse)
		print_terse(v, s->out);
	else if (o->detail)
		print_detail(v, s->out);
	else
		print_table(v, s->out);
}

int command_print(struct script *s, const struct menu *menu, bool in_brackets, struct value *result)
{
	struct print_options o = {0};
	struct rows rows;
	struct view v = {.rows = &rows, .width = s->console->scenario->terminal_width};
	int rc = 0;

	memset(o.column, 1, sizeof(o.column));
	take_rows(s, menu, &rows);
	script_blanks(s);
	while (rc == 0 && !script_at_end(s)) {
		rc = take_option(s, &rows, &o);
		script_blanks(s);
	}
	v.row = mem_zero(rows.n, sizeof(struct row *));
	for (size_t i = 0; i < rows.n; i++)
		if (row_matches(&rows, &rows.v[i], &o.where))
			v.row[v.n++] = &rows.v[i];
	memcpy(v.column, o.column, sizeof(v.column));
	if (rc == 0 && !s->dry)
		print_run(s, &v, &o, in_brackets, result);
	free(v.row);
	rows_done(&rows);
	return rc;
}

/* --- find --- */

int command_find(struct script *s, const struct menu *menu, bool in_brackets, struct value *result)
{
	struct conditions where = {0};
	struct rows rows;
	int rc;

	(void)in_brackets;
	take_rows(s, menu, &rows);
	script_blanks(s);
	if (script_word(s) == 5 && memcmp(s->p + s->at, "where", 5) == 0)
		s->at += 5;
	rc = take_conditions(s, &rows, &where);
	result->kind = VALUE_LIST;
	for (size_t i = 0; rc == 0 && !s->dry && i < rows.n; i++)
		if (row_matches(&rows, &rows.v[i], &where))
			value_push(result, NULL, value_text(rows.v[i].id));
	rows_done(&rows);
	return rc;
}
