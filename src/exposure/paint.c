/* The source space as labelled ranges in treaps. */
#include <stdlib.h>

#include "exposure_private.h"

void paint_init(struct paint *p)
{
	*p = (struct paint){.n = 1, .cap = 1024, .chance = 2463534242u};
	p->v = mem_alloc(p->cap * sizeof(*p->v));
}

void paint_done(struct paint *p)
{
	free(p->v);
	*p = (struct paint){0};
}

/* xorshift32: the same treaps in every run. */
static uint32_t next_weight(struct paint *p)
{
	p->chance ^= p->chance << 13;
	p->chance ^= p->chance >> 17;
	p->chance ^= p->chance << 5;
	return p->chance;
}

uint32_t paint_span(struct paint *p, addr_number first, addr_number last, uint32_t label)
{
	uint32_t i = p->free;

	if (i) {
		p->free = p->v[i].left;
	} else {
		if (p->n == p->cap) {
			p->cap *= 2;
			p->v = mem_realloc(p->v, p->cap * sizeof(*p->v));
		}
		i = p->n++;
	}
	p->v[i] = (struct span){
		.first = first,
		.last = last,
		.label = label,
		.weight = next_weight(p),
		.count = 1,
	};
	return i;
}

uint32_t paint_count(const struct paint *p, uint32_t root)
{
	return root ? p->v[root].count : 0;
}

static void recount(struct paint *p, uint32_t i)
{
	p->v[i].count = 1 + paint_count(p, p->v[i].left) + paint_count(p, p->v[i].right);
}

/* Everything in a stands before everything in b. */
static uint32_t join(struct paint *p, uint32_t a, uint32_t b)
{
	uint32_t inner;

	if (!a || !b)
		return a ? a : b;
	if (p->v[a].weight >= p->v[b].weight) {
		inner = join(p, p->v[a].right, b);
		p->v[a].right = inner;
		recount(p, a);
		return a;
	}
	inner = join(p, a, p->v[b].left);
	p->v[b].left = inner;
	recount(p, b);
	return b;
}

/* What is before key, and what is not; no range stands across it. */
static void part(struct paint *p, uint32_t root, addr_number key, uint32_t *before,
                 uint32_t *behind)
{
	uint32_t rest;

	if (!root) {
		*before = *behind = 0;
	} else if (p->v[root].last < key) {
		part(p, p->v[root].right, key, &rest, behind);
		p->v[root].right = rest;
		recount(p, root);
		*before = root;
	} else {
		part(p, p->v[root].left, key, before, &rest);
		p->v[root].left = rest;
		recount(p, root);
		*behind = root;
	}
}

/* The range that begins before key and ends at it or behind, or 0. */
static uint32_t find_across(const struct paint *p, uint32_t root, addr_number key)
{
	while (root && (p->v[root].first >= key || p->v[root].last < key))
		root = p->v[root].first >= key ? p->v[root].left : p->v[root].right;
	return root;
}

/* The same, where a range across it is cut in two. The new half comes in from the top: inside, its
 * weight of chance would break the heap, and with its brother's they would make one long chain. */
static void split(struct paint *p, uint32_t root, addr_number key, uint32_t *before,
                  uint32_t *behind)
{
	uint32_t across = find_across(p, root, key), label = p->v[across].label;
	addr_number last = p->v[across].last;

	if (across)
		p->v[across].last = key - 1;
	part(p, root, key, before, behind);
	if (across)
		*behind = join(p, paint_span(p, key, last, label), *behind);
}

uint32_t paint_unite(struct paint *p, uint32_t a, uint32_t b)
{
	uint32_t before, behind, left, right;

	if (!a || !b)
		return a ? a : b;
	if (p->v[a].weight < p->v[b].weight) {
		uint32_t swap = a;

		a = b;
		b = swap;
	}
	split(p, b, p->v[a].first, &before, &behind);
	left = paint_unite(p, p->v[a].left, before);
	right = paint_unite(p, p->v[a].right, behind);
	p->v[a].left = left;
	p->v[a].right = right;
	recount(p, a);
	return a;
}

uint32_t paint_take_range(struct paint *p, uint32_t *root, addr_number first, addr_number last)
{
	uint32_t before, inside, behind = 0;

	split(p, *root, first, &before, &inside);
	if (last + 1 != 0)
		split(p, inside, last + 1, &inside, &behind);
	*root = join(p, before, behind);
	return inside;
}

/* The first and the last address of all. */
static struct addr_range hull(const struct paint *p, uint32_t root)
{
	uint32_t low = root, high = root;

	while (p->v[low].left)
		low = p->v[low].left;
	while (p->v[high].right)
		high = p->v[high].right;
	return (struct addr_range){p->v[low].first, p->v[high].last};
}

/* Few ranges of a set out of many of the treap. */
static uint32_t take_few(struct paint *p, uint32_t *root, const struct addrset *set)
{
	struct addr_range all = hull(p, *root);
	uint32_t taken = 0;

	for (size_t i = addrset_find(set, all.first); i < set->n && *root; i++) {
		struct addr_range r = addrset_range(set, i);

		if (r.first > all.last)
			break;
		taken = join(p, taken, paint_take_range(p, root, r.first, r.last));
	}
	return taken;
}

struct taking {
	struct paint *p;
	const struct addrset *set;
	uint32_t taken, left;
};

/* One range against the set: what is in goes to taken, what is out to left. */
static void take_span(struct taking *t, struct span s)
{
	for (size_t i = addrset_find(t->set, s.first); i < t->set->n; i++) {
		struct addr_range r = addrset_range(t->set, i);
		addr_number last = r.last < s.last ? r.last : s.last;

		if (r.first > s.last)
			break;
		if (r.first > s.first) {
			t->left = join(t->p, t->left,
			               paint_span(t->p, s.first, r.first - 1, s.label));
			s.first = r.first;
		}
		t->taken = join(t->p, t->taken, paint_span(t->p, s.first, last, s.label));
		if (last == s.last)
			return;
		s.first = last + 1;
	}
	t->left = join(t->p, t->left, paint_span(t->p, s.first, s.last, s.label));
}

static void release(struct paint *p, uint32_t i)
{
	p->v[i].left = p->free;
	p->free = i;
}

static void take_each(struct taking *t, uint32_t i)
{
	struct span s;

	if (!i)
		return;
	s = t->p->v[i];
	take_each(t, s.left);
	release(t->p, i);
	take_span(t, s);
	take_each(t, s.right);
}

uint32_t paint_take(struct paint *p, uint32_t *root, const struct addrset *set)
{
	struct taking t = {p, set, 0, 0};

	if (!*root || set->n == 0)
		return 0;
	if (set->n <= paint_count(p, *root))
		return take_few(p, root, set);
	take_each(&t, *root);
	*root = t.left;
	return t.taken;
}

struct choosing {
	struct paint *p;
	bool (*keep)(void *ctx, uint32_t label);
	void *ctx;
	uint32_t taken, left;
};

static void choose_each(struct choosing *c, uint32_t i)
{
	uint32_t right;

	if (!i)
		return;
	right = c->p->v[i].right;
	choose_each(c, c->p->v[i].left);
	c->p->v[i].left = c->p->v[i].right = 0;
	recount(c->p, i);
	if (c->keep(c->ctx, c->p->v[i].label))
		c->taken = join(c->p, c->taken, i);
	else
		c->left = join(c->p, c->left, i);
	choose_each(c, right);
}

uint32_t paint_take_if(struct paint *p, uint32_t *root, bool (*keep)(void *ctx, uint32_t label),
                       void *ctx)
{
	struct choosing c = {p, keep, ctx, 0, 0};

	choose_each(&c, *root);
	*root = c.left;
	return c.taken;
}

void paint_relabel(struct paint *p, uint32_t root, uint32_t (*change)(void *ctx, uint32_t label),
                   void *ctx)
{
	if (!root)
		return;
	paint_relabel(p, p->v[root].left, change, ctx);
	p->v[root].label = change(ctx, p->v[root].label);
	paint_relabel(p, p->v[root].right, change, ctx);
}

void paint_each(const struct paint *p, uint32_t root,
                void (*visit)(void *ctx, const struct span *s), void *ctx)
{
	if (!root)
		return;
	paint_each(p, p->v[root].left, visit, ctx);
	visit(ctx, &p->v[root]);
	paint_each(p, p->v[root].right, visit, ctx);
}

void paint_free(struct paint *p, uint32_t root)
{
	if (!root)
		return;
	paint_free(p, p->v[root].left);
	paint_free(p, p->v[root].right);
	release(p, root);
}
