/* UDP ports and limited errors: the track against a network that is played, with its own clock. */
#include "tests/test.h"

#include <string.h>

#include "src/scan/udp_track.h"

enum { MOST = 256, IN_FLIGHT = 4096 };

/* A host behind a link. Ports are 1 to n. */
struct world {
	uint32_t n;
	char kind[MOST + 1];      /* of each port: c closed, o open and answering, s silent */
	double burst, per_second; /* of errors; per_second 0 = not limited */
	bool dry;                 /* an earlier scan has used the burst up */
	double loss;              /* each way */
	int64_t rtt_us;
	bool mute; /* sends no errors at all */
	int64_t falls_mute_us;

	double tokens;
	int64_t token_us;
	uint64_t random;
	struct {
		int64_t at_us;
		uint32_t cell;
		enum port_state state;
	} flight[IN_FLIGHT];
	size_t flying;
};

static double chance(struct world *w)
{
	w->random = w->random * 6364136223846793005u + 1442695040888963407u;
	return (double)(w->random >> 11) / (double)(1ull << 53);
}

static bool may_send_error(struct world *w, int64_t now_us)
{
	if (w->mute || (w->falls_mute_us && now_us > w->falls_mute_us))
		return false;
	if (w->per_second == 0)
		return true;
	w->tokens += (double)(now_us - w->token_us) * w->per_second / 1e6;
	w->token_us = now_us;
	if (w->tokens > w->burst)
		w->tokens = w->dry ? 0 : w->burst;
	if (w->tokens < 1)
		return false;
	w->tokens -= 1;
	return true;
}

/* A probe of the cell arrives (or is lost), and what it brings about is on its way. */
static void receive(struct world *w, uint32_t cell, int64_t now_us)
{
	char kind = cell < w->n ? w->kind[cell] : 'c';
	enum port_state state = kind == 'o' ? PORT_OPEN : PORT_CLOSED;

	if (kind == 's' || chance(w) < w->loss)
		return;
	if (state == PORT_CLOSED && !may_send_error(w, now_us))
		return;
	if (chance(w) < w->loss)
		return;
	assert_true(w->flying < IN_FLIGHT);
	w->flight[w->flying].at_us = now_us + w->rtt_us;
	w->flight[w->flying].cell = cell;
	w->flight[w->flying++].state = state;
}

/* Hands over what has arrived; the time of the next arrival. */
static int64_t deliver(struct world *w, struct udp_track *t, int64_t now_us)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < w->flying;) {
		if (w->flight[i].at_us > now_us) {
			next = w->flight[i].at_us < next ? w->flight[i].at_us : next;
			i++;
			continue;
		}
		udp_track_answer(t, w->flight[i].cell, w->flight[i].state, now_us);
		w->flight[i] = w->flight[--w->flying];
	}
	return next;
}

/* Plays it to the end; how long it took. */
static int64_t play(struct world *w, struct udp_track *t, const struct udp_options *options)
{
	int64_t now = 1000000, began = now, due, arrival;
	uint32_t i;

	w->n = (uint32_t)strlen(w->kind);
	w->tokens = w->burst;
	w->token_us = now;
	w->random += 12345;
	udp_track_init(t, options, w->n, now);
	for (uint32_t k = 0; k < w->n; k++)
		t->cells[k].port = (uint16_t)(k + 1);
	while (!udp_track_over(t, now)) {
		if (now - began > (int64_t)3600 * 1000000)
			fail_msg("never over: %g errors/s, loss %g", w->per_second, w->loss);
		while ((i = udp_track_next(t, now)) != UDP_NO_CELL) {
			udp_track_sent(t, i, now);
			receive(w, i, now);
			now += 5; /* a datagram takes a while */
		}
		arrival = deliver(w, t, now);
		due = udp_track_due_us(t);
		due = arrival < due ? arrival : due;
		now = due > now ? due : now + 1;
	}
	return now - began;
}

static const struct udp_options usual = {.assumed_loss = 0.1,
                                         .first_us = 500000,
                                         .most_us = 2000000,
                                         .lures = {40001, 40002, 40003}};

static void check_states(const struct world *w, const struct udp_track *t)
{
	static const char kinds[PORT_STATES] = {'?', 'o', 'c', 'f', 's'};

	for (uint32_t k = 0; k < w->n; k++)
		if (kinds[udp_track_state(t, k)] != w->kind[k])
			fail_msg("port %u is %c, seen as %c after %u probes", k + 1, w->kind[k],
			         kinds[udp_track_state(t, k)], t->cells[k].tries);
}

static void check_world(struct world *w, int64_t most_ms)
{
	struct udp_track t;
	int64_t took = play(w, &t, &usual);

	print_message("%4.0f errors/s, %2.0f %% loss: %6.2f s, %llu probes\n", w->per_second,
	              w->loss * 100, (double)took / 1e6, (unsigned long long)t.sent);
	check_states(w, &t);
	assert_in_range((uintmax_t)took, 0, (uintmax_t)most_ms * 1000);
	udp_track_done(&t);
}

/* 31 ports, as a router has them: 4 open, 5 silent, 22 closed. */
#define ROUTER "ccosccccocscccccocccsccccscocsc"

static void test_a_host_without_limit_is_told_at_once(void **state)
{
	struct world w = {.kind = ROUTER, .rtt_us = 500};

	(void)state;
	check_world(&w, 1300);
}

/* Linux: one a second to each peer after a burst of six. 16 errors are waited for, and the
 * votes. */
static void test_a_limiter_turns_no_closed_port_into_another(void **state)
{
	struct world w = {.kind = ROUTER, .rtt_us = 500, .burst = 6, .per_second = 1};

	(void)state;
	check_world(&w, 40000);
}

static void test_a_limiter_that_is_dry_at_the_start_is_waited_for(void **state)
{
	struct world w = {.kind = "cccsocccccccsccccccc",
	                  .rtt_us = 500,
	                  .burst = 6,
	                  .per_second = 1,
	                  .dry = true};

	(void)state;
	check_world(&w, 40000);
}

static void test_any_limit_and_any_loss_give_the_same_answer(void **state)
{
	static const double rates[] = {0, 0.5, 1, 5, 100, 1000}, losses[] = {0, 0.02, 0.05, 0.1};

	(void)state;
	for (size_t r = 0; r < 6; r++)
		for (size_t l = 0; l < 4; l++)
			for (unsigned seed = 0; seed < 40; seed++) {
				struct world w = {.kind = ROUTER,
				                  .rtt_us = 20000,
				                  .burst = 6,
				                  .per_second = rates[r],
				                  .loss = losses[l],
				                  .random = seed * 77777 + r * 31 + l};
				struct udp_track t;

				play(&w, &t, &usual);
				check_states(&w, &t);
				udp_track_done(&t);
			}
}

static void test_a_host_without_errors_is_open_or_filtered(void **state)
{
	struct world w = {.kind = "sososss", .rtt_us = 500, .mute = true};

	(void)state;
	check_world(&w, 8000);
}

/* One port alone: the lures tell that errors come. */
static void test_one_port_has_its_canary_among_the_lures(void **state)
{
	struct world silent = {.kind = "s", .rtt_us = 500}, closed = {.kind = "c", .rtt_us = 500};

	(void)state;
	check_world(&silent, 1300);
	check_world(&closed, 100);
}

/* It answered, and then no more: nothing is said of what was left. */
static void test_a_ban_in_between_leaves_ports_unknown(void **state)
{
	struct world w = {.kind = ROUTER,
	                  .rtt_us = 500,
	                  .burst = 6,
	                  .per_second = 1,
	                  .falls_mute_us = 1000000 + 1500000};
	struct udp_track t;
	unsigned unknown = 0;

	(void)state;
	play(&w, &t, &usual);
	for (uint32_t k = 0; k < w.n; k++) {
		enum port_state seen = udp_track_state(&t, k);

		unknown += seen == PORT_UNKNOWN;
		/* Whatever was judged was judged right. */
		if (seen == PORT_OPEN_FILTERED)
			assert_int_equal(w.kind[k], 's');
		if (seen == PORT_CLOSED)
			assert_int_equal(w.kind[k], 'c');
	}
	assert_true(t.deaf);
	assert_true(unknown > 10);
	udp_track_done(&t);
}

/* psd: no round weighs more than allowed, and between two there is silence. */
static void test_bursts_and_gaps_are_kept(void **state)
{
	struct udp_options options = usual;
	struct world w = {.kind = ROUTER, .rtt_us = 500};
	struct udp_track t;
	int64_t now = 1000000, last = 0;
	unsigned weight = 0;
	uint32_t i;

	(void)state;
	options.burst_weight = 18;
	options.gap_us = 3100000;
	w.n = (uint32_t)strlen(w.kind);
	udp_track_init(&t, &options, w.n, now);
	for (uint32_t k = 0; k < w.n; k++)
		t.cells[k].port = (uint16_t)(k + 1);
	while (!udp_track_over(&t, now) && now < 200000000) {
		i = udp_track_next(&t, now);
		if (i == UDP_NO_CELL) {
			deliver(&w, &t, now);
			now += 1000;
			continue;
		}
		weight = now - last >= 3100000 ? 0 : weight;
		weight += t.cells[i].port < 1024 ? 3 : 1;
		assert_in_range(weight, 1, 18);
		last = now;
		udp_track_sent(&t, i, now);
		receive(&w, i, now);
	}
	check_states(&w, &t);
	udp_track_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_host_without_limit_is_told_at_once),
		cmocka_unit_test(test_a_limiter_turns_no_closed_port_into_another),
		cmocka_unit_test(test_any_limit_and_any_loss_give_the_same_answer),
		cmocka_unit_test(test_a_host_without_errors_is_open_or_filtered),
		cmocka_unit_test(test_one_port_has_its_canary_among_the_lures),
		cmocka_unit_test(test_a_ban_in_between_leaves_ports_unknown),
		cmocka_unit_test(test_a_limiter_that_is_dry_at_the_start_is_waited_for),
		cmocka_unit_test(test_bursts_and_gaps_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
