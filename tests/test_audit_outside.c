/* Declared x reachable: RA201 to RA207, and RA402. */
#include "audit_build.h"

#define LOOK(row, seen_) SCENE(.rows = ROWS(row), .seen = SEEN(seen_))

/* disabled x what was seen, without a policy: the README's first recipe. */
static void test_disabled_against_every_observation(void **state)
{
	const struct observation seen[] = {
		NO_RESULT(23, "not-probed"),
		SERVING(23, .app = APP_TELNET),
		REFUSED(23),
		SILENT(23),
		OPEN(23),
		CLOSED(23),
		FILTERED(23),
	};
	static const struct {
		enum tri disabled;
		const char *findings[7];
		enum verdict verdicts[7];
	} cases[] = {
		{TRI_NO,
	         {"", "", "RA205 medium telnet:23", "RA207 low telnet:23", "",
	          "RA201 medium telnet:23", "RA201 low telnet:23"},
	         {VERDICT_NONE, VERDICT_PASS, VERDICT_FINDING, VERDICT_FINDING, VERDICT_PASS,
	          VERDICT_FINDING, VERDICT_FINDING}},
		{TRI_YES,
	         {"", "RA202 high telnet:23", "RA202 high telnet:23", "RA202 high telnet:23",
	          "RA202 high telnet:23", "", ""},
	         {VERDICT_NONE, VERDICT_FINDING, VERDICT_FINDING, VERDICT_FINDING, VERDICT_FINDING,
	          VERDICT_PASS, VERDICT_PASS}},
		{TRI_UNKNOWN,
	         {"", "", "", "", "", "", ""},
	         {VERDICT_NONE, VERDICT_NONE, VERDICT_NONE, VERDICT_NONE, VERDICT_NONE,
	          VERDICT_NONE, VERDICT_NONE}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t j = 0; j < 7; j++) {
			struct scene s =
				LOOK(SERVICE("telnet", 23, .disabled = cases[i].disabled), seen[j]);

			CHECK(s, cases[i].findings[j]);
			VERDICT(s, "telnet", cases[i].verdicts[j]);
		}
	}
}

static void test_the_login_itself_proves_that_a_port_serves(void **state)
{
	(void)state;
	CHECK(LOOK(SERVICE("ssh", 22), OBSERVED(PORT_OPEN, 22, .reason = "login")), "");
	CHECK(LOOK(SERVICE("ssh", 22, .disabled = TRI_YES),
	           OBSERVED(PORT_OPEN, 22, .reason = "login")),
	      "RA202 high ssh:22");
	CHECK(SCENE(.rows = ROWS(SERVICE("ssh", 22, ADDRESS("10.0.0.0/8"))),
	            .seen = SEEN(OBSERVED(PORT_OPEN, 22, .reason = "login")),
	            .seen_as = "192.0.2.9"),
	      "RA204 high ssh:22");
}

static void test_closed_is_no_finding_where_silence_is_meant(void **state)
{
	(void)state;
	CHECK(LOOK(SERVICE("reverse-proxy", 443), CLOSED(443)), "");
	CHECK(LOOK(SERVICE("www", 80, .container = "c1"), CLOSED(80)), "");
	CHECK(LOOK(SERVICE("www", 80, .netns = "n1"), CLOSED(80)), "");
	CHECK(LOOK(LISTENER("snmp", 161, .proto = L4_UDP), CLOSED(161)), "");
	CHECK(LOOK(SERVICE("ssh", 22, .connection = TRI_YES), CLOSED(22)), "");
	CHECK(SCENE(.policy = POLICY(EXPECT("www", .reachable = TRI_NO)),
	            .rows = ROWS(SERVICE("www", 80)), .seen = SEEN(CLOSED(80))),
	      "");
}

static void test_what_should_be_off_is_not_missed(void **state)
{
	(void)state;
	CHECK(SCENE(.policy = POLICY(EXPECT("www", .disabled = TRI_YES)),
	            .rows = ROWS(SERVICE("www", 80)), .seen = SEEN(CLOSED(80))),
	      "RA102 high www:80");
}

static void test_a_service_of_another_vrf_is_told_as_info(void **state)
{
	(void)state;
	CHECK(LOOK(SERVICE("ssh", 22, .vrf = "lab"), CLOSED(22)), "RA201 info ssh:22");
	CHECK(LOOK(SERVICE("ssh", 22, .vrf = "main"), CLOSED(22)), "RA201 medium ssh:22");
	CHECK(LOOK(SERVICE("ssh", 22, .vrf = "lab"), FILTERED(22)), "RA201 low ssh:22");
}

static void test_a_listener_bound_to_another_address_is_told_as_info(void **state)
{
	struct scene s = LOOK(LISTENER("lighttpd", 81, .local = "198.51.100.7"), CLOSED(81));

	(void)state;
	CHECK(s, "RA201 medium lighttpd:81");
	s.at = "192.0.2.1";
	CHECK(s, "RA201 info lighttpd:81");
	s.at = "198.51.100.7";
	CHECK(s, "RA201 medium lighttpd:81");
}

static void test_a_disabled_service_whose_port_another_row_owns(void **state)
{
	struct service off = SERVICE("www-ssl", 443, .disabled = TRI_YES);
	const struct observation seen = SERVING(443, .app = APP_TLS);

	(void)state;
	CHECK(SCENE(.rows = ROWS(off, SERVICE("reverse-proxy", 443)), .seen = SEEN(seen)),
	      "RA202 info www-ssl:443");
	CHECK(SCENE(.rows = ROWS(off, LISTENER("sstp-server", 443)), .seen = SEEN(seen)), "");
	/* None of these owns the router's own port. */
	CHECK(SCENE(.rows = ROWS(off, SERVICE("reverse-proxy", 443, .disabled = TRI_YES)),
	            .seen = SEEN(seen)),
	      "RA202 medium reverse-proxy:443\nRA202 medium www-ssl:443");
	CHECK(SCENE(.rows = ROWS(off, LISTENER("ntp", 443, .proto = L4_UDP)), .seen = SEEN(seen)),
	      "RA202 medium www-ssl:443");
	CHECK(SCENE(.rows = ROWS(off, LISTENER("pihole", 443, .container = "c")),
	            .seen = SEEN(seen)),
	      "RA202 medium www-ssl:443");
	CHECK(SCENE(.rows = ROWS(off, LISTENER("x", 443, .connection = TRI_YES)),
	            .seen = SEEN(seen)),
	      "RA202 medium www-ssl:443");
	/* Perhaps it does: nothing is claimed, and nothing passes. */
	CHECK(SCENE(.rows = ROWS(off, SERVICE("reverse-proxy", 443, .disabled = TRI_UNKNOWN)),
	            .seen = SEEN(seen)),
	      "");
	VERDICT(SCENE(.rows = ROWS(off, SERVICE("reverse-proxy", 443, .disabled = TRI_UNKNOWN)),
	              .seen = SEEN(seen)),
	        "www-ssl", VERDICT_NONE);
}

/* A router of 7.22 and later as it comes. */
static void test_reverse_proxy_beside_a_service_hides_nothing(void **state)
{
	struct service proxy = SERVICE("reverse-proxy", 443);
	struct service off = SERVICE("www-ssl", 443, .disabled = TRI_YES);
	struct service on = SERVICE("www-ssl", 443, ADDRESS("10.0.0.0/8"), .certificate = "web");
	struct scene s =
		SCENE(.version = "7.22", .rows = ROWS(off, proxy), .seen = SEEN(OPEN(443)));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_string_equal(build_only(&f)->rule->id, "RA202");
	assert_contains(build_only(&f)->evidence, "either of the two");
	assert_string_equal(build_only(&f)->reachable, "open");
	assert_string_equal(build_subject(&f, "www-ssl")->reachable, "shared");
	findings_done(&f);
	/* A third service: nobody is named. */
	s.rows = ROWS(off, proxy, SERVICE("ssh", 443));
	CHECK(s, "");
	s.rows = ROWS(on, proxy);
	s.seen = SEEN(SERVING(443, .app = APP_TLS));
	CHECK(s, "RA402 info www-ssl:443");
	s.seen_as = "192.0.2.9";
	CHECK(s, "RA204 info www-ssl:443");
	s.seen_as = "10.0.0.9";
	CHECK(s, "");
	s.seen = SEEN(REFUSED(443));
	CHECK(s, "RA205 info www-ssl:443");
}

static void test_a_shut_port_is_shut_for_each_of_its_rows(void **state)
{
	struct service off = SERVICE("www-ssl", 443, .disabled = TRI_YES);
	struct scene s =
		SCENE(.rows = ROWS(off, SERVICE("reverse-proxy", 443)), .seen = SEEN(CLOSED(443)));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_int_equal(f.n, 0);
	assert_string_equal(build_subject(&f, "www-ssl")->reachable, "closed");
	assert_int_equal(build_subject(&f, "www-ssl")->verdict, VERDICT_PASS);
	findings_done(&f);
	s.seen = SEEN(FILTERED(443));
	VERDICT(s, "www-ssl", VERDICT_PASS);
	s.rows = ROWS(off, SERVICE("ssh", 443));
	s.seen = SEEN(CLOSED(443));
	VERDICT(s, "www-ssl", VERDICT_PASS);
	CHECK(s, "RA201 medium ssh:443");
}

static void test_a_listener_contradicts_its_own_disabled_row(void **state)
{
	(void)state;
	/* The router lists both; the port is then the listener's. */
	CHECK(SCENE(.policy = POLICY(EXPECT("ssh", .port = 22)), .unlisted = UNLISTED_WARN,
	            .rows = ROWS(SERVICE("ssh", 22), SERVICE("www", 80, .disabled = TRI_YES),
	                         LISTENER("www", 80)),
	            .seen = SEEN(SERVING(80, .app = APP_HTTP))),
	      "RA109 low www:80");
}

static void test_disabled_yet_open_names_what_might_explain_it(void **state)
{
	struct scene s = LOOK(SERVICE("www-ssl", 443, .disabled = TRI_YES), OPEN(443));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_contains(build_only(&f)->evidence, "/interface sstp-server server");
	findings_done(&f);
	s.listeners = TRI_YES;
	s.version = "7.19";
	build_audit(&s, &f);
	assert_null(strstr(build_only(&f)->evidence, "sstp"));
	findings_done(&f);
}

/* Open and in no row: by what can explain it. */
static void test_disabled_yet_open_weighs_less_where_a_feature_may_explain_it(void **state)
{
	struct scene s = LOOK(SERVICE("www-ssl", 443, .disabled = TRI_YES), OPEN(443));

	(void)state;
	CHECK(s, "RA202 medium www-ssl:443");
	s.policy = POLICY(EXPECT("ssh", .reachable = TRI_UNKNOWN));
	s.unlisted = UNLISTED_WARN;
	CHECK(s, "RA202 medium www-ssl:443");
	s.unlisted = UNLISTED_IGNORE;
	CHECK(s, "RA202 medium www-ssl:443");
	s.unlisted = UNLISTED_FAIL;
	CHECK(s, "RA202 high www-ssl:443");
	s.policy = POLICY(EXPECT("sstp-server", .expect = EXPECT_ALLOWED));
	CHECK(s, "RA202 info www-ssl:443");
	s.policy = POLICY(EXPECT("sstp-server", .disabled = TRI_YES));
	CHECK(s, "RA202 high www-ssl:443\nRA401 medium sstp-server:443 ?");
	/* From 7.19 on the router would list it. */
	s.policy = NULL;
	s.listeners = TRI_YES;
	CHECK(s, "RA202 high www-ssl:443");
}

static void test_undeclared_in_every_mode(void **state)
{
	struct scene s = LOOK(SERVICE("ssh", 22), OPEN(2000));

	(void)state;
	CHECK(s, "RA203 low btest:2000");
	s.policy = POLICY(EXPECT("ssh", .port = 22));
	s.unlisted = UNLISTED_WARN;
	CHECK(s, "RA203 low btest:2000");
	s.unlisted = UNLISTED_FAIL;
	CHECK(s, "RA203 high btest:2000");
	s.unlisted = UNLISTED_IGNORE;
	CHECK(s, "RA203 info btest:2000");
	/* From 7.19 on the router's own list should have it. */
	s.version = "7.20.1";
	s.listeners = TRI_YES;
	CHECK(s, "RA203 high btest:2000");
	s.listeners = TRI_UNKNOWN;
	CHECK(s, "RA203 info btest:2000");
}

static void test_undeclared_without_an_explanation_is_high(void **state)
{
	(void)state;
	CHECK(LOOK(SERVICE("ssh", 22), OPEN(31337)), "RA203 high unknown:31337");
	/* A service's own default port, while that service is elsewhere. */
	CHECK(LOOK(SERVICE("ssh", 2222), OPEN(22)), "RA203 high ssh:22");
	/* Not of this version: rsync is a 7.x menu. */
	CHECK(LOOK(SERVICE("ssh", 22), OPEN(873)), "RA203 low rsync:873");
	CHECK(SCENE(.version = "6.49.18", .rows = ROWS(SERVICE("ssh", 22)),
	            .seen = SEEN(OPEN(873))),
	      "RA203 high rsync:873");
}

static void test_a_filtered_listing_proves_nothing_undeclared(void **state)
{
	struct scene s = LOOK(SERVICE("ssh", 22), OPEN(8291));

	(void)state;
	s.complete = TRI_UNKNOWN;
	CHECK(s, "RA203 low winbox:8291");
	/* The policy names it: RA401 speaks of the missing row, not RA203. */
	s.policy = POLICY(EXPECT("winbox", .disabled = TRI_NO));
	CHECK(s, "RA401 medium winbox:8291 ?");
}

static void test_undeclared_needs_an_open_port(void **state)
{
	(void)state;
	CHECK(LOOK(SERVICE("ssh", 22), CLOSED(2000)), "");
	CHECK(LOOK(SERVICE("ssh", 22), FILTERED(2000)), "");
	CHECK(LOOK(SERVICE("ssh", 22), NO_RESULT(2000, "not-mapped")), "");
	CHECK(LOOK(SERVICE("www", 80, .disabled = TRI_UNKNOWN), OPEN(80)), "");
}

static void test_an_absent_service_whose_port_is_open_is_undeclared(void **state)
{
	struct scene s = SCENE(.policy = POLICY(EXPECT("api", .disabled = TRI_NO)),
	                       .rows = ROWS(SERVICE("ssh", 22)), .seen = SEEN(OPEN(8728)));

	(void)state;
	CHECK(s, "RA203 high api:8728\nRA101 medium api:8728");
	/* Declared by another row: not undeclared, and not this service's doing. */
	s.policy = POLICY(EXPECT("reverse-proxy", .disabled = TRI_YES));
	s.rows = ROWS(SERVICE("www-ssl", 443, .disabled = TRI_YES));
	s.seen = SEEN(OPEN(443));
	CHECK(s, "RA202 medium www-ssl:443");
}

static void test_evidence_and_mend_of_an_explained_port(void **state)
{
	struct scene s = LOOK(SERVICE("ssh", 22), OPEN(2000));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_contains(build_only(&f)->evidence, "/tool bandwidth-server enabled");
	assert_string_equal(build_only(&f)->mend, "/tool bandwidth-server set enabled=no");
	findings_done(&f);
}

/* list x vantage x what the port did */
static void test_address_lists_against_what_the_port_did(void **state)
{
	static const struct {
		const char *list, *seen_as, *serving, *refused, *silent;
	} cases[] = {
		{"", NULL, "", "RA205 medium ssh:22", "RA207 low ssh:22"},
		{"", "192.0.2.9", "", "RA205 medium ssh:22", "RA207 low ssh:22"},
		{"0.0.0.0/0,::/0", NULL, "", "RA205 medium ssh:22", "RA207 low ssh:22"},
		{"192.0.2.0/24", "192.0.2.9", "", "RA205 medium ssh:22", "RA207 low ssh:22"},
		{"192.0.2.0/24", "198.51.100.9", "RA204 high ssh:22", "", "RA207 low ssh:22"},
		{"192.0.2.0/24", "2001:db8::9", "RA204 high ssh:22", "", "RA207 low ssh:22"},
		{"192.0.2.0/24", NULL, "RA402 info ssh:22", "RA402 info ssh:22",
	         "RA207 low ssh:22"},
		{"0.0.0.0/0", "2001:db8::9", "RA204 high ssh:22", "", "RA207 low ssh:22"},
		{"0.0.0.0/0", "192.0.2.9", "", "RA205 medium ssh:22", "RA207 low ssh:22"},
		{NULL, "192.0.2.9", "", "", "RA207 low ssh:22"},
		{NULL, NULL, "", "", "RA207 low ssh:22"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct service row = SERVICE("ssh", 22, .address_known = cases[i].list != NULL,
		                             ADDRESS(cases[i].list ? cases[i].list : ""));
		struct scene s = SCENE(.rows = ROWS(row), .seen_as = cases[i].seen_as,
		                       .seen = SEEN(SERVING(22, .app = APP_SSH)));

		CHECK(s, cases[i].serving);
		s.seen = SEEN(REFUSED(22));
		CHECK(s, cases[i].refused);
		s.seen = SEEN(SILENT(22));
		CHECK(s, cases[i].silent);
	}
}

static void test_silence_is_told_of_what_must_speak(void **state)
{
	static const char *const names[] = {"telnet",  "ftp", "www",     "ssh",
	                                    "www-ssl", "api", "api-ssl", "reverse-proxy"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char expected[64];

		snprintf(expected, sizeof(expected), "RA207 low %s:99", names[i]);
		CHECK(LOOK(SERVICE(names[i], 99), SILENT(99)), expected);
	}
	CHECK(LOOK(LISTENER("btest", 2000), SILENT(2000)), "RA207 low btest:2000");
	/* Nobody has written that these answer; but that is no pass. */
	CHECK(LOOK(SERVICE("winbox", 8291), SILENT(8291)), "");
	VERDICT(LOOK(SERVICE("winbox", 8291), SILENT(8291)), "winbox", VERDICT_NONE);
	CHECK(LOOK(LISTENER("lighttpd", 81), SILENT(81)), "");
	VERDICT(LOOK(LISTENER("lighttpd", 81), SILENT(81)), "lighttpd", VERDICT_NONE);
	/* Or perhaps another holds the port. */
	CHECK(SCENE(.rows = ROWS(SERVICE("ssh", 99), SERVICE("winbox", 99)),
	            .seen = SEEN(SILENT(99))),
	      "");
	CHECK(SCENE(.rows = ROWS(SERVICE("ssh", 99), SERVICE("www", 99, .disabled = TRI_UNKNOWN)),
	            .seen = SEEN(SILENT(99))),
	      "");
}

static void test_silence_is_told_once(void **state)
{
	struct scene s = LOOK(SERVICE("ssh", 22), SILENT(22));

	(void)state;
	s.policy = POLICY(EXPECT("ssh", .disabled = TRI_NO));
	CHECK(s, "RA207 low ssh:22");
	s.policy = POLICY(EXPECT("ssh", .reachable = TRI_YES));
	CHECK(s, "RA401 medium ssh:22 ?");
	s.policy = POLICY(EXPECT("ssh", .reachable = TRI_NO));
	CHECK(s, "RA302 high ssh:22");
	s.policy = POLICY(EXPECT("ssh", .disabled = TRI_YES));
	CHECK(s, "RA102 high ssh:22");
}

static void test_a_shared_port_accuses_nobody(void **state)
{
	struct service other = SERVICE("api-ssl", 443);
	struct scene s = SCENE(.rows = ROWS(SERVICE("www-ssl", 443, ADDRESS("10.0.0.0/8")), other),
	                       .seen_as = "192.0.2.9", .seen = SEEN(SERVING(443, .app = APP_TLS)));

	(void)state;
	CHECK(s, "");
	s.seen = SEEN(REFUSED(443));
	CHECK(s, "");
	s.rows = ROWS(SERVICE("www-ssl", 443, ADDRESS("10.0.0.0/8")));
	s.seen = SEEN(SERVING(443, .app = APP_TLS));
	CHECK(s, "RA204 high www-ssl:443");
}

static void test_a_close_after_our_own_bytes_may_be_their_fault(void **state)
{
	static const struct {
		const char *name, *before, *after;
	} cases[] = {
		{"winbox", "RA205 medium winbox:99", "RA205 info winbox:99"},
		{"api", "RA205 medium api:99", "RA205 info api:99"},
		{"api-ssl", "RA205 medium api-ssl:99", "RA205 info api-ssl:99"},
		{"lighttpd", "RA205 medium lighttpd:99", "RA205 info lighttpd:99"},
		{"www", "RA205 medium www:99", "RA205 medium www:99"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK(LOOK(SERVICE(cases[i].name, 99), REFUSED(99)), cases[i].before);
		CHECK(LOOK(SERVICE(cases[i].name, 99), HUNG_UP(99)), cases[i].after);
	}
	/* Outside of the list that is what should happen, whenever it does. */
	CHECK(SCENE(.rows = ROWS(SERVICE("api", 8728, ADDRESS("10.0.0.0/8"))),
	            .seen = SEEN(HUNG_UP(8728)), .seen_as = "192.0.2.9"),
	      "");
}

static void check_hangup(const char *certificate, struct observation seen, const char *in,
                         const char *out)
{
	struct scene s = LOOK(SERVICE("api-ssl", 8729, .certificate = certificate), seen);
	struct findings f;

	build_audit(&s, &f);
	assert_string_equal(build_only(&f)->rule->id, "RA205");
	assert_contains(build_only(&f)->evidence, in);
	assert_null(strstr(build_only(&f)->evidence, out));
	findings_done(&f);
}

static void test_tls_without_a_certificate_may_hang_up(void **state)
{
	(void)state;
	check_hangup("none", HUNG_UP(8729), "without a certificate", "if it has");
	check_hangup(NULL, HUNG_UP(8729), "if it has no certificate", "without a certificate");
	check_hangup("web", HUNG_UP(8729), "after our first bytes", "certificate");
	/* No certificate explains a close before our hello. */
	check_hangup("none", REFUSED(8729), "before we had said a word", "certificate");
}

static void test_protocols(void **state)
{
	static const struct {
		const char *name;
		enum app_proto app;
		const char *findings;
	} cases[] = {
		{"telnet", APP_TELNET, ""},
		{"telnet", APP_SSH, "RA206 high telnet:99"},
		{"telnet", APP_OTHER, "RA206 medium telnet:99"},
		{"telnet", APP_UNKNOWN, ""},
		{"ftp", APP_FTP, ""},
		{"www", APP_HTTP, ""},
		{"www", APP_TLS, "RA206 high www:99"},
		{"ssh", APP_SSH, ""},
		{"ssh", APP_OTHER, "RA206 medium ssh:99"},
		{"www-ssl", APP_TLS, ""},
		{"www-ssl", APP_HTTP, "RA206 high www-ssl:99"},
		{"api", APP_API, ""},
		{"winbox", APP_WINBOX, ""},
		{"winbox", APP_OTHER, "RA206 medium winbox:99"},
		{"api-ssl", APP_TLS, ""},
		{"reverse-proxy", APP_TLS, ""},
		/* Nobody knows what these speak. */
		{"lighttpd", APP_HTTP, ""},
		{"loader", APP_OTHER, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s = LOOK(SERVICE(cases[i].name, 99), SERVING(99, .app = cases[i].app));

		CHECK(s, cases[i].findings);
	}
}

static void test_on_a_shared_port_either_protocol_will_do(void **state)
{
	struct scene s = SCENE(.rows = ROWS(SERVICE("ssh", 443), SERVICE("www-ssl", 443)),
	                       .seen = SEEN(SERVING(443, .app = APP_SSH)));

	(void)state;
	CHECK(s, "");
	s.seen = SEEN(SERVING(443, .app = APP_FTP));
	CHECK(s, "RA206 high ssh:443\nRA206 high www-ssl:443");
	s.rows = ROWS(SERVICE("ssh", 443), LISTENER("nobody-knows", 443));
	CHECK(s, "");
	s.rows = ROWS(SERVICE("ssh", 443), SERVICE("www-ssl", 443, .disabled = TRI_UNKNOWN));
	CHECK(s, "");
}

static void test_evidence_has_the_facts_of_the_probe(void **state)
{
	static const char banner[] = "220 hello\r\nsecond line";
	struct scene s =
		SCENE(.rows = ROWS(SERVICE("ssh", 22)), .at = "192.0.2.1", .from = "192.0.2.9",
	              .seen = SEEN(SERVING(22, .app = APP_FTP, .probed_port = 2222, .tries = 2,
	                                   .banner = banner, .banner_n = sizeof(banner) - 1)));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_string_equal(
		build_only(&f)->evidence,
		"port 22 (here 2222) of 192.0.2.1 probed from 192.0.2.9: open, serving, "
		"given, 2 tries, banner \"220 hello\"");
	assert_string_equal(build_only(&f)->declared, "ssh, which speaks ssh");
	assert_string_equal(build_only(&f)->reachable, "open, serving ftp");
	findings_done(&f);
	/* No port-map, one try, no banner, addresses unknown. */
	s.at = s.from = NULL;
	s.seen = SEEN(SERVING(22, .app = APP_FTP, .probed_port = 22));
	build_audit(&s, &f);
	assert_string_equal(build_only(&f)->evidence, "port 22: open, serving, given, 1 try");
	findings_done(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_disabled_against_every_observation),
		cmocka_unit_test(test_the_login_itself_proves_that_a_port_serves),
		cmocka_unit_test(test_closed_is_no_finding_where_silence_is_meant),
		cmocka_unit_test(test_what_should_be_off_is_not_missed),
		cmocka_unit_test(test_a_service_of_another_vrf_is_told_as_info),
		cmocka_unit_test(test_a_listener_bound_to_another_address_is_told_as_info),
		cmocka_unit_test(test_a_disabled_service_whose_port_another_row_owns),
		cmocka_unit_test(test_reverse_proxy_beside_a_service_hides_nothing),
		cmocka_unit_test(test_a_shut_port_is_shut_for_each_of_its_rows),
		cmocka_unit_test(test_a_listener_contradicts_its_own_disabled_row),
		cmocka_unit_test(test_disabled_yet_open_names_what_might_explain_it),
		cmocka_unit_test(test_disabled_yet_open_weighs_less_where_a_feature_may_explain_it),
		cmocka_unit_test(test_undeclared_in_every_mode),
		cmocka_unit_test(test_undeclared_without_an_explanation_is_high),
		cmocka_unit_test(test_a_filtered_listing_proves_nothing_undeclared),
		cmocka_unit_test(test_undeclared_needs_an_open_port),
		cmocka_unit_test(test_an_absent_service_whose_port_is_open_is_undeclared),
		cmocka_unit_test(test_evidence_and_mend_of_an_explained_port),
		cmocka_unit_test(test_address_lists_against_what_the_port_did),
		cmocka_unit_test(test_silence_is_told_of_what_must_speak),
		cmocka_unit_test(test_silence_is_told_once),
		cmocka_unit_test(test_a_shared_port_accuses_nobody),
		cmocka_unit_test(test_a_close_after_our_own_bytes_may_be_their_fault),
		cmocka_unit_test(test_tls_without_a_certificate_may_hang_up),
		cmocka_unit_test(test_protocols),
		cmocka_unit_test(test_on_a_shared_port_either_protocol_will_do),
		cmocka_unit_test(test_evidence_has_the_facts_of_the_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
