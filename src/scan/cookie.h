/* Sequence numbers that only an answer to our own probe can know: a keyed hash of whom it was sent
 * to, so that no list of probes is kept and forged answers count for nothing. Pure. */
#ifndef SCAN_COOKIE_H
#define SCAN_COOKIE_H

#include <stddef.h>
#include <stdint.h>

#include "rosaudit/prefix.h"

struct cookie_key {
	uint64_t k0, k1; /* random for each scan */
};

/* SipHash-2-4 (Aumasson, Bernstein 2012) of n bytes. */
uint64_t cookie_hash(const struct cookie_key *key, const uint8_t *p, size_t n);
/* The sequence number of a probe from our port to the host's. */
uint32_t cookie_seq(const struct cookie_key *key, const struct address *to, uint16_t to_port,
                    uint16_t from_port);

#endif
