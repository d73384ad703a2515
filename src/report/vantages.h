/* Service by vantage, as text and html show it. Private to src/report. */
#ifndef ROSAUDIT_REPORT_VANTAGES_H
#define ROSAUDIT_REPORT_VANTAGES_H

#include <stddef.h>
#include <stdint.h>

#include "rosaudit/arena.h"
#include "rosaudit/result.h"

struct vantage_row {
	const char *name; /* "-" of a port that is no service's */
	uint16_t port;
	enum transport_proto proto;
};

struct vantage_rows {
	struct arena arena;
	struct vantage_row *v;
	size_t n;
};

/* The services that were looked for from anywhere, then the ports that are open from some vantage
 * and are no service's. Names are the findings'. */
void vantage_rows_make(const struct result *r, struct vantage_rows *out);
void vantage_rows_done(struct vantage_rows *rows);
/* What was seen of it: place 0 is where we log in from, the others are the vantages. NULL: not
 * looked for. */
const struct observation *vantage_seen(const struct result *r, size_t place,
                                       const struct vantage_row *row);
/* "serving", "refused", "silent", "open", "closed", "filtered", "open|filtered", "unknown"; "-" for
 * NULL. In the language of people. */
const char *vantage_word(const struct observation *o);

#endif
