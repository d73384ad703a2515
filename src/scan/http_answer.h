/* An HTTP answer, as far as it came. Pure. */
#ifndef SCAN_HTTP_ANSWER_H
#define SCAN_HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/facts.h"

/* Is there nothing more to come that is worth waiting for: the head is there, and with it the whole
 * page, or the page is none of HTML? */
bool http_answer_whole(const char *p, size_t n);
/* Status, Server, Location, WWW-Authenticate, title. False when the first line is none of
 * HTTP's. */
bool http_answer_read(const char *p, size_t n, struct arena *arena, struct http_facts *out);

#endif
