/* Reports: one file and one row per format, all from the same results. Pure. */
#ifndef ROSAUDIT_REPORT_H
#define ROSAUDIT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/buf.h"
#include "rosaudit/result.h"

struct report_options {
	size_t width; /* terminal columns for text; at least 80 */
	bool colour;  /* ANSI colours in text */
	bool verbose; /* text: show info findings and notes too */
};

struct report_format {
	const char *name;      /* "text", "json" */
	const char *extension; /* "txt", "json" */
	const char *help;      /* one line for --help */
	void (*write)(const struct results *results, const struct report_options *opt,
	              struct buf *out);
};

extern const struct report_format report_formats[];
extern const size_t report_formats_n;
/* NULL when there is none of that name. */
const struct report_format *report_find(const char *name);

/* Listing of `rosaudit parse`. */
struct device;
void report_services_text(const struct device *d, struct buf *out);
void report_services_json(const struct device *d, struct buf *out);

#endif
