/* One host's ports on their way from unknown to known: which is asked next, which are out, which
 * stay silent, and whether that proves anything. Pure: no socket, and the clock is an argument. */
#ifndef SCAN_TRACK_H
#define SCAN_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/observation.h"
#include "pace.h"
#include "sentinel.h"

enum {
	TRACK_CANARIES = 64, /* cells behind the ports': probes of ports known to answer */
	TRACK_LURES = 12,    /* cells behind those: ports that nobody opens, to tell a tarpit */
};

/* No cell; more than an enumerator holds. */
#define TRACK_NONE UINT32_MAX

enum cell_phase {
	CELL_DONE = 0, /* judged, or never to be probed */
	CELL_QUEUED,   /* waits for its turn */
	CELL_OUT,      /* a probe is on its way */
	CELL_QUIET,    /* silent often enough, as far as is known now */
	CELL_IDLE,     /* a canary or lure that rests */
};

enum { LINE_PORTS, LINE_CANARIES, LINE_PATIENT, LINE_ONCE, TRACK_LINES };

/* A port: 32 bytes, since there are 65,535 of them. */
struct cell {
	uint32_t next, prev; /* of those that are out, the oldest first */
	uint32_t sent_us;    /* low bits of the clock: of the last probe */
	int32_t fd;          /* the technique's: its socket, -1 = none */
	uint32_t rtt_us;     /* 0 = not measured */
	uint16_t port;       /* as seen from here */
	uint8_t phase, state, reason;
	uint8_t tries;   /* probes sent */
	uint8_t counted; /* of these, such whose silence was worth something */
	uint8_t worth;   /* what the silence so far is worth, in eighths of a bit */
	uint8_t flags;   /* CELL_… below */
	uint8_t pad;
};

enum {
	CELL_PATIENT = 1,  /* asked first and waited for longer: such a port tells the round trip */
	CELL_ONCE = 2,     /* never asked again */
	CELL_TOLD = 4,     /* the sink has it */
	CELL_ANSWERED = 8, /* a canary that came back */
	CELL_TALKING = 16, /* open, and a conversation decides what it is */
	CELL_UDP = 32,
	CELL_VOUCHED = 64, /* the sentinel was heard after its silence */
};

struct track_options {
	struct pace_limits limits;
	unsigned passes;    /* tries whose silence counts, at most */
	int64_t patient_us; /* for CELL_PATIENT, while no round trip is known; 0 = as all */
	int64_t once_us;    /* for CELL_ONCE */
	bool canaries;      /* may known ports be asked again? */
	bool guarded;       /* no canaries, but a sentinel: the pace is that of bursts */
	bool open_canaries; /* may open ones without end, as a half-open probe is no connection */
	enum port_state quiet; /* what silence means: PORT_FILTERED, PORT_OPEN_FILTERED of UDP */
	uint8_t quiet_reason, unsure_reason; /* the caller's numbers of reasons */
};

struct track {
	struct track_options options;
	struct pace pace;
	struct cell *cells; /* n, then canaries and lures */
	uint32_t n;
	uint32_t *queue; /* ring of n: cells in CELL_QUEUED */
	uint32_t queue_at, queued;
	uint32_t queue_fixed; /* so many of the first keep their places */
	uint64_t dice;
	struct track_line {
		uint32_t oldest, newest; /* TRACK_NONE = none */
	} lines[TRACK_LINES];            /* of what is out, one for each kind of patience */
	uint32_t canaries_out;
	uint32_t out, quiet;            /* ports */
	uint32_t known[TRACK_CANARIES]; /* cells that answered and may be asked again */
	uint8_t known_uses[TRACK_CANARIES];
	uint32_t known_n, known_at, known_closed;
	int64_t canary_us;     /* when the last canary went */
	uint32_t since_canary; /* probes since then */
	bool silence;          /* a probe was not answered in time */
	uint32_t open, closed; /* answers so far */
	uint32_t lures_left;   /* lures not judged; the ports wait meanwhile */
	uint32_t lures_open, lures_closed;
	bool lured, tarpit;
	struct sentinel sentinel;
	unsigned deaf;    /* canaries lost in a row */
	int64_t heard_us; /* when anything was heard last */
	bool dead;        /* known ports have fallen silent: what is left cannot be known */
	uint64_t sent, answered;
	uint64_t canaries, canaries_lost;
	unsigned resets;      /* how often a long round trip made all silence void */
	unsigned least_worth; /* of a port judged by its silence */
};

/* Ports are added in the order in which they are to be asked; room for n. */
void track_init(struct track *t, const struct track_options *options, uint32_t n, int64_t now_us);
void track_done(struct track *t);
/* The cell at index i is to be probed; else it stays CELL_DONE and unknown. */
void track_enqueue(struct track *t, uint32_t i);

/* The same, at a place picked at random behind the first queue_fixed. */
void track_mix_in(struct track *t, uint32_t i);

/* The cell to be probed now, or TRACK_NONE: nothing to do, or the pace says wait. track_sent must
 * follow. */
uint32_t track_next(struct track *t, int64_t now_us);
void track_sent(struct track *t, uint32_t i, int64_t now_us);
/* It could not go for a reason that is this machine's: as if track_next had not given it. */
void track_unsend(struct track *t, uint32_t i);
/* The oldest whose time is over, or TRACK_NONE. The caller frees what it holds of it, then says
 * track_silent or track_judge. */
uint32_t track_expired(const struct track *t, int64_t now_us);
void track_silent(struct track *t, uint32_t i, int64_t now_us);
/* The last probe was no probe (the interface was down): as if it had not been sent. */
void track_void(struct track *t, uint32_t i);

/* An answer to the cell's probe number `which` (cell.tries is the last). Late ones are welcome.
 * True when the cell was not judged before; of canaries and lures always false. */
bool track_answer(struct track *t, uint32_t i, enum port_state state, uint8_t reason,
                  unsigned which, int64_t now_us);
/* Judged without an answer of its port: ICMP, or this machine's own word. reason is the caller's
 * number of it. */
void track_judge(struct track *t, uint32_t i, enum port_state state, uint8_t reason);

/* When something is to be done again: a probe may go, or one expires; INT64_MAX: never. */
int64_t track_due_us(const struct track *t, int64_t now_us);
/* Is all judged? Looks again at the silent ones with what is known of the loss by now; when that
 * is not enough they are asked again, and it is not over. */
bool track_over(struct track *t, int64_t now_us);
/* The chance that an open port among the silent was missed. */
double track_missed(const struct track *t);
/* Makes the lures: n ports that nobody opens. Nothing else goes until they are judged. */
void track_lure(struct track *t, const uint16_t *ports, unsigned n);
/* Is it time for lures: does everything look open? */
bool track_is_suspect(const struct track *t);

static inline bool track_is_port(const struct track *t, uint32_t i)
{
	return i < t->n;
}

#endif
