/* Reading nodes into structs by the schema, and complaining about them. Internal to src/config. */
#ifndef ROSAUDIT_CONFIG_READ_H
#define ROSAUDIT_CONFIG_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/arena.h"
#include "rosaudit/config.h"
#include "schema.h"
#include "yaml.h"

/* What every reader needs to know: where strings live, where mistakes go, and where we are. */
struct reading {
	struct arena *arena;
	struct error_list *errors;
	const char *file;        /* as the user wrote it: for origins, errors and relative paths */
	const char *place;       /* "service \"ssh\"": for errors; foreign text inside is raw */
	bool secret;             /* never quote keys or values: they may be a password */
	const struct vars *vars; /* NULL: what holds ${…} is left for later */
};

/* Mappings of `vars:`, the nearest last. */
struct vars {
	const struct node **maps;
	size_t n;
};

/* The value with ${name} replaced: a scalar, or a list with its items; a mapping comes back as it
 * is. NULL, told as a mistake, where a variable is unknown or does not fit; r->vars is not NULL. */
const struct node *vars_expand(const struct reading *r, const struct node *n);
/* Does the scalar or list hold ${…}? */
bool vars_used(const struct node *n);
/* Checks a mapping of variables. 0 or -1. */
int vars_check(const struct reading *r, const struct node *map);

/* Adds a mistake at the node; hint may be NULL. Both return -1. */
int reading_fault(const struct reading *r, const struct node *at, const char *hint, const char *fmt,
                  ...) __attribute__((format(printf, 4, 5)));
/* `"port" in service "ssh" must be a number from 1 to 65535, not "70000"`. */
int reading_wrong(const struct reading *r, const struct schema_key *k, const struct node *at,
                  const char *hint);

/* Nothing more will be told: a reader may stop looking for likenesses. */
bool reading_is_full(const struct reading *r);

struct origin reading_origin(const struct reading *r, const struct node *at);

/* Reads every key of a mapping into base (the struct that the place's rows point into). Unknown,
 * repeated and missing keys and wrong values are mistakes; all are told. 0, or -1 after any. */
int read_keys(const struct reading *r, enum schema_place place, const struct node *map, void *base);

/* The key of a pair as text; NULL, told as a mistake, when it is a list, a mapping or nothing. */
const char *read_key_text(const struct reading *r, const struct node *key);

/* The key in quotes and a blank, for a sentence; of {password:secret} and {password secret}
 * only the first word; nothing where the key itself may be a secret. */
const char *quoted_key(const struct reading *r, const struct node *key);

/* Tells of a key that stood before, on another line. */
int read_repeated(const struct reading *r, const struct node *key, const struct node *first);

/* The value of the pair with that key, or NULL. */
const struct node *node_get(const struct node *map, const char *key);

/* Lays what `over` says over `under`: keys that are written in over win. Parts of the policy:
 * parts.c. */
void layer_merge(struct layer *under, const struct layer *over);
/* The schema's defaults. */
void layer_init(struct layer *l, struct arena *arena);

#endif
