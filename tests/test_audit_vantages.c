/* Restrictions verified from other vantages: the address list against what was seen from there. */
#include "audit_build.h"

#define FROM(...)    ELSEWHERE({.name = "wan", __VA_ARGS__})
#define OFFICE       SERVICE("ssh", 22, ADDRESS("192.168.88.0/24"))
#define WEB          SERVICE("www", 80, ADDRESS("192.168.88.0/24"))
#define INSIDE       "192.168.88.10"
#define OUTSIDE      "203.0.113.9"
#define ASKED(list)  POLICY(EXPECT("ssh", WITHIN(list)))
#define OFFICE_ASKED ASKED("192.168.88.0/24")

static void test_served_is_told_where_the_list_keeps_out(void **state)
{
	(void)state;
	CHECK(SCENE(.rows = ROWS(OFFICE),
	            .elsewhere = FROM(.from = OUTSIDE, .seen = SEEN(SERVING(22)))),
	      "RA721 high ssh:22");
	CHECK(SCENE(.rows = ROWS(OFFICE),
	            .elsewhere = FROM(.from = INSIDE, .seen = SEEN(SERVING(22)))),
	      "");
	/* IPv6 is in no list of IPv4 prefixes. */
	CHECK(SCENE(.rows = ROWS(OFFICE),
	            .elsewhere = FROM(.from = "2001:db8::9", .seen = SEEN(SERVING(22)))),
	      "RA721 high ssh:22");
	CHECK(SCENE(.rows = ROWS(SERVICE("ssh", 22, ADDRESS(""))),
	            .elsewhere = FROM(.from = OUTSIDE, .seen = SEEN(SERVING(22)))),
	      "");
}

static void test_what_is_not_serving_proves_no_leak(void **state)
{
	const struct observation seen[][2] = {
		{REFUSED(22), {.port = 0}},  {SILENT(22), {.port = 0}},
		{OPEN(22), {.port = 0}},     {CLOSED(22), {.port = 0}},
		{FILTERED(22), {.port = 0}}, {NO_RESULT(22, "interrupted"), {.port = 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		CHECK(SCENE(.rows = ROWS(OFFICE),
		            .elsewhere = FROM(.from = OUTSIDE, .seen = seen[i])),
		      "");
}

static void test_refused_is_told_where_the_list_lets_in(void **state)
{
	(void)state;
	CHECK(SCENE(.rows = ROWS(OFFICE),
	            .elsewhere = FROM(.from = INSIDE, .seen = SEEN(REFUSED(22)))),
	      "RA722 medium ssh:22");
	CHECK(SCENE(.rows = ROWS(SERVICE("ssh", 22, ADDRESS(""))),
	            .elsewhere = FROM(.seen = SEEN(REFUSED(22)))),
	      "RA722 medium ssh:22");
	/* Closed after our own bytes it may be for their sake, but not of HTTP. */
	CHECK(SCENE(.rows = ROWS(OFFICE),
	            .elsewhere = FROM(.from = INSIDE, .seen = SEEN(HUNG_UP(22)))),
	      "");
	CHECK(SCENE(.rows = ROWS(WEB),
	            .elsewhere = FROM(.from = INSIDE, .seen = SEEN(HUNG_UP(80)))),
	      "RA722 medium www:80");
	/* A firewall that nobody has read may be there on purpose. */
	CHECK(SCENE(.rows = ROWS(OFFICE),
	            .elsewhere = FROM(.from = INSIDE, .seen = SEEN(FILTERED(22)))),
	      "");
}

static void test_unknown_is_never_taken_for_an_end(void **state)
{
	(void)state;
	/* Which address the router sees, and which list it has. */
	CHECK(SCENE(.rows = ROWS(OFFICE), .elsewhere = FROM(.seen = SEEN(SERVING(22)))), "");
	CHECK(SCENE(.rows = ROWS(SERVICE("ssh", 22, .address_known = false)),
	            .elsewhere = FROM(.from = OUTSIDE, .seen = SEEN(SERVING(22)))),
	      "");
	/* Whether it is on, and which of two services answered. */
	CHECK(SCENE(.rows = ROWS(SERVICE("ssh", 22, .disabled = TRI_UNKNOWN,
	                                 ADDRESS("192.168.88.0/24"))),
	            .elsewhere = FROM(.from = OUTSIDE, .seen = SEEN(SERVING(22)))),
	      "");
	CHECK(SCENE(.rows = ROWS(OFFICE, SERVICE("telnet", 22)),
	            .elsewhere = FROM(.from = OUTSIDE, .seen = SEEN(SERVING(22)))),
	      "");
}

static void test_undecided_only_where_the_policy_asks(void **state)
{
	(void)state;
	CHECK(SCENE(.rows = ROWS(OFFICE), .policy = OFFICE_ASKED,
	            .elsewhere = FROM(.seen = SEEN(SERVING(22)))),
	      "RA723 info ssh:22 ?");
	CHECK(SCENE(.rows = ROWS(OFFICE), .policy = OFFICE_ASKED,
	            .elsewhere = FROM(.from = OUTSIDE, .seen = SEEN(NO_RESULT(22, "interrupted")))),
	      "RA723 info ssh:22 ?");
	CHECK(SCENE(.rows = ROWS(OFFICE), .policy = OFFICE_ASKED,
	            .elsewhere = FROM(.from = OUTSIDE, .seen = SEEN(SERVING(80)))),
	      "RA723 info ssh:22 ?");
	/* On purpose not probed; failed altogether, which is told once; told from there. */
	CHECK(SCENE(.rows = ROWS(OFFICE), .policy = OFFICE_ASKED,
	            .elsewhere = FROM(.from = OUTSIDE, .seen = SEEN(NO_RESULT(22, "not-mapped")))),
	      "");
	CHECK(SCENE(.rows = ROWS(OFFICE), .policy = OFFICE_ASKED,
	            .elsewhere = FROM(.error = "no route")),
	      "");
	CHECK(SCENE(.rows = ROWS(OFFICE), .policy = OFFICE_ASKED,
	            .elsewhere = FROM(.from = OUTSIDE, .seen = SEEN(REFUSED(22)))),
	      "");
}

static void test_several_vantages_are_one_finding(void **state)
{
	struct scene s =
		SCENE(.rows = ROWS(OFFICE),
	              .elsewhere = ELSEWHERE(
			      {.name = "wan", .from = OUTSIDE, .seen = SEEN(SERVING(22))},
			      {.name = "lan", .from = INSIDE, .seen = SEEN(SERVING(22))},
			      {.name = "far", .from = "198.51.100.7", .seen = SEEN(SERVING(22))}));
	struct findings f;

	(void)state;
	build_audit(&s, &f);
	assert_string_equal(
		build_only(&f)->evidence,
		"vantage wan: the router sees it as 203.0.113.9, outside of the list of ssh, and "
		"yet: port 22: open, serving, given, 1 try; vantage far: the router sees it as "
		"198.51.100.7, outside of the list of ssh, and yet: port 22: open, serving, given, "
		"1 try");
	findings_done(&f);
}

static void test_a_verified_restriction_is_a_pass(void **state)
{
	(void)state;
	VERDICT(SCENE(.rows = ROWS(OFFICE), .policy = OFFICE_ASKED,
	              .elsewhere = FROM(.from = OUTSIDE, .seen = SEEN(REFUSED(22)))),
	        "ssh", VERDICT_PASS);
	VERDICT(SCENE(.rows = ROWS(OFFICE), .policy = OFFICE_ASKED,
	              .elsewhere = FROM(.from = OUTSIDE, .seen = SEEN(SERVING(22)))),
	        "ssh", VERDICT_FINDING);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_served_is_told_where_the_list_keeps_out),
		cmocka_unit_test(test_what_is_not_serving_proves_no_leak),
		cmocka_unit_test(test_refused_is_told_where_the_list_lets_in),
		cmocka_unit_test(test_unknown_is_never_taken_for_an_end),
		cmocka_unit_test(test_undecided_only_where_the_policy_asks),
		cmocka_unit_test(test_several_vantages_are_one_finding),
		cmocka_unit_test(test_a_verified_restriction_is_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
