/* What the first bytes of a connection say. Pure. */
#ifndef SCAN_IDENTIFY_H
#define SCAN_IDENTIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/catalogue.h"

/* Does the text so far fit a protocol? MAYBE: it is a beginning that more bytes could complete. */
enum fit { FIT_NO = 0, FIT_MAYBE, FIT_YES };

/* How much of what it says is worth waiting for once the protocol is known. */
enum keep {
	KEEP_FIRST = 0, /* what came is enough */
	KEEP_MORE, /* a short while longer: further bytes may change the judgement or complete it */
	KEEP_LINE, /* to the end of the line: a greeting */
	KEEP_HEAD, /* to the empty line that ends an HTTP head */
};

struct identity {
	enum app_proto app; /* APP_UNKNOWN while fit is FIT_MAYBE */
	enum fit fit;       /* FIT_NO: it is nothing known, app is APP_OTHER */
	enum keep keep;
};

/* Judges the bytes so far. */
struct identity identify_so_far(const char *p, size_t n);
/* Is the greeting of that sort complete? */
bool identify_complete(enum keep keep, const char *p, size_t n);
/* The part worth keeping as the banner: the greeting line, the head, or all; *start is its offset.
 * Returns its length. */
size_t identify_banner(enum app_proto app, const char *p, size_t n, size_t *start);

#endif
