/* Keeping a router's answers for later. Private to src/cli. */
#ifndef CLI_SAVING_H
#define CLI_SAVING_H

#include "rosaudit/policy.h"
#include "rosaudit/routeros.h"

/* The answers of one session. */
struct saving {
	const struct target *target;
	struct buf text;
	struct keeper keeper; /* for the reader; its ctx is this struct, which must not move */
	bool is_rest;
};

void saving_begin(struct saving *s, const struct target *t, const struct reader *who);
/* Writes what was kept, if the target wants it. 0, or -1 with a sentence; the reading stands. */
int saving_end(struct saving *s, struct error *err);

#endif
