/* From layers to targets. Internal to src/config. */
#ifndef ROSAUDIT_CONFIG_LOAD_H
#define ROSAUDIT_CONFIG_LOAD_H

#include <stdint.h>

#include "read.h"
#include "rosaudit/device.h"

/* One place that is laid into targets: a profile, the top level, defaults. It is read once, and
 * where it uses variables once more for each router. */
struct source {
	struct reading r; /* its file and place */
	enum schema_place place;
	const struct node *root; /* NULL: not there */
	bool uses_vars;
	bool is_valid;
	struct layer layer; /* without what uses variables */
};

/* A profile that was read, or tried: each file only once, however many routers name it. */
struct profile {
	const char *name; /* as it was first written */
	const char *path; /* where it was found */
	uint64_t device, inode;
	struct source source;
	bool is_open; /* its own `extends` is being followed */
	struct profile *next;
};

/* Profiles in the order in which they are laid, each once. */
struct profile_list {
	struct profile **v;
	size_t n;
};

/* What one run of config_load holds together. */
struct loader {
	struct reading r;                /* of the policy file */
	const char *const *profile_dirs; /* ends in NULL; may itself be NULL */
	struct profile *profiles;
	struct layer base;
	struct source top, defaults;
	bool uses_vars; /* the policy file does */
	struct config *out;
	struct origin *named_at; /* beside out->targets: where each got its name */
	size_t cap;              /* of both */
};

/* Reads the source's layer, without its variables. 0 or -1. */
int source_read(struct source *s);
/* The source's layer, with variables replaced where it has any; *result is -1 after a mistake. */
const struct layer *source_layer(const struct source *s, const struct vars *vars, int *result);

/* services.c, ports.c: read what stands below `services:` or `ports:` into *part. 0 or -1. */
int services_read(const struct reading *r, const struct node *n, struct policy_part *part);
int ports_read(const struct reading *r, const struct node *n, struct policy_part *part);
/* exposure.c: the same of `exposure:`, and of `prefixes:` into l->names. 0 or -1. */
int exposure_read(const struct reading *r, const struct node *n, struct policy_part *part);
int prefixes_read(const struct reading *r, const struct node *n, struct layer *l);
/* Adds the layer's names to the policy's. */
void names_lay(struct arena *arena, const struct layer *l, struct policy *out);
/* Names of sources that nobody has given a meaning are mistakes. 0 or -1. */
int exposure_check_names(const struct reading *r, const struct policy *p,
                         const struct policy_part *part);
struct expect_service *part_find_exposure(const struct policy_part *p, const char *name);
void part_add_exposure(struct arena *arena, struct policy_part *p, const struct expect_service *s);
/* services.c: tells of a name that no service has, with the nearest one. -1. */
int service_unknown(const struct reading *r, const struct node *key);
/* One entry of either: a word or keys. 0 or -1. */
int entry_read(const struct reading *r, enum schema_place place, const struct node *n,
               struct expect_service *s);
/* blocks.c: all of a layer that read_keys left as nodes: services, ports, when, waivers. 0 or
 * -1. */
int layer_read_policy(const struct reading *r, struct layer *l);
bool vars_in_block(const struct node *map);

/* parts.c */
struct expect_service *part_find(const struct policy_part *p, const char *name);
/* The entry for the very same ports. */
struct expect_port *part_find_port(const struct policy_part *p, const struct expect_port *like);
void part_add(struct arena *arena, struct policy_part *p, const struct expect_service *s);
void part_add_port(struct arena *arena, struct policy_part *p, const struct expect_port *e);
/* Lays the parts over one another into *out; keeps them there when any has a condition. */
void parts_settle(struct arena *arena, struct policy_part *parts, size_t n, struct policy *out);

/* condition.c */
bool version_test_holds(const struct version_test *t, const struct ros_version *v);
/* Is the condition one of that router, by name and group? */
bool condition_is_for(const struct condition *c, const struct target *t);
/* d NULL: nothing is known of the router. */
enum tri condition_holds(const struct condition *c, const struct target *t, const struct device *d);

/* Appends the named profiles, each behind those that it extends. `from` is the file that names
 * them; at is where. 0, or -1 with the mistakes told. */
int profiles_collect(struct loader *l, const char *const *names, size_t n,
                     const struct reading *from, const struct node *at, struct profile_list *out);

/* Merges profiles, top level, defaults and router, checks what one key alone cannot show, and
 * appends the target, or one for each of hosts. vars may be NULL. 0 or -1. */
int target_add(struct loader *l, const struct reading *r, const struct layer *router,
               const struct vars *vars, const struct node *at);
/* A prompt that several routers have is asked once for each user: marks it so. */
void targets_share_prompts(const struct loader *l);
/* What only the whole file shows: groups, and for whom the waivers are. 0 or -1. */
int targets_settle(struct loader *l);
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
