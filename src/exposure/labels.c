/* What happened to a source on its way: equal histories share one number. */
#include <stdlib.h>
#include <string.h>

#include "exposure_private.h"

void labels_init(struct labels *l)
{
	*l = (struct labels){.cap = 64, .slots_n = 128};
	l->v = mem_alloc(l->cap * sizeof(*l->v));
	l->slots = mem_alloc(l->slots_n * sizeof(*l->slots));
	labels_number(l, &(struct label){.untracked = TRI_NO});
}

void labels_done(struct labels *l)
{
	free(l->v);
	free(l->slots);
}

static uint64_t mix(uint64_t h, uint64_t x)
{
	h = (h ^ x) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static bool same(const struct label *a, const struct label *b)
{
	return a->escape == b->escape && a->added == b->added && a->maybe_added == b->maybe_added &&
	       a->mask == b->mask && a->untracked == b->untracked && a->rule == b->rule &&
	       a->why == b->why;
}

static uint32_t slot_of(const struct labels *l, const struct label *x)
{
	uint64_t h = mix(mix(mix(x->escape, x->added), x->maybe_added), x->mask);
	uint32_t i;

	h = mix(mix(h, (uint64_t)x->untracked), (uint64_t)(uintptr_t)x->rule);
	i = (uint32_t)h & (l->slots_n - 1);
	while (l->slots[i] && !same(&l->v[l->slots[i] - 1], x))
		i = (i + 1) & (l->slots_n - 1);
	return i;
}

static void grow(struct labels *l)
{
	l->cap *= 2;
	l->v = mem_realloc(l->v, l->cap * sizeof(*l->v));
	free(l->slots);
	l->slots_n = l->cap * 2;
	l->slots = mem_alloc(l->slots_n * sizeof(*l->slots));
	for (uint32_t i = 0; i < l->n; i++)
		l->slots[slot_of(l, &l->v[i])] = i + 1;
}

uint32_t labels_number(struct labels *l, const struct label *label)
{
	uint32_t slot = slot_of(l, label);

	if (l->slots[slot])
		return l->slots[slot] - 1;
	if (l->n == l->cap) {
		grow(l);
		slot = slot_of(l, label);
	}
	l->v[l->n] = *label;
	l->slots[slot] = l->n + 1;
	return l->n++;
}
