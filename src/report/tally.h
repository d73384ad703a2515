/* What the reports count and say alike, whatever their format. Private to src/report. */
#ifndef ROSAUDIT_REPORT_TALLY_H
#define ROSAUDIT_REPORT_TALLY_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/buf.h"
#include "rosaudit/result.h"

#define SEVERITIES (SEVERITY_CRITICAL + 1)

struct tally {
	size_t severity[SEVERITIES]; /* decided findings */
	size_t undecided;            /* findings that could not be judged */
	size_t pass;                 /* subjects that passed, of audited routers */
	size_t routers, not_audited;
	size_t partial; /* audited, but something is missing of the audit */
};

/* Of one router, added to *t; of all. */
void tally_add(const struct result *r, struct tally *t);
struct tally tally_all(const struct results *r);
/* Decided findings at or above the severity. */
size_t tally_at_least(const struct tally *t, enum severity s);

/* Exit status of the router i alone, as results_exit_status would give it: 0, 1 or 3. */
int tally_status(const struct results *all, size_t i);
/* One sentence that agrees with results_exit_status. Our own words only; appends. */
void tally_verdict(const struct results *r, struct buf *out);

/* "ssh", "rest", "both", "file". */
const char *report_transport_name(enum transport_id id);
/* "1 router", "2 routers". Appends. */
void report_count(struct buf *out, size_t n, const char *noun);

#endif
