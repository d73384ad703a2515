/* Policy x declared: what the router says of its services against what was asked for. A key of
 * which the router says nothing is unknown.c's business; here it is neither fine nor a finding. */
#include <string.h>

#include "audit_private.h"

#define SAY(...) arena_printf(&a->out->arena, __VA_ARGS__)

/* A service that is off, as it should be, does no harm with another port or list: it is told, but
 * only as something to tidy. */
static struct finding *raise_key(struct audit *a, const struct matter *m,
                                 const struct rule_info *rule, const struct origin *at)
{
	struct finding *f = audit_raise(a, m, rule);
	bool off = m->want->disabled == TRI_YES && m->row->disabled == TRI_YES;

	if (off && f->severity > SEVERITY_LOW)
		f->severity = SEVERITY_LOW;
	f->origin = audit_origin(m->want, at);
	return f;
}

/* Does the policy ask for anything that only a row could have? */
static bool wants_row(const struct expect_service *want)
{
	return want->port > 0 || want->address_mode != ADDRESS_ANY || want->certificate ||
	       want->tls_version || want->vrf || want->max_sessions > 0;
}

static void judge_absent(struct audit *a, struct matter *m, const struct rule_info *rule)
{
	const struct expect_service *want = m->want;
	struct finding *f;

	m->compared |= want->disabled != TRI_UNKNOWN || wants_row(want);
	if (want->disabled == TRI_YES || !m->compared)
		return;
	f = audit_raise(a, m, rule);
	f->origin = audit_origin(want, &want->disabled_at);
	f->evidence = SAY("the router's list is complete, and %s is not in it", m->name);
}

RULE(rule_missing)
{
	struct finding *f;

	if (m->present == TRI_NO) {
		judge_absent(a, m, rule);
		return;
	}
	if (!m->row || m->want->disabled != TRI_NO || row_enabled(m->row) == TRI_UNKNOWN)
		return;
	m->compared = true;
	if (row_enabled(m->row) == TRI_YES)
		return;
	f = audit_raise(a, m, rule);
	f->expected = "enabled";
	f->declared = "disabled";
	f->origin = audit_origin(m->want, &m->want->disabled_at);
	f->evidence = SAY("the router lists %s as disabled", m->name);
	mend_set(a, m, f, "disabled", "no");
}

RULE(rule_forbidden)
{
	struct finding *f;

	if (m->want->disabled != TRI_YES || row_enabled(m->row) == TRI_UNKNOWN)
		return;
	m->compared = true;
	if (row_enabled(m->row) == TRI_NO)
		return;
	f = audit_raise(a, m, rule);
	f->expected = "disabled";
	f->origin = audit_origin(m->want, &m->want->disabled_at);
	f->evidence = service_is_static(m->row)
	                      ? SAY("the router lists %s as enabled", m->name)
	                      : SAY("the router lists %s among its listeners", m->name);
	mend_off(a, m, f);
}

RULE(rule_port)
{
	const struct expect_service *want = m->want;
	struct finding *f;

	if (want->port <= 0 || m->row->port <= 0)
		return;
	m->compared = true;
	if (want->port == m->row->port)
		return;
	f = raise_key(a, m, rule, &want->port_at);
	f->expected = SAY("port %d", want->port);
	f->declared = SAY("port %d", m->row->port);
	f->evidence = SAY("the router has %s on port %d", m->name, m->row->port);
	mend_set(a, m, f, "port", SAY("%d", want->port));
}

/* The first prefix of the router that reaches out of the policy's list, as text; NULL when none
 * does. An empty list lets everybody in. */
static const char *outside(struct audit *a, const struct expect_service *want,
                           const struct service *row)
{
	static const struct prefix everybody[] = {{.address.family = 4}, {.address.family = 6}};
	const struct prefix *v = row->address_n ? row->address : everybody;
	size_t n = row->address_n ? row->address_n : 2;

	for (size_t i = 0; i < n; i++)
		if (!prefix_set_covers(want->address, want->address_n, &v[i]))
			return say_prefixes(a, &v[i], 1);
	return NULL;
}

static void judge_within(struct audit *a, struct matter *m, const struct rule_info *rule)
{
	const struct expect_service *want = m->want;
	const char *culprit = outside(a, want, m->row);
	struct finding *f;

	if (!culprit)
		return;
	f = raise_key(a, m, rule, &want->address_at);
	f->expected = SAY("within %s", say_prefixes(a, want->address, want->address_n));
	f->declared = say_prefixes(a, m->row->address, m->row->address_n);
	f->evidence = m->row->address_n
	                      ? SAY("%s lets in %s, which is not within the policy's list", m->name,
	                            culprit)
	                      : SAY("%s has no address list, so it lets everybody in", m->name);
	mend_set(a, m, f, mend_address_key(a), mend_prefixes(a, want->address, want->address_n));
}

static void judge_unrestricted(struct audit *a, struct matter *m, const struct rule_info *rule)
{
	struct finding *f;

	if (!prefix_set_restricts(m->row->address, m->row->address_n))
		return;
	f = raise_key(a, m, rule, &m->want->address_at);
	/* Too strict locks somebody out, and lets nobody in. */
	if (f->severity > SEVERITY_MEDIUM)
		f->severity = SEVERITY_MEDIUM;
	f->expected = "unrestricted";
	f->declared = say_prefixes(a, m->row->address, m->row->address_n);
	f->evidence = SAY("%s lets in only %s", m->name, f->declared);
	mend_set(a, m, f, mend_address_key(a), mend_prefixes(a, NULL, 0));
}

static void judge_restricted(struct audit *a, struct matter *m, const struct rule_info *rule)
{
	struct finding *f;

	if (!prefix_set_open(m->row->address, m->row->address_n))
		return;
	f = raise_key(a, m, rule, &m->want->address_at);
	f->expected = "restricted";
	f->declared = say_prefixes(a, m->row->address, m->row->address_n);
	f->evidence = m->row->address_n
	                      ? SAY("the list of %s lets a whole address family in", m->name)
	                      : SAY("%s has no address list, so it lets everybody in", m->name);
	/* Which addresses are right only the operator knows: no command. */
}

RULE(rule_address)
{
	static void (*const judges[])(struct audit *, struct matter *, const struct rule_info *) = {
		[ADDRESS_ANY] = NULL,
		[ADDRESS_WITHIN] = judge_within,
		[ADDRESS_UNRESTRICTED] = judge_unrestricted,
		[ADDRESS_RESTRICTED] = judge_restricted,
	};

	if (m->want->address_mode == ADDRESS_ANY || !m->row->address_known)
		return;
	m->compared = true;
	judges[m->want->address_mode](a, m, rule);
}

/* A key whose value is a word. */
static void judge_word(struct audit *a, struct matter *m, const struct rule_info *rule,
                       const char *key, const char *want, const char *have, const struct origin *at)
{
	struct finding *f;

	if (!want || !have)
		return;
	m->compared = true;
	if (strcmp(want, have) == 0)
		return;
	f = raise_key(a, m, rule, at);
	f->expected = SAY("%s %s", key, want);
	f->declared = SAY("%s %s", key, have);
	f->evidence = SAY("the router has %s with %s=%s", m->name, key, have);
	mend_set(a, m, f, key, mend_quote(a, want));
}

RULE(rule_certificate)
{
	judge_word(a, m, rule, "certificate", m->want->certificate, m->row->certificate,
	           &m->want->certificate_at);
}

RULE(rule_tls_version)
{
	judge_word(a, m, rule, "tls-version", m->want->tls_version, m->row->tls_version,
	           &m->want->tls_version_at);
}

RULE(rule_vrf)
{
	judge_word(a, m, rule, "vrf", m->want->vrf, m->row->vrf, &m->want->vrf_at);
}

RULE(rule_max_sessions)
{
	const struct expect_service *want = m->want;
	struct finding *f;

	if (want->max_sessions <= 0 || m->row->max_sessions <= 0)
		return;
	m->compared = true;
	if (want->max_sessions == m->row->max_sessions)
		return;
	f = raise_key(a, m, rule, &want->max_sessions_at);
	f->expected = SAY("max-sessions %d", want->max_sessions);
	f->declared = SAY("max-sessions %d", m->row->max_sessions);
	f->evidence =
		SAY("the router lets %d sessions of %s in at once", m->row->max_sessions, m->name);
	mend_set(a, m, f, "max-sessions", SAY("%d", want->max_sessions));
}

RULE(rule_unlisted)
{
	struct finding *f;

	if (m->listed || a->policy->unlisted == UNLISTED_IGNORE ||
	    row_enabled(m->row) == TRI_UNKNOWN)
		return;
	m->compared = true;
	if (row_enabled(m->row) == TRI_NO)
		return;
	f = audit_raise(a, m, rule);
	if (a->policy->unlisted == UNLISTED_FAIL)
		f->severity = SEVERITY_HIGH;
	f->origin = a->policy->unlisted_at;
	f->evidence = SAY("the policy does not name %s, which the router lists as %s%s%s", m->name,
	                  service_is_static(m->row) ? "enabled" : "listening",
	                  m->row->container ? " in the container " : "",
	                  m->row->container ? m->row->container : "");
	mend_off(a, m, f);
}

RULE(rule_invalid)
{
	struct finding *f;

	if (row_enabled(m->row) != TRI_YES ||
	    (!m->listed && a->policy->unlisted == UNLISTED_IGNORE))
		return;
	if (m->row->invalid != TRI_YES)
		return;
	f = audit_raise(a, m, rule);
	f->declared = "enabled, invalid";
	f->evidence = m->row->about
	                      ? SAY("the router flags %s as invalid: %s", m->name, m->row->about)
	                      : SAY("the router flags %s as invalid and does not say why", m->name);
}
