/* set, enable and disable of /ip service. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "command.h"

#define SET_MAX 16 /* properties, and services, of one command */

struct pair {
	char name[32];
	struct value value;
	size_t at;
};

struct set {
	struct value numbers; /* as the command names its rows */
	struct pair pair[SET_MAX];
	size_t pairs_n;
	size_t service[SET_MAX]; /* which rows those are */
	size_t services_n;
};

static void set_done(struct set *set)
{
	value_done(&set->numbers);
	for (size_t i = 0; i < set->pairs_n; i++)
		value_done(&set->pair[i].value);
}

/* name=value, with the value's own syntax. */
static int take_pair(struct script *s, struct set *set)
{
	struct pair *p = &set->pair[set->pairs_n];
	size_t n = script_word(s);

	if (n == 0 || n >= sizeof(p->name) || s->at + n >= s->n || s->p[s->at + n] != '=' ||
	    set->pairs_n == SET_MAX)
		return script_fail_syntax(s, s->at);
	*p = (struct pair){.at = s->at};
	memcpy(p->name, s->p + s->at, n);
	set->pairs_n++;
	s->at += n + 1;
	return script_value(s, &p->value);
}

/* "numbers=" may be written, and is not by anybody. */
static int take_numbers(struct script *s, struct set *set)
{
	script_blanks(s);
	if (script_word(s) == 7 && strncmp(s->p + s->at, "numbers=", 8) == 0)
		s->at += 8;
	if (script_at_end(s))
		return script_fail_at(s, s->at, "missing value(s) of argument(s) numbers");
	return script_value(s, &set->numbers);
}

static int take_pairs(struct script *s, struct set *set)
{
	for (;;) {
		script_blanks(s);
		if (script_at_end(s))
			return 0;
		if (take_pair(s, set) != 0)
			return -1;
	}
}

static bool is_static(const struct rows *rows, const struct row *row)
{
	int dynamic = column_find(rows, "dynamic", 7);

	return dynamic < 0 || !row_flag(row, (size_t)dynamic);
}

static bool row_has(const struct rows *rows, const struct row *row, const char *key)
{
	int name = column_find(rows, "name", 4);
	char number[24];

	snprintf(number, sizeof(number), "%zu", row->number);
	return strcmp(row->id, key) == 0 || strcmp(number, key) == 0 ||
	       (name >= 0 && strcmp(row->field[name].v[0], key) == 0);
}

/* A dynamic row of that name is met as well, and cannot be set (terraform-provider-routeros, issue
 * 769: "this is configured elsewhere"). A static row's id is its place among the services. */
static int find_row(struct script *s, const struct rows *rows, const char *key, struct set *set)
{
	bool found = false;

	for (size_t i = 0; i < rows->n; i++) {
		if (!row_has(rows, &rows->v[i], key))
			continue;
		if (!is_static(rows, &rows->v[i]))
			return script_fail_plain(s, "failure: this is configured elsewhere");
		if (set->services_n == SET_MAX)
			return script_fail_plain(s, "failure: too many");
		set->service[set->services_n++] = strtoul(rows->v[i].id + 1, NULL, 16);
		found = true;
	}
	return found ? 0 : script_fail_plain(s, "no such item");
}

static int find_rows(struct script *s, const struct menu *menu, struct set *set)
{
	const struct value *v = &set->numbers;
	struct rows rows;
	int rc = 0;

	rows_take((enum menu_id)(menu - menus), s->console->scenario, s->console->live, &rows);
	if (v->kind == VALUE_TEXT)
		rc = find_row(s, &rows, v->text, set);
	for (size_t i = 0; rc == 0 && v->kind == VALUE_LIST && i < v->n; i++)
		rc = find_row(s, &rows, v->item[i].kind == VALUE_TEXT ? v->item[i].text : "", set);
	rows_done(&rows);
	return rc;
}

static int fail_value(struct script *s, const struct pair *p)
{
	char what[80];

	snprintf(what, sizeof(what), "invalid value for argument %s", p->name);
	return script_fail_plain(s, what);
}

static int set_one(struct script *s, size_t service, const struct pair *p)
{
	const struct scenario *scenario = s->console->scenario;
	struct text value = {0};
	int rc;

	if (!change_takes(scenario, &scenario->services[service], p->name))
		return script_fail_syntax(s, p->at);
	value_show(&p->value, &value);
	rc = change_set(s->console->change, service, p->name, text_get(&value));
	text_done(&value);
	return rc == 0 ? 0 : fail_value(s, p);
}

static int set_all(struct script *s, const struct menu *menu, struct set *set)
{
	int rc = 0;

	if ((s->console->user->policies & POLICY_WRITE) == 0)
		return script_fail_plain(s, "not enough permissions (9)");
	if (find_rows(s, menu, set) != 0)
		return -1;
	for (size_t i = 0; rc == 0 && i < set->services_n; i++)
		for (size_t j = 0; rc == 0 && j < set->pairs_n; j++)
			rc = set_one(s, set->service[i], &set->pair[j]);
	change_settle(s->console->change);
	return rc;
}

int command_set(struct script *s, const struct menu *menu, bool in_brackets, struct value *result)
{
	struct set set = {.pairs_n = 0};
	int rc;

	(void)in_brackets;
	(void)result;
	if (menu != &menus[MENU_SERVICE])
		return script_fail_syntax(s, s->at);
	rc = take_numbers(s, &set);
	if (rc == 0)
		rc = take_pairs(s, &set);
	if (rc == 0 && !s->dry)
		rc = set_all(s, menu, &set);
	set_done(&set);
	return rc;
}

static int turn(struct script *s, const struct menu *menu, const char *disabled)
{
	struct set set = {.pairs_n = 0};
	int rc;

	if (menu != &menus[MENU_SERVICE])
		return script_fail_syntax(s, s->at);
	rc = take_numbers(s, &set);
	script_blanks(s);
	if (rc == 0 && !script_at_end(s))
		rc = script_fail_syntax(s, s->at);
	set.pair[0] = (struct pair){.name = "disabled", .value = value_text(disabled)};
	set.pairs_n = 1;
	if (rc == 0 && !s->dry)
		rc = set_all(s, menu, &set);
	set_done(&set);
	return rc;
}

int command_enable(struct script *s, const struct menu *menu, bool in_brackets,
                   struct value *result)
{
	(void)in_brackets;
	(void)result;
	return turn(s, menu, "no");
}

int command_disable(struct script *s, const struct menu *menu, bool in_brackets,
                    struct value *result)
{
	(void)in_brackets;
	(void)result;
	return turn(s, menu, "yes");
}
