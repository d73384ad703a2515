/* The careful pace, for firewalls that count probes: bursts with gaps between, and a sentinel that
 * tells when we were shut out all the same. Pure: the clock is an argument. The sentinel is a port
 * of the host that has answered and may be asked again: closed, else refusing, else open; never
 * one of management, nor any that is asked only once. At the end of each burst in which something
 * was silent it is asked. When it answers, that silence is a firewall's at that port, as
 * `filtered` says. When it does not, it is asked again as often as the loss needs and nothing else
 * goes meanwhile; then we are shut out: what was not probed, or silent since the sentinel was last
 * heard, is not known. Without such a port the answers of others (of management, asked once each)
 * vouch for the silence before them. Sudden silence is then: until its last answer the host had
 * answered at least as many ports as it left silent, and four or more, and since then twelve or
 * more in a row were silent, to the end. What was silent since is not known either. */
#ifndef SCAN_SENTINEL_H
#define SCAN_SENTINEL_H

#include <stdbool.h>
#include <stdint.h>

struct track;

/* psd, as the common rule weighs (RouterOS's manual, Filter): ports below 1024 three, others
 * one. */
struct burst {
	unsigned most; /* weight of one; 0 = there are no bursts */
	int64_t gap_us;
	unsigned weight;  /* of the present one */
	int64_t probe_us; /* when something last went, or may have */
};

/* Better ones are greater. An open one is connected to, which some service may log. */
enum sentinel_rank { SENTINEL_NONE = 0, SENTINEL_OPEN, SENTINEL_REFUSING, SENTINEL_CLOSED };

/* A track's. */
struct sentinel {
	uint32_t cell; /* of the port; meaningless without a rank */
	enum sentinel_rank rank;
	bool full;            /* the burst has no room for another port */
	bool doubt;           /* something was silent since it was last heard */
	unsigned tries;       /* questions without an answer, in a row */
	unsigned asked, lost; /* questions, and those lost, of rows that an answer ended */
	uint32_t answers, silent_before, silent_since; /* ports; before and since the last answer */
};

unsigned burst_weight_of(uint16_t port);
/* A probe of that port went. */
void burst_sent(struct burst *b, uint16_t port, int64_t now_us);
/* May the track's next probe go? 0: yes; else the time before which nothing may (INT64_MAX: what is
 * out must be over first). */
int64_t burst_hold_us(struct burst *b, struct track *t, int64_t now_us);

/* The port answered, and may be asked again. */
void sentinel_offer(struct track *t, uint32_t cell, enum sentinel_rank rank);
/* Is it the sentinel's turn, or is its answer waited for? Nothing else goes then. */
bool sentinel_is_due(const struct track *t);
/* The cell to be probed now; TRACK_NONE while it is out. */
uint32_t sentinel_next(struct track *t);
/* What became of it. Sets track.dead when it has fallen silent for good. */
void sentinel_judge(struct track *t, bool heard);
/* A port was silent, or another machine answered for it; a port answered. */
void sentinel_silence(struct track *t, uint32_t cell);
void sentinel_refusal(struct track *t);
void sentinel_answer(struct track *t);
/* All others are through: is there silence that is still to be vouched for? Sets track.dead at a
 * sudden one. */
bool sentinel_is_open(struct track *t);
/* Once the track is dead: judges what is not known. reason is the caller's number. */
void sentinel_settle(struct track *t, uint8_t reason);

#endif
