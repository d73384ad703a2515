/* The firewall evaluator: from what a router's menus say to who can reach its services. Pure. */
#ifndef ROSAUDIT_PREDICT_H
#define ROSAUDIT_PREDICT_H

#include <stddef.h>

#include "rosaudit/cause.h"
#include "rosaudit/device.h"
#include "rosaudit/exposure.h"

struct predict_input {
	const struct device *device; /* must outlive the exposure */
	/* What listens and who opened it. NULL: the rows of /ip service alone, static and
	 * dynamic. */
	const struct listeners *listeners;
};

/*
 * Computes the matrix, the gaps and the flaws. *out is initialised by the caller. Never fails: what
 * was not read, or not understood, is unknown in the matrix and told in the gaps. Without any menu
 * of a firewall nothing is computed, and out->known stays false.
 */
void exposure_predict(const struct predict_input *in, struct exposure *out);

#endif
