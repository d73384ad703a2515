/* An SSH server's identification and key exchange offer (RFC 4253 4.2, 7.1). Pure. */
#ifndef SCAN_SSH_OFFER_H
#define SCAN_SSH_OFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/facts.h"

enum ssh_offer_state {
	SSH_OFFER_MORE = 0, /* not all is there yet */
	SSH_OFFER_WHOLE,    /* the offer is filled in */
	SSH_OFFER_NONE,     /* what came is no such offer, nor will be */
};

/* Reads all bytes that a server sent so far. Fills protocol, software and protocol_1 as soon as
 * the identification line is whole (else they stay NULL), the name-lists once they are. */
enum ssh_offer_state ssh_offer_read(const char *p, size_t n, struct arena *arena,
                                    struct ssh_facts *out);
/* Is the identification line whole, and of a server that takes ours of SSH 2? */
bool ssh_speaks_2(const char *p, size_t n);

#endif
