/* Inner header of write.c and write_target.c. */
#ifndef ROSAUDIT_CONFIG_WRITE_H
#define ROSAUDIT_CONFIG_WRITE_H

#include "rosaudit/draft.h"

/* The keys that lead to the router. */
void write_target(const struct draft *d, struct buf *out);

#endif
