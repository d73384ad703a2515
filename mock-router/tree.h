/* The scenario file as a tree: the only user of libyaml in this program. */
#ifndef MOCK_TREE_H
#define MOCK_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

struct tree;

/* One node with the file it stands in. node NULL = absent. */
struct tree_at {
	const struct tree *file;
	const void *node;
};

/* A row per key of a mapping; the table ends in {0}. take returns 0, or -1 after tree_complain. */
struct tree_key {
	const char *name;
	int (*take)(struct tree_at value, void *into);
};

/* NULL with a sentence in *complaint. Freed with tree_free. */
struct tree *tree_load(const char *path, struct text *complaint);
void tree_free(struct tree *y);
struct tree_at tree_root(const struct tree *y);

/* "FILE:LINE:COLUMN: what" into the file's complaint; the first wins. Always -1. */
int tree_complain(struct tree_at at, const char *what);
/* NULL when the node is no scalar. */
const char *tree_scalar(struct tree_at at);
bool tree_is_list(struct tree_at at);
size_t tree_count(struct tree_at at);                                      /* elements or pairs */
struct tree_at tree_item(struct tree_at at, size_t i);                     /* list */
const char *tree_pair(struct tree_at at, size_t i, struct tree_at *value); /* mapping: its key */

/* Hands every pair of the mapping to its row; an unknown key is an error. */
int tree_take(struct tree_at at, const struct tree_key *keys, void *into);
int tree_take_string(struct tree_at at, char **out); /* replaces and frees what was there */
int tree_take_number(struct tree_at at, long least, long most, int *out);
int tree_take_flag(struct tree_at at, bool *out); /* yes, no, true, false */

#endif
