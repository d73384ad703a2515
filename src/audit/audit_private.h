/* What the files of src/audit share: the matters that are judged one by one, and the raising of
 * findings about them. */
#ifndef ROSAUDIT_AUDIT_PRIVATE_H
#define ROSAUDIT_AUDIT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/audit.h"
#include "rosaudit/message.h"

/* Who, by declaration, holds one TCP port of the router itself. */
struct port_facts {
	uint32_t enabled;  /* rows that are enabled */
	uint32_t unsure;   /* rows of which it is not known */
	uint32_t apps;     /* bit per enum app_proto that the enabled rows should speak */
	bool declared;     /* some row names the port, enabled or not */
	bool claimed;      /* a policy entry without a row stands for the port */
	bool proxy;        /* one of the enabled rows is reverse-proxy */
	bool judged;       /* its observation belongs to a matter */
	const char *owner; /* the name of the first enabled one, or NULL */
};

/* One thing to judge, later a subject of the report: a row, a policy's entry without a row, or an
 * open port that nobody names. */
struct matter {
	const char *name;
	int port; /* router's, or -1 */
	enum transport_proto proto;
	bool listed;                         /* the policy names it */
	const struct expect_service *want;   /* NULL: nothing is expected of it */
	const struct expect_port *port_want; /* what `ports:` says of its port; without an entry of
					      * its own, want is this one's */
	bool is_range;             /* it stands for the ports of a range that are no matter
					    * of their own; port is -1 */
	const struct service *row; /* NULL: no row */
	/* The line of the configuration that opens it, or turns it off in so many words; of an
	 * open port, the likeliest. NULL: none is known. */
	const struct listener *opened;
	enum tri present;               /* without a row: NO when the listing is complete, or the
					 * menu of the feature says so; YES when it is on */
	const struct observation *seen; /* NULL: not in the scan, or it tells of another row */
	const struct observation *port_seen; /* what was seen of its port, whoever's doing it is */
	bool shared;                         /* another enabled row holds the same port */
	bool foreign;      /* not enabled for sure, while another row holds, or may
					    * hold, the port: what was seen need not be its doing */
	bool beside_proxy; /* the one other enabled row of its port is
					 * reverse-proxy, which listens only while it has a rule */
	bool compared;     /* some rule had all it needs */
};

struct audit {
	const struct audit_input *in;
	const struct language *language; /* of every text that is made */
	const struct device *device;
	const struct policy *policy;
	const struct observations *seen;
	bool has_policy;
	struct findings *out;
	struct port_facts *ports;           /* 65,536, by the router's port */
	struct port_set *may_tcp, *may_udp; /* ports that some line opens, or may open */
	struct matter *matters;             /* sorted as the subjects will be */
	size_t matters_n, matters_cap;
	size_t *about; /* of each finding: its matter's index, or SIZE_MAX */
	size_t findings_cap;
};

/* What a rule cannot do without; the runner skips it otherwise. */
enum {
	NEEDS_POLICY = 1 << 0, /* the policy expects something */
	NEEDS_WANT = 1 << 1,   /* the policy names the matter */
	NEEDS_ROW = 1 << 2,    /* the router lists it */
	NEEDS_SEEN = 1 << 3,   /* its port was probed with a result */
	NEEDS_LINE = 1 << 4,   /* the router lists it, or another menu turns it on */
};

struct rule {
	struct rule_info info;
	unsigned needs;
	bool asked;      /* it tells of what the policy asked for, in the policy's words */
	bool of_waivers; /* it runs when all others have, and the waivers were applied */
	/* For each matter; NULL = none. */
	void (*run)(struct audit *a, struct matter *m, const struct rule_info *rule);
	/* Once for the router; NULL = none. */
	void (*once)(struct audit *a, const struct rule_info *rule);
};

extern const struct rule rules[];
extern const size_t rules_n;

/* What an observation says, as one word: short_reach has the words. */
enum reach {
	REACH_UNKNOWN = 0, /* not probed, or without a result */
	REACH_SERVING,
	REACH_REFUSED,
	REACH_SILENT,
	REACH_OPEN, /* open, and not asked what it is */
	REACH_CLOSED,
	REACH_FILTERED,
};

/* run.c */
/* Adds a finding with the rule's severity, the matter's three values and no evidence yet. m may be
 * NULL. The pointer holds until the next call. */
struct finding *audit_raise(struct audit *a, const struct matter *m, const struct rule_info *rule);
/* Where a key was written; the service's own place when the key has none. */
struct origin audit_origin(const struct expect_service *want, const struct origin *at);

/* Is the matter one of `ports:` alone, without an entry in `services:`? */
bool matter_is_port(const struct matter *m);

/* subjects.c: fills a->ports and a->matters. */
void audit_collect(struct audit *a);
/* Is the row enabled? A dynamic listener is. */
enum tri row_enabled(const struct service *row);
/* Is the matter on, as its row or the menu that opens it tells? */
enum tri matter_on(const struct matter *m);
/* Is it certain that another service has the port, and that this one is off or not there? */
bool matter_is_displaced(const struct matter *m);
/* reverse-proxy is enabled as it comes, but listens only while it has a rule. */
bool row_is_proxy(const struct service *row);
/* A row of a container: it listens in a network namespace of its own. */
bool row_is_elsewhere(const struct service *row);

/* opened.c: which line of the configuration opens which port. */
/* Fills a->may_tcp and a->may_udp. */
void opened_prepare(struct audit *a);
/* Is it certain that no line of the configuration opens the port? */
bool opened_by_nothing(const struct audit *a, int port, enum transport_proto proto);
/* The line behind a matter: of its row, of its port. */
void opened_find(const struct audit *a, struct matter *m);
/* The first listener of that name that is on and has no row of its own (features of layer 2, or
 * whose port is not known, are no matters unless the policy names them), or NULL. */
const struct listener *opened_on(const struct audit *a, const char *name);
/* Is the feature of that name off for sure, or does this router not have it? UNKNOWN otherwise. */
enum tri opened_named(const struct audit *a, const char *name);
/* A listener that is a matter of its own: another menu turns it on, and no row stands for it. */
bool opened_is_matter(const struct listener *l);
/* "/tool bandwidth-server enabled=yes". */
const char *say_cause(struct audit *a, const struct cause *c);
/* What is remarked of it; "" for nothing. */
const char *say_remark(struct audit *a, const struct cause *c);

/*
 * text.c: sentences. Every text that people read (evidence, expected, declared, reachable) is made
 * here, in the language of this run; RouterOS's words, commands and names stay as they are:
 *
 *	f->evidence = SAY("%s has no address list", m->name);
 *	f->expected = word(a, "not in use");            a text without an argument
 *	SAY_N(n, "%zu prefix", "%zu prefixes", n)       what is counted, in the plural of n
 *	static const char *const words[] = {N_("open"), …};  then word(a, words[i])
 *
 * A sentence is whole: no part of it is put in with %s unless it is a name or a value. What is no
 * language ("%s %d") goes through arena_printf. src/po/fr.po has the French; tests/e2e/french.sh
 * names what it lacks.
 */
#define SAY(...)      say(a, __VA_ARGS__)
#define SAY_N(n, ...) say_counted(a, n, __VA_ARGS__)
const char *say(struct audit *a, const char *english, ...) __attribute__((format(printf, 2, 3)));
const char *say_counted(struct audit *a, size_t n, const char *one, const char *many, ...)
	__attribute__((format(printf, 3, 5), format(printf, 4, 5)));
const char *word(const struct audit *a, const char *english) __attribute__((format_arg(2)));

/* text.c: rendered values; all come from the findings' arena. */
enum reach reach_of(const struct observation *o);
/* Was the port in the scan's list but, on purpose, not probed: behind a port-map without it? */
bool was_left_out(const struct observation *o);
/* Columns of the report, few characters each. */
const char *short_expected(struct audit *a, const struct matter *m);
const char *short_declared(struct audit *a, const struct matter *m);
const char *short_reach(const struct audit *a, const struct matter *m);
/* What the policy wants of one key ("port", "address", "reachable", …; any other word: whether
 * it is on). NULL: whether it is on and reachable, which is what rules judge that no key asks
 * for. NULL when the policy says nothing of it. m->want must be there. */
const char *say_expected(struct audit *a, const struct matter *m, const char *key);
/* "22", "one of 22, 1024-65535"; "web", "one of web, lab-*": the set, or without one the value. */
const char *say_numbers(struct audit *a, int one, const struct number_set *set);
const char *say_words(struct audit *a, const char *one, const struct word_set *set);
/* observation_format, or NULL when there was no probe. */
const char *say_seen(struct audit *a, const struct observation *o);
/* "probed 192.0.2.1:23 from 192.0.2.9: closed (conn-refused), 1 try" and the banner. */
const char *say_probe(struct audit *a, const struct observation *o);
/* "unrestricted", or the first prefixes and how many more. */
const char *say_prefixes(struct audit *a, const struct prefix *set, size_t n);
/* The same as say_probe, of the probes of another vantage. */
const char *say_probe_from(struct audit *a, const struct observations *all,
                           const struct observation *o);
const char *say_address(struct audit *a, const struct address *address);
const char *say_version(struct audit *a);

/* mend.c: RouterOS commands. */
/* Text as one word of a RouterOS command: bare when that is safe, else quoted and escaped. */
const char *mend_quote(struct audit *a, const char *text);
/* "/ip service set NAME property=value" as the finding's mend; the value is quoted already. Says in
 * the evidence (which must be there) when the login itself goes through that service. Nothing for
 * what is no static row. */
void mend_set(struct audit *a, const struct matter *m, struct finding *f, const char *property,
              const char *value);
/* The command that turns the matter off, where one is known for sure. */
void mend_off(struct audit *a, const struct matter *m, struct finding *f);
/* The prefixes as a value: "192.0.2.0/24,2001:db8::/64", or "\"\"" for none. */
const char *mend_prefixes(struct audit *a, const struct prefix *set, size_t n);
/* "address", from 7.24 on "available-from". */
const char *mend_address_key(const struct audit *a);

/* The rules' functions, one file per family. */
#define RULE(name) void name(struct audit *a, struct matter *m, const struct rule_info *rule)

/* declared.c: policy x declared */
RULE(rule_missing);
RULE(rule_forbidden);
RULE(rule_port);
RULE(rule_address);
RULE(rule_certificate);
RULE(rule_tls_version);
RULE(rule_vrf);
RULE(rule_max_sessions);
RULE(rule_unlisted);
RULE(rule_invalid);
/* Does the policy ask for it: the one value, or one of a set? */
bool wants_number(int one, const struct number_set *set);
bool wants_word(const char *one, const struct word_set *set);
/* ports.c: `ports:` x declared and reachable */
RULE(rule_port_missing);
RULE(rule_port_forbidden);
/* How many ports of a range are not settled, and in *first the first of them: whether they are in
 * use, or, for `reachable`, whether they answer. */
size_t range_unsettled(const struct audit *a, const struct matter *m, bool reachable, int *first);
/* Why it cannot be told whether the port is in use; NULL when it can, or when nobody asks. */
const char *why_use_unknown(struct audit *a, const struct matter *m);
/* sessions.c: who is connected now */
RULE(rule_session);
/* attribution.c: which line of the configuration opens what is open */
RULE(rule_no_cause);
RULE(rule_forward);
RULE(rule_own_list);
RULE(rule_undeclared);
/* The forward to somewhere else that has the port, or may have it, or NULL. */
const struct listener *forward_of(const struct audit *a, int port);
/* The line of unknown state whose port this is, or usually is, or NULL. */
const struct listener *suspect_of(const struct audit *a, int port);
/* What an open port of another menu weighs: as the policy says of what it does not name. */
enum severity unlisted_severity(const struct audit *a);
/* outside.c: declared x reachable */
RULE(rule_unreachable);
RULE(rule_disabled_open);
RULE(rule_restricted_serving);
RULE(rule_allowed_refused);
RULE(rule_other_protocol);
RULE(rule_silent);
RULE(rule_vantage);
/* Is the row on, and nothing else for sure or perhaps on its port? */
bool matter_is_alone(const struct audit *a, const struct matter *m);
/* Does the address list of the row let that address in? NULL: under which address we are seen is
 * not known. */
enum tri row_lets_in(const struct service *row, const struct address *from);
/* vantages.c: what was seen from elsewhere against what the router should do to that address */
RULE(rule_vantage_served);
RULE(rule_vantage_refused);
RULE(rule_vantage_undecided);
/* expected.c: policy x reachable */
RULE(rule_expected_reachable);
RULE(rule_expected_unreachable);
/* unknown.c: could not tell */
RULE(rule_undecided);
RULE(rule_unprobed);
void rule_unprobed_rest(struct audit *a, const struct rule_info *rule);
void rule_unsure(struct audit *a, const struct rule_info *rule);
/* both.c: SSH versus REST */
void rule_transports(struct audit *a, const struct rule_info *rule);
/* firewall.c: the firewall's flaws, and its prediction beside the scan */
void rule_firewall_flaw(struct audit *a, const struct rule_info *rule);
void rule_ipv6_open(struct audit *a, const struct rule_info *rule);
void rule_layer2(struct audit *a, const struct rule_info *rule);
void rule_not_understood(struct audit *a, const struct rule_info *rule);
RULE(rule_predicted);
/* The port's predicted end for that address: by the interface whose network it is in, else by
 * whichever it may come in: NULL when these differ, or when it cannot be known. */
const struct exposure_part *predicted_for(const struct audit *a, const struct matter *m,
                                          const struct address *from);
/* "rule 5 "office"", or that no rule drops it for NULL. */
const char *say_rule(struct audit *a, const struct exposure_rule *r);
/* The prediction, or NULL when there is none. */
const struct exposure *known_exposure(const struct audit *a);
/* exposed.c: `exposure:` x prediction */
void rule_exposed(struct audit *a, const struct rule_info *rule);
void rule_exposed_unknown(struct audit *a, const struct rule_info *rule);
/* "rule 7 "office"", when the firewall explains the silence; else NULL. */
const char *say_filter(struct audit *a, const struct matter *m);
/* say_probe of what was seen of the matter, with "; filtered by rule 7" where that explains it. */
const char *say_probe_of(struct audit *a, const struct matter *m);
/* A sentence on the services that rule_predicted passed over, since the prediction depends on the
 * interface; NULL when there is none. */
const char *say_not_compared(struct audit *a);
/* waivers.c: marks what is waived; then the waivers themselves */
void waivers_apply(struct audit *a);
void rule_waiver_expired(struct audit *a, const struct rule_info *rule);
void rule_waiver_unused(struct audit *a, const struct rule_info *rule);

#endif
