/* Policy x declared: what the router says of its services against what was asked for. A key of
 * which the router says nothing is unknown.c's business; here it is neither fine nor a finding. */
#include <string.h>

#include "audit_private.h"

/* Of a service that should be off, another port or list is told only as something to tidy: it does
 * no harm while it is off, and while it is on RA102 says what matters. */
static struct finding *raise_key(struct audit *a, const struct matter *m,
                                 const struct rule_info *rule, const struct origin *at)
{
	struct finding *f = audit_raise(a, m, rule);
	bool tidy = m->want->disabled == TRI_YES && matter_on(m) != TRI_UNKNOWN;

	if (tidy && f->severity > SEVERITY_LOW)
		f->severity = SEVERITY_LOW;
	f->origin = audit_origin(m->want, at);
	return f;
}

bool wants_number(int one, const struct number_set *set)
{
	return one > 0 || set->n > 0;
}

bool wants_word(const char *one, const struct word_set *set)
{
	return one || set->n > 0;
}

/* Does the policy ask for anything that only a row could have? */
static bool wants_row(const struct expect_service *want)
{
	return wants_number(want->port, &want->port_set) || want->address_mode != ADDRESS_ANY ||
	       wants_word(want->certificate, &want->certificate_set) ||
	       wants_word(want->tls_version, &want->tls_version_set) ||
	       wants_word(want->vrf, &want->vrf_set) ||
	       wants_number(want->max_sessions, &want->max_sessions_set);
}

static void judge_absent(struct audit *a, struct matter *m, const struct rule_info *rule)
{
	const struct expect_service *want = m->want;
	struct finding *f;

	m->compared |= want->disabled != TRI_UNKNOWN || wants_row(want);
	if (want->disabled == TRI_YES || !m->compared)
		return;
	f = audit_raise(a, m, rule);
	if (want->disabled != TRI_NO)
		f->expected = word(a, "listed");
	f->origin = audit_origin(want, &want->disabled_at);
	f->evidence = m->opened && m->opened->on == TRI_NO
	                      ? SAY("%s is off: %s", m->name, say_cause(a, &m->opened->cause))
	                      : SAY("the router's list is complete, and %s is not in it", m->name);
}

RULE(rule_missing)
{
	struct finding *f;

	if (matter_is_port(m))
		return;
	if (m->present == TRI_NO) {
		judge_absent(a, m, rule);
		return;
	}
	if (m->want->disabled != TRI_NO || matter_on(m) == TRI_UNKNOWN)
		return;
	m->compared = true;
	if (matter_on(m) == TRI_YES)
		return;
	f = audit_raise(a, m, rule);
	f->expected = word(a, "enabled");
	f->declared = word(a, "disabled");
	f->origin = audit_origin(m->want, &m->want->disabled_at);
	f->evidence = SAY("the router lists %s as disabled", m->name);
	mend_set(a, m, f, "disabled", "no");
}

RULE(rule_forbidden)
{
	struct finding *f;

	if (m->want->disabled != TRI_YES || matter_on(m) == TRI_UNKNOWN)
		return;
	m->compared = true;
	if (matter_on(m) == TRI_NO)
		return;
	f = audit_raise(a, m, rule);
	f->expected = word(a, "disabled");
	f->origin = audit_origin(m->want, &m->want->disabled_at);
	f->evidence =
		!m->row ? SAY("the router has %s on: %s", m->name, say_cause(a, &m->opened->cause))
		: service_is_static(m->row)
			? SAY("the router lists %s as enabled", m->name)
			: SAY("the router lists %s among its listeners", m->name);
	mend_off(a, m, f);
}

/* A value that would do, for the command: the first that is no range. */
static int right_number(int one, const struct number_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->v[i].min == set->v[i].max)
			return set->v[i].min;
	return set->n ? -1 : one;
}

static struct finding *judge_number(struct audit *a, struct matter *m, const struct rule_info *rule,
                                    const char *key, int one, const struct number_set *set,
                                    int have, const struct origin *at)
{
	struct finding *f;

	if (!wants_number(one, set) || have <= 0)
		return NULL;
	m->compared = true;
	if (set->n ? number_set_has(set, have) : one == have)
		return NULL;
	f = raise_key(a, m, rule, at);
	f->expected = arena_printf(&a->out->arena, "%s %s", key, say_numbers(a, one, set));
	f->declared = arena_printf(&a->out->arena, "%s %d", key, have);
	return f;
}

static void mend_number(struct audit *a, const struct matter *m, struct finding *f, const char *key,
                        int one, const struct number_set *set)
{
	int right = right_number(one, set);

	if (right > 0)
		mend_set(a, m, f, key, arena_printf(&a->out->arena, "%d", right));
}

RULE(rule_port)
{
	const struct expect_service *w = m->want;
	int port = m->row ? m->row->port : m->port;
	struct finding *f =
		judge_number(a, m, rule, "port", w->port, &w->port_set, port, &w->port_at);

	if (!f)
		return;
	f->evidence = SAY("the router has %s on port %d", m->name, port);
	mend_number(a, m, f, "port", w->port, &w->port_set);
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

/* A list that is right and changes least: of the router's own prefixes those that lie within the
 * policy's; the policy's whole list only where none does, or the router has none; and what the
 * policy wants covered. A prefix that lets this audit in, where the router and the policy both do,
 * is kept: the command should not lock out whoever runs it. */
static const char *right_addresses(struct audit *a, const struct expect_service *want,
                                   const struct service *row)
{
	size_t most = row->address_n + want->address_n + want->covers_n, n = 0;
	struct prefix *v = arena_array(&a->out->arena, most + 1, sizeof(*v));
	const struct address *us = &a->device->seen_as;
	bool we_are_in = a->device->seen_as_known &&
	                 (!row->address_n || prefix_set_contains(row->address, row->address_n, us));

	for (size_t i = 0; i < row->address_n; i++)
		if (want->address_mode != ADDRESS_WITHIN ||
		    prefix_set_covers(want->address, want->address_n, &row->address[i]))
			v[n++] = row->address[i];
	for (size_t i = 0, own = n; want->address_mode == ADDRESS_WITHIN && i < want->address_n;
	     i++)
		if (!own || (we_are_in && !prefix_set_contains(v, n, us) &&
		             prefix_contains(&want->address[i], us)))
			v[n++] = want->address[i];
	for (size_t i = 0; n && i < want->covers_n; i++)
		if (!prefix_set_covers(v, n, &want->covers[i]))
			v[n++] = want->covers[i];
	return mend_prefixes(a, v, n);
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
	mend_set(a, m, f, mend_address_key(a), right_addresses(a, want, m->row));
}

static void judge_unrestricted(struct audit *a, struct matter *m, const struct rule_info *rule)
{
	struct finding *f;

	if (!prefix_set_restricts(m->row->address, m->row->address_n))
		return;
	f = raise_key(a, m, rule, &m->want->address_at);
	/* Too strict locks somebody out, and lets nobody in. */
	if (f->severity > SEVERITY_MEDIUM && !m->want->remark.severity_at.file)
		f->severity = SEVERITY_MEDIUM;
	f->expected = word(a, "unrestricted");
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
	f->expected = word(a, "restricted");
	f->declared = say_prefixes(a, m->row->address, m->row->address_n);
	f->evidence = m->row->address_n
	                      ? SAY("the list of %s lets a whole address family in", m->name)
	                      : SAY("%s has no address list, so it lets everybody in", m->name);
	/* Which addresses are right only the operator knows: no command. */
}

static bool covers_all(const struct expect_service *want, const struct service *row,
                       const struct prefix **missing)
{
	for (size_t i = 0; row->address_n && i < want->covers_n; i++) {
		if (prefix_set_covers(row->address, row->address_n, &want->covers[i]))
			continue;
		*missing = &want->covers[i];
		return false;
	}
	return true;
}

/* {covers: …}: a list that leaves out who must be let in. */
static void judge_covers(struct audit *a, struct matter *m, const struct rule_info *rule)
{
	const struct expect_service *want = m->want;
	const struct prefix *missing;
	struct finding *f;

	if (covers_all(want, m->row, &missing))
		return;
	f = raise_key(a, m, rule, &want->address_at);
	/* Too strict locks somebody out, and lets nobody in. */
	if (f->severity > SEVERITY_MEDIUM && !want->remark.severity_at.file)
		f->severity = SEVERITY_MEDIUM;
	f->expected = SAY("covers %s", say_prefixes(a, want->covers, want->covers_n));
	f->declared = say_prefixes(a, m->row->address, m->row->address_n);
	f->evidence = SAY("the list of %s leaves out %s, or a part of it", m->name,
	                  say_prefixes(a, missing, 1));
	mend_set(a, m, f, mend_address_key(a), right_addresses(a, want, m->row));
}

RULE(rule_address)
{
	static void (*const judges[])(struct audit *, struct matter *, const struct rule_info *) = {
		[ADDRESS_ANY] = NULL,
		[ADDRESS_WITHIN] = judge_within,
		[ADDRESS_UNRESTRICTED] = judge_unrestricted,
		[ADDRESS_RESTRICTED] = judge_restricted,
		[ADDRESS_COVERS] = NULL,
	};

	if (m->want->address_mode == ADDRESS_ANY || !m->row->address_known)
		return;
	m->compared = true;
	if (judges[m->want->address_mode])
		judges[m->want->address_mode](a, m, rule);
	judge_covers(a, m, rule);
}

/* A key whose value is a word. */
struct word_key {
	const char *name, *one;
	const struct word_set *set;
	const char *have;
	struct origin at;
	bool none_is_none; /* "none" is no name: a pattern does not stand for it */
};

static bool fits(const struct word_key *k)
{
	if (!k->set->n)
		return strcmp(k->one, k->have) == 0;
	for (size_t i = 0; i < k->set->n; i++) {
		const char *pattern = k->set->v[i];

		if (k->none_is_none && strcmp(k->have, "none") == 0 && strpbrk(pattern, "*?"))
			continue;
		if (word_matches(pattern, k->have))
			return true;
	}
	return false;
}

/* The first word that is no pattern, or NULL. */
static const char *right_word(const struct word_key *k)
{
	for (size_t i = 0; i < k->set->n; i++)
		if (!strpbrk(k->set->v[i], "*?"))
			return k->set->v[i];
	return k->one;
}

static void judge_word(struct audit *a, struct matter *m, const struct rule_info *rule,
                       const struct word_key *k)
{
	struct finding *f;

	if (!wants_word(k->one, k->set) || !k->have)
		return;
	m->compared = true;
	if (fits(k))
		return;
	f = raise_key(a, m, rule, &k->at);
	f->expected = arena_printf(&a->out->arena, "%s %s", k->name, say_words(a, k->one, k->set));
	f->declared = arena_printf(&a->out->arena, "%s %s", k->name, k->have);
	f->evidence = SAY("the router has %s with %s=%s", m->name, k->name, k->have);
	if (right_word(k))
		mend_set(a, m, f, k->name, mend_quote(a, right_word(k)));
}

RULE(rule_certificate)
{
	const struct expect_service *w = m->want;
	const struct word_key k = {"certificate",       w->certificate,    &w->certificate_set,
	                           m->row->certificate, w->certificate_at, true};

	judge_word(a, m, rule, &k);
}

RULE(rule_tls_version)
{
	const struct expect_service *w = m->want;
	const struct word_key k = {"tls-version",       w->tls_version,    &w->tls_version_set,
	                           m->row->tls_version, w->tls_version_at, false};

	judge_word(a, m, rule, &k);
}

RULE(rule_vrf)
{
	const struct expect_service *w = m->want;
	const struct word_key k = {"vrf", w->vrf, &w->vrf_set, m->row->vrf, w->vrf_at, false};

	judge_word(a, m, rule, &k);
}

RULE(rule_max_sessions)
{
	const struct expect_service *w = m->want;
	struct finding *f =
		judge_number(a, m, rule, "max-sessions", w->max_sessions, &w->max_sessions_set,
	                     m->row->max_sessions, &w->max_sessions_at);

	if (!f)
		return;
	f->evidence =
		SAY("the router lets %d sessions of %s in at once", m->row->max_sessions, m->name);
	mend_number(a, m, f, "max-sessions", w->max_sessions, &w->max_sessions_set);
}

static const char *say_unlisted(struct audit *a, const struct matter *m)
{
	const char *container = m->row ? m->row->container : NULL;

	if (!m->row)
		return SAY("the policy does not name %s, which the router has on: %s", m->name,
		           say_cause(a, &m->opened->cause));
	if (service_is_static(m->row))
		return SAY("the policy does not name %s, which the router lists as enabled",
		           m->name);
	if (container)
		return SAY("the policy does not name %s, which the router lists as listening in "
		           "the container %s",
		           m->name, container);
	return SAY("the policy does not name %s, which the router lists as listening", m->name);
}

RULE(rule_unlisted)
{
	struct finding *f;

	if (m->listed || a->policy->unlisted == UNLISTED_IGNORE || matter_on(m) == TRI_UNKNOWN)
		return;
	m->compared = true;
	if (matter_on(m) == TRI_NO)
		return;
	f = audit_raise(a, m, rule);
	if (a->policy->unlisted == UNLISTED_FAIL)
		f->severity = SEVERITY_HIGH;
	f->origin = a->policy->unlisted_at;
	f->evidence = say_unlisted(a, m);
	mend_off(a, m, f);
}

RULE(rule_invalid)
{
	struct finding *f;

	if (row_enabled(m->row) != TRI_YES ||
	    (a->has_policy && !m->listed && a->policy->unlisted == UNLISTED_IGNORE))
		return;
	if (m->row->invalid != TRI_YES)
		return;
	f = audit_raise(a, m, rule);
	f->declared = word(a, "enabled, invalid");
	f->evidence = m->row->about
	                      ? SAY("the router flags %s as invalid: %s", m->name, m->row->about)
	                      : SAY("the router flags %s as invalid and does not say why", m->name);
}
