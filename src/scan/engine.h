/*
 * The loop that all scanning shares, and what a way of probing (a technique) gives to it.
 *
 * A host under scan has a lane, TCP, with a track (track.h: what is asked next, what is out, what
 * silence proves, at which pace). The loop takes a cell from a lane's track
 * whenever pace allows, gives it to the lane's technique to send, and waits. What comes of it:
 *
 *   - the technique hears an answer (its descriptor is watched under the cell's name, or it has one
 *     for all) and says engine_answer;
 *   - it hears that there will be none (ICMP, this machine's own word) and says engine_judge;
 *   - time passes: the loop asks the technique's over(), which lets go of the descriptor and may
 *     still say one of the above; else it was silence, and the track decides whether to ask again.
 *
 * UDP ports have no lane: their silence means something else, and they have a track and a socket of
 * their own (udp.h), which the loop steps along.
 */
#ifndef SCAN_ENGINE_H
#define SCAN_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/scan.h"
#include "probe.h"
#include "timers.h"
#include "track.h"
#include "udp.h"

struct engine;
struct host_run;

enum { LANE_TCP = 0, LANES, LANE_UDP = LANES };

/* One host's ports of one protocol. */
struct lane {
	struct host_run *host;
	const struct technique *technique;
	struct track track;
	uint32_t *ports; /* cell to index of host->spec->ports; cells ascend by port as seen here */
	uint32_t talk_first, talk_last; /* open cells that wait to be talked to, by cell.next */
	bool held;                      /* open ones are not told: perhaps it is a tarpit */
	bool used;                      /* there are cells */
};

struct host_run {
	const struct scan_host *spec;
	size_t index;  /* in the plan */
	uint32_t slot; /* in engine.active */
	struct lane lanes[LANES];
	struct scan_account account;
	struct payloads payloads;
	bool has_payloads;
	unsigned talks; /* conversations that go on */
	int64_t began_us;
	struct burst burst;
};

enum sent {
	SENT_OUT = 0, /* it is on its way, or engine_judge or engine_answer was said already */
	SENT_SHORT,   /* this machine cannot now: engine_short was said; asked again later */
};

/* A way of probing. `cell` may be a canary or a lure: only track's cell says which port it is. */
struct technique {
	const char *name;
	bool holds_descriptor; /* one for each cell that is out */
	/* cell->tries is the number of this probe. */
	enum sent (*send)(struct engine *e, struct lane *lane, uint32_t cell, int64_t now_us);
	/* Sends what send() has gathered; NULL = nothing is. */
	void (*flush)(struct engine *e, int64_t now_us);
	/* The watched descriptor of a cell has something to say. */
	void (*event)(struct engine *e, struct lane *lane, uint32_t cell, uint32_t events,
	              int64_t now_us);
	/* The descriptor that it has for all; NULL = none. */
	void (*shared_event)(struct engine *e, int64_t now_us);
	/* No answer is waited for any longer: closes the cell's descriptor. True when it has judged
	 * the cell all the same. */
	bool (*over)(struct engine *e, struct lane *lane, uint32_t cell, int64_t now_us);
};

struct conversation;

/* About as many as are given back before the next probes take them. */
enum { ENGINE_SPARES = 256 };

struct engine {
	const struct scan_plan *plan;
	const struct scan_sink *sink;
	const struct technique *tcp;
	struct udp *udp;          /* the UDP ports of all hosts (udp.h); NULL = there are none */
	int64_t udp_due_us;       /* -1: they are all told */
	struct host_run **active; /* active_n slots; NULL = free */
	size_t active_n, active_most, running;
	size_t next_host;
	uint64_t cells; /* of the active hosts */
	int epoll_fd;
	int max_fd;                  /* a descriptor at or above belongs to the reserve */
	unsigned width, descriptors; /* how many may be in use, how many are */
	int spares[ENGINE_SPARES];   /* sockets to be used again, unwatched and not counted */
	unsigned spares_n, spares_family;
	struct arena *arena;  /* what observations point to */
	struct timers timers; /* of conversations */
	struct conversation *talks;
	unsigned talks_n;
	const char *reasons[64]; /* cells keep an index */
	unsigned reasons_n;
	int64_t short_since_us, short_until_us; /* of a shortage, 0 = none */
	const char *short_of;
	double tokens; /* of max_rate over all hosts */
	int64_t tokens_us;
	const char *cut; /* why it must end: what is left is unknown for that */
	uint64_t done, all;
	int64_t began_us, told_us;
	struct syn *syn;
	unsigned turn; /* which host is the first in this round */
};

/* --- for techniques ------------------------------------------------------------------- */

static inline struct cell *lane_cell(const struct lane *lane, uint32_t i)
{
	return &lane->track.cells[i];
}
/* The port's row in the plan; NULL for canaries and lures. */
const struct scan_port *lane_port(const struct lane *lane, uint32_t cell);
/* Watches cell->fd (EPOLLIN …) under the cell's name. -1 with errno. */
int engine_watch(struct engine *e, const struct lane *lane, uint32_t cell, uint32_t events);
/* Watches a technique's descriptor for all: shared_event. -1 with errno. */
int engine_watch_shared(struct engine *e, int fd, unsigned lane);
/* The cell's port answered: open or closed. which: number of the probe that was answered
 * (cell->tries is the last one). Tells it, unless it is open and still to be talked to: true, and
 * the caller gives its connection to talk_adopt, or the cell to talk_later. */
bool engine_answer(struct engine *e, struct lane *lane, uint32_t cell, enum port_state state,
                   const char *reason, unsigned which, int64_t now_us);
/* Judged without an answer of the port itself. */
void engine_judge(struct engine *e, struct lane *lane, uint32_t cell, enum port_state state,
                  const char *reason);
/* This machine cannot send now: nothing is sent for a while. After long it ends the scan. */
void engine_short(struct engine *e, const char *reason, int64_t now_us);
/* Tells the sink of a judged cell; `facts`, or NULL, holds serve, app, banner and what else was
 * found out. Each cell once. */
void engine_tell(struct engine *e, struct lane *lane, uint32_t cell,
                 const struct observation *facts);
/* Closes cell->fd. */
void engine_close(struct engine *e, struct lane *lane, uint32_t cell);
/* The same, but keeps the socket for another probe if it can be. */
void engine_spare(struct engine *e, struct lane *lane, uint32_t cell);
/* A spare socket towards the target, or -1. */
int engine_take_spare(struct engine *e, const struct address *target);

/* Number of a reason, for cells; static text. */
uint8_t engine_reason(struct engine *e, const char *reason);
/* The technique that probes the cell: its lane's, or connect for one that may be asked only
 * once. */
const struct technique *technique_of(const struct engine *e, const struct lane *lane,
                                     uint32_t cell);
/* The first cell of that port as seen here, TRACK_NONE when there is none; the next ones of the
 * same port follow it. */
uint32_t lane_find(const struct lane *lane, uint16_t here);

/* --- engine.c: the loop ------------------------------------------------------------------ */

/* -1 when this machine cannot scan. engine_done also after that. */
int engine_open(struct engine *e, const struct scan_plan *plan, const struct scan_sink *sink,
                struct arena *arena, struct error *err);
void engine_run(struct engine *e);
void engine_done(struct engine *e);
/* EPOLL_CTL_ADD or _MOD of a conversation's descriptor. -1 with errno. */
int engine_watch_talk(struct engine *e, int op, int fd, uint32_t events, void *talk);

/* --- host.c: one host from its plan to its account -------------------------------------- */

/* Room for another? */
bool host_fits(const struct engine *e, const struct scan_host *spec);
void host_begin(struct engine *e, size_t index, int64_t now_us);
/* Tells what is left and the account, and frees. cut: why it ended early, or NULL. */
void host_end(struct engine *e, struct host_run *h, const char *cut, int64_t now_us);
/* Our address towards the target, family 0 when there is none. -1 when the wanted one is not
 * ours. */
int host_source(const struct scan_plan *plan, const struct address *target, struct address *out,
                struct error *err);

/* --- talks.c: conversations with open ports ---------------------------------------------- */

void talks_init(struct engine *e);
/* Takes the cell's connected descriptor (reset: it ended in a RST already). */
void talk_adopt(struct engine *e, struct lane *lane, uint32_t cell, bool reset, int64_t now_us);
/* An open port is to be connected to and talked to when there is room. */
void talk_later(struct lane *lane, uint32_t cell);
/* Begins waiting ones as room allows. */
void talks_begin(struct engine *e, struct host_run *h, int64_t now_us);
void talks_event(struct engine *e, struct conversation *c, uint32_t events, int64_t now_us);
void talks_timer(struct engine *e, int64_t now_us);
/* Ends the host's conversations (NULL: of all) with what they have heard. */
void talks_cut(struct engine *e, const struct host_run *h);
/* Do those that wait and those that go on leave no room for more open ports? */
bool talks_are_full(const struct engine *e);

/* --- techniques ------------------------------------------------------------------------ */

extern const struct technique technique_connect;

#endif
