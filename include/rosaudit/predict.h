/* The firewall evaluator: from what a router's menus say to who can reach its services. Pure. */
#ifndef ROSAUDIT_PREDICT_H
#define ROSAUDIT_PREDICT_H

#include <stddef.h>

#include "rosaudit/device.h"
#include "rosaudit/exposure.h"

/* Something that listens beside the rows of /ip service: what another menu opened. */
struct exposure_listener {
	const char *name;
	int port;
	enum transport_proto proto;
	const char *vrf;    /* NULL = main */
	enum tri listening; /* TRI_UNKNOWN: nobody knows */
};

struct predict_input {
	const struct device *device; /* must outlive the exposure */
	/* More listeners; those of /ip service, static and dynamic, and the features that the
	 * device's menus turn on are found without. */
	const struct exposure_listener *listeners;
	size_t listeners_n;
};

/*
 * Computes the matrix, the gaps and the flaws. *out is initialised by the caller. Never fails: what
 * was not read, or not understood, is unknown in the matrix and told in the gaps. Without any menu
 * of a firewall nothing is computed, and out->known stays false.
 */
void exposure_predict(const struct predict_input *in, struct exposure *out);

#endif
