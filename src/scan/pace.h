/* How fast one host may be asked, how long to wait for it, and how much its silence proves. Pure:
 * the clock is an argument, so that a test can play the network. */
#ifndef SCAN_PACE_H
#define SCAN_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* Certainty is counted in eighths of a bit: silence at loss p is worth -log2(p) bits. Twenty bits
 * are a chance below 1 in 10^6 that an open port was missed. */
enum { PACE_EIGHTHS = 8, PACE_CERTAIN = 20 * PACE_EIGHTHS };

struct pace_limits {
	double min_rate, max_rate; /* probes a second; 0 = none */
	int64_t first_us, most_us; /* patience before a round trip is known, and at most */
	double assumed_loss;       /* of a round trip, while nothing measures it */
};

/*
 * The rate doubles while nothing speaks against it. Whether it is too high is told by canaries:
 * probes of ports that are known to answer. When they stay away, the rate is lowered to what came
 * through; when lowering does not help, the loss is the path's own and the rate goes back up: so a
 * router that limits its RSTs is told from a link that loses packets.
 */
struct pace {
	struct pace_limits limits;
	int64_t srtt_us, rttvar_us; /* RFC 6298; srtt -1 = no round trip seen */

	double rate;          /* probes a second, now */
	double tokens;        /* probes that may go now */
	int64_t token_us;     /* when they were counted */
	bool has_canaries;    /* there are ports that are known to answer */
	int64_t came_back_us; /* when the latest canary that came back was sent */
	int64_t grown_us;     /* when the rate was last raised for want of complaints */

	int64_t since_us;           /* canaries sent earlier tell of another rate */
	unsigned heard;             /* answers since then */
	unsigned n, lost;           /* canaries judged since then; halved when many */
	uint16_t recent;            /* the last sixteen, bit set = lost */
	unsigned fresh, fresh_lost; /* since the rate was last thought over */
	double earlier;             /* loss at the rate before since_us */

	double path_loss; /* what lowering the rate did not mend */
	double fell_from; /* rate before the first of a row of reductions; 0 = in none */
	double hurt_rate; /* the rate that was last found too high */
	double fell_loss; /* loss that the row began with */
	unsigned falls;   /* reductions that did not help */
	bool limited;     /* a reduction helped: answers are limited */
};

void pace_init(struct pace *p, const struct pace_limits *limits, int64_t now_us);

/* How many probes may go now; takes nothing. */
unsigned pace_room(struct pace *p, int64_t now_us);
/* When the next may go: now_us or later. */
int64_t pace_next_us(const struct pace *p, int64_t now_us);
/* One went. */
void pace_sent(struct pace *p);

/* A round trip was measured, without doubt which probe was answered (Karn). True when it is so much
 * longer than our patience that silence so far proves nothing. */
bool pace_rtt(struct pace *p, int64_t rtt_us);
/* How long an answer is waited for: RFC 6298's timeout within our bounds. */
int64_t pace_patience_us(const struct pace *p);

/* Something came from the host. */
void pace_answered(struct pace *p);
/* A canary sent at sent_us is back. */
void pace_came_back(struct pace *p, int64_t sent_us);
/* What became of the canary sent at sent_us, told when its time is over so that lost ones and
 * others are told alike. True when the rate was lowered for it: silence was believed too much. */
bool pace_canary(struct pace *p, int64_t sent_us, bool lost, int64_t now_us);
/* How long after one canary the next may go. */
int64_t pace_canary_gap_us(const struct pace *p);
/* This machine's own queue was full: slower, but no word about the host. */
void pace_own_queue_full(struct pace *p);

/* Loss of a round trip as the canaries tell it, at the upper end of what they leave possible; the
 * assumed one while there are none. */
double pace_loss(const struct pace *p);
/* What the silence of a probe sent at sent_us is worth, in eighths of a bit. */
unsigned pace_worth(const struct pace *p, int64_t sent_us);
/* Was the loss measured? */
bool pace_is_measured(const struct pace *p);

#endif
