/* Fixed results that the report tests write in every format. */
#ifndef ROSAUDIT_TESTS_SAMPLE_RESULTS_H
#define ROSAUDIT_TESTS_SAMPLE_RESULTS_H

#include <stddef.h>

#include "rosaudit/arena.h"
#include "rosaudit/result.h"

struct sample {
	struct arena arena;
	struct results results;
	struct target *targets; /* as many as results */
};

/* The named samples: "empty", "clean", "mixed", "hostile", "unreachable", "incomplete",
 * "no-policy", "interrupted", "waived". Heap; the caller frees with sample_free. */
struct sample *sample_new(const char *name);
/* n routers, clean, mixed and unreachable ones in turn. */
struct sample *sample_many(size_t n);
/* One router whose every text is random bytes from the seed. */
struct sample *sample_random(unsigned seed);
void sample_free(struct sample *s);

extern const char *const sample_names[]; /* ends in NULL */

#endif
