/* The JSON report: goldens, every field by name, foreign bytes. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/report.h"
#include "tests/support/sample_results.h"
#include "tests/test.h"

#define REPORT_BYTES (8u << 20)

static char *write_report(const struct results *results)
{
	const struct report_options opt = {.width = 80};
	struct buf out;
	char *text;

	buf_init(&out, REPORT_BYTES);
	report_find("json")->write(results, &opt, &out);
	assert_false(out.overflow);
	text = strdup(buf_str(&out));
	assert_non_null(text);
	buf_done(&out);
	return text;
}

/* The program's version changes more often than the format. */
static void mask_version(char *text)
{
	char *from = strstr(text, "\"program\": \"rosaudit "), *end;

	assert_non_null(from);
	from += strlen("\"program\": \"rosaudit ");
	end = strchr(from, '"');
	assert_non_null(end);
	*from = '#';
	memmove(from + 1, end, strlen(end) + 1);
}

static json_t *load(const char *text)
{
	json_error_t err;
	json_t *o = json_loads(text, JSON_REJECT_DUPLICATES, &err);

	if (!o)
		fail_msg("line %d: %s", err.line, err.text);
	return o;
}

static json_t *report_of(const char *sample, struct sample **s)
{
	char *text;
	json_t *o;

	*s = sample_new(sample);
	text = write_report(&(*s)->results);
	o = load(text);
	free(text);
	return o;
}

static json_t *router(json_t *report, size_t i)
{
	return json_array_get(json_object_get(report, "routers"), i);
}

static const char *string_at(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	if (!s)
		fail_msg("%s is no string", key);
	return s;
}

static void assert_null_at(const json_t *o, const char *key)
{
	if (!json_is_null(json_object_get(o, key)))
		fail_msg("%s is not null", key);
}

static json_int_t integer_at(const json_t *o, const char *key)
{
	assert_true(json_is_integer(json_object_get(o, key)));
	return json_integer_value(json_object_get(o, key));
}

static void test_samples_match_their_goldens(void **state)
{
	(void)state;
	for (size_t i = 0; sample_names[i]; i++) {
		struct sample *s = sample_new(sample_names[i]);
		char *text = write_report(&s->results);
		char path[128];

		snprintf(path, sizeof(path), "report/%s.json", sample_names[i]);
		json_decref(load(text));
		mask_version(text);
		assert_golden(path, text);
		free(text);
		sample_free(s);
	}
}

static void test_the_head_names_format_version_and_verdict(void **state)
{
	struct sample *s;
	json_t *o = report_of("mixed", &s);
	json_t *summary = json_object_get(o, "summary");

	(void)state;
	assert_string_equal(string_at(o, "format"), "rosaudit-report");
	assert_int_equal(integer_at(o, "version"), 1);
	assert_int_equal(integer_at(o, "exit_status"), results_exit_status(&s->results));
	assert_string_equal(string_at(o, "fail_on"), "medium");
	assert_true(json_is_false(json_object_get(o, "interrupted")));
	assert_int_equal(integer_at(summary, "pass"), 1);
	assert_int_equal(integer_at(summary, "could_not_tell"), 1);
	assert_int_equal(integer_at(json_object_get(summary, "findings"), "high"), 2);
	json_decref(o);
	sample_free(s);
}

static void test_a_finding_carries_its_three_values_and_origin(void **state)
{
	struct sample *s;
	json_t *o = report_of("mixed", &s);
	const json_t *f = json_array_get(json_object_get(router(o, 0), "findings"), 0);
	const json_t *last = json_array_get(json_object_get(router(o, 0), "findings"), 5);

	(void)state;
	assert_string_equal(string_at(f, "rule"), "RA102");
	assert_string_equal(string_at(f, "severity"), "critical");
	assert_string_equal(string_at(f, "expected"), "disabled");
	assert_string_equal(string_at(f, "declared"), "enabled");
	assert_string_equal(string_at(f, "reachable"), "open, serving (telnet)");
	assert_string_equal(string_at(f, "mend"), "/ip service set telnet disabled=yes");
	assert_int_equal(integer_at(json_object_get(f, "origin"), "line"), 12);
	assert_int_equal(integer_at(json_object_get(f, "origin"), "column"), 16);
	assert_null_at(last, "origin");
	assert_null_at(last, "expected");
	assert_null_at(last, "service");
	json_decref(o);
	sample_free(s);
}

static void test_subjects_point_at_their_findings(void **state)
{
	struct sample *s;
	json_t *o = report_of("mixed", &s);
	const json_t *subjects = json_object_get(router(o, 0), "subjects");
	const json_t *telnet = json_array_get(subjects, 2);
	const json_t *dns = json_array_get(subjects, 3);

	(void)state;
	assert_int_equal(json_array_size(json_object_get(telnet, "findings")), 2);
	assert_int_equal(json_integer_value(json_array_get(json_object_get(telnet, "findings"), 1)),
	                 2);
	assert_string_equal(string_at(telnet, "verdict"), "finding");
	assert_string_equal(string_at(telnet, "worst"), "critical");
	assert_null_at(dns, "expected");
	assert_null_at(dns, "verdict");
	assert_string_equal(string_at(dns, "proto"), "udp");
	json_decref(o);
	sample_free(s);
}

static void test_what_is_unknown_is_null(void **state)
{
	struct sample *s;
	json_t *o = report_of("incomplete", &s);
	const json_t *device = json_object_get(router(o, 0), "device");
	const json_t *row = json_array_get(json_object_get(device, "services"), 0);

	(void)state;
	assert_null_at(device, "seen_as");
	assert_string_equal(string_at(device, "static_complete"), "unknown");
	assert_null_at(row, "dynamic");
	assert_null_at(row, "proto");
	assert_true(json_is_false(json_object_get(row, "disabled")));
	assert_true(json_is_true(json_object_get(router(o, 0), "audited")));
	assert_int_equal(integer_at(json_object_get(router(o, 0), "error"), "line"), 3);
	json_decref(o);
	sample_free(s);
}

static void test_an_unaudited_router_has_its_error(void **state)
{
	struct sample *s;
	json_t *o = report_of("unreachable", &s);
	const json_t *r = router(o, 0), *err = json_object_get(r, "error");

	(void)state;
	assert_true(json_is_false(json_object_get(r, "audited")));
	assert_int_equal(integer_at(r, "exit_status"), 3);
	assert_string_equal(string_at(err, "kind"), "network");
	assert_string_equal(string_at(err, "text"), "192.0.2.3 port 22: connection refused");
	assert_contains(string_at(err, "hint"), "\nOn the router");
	assert_null_at(err, "where");
	json_decref(o);
	sample_free(s);
}

static void test_observations_keep_probe_and_banner(void **state)
{
	struct sample *s;
	json_t *o = report_of("clean", &s), *m;
	const json_t *ftp = json_array_get(json_object_get(router(o, 0), "observations"), 0);
	const json_t *refused;

	(void)state;
	assert_string_equal(string_at(ftp, "state"), "open");
	assert_string_equal(string_at(ftp, "serve"), "serving");
	assert_string_equal(string_at(ftp, "app"), "ftp");
	assert_string_equal(string_at(ftp, "banner"), "220 lab-r1 FTP server ready");
	assert_null_at(ftp, "banner_hex");
	assert_int_equal(integer_at(ftp, "rtt_us"), 412);
	json_decref(o);
	sample_free(s);
	m = report_of("mixed", &s);
	refused = json_array_get(json_object_get(router(m, 0), "observations"), 1);
	assert_int_equal(integer_at(refused, "probed_port"), 2222);
	assert_string_equal(string_at(refused, "serve"), "refused");
	assert_string_equal(string_at(refused, "close"), "rst");
	json_decref(m);
	sample_free(s);
}

/* Bytes that are no UTF-8 are \xNN in the text, and whole in banner_hex. */
static void test_foreign_bytes_are_escaped_and_lossless_in_hex(void **state)
{
	struct sample *s;
	json_t *o = report_of("hostile", &s);
	const json_t *ob = json_array_get(json_object_get(router(o, 0), "observations"), 0);

	(void)state;
	assert_memory_equal(string_at(ob, "banner"), "\001\\x00\\xFF\033[2J", 13);
	assert_memory_equal(string_at(ob, "banner_hex"), "0100ff1b5b324a", 14);
	assert_contains(string_at(router(o, 0), "name"), "\r\n\\xFF\\xFE \"quoted\"");
	json_decref(o);
	sample_free(s);
}

static void test_the_document_is_printable_ascii(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 100; seed++) {
		struct sample *s = seed == 1 ? sample_new("hostile") : sample_random(seed);
		char *text = write_report(&s->results);

		for (const char *p = text; *p; p++)
			assert_true(*p == '\n' || (*p >= ' ' && *p < 0x7F));
		json_decref(load(text));
		free(text);
		sample_free(s);
	}
}

static void test_no_secret_is_written(void **state)
{
	struct sample *s = sample_new("clean");
	char *text;

	(void)state;
	s->targets[0].user = "audit";
	s->targets[0].password = (struct secret_spec){SECRET_LITERAL, "hunter-two"};
	s->targets[0].key_passphrase = (struct secret_spec){SECRET_LITERAL, "pass-phrase"};
	text = write_report(&s->results);
	assert_null(strstr(text, "hunter-two"));
	assert_null(strstr(text, "pass-phrase"));
	free(text);
	sample_free(s);
}

/* docs/report.md names every key that a report can hold. */
static void assert_documented(const json_t *value, const char *docs)
{
	const char *key;
	json_t *inner;
	size_t i;

	json_object_foreach((json_t *)value, key, inner)
	{
		char quoted[128];

		snprintf(quoted, sizeof(quoted), "`%s`", key);
		if (!strstr(docs, quoted))
			fail_msg("docs/report.md does not name %s", quoted);
		assert_documented(inner, docs);
	}
	json_array_foreach(value, i, inner) assert_documented(inner, docs);
}

static void test_every_field_is_documented(void **state)
{
	static const char *const samples[] = {"mixed", "incomplete", "unreachable"};
	char *docs = test_read_file("docs/report.md");

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct sample *s;
		json_t *o = report_of(samples[i], &s);

		assert_documented(o, docs);
		json_decref(o);
		sample_free(s);
	}
	free(docs);
}

static void test_fail_on_never_is_told(void **state)
{
	struct sample *s = sample_new("mixed");
	char *text;
	json_t *o;

	(void)state;
	s->results.fail_never = true;
	for (size_t i = 0; i < s->results.v[0].findings.n; i++)
		s->results.v[0].findings.v[i].undecided = false;
	text = write_report(&s->results);
	o = load(text);
	assert_string_equal(string_at(o, "fail_on"), "never");
	assert_int_equal(integer_at(o, "exit_status"), 0);
	assert_string_equal(string_at(o, "verdict"),
	                    "6 findings, none of which fails: --fail-on never.");
	json_decref(o);
	free(text);
	sample_free(s);
}

static void test_exposure_and_the_deciding_rule_are_told(void **state)
{
	struct sample *s = sample_new("mixed");
	const struct exposure_part part = {.outcome = EXPOSURE_SERVED,
	                                   .possible = 1u << EXPOSURE_SERVED,
	                                   .from = addrset_empty(4)};
	struct exposure_row row = {.interface = "ether1",
	                           .service = "ssh",
	                           .port = 22,
	                           .proto = L4_TCP,
	                           .family = 4,
	                           .parts = &part,
	                           .n = 0};
	struct exposure *e = &s->results.v[0].exposure;
	const json_t *exposure;
	char *text;
	json_t *o;

	(void)state;
	e->known = true;
	e->rows = &row;
	e->rows_n = 1;
	s->results.v[0].findings.v[0].filtered_by = "rule 7 \"office\"";
	text = write_report(&s->results);
	o = load(text);
	exposure = json_object_get(router(o, 0), "exposure");
	assert_true(json_is_true(json_object_get(exposure, "known")));
	assert_string_equal(
		string_at(json_array_get(json_object_get(exposure, "rows"), 0), "interface"),
		"ether1");
	assert_string_equal(string_at(json_array_get(json_object_get(router(o, 0), "findings"), 0),
	                              "filtered_by"),
	                    "rule 7 \"office\"");
	e->rows = NULL;
	e->rows_n = 0;
	json_decref(o);
	free(text);
	sample_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples_match_their_goldens),
		cmocka_unit_test(test_the_head_names_format_version_and_verdict),
		cmocka_unit_test(test_a_finding_carries_its_three_values_and_origin),
		cmocka_unit_test(test_subjects_point_at_their_findings),
		cmocka_unit_test(test_what_is_unknown_is_null),
		cmocka_unit_test(test_an_unaudited_router_has_its_error),
		cmocka_unit_test(test_observations_keep_probe_and_banner),
		cmocka_unit_test(test_foreign_bytes_are_escaped_and_lossless_in_hex),
		cmocka_unit_test(test_the_document_is_printable_ascii),
		cmocka_unit_test(test_no_secret_is_written),
		cmocka_unit_test(test_every_field_is_documented),
		cmocka_unit_test(test_fail_on_never_is_told),
		cmocka_unit_test(test_exposure_and_the_deciding_rule_are_told),
	};

	return cmocka_run_group_tests_name("report_json", tests, NULL, NULL);
}
