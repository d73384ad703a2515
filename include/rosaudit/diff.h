/* Two audits side by side: what each knows of its routers, and what changed between them. Pure.
 *
 * Both sides are first made snapshots: named things with named facts, all of them text. What
 * changes from run to run though nothing changed on the router (times, durations, banners, ports of
 * a port map, connection rows) never enters one. */
#ifndef ROSAUDIT_DIFF_H
#define ROSAUDIT_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/arena.h"
#include "rosaudit/device.h"
#include "rosaudit/error.h"

/* Static and listening rows of /ip service are both "declared", but a router may know one kind
 * only. */
enum diff_view {
	DIFF_ROUTER = 0,
	DIFF_STATIC,
	DIFF_LISTENER,
	DIFF_REACHABLE,
	DIFF_VERDICT,
	DIFF_FINDING,
	DIFF_VIEWS
};

/* How much a snapshot knows of one view of one router. */
enum diff_extent {
	EXTENT_NOTHING = 0, /* it was not asked */
	EXTENT_PART,        /* what is not listed may exist all the same */
	EXTENT_WHOLE,       /* what is not listed is not there, as far as this side can tell */
};

struct diff_fact {
	const char *name;
	const char *value; /* NULL: unknown */
	bool partial;      /* the value is only the beginning of what could be known: "open" */
};

struct diff_item {
	enum diff_view view;
	const char *key;   /* the same thing on the other side has this key */
	const char *loose; /* or, when nothing has it, this one; NULL: none */
	const char *name;  /* service, or NULL */
	int port;          /* or -1 */
	enum transport_proto proto;
	const char *rule; /* of a finding */
	const char
		*summary; /* what it is, when it is there on one side only; NULL: nothing known */
	struct diff_fact *facts;
	size_t facts_n;
};

struct diff_router {
	const char *name; /* NULL: a saved output, which does not say */
	bool audited;
	const char *error; /* why not */
	enum diff_extent extents[DIFF_VIEWS];
	struct diff_item *items;
	size_t items_n, items_cap;
};

enum snapshot_kind { SNAPSHOT_REPORT, SNAPSHOT_SAVED };

struct snapshot {
	struct arena arena; /* owns everything below */
	enum snapshot_kind kind;
	const char *started; /* of the report, or NULL */
	bool interrupted;    /* routers may be missing */
	struct diff_router *routers;
	size_t routers_n, routers_cap;
};

void snapshot_init(struct snapshot *s);
void snapshot_done(struct snapshot *s);
/* Appends a router of which nothing is known; the pointer is good until the next one. All texts
 * given here and below are copied. */
struct diff_router *snapshot_add_router(struct snapshot *s, const char *name);
/* A fact of the router itself. */
void snapshot_add_fact(struct snapshot *s, struct diff_router *r, const char *name,
                       const char *value);
/* A row of /ip service; connection rows are left out. */
void snapshot_add_service(struct snapshot *s, struct diff_router *r, const struct service *row);
/* What a probe saw, in the words of the JSON report; state "unknown" is unknown; serve and app
 * may be NULL. */
void snapshot_add_port(struct snapshot *s, struct diff_router *r, int port,
                       enum transport_proto proto, const char *state, const char *serve,
                       const char *app);
/* A service or port that was compared, and what came of it in the words of the JSON report;
 * "could not tell" is unknown; worst may be NULL. */
void snapshot_add_verdict(struct snapshot *s, struct diff_router *r, const char *name, int port,
                          enum transport_proto proto, const char *verdict, const char *worst);

/* A finding as far as it is compared. */
struct diff_finding {
	const char *rule, *title, *severity, *service, *expected;
	int port;
	enum transport_proto proto;
	bool undecided, waived;
};
void snapshot_add_finding(struct snapshot *s, struct diff_router *r, const struct diff_finding *f);
/* A saved output as a snapshot of one router without a name. */
void snapshot_add_device(struct snapshot *s, const struct device *d);

enum diff_kind {
	DIFF_APPEARED,
	DIFF_WENT,
	DIFF_CHANGED,
	DIFF_NOW_KNOWN,       /* the old side did not know: nothing need have changed */
	DIFF_NO_LONGER_KNOWN, /* the new side does not know: never told as closed or gone */
};

struct diff_change {
	enum diff_view view;
	enum diff_kind kind;
	const char *router; /* or NULL */
	bool whole_router;  /* the router itself came or went */
	const char *name;   /* service, or NULL */
	int port;           /* or -1 */
	enum transport_proto proto;
	const char *rule;      /* of a finding, or NULL */
	const char *property;  /* the fact that changed; NULL: the thing as a whole */
	const char *old, *new; /* either may be NULL */
};

struct diff {
	struct arena arena; /* owns v; the texts are the snapshots' */
	struct diff_change *v;
	size_t n, cap;
};

void diff_init(struct diff *d);
void diff_done(struct diff *d);
/* What changed from old to new, in the old one's order; what is new comes after it, view by
 * view. Both snapshots must outlive the diff. */
void diff_compare(const struct snapshot *old, const struct snapshot *new, struct diff *out);

/* "router", "declared", "reachable", "verdict", "finding". */
const char *diff_view_name(enum diff_view v);
/* "appeared", "went", "changed", "now known", "no longer known". */
const char *diff_kind_name(enum diff_kind k);

/* The rest is done by src/report. */

/* Largest report that is read back: 4096 routers with all their views fit. */
#define LIMIT_REPORT_BYTES (256u << 20)

/* Does the text begin as a JSON object that is no saved output of a router? */
bool report_json_is_document(const char *p, size_t n);
/* A JSON report of version 1 (docs/report.md) as a snapshot, which must be initialised. Keys
 * that it does not know are passed over. 0, or -1 with ERROR_PARSE: where it stands, or which
 * key is not what the description says. */
int report_json_read(const char *p, size_t n, const char *where, struct snapshot *out,
                     struct error *err);

/* The two sides as the reader knows them. */
struct diff_sides {
	const char *old_name, *new_name;
	const struct snapshot *old, *new;
};

/* Lines for people, as diff -u begins; nothing when there is no change. Appends. */
void report_diff_text(const struct diff *d, const struct diff_sides *sides, struct buf *out);
/* One document (docs/report.md). Appends. */
void report_diff_json(const struct diff *d, const struct diff_sides *sides, struct buf *out);

#endif
