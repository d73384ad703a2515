/* Who can reach what: for every interface and service the exact sets of source addresses, as the
 * router's own configuration decides over a first packet of theirs. Made by src/exposure
 * (predict.h), read by src/audit, src/report and src/cli. */
#ifndef ROSAUDIT_EXPOSURE_H
#define ROSAUDIT_EXPOSURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/addrset.h"
#include "rosaudit/arena.h"
#include "rosaudit/service.h"
#include "rosaudit/tri.h"

enum exposure_outcome {
	EXPOSURE_UNKNOWN = 0, /* it cannot be known: `possible` has what it may be */
	EXPOSURE_SERVED,
	EXPOSURE_REFUSED,   /* accepted and closed by the service's own `address` */
	EXPOSURE_CLOSED,    /* let through, but nothing listens: disabled, or in another VRF */
	EXPOSURE_REJECTED,  /* by a rule, with an answer */
	EXPOSURE_DROPPED,   /* by a rule, without a word */
	EXPOSURE_TARPIT,    /* by a rule that holds the connection: looks open */
	EXPOSURE_FORWARDED, /* dst-nat leads to another host */
	EXPOSURE_OUTCOMES,
};

/* "unknown", "served", "refused", "closed", "rejected", "dropped", "tarpit", "forwarded". */
const char *exposure_outcome_name(enum exposure_outcome o);

/* A firewall rule that decided something, or that a flaw is about. Strings are the device's. */
struct exposure_rule {
	const char *menu;           /* "/ip firewall filter" */
	size_t number;              /* as `print` shows it */
	const char *id;             /* "*1F", or NULL */
	const char *comment;        /* NULL = none; foreign text */
	const char *chain, *action; /* never NULL; foreign text */
	enum tri dynamic;
	bool packets_known;
	uint64_t packets; /* the rule's counter at the reading */
};

/* The sources that meet the same end for the same reason. */
struct exposure_part {
	enum exposure_outcome outcome;
	unsigned possible; /* 1u << outcome of each that it may be; one bit unless unknown */
	struct addrset from;
	/* The rule that decides: that drops, rejects, forwards, accepts; of unknown the first that
	 * cannot be decided. NULL: no rule did, a chain's end accepts; or the service itself. */
	const struct exposure_rule *rule;
	const char *why; /* unknown: what cannot be known, "limit=5,10"; forwarded: to whom; refused
			  * and closed: by what, "address", "disabled", "vrf"; else NULL */
	/* Not every own address of the router has this end: it is so at this one, which of all is
	 * the most open. family 0: at each of them. */
	struct address at;
};

/* One point of the matrix, for one family. The parts are disjoint and cover every address. */
struct exposure_row {
	const char *interface; /* that the packet comes in by; NULL = of no known name */
	const char *vrf;       /* that the interface is in; NULL = not known */
	const char *service;
	int port;       /* that the packet is sent to */
	int local_port; /* of the service: another one behind a redirect, else the same */
	/* The nat rule that leads the port to the service, or, service "forward", to another host.
	 * NULL: the port is the service's own. */
	const struct exposure_rule *by;
	enum transport_proto proto;
	int family;                        /* 4 or 6 */
	enum tri listening;                /* does the service listen at all */
	const struct exposure_part *parts; /* the widest first */
	size_t n;
};

/* Something in the configuration that was not understood, or not read: counted, never guessed. */
struct exposure_gap {
	const char *menu;
	const char *what; /* "matcher", "action", "value", "menu", "list", "chain" */
	const char *text; /* the name of it; foreign text */
	size_t count;     /* rules (or entries) that have it */
	bool decides;     /* some part of the matrix is unknown because of such a thing */
};

enum exposure_flaw_kind {
	FLAW_UNREACHABLE = 0, /* every packet meets its end above it, at `by` */
	FLAW_SHADOWED,     /* all that it matches is taken by rules above, the last of them `by` */
	FLAW_ACCEPT_ABOVE, /* a drop, all of whose packets `by` accepts before */
	FLAW_NO_LIST,      /* it names an address list without a single entry: `name` */
	FLAW_NO_INTERFACE_LIST, /* it names an interface list that is not there: `name` */
	FLAW_NO_CHAIN,          /* it jumps to a chain without rules: `name` */
	FLAW_LOOP,              /* its jump leads back to where it came from */
	FLAW_INVALID,           /* the router itself marks it invalid */
	FLAW_IPV6_OPEN, /* IPv6 from the Internet is served, IPv4 is not: `name` = the service */
	FLAW_LAYER2,    /* `name` answers below IP, where no rule sees it, on `interface` */
};

/* "unreachable", "shadowed", "accept-above", "no-list", "no-interface-list", "no-chain", "loop",
 * "invalid", "ipv6-open", "layer2". */
const char *exposure_flaw_name(enum exposure_flaw_kind k);

/* A finding about the firewall itself. */
struct exposure_flaw {
	enum exposure_flaw_kind kind;
	const struct exposure_rule *rule, *by; /* may be NULL */
	const char *name;                      /* may be NULL; foreign text */
	const char *interface;                 /* may be NULL; foreign text */
};

/* A network of the router's own: its addresses come in by that interface. */
struct exposure_network {
	int family;
	struct addr_range range;
	const char *interface;
};

struct exposure {
	struct arena arena;      /* owns all below, but for the device's strings */
	bool known;              /* was it computed at all? false also for a device without menus */
	const char *unknown_why; /* when not known */
	enum tri ipv6;           /* does the router speak IPv6 at all? */
	struct exposure_row
		*rows; /* by family, then in the router's order of interfaces, services */
	size_t rows_n;
	struct exposure_gap *gaps;
	size_t gaps_n;
	struct exposure_flaw *flaws;
	size_t flaws_n;
	struct addrset lan4, lan6; /* the router's own private networks */
	bool lan_known;
	struct exposure_network *networks;
	size_t networks_n;
	const char *const
		*assumed; /* sentences: what the prediction takes for granted, ends in NULL */
	size_t rules4_n, rules6_n; /* that were judged, over all menus */
};

struct language;

void exposure_init(struct exposure *e);
void exposure_done(struct exposure *e);
/* The row of that interface and service, or NULL; interface NULL matches any. */
const struct exposure_row *exposure_find(const struct exposure *e, const char *interface,
                                         const char *service, int family);
/* The interface by which the address comes in, for it is in the network of that one alone; NULL:
 * behind a router, it may be any. */
const char *exposure_way_in(const struct exposure *e, const struct address *source);
/* The part that the address falls into; NULL when it is of the other family. */
const struct exposure_part *exposure_part_of(const struct exposure_row *r,
                                             const struct address *source);
/* Appends "ssh 22/tcp", "ssh via 2222/tcp (nat rule 1)", "forward 8080/tcp (nat rule 0)". */
void exposure_row_say(const struct exposure_row *r, const struct language *in, struct buf *out);
/* Appends "rule 5 (comment)", for another menu than filter "nat rule 2"; "no rule drops it" for
 * NULL. The comment is raw: whoever prints escapes. */
void exposure_rule_format(const struct exposure_rule *r, struct buf *out);
/* The same in a language. */
void exposure_rule_say(const struct exposure_rule *r, const struct language *in, struct buf *out);

#endif
