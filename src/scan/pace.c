/* How fast one host may be asked, how long to wait, how much silence proves. */
#include <math.h>

#include "pace.h"

enum {
	FIRST_RATE = 20000,  /* before anything is known: 500 probes in 25 ms */
	MOST_RATE = 1000000, /* above what one thread sends */
	LEAST_RATE = 5,
	LEAST_PATIENCE = 100000, /* µs; below, our own scheduling would look like loss */
	GROW_US = 4000,          /* the rate doubles in that time */
	FAST_RATE = 50000,
	FAST_BURST_US = 10000,
	BURST_US = 2000,     /* what was not sent for so long is not made up for */
	MOST_SAMPLES = 1024, /* more would be too slow to follow a change */
	JUDGED = 16,         /* canaries that tell heavy loss, or none … */
	JUDGED_LOST = 6,     /* … that tell a loss of all … */
	JUDGED_WELL = 64,    /* … and that tell ten percent from three */
	STUBBORN = 2,        /* reductions without effect: it is the path's own loss */
	CANARY_GAP_US = 1500,
	CANARY_SHARE = 4, /* at low rates, one probe in so many */
};

/* No path is believed to lose more by itself: a fifth each way, and some. */
#define MOST_PATH_LOSS 0.45

/* What a probe's silence is worth at most where answers are limited: six tries are needed. */
#define LIMITED_LOSS 0.08

void pace_init(struct pace *p, const struct pace_limits *limits, int64_t now_us)
{
	*p = (struct pace){
		.limits = *limits,
		.srtt_us = -1,
		.rate = FIRST_RATE,
		.token_us = now_us,
		.grown_us = now_us,
		.since_us = now_us,
		.tokens = 1,
	};
}

/* The rate within the bounds that the user set. */
static double bounded(const struct pace *p)
{
	double rate = p->rate;

	if (rate < p->limits.min_rate)
		rate = p->limits.min_rate;
	if (p->limits.max_rate > 0 && rate > p->limits.max_rate)
		rate = p->limits.max_rate;
	return rate;
}

static void grow(struct pace *p, int64_t now_us)
{
	/* After a reduction only clean canaries raise it. */
	if (p->fell_from > 0 || p->limited) {
		p->grown_us = now_us;
		return;
	}
	/* Where canaries can tell, one must have come back at this rate. */
	if (now_us - p->grown_us < GROW_US || (p->has_canaries && p->came_back_us < p->grown_us))
		return;
	p->grown_us = now_us;
	p->rate = p->rate * 2 < MOST_RATE ? p->rate * 2 : MOST_RATE;
}

unsigned pace_room(struct pace *p, int64_t now_us)
{
	double rate, most;

	grow(p, now_us);
	rate = bounded(p);
	/* A machine that was busy elsewhere may catch up where the rate is high anyway. */
	most = rate * (rate < FAST_RATE ? BURST_US : FAST_BURST_US) / 1e6;
	most = most < 1 ? 1 : most;
	p->tokens += rate * (double)(now_us - p->token_us) / 1e6;
	p->token_us = now_us;
	if (p->tokens > most)
		p->tokens = most;
	return p->tokens < 1 ? 0 : (unsigned)p->tokens;
}

int64_t pace_next_us(const struct pace *p, int64_t now_us)
{
	double missing = 1 - p->tokens;

	if (missing <= 0)
		return now_us;
	return p->token_us + (int64_t)ceil(missing * 1e6 / bounded(p));
}

void pace_sent(struct pace *p)
{
	p->tokens -= 1;
}

/* RFC 6298 2.2 and 2.3. */
bool pace_rtt(struct pace *p, int64_t rtt_us)
{
	int64_t patience = pace_patience_us(p);
	int64_t off;

	if (p->srtt_us < 0) {
		p->srtt_us = rtt_us;
		p->rttvar_us = rtt_us / 2;
		return rtt_us > patience;
	}
	off = p->srtt_us > rtt_us ? p->srtt_us - rtt_us : rtt_us - p->srtt_us;
	p->rttvar_us += (off - p->rttvar_us) / 4;
	p->srtt_us += (rtt_us - p->srtt_us) / 8;
	return rtt_us > patience;
}

int64_t pace_patience_us(const struct pace *p)
{
	int64_t wait = p->limits.first_us;

	if (p->srtt_us >= 0)
		wait = p->srtt_us + 4 * p->rttvar_us;
	if (p->srtt_us >= 0 && wait < LEAST_PATIENCE)
		wait = LEAST_PATIENCE;
	return wait > p->limits.most_us ? p->limits.most_us : wait;
}

static unsigned ones(unsigned v)
{
	unsigned n = 0;

	for (; v; v &= v - 1)
		n++;
	return n;
}

/* Half a loss more than was seen: what none of n lost leaves possible. */
static double upper(unsigned lost, unsigned n)
{
	return (lost + 0.5) / (n + 0.5);
}

double pace_loss(const struct pace *p)
{
	double loss, recent = ones(p->recent) / 16.0;

	if (p->n == 0)
		return p->earlier > 0 ? p->earlier : p->limits.assumed_loss;
	loss = upper(p->lost, p->n);
	/* A change for the worse is believed at once. */
	return recent >= 0.25 && recent > 2 * loss ? recent : loss;
}

bool pace_is_measured(const struct pace *p)
{
	return p->n > 0;
}

unsigned pace_worth(const struct pace *p, int64_t sent_us)
{
	double loss = pace_loss(p);

	if (sent_us < p->since_us && p->earlier > loss)
		loss = p->earlier;
	/* A limiter's losses come in rows, not one by one. */
	if (p->limited && loss < LIMITED_LOSS)
		loss = LIMITED_LOSS;
	return loss >= 1 ? 0 : (unsigned)(-log2(loss) * PACE_EIGHTHS);
}

int64_t pace_canary_gap_us(const struct pace *p)
{
	double gap = CANARY_SHARE * 1e6 / bounded(p);

	return gap > CANARY_GAP_US ? (int64_t)gap : CANARY_GAP_US;
}

void pace_own_queue_full(struct pace *p)
{
	p->rate = p->rate * 0.7 > LEAST_RATE ? p->rate * 0.7 : LEAST_RATE;
	p->tokens = 0;
}

/* Another rate: what the canaries said so far was about the old one. */
static void set_rate(struct pace *p, double rate, int64_t now_us)
{
	p->earlier = pace_loss(p);
	p->rate = rate < LEAST_RATE ? LEAST_RATE : rate;
	p->since_us = now_us;
	p->heard = 0;
	p->n = p->lost = 0;
	p->fresh = p->fresh_lost = 0;
	p->recent = 0;
	p->tokens = 0;
}

/* Two reductions changed nothing: the loss is the path's. */
static void accept_loss(struct pace *p, double loss, int64_t now_us)
{
	p->path_loss = loss;
	set_rate(p, p->limited ? bounded(p) : p->fell_from, now_us);
	p->fell_from = 0;
	p->falls = 0;
}

static void slow_down(struct pace *p, double loss, int64_t now_us)
{
	double keep = (1 - loss) * 0.95;
	double came = p->heard * 1e6 / (double)(now_us - p->since_us + 1);

	if (p->fell_from <= 0) {
		p->fell_from = bounded(p);
		p->falls = 0;
	} else if (loss < 0.5 * p->fell_loss) {
		p->limited = true;
		p->falls = 0;
	} else if (loss < MOST_PATH_LOSS && ++p->falls >= STUBBORN) {
		accept_loss(p, loss, now_us);
		return;
	}
	if (p->falls == 0)
		p->fell_loss = loss;
	p->hurt_rate = bounded(p);
	keep = keep > 0.7 ? 0.7 : keep < 1.0 / 64 ? 1.0 / 64 : keep;
	/* What came through will come through. */
	if (keep * bounded(p) < came)
		keep = came / bounded(p) < 0.7 ? came / bounded(p) : 0.7;
	set_rate(p, bounded(p) * keep, now_us);
}

/* Clean at this rate. After a row of reductions that shows what they were for. */
static void speed_up(struct pace *p, int64_t now_us)
{
	double rate;

	p->limited |= p->fell_from > 0;
	p->fell_from = 0;
	p->falls = 0;
	p->fresh = p->fresh_lost = 0;
	if (!p->limited)
		return;
	/* Quickly up to where it began to hurt, then with care. */
	rate = p->rate * (p->rate < 0.4 * p->hurt_rate ? 2 : 1.15);
	set_rate(p, rate < MOST_RATE ? rate : MOST_RATE, now_us);
}

/* How far above the path's own loss a sample may lie by chance: two deviations and some. */
static double margin(const struct pace *p)
{
	double q = p->path_loss < 0.02 ? 0.02 : p->path_loss;

	return 0.05 + 2 * sqrt(q * (1 - q) / p->fresh);
}

/* Is the loss so heavy that few canaries tell it? */
static bool is_heavy(const struct pace *p, double loss)
{
	if (p->fresh_lost == p->fresh)
		return p->fresh >= JUDGED_LOST;
	return p->fresh >= JUDGED && loss > 0.5 && loss > p->path_loss + 0.3;
}

static void think_over(struct pace *p, int64_t now_us)
{
	double loss = (double)p->fresh_lost / p->fresh;

	if (is_heavy(p, loss)) {
		slow_down(p, loss, now_us);
	} else if (p->fresh < JUDGED_WELL) {
		if (p->fell_from <= 0 && p->limited && p->fresh >= JUDGED && p->fresh_lost == 0)
			speed_up(p, now_us);
	} else if (p->fell_from > 0 ? loss > 0.02 + 0.25 * p->fell_loss
	                            : loss > p->path_loss + margin(p)) {
		slow_down(p, loss, now_us);
	} else {
		speed_up(p, now_us);
	}
}

void pace_answered(struct pace *p)
{
	p->heard++;
}

void pace_came_back(struct pace *p, int64_t sent_us)
{
	if (sent_us > p->came_back_us)
		p->came_back_us = sent_us;
}

bool pace_canary(struct pace *p, int64_t sent_us, bool lost, int64_t now_us)
{
	int64_t since_us = p->since_us;
	double rate = p->rate;
	bool limited = p->limited;

	if (sent_us < since_us)
		return false;
	if (p->n >= MOST_SAMPLES) {
		p->n /= 2;
		p->lost /= 2;
	}
	p->n++;
	p->lost += lost;
	p->recent = (uint16_t)(p->recent << 1 | lost);
	p->fresh++;
	p->fresh_lost += lost;
	think_over(p, now_us);
	return p->since_us != since_us && p->rate < rate && !limited;
}
