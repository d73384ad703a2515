/* A policy's text from what a router is now: src/config writes what src/config reads. */
#ifndef ROSAUDIT_DRAFT_H
#define ROSAUDIT_DRAFT_H

#include <stddef.h>

#include "rosaudit/buf.h"
#include "rosaudit/device.h"
#include "rosaudit/finding.h"
#include "rosaudit/observation.h"
#include "rosaudit/policy.h"

struct draft {
	const struct target *target; /* how the router is reached; its policy is not looked at */
	const struct device *device;
	const struct observations *observations;
	const char *made;   /* time of the reading, RFC 3339 */
	const char *schema; /* for editors: path of the JSON Schema */
	/* Findings that the policy would not pass with: each gets a waiver that expires. */
	const struct finding *const *waived;
	size_t waived_n;
	const char *expires; /* YYYY-MM-DD */
};

/* Appends a commented policy file of one router. No secret is in it: a password that was given as a
 * text becomes a question. */
void config_write(const struct draft *d, struct buf *out);
/* Appends a text as a double-quoted YAML scalar. */
void config_quote(const char *text, struct buf *out);

#endif
