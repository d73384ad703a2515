/* From layers to targets. Internal to src/config. */
#ifndef ROSAUDIT_CONFIG_LOAD_H
#define ROSAUDIT_CONFIG_LOAD_H

#include "read.h"

/* A profile that was read, or tried: each only once, however many routers name it. */
struct profile {
	const char *name; /* as it was written */
	const char *path; /* where it was found */
	struct layer layer;
	bool is_valid;
	struct profile *next;
};

/* What one run of config_load holds together. */
struct loader {
	struct reading r;                /* of the policy file */
	const char *const *profile_dirs; /* ends in NULL; may itself be NULL */
	struct profile *profiles;
	struct layer base, top, defaults;
	struct config *out;
	struct origin *named_at; /* beside out->targets: where each got its name */
	size_t cap;              /* of both */
};

/* Reads `services:` of the layer (its services_node) into its services. 0 or -1. */
int services_read(const struct reading *r, struct layer *l);
/* Lays over's services over under's: per service, and per key of each. */
void services_merge(struct arena *arena, struct layer *under, const struct layer *over);

/* The profile of that name, read once; NULL, told as a mistake at `at`, when there is none or
 * it has mistakes of its own. */
const struct profile *profile_get(struct loader *l, const char *name, const struct node *at);

/* Merges profile, top level, defaults and router, checks what one key alone cannot show, and
 * appends the target, or one for each of hosts. 0 or -1. */
int target_add(struct loader *l, const struct reading *r, const struct layer *router,
               const struct node *at);
/* Two routers of one name are a mistake. 0 or -1. */
int targets_check_names(const struct loader *l);

void loader_init(struct loader *l, const char *file, const char *const *profile_dirs,
                 struct config *out, struct error_list *errors);
/* Sorts the mistakes; after any, out has no targets. 0, or -1 after any. */
int loader_finish(struct loader *l);

/* Reads a file into *out, and turns a failure into a configuration error. 0 or -1. */
int config_read_file(const char *path, struct buf *out, struct error *err);
/* In the order of the files (main first, then as they were read) and of their lines. */
void error_list_sort(struct error_list *l, const char *main_file);

#endif
