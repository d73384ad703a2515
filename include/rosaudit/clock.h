/* Time: a monotonic clock in milliseconds for deadlines, UTC text for reports. */
#ifndef ROSAUDIT_CLOCK_H
#define ROSAUDIT_CLOCK_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Milliseconds of the monotonic clock. */
int64_t clock_ms(void);
/* Microseconds of the monotonic clock. */
int64_t clock_us(void);
/* RFC 3339, UTC: "2026-11-22T18:30:00Z"; out has at least 21 bytes. */
void clock_rfc3339(time_t t, char *out, size_t n);

#endif
