/* Policy x declared: RA101 to RA110. */
#include "audit_build.h"

#define ONE(want, row) SCENE(.policy = POLICY(want), .rows = ROWS(row))

static void test_disabled_key_in_every_combination(void **state)
{
	static const struct {
		enum tri want, have;
		const char *findings;
		enum verdict verdict;
	} cases[] = {
		{TRI_UNKNOWN, TRI_UNKNOWN, "", VERDICT_NONE},
		{TRI_UNKNOWN, TRI_NO, "", VERDICT_NONE},
		{TRI_UNKNOWN, TRI_YES, "", VERDICT_NONE},
		{TRI_NO, TRI_UNKNOWN, "RA401 medium telnet:23 ?", VERDICT_UNKNOWN},
		{TRI_NO, TRI_NO, "", VERDICT_PASS},
		{TRI_NO, TRI_YES, "RA101 medium telnet:23", VERDICT_FINDING},
		{TRI_YES, TRI_UNKNOWN, "RA401 medium telnet:23 ?", VERDICT_UNKNOWN},
		{TRI_YES, TRI_NO, "RA102 high telnet:23", VERDICT_FINDING},
		{TRI_YES, TRI_YES, "", VERDICT_PASS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s = ONE(EXPECT("telnet", .disabled = cases[i].want),
		                     SERVICE("telnet", 23, .disabled = cases[i].have));

		CHECK(s, cases[i].findings);
		VERDICT(s, "telnet", cases[i].verdict);
	}
}

/* want x is the listing complete? */
static void test_absent_service_in_every_combination(void **state)
{
	static const struct {
		enum tri want, complete;
		const char *findings;
		enum verdict verdict;
	} cases[] = {
		{TRI_UNKNOWN, TRI_UNKNOWN, "", VERDICT_NONE},
		{TRI_UNKNOWN, TRI_NO, "", VERDICT_NONE},
		{TRI_UNKNOWN, TRI_YES, "", VERDICT_NONE},
		{TRI_NO, TRI_UNKNOWN, "RA401 medium telnet:23 ?", VERDICT_UNKNOWN},
		{TRI_NO, TRI_NO, "RA401 medium telnet:23 ?", VERDICT_UNKNOWN},
		{TRI_NO, TRI_YES, "RA101 medium telnet:23", VERDICT_FINDING},
		{TRI_YES, TRI_UNKNOWN, "RA401 medium telnet:23 ?", VERDICT_UNKNOWN},
		{TRI_YES, TRI_NO, "RA401 medium telnet:23 ?", VERDICT_UNKNOWN},
		{TRI_YES, TRI_YES, "", VERDICT_PASS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s =
			ONE(EXPECT("telnet", .disabled = cases[i].want), SERVICE("ssh", 22));

		s.complete = cases[i].complete;
		CHECK(s, cases[i].findings);
		VERDICT(s, "telnet", cases[i].verdict);
	}
}

static void test_a_feature_is_absent_only_from_a_whole_list_of_listeners(void **state)
{
	struct scene s = ONE(EXPECT("btest", .disabled = TRI_YES), SERVICE("ssh", 22));

	(void)state;
	CHECK(s, "RA401 medium btest:2000 ?");
	s.listeners = TRI_YES;
	CHECK(s, "");
	VERDICT(s, "btest", VERDICT_PASS);
	s.complete = TRI_UNKNOWN;
	CHECK(s, "RA401 medium btest:2000 ?");
}

static void test_an_absent_service_with_other_keys_is_missing(void **state)
{
	(void)state;
	CHECK(ONE(EXPECT("reverse-proxy", .port = 8443), SERVICE("ssh", 22)),
	      "RA101 medium reverse-proxy:8443");
	CHECK(ONE(EXPECT("reverse-proxy", .disabled = TRI_YES, .port = 8443), SERVICE("ssh", 22)),
	      "");
}

static void test_a_forbidden_listener_is_found_by_its_name(void **state)
{
	(void)state;
	CHECK(ONE(EXPECT("btest", .disabled = TRI_YES), LISTENER("btest", 2000)),
	      "RA102 high btest:2000");
	CHECK(ONE(EXPECT("btest", .disabled = TRI_NO), LISTENER("btest", 2000)), "");
}

static void test_port(void **state)
{
	(void)state;
	CHECK(ONE(EXPECT("ssh", .port = 22), SERVICE("ssh", 22)), "");
	CHECK(ONE(EXPECT("ssh", .port = 22), SERVICE("ssh", 2222)), "RA103 medium ssh:2222");
	CHECK(ONE(EXPECT("ssh", .port = 22), SERVICE("ssh", -1)), "RA401 medium ssh:-1 ?");
	VERDICT(ONE(EXPECT("ssh", .port = 22), SERVICE("ssh", 22)), "ssh", VERDICT_PASS);
}

static void test_a_key_of_a_service_that_is_off_as_expected_is_low(void **state)
{
	(void)state;
	CHECK(ONE(EXPECT("ssh", .disabled = TRI_YES, .port = 22),
	          SERVICE("ssh", 2222, .disabled = TRI_YES)),
	      "RA103 low ssh:2222");
	CHECK(ONE(EXPECT("ssh", .disabled = TRI_YES, .address_mode = ADDRESS_RESTRICTED),
	          SERVICE("ssh", 22, .disabled = TRI_YES)),
	      "RA104 low ssh:22");
	/* On, though it should be off: RA102 weighs enough. */
	CHECK(ONE(EXPECT("ssh", .disabled = TRI_YES, .port = 22,
	                 .address_mode = ADDRESS_RESTRICTED),
	          SERVICE("ssh", 2222)),
	      "RA102 high ssh:2222\nRA103 low ssh:2222\nRA104 low ssh:2222");
	/* Perhaps on: RA102 does not speak, so nothing is lowered. */
	CHECK(ONE(EXPECT("ssh", .disabled = TRI_YES, .port = 22),
	          SERVICE("ssh", 2222, .disabled = TRI_UNKNOWN)),
	      "RA103 medium ssh:2222\nRA401 medium ssh:2222 ?");
	/* Not lowered where the service should be on. */
	CHECK(ONE(EXPECT("ssh", .disabled = TRI_NO, .port = 22),
	          SERVICE("ssh", 2222, .disabled = TRI_YES)),
	      "RA101 medium ssh:2222\nRA103 medium ssh:2222");
}

static void test_address_within(void **state)
{
	static const struct {
		const char *want, *have, *findings;
	} cases[] = {
		{"192.0.2.0/24", "192.0.2.0/24", ""},
		{"192.0.2.0/24", "192.0.2.128/25,192.0.2.3/32", ""},
		{"192.0.2.0/25,192.0.2.128/25", "192.0.2.0/24", ""},
		{"192.0.2.0/24", "192.0.2.0/23", "RA104 high ssh:22"},
		{"192.0.2.0/24", "192.0.2.0/24,10.0.0.0/8", "RA104 high ssh:22"},
		{"192.0.2.0/24", "", "RA104 high ssh:22"},
		{"192.0.2.0/24", "2001:db8::/64", "RA104 high ssh:22"},
		{"192.0.2.0/24,2001:db8::/32", "2001:db8::/64", ""},
		{"0.0.0.0/0", "", "RA104 high ssh:22"},
		{"0.0.0.0/0,::/0", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s = ONE(EXPECT("ssh", WITHIN(cases[i].want)),
		                     SERVICE("ssh", 22, ADDRESS(cases[i].have)));

		CHECK(s, cases[i].findings);
		VERDICT(s, "ssh", *cases[i].findings ? VERDICT_FINDING : VERDICT_PASS);
	}
}

static void test_address_unrestricted_and_restricted(void **state)
{
	static const struct {
		const char *have, *unrestricted, *restricted;
	} cases[] = {
		{"", "", "RA104 high ssh:22"},
		{"0.0.0.0/0,::/0", "", "RA104 high ssh:22"},
		{"0.0.0.0/0", "RA104 medium ssh:22", "RA104 high ssh:22"},
		{"::/0", "RA104 medium ssh:22", "RA104 high ssh:22"},
		{"192.0.2.0/24", "RA104 medium ssh:22", ""},
		{"0.0.0.0/1,128.0.0.0/1", "RA104 medium ssh:22", "RA104 high ssh:22"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct service row = SERVICE("ssh", 22, ADDRESS(cases[i].have));

		CHECK(ONE(EXPECT("ssh", .address_mode = ADDRESS_UNRESTRICTED), row),
		      cases[i].unrestricted);
		CHECK(ONE(EXPECT("ssh", .address_mode = ADDRESS_RESTRICTED), row),
		      cases[i].restricted);
	}
}

static void test_an_unknown_address_list_never_passes(void **state)
{
	struct service row = SERVICE("ssh", 22, .address_known = false);

	(void)state;
	CHECK(ONE(EXPECT("ssh", WITHIN("192.0.2.0/24")), row), "RA401 medium ssh:22 ?");
	CHECK(ONE(EXPECT("ssh", .address_mode = ADDRESS_UNRESTRICTED), row),
	      "RA401 medium ssh:22 ?");
	CHECK(ONE(EXPECT("ssh", .address_mode = ADDRESS_RESTRICTED), row), "RA401 medium ssh:22 ?");
	CHECK(ONE(EXPECT("ssh", .disabled = TRI_NO), row), "");
}

static void test_words_and_numbers(void **state)
{
	struct service row = SERVICE("www-ssl", 443, .certificate = "web", .tls_version = "any",
	                             .vrf = "main", .max_sessions = 20);

	(void)state;
	CHECK(ONE(EXPECT("www-ssl", .certificate = "web", .tls_version = "any", .vrf = "main",
	                 .max_sessions = 20),
	          row),
	      "");
	CHECK(ONE(EXPECT("www-ssl", .certificate = "other"), row), "RA105 medium www-ssl:443");
	CHECK(ONE(EXPECT("www-ssl", .tls_version = "only-1.2"), row), "RA106 medium www-ssl:443");
	CHECK(ONE(EXPECT("www-ssl", .vrf = "lab"), row), "RA107 medium www-ssl:443");
	CHECK(ONE(EXPECT("www-ssl", .max_sessions = 5), row), "RA108 low www-ssl:443");
}

static void test_unlisted_row_in_every_mode(void **state)
{
	static const struct {
		enum unlisted_mode mode;
		enum tri disabled;
		const char *findings;
		enum verdict verdict;
	} cases[] = {
		{UNLISTED_WARN, TRI_NO, "RA109 low api:8728", VERDICT_FINDING},
		{UNLISTED_FAIL, TRI_NO, "RA109 high api:8728", VERDICT_FINDING},
		{UNLISTED_IGNORE, TRI_NO, "", VERDICT_NONE},
		{UNLISTED_WARN, TRI_YES, "", VERDICT_PASS},
		{UNLISTED_FAIL, TRI_YES, "", VERDICT_PASS},
		{UNLISTED_IGNORE, TRI_YES, "", VERDICT_NONE},
		{UNLISTED_WARN, TRI_UNKNOWN, "RA401 low api:8728", VERDICT_FINDING},
		{UNLISTED_FAIL, TRI_UNKNOWN, "RA401 medium api:8728 ?", VERDICT_UNKNOWN},
		{UNLISTED_IGNORE, TRI_UNKNOWN, "", VERDICT_NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s =
			SCENE(.policy = POLICY(EXPECT("ssh", .port = 22)),
		              .unlisted = cases[i].mode,
		              .rows = ROWS(SERVICE("ssh", 22),
		                           SERVICE("api", 8728, .disabled = cases[i].disabled)));

		CHECK(s, cases[i].findings);
		VERDICT(s, "api", cases[i].verdict);
	}
}

static void test_without_a_policy_nothing_is_unlisted(void **state)
{
	(void)state;
	CHECK(SCENE(.unlisted = UNLISTED_FAIL, .rows = ROWS(SERVICE("api", 8728))), "");
}

static void test_an_unlisted_listener_is_told_once(void **state)
{
	(void)state;
	CHECK(SCENE(.policy = POLICY(EXPECT("ssh", .port = 22)), .unlisted = UNLISTED_WARN,
	            .rows = ROWS(SERVICE("ssh", 22), LISTENER("btest", 2000),
	                         LISTENER("btest", 2000), LISTENER("snmp", 161, .proto = L4_UDP),
	                         LISTENER("ssh", 22),
	                         LISTENER("ssh", 22, .connection = TRI_YES, .remote = "x"),
	                         LISTENER("api", 8728, .connection = TRI_YES))),
	      "RA109 low snmp:161\nRA109 low btest:2000");
}

static void test_a_listener_of_a_listed_name_is_listed(void **state)
{
	(void)state;
	CHECK(SCENE(.policy = POLICY(EXPECT("reverse-proxy", .disabled = TRI_NO)),
	            .unlisted = UNLISTED_FAIL,
	            .rows = ROWS(SERVICE("reverse-proxy", 443), LISTENER("reverse-proxy", 8443))),
	      "");
}

static void test_invalid_needs_an_enabled_service(void **state)
{
	struct expect_service want = EXPECT("api-ssl", .port = 8729);

	(void)state;
	CHECK(ONE(want, SERVICE("api-ssl", 8729, .invalid = TRI_YES)), "RA110 medium api-ssl:8729");
	CHECK(ONE(want, SERVICE("api-ssl", 8729, .invalid = TRI_YES, .disabled = TRI_YES)), "");
	CHECK(ONE(want, SERVICE("api-ssl", 8729, .invalid = TRI_UNKNOWN)), "");
	CHECK(ONE(want, SERVICE("api-ssl", 8729, .invalid = TRI_NO)), "");
	/* The router's own word needs no policy. */
	CHECK(SCENE(.rows = ROWS(SERVICE("api-ssl", 8729, .invalid = TRI_YES))),
	      "RA110 medium api-ssl:8729");
	/* Not asked about, and not to be told of. */
	CHECK(ONE(EXPECT("ssh", .disabled = TRI_YES), SERVICE("www", 80, .invalid = TRI_YES)), "");
}

static void test_invalid_tells_the_routers_own_remark(void **state)
{
	struct scene s = ONE(EXPECT("api", .port = 8728),
	                     SERVICE("api", 8728, .invalid = TRI_YES, .about = "out of order"));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_contains(build_only(&f)->evidence, "out of order");
	findings_done(&f);
}

static void test_a_finding_names_the_line_of_its_key(void **state)
{
	struct scene s = ONE(EXPECT("ssh", .port = 22, .port_at = {"policy.yaml", 9, 12}),
	                     SERVICE("ssh", 2222));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_int_equal(build_only(&f)->origin.line, 9);
	findings_done(&f);
	/* A key without a place of its own has the service's. */
	s.policy = POLICY(EXPECT("ssh", .port = 22));
	build_audit(&s, &f);
	assert_int_equal(build_only(&f)->origin.line, 7);
	findings_done(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_disabled_key_in_every_combination),
		cmocka_unit_test(test_absent_service_in_every_combination),
		cmocka_unit_test(test_a_feature_is_absent_only_from_a_whole_list_of_listeners),
		cmocka_unit_test(test_an_absent_service_with_other_keys_is_missing),
		cmocka_unit_test(test_a_forbidden_listener_is_found_by_its_name),
		cmocka_unit_test(test_port),
		cmocka_unit_test(test_a_key_of_a_service_that_is_off_as_expected_is_low),
		cmocka_unit_test(test_address_within),
		cmocka_unit_test(test_address_unrestricted_and_restricted),
		cmocka_unit_test(test_an_unknown_address_list_never_passes),
		cmocka_unit_test(test_words_and_numbers),
		cmocka_unit_test(test_unlisted_row_in_every_mode),
		cmocka_unit_test(test_without_a_policy_nothing_is_unlisted),
		cmocka_unit_test(test_an_unlisted_listener_is_told_once),
		cmocka_unit_test(test_a_listener_of_a_listed_name_is_listed),
		cmocka_unit_test(test_invalid_needs_an_enabled_service),
		cmocka_unit_test(test_invalid_tells_the_routers_own_remark),
		cmocka_unit_test(test_a_finding_names_the_line_of_its_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
