/* JUnit: read back with libxml2, counted, compared with the results. */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/report_text.h"
#include "tests/support/sample_results.h"
#include "tests/test.h"

static xmlDoc *parse(const char *text)
{
	xmlDoc *doc = xmlReadMemory(text, (int)strlen(text), "report.xml", NULL,
	                            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

	assert_non_null(doc);
	return doc;
}

static xmlDoc *report_of(const char *sample)
{
	char *text = report_text_of("junit", sample);
	xmlDoc *doc = parse(text);

	free(text);
	return doc;
}

static bool is_named(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static long number(xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetProp(node, (const xmlChar *)name);
	long n;

	assert_non_null(value);
	n = strtol((const char *)value, NULL, 10);
	xmlFree(value);
	return n;
}

static void assert_attribute(xmlNode *node, const char *name, const char *expected)
{
	xmlChar *value = xmlGetProp(node, (const xmlChar *)name);

	assert_non_null(value);
	assert_text_equal((const char *)value, expected);
	xmlFree(value);
}

static xmlNode *case_named(xmlNode *suite, const char *name)
{
	for (xmlNode *n = suite->children; n; n = n->next) {
		xmlChar *value =
			is_named(n, "testcase") ? xmlGetProp(n, (const xmlChar *)"name") : NULL;
		bool found = value && strcmp((const char *)value, name) == 0;

		xmlFree(value);
		if (found)
			return n;
	}
	fail_msg("no test case %s", name);
	return NULL;
}

static xmlNode *child(xmlNode *node, const char *name)
{
	for (xmlNode *n = node->children; n; n = n->next)
		if (is_named(n, name))
			return n;
	return NULL;
}

static xmlNode *first_suite(xmlDoc *doc)
{
	xmlNode *suite = child(xmlDocGetRootElement(doc), "testsuite");

	assert_non_null(suite);
	return suite;
}

struct counts {
	long tests, failures, errors, skipped;
};

/* Readers know these elements; a case holds one at most. */
static void count_case(xmlNode *node, struct counts *c)
{
	long results = 0;

	c->tests++;
	for (xmlNode *n = node->children; n; n = n->next) {
		if (n->type != XML_ELEMENT_NODE)
			continue;
		c->failures += is_named(n, "failure");
		c->errors += is_named(n, "error");
		c->skipped += is_named(n, "skipped");
		assert_true(is_named(n, "failure") || is_named(n, "error") ||
		            is_named(n, "skipped") || is_named(n, "system-out"));
		results++;
	}
	assert_true(results <= 1);
}

static void assert_counts(xmlNode *node, const struct counts *c)
{
	assert_int_equal(number(node, "tests"), c->tests);
	assert_int_equal(number(node, "failures"), c->failures);
	assert_int_equal(number(node, "errors"), c->errors);
	assert_int_equal(number(node, "skipped"), c->skipped);
}

static void assert_suite(xmlNode *suite, struct counts *all)
{
	struct counts c = {0};

	for (xmlNode *n = suite->children; n; n = n->next) {
		if (is_named(n, "testcase"))
			count_case(n, &c);
		else
			assert_true(n->type != XML_ELEMENT_NODE || is_named(n, "properties"));
	}
	assert_counts(suite, &c);
	all->tests += c.tests;
	all->failures += c.failures;
	all->errors += c.errors;
	all->skipped += c.skipped;
}

static void assert_consistent(xmlDoc *doc)
{
	xmlNode *root = xmlDocGetRootElement(doc);
	struct counts all = {0};

	assert_true(is_named(root, "testsuites"));
	for (xmlNode *n = root->children; n; n = n->next)
		if (n->type == XML_ELEMENT_NODE)
			assert_suite(n, &all);
	assert_counts(root, &all);
}

static void test_counts_are_those_of_the_cases(void **state)
{
	struct sample *many = sample_many(9);
	char *text = report_text("junit", &many->results);
	xmlDoc *doc = parse(text);

	(void)state;
	assert_consistent(doc);
	xmlFreeDoc(doc);
	free(text);
	sample_free(many);
	for (size_t i = 0; sample_names[i]; i++) {
		doc = report_of(sample_names[i]);
		assert_consistent(doc);
		xmlFreeDoc(doc);
	}
}

static void test_random_texts_stay_xml(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 100; seed++) {
		struct sample *s = sample_random(seed);
		char *text = report_text("junit", &s->results);
		xmlDoc *doc = parse(text);

		assert_consistent(doc);
		xmlFreeDoc(doc);
		free(text);
		sample_free(s);
	}
}

/* U+FFFE and U+FFFF are UTF-8, but no characters of XML. */
static void test_what_is_no_character_of_xml_is_escaped(void **state)
{
	struct sample *s = sample_new("clean");
	char *text;

	(void)state;
	s->targets[0].name = "a\xEF\xBF\xBE"
			     "b\xEF\xBF\xBF"
			     "c\xEF\xBF\xBD\x0b";
	text = report_text("junit", &s->results);
	xmlFreeDoc(parse(text));
	assert_contains(text, "name=\"a\\u{FFFE}b\\u{FFFF}c\xEF\xBF\xBD\\x0B\"");
	free(text);
	sample_free(s);
}

static void test_a_finding_that_fails_is_a_failure_with_file_and_line(void **state)
{
	xmlDoc *doc = report_of("mixed");
	xmlNode *telnet = case_named(first_suite(doc), "telnet 23/tcp");

	(void)state;
	assert_attribute(telnet, "file", "lab.yaml");
	assert_attribute(telnet, "line", "12");
	assert_attribute(telnet, "classname", "gateway-of-the-lab");
	assert_non_null(child(telnet, "failure"));
	assert_attribute(child(telnet, "failure"), "type", "RA102");
	xmlFreeDoc(doc);
}

static void test_findings_below_fail_on_do_not_fail(void **state)
{
	xmlDoc *doc = report_of("mixed");
	xmlNode *www = case_named(first_suite(doc), "www 80/tcp");

	(void)state;
	assert_null(child(www, "failure"));
	assert_non_null(child(www, "system-out"));
	xmlFreeDoc(doc);
}

static void test_what_could_not_be_judged_is_an_error(void **state)
{
	xmlDoc *doc = report_of("mixed");
	xmlNode *tls = case_named(first_suite(doc), "www-ssl 443/tcp");

	(void)state;
	assert_non_null(child(tls, "error"));
	assert_attribute(child(tls, "error"), "type", "RA901");
	xmlFreeDoc(doc);
}

static void test_a_router_that_was_not_audited_is_an_error(void **state)
{
	xmlDoc *doc = report_of("unreachable");
	xmlNode *audit = case_named(first_suite(doc), "audit");

	(void)state;
	assert_attribute(child(audit, "error"), "type", "network");
	assert_attribute(child(audit, "error"), "message", "192.0.2.3 port 22: connection refused");
	xmlFreeDoc(doc);
}

static void test_waived_is_skipped_with_its_reason(void **state)
{
	xmlDoc *doc = report_of("waived");
	xmlNode *suite = first_suite(doc);

	(void)state;
	assert_attribute(child(case_named(suite, "ssh 22/tcp"), "skipped"), "message",
	                 "Exercise 4 needs it until the end of term; see ticket 812.");
	assert_non_null(child(case_named(suite, "www-ssl 443/tcp"), "skipped"));
	/* One of two is waived: the other one still fails. */
	assert_attribute(child(case_named(suite, "telnet 23/tcp"), "failure"), "type", "RA202");
	xmlFreeDoc(doc);
}

static void test_a_service_that_passes_points_at_its_policy(void **state)
{
	static struct expect_service ftp = {.name = "ftp", .origin = {"lab.yaml", 7, 3}};
	struct sample *s = sample_new("clean");
	char *text;
	xmlDoc *doc;

	(void)state;
	s->targets[0].policy.services = &ftp;
	s->targets[0].policy.services_n = 1;
	text = report_text("junit", &s->results);
	doc = parse(text);
	assert_attribute(case_named(first_suite(doc), "ftp 21/tcp"), "line", "7");
	xmlFreeDoc(doc);
	free(text);
	sample_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_are_those_of_the_cases),
		cmocka_unit_test(test_random_texts_stay_xml),
		cmocka_unit_test(test_what_is_no_character_of_xml_is_escaped),
		cmocka_unit_test(test_a_finding_that_fails_is_a_failure_with_file_and_line),
		cmocka_unit_test(test_findings_below_fail_on_do_not_fail),
		cmocka_unit_test(test_what_could_not_be_judged_is_an_error),
		cmocka_unit_test(test_a_router_that_was_not_audited_is_an_error),
		cmocka_unit_test(test_waived_is_skipped_with_its_reason),
		cmocka_unit_test(test_a_service_that_passes_points_at_its_policy),
	};

	return cmocka_run_group_tests_name("report_junit", tests, NULL, NULL);
}
