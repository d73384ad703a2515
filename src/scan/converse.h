/* The conversation with an open port: listen, ask, and judge what it says, on the connection that
 * found it open. The owner of the descriptor waits for events; this decides what they mean. */
#ifndef SCAN_CONVERSE_H
#define SCAN_CONVERSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/arena.h"
#include "rosaudit/limits.h"
#include "rosaudit/observation.h"
#include "exam.h"
#include "probe.h"

struct talk {
	const struct probe *probe;
	size_t step;        /* the step of the probe that comes next */
	int64_t began_ms;   /* when the handshake was over */
	int64_t ends_ms;    /* listened no longer than this */
	const char *unsent; /* rest of a payload */
	size_t unsent_n;
	bool spoke;        /* bytes of ours are on their way */
	bool foreign_sent; /* the last payload was not the expected protocol */
	struct exam *exam; /* what more it tells; NULL = not begun */
	bool examining;    /* exam hears the rest; a TLS session waits in it before that */
	bool reset;        /* a RST was seen while bytes may still wait to be read */
	char in[LIMIT_BANNER_BYTES];
	size_t n;
};

enum talk_end {
	TALK_ON,      /* not over */
	TALK_ENOUGH,  /* it said what we need */
	TALK_FIN,     /* it closed */
	TALK_RST,     /* it reset */
	TALK_TIME_UP, /* our patience is over */
};

void talk_begin(struct talk *t, enum app_proto expect, int64_t now_ms, unsigned identify_ms);
/* The same for a connection of its own to make one TLS offer. */
void talk_begin_tls(struct talk *t, struct tls_room *room, enum tls_offer offer, int64_t now_ms,
                    unsigned identify_ms);
/* How that offer was answered; *facts (of arena) is NULL without a ServerHello. Frees what the
 * conversation held, in talk_result's place. */
enum tls_answer talk_tls_result(struct talk *t, enum talk_end end, struct arena *arena,
                                const struct tls_facts **facts);
/* The handshake ended in a RST that SO_ERROR has already told (and so taken away). */
void talk_was_reset(struct talk *t);
/* Something happened on the descriptor: reads, then writes what is due. */
enum talk_end talk_event(struct talk *t, int fd, int64_t now_ms);
/* The time of talk_due has come. */
enum talk_end talk_timer(struct talk *t, int fd, int64_t now_ms, const struct payloads *payloads);
/* When talk_timer wants to be called (clock_ms). */
int64_t talk_due(const struct talk *t);
/* Does it wait to write? */
bool talk_wants_write(const struct talk *t);
/* Fills serve, app, banner, facts, close and spoke, and frees what the conversation held: called
 * once for each that was begun. TALK_ON: the scan ended in mid-conversation. */
void talk_result(struct talk *t, enum talk_end end, struct arena *arena, struct observation *o);

#endif
