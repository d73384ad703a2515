/* Flaws. */
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
void flaws_of_rules(const struct firewall *f, struct flaw_list *out)
{
	(void)f;
	(void)out;
}
void flaws_of_matrix(const struct exposure *e, const struct facts *facts, struct flaw_list *out)
{
	(void)e;
	(void)facts;
	(void)out;
}
