/* Who walks, and the ends that were met. Private to walk.c and endings.c. */
#ifndef ROSAUDIT_EXPOSURE_WALK_PRIVATE_H
#define ROSAUDIT_EXPOSURE_WALK_PRIVATE_H

#include "exposure_private.h"

struct end_span {
	addr_number first, last;
	uint32_t kind; /* index into kinds */
};

/* Ends that are alike. */
struct end_kind {
	unsigned mask;
	const struct rule *rule;
	const char *why;
};

struct walker {
	const struct walk_input *in;
	const struct firewall *f;
	struct arena *arena;
	struct paint paint;
	struct labels labels;
	uint32_t back[64]; /* of each frame: what may have left it, and goes on behind it */
	unsigned depth;
	const struct chain *inside[64];
	uint64_t *steps;
	struct end_span *ends;
	size_t ends_n, ends_cap;
	struct end_kind *kinds;
	size_t kinds_n, kinds_cap;
};

/* Notes the end of every range of root; what its labels say that it may have met counts, too. */
void endings_note(struct walker *w, uint32_t root, const struct end_kind *kind);
/* All that were noted, those that are alike as one. */
void endings_gather(struct walker *w, struct endings *out);

#endif
