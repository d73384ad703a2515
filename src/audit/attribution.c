/* Which line of the configuration opens what is open: what none opens, what leads elsewhere, and
 * where the router's own list of listeners says otherwise than its menus. */
#include <string.h>

#include "audit_private.h"

const struct listener *forward_of(const struct audit *a, int port)
{
	const struct listeners *all = a->in->listeners;
	const struct listener *best = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct listener *l = &all->v[i];

		if (l->cause.kind != CAUSE_FORWARD || l->on != TRI_YES ||
		    listener_has(l, L4_TCP, (uint16_t)port) == TRI_NO)
			continue;
		if (!l->conditional)
			return l;
		best = best ? best : l;
	}
	return best;
}

const struct listener *suspect_of(const struct audit *a, int port)
{
	const struct listeners *all = a->in->listeners;
	const struct listener *usual = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct listener *l = &all->v[i];

		if (l->cause.kind != CAUSE_FEATURE || l->on != TRI_UNKNOWN ||
		    listener_has(l, L4_TCP, (uint16_t)port) == TRI_NO)
			continue;
		if (l->first)
			return l;
		usual = usual || l->usual != port ? usual : l;
	}
	return usual;
}

enum severity unlisted_severity(const struct audit *a)
{
	static const enum severity weights[] = {
		[UNLISTED_WARN] = SEVERITY_LOW,
		[UNLISTED_FAIL] = SEVERITY_HIGH,
		[UNLISTED_IGNORE] = SEVERITY_INFO,
	};

	return a->has_policy ? weights[a->policy->unlisted] : SEVERITY_LOW;
}

/* An open port that no row of /ip service has and no other menu is known to open. */
static bool is_undeclared(const struct audit *a, const struct matter *m)
{
	/* A policy's entry whose row may have been filtered out is unknown.c's business. */
	return !m->row && matter_on(m) != TRI_YES && (!m->want || m->present == TRI_NO) &&
	       m->seen->state == PORT_OPEN && !a->ports[m->port].declared && !m->port_want;
}

/* Nothing that was not read could open the port, and somebody does answer for every port. */
static bool has_no_cause(const struct audit *a, const struct matter *m)
{
	return opened_by_nothing(a, m->port, L4_TCP) && !a->seen->account.tarpit;
}

RULE(rule_no_cause)
{
	struct finding *f;

	if (!is_undeclared(a, m) || !has_no_cause(a, m))
		return;
	f = audit_raise(a, m, rule);
	f->declared = word(a, "not listed");
	f->origin = m->want ? m->want->origin : (struct origin){0};
	f->evidence = SAY("%s; every menu that could open a port was read, and no line of the "
	                  "configuration opens this one",
	                  say_probe(a, m->seen));
}

/* What can be said of an open port while not every menu was read. */
static void blame(struct audit *a, const struct matter *m, struct finding *f)
{
	const struct listener *suspect = suspect_of(a, m->port);
	const struct listeners *all = a->in->listeners;
	const char *probe = say_probe(a, m->seen);

	if (suspect) {
		f->severity = unlisted_severity(a);
		f->evidence =
			SAY("%s; %s would open it, and whether it does is not known: %s", probe,
		            say_cause(a, &suspect->cause), say_remark(a, &suspect->cause));
		mend_off(a, m, f);
	} else if (a->device->static_complete != TRI_YES) {
		f->severity = unlisted_severity(a);
		f->evidence =
			SAY("%s; the listing has no such row, but may have been filtered", probe);
	} else if (a->seen->account.tarpit) {
		f->severity = SEVERITY_INFO;
		f->evidence = SAY("%s; somebody on the way answers for every port", probe);
	} else if (all->unread_n) {
		f->evidence = SAY_N(all->unread_n,
		                    "%s; no row of /ip service has this port, and what opens it is "
		                    "not known: %zu menu was not read (%s)",
		                    "%s; no row of /ip service has this port, and what opens it is "
		                    "not known: %zu menus were not read, the first of them %s",
		                    probe, all->unread_n, all->unread[0].menu);
	} else {
		f->evidence = SAY(
			"%s; no row of /ip service has this port, and whether %s opens it "
			"is not known: %s",
			probe, say_cause(a, &m->opened->cause), say_remark(a, &m->opened->cause));
	}
}

RULE(rule_undeclared)
{
	struct finding *f;

	if (!is_undeclared(a, m) || has_no_cause(a, m) || forward_of(a, m->port))
		return;
	f = audit_raise(a, m, rule);
	f->declared = word(a, "not listed");
	f->origin = m->want ? m->want->origin : (struct origin){0};
	blame(a, m, f);
}

/* Did the service of that row itself answer, as far as a protocol tells? */
static bool is_itself(const struct matter *m)
{
	const struct catalogue_row *known = catalogue_find(m->name, L4_TCP);

	if (m->seen->reason && strcmp(m->seen->reason, "login") == 0)
		return true;
	return known && known->app != APP_UNKNOWN && known->app == m->seen->app;
}

/* A rule that always applies leads away whatever speaks there. */
static enum severity weigh_forward(const struct audit *a, const struct matter *m,
                                   const struct listener *forward)
{
	if (!m->row)
		return unlisted_severity(a);
	return row_enabled(m->row) == TRI_YES && !forward->conditional ? SEVERITY_HIGH
	                                                               : SEVERITY_MEDIUM;
}

static bool is_forward_told(const struct matter *m, const struct listener *forward)
{
	bool is_login = m->seen->reason && strcmp(m->seen->reason, "login") == 0;

	if (m->row)
		return is_login || forward->redirect || (forward->conditional && is_itself(m));
	/* What the policy says of the port is judged there. */
	return m->port_want || m->want;
}

RULE(rule_forward)
{
	const struct listener *forward;
	const char *probe, *line;
	struct finding *f;

	if (m->seen->state != PORT_OPEN || m->port < 0 || m->proto == L4_UDP)
		return;
	forward = forward_of(a, m->port);
	if (!forward || is_forward_told(m, forward))
		return;
	f = audit_raise(a, m, rule);
	f->severity = weigh_forward(a, m, forward);
	f->cause = cause_copy(&forward->cause, &a->out->arena);
	f->mend = f->cause->command;
	probe = say_probe(a, m->seen);
	line = say_cause(a, &forward->cause);
	f->evidence = forward->redirect
	                      ? SAY("%s; a rule leads it to another port: %s", probe, line)
	              : forward->conditional
	                      ? SAY("%s; who answers need not be the router: by its matchers, this "
	                            "rule may lead the port away: %s",
	                            probe, line)
	                      : SAY("%s; who answers is not the router: %s", probe, line);
}

static void judge_listed(struct audit *a, const struct matter *m, const struct rule_info *rule)
{
	const struct cause *c = &m->opened->cause;
	struct finding *f;

	/* While menus are unread, one of them may well explain it. `loader` is on every router that
	 * has such a list, the manual's own example too, without a word on what it is. */
	if (c->remark == REMARK_UNEXPLAINED &&
	    (a->in->listeners->unread_n || strcmp(m->name, "loader") == 0))
		return;
	f = audit_raise(a, m, rule);
	f->evidence = SAY("%s on port %d: %s", m->name, m->port, say_remark(a, c));
	if (c->remark == REMARK_UNEXPLAINED)
		f->severity = SEVERITY_LOW;
}

RULE(rule_own_list)
{
	const struct listener *l = m->opened;
	struct finding *f;

	if (!l || a->device->listeners_complete != TRI_YES)
		return;
	if (m->row && l->cause.kind == CAUSE_LISTED) {
		judge_listed(a, m, rule);
		return;
	}
	if (m->row || matter_on(m) != TRI_YES || !l->self_listed)
		return;
	f = audit_raise(a, m, rule);
	f->severity = SEVERITY_LOW;
	f->evidence = SAY("%s turns on %s, and the router's own list of listeners does not have it",
	                  say_cause(a, &l->cause), m->name);
}
