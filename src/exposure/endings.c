/* The ends that sources met, gathered into sets. */
#include <stdlib.h>

#include "walk_private.h"

static uint32_t kind_number(struct walker *w, const struct end_kind *k)
{
	for (size_t i = w->kinds_n; i-- > 0 && w->kinds_n - i < 8;) {
		const struct end_kind *known = &w->kinds[i];

		if (known->mask == k->mask && known->rule == k->rule && known->why == k->why)
			return (uint32_t)i;
	}
	if (w->kinds_n == w->kinds_cap) {
		w->kinds_cap = w->kinds_cap ? w->kinds_cap * 2 : 32;
		w->kinds = mem_realloc(w->kinds, w->kinds_cap * sizeof(*w->kinds));
	}
	w->kinds[w->kinds_n] = *k;
	return (uint32_t)w->kinds_n++;
}

struct ending_here {
	struct walker *w;
	struct end_kind kind;
};

static bool is_single(unsigned mask)
{
	return (mask & (mask - 1)) == 0;
}

static void end_span(void *ctx, const struct span *s)
{
	struct ending_here *e = ctx;
	struct walker *w = e->w;
	const struct label *l = &w->labels.v[s->label];
	struct end_kind k = e->kind;

	k.mask |= l->mask;
	if (!is_single(k.mask) && l->why) {
		k.rule = l->rule;
		k.why = l->why;
	}
	if (w->ends_n == w->ends_cap) {
		w->ends_cap = w->ends_cap ? w->ends_cap * 2 : 64;
		w->ends = mem_realloc(w->ends, w->ends_cap * sizeof(*w->ends));
	}
	w->ends[w->ends_n++] = (struct end_span){s->first, s->last, kind_number(w, &k)};
}

void endings_note(struct walker *w, uint32_t root, const struct end_kind *kind)
{
	struct ending_here e = {w, *kind};

	paint_each(&w->paint, root, end_span, &e);
}

static int order_kinds(const void *left, const void *right, void *arg)
{
	const struct end_kind *kinds = arg;
	const struct end_kind *a = &kinds[*(const uint32_t *)left],
			      *b = &kinds[*(const uint32_t *)right];

	if (a->mask != b->mask)
		return a->mask < b->mask ? -1 : 1;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	return a->why < b->why ? -1 : a->why > b->why;
}

/* Kinds that are alike get the same place: group[kind] is the ending's index. */
static size_t group_kinds(struct walker *w, uint32_t *group)
{
	uint32_t *order = mem_alloc((w->kinds_n + 1) * sizeof(*order));
	size_t n = 0;

	for (uint32_t i = 0; i < w->kinds_n; i++)
		order[i] = i;
	qsort_r(order, w->kinds_n, sizeof(*order), order_kinds, w->kinds);
	for (size_t i = 0; i < w->kinds_n; i++) {
		if (i && order_kinds(&order[i - 1], &order[i], w->kinds) != 0)
			n++;
		group[order[i]] = (uint32_t)n;
	}
	free(order);
	return w->kinds_n ? n + 1 : 0;
}

void endings_gather(struct walker *w, struct endings *out)
{
	uint32_t *group = mem_alloc((w->kinds_n + 1) * sizeof(*group));
	struct addrset_builder *builders;

	out->n = group_kinds(w, group);
	out->v = arena_array(w->arena, out->n + 1, sizeof(*out->v));
	builders = mem_alloc((out->n + 1) * sizeof(*builders));
	for (size_t i = 0; i < out->n; i++)
		addrset_builder_init(&builders[i], w->f->family);
	for (size_t i = 0; i < w->kinds_n; i++)
		out->v[group[i]] = (struct ending){w->kinds[i].mask, w->kinds[i].rule,
		                                   w->kinds[i].why, addrset_empty(w->f->family)};
	for (size_t i = 0; i < w->ends_n; i++)
		addrset_builder_add(&builders[group[w->ends[i].kind]], w->ends[i].first,
		                    w->ends[i].last);
	for (size_t i = 0; i < out->n; i++)
		out->v[i].from = addrset_builder_finish(&builders[i], w->arena);
	free(builders);
	free(group);
}
