/* The HTML report: what can be told without a browser. tests/e2e/reports.sh opens it in one. */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/report/html.h"
#include "tests/support/report_text.h"
#include "tests/support/sample_results.h"
#include "tests/test.h"

/* Base64 of the SHA-256 of all lines, which is what a Content-Security-Policy names. */
static void digest(const char *const *lines, char *out)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned n;

	assert_non_null(ctx);
	assert_int_equal(EVP_DigestInit_ex(ctx, EVP_sha256(), NULL), 1);
	for (; *lines; lines++)
		assert_int_equal(EVP_DigestUpdate(ctx, *lines, strlen(*lines)), 1);
	assert_int_equal(EVP_DigestFinal_ex(ctx, sum, &n), 1);
	EVP_MD_CTX_free(ctx);
	EVP_EncodeBlock((unsigned char *)out, sum, (int)n);
}

static void test_the_policy_lets_in_our_style_and_script(void **state)
{
	char sum[2 * EVP_MAX_MD_SIZE];

	(void)state;
	digest(html_style, sum);
	assert_text_equal(html_style_sha256, sum);
	digest(html_script, sum);
	assert_text_equal(html_script_sha256, sum);
}

static void test_the_policy_forbids_all_else(void **state)
{
	char *text = report_text_of("html", "clean");

	(void)state;
	assert_contains(text,
	                "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	                "style-src 'sha256-");
	assert_contains(text, "base-uri 'none'; form-action 'none'\"");
	assert_null(strstr(text, "unsafe"));
	free(text);
}

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

/* No element that loads, no attribute that runs, no link that leaves but to the web. */
static void assert_harmless(const xmlNode *node)
{
	static const char *const loading[] = {"img",   "link",   "iframe", "object", "embed",
	                                      "video", "audio",  "source", "base",   "svg",
	                                      "math",  "applet", NULL};
	static const char *const fetching[] = {"src",    "srcset", "style",      "background",
	                                       "poster", "action", "formaction", NULL};

	for (; node; node = node->next) {
		if (node->type != XML_ELEMENT_NODE)
			continue;
		assert_false(is_one_of((const char *)node->name, loading));
		for (const xmlAttr *a = node->properties; a; a = a->next) {
			xmlChar *value = xmlNodeListGetString(node->doc, a->children, 1);

			assert_false(is_one_of((const char *)a->name, fetching));
			assert_true(strncmp((const char *)a->name, "on", 2) != 0);
			if (strcmp((const char *)a->name, "href") == 0)
				assert_true(value[0] == '#' ||
				            strncmp((const char *)value, "http", 4) == 0);
			xmlFree(value);
		}
		assert_harmless(node->children);
	}
}

static xmlDoc *parse(const char *text)
{
	xmlDoc *doc = xmlReadMemory(text, (int)strlen(text), "report.html", "UTF-8",
	                            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

	assert_non_null(doc);
	return doc;
}

static void test_no_text_becomes_markup(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 60; seed++) {
		struct sample *s = seed == 1 ? sample_new("hostile") : sample_random(seed);
		char *text = report_text("html", &s->results);
		xmlDoc *doc = parse(text);

		assert_harmless(xmlDocGetRootElement(doc));
		xmlFreeDoc(doc);
		free(text);
		sample_free(s);
	}
}

static void test_markup_in_a_name_is_text(void **state)
{
	struct sample *s = sample_new("mixed");
	char *text;

	(void)state;
	s->targets[0].name = "</title><script>alert(1)</script><!--";
	s->results.v[0].findings.v[0].evidence = "\"><img src=x onerror=alert(1)>";
	text = report_text("html", &s->results);
	assert_null(strstr(text, "<script>alert"));
	assert_null(strstr(text, "<img"));
	assert_null(strstr(text, "<!--"));
	free(text);
	sample_free(s);
}

static void test_a_link_of_the_policy_leads_to_the_web_only(void **state)
{
	struct sample *s = sample_new("mixed");
	char *text;

	(void)state;
	s->results.v[0].findings.v[0].link = "https://example.net/why";
	s->results.v[0].findings.v[1].link = "javascript:alert(1)";
	text = report_text("html", &s->results);
	assert_contains(text, "<a href=\"https://example.net/why\" rel=\"noopener noreferrer\">");
	assert_contains(text, "<dd>javascript:alert(1)</dd>");
	assert_null(strstr(text, "href=\"javascript"));
	free(text);
	sample_free(s);
}

static size_t occurrences(const char *text, const char *piece)
{
	size_t n = 0;

	for (const char *p = strstr(text, piece); p; p = strstr(p + 1, piece))
		n++;
	return n;
}

static void test_ids_are_unique_and_every_anchor_leads_somewhere(void **state)
{
	struct sample *s = sample_many(9);
	char *text = report_text("html", &s->results);

	(void)state;
	for (const char *p = strstr(text, " id=\""); p; p = strstr(p + 1, " id=\"")) {
		char id[64];

		snprintf(id, sizeof(id), " id=\"%.*s\"", (int)strcspn(p + 5, "\""), p + 5);
		assert_int_equal(occurrences(text, id), 1);
	}
	for (const char *p = strstr(text, "href=\"#"); p; p = strstr(p + 1, "href=\"#")) {
		char id[64];

		snprintf(id, sizeof(id), " id=\"%.*s\"", (int)strcspn(p + 7, "\""), p + 7);
		assert_int_equal(occurrences(text, id), 1);
	}
	free(text);
	sample_free(s);
}

static void test_the_matrix_has_the_commonest_services_only(void **state)
{
	struct sample *s = sample_new("clean");
	struct findings *f = &s->results.v[0].findings;
	struct subject *many = arena_array(&f->arena, 60, sizeof(*many));
	char *text;

	(void)state;
	for (int i = 0; i < 60; i++) {
		many[i] = f->subjects[0];
		many[i].name = arena_printf(&f->arena, "service-%02d", i);
		many[i].port = 1000 + i;
	}
	f->subjects = many;
	f->subjects_n = 60;
	text = report_text("html", &s->results);
	assert_int_equal(occurrences(text, "<span class=\"views\""), 40);
	assert_contains(text, "20 rarer ones are in the routers' own tables only.");
	assert_contains(text, "<th scope=\"row\">service-59</th>");
	free(text);
	sample_free(s);
}

static void test_nothing_known_is_not_zero(void **state)
{
	char *text = report_text_of("html", "unreachable");

	(void)state;
	assert_contains(text, "<td>unknown</td><td class=\"number\" data-key=\"-1\">-</td>");
	assert_contains(text,
	                "<strong>Not audited: </strong>192.0.2.3 port 22: connection refused");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_policy_lets_in_our_style_and_script),
		cmocka_unit_test(test_the_policy_forbids_all_else),
		cmocka_unit_test(test_no_text_becomes_markup),
		cmocka_unit_test(test_markup_in_a_name_is_text),
		cmocka_unit_test(test_a_link_of_the_policy_leads_to_the_web_only),
		cmocka_unit_test(test_ids_are_unique_and_every_anchor_leads_somewhere),
		cmocka_unit_test(test_the_matrix_has_the_commonest_services_only),
		cmocka_unit_test(test_nothing_known_is_not_zero),
	};

	return cmocka_run_group_tests_name("report_html", tests, NULL, NULL);
}
