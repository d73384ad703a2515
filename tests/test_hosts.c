/* Target lists: what nmap takes, and what it does not. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* nmap's own list of the targets. The test is skipped where there is no nmap. */
static void list_by_nmap(const char *expr, const char *option, struct buf *out)
{
	static const char mark[] = "Nmap scan report for ";
	char line[256];
	FILE *from;
	int fds[2], status;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		execlp("nmap", "nmap", "-n", "-sL", expr, option, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	from = fdopen(fds[0], "r");
	assert_non_null(from);
	while (fgets(line, sizeof(line), from)) {
		if (strncmp(line, mark, sizeof(mark) - 1) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		buf_printf(out, "%s%s", out->n ? " " : "", line + sizeof(mark) - 1);
	}
	fclose(from);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WEXITSTATUS(status) == 127)
		skip();
}

/* The addresses of a walk, blank-separated, or the fault. */
static void walk(const char *expr, struct buf *out)
{
	struct host_range r;
	struct host_cursor at = {0};
	struct error err = {0};
	struct address a;

	buf_init(out, 1u << 20);
	if (host_range_parse(expr, strlen(expr), &r, &err)) {
		buf_printf(out, "error %zu: %s", err.column, err.text);
		return;
	}
	while (host_range_next(&r, &at, &a)) {
		assert_true(host_range_has(&r, &a));
		buf_puts(out, out->n ? " " : "");
		address_format(&a, out);
	}
}

static void test_a_walk_gives_what_nmap_lists(void **state)
{
	static const char *const exprs[] = {
		"192.0.2.1-3",   "192.0.2.9,1,5",   "192.0.2.007",     "192.0.2.9/30",
		"192.0.2.-1",    "192.0.2.1,2/31",  "10.0,1.0.7-8/31", "192.0.2.254-/32",
		"10.0.0.253/23", "198.51.100.1/32", "192.0-1,5.2,4.9", "10.0.0.*",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(exprs) / sizeof(*exprs); i++) {
		struct buf ours, theirs;

		walk(exprs[i], &ours);
		buf_init(&theirs, 1u << 20);
		list_by_nmap(exprs[i], NULL, &theirs);
		assert_text_equal(buf_str(&ours), buf_str(&theirs));
		buf_done(&ours);
		buf_done(&theirs);
	}
}

static void test_an_ipv6_walk_gives_what_nmap_lists(void **state)
{
	static const char *const exprs[] = {"2001:db8::9/126", "2001:db8::1", "2001:db8::fffe/127"};

	(void)state;
	for (size_t i = 0; i < sizeof(exprs) / sizeof(*exprs); i++) {
		struct buf ours, theirs;

		walk(exprs[i], &ours);
		buf_init(&theirs, 1u << 20);
		list_by_nmap(exprs[i], "-6", &theirs);
		assert_text_equal(buf_str(&ours), buf_str(&theirs));
		buf_done(&ours);
		buf_done(&theirs);
	}
}

static void test_ranges_are_counted_without_a_walk(void **state)
{
	static const struct {
		const char *expr;
		uint64_t n;
	} rows[] = {
		{"10.0.0.0/8", 1u << 24},
		{"*.*.*.*", UINT64_C(1) << 32},
		{"0.0.0.0/0", UINT64_C(1) << 32},
		{"10.0.0-15.*", 4096},
		{"2001:db8::/64", UINT64_MAX},
		{"2001:db8::/65", UINT64_C(1) << 63},
		{"2001:db8::1", 1},
		{"lab", 1},
		{"lab/24", 256},
		{"255.255.255.255", 1},
	};
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct host_range r;

		assert_int_equal(host_range_parse(rows[i].expr, strlen(rows[i].expr), &r, &err), 0);
		assert_true(host_range_count(&r) == rows[i].n);
	}
}

static void test_a_walk_ends_at_the_last_address(void **state)
{
	static const struct row rows[] = {
		{"255.255.255.254/31", "255.255.255.254 255.255.255.255"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127",
	         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe "
	         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"lab/24", ""},
		{"fe80::1%no-such-link",
	         "error 1: this is no IPv6 address, or this machine has no such interface"},
		{"2001:db8::/129",
	         "error 11: a prefix is an address, \"/\" and its length, as in 192.0.2.0/28"},
		{"lab/x",
	         "error 4: a prefix is an address, \"/\" and its length, as in 192.0.2.0/28"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf out;

		walk(rows[i].expr, &out);
		assert_text_equal(buf_str(&out), rows[i].expected);
		buf_done(&out);
	}
}

static void test_a_network_around_an_address(void **state)
{
	struct host_range r;
	struct address a, other;

	(void)state;
	assert_true(address_parse("192.0.2.9", 9, &a));
	host_range_around(&a, 30, &r);
	assert_int_equal(host_range_count(&r), 4);
	host_range_around(&a, -1, &r);
	assert_int_equal(host_range_count(&r), 1);
	assert_true(host_range_has(&r, &a));
	assert_true(address_parse("2001:db8::9", 11, &a));
	assert_false(host_range_has(&r, &a));
	host_range_around(&a, 125, &r);
	assert_int_equal(host_range_count(&r), 8);
	assert_true(address_parse("2001:db8::8", 11, &other));
	assert_true(address_equal(&r.prefix.address, &other));
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
		cmocka_unit_test(test_a_walk_gives_what_nmap_lists),
		cmocka_unit_test(test_an_ipv6_walk_gives_what_nmap_lists),
		cmocka_unit_test(test_ranges_are_counted_without_a_walk),
		cmocka_unit_test(test_a_walk_ends_at_the_last_address),
		cmocka_unit_test(test_a_network_around_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
