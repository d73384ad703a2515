/* The same findings in another language: one for one, in the order of the English ones. */
#include "audit_world.h"

#define ROUNDS 300

/* A language that would sort otherwise: each sentence behind a letter that its own text decides.
 * What it says lives until the program ends. */
static const char *say_other(const char *english)
{
	static struct arena arena;
	unsigned sum = 0;

	for (const char *p = english; *p; p++)
		sum = sum * 31 + (unsigned char)*p;
	return arena_printf(&arena, "%c%s", 'a' + (char)(sum % 26), english);
}

static const char *count_other(const char *one, const char *many, unsigned long n)
{
	return say_other(n < 2 ? one : many);
}

static const struct language other = {say_other, count_other};

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void assert_same_finding(const struct finding *a, const struct finding *b)
{
	assert_ptr_equal(a->rule, b->rule);
	assert_int_equal(a->severity, b->severity);
	assert_true(same_text(a->service, b->service));
	assert_int_equal(a->port, b->port);
	assert_int_equal(a->proto, b->proto);
	assert_int_equal(a->origin.line, b->origin.line);
	assert_int_equal(a->raised, b->raised);
	assert_int_equal(a->undecided, b->undecided);
	assert_int_equal(a->waived, b->waived);
	/* Commands and the policy's own words are no language's. */
	assert_true(same_text(a->mend, b->mend));
	assert_true(same_text(a->title, b->title));
	assert_true(same_text(a->waiver, b->waiver));
	assert_int_equal(!a->expected, !b->expected);
	assert_int_equal(!a->declared, !b->declared);
	assert_int_equal(!a->reachable, !b->reachable);
	assert_false(same_text(a->evidence, b->evidence));
}

static void assert_same_subject(const struct subject *a, const struct subject *b)
{
	assert_string_equal(a->name, b->name);
	assert_int_equal(a->port, b->port);
	assert_int_equal(a->verdict, b->verdict);
	assert_int_equal(a->worst, b->worst);
	assert_int_equal(a->findings_n, b->findings_n);
	for (size_t i = 0; i < a->findings_n; i++)
		assert_int_equal(a->findings[i], b->findings[i]);
}

static void test_another_language_has_the_same_findings_in_the_same_order(void **state)
{
	static struct world w;
	size_t compared = 0;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct findings english, said;

		seed = round * 2654435761u + 5;
		pick_world(&w);
		build_said(&w.scene, &english, &other, &said);
		assert_int_equal(english.n, said.n);
		assert_int_equal(english.subjects_n, said.subjects_n);
		for (size_t i = 0; i < english.n; i++)
			assert_same_finding(&english.v[i], &said.v[i]);
		for (size_t i = 0; i < english.subjects_n; i++)
			assert_same_subject(&english.subjects[i], &said.subjects[i]);
		compared += english.n;
		findings_done(&english);
		findings_done(&said);
	}
	assert_true(compared > ROUNDS);
}

static void test_without_a_catalogue_people_read_english(void **state)
{
	(void)state;
	assert_false(message_is_foreign());
	assert_string_equal(_("service missing"), "service missing");
	assert_string_equal(P_("%zu port", "%zu ports", 1), "%zu port");
	assert_string_equal(P_("%zu port", "%zu ports", 0), "%zu ports");
	assert_string_equal(_(""), "");
}

static void test_an_error_keeps_its_english_beside(void **state)
{
	struct error err = {0}, adopted = {0}, written = {.kind = ERROR_REMOTE};

	(void)state;
	error_set(&err, ERROR_REMOTE, "it said %d", 7);
	error_hint(&err, "ask again");
	error_hint_more(&err, "or do not");
	error_wrap(&err, "r1");
	error_adopt(&adopted, &err);
	assert_string_equal(adopted.text, "r1: it said 7");
	assert_string_equal(adopted.hint, "ask again\nor do not");
	assert_string_equal(error_text_read(&adopted), "r1: it said 7");
	assert_string_equal(error_hint_read(&adopted), "ask again\nor do not");
	error_more(&err, " (twice)");
	assert_string_equal(err.text, "r1: it said 7 (twice)");
	assert_string_equal(err.text_read, "r1: it said 7 (twice)");
	/* The first error wins. */
	error_adopt(&adopted, &written);
	assert_string_equal(adopted.text, "r1: it said 7");
	memcpy(written.text, "by hand", sizeof("by hand"));
	assert_string_equal(error_text_read(&written), "by hand");
}

static void test_a_phrase_stands_in_its_sentence(void **state)
{
	struct phrase late = phrase_make("finish its answer to `%s`", "/log print {}");
	struct error err = {0};

	(void)state;
	error_set_phrase(&err, ERROR_TIMEOUT, &late, "%s did not {} within %d s", "r1", 5);
	error_hint_phrase(&err, NULL);
	assert_string_equal(err.hint, "");
	error_hint_phrase(&err, "wait");
	error_hint_phrase(&err, "or do not");
	assert_string_equal(err.text, "r1 did not finish its answer to `/log print {}` within 5 s");
	assert_string_equal(error_text_read(&err), err.text);
	assert_string_equal(err.hint, "wait");
	assert_string_equal(error_hint_read(&err), "wait");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_another_language_has_the_same_findings_in_the_same_order),
		cmocka_unit_test(test_without_a_catalogue_people_read_english),
		cmocka_unit_test(test_a_phrase_stands_in_its_sentence),
		cmocka_unit_test(test_an_error_keeps_its_english_beside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
