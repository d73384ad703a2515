/* Sets of addresses, against an oracle that asks every address of a small corner of the space. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rosaudit/addrset.h"
#include "rosaudit/buf.h"

#define CORNER 64

/* The corner is the first and the last 32 addresses: what touches an end of the space is there. */
static addr_number corner(int family, unsigned i)
{
	return i < CORNER / 2 ? i : address_last(family) - (CORNER - 1 - i);
}

static struct addrset random_set(int family, struct arena *arena, uint64_t *bits)
{
	struct addrset_builder b;

	*bits = 0;
	addrset_builder_init(&b, family);
	for (int n = rand() % 6; n > 0; n--) {
		unsigned x = (unsigned)rand() % CORNER, y = (unsigned)rand() % CORNER;
		unsigned low = x < y ? x : y, high = x < y ? y : x;

		addrset_builder_add(&b, corner(family, low), corner(family, high));
		for (unsigned i = low; i <= high; i++)
			*bits |= (uint64_t)1 << i;
	}
	return addrset_builder_finish(&b, arena);
}

static void assert_bits(const struct addrset *s, uint64_t bits)
{
	for (unsigned i = 0; i < CORNER; i++)
		assert_int_equal(addrset_contains(s, corner(s->family, i)), bits >> i & 1);
	for (size_t i = 1; i < s->n; i++)
		assert_true(addrset_range(s, i).first - addrset_range(s, i - 1).last > 1);
}

/* Does the middle of the space, which stands between the two corners, go with both of them? */
static bool has_middle(const struct addrset *s)
{
	return addrset_contains(s, (addr_number)1 << (s->family == 4 ? 20 : 90));
}

static void check_pair(int family)
{
	struct arena arena;
	uint64_t a, b;
	struct addrset x, y, s;

	arena_init(&arena);
	x = random_set(family, &arena, &a);
	y = random_set(family, &arena, &b);
	assert_bits(&x, a);
	s = addrset_union(&x, &y, &arena);
	assert_bits(&s, a | b);
	assert_int_equal(has_middle(&s), has_middle(&x) || has_middle(&y));
	s = addrset_intersection(&x, &y, &arena);
	assert_bits(&s, a & b);
	assert_int_equal(addrset_overlaps(&x, &y), s.n != 0);
	s = addrset_difference(&x, &y, &arena);
	assert_bits(&s, a & ~b);
	assert_int_equal(addrset_covers(&y, &x), s.n == 0);
	s = addrset_complement(&x, &arena);
	assert_bits(&s, ~a);
	assert_int_equal(has_middle(&s), !has_middle(&x));
	s = addrset_complement(&s, &arena);
	assert_true(addrset_equal(&s, &x));
	arena_done(&arena);
}

static void test_algebra_agrees_with_asking_every_address(void **state)
{
	(void)state;
	srand(7);
	for (int i = 0; i < 3000; i++) {
		check_pair(4);
		check_pair(6);
	}
}

static void assert_text(const char *list, const char *expected)
{
	struct addrset_builder b;
	struct addrset s;
	struct arena arena;
	struct buf out;
	int family = 4;

	arena_init(&arena);
	buf_init(&out, 1000);
	addrset_builder_init(&b, strchr(list, ':') ? 6 : 4);
	while (*list) {
		size_t n = strcspn(list, " ");
		struct addr_range r;

		assert_true(addr_range_parse(list, n, &family, &r));
		addrset_builder_add(&b, r.first, r.last);
		list += n + (list[n] == ' ');
	}
	s = addrset_builder_finish(&b, &arena);
	addrset_format(&s, 2, &out);
	assert_string_equal(buf_str(&out), expected);
	buf_done(&out);
	arena_done(&arena);
}

static void test_a_set_prints_as_the_shorter_of_itself_and_what_is_left(void **state)
{
	(void)state;
	assert_text("", "no one");
	assert_text("0.0.0.0/0", "everyone");
	assert_text("::/0", "everyone");
	assert_text("10.0.0.0/8", "10.0.0.0/8");
	assert_text("10.0.0.0/9 10.128.0.0/9", "10.0.0.0/8");
	assert_text("192.0.2.1-192.0.2.9 192.0.2.11", "192.0.2.1-192.0.2.9, 192.0.2.11");
	assert_text("0.0.0.0-9.255.255.255 11.0.0.0-255.255.255.255", "everyone but 10.0.0.0/8");
	assert_text("1.0.0.1 1.0.0.3 1.0.0.5 1.0.0.7", "1.0.0.1, 1.0.0.3 and 2 more");
	assert_text("2001:db8::/32 fe80::/10", "2001:db8::/32, fe80::/10");
}

static void test_what_is_no_range_is_refused(void **state)
{
	static const char *const bad[] = {
		"",           "x",        "1.2.3",           "1.2.3.4/33",
		"1.2.3.4-",   "-1.2.3.4", "1.2.3.4-1.2.3.3", "1.2.3.4-2001:db8::1",
		"example.net"};
	struct addr_range r;
	int family;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(addr_range_parse(bad[i], strlen(bad[i]), &family, &r));
}

static void test_the_internet_is_what_is_not_set_aside(void **state)
{
	static const struct {
		const char *address;
		bool internet;
	} cases[] = {{"8.8.8.8", true},         {"10.1.2.3", false},    {"172.31.0.1", false},
	             {"172.32.0.1", true},      {"192.168.1.1", false}, {"100.64.0.1", false},
	             {"203.0.113.5", false},    {"224.0.0.1", false},   {"2a00::1", true},
	             {"2001:db8::1", false},    {"fe80::1", false},     {"fd00::1", false},
	             {"255.255.255.255", false}};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct address a;
		struct addrset s;

		assert_true(address_parse(cases[i].address, strlen(cases[i].address), &a));
		s = addrset_internet(a.family, &arena);
		assert_int_equal(addrset_contains(&s, address_number(&a)), cases[i].internet);
	}
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_algebra_agrees_with_asking_every_address),
		cmocka_unit_test(test_a_set_prints_as_the_shorter_of_itself_and_what_is_left),
		cmocka_unit_test(test_what_is_no_range_is_refused),
		cmocka_unit_test(test_the_internet_is_what_is_not_set_aside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
