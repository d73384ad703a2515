/* `ports:` against the router's list and the probe: RA111, RA112, and RA401 for what neither
 * tells. */
#include "audit_build.h"

#define FORBIDDEN(...) PORT(__VA_ARGS__, SAY_IS(EXPECT_FORBIDDEN))
#define REQUIRED(...)  PORT(__VA_ARGS__, SAY_IS(EXPECT_REQUIRED))
#define ALLOWED(...)   PORT(__VA_ARGS__, SAY_IS(EXPECT_ALLOWED))
#define IGNORED(...)   PORT(__VA_ARGS__, SAY_IS(EXPECT_IGNORED))

static const struct service nothing = {.line = 0};

static void test_a_tcp_port_of_a_router_without_a_list(void **state)
{
	const struct {
		struct observation seen;
		const char *forbidden, *required;
	} cases[] = {
		{SERVING(2000, .app = APP_BTEST), "RA112 high btest:2000", ""},
		{REFUSED(2000), "RA112 high btest:2000", ""},
		{SILENT(2000), "RA112 high btest:2000", ""},
		{CLOSED(2000), "", "RA111 medium btest:2000"},
		{FILTERED(2000), "RA401 medium btest:2000 ?", "RA401 medium btest:2000 ?"},
		{NO_RESULT(2000, "not-mapped"), "RA401 medium btest:2000 ?",
	         "RA401 medium btest:2000 ?"},
		{CLOSED(1), "RA401 medium btest:2000 ?", "RA401 medium btest:2000 ?"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s = SCENE(.rows = ROWS(nothing), .seen = SEEN(cases[i].seen));

		s.ports = PORTS(FORBIDDEN(2000));
		CHECK(s, cases[i].forbidden);
		s.ports = PORTS(REQUIRED(2000));
		CHECK(s, cases[i].required);
		s.ports = PORTS(ALLOWED(2000));
		CHECK(s, "");
		s.ports = PORTS(IGNORED(2000));
		CHECK(s, "");
	}
}

static void test_the_routers_own_list_decides(void **state)
{
	struct scene s =
		SCENE(.version = "7.19", .listeners = TRI_YES,
	              .rows = ROWS(LISTENER("btest", 2000), LISTENER("snmp", 161, .proto = L4_UDP)),
	              .seen = SEEN(FILTERED(2000), FILTERED(3000)));

	(void)state;
	s.ports = PORTS(FORBIDDEN(2000), FORBIDDEN(161, .udp = true));
	CHECK(s, "RA112 high snmp:161\nRA112 high btest:2000\nRA201 low btest:2000");
	s.ports = PORTS(REQUIRED(2000), REQUIRED(161, .udp = true));
	CHECK(s, "RA201 low btest:2000");
	s.ports = PORTS(FORBIDDEN(3000), FORBIDDEN(53, .udp = true), FORBIDDEN(161));
	CHECK(s, "RA201 low btest:2000");
	s.ports = PORTS(REQUIRED(3000), REQUIRED(53, .udp = true));
	CHECK(s, "RA111 medium resolver:53\nRA111 medium 3000-3000:3000\nRA201 low btest:2000");
}

static void test_udp_without_a_list_could_not_be_told(void **state)
{
	struct scene s = SCENE(.rows = ROWS(SERVICE("ssh", 22)), .seen = SEEN(CLOSED(53)),
	                       .ports = PORTS(FORBIDDEN(53, .udp = true)));

	(void)state;
	CHECK(s, "RA401 medium resolver:53 ?");
	VERDICT(s, "resolver", VERDICT_UNKNOWN);
	s.ports = PORTS(REQUIRED(53, .udp = true));
	CHECK(s, "RA401 medium resolver:53 ?");
	s.ports = PORTS(ALLOWED(53, .udp = true), IGNORED(54, .udp = true));
	CHECK(s, "");
	s.ports = PORTS(PORT(53, .udp = true, .say.reachable = TRI_NO));
	CHECK(s, "RA401 medium resolver:53 ?");
}

static void test_ranges(void **state)
{
	struct scene s = SCENE(.rows = ROWS(SERVICE("ssh", 22)));

	(void)state;
	s.seen = SEEN(CLOSED(30), OPEN(31), CLOSED(32));
	s.ports = PORTS(RANGE(30, 32, SAY_IS(EXPECT_FORBIDDEN)));
	CHECK(s, "RA112 high 31/tcp:31");
	VERDICT(s, "30-32", VERDICT_PASS);
	/* Of several the narrowest counts. */
	s.ports = PORTS(RANGE(1, 65535, SAY_IS(EXPECT_ALLOWED)),
	                RANGE(30, 32, SAY_IS(EXPECT_FORBIDDEN)), ALLOWED(31));
	CHECK(s, "");
	/* One port of it has no result. */
	s.ports = PORTS(RANGE(30, 34, SAY_IS(EXPECT_FORBIDDEN)));
	s.seen = SEEN(CLOSED(30), CLOSED(31), CLOSED(32), FILTERED(33), CLOSED(34));
	CHECK(s, "RA401 medium 30-34:-1 ?");
	/* A filtered port is not reachable, and that is all that was asked for. */
	s.ports = PORTS(RANGE(30, 34, .say.reachable = TRI_NO));
	CHECK(s, "");
	s.seen = SEEN(CLOSED(30), SERVING(31), CLOSED(32), FILTERED(33));
	CHECK(s, "RA302 high 31/tcp:31\nRA401 medium 30-34:-1 ?");
	/* The router's list settles a range of UDP. */
	s = SCENE(.version = "7.19", .listeners = TRI_YES,
	          .rows = ROWS(LISTENER("a", 5001, .proto = L4_UDP),
	                       LISTENER("b", 5002, .proto = L4_TCP)),
	          .ports = PORTS(RANGE(5000, 5999, .udp = true, SAY_IS(EXPECT_FORBIDDEN))));
	CHECK(s, "RA112 high a:5001");
}

static void test_a_port_that_the_policy_names_is_neither_unlisted_nor_undeclared(void **state)
{
	struct scene s = SCENE(.unlisted = UNLISTED_FAIL, .rows = ROWS(SERVICE("ssh", 22)),
	                       .seen = SEEN(OPEN(22), OPEN(2000)), .policy = NULL);

	(void)state;
	s.ports = PORTS(ALLOWED(22), ALLOWED(2000));
	CHECK(s, "");
	s.ports = PORTS(ALLOWED(22));
	CHECK(s, "RA203 high btest:2000");
	s.ports = PORTS(ALLOWED(2000));
	CHECK(s, "RA109 high ssh:22");
	s.ports = PORTS(IGNORED(22), IGNORED(2000));
	CHECK(s, "");
}

static void test_a_port_and_a_service_of_one_row(void **state)
{
	struct scene s = SCENE(.rows = ROWS(SERVICE("telnet", 23), SERVICE("ftp", 21)),
	                       .policy = POLICY(EXPECT("telnet", .disabled = TRI_NO, .port = 23)));

	(void)state;
	/* Both speak: telnet may be on, but not there. */
	s.ports = PORTS(FORBIDDEN(23));
	CHECK(s, "RA112 high telnet:23");
	s.ports = PORTS(REQUIRED(23), REQUIRED(21));
	CHECK(s, "");
	/* A row that is off does not use its port. */
	s = SCENE(.rows = ROWS(SERVICE("telnet", 23, .disabled = TRI_YES)),
	          .seen = SEEN(CLOSED(23)), .ports = PORTS(FORBIDDEN(23)));
	CHECK(s, "");
	s.ports = PORTS(REQUIRED(23));
	CHECK(s, "RA111 medium telnet:23");
	/* What another row uses is told once, of that row. */
	s.rows = ROWS(SERVICE("telnet", 23, .disabled = TRI_YES), SERVICE("api", 23));
	s.seen = NULL;
	s.ports = PORTS(FORBIDDEN(23));
	CHECK(s, "RA112 high api:23");
	s.ports = PORTS(REQUIRED(23));
	CHECK(s, "");
}

static void test_where_it_was_asked_for(void **state)
{
	struct scene s =
		SCENE(.rows = ROWS(nothing), .seen = SEEN(OPEN(2000)),
	              .ports = PORTS(FORBIDDEN(2000, .say.remark.title = "no speed tests")));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_int_equal(build_only(&f)->origin.line, 9);
	assert_int_equal(build_only(&f)->origin.column, 13);
	assert_string_equal(build_only(&f)->title, "no speed tests");
	assert_string_equal(build_only(&f)->expected, "not in use");
	assert_string_equal(build_subject(&f, "btest")->expected, "forbidden");
	assert_true(build_subject(&f, "btest")->listed);
	findings_done(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_tcp_port_of_a_router_without_a_list),
		cmocka_unit_test(test_the_routers_own_list_decides),
		cmocka_unit_test(test_udp_without_a_list_could_not_be_told),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(
			test_a_port_that_the_policy_names_is_neither_unlisted_nor_undeclared),
		cmocka_unit_test(test_a_port_and_a_service_of_one_row),
		cmocka_unit_test(test_where_it_was_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
