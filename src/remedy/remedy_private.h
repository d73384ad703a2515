/* What the files of src/remedy share. */
#ifndef ROSAUDIT_REMEDY_PRIVATE_H
#define ROSAUDIT_REMEDY_PRIVATE_H

#include "rosaudit/remedy.h"

/* The step's change of that property, or NULL. */
struct remedy_change *step_find(struct remedy_step *s, const char *property);
/* Appends a change; the property must not be there yet. */
void step_add(struct remedy_step *s, const char *property, const char *value, const char *old,
              const struct finding *why);
/* The step of a row, or NULL. */
struct remedy_step *remedy_step_of(const struct remedy *r, const struct service *row);
/* Takes a change out of its step and lists it among what is left out. */
void remedy_leave(struct remedy *r, const struct remedy_input *in, struct remedy_step *s,
                  struct remedy_change *c, const char *reason);
/* "/ip service set NAME p=v p=v", or the feature's command. From r->arena. */
const char *step_command(struct remedy *r, const struct device *d, const struct remedy_step *s);

/* branch.c: takes out what would cut the way by which we came, marks what may be cut. */
void branch_keep(const struct remedy_input *in, struct remedy *r);
/* The names of the services that are ways in, now and after the script, "ssh, winbox"; "" =
 * none. */
const char *branch_ways(const struct remedy_input *in, struct remedy *r);

/* order.c */
/* Takes out what would put two services on one port. */
void order_settle(const struct remedy_input *in, struct remedy *r);
/* The n steps in a safe order, with a step that makes room where two services change places; the
 * array comes from arena, its number goes to *sorted_n. */
struct remedy_step *order_steps(struct arena *arena, const struct remedy_step *v, size_t n,
                                size_t *sorted_n);

#endif
