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
	};
	return i;
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
		return a;
	}
	inner = join(p, a, p->v[b].left);
	p->v[b].left = inner;
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
		*before = root;
	} else {
		part(p, p->v[root].left, key, before, &rest);
		p->v[root].left = rest;
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

bool paint_has(const struct paint *p, uint32_t root, addr_number x)
{
	while (root && (p->v[root].first > x || p->v[root].last < x))
		root = p->v[root].first > x ? p->v[root].left : p->v[root].right;
	return root != 0;
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
	return a;
}

static void release(struct paint *p, uint32_t i)
{
	p->v[i].left = p->free;
	p->free = i;
}

/* What is in the set, and what is not. */
struct cut {
	uint32_t taken, left;
};

/* One range that the set's ranges from `i` on cut in pieces; the range's own place is free. */
static struct cut cut_span(struct paint *p, const struct addrset *set, size_t i, struct span s)
{
	struct cut c = {0, 0};

	for (; i < set->n; i++) {
		struct addr_range r = addrset_range(set, i);
		addr_number last = r.last < s.last ? r.last : s.last;

		if (r.first > s.last)
			break;
		if (r.first > s.first) {
			c.left = join(p, c.left, paint_span(p, s.first, r.first - 1, s.label));
			s.first = r.first;
		}
		c.taken = join(p, c.taken, paint_span(p, s.first, last, s.label));
		if (last == s.last)
			return c;
		s.first = last + 1;
	}
	c.left = join(p, c.left, paint_span(p, s.first, s.last, s.label));
	return c;
}

/* The first of the set's ranges low … high - 1 that does not end before x. */
static size_t first_from(const struct addrset *set, size_t low, size_t high, addr_number x)
{
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (addrset_range(set, middle).last < x)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The range at the top, of which both sides are cut already. */
static struct cut cut_top(struct paint *p, const struct addrset *set, size_t at, size_t high,
                          uint32_t top, struct cut before, struct cut behind)
{
	struct span *s = &p->v[top];
	struct addr_range r = {1, 0};
	struct span copy;
	struct cut whole;

	if (at < high)
		r = addrset_range(set, at);
	if (at == high || r.first > s->last) {
		s->left = before.left;
		s->right = behind.left;
		return (struct cut){join(p, before.taken, behind.taken), top};
	}
	if (r.first <= s->first && r.last >= s->last) {
		s->left = before.taken;
		s->right = behind.taken;
		return (struct cut){top, join(p, before.left, behind.left)};
	}
	/* The pieces come in from the top: below, their weights of chance would break the heap. */
	copy = *s;
	release(p, top);
	whole = cut_span(p, set, at, copy);
	return (struct cut){
		join(p, join(p, before.taken, whole.taken), behind.taken),
		join(p, join(p, before.left, whole.left), behind.left),
	};
}

/* Where no range of the set can be, nothing is looked at: few ranges out of many cost the logarithm
 * each, and many out of few no more than the few. */
static struct cut cut_tree(struct paint *p, const struct addrset *set, size_t low, size_t high,
                           uint32_t root)
{
	struct cut before, behind;
	struct span s;
	size_t at, end;

	if (!root || low == high)
		return (struct cut){0, root};
	s = p->v[root];
	at = first_from(set, low, high, s.first);
	end = first_from(set, at, high, s.last);
	/* The range that begins before this one, or ends behind it, concerns that side, too. */
	before = cut_tree(p, set, low, at + (at < high && addrset_range(set, at).first < s.first),
	                  s.left);
	if (end < high && addrset_range(set, end).last == s.last)
		end++;
	behind = cut_tree(p, set, end, high, s.right);
	return cut_top(p, set, at, high, root, before, behind);
}

uint32_t paint_take(struct paint *p, uint32_t *root, const struct addrset *set)
{
	struct cut c = cut_tree(p, set, 0, set->n, *root);

	*root = c.left;
	return c.taken;
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
