/* Which further connections would tell more of a TLS port, one after the other, and what each
 * answer means. Pure. Only where more than one connection is allowed. */
#ifndef SCAN_EXAMINE_H
#define SCAN_EXAMINE_H

#include <stdbool.h>

#include "rosaudit/observation.h"
#include "tls_session.h"

/* How a server answered an offer. */
enum tls_answer {
	TLS_ANSWER_UNKNOWN = 0, /* no connection, silence, or not TLS */
	TLS_ANSWER_YES,         /* it chose from it */
	TLS_ANSWER_NO,          /* it refused it: an alert, or it hung up on a hello */
};

/* Zeroed before the first connection. */
struct examine {
	struct tls_facts tls; /* what is known by now */
	unsigned asked;       /* bit set of enum tls_offer */
	bool begun;
};

/* Is there another connection to be made, after o was found out by those before? */
bool examine_next(struct examine *x, const struct observation *o, enum tls_offer *offer);
/* The answer to that offer; facts of its handshake where there are any, else NULL. Adds to what o
 * tells. */
void examine_take(struct examine *x, enum tls_offer offer, enum tls_answer answer,
                  const struct tls_facts *facts, struct arena *arena, struct observation *o);

#endif
