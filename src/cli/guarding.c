/* The pace of an audit: what the router's firewall would do to us is asked before the first probe,
 * and after the last one whether it did. `rosaudit scan` has no login and is paced as nmap is. */
#include <string.h>

#include "cli.h"
#include "guarding.h"
#include "rosaudit/catalogue.h"

/* Longer than this is not begun without being asked for. */
enum { PATIENCE_MS = 600000, LOW_PORTS = 1024, LOW_WEIGHT = 3 };

static bool is_probed(const struct scan_port *p)
{
	return !p->proven && p->here != 0;
}

static void ask_firewall(const struct device *d, const struct scan_host *host, struct guarding *g)
{
	struct guard_input in = {.device = d};
	struct guard_ask *asks = arena_array(&g->guard.arena, host->n + 1, sizeof(*asks));

	for (size_t i = 0; i < host->n; i++)
		if (is_probed(&host->ports[i]))
			asks[in.n++] = (struct guard_ask){host->ports[i].router,
			                                  host->ports[i].proto == L4_UDP ? L4_UDP
			                                                                 : L4_TCP};
	in.ports = asks;
	if (g->from)
		in.us = *g->from;
	else if (d->seen_as_known)
		in.us = d->seen_as;
	guard_read(&in, &g->guard);
}

/* Brute-force stages count connections to the services that one logs in to. */
static bool is_management(const struct device *d, const struct scan_port *p)
{
	const struct catalogue_row *row = catalogue_port(p->router, L4_TCP);

	if (row && row->kind == CATALOGUE_SERVICE)
		return true;
	for (size_t i = 0; i < d->services_n; i++)
		if (d->services[i].port == p->router && service_is_static(&d->services[i]))
			return true;
	return false;
}

/* What stays of the ports: without those that shut us out at the first touch. Returns how many were
 * spared; *weight is that of the others. */
static size_t spare_traps(const struct target *t, const struct device *d, const struct guarding *g,
                          struct scan_port *ports, size_t n, uint64_t *weight)
{
	size_t spared = 0;

	*weight = 0;
	for (size_t i = 0; i < n; i++) {
		struct scan_port *p = &ports[i];
		const struct guard_trap *trap;

		if (!is_probed(p))
			continue;
		trap = guard_trap_of(&g->guard, p->router, p->proto == L4_UDP ? L4_UDP : L4_TCP);
		if (trap && trap->connections == 1 && !t->force) {
			p->here = 0;
			p->spare = "a firewall rule would shut us out";
			spared++;
			continue;
		}
		p->once = g->guard.state != GUARD_NONE && (trap || is_management(d, p));
		*weight += p->router < LOW_PORTS ? LOW_WEIGHT : 1;
	}
	return spared;
}

static void say_rule(const struct exposure_rule *r, struct buf *out)
{
	exposure_rule_format(r, out);
}

/* "8080, 8291 and 12 more": the ports that were spared. */
static void say_spared(const struct scan_port *ports, size_t n, struct buf *out)
{
	enum { SHOWN = 6 };
	size_t seen = 0;

	for (size_t i = 0; i < n; i++) {
		if (!ports[i].spare)
			continue;
		if (seen++ < SHOWN)
			buf_printf(out, "%s%u", seen > 1 ? ", " : "", ports[i].router);
	}
	if (seen > SHOWN)
		buf_printf(out, ", … (%zu)", seen);
}

static void note_spared(struct device *d, const struct guarding *g, const struct scan_port *ports,
                        size_t n)
{
	const struct guard_trap *trap = NULL;
	struct buf rule, list;

	for (size_t i = 0; !trap && i < n; i++)
		if (ports[i].spare)
			trap = guard_trap_of(&g->guard, ports[i].router,
			                     ports[i].proto == L4_UDP ? L4_UDP : L4_TCP);
	if (!trap)
		return;
	buf_init(&rule, 512);
	buf_init(&list, 512);
	say_rule(trap->rule, &rule);
	say_spared(ports, n, &list);
	if (trap->sure)
		device_add_note(d,
		                "not probed: port %s, because %s would put our address into the "
		                "list \"%s\" of those that are shut out (--force probes it)",
		                buf_str(&list), buf_str(&rule), trap->list);
	else
		device_add_note(d,
		                "not probed: port %s, because %s may put our address into the "
		                "list \"%s\" of those that are shut out (--force probes it)",
		                buf_str(&list), buf_str(&rule), trap->list);
	buf_done(&rule);
	buf_done(&list);
}

static void note_pace(struct device *d, const struct guard *g, int64_t estimate_ms)
{
	long long seconds = (estimate_ms + 999) / 1000;
	struct buf rule;

	if (g->state == GUARD_UNREAD) {
		device_add_note(
			d,
			"probed carefully, for about %lld s, because it is not known whether "
			"the firewall counts probes: %s",
			seconds, g->why);
		return;
	}
	if (g->state != GUARD_RULES)
		return;
	buf_init(&rule, 512);
	if (g->limits_n)
		say_rule(g->limits[0].rule, &rule);
	else if (g->traps_n)
		say_rule(g->traps[0].rule, &rule);
	device_add_note(d,
	                "probed carefully, for about %lld s, because the firewall counts probes: "
	                "%s%s%s",
	                seconds, buf_str(&rule), g->limits_n ? ", " : "",
	                g->limits_n ? g->limits[0].what : "");
	buf_done(&rule);
}

static const struct guard_limit *too_strict(const struct guard *g)
{
	for (size_t i = 0; i < g->limits_n; i++)
		if (!g->limits[i].slow_enough)
			return &g->limits[i];
	return NULL;
}

static int refuse_limit(const struct guard_limit *limit, struct error *err)
{
	struct buf rule;

	buf_init(&rule, 512);
	say_rule(limit->rule, &rule);
	error_set(err, ERROR_NETWORK, "not begun: %s (%s) counts even a careful scan",
	          buf_str(&rule), limit->what);
	buf_done(&rule);
	return error_hint(err, "--force probes all the same and may shut this address out");
}

static int refuse_patience(size_t ports, int64_t ms, struct error *err)
{
	long minutes = (long)(ms / 60000);

	error_set(err, ERROR_NETWORK,
	          "not begun: %zu ports at the careful pace, which this firewall asks for, take "
	          "about %ld h %ld min",
	          ports, minutes / 60, minutes % 60);
	return error_hint(err,
	                  "--pace careful waits for it, --pace full may shut this address out, "
	                  "fewer --ports are sooner done");
}

static int refuse_nmap(struct error *err)
{
	error_set(err, ERROR_NETWORK,
	          "not begun: the firewall counts probes, or may, and nmap "
	          "does not keep to its pace");
	return error_hint(err, "leave --scanner nmap out, or take the risk with --pace full");
}

static size_t count_probed(const struct scan_port *ports, size_t n)
{
	size_t probed = 0;

	for (size_t i = 0; i < n; i++)
		probed += is_probed(&ports[i]);
	return probed;
}

int guarding_begin(const struct target *t, struct device *d, struct scan_port *ports, size_t n,
                   struct scan_plan *plan, struct guarding *g, struct error *err)
{
	const struct scan_host host = {.ports = ports, .n = n};
	const struct guard_limit *strict;
	size_t asked = count_probed(ports, n), spared;
	int64_t estimate;
	uint64_t weight;

	guard_init(&g->guard);
	if (!asked || t->scan_import)
		return 0;
	ask_firewall(d, &host, g);
	if (t->pace == PACE_CAREFUL && !g->guard.burst_weight) {
		g->guard.burst_weight = GUARD_BURST_WEIGHT;
		g->guard.gap_ms = GUARD_GAP_MS;
	}
	if (t->pace == PACE_FULL)
		g->guard.burst_weight = g->guard.gap_ms = 0;
	strict = too_strict(&g->guard);
	if (strict && t->pace != PACE_FULL && !t->force)
		return refuse_limit(strict, err);
	spared = spare_traps(t, d, g, ports, n, &weight);
	note_spared(d, g, ports, n);
	if (spared == asked)
		return 0;
	estimate = guard_estimate_ms(&g->guard, weight + LOW_WEIGHT);
	if (t->pace == PACE_AUTO && estimate > PATIENCE_MS)
		return refuse_patience(asked - spared, estimate, err);
	if (g->guard.burst_weight && t->scan_by_nmap)
		return refuse_nmap(err);
	if (g->guard.burst_weight)
		note_pace(d, &g->guard, estimate);
	plan->pace.burst_weight = g->guard.burst_weight;
	plan->pace.gap_ms = g->guard.gap_ms;
	plan->pace.burst_spent = LOW_WEIGHT;
	/* The pauses' time is the firewall's, not that of a router that does not answer. */
	if (plan->deadline_ms)
		plan->deadline_ms += estimate;
	g->begun = true;
	return 0;
}

/* --- afterwards --------------------------------------------------------------------------- */

const char *guarding_lists(const struct guarding *g)
{
	return g->guard.us.family == 6 ? "/ipv6 firewall address-list"
	                               : "/ip firewall address-list";
}

static bool was_there(const struct device *d, const char *path, const char *list,
                      const struct address *us)
{
	const struct menu_items *m = device_menu(d, path);

	for (size_t i = 0; m && i < m->n; i++) {
		const char *l = item_get(&m->v[i], "list"), *a = item_get(&m->v[i], "address");
		struct prefix p;

		if (l && a && strcmp(l, list) == 0 && !prefix_parse(a, strlen(a), &p) &&
		    prefix_contains(&p, us))
			return true;
	}
	return false;
}

static void note_ban(struct device *d, const char *path, const char *list, const struct address *us)
{
	struct buf address;

	buf_init(&address, 64);
	address_format(us, &address);
	device_add_note(d,
	                "the scan put our address %s into the list \"%s\"; to take it out: "
	                "%s remove [find list=\"%s\" address=%s]",
	                buf_str(&address), list, path, list, buf_str(&address));
	buf_done(&address);
}

bool guarding_wants_lists(const struct guarding *g, const struct observations *seen)
{
	return g->begun && g->guard.us.family && (g->guard.lists_n || seen->account.cut);
}

bool guarding_end(struct device *d, const struct device *after, const struct guarding *g)
{
	const char *path = guarding_lists(g);
	const struct menu_items *m = device_menu(after, path);
	bool listed = false;

	if (!m || m->state != MENU_READ) {
		device_add_note(d, "whether the scan put our address into a list of the firewall "
		                   "could not be read");
		return false;
	}
	for (size_t i = 0; i < g->guard.lists_n; i++) {
		if (!was_there(after, path, g->guard.lists[i], &g->guard.us) ||
		    was_there(d, path, g->guard.lists[i], &g->guard.us))
			continue;
		note_ban(d, path, g->guard.lists[i], &g->guard.us);
		listed = true;
	}
	return listed;
}

static const char blocked[] = "blocked during scan";

/* The sentinel vouches for TCP's silence; nothing does for UDP's. */
static bool is_doubtful(const struct observations *seen, const struct observation *o)
{
	return o->state == PORT_OPEN_FILTERED ||
	       (o->state == PORT_FILTERED && !seen->account.vouched);
}

int guarding_judge(bool listed, struct observations *seen, struct error *err)
{
	for (size_t i = 0; listed && i < seen->n; i++) {
		struct observation *o = &seen->v[i];

		if (!is_doubtful(seen, o))
			continue;
		o->state = PORT_UNKNOWN;
		o->reason = blocked;
		if (!seen->account.cut)
			seen->account.cut = blocked;
	}
	if (!seen->account.cut || strcmp(seen->account.cut, blocked) != 0)
		return 0;
	return error_set(err, ERROR_NETWORK,
	                 "the firewall shut us out during the scan: what was silent then, and what "
	                 "was not probed any more, is not known");
}

void guarding_done(struct guarding *g)
{
	guard_done(&g->guard);
}
