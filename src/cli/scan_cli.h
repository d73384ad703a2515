/* What the files of `rosaudit scan` share. Private to src/cli. */
#ifndef ROSAUDIT_SCAN_CLI_H
#define ROSAUDIT_SCAN_CLI_H

#include "cli.h"
#include "rosaudit/hosts.h"
#include "rosaudit/scan_report.h"

/* The targets of one scan, walked one address at a time: a /16 takes no more room than a host. */
struct scan_targets {
	const struct options *o;
	struct arena arena;
	struct buf text; /* of -iL; the ranges' names point into it */
	struct host_range *ranges, *excluded;
	size_t ranges_n, ranges_cap, excluded_n;
	struct address source; /* of -S; family 0 = none */

	size_t at; /* where the walk is */
	struct host_cursor cursor;
	struct host_range around; /* the addresses of the name at `at` */
	const char *name;         /* of the range at `at`, or NULL */
	bool resolved;
	struct error first; /* the first target that was told and left out */
};

/* Reads operands, -iL and --exclude. 0, or -1 with a sentence (a malformed target, a file, more
 * addresses than LIMIT_SCAN_ADDRESSES without --yes). targets_close in either case. */
int scan_targets_open(const struct options *o, struct scan_targets *t, struct error *err);
void scan_targets_close(struct scan_targets *t);
/* The next address; *name (from the arena) is set for one that was given as a name. A name that
 * does not resolve is told on stderr and left out, as in nmap. False at the end. */
bool scan_targets_next(struct scan_targets *t, struct address *out, const char **name);

/* The ports of a scan, from -p, --exclude-ports or the catalogue, as head->ports and as an array of
 * *n ports on the heap; the head's tcp and udp are set. 0 or -1. */
int scan_ports_make(const struct options *o, bool tcp, struct scan_head *head,
                    struct scan_port **ports, size_t *n, struct error *err);
/* -T and its neighbours as a pace. */
void scan_pace_make(const struct options *o, struct scan_pace *out);

/* scan_run by an installed nmap, all targets at once; gives privileges away once it has started. */
int scan_by_nmap(const struct options *o, const struct scan_head *head,
                 const struct scan_plan *plan, const struct scan_sink *sink, struct error *err);

/* Prints what the plan would send. 0, or an exit status when stdout cannot be written. */
int scan_dry(const struct scan_plan *plan);

/* Where the reports of one scan go: stdout, -oN, -oX. */
struct scan_outputs {
	struct scan_writer writers[3];
	struct buf bufs[3];
	const char *paths[3]; /* NULL = stdout */
	size_t n;
	struct port_names names;
	int status; /* the worst exit status of a report that could not be written */
};
/* 0, or -1 with a sentence when --format is none of a scan's. */
int scan_outputs_open(const struct options *o, const struct scan_head *head,
                      struct scan_outputs *out, struct error *err);
void scan_outputs_host(struct scan_outputs *out, struct scanned_host *h);
/* Writes the ends and the files; returns the worst status. Closes. */
int scan_outputs_end(struct scan_outputs *out, const struct scan_sum *sum);

#endif
