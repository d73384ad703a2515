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

#endif
