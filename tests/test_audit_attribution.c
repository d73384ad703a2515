/* Which line of the configuration opens what is open: RA801 to RA804, and what the other rules make
 * of the lines that other menus have. */
#include "audit_build.h"

/* Every menu was read, and only these say something. */
#define KNOWN(menus_, ...)                                                                         \
	SCENE(.version = "6.49.17", .menus = (menus_), .rest_missing = true, __VA_ARGS__)
#define BTEST    "/tool bandwidth-server: enabled=yes allocate-udp-ports-from=2000\n"
#define NO_BTEST "/tool bandwidth-server: enabled=no allocate-udp-ports-from=2000\n"
#define WARN     .unlisted = UNLISTED_WARN, .policy = POLICY(EXPECT("ssh", .disabled = TRI_NO))
#define SSH      ROWS(SERVICE("ssh", 22))

static void check_evidence(const struct scene *s, const char *rule, const char *piece)
{
	struct findings f;
	size_t n = 0;

	build_audit(s, &f);
	for (size_t i = 0; i < f.n; i++) {
		if (strcmp(f.v[i].rule->id, rule) != 0)
			continue;
		assert_contains(f.v[i].evidence, piece);
		n++;
	}
	assert_int_equal(n, 1);
	findings_done(&f);
}

static void check_cause(const struct scene *s, const char *name, const char *cause,
                        const char *command)
{
	struct findings f;
	const struct subject *subject;
	struct buf b;

	build_audit(s, &f);
	subject = build_subject(&f, name);
	assert_non_null(subject->cause);
	buf_init(&b, 1024);
	cause_format(subject->cause, &b);
	assert_string_equal(buf_str(&b), cause);
	if (command)
		assert_string_equal(subject->cause->command, command);
	else
		assert_null(subject->cause->command);
	buf_done(&b);
	findings_done(&f);
}

static void test_an_open_port_without_a_cause_is_critical(void **state)
{
	struct scene s = KNOWN("", .rows = SSH, .seen = SEEN(SERVING(31337)));

	(void)state;
	CHECK(s, "RA801 critical unknown:31337");
	check_evidence(&s, "RA801", "no line of the configuration opens this one");
	s.seen = SEEN(SILENT(31337));
	CHECK(s, "RA801 critical unknown:31337");
	s.seen = SEEN(CLOSED(31337));
	CHECK(s, "");
	s.seen = SEEN(FILTERED(31337));
	CHECK(s, "");
	s.seen = SEEN(NO_RESULT(31337, "interrupted"));
	CHECK(s, "RA403 low -:31337 ?");
}

static void test_with_an_unread_menu_the_cause_is_unknown(void **state)
{
	struct scene s = KNOWN("/ip proxy! forbidden not enough permissions", .rows = SSH,
	                       .seen = SEEN(SERVING(31337)));

	(void)state;
	CHECK(s, "RA203 high unknown:31337");
	check_evidence(&s, "RA203", "1 menu was not read (/ip proxy)");
	/* The usual port of the menu that was not read. */
	s.seen = SEEN(SERVING(8080));
	CHECK(s, "RA203 low web-proxy:8080");
	check_evidence(&s, "RA203",
	               "/ip proxy enabled would open it, and whether it does is not known: /ip "
	               "proxy was not read (forbidden: not enough permissions)");
	/* A filtered listing. */
	s = KNOWN("", .rows = SSH, .seen = SEEN(SERVING(31337)), .complete = TRI_UNKNOWN);
	CHECK(s, "RA203 low unknown:31337");
}

static void test_a_menu_that_says_no_is_no_cause(void **state)
{
	struct scene s = KNOWN(NO_BTEST, .rows = SSH, .seen = SEEN(SERVING(2000)));

	(void)state;
	CHECK(s, "RA801 critical btest:2000");
	s.menus = "/tool bandwidth-server: enabled=perhaps";
	CHECK(s, "RA203 low btest:2000");
	check_evidence(&s, "RA203", "the value of enabled is not known here");
}

static void test_what_another_menu_opens_is_judged_as_a_service(void **state)
{
	struct scene s = KNOWN(BTEST, WARN, .rows = SSH, .seen = SEEN(SERVING(22), SERVING(2000)));

	(void)state;
	CHECK(s, "RA109 low btest:2000");
	check_evidence(&s, "RA109", "/tool bandwidth-server enabled=yes");
	check_cause(&s, "btest", "/tool bandwidth-server enabled=yes",
	            "/tool bandwidth-server set enabled=no");
	s.unlisted = UNLISTED_FAIL;
	CHECK(s, "RA109 high btest:2000");
	s.unlisted = UNLISTED_IGNORE;
	CHECK(s, "");
	/* Without a probe it is declared all the same. */
	s.unlisted = UNLISTED_WARN;
	s.seen = SEEN(SERVING(22));
	CHECK(s, "RA109 low btest:2000");
	s.policy = NULL;
	CHECK(s, "");
}

static void test_a_forbidden_feature_is_named_with_the_command_that_closes_it(void **state)
{
	struct scene s =
		KNOWN(BTEST, .policy = POLICY(EXPECT("btest", .disabled = TRI_YES)), .rows = SSH);
	struct findings f;

	(void)state;
	CHECK(s, "RA102 high btest:2000");
	build_audit(&s, &f);
	assert_string_equal(build_only(&f)->mend, "/tool bandwidth-server set enabled=no");
	assert_string_equal(build_only(&f)->evidence,
	                    "the router has btest on: /tool bandwidth-server enabled=yes");
	findings_done(&f);
	s.menus = NO_BTEST;
	CHECK(s, "");
	VERDICT(s, "btest", VERDICT_PASS);
	s.menus = "/tool bandwidth-server! forbidden";
	CHECK(s, "RA401 medium btest:2000 ?");
	s.policy = POLICY(EXPECT("btest", .disabled = TRI_NO));
	s.menus = NO_BTEST;
	CHECK(s, "RA101 medium btest:2000");
	check_evidence(&s, "RA101", "btest is off: /tool bandwidth-server enabled=no");
	s.menus = BTEST;
	CHECK(s, "");
	VERDICT(s, "btest", VERDICT_PASS);
}

static void test_forbidden_ports_name_the_line_that_opens_them(void **state)
{
	struct scene s = KNOWN(BTEST, .ports = PORTS(PORT(2000, SAY_IS(EXPECT_FORBIDDEN))),
	                       .rows = SSH, .seen = SEEN(SERVING(2000)));
	struct findings f;

	(void)state;
	CHECK(s, "RA112 high btest:2000");
	build_audit(&s, &f);
	assert_string_equal(build_only(&f)->mend, "/tool bandwidth-server set enabled=no");
	assert_contains(build_only(&f)->evidence, "/tool bandwidth-server enabled=yes");
	findings_done(&f);
	/* Nobody opens it: a UDP port is settled without a probe. */
	s = KNOWN("/snmp: enabled=no", .rows = SSH,
	          .ports = PORTS(PORT(161, SAY_IS(EXPECT_FORBIDDEN), .udp = true)));
	CHECK(s, "");
	s.menus = "/snmp: enabled=yes";
	CHECK(s, "RA112 high snmp:161");
	s.menus = "/snmp! forbidden";
	CHECK(s, "RA401 medium snmp:161 ?");
	s.ports = PORTS(PORT(161, SAY_IS(EXPECT_REQUIRED), .udp = true));
	CHECK(s, "RA401 medium snmp:161 ?");
	s.menus = "/snmp: enabled=no";
	CHECK(s, "RA111 medium snmp:161");
}

static void test_layer_2_features_are_judged_when_the_policy_names_them(void **state)
{
	struct scene s = KNOWN("/tool mac-server: allowed-interface-list=all", WARN, .rows = SSH);

	(void)state;
	CHECK(s, "");
	s.policy = POLICY(EXPECT("mac-server", .disabled = TRI_YES));
	s.unlisted = UNLISTED_IGNORE;
	CHECK(s, "RA102 high mac-server:20561");
	s.menus = "/tool mac-server: allowed-interface-list=none";
	CHECK(s, "");
}

#define NAT_22(more)                                                                               \
	"/ip firewall nat: chain=dstnat action=dst-nat protocol=tcp dst-port=22 "                  \
	"to-addresses=10.0.0.5 disabled=no " more

static void test_a_forward_may_answer_in_the_place_of_a_service(void **state)
{
	const struct observation ssh = SERVING(22, .app = APP_SSH);
	struct scene s = KNOWN(NAT_22(""), .rows = SSH, .seen = SEEN(ssh));

	(void)state;
	CHECK(s, "RA802 high ssh:22");
	check_evidence(&s, "RA802",
	               "who answers is not the router: /ip firewall nat 0 action=dst-nat (to "
	               "10.0.0.5)");
	s.seen = SEEN(CLOSED(22));
	CHECK(s, "RA201 medium ssh:22");
	/* With matchers it need not apply; an answer in the service's own protocol is its own. */
	s.menus = NAT_22("in-interface=ether1");
	s.seen = SEEN(ssh);
	CHECK(s, "");
	s.seen = SEEN(OPEN(22));
	CHECK(s, "RA802 medium ssh:22");
	s.menus = NAT_22("");
	s.seen = SEEN(OBSERVED(PORT_OPEN, 22, .reason = "login"));
	CHECK(s, "");
	/* Off, yet open: it is the rule's doing. */
	s.rows = ROWS(SERVICE("ssh", 22, .disabled = TRI_YES));
	s.seen = SEEN(ssh);
	CHECK(s, "RA802 medium ssh:22");
	s.menus = "/ip firewall nat: chain=dstnat action=masquerade disabled=no";
	CHECK(s, "RA202 high ssh:22");
}

#define NAT_8443                                                                                   \
	"/ip firewall nat: chain=dstnat action=dst-nat protocol=tcp dst-port=8443 "                \
	"to-addresses=10.0.0.5 to-ports=443 disabled=no"

static void test_a_forwarded_port_of_nobody_weighs_what_unlisted_says(void **state)
{
	struct scene s = KNOWN(NAT_8443, WARN, .rows = SSH, .seen = SEEN(SERVING(8443)));

	(void)state;
	CHECK(s, "RA802 low unknown:8443");
	check_cause(&s, "unknown", "/ip firewall nat 0 action=dst-nat (to 10.0.0.5:443)",
	            "/ip firewall nat disable 0");
	s.unlisted = UNLISTED_FAIL;
	CHECK(s, "RA802 high unknown:8443");
	s.ports = PORTS(PORT(8443, SAY_IS(EXPECT_ALLOWED)));
	CHECK(s, "");
	s.ports = PORTS(PORT(8443, SAY_IS(EXPECT_FORBIDDEN)));
	CHECK(s, "RA112 high 8443/tcp:8443");
	s.ports = NULL;
	s.menus = "/ip firewall nat: chain=dstnat action=redirect protocol=tcp dst-port=8443 "
		  "to-ports=22 disabled=no";
	CHECK(s, "RA802 high unknown:8443");
	check_evidence(&s, "RA802", "a rule leads it to another port");
}

/* A 7.20 of which everything was read. */
#define LISTED(menus_, ...)                                                                        \
	SCENE(.version = "7.20.1", .menus = (menus_), .rest_missing = true, .listeners = TRI_YES,  \
	      __VA_ARGS__)

static void test_the_routers_list_against_its_menus(void **state)
{
	const struct service snmp = LISTENER("snmp", 161, .proto = L4_UDP);
	struct scene s = LISTED("/snmp: enabled=yes", .rows = ROWS(SERVICE("ssh", 22), snmp));

	(void)state;
	CHECK(s, "");
	s.menus = "/snmp: enabled=no";
	CHECK(s, "RA803 medium snmp:161");
	check_evidence(&s, "RA803", "the router lists it as listening, while /snmp turns it off");
	s.menus = "/ip proxy: enabled=yes port=8080\n/snmp: enabled=yes";
	CHECK(s, "RA803 low web-proxy:8080");
	check_evidence(&s, "RA803", "the router's own list of listeners does not have it");
	/* The kernel's own need not be in the list. */
	s.menus = "/interface wireguard: name=wg0 listen-port=13231 disabled=no\n"
		  "/snmp: enabled=yes";
	CHECK(s, "");
	s.listeners = TRI_NO;
	s.menus = "/snmp: enabled=no";
	CHECK(s, "");
}

static void test_a_listener_that_no_menu_explains(void **state)
{
	struct scene s = LISTED("", .rows = ROWS(LISTENER("loader", 3986)));

	(void)state;
	CHECK(s, "");
	s.rows = ROWS(LISTENER("strange", 3987));
	CHECK(s, "RA803 low strange:3987");
	s.menus = "/ip smb! forbidden";
	CHECK(s, "");
}

static void test_containers_name_the_container(void **state)
{
	struct scene s = LISTED(
		"", WARN,
		.rows = ROWS(SERVICE("ssh", 22), LISTENER("lighttpd", 80, .container = "pihole")));

	(void)state;
	CHECK(s, "RA109 low lighttpd:80");
	check_cause(&s, "lighttpd", "/container (container pihole)", NULL);
	s.version = "7.22";
	check_cause(&s, "lighttpd", "/container (container pihole)",
	            "/container stop [find name=pihole]");
}

#define LOCAL ADDRESS("192.0.2.0/24")
#define CONNECTION(name, port, from)                                                               \
	SERVICE(name, port, .dynamic = TRI_YES, .connection = TRI_YES, .remote = (from))
#define WINBOX EXPECT("winbox", WITHIN("192.0.2.0/24,2001:db8::/32"))

static void test_who_is_connected_from_outside_of_the_policy(void **state)
{
	static const struct {
		const char *from, *expected;
	} cases[] = {
		{"192.0.2.5:50000", ""},
		{"198.51.100.7:50000", "RA804 high winbox:8291"},
		{"[2001:db8::5]:50000", ""},
		{"[2001:db9::5]:50000", "RA804 high winbox:8291"},
		{"2001:db9::5:50000", "RA804 high winbox:8291"},
		{"fe80::1", "RA804 high winbox:8291"},
		{"nonsense", ""},
		{"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK(LISTED("", .policy = POLICY(WINBOX), .seen_as = "192.0.2.9",
		             .rows = ROWS(SERVICE("winbox", 8291, ADDRESS("192.0.2.0/24")),
		                          CONNECTION("winbox", 8291, cases[i].from))),
		      cases[i].expected);
}

static void test_our_own_session_is_never_a_stranger(void **state)
{
	struct scene s = LISTED("", .transport = TRANSPORT_SSH,
	                        .policy = POLICY(EXPECT("ssh", WITHIN("192.0.2.0/24"))),
	                        .rows = ROWS(SERVICE("ssh", 22, ADDRESS("192.0.2.0/24")),
	                                     CONNECTION("ssh", 22, "198.51.100.7:4000")));

	(void)state;
	s.seen_as = "198.51.100.7";
	CHECK(s, "");
	s.seen_as = "198.51.100.8";
	CHECK(s, "RA804 high ssh:22");
	/* Behind NAT nobody can tell. */
	s.seen_as = NULL;
	CHECK(s, "RA804 info ssh:22");
	check_evidence(&s, "RA804", "one of them may be this audit");
}

static void test_sessions_of_users_count_as_well(void **state)
{
	struct scene s = KNOWN(
		"/user active: name=admin address=198.51.100.7 via=winbox; name=x "
		"address=198.51.100.8 via=winbox; name=y address=192.0.2.1 via=winbox; name=z "
		"address=198.51.100.9 via=ssh",
		.policy = POLICY(WINBOX),
		.rows = ROWS(SERVICE("winbox", 8291, ADDRESS("192.0.2.0/24"))));

	(void)state;
	CHECK(s, "RA804 high winbox:8291");
	check_evidence(&s, "RA804",
	               "winbox is in use now from 198.51.100.7, 198.51.100.8, outside of what the "
	               "policy allows (2 addresses in all)");
	/* By the web it may be either of two, unless one is off. */
	s.menus = "/user active: name=admin address=198.51.100.7 via=web";
	s.policy = POLICY(EXPECT("www", WITHIN("192.0.2.0/24")));
	s.rows = ROWS(SERVICE("www", 80, LOCAL), SERVICE("www-ssl", 443));
	CHECK(s, "");
	s.rows = ROWS(SERVICE("www", 80, LOCAL), SERVICE("www-ssl", 443, .disabled = TRI_YES));
	CHECK(s, "RA804 high www:80");
	s.menus = "/user active! forbidden";
	CHECK(s, "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_open_port_without_a_cause_is_critical),
		cmocka_unit_test(test_with_an_unread_menu_the_cause_is_unknown),
		cmocka_unit_test(test_a_menu_that_says_no_is_no_cause),
		cmocka_unit_test(test_what_another_menu_opens_is_judged_as_a_service),
		cmocka_unit_test(test_a_forbidden_feature_is_named_with_the_command_that_closes_it),
		cmocka_unit_test(test_forbidden_ports_name_the_line_that_opens_them),
		cmocka_unit_test(test_layer_2_features_are_judged_when_the_policy_names_them),
		cmocka_unit_test(test_a_forward_may_answer_in_the_place_of_a_service),
		cmocka_unit_test(test_a_forwarded_port_of_nobody_weighs_what_unlisted_says),
		cmocka_unit_test(test_the_routers_list_against_its_menus),
		cmocka_unit_test(test_a_listener_that_no_menu_explains),
		cmocka_unit_test(test_containers_name_the_container),
		cmocka_unit_test(test_who_is_connected_from_outside_of_the_policy),
		cmocka_unit_test(test_our_own_session_is_never_a_stranger),
		cmocka_unit_test(test_sessions_of_users_count_as_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
