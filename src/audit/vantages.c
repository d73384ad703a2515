/* Restrictions verified from elsewhere: for each vantage, what the service's address list and the
 * firewall should do to its address against what was seen from there. */
#include <string.h>

#include "audit_private.h"

/* One vantage's look at one matter. */
struct view {
	const struct vantage *vantage;
	const struct observation *seen; /* NULL: the port was not in that scan */
	const struct address *from;     /* as the router sees it, or NULL */
	enum reach reach;
	enum tri list;                    /* does the address list let it in? */
	const struct exposure_part *part; /* what the firewall and the service do, where known */
};

static struct view view_of(const struct audit *a, const struct matter *m, size_t i)
{
	const struct vantage *v = &a->in->vantages[i];
	struct view out = {.vantage = v, .from = v->from_known ? &v->from : NULL};

	if (m->port > 0)
		out.seen = observations_find_proto(&v->observations, (uint16_t)m->port, m->proto);
	out.reach = out.seen ? reach_of(out.seen) : REACH_UNKNOWN;
	out.list = m->row ? row_lets_in(m->row, out.from) : TRI_YES;
	out.part = out.from ? predicted_for(a, m, out.from) : NULL;
	return out;
}

/* With several services on one port nobody can tell which of them answered. */
static bool is_judged(const struct audit *a, const struct matter *m)
{
	if (m->row)
		return matter_is_alone(a, m) && !m->shared;
	return matter_on(m) == TRI_YES && !m->shared && !m->foreign;
}

static bool is_kept_out(const struct exposure_part *p)
{
	return p && (p->outcome == EXPOSURE_DROPPED || p->outcome == EXPOSURE_REJECTED ||
	             p->outcome == EXPOSURE_REFUSED);
}

static const char *say_from(struct audit *a, const struct view *v)
{
	return v->from ? say_address(a, v->from) : "?";
}

/* What the vantages say of one matter, in one sentence after the other. */
static void tell(struct audit *a, const char **evidence, const char *sentence)
{
	*evidence =
		*evidence ? arena_printf(&a->out->arena, "%s; %s", *evidence, sentence) : sentence;
}

static const char *served_wrongly(struct audit *a, const struct matter *m, const struct view *v)
{
	const char *probe;

	if (v->reach != REACH_SERVING)
		return NULL;
	probe = say_probe_from(a, &v->vantage->observations, v->seen);
	if (v->list == TRI_NO)
		return SAY("vantage %s: the router sees it as %s, outside of the list of %s, and "
		           "yet: %s",
		           v->vantage->spec->name, say_from(a, v), m->name, probe);
	if (is_kept_out(v->part))
		return SAY("vantage %s: by the router's configuration %s is %s (%s), and yet: %s",
		           v->vantage->spec->name, say_from(a, v),
		           word(a, exposure_outcome_name(v->part->outcome)),
		           say_rule(a, v->part->rule), probe);
	return NULL;
}

RULE(rule_vantage_served)
{
	const char *evidence = NULL;
	struct finding *f;

	if (!is_judged(a, m))
		return;
	for (size_t i = 0; i < a->in->vantages_n; i++) {
		struct view v = view_of(a, m, i);
		const char *sentence = served_wrongly(a, m, &v);

		if (sentence)
			tell(a, &evidence, sentence);
		m->compared |=
			v.list == TRI_NO && (v.reach == REACH_SERVING || v.reach == REACH_REFUSED);
	}
	if (!evidence)
		return;
	f = audit_raise(a, m, rule);
	f->evidence = evidence;
	if (m->row)
		f->declared = say_prefixes(a, m->row->address, m->row->address_n);
}

/* Closed after bytes of ours, and perhaps because of them; of HTTP the manual itself tells of the
 * reset connection of who is not on the list. */
static bool may_dislike_us(const struct matter *m, const struct observation *o)
{
	const struct catalogue_row *known = catalogue_find(m->name, L4_TCP);

	return o->spoke && !(known && known->app == APP_HTTP);
}

static const char *refused_wrongly(struct audit *a, const struct matter *m, const struct view *v)
{
	const char *probe;

	if (!v->seen || v->list != TRI_YES || is_kept_out(v->part))
		return NULL;
	probe = say_probe_from(a, &v->vantage->observations, v->seen);
	if (m->row && v->reach == REACH_REFUSED && !may_dislike_us(m, v->seen))
		return SAY("vantage %s: the list of %s lets it in, and yet: %s",
		           v->vantage->spec->name, m->name, probe);
	/* A firewall is there on purpose: only one that is read, and lets it through, tells. */
	if ((v->reach == REACH_FILTERED || v->reach == REACH_CLOSED) && v->part &&
	    v->part->outcome == EXPOSURE_SERVED)
		return SAY("vantage %s: by the router's configuration %s is served, and yet: %s",
		           v->vantage->spec->name, say_from(a, v), probe);
	return NULL;
}

RULE(rule_vantage_refused)
{
	const char *evidence = NULL;
	struct finding *f;

	if (!is_judged(a, m))
		return;
	for (size_t i = 0; i < a->in->vantages_n; i++) {
		struct view v = view_of(a, m, i);
		const char *sentence = refused_wrongly(a, m, &v);

		if (sentence)
			tell(a, &evidence, sentence);
		m->compared |= m->row && v.list == TRI_YES && v.reach == REACH_SERVING;
	}
	if (!evidence)
		return;
	f = audit_raise(a, m, rule);
	f->evidence = evidence;
	if (m->row)
		f->declared = say_prefixes(a, m->row->address, m->row->address_n);
}

static bool asks_for_restriction(const struct expect_service *want)
{
	return want->address_mode == ADDRESS_WITHIN || want->address_mode == ADDRESS_RESTRICTED ||
	       want->address_mode == ADDRESS_COVERS;
}

/* Why it cannot be told from there; NULL when it can, or when the whole vantage failed, which is
 * told once. */
static const char *why_untold(struct audit *a, const struct view *v)
{
	const char *name = v->vantage->spec->name;

	if (error_is_set(&v->vantage->error) || (v->seen && was_left_out(v->seen)))
		return NULL;
	if (!v->seen)
		return SAY("vantage %s: the port is not in its scan", name);
	if (v->reach == REACH_UNKNOWN)
		return SAY("vantage %s: %s", name,
		           say_probe_from(a, &v->vantage->observations, v->seen));
	if (v->list == TRI_UNKNOWN)
		return SAY("vantage %s: under which address the router sees it is unknown (%s)",
		           name, say_probe_from(a, &v->vantage->observations, v->seen));
	return NULL;
}

RULE(rule_vantage_undecided)
{
	const char *evidence = NULL;
	struct finding *f;

	if (!asks_for_restriction(m->want) || !is_judged(a, m))
		return;
	for (size_t i = 0; i < a->in->vantages_n; i++) {
		struct view v = view_of(a, m, i);
		const char *sentence = why_untold(a, &v);

		if (sentence)
			tell(a, &evidence, sentence);
	}
	if (!evidence)
		return;
	f = audit_raise(a, m, rule);
	f->undecided = true;
	f->evidence = evidence;
	f->expected = say_expected(a, m, "address");
	f->origin = audit_origin(m->want, &m->want->address_at);
}
