/* One host's UDP ports on their way from unknown to known. */
#include <math.h>
#include <stdlib.h>

#include "rosaudit/arena.h"
#include "udp_track.h"

enum {
	CERTAIN_BITS = 20,      /* a chance below 1 in 10^6 */
	WINDOW_LEAST = 32,      /* ports of a round: more of them make more of each error */
	BARREN_IS_LIMITED = 3,  /* rounds in a row without an error */
	BARREN_IS_DEAF = 24,    /* a minute, by then */
	LEAST_WAIT_US = 20000,  /* after a barren round */
	MOST_WAIT_US = 2500000, /* no limiter is known to be slower than one a second */
	LEAST_PATIENCE_US = 4000,
	NO_ERRORS_GAP_US = 400000, /* between rounds where nothing but patience helps */
	/* Before a host is believed to send no errors at all: a limiter of one a second that an
	 * earlier scan has used up lets three through in it. */
	NO_ERRORS_SPAN_US = 3600000,
	MEASURED = 8,              /* canaries before their loss is believed */
	LURE_ROUNDS = 3,
	LATE_US = 1200000, /* an SSDP device takes its time, up to the second we grant (MX) */
};

/* States of a cell beyond enum port_state. */
enum { SILENT = PORT_STATES, GIVEN_UP };

void udp_track_init(struct udp_track *t, const struct udp_options *options, uint32_t n,
                    int64_t now_us)
{
	*t = (struct udp_track){.options = *options,
	                        .n = n,
	                        .left = n,
	                        .window = WINDOW_LEAST,
	                        .srtt_us = -1,
	                        .canary = UDP_NO_CELL,
	                        .witness = UDP_NO_CELL,
	                        .began_us = now_us,
	                        .begin_us = now_us + options->gap_us,
	                        .error_us = now_us,
	                        .least_bits = CERTAIN_BITS};
	t->cells = mem_alloc((n + UDP_LURES) * sizeof(*t->cells));
	for (unsigned k = 0; k < UDP_LURES; k++)
		t->cells[n + k].port = options->lures[k];
}

void udp_track_done(struct udp_track *t)
{
	free(t->cells);
	t->cells = NULL;
}

/* Laplace's rule: what the canaries leave possible, not what they happened to show. */
double udp_track_loss(const struct udp_track *t, bool *measured)
{
	double loss = ((double)t->canaries_lost + 1) / ((double)t->canaries + 2);

	*measured = t->canaries >= MEASURED;
	if (*measured)
		return loss;
	return t->canaries && loss > t->options.assumed_loss ? loss : t->options.assumed_loss;
}

/* --- a round ------------------------------------------------------------------------- */

static unsigned weight_of(const struct udp_track *t, uint32_t i)
{
	return t->cells[i].port < 1024 ? 3 : 1;
}

static bool fits_round(const struct udp_track *t, uint32_t i)
{
	return t->options.burst_weight == 0 ||
	       t->weight + weight_of(t, i) <= t->options.burst_weight;
}

static bool wants_lure(const struct udp_track *t)
{
	return !t->has_errors && t->rounds < LURE_ROUNDS && t->left > 0;
}

static void add(struct udp_track *t, uint32_t i)
{
	t->asked[t->asked_n++] = i;
	t->weight += weight_of(t, i);
}

/* The next port behind *at that is known to be in that state, lures among them. */
static uint32_t choose_known(const struct udp_track *t, enum port_state state, uint32_t *at)
{
	uint32_t all = t->n + UDP_LURES, i;

	for (uint32_t k = 1; k <= all; k++) {
		i = (*at + k) % all;
		if (t->cells[i].state != state)
			continue;
		*at = i;
		return i;
	}
	return UDP_NO_CELL;
}

/* Adds ports in turn, such whose silence counts already or such without. */
static void add_ports(struct udp_track *t, bool quiet)
{
	const struct udp_cell *c;
	uint32_t i;

	for (uint32_t k = 0; k < t->n && t->asked_n < t->window; k++) {
		i = (t->at + k) % t->n;
		c = &t->cells[i];
		if (c->state != PORT_UNKNOWN || (c->counted > 0) != quiet)
			continue;
		if (!fits_round(t, i))
			return;
		add(t, i);
	}
}

/*
 * Which ports this round asks: first those that were silent before, so that the error of a closed
 * one behind them speaks for them; last the lures or the canary. The others are begun with behind
 * the one that was answered last, so that each comes to the front once.
 */
static void begin_round(struct udp_track *t)
{
	t->asked_n = t->asked_at = t->weight = t->errors = 0;
	t->proof_us = 0;
	t->before_us = t->error_us;
	t->closing = false;
	t->canary = choose_known(t, PORT_CLOSED, &t->canary_at);
	t->witness = UDP_NO_CELL;
	if (t->limited && t->options.burst_weight == 0)
		t->witness = choose_known(t, PORT_OPEN, &t->witness_at);
	if (t->canary != UDP_NO_CELL)
		t->weight = weight_of(t, t->canary);
	add_ports(t, true);
	add_ports(t, false);
	if (t->asked_n > 0)
		t->at = (t->asked[t->asked_n - 1] + 1) % t->n;
	for (unsigned k = 0; wants_lure(t) && k < UDP_LURES; k++)
		if (t->options.lures[k] && fits_round(t, t->n + k))
			add(t, t->n + k);
	if (t->canary != UDP_NO_CELL)
		t->asked[t->asked_n++] = t->canary;
	if (t->witness != UDP_NO_CELL)
		t->asked[t->asked_n++] = t->witness;
	t->rounds++;
}

/* Of a round, from its last probe on. */
static int64_t patience_us(const struct udp_track *t)
{
	int64_t wait = t->srtt_us < 0 ? t->options.first_us : 2 * t->srtt_us + 4 * t->rttvar_us;

	if (wait < LEAST_PATIENCE_US)
		wait = LEAST_PATIENCE_US;
	return wait < t->options.most_us ? wait : t->options.most_us;
}

/* --- the end of a round -------------------------------------------------------------- */

/* Where errors are limited, the one that came later may not have been to be had yet when the port
 * was asked at sent_us: how likely that is. */
static double want_of_errors(const struct udp_track *t, int64_t sent_us)
{
	int64_t span = t->proof_us - t->before_us;

	if (!t->limited || t->proof_us == 0)
		return 0;
	return span > 0 ? (double)(t->proof_us - sent_us) / (double)span : 1;
}

/* What the silence of a port is worth: of each counted probe, that a closed port would have
 * answered it, if neither packet was lost and an error was to be had. */
static double bits_of(const struct udp_track *t, const struct udp_cell *c)
{
	bool measured;
	double p = udp_track_loss(t, &measured) + (double)c->span;

	return p < 1 ? -log2(p) * c->counted : 0;
}

static void count_one(struct udp_track *t, struct udp_cell *c)
{
	double want = want_of_errors(t, c->sent_us);

	if (want > 0.3)
		return;
	c->counted++;
	if (want > (double)c->span)
		c->span = (float)want;
}

static void judge_silent(struct udp_track *t, int64_t now_us)
{
	struct udp_cell *c;
	double bits;

	if (!t->has_errors && now_us < t->began_us + NO_ERRORS_SPAN_US)
		return;
	for (uint32_t i = 0; i < t->n; i++) {
		c = &t->cells[i];
		if (c->state != PORT_UNKNOWN || c->counted == 0)
			continue;
		bits = bits_of(t, c);
		if (bits < CERTAIN_BITS &&
		    (t->options.passes == 0 || c->counted < t->options.passes))
			continue;
		c->state = SILENT;
		t->left--;
		if (bits < t->least_bits)
			t->least_bits = bits;
	}
}

/* Counts what the silence of this round is worth: of those asked before the proof, or of all where
 * the host sends no errors whatever is asked. */
static void count_silence(struct udp_track *t, int64_t now_us)
{
	struct udp_cell *c;

	for (uint32_t k = 0; k < t->asked_n; k++) {
		c = &t->cells[t->asked[k]];
		if (!c->asked_now)
			continue;
		c->asked_now = false;
		if (t->asked[k] < t->n && c->state == PORT_UNKNOWN &&
		    (!t->has_errors || (t->proof_us > 0 && c->sent_us <= t->proof_us)))
			count_one(t, c);
	}
	judge_silent(t, now_us);
}

/* It does not answer what it answered before: no word on what is left. */
static void give_up(struct udp_track *t)
{
	t->deaf = true;
	for (uint32_t i = 0; i < t->n; i++) {
		if (t->cells[i].state != PORT_UNKNOWN)
			continue;
		t->cells[i].state = GIVEN_UP;
		t->left--;
	}
}

/* Errors came: the next round soon, or when the limiter lets one through again. */
static void after_fruit(struct udp_track *t, bool canary_lost, int64_t now_us)
{
	int64_t waited = t->proof_us - t->before_us;

	t->barren = 0;
	if (t->limited && waited >= t->barren_us)
		t->fruitful_us = waited;
	else if (t->limited) /* saved up, or it is faster than we think */
		t->barren_us -= t->barren_us / 16;
	if (!canary_lost) {
		t->window = 2 * t->window < UDP_ROUND_MOST ? 2 * t->window : UDP_ROUND_MOST;
		t->begin_us = now_us;
		return;
	}
	t->window = t->window / 2 > WINDOW_LEAST ? t->window / 2 : WINDOW_LEAST;
	/* At once: there may be another, saved up while we waited for longer than was needed. */
	t->begin_us = now_us;
}

/* No link loses so much: errors are limited. */
static bool looks_limited(const struct udp_track *t)
{
	return t->barren >= BARREN_IS_LIMITED ||
	       (t->canaries >= MEASURED && 5 * t->canaries_lost >= 2 * t->canaries);
}

/* Nothing came back, the canary neither: the limiter is dry, or packets were lost. The next wait is
 * half as long again, or between the longest that was too short and the last that was enough. */
static void after_drought(struct udp_track *t, int64_t now_us)
{
	int64_t waited = now_us - t->error_us, more = waited / 2, known = t->barren_us;

	t->barren++;
	if (!t->limited && looks_limited(t)) {
		t->limited = true;
		t->canaries = t->canaries_lost = 0; /* they told of the limiter, not of loss */
	}
	if (t->barren >= BARREN_IS_DEAF)
		give_up(t);
	if (waited > t->barren_us && waited < MOST_WAIT_US)
		t->barren_us = waited;
	/* What was too short before is not tried again. */
	if (t->limited && known > waited)
		more = known - waited + known / 32;
	else if (t->fruitful_us > waited)
		more = (t->fruitful_us - waited) / 2;
	if (more < LEAST_WAIT_US)
		more = LEAST_WAIT_US;
	t->begin_us = now_us + (more < MOST_WAIT_US ? more : MOST_WAIT_US);
}

static void end_round(struct udp_track *t, int64_t now_us)
{
	bool canary_lost = t->canary != UDP_NO_CELL && t->cells[t->canary].asked_now;

	if (t->canary != UDP_NO_CELL && !t->limited && t->barren == 0) {
		t->canaries++;
		t->canaries_lost += canary_lost;
	}
	if (t->witness != UDP_NO_CELL) {
		t->canaries++;
		t->canaries_lost += t->cells[t->witness].asked_now;
	}
	count_silence(t, now_us);
	if (!t->has_errors)
		t->begin_us = now_us + NO_ERRORS_GAP_US;
	else if (t->errors > 0)
		after_fruit(t, canary_lost, now_us);
	else
		after_drought(t, now_us);
	if (t->begin_us < now_us + t->options.gap_us)
		t->begin_us = now_us + t->options.gap_us;
	t->asked_n = 0;
	t->closing = false;
}

/* --- the outside ---------------------------------------------------------------------- */

static bool all_heard(const struct udp_track *t)
{
	for (uint32_t k = 0; k < t->asked_n; k++)
		if (t->cells[t->asked[k]].asked_now)
			return false;
	return true;
}

/* The next of the round that still needs a probe. */
static uint32_t next_of_round(struct udp_track *t)
{
	uint32_t i;

	for (; t->asked_at < t->asked_n; t->asked_at++) {
		i = t->asked[t->asked_at];
		if (t->cells[i].state == PORT_UNKNOWN || i == t->canary || i == t->witness)
			return i;
	}
	return UDP_NO_CELL;
}

uint32_t udp_track_next(struct udp_track *t, int64_t now_us)
{
	uint32_t i;

	if (t->closing && (now_us >= t->closed_us + patience_us(t) || all_heard(t)))
		end_round(t, now_us);
	if (t->closing || t->left == 0 || (t->asked_n == 0 && now_us < t->begin_us))
		return UDP_NO_CELL;
	if (t->asked_n == 0)
		begin_round(t);
	if (now_us < t->paced_us)
		return UDP_NO_CELL;
	i = next_of_round(t);
	if (i != UDP_NO_CELL)
		return i;
	t->closing = true;
	t->closed_us = now_us;
	return UDP_NO_CELL;
}

void udp_track_sent(struct udp_track *t, uint32_t i, int64_t now_us)
{
	struct udp_cell *c = &t->cells[i];

	c->sent_us = now_us;
	c->asked_now = true;
	t->asked_at++;
	if (c->tries < UINT16_MAX)
		c->tries++;
	t->sent++;
	if (t->options.max_rate > 0)
		t->paced_us = now_us + (int64_t)(1e6 / t->options.max_rate);
}

/* RFC 6298; only of answers to a probe that is the last of its cell, and in its round. */
static void measure(struct udp_track *t, const struct udp_cell *c, int64_t now_us)
{
	int64_t rtt = now_us - c->sent_us, off;

	if (t->srtt_us < 0) {
		t->srtt_us = rtt;
		t->rttvar_us = rtt / 2;
		return;
	}
	off = rtt > t->srtt_us ? rtt - t->srtt_us : t->srtt_us - rtt;
	t->rttvar_us += (off - t->rttvar_us) / 4;
	t->srtt_us += (rtt - t->srtt_us) / 8;
}

/* The first error of this host: what was silent before it was silent without proof. */
static void first_error(struct udp_track *t)
{
	t->has_errors = true;
	for (uint32_t i = 0; i < t->n; i++) {
		t->cells[i].counted = 0;
		if (t->cells[i].state != SILENT)
			continue;
		t->cells[i].state = PORT_UNKNOWN;
		t->left++;
	}
}

/* An error came back for a probe of this round. */
static void take_error(struct udp_track *t, const struct udp_cell *c, int64_t now_us)
{
	if (!t->has_errors)
		first_error(t);
	t->errors++;
	t->error_us = now_us;
	if (c->sent_us < t->proof_us)
		return;
	t->proof_us = c->sent_us;
	if (c < t->cells + t->n)
		t->at = (uint32_t)(c - t->cells + 1) % t->n;
}

bool udp_track_answer(struct udp_track *t, uint32_t i, enum port_state state, int64_t now_us)
{
	struct udp_cell *c = &t->cells[i];
	bool first = c->state == PORT_UNKNOWN || c->state == SILENT;

	if (c->asked_now && state != PORT_UNKNOWN) {
		t->answered++;
		measure(t, c, now_us);
		if (state != PORT_OPEN)
			take_error(t, c, now_us);
	}
	c->asked_now = false;
	if (!first)
		return false;
	if (i < t->n && c->state == PORT_UNKNOWN)
		t->left--;
	c->state = state == PORT_UNKNOWN ? GIVEN_UP : (uint8_t)state;
	return i < t->n;
}

static bool any_silent(const struct udp_track *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (t->cells[i].state == SILENT)
			return true;
	return false;
}

int64_t udp_track_due_us(const struct udp_track *t)
{
	if (t->left == 0)
		return t->began_us + LATE_US;
	if (t->closing)
		return t->closed_us + patience_us(t);
	return t->asked_n == 0 && t->begin_us > t->paced_us ? t->begin_us : t->paced_us;
}

bool udp_track_over(const struct udp_track *t, int64_t now_us)
{
	return t->left == 0 && (now_us >= t->began_us + LATE_US || !any_silent(t));
}

enum port_state udp_track_state(const struct udp_track *t, uint32_t i)
{
	uint8_t state = t->cells[i].state;

	if (state == SILENT)
		return PORT_OPEN_FILTERED;
	return state < PORT_STATES ? (enum port_state)state : PORT_UNKNOWN;
}
