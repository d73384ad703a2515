/* Words to small numbers. */
#include <stdlib.h>
#include <string.h>

#include "exposure_private.h"

/* FNV-1a. */
static uint32_t hash_of(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

static size_t slot_of(const struct names *t, const char *name)
{
	size_t i = hash_of(name) & (t->slots_n - 1);

	while (t->slots[i] && strcmp(t->v[t->slots[i] - 1], name) != 0)
		i = (i + 1) & (t->slots_n - 1);
	return i;
}

size_t names_find(const struct names *t, const char *name)
{
	size_t i;

	if (!t->slots_n)
		return NAME_NONE;
	i = slot_of(t, name);
	return t->slots[i] ? t->slots[i] - 1 : NAME_NONE;
}

static void grow(struct names *t)
{
	t->cap = t->cap ? t->cap * 2 : 16;
	t->v = mem_realloc(t->v, t->cap * sizeof(*t->v));
	free(t->slots);
	t->slots_n = t->cap * 2;
	t->slots = mem_alloc(t->slots_n * sizeof(*t->slots));
	for (size_t i = 0; i < t->n; i++)
		t->slots[slot_of(t, t->v[i])] = (uint32_t)i + 1;
}

size_t names_add(struct names *t, const char *name)
{
	size_t i = names_find(t, name);

	if (i != NAME_NONE)
		return i;
	if (t->n == t->cap)
		grow(t);
	t->v[t->n] = name;
	t->slots[slot_of(t, name)] = (uint32_t)t->n + 1;
	return t->n++;
}

void names_done(struct names *t)
{
	free(t->v);
	free(t->slots);
	*t = (struct names){0};
}
