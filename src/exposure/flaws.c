/* What is wrong with the rules: what can never match, what names nothing, what leads in circles. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exposure_private.h"

struct exposure_flaw *flaw_add(struct flaw_list *l, enum exposure_flaw_kind kind)
{
	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 8;

		l->v = arena_grow(l->arena, l->v, l->n, cap, sizeof(*l->v));
		l->cap = cap;
	}
	l->v[l->n] = (struct exposure_flaw){.kind = kind};
	return &l->v[l->n++];
}

static void tell(struct flaw_list *out, enum exposure_flaw_kind kind, const struct rule *r,
                 const struct rule *by, const char *name)
{
	struct exposure_flaw *f = flaw_add(out, kind);

	f->rule = &r->told;
	f->by = by ? &by->told : NULL;
	f->name = name;
}

/* --- what never matches ---------------------------------------------------------------------- */

/* Rules that differ in their sources alone: which sources they leave for a later one. */
struct family_of_rules {
	uint32_t left;
	const struct rule *last; /* that took something */
	bool all_accept;
};

struct shadows {
	const struct firewall *f;
	struct flaw_list *out;
	struct arena arena;
	struct paint paint;
	struct names keys;
	struct family_of_rules *v;
	size_t cap;
};

/* More conditions are not taken apart: each set of them would have to be looked for. */
#define CONDITIONS_MAX 5

static int order_texts(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The conditions of a rule but for the source's, in order; false when there are too many. */
static bool conditions_of(const struct rule *r, const char *v[CONDITIONS_MAX], size_t *n)
{
	*n = r->matchers_n;
	if (*n > CONDITIONS_MAX)
		return false;
	for (size_t i = 0; i < *n; i++)
		v[i] = r->matchers[i].text;
	qsort(v, *n, sizeof(*v), order_texts);
	return true;
}

/* Conditions that a packet fulfils or not, and always the same. */
static bool is_certain(const struct firewall *f, const struct rule *r)
{
	for (size_t i = 0; i < r->matchers_n; i++)
		if (r->matchers[i].bad || r->matchers[i].kind->role == MATCH_NEVER_KNOWN)
			return false;
	for (size_t i = 0; i < r->sources_n; i++) {
		const struct matcher *m = &r->sources[i];

		if (m->bad || (m->list != NAME_NONE && f->lists[m->list].odd))
			return false;
	}
	return !r->moving && f->lists_known;
}

static const char *key_of(struct shadows *s, const char *const *v, size_t n, unsigned chosen)
{
	const char *key = "";

	for (size_t i = 0; i < n; i++)
		if (chosen >> i & 1)
			key = arena_printf(&s->arena, "%s\n%s", key, v[i]);
	return key;
}

static bool meets(void *ctx, uint32_t label)
{
	(void)label;
	*(bool *)ctx = true;
	return false;
}

/* Is anything of the rule's sources left by that family? */
static bool leaves_something(struct shadows *s, struct family_of_rules *g, const struct rule *r)
{
	uint32_t taken;
	bool any = false;

	if (!r->sure)
		return g->left != 0;
	taken = paint_take(&s->paint, &g->left, r->may);
	(void)paint_take_if(&s->paint, &taken, meets, &any);
	g->left = paint_unite(&s->paint, g->left, taken);
	return any;
}

/* A rule above with no other conditions than this one's, and with all of its sources. */
static const struct family_of_rules *find_shadow(struct shadows *s, const struct rule *r,
                                                 const char *const *v, size_t n)
{
	for (unsigned chosen = 0; chosen < 1u << n; chosen++) {
		size_t i = names_find(&s->keys, key_of(s, v, n, chosen));

		if (i != NAME_NONE && !leaves_something(s, &s->v[i], r))
			return &s->v[i];
	}
	return NULL;
}

static bool ends_the_way(const struct rule *r)
{
	return r->action == ACT_ACCEPT || r->action == ACT_DROP || r->action == ACT_REJECT ||
	       r->action == ACT_TARPIT || r->action == ACT_RETURN;
}

static void remember(struct shadows *s, const struct rule *r, const char *const *v, size_t n)
{
	size_t known = s->keys.n, i = names_add(&s->keys, key_of(s, v, n, (1u << n) - 1));
	struct family_of_rules *g;
	uint32_t taken;

	if (i >= s->cap) {
		s->cap = s->cap ? s->cap * 2 : 16;
		s->v = mem_realloc(s->v, s->cap * sizeof(*s->v));
	}
	g = &s->v[i];
	if (i == known)
		*g = (struct family_of_rules){
			paint_span(&s->paint, 0, address_last(s->f->family), 0), NULL, true};
	if (r->sure) {
		taken = paint_take(&s->paint, &g->left, r->sure);
	} else {
		taken = g->left;
		g->left = 0;
	}
	if (taken)
		g->last = r;
	paint_free(&s->paint, taken);
	g->all_accept &= r->action == ACT_ACCEPT;
}

static void judge_rule(struct shadows *s, const struct rule *r)
{
	const struct family_of_rules *g;
	const char *v[CONDITIONS_MAX];
	bool drops = r->action == ACT_DROP || r->action == ACT_REJECT || r->action == ACT_TARPIT;
	size_t n;

	if (r->moving || !conditions_of(r, v, &n) || (r->may && r->may->n == 0))
		return;
	g = find_shadow(s, r, v, n);
	if (g && (ends_the_way(r) || r->action == ACT_JUMP))
		tell(s->out, drops && g->all_accept ? FLAW_ACCEPT_ABOVE : FLAW_SHADOWED, r, g->last,
		     NULL);
	else if (!g && ends_the_way(r) && is_certain(s->f, r))
		remember(s, r, v, n);
}

/* Nothing comes below a rule that takes everything: told once, of the first one there. */
static bool takes_all(const struct firewall *f, const struct rule *r)
{
	return ends_the_way(r) && r->matchers_n == 0 && is_certain(f, r) &&
	       (!r->sure || addrset_is_all(r->sure));
}

static void judge_chain(const struct firewall *f, const struct table *t, const struct chain *c,
                        struct flaw_list *out)
{
	struct shadows s = {.f = f, .out = out};
	const struct rule *all = NULL;

	arena_init(&s.arena);
	paint_init(&s.paint);
	for (size_t i = 0; i < c->n; i++) {
		const struct rule *r = &t->v[c->rules[i]];

		if (r->dead)
			continue;
		if (all) {
			tell(out, FLAW_UNREACHABLE, r, all, NULL);
			break;
		}
		judge_rule(&s, r);
		all = takes_all(f, r) ? r : NULL;
	}
	names_done(&s.keys);
	free(s.v);
	paint_done(&s.paint);
	arena_done(&s.arena);
}

/* --- what names nothing ---------------------------------------------------------------------- */

static bool is_filled(const struct firewall *f, size_t list)
{
	static const char *const tables[] = {"filter", "nat", "raw", "mangle", NULL};
	char path[64];

	for (size_t k = 0; tables[k]; k++) {
		const struct menu_items *m;

		snprintf(path, sizeof(path), "/%s firewall %s", f->family == 4 ? "ip" : "ipv6",
		         tables[k]);
		m = device_menu(f->facts->device, path);
		/* A table that was not read may fill any list. */
		if (!m || (m->state != MENU_READ && m->state != MENU_MISSING))
			return true;
		for (size_t i = 0; i < m->n; i++) {
			const char *name = item_get(&m->v[i], "address-list");

			if (name && item_counts(&m->v[i]) && strcmp(name, f->lists[list].name) == 0)
				return true;
		}
	}
	return false;
}

static void judge_lists(const struct firewall *f, const struct rule *r, const struct matcher *v,
                        size_t n, struct flaw_list *out)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].list == NAME_NONE || f->lists[v[i].list].entries || !f->lists_known)
			continue;
		if (!is_filled(f, v[i].list))
			tell(out, FLAW_NO_LIST, r, NULL, f->lists[v[i].list].name);
	}
}

static void judge_names(const struct firewall *f, const struct rule *r, struct flaw_list *out)
{
	const char *target = item_get(r->item, "jump-target");

	judge_lists(f, r, r->matchers, r->matchers_n, out);
	judge_lists(f, r, r->sources, r->sources_n, out);
	for (size_t i = 0; i < r->matchers_n; i++)
		if (r->matchers[i].kind &&
		    strcmp(r->matchers[i].kind->name, "in-interface-list") == 0 &&
		    facts_list_is_gone(f->facts, r->matchers[i].value))
			tell(out, FLAW_NO_INTERFACE_LIST, r, NULL, r->matchers[i].value);
	if (r->action == ACT_JUMP && r->target == NAME_NONE)
		tell(out, FLAW_NO_CHAIN, r, NULL, target);
}

/* --- circles --------------------------------------------------------------------------------- */

enum mark { MARK_NEW = 0, MARK_INSIDE, MARK_DONE };

/* Depth first: a jump to a chain that is still open leads back to where it came from. The stack of
 * calls is as deep as chains are nested, of which there are no more than rules. */
static void follow(const struct table *t, size_t chain, char *marks, unsigned depth,
                   struct flaw_list *out)
{
	const struct chain *c = &t->chains[chain];

	marks[chain] = MARK_INSIDE;
	for (size_t i = 0; i < c->n; i++) {
		const struct rule *r = &t->v[c->rules[i]];

		if (r->dead || r->action != ACT_JUMP || r->target == NAME_NONE)
			continue;
		if (marks[r->target] == MARK_INSIDE)
			tell(out, FLAW_LOOP, r, NULL, t->chains[r->target].name);
		else if (marks[r->target] == MARK_NEW && depth < 10000)
			follow(t, r->target, marks, depth + 1, out);
	}
	marks[chain] = MARK_DONE;
}

static void judge_table(const struct firewall *f, const struct table *t, struct flaw_list *out)
{
	char *marks = mem_alloc(t->chains_n + 1);

	for (size_t i = 0; i < t->chains_n; i++) {
		if (marks[i] == MARK_NEW)
			follow(t, i, marks, 0, out);
		judge_chain(f, t, &t->chains[i], out);
	}
	free(marks);
	for (size_t i = 0; i < t->n; i++) {
		const struct rule *r = &t->v[i];

		if (!r->dead)
			judge_names(f, r, out);
		else if (r->item->invalid == TRI_YES && r->item->disabled != TRI_YES)
			tell(out, FLAW_INVALID, r, NULL, NULL);
	}
}

void flaws_of_rules(const struct firewall *f, struct flaw_list *out)
{
	for (size_t s = 0; s < STAGES; s++)
		judge_table(f, &f->tables[s], out);
}
