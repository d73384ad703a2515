/* A YAML text as a tree with positions. Internal to src/config. */
#ifndef ROSAUDIT_CONFIG_YAML_H
#define ROSAUDIT_CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/arena.h"
#include "rosaudit/error.h"

enum node_kind { NODE_SCALAR = 0, NODE_LIST, NODE_MAPPING };

struct node;

struct node_pair {
	const struct node *key, *value;
};

/* One value. An alias is the very node that its anchor names, so a tree may share branches; the
 * limits of limits.h hold for the tree as one walks it, shared branches counted each time. */
struct node {
	enum node_kind kind;
	size_t line, column;       /* 1-based; columns count characters */
	bool quoted;               /* NODE_SCALAR: written in quotes or as a block, so never null */
	const char *text;          /* NODE_SCALAR: NUL-terminated UTF-8 without a NUL inside */
	const struct node **items; /* NODE_LIST */
	struct node_pair *pairs;   /* NODE_MAPPING, in the order of the file, duplicates included */
	size_t n;                  /* bytes of text, or number of items or pairs */
	size_t weight;             /* nodes of the whole branch, this one included */
	size_t height;             /* levels below and with this one */
};

/* Reads one YAML document of UTF-8 text. *root and everything below belong to the arena; *root is
 * NULL when the text holds nothing but comments. 0, or -1 with the position of the first fault.
 * where is the file's name for errors. */
int yaml_read(const char *p, size_t n, const char *where, struct arena *arena,
              const struct node **root, struct error *err);

/* Nothing was written: `key:`, `~` or `null`. */
bool node_is_null(const struct node *n);

/* What libyaml said, in its own words, and where: input of yaml_explain. */
struct yaml_problem {
	const char *problem, *context;       /* context may be NULL */
	size_t line, column;                 /* 1-based */
	size_t context_line, context_column; /* where what was being read began */
};

/* Turns libyaml's problem into a sentence for people, with a hint where the usual cause is known.
 * Never quotes the text: it may be a password. Returns -1. (src/config/yaml_problem.c) */
int yaml_explain(const struct yaml_problem *y, const char *p, size_t n, const char *where,
                 struct error *err);

/* Refuses what is no UTF-8 text: other encodings, NUL and control characters. 0 or -1.
 * (src/config/yaml_problem.c) */
int yaml_check_text(const char *p, size_t n, const char *where, struct error *err);

#endif
