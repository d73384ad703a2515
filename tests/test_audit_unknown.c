/* Could not tell: RA401 and RA403. Nothing that is not known passes. */
#include "audit_build.h"

static void test_each_key_that_is_unknown_is_told_by_itself(void **state)
{
	struct expect_service want = EXPECT(
		"www-ssl", .disabled = TRI_NO, .port = 443, .address_mode = ADDRESS_RESTRICTED,
		.certificate = "web", .tls_version = "only-1.2", .vrf = "main", .max_sessions = 20,
		.reachable = TRI_YES);
	struct service row = {.name = "www-ssl", .port = -1, .max_sessions = -1, .line = 1};
	static const char *const keys[] = {"address", "certificate", "disabled",    "max-sessions",
	                                   "port",    "reachable",   "tls-version", "vrf"};
	struct scene s = SCENE(.policy = POLICY(want), .rows = ROWS(row));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_int_equal(f.n, 8);
	for (size_t i = 0; i < f.n; i++) {
		assert_string_equal(f.v[i].rule->id, "RA401");
		assert_int_equal(f.v[i].severity, SEVERITY_MEDIUM);
		assert_true(f.v[i].undecided);
		/* Sorted by evidence, which begins with the key. */
		assert_memory_equal(f.v[i].evidence, keys[i], strlen(keys[i]));
	}
	assert_int_equal(f.subjects[0].verdict, VERDICT_UNKNOWN);
	findings_done(&f);
}

static void test_the_reason_is_named(void **state)
{
	static const struct {
		const char *version;
		struct expect_service want;
		const char *reason;
	} cases[] = {
		{"6.49.18",
	         {.name = "ssh", .port = -1, .max_sessions = 5},
	         "RouterOS 6.49 has no max-sessions"},
		{"7.9",
	         {.name = "ssh", .port = -1, .max_sessions = 5},
	         "RouterOS 7.9 has no max-sessions"},
		{"7.16",
	         {.name = "ssh", .port = -1, .max_sessions = 5},
	         "the listing does not say"},
		{"6.49.18",
	         {.name = "ssh", .port = -1, .max_sessions = -1, .vrf = "main"},
	         "RouterOS 6.49 has no vrf"},
		{"7.1",
	         {.name = "ssh", .port = -1, .max_sessions = -1, .vrf = "main"},
	         "the listing does not say"},
		{NULL,
	         {.name = "ssh", .port = -1, .max_sessions = -1, .vrf = "main"},
	         "the listing does not say"},
		{"7.16",
	         {.name = "ssh", .port = -1, .max_sessions = -1, .certificate = "c"},
	         "this service has no certificate"},
		{"7.16",
	         {.name = "ssh", .port = -1, .max_sessions = -1, .tls_version = "any"},
	         "this service has no tls-version"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s = SCENE(.version = cases[i].version, .policy = POLICY(cases[i].want),
		                       .rows = ROWS(SERVICE("ssh", 22)));
		struct findings f;

		build_audit(&s, &f);
		assert_contains(build_only(&f)->evidence, cases[i].reason);
		findings_done(&f);
	}
}

static void test_absence_from_a_filtered_listing_is_not_disabled(void **state)
{
	struct scene s = SCENE(.policy = POLICY(EXPECT("telnet", .disabled = TRI_YES)),
	                       .rows = ROWS(SERVICE("ssh", 22)), .complete = TRI_UNKNOWN);
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_contains(build_only(&f)->evidence, "filtered");
	assert_null(build_only(&f)->declared);
	assert_string_equal(build_subject(&f, "telnet")->declared, "unknown");
	findings_done(&f);
}

static void test_a_port_without_a_result(void **state)
{
	static const struct {
		const char *reason, *findings;
	} cases[] = {
		{"interrupted", "RA403 low ssh:22 ?"},
		{"time-is-up", "RA403 low ssh:22 ?"},
		{"local-error", "RA403 low ssh:22 ?"},
		{NULL, "RA403 low ssh:22 ?"},
		{"not-mapped", ""},
		{"not-probed", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s = SCENE(.rows = ROWS(SERVICE("ssh", 22)),
		                       .seen = SEEN(NO_RESULT(22, cases[i].reason)));

		CHECK(s, cases[i].findings);
		VERDICT(s, "ssh", *cases[i].findings ? VERDICT_UNKNOWN : VERDICT_NONE);
	}
}

static void test_ports_of_nobody_without_a_result_are_one_finding(void **state)
{
	struct scene s = SCENE(.rows = ROWS(SERVICE("ssh", 22)),
	                       .seen = SEEN(NO_RESULT(22, "interrupted"), NO_RESULT(23, "x"),
	                                    NO_RESULT(24, "not-mapped"), NO_RESULT(25, "x")));
	struct findings f;

	(void)state;
	CHECK(s, "RA403 low -:-1 ?\nRA403 low ssh:22 ?");
	build_audit(&s, &f);
	assert_string_equal(f.v[0].evidence,
	                    "2 ports could not be probed, the first of them 23: x");
	assert_int_equal(f.subjects_n, 1);
	findings_done(&f);
	s.seen = SEEN(NO_RESULT(25, "x"));
	CHECK(s, "RA403 low -:25 ?");
}

static void test_words_of_a_port_that_was_left_out(void **state)
{
	struct scene s = SCENE(.rows = ROWS(SERVICE("ssh", 22), SERVICE("www", 80)),
	                       .seen = SEEN(NO_RESULT(22, "not-mapped"), NO_RESULT(80, "x")));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_string_equal(build_subject(&f, "ssh")->reachable, "-");
	assert_string_equal(build_subject(&f, "www")->reachable, "unknown");
	findings_done(&f);
}

/* A service that is certainly wrong is not shown as merely unknown, and the other way round. */
static void test_the_heavier_of_wrong_and_unknown_makes_the_verdict(void **state)
{
	struct expect_service want = EXPECT("ssh", .disabled = TRI_YES, .max_sessions = 5);
	struct scene s = SCENE(.policy = POLICY(want), .rows = ROWS(SERVICE("ssh", 22)));

	(void)state;
	CHECK(s, "RA102 high ssh:22\nRA401 medium ssh:22 ?");
	VERDICT(s, "ssh", VERDICT_FINDING);
	s.policy = POLICY(EXPECT("ssh", .max_sessions = 5, .vrf = "main"));
	s.rows = ROWS(SERVICE("ssh", 22, .max_sessions = 20));
	CHECK(s, "RA401 medium ssh:22 ?\nRA108 low ssh:22");
	VERDICT(s, "ssh", VERDICT_UNKNOWN);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_key_that_is_unknown_is_told_by_itself),
		cmocka_unit_test(test_the_reason_is_named),
		cmocka_unit_test(test_absence_from_a_filtered_listing_is_not_disabled),
		cmocka_unit_test(test_a_port_without_a_result),
		cmocka_unit_test(test_ports_of_nobody_without_a_result_are_one_finding),
		cmocka_unit_test(test_words_of_a_port_that_was_left_out),
		cmocka_unit_test(test_the_heavier_of_wrong_and_unknown_makes_the_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
