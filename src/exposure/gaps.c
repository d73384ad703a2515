/* What was not understood: counted. */
#include <string.h>

#include "exposure_private.h"

void gap_add(struct gap_list *g, const char *menu, const char *what, const char *text)
{
	const char *key = arena_printf(g->arena, "%s\n%s\n%s", menu, what, text);
	size_t known = g->keys.n, i = names_add(&g->keys, key);

	if (i < known) {
		g->v[i].count++;
		return;
	}
	if (g->n == g->cap) {
		size_t cap = g->cap ? g->cap * 2 : 8;

		g->v = arena_grow(g->arena, g->v, g->n, cap, sizeof(*g->v));
		g->cap = cap;
	}
	g->v[g->n++] = (struct exposure_gap){menu, what, text, 1, false};
}

void gaps_done(struct gap_list *g)
{
	names_done(&g->keys);
}
