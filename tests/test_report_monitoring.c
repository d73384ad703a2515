/* Prometheus and Nagios: what their readers rely on. Markdown's escaping. */
#include <stdlib.h>
#include <string.h>

#include "rosaudit/report.h"
#include "tests/support/report_text.h"
#include "tests/support/sample_results.h"
#include "tests/test.h"

static void set_worst(struct sample *s, enum severity severity, bool undecided)
{
	struct findings *f = &s->results.v[0].findings;

	f->v[0].severity = severity;
	f->v[0].undecided = undecided;
	f->n = 1;
}

static void test_nagios_statuses(void **state)
{
	static const struct {
		enum severity severity;
		bool undecided, waived, never;
		int status;
	} cases[] = {
		{SEVERITY_INFO, false, false, false, 0},
		{SEVERITY_LOW, false, false, false, 0},
		{SEVERITY_MEDIUM, false, false, false, 1},
		{SEVERITY_HIGH, false, false, false, 2},
		{SEVERITY_CRITICAL, false, false, false, 2},
		{SEVERITY_HIGH, true, false, false, 3},
		{SEVERITY_HIGH, false, true, false, 0},
		{SEVERITY_HIGH, true, true, false, 0},
		{SEVERITY_HIGH, false, false, true, 0},
	};
	const struct report_format *nagios = report_find("nagios");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sample *s = sample_new("mixed");

		set_worst(s, cases[i].severity, cases[i].undecided);
		s->results.v[0].findings.v[0].waived = cases[i].waived;
		s->results.fail_never = cases[i].never;
		if (nagios->status(&s->results) != cases[i].status)
			fail_msg("case %zu: %d", i, nagios->status(&s->results));
		sample_free(s);
	}
	assert_int_equal(nagios->status(NULL), 3);
}

/* A router that is down does not hide a hole in another; but it does hide that all is well. */
static void test_nagios_tells_what_is_bad_before_what_is_unknown(void **state)
{
	const struct report_format *nagios = report_find("nagios");
	struct sample *s = sample_many(3);

	(void)state;
	assert_int_equal(nagios->status(&s->results), 2);
	s->results.v[1].findings.n = 0;
	assert_int_equal(nagios->status(&s->results), 3);
	s->results.n = 1;
	assert_int_equal(nagios->status(&s->results), 0);
	s->results.interrupted = true;
	assert_int_equal(nagios->status(&s->results), 3);
	s->results.n = 3;
	sample_free(s);
}

static void test_nagios_is_one_line_with_one_bar(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 100; seed++) {
		struct sample *s = seed == 1 ? sample_new("hostile") : sample_random(seed);
		char *text = report_text("nagios", &s->results);

		assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
		assert_non_null(strchr(text, '|'));
		assert_ptr_equal(strchr(text, '|'), strrchr(text, '|'));
		assert_true(strlen(text) < 2048);
		free(text);
		sample_free(s);
	}
}

static void test_prometheus_has_no_sample_twice(void **state)
{
	struct sample *s = sample_many(4);
	char *text;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		s->targets[i].name = i < 3 ? "same" : "same (2)";
	text = report_text("prometheus", &s->results);
	for (char *line = text; *line; line = strchr(line, '\n') + 1) {
		size_t n = (size_t)(strchrnul(line, '}') - line);

		if (*line == '#' || line[n] != '}')
			continue;
		for (char *other = strchr(line, '\n') + 1; *other; other = strchr(other, '\n') + 1)
			if (strncmp(line, other, n + 1) == 0)
				fail_msg("twice: %.*s", (int)n, line);
	}
	free(text);
	sample_free(s);
}

static void test_prometheus_escapes_labels(void **state)
{
	struct sample *s = sample_new("clean");
	char *text;

	(void)state;
	s->targets[0].name = "a\"b\\c\nd";
	text = report_text("prometheus", &s->results);
	assert_contains(text, "router=\"a\\\"b\\\\c\\\\x0Ad\"");
	free(text);
	sample_free(s);
}

/* Neither services nor findings' texts are labels: their number has no bound. */
static void test_prometheus_grows_with_routers_only(void **state)
{
	char *text = report_text_of("prometheus", "mixed");

	(void)state;
	assert_null(strstr(text, "telnet"));
	assert_null(strstr(text, "RA102"));
	assert_null(strstr(text, "2000"));
	free(text);
}

static void test_prometheus_leaves_out_what_is_not_known(void **state)
{
	char *text = report_text_of("prometheus", "unreachable");

	(void)state;
	assert_contains(text, "rosaudit_router_audited{router=\"r3\"} 0\n");
	assert_null(strstr(text, "rosaudit_router_findings"));
	assert_null(strstr(text, "rosaudit_router_services_passed"));
	assert_null(strstr(text, "rosaudit_router_ports"));
	free(text);
}

static void test_markdown_has_no_way_out_of_a_cell(void **state)
{
	struct sample *s = sample_new("mixed");
	char *text;

	(void)state;
	s->results.v[0].findings.subjects[0].declared = "a|b `c` <i> @you www.example.net";
	s->results.v[0].findings.subjects[1].declared = "see www.example.net :warning:";
	text = report_text("markdown", &s->results);
	assert_contains(text, "| <code>a&#124;b &#96;c&#96; &#60;i&#62; &#64;you "
	                      "www.example.net</code> |");
	assert_contains(text, "| `see www.example.net :warning:` |");
	free(text);
	sample_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nagios_statuses),
		cmocka_unit_test(test_nagios_tells_what_is_bad_before_what_is_unknown),
		cmocka_unit_test(test_nagios_is_one_line_with_one_bar),
		cmocka_unit_test(test_prometheus_has_no_sample_twice),
		cmocka_unit_test(test_prometheus_escapes_labels),
		cmocka_unit_test(test_prometheus_grows_with_routers_only),
		cmocka_unit_test(test_prometheus_leaves_out_what_is_not_known),
		cmocka_unit_test(test_markdown_has_no_way_out_of_a_cell),
	};

	return cmocka_run_group_tests_name("report_monitoring", tests, NULL, NULL);
}
