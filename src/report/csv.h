/* The one emitter of CSV: RFC 4180, and nothing that a spreadsheet would take for a formula.
 * Private to src/report. */
#ifndef ROSAUDIT_REPORT_CSV_H
#define ROSAUDIT_REPORT_CSV_H

#include <stdbool.h>

#include "rosaudit/buf.h"

/* A row is begun with first = true, goes on with csv_field, and ends with csv_end. */
struct csv {
	struct buf *out;
	bool first; /* no field of the row is written yet */
};

/* One field from raw foreign text; NULL is empty. It is escaped for people first (so that it is one
 * line), an apostrophe goes before what a spreadsheet would calculate; it is quoted if need be. */
void csv_field(struct csv *c, const char *text);
/* Empty below min. */
void csv_number(struct csv *c, long long n, long long min);
/* CRLF, as RFC 4180 wants it. */
void csv_end(struct csv *c);

#endif
