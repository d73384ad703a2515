/* Declared x reachable: what the router says of its ports against what a probe saw. */
#include <string.h>

#include "audit_private.h"

static bool is_enabled(const struct matter *m)
{
	return row_enabled(m->row) == TRI_YES;
}

/* Why an enabled service may well be silent at the address that was probed; NULL: no reason
 * known. */
static const char *excuse(struct audit *a, const struct matter *m)
{
	const struct service *row = m->row;
	struct address local;

	if (row->vrf && strcmp(row->vrf, "main") != 0)
		return SAY(
			"%s listens only in the VRF %s, whose interfaces were perhaps not probed",
			m->name, row->vrf);
	/* A listener may be bound to one address; a port behind it makes the text no address. */
	if (row->dynamic == TRI_YES && row->local &&
	    address_parse(row->local, strlen(row->local), &local) && a->seen->target.family &&
	    !address_equal(&local, &a->seen->target))
		return SAY("%s listens only on %s", m->name, row->local);
	return NULL;
}

RULE(rule_unreachable)
{
	enum reach reach = reach_of(m->seen);
	const char *reason;
	struct finding *f;

	if (!is_enabled(m) || row_is_proxy(m->row) ||
	    (m->want && (m->want->reachable == TRI_NO || m->want->disabled == TRI_YES)))
		return;
	/* A port that is open and says nothing may be anybody's. */
	m->compared |= reach != REACH_SILENT;
	if (reach != REACH_CLOSED && reach != REACH_FILTERED)
		return;
	f = audit_raise(a, m, rule);
	f->evidence = say_probe_of(a, m);
	if (reach == REACH_FILTERED) {
		/* Most firewalls are there on purpose. */
		f->severity = SEVERITY_LOW;
		return;
	}
	reason = excuse(a, m);
	if (!reason)
		return;
	f->severity = SEVERITY_INFO;
	f->evidence = arena_printf(&a->out->arena, "%s (%s)", reason, f->evidence);
}

/* What a disabled service's open port weighs when a feature of another menu may hold it. Milder
 * than without any explanation, but no less than medium: the service's own row says nothing of
 * it. */
static enum severity weigh_possible(const struct audit *a, const struct listener *other)
{
	const struct expect_service *named =
		a->has_policy ? policy_find(a->policy, other->name) : NULL;

	if (named && named->disabled != TRI_YES)
		return SEVERITY_INFO;
	if (named || (a->has_policy && a->policy->unlisted == UNLISTED_FAIL))
		return SEVERITY_HIGH;
	return SEVERITY_MEDIUM;
}

/* Tells what was found as info: either of two services may have done it. */
static void blame_either(struct audit *a, const struct matter *m, struct finding *f)
{
	f->severity = SEVERITY_INFO;
	f->evidence = SAY("%s; either of the two may have answered, %s or reverse-proxy, which "
	                  "has the same port and listens only while it has a rule",
	                  f->evidence, m->name);
}

/* Off, while the port is open and reverse-proxy has it. */
static void judge_beside_proxy(struct audit *a, const struct matter *m,
                               const struct rule_info *rule)
{
	struct finding *f;

	if (!m->port_seen || m->port_seen->state != PORT_OPEN)
		return;
	f = audit_raise(a, m, rule);
	f->reachable = say_seen(a, m->port_seen);
	f->evidence = say_probe(a, m->port_seen);
	blame_either(a, m, f);
}

RULE(rule_disabled_open)
{
	const struct listener *other;
	struct finding *f;

	if (row_enabled(m->row) != TRI_NO)
		return;
	if (m->foreign && m->beside_proxy)
		judge_beside_proxy(a, m, rule);
	if (reach_of(m->seen) == REACH_UNKNOWN)
		return;
	m->compared = true;
	/* What leads elsewhere is told as such. */
	if (m->seen->state != PORT_OPEN || forward_of(a, m->port))
		return;
	f = audit_raise(a, m, rule);
	f->evidence = say_probe(a, m->seen);
	other = suspect_of(a, m->port);
	if (!other)
		return;
	f->severity = weigh_possible(a, other);
	f->evidence = SAY("%s; %s would hold the same port, and whether it does is not known: %s",
	                  f->evidence, say_cause(a, &other->cause), say_remark(a, &other->cause));
}

enum tri row_lets_in(const struct service *row, const struct address *from)
{
	if (!row->address_known)
		return TRI_UNKNOWN;
	if (!prefix_set_restricts(row->address, row->address_n))
		return TRI_YES;
	if (!from)
		return TRI_UNKNOWN;
	return tri_of(prefix_set_contains(row->address, row->address_n, from));
}

/* Does the list let us in, as far as the router sees us? */
static enum tri lets_us_in(const struct audit *a, const struct service *row)
{
	return row_lets_in(row, a->device->seen_as_known ? &a->device->seen_as : NULL);
}

/* With several services on one port nobody can tell which of them answered. reverse-proxy beside it
 * is enabled on every router: then it is told, but as info. */
bool matter_is_alone(const struct audit *a, const struct matter *m)
{
	return m->port > 0 && is_enabled(m) && (!m->shared || m->beside_proxy) &&
	       !a->ports[m->port].unsure;
}

RULE(rule_restricted_serving)
{
	struct finding *f;

	if (!matter_is_alone(a, m) || lets_us_in(a, m->row) != TRI_NO)
		return;
	if (reach_of(m->seen) != REACH_SERVING && reach_of(m->seen) != REACH_REFUSED)
		return;
	m->compared |= !m->shared;
	if (reach_of(m->seen) == REACH_REFUSED)
		return;
	f = audit_raise(a, m, rule);
	f->declared = say_prefixes(a, m->row->address, m->row->address_n);
	f->evidence = SAY("the router sees us as %s, outside of the list of %s, and yet: %s",
	                  say_address(a, &a->device->seen_as), m->name, say_probe(a, m->seen));
	if (m->shared)
		blame_either(a, m, f);
}

/* Closed after bytes of ours, and perhaps because of them: what winbox and the API answer
 * before the login is written nowhere, and a TLS server may dislike a hello. HTTP has no such
 * excuse: the manual itself tells of the reset connection of a REST client that is not on the
 * list. */
static bool may_dislike_us(const struct matter *m)
{
	const struct catalogue_row *known = catalogue_find(m->name, L4_TCP);

	return m->seen->spoke && !(known && known->app == APP_HTTP);
}

/* Without a certificate a TLS service offers only anonymous key exchange: it may well hang up on an
 * ordinary hello, list or no list. What that explains, or NULL. */
static const char *explain_hangup(struct audit *a, const struct matter *m)
{
	const struct catalogue_row *known = catalogue_find(m->name, L4_TCP);
	const char *certificate = m->row->certificate;

	if (!m->seen->spoke || !known || known->app != APP_TLS)
		return NULL;
	if (!certificate)
		return word(a, "; if it has no certificate, it takes anonymous TLS only, which "
		               "would explain it");
	if (strcmp(certificate, "none") != 0)
		return NULL;
	return word(a, "; without a certificate it takes anonymous TLS only, which would "
	               "explain it");
}

RULE(rule_allowed_refused)
{
	const char *reason;
	struct finding *f;

	if (!matter_is_alone(a, m) || lets_us_in(a, m->row) != TRI_YES)
		return;
	if (reach_of(m->seen) != REACH_SERVING && reach_of(m->seen) != REACH_REFUSED)
		return;
	m->compared |= !m->shared;
	if (reach_of(m->seen) == REACH_SERVING)
		return;
	f = audit_raise(a, m, rule);
	if (may_dislike_us(m))
		f->severity = SEVERITY_INFO;
	f->declared = say_prefixes(a, m->row->address, m->row->address_n);
	reason = explain_hangup(a, m);
	f->evidence = SAY("the list of %s lets us in, and yet: %s%s", m->name,
	                  say_probe(a, m->seen), reason ? reason : "");
	if (m->shared)
		blame_either(a, m, f);
}

RULE(rule_vantage)
{
	enum reach reach = reach_of(m->seen);
	struct finding *f;

	if (!matter_is_alone(a, m) || !m->row->address_known || a->device->seen_as_known ||
	    lets_us_in(a, m->row) != TRI_UNKNOWN)
		return;
	if (reach != REACH_SERVING && reach != REACH_REFUSED)
		return;
	f = audit_raise(a, m, rule);
	f->declared = say_prefixes(a, m->row->address, m->row->address_n);
	f->evidence = SAY("under which address the router sees us is unknown, so nobody can say "
	                  "whether the list of %s should let us in (%s)",
	                  m->name, say_probe(a, m->seen));
}

RULE(rule_other_protocol)
{
	const struct catalogue_row *known = catalogue_find(m->name, L4_TCP);
	const struct port_facts *facts = &a->ports[m->port];
	enum app_proto app = m->seen->app;
	struct finding *f;

	if (!is_enabled(m) || reach_of(m->seen) != REACH_SERVING || app == APP_UNKNOWN || !known ||
	    known->app == APP_UNKNOWN)
		return;
	/* Another service of this port may be the one that spoke. */
	if (facts->unsure || (facts->apps & (1u << APP_UNKNOWN)))
		return;
	m->compared = true;
	if (facts->apps & (1u << app))
		return;
	f = audit_raise(a, m, rule);
	if (app == APP_OTHER)
		f->severity = SEVERITY_MEDIUM;
	f->declared = SAY("%s, which speaks %s", m->name, app_proto_name(known->app));
	f->reachable = app == APP_OTHER ? word(a, "open, serving something unknown")
	                                : SAY("open, serving %s", app_proto_name(app));
	f->evidence = say_probe(a, m->seen);
}

/* Must every service that may hold the port answer the probe, or greet? Of winbox nobody has
 * written down what it answers before the login. */
static bool must_speak(const struct port_facts *facts)
{
	const uint32_t mute = 1u << APP_UNKNOWN | 1u << APP_WINBOX;

	return !facts->unsure && !(facts->apps & mute);
}

RULE(rule_silent)
{
	struct finding *f;

	/* What the policy says of `reachable` and of a service to be disabled is told there. */
	if (!is_enabled(m) || reach_of(m->seen) != REACH_SILENT ||
	    !must_speak(&a->ports[m->port]) ||
	    (m->want && (m->want->reachable != TRI_UNKNOWN || m->want->disabled == TRI_YES)))
		return;
	f = audit_raise(a, m, rule);
	f->evidence = say_probe(a, m->seen);
}
