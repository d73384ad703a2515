/* The policy's `ports:`: is a port in use that should not be, or not in use that should be? The
 * router's own list answers where it has one (7.19 and later), a probe does for TCP. */
#include "audit_private.h"
#include "rosaudit/catalogue.h"

static bool lists_listeners(const struct audit *a)
{
	return a->device->listeners_complete == TRI_YES;
}

/* Is the matter's port in use, as far as the list and the probe tell? */
static enum tri is_in_use(const struct audit *a, const struct matter *m)
{
	enum reach reach = reach_of(m->seen);

	if (matter_on(m) == TRI_YES)
		return TRI_YES;
	/* The row that has the port is a matter of its own. */
	if (m->proto != L4_UDP && a->ports[m->port].enabled)
		return TRI_YES;
	if (m->seen && m->seen->state == PORT_OPEN)
		return TRI_YES;
	if (m->row && row_enabled(m->row) == TRI_UNKNOWN)
		return TRI_UNKNOWN;
	if (lists_listeners(a) || reach == REACH_CLOSED ||
	    opened_by_nothing(a, m->port, m->proto == L4_UDP ? L4_UDP : L4_TCP))
		return TRI_NO;
	return TRI_UNKNOWN;
}

size_t range_unsettled(const struct audit *a, const struct matter *m, bool reachable, int *first)
{
	const struct expect_port *want = m->port_want;
	struct port_set own;
	size_t n = 0;

	if (!reachable && lists_listeners(a))
		return 0;
	port_set_clear(&own);
	for (size_t i = 0; i < a->matters_n; i++)
		if (a->matters[i].port > 0 && (a->matters[i].proto == L4_UDP) == want->udp)
			port_set_add(&own, (uint16_t)a->matters[i].port);
	for (int port = want->first; port <= want->last; port++) {
		const struct observation *o = observations_find_proto(a->seen, (uint16_t)port,
		                                                      want->udp ? L4_UDP : L4_TCP);
		enum reach reach = reach_of(o);

		if (reach == REACH_CLOSED || (reachable && reach == REACH_FILTERED) ||
		    port_set_has(&own, (uint16_t)port) ||
		    (!reachable && opened_by_nothing(a, port, want->udp ? L4_UDP : L4_TCP)) ||
		    policy_find_port(a->policy, port, want->udp) != want)
			continue;
		if (n++ == 0)
			*first = port;
	}
	return n;
}

static bool asks_for_use(const struct matter *m)
{
	return m->port_want && (m->port_want->say.expect == EXPECT_REQUIRED ||
	                        m->port_want->say.expect == EXPECT_FORBIDDEN);
}

const char *why_use_unknown(struct audit *a, const struct matter *m)
{
	const char *list = word(a, "this router lists no listeners (RouterOS 7.19 and later do)");
	int first;
	size_t n;

	if (!asks_for_use(m))
		return NULL;
	if (m->is_range) {
		n = range_unsettled(a, m, false, &first);
		return n ? SAY_N(n, "%s, and %zu of its ports has no sure result: %d",
		                 "%s, and %zu of its ports have no sure result, the first of them "
		                 "%d",
		                 list, n, first)
		         : NULL;
	}
	if (is_in_use(a, m) != TRI_UNKNOWN)
		return NULL;
	if (m->row && row_enabled(m->row) == TRI_UNKNOWN)
		return word(a, "the listing does not say whether it is enabled");
	if (m->proto == L4_UDP && !m->seen)
		return SAY("%s, and only TCP ports are probed", list);
	if (reach_of(m->seen) == REACH_FILTERED)
		return SAY("%s, and port %d is filtered; if that is enough, say reachable: no",
		           list, m->port);
	return SAY("%s, and port %d was not probed with a result", list, m->port);
}

static const char *say_use(struct audit *a, const struct matter *m)
{
	if (!m->row && matter_on(m) == TRI_YES)
		return SAY("the router has %s on: %s", m->name, say_cause(a, &m->opened->cause));
	if (m->row && row_enabled(m->row) == TRI_YES)
		return service_is_static(m->row)
		               ? SAY("the router lists %s on port %d as enabled", m->name, m->port)
		               : SAY("the router lists %s on port %d as listening", m->name,
		                     m->port);
	return m->seen ? say_probe_of(a, m) : word(a, "the router lists nothing on it");
}

RULE(rule_port_missing)
{
	struct finding *f;

	if (!m->port_want || m->port_want->say.expect != EXPECT_REQUIRED)
		return;
	m->compared |= is_in_use(a, m) != TRI_UNKNOWN;
	if (is_in_use(a, m) != TRI_NO)
		return;
	f = audit_raise(a, m, rule);
	f->expected = word(a, "in use");
	f->origin = audit_origin(&m->port_want->say, &m->port_want->say.expect_at);
	f->evidence = say_use(a, m);
}

RULE(rule_port_forbidden)
{
	bool is_own;
	struct finding *f;

	if (!m->port_want)
		return;
	m->compared |= m->port_want->say.expect == EXPECT_ALLOWED;
	if (m->port_want->say.expect != EXPECT_FORBIDDEN)
		return;
	m->compared |= m->is_range ? !why_use_unknown(a, m) : is_in_use(a, m) != TRI_UNKNOWN;
	/* A row that is off is not what uses the port, if another row has it. */
	is_own = !m->is_range && (!m->foreign || matter_on(m) == TRI_YES);
	if (!is_own || is_in_use(a, m) != TRI_YES)
		return;
	f = audit_raise(a, m, rule);
	f->expected = word(a, "not in use");
	f->origin = audit_origin(&m->port_want->say, &m->port_want->say.expect_at);
	f->evidence = say_use(a, m);
	/* What only may have opened it is not turned off unasked. */
	if (m->row || matter_on(m) == TRI_YES ||
	    (m->opened && m->opened->cause.kind == CAUSE_FORWARD))
		mend_off(a, m, f);
}
