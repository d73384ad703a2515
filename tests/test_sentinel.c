/* The careful pace against a host that is played, and that shuts us out in mid-scan: bursts, the
 * sentinel, and what is said of the ports then. The clock and the dice are the test's. */
#include "tests/test.h"

#include <string.h>

#include "src/scan/track.h"

enum { PORTS = 120, FIRST_PORT = 2000, BLOCKED = 9, SILENT = 8, DELAY_US = 500, GAP_US = 3500000 };

/* What the host is like. Ports are numbered from 0. */
struct host {
	unsigned closed_every; /* one port in so many is closed; 0 = none; others are dropped */
	unsigned once_open;    /* so many of the first are management ports that answer */
	double loss;           /* of a round trip */
	uint64_t ban_after;    /* probes; 0 = never */
	bool refuses;          /* a ban is told by ICMP */
};

struct play {
	const struct host *host;
	struct track t;
	struct burst burst;
	int64_t now_us;
	uint64_t dice, sent, sent_banned;
	unsigned heaviest; /* weight that went without a gap */
	unsigned gapless;  /* so far */
	int64_t last_us;
	bool sentinel_was_management;
};

static bool is_lost(struct play *p)
{
	p->dice = p->dice * 6364136223846793005u + 1442695040888963407u;
	return (double)(p->dice >> 40) / (double)(1 << 24) < p->host->loss;
}

static enum port_state truth_of(const struct host *h, unsigned port)
{
	if (port < h->once_open)
		return PORT_OPEN;
	return h->closed_every && port % h->closed_every == 0 ? PORT_CLOSED : PORT_FILTERED;
}

/* As the firewall weighs it. */
static void weigh(struct play *p)
{
	if (p->now_us - p->last_us > 3000000)
		p->gapless = 0;
	p->gapless++;
	p->last_us = p->now_us;
	if (p->gapless > p->heaviest)
		p->heaviest = p->gapless;
}

static void offer(struct play *p, uint32_t i)
{
	if (p->t.cells[i].flags & CELL_ONCE)
		return;
	if (p->t.cells[i].state == PORT_CLOSED)
		sentinel_offer(&p->t, i, SENTINEL_CLOSED);
}

static void send_one(struct play *p, uint32_t i)
{
	unsigned port = p->t.cells[i].port - FIRST_PORT;
	enum port_state truth = truth_of(p->host, port);

	track_sent(&p->t, i, p->now_us);
	burst_sent(&p->burst, p->t.cells[i].port, p->now_us);
	weigh(p);
	p->sent++;
	p->sentinel_was_management |= !track_is_port(&p->t, i) && port < p->host->once_open;
	p->now_us += DELAY_US;
	if (p->host->ban_after && p->sent > p->host->ban_after) {
		p->sent_banned++;
		if (p->host->refuses) {
			track_judge(&p->t, i, PORT_FILTERED, 7);
			sentinel_refusal(&p->t);
		}
		return;
	}
	if (truth == PORT_FILTERED || is_lost(p))
		return;
	if (track_answer(&p->t, i, truth, 1, p->t.cells[i].tries, p->now_us))
		offer(p, i);
}

static void play(struct play *p)
{
	int64_t hold, due;
	uint32_t i;

	while (!track_over(&p->t, p->now_us) && !p->t.dead) {
		hold = burst_hold_us(&p->burst, &p->t, p->now_us);
		i = hold ? TRACK_NONE : track_next(&p->t, p->now_us);
		if (i != TRACK_NONE) {
			send_one(p, i);
			continue;
		}
		due = track_due_us(&p->t, p->now_us);
		if (hold > due && hold < INT64_MAX)
			due = hold;
		p->now_us = due > p->now_us && due < p->now_us + 100000 ? due : p->now_us + 100000;
		while ((i = track_expired(&p->t, p->now_us)) != TRACK_NONE) {
			p->burst.probe_us = p->now_us;
			track_silent(&p->t, i, p->now_us);
		}
		assert_true(p->now_us < 4000ll * 1000000);
	}
	if (p->t.dead)
		sentinel_settle(&p->t, BLOCKED);
}

static void begin(struct play *p, const struct host *host, uint64_t seed)
{
	static const struct track_options options = {
		.limits = {.first_us = 300000, .most_us = 3000000, .assumed_loss = 0.005},
		.passes = 30,
		.once_us = 3500000,
		.guarded = true,
		.quiet = PORT_FILTERED,
		.quiet_reason = SILENT,
	};

	*p = (struct play){.host = host, .now_us = 1000, .dice = seed * 0x9E3779B97F4A7C15ull};
	p->burst = (struct burst){.most = 18, .gap_us = GAP_US, .weight = 3, .probe_us = 1000};
	track_init(&p->t, &options, PORTS, p->now_us);
	p->t.dice = seed;
	for (uint32_t i = 0; i < PORTS; i++) {
		p->t.cells[i].port = (uint16_t)(FIRST_PORT + i);
		p->t.cells[i].flags = i < host->once_open ? CELL_ONCE : 0;
		track_enqueue(&p->t, i);
	}
}

static unsigned count(const struct play *p, enum port_state state)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < PORTS; i++)
		n += p->t.cells[i].state == state;
	return n;
}

/* States other than the truth, unknown ones left aside. */
static unsigned wrong(const struct play *p)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < PORTS; i++)
		n += p->t.cells[i].state != PORT_UNKNOWN &&
		     p->t.cells[i].state != truth_of(p->host, i);
	return n;
}

static void test_nobody_is_banned_and_all_is_told(void **state)
{
	static const struct host host = {.closed_every = 3};
	struct play p;

	(void)state;
	begin(&p, &host, 1);
	play(&p);
	assert_false(p.t.dead);
	assert_false(p.t.sentinel.doubt);
	assert_int_equal(count(&p, PORT_UNKNOWN), 0);
	assert_int_equal(wrong(&p), 0);
	track_done(&p.t);
}

static void test_bursts_stay_light_with_the_sentinel_in_them(void **state)
{
	static const struct host host = {.closed_every = 7};
	struct play p;

	(void)state;
	begin(&p, &host, 1);
	play(&p);
	assert_in_range(p.heaviest, 1, 18);
	assert_true(p.t.sentinel.asked > 0);
	track_done(&p.t);
}

static void test_a_ban_in_mid_scan_is_told_and_nothing_is_wrong(void **state)
{
	struct host host = {.closed_every = 3};
	struct play p;

	(void)state;
	for (host.ban_after = 5; host.ban_after < 200; host.ban_after += 7) {
		begin(&p, &host, 1);
		play(&p);
		assert_true(p.t.dead);
		assert_int_equal(wrong(&p), 0);
		assert_true(count(&p, PORT_UNKNOWN) > 0);
		for (uint32_t i = 0; i < PORTS; i++)
			if (p.t.cells[i].state == PORT_UNKNOWN)
				assert_int_equal(p.t.cells[i].reason, BLOCKED);
		/* The burst in which it happened, and the sentinel's tries. */
		assert_in_range(p.sent_banned, 3, 18 + 6);
		track_done(&p.t);
	}
}

static void test_what_was_vouched_for_before_a_ban_stays_filtered(void **state)
{
	static const struct host host = {.closed_every = 40, .ban_after = 300};
	struct play p;
	unsigned filtered;

	(void)state;
	begin(&p, &host, 1);
	play(&p);
	filtered = count(&p, PORT_FILTERED);
	assert_true(p.t.dead);
	assert_true(filtered > 0);
	assert_int_equal(wrong(&p), 0);
	track_done(&p.t);
}

static void test_a_ban_that_rejects_is_one_too(void **state)
{
	static const struct host host = {.closed_every = 3, .ban_after = 40, .refuses = true};
	struct play p;

	(void)state;
	begin(&p, &host, 1);
	play(&p);
	assert_true(p.t.dead);
	for (uint32_t i = 0; i < PORTS; i++)
		assert_int_not_equal(p.t.cells[i].reason, 7);
	track_done(&p.t);
}

static void test_loss_is_no_ban(void **state)
{
	struct host host = {.closed_every = 4, .loss = 0.19};
	struct play p;

	(void)state;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		begin(&p, &host, seed);
		play(&p);
		assert_false(p.t.dead);
		track_done(&p.t);
	}
}

static void test_a_host_that_drops_all_but_its_management_is_filtered(void **state)
{
	static const struct host host = {.once_open = 3};
	struct play p;

	(void)state;
	begin(&p, &host, 1);
	play(&p);
	assert_false(p.t.dead);
	assert_int_equal(count(&p, PORT_FILTERED), PORTS - 3);
	assert_true(p.t.sentinel.doubt);
	track_done(&p.t);
}

static void test_sudden_silence_without_a_sentinel_is_unknown(void **state)
{
	/* Fifteen management ports in a row answered, and then none of 105. */
	static const struct host host = {.once_open = 30, .ban_after = 15};
	struct play p;

	(void)state;
	begin(&p, &host, 1);
	play(&p);
	assert_true(p.t.dead);
	assert_int_equal(count(&p, PORT_OPEN), 15);
	/* Those asked once were given up; the rest is not known for the ban. */
	assert_int_equal(count(&p, PORT_UNKNOWN), PORTS - 15);
	track_done(&p.t);
}

static void test_a_management_port_is_never_the_sentinel(void **state)
{
	static const struct host host = {.once_open = 10, .closed_every = 30};
	struct play p;

	(void)state;
	begin(&p, &host, 1);
	play(&p);
	assert_true(p.t.sentinel.asked > 0);
	assert_false(p.sentinel_was_management);
	track_done(&p.t);
}

static void test_the_better_sentinel_is_kept(void **state)
{
	static const struct host host = {0};
	struct play p;

	(void)state;
	begin(&p, &host, 1);
	p.t.cells[3].port = 25;
	sentinel_offer(&p.t, 2, SENTINEL_OPEN);
	assert_int_equal(p.t.sentinel.cell, 2);
	sentinel_offer(&p.t, 3, SENTINEL_CLOSED);
	assert_int_equal(p.t.sentinel.cell, 3);
	sentinel_offer(&p.t, 4, SENTINEL_REFUSING);
	assert_int_equal(p.t.sentinel.cell, 3);
	/* As good, and lighter. */
	sentinel_offer(&p.t, 5, SENTINEL_CLOSED);
	assert_int_equal(p.t.sentinel.cell, 5);
	sentinel_offer(&p.t, 6, SENTINEL_CLOSED);
	assert_int_equal(p.t.sentinel.cell, 5);
	track_done(&p.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody_is_banned_and_all_is_told),
		cmocka_unit_test(test_bursts_stay_light_with_the_sentinel_in_them),
		cmocka_unit_test(test_a_ban_in_mid_scan_is_told_and_nothing_is_wrong),
		cmocka_unit_test(test_what_was_vouched_for_before_a_ban_stays_filtered),
		cmocka_unit_test(test_a_ban_that_rejects_is_one_too),
		cmocka_unit_test(test_loss_is_no_ban),
		cmocka_unit_test(test_a_host_that_drops_all_but_its_management_is_filtered),
		cmocka_unit_test(test_sudden_silence_without_a_sentinel_is_unknown),
		cmocka_unit_test(test_a_management_port_is_never_the_sentinel),
		cmocka_unit_test(test_the_better_sentinel_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
