/* Prefix algebra, against an oracle that asks every address of a small universe. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rosaudit/buf.h"
#include "rosaudit/prefix.h"

static struct prefix P(const char *s) {
	struct prefix p = {0};

	assert_int_equal(prefix_parse(s, strlen(s), &p), PREFIX_OK);
	return p;
}

static struct address
A(const char *s) {
	struct address a = {0};

	assert_true(address_parse(s, strlen(s), &a));
	return a;
}

static void
test_text_of_a_prefix_survives_a_round_trip(void **state)
{
	static const char *const texts[] = {
		"0.0.0.0/0", "10.0.0.0/8",    "192.0.2.1/32",    "198.51.100.128/25",
		"::/0",      "2001:db8::/64", "2001:db8::1/128", "fe80::/10",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct prefix p = P(texts[i]);
		struct buf out;

		buf_init(&out, 100);
		prefix_format(&p, &out);
		assert_string_equal(buf_str(&out), texts[i]);
		buf_done(&out);
	}
}

static void test_a_bare_address_is_one_host(void **state)
{
	(void)state;
	assert_int_equal(P("192.0.2.7").len, 32);
	assert_int_equal(P("2001:db8::7").len, 128);
}

static void test_faults_are_told_apart(void **state)
{
	static const struct {
		const char *text;
		enum prefix_fault fault;
	} cases[] = {
		{"10.0.0.1/8", PREFIX_HOST_BITS},    {"2001:db8::1/64", PREFIX_HOST_BITS},
		{"10.0.0.0/33", PREFIX_LENGTH},      {"2001:db8::/129", PREFIX_LENGTH},
		{"10.0.0/8", PREFIX_MALFORMED},      {"10.0.0.0/", PREFIX_MALFORMED},
		{"10.0.0.0/8x", PREFIX_MALFORMED},   {"", PREFIX_MALFORMED},
		{"fe80::1%lo/64", PREFIX_MALFORMED}, {"10.0.0.256/32", PREFIX_MALFORMED},
		{"10.0.0.0/-1", PREFIX_MALFORMED},   {"/8", PREFIX_MALFORMED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct prefix p;

		assert_int_equal(prefix_parse(cases[i].text, strlen(cases[i].text), &p),
		                 cases[i].fault);
	}
}

static void test_host_bits_give_the_masked_prefix(void **state)
{
	struct prefix p, want = P("10.0.0.0/8");

	(void)state;
	assert_int_equal(prefix_parse("10.1.2.3/8", 10, &p), PREFIX_HOST_BITS);
	assert_true(prefix_equal(&p, &want));
}

static void test_families_never_contain_each_other(void **state)
{
	struct prefix v4 = P("0.0.0.0/0"), v6 = P("::/0");
	struct address a4 = A("192.0.2.1"), a6 = A("2001:db8::1");

	(void)state;
	assert_true(prefix_contains(&v4, &a4));
	assert_false(prefix_contains(&v4, &a6));
	assert_true(prefix_contains(&v6, &a6));
	assert_false(prefix_contains(&v6, &a4));
}

static void test_two_halves_cover_the_whole(void **state)
{
	struct prefix halves[2] = {P("10.0.0.0/9"), P("10.128.0.0/9")}, whole = P("10.0.0.0/8");

	(void)state;
	assert_true(prefix_set_covers(halves, 2, &whole));
	assert_false(prefix_set_covers(halves, 1, &whole));
}

static void test_a_hole_of_one_address_is_seen(void **state)
{
	/* Everything of 192.0.2.0/24 but 192.0.2.77. */
	struct prefix set[] = {
		P("192.0.2.0/26"),  P("192.0.2.64/29"), P("192.0.2.72/30"), P("192.0.2.76/32"),
		P("192.0.2.78/31"), P("192.0.2.80/28"), P("192.0.2.96/27"), P("192.0.2.128/25"),
	};
	struct prefix whole = P("192.0.2.0/24"), hole = P("192.0.2.77/32");

	(void)state;
	assert_false(prefix_set_covers(set, 8, &whole));
	assert_false(prefix_set_covers(set, 8, &hole));
}

static void test_restriction_and_openness(void **state)
{
	struct prefix v4 = P("0.0.0.0/0"), v6 = P("::/0"), lan = P("192.0.2.0/24");
	struct prefix both[] = {v4, v6}, halves[] = {P("0.0.0.0/1"), P("128.0.0.0/1")};

	(void)state;
	assert_false(prefix_set_restricts(NULL, 0));
	assert_true(prefix_set_open(NULL, 0));
	assert_true(prefix_set_restricts(&lan, 1));
	assert_false(prefix_set_open(&lan, 1));
	/* An IPv4-only list refuses every IPv6 client, yet it is open to all of IPv4. */
	assert_true(prefix_set_restricts(&v4, 1));
	assert_true(prefix_set_open(&v4, 1));
	assert_true(prefix_set_open(&v6, 1));
	assert_false(prefix_set_restricts(both, 2));
	assert_true(prefix_set_open(halves, 2));
}

static uint32_t random_state = 2463534242u;

static uint32_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

/* Prefixes below 10.0.0.0/24: the oracle asks all 256 addresses. */
static struct prefix random_prefix(void)
{
	struct prefix p = {.address = {.family = 4, .bytes = {10, 0, 0, 0}}};

	p.len = (uint8_t)(24 + next_random() % 9);
	p.address.bytes[3] = (uint8_t)((next_random() & 0xFF) & (0xFFu << (32 - p.len)));
	return p;
}

static bool oracle_covers(const struct prefix *set, size_t n, const struct prefix *inner)
{
	unsigned first = inner->address.bytes[3], count = 1u << (32 - inner->len);

	for (unsigned host = first; host < first + count; host++) {
		bool found = false;

		for (size_t i = 0; i < n && !found; i++) {
			unsigned f = set[i].address.bytes[3];

			found = host >= f && host < f + (1u << (32 - set[i].len));
		}
		if (!found)
			return false;
	}
	return true;
}

static void test_coverage_agrees_with_the_oracle(void **state)
{
	unsigned yes = 0;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		struct prefix set[12], inner = random_prefix();
		size_t n = next_random() % 13;
		bool want;

		for (size_t i = 0; i < n; i++)
			set[i] = random_prefix();
		want = oracle_covers(set, n, &inner);
		yes += want;
		assert_int_equal(prefix_set_covers(set, n, &inner), want);
	}
	/* Both answers must have been asked for often. */
	assert_in_range(yes, 2000, 18000);
}

static void test_zone_needs_an_interface_of_this_machine(void **state)
{
	struct address a;

	(void)state;
	assert_true(address_parse("fe80::1%lo", 10, &a));
	assert_int_not_equal(a.scope, 0);
	assert_false(address_parse("fe80::1%nosuchif0", 17, &a));
	assert_false(address_parse("192.0.2.1%lo", 12, &a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_of_a_prefix_survives_a_round_trip),
		cmocka_unit_test(test_a_bare_address_is_one_host),
		cmocka_unit_test(test_faults_are_told_apart),
		cmocka_unit_test(test_host_bits_give_the_masked_prefix),
		cmocka_unit_test(test_families_never_contain_each_other),
		cmocka_unit_test(test_two_halves_cover_the_whole),
		cmocka_unit_test(test_a_hole_of_one_address_is_seen),
		cmocka_unit_test(test_restriction_and_openness),
		cmocka_unit_test(test_coverage_agrees_with_the_oracle),
		cmocka_unit_test(test_zone_needs_an_interface_of_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
