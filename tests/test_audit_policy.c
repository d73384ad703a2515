/* What the policy language asks for beyond one value: words, sets, ranges, patterns, remarks. */
#include "audit_build.h"

#define NUMBERS(...)                                                                               \
	{                                                                                          \
		.v = (struct number_range[]){__VA_ARGS__},                                         \
		.n = sizeof((struct number_range[]){__VA_ARGS__}) / sizeof(struct number_range)    \
	}
#define WORDS(...)                                                                                 \
	{                                                                                          \
		.v = (const char *[]){__VA_ARGS__},                                                \
		.n = sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *)                  \
	}
#define SCENE_OF(want, row) SCENE(.policy = POLICY(want), .rows = ROWS(row))

#define AT                                                                                         \
	{                                                                                          \
		"policy.yaml", 8, 9                                                                \
	}

static void test_words_for_a_service(void **state)
{
	/* As src/config reads them: with what `disabled` then is. */
	const struct expect_service words[] = {
		EXPECT("ftp", .expect = EXPECT_REQUIRED, .disabled = TRI_NO),
		EXPECT("ftp", .expect = EXPECT_FORBIDDEN, .disabled = TRI_YES),
		EXPECT("ftp", .expect = EXPECT_ALLOWED, .port = 2121),
		EXPECT("ftp", .expect = EXPECT_IGNORED, .port = 2121, .reachable = TRI_NO),
	};
	const struct {
		size_t word;
		struct service row;
		const char *findings;
		enum verdict verdict;
	} cases[] = {
		{0, SERVICE("ftp", 21), "", VERDICT_PASS},
		{0, SERVICE("ftp", 21, .disabled = TRI_YES), "RA101 medium ftp:21",
	         VERDICT_FINDING},
		{1, SERVICE("ftp", 21), "RA102 high ftp:21", VERDICT_FINDING},
		{1, SERVICE("ftp", 21, .disabled = TRI_YES), "", VERDICT_PASS},
		{2, SERVICE("ftp", 21), "RA103 medium ftp:21", VERDICT_FINDING},
		{2, SERVICE("ftp", 2121), "", VERDICT_PASS},
		/* While it is off, its port is nobody's business. */
		{2, SERVICE("ftp", 21, .disabled = TRI_YES), "", VERDICT_NONE},
		{2, SERVICE("ftp", 21, .disabled = TRI_UNKNOWN), "RA103 medium ftp:21",
	         VERDICT_FINDING},
		{3, SERVICE("ftp", 21), "", VERDICT_NONE},
		{3, SERVICE("ftp", 21, .invalid = TRI_YES), "", VERDICT_NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s = SCENE_OF(words[cases[i].word], cases[i].row);

		CHECK(s, cases[i].findings);
		VERDICT(s, "ftp", cases[i].verdict);
	}
}

static void test_what_is_not_there(void **state)
{
	struct scene s = SCENE(.rows = ROWS(SERVICE("ssh", 22)));

	(void)state;
	s.policy = POLICY(EXPECT("ftp", .expect = EXPECT_REQUIRED, .disabled = TRI_NO));
	CHECK(s, "RA101 medium ftp:21");
	s.policy = POLICY(EXPECT("ftp", .expect = EXPECT_FORBIDDEN, .disabled = TRI_YES));
	CHECK(s, "");
	s.policy = POLICY(EXPECT("ftp", .expect = EXPECT_ALLOWED, .port = 21));
	CHECK(s, "");
	s.policy = POLICY(EXPECT("ftp", .expect = EXPECT_IGNORED, .port = 21));
	CHECK(s, "");
	/* A listing that may have been filtered leaves open whether it is on. */
	s.complete = TRI_UNKNOWN;
	s.policy = POLICY(EXPECT("ftp", .expect = EXPECT_ALLOWED, .port = 21));
	CHECK(s, "RA401 medium ftp:21 ?");
	s.policy = POLICY(EXPECT("ftp", .expect = EXPECT_IGNORED, .port = 21));
	CHECK(s, "");
}

static void test_numbers_of_a_set(void **state)
{
	const struct expect_service want =
		EXPECT("ssh", .port_set = NUMBERS({22, 22}, {1024, 65535}),
	               .max_sessions_set = NUMBERS({2, 20}));
	const struct {
		int port, sessions;
		const char *findings, *mend;
	} cases[] = {
		{22, 2, "", NULL},
		{1024, 20, "", NULL},
		{65535, -1, "RA401 medium ssh:65535 ?", NULL},
		{23, 5, "RA103 medium ssh:23", "/ip service set ssh port=22"},
		{1023, 5, "RA103 medium ssh:1023", "/ip service set ssh port=22"},
		/* Which number of a range is right only the operator knows. */
		{22, 1, "RA108 low ssh:22", NULL},
		{22, 21, "RA108 low ssh:22", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s = SCENE_OF(
			want, SERVICE("ssh", cases[i].port, .max_sessions = cases[i].sessions));
		struct findings f;

		CHECK(s, cases[i].findings);
		if (!cases[i].mend)
			continue;
		build_audit(&s, &f);
		assert_string_equal(build_only(&f)->mend, cases[i].mend);
		assert_string_equal(build_only(&f)->expected, "port one of 22, 1024-65535");
		findings_done(&f);
	}
}

static void test_words_of_a_set(void **state)
{
	const struct {
		struct expect_service want;
		const char *certificate, *tls, *vrf, *findings;
	} cases[] = {
		{EXPECT("www-ssl", .certificate_set = WORDS("lab-*", "other")), "lab-1", NULL, NULL,
	         ""},
		{EXPECT("www-ssl", .certificate_set = WORDS("lab-*", "other")), "other", NULL, NULL,
	         ""},
		{EXPECT("www-ssl", .certificate_set = WORDS("lab-*", "other")), "Lab-1", NULL, NULL,
	         "RA105 medium www-ssl:443"},
		/* A pattern stands for a certificate, and "none" is none. */
		{EXPECT("www-ssl", .certificate_set = WORDS("*")), "any name", NULL, NULL, ""},
		{EXPECT("www-ssl", .certificate_set = WORDS("*")), "none", NULL, NULL,
	         "RA105 medium www-ssl:443"},
		{EXPECT("www-ssl", .certificate_set = WORDS("*", "none")), "none", NULL, NULL, ""},
		{EXPECT("www-ssl", .certificate_set = WORDS("*")), NULL, NULL, NULL,
	         "RA401 medium www-ssl:443 ?"},
		{EXPECT("www-ssl", .tls_version_set = WORDS("any", "only-1.2")), NULL, "only-1.2",
	         NULL, ""},
		{EXPECT("www-ssl", .tls_version_set = WORDS("any", "only-1.2")), NULL, "only-1.3",
	         NULL, "RA106 medium www-ssl:443"},
		{EXPECT("www-ssl", .vrf_set = WORDS("main", "mgmt-?")), NULL, NULL, "mgmt-2", ""},
		{EXPECT("www-ssl", .vrf_set = WORDS("main", "mgmt-?")), NULL, NULL, "mgmt-10",
	         "RA107 medium www-ssl:443"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s = SCENE_OF(
			cases[i].want, SERVICE("www-ssl", 443, .certificate = cases[i].certificate,
		                               .tls_version = cases[i].tls, .vrf = cases[i].vrf));

		CHECK(s, cases[i].findings);
	}
}

static void test_addresses_that_must_be_let_in(void **state)
{
	struct prefix *net = build_prefixes("192.0.2.0/25,2001:db8::/64");
	const struct {
		const char *within, *have, *findings;
	} cases[] = {
		{NULL, "192.0.2.0/24,2001:db8::/32", ""},
		{NULL, "192.0.2.0/26,192.0.2.64/26,2001:db8::/64", ""},
		{NULL, "", ""},
		{NULL, "192.0.2.0/24", "RA104 medium ssh:22"},
		{NULL, "192.0.2.0/26,2001:db8::/64", "RA104 medium ssh:22"},
		{"192.0.2.0/24,2001:db8::/32", "192.0.2.0/24,2001:db8::/64", ""},
		{"192.0.2.0/24,2001:db8::/32", "192.0.2.0/23,2001:db8::/64", "RA104 high ssh:22"},
		{"192.0.2.0/24,2001:db8::/32", "192.0.0.0/23",
	         "RA104 high ssh:22\nRA104 medium ssh:22"},
		{"192.0.2.0/24,2001:db8::/32", "", "RA104 high ssh:22"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct expect_service want =
			EXPECT("ssh", .address_mode = ADDRESS_COVERS, .covers = net, .covers_n = 2);

		if (cases[i].within) {
			want.address_mode = ADDRESS_WITHIN;
			want.address = build_prefixes(cases[i].within);
			want.address_n = build_prefixes_n(cases[i].within);
		}
		CHECK(SCENE_OF(want, SERVICE("ssh", 22, ADDRESS(cases[i].have))),
		      cases[i].findings);
	}
}

static void test_served_and_refused_are_exact(void **state)
{
	const struct {
		struct observation seen;
		const char *served, *refused;
	} cases[] = {
		{SERVING(22, .app = APP_SSH), "", "RA302 high ssh:22"},
		{REFUSED(22), "RA205 medium ssh:22\nRA301 medium ssh:22", "RA205 medium ssh:22"},
		{SILENT(22), "RA301 medium ssh:22", "RA302 high ssh:22"},
		{OPEN(22), "RA401 medium ssh:22 ?", "RA401 medium ssh:22 ?"},
		{CLOSED(22), "RA201 medium ssh:22\nRA301 medium ssh:22", "RA301 medium ssh:22"},
		{FILTERED(22), "RA301 medium ssh:22\nRA201 low ssh:22", "RA301 medium ssh:22"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s =
			SCENE(.rows = ROWS(SERVICE("ssh", 22)), .seen = SEEN(cases[i].seen));

		s.policy = POLICY(EXPECT("ssh", .reachable = TRI_YES, .reachable_exactly = true));
		CHECK(s, cases[i].served);
		s.policy = POLICY(EXPECT("ssh", .reachable = TRI_NO, .reachable_exactly = true));
		CHECK(s, cases[i].refused);
	}
}

/* Switched off it would be closed: the plan would leave the router as far from its policy as it
 * was, and the service lost to those whom it should serve. */
static void test_what_should_refuse_us_is_not_switched_off(void **state)
{
	struct scene s = SCENE(.rows = ROWS(SERVICE("ssh", 22)), .seen = SEEN(SERVING(22)));
	struct findings f;

	(void)state;
	s.policy = POLICY(EXPECT("ssh", .reachable = TRI_NO));
	build_audit(&s, &f);
	assert_string_equal(build_only(&f)->mend, "/ip service set ssh disabled=yes");
	findings_done(&f);
	s.policy = POLICY(EXPECT("ssh", .reachable = TRI_NO, .reachable_exactly = true));
	build_audit(&s, &f);
	assert_string_equal(build_only(&f)->rule->id, "RA302");
	assert_null(build_only(&f)->mend);
	assert_null(build_only(&f)->change.row);
	findings_done(&f);
}

static void test_the_policys_own_words_go_with_what_it_asked_for(void **state)
{
	struct scene s =
		SCENE(.policy = POLICY(EXPECT("telnet", .disabled = TRI_YES,
	                                      .remark = {.severity = SEVERITY_CRITICAL,
	                                                 .severity_at = AT,
	                                                 .title = "no telnet",
	                                                 .why = "it shows passwords",
	                                                 .link = "https://wiki.example/telnet"})),
	              .rows = ROWS(SERVICE("telnet", 23)), .seen = SEEN(REFUSED(23)));
	struct findings f;

	(void)state;
	/* RA205 is no matter of what was asked for. */
	CHECK(s, "RA102 critical telnet:23\nRA205 medium telnet:23");
	build_audit(&s, &f);
	assert_string_equal(f.v[0].title, "no telnet");
	assert_string_equal(f.v[0].why, "it shows passwords");
	assert_string_equal(f.v[0].link, "https://wiki.example/telnet");
	assert_null(f.v[1].title);
	findings_done(&f);
}

static void test_a_condition_that_nobody_can_decide_is_told(void **state)
{
	const struct version_test since = {VERSION_LEAST, {7, 19, 0}, 2};
	const struct condition when = {.version = (struct version_test *)(uintptr_t)&since,
	                               .version_n = 1,
	                               .origin = {"policy.yaml", 12, 5}};
	const struct condition *unsure[] = {&when, NULL};
	struct scene s = SCENE(.version = NULL, .policy = POLICY(EXPECT("ssh", .port = 22)),
	                       .rows = ROWS(SERVICE("ssh", 22)), .unsure = unsure);
	struct findings f;

	(void)state;
	CHECK(s, "RA401 medium -:-1 ?");
	build_audit(&s, &f);
	assert_contains(build_only(&f)->evidence, "version is unknown");
	assert_int_equal(build_only(&f)->origin.line, 12);
	findings_done(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_for_a_service),
		cmocka_unit_test(test_what_is_not_there),
		cmocka_unit_test(test_numbers_of_a_set),
		cmocka_unit_test(test_words_of_a_set),
		cmocka_unit_test(test_addresses_that_must_be_let_in),
		cmocka_unit_test(test_served_and_refused_are_exact),
		cmocka_unit_test(test_what_should_refuse_us_is_not_switched_off),
		cmocka_unit_test(test_the_policys_own_words_go_with_what_it_asked_for),
		cmocka_unit_test(test_a_condition_that_nobody_can_decide_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
