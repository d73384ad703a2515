/* Policy x reachable: RA301 and RA302, with the RA401 of what a probe could not settle. */
#include "audit_build.h"

#define WANT(reach, row, seen_)                                                                    \
	SCENE(.policy = POLICY(EXPECT("ssh", .reachable = (reach))), .rows = ROWS(row),            \
	      .seen = SEEN(seen_))

static void test_reachable_against_every_observation(void **state)
{
	const struct {
		struct observation seen;
		const char *yes, *no;
		enum verdict verdict_yes, verdict_no;
	} cases[] = {
		{SERVING(22, .app = APP_SSH), "", "RA302 high ssh:22", VERDICT_PASS,
	         VERDICT_FINDING},
		{REFUSED(22), "RA205 medium ssh:22\nRA301 medium ssh:22", "RA205 medium ssh:22",
	         VERDICT_FINDING, VERDICT_FINDING},
		{SILENT(22), "RA401 medium ssh:22 ?", "RA302 high ssh:22", VERDICT_UNKNOWN,
	         VERDICT_FINDING},
		{OPEN(22), "RA401 medium ssh:22 ?", "RA401 medium ssh:22 ?", VERDICT_UNKNOWN,
	         VERDICT_UNKNOWN},
		{CLOSED(22), "RA201 medium ssh:22\nRA301 medium ssh:22", "", VERDICT_FINDING,
	         VERDICT_PASS},
		{FILTERED(22), "RA301 medium ssh:22\nRA201 low ssh:22", "", VERDICT_FINDING,
	         VERDICT_PASS},
		{NO_RESULT(22, "not-mapped"), "RA401 medium ssh:22 ?", "RA401 medium ssh:22 ?",
	         VERDICT_UNKNOWN, VERDICT_UNKNOWN},
		{NO_RESULT(22, "interrupted"), "RA401 medium ssh:22 ?\nRA403 low ssh:22 ?",
	         "RA401 medium ssh:22 ?\nRA403 low ssh:22 ?", VERDICT_UNKNOWN, VERDICT_UNKNOWN},
		/* Another port: 22 itself was not in the scan. */
		{CLOSED(23), "RA401 medium ssh:22 ?", "RA401 medium ssh:22 ?", VERDICT_UNKNOWN,
	         VERDICT_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene yes = WANT(TRI_YES, SERVICE("ssh", 22), cases[i].seen);
		struct scene no = WANT(TRI_NO, SERVICE("ssh", 22), cases[i].seen);

		CHECK(yes, cases[i].yes);
		VERDICT(yes, "ssh", cases[i].verdict_yes);
		CHECK(no, cases[i].no);
		VERDICT(no, "ssh", cases[i].verdict_no);
	}
}

static void test_without_a_scan_nothing_is_known(void **state)
{
	struct scene s = WANT(TRI_NO, SERVICE("ssh", 22), CLOSED(22));

	(void)state;
	s.seen = NULL;
	CHECK(s, "RA401 medium ssh:22 ?");
}

static void test_which_port_is_meant(void **state)
{
	struct scene s = SCENE(.policy = POLICY(EXPECT("ssh", .port = 2200, .reachable = TRI_NO)),
	                       .seen = SEEN(SERVING(22, .app = APP_SSH), CLOSED(2200),
	                                    SERVING(2222, .app = APP_SSH)));

	(void)state;
	/* The declared one first, */
	s.rows = ROWS(SERVICE("ssh", 2222));
	CHECK(s, "RA203 high ssh:22\nRA302 high ssh:2222\nRA103 medium ssh:2222");
	/* else the policy's, */
	s.rows = ROWS(SERVICE("telnet", 22, .disabled = TRI_UNKNOWN));
	s.seen = SEEN(SERVING(2200, .app = APP_SSH));
	CHECK(s, "RA203 high ssh:2200\nRA302 high ssh:2200\nRA101 medium ssh:2200");
	/* else the catalogue's. */
	s.policy = POLICY(EXPECT("ssh", .reachable = TRI_YES));
	s.rows = ROWS(SERVICE("telnet", 23));
	s.seen = SEEN(CLOSED(22));
	CHECK(s, "RA301 medium ssh:22");
	/* A name of nobody has none. */
	s.policy = POLICY(EXPECT("nobody", .reachable = TRI_YES));
	CHECK(s, "RA401 medium nobody:-1 ?");
}

static void test_a_port_that_another_service_owns(void **state)
{
	const struct observation seen = SERVING(443, .app = APP_TLS);
	struct scene s = SCENE(.policy = POLICY(EXPECT("www-ssl", .reachable = TRI_NO)),
	                       .rows = ROWS(SERVICE("www-ssl", 443, .disabled = TRI_YES),
	                                    SERVICE("api-ssl", 443)),
	                       .seen = SEEN(seen));

	(void)state;
	CHECK(s, "");
	VERDICT(s, "www-ssl", VERDICT_PASS);
	s.policy = POLICY(EXPECT("www-ssl", .reachable = TRI_YES));
	CHECK(s, "RA301 medium www-ssl:443");
	/* Not known to be off: it may be what answered. */
	s.rows = ROWS(SERVICE("www-ssl", 443, .disabled = TRI_UNKNOWN), SERVICE("api-ssl", 443));
	CHECK(s, "RA401 medium www-ssl:443 ?");
	/* Not known whose the port is. */
	s.rows = ROWS(SERVICE("www-ssl", 443, .disabled = TRI_YES),
	              SERVICE("api-ssl", 443, .disabled = TRI_UNKNOWN));
	CHECK(s, "RA401 medium www-ssl:443 ?");
	/* Not known to be missing. */
	s.rows = ROWS(SERVICE("api-ssl", 443));
	s.complete = TRI_UNKNOWN;
	CHECK(s, "RA401 medium www-ssl:443 ?");
	s.complete = TRI_YES;
	CHECK(s, "RA301 medium www-ssl:443");
	/* reverse-proxy is on as it comes, and may not be what answered. */
	s.rows = ROWS(SERVICE("www-ssl", 443, .disabled = TRI_YES), SERVICE("reverse-proxy", 443));
	CHECK(s, "RA301 medium www-ssl:443\nRA202 info www-ssl:443");
}

static void test_udp_is_not_probed(void **state)
{
	struct scene s = SCENE(.policy = POLICY(EXPECT("snmp", .reachable = TRI_NO)),
	                       .rows = ROWS(LISTENER("snmp", 161, .proto = L4_UDP)),
	                       .seen = SEEN(CLOSED(161)));
	struct findings f;

	(void)state;
	CHECK(s, "RA401 medium snmp:161 ?");
	build_audit(&s, &f);
	assert_contains(build_only(&f)->evidence, "only TCP");
	findings_done(&f);
}

static void test_mend_turns_on_or_off_only_what_the_policy_leaves_open(void **state)
{
	static const struct {
		enum tri want, have;
		const char *mend;
	} cases[] = {
		{TRI_UNKNOWN, TRI_NO, "/ip service set ssh disabled=yes"},
		{TRI_NO, TRI_NO, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s = SCENE(.policy = POLICY(EXPECT("ssh", .reachable = TRI_NO,
		                                               .disabled = cases[i].want)),
		                       .rows = ROWS(SERVICE("ssh", 22, .disabled = cases[i].have)),
		                       .seen = SEEN(SERVING(22, .app = APP_SSH)));
		struct findings f;

		build_audit(&s, &f);
		assert_string_equal(build_only(&f)->rule->id, "RA302");
		if (cases[i].mend)
			assert_string_equal(build_only(&f)->mend, cases[i].mend);
		else
			assert_null(build_only(&f)->mend);
		findings_done(&f);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reachable_against_every_observation),
		cmocka_unit_test(test_without_a_scan_nothing_is_known),
		cmocka_unit_test(test_which_port_is_meant),
		cmocka_unit_test(test_a_port_that_another_service_owns),
		cmocka_unit_test(test_udp_is_not_probed),
		cmocka_unit_test(test_mend_turns_on_or_off_only_what_the_policy_leaves_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
