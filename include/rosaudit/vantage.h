/* What was seen of a router from a place beside the one that we log in from. Made by src/cli, read
 * by src/audit and src/report. */
#ifndef ROSAUDIT_VANTAGE_H
#define ROSAUDIT_VANTAGE_H

#include <stdbool.h>

#include "rosaudit/error.h"
#include "rosaudit/observation.h"
#include "rosaudit/policy.h"

struct vantage {
	const struct vantage_spec *spec;  /* borrowed from the config */
	struct observations observations; /* by the router's own ports */
	/* The address under which the router sees it. Not known when a NAT stands between, or may
	 * stand, and the policy does not tell (`from`). */
	bool from_known;
	struct address from;
	/* Why nothing was seen from there; the first of them is the result's error, too. */
	struct error error;
};

void vantage_init(struct vantage *v, const struct vantage_spec *spec);
void vantage_done(struct vantage *v);

#endif
