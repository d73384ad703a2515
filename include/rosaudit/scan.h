/* The look from outside: connect to many ports at once, and ask each open one what it is on the
 * same connection. */
#ifndef ROSAUDIT_SCAN_H
#define ROSAUDIT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/error.h"
#include "rosaudit/observation.h"
#include "rosaudit/prefix.h"

struct scan_port {
	uint16_t router;       /* the router's port */
	uint16_t here;         /* the port to connect to; 0 = not mapped: stays unknown */
	enum app_proto expect; /* what the declaration says speaks there; picks the first probe */
	bool proven;           /* the live login already proves that it serves: no connect */
};

struct scan_plan {
	struct address target;
	struct address source; /* family 0 = the system's choice */
	const struct scan_port *ports;
	size_t n;
	unsigned parallel;    /* connections in flight, at most; 0 = default */
	unsigned tries;       /* connects before silence is called filtered; 0 = default (3) */
	unsigned connect_ms;  /* wait for each; 0 = default (1000) */
	unsigned identify_ms; /* wait for a word from an open port; 0 = default (2000) */
	int64_t deadline_ms;  /* clock_ms at which all ends; what is left is unknown; 0 = none */
};

/* Fills *out (initialised by the caller). 0 also when nothing answered: that is a result. -1 only
 * when this machine cannot probe at all (source address not ours, no descriptor). Ctrl-C ends it
 * early with what is there; unprobed ports are unknown ("interrupted"). */
int scan_run(const struct scan_plan *plan, struct observations *out, struct error *err);

/* Judges the first bytes of a connection. Pure; for tests and fuzzing. APP_OTHER when they are
 * nothing known. */
enum app_proto identify_bytes(const char *p, size_t n);

#endif
