/* Ctrl-C: one flag that every waiting loop looks at, so that what is there can still be
 * reported. */
#ifndef ROSAUDIT_CANCEL_H
#define ROSAUDIT_CANCEL_H

#include <stdbool.h>

/* Catches SIGINT and SIGTERM; the second one ends the program at once. */
void cancel_install(void);
/* True once the user asked to stop. Async-signal-safe to set, cheap to ask. */
bool cancel_requested(void);
/* A descriptor that becomes readable at the same moment, for poll and epoll; -1 before install. */
int cancel_fd(void);

#endif
