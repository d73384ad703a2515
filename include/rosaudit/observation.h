/* What a probe from here saw of one port. */
#ifndef ROSAUDIT_OBSERVATION_H
#define ROSAUDIT_OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/arena.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/facts.h"
#include "rosaudit/prefix.h"

/* nmap's words. Unknown: not probed, or no certain answer; never shown as closed. Open|filtered: a
 * UDP port that stays silent. */
enum port_state {
	PORT_UNKNOWN = 0,
	PORT_OPEN,
	PORT_CLOSED,
	PORT_FILTERED,
	PORT_OPEN_FILTERED,
	PORT_STATES, /* how many there are */
};

/* "unknown", "open", "closed", "filtered", "open|filtered": nmap's and our reports' words. */
const char *port_state_name(enum port_state s);

/* What an open port did after the handshake. */
enum serve_state {
	SERVE_UNKNOWN = 0, /* not open, or not asked */
	SERVE_SERVING,     /* it spoke a protocol */
	SERVE_REFUSED,     /* accepted, then FIN or RST without a word: what address= looks like */
	SERVE_SILENT,      /* stayed open and said nothing until the time was up */
};

struct observation {
	uint16_t port;        /* the router's port */
	uint16_t probed_port; /* the port as seen from here (port-map); 0 = not probed */
	enum port_state state;
	enum transport_proto proto; /* L4_UDP, else TCP */
	const char *reason; /* nmap's: "syn-ack", "conn-refused", "no-response", "host-unreach",
				* "admin-prohibited", "login", "not-mapped", "not-probed", … */
	enum serve_state serve;
	enum app_proto app; /* of a serving port */
	const char *banner; /* first line or head it sent, raw foreign bytes; NULL = none */
	size_t banner_n;
	const struct service_facts *facts; /* what more it told; NULL = nothing */
	const char *close;                 /* for SERVE_REFUSED: "fin" or "rst" */
	bool spoke;     /* for SERVE_REFUSED: closed only after bytes of ours, so perhaps on
			    * account of them; else before we had sent any */
	unsigned tries; /* connects attempted */
	int64_t rtt_us; /* connect time, -1 = unknown */
};

enum host_state { HOST_UNKNOWN = 0, HOST_UP, HOST_DOWN };

/* What the scan of one host took, and how sure it is. */
struct scan_account {
	uint64_t sent, answered; /* probes */
	double loss;             /* of a round trip; measured, else assumed */
	bool loss_assumed;       /* nothing answered, so that it could not be measured */
	double missed;           /* chance that an open port was missed, at that loss */
	bool limited;            /* limiting of RST or ICMP was seen, and the rate was lowered */
	bool vouched; /* the careful pace: a port known to answer was heard after all silence of TCP
		       * ports, so that none of it is a ban's */
	bool tarpit;  /* everything is open there: ports picked at random answered too */
	const char
		*cut;   /* why it ended early: "interrupted", "time is up", "host timeout", "blocked
			  * during scan", … (static); NULL = it did not */
	int64_t rtt_us; /* smoothed round trip, -1 = unknown */
	int64_t duration_ms;
	struct address source; /* our address towards it, family 0 = unknown */
	enum host_state up;    /* discovery's word */
	const char *up_reason; /* "echo-reply", "syn-ack", "arp", … (static), or NULL */
};

/* One scan of one router from one vantage. */
struct observations {
	struct arena arena;
	struct observation *v; /* TCP ascending by port, then UDP alike; each port once */
	size_t n;
	bool scanned;          /* false: scan: {ports: none}, or no address to scan */
	struct address target; /* family 0 = unknown */
	struct address source; /* our address towards it, as this machine sees it */
	int64_t duration_ms;
	const char *started; /* RFC 3339 or NULL */
	struct scan_account account;
};

void observations_init(struct observations *o);
void observations_done(struct observations *o);
/* The observation of the router's TCP port, or NULL when it was not in the scan. */
const struct observation *observations_find(const struct observations *o, uint16_t port);
/* The same for either protocol. */
const struct observation *observations_find_proto(const struct observations *o, uint16_t port,
                                                  enum transport_proto proto);
/* qsort's order of observations: TCP ascending by port, then UDP. */
int observation_order(const void *a, const void *b);
/* "open, serving", "open, refused (rst)", "open, silent", "closed", "filtered",
 * "open|filtered", "unknown (…)" appended; NULL is "not probed". */
struct buf;
void observation_format(const struct observation *o, struct buf *out);
/* The same in a language. */
struct language;
void observation_say(const struct observation *o, const struct language *language, struct buf *out);

#endif
