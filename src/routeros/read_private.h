/* What both ways of reading share. Private to src/routeros. */
#ifndef ROUTEROS_READ_PRIVATE_H
#define ROUTEROS_READ_PRIVATE_H

#include "rosaudit/routeros.h"

/* Sets d->static_complete, and notes which of the services that every RouterOS has are missing. */
void device_judge_completeness(struct device *d);

/* Fills d->seen_as where one address alone can be ours. -1 only when the conversation failed. */
int read_vantage_console(const struct asker *asker, const struct reader *who, struct device *d,
                         struct error *err);
int read_vantage_rest(const struct asker *asker, const struct reader *who, struct device *d,
                      struct error *err);

/* Does the text show a router that answers no command yet: no licence, a password that has
 * expired, the questions of a first login? err is then set to ERROR_REMOTE. */
bool console_is_state(const char *p, size_t n, struct error *err);

#endif
