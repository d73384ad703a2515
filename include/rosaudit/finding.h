/* One disagreement among expected, declared and reachable, and the subjects that were compared. */
#ifndef ROSAUDIT_FINDING_H
#define ROSAUDIT_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/arena.h"
#include "rosaudit/cause.h"
#include "rosaudit/policy.h"
#include "rosaudit/service.h"

enum severity {
	SEVERITY_INFO = 0,
	SEVERITY_LOW,
	SEVERITY_MEDIUM,
	SEVERITY_HIGH,
	SEVERITY_CRITICAL
};

/* "info" … "critical". */
const char *severity_name(enum severity s);
bool severity_parse(const char *s, enum severity *out);

/* What the rule table says of a rule; a finding points at its row. Text in US-ASCII. */
struct rule_info {
	const char *id;         /* "RA104", stable for ever */
	const char *title;      /* "allows more addresses than the policy" */
	enum severity severity; /* the usual one; a finding may carry another */
	const char *meaning;    /* for `explain`: what it means */
	const char *why;        /* why it matters */
	const char *mend;       /* how one mends it, in words */
	const char *source;     /* document that says so */
};

struct catalogue_row;

/* What would have to be changed on the router, for whoever makes commands of it: one property of a
 * row of /ip service, or a feature that is turned off. */
struct change {
	const struct service *row;           /* the device's static row, or NULL */
	const char *property;                /* as this version's `set` spells it; NULL = none */
	const char *value;                   /* as it stands in a command: quoted already */
	const struct catalogue_row *feature; /* its command `off`; NULL = a row's change */
};

/* The three values are rendered texts: what was expected, declared, reachable; NULL = that view has
 * no value here. Foreign text in them is raw; report emitters escape. */
struct finding {
	const struct rule_info *rule;
	enum severity severity;
	const char *service; /* subject's name, or NULL */
	int port;            /* router's port, or -1 */
	enum transport_proto proto;
	const char *expected, *declared, *reachable;
	/* "rule 7 "office"": the firewall's, which explains that the port is filtered; or NULL */
	const char *filtered_by;
	const char *evidence;      /* one sentence with the facts */
	const char *mend;          /* RouterOS command that would mend it, or NULL */
	const struct cause *cause; /* the line of the configuration behind it, or NULL */
	struct change change; /* the same in parts, where it is what the policy asks for; all NULL:
			       * none is known */
	bool asked;           /* it tells of what the policy asked for */
	size_t raised;        /* how many the rules came upon before it: in every language alike */
	struct origin origin; /* policy line that asked for it; file NULL = none */
	bool undecided;       /* could not be judged: exit status 3 */
	bool waived;          /* accepted by a waiver of the policy: stays in every report, counts
				  * for no exit status */
	const char *waiver;   /* the waiver's reason; NULL when not waived */
	const char *title, *why, *link; /* the policy's own words about it, or NULL; raw */
};

enum verdict {
	VERDICT_NONE = 0, /* nothing was compared */
	VERDICT_PASS,
	VERDICT_FINDING,
	VERDICT_UNKNOWN, /* something that was asked for could not be judged */
};

/* One line of the report: a service or a port. */
struct subject {
	const char *name;
	int port;
	enum transport_proto proto;
	bool listed;                                 /* the policy names it */
	const char *expected, *declared, *reachable; /* short, never NULL: "-" for no value */
	const char *filtered_by;   /* the rule that explains "filtered", or NULL */
	const struct cause *cause; /* what opens it, may open it or turns it off; NULL = unknown */
	enum verdict verdict;
	enum severity worst; /* of its findings, when VERDICT_FINDING */
	size_t *findings;    /* indices into findings->v */
	size_t findings_n;
};

struct findings {
	struct arena arena;
	struct finding *v; /* sorted: severity falling, then id, port, service */
	size_t n;
	struct subject *subjects; /* sorted by port, then name */
	size_t subjects_n;
	const char *note;   /* what was not compared, and why, for those who ask; or NULL */
	bool *waivers_used; /* beside the policy's waivers: did it match a finding? */
};

void findings_init(struct findings *f);
void findings_done(struct findings *f);

#endif
