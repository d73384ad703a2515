/* One source's packet through raw and input, with what it leaves behind in address lists. */
#ifndef EXPOSURE_TRIAL_H
#define EXPOSURE_TRIAL_H

#include "exposure_private.h"

enum { TRIAL_DEPTH = 64 };

struct trial {
	const struct firewall *f;
	struct arena *arena;
	addr_number us;
	struct packet packet;
	const bool *shuts;     /* by list: some rule shuts out who is in it */
	uint64_t added, maybe; /* lists that we were, or may have been, put into */
	bool unsure;           /* something above may have ended the packet already */
	bool dead;             /* dropped for sure */
	const struct chain *inside[TRIAL_DEPTH];
	unsigned depth;
	unsigned steps;
	/* The first rule that put us into a list that shuts out; NULL = none did. */
	const struct rule *trap;
	bool trap_sure;
};

/* Is it a condition on how often or how many: one that a slow and patient scan stays below? */
bool is_counting(const struct matcher *m);
/* Does the rule match our packet, while we are slow: `limit` not used up, psd not reached? */
enum tri trial_matches(struct trial *t, const struct rule *r);
/* A new connection: changes added, maybe and trap. */
void trial_connect(struct trial *t);

#endif
