/* One scan in the making, and the ways of doing it. */
#ifndef SCAN_JOB_H
#define SCAN_JOB_H

#include <stdint.h>

#include "rosaudit/scan.h"
#include "probe.h"

/* A port to probe and where its result goes. */
struct work {
	const struct scan_port *port;
	struct observation *seen;
};

struct scan_job {
	const struct scan_plan *plan;
	const struct scan_host *host;
	struct observations *out;
	struct work *todo; /* only what needs a probe; ascending by the router's port */
	size_t n;
	struct payloads payloads;
	const char
		*cut; /* why it ended early: what is left is unknown for that; NULL = it did not */
};

/* How ports are probed: connect; later syn and udp, each a file and a row in scan.c. */
struct technique {
	const char *name;
	/* Fills job->todo[].seen. 0, or -1 when this machine cannot probe at all. */
	int (*run)(struct scan_job *job, struct error *err);
};

extern const struct technique technique_connect;

#endif
