/* One host's UDP ports under scan. Only udp.c and udp_talk.c include this. */
#ifndef SCAN_UDP_HOST_H
#define SCAN_UDP_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "rosaudit/scan.h"
#include "udp.h"
#include "udp_track.h"

struct udp_host {
	size_t index; /* in the plan */
	const struct scan_host *spec;
	const struct scan_port **ports; /* of the cells */
	const char **reasons;           /* of the judged cells */
	struct udp_track track;
	struct address source;
	uint64_t nonce;
	int fd;
	int64_t began_us;
	int64_t busy_since_us, busy_until_us; /* of a shortage, 0 = none */
};

struct udp {
	const struct scan_plan *plan;
	const struct scan_sink *sink;
	struct arena *arena;
	struct udp_host **active; /* active_n of active_most */
	size_t active_n, active_most, next;
	int epoll_fd;
};

/* Tells the sink of a judged cell. */
void udp_tell_state(struct udp *u, const struct udp_host *h, uint32_t i, enum port_state state,
                    const char *reason);
/* Takes all that the host's socket has: answers and errors. */
void udp_hear(struct udp *u, struct udp_host *h, int64_t now_us);
/* Sends what is due. */
void udp_ask_host(struct udp *u, struct udp_host *h, int64_t now_us);

#endif
