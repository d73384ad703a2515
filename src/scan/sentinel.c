/* Bursts, and a port that tells whether we are still heard. */
#include <math.h>

#include "sentinel.h"
#include "track.h"

enum {
	LOW_PORTS = 1024,
	LOW_WEIGHT = 3,
	SUDDEN_ANSWERS = 4, /* fewer tell nothing of what is usual there */
	SUDDEN_SILENCE = 12,
	/* Before anything was measured: one in ten, five percent each way. */
	PRIOR_ASKED = 10,
	PRIOR_LOST = 1,
};

/* That the sentinel is there and was missed all the same. */
#define MISSED 1e-6

/* --- bursts ----------------------------------------------------------------------------- */

unsigned burst_weight_of(uint16_t port)
{
	return port < LOW_PORTS ? LOW_WEIGHT : 1;
}

void burst_sent(struct burst *b, uint16_t port, int64_t now_us)
{
	b->weight += burst_weight_of(port);
	b->probe_us = now_us;
}

/* What is kept free in each burst. */
static unsigned reserve_of(const struct track *t)
{
	return t->sentinel.rank ? burst_weight_of(t->cells[t->sentinel.cell].port) : 0;
}

int64_t burst_hold_us(struct burst *b, struct track *t, int64_t now_us)
{
	unsigned reserve = reserve_of(t);

	if (b->most == 0)
		return 0;
	t->sentinel.full = b->weight + LOW_WEIGHT + reserve > b->most;
	if (!t->sentinel.full)
		return 0;
	/* What is out may be sent again by the kernel, and would be a probe in the gap. */
	if (t->out > 0 || t->canaries_out > 0)
		return INT64_MAX;
	if (sentinel_is_due(t) && b->weight + reserve <= b->most)
		return 0;
	if (now_us <= b->probe_us + b->gap_us)
		return b->probe_us + b->gap_us + 1;
	b->weight = 0;
	t->sentinel.full = false;
	return 0;
}

/* --- the sentinel ------------------------------------------------------------------------- */

void sentinel_offer(struct track *t, uint32_t cell, enum sentinel_rank rank)
{
	struct sentinel *s = &t->sentinel;

	if (s->tries > 0 || rank < s->rank)
		return;
	/* Of two alike the lighter. */
	if (rank == s->rank && burst_weight_of(t->cells[cell].port) >= reserve_of(t))
		return;
	s->cell = cell;
	s->rank = rank;
}

bool sentinel_is_due(const struct track *t)
{
	const struct sentinel *s = &t->sentinel;

	if (!t->options.guarded || !s->rank || t->out > 0)
		return false;
	return s->tries > 0 || t->canaries_out > 0 || (s->doubt && (s->full || t->queued == 0));
}

uint32_t sentinel_next(struct track *t)
{
	struct cell *c = &t->cells[t->n];

	if (c->phase != CELL_IDLE)
		return TRACK_NONE;
	c->port = t->cells[t->sentinel.cell].port;
	c->tries = c->flags = 0;
	return t->n;
}

/* A late word on one of these is welcome; what it was silent for is not called a ban any more. */
static void vouch(struct track *t)
{
	struct cell *c;

	t->sentinel.doubt = false;
	for (uint32_t i = 0; i < t->n; i++) {
		c = &t->cells[i];
		if (c->phase == CELL_QUIET || (c->phase == CELL_DONE && c->state == PORT_FILTERED))
			c->flags |= CELL_VOUCHED;
	}
}

static double loss_of(const struct track *t)
{
	double own = (t->sentinel.lost + (double)PRIOR_LOST) / (t->sentinel.asked + PRIOR_ASKED);
	double path = pace_loss(&t->pace);

	return own > path ? own : path;
}

void sentinel_judge(struct track *t, bool heard)
{
	struct sentinel *s = &t->sentinel;

	if (!heard) {
		s->tries++;
		t->dead |= pow(loss_of(t), s->tries) < MISSED;
		return;
	}
	s->asked += s->tries + 1;
	s->lost += s->tries;
	s->tries = 0;
	vouch(t);
}

void sentinel_silence(struct track *t, uint32_t cell)
{
	t->cells[cell].flags &= (uint8_t)~CELL_VOUCHED;
	t->sentinel.doubt = true;
	t->sentinel.silent_since += t->cells[cell].tries == 1;
}

void sentinel_refusal(struct track *t)
{
	t->sentinel.doubt = true;
}

void sentinel_answer(struct track *t)
{
	struct sentinel *s = &t->sentinel;

	s->answers++;
	s->silent_before += s->silent_since;
	s->silent_since = 0;
	/* Of every port: not to be gone through for each answer. */
	if (!s->rank && s->doubt)
		vouch(t);
}

static bool is_sudden(const struct sentinel *s)
{
	return s->answers >= SUDDEN_ANSWERS && s->answers >= s->silent_before &&
	       s->silent_since >= SUDDEN_SILENCE;
}

bool sentinel_is_open(struct track *t)
{
	const struct sentinel *s = &t->sentinel;

	if (!t->options.guarded)
		return false;
	if (!s->rank) {
		t->dead |= is_sudden(s);
		return false;
	}
	return s->doubt || s->tries > 0 || t->canaries_out > 0;
}

void sentinel_settle(struct track *t, uint8_t reason)
{
	struct cell *c;
	bool vouched;

	for (uint32_t i = 0; i < t->n; i++) {
		c = &t->cells[i];
		vouched = c->flags & CELL_VOUCHED;
		if (c->phase == CELL_QUIET && vouched)
			track_judge(t, i, t->options.quiet, t->options.quiet_reason);
		else if (c->phase != CELL_DONE || (c->state == PORT_FILTERED && !vouched))
			track_judge(t, i, PORT_UNKNOWN, reason);
	}
}
