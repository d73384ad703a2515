/* What the reports count and say alike, whatever their format. Private to src/report. */
#ifndef ROSAUDIT_REPORT_TALLY_H
#define ROSAUDIT_REPORT_TALLY_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/buf.h"
#include "rosaudit/message.h"
#include "rosaudit/result.h"

/* Longest text that a format puts together from a router's own words. */
#define REPORT_TEXT_BYTES (1u << 20)

#define SEVERITIES (SEVERITY_CRITICAL + 1)

struct tally {
	size_t severity[SEVERITIES]; /* decided findings that are not waived */
	size_t undecided;            /* findings that could not be judged, not waived */
	size_t waived;               /* waived findings of either kind */
	size_t pass;                 /* subjects that passed, of audited routers */
	size_t routers, not_audited;
	size_t partial; /* audited, but something is missing of the audit */
};

/* Of one router, added to *t; of all. */
void tally_add(const struct result *r, struct tally *t);
struct tally tally_all(const struct results *r);
/* Decided findings at or above the severity. */
size_t tally_at_least(const struct tally *t, enum severity s);

/* Exit status of the router i alone, as results_exit_status would give it: 0, 1 or 3. */
int tally_status(const struct results *all, size_t i);
/* One sentence that agrees with results_exit_status. Our own words only; appends. */
void tally_verdict(const struct results *r, const struct language *in, struct buf *out);

/* What a subject came to: its verdict, with waivers taken into account. */
enum outcome { OUTCOME_NONE, OUTCOME_PASS, OUTCOME_FINDING, OUTCOME_UNKNOWN, OUTCOME_WAIVED };

struct judged {
	enum outcome outcome;
	enum severity severity; /* of OUTCOME_FINDING */
	const struct finding
		*worst; /* the first that is not waived (waived: the first); may be NULL */
	size_t more;    /* further findings beside worst */
};

struct judged tally_judge(const struct findings *f, const struct subject *s);
/* "pass", "finding", "could not tell", "waived"; NULL when nothing was compared.
 * In English; people get _(). */
const char *tally_outcome_name(enum outcome o);
/* Does it make status 1 under this run's --fail-on? */
bool tally_fails(const struct results *r, const struct finding *f);
/* The router's own outcome in words: "compliant", "not compliant", "incomplete", "not audited";
 * with --fail-on never a router that was read is "audited". In English; people get _(). */
const char *tally_router_words(const struct results *r, size_t i);
/* Name, else host, of a router; two routers of one name are told apart by " (2)". Appends, raw. */
void tally_router_name(const struct results *r, size_t i, struct buf *out);
/* "ssh 22/tcp", "ssh", "port 22/tcp"; nothing for neither. Appends, raw. */
void tally_place(const char *service, int port, enum transport_proto proto, struct buf *out);

/* "filtered by rule 7 "office"" where a rule explains it, else `reachable` as it is; NULL for NULL.
 * In scratch when it is made. */
const char *tally_reachable(const char *reachable, const char *filtered_by,
                            const struct language *in, struct buf *scratch);

/* The policy's own title of a finding, else its rule's. */
const char *tally_title(const struct finding *f);
/* The same for people. */
const char *tally_title_read(const struct finding *f);
/* Does a subject point at the finding? Those of the router as a whole have none. */
bool tally_has_subject(const struct findings *all, size_t finding);

/* "network", "auth", …: stable words. */
const char *report_error_kind(enum error_kind kind);
/* "ssh", "rest", "both", "file". */
const char *report_transport_name(enum transport_id id);

#endif
