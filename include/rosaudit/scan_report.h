/* Scans written, host after host, and read back: one file per form. Pure. */
#ifndef ROSAUDIT_SCAN_REPORT_H
#define ROSAUDIT_SCAN_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/buf.h"
#include "rosaudit/error.h"
#include "rosaudit/scanned.h"

struct scan_report_options {
	bool reason;    /* text: what each state was told by */
	bool open_only; /* text: only ports that are open, or may be */
	bool verbose;   /* text and XML: hosts that are down, too */
	const struct port_names *names;
};

/* One report on its way. The writer appends to out, which the caller may empty between two calls;
 * out->overflow tells that it did not fit. */
struct scan_writer {
	const struct scan_form *form;
	const struct scan_head *head;
	struct scan_report_options opt;
	struct buf *out;
	size_t hosts; /* written so far */
	void *state;  /* the form's own */
};

/* A form that a scan is written in: begin once, host for each (sorted, in order), end once, which
 * frees what begin made. */
struct scan_form {
	const char *name;
	void (*begin)(struct scan_writer *w);
	void (*host)(struct scan_writer *w, const struct scanned_host *h);
	void (*end)(struct scan_writer *w, const struct scan_sum *sum);
};

extern const struct scan_form scan_form_text, scan_form_json, scan_form_xml;

/* Takes one host of a scan that is read; it is freed afterwards. -1 ends the reading. */
typedef int scan_take_host(void *context, const struct scan_head *head,
                           const struct scanned_host *h, struct error *err);

/* Reads nmap's XML (p is not NUL-terminated; hostile: no entities, no network, limits of limits.h),
 * or a scan of `rosaudit scan --format json`. `where` names it in errors. 0 or -1. */
int scan_read_xml(const char *p, size_t n, const char *where, scan_take_host *take, void *context,
                  struct error *err);
int scan_read_json(const char *p, size_t n, const char *where, scan_take_host *take, void *context,
                   struct error *err);
/* Whichever of the two it is. */
int scan_read(const char *p, size_t n, const char *where, scan_take_host *take, void *context,
              struct error *err);

#endif
