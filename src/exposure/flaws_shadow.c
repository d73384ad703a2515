/* Rules that never match: whoever would, met the end of his way above. Rules with the same
 * conditions are one family, which keeps what sources it has left; a rule is shadowed when the
 * families whose conditions its own imply leave none of its sources. */
#include <stdlib.h>
#include <string.h>

#include "exposure_private.h"
#include "rosaudit/buf.h"
#include "rosaudit/limits.h"

/* Rules that differ in their sources alone. */
struct family_of_rules {
	const struct matcher *const *conditions;
	size_t n;
	uint32_t left;           /* the sources that they leave for a later rule */
	const struct rule *last; /* that took something; NULL = they take nothing */
	bool all_accept;
	uint32_t *over; /* families that these conditions imply */
	size_t over_n, over_cap;
	size_t compared; /* families before that one were compared */
};

struct shadows {
	const struct firewall *f;
	struct flaw_list *out;
	struct arena arena;
	struct paint paint;
	struct names keys;
	struct family_of_rules *v;
	size_t cap;
	uint32_t steps;
};

enum { WITNESSES = 16 };

/* A rule as it is judged. */
struct judged {
	const struct rule *rule;
	const struct matcher **conditions; /* in the order of their texts */
	size_t n;
	const struct addrset *sure, *may; /* NULL: every source */
};

static int order_texts(const void *left, const void *right)
{
	const struct matcher *const *a = left, *const *b = right;

	return strcmp((*a)->text, (*b)->text);
}

static bool changes(const struct firewall *f, const struct rule *r)
{
	for (size_t i = 0; i < r->sources_n; i++)
		if (r->sources[i].list != NAME_NONE && f->lists[r->sources[i].list].changes)
			return true;
	return false;
}

/* A list that changes is a condition like others: of two rules that name it, it says the same, but
 * what is in it now proves nothing. */
static struct judged judged_of(struct shadows *s, const struct rule *r)
{
	bool by_text = r->moving || changes(s->f, r);
	struct judged j = {r, NULL, 0, by_text ? NULL : r->sure, by_text ? NULL : r->may};

	j.conditions = arena_array(&s->arena, r->matchers_n + r->sources_n + 1,
	                           sizeof(const struct matcher *));
	for (size_t i = 0; i < r->matchers_n; i++)
		if (!condition_is_void(s->f, &r->matchers[i]))
			j.conditions[j.n++] = &r->matchers[i];
	for (size_t i = 0; by_text && i < r->sources_n; i++)
		j.conditions[j.n++] = &r->sources[i];
	qsort(j.conditions, j.n, sizeof(const struct matcher *), order_texts);
	return j;
}

/* Conditions that a packet fulfils or not, and always the same. */
static bool is_certain(const struct firewall *f, const struct judged *j)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct matcher *m = j->conditions[i];

		if (m->bad || m->kind->role == MATCH_NEVER_KNOWN)
			return false;
		if (m->list != NAME_NONE && f->lists[m->list].moves_dst)
			return false;
	}
	for (size_t i = 0; i < j->rule->sources_n; i++)
		if (j->rule->sources[i].bad)
			return false;
	return !j->rule->moving;
}

static const char *key_of(struct shadows *s, const struct judged *j)
{
	struct buf key;
	const char *copy;

	buf_init(&key, 1u << 24);
	for (size_t i = 0; i < j->n; i++)
		buf_printf(&key, "%s\n", j->conditions[i]->text);
	copy = arena_strdup(&s->arena, buf_str(&key));
	buf_done(&key);
	return copy;
}

static size_t family_number(struct shadows *s, const struct judged *j)
{
	size_t known = s->keys.n, i = names_add(&s->keys, key_of(s, j));

	if (i < known)
		return i;
	if (i >= s->cap) {
		s->cap = s->cap ? s->cap * 2 : 16;
		s->v = mem_realloc(s->v, s->cap * sizeof(*s->v));
	}
	s->v[i] = (struct family_of_rules){
		.conditions = j->conditions,
		.n = j->n,
		.left = paint_span(&s->paint, 0, address_last(s->f->family), 0),
		.all_accept = true,
	};
	return i;
}

/* --- families above -------------------------------------------------------------------------- */

static bool implies(const struct firewall *f, const struct family_of_rules *given,
                    const struct family_of_rules *asked)
{
	for (size_t i = 0; i < asked->n; i++) {
		bool found = false;

		for (size_t k = 0; k < given->n && !found; k++)
			found = condition_implies(f, given->conditions[k], asked->conditions[i]);
		if (!found)
			return false;
	}
	return true;
}

/* Compares with the families that came since the last time. */
static void compare_families(struct shadows *s, struct family_of_rules *g)
{
	for (; g->compared < s->keys.n && s->steps < LIMIT_FLAW_STEPS; g->compared++) {
		const struct family_of_rules *other = &s->v[g->compared];

		s->steps += (uint32_t)(g->n * other->n) + 1;
		if (!implies(s->f, g, other))
			continue;
		if (g->over_n == g->over_cap) {
			size_t cap = g->over_cap ? g->over_cap * 2 : 4;

			g->over = arena_grow(&s->arena, g->over, g->over_n, cap, sizeof(*g->over));
			g->over_cap = cap;
		}
		g->over[g->over_n++] = (uint32_t)g->compared;
	}
}

/* --- sources that are left ------------------------------------------------------------------- */

static void collect(void *ctx, const struct span *s)
{
	addrset_builder_add(ctx, s->first, s->last);
}

/* Those of the sources that the family leaves. The set is the arena's. */
static struct addrset left_of(struct shadows *s, struct family_of_rules *g,
                              const struct addrset *from, struct arena *arena)
{
	uint32_t taken = paint_take(&s->paint, &g->left, from);
	struct addrset_builder b;

	addrset_builder_init(&b, s->f->family);
	paint_each(&s->paint, taken, collect, &b);
	s->steps += (uint32_t)b.n;
	g->left = paint_unite(&s->paint, g->left, taken);
	return addrset_builder_finish(&b, arena);
}

static bool leaves_address(const struct shadows *s, const struct family_of_rules *g, addr_number x)
{
	return !g->last || paint_has(&s->paint, g->left, x);
}

/* Does each family above leave that source? */
static bool is_left(const struct shadows *s, const struct family_of_rules *own, addr_number x)
{
	for (size_t i = 0; i < own->over_n; i++)
		if (!leaves_address(s, &s->v[own->over[i]], x))
			return false;
	return true;
}

/* Most rules are not shadowed, and some source tells it at once: a few are tried. */
static bool has_witness(const struct shadows *s, const struct judged *j,
                        const struct family_of_rules *own)
{
	size_t every;

	if (!j->may)
		return is_left(s, own, 0) || is_left(s, own, address_last(s->f->family)) ||
		       (own->left && is_left(s, own, s->paint.v[own->left].first));
	every = j->may->n / WITNESSES + 1;
	for (size_t i = 0; i < j->may->n; i += every)
		if (is_left(s, own, addrset_range(j->may, i).first) ||
		    is_left(s, own, addrset_range(j->may, i).last))
			return true;
	return false;
}

struct shadow {
	bool whole;
	const struct rule *by;
	bool all_accept;
};

static bool comes_later(const struct rule *a, const struct rule *b)
{
	return !b || a->told.number > b->told.number;
}

/* What the families above leave of a rule's sources, one after the other. */
static struct shadow find_shadow(struct shadows *s, const struct judged *j, size_t own)
{
	struct shadow shadow = {.all_accept = true};
	struct addrset rest;
	struct arena arena;

	compare_families(s, &s->v[own]);
	if (has_witness(s, j, &s->v[own]))
		return shadow;
	arena_init(&arena);
	rest = j->may ? *j->may : addrset_all(s->f->family, &arena);
	for (size_t i = 0; i < s->v[own].over_n && rest.n; i++) {
		struct family_of_rules *g = &s->v[s->v[own].over[i]];
		struct addrset left;

		if (!g->last || s->steps > LIMIT_FLAW_STEPS)
			continue;
		left = left_of(s, g, &rest, &arena);
		if (addrset_equal(&left, &rest))
			continue;
		rest = left;
		shadow.all_accept &= g->all_accept;
		if (comes_later(g->last, shadow.by))
			shadow.by = g->last;
	}
	shadow.whole = rest.n == 0;
	arena_done(&arena);
	return shadow;
}

static bool ends_the_way(const struct rule *r)
{
	return r->action == ACT_ACCEPT || r->action == ACT_DROP || r->action == ACT_REJECT ||
	       r->action == ACT_TARPIT || r->action == ACT_RETURN;
}

static void remember(struct shadows *s, const struct judged *j, size_t own)
{
	struct family_of_rules *g = &s->v[own];
	uint32_t taken = g->left;

	if (j->sure)
		taken = paint_take(&s->paint, &g->left, j->sure);
	else
		g->left = 0;
	if (taken)
		g->last = j->rule;
	paint_free(&s->paint, taken);
	g->all_accept &= j->rule->action == ACT_ACCEPT;
}

static void judge_rule(struct shadows *s, const struct judged *j)
{
	const struct rule *r = j->rule;
	bool drops = r->action == ACT_DROP || r->action == ACT_REJECT || r->action == ACT_TARPIT;
	struct shadow shadow;
	size_t own;

	/* Of a list without entries, of a type that nothing has: that is told elsewhere. */
	if (j->may && j->may->n == 0)
		return;
	if (!ends_the_way(r) && r->action != ACT_JUMP)
		return;
	own = family_number(s, j);
	shadow = find_shadow(s, j, own);
	if (shadow.whole)
		flaw_tell(s->out, drops && shadow.all_accept ? FLAW_ACCEPT_ABOVE : FLAW_SHADOWED, r,
		          shadow.by, NULL);
	else if (ends_the_way(r) && is_certain(s->f, j))
		remember(s, j, own);
}

/* Nothing comes below a rule that takes everything: told once, of the first one there. */
static bool takes_all(const struct shadows *s, const struct judged *j)
{
	return ends_the_way(j->rule) && j->n == 0 && is_certain(s->f, j) &&
	       (!j->sure || addrset_is_all(j->sure));
}

void flaws_of_chain(const struct firewall *f, const struct table *t, const struct chain *c,
                    struct flaw_list *out)
{
	struct shadows s = {.f = f, .out = out};
	const struct rule *all = NULL;

	arena_init(&s.arena);
	paint_init(&s.paint);
	for (size_t i = 0; i < c->n; i++) {
		const struct rule *r = &t->v[c->rules[i]];
		struct judged j;

		if (r->dead)
			continue;
		if (all) {
			flaw_tell(out, FLAW_UNREACHABLE, r, all, NULL);
			break;
		}
		j = judged_of(&s, r);
		judge_rule(&s, &j);
		all = takes_all(&s, &j) ? r : NULL;
	}
	names_done(&s.keys);
	free(s.v);
	paint_done(&s.paint);
	arena_done(&s.arena);
}
