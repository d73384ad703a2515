/* The look from outside: many hosts and ports probed in one loop, and each open port asked what it
 * is. The audit's, the command's and a fleet's scan alike. */
#ifndef ROSAUDIT_SCAN_H
#define ROSAUDIT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/error.h"
#include "rosaudit/observation.h"
#include "rosaudit/prefix.h"

/* How TCP ports are probed; UDP ports are always sent a datagram. */
enum scan_method { SCAN_CONNECT = 0, SCAN_SYN };

struct scan_port {
	uint16_t router;       /* the router's port */
	uint16_t here;         /* the port as seen from here; 0 = not mapped: stays unknown */
	const char *spare;     /* of here 0: why it is not probed; NULL = not mapped */
	enum app_proto expect; /* what the declaration says speaks there; picks the first probe */
	bool proven;           /* the live login already proves that it serves: no connect */
	bool once;             /* at most one connection, never asked again: rules may count them */
	enum transport_proto proto; /* L4_UDP, else TCP */
};

/* Ports may be shared by all hosts: one array. Each port of each protocol once. */
struct scan_host {
	struct address target;
	const struct scan_port *ports;
	size_t n;
};

/* How fast, and how often silence is asked. Zeroed: nmap's usual pace. */
struct scan_pace {
	unsigned min_rate, max_rate; /* probes a second over the whole scan; 0 = none */
	unsigned parallel;           /* descriptors in use at most; 0 = what RLIMIT_NOFILE allows */
	unsigned passes;             /* tries of a silent port at most; 0 = default */
	unsigned rtt_first_ms;       /* patience before a round trip is known; 0 = default */
	unsigned rtt_max_ms;         /* patience at most; 0 = default */
	double assumed_loss;   /* of a round trip, where nothing answers to measure it; 0 = default
			        * (it is told in the account) */
	unsigned burst_weight; /* psd: bursts of at most this weight (ports below 1024 weigh 3,
			        * others 1), then gap_ms without any probe; 0 = none */
	unsigned burst_spent;  /* weight of what went to each host just before: a login */
	unsigned gap_ms;
	int64_t host_timeout_ms; /* for one host; what is left is unknown; 0 = none */
};

/* Results as they come, on the caller's thread, from within scan_run. */
struct scan_sink {
	void *context;
	/* One port's last word. Its strings live until the scan's end. Order: as they come. */
	void (*port)(void *context, size_t host, const struct observation *o);
	/* All ports of the host are told. */
	void (*host)(void *context, size_t host, const struct scan_account *a);
	/* About twice a second: probes judged of all, since when; NULL = none. */
	void (*progress)(void *context, uint64_t done, uint64_t all, int64_t elapsed_ms);
};

struct scan_raw; /* raw sockets, opened while privileges were there */

/* Opens the raw sockets that SCAN_SYN needs: to be done first, so that privileges can be dropped at
 * once. NULL when this machine does not let us, with an error that says what to do. */
struct scan_raw *scan_raw_open(struct error *err);
void scan_raw_free(struct scan_raw *raw); /* NULL is fine */

struct scan_plan {
	const struct scan_host *hosts;
	size_t hosts_n;
	struct address source; /* family 0 = the system's choice */
	const char *interface; /* NULL = the system's choice */
	enum scan_method method;
	bool ports_only; /* open ports are not talked to: serve stays unknown */
	bool examine;    /* TLS ports may be connected to several times, to ask for each version
			  * and for a certificate; never those asked once, nor where bursts are
			  * limited */
	bool discover;   /* hosts that do not answer to discovery are skipped (nmap without -Pn) */
	bool ping_only;  /* discovery alone (-sn) */
	struct scan_pace pace;
	unsigned identify_ms; /* wait for a word from an open port; 0 = default (2000) */
	int64_t deadline_ms;  /* clock_ms at which all ends; what is left is unknown; 0 = none */
	struct scan_raw *raw; /* for SCAN_SYN and discovery; NULL = none */
};

/* Scans every host. 0 also when nothing answered: that is a result. -1 only when this machine
 * cannot probe at all (source address not ours, no descriptor, SCAN_SYN without raw sockets).
 * Ctrl-C ends it early with what is there; every port of every host is told all the same, those
 * unprobed as unknown ("interrupted"). */
int scan_run(const struct scan_plan *plan, const struct scan_sink *sink, struct error *err);

/* What SCAN_SYN would send first, a packet at a time from its IP header on, and as a line of text:
 * every port of every host once. Sends nothing and needs no privilege. */
void scan_dry_run(const struct scan_plan *plan, void *context,
                  void (*packet)(void *context, const uint8_t *p, size_t n, const char *text));

/* The plan's one host into *out (initialised by the caller): TCP ascending, then UDP. */
int scan_host_run(const struct scan_plan *plan, struct observations *out, struct error *err);

/* Judges the first bytes of a connection. Pure; for tests and fuzzing. APP_OTHER when they are
 * nothing known. */
enum app_proto identify_bytes(const char *p, size_t n);

#endif
