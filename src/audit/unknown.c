/* Could not tell: expectations without the facts to judge them. Silence never passes as "no". */
#include <string.h>

#include "audit_private.h"

/* One key of the policy that asks for something of the row. */
struct key {
	const char *name;
	bool wanted, known;
	struct origin at;
	struct {
		int major, minor;
	} since;       /* 0: no version is known to lack it */
	bool tls_only; /* only services with TLS have it */
};

static void raise_undecided(struct audit *a, struct matter *m, const struct rule_info *rule,
                            const char *key, const struct origin *at, const char *why)
{
	struct finding *f = audit_raise(a, m, rule);

	f->undecided = true;
	f->expected = say_expected(a, m, key);
	f->origin = audit_origin(m->want, at);
	f->evidence = SAY("%s of %s cannot be judged: %s", key, m->name, why);
}

static const char *why_unknown(struct audit *a, const struct matter *m, const struct key *key)
{
	const struct ros_version *v = &a->device->version;
	const struct catalogue_row *known = catalogue_service(m->name);

	if (!m->row)
		return word(a, "the listing does not show the service, but may have been "
		               "filtered");
	if (v->major && key->since.major &&
	    !ros_version_at_least(v, key->since.major, key->since.minor))
		return SAY("%s has no %s", say_version(a), key->name);
	if (key->tls_only && known && known->app != APP_TLS)
		return SAY("this service has no %s", key->name);
	return word(a, "the listing does not say");
}

#define KEYS 7u

/* The keys that a row answers, filled for one matter. */
static void list_keys(const struct matter *m, struct key keys[KEYS])
{
	const struct expect_service *w = m->want;
	const struct service *row = m->row;
	const struct key list[KEYS] = {
		{"disabled",
	         w->disabled != TRI_UNKNOWN,
	         matter_on(m) != TRI_UNKNOWN,
	         w->disabled_at,
	         {0, 0},
	         false},
		{"port",
	         wants_number(w->port, &w->port_set),
	         row ? row->port > 0 : matter_on(m) == TRI_YES && m->port > 0,
	         w->port_at,
	         {0, 0},
	         false},
		{"address",
	         w->address_mode != ADDRESS_ANY,
	         row && row->address_known,
	         w->address_at,
	         {0, 0},
	         false},
		{"certificate",
	         wants_word(w->certificate, &w->certificate_set),
	         row && row->certificate,
	         w->certificate_at,
	         {0, 0},
	         true},
		{"tls-version",
	         wants_word(w->tls_version, &w->tls_version_set),
	         row && row->tls_version,
	         w->tls_version_at,
	         {0, 0},
	         true},
		{"vrf", wants_word(w->vrf, &w->vrf_set), row && row->vrf, w->vrf_at, {7, 1}, false},
		{"max-sessions",
	         wants_number(w->max_sessions, &w->max_sessions_set),
	         row && row->max_sessions > 0,
	         w->max_sessions_at,
	         {7, 16},
	         false},
	};

	memcpy(keys, list, sizeof(list));
}

/* The open ports of a range are judged one by one. */
static const char *why_range_unseen(struct audit *a, const struct matter *m)
{
	int first;
	size_t n = range_unsettled(a, m, true, &first);

	return n ? SAY_N(n, "%zu of its ports has no result: %d",
	                 "%zu of its ports have no result, the first of them %d", n, first)
	         : NULL;
}

/* nmap's word, as it is. */
static const char *reason_of(struct audit *a, const struct observation *o)
{
	return o->reason ? o->reason : word(a, "no reason given");
}

/* Why the key `reachable` cannot be judged, or NULL when it can. */
static const char *why_unseen(struct audit *a, const struct matter *m)
{
	enum reach reach = reach_of(m->seen);

	if (matter_is_displaced(m))
		return NULL;
	if (m->foreign)
		return word(a, "another service has, or may have, the same port");
	if (m->proto == L4_UDP && !m->seen)
		return word(a, "only TCP ports are probed");
	if (m->is_range)
		return why_range_unseen(a, m);
	if (m->port < 0)
		return word(a, "its port is unknown");
	if (!m->seen)
		return a->seen->scanned ? SAY("port %d was not in the scan", m->port)
		                        : word(a, "no port was probed");
	if (reach == REACH_UNKNOWN)
		return SAY("port %d has no result (%s)", m->port, reason_of(a, m->seen));
	if (reach == REACH_OPEN)
		return SAY("port %d is open, but was not asked what it does", m->port);
	/* Open without a word: for "not reachable" that is enough, for "serves us" it is not. */
	if (reach == REACH_SILENT && m->want->reachable == TRI_YES && !m->want->reachable_exactly)
		return SAY("port %d is open and said nothing", m->port);
	return NULL;
}

/* A row of which it is not known whether it is enabled: does the policy's `unlisted` hit it? */
static void judge_unnamed(struct audit *a, struct matter *m, const struct rule_info *rule)
{
	struct finding *f;

	if (!a->has_policy || m->listed || !m->row || row_enabled(m->row) != TRI_UNKNOWN ||
	    a->policy->unlisted == UNLISTED_IGNORE)
		return;
	f = audit_raise(a, m, rule);
	f->undecided = a->policy->unlisted == UNLISTED_FAIL;
	if (!f->undecided)
		f->severity = SEVERITY_LOW;
	f->origin = a->policy->unlisted_at;
	f->evidence = SAY("the policy does not name %s, and the listing does not say whether it is "
	                  "enabled",
	                  m->name);
}

RULE(rule_undecided)
{
	struct key keys[KEYS];
	const char *why;

	judge_unnamed(a, m, rule);
	/* What the router is known not to have has no properties; RA101 says so where it
	 * matters. */
	if (!m->want)
		return;
	list_keys(m, keys);
	for (size_t i = 0; m->present != TRI_NO && i < KEYS; i++)
		if (keys[i].wanted && !keys[i].known)
			raise_undecided(a, m, rule, keys[i].name, &keys[i].at,
			                why_unknown(a, m, &keys[i]));
	why = why_use_unknown(a, m);
	if (why)
		raise_undecided(a, m, rule, expect_kind_name(m->port_want->say.expect),
		                &m->port_want->say.expect_at, why);
	if (m->want->reachable == TRI_UNKNOWN)
		return;
	why = why_unseen(a, m);
	if (why)
		raise_undecided(a, m, rule, "reachable", &m->want->reachable_at, why);
}

/* Left without a result though it was to be probed. A port that nobody meant to probe is none. */
static bool is_unprobed(const struct observation *o)
{
	return o->state == PORT_UNKNOWN && !was_left_out(o);
}

RULE(rule_unprobed)
{
	struct finding *f;

	if (!m->seen || !is_unprobed(m->seen))
		return;
	f = audit_raise(a, m, rule);
	f->undecided = true;
	f->evidence = SAY("port %d could not be probed: %s", m->port, reason_of(a, m->seen));
}

/* The ports that belong to no matter, in one sentence: an interrupted scan of all ports has
 * 65,000. */
void rule_unprobed_rest(struct audit *a, const struct rule_info *rule)
{
	const struct observation *first = NULL;
	struct finding *f;
	size_t n = 0;

	for (size_t i = 0; i < a->seen->n; i++) {
		const struct observation *o = &a->seen->v[i];

		if (o->proto == L4_UDP || !is_unprobed(o) || a->ports[o->port].judged)
			continue;
		if (!first)
			first = o;
		n++;
	}
	if (!n)
		return;
	f = audit_raise(a, NULL, rule);
	f->undecided = true;
	if (n == 1)
		f->port = first->port;
	f->proto = L4_TCP;
	f->evidence =
		n == 1 ? SAY("port %u could not be probed: %s", first->port, reason_of(a, first))
		       : SAY("%zu ports could not be probed, the first of them %u: %s", n,
	                     first->port, reason_of(a, first));
}

/* A part of the policy whose `when` nobody can decide: what it expects is not judged. */
void rule_unsure(struct audit *a, const struct rule_info *rule)
{
	for (size_t i = 0; i < a->policy->unsure_n; i++) {
		const struct condition *c = a->policy->unsure[i];
		bool version = c->version_n && !a->device->version.major;
		struct finding *f = audit_raise(a, NULL, rule);

		f->undecided = true;
		f->origin = c->origin;
		f->evidence =
			word(a, version && c->board.n
		                        ? N_("whether this `when` holds cannot be told: the "
		                             "router's version and board are unknown")
		                : version ? N_("whether this `when` holds cannot be told: the "
		                               "router's version is unknown")
		                          : N_("whether this `when` holds cannot be told: the "
		                               "router's board is unknown"));
	}
}
