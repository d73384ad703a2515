/* Every fixture of tests/fixtures/routeros: an input beside the services, or the error, that it
 * must give. A case with rows.json is read by a menu of the test's own, as later menus are. */
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/routeros_json.h"
#include "rosaudit/buf.h"
#include "rosaudit/menu.h"
#include "rosaudit/routeros.h"
#include "tests/test.h"

#define FIXTURES  "tests/fixtures/routeros"
#define CASES_MAX 512

/* --- a menu that rosaudit does not have
 * -------------------------------------------------------- */

static const struct property test_properties[] = {
	{"action", PROPERTY_WORD, NULL},
	{"address", PROPERTY_WORD, NULL},
	{"chain", PROPERTY_WORD, NULL},
	{"comment", PROPERTY_TEXT, NULL},
	{"interface", PROPERTY_WORD, NULL},
	{"mac-address", PROPERTY_WORD, NULL},
	{"mtu", PROPERTY_NUMBER, NULL},
	{"name", PROPERTY_WORD, NULL},
	{"network", PROPERTY_WORD, NULL},
	{"protocol", PROPERTY_WORD, NULL},
	{"status", PROPERTY_WORD, NULL},
	{"allowed", PROPERTY_LIST, NULL},
	{0},
};

static const char *const test_needs[] = {"interface", NULL};
static const char *const test_needs_chain[] = {"chain", NULL};

static const struct menu test_menus[] = {
	{.path = "/lab address",
         .rest = "lab/address",
         .properties = test_properties,
         .flags = "XID",
         .needs = test_needs},
	{.path = "/lab filter",
         .rest = "lab/filter",
         .properties = test_properties,
         .flags = "XID",
         .needs = test_needs_chain},
};

/* --- one case
 * ------------------------------------------------------------------------------------ */

static char *path_of(const char *name, const char *file)
{
	static char path[512];

	snprintf(path, sizeof(path), FIXTURES "/%s/%s", name, file);
	return path;
}

static bool has_file(const char *name, const char *file)
{
	return access(path_of(name, file), R_OK) == 0;
}

static json_t *load(const char *name, const char *file)
{
	json_error_t why;
	json_t *root = json_load_file(path_of(name, file), JSON_REJECT_DUPLICATES, &why);

	if (!root)
		fail_msg("%s:%d: %s", path_of(name, file), why.line, why.text);
	return root;
}

static void check_json(const char *name, json_t *got, json_t *want)
{
	for (size_t i = 0; i < json_array_size(got) || i < json_array_size(want); i++) {
		json_t *a = json_array_get(got, i), *b = json_array_get(want, i);
		char *text_a, *text_b;

		if (a && b && json_equal(a, b))
			continue;
		text_a = a ? json_dumps(a, JSON_SORT_KEYS) : strdup("nothing");
		text_b = b ? json_dumps(b, JSON_SORT_KEYS) : strdup("nothing");
		print_error("%s: row %zu\n  got  %s\n  want %s\n", name, i, text_a, text_b);
		free(text_a);
		free(text_b);
		fail();
	}
}

static void check_warnings(const char *name, const struct device *d)
{
	struct buf got;
	char *want;

	buf_init(&got, 65536);
	for (size_t i = 0; i < d->notes_n; i++) {
		const char *text = d->notes[i].text;

		assert_memory_equal(text, "input: ", 7);
		buf_printf(&got, "%s\n", text + 7);
	}
	want = has_file(name, "warnings") ? test_read_file(path_of(name, "warnings")) : strdup("");
	assert_text_equal(buf_str(&got), want);
	free(want);
	buf_done(&got);
}

/* UPDATE_GOLDEN=1 writes the error that came instead of comparing. */
static void check_error(const char *name, const struct error *err)
{
	struct buf got;
	char *want;

	buf_init(&got, 8192);
	error_format(err, &got);
	buf_putc(&got, '\n');
	if (getenv("UPDATE_GOLDEN"))
		test_write_file(path_of(name, "error"), buf_str(&got));
	want = test_read_file(path_of(name, "error"));
	assert_text_equal(buf_str(&got), want);
	free(want);
	buf_done(&got);
}

static void check_services(const char *name, const char *input, size_t n)
{
	struct error err = {0};
	struct device d;

	device_init(&d);
	if (services_parse_text(input, n, "input", &d, &err)) {
		if (has_file(name, "expected.json"))
			fail_msg("%s:%zu:%zu: %s", name, err.line, err.column, err.text);
		check_error(name, &err);
	} else {
		json_t *got = services_to_json(&d), *want;

		if (!has_file(name, "expected.json"))
			fail_msg("%s was read, but should be refused", name);
		want = load(name, "expected.json");
		check_json(name, got, json_object_get(want, "services"));
		check_warnings(name, &d);
		json_decref(want);
		json_decref(got);
	}
	device_done(&d);
}

static json_t *rows_to_json(const struct rows *rows)
{
	json_t *list = json_array();

	for (size_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->v[i];
		json_t *o = json_object(), *cells = json_object();

		json_object_set_new(o, "flags", json_string(row->flags));
		if (row->about)
			json_object_set_new(o, "about", json_string(row->about));
		for (size_t k = 0; k < row->n; k++)
			json_object_set_new(cells, row->cells[k].name,
			                    json_string(row->cells[k].value));
		json_object_set_new(o, "cells", cells);
		json_array_append_new(list, o);
	}
	return list;
}

static void check_rows(const char *name, const char *input, size_t n)
{
	json_t *want = load(name, "rows.json"), *got;
	const struct menu *menu = &test_menus[strstr(name, "filter") != NULL];
	struct error err = {0};
	struct arena arena;
	struct rows rows;

	arena_init(&arena);
	if (rows_parse(menu, input, n, "input", &arena, &rows, &err))
		fail_msg("%s:%zu:%zu: %s", name, err.line, err.column, err.text);
	got = rows_to_json(&rows);
	check_json(name, got, want);
	json_decref(got);
	json_decref(want);
	arena_done(&arena);
}

static void test_case(void **state)
{
	const char *name = *state;
	size_t n;
	char *input = test_read_file_n(path_of(name, "input"), &n);

	if (has_file(name, "rows.json"))
		check_rows(name, input, n);
	else
		check_services(name, input, n);
	free(input);
}

/* --- the list of statements
 * ------------------------------------------------------------------------ */

static char *case_names[CASES_MAX];
static size_t case_n;

static size_t case_index(const char *name, size_t n)
{
	for (size_t i = 0; i < case_n; i++)
		if (strlen(case_names[i]) == n && memcmp(case_names[i], name, n) == 0)
			return i;
	return case_n;
}

/* "statement → case case …"; every line names cases that exist. */
static void mark_cases(const char *line, bool *named)
{
	const char *p = strstr(line, " \xe2\x86\x92 ");
	size_t n = 0;

	if (!p || p == line)
		fail_msg("no statement and no case: %.80s", line);
	for (p += 5; *p && *p != '\n'; n++) {
		size_t len = strcspn(p, " \n"), i = case_index(p, len);

		if (i == case_n)
			fail_msg("STATEMENTS names a case that is not there: %.*s", (int)len, p);
		named[i] = true;
		p += len + strspn(p + len, " ");
	}
	assert_true(n > 0);
}

static void test_every_statement_has_a_fixture_and_every_fixture_a_statement(void **state)
{
	char *text = test_read_file(FIXTURES "/STATEMENTS");
	bool named[CASES_MAX] = {0};
	size_t lines = 0;

	(void)state;
	for (char *p = text; *p; p = strchrnul(p, '\n') + (*strchrnul(p, '\n') != '\0')) {
		if (*p == '#')
			continue;
		mark_cases(p, named);
		lines++;
	}
	assert_true(lines > 50);
	for (size_t i = 0; i < case_n; i++)
		if (!named[i])
			fail_msg("STATEMENTS does not name %s", case_names[i]);
	free(text);
}

static int is_case(const struct dirent *e)
{
	return e->d_name[0] != '.' && strcmp(e->d_name, "STATEMENTS") != 0;
}

static void find_cases(void)
{
	struct dirent **list;
	int n = scandir(FIXTURES, &list, is_case, alphasort);

	for (int i = 0; i < n; i++) {
		if (case_n < CASES_MAX)
			case_names[case_n++] = strdup(list[i]->d_name);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

int main(void)
{
	struct CMUnitTest tests[CASES_MAX + 1];
	size_t n = 0;
	int status;

	find_cases();
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(
		test_every_statement_has_a_fixture_and_every_fixture_a_statement);
	for (size_t i = 0; i < case_n; i++)
		tests[n++] = (struct CMUnitTest){.name = case_names[i],
		                                 .test_func = test_case,
		                                 .initial_state = case_names[i]};
	status = _cmocka_run_group_tests("routeros_forms", tests, n, NULL, NULL);
	for (size_t i = 0; i < case_n; i++)
		free(case_names[i]);
	return status;
}
