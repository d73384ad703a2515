/* What the end of a connect says of the port: errno and ICMP to nmap's states and reasons. */
#ifndef SCAN_OUTCOME_H
#define SCAN_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "rosaudit/observation.h"
#include "rosaudit/prefix.h"

enum outcome_kind {
	OUTCOME_STATE,    /* final: state and reason */
	OUTCOME_SILENCE,  /* nothing was heard: ask again, then filtered */
	OUTCOME_SHORTAGE, /* this machine cannot just now: wait, not a word about the port */
};

struct outcome {
	enum outcome_kind kind;
	enum port_state state;
	const char *reason; /* static; of a shortage: why the port stays unknown if it never ends */
};

/* A connect (or socket, bind) that failed. local: the call itself failed at once, so that an
 * unreachable network is this machine's own word and says nothing of the port. */
struct outcome outcome_of_errno(int error, bool local);

/* nmap's reason for an ICMP error of a TCP probe, or NULL when it does not end it. */
const char *outcome_icmp_reason(uint8_t family, uint8_t type, uint8_t code);

/* Takes everything from the socket's error queue; true when an ICMP error was there that ends the
 * connect. An error that our own kernel made up (no neighbour answers) leaves the port unknown. */
bool outcome_of_icmp(int fd, const struct address *target, struct outcome *out);

/* One ICMP error from the queue of an unconnected UDP socket that is bound to our address: which
 * datagram it is about (to what address and port), and what it says of that port. One that means
 * nothing has state PORT_OPEN. False: the queue is empty. */
bool outcome_of_udp_error(int fd, struct address *about, uint16_t *port, struct outcome *out);

#endif
