/* Policy x reachable: the key `reachable:` against what a probe saw. What a probe could not settle
 * is unknown.c's business. */
#include "audit_private.h"

/* What holds the port when it is not this service, which is off or not there. A displaced
 * matter has an owner. */
static const char *say_foreign(struct audit *a, const struct matter *m)
{
	const char *owner = a->ports[m->port].owner;
	const char *name = owner ? owner : word(a, "another service");

	if (m->row)
		return SAY("port %d belongs to %s, and %s is disabled", m->port, name, m->name);
	return SAY("port %d belongs to %s, and %s is not there", m->port, name, m->name);
}

/* Is what was seen not what `yes` and `served` ask for? */
static bool fails_yes(enum reach reach, bool exactly)
{
	return reach == REACH_CLOSED || reach == REACH_FILTERED || reach == REACH_REFUSED ||
	       (exactly && reach == REACH_SILENT);
}

/* `refused` takes an open port that is closed again without a word, and nothing else. */
static bool lacks_refusal(const struct expect_service *want, enum reach reach)
{
	return want->reachable == TRI_NO && want->reachable_exactly &&
	       (reach == REACH_CLOSED || reach == REACH_FILTERED);
}

static void judge_refusal(struct audit *a, struct matter *m, const struct rule_info *rule)
{
	enum reach reach = reach_of(m->seen);
	struct finding *f;

	m->compared |= reach == REACH_REFUSED;
	if (!lacks_refusal(m->want, reach) && !matter_is_displaced(m))
		return;
	f = audit_raise(a, m, rule);
	f->expected = word(a, "refused");
	f->origin = audit_origin(m->want, &m->want->reachable_at);
	f->evidence = matter_is_displaced(m) ? say_foreign(a, m) : say_probe_of(a, m);
}

RULE(rule_expected_reachable)
{
	const struct expect_service *want = m->want;
	enum reach reach = reach_of(m->seen);
	struct finding *f;

	if (want->reachable == TRI_NO && want->reachable_exactly)
		judge_refusal(a, m, rule);
	if (want->reachable != TRI_YES)
		return;
	if (matter_is_displaced(m)) {
		m->compared = true;
		f = audit_raise(a, m, rule);
		f->evidence = say_foreign(a, m);
	} else {
		m->compared |= reach == REACH_SERVING;
		if (!fails_yes(reach, want->reachable_exactly))
			return;
		f = audit_raise(a, m, rule);
		f->evidence = say_probe_of(a, m);
	}
	f->expected = word(a, want->reachable_exactly ? N_("served") : N_("reachable"));
	f->origin = audit_origin(want, &want->reachable_at);
	if (m->row && row_enabled(m->row) == TRI_NO)
		mend_set(a, m, f, "disabled", "no");
}

RULE(rule_expected_unreachable)
{
	enum reach reach = reach_of(m->seen);
	struct finding *f;

	if (m->want->reachable != TRI_NO)
		return;
	if (!m->want->reachable_exactly) {
		m->compared |= matter_is_displaced(m);
		m->compared |=
			reach == REACH_CLOSED || reach == REACH_FILTERED || reach == REACH_REFUSED;
	}
	if (reach != REACH_SERVING && reach != REACH_SILENT)
		return;
	f = audit_raise(a, m, rule);
	f->expected = word(a, m->want->reachable_exactly ? N_("refused") : N_("not reachable"));
	f->origin = audit_origin(m->want, &m->want->reachable_at);
	f->evidence = say_probe(a, m->seen);
	/* A service that should be on needs a firewall or a list instead: no one command. So does
	 * one that should refuse us: switched off its port is closed. */
	if (m->want->disabled != TRI_NO && !m->want->reachable_exactly && m->row &&
	    row_enabled(m->row) == TRI_YES)
		mend_off(a, m, f);
}
