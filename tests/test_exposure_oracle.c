/* The evaluator against a packet-by-packet oracle written apart from it: random firewalls. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/support/firewall_compare.h"
#include "tests/support/firewall_flaws.h"
#include "tests/support/firewall_oracle.h"

/* How many (firewall, packet) pairs of each kind and family. */
#define PAIRS 30000

static struct comparison total;

static void compare(int family, bool guess)
{
	struct comparison sum = {0};
	struct buf why;

	buf_init(&why, 1u << 20);
	for (uint64_t seed = 1; sum.pairs < PAIRS; seed++)
		if (!firewall_compare(seed, family, guess, 10, &sum, &why)) {
			print_error("%s", buf_str(&why));
			fail();
		}
	print_message(
		"IPv%d, %s: %llu pairs, %llu throws, %llu decided, %llu unknown with one end\n",
		family, guess ? "guesses" : "all known", (unsigned long long)sum.pairs,
		(unsigned long long)sum.throws, (unsigned long long)sum.decided,
		(unsigned long long)sum.vague);
	total.pairs += sum.pairs;
	buf_done(&why);
}

static void test_known_ipv4_rules_end_as_the_oracle_says(void **state)
{
	(void)state;
	compare(4, false);
}

static void test_known_ipv6_rules_end_as_the_oracle_says(void **state)
{
	(void)state;
	compare(6, false);
}

static void test_no_throw_of_coins_leaves_what_is_possible_ipv4(void **state)
{
	(void)state;
	compare(4, true);
}

static void test_no_throw_of_coins_leaves_what_is_possible_ipv6(void **state)
{
	(void)state;
	compare(6, true);
}

/* Random firewalls, of which some have rules that are said never to match. */
#define FIREWALLS 1000

static void test_rules_that_never_match_never_match(void **state)
{
	struct flaw_comparison sum = {0};
	struct buf why;

	(void)state;
	buf_init(&why, 1u << 20);
	for (uint64_t seed = 5000000; sum.firewalls < FIREWALLS; seed++)
		if (!firewall_compare_flaws(seed, seed % 2 ? 4 : 6, seed % 4 < 2, 100, &sum,
		                            &why)) {
			print_error("%s", buf_str(&why));
			fail();
		}
	print_message("%llu firewalls: %llu unreachable, %llu shadowed, %llu accepted above; "
	              "%llu packets\n",
	              (unsigned long long)sum.firewalls, (unsigned long long)sum.unreachable,
	              (unsigned long long)sum.shadowed, (unsigned long long)sum.accept_above,
	              (unsigned long long)sum.packets);
	assert_true(sum.unreachable > 50 && sum.shadowed > 50 && sum.accept_above > 50);
	buf_done(&why);
}

static void test_every_matcher_was_hit_with_every_kind_of_action(void **state)
{
	static const char *const matchers[] = {
		"src-address",       "src-address-list", "src-address-type", "in-interface",
		"in-interface-list", "dst-address",      "dst-address-list", "dst-address-type",
		"dst-port",          "protocol",         "connection-state", "connection-nat-state",
	};
	static const char *const actions[] = {"accept", "drop", "jump", "return"};
	const struct oracle_hits *hits;
	size_t n;

	(void)state;
	hits = oracle_hits(&n);
	for (size_t i = 0; i < n; i++)
		print_message("%-22s %-3s %-24s %llu\n", hits[i].matcher,
		              hits[i].negated ? "!" : "", hits[i].action,
		              (unsigned long long)hits[i].hits);
	assert_true(total.pairs >= 100000);
	for (size_t i = 0; i < sizeof(matchers) / sizeof(matchers[0]); i++) {
		for (size_t j = 0; j < sizeof(actions) / sizeof(actions[0]); j++) {
			uint64_t sum = 0;

			for (size_t k = 0; k < n; k++)
				if (strcmp(hits[k].matcher, matchers[i]) == 0 &&
				    strcmp(hits[k].action, actions[j]) == 0)
					sum += hits[k].hits;
			if (!sum)
				print_error("%s never matched with %s\n", matchers[i], actions[j]);
			assert_true(sum > 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_ipv4_rules_end_as_the_oracle_says),
		cmocka_unit_test(test_known_ipv6_rules_end_as_the_oracle_says),
		cmocka_unit_test(test_no_throw_of_coins_leaves_what_is_possible_ipv4),
		cmocka_unit_test(test_no_throw_of_coins_leaves_what_is_possible_ipv6),
		cmocka_unit_test(test_rules_that_never_match_never_match),
		cmocka_unit_test(test_every_matcher_was_hit_with_every_kind_of_action),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
