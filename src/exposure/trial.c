/* The walk of one source, ours. Beside walk.c, which carries all sources through the chains at
 * once, it keeps what a packet leaves behind: the next connection is judged with it. Where it
 * cannot be known whether a rule matches, the worse is assumed: it does not end the packet, and it
 * does put us into its list. */
#include <string.h>

#include "rosaudit/limits.h"
#include "trial.h"

/* Chains that jump to each other in a fan would take for ever. */
enum { STEPS_MAX = 1000000 };

static enum tri both(enum tri a, enum tri b)
{
	if (a == TRI_NO || b == TRI_NO)
		return TRI_NO;
	return a == TRI_YES && b == TRI_YES ? TRI_YES : TRI_UNKNOWN;
}

static enum tri negate(enum tri t, bool negated)
{
	if (!negated || t == TRI_UNKNOWN)
		return t;
	return t == TRI_YES ? TRI_NO : TRI_YES;
}

/* What holds of each while we are slow and have few connections open. */
static const struct {
	const char *name;
	enum tri slow;
} counting[] = {
	{"limit", TRI_YES},
	{"dst-limit", TRI_YES},
	{"psd", TRI_NO},
	{"connection-limit", TRI_NO},
	{"connection-rate", TRI_UNKNOWN},
	{"connection-bytes", TRI_UNKNOWN},
};

static enum tri while_slow(const struct matcher *m)
{
	for (size_t i = 0; i < sizeof(counting) / sizeof(counting[0]); i++)
		if (m->kind && strcmp(m->kind->name, counting[i].name) == 0)
			return counting[i].slow;
	return TRI_UNKNOWN;
}

bool is_counting(const struct matcher *m)
{
	for (size_t i = 0; i < sizeof(counting) / sizeof(counting[0]); i++)
		if (m->kind && strcmp(m->kind->name, counting[i].name) == 0)
			return true;
	return false;
}

static enum tri of_packet(const struct trial *t, const struct matcher *m)
{
	enum tri r;

	if (m->bad || !m->kind)
		return TRI_UNKNOWN;
	r = m->kind->test ? m->kind->test(t->f, m, &t->packet) : while_slow(m);
	return negate(r, m->negated);
}

static enum tri in_list(const struct trial *t, const struct alist *l)
{
	uint64_t bit = l->moves >= 0 ? (uint64_t)1 << l->moves : 0;

	if ((t->added & bit) || addrset_contains(&l->sure, t->us))
		return TRI_YES;
	if ((t->maybe & bit) || l->moves == MOVES_UNFOLLOWED || addrset_contains(&l->may, t->us))
		return TRI_UNKNOWN;
	return TRI_NO;
}

static enum tri of_source(struct trial *t, const struct matcher *m)
{
	struct rule alone = {.sources = (struct matcher *)(uintptr_t)m, .sources_n = 1};
	struct addrset sure, may;

	if (m->bad)
		return TRI_UNKNOWN;
	if (m->list != NAME_NONE)
		return negate(in_list(t, &t->f->lists[m->list]), m->negated);
	rule_sources(t->f, &alone, 0, 0, t->arena, &sure, &may);
	if (addrset_contains(&sure, t->us))
		return TRI_YES;
	return addrset_contains(&may, t->us) ? TRI_UNKNOWN : TRI_NO;
}

enum tri trial_matches(struct trial *t, const struct rule *r)
{
	enum tri all = TRI_YES;

	for (size_t i = 0; i < r->matchers_n && all != TRI_NO; i++)
		all = both(all, of_packet(t, &r->matchers[i]));
	for (size_t i = 0; i < r->sources_n && all != TRI_NO; i++)
		all = both(all, of_source(t, &r->sources[i]));
	return all;
}

static void add(struct trial *t, const struct rule *r, bool sure)
{
	const struct alist *l = r->list == NAME_NONE ? NULL : &t->f->lists[r->list];
	bool there = l && in_list(t, l) == TRI_YES;

	if (!l)
		return;
	if (l->moves >= 0 && sure)
		t->added |= (uint64_t)1 << l->moves;
	else if (l->moves >= 0)
		t->maybe |= (uint64_t)1 << l->moves;
	if (t->shuts[r->list] && !there && !t->trap) {
		t->trap = r;
		t->trap_sure = sure;
	}
}

enum way { WAY_ON = 0, WAY_LEFT, WAY_ENDED };

static enum way walk_chain(struct trial *t, const struct table *table, size_t chain);

/* A loop, or too deep. */
static bool is_inside(const struct trial *t, const struct chain *c)
{
	for (size_t i = 0; i < t->depth; i++)
		if (t->inside[i] == c)
			return true;
	return t->depth == TRIAL_DEPTH;
}

static enum way follow(struct trial *t, const struct table *table, const struct rule *r)
{
	enum way way;

	if (r->target == NAME_NONE)
		return WAY_ON;
	if (is_inside(t, &table->chains[r->target])) {
		t->unsure = true;
		return WAY_ON;
	}
	way = walk_chain(t, table, r->target);
	return way == WAY_ENDED ? WAY_ENDED : WAY_ON;
}

static enum way apply(struct trial *t, const struct table *table, const struct rule *r, bool sure)
{
	switch (r->action) {
	case ACT_PASS:
	case ACT_ADD_DST:
	case ACT_NOTRACK:
		return WAY_ON;
	case ACT_ADD_SRC:
		add(t, r, sure && !t->unsure);
		return WAY_ON;
	case ACT_JUMP:
		return follow(t, table, r);
	case ACT_RETURN:
		return WAY_LEFT;
	case ACT_UNKNOWN: /* it may do anything */
		t->unsure = true;
		return WAY_ON;
	case ACT_ACCEPT:
	case ACT_DROP:
	case ACT_REJECT:
	case ACT_TARPIT:
	case ACT_DSTNAT:
	case ACT_REDIRECT:
		break;
	}
	t->dead |= sure && r->action != ACT_ACCEPT;
	return WAY_ENDED;
}

static enum way walk_rules(struct trial *t, const struct table *table, const struct chain *c)
{
	for (size_t i = 0; i < c->n && t->steps < STEPS_MAX; i++, t->steps++) {
		const struct rule *r = &table->v[c->rules[i]];
		enum tri match = r->dead ? TRI_NO : trial_matches(t, r);
		enum way way;

		if (match == TRI_NO)
			continue;
		way = apply(t, table, r, match == TRI_YES);
		if (way == WAY_ON)
			continue;
		if (match == TRI_YES)
			return way;
		t->unsure = true;
	}
	return WAY_LEFT;
}

static enum way walk_chain(struct trial *t, const struct table *table, size_t chain)
{
	const struct chain *c = &table->chains[chain];
	enum way way;

	t->inside[t->depth++] = c;
	way = walk_rules(t, table, c);
	t->depth--;
	return way;
}

/* dst-nat may lead the packet past input; to go on there all the same is the worse assumption. */
void trial_connect(struct trial *t)
{
	t->unsure = t->dead = false;
	t->depth = 0;
	t->steps = 0;
	t->trap = NULL;
	walk_chain(t, &t->f->tables[STAGE_RAW], 0);
	if (!t->dead)
		walk_chain(t, &t->f->tables[STAGE_INPUT], 0);
}
