/* YAML → struct scenario. */
#ifndef MOCK_SCENARIO_READ_H
#define MOCK_SCENARIO_READ_H

#include "scenario.h"
#include "tree.h"

/* Fills s, which holds the defaults that depend on no version. 0, or -1 after a complaint. */
int scenario_read(struct tree_at root, struct scenario *s);
/* Parts of it that scenario_read.c owns: one element of users:, and the mappings services: and
 * lies: with the scenario as into. */
int scenario_read_user(struct tree_at at, struct scenario *s);
int scenario_read_services(struct tree_at at, void *into);
int scenario_read_lies(struct tree_at at, void *into);
/* "fin" or "rst". */
int scenario_read_refusal(struct tree_at at, enum refusal *out);

#endif
