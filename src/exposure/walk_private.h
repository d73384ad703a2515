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
	uint64_t used;                /* frames that some label may have left */
	uint32_t serial, serials[64]; /* each frame's own number */
	uint32_t *taken;              /* by list: the frame in which nothing of it is left */
	uint8_t *taken_depth;
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

/* translate.c: does the translated packet stay on this router, and as what? */
enum tri stays_here(const struct walker *w, const struct rule *r, const struct packet *p,
                    struct packet *out);
/* "192.168.88.10:80", from the walk's arena. */
const char *say_target(const struct walker *w, const struct rule *r);

#endif
