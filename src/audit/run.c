/* Runs the rules over every matter, then sorts and turns matters into the report's subjects. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "audit_private.h"

/* Each description is the first member of its rule. */
static bool is_asked(const struct rule_info *rule)
{
	return ((const struct rule *)(const void *)rule)->asked;
}

static void take_remark(const struct remark *r, struct finding *f)
{
	if (r->severity_at.file)
		f->severity = (enum severity)r->severity;
	f->title = r->title;
	f->why = r->why;
	f->link = r->link;
}

struct finding *audit_raise(struct audit *a, const struct matter *m, const struct rule_info *rule)
{
	struct findings *out = a->out;
	struct finding *f;

	if (out->n == a->findings_cap) {
		size_t cap = out->n ? out->n * 2 : 16;

		out->v = arena_grow(&out->arena, out->v, out->n, cap, sizeof(*out->v));
		a->about = arena_grow(&out->arena, a->about, out->n, cap, sizeof(*a->about));
		a->findings_cap = cap;
	}
	a->about[out->n] = m ? (size_t)(m - a->matters) : SIZE_MAX;
	f = &out->v[out->n++];
	*f = (struct finding){
		.rule = rule,
		.severity = rule->severity,
		.port = -1,
		.asked = is_asked(rule),
		.raised = out->n - 1,
	};
	if (!m)
		return f;
	f->service = m->name;
	f->port = m->port;
	f->proto = m->proto;
	f->expected = m->want ? say_expected(a, m, NULL) : NULL;
	f->declared = m->row || m->present == TRI_NO || matter_on(m) == TRI_YES
	                      ? short_declared(a, m)
	                      : NULL;
	f->cause = m->opened ? cause_copy(&m->opened->cause, &out->arena) : NULL;
	f->reachable = say_seen(a, m->seen);
	f->filtered_by = say_filter(a, m);
	if (m->want)
		f->origin = m->want->origin;
	if (m->want && is_asked(rule))
		take_remark(&m->want->remark, f);
	return f;
}

struct origin audit_origin(const struct expect_service *want, const struct origin *at)
{
	return at->file ? *at : want->origin;
}

bool matter_is_port(const struct matter *m)
{
	return m->port_want && m->want == &m->port_want->say;
}

/* What may be on or off is judged only while it is on. */
static bool is_idle(const struct matter *m)
{
	if (!m->want || m->want->expect != EXPECT_ALLOWED)
		return false;
	return m->row ? row_enabled(m->row) == TRI_NO : m->present == TRI_NO;
}

static bool is_passed_over(const struct matter *m, const struct rule *rule)
{
	if (m->want && m->want->expect == EXPECT_IGNORED)
		return true;
	return rule->asked && is_idle(m);
}

static bool has_needs(const struct audit *a, const struct matter *m, unsigned needs)
{
	if ((needs & NEEDS_POLICY) && !a->has_policy)
		return false;
	if ((needs & NEEDS_WANT) && !m->want)
		return false;
	if ((needs & NEEDS_ROW) && !m->row)
		return false;
	if ((needs & NEEDS_LINE) && !m->row && matter_on(m) != TRI_YES)
		return false;
	return !(needs & NEEDS_SEEN) || reach_of(m->seen) != REACH_UNKNOWN;
}

static void run_rules(struct audit *a)
{
	for (size_t i = 0; i < a->matters_n; i++)
		for (size_t j = 0; j < rules_n; j++)
			if (rules[j].run && !is_passed_over(&a->matters[i], &rules[j]) &&
			    has_needs(a, &a->matters[i], rules[j].needs))
				rules[j].run(a, &a->matters[i], &rules[j].info);
	for (size_t j = 0; j < rules_n; j++)
		if (rules[j].once && !rules[j].of_waivers)
			rules[j].once(a, &rules[j].info);
	waivers_apply(a);
	for (size_t j = 0; j < rules_n; j++)
		if (rules[j].once && rules[j].of_waivers)
			rules[j].once(a, &rules[j].info);
}

static int order_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* As finding.h promises, then by everything else that a reader sees, so that reports are the same
 * whatever the order in which a router lists its rows. */
static int order_findings(const void *left, const void *right, void *arg)
{
	const struct finding *v = arg;
	const struct finding *a = &v[*(const size_t *)left], *b = &v[*(const size_t *)right];
	int order;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	order = strcmp(a->rule->id, b->rule->id);
	if (order)
		return order;
	if (a->port != b->port)
		return a->port < b->port ? -1 : 1;
	order = order_text(a->service, b->service);
	if (order)
		return order;
	if (a->proto != b->proto)
		return a->proto < b->proto ? -1 : 1;
	order = order_text(a->evidence, b->evidence);
	if (order)
		return order;
	return a < b ? -1 : a > b;
}

/* The order is that of the English sentences in every language. */
static void sort_findings(struct audit *a, const struct findings *english)
{
	struct findings *out = a->out;
	assert(!english || english->n == out->n);
	size_t *index = arena_array(&out->arena, out->n + 1, sizeof(*index));
	size_t *about = arena_array(&out->arena, out->n + 1, sizeof(*about));
	struct finding *v = arena_array(&out->arena, out->n + 1, sizeof(*v));

	for (size_t i = 0; i < out->n; i++)
		index[i] = english ? english->v[i].raised : i;
	if (!english)
		qsort_r(index, out->n, sizeof(*index), order_findings, out->v);
	for (size_t i = 0; i < out->n; i++) {
		v[i] = out->v[index[i]];
		about[i] = a->about[index[i]];
	}
	out->v = v;
	a->about = about;
}

/* An undecided finding makes the verdict unless a decided one weighs as much: a service that is
 * known to be wrong is not shown as merely unknown. */
static enum verdict judge(const struct findings *out, const struct matter *m,
                          const struct subject *s)
{
	bool undecided = false;
	int decided = -1, open = -1;

	for (size_t i = 0; i < s->findings_n; i++) {
		const struct finding *f = &out->v[s->findings[i]];
		int *worst = f->undecided ? &open : &decided;

		undecided |= f->undecided;
		if ((int)f->severity > *worst)
			*worst = (int)f->severity;
	}
	if (undecided && open > decided)
		return VERDICT_UNKNOWN;
	if (s->findings_n)
		return VERDICT_FINDING;
	return m->compared ? VERDICT_PASS : VERDICT_NONE;
}

static void link_findings(struct audit *a)
{
	struct findings *out = a->out;
	size_t *places = arena_array(&out->arena, out->n + 1, sizeof(*places));

	for (size_t i = 0; i < out->n; i++)
		if (a->about[i] != SIZE_MAX)
			out->subjects[a->about[i]].findings_n++;
	for (size_t i = 0; i < out->subjects_n; i++) {
		out->subjects[i].findings = places;
		places += out->subjects[i].findings_n;
		out->subjects[i].findings_n = 0;
	}
	for (size_t i = 0; i < out->n; i++) {
		struct subject *s;

		if (a->about[i] == SIZE_MAX)
			continue;
		s = &out->subjects[a->about[i]];
		s->findings[s->findings_n++] = i;
	}
}

static void make_subjects(struct audit *a)
{
	struct findings *out = a->out;

	out->subjects_n = a->matters_n;
	out->subjects = arena_array(&out->arena, a->matters_n + 1, sizeof(*out->subjects));
	for (size_t i = 0; i < a->matters_n; i++) {
		const struct matter *m = &a->matters[i];

		out->subjects[i] = (struct subject){
			.name = m->name,
			.port = m->port,
			.proto = m->proto,
			.listed = m->listed,
			.expected = short_expected(a, m),
			.declared = short_declared(a, m),
			.reachable = short_reach(a, m),
			.filtered_by = say_filter(a, m),
			.cause = m->opened ? cause_copy(&m->opened->cause, &out->arena) : NULL,
		};
	}
	link_findings(a);
	for (size_t i = 0; i < out->subjects_n; i++) {
		struct subject *s = &out->subjects[i];

		s->verdict = judge(out, &a->matters[i], s);
		/* Findings are sorted: the first one is the worst. */
		s->worst = s->findings_n ? out->v[s->findings[0]].severity : SEVERITY_INFO;
	}
}

static void run(const struct audit_input *in, const struct language *language,
                const struct findings *english, struct findings *out)
{
	struct audit a = {
		.in = in,
		.language = language,
		.device = in->device,
		.policy = &in->target->policy,
		.seen = in->observations,
		.has_policy = !policy_is_empty(&in->target->policy),
		.out = out,
	};

	a.ports = mem_alloc(65536 * sizeof(*a.ports));
	opened_prepare(&a);
	audit_collect(&a);
	out->waivers_used = arena_array(&out->arena, a.policy->waivers_n, sizeof(bool));
	run_rules(&a);
	sort_findings(&a, english);
	make_subjects(&a);
	out->note = say_not_compared(&a);
	free(a.may_tcp);
	free(a.may_udp);
	free(a.ports);
}

void audit_run(const struct audit_input *in, struct findings *out)
{
	run(in, &language_english, NULL, out);
}

void audit_say(const struct audit_input *in, const struct language *language,
               const struct findings *english, struct findings *out)
{
	run(in, language, english, out);
}

const struct rule_info *audit_rule_find(const char *id)
{
	for (size_t i = 0; i < audit_rules_n; i++)
		if (strcasecmp(audit_rules[i]->id, id) == 0)
			return audit_rules[i];
	return NULL;
}
