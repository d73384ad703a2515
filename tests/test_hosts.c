/* Target lists: what nmap takes, and what it does not. */
#include "tests/test.h"

#include <string.h>

#include "rosaudit/arena.h"
#include "rosaudit/buf.h"
#include "rosaudit/error.h"
#include "rosaudit/hosts.h"

#define MAX 4096u

/* The hosts, blank-separated, or "error COLUMN: text". */
static void expand(const char *expr, size_t max, struct buf *out)
{
	struct arena arena;
	struct error err = {0};
	const char **hosts;
	size_t n;

	arena_init(&arena);
	buf_init(out, 1u << 20);
	if (hosts_expand(expr, max, &arena, &hosts, &n, &err) != 0)
		buf_printf(out, "error %zu: %s", err.column, err.text);
	for (size_t i = 0; !err.kind && i < n; i++)
		buf_printf(out, "%s%s", i ? " " : "", hosts[i]);
	arena_done(&arena);
}

struct row {
	const char *expr, *expected;
};

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct buf out;

		expand(rows[i].expr, MAX, &out);
		assert_text_equal(buf_str(&out), rows[i].expected);
		buf_done(&out);
	}
}

static void test_octets_take_lists_and_ranges(void **state)
{
	static const struct row rows[] = {
		{"192.0.2.1", "192.0.2.1"},
		{"192.0.2.1-3", "192.0.2.1 192.0.2.2 192.0.2.3"},
		{"192.0.2.9,1,5", "192.0.2.1 192.0.2.5 192.0.2.9"},
		{"192.0.2.1-2,2-3", "192.0.2.1 192.0.2.2 192.0.2.3"},
		{"10.0,1.0.7-8", "10.0.0.7 10.0.0.8 10.1.0.7 10.1.0.8"},
		{"192.0.2.-1", "192.0.2.0 192.0.2.1"},
		{"192.0.2.254-", "192.0.2.254 192.0.2.255"},
		{"192.0.2.007", "192.0.2.7"},
	};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(*rows));
}

static void test_a_star_and_a_bare_range_mean_the_whole_octet(void **state)
{
	static const char *const exprs[] = {"192.0.2.*", "192.0.2.-", "192.0.2.0-255",
	                                    "192.0.2.0/24"};
	struct buf first, other;

	(void)state;
	expand(exprs[0], MAX, &first);
	for (size_t i = 1; i < sizeof(exprs) / sizeof(*exprs); i++) {
		expand(exprs[i], MAX, &other);
		assert_text_equal(buf_str(&other), buf_str(&first));
		buf_done(&other);
	}
	assert_memory_equal(buf_str(&first), "192.0.2.0 192.0.2.1 ", 20);
	buf_done(&first);
}

static void test_a_prefix_gives_every_address_in_it(void **state)
{
	static const struct row rows[] = {
		{"192.0.2.4/30", "192.0.2.4 192.0.2.5 192.0.2.6 192.0.2.7"},
		{"192.0.2.6/30", "192.0.2.4 192.0.2.5 192.0.2.6 192.0.2.7"},
		{"192.0.2.1/32", "192.0.2.1"},
		{"192.0.3.254/31", "192.0.3.254 192.0.3.255"},
		{"255.255.255.254/31", "255.255.255.254 255.255.255.255"},
		{"2001:db8::fffe/126",
	         "2001:db8::fffc 2001:db8::fffd 2001:db8::fffe 2001:db8::ffff"},
	};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(*rows));
}

static void test_names_and_ipv6_addresses_are_themselves(void **state)
{
	static const struct row rows[] = {
		{"r1", "r1"},
		{"r1-2.lab.example", "r1-2.lab.example"},
		{"2001:db8::1", "2001:db8::1"},
		{"fe80::1%eth0", "fe80::1%eth0"},
	};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(*rows));
}

static void test_faults_name_their_column(void **state)
{
	static const struct row rows[] = {
		{"", "error 1: an address or a host name is expected here"},
		{"192.0.2", "error 8: an IPv4 address has four numbers with dots between them"},
		{"192.0.2.", "error 9: a number from 0 to 255 is expected here"},
		{"192.0.2.256", "error 9: a number from 0 to 255 is expected here"},
		{"192.0.2.1,", "error 11: a number from 0 to 255 is expected here"},
		{"192.0.2.9-3", "error 9: this range ends before it begins"},
		{"192.0.2.1.5", "error 10: nothing may follow the fourth number of an address"},
		{"192.0.2.1-2-3", "error 12: nothing may follow the fourth number of an address"},
		{"17", "error 3: an IPv4 address has four numbers with dots between them"},
		{"192.0.2.0/33",
	         "error 10: a prefix is an address, \"/\" and its length, as in 192.0.2.0/28"},
		{"192.0.2.0/",
	         "error 10: a prefix is an address, \"/\" and its length, as in 192.0.2.0/28"},
		{"lab/24",
	         "error 4: a prefix is an address, \"/\" and its length, as in 192.0.2.0/28"},
	};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(*rows));
}

static void test_more_hosts_than_the_maximum_are_refused_before_they_are_made(void **state)
{
	static const char *const exprs[] = {"10.0.0.0/8",     "0.0.0.0/0", "*.*.*.*",
	                                    "10.0.0-15.*,*",  "::/0",      "2001:db8::/64",
	                                    "10.0.0-16.0-255"};

	(void)state;
	for (size_t i = 0; i < sizeof(exprs) / sizeof(*exprs); i++) {
		struct buf out;

		expand(exprs[i], i == 3 ? MAX - 1 : MAX, &out);
		assert_text_equal(
			buf_str(&out),
			i == 3 ? "error 1: that is more than the 4095 addresses that one run "
				 "takes"
			       : "error 1: that is more than the 4096 addresses that one run "
				 "takes");
		buf_done(&out);
	}
}

static void test_the_maximum_itself_is_taken(void **state)
{
	struct buf out;

	(void)state;
	expand("10.0.0-15.*", MAX, &out);
	assert_contains(buf_str(&out), " 10.0.15.255");
	buf_done(&out);
	expand("r1", 0, &out);
	assert_contains(buf_str(&out), "error");
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_octets_take_lists_and_ranges),
		cmocka_unit_test(test_a_star_and_a_bare_range_mean_the_whole_octet),
		cmocka_unit_test(test_a_prefix_gives_every_address_in_it),
		cmocka_unit_test(test_names_and_ipv6_addresses_are_themselves),
		cmocka_unit_test(test_faults_name_their_column),
		cmocka_unit_test(test_more_hosts_than_the_maximum_are_refused_before_they_are_made),
		cmocka_unit_test(test_the_maximum_itself_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
