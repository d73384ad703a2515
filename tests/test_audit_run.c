/* The runner: stock routers, order, subjects, verdicts, short values and commands. */
#include "audit_build.h"

/* The eight services of a router as it comes; disabled www-ssl is flagged I, too, on 6.x. */
#define STOCK                                                                                      \
	SERVICE("telnet", 23), SERVICE("ftp", 21), SERVICE("www", 80), SERVICE("ssh", 22),         \
		SERVICE("www-ssl", 443, .disabled = TRI_YES, .invalid = TRI_YES,                   \
	                .certificate = "none"),                                                    \
		SERVICE("api", 8728), SERVICE("winbox", 8291),                                     \
		SERVICE("api-ssl", 8729, .certificate = "none")

#define STOCK_SEEN                                                                                 \
	SERVING(21, .app = APP_FTP), SERVING(22, .app = APP_SSH), SERVING(23, .app = APP_TELNET),  \
		SERVING(80, .app = APP_HTTP), CLOSED(443), SERVING(8291, .app = APP_WINBOX),       \
		SERVING(8728, .app = APP_API), SERVING(8729, .app = APP_TLS)

#define COURSE                                                                                     \
	EXPECT("telnet", .disabled = TRI_NO, .port = 23),                                          \
		EXPECT("ftp", .disabled = TRI_NO, .port = 21),                                     \
		EXPECT("www", .disabled = TRI_NO, .port = 80),                                     \
		EXPECT("ssh", .disabled = TRI_NO, .port = 22),                                     \
		EXPECT("www-ssl", .disabled = TRI_YES, .port = 443)

static void test_a_stock_routeros_6_under_the_course_has_three_warnings(void **state)
{
	struct scene s =
		SCENE(.version = "6.49.18", .policy = POLICY(COURSE), .unlisted = UNLISTED_WARN,
	              .rows = ROWS(STOCK), .seen = SEEN(STOCK_SEEN), .transport = TRANSPORT_SSH);

	(void)state;
	CHECK(s, "RA109 low winbox:8291\nRA109 low api:8728\nRA109 low api-ssl:8729");
	VERDICT(s, "ssh", VERDICT_PASS);
	VERDICT(s, "www-ssl", VERDICT_PASS);
	/* The same whether or not the router told how it sees us. */
	s.seen_as = "192.0.2.9";
	CHECK(s, "RA109 low winbox:8291\nRA109 low api:8728\nRA109 low api-ssl:8729");
}

static void test_a_stock_router_without_a_policy_is_compliant(void **state)
{
	(void)state;
	CHECK(SCENE(.version = "6.49.18", .rows = ROWS(STOCK), .seen = SEEN(STOCK_SEEN)), "");
}

static void test_a_stock_7_24_has_its_reverse_proxy_beside(void **state)
{
	struct scene s =
		SCENE(.version = "7.24", .listeners = TRI_YES, .policy = POLICY(COURSE),
	              .unlisted = UNLISTED_WARN,
	              .rows = ROWS(STOCK, SERVICE("reverse-proxy", 443), LISTENER("btest", 2000),
	                           LISTENER("discover", 5678, .proto = L4_UDP),
	                           LISTENER("ssh", 22, .connection = TRI_YES)),
	              .seen = SEEN(STOCK_SEEN));

	(void)state;
	CHECK(s, "RA109 low reverse-proxy:443\nRA109 low btest:2000\nRA109 low discover:5678\n"
	         "RA109 low winbox:8291\nRA109 low api:8728\nRA109 low api-ssl:8729");
}

static void test_findings_are_sorted_whatever_the_order_of_the_rows(void **state)
{
	struct service rows[] = {SERVICE("www", 80),    SERVICE("api", 8728),
	                         SERVICE("telnet", 23), SERVICE("ftp", 21, .disabled = TRI_YES),
	                         SERVICE("a", 80),      {.line = 0}};
	struct scene s = SCENE(.policy = POLICY(EXPECT("telnet", .disabled = TRI_YES),
	                                        EXPECT("ftp", .disabled = TRI_NO)),
	                       .unlisted = UNLISTED_WARN, .rows = rows);
	static const char expected[] = "RA102 high telnet:23\nRA101 medium ftp:21\n"
				       "RA109 low a:80\nRA109 low www:80\nRA109 low api:8728";

	(void)state;
	CHECK(s, expected);
	for (size_t i = 0; i < 4; i++) {
		struct service last = rows[4];

		memmove(rows + 1, rows, 4 * sizeof(rows[0]));
		rows[0] = last;
		CHECK(s, expected);
	}
}

static void test_subjects(void **state)
{
	struct scene s =
		SCENE(.policy = POLICY(EXPECT("ssh", .port = 22),
	                               EXPECT("winbox", .disabled = TRI_YES)),
	              .rows = ROWS(SERVICE("www", 80, .disabled = TRI_YES), SERVICE("ssh", 22),
	                           SERVICE("ssh", 22, .dynamic = TRI_YES, .connection = TRI_YES)),
	              .seen = SEEN(CLOSED(21), FILTERED(23), OPEN(2000), OPEN(31337)));
	static const char *const names[] = {"ssh", "www", "btest", "winbox", "unknown"};
	static const bool listed[] = {true, false, false, true, false};
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_int_equal(f.subjects_n, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(f.subjects[i].name, names[i]);
		assert_int_equal(f.subjects[i].listed, listed[i]);
		assert_non_null(f.subjects[i].expected);
		assert_non_null(f.subjects[i].declared);
		assert_non_null(f.subjects[i].reachable);
	}
	assert_int_equal(f.subjects[4].port, 31337);
	assert_int_equal(f.subjects[4].worst, SEVERITY_HIGH);
	assert_int_equal(f.subjects[4].findings_n, 1);
	assert_string_equal(f.v[f.subjects[4].findings[0]].rule->id, "RA203");
	findings_done(&f);
}

static void test_no_rows_no_ports_no_policy(void **state)
{
	struct scene s = SCENE(.version = NULL);
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_int_equal(f.n, 0);
	assert_int_equal(f.subjects_n, 0);
	findings_done(&f);
	findings_done(&f);
	findings_done(NULL);
}

static void test_a_row_without_a_name_is_not_lost(void **state)
{
	CHECK(SCENE(.policy = POLICY(EXPECT("ssh", .port = 22)), .unlisted = UNLISTED_WARN,
	            .rows = ROWS(SERVICE("ssh", 22), SERVICE(NULL, 99))),
	      "RA109 low (no name):99");
	(void)state;
}

static void test_short_values(void **state)
{
	static const struct {
		struct expect_service want;
		const char *expected;
	} wants[] = {
		{{.name = "ssh",
	          .port = 22,
	          .disabled = TRI_NO,
	          .max_sessions = -1,
	          .address_mode = ADDRESS_RESTRICTED,
	          .reachable = TRI_YES,
	          .vrf = "main",
	          .certificate = "c"},
	         "enabled :22 restricted reachable +2"},
		{{.name = "ssh", .port = -1, .disabled = TRI_YES, .max_sessions = -1}, "disabled"},
		{{.name = "ssh", .port = -1, .max_sessions = -1, .reachable = TRI_NO},
	         "unreachable"},
		{{.name = "ssh", .port = 22, .max_sessions = 4}, ":22 +1"},
		{{.name = "ssh", .port = -1, .max_sessions = -1}, "named"},
		{{.name = "ssh",
	          .port = -1,
	          .max_sessions = -1,
	          .address_mode = ADDRESS_UNRESTRICTED},
	         "unrestricted"},
	};
	static const struct {
		const char *have, *declared;
		enum tri disabled, invalid;
		int port;
	} rows[] = {
		{"", "enabled", TRI_NO, TRI_NO, 22},
		{"", "enabled :2222", TRI_NO, TRI_NO, 2222},
		{"10.0.0.0/8", "enabled, 1 prefix", TRI_NO, TRI_NO, 22},
		{"10.0.0.0/8,::/0", "disabled, 2 prefixes", TRI_YES, TRI_YES, 22},
		{"", "enabled, invalid", TRI_NO, TRI_YES, 22},
		{"", "unknown", TRI_UNKNOWN, TRI_UNKNOWN, 22},
	};
	struct findings f;

	(void)state;
	for (size_t i = 0; i < sizeof(wants) / sizeof(wants[0]); i++) {
		struct scene s =
			SCENE(.policy = POLICY(wants[i].want), .rows = ROWS(SERVICE("ssh", 22)));

		build_audit(&s, &f);
		assert_string_equal(f.subjects[0].expected, wants[i].expected);
		assert_string_equal(f.subjects[0].reachable, "-");
		findings_done(&f);
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s = SCENE(.rows = ROWS(SERVICE(
					       "ssh", rows[i].port, .disabled = rows[i].disabled,
					       .invalid = rows[i].invalid, ADDRESS(rows[i].have))));

		build_audit(&s, &f);
		assert_string_equal(f.subjects[0].expected, "-");
		assert_string_equal(f.subjects[0].declared, rows[i].declared);
		findings_done(&f);
	}
}

static void test_short_values_of_listeners_and_shared_ports(void **state)
{
	struct scene s = SCENE(.policy = POLICY(EXPECT("ftp", WITHIN("10.0.0.0/8,192.0.2.0/24"))),
	                       .rows = ROWS(SERVICE("www-ssl", 443, .disabled = TRI_YES),
	                                    SERVICE("reverse-proxy", 443), LISTENER("btest", 2000)),
	                       .seen = SEEN(SERVING(443, .app = APP_TLS)));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_string_equal(build_subject(&f, "btest")->declared, "listening");
	assert_string_equal(build_subject(&f, "www-ssl")->reachable, "shared");
	assert_string_equal(build_subject(&f, "reverse-proxy")->reachable, "serving");
	assert_string_equal(build_subject(&f, "ftp")->declared, "not listed");
	assert_string_equal(build_subject(&f, "ftp")->expected, "2 prefixes");
	findings_done(&f);
}

/* The three values of one finding as "expected | declared | reachable". */
static void check_values(const struct scene *s, const char *expected)
{
	const struct finding *v;
	struct findings f;
	char text[256];

	build_audit(s, &f);
	v = &f.v[0];
	assert_true(f.n > 0);
	snprintf(text, sizeof(text), "%s | %s | %s", v->expected ? v->expected : "-",
	         v->declared ? v->declared : "-", v->reachable ? v->reachable : "-");
	assert_string_equal(text, expected);
	findings_done(&f);
}

static void test_the_three_values_of_a_finding(void **state)
{
	struct scene s = SCENE(.policy = POLICY(EXPECT("ssh", .disabled = TRI_YES)),
	                       .rows = ROWS(SERVICE("ssh", 22)),
	                       .seen = SEEN(OBSERVED(PORT_OPEN, 22, .reason = "login")));

	(void)state;
	check_values(&s, "disabled | enabled | open, serving");
	s.seen = SEEN(REFUSED(22));
	check_values(&s, "disabled | enabled | open, refused (fin)");
	s.seen = NULL;
	check_values(&s, "disabled | enabled | -");
	s.policy = POLICY(EXPECT("api", .disabled = TRI_NO));
	check_values(&s, "enabled | not listed | -");
	s.complete = TRI_UNKNOWN;
	check_values(&s, "enabled | - | -");
	s.policy = NULL;
	s.seen = SEEN(FILTERED(22));
	check_values(&s, "- | enabled | filtered");
	s.seen = SEEN(OPEN(22), OPEN(8291));
	check_values(&s, "- | not listed | open");
}

/* A finding tells the key that it is about, not all that the policy says of the service. */
static void test_a_finding_expects_its_own_key(void **state)
{
	const struct {
		struct expect_service want;
		const char *values;
	} cases[] = {
		{EXPECT("ssh", .disabled = TRI_NO, .certificate = "web"), "certificate web"},
		{EXPECT("ssh", .disabled = TRI_NO, .vrf = "lab"), "vrf lab"},
		{EXPECT("ssh", .disabled = TRI_NO, .tls_version = "any"), "tls-version any"},
		{EXPECT("ssh", .disabled = TRI_NO, .max_sessions = 5), "max-sessions 5"},
		{EXPECT("ssh", .disabled = TRI_NO, WITHIN("10.0.0.0/8")), "1 prefix"},
		{EXPECT("ssh", .vrf = "main", .reachable = TRI_YES), "vrf main"},
	};
	struct service row = SERVICE("ssh", 22, .address_known = false);
	struct scene s = SCENE(.rows = ROWS(row), .seen = SEEN(SERVING(22, .app = APP_SSH)));
	char expected[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct expect_service one[] = {cases[i].want, {.name = NULL}};

		s.policy = one;
		snprintf(expected, sizeof(expected), "%s | enabled | open, serving",
		         cases[i].values);
		check_values(&s, expected);
	}
	s.seen = SEEN(CLOSED(22));
	s.policy = POLICY(EXPECT("ssh", .disabled = TRI_NO, .port = 22, .certificate = NULL));
	check_values(&s, "enabled | enabled | closed");
	s.policy = POLICY(EXPECT("ssh", .port = 22));
	check_values(&s, "- | enabled | closed");
	s.seen = NULL;
	s.policy = POLICY(EXPECT("reverse-proxy", .certificate = "web"));
	check_values(&s, "listed | not listed | -");
}

static void test_a_udp_feature_of_the_policy_claims_no_tcp_port(void **state)
{
	(void)state;
	CHECK(SCENE(.policy = POLICY(EXPECT("snmp", .disabled = TRI_YES)), .listeners = TRI_UNKNOWN,
	            .rows = ROWS(SERVICE("ssh", 22)), .seen = SEEN(OPEN(161))),
	      "RA203 high unknown:161\nRA401 medium snmp:161 ?");
}

static void test_listeners_are_told_once_in_whatever_order(void **state)
{
	struct scene s =
		SCENE(.policy = POLICY(EXPECT("ssh", .port = 22)), .unlisted = UNLISTED_WARN,
	              .rows = ROWS(
			      LISTENER("resolver", 53), LISTENER("resolver", 53, .proto = L4_UDP),
			      LISTENER("resolver", 53), LISTENER("resolver", 53, .proto = L4_UDP),
			      LISTENER("www", 80), SERVICE("www", 80), SERVICE("ssh", 22)));

	(void)state;
	CHECK(s, "RA109 low resolver:53\nRA109 low resolver:53\nRA109 low www:80");
	/* A form without PROTO means TCP. */
	s.rows = ROWS(SERVICE("ssh", 22), SERVICE("www", 80, .proto = L4_UNKNOWN),
	              LISTENER("www", 80));
	CHECK(s, "RA109 low www:80");
}

/* reverse-proxy: no rule compares whether it is reachable, so that nothing but the one key makes
 * the verdict. */
static void test_a_single_key_makes_a_pass(void **state)
{
	const struct expect_service wants[] = {
		EXPECT("reverse-proxy", .reachable = TRI_YES),
		EXPECT("reverse-proxy", .vrf = "main"),
		EXPECT("reverse-proxy", .certificate = "web"),
		EXPECT("reverse-proxy", .max_sessions = 20),
		EXPECT("reverse-proxy", .port = 443),
		EXPECT("reverse-proxy", .disabled = TRI_NO),
		EXPECT("reverse-proxy", .tls_version = "any"),
	};
	struct service row =
		SERVICE("reverse-proxy", 443, .address_known = false, .vrf = "main",
	                .certificate = "web", .max_sessions = 20, .tls_version = "any");
	struct scene s = SCENE(.rows = ROWS(row), .seen = SEEN(SERVING(443)));

	(void)state;
	VERDICT(s, "reverse-proxy", VERDICT_NONE);
	for (size_t i = 0; i < sizeof(wants) / sizeof(wants[0]); i++) {
		const struct expect_service one[] = {wants[i], {.name = NULL}};

		s.policy = one;
		CHECK(s, "");
		VERDICT(s, "reverse-proxy", VERDICT_PASS);
	}
	s.policy = POLICY(EXPECT("reverse-proxy", .reachable = TRI_NO));
	for (size_t i = 0; i < 3; i++) {
		const struct observation seen[] = {CLOSED(443), FILTERED(443), REFUSED(443)};
		const struct observation one[] = {seen[i], {.port = 0}};

		s.seen = one;
		VERDICT(s, "reverse-proxy", VERDICT_PASS);
	}
}

static void test_a_list_that_does_what_it_says_makes_a_pass(void **state)
{
	struct scene s = SCENE(.rows = ROWS(SERVICE("reverse-proxy", 443, ADDRESS("10.0.0.0/8"))),
	                       .seen = SEEN(REFUSED(443)), .seen_as = "192.0.2.9");

	(void)state;
	VERDICT(s, "reverse-proxy", VERDICT_PASS);
	s.seen = SEEN(SERVING(443));
	s.seen_as = "10.0.0.9";
	VERDICT(s, "reverse-proxy", VERDICT_PASS);
	s.seen = SEEN(SILENT(443));
	VERDICT(s, "reverse-proxy", VERDICT_FINDING);
}

static void test_a_port_out_of_range_is_unknown(void **state)
{
	(void)state;
	CHECK(SCENE(.policy = POLICY(EXPECT("ssh", .reachable = TRI_NO)),
	            .rows = ROWS(SERVICE("ssh", 70000)), .seen = SEEN(CLOSED(22))),
	      "RA401 medium ssh:-1 ?");
}

static void check_mend(const struct scene *s, const char *expected)
{
	struct findings f;

	build_audit(s, &f);
	if (expected)
		assert_string_equal(build_only(&f)->mend, expected);
	else
		assert_null(build_only(&f)->mend);
	findings_done(&f);
}

static void test_commands(void **state)
{
	struct scene s = SCENE(.policy = POLICY(EXPECT("telnet", .disabled = TRI_YES)),
	                       .rows = ROWS(SERVICE("telnet", 23)));

	(void)state;
	check_mend(&s, "/ip service set telnet disabled=yes");
	/* From 7.19 on a listener or a connection may have the same name. */
	s.version = "7.19";
	check_mend(&s, "/ip service set [find name=telnet dynamic=no] disabled=yes");
	s.version = NULL;
	check_mend(&s, "/ip service set telnet disabled=yes");
	s.version = "7.18";
	s.policy = POLICY(EXPECT("telnet", .disabled = TRI_NO));
	s.rows = ROWS(SERVICE("telnet", 23, .disabled = TRI_YES));
	check_mend(&s, "/ip service set telnet disabled=no");
	s.rows = ROWS(SERVICE("ssh", 22));
	check_mend(&s, NULL);
	s.policy = POLICY(EXPECT("ssh", .port = 2200));
	check_mend(&s, "/ip service set ssh port=2200");
	s.policy = POLICY(EXPECT("ssh", WITHIN("192.0.2.0/24,2001:db8::/64")));
	check_mend(&s, "/ip service set ssh address=192.0.2.0/24,2001:db8::/64");
	s.version = "7.24.1";
	check_mend(&s, "/ip service set [find name=ssh dynamic=no] "
	               "available-from=192.0.2.0/24,2001:db8::/64");
	/* Never wider than it was: what the router has within the policy stays. */
	s.rows = ROWS(SERVICE("ssh", 22, ADDRESS("192.0.2.7/32,10.0.0.0/8,2001:db8::1/128")));
	check_mend(&s, "/ip service set [find name=ssh dynamic=no] "
	               "available-from=192.0.2.7/32,2001:db8::1/128");
	s.rows = ROWS(SERVICE("ssh", 22, ADDRESS("10.0.0.0/8")));
	check_mend(&s, "/ip service set [find name=ssh dynamic=no] "
	               "available-from=192.0.2.0/24,2001:db8::/64");
	s.rows = ROWS(SERVICE("ssh", 22));
	s.policy = POLICY(EXPECT("ssh", .address_mode = ADDRESS_RESTRICTED));
	check_mend(&s, NULL);
	s.version = "7.18";
	s.rows = ROWS(SERVICE("ssh", 22, ADDRESS("10.0.0.0/8")));
	s.policy = POLICY(EXPECT("ssh", .address_mode = ADDRESS_UNRESTRICTED));
	check_mend(&s, "/ip service set ssh address=\"\"");
	s.policy = POLICY(EXPECT("snmp", .disabled = TRI_YES));
	s.rows = ROWS(LISTENER("snmp", 161, .proto = L4_UDP));
	check_mend(&s, "/snmp set enabled=no");
	/* What some process of a container listens to has no command that is certain. */
	s.policy = POLICY(EXPECT("pihole", .disabled = TRI_YES));
	s.rows = ROWS(LISTENER("pihole", 80, .container = "c"));
	check_mend(&s, NULL);
	/* Nor has one that has the name of a feature of the router. */
	s.policy = POLICY(EXPECT("snmp", .disabled = TRI_YES));
	s.rows = ROWS(LISTENER("snmp", 161, .proto = L4_UDP, .container = "c"));
	check_mend(&s, NULL);
	s.rows = ROWS(LISTENER("snmp", 161, .proto = L4_UDP, .netns = "n"));
	check_mend(&s, NULL);
	s.policy = POLICY(EXPECT("ssh", .reachable = TRI_YES));
	s.rows = ROWS(SERVICE("ssh", 22, .disabled = TRI_YES));
	s.seen = SEEN(CLOSED(22));
	check_mend(&s, "/ip service set ssh disabled=no");
}

static void test_foreign_text_reaches_a_command_only_quoted(void **state)
{
	static const struct {
		const char *text, *command;
	} cases[] = {
		{"web", "certificate=web"},
		{"web-1.example_2", "certificate=web-1.example_2"},
		{"my cert", "certificate=\"my cert\""},
		{"", "certificate=\"\""},
		{"-x", "certificate=\"-x\""},
		{"a\"; /system reset", "certificate=\"a\\\"; /system reset\""},
		{"$(x)[y]{z}", "certificate=\"\\$(x)[y]{z}\""},
		{"what?\\", "certificate=\"what\\?\\\\\""},
		{"a\nb\x1b[", "certificate=\"a\\0Ab\\1B[\""},
		{"caf\xc3\xa9", "certificate=\"caf\\C3\\A9\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s =
			SCENE(.policy = POLICY(EXPECT("www-ssl", .certificate = cases[i].text)),
		              .rows = ROWS(SERVICE("www-ssl", 443, .certificate = "other")));
		struct findings f;

		build_audit(&s, &f);
		assert_contains(build_only(&f)->mend, "/ip service set www-ssl certificate=");
		assert_string_equal(strstr(build_only(&f)->mend, "certificate="), cases[i].command);
		findings_done(&f);
	}
}

static void test_a_name_of_the_router_is_quoted_too(void **state)
{
	struct scene s = SCENE(.policy = POLICY(EXPECT("my svc", .disabled = TRI_YES)),
	                       .rows = ROWS(SERVICE("my svc", 99)));

	(void)state;
	check_mend(&s, "/ip service set \"my svc\" disabled=yes");
}

static void test_a_mend_of_the_login_service_is_warned_of(void **state)
{
	static const struct {
		enum transport_id transport;
		bool plain;
		const char *name;
		bool warned;
	} cases[] = {
		{TRANSPORT_SSH, false, "ssh", true},      {TRANSPORT_SSH, false, "www", false},
		{TRANSPORT_REST, false, "www-ssl", true}, {TRANSPORT_REST, false, "www", false},
		{TRANSPORT_REST, true, "www", true},      {TRANSPORT_REST, false, "ssh", false},
		{TRANSPORT_BOTH, false, "ssh", true},     {TRANSPORT_BOTH, false, "www-ssl", true},
		{TRANSPORT_FILE, false, "ssh", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s =
			SCENE(.transport = cases[i].transport, .rest_plain = cases[i].plain,
		              .policy = POLICY(EXPECT(cases[i].name, .disabled = TRI_YES)),
		              .rows = ROWS(SERVICE(cases[i].name, 99)));
		struct findings f;

		build_audit(&s, &f);
		assert_int_equal(strstr(build_only(&f)->evidence, "logs in through") != NULL,
		                 cases[i].warned);
		findings_done(&f);
	}
}

static void test_long_lists_are_cut_in_values_and_whole_in_commands(void **state)
{
	struct scene s =
		SCENE(.policy = POLICY(EXPECT(
			      "ssh", WITHIN("10.0.0.0/24,10.0.2.0/24,10.0.4.0/24,10.0.6.0/24,"
	                                    "10.0.8.0/24,10.0.10.0/24,10.0.12.0/24,"
	                                    "10.0.14.0/24,10.0.16.0/24,10.0.18.0/24"))),
	              .rows = ROWS(SERVICE("ssh", 22)));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_contains(build_only(&f)->expected, "10.0.14.0/24 and 2 more");
	assert_contains(build_only(&f)->mend, "10.0.16.0/24,10.0.18.0/24");
	findings_done(&f);
}

static void test_banners_are_cut_at_the_first_line_and_keep_their_bytes(void **state)
{
	static const char nul[] = "ab\0cd", raw[] = "\xff\xfb\x01x";
	struct scene s =
		SCENE(.rows = ROWS(SERVICE("telnet", 23)),
	              .seen = SEEN(SERVING(23, .app = APP_SSH, .banner = nul, .banner_n = 5)));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_contains(build_only(&f)->evidence, "banner \"ab\"");
	findings_done(&f);
	s.seen = SEEN(SERVING(23, .app = APP_SSH, .banner = raw, .banner_n = 4));
	build_audit(&s, &f);
	assert_contains(build_only(&f)->evidence, "\"\xff\xfb\x01x\"");
	findings_done(&f);
	s.seen = SEEN(SERVING(23, .app = APP_SSH, .banner = "\r\n", .banner_n = 2));
	build_audit(&s, &f);
	assert_null(strstr(build_only(&f)->evidence, "banner"));
	findings_done(&f);
}

/* The listing of a busy router: 60,000 connections are no declaration. */
static void test_a_busy_router_is_judged_by_its_services(void **state)
{
	enum { ROWS_N = 60000 };
	struct service *rows = calloc(ROWS_N + 1, sizeof(*rows));
	struct scene s =
		SCENE(.version = "7.20", .listeners = TRI_YES,
	              .policy = POLICY(EXPECT("ssh", .port = 22)), .unlisted = UNLISTED_FAIL);

	(void)state;
	assert_non_null(rows);
	rows[0] = SERVICE("ssh", 22);
	for (int i = 1; i < ROWS_N; i++)
		rows[i] = LISTENER("ssh", 22, .connection = TRI_YES);
	s.rows = rows;
	CHECK(s, "");
	/* As many listeners: a list that no router prints, and that must end all the same. */
	for (int i = 1; i < ROWS_N; i++)
		rows[i] = LISTENER(i % 2 ? "x" : "y", 1 + i % 65535);
	s.unlisted = UNLISTED_IGNORE;
	CHECK(s, "");
	free(rows);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_stock_routeros_6_under_the_course_has_three_warnings),
		cmocka_unit_test(test_a_stock_router_without_a_policy_is_compliant),
		cmocka_unit_test(test_a_stock_7_24_has_its_reverse_proxy_beside),
		cmocka_unit_test(test_findings_are_sorted_whatever_the_order_of_the_rows),
		cmocka_unit_test(test_subjects),
		cmocka_unit_test(test_no_rows_no_ports_no_policy),
		cmocka_unit_test(test_a_row_without_a_name_is_not_lost),
		cmocka_unit_test(test_short_values),
		cmocka_unit_test(test_short_values_of_listeners_and_shared_ports),
		cmocka_unit_test(test_the_three_values_of_a_finding),
		cmocka_unit_test(test_a_finding_expects_its_own_key),
		cmocka_unit_test(test_a_udp_feature_of_the_policy_claims_no_tcp_port),
		cmocka_unit_test(test_listeners_are_told_once_in_whatever_order),
		cmocka_unit_test(test_a_single_key_makes_a_pass),
		cmocka_unit_test(test_a_list_that_does_what_it_says_makes_a_pass),
		cmocka_unit_test(test_a_port_out_of_range_is_unknown),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_foreign_text_reaches_a_command_only_quoted),
		cmocka_unit_test(test_a_name_of_the_router_is_quoted_too),
		cmocka_unit_test(test_a_mend_of_the_login_service_is_warned_of),
		cmocka_unit_test(test_long_lists_are_cut_in_values_and_whole_in_commands),
		cmocka_unit_test(test_banners_are_cut_at_the_first_line_and_keep_their_bytes),
		cmocka_unit_test(test_a_busy_router_is_judged_by_its_services),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
