/* What is wrong with the rules: what names nothing, what leads in circles. What can never match is
 * flaws_shadow.c. */
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

void flaw_tell(struct flaw_list *out, enum exposure_flaw_kind kind, const struct rule *r,
               const struct rule *by, const char *name)
{
	struct exposure_flaw *f = flaw_add(out, kind);

	f->rule = &r->told;
	f->by = by ? &by->told : NULL;
	f->name = name;
}

/* --- what names nothing ---------------------------------------------------------------------- */

static void judge_lists(const struct firewall *f, const struct rule *r, const struct matcher *v,
                        size_t n, struct flaw_list *out)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].list == NAME_NONE || f->lists[v[i].list].entries || !f->lists_known)
			continue;
		if (!f->lists[v[i].list].filled)
			flaw_tell(out, FLAW_NO_LIST, r, NULL, f->lists[v[i].list].name);
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
			flaw_tell(out, FLAW_NO_INTERFACE_LIST, r, NULL, r->matchers[i].value);
	if (r->action == ACT_JUMP && r->target == NAME_NONE)
		flaw_tell(out, FLAW_NO_CHAIN, r, NULL, target);
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
			flaw_tell(out, FLAW_LOOP, r, NULL, t->chains[r->target].name);
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
		flaws_of_chain(f, t, &t->chains[i], out);
	}
	free(marks);
	for (size_t i = 0; i < t->n; i++) {
		const struct rule *r = &t->v[i];

		if (!r->dead)
			judge_names(f, r, out);
		else if (r->item->invalid == TRI_YES && r->item->disabled != TRI_YES)
			flaw_tell(out, FLAW_INVALID, r, NULL, NULL);
	}
}

void flaws_of_rules(const struct firewall *f, struct flaw_list *out)
{
	for (size_t s = 0; s < STAGES; s++)
		judge_table(f, &f->tables[s], out);
}
