/* The audit of one router, and of all: what a report is written from. */
#ifndef ROSAUDIT_RESULT_H
#define ROSAUDIT_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/cause.h"
#include "rosaudit/device.h"
#include "rosaudit/error.h"
#include "rosaudit/exposure.h"
#include "rosaudit/finding.h"
#include "rosaudit/observation.h"
#include "rosaudit/policy.h"
#include "rosaudit/vantage.h"

struct language;

struct result {
	const struct target *target; /* borrowed from the config */
	bool audited;                /* the router was read and judged */
	struct error error;          /* why not, when audited is false; when it is true: what of the
					* audit is missing (REST of transport `both`, the scan) */
	struct device device;
	struct listeners listeners; /* what opens which port; borrows from device */
	struct device after; /* some menus, read again after the scan: rules' counters, lists */
	struct observations observations;
	struct vantage *vantages; /* as the policy names them; heap, freed by result_done */
	size_t vantages_n;
	struct exposure
		exposure; /* who can reach what; its strings are the device's and the listeners' */
	struct findings findings;        /* in English: what machines read */
	const struct language *language; /* NULL: people read English, too */
	struct findings findings_read;   /* in that language, one for one */
	char started[24];                /* RFC 3339 */
	int64_t duration_ms;
	char address[64]; /* the one address that was used, "" = none */
};

struct results {
	struct result *v; /* in the order of the configuration */
	size_t n;
	char started[24];
	bool interrupted;
	enum severity fail_on;
	bool fail_never; /* --fail-on never: findings alone never make status 1 */
	/* Every rule that was run, ascending ids, for the formats that declare them (SARIF). Set by
	 * src/cli from audit_rules; src/report knows no src/audit. */
	const struct rule_info *const *rules;
	size_t rules_n;
	/* Why no router was even asked (a mistake in the command or the policy), for the formats
	 * that owe a line all the same; NULL elsewhere. Borrowed. */
	const struct error *mistake;
};

void result_init(struct result *r);
void result_done(struct result *r);
/* The findings in the words of those who read them. */
const struct findings *result_for_people(const struct result *r);

/* Exit status of the whole run: 0, 1, 3 or 130 (3 outranks 1). Waived findings count for none. */
int results_exit_status(const struct results *r);

#endif
