/* The heap of deadlines against a plain search. */
#include "tests/test.h"

#include <stdlib.h>

#include "src/scan/timers.h"

enum { N = 200 };

/* The soonest by looking at every one. */
static int64_t soonest(const struct timer *all)
{
	int64_t due = -1;

	for (size_t i = 0; i < N; i++)
		if (all[i].place && (due < 0 || all[i].due_ms < due))
			due = all[i].due_ms;
	return due;
}

static void test_the_first_is_the_soonest_after_any_change(void **state)
{
	struct timer all[N] = {{0}};
	struct timers t;
	unsigned seed = 7;

	(void)state;
	timers_init(&t, N);
	for (size_t round = 0; round < 20000; round++) {
		struct timer *one = &all[(unsigned)rand_r(&seed) % N];

		if (rand_r(&seed) % 3 == 0)
			timers_cancel(&t, one);
		else
			timers_set(&t, one, rand_r(&seed) % 1000);
		assert_int_equal(timers_first(&t) ? timers_first(&t)->due_ms : -1, soonest(all));
	}
	timers_done(&t);
}

static void test_all_come_out_in_order(void **state)
{
	struct timer all[N] = {{0}};
	struct timers t;
	struct timer *first;
	int64_t last = 0;
	size_t n = 0;

	(void)state;
	timers_init(&t, N);
	for (size_t i = 0; i < N; i++)
		timers_set(&t, &all[i], (int64_t)(i * 7919 % 211));
	for (; (first = timers_first(&t)); n++) {
		assert_true(first->due_ms >= last);
		last = first->due_ms;
		timers_cancel(&t, first);
		assert_int_equal(first->place, 0);
	}
	assert_int_equal(n, N);
	timers_done(&t);
}

static void test_cancelling_what_is_not_armed_does_nothing(void **state)
{
	struct timer one = {0};
	struct timers t;

	(void)state;
	timers_init(&t, 1);
	timers_cancel(&t, &one);
	assert_null(timers_first(&t));
	timers_set(&t, &one, 5);
	timers_cancel(&t, &one);
	timers_cancel(&t, &one);
	assert_null(timers_first(&t));
	timers_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_is_the_soonest_after_any_change),
		cmocka_unit_test(test_all_come_out_in_order),
		cmocka_unit_test(test_cancelling_what_is_not_armed_does_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
