/* SARIF: what its schema does not say. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/report_text.h"
#include "tests/support/sample_results.h"
#include "tests/test.h"

static json_t *load(const struct results *results)
{
	char *text = report_text("sarif", results);
	json_error_t err;
	json_t *o = json_loads(text, JSON_REJECT_DUPLICATES, &err);

	if (!o)
		fail_msg("line %d: %s", err.line, err.text);
	free(text);
	return o;
}

static json_t *run_of(json_t *report)
{
	return json_array_get(json_object_get(report, "runs"), 0);
}

static json_t *result_at(json_t *report, size_t i)
{
	return json_array_get(json_object_get(run_of(report), "results"), i);
}

static const char *fingerprint(json_t *result)
{
	return json_string_value(json_object_get(json_object_get(result, "partialFingerprints"),
	                                         "rosauditFinding/v1"));
}

static const char *uri_of(json_t *result)
{
	json_t *place = json_array_get(json_object_get(result, "locations"), 0);
	json_t *file =
		json_object_get(json_object_get(place, "physicalLocation"), "artifactLocation");

	return json_string_value(json_object_get(file, "uri"));
}

static void test_every_rule_is_declared_and_pointed_at(void **state)
{
	struct sample *s = sample_new("mixed");
	json_t *o = load(&s->results), *rules, *result;
	size_t i;

	(void)state;
	rules = json_object_get(json_object_get(json_object_get(run_of(o), "tool"), "driver"),
	                        "rules");
	assert_int_equal(json_array_size(rules), s->results.rules_n);
	json_array_foreach(json_object_get(run_of(o), "results"), i, result)
	{
		json_int_t at = json_integer_value(json_object_get(result, "ruleIndex"));
		json_t *rule = json_array_get(rules, (size_t)at);

		assert_string_equal(json_string_value(json_object_get(rule, "id")),
		                    json_string_value(json_object_get(result, "ruleId")));
	}
	json_decref(o);
	sample_free(s);
}

static void test_severities_have_scores_in_their_services_bands(void **state)
{
	static const struct {
		enum severity severity;
		double least, below;
	} bands[] = {
		{SEVERITY_CRITICAL, 9.01, 10.1}, {SEVERITY_HIGH, 7, 9},   {SEVERITY_MEDIUM, 4, 7},
		{SEVERITY_LOW, 0.1, 4},          {SEVERITY_INFO, 0, 0.1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bands) / sizeof(bands[0]); i++) {
		struct sample *s = sample_new("mixed");
		json_t *o, *bag;
		double score;

		s->results.v[0].findings.v[0].severity = bands[i].severity;
		o = load(&s->results);
		bag = json_object_get(result_at(o, 0), "properties");
		score = strtod(json_string_value(json_object_get(bag, "security-severity")), NULL);
		assert_true(score >= bands[i].least && score < bands[i].below);
		json_decref(o);
		sample_free(s);
	}
}

/* A dashboard follows a finding over runs by its fingerprint. */
static void test_a_fingerprint_outlives_severity_and_evidence(void **state)
{
	struct sample *s = sample_new("mixed");
	json_t *before = load(&s->results), *after;
	struct finding *f = &s->results.v[0].findings.v[0];

	(void)state;
	f->severity = SEVERITY_LOW;
	f->evidence = "something else";
	f->waived = true;
	f->origin.line = 99;
	after = load(&s->results);
	assert_string_equal(fingerprint(result_at(before, 0)), fingerprint(result_at(after, 0)));
	f->port = 2323;
	json_decref(after);
	after = load(&s->results);
	assert_string_not_equal(fingerprint(result_at(before, 0)),
	                        fingerprint(result_at(after, 0)));
	json_decref(before);
	json_decref(after);
	sample_free(s);
}

static void test_no_two_results_share_a_fingerprint(void **state)
{
	struct sample *s = sample_many(6);
	json_t *o, *results;

	(void)state;
	/* Twice the same finding: their order tells them apart. */
	s->results.v[1].findings.v[1] = s->results.v[1].findings.v[0];
	o = load(&s->results);
	results = json_object_get(run_of(o), "results");
	for (size_t i = 0; i < json_array_size(results); i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(fingerprint(result_at(o, i)),
			                        fingerprint(result_at(o, j)));
	json_decref(o);
	sample_free(s);
}

static void test_waived_is_suppressed_with_its_reason(void **state)
{
	struct sample *s = sample_new("waived");
	json_t *o = load(&s->results), *one;

	(void)state;
	one = json_array_get(json_object_get(result_at(o, 0), "suppressions"), 0);
	assert_string_equal(json_string_value(json_object_get(one, "kind")), "external");
	assert_string_equal(json_string_value(json_object_get(one, "status")), "accepted");
	assert_non_null(json_object_get(one, "justification"));
	assert_int_equal(json_array_size(json_object_get(result_at(o, 2), "suppressions")), 0);
	json_decref(o);
	sample_free(s);
}

static void test_what_could_not_be_judged_is_open_without_a_level(void **state)
{
	struct sample *s = sample_new("mixed");
	json_t *o = load(&s->results);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(result_at(o, 3), "kind")), "open");
	assert_string_equal(json_string_value(json_object_get(result_at(o, 3), "level")), "none");
	json_decref(o);
	sample_free(s);
}

static void test_a_location_is_the_policy_line_or_the_router(void **state)
{
	struct sample *s = sample_new("mixed");
	json_t *o = load(&s->results), *place;

	(void)state;
	assert_string_equal(uri_of(result_at(o, 0)), "lab.yaml");
	assert_null(uri_of(result_at(o, 2)));
	place = json_array_get(json_object_get(result_at(o, 2), "locations"), 0);
	place = json_array_get(json_object_get(place, "logicalLocations"), 0);
	assert_string_equal(json_string_value(json_object_get(place, "fullyQualifiedName")),
	                    "gateway-of-the-lab/telnet 23/tcp");
	json_decref(o);
	sample_free(s);
}

static void test_paths_become_uris(void **state)
{
	static const struct {
		const char *path, *uri;
	} cases[] = {
		{"lab.yaml", "lab.yaml"},
		{"my lab/a:b.yaml", "my%20lab/a%3Ab.yaml"},
		{"/etc/rosaudit/100%.yaml", "file:///etc/rosaudit/100%25.yaml"},
		{"../r\xc3\xa9.yaml", "../r%C3%A9.yaml"},
		{"a\033[1m?#", "a%1B%5B1m%3F%23"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sample *s = sample_new("mixed");
		json_t *o;

		s->results.v[0].findings.v[0].origin.file = cases[i].path;
		o = load(&s->results);
		assert_string_equal(uri_of(result_at(o, 0)), cases[i].uri);
		json_decref(o);
		sample_free(s);
	}
}

static void test_a_router_that_was_not_audited_is_told_by_the_run(void **state)
{
	struct sample *s = sample_new("unreachable");
	json_t *o = load(&s->results), *invocation, *told;

	(void)state;
	invocation = json_array_get(json_object_get(run_of(o), "invocations"), 0);
	assert_true(json_is_false(json_object_get(invocation, "executionSuccessful")));
	assert_int_equal(json_integer_value(json_object_get(invocation, "exitCode")), 3);
	told = json_array_get(json_object_get(invocation, "toolExecutionNotifications"), 0);
	assert_contains(
		json_string_value(json_object_get(json_object_get(told, "message"), "text")),
		"r3: not audited: 192.0.2.3 port 22");
	json_decref(o);
	sample_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_rule_is_declared_and_pointed_at),
		cmocka_unit_test(test_severities_have_scores_in_their_services_bands),
		cmocka_unit_test(test_a_fingerprint_outlives_severity_and_evidence),
		cmocka_unit_test(test_no_two_results_share_a_fingerprint),
		cmocka_unit_test(test_waived_is_suppressed_with_its_reason),
		cmocka_unit_test(test_what_could_not_be_judged_is_open_without_a_level),
		cmocka_unit_test(test_a_location_is_the_policy_line_or_the_router),
		cmocka_unit_test(test_paths_become_uris),
		cmocka_unit_test(test_a_router_that_was_not_audited_is_told_by_the_run),
	};

	return cmocka_run_group_tests_name("report_sarif", tests, NULL, NULL);
}
