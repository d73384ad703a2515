/* What a write changes: properties of the static services, while the mock runs. */
#ifndef MOCK_CHANGE_H
#define MOCK_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "scenario.h"

struct change;

struct change *change_new(struct scenario *s);
void change_free(struct change *c);
/* The scenario, to be changed while the lock is held. */
struct scenario *change_scenario(struct change *c);
/* Whoever has to follow a change: called with the lock held. */
void change_follow(struct change *c, void (*moved)(void *who), void *who);
/* Everybody who looks at the services' properties holds it. */
void change_lock(struct change *c);
void change_unlock(struct change *c);

/* Does this version's `set` take the property for this service? */
bool change_takes(const struct scenario *s, const struct service *one, const char *property);
/* Sets a property that it takes. 0, or -1 when the value is none; then nothing is changed. The lock
 * is held. */
int change_set(struct change *c, size_t service, const char *property, const char *value);
/* Ends one command's changes: the ports follow. */
void change_settle(struct change *c);

#endif
