/* Waivers: findings that the policy accepts, until a day. */
#include <string.h>

#include "audit_private.h"
#include "rosaudit/buf.h"

#define EVIDENCE_MAX 4096u

static bool is_expired(const struct waiver *w, int64_t now)
{
	return w->expires_at && now >= w->expires_at;
}

static bool has_port(const struct waiver *w, const struct finding *f)
{
	if (w->port_first < 0)
		return true;
	return f->port >= w->port_first && f->port <= w->port_last &&
	       (f->proto == L4_UDP) == w->port_udp;
}

static bool matches(const struct waiver *w, const struct finding *f)
{
	if (w->rule && strcmp(w->rule, f->rule->id) != 0)
		return false;
	if (w->service && !(f->service && word_matches(w->service, f->service)))
		return false;
	return has_port(w, f);
}

void waivers_apply(struct audit *a)
{
	struct findings *out = a->out;

	for (size_t i = 0; i < a->policy->waivers_n; i++) {
		const struct waiver *w = a->policy->waivers[i];

		for (size_t j = 0; j < out->n; j++) {
			struct finding *f = &out->v[j];

			if (!matches(w, f))
				continue;
			out->waivers_used[i] = true;
			if (f->waived || is_expired(w, a->in->now))
				continue;
			f->waived = true;
			f->waiver = w->reason;
		}
	}
}

/* "the waiver of RA102 for telnet (the old console needs it)" */
static const char *say_waiver(struct arena *arena, const struct language *in,
                              const struct waiver *w)
{
	const char *text;
	struct buf b;

	buf_init(&b, EVIDENCE_MAX);
	if (w->rule)
		buf_printf(&b, in->say(N_("the waiver of %s")), w->rule);
	else
		buf_puts(&b, in->say(N_("the waiver")));
	if (w->service)
		buf_printf(&b, in->say(N_(" for %s")), w->service);
	if (w->port_first > 0) {
		buf_printf(&b, in->say(N_(" for port %d")), w->port_first);
		if (w->port_last != w->port_first)
			buf_printf(&b, "-%d", w->port_last);
		buf_puts(&b, w->port_udp ? "/udp" : "/tcp");
	}
	buf_printf(&b, " (%s)", w->reason);
	text = arena_strdup(arena, buf_str(&b));
	buf_done(&b);
	return text;
}

static const char *say_expired(struct arena *arena, const struct language *in,
                               const struct waiver *w)
{
	return arena_printf(arena, in->say(N_("%s ended on %s")), say_waiver(arena, in, w),
	                    w->expires);
}

static const char *say_unused(struct arena *arena, const struct language *in,
                              const struct waiver *w)
{
	return arena_printf(arena, in->say(N_("%s matches no finding")), say_waiver(arena, in, w));
}

void rule_waiver_expired(struct audit *a, const struct rule_info *rule)
{
	for (size_t i = 0; i < a->policy->waivers_n; i++) {
		const struct waiver *w = a->policy->waivers[i];
		struct finding *f;

		if (w->is_shared || !is_expired(w, a->in->now))
			continue;
		f = audit_raise(a, NULL, rule);
		f->origin = w->origin;
		f->evidence = say_expired(&a->out->arena, a->language, w);
	}
}

void rule_waiver_unused(struct audit *a, const struct rule_info *rule)
{
	for (size_t i = 0; i < a->policy->waivers_n; i++) {
		const struct waiver *w = a->policy->waivers[i];
		struct finding *f;

		if (w->is_shared || a->out->waivers_used[i] || is_expired(w, a->in->now))
			continue;
		f = audit_raise(a, NULL, rule);
		f->origin = w->origin;
		f->evidence = say_unused(&a->out->arena, a->language, w);
	}
}

/* Where a finding without a subject belongs: behind all that weigh more, or as much with a
 * lower id. */
static size_t place_of(const struct findings *out, const struct rule_info *rule)
{
	size_t i = 0;

	while (i < out->n &&
	       (out->v[i].severity > rule->severity || (out->v[i].severity == rule->severity &&
	                                                strcmp(out->v[i].rule->id, rule->id) <= 0)))
		i++;
	return i;
}

/* Into the sorted findings, whose places the subjects know. */
static void insert(struct findings *out, const struct rule_info *rule, const struct waiver *w,
                   const char *evidence)
{
	size_t at = place_of(out, rule);

	out->v = arena_grow(&out->arena, out->v, out->n, out->n + 1, sizeof(*out->v));
	memmove(&out->v[at + 1], &out->v[at], (out->n - at) * sizeof(*out->v));
	out->n++;
	out->v[at] = (struct finding){.rule = rule,
	                              .severity = rule->severity,
	                              .port = -1,
	                              .origin = w->origin,
	                              .evidence = evidence};
	for (size_t i = 0; i < out->subjects_n; i++)
		for (size_t j = 0; j < out->subjects[i].findings_n; j++)
			out->subjects[i].findings[j] += out->subjects[i].findings[j] >= at;
}

static bool same_waiver(const struct waiver *a, const struct waiver *b)
{
	return a == b ||
	       (a->origin.line == b->origin.line && a->origin.column == b->origin.column &&
	        strcmp(a->origin.file, b->origin.file) == 0);
}

/* How a shared waiver fared in the whole run. */
struct fate {
	bool is_first; /* no router before this one has it */
	bool used;
	bool unknown; /* a router that has it could not be audited */
};

static struct fate fate_of(const struct result *v, size_t n, size_t who, const struct waiver *w)
{
	struct fate fate = {.is_first = true};

	for (size_t i = 0; i < n; i++) {
		const struct policy *p = &v[i].target->policy;

		for (size_t j = 0; j < p->waivers_n; j++) {
			if (!same_waiver(p->waivers[j], w))
				continue;
			fate.is_first &= i >= who || !v[i].audited;
			fate.unknown |= !v[i].audited;
			fate.used |= v[i].audited && v[i].findings.waivers_used[j];
		}
	}
	return fate;
}

/* Into the findings, and into those that people read. */
static void tell(struct result *r, const char *rule, const struct waiver *w,
                 const char *(*tells)(struct arena *, const struct language *,
                                      const struct waiver *))
{
	struct findings *people = &r->findings_read;

	insert(&r->findings, audit_rule_find(rule), w,
	       tells(&r->findings.arena, &language_english, w));
	if (r->language)
		insert(people, audit_rule_find(rule), w, tells(&people->arena, r->language, w));
}

void audit_finish(struct result *v, size_t n, int64_t now)
{
	for (size_t i = 0; i < n; i++) {
		const struct policy *p = &v[i].target->policy;

		for (size_t j = 0; v[i].audited && j < p->waivers_n; j++) {
			const struct waiver *w = p->waivers[j];
			struct fate fate;

			if (!w->is_shared)
				continue;
			fate = fate_of(v, n, i, w);
			if (!fate.is_first)
				continue;
			if (is_expired(w, now))
				tell(&v[i], "RA601", w, say_expired);
			else if (!fate.used && !fate.unknown)
				tell(&v[i], "RA602", w, say_unused);
		}
	}
}
