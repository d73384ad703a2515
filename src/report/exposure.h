/* What the reports of an exposure share. Private to src/report. */
#ifndef ROSAUDIT_REPORT_EXPOSURE_H
#define ROSAUDIT_REPORT_EXPOSURE_H

#include "rosaudit/exposure.h"
#include "rosaudit/report.h"

/* The sources of one kind and reason, over all interfaces where they are the same. */
struct exposure_line {
	const struct exposure_row *row; /* the first of them */
	const struct exposure_part *part;
	struct addrset from; /* the part's, or what of it was asked for */
	const char *via;     /* "bridge, vlan10"; foreign text */
};

struct exposure_lines {
	struct exposure_line *v;
	size_t n;
};

/* Is the row asked for? */
bool exposure_is_asked(const struct exposure_row *r, const struct exposure_ask *ask);
/* What of the part's sources is asked for. */
struct addrset exposure_asked_of(const struct exposure_part *p, const struct exposure_ask *ask,
                                 struct arena *arena);
/* The lines of all rows with the first one's service, port, protocol and family. From arena. */
void exposure_group(const struct exposure *e, const struct exposure_row *first,
                    const struct exposure_ask *ask, struct arena *arena,
                    struct exposure_lines *out);
/* "192.168.88.0/24 via bridge (rule 5)", "IPv6: everyone via ether1 (no rule drops it)", in the
 * reader's language; raw. Appends. */
void exposure_line_say(const struct exposure_line *l, struct buf *out);
/* Are they the same service, of which one heading tells? */
bool exposure_same_service(const struct exposure_row *a, const struct exposure_row *b);

#endif
