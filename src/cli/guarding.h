/* Before and after the probes of an audit: the firewall's thresholds, and whether it shut us
 * out. */
#ifndef CLI_GUARDING_H
#define CLI_GUARDING_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/error.h"
#include "rosaudit/guard.h"
#include "rosaudit/observation.h"
#include "rosaudit/policy.h"
#include "rosaudit/scan.h"

struct guarding {
	struct guard guard;
	/* Of a vantage: under which address the router sees it, family 0 where that is not known.
	 * NULL: as it sees our login. Set before guarding_begin. */
	const struct address *from;
	bool begun; /* some port is probed */
};

/* Judges the n ports, spares those that are traps, sets the plan's pace and prolongs its deadline
 * by the pauses; what was decided becomes notes of d. 0, or -1 with the reason why no scan is to
 * be made. guarding_done in any case. */
int guarding_begin(const struct target *t, struct device *d, struct scan_port *ports, size_t n,
                   struct scan_plan *plan, struct guarding *g, struct error *err);
/* Is our address to be looked for in the lists after the scan? And in which menu. */
bool guarding_wants_lists(const struct guarding *g, const struct observations *seen);
const char *guarding_lists(const struct guarding *g);
/* Looks for our address in the lists that shut out, as they are after the scan; a note of d gives
 * the command that takes it out of them. True when the scan put it there. */
bool guarding_end(struct device *d, const struct device *after, const struct guarding *g);
/* Were we shut out in mid-scan? Listed: guarding_end found us. What was silent and nothing vouches
 * for becomes unknown then, and err says so: -1. */
int guarding_judge(bool listed, struct observations *seen, struct error *err);
void guarding_done(struct guarding *g);

#endif
