/* Every request as one line, and the count of those that were not reads. */
#ifndef MOCK_TRANSCRIPT_H
#define MOCK_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "net.h"

struct transcript;

/* path NULL: nothing is written, forbidden requests are still counted. NULL when the file cannot be
 * opened. */
struct transcript *transcript_open(const char *path);
/* "TIME CHANNEL PEER TEXT", control characters escaped; allowed false counts as not read-only. */
void transcript_add(struct transcript *t, const char *channel, const struct endpoint *peer,
                    const char *text, size_t n, bool allowed);
/* Prints what was not read-only to stderr and closes. Returns how many there were. */
size_t transcript_close(struct transcript *t);

#endif
