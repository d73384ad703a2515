/* The slow second opinion: one packet at a time through the rules, as a router would do it, read
 * from the items' own words. Shares no code with src/exposure. Where no document or no reading can
 * tell what a router does, a coin decides: every possible router is one throw of the coins. */
#ifndef TESTS_FIREWALL_ORACLE_H
#define TESTS_FIREWALL_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

#include "rosaudit/device.h"
#include "rosaudit/exposure.h"

struct oracle_packet {
	int family;
	uint8_t src[16], dst[16]; /* 4 bytes of IPv4 */
	const char *in;
	bool tcp;
	int port;
	uint64_t coins; /* which throw */
};

enum { ORACLE_MATCHED = 64 };

struct oracle_verdict {
	enum exposure_outcome outcome;
	const struct item *rule;                    /* that ended it, or NULL */
	bool tossed;                                /* some coin was thrown */
	const char *to;                             /* of forwarded */
	const struct item *matched[ORACLE_MATCHED]; /* rules that did, the first ones */
	size_t matched_n;
};

void oracle_run(const struct device *d, const char *service, const struct oracle_packet *p,
                struct oracle_verdict *out);

/* How often rules matched, by matcher, negation and action, over all runs. */
struct oracle_hits {
	const char *matcher, *action;
	bool negated;
	uint64_t hits;
};
const struct oracle_hits *oracle_hits(size_t *n);

#endif
