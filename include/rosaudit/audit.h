/* Comparing: policy × declared × reachable → findings. Pure. */
#ifndef ROSAUDIT_AUDIT_H
#define ROSAUDIT_AUDIT_H

#include <stddef.h>
#include <stdint.h>

#include "rosaudit/cause.h"
#include "rosaudit/device.h"
#include "rosaudit/exposure.h"
#include "rosaudit/finding.h"
#include "rosaudit/observation.h"
#include "rosaudit/policy.h"
#include "rosaudit/result.h"
#include "rosaudit/vantage.h"

struct audit_input {
	const struct target *target; /* policy, scan wishes, port-map */
	const struct device *device;
	const struct device *second; /* the REST reading of transport `both`, or NULL */
	const struct observations *observations;
	const struct vantage *vantages; /* what was seen from elsewhere */
	size_t vantages_n;
	const struct exposure *exposure; /* who can reach what, or NULL */
	const struct device *after;      /* the firewall's menus read again after the scan, for the
	                                  * rules' counters, or NULL */
	const struct listeners *listeners; /* of the device: which line opens which port */
	int64_t now; /* seconds since 1970, for waivers that expire; 0: none has */
};

/* Runs every rule. *out is initialised by the caller; its texts belong to out->arena. */
void audit_run(const struct audit_input *in, struct findings *out);

/* The same findings in the words of another language: as many, in the order of the English ones
 * that audit_run made from the same input. *out is initialised by the caller. */
struct language;
void audit_say(const struct audit_input *in, const struct language *language,
               const struct findings *english, struct findings *out);

/* After all routers: a waiver that several of them share is told once, with the first of them,
 * when it has expired, or when every router that has it was audited and none had such a
 * finding. */
void audit_finish(struct result *v, size_t n, int64_t now);

/* The rules' descriptions, for explain, JSON and tests: ascending ids. */
extern const struct rule_info *const audit_rules[];
extern const size_t audit_rules_n;
/* Case ignored; NULL when there is none. */
const struct rule_info *audit_rule_find(const char *id);

#endif
