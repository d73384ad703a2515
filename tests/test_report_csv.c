/* CSV: quoting by RFC 4180, and what a spreadsheet would calculate. */
#include <stdlib.h>
#include <string.h>

#include "src/report/csv.h"
#include "tests/support/report_text.h"
#include "tests/support/sample_results.h"
#include "tests/test.h"

static void assert_field(const char *text, const char *expected)
{
	struct buf out;
	struct csv c = {.out = &out, .first = true};

	buf_init(&out, 4096);
	csv_field(&c, text);
	assert_text_equal(buf_str(&out), expected);
	buf_done(&out);
}

static void test_fields_are_quoted_only_if_need_be(void **state)
{
	(void)state;
	assert_field("plain", "plain");
	assert_field("", "");
	assert_field(NULL, "");
	assert_field("a,b", "\"a,b\"");
	assert_field("say \"x\"", "\"say \"\"x\"\"\"");
	assert_field(" blank", "\" blank\"");
	assert_field("blank ", "\"blank \"");
	assert_field("192.0.2.0/24", "192.0.2.0/24");
	assert_field("\xe6\xbc\xa2", "\xe6\xbc\xa2");
}

static void test_formulas_get_an_apostrophe(void **state)
{
	(void)state;
	assert_field("=1+1", "\"'=1+1\"");
	assert_field("+1", "\"'+1\"");
	assert_field("-1", "\"'-1\"");
	assert_field("@SUM(A1)", "\"'@SUM(A1)\"");
	assert_field("  =1", "\"'  =1\"");
	assert_field("\"=1\"", "\"'\"\"=1\"\"\"");
	assert_field("\xEF\xBC\x9D"
	             "1",
	             "\"'\xEF\xBC\x9D"
	             "1\"");
	assert_field("a=1", "a=1");
}

/* A program that splits at semicolons sees a cell begin behind each. */
static void test_a_formula_behind_a_semicolon_gets_one_too(void **state)
{
	(void)state;
	assert_field("x;=cmd|' /C calc'!A0", "\"x;'=cmd|' /C calc'!A0\"");
	assert_field("x; =1", "\"x;' =1\"");
	assert_field("x;y", "\"x;y\"");
}

static void test_control_characters_are_made_visible(void **state)
{
	(void)state;
	assert_field("a\r\nb", "a\\x0D\\x0Ab");
	assert_field("\t=1", "\\x09=1");
	assert_field("\xff", "\\xFF");
}

/* Splits one line by RFC 4180; returns the number of fields. */
static size_t count_fields(const char *line, size_t n)
{
	bool quoted = false;
	size_t fields = 1;

	for (size_t i = 0; i < n; i++) {
		if (line[i] == '"')
			quoted = !quoted;
		else if (line[i] == ',' && !quoted)
			fields++;
	}
	assert_false(quoted);
	return fields;
}

static void test_every_line_has_the_headers_fields(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 100; seed++) {
		struct sample *s = sample_random(seed);
		char *text = report_text("csv", &s->results), *end;

		for (const char *p = text; *p; p = end + 2) {
			end = strstr(p, "\r\n");
			assert_non_null(end);
			assert_null(memchr(p, '\n', (size_t)(end - p)));
			assert_int_equal(count_fields(p, (size_t)(end - p)), 18);
		}
		free(text);
		sample_free(s);
	}
}

static void test_a_router_that_was_not_audited_has_its_line(void **state)
{
	char *text = report_text_of("csv", "unreachable");

	(void)state;
	assert_contains(text, "r3,192.0.2.3,,,,,,,,not audited,,,,"
	                      "192.0.2.3 port 22: connection refused,,,,\r\n");
	free(text);
}

static void test_an_audit_in_part_says_so_beside_its_results(void **state)
{
	char *text = report_text_of("csv", "incomplete");

	(void)state;
	assert_contains(text, ",audited in part,,,,");
	assert_contains(text, ",ftp,21,tcp,enabled,enabled,\"open, serving\",pass,");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields_are_quoted_only_if_need_be),
		cmocka_unit_test(test_formulas_get_an_apostrophe),
		cmocka_unit_test(test_a_formula_behind_a_semicolon_gets_one_too),
		cmocka_unit_test(test_control_characters_are_made_visible),
		cmocka_unit_test(test_every_line_has_the_headers_fields),
		cmocka_unit_test(test_a_router_that_was_not_audited_has_its_line),
		cmocka_unit_test(test_an_audit_in_part_says_so_beside_its_results),
	};

	return cmocka_run_group_tests_name("report_csv", tests, NULL, NULL);
}
