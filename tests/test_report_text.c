/* The text report: goldens, widths, hostile texts, the closing sentence. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/report.h"
#include "rosaudit/text.h"
#include "tests/support/sample_results.h"
#include "tests/test.h"

#define REPORT_BYTES (8u << 20)

static char *write_report(const struct results *results, size_t width, bool colour, bool verbose)
{
	const struct report_options opt = {.width = width, .colour = colour, .verbose = verbose};
	struct buf out;
	char *text;

	buf_init(&out, REPORT_BYTES);
	report_find("text")->write(results, &opt, &out);
	assert_false(out.overflow);
	text = strdup(buf_str(&out));
	assert_non_null(text);
	buf_done(&out);
	return text;
}

static void assert_lines_fit(const char *text, size_t width)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		char *line = strndup(text, n);

		assert_non_null(line);
		if (text_width(line) > width)
			fail_msg("%zu columns in a page of %zu: %s", text_width(line), width, line);
		free(line);
		text += n + (text[n] == '\n');
	}
}

/* Nothing but printable text and newlines may reach a terminal. */
static void assert_harmless(const char *text)
{
	size_t n = strlen(text), len;

	for (size_t i = 0; i < n; i += len) {
		long c = text_utf8(text + i, n - i, &len);

		if (c != '\n' && (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x202E))
			fail_msg("character %lx at byte %zu", (unsigned long)c, i);
	}
}

static void test_samples_match_their_goldens_at_80_and_120_columns(void **state)
{
	static const size_t widths[] = {80, 120};

	(void)state;
	for (size_t i = 0; sample_names[i]; i++) {
		struct sample *s = sample_new(sample_names[i]);

		for (size_t j = 0; j < 2; j++) {
			char *text = write_report(&s->results, widths[j], false, false);
			char path[128];

			snprintf(path, sizeof(path), "report/%s.%zu.txt", sample_names[i],
			         widths[j]);
			assert_golden(path, text);
			assert_lines_fit(text, widths[j]);
			assert_harmless(text);
			free(text);
		}
		sample_free(s);
	}
}

static void test_many_routers_end_in_one_table(void **state)
{
	struct sample *s = sample_many(30);
	char *text = write_report(&s->results, 80, false, false);

	(void)state;
	assert_golden("report/thirty.80.txt", text);
	assert_lines_fit(text, 80);
	assert_contains(text, "20 audited, 10 not audited");
	free(text);
	sample_free(s);
}

static void test_verbose_shows_info_findings_and_notes_are_always_shown(void **state)
{
	struct sample *s = sample_new("mixed");
	char *quiet = write_report(&s->results, 80, false, false);
	char *verbose = write_report(&s->results, 80, false, true);

	(void)state;
	assert_null(strstr(quiet, "info RA203"));
	assert_contains(quiet, "column SPEED");
	assert_contains(quiet, "1 info finding not shown");
	assert_contains(quiet, "1 low, 1 info");
	assert_contains(verbose, "info RA203");
	assert_contains(verbose, "column SPEED");
	assert_null(strstr(verbose, "not shown"));
	free(quiet);
	free(verbose);
	sample_free(s);
}

/* Without the SGR sequences the coloured report is the plain one. */
static void test_colour_adds_nothing_but_sgr(void **state)
{
	struct sample *s = sample_new("mixed");
	char *plain = write_report(&s->results, 80, false, false);
	char *colour = write_report(&s->results, 80, true, false);
	char *to = colour;

	(void)state;
	assert_non_null(strstr(colour, "\033[1;31m"));
	for (const char *from = colour; *from;) {
		if (from[0] == '\033' && from[1] == '[')
			from += strcspn(from, "m") + 1;
		else
			*to++ = *from++;
	}
	*to = '\0';
	assert_text_equal(colour, plain);
	free(plain);
	free(colour);
	sample_free(s);
}

static void test_no_line_is_wider_than_the_page(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 300; seed++) {
		struct sample *s = sample_random(seed);
		size_t width = 80 + seed % 60;
		char *text = write_report(&s->results, width, false, seed % 2);

		assert_lines_fit(text, width);
		assert_harmless(text);
		free(text);
		sample_free(s);
	}
}

static void test_a_page_below_80_columns_is_laid_out_for_80(void **state)
{
	struct sample *s = sample_new("mixed");
	char *narrow = write_report(&s->results, 20, false, false);
	char *usual = write_report(&s->results, 80, false, false);

	(void)state;
	assert_text_equal(narrow, usual);
	free(narrow);
	free(usual);
	sample_free(s);
}

static void test_a_wide_page_leaves_nothing_out(void **state)
{
	struct sample *s = sample_new("mixed");
	char *text = write_report(&s->results, 200, false, false);

	(void)state;
	assert_lines_fit(text, 200);
	assert_contains(text, "enabled, within 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, "
	                      "2001:db8::/64  enabled, unrestricted  open, serving (ssh)");
	free(text);
	sample_free(s);
}

static void test_a_value_left_out_is_marked_and_whole_below(void **state)
{
	struct sample *s = sample_new("hostile");
	char *text = write_report(&s->results, 80, false, false);

	(void)state;
	assert_contains(text, "[...]");
	assert_contains(text, "[...] stands for what did not fit");
	free(text);
	sample_free(s);
}

/* The lines joined where they end in a backslash, without the blanks that follow it. */
static void test_a_broken_command_can_be_pasted(void **state)
{
	struct sample *s = sample_new("mixed");
	char *text = write_report(&s->results, 80, false, false);
	const char *from = strstr(text, "/ip service set ssh");
	char joined[512];
	size_t n = 0;

	(void)state;
	assert_non_null(from);
	while (*from != '\n' && n < sizeof(joined) - 1) {
		if (from[0] == '\\' && from[1] == '\n')
			from += 2 + strspn(from + 2, " ");
		else
			joined[n++] = *from++;
	}
	joined[n] = '\0';
	assert_text_equal(joined, s->results.v[0].findings.v[1].mend);
	free(text);
	sample_free(s);
}

static void test_the_verdict_agrees_with_the_exit_status(void **state)
{
	static const struct {
		const char *sample, *verdict;
		int status;
	} cases[] = {
		{"clean", "\nCompliant: no findings.\n", 0},
		{"mixed",
	         "\nIncomplete: 1 expectation could not be judged; and 3 findings at or "
	         "above medium.\n",
	         3},
		{"unreachable", "\nIncomplete: 1 router was not audited.\n", 3},
		{"incomplete", "\nIncomplete: 1 router was audited only in part.\n", 3},
		{"interrupted", "\nInterrupted: 0 of 1 router was audited.\n", 130},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sample *s = sample_new(cases[i].sample);
		char *text = write_report(&s->results, 120, false, false);

		assert_int_equal(results_exit_status(&s->results), cases[i].status);
		assert_contains(text, cases[i].verdict);
		free(text);
		sample_free(s);
	}
}

static void test_findings_below_the_threshold_are_compliant(void **state)
{
	struct sample *s = sample_new("mixed");
	struct findings *f = &s->results.v[0].findings;
	char *text;

	(void)state;
	for (size_t i = 0; i < f->n; i++) {
		f->v[i].severity = SEVERITY_LOW;
		f->v[i].undecided = false;
	}
	text = write_report(&s->results, 80, false, false);
	assert_int_equal(results_exit_status(&s->results), 0);
	assert_contains(text, "\nCompliant: 0 findings at or above medium.\n");
	free(text);
	s->results.fail_on = SEVERITY_LOW;
	text = write_report(&s->results, 80, false, false);
	assert_int_equal(results_exit_status(&s->results), 1);
	assert_contains(text, "\nNot compliant: 6 findings at or above low.\n");
	free(text);
	sample_free(s);
}

static void test_an_unaudited_router_never_reads_as_a_pass(void **state)
{
	struct sample *s = sample_new("unreachable");
	char *text = write_report(&s->results, 80, false, false);

	(void)state;
	assert_contains(text, "NOT AUDITED");
	assert_contains(text, "192.0.2.3 port 22: connection refused");
	assert_contains(text, "0 pass");
	assert_null(strstr(text, "Compliant"));
	assert_null(strstr(text, "vantage"));
	free(text);
	sample_free(s);
}

static void test_every_format_has_a_complete_row_and_is_found(void **state)
{
	(void)state;
	assert_true(report_formats_n >= 2);
	for (size_t i = 0; i < report_formats_n; i++) {
		const struct report_format *f = &report_formats[i];

		assert_non_null(f->write);
		assert_true(*f->help && *f->extension);
		assert_ptr_equal(report_find(f->name), f);
	}
	assert_null(report_find("yaml"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples_match_their_goldens_at_80_and_120_columns),
		cmocka_unit_test(test_many_routers_end_in_one_table),
		cmocka_unit_test(test_verbose_shows_info_findings_and_notes_are_always_shown),
		cmocka_unit_test(test_colour_adds_nothing_but_sgr),
		cmocka_unit_test(test_no_line_is_wider_than_the_page),
		cmocka_unit_test(test_a_page_below_80_columns_is_laid_out_for_80),
		cmocka_unit_test(test_a_wide_page_leaves_nothing_out),
		cmocka_unit_test(test_a_value_left_out_is_marked_and_whole_below),
		cmocka_unit_test(test_a_broken_command_can_be_pasted),
		cmocka_unit_test(test_the_verdict_agrees_with_the_exit_status),
		cmocka_unit_test(test_findings_below_the_threshold_are_compliant),
		cmocka_unit_test(test_an_unaudited_router_never_reads_as_a_pass),
		cmocka_unit_test(test_every_format_has_a_complete_row_and_is_found),
	};

	return cmocka_run_group_tests_name("report_text", tests, NULL, NULL);
}
