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
	const char *name;      /* "text", "json", "junit" */
	const char *extension; /* "txt", "json", "xml" */
	const char *help;      /* one line for --help */
	void (*write)(const struct results *results, const struct report_options *opt,
	              struct buf *out);
	/* The exit status of the run when this format is the one on stdout; NULL = the program's
	 * own (results_exit_status). Monitoring plugins have statuses of their own. NULL results:
	 * nothing could be audited, or the report not be written. */
	int (*status)(const struct results *results);
};

extern const struct report_format report_formats[];
extern const size_t report_formats_n;
/* NULL when there is none of that name. */
const struct report_format *report_find(const char *name);
/* "text, json, … and html", with last ("and", "or") before the last one. Appends. */
void report_names(const char *last, struct buf *out);

/* Listing of `rosaudit parse`. */
struct device;
void report_services_text(const struct device *d, struct buf *out);
void report_services_json(const struct device *d, struct buf *out);

/* What of an exposure is wanted; NULL and false: all. */
struct exposure_ask {
	const char *interface, *service;
	struct prefix from;
	bool has_from;
};

/* `rosaudit exposure`: the matrix for people, 80 columns or more, and for programs
 * (docs/exposure.schema.json). */
struct exposure;
void report_exposure_text(const struct exposure *e, const struct exposure_ask *ask,
                          const struct report_options *opt, struct buf *out);
void report_exposure_json(const char *router, const struct exposure *e,
                          const struct exposure_ask *ask, struct buf *out);

/* `rosaudit ports`: the catalogue. */
void report_ports_text(struct buf *out);
void report_ports_json(struct buf *out);

#endif
