/* What the router's firewall would do to us for probing it: read before a scan, so that the pace
 * stays under its thresholds and nobody is locked out. Made by src/exposure from the router's own
 * rules, for our own address. */
#ifndef ROSAUDIT_GUARD_H
#define ROSAUDIT_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/arena.h"
#include "rosaudit/device.h"
#include "rosaudit/exposure.h"
#include "rosaudit/prefix.h"

enum guard_state {
	GUARD_UNREAD = 0, /* the rules, or our address, are not known: they may be there */
	GUARD_NONE,       /* read, and no rule counts, remembers or holds us */
	GUARD_RULES,      /* some do */
};

/* A rule that counts our packets, or holds our connections. */
struct guard_limit {
	const struct exposure_rule *rule;
	const char *what; /* "psd=21,3s,3,1", "connection-limit=10,32", "tarpit" */
	bool slow_enough; /* does the chosen pace stay below it for sure? */
};

/* A port whose probing puts our address into a list that a rule drops, rejects or holds. */
struct guard_trap {
	uint16_t port;
	enum transport_proto proto;
	unsigned connections; /* the how manyth new connection from now on does it; 1 = the next */
	bool sure;            /* false: it cannot be known whether the rules match, so they may */
	const struct exposure_rule *rule; /* that puts us into the list */
	const char *list;
};

struct guard {
	struct arena arena;
	enum guard_state state;
	const char *why; /* of unread: "/ip firewall filter was not read: forbidden" */
	struct address us;
	unsigned burst_weight, gap_ms; /* of struct scan_pace; 0 = full pace */
	struct guard_limit *limits;
	size_t limits_n;
	struct guard_trap *traps; /* of the ports asked about, in their order */
	size_t traps_n;
	const char *
		*lists; /* by which rules shut sources out: where our address is looked for after
	                     * the scan */
	size_t lists_n;
};

struct guard_ask {
	uint16_t port;
	enum transport_proto proto;
};

struct guard_input {
	const struct device *device; /* must outlive the guard */
	struct address us;           /* as the router sees us; family 0 = not known */
	const struct guard_ask *ports;
	size_t n;
};

/* Of psd's weights the usual ones: ports below 1024 weigh 3, others 1 (RouterOS's manual,
 * Filter). */
enum { GUARD_BURST_WEIGHT = 18, GUARD_GAP_MS = 3500 };

void guard_init(struct guard *g);
void guard_done(struct guard *g);
/* Never fails: what cannot be known makes the pace careful. *out is initialised by the caller. */
void guard_read(const struct guard_input *in, struct guard *out);
/* The trap of that port, or NULL. */
const struct guard_trap *guard_trap_of(const struct guard *g, uint16_t port,
                                       enum transport_proto proto);
/* How long the pauses of a guarded scan of ports of that weight take, in milliseconds. */
int64_t guard_estimate_ms(const struct guard *g, uint64_t weight);

#endif
