/*
 * One host's UDP ports on their way from unknown to known. Pure: no socket, and the clock is an
 * argument.
 *
 * A closed port is told by an ICMP error, and hosts limit those: Linux sends one a second to each
 * peer, after a burst of six. So silence alone means nothing. Ports are asked in rounds: a few at
 * once, then one that is known to be closed, the canary. Whatever was silent before an error came
 * back was silent while errors could be sent: that counts towards open|filtered. When neither the
 * ports nor the canary are answered the round proved nothing, and the next one waits longer. What
 * packets are lost is told by an open port, whose answers nobody limits.
 */
#ifndef SCAN_UDP_TRACK_H
#define SCAN_UDP_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/observation.h"

enum { UDP_LURES = 3, UDP_ROUND_MOST = 128 };
/* No cell: nothing to be asked now. */
#define UDP_NO_CELL UINT32_MAX

struct udp_options {
	double assumed_loss; /* of a round trip, while nothing measures it */
	unsigned passes;     /* tries whose silence counts, at most; 0 = until it is certain */
	int64_t first_us, most_us; /* patience before a round trip is known, and at most */
	unsigned burst_weight;     /* of one round (ports below 1024 weigh 3); 0 = any */
	int64_t gap_us;            /* silence between rounds */
	double max_rate;           /* probes a second; 0 = any */
	uint16_t lures[UDP_LURES]; /* ports that hardly anybody opens, to find a canary; 0 = none */
};

struct udp_cell {
	uint16_t port;
	uint8_t state;           /* enum port_state; PORT_UNKNOWN until judged */
	bool asked_now;          /* sent in this round, and silent so far */
	uint16_t tries, counted; /* probes, and those whose silence was worth something */
	float span;              /* the worst doubt of them for want of errors; see doubt() */
	int64_t sent_us;         /* of the last probe; 0 = none */
};

struct udp_track {
	struct udp_options options;
	struct udp_cell *cells; /* n, then the lures */
	uint32_t n, left;       /* ports, and those not judged */
	uint32_t at;            /* where the next round goes on */

	/* The round. */
	uint32_t asked[UDP_ROUND_MOST + UDP_LURES + 2], asked_n;
	uint32_t asked_at; /* the next of them to be sent */
	uint32_t canary;   /* asked at its end; UDP_NO_CELL = none */
	uint32_t witness;  /* an open port, asked beside it: loss without a limiter */
	unsigned weight, window;
	bool closing; /* all of it was sent: answers are waited for */
	unsigned rounds;
	int64_t closed_us; /* when that began */
	int64_t proof_us;  /* when the latest probe that met an error was sent; 0 = none */
	unsigned errors;   /* that came back in it */

	/* The limiter, as far as it shows. */
	int64_t begin_us;               /* when the next round begins */
	int64_t error_us;               /* when the last error came */
	int64_t before_us;              /* when the last one before this round came */
	int64_t barren_us, fruitful_us; /* longest wait that was too short, last that was enough */
	unsigned barren;                /* rounds in a row without any */
	bool limited;
	bool has_errors; /* this host sends them */
	bool deaf;       /* it did, and has stopped: what is left cannot be known */

	int64_t srtt_us, rttvar_us; /* srtt -1 = no round trip seen */
	int64_t paced_us;           /* no probe before that */
	int64_t began_us;
	uint32_t canary_at, witness_at;
	uint64_t sent, answered;
	uint64_t canaries, canaries_lost;
	double least_bits; /* of a port judged by its silence */
};

void udp_track_init(struct udp_track *t, const struct udp_options *options, uint32_t n,
                    int64_t now_us);
void udp_track_done(struct udp_track *t);

/* The cell to be asked now, or UDP_NO_CELL: wait until udp_track_due_us. It must be told sent, or
 * judged. */
uint32_t udp_track_next(struct udp_track *t, int64_t now_us);
void udp_track_sent(struct udp_track *t, uint32_t i, int64_t now_us);
/* An answer, or an ICMP error (PORT_CLOSED, PORT_FILTERED), or this machine's word (PORT_UNKNOWN,
 * which ends the cell, too). True when it is the first word on a port (never of a lure). */
bool udp_track_answer(struct udp_track *t, uint32_t i, enum port_state state, int64_t now_us);
/* When udp_track_next should be called again, if nothing comes before. */
int64_t udp_track_due_us(const struct udp_track *t);
/* Are all ports judged, and was there time for late answers? */
bool udp_track_over(const struct udp_track *t, int64_t now_us);
/* Once it is over: of a port that never answered. PORT_OPEN_FILTERED, or PORT_UNKNOWN when its
 * silence proves nothing. Of others their state. */
enum port_state udp_track_state(const struct udp_track *t, uint32_t i);
/* Loss of a round trip, as measured or assumed; measured tells which. */
double udp_track_loss(const struct udp_track *t, bool *measured);

#endif
