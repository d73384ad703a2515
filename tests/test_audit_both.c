/* SSH versus REST: RA501. */
#include "audit_build.h"

#define PAIR(ssh, rest) SCENE(.rows = ROWS(ssh), .second = ROWS(rest))

static void test_equal_readings_are_silent(void **state)
{
	struct service row = SERVICE("www-ssl", 443, .certificate = "web", .vrf = "main",
	                             .max_sessions = 20, ADDRESS("10.0.0.0/8,2001:db8::/32"));

	(void)state;
	CHECK(PAIR(row, row), "");
	CHECK(PAIR(row, SERVICE("www-ssl", 443, .certificate = "web", .vrf = "main",
	                        .max_sessions = 20, ADDRESS("2001:db8::/32,10.0.0.0/8"))),
	      "");
	CHECK(PAIR(row,
	           SERVICE("www-ssl", 443, .certificate = "web", .vrf = "main", .max_sessions = 20,
	                   ADDRESS("10.0.0.0/9,10.128.0.0/9,2001:db8::/32"))),
	      "");
}

static void test_each_property_that_differs(void **state)
{
	static const char one[] = "RA501 medium www-ssl:443";
	struct service row = SERVICE("www-ssl", 443, .certificate = "web", .tls_version = "any",
	                             .vrf = "main", .max_sessions = 20, ADDRESS("10.0.0.0/8"));
	struct service rest = row;

	(void)state;
	rest.port = 444;
	CHECK(PAIR(row, rest), one);
	rest = row;
	rest.disabled = TRI_YES;
	CHECK(PAIR(row, rest), one);
	rest = row;
	rest.address_n = 0;
	CHECK(PAIR(row, rest), one);
	rest.address_n = 1;
	rest.address = build_prefixes("10.0.0.0/9");
	CHECK(PAIR(row, rest), one);
	rest = row;
	rest.certificate = "other";
	CHECK(PAIR(row, rest), one);
	rest = row;
	rest.tls_version = "only-1.2";
	CHECK(PAIR(row, rest), one);
	rest = row;
	rest.vrf = "lab";
	CHECK(PAIR(row, rest), one);
	rest = row;
	rest.max_sessions = 5;
	CHECK(PAIR(row, rest), one);
	rest.vrf = "lab";
	CHECK(PAIR(row, rest), "RA501 medium www-ssl:443\nRA501 medium www-ssl:443");
}

static void test_what_one_reading_does_not_know_is_no_difference(void **state)
{
	struct service row = SERVICE("www-ssl", 443, .certificate = "web", .vrf = "main",
	                             .max_sessions = 20, ADDRESS("10.0.0.0/8"));
	struct service bare = {.name = "www-ssl", .port = -1, .max_sessions = -1, .line = 1};

	(void)state;
	CHECK(PAIR(row, bare), "");
	CHECK(PAIR(bare, row), "");
}

static void test_a_row_that_only_one_reading_has(void **state)
{
	struct scene s = SCENE(.rows = ROWS(SERVICE("ssh", 22), SERVICE("www", 80)),
	                       .second = ROWS(SERVICE("ssh", 22)));

	(void)state;
	CHECK(s, "RA501 medium www:80");
	s.second_complete = TRI_UNKNOWN;
	CHECK(s, "");
	s.second_complete = TRI_YES;
	s.rows = ROWS(SERVICE("ssh", 22));
	s.second = ROWS(SERVICE("api", 8728), SERVICE("ssh", 22));
	CHECK(s, "RA501 medium api:-1");
	s.complete = TRI_UNKNOWN;
	CHECK(s, "");
}

static void test_listeners_and_connections_are_not_compared(void **state)
{
	(void)state;
	CHECK(SCENE(.rows = ROWS(SERVICE("ssh", 22), LISTENER("btest", 2000)),
	            .second = ROWS(SERVICE("ssh", 22), LISTENER("www", 80, .connection = TRI_YES))),
	      "");
}

static void test_without_a_second_reading_there_is_nothing_to_compare(void **state)
{
	(void)state;
	CHECK(SCENE(.rows = ROWS(SERVICE("ssh", 22))), "");
}

static void test_the_finding_quotes_both(void **state)
{
	struct scene s = PAIR(SERVICE("ssh", 22), SERVICE("ssh", 2222));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_string_equal(build_only(&f)->declared, "port=22 over SSH, port=2222 over REST");
	assert_string_equal(build_only(&f)->evidence,
	                    "port of ssh is 22 over SSH and 2222 over REST");
	assert_int_equal(f.subjects[0].verdict, VERDICT_FINDING);
	findings_done(&f);
	s = SCENE(.rows = ROWS(SERVICE("ssh", 22), SERVICE("www", 80)),
	          .second = ROWS(SERVICE("ssh", 22)));
	build_audit(&s, &f);
	assert_string_equal(build_only(&f)->declared, "listed over SSH alone");
	assert_string_equal(build_only(&f)->evidence,
	                    "the router lists www over SSH and not over REST");
	findings_done(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal_readings_are_silent),
		cmocka_unit_test(test_each_property_that_differs),
		cmocka_unit_test(test_what_one_reading_does_not_know_is_no_difference),
		cmocka_unit_test(test_a_row_that_only_one_reading_has),
		cmocka_unit_test(test_listeners_and_connections_are_not_compared),
		cmocka_unit_test(test_without_a_second_reading_there_is_nothing_to_compare),
		cmocka_unit_test(test_the_finding_quotes_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
