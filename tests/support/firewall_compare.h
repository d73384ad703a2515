/* The evaluator against the oracle, over random firewalls. */
#ifndef TESTS_FIREWALL_COMPARE_H
#define TESTS_FIREWALL_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "rosaudit/buf.h"

struct comparison {
	uint64_t pairs;   /* (firewall, packet) */
	uint64_t throws;  /* of the coins, over all pairs */
	uint64_t decided; /* pairs of which the evaluator knew the end */
	uint64_t vague;   /* unknown, while every throw had the same end */
};

/* One random firewall, `sources` sources for each interface and service. False when they disagree:
 * why then tells, with the firewall's text. */
bool firewall_compare(uint64_t seed, int family, bool guess, unsigned sources,
                      struct comparison *sum, struct buf *why);

#endif
