/* Rules that are said never to match, against the oracle. */
#ifndef TESTS_FIREWALL_FLAWS_H
#define TESTS_FIREWALL_FLAWS_H

#include <stdbool.h>
#include <stdint.h>

#include "rosaudit/buf.h"

struct flaw_comparison {
	uint64_t firewalls, packets;
	uint64_t unreachable, shadowed, accept_above;
};

/* One random firewall; when some of its rules are said never to match, that many random packets.
 * False when one matches: why then tells, with the firewall's text. */
bool firewall_compare_flaws(uint64_t seed, int family, bool guess, unsigned packets,
                            struct flaw_comparison *sum, struct buf *why);

#endif
