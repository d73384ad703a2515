/* Sets of addresses: ranges, their algebra. */
#include <stdlib.h>
#include <string.h>

#include "rosaudit/addrset.h"

addr_number address_last(int family)
{
	return family == 4 ? UINT32_MAX : ~(addr_number)0;
}

addr_number address_number(const struct address *a)
{
	size_t bytes = a->family == 4 ? 4 : 16;
	addr_number n = 0;

	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | a->bytes[i];
	return n;
}

void address_of_number(int family, addr_number n, struct address *out)
{
	size_t bytes = family == 4 ? 4 : 16;

	*out = (struct address){.family = (uint8_t)family};
	for (size_t i = bytes; i-- > 0; n >>= 8)
		out->bytes[i] = (uint8_t)(n & 0xff);
}

struct addr_range prefix_range(const struct prefix *p)
{
	addr_number last = address_last(p->address.family), first = address_number(&p->address);
	addr_number host = p->len >= 128 ? 0 : last >> p->len;

	return (struct addr_range){first & ~host, first | host};
}

static bool parse_span(const char *s, size_t n, size_t dash, int *family, struct addr_range *out)
{
	struct address first, last;

	if (!address_parse(s, dash, &first) || !address_parse(s + dash + 1, n - dash - 1, &last))
		return false;
	if (first.family != last.family || first.scope || last.scope)
		return false;
	*family = first.family;
	*out = (struct addr_range){address_number(&first), address_number(&last)};
	return out->first <= out->last;
}

bool addr_range_parse(const char *s, size_t n, int *family, struct addr_range *out)
{
	const char *dash = memchr(s, '-', n);
	enum prefix_fault fault;
	struct prefix p;

	if (dash)
		return parse_span(s, n, (size_t)(dash - s), family, out);
	fault = prefix_parse(s, n, &p);
	if (fault != PREFIX_OK && fault != PREFIX_HOST_BITS)
		return false;
	*family = p.address.family;
	*out = prefix_range(&p);
	return true;
}

/* --- making sets ----------------------------------------------------------------------------- */

void addrset_builder_init(struct addrset_builder *b, int family)
{
	*b = (struct addrset_builder){.family = family};
}

void addrset_builder_add(struct addrset_builder *b, addr_number first, addr_number last)
{
	/* Most come in order: what touches the last one grows it. */
	if (b->n && first > b->v[b->n - 1].last && first - b->v[b->n - 1].last == 1) {
		b->v[b->n - 1].last = last;
		return;
	}
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 16;
		b->v = mem_realloc(b->v, b->cap * sizeof(*b->v));
	}
	b->v[b->n++] = (struct addr_range){first, last};
}

void addrset_builder_add_prefix(struct addrset_builder *b, const struct prefix *p)
{
	struct addr_range r;

	if (p->address.family != b->family)
		return;
	r = prefix_range(p);
	addrset_builder_add(b, r.first, r.last);
}

void addrset_builder_add_set(struct addrset_builder *b, const struct addrset *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct addr_range r = addrset_range(s, i);

		addrset_builder_add(b, r.first, r.last);
	}
}

static int order_ranges(const void *left, const void *right)
{
	const struct addr_range *a = left, *b = right;

	return a->first < b->first ? -1 : a->first > b->first;
}

static void sort_ranges(struct addr_range *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (v[i - 1].first > v[i].first) {
			qsort(v, n, sizeof(*v), order_ranges);
			return;
		}
	}
}

/* Joins what overlaps or touches, in place; how many are left. */
static size_t join_ranges(struct addr_range *v, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct addr_range *last = kept ? &v[kept - 1] : NULL;

		if (last && (v[i].first <= last->last || v[i].first - last->last == 1)) {
			if (v[i].last > last->last)
				last->last = v[i].last;
		} else {
			v[kept++] = v[i];
		}
	}
	return kept;
}

static struct addrset make_v4(const struct addr_range *v, size_t n, struct arena *arena)
{
	struct addrset s = {.family = 4, .n = n};
	uint32_t(*out)[2];

	if (!n)
		return s;
	out = arena_array(arena, n, sizeof(*out));
	for (size_t i = 0; i < n; i++) {
		out[i][0] = (uint32_t)v[i].first;
		out[i][1] = (uint32_t)v[i].last;
	}
	s.v4 = (const uint32_t(*)[2])out;
	return s;
}

static struct addrset make_v6(const struct addr_range *v, size_t n, struct arena *arena)
{
	struct addrset s = {.family = 6, .n = n};
	struct addr_range *out;

	if (!n)
		return s;
	out = arena_array(arena, n, sizeof(*out));
	memcpy(out, v, n * sizeof(*out));
	s.v6 = out;
	return s;
}

struct addrset addrset_builder_finish(struct addrset_builder *b, struct arena *arena)
{
	struct addrset s;

	sort_ranges(b->v, b->n);
	b->n = join_ranges(b->v, b->n);
	s = b->family == 4 ? make_v4(b->v, b->n, arena) : make_v6(b->v, b->n, arena);
	free(b->v);
	*b = (struct addrset_builder){.family = b->family};
	return s;
}

struct addrset addrset_empty(int family)
{
	return (struct addrset){.family = family};
}

struct addrset addrset_all(int family, struct arena *arena)
{
	struct addr_range all = {0, address_last(family)};

	return family == 4 ? make_v4(&all, 1, arena) : make_v6(&all, 1, arena);
}

struct addrset addrset_of_prefixes(int family, const struct prefix *v, size_t n,
                                   struct arena *arena)
{
	struct addrset_builder b;

	addrset_builder_init(&b, family);
	for (size_t i = 0; i < n; i++)
		addrset_builder_add_prefix(&b, &v[i]);
	return addrset_builder_finish(&b, arena);
}

/* --- algebra --------------------------------------------------------------------------------- */

struct addr_range addrset_range(const struct addrset *s, size_t i)
{
	if (s->family == 4)
		return (struct addr_range){s->v4[i][0], s->v4[i][1]};
	return s->v6[i];
}

size_t addrset_find(const struct addrset *s, addr_number x)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (addrset_range(s, middle).last < x)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct addrset addrset_complement(const struct addrset *s, struct arena *arena)
{
	addr_number next = 0, end = address_last(s->family);
	struct addrset_builder b;
	bool whole = false;

	addrset_builder_init(&b, s->family);
	for (size_t i = 0; i < s->n; i++) {
		struct addr_range r = addrset_range(s, i);

		if (r.first > next)
			addrset_builder_add(&b, next, r.first - 1);
		whole = r.last == end;
		next = whole ? end : r.last + 1;
	}
	if (!whole)
		addrset_builder_add(&b, next, end);
	return addrset_builder_finish(&b, arena);
}

struct addrset addrset_union(const struct addrset *a, const struct addrset *b, struct arena *arena)
{
	struct addrset_builder out;

	addrset_builder_init(&out, a->family);
	addrset_builder_add_set(&out, a);
	addrset_builder_add_set(&out, b);
	return addrset_builder_finish(&out, arena);
}

/* Walks the smaller one and finds its way in the larger one, so that a short list against one of a
 * hundred thousand entries costs little. */
struct addrset addrset_intersection(const struct addrset *a, const struct addrset *b,
                                    struct arena *arena)
{
	const struct addrset *few = a->n <= b->n ? a : b, *many = few == a ? b : a;
	struct addrset_builder out;

	addrset_builder_init(&out, a->family);
	for (size_t i = 0; i < few->n; i++) {
		struct addr_range r = addrset_range(few, i);

		for (size_t j = addrset_find(many, r.first); j < many->n; j++) {
			struct addr_range q = addrset_range(many, j);

			if (q.first > r.last)
				break;
			addrset_builder_add(&out, r.first > q.first ? r.first : q.first,
			                    r.last < q.last ? r.last : q.last);
		}
	}
	return addrset_builder_finish(&out, arena);
}

static void subtract(struct addr_range r, const struct addrset *s, struct addrset_builder *out)
{
	for (size_t j = addrset_find(s, r.first); j < s->n; j++) {
		struct addr_range q = addrset_range(s, j);

		if (q.first > r.last)
			break;
		if (q.first > r.first)
			addrset_builder_add(out, r.first, q.first - 1);
		if (q.last >= r.last)
			return;
		r.first = q.last + 1;
	}
	addrset_builder_add(out, r.first, r.last);
}

struct addrset addrset_difference(const struct addrset *a, const struct addrset *b,
                                  struct arena *arena)
{
	struct addrset_builder out;

	addrset_builder_init(&out, a->family);
	for (size_t i = 0; i < a->n; i++)
		subtract(addrset_range(a, i), b, &out);
	return addrset_builder_finish(&out, arena);
}

bool addrset_is_all(const struct addrset *s)
{
	struct addr_range r;

	if (s->n != 1)
		return false;
	r = addrset_range(s, 0);
	return r.first == 0 && r.last == address_last(s->family);
}

bool addrset_equal(const struct addrset *a, const struct addrset *b)
{
	if (a->family != b->family || a->n != b->n)
		return false;
	if (!a->n || a->v6 == b->v6)
		return true;
	if (a->family == 4)
		return memcmp(a->v4, b->v4, a->n * sizeof(*a->v4)) == 0;
	return memcmp(a->v6, b->v6, a->n * sizeof(*a->v6)) == 0;
}

bool addrset_contains(const struct addrset *s, addr_number x)
{
	size_t i = addrset_find(s, x);

	return i < s->n && addrset_range(s, i).first <= x;
}

bool addrset_covers(const struct addrset *outer, const struct addrset *inner)
{
	if (outer->family != inner->family)
		return inner->n == 0;
	for (size_t i = 0; i < inner->n; i++) {
		struct addr_range r = addrset_range(inner, i), q;
		size_t j = addrset_find(outer, r.first);

		if (j == outer->n)
			return false;
		q = addrset_range(outer, j);
		if (q.first > r.first || q.last < r.last)
			return false;
	}
	return true;
}

bool addrset_overlaps(const struct addrset *a, const struct addrset *b)
{
	const struct addrset *few = a->n <= b->n ? a : b, *many = few == a ? b : a;

	if (a->family != b->family)
		return false;
	for (size_t i = 0; i < few->n; i++) {
		struct addr_range r = addrset_range(few, i);
		size_t j = addrset_find(many, r.first);

		if (j < many->n && addrset_range(many, j).first <= r.last)
			return true;
	}
	return false;
}
