/* What every report format has in common: goldens, the table, hostile texts, a full buffer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/report.h"
#include "rosaudit/version.h"
#include "tests/support/report_text.h"
#include "tests/support/sample_results.h"
#include "tests/test.h"

/* The program's version changes more often than the formats. */
static void mask_version(char *text)
{
	static const char version[] = ROSAUDIT_VERSION;
	size_t n = strlen(version);

	assert_true(n >= 5);
	for (char *at = strstr(text, version); at; at = strstr(at + 5, version)) {
		memcpy(at, "0.0.0", 5);
		memmove(at + 5, at + n, strlen(at + n) + 1);
	}
}

/* report/SAMPLE.FORMAT.EXTENSION, or report/SAMPLE.FORMAT where both are one word. */
static void golden_path(const char *sample, const struct report_format *f, char *path, size_t n)
{
	if (strcmp(f->name, f->extension) == 0)
		snprintf(path, n, "report/%s.%s", sample, f->name);
	else
		snprintf(path, n, "report/%s.%s.%s", sample, f->name, f->extension);
}

static void test_six_results_match_their_goldens_in_every_format(void **state)
{
	static const char *const samples[] = {"empty",   "clean",       "mixed",
	                                      "hostile", "unreachable", "waived"};

	(void)state;
	/* text and json have tests, and goldens, of their own. */
	for (size_t i = 2; i < report_formats_n; i++) {
		for (size_t j = 0; j < sizeof(samples) / sizeof(samples[0]); j++) {
			struct sample *s = sample_new(samples[j]);
			char *text = report_text(report_formats[i].name, &s->results);
			char path[128];

			golden_path(samples[j], &report_formats[i], path, sizeof(path));
			mask_version(text);
			assert_golden(path, text);
			free(text);
			sample_free(s);
		}
	}
}

static void test_every_row_of_the_table_is_complete(void **state)
{
	(void)state;
	for (size_t i = 0; i < report_formats_n; i++) {
		const struct report_format *f = &report_formats[i];

		assert_true(f->name[0] && f->extension[0] && f->help[0]);
		assert_non_null(f->write);
		assert_ptr_equal(report_find(f->name), f);
	}
	assert_null(report_find("pdf"));
	assert_null(report_find(""));
}

static void test_names_are_listed_from_the_table(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	report_names("or", &b);
	assert_text_equal(buf_str(&b),
	                  "text, json, junit, sarif, csv, markdown, prometheus, nagios or html");
	buf_done(&b);
}

/* Nothing that steers a terminal, a spreadsheet or a parser leaves in any format, whatever the
 * router said; text's own colours are off. */
static void test_no_control_character_leaves_in_any_format(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 60; seed++) {
		struct sample *s = seed == 1 ? sample_new("hostile") : sample_random(seed);

		for (size_t i = 0; i < report_formats_n; i++) {
			char *text = report_text(report_formats[i].name, &s->results);

			for (const char *p = text; *p; p++)
				if ((unsigned char)*p < ' ' && !strchr("\n\t\r", *p))
					fail_msg("%s, seed %u: byte %d", report_formats[i].name,
					         seed, *p);
			assert_null(strchr(text, 0x7F));
			assert_null(strstr(text, "\xe2\x80\xae"));
			assert_null(strstr(text, "\xff"));
			free(text);
		}
		sample_free(s);
	}
}

static void test_reports_are_reproducible(void **state)
{
	(void)state;
	for (size_t i = 0; i < report_formats_n; i++) {
		struct sample *s = sample_many(7);
		char *first = report_text(report_formats[i].name, &s->results);
		char *second = report_text(report_formats[i].name, &s->results);

		assert_text_equal(first, second);
		free(first);
		free(second);
		sample_free(s);
	}
}

/* A report that does not fit says so; it is never cut silently. */
static void test_a_full_buffer_is_told_by_every_format(void **state)
{
	const struct report_options opt = {.width = 100};
	struct sample *s = sample_many(30);

	(void)state;
	for (size_t i = 0; i < report_formats_n; i++) {
		struct buf out;

		buf_init(&out, 100);
		report_formats[i].write(&s->results, &opt, &out);
		if (!out.overflow)
			fail_msg("%s: not told", report_formats[i].name);
		assert_true(out.n <= 100);
		buf_done(&out);
	}
	sample_free(s);
}

static void test_no_format_writes_a_secret(void **state)
{
	struct sample *s = sample_new("clean");

	(void)state;
	s->targets[0].user = "audit";
	s->targets[0].password = (struct secret_spec){SECRET_LITERAL, "hunter-two"};
	s->targets[0].key_passphrase = (struct secret_spec){SECRET_LITERAL, "pass-phrase"};
	for (size_t i = 0; i < report_formats_n; i++) {
		char *text = report_text(report_formats[i].name, &s->results);

		assert_null(strstr(text, "hunter-two"));
		assert_null(strstr(text, "pass-phrase"));
		free(text);
	}
	sample_free(s);
}

/* Two entries of a policy may carry one name; readers that key by name must not mix them up. */
static void test_routers_of_one_name_are_told_apart(void **state)
{
	struct sample *s = sample_many(3);

	(void)state;
	for (size_t i = 0; i < 3; i++)
		s->targets[i].name = "twin";
	for (size_t i = 2; i < report_formats_n; i++) {
		char *text;

		if (report_formats[i].status)
			continue;
		text = report_text(report_formats[i].name, &s->results);
		assert_contains(text, "twin (3)");
		free(text);
	}
	sample_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_six_results_match_their_goldens_in_every_format),
		cmocka_unit_test(test_every_row_of_the_table_is_complete),
		cmocka_unit_test(test_names_are_listed_from_the_table),
		cmocka_unit_test(test_no_control_character_leaves_in_any_format),
		cmocka_unit_test(test_reports_are_reproducible),
		cmocka_unit_test(test_a_full_buffer_is_told_by_every_format),
		cmocka_unit_test(test_no_format_writes_a_secret),
		cmocka_unit_test(test_routers_of_one_name_are_told_apart),
	};

	return cmocka_run_group_tests_name("report_formats", tests, NULL, NULL);
}
