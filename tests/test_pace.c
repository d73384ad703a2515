/* The scan's pace and its judgement of silence, against a network that is played: delay, loss each
 * way, a limiter of answers, a link that carries so much. The clock and the dice are the test's, so
 * every run is the same. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "rosaudit/arena.h"
#include "src/scan/track.h"

enum { IN_FLIGHT = 1 << 18, SEEDS = 5 };

/* What the played host and its path are like. */
struct net {
	double loss;        /* each way */
	int64_t delay_us;   /* there and back */
	double answer_rate; /* closed answers a second at most, 0 = no limit */
	double link_rate;   /* packets a second that the way there carries, 0 = no limit */
	bool dumb;          /* nothing at all is answered */
};

struct answer {
	int64_t at_us;
	uint32_t cell;
	uint8_t tries;
};

struct play {
	const struct net *net;
	uint64_t dice;
	double tokens, link_tokens;
	int64_t tokens_us, link_us;
	struct answer *answers; /* ring, in order since the delay is the same for all */
	size_t at, n;
	int64_t now_us;
	uint64_t wrong;
};

static double dice(struct play *p)
{
	p->dice ^= p->dice << 13;
	p->dice ^= p->dice >> 7;
	p->dice ^= p->dice << 17;
	return (double)(p->dice >> 11) / (double)(1ull << 53);
}

/* One port in sixteen of the first 256 is open, of the rest one in 500; every third is closed. */
static enum port_state truth_of(uint16_t port)
{
	if (port < 256 ? port % 16 == 5 : port % 500 == 5)
		return PORT_OPEN;
	return port % 3 == 0 ? PORT_CLOSED : PORT_FILTERED;
}

static bool take(double *tokens, int64_t *since_us, double rate, double burst, int64_t now_us)
{
	if (rate <= 0)
		return true;
	*tokens += rate * (double)(now_us - *since_us) / 1e6;
	*tokens = *tokens > burst ? burst : *tokens;
	*since_us = now_us;
	if (*tokens < 1)
		return false;
	*tokens -= 1;
	return true;
}

/* A packet on its way: does an answer come, and when? */
static void carry(struct play *p, struct track *t, uint32_t i)
{
	enum port_state truth = truth_of(t->cells[i].port);

	if (!take(&p->link_tokens, &p->link_us, p->net->link_rate, 100, p->now_us))
		return;
	if (p->net->dumb || truth == PORT_FILTERED || dice(p) < p->net->loss)
		return;
	if (truth == PORT_CLOSED &&
	    !take(&p->tokens, &p->tokens_us, p->net->answer_rate, 5, p->now_us))
		return;
	if (dice(p) < p->net->loss)
		return;
	assert_true(p->n < IN_FLIGHT);
	p->answers[(p->at + p->n++) % IN_FLIGHT] =
		(struct answer){p->now_us + p->net->delay_us, i, t->cells[i].tries};
}

static void deliver(struct play *p, struct track *t)
{
	const struct answer *a;

	for (; p->n > 0 && p->answers[p->at].at_us <= p->now_us; p->n--) {
		a = &p->answers[p->at];
		p->at = (p->at + 1) % IN_FLIGHT;
		track_answer(t, a->cell, truth_of(t->cells[a->cell].port), 1, a->tries, p->now_us);
	}
}

static void send_all(struct play *p, struct track *t)
{
	uint32_t i;

	while ((i = track_next(t, p->now_us)) != TRACK_NONE) {
		track_sent(t, i, p->now_us);
		carry(p, t, i);
	}
}

/* Plays until all is judged; returns the microseconds it took. */
static int64_t play(struct play *p, struct track *t)
{
	int64_t due;
	uint32_t i;

	while (!track_over(t, p->now_us)) {
		send_all(p, t);
		due = track_due_us(t, p->now_us);
		if (p->n > 0 && p->answers[p->at].at_us < due)
			due = p->answers[p->at].at_us;
		assert_true(due < INT64_MAX);
		/* A loop that looks every 20 µs at the soonest. */
		p->now_us = due > p->now_us + 20 ? due : p->now_us + 20;
		deliver(p, t);
		while ((i = track_expired(t, p->now_us)) != TRACK_NONE)
			track_silent(t, i, p->now_us);
		assert_true(p->now_us < 4000ll * 1000000);
	}
	return p->now_us;
}

struct outcome_of {
	uint32_t missed, wrong, unknown; /* open ports not found; other wrong states; given up */
	int64_t took_us;
	uint64_t sent;
	double loss, chance;
	bool limited, measured;
};

static const struct track_options usual = {
	.limits = {.first_us = 300000, .most_us = 3000000, .assumed_loss = 0.005},
	.passes = 30,
	.once_us = 3500000,
	.canaries = true,
	.open_canaries = true,
	.quiet = PORT_FILTERED,
};

static struct outcome_of scan(const struct net *net, const struct track_options *options,
                              uint32_t ports, uint64_t seed)
{
	struct outcome_of o = {0};
	struct track t;
	struct play p = {.net = net, .dice = seed * 0x9E3779B97F4A7C15ull + 1, .now_us = 1000};
	enum port_state truth;

	p.answers = mem_alloc(IN_FLIGHT * sizeof(*p.answers));
	track_init(&t, options, ports, p.now_us);
	t.dice = seed;
	for (uint32_t i = 0; i < ports; i++) {
		t.cells[i].port = (uint16_t)(i + 1);
		track_mix_in(&t, i);
	}
	o.took_us = play(&p, &t);
	for (uint32_t i = 0; i < ports; i++) {
		truth = net->dumb ? PORT_FILTERED : truth_of(t.cells[i].port);
		o.missed += truth == PORT_OPEN && t.cells[i].state != PORT_OPEN;
		o.wrong += t.cells[i].state != PORT_UNKNOWN && t.cells[i].state != truth;
		o.unknown += t.cells[i].state == PORT_UNKNOWN;
	}
	o.sent = t.sent;
	o.loss = pace_loss(&t.pace);
	o.measured = pace_is_measured(&t.pace);
	o.chance = track_missed(&t);
	o.limited = t.pace.limited;
	track_done(&t);
	free(p.answers);
	return o;
}

static void check(const char *what, const struct net *net, const struct track_options *options,
                  uint32_t ports)
{
	struct outcome_of o;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		o = scan(net, options, ports, seed);
		print_message("# %s, %u ports: %.2f s, %llu sent, loss %.3f%s, chance %.1e%s\n",
		              what, ports, (double)o.took_us / 1e6, (unsigned long long)o.sent,
		              o.loss, o.measured ? "" : " (assumed)", o.chance,
		              o.limited ? ", limited" : "");
		if (o.missed || o.wrong || o.unknown)
			fail_msg("%u missed, %u wrong, %u unknown", o.missed, o.wrong, o.unknown);
		assert_true(o.chance < 1e-6);
	}
}

static void test_a_clean_path_is_told_right(void **state)
{
	static const struct net lan = {.delay_us = 100}, far = {.delay_us = 250000};

	(void)state;
	check("lan", &lan, &usual, 65535);
	check("lan", &lan, &usual, 40);
	check("far", &far, &usual, 1000);
}

static void test_loss_either_way_hides_no_port(void **state)
{
	static const struct net five = {.delay_us = 200, .loss = 0.05},
				ten = {.delay_us = 20000, .loss = 0.1};

	(void)state;
	check("5 %", &five, &usual, 65535);
	check("10 %", &ten, &usual, 65535);
	check("5 %", &five, &usual, 256);
	check("10 %", &ten, &usual, 256);
}

static void test_a_limit_of_resets_turns_no_closed_port_into_a_filtered_one(void **state)
{
	static const struct net thousand = {.delay_us = 200, .answer_rate = 1000},
				hundred = {.delay_us = 2000, .answer_rate = 100},
				both = {.delay_us = 200, .answer_rate = 1000, .loss = 0.05};

	(void)state;
	check("RST 1000/s", &thousand, &usual, 6000);
	check("RST 100/s", &hundred, &usual, 600);
	check("RST 1000/s and 5 %", &both, &usual, 6000);
}

static void test_a_narrow_link_is_not_overrun(void **state)
{
	static const struct net dsl = {.delay_us = 20000, .link_rate = 5000};

	(void)state;
	check("5000/s", &dsl, &usual, 20000);
}

static void test_the_answer_is_the_same_at_any_rate(void **state)
{
	static const double rates[] = {300, 3000, 30000, 300000, 0};
	static const struct net lossy = {.delay_us = 500, .loss = 0.1};
	struct track_options options = usual;

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		options.limits.max_rate = rates[i];
		check("max rate", &lossy, &options, 1000);
		options.limits.min_rate = rates[i];
		check("min and max rate", &lossy, &options, 1000);
		options.limits.min_rate = 0;
	}
}

static void test_where_nothing_answers_the_loss_is_assumed(void **state)
{
	static const struct net hole = {.delay_us = 200, .dumb = true};
	struct outcome_of o = scan(&hole, &usual, 65535, 1);

	(void)state;
	assert_int_equal(o.wrong + o.unknown, 0);
	assert_false(o.measured);
	assert_true(o.chance < 1e-6);
	assert_true(o.sent == 3u * 65535u);
	assert_true(o.took_us < 1400000);
}

static void test_a_long_round_trip_makes_early_silence_void(void **state)
{
	static const struct net moon = {.delay_us = 700000};

	(void)state;
	check("0.7 s", &moon, &usual, 256);
}

static void test_beyond_the_cap_of_passes_it_is_unknown(void **state)
{
	static const struct net lossy = {.delay_us = 500, .loss = 0.3};
	struct track_options options = usual;
	struct outcome_of o;

	(void)state;
	options.passes = 4;
	o = scan(&lossy, &options, 1000, 1);
	assert_int_equal(o.wrong, 0);
	assert_true(o.unknown > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_clean_path_is_told_right),
		cmocka_unit_test(test_loss_either_way_hides_no_port),
		cmocka_unit_test(test_a_limit_of_resets_turns_no_closed_port_into_a_filtered_one),
		cmocka_unit_test(test_a_narrow_link_is_not_overrun),
		cmocka_unit_test(test_the_answer_is_the_same_at_any_rate),
		cmocka_unit_test(test_where_nothing_answers_the_loss_is_assumed),
		cmocka_unit_test(test_a_long_round_trip_makes_early_silence_void),
		cmocka_unit_test(test_beyond_the_cap_of_passes_it_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
