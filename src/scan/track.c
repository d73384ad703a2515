/* One host's ports on their way from unknown to known. */
#include <math.h>
#include <stdlib.h>

#include "rosaudit/arena.h"
#include "track.h"

enum {
	MOST_TRIES = 255,     /* also when hardly any silence counts */
	ONCE_SYNS = 3,        /* what the kernel sends in the time of a CELL_ONCE */
	GENTLE_USES = 16,     /* connections to an open port as a canary */
	ENOUGH_CANARIES = 40, /* before silence is final … */
	FEW_CANARIES = 16,    /* … where the rate is low */
	TOLD_CANARIES = 8,    /* … and before any silence is judged at all */
	PREMATURE_US = 2000,
	CANARIES_A_PASS = 40,
	DEAF_CANARIES =
		20, /* lost in a row, and nothing else heard for DEAF_US either: it is gone, or
			     * we are banned */
	DEAF_US = 6000000,
	SLOW_GAP_US = 20000,
	MOST_RESETS = 8,
	SUSPECT_OPEN = 16, /* open ports, and hardly any other answer: perhaps a tarpit */
};

void track_init(struct track *t, const struct track_options *options, uint32_t n, int64_t now_us)
{
	uint32_t all = n + TRACK_CANARIES + TRACK_LURES;

	*t = (struct track){.options = *options, .n = n};
	t->cells = mem_alloc(all * sizeof(*t->cells));
	t->queue = mem_alloc((n ? n : 1) * sizeof(*t->queue));
	t->least_worth = UINT8_MAX;
	pace_init(&t->pace, &options->limits, now_us);
	for (uint32_t i = 0; i < all; i++) {
		t->cells[i].fd = -1;
		t->cells[i].phase = i < n ? CELL_DONE : CELL_IDLE;
	}
	for (unsigned k = 0; k < TRACK_LINES; k++)
		t->lines[k] = (struct track_line){TRACK_NONE, TRACK_NONE};
}

void track_done(struct track *t)
{
	free(t->cells);
	free(t->queue);
	t->cells = NULL;
	t->queue = NULL;
}

void track_enqueue(struct track *t, uint32_t i)
{
	t->cells[i].phase = CELL_QUEUED;
	t->queue[(t->queue_at + t->queued++) % t->n] = i;
}

/*
 * Somewhere among those that wait. What is lost depends on what else is sent just then: a row of
 * closed ports meets a limiter of resets that a row of dropped ones never sees. Mixed, all meet the
 * same loss, and so do the canaries among them.
 */
void track_mix_in(struct track *t, uint32_t i)
{
	uint32_t *last, *other, from = t->queue_fixed;

	track_enqueue(t, i);
	t->dice = t->dice * 6364136223846793005u + 1442695040888963407u;
	last = &t->queue[(t->queue_at + t->queued - 1) % t->n];
	other = &t->queue[(t->queue_at + from + (uint32_t)(t->dice >> 33) % (t->queued - from)) %
	                  t->n];
	*last = *other;
	*other = i;
}

/* --- those that are out ------------------------------------------------------------- */

static bool is_lure(const struct track *t, uint32_t i)
{
	return i >= t->n + TRACK_CANARIES;
}

static unsigned line_of(const struct track *t, uint32_t i)
{
	const struct cell *c = &t->cells[i];

	if (!track_is_port(t, i))
		return LINE_CANARIES;
	if (c->flags & CELL_ONCE)
		return LINE_ONCE;
	return c->flags & CELL_PATIENT && c->tries <= 1 ? LINE_PATIENT : LINE_PORTS;
}

static void line_up(struct track *t, uint32_t i)
{
	struct track_line *line = &t->lines[line_of(t, i)];
	struct cell *c = &t->cells[i];

	c->next = TRACK_NONE;
	c->prev = line->newest;
	if (line->newest != TRACK_NONE)
		t->cells[line->newest].next = i;
	else
		line->oldest = i;
	line->newest = i;
	t->out += track_is_port(t, i);
	t->canaries_out += !track_is_port(t, i) && !is_lure(t, i);
}

static void step_out(struct track *t, uint32_t i)
{
	struct track_line *line = &t->lines[line_of(t, i)];
	struct cell *c = &t->cells[i];

	if (c->prev != TRACK_NONE)
		t->cells[c->prev].next = c->next;
	else
		line->oldest = c->next;
	if (c->next != TRACK_NONE)
		t->cells[c->next].prev = c->prev;
	else
		line->newest = c->prev;
	t->out -= track_is_port(t, i);
	t->canaries_out -= !track_is_port(t, i) && !is_lure(t, i);
}

static int64_t sent_at(const struct cell *c, int64_t now_us)
{
	return now_us - (int64_t)(uint32_t)((uint32_t)now_us - c->sent_us);
}

static int64_t patience_of(const struct track *t, unsigned line)
{
	if (line == LINE_ONCE)
		return t->options.once_us;
	if (line == LINE_PATIENT && t->options.patient_us && t->pace.srtt_us < 0)
		return t->options.patient_us;
	return pace_patience_us(&t->pace);
}

/* --- canaries and lures --------------------------------------------------------------- */

static void remember(struct track *t, uint32_t i)
{
	if (t->known_n == TRACK_CANARIES || t->cells[i].flags & CELL_ONCE)
		return;
	t->known_uses[t->known_n] = 0;
	t->known[t->known_n++] = i;
	t->known_closed += t->cells[i].state != PORT_OPEN;
	t->pace.has_canaries =
		t->options.canaries && (t->known_closed > 0 || t->options.open_canaries);
}

/* May the known port be asked again? A closed one always; connections to an open one are few. */
static bool is_usable(const struct track *t, uint32_t k)
{
	return t->cells[t->known[k]].state != PORT_OPEN || t->options.open_canaries ||
	       t->known_uses[k] < GENTLE_USES;
}

/* The next known port, closed ones before open ones; TRACK_NONE when there is none to be used. */
static uint32_t choose_known(const struct track *t)
{
	uint32_t open = TRACK_NONE, k;

	for (uint32_t j = 0; t->options.canaries && j < t->known_n; j++) {
		k = (t->known_at + j) % t->known_n;
		if (!is_usable(t, k))
			continue;
		if (t->cells[t->known[k]].state != PORT_OPEN)
			return k;
		if (open == TRACK_NONE)
			open = k;
	}
	return open;
}

/* Have canaries told enough to judge all silence by? */
static bool is_measured(const struct track *t)
{
	bool slow = pace_canary_gap_us(&t->pace) > SLOW_GAP_US;

	return t->pace.limited || t->pace.n >= (slow ? FEW_CANARIES : ENOUGH_CANARIES);
}

/* Canaries go along with probes, so that both meet the same loss: one in so many probes, or one in
 * so much time where the rate is low. Connections to open ports only when there is silence. */
static bool goes_along(const struct track *t, int64_t now_us)
{
	if (!t->pace.has_canaries && !t->silence)
		return false;
	return t->since_canary > t->queued / CANARIES_A_PASS ||
	       now_us - t->canary_us >= pace_canary_gap_us(&t->pace);
}

/* Is there silence that cannot be judged yet for want of canaries? */
static bool wants_more(const struct track *t)
{
	return t->quiet > 0 && t->out == 0 && !is_measured(t);
}

static bool wants_canary(const struct track *t, int64_t now_us)
{
	if (t->lures_left || t->known_n == 0 || t->canaries_out == TRACK_CANARIES)
		return false;
	return t->queued > 0 ? goes_along(t, now_us) : wants_more(t);
}

static uint32_t next_canary(struct track *t, int64_t now_us)
{
	uint32_t k;

	if (!wants_canary(t, now_us))
		return TRACK_NONE;
	k = choose_known(t);
	if (k == TRACK_NONE)
		return TRACK_NONE;
	for (uint32_t i = t->n; i < t->n + TRACK_CANARIES; i++) {
		if (t->cells[i].phase != CELL_IDLE)
			continue;
		t->cells[i].port = t->cells[t->known[k]].port;
		t->cells[i].tries = t->cells[i].flags = 0;
		if (t->known_uses[k] < UINT8_MAX)
			t->known_uses[k]++;
		t->known_at = k + 1;
		t->canary_us = now_us;
		t->since_canary = 0;
		return i;
	}
	return TRACK_NONE;
}

/* When the line's oldest expires. */
static int64_t expiry_of(const struct track *t, unsigned line, int64_t now_us)
{
	uint32_t i = t->lines[line].oldest;

	if (i == TRACK_NONE)
		return INT64_MAX;
	return sent_at(&t->cells[i], now_us) + patience_of(t, line);
}

/* Silence is judged by the loss of its time: the first is kept until canaries have told that. */
static bool is_premature(const struct track *t, int64_t now_us)
{
	const struct cell *c = &t->cells[t->lines[LINE_PORTS].oldest];

	return t->pace.n < TOLD_CANARIES && t->canaries_out > 0 &&
	       now_us - sent_at(c, now_us) < 3 * pace_patience_us(&t->pace);
}

uint32_t track_expired(const struct track *t, int64_t now_us)
{
	for (unsigned k = 0; k < TRACK_LINES; k++)
		if (expiry_of(t, k, now_us) <= now_us &&
		    (k != LINE_PORTS || !is_premature(t, now_us)))
			return t->lines[k].oldest;
	return TRACK_NONE;
}

bool track_is_suspect(const struct track *t)
{
	return !t->lured && t->options.canaries && t->open >= SUSPECT_OPEN &&
	       t->open >= 9 * t->closed;
}

void track_lure(struct track *t, const uint16_t *ports, unsigned n)
{
	struct cell *c;

	t->lured = true;
	for (unsigned j = 0; j < n && j < TRACK_LURES; j++) {
		c = &t->cells[t->n + TRACK_CANARIES + j];
		c->port = ports[j];
		c->phase = CELL_QUEUED;
		t->lures_left++;
	}
}

static uint32_t next_lure(const struct track *t)
{
	for (uint32_t i = t->n + TRACK_CANARIES; i < t->n + TRACK_CANARIES + TRACK_LURES; i++)
		if (t->cells[i].phase == CELL_QUEUED)
			return i;
	return TRACK_NONE;
}

static void judge_lure(struct track *t, uint32_t i, enum port_state state)
{
	t->cells[i].phase = CELL_IDLE;
	t->lures_open += state == PORT_OPEN;
	t->lures_closed += state == PORT_CLOSED;
	t->lures_left--;
	t->tarpit = t->lures_left == 0 && t->lures_closed == 0 && t->lures_open * 2 > TRACK_LURES;
}

/* --- sending -------------------------------------------------------------------------- */

/* Those that answered late are dropped from the queue when their turn comes. */
static void drop_judged(struct track *t)
{
	while (t->queued > 0 && t->cells[t->queue[t->queue_at]].phase != CELL_QUEUED) {
		t->queue_at = (t->queue_at + 1) % t->n;
		t->queued--;
		t->queue_fixed -= t->queue_fixed > 0;
	}
}

uint32_t track_next(struct track *t, int64_t now_us)
{
	uint32_t i;

	if (pace_room(&t->pace, now_us) == 0)
		return TRACK_NONE;
	if (t->lures_left)
		return next_lure(t);
	if (sentinel_is_due(t))
		return sentinel_next(t);
	i = next_canary(t, now_us);
	if (i != TRACK_NONE)
		return i;
	drop_judged(t);
	if (t->queued == 0)
		return TRACK_NONE;
	i = t->queue[t->queue_at];
	t->queue_at = (t->queue_at + 1) % t->n;
	t->queued--;
	t->queue_fixed -= t->queue_fixed > 0;
	t->since_canary++;
	return i;
}

void track_sent(struct track *t, uint32_t i, int64_t now_us)
{
	struct cell *c = &t->cells[i];

	c->phase = CELL_OUT;
	c->sent_us = (uint32_t)now_us;
	if (c->tries < UINT8_MAX)
		c->tries++;
	line_up(t, i);
	t->sent++;
	pace_sent(&t->pace);
}

/* --- what came of it ------------------------------------------------------------------ */

static void leave(struct track *t, uint32_t i)
{
	if (t->cells[i].phase == CELL_OUT)
		step_out(t, i);
	else if (t->cells[i].phase == CELL_QUIET)
		t->quiet--;
}

void track_judge(struct track *t, uint32_t i, enum port_state state, uint8_t reason)
{
	struct cell *c = &t->cells[i];

	leave(t, i);
	if (is_lure(t, i)) {
		judge_lure(t, i, state);
		return;
	}
	c->phase = track_is_port(t, i) ? CELL_DONE : CELL_IDLE;
	c->state = (uint8_t)state;
	c->reason = reason;
	if (t->options.guarded && !track_is_port(t, i))
		sentinel_judge(t, false); /* another machine answered for it */
}

void track_unsend(struct track *t, uint32_t i)
{
	leave(t, i);
	t->cells[i].tries--;
	t->sent--;
	if (!track_is_port(t, i)) {
		t->cells[i].phase = is_lure(t, i) ? CELL_QUEUED : CELL_IDLE;
		return;
	}
	t->cells[i].phase = CELL_QUEUED;
	t->queue_at = (t->queue_at + t->n - 1) % t->n;
	t->queue[t->queue_at] = i;
	t->queued++;
}

void track_void(struct track *t, uint32_t i)
{
	leave(t, i);
	if (!track_is_port(t, i)) {
		t->cells[i].phase = is_lure(t, i) ? CELL_QUEUED : CELL_IDLE;
		return;
	}
	if (t->cells[i].tries > 0)
		t->cells[i].tries--;
	track_enqueue(t, i);
}

/* The round trip is longer than we waited, or more is lost than was believed: all silence so far is
 * void. */
static void reset_silence(struct track *t)
{
	struct cell *c;

	if (t->resets++ >= MOST_RESETS)
		return;
	for (uint32_t i = 0; i < t->n; i++) {
		c = &t->cells[i];
		if (c->phase == CELL_DONE || c->flags & CELL_ONCE)
			continue;
		c->worth = c->counted = 0;
		if (c->phase != CELL_QUIET)
			continue;
		t->quiet--;
		track_mix_in(t, i);
	}
}

bool track_answer(struct track *t, uint32_t i, enum port_state state, uint8_t reason,
                  unsigned which, int64_t now_us)
{
	struct cell *c = &t->cells[i];
	int64_t rtt = now_us - sent_at(c, now_us);

	/* An earlier one was sent about so much earlier. */
	if (which < c->tries)
		rtt += (c->tries - (int64_t)which) * pace_patience_us(&t->pace);

	t->answered++;
	t->heard_us = now_us;
	pace_answered(&t->pace);
	if (c->phase == CELL_DONE || c->phase == CELL_IDLE)
		return false;
	if (track_is_port(t, i)) {
		c->rtt_us = rtt <= UINT32_MAX ? (uint32_t)rtt : 0;
		t->open += state == PORT_OPEN;
		t->closed += state == PORT_CLOSED;
		track_judge(t, i, state, reason);
		remember(t, i);
		sentinel_answer(t);
	} else if (is_lure(t, i)) {
		track_judge(t, i, state, reason);
	} else if (t->options.guarded) {
		leave(t, i);
		c->phase = CELL_IDLE;
		sentinel_judge(t, true);
	} else {
		c->flags |= CELL_ANSWERED; /* told when its time is over, as the lost ones are */
		pace_came_back(&t->pace, sent_at(c, now_us));
	}
	if (pace_rtt(&t->pace, rtt))
		reset_silence(t);
	return track_is_port(t, i);
}

static void judge_canary(struct track *t, uint32_t i, int64_t now_us)
{
	struct cell *c = &t->cells[i];
	bool lost = !(c->flags & CELL_ANSWERED);

	c->phase = CELL_IDLE;
	if (t->options.guarded) {
		sentinel_judge(t, false);
		return;
	}
	t->canaries++;
	t->canaries_lost += lost;
	t->deaf = lost ? t->deaf + 1 : 0;
	if (t->deaf >= DEAF_CANARIES && now_us - t->heard_us > DEAF_US)
		t->dead = true;
	if (pace_canary(&t->pace, sent_at(c, now_us), lost, now_us))
		reset_silence(t);
}

static void give_up(struct track *t, uint32_t i)
{
	track_judge(t, i, PORT_UNKNOWN, t->options.unsure_reason);
}

/* Is the silence enough, by what was known at the time and by what is known now? */
static bool is_certain(const struct track *t, const struct cell *c, int64_t now_us)
{
	if (c->worth < PACE_CERTAIN)
		return false;
	/* Where answers are limited the loss changes with the rate: only that of the time
	 * counts. */
	return t->pace.limited || c->counted * pace_worth(&t->pace, now_us) >= PACE_CERTAIN;
}

static void keep_asking(struct track *t, uint32_t i)
{
	struct cell *c = &t->cells[i];

	if (c->counted >= t->options.passes || c->tries >= MOST_TRIES || c->flags & CELL_ONCE)
		give_up(t, i);
	else
		track_mix_in(t, i);
}

void track_silent(struct track *t, uint32_t i, int64_t now_us)
{
	struct cell *c = &t->cells[i];
	unsigned times = c->flags & CELL_ONCE ? ONCE_SYNS : 1;
	unsigned worth = times * pace_worth(&t->pace, sent_at(c, now_us));

	step_out(t, i);
	if (is_lure(t, i)) {
		judge_lure(t, i, PORT_UNKNOWN);
		return;
	}
	if (!track_is_port(t, i)) {
		judge_canary(t, i, now_us);
		return;
	}
	t->silence = true;
	sentinel_silence(t, i);
	c->phase = CELL_QUIET;
	if (worth >= PACE_EIGHTHS)
		c->counted = (uint8_t)(c->counted + times);
	c->worth = (uint8_t)(c->worth + worth > UINT8_MAX ? UINT8_MAX : c->worth + worth);
	t->quiet++;
	if (is_certain(t, c, now_us))
		return;
	t->quiet--;
	c->phase = CELL_DONE;
	keep_asking(t, i);
}

/* --- the end -------------------------------------------------------------------------- */

bool track_over(struct track *t, int64_t now_us)
{
	bool over = true;
	unsigned now_worth = pace_worth(&t->pace, now_us);
	struct cell *c;

	drop_judged(t);
	if (t->queued > 0 || t->out > 0 || t->lures_left > 0)
		return false;
	if (sentinel_is_open(t) || t->dead)
		return false;
	if (t->quiet == 0)
		return true;
	if (!is_measured(t) && choose_known(t) != TRACK_NONE)
		return false;
	for (uint32_t i = 0; i < t->n; i++) {
		c = &t->cells[i];
		if (c->phase != CELL_QUIET || is_certain(t, c, now_us))
			continue;
		t->quiet--;
		c->phase = CELL_DONE;
		keep_asking(t, i);
		over &= c->phase == CELL_DONE;
	}
	for (uint32_t i = 0; over && i < t->n; i++) {
		c = &t->cells[i];
		if (c->phase != CELL_QUIET)
			continue;
		if (c->worth < t->least_worth)
			t->least_worth = c->worth;
		if (!t->pace.limited && c->counted * now_worth < t->least_worth)
			t->least_worth = c->counted * now_worth;
		track_judge(t, i, t->options.quiet, t->options.quiet_reason);
	}
	return over;
}

double track_missed(const struct track *t)
{
	return t->least_worth == UINT8_MAX ? 0 : exp2(-(double)t->least_worth / PACE_EIGHTHS);
}

int64_t track_due_us(const struct track *t, int64_t now_us)
{
	int64_t due = INT64_MAX, at;

	for (unsigned k = 0; k < TRACK_LINES; k++) {
		at = expiry_of(t, k, now_us);
		if (k == LINE_PORTS && at <= now_us && is_premature(t, now_us))
			at = now_us + PREMATURE_US;
		due = at < due ? at : due;
	}
	if (t->queued > 0 || (t->lures_left && next_lure(t) != TRACK_NONE) ||
	    (sentinel_is_due(t) && t->canaries_out == 0)) {
		at = pace_next_us(&t->pace, now_us);
		due = at < due ? at : due;
	}
	if (t->queued == 0 && wants_canary(t, now_us) && choose_known(t) != TRACK_NONE) {
		at = pace_next_us(&t->pace, now_us);
		due = at < due ? at : due;
	}
	return due < now_us ? now_us : due;
}
