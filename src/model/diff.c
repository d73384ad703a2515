/* Two snapshots, and what changed from one to the other. */
#include <stdlib.h>
#include <string.h>

#include "rosaudit/diff.h"
#include "rosaudit/message.h"

/* Not matched with anything on the other side. */
#define ALONE ((size_t)-1)

const char *diff_view_name(enum diff_view v)
{
	static const char *const names[DIFF_VIEWS] = {
		[DIFF_ROUTER] = N_("router"),     [DIFF_STATIC] = N_("declared"),
		[DIFF_LISTENER] = N_("declared"), [DIFF_REACHABLE] = N_("reachable"),
		[DIFF_VERDICT] = N_("verdict"),   [DIFF_FINDING] = N_("finding"),
	};

	return names[v];
}

const char *diff_kind_name(enum diff_kind k)
{
	static const char *const names[] = {
		[DIFF_APPEARED] = "appeared",
		[DIFF_WENT] = "went",
		[DIFF_CHANGED] = "changed",
		[DIFF_NOW_KNOWN] = "now known",
		[DIFF_NO_LONGER_KNOWN] = "no longer known",
	};

	return names[k];
}

void diff_init(struct diff *d)
{
	*d = (struct diff){0};
	arena_init(&d->arena);
}

void diff_done(struct diff *d)
{
	if (d)
		arena_done(&d->arena);
}

static void add_change(struct diff *d, const struct diff_change *c)
{
	if (d->n == d->cap) {
		size_t cap = d->cap ? 2 * d->cap : 32;

		d->v = arena_grow(&d->arena, d->v, d->n, cap, sizeof(*c));
		d->cap = cap;
	}
	d->v[d->n++] = *c;
}

/* --- which belongs to which --------------------------------------------------------- */

/* One thing to be matched; only those with a key take part. */
struct entry {
	const char *key;
	size_t i;
};

static int by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c = strcmp(x->key, y->key);

	return c ? c : x->i < y->i ? -1 : x->i > y->i;
}

/* Pairs entries of one key in their order: the second of a name belongs to the second. Sorted,
 * so that a hostile report with many things costs n log n. */
static void pair(struct entry *a, size_t an, struct entry *b, size_t bn, size_t *of_a, size_t *of_b)
{
	size_t i = 0, j = 0;

	if (an == 0 || bn == 0)
		return;
	qsort(a, an, sizeof(*a), by_key);
	qsort(b, bn, sizeof(*b), by_key);
	while (i < an && j < bn) {
		int c = strcmp(a[i].key, b[j].key);

		if (c == 0) {
			of_a[a[i].i] = b[j].i;
			of_b[b[j].i] = a[i].i;
		}
		i += c <= 0;
		j += c >= 0;
	}
}

static size_t *alone(struct arena *arena, size_t n)
{
	size_t *v = arena_array(arena, n ? n : 1, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = ALONE;
	return v;
}

/* The items of one view that are still alone, by key or by loose key. */
static size_t gather(const struct diff_router *r, enum diff_view view, bool loose,
                     const size_t *matched, struct entry *out)
{
	size_t n = 0;

	for (size_t i = 0; i < r->items_n; i++) {
		const struct diff_item *item = &r->items[i];
		const char *key = loose ? item->loose : item->key;

		if (item->view == view && key && matched[i] == ALONE)
			out[n++] = (struct entry){key, i};
	}
	return n;
}

/* --- facts -------------------------------------------------------------------------- */

/* The fact i of one item in another; NULL: it has none. A column that a router's version adds
 * may bear the name of one that we know: then the second belongs to the second. */
static const struct diff_fact *find_fact(const struct diff_item *in, const struct diff_item *of,
                                         size_t i)
{
	const char *name = of->facts[i].name;
	size_t before = 0;

	for (size_t j = 0; j < i; j++)
		before += strcmp(of->facts[j].name, name) == 0;
	for (size_t j = 0; j < in->facts_n; j++)
		if (strcmp(in->facts[j].name, name) == 0 && before-- == 0)
			return &in->facts[j];
	return NULL;
}

/* False: the same, as far as both know. */
static bool fact_kind(const struct diff_fact *a, const struct diff_fact *b, enum diff_kind *kind)
{
	const char *x = a ? a->value : NULL, *y = b ? b->value : NULL;

	if (!x && !y)
		return false;
	if (!x || !y) {
		*kind = x ? DIFF_NO_LONGER_KNOWN : DIFF_NOW_KNOWN;
		return true;
	}
	if (strcmp(x, y) == 0)
		return false;
	*kind = DIFF_CHANGED;
	if (a->partial && strncmp(x, y, strlen(x)) == 0)
		*kind = DIFF_NOW_KNOWN;
	else if (b->partial && strncmp(x, y, strlen(y)) == 0)
		*kind = DIFF_NO_LONGER_KNOWN;
	return true;
}

static struct diff_change about(const char *router, const struct diff_item *item)
{
	return (struct diff_change){
		.view = item->view,
		.router = router,
		.name = item->name,
		.port = item->port,
		.proto = item->proto,
		.rule = item->rule,
	};
}

static void compare_fact(const char *router, const struct diff_item *item,
                         const struct diff_fact *a, const struct diff_fact *b, struct diff *out)
{
	struct diff_change c = about(router, item);

	if (!fact_kind(a, b, &c.kind))
		return;
	c.property = a ? a->name : b->name;
	c.old = a ? a->value : NULL;
	c.new = b ? b->value : NULL;
	add_change(out, &c);
}

/* Told by the old one's port, under which the reader knows it. */
static void compare_items(const char *router, const struct diff_item *a, const struct diff_item *b,
                          struct diff *out)
{
	for (size_t i = 0; i < a->facts_n; i++)
		compare_fact(router, a, &a->facts[i], find_fact(b, a, i), out);
	for (size_t i = 0; i < b->facts_n; i++)
		if (!find_fact(a, b, i))
			compare_fact(router, a, NULL, &b->facts[i], out);
}

/* A thing that one side has. The other may just not know. */
static void only_one(const char *router, const struct diff_item *item, enum diff_extent other,
                     bool is_new, struct diff *out)
{
	struct diff_change c = about(router, item);

	if (!item->summary && item->view != DIFF_STATIC && item->view != DIFF_LISTENER)
		return;
	if (is_new)
		c.kind = other == EXTENT_WHOLE ? DIFF_APPEARED : DIFF_NOW_KNOWN;
	else
		c.kind = other == EXTENT_WHOLE ? DIFF_WENT : DIFF_NO_LONGER_KNOWN;
	*(is_new ? &c.new : &c.old) = item->summary;
	add_change(out, &c);
}

/* --- views and routers -------------------------------------------------------------- */

#define PORTS 65536u

/* Room for one comparison, as large as the routers need. */
struct scratch {
	struct arena arena;
	bool *probed_a, *probed_b; /* by port: it is known what is reachable there */
	struct entry *a, *b;
	size_t *of_a, *of_b;
};

static void scratch_init(struct scratch *s, size_t an, size_t bn)
{
	arena_init(&s->arena);
	s->a = arena_array(&s->arena, an + 1, sizeof(*s->a));
	s->b = arena_array(&s->arena, bn + 1, sizeof(*s->b));
	s->of_a = alone(&s->arena, an);
	s->of_b = alone(&s->arena, bn);
}

/* A view that only one side has is told once, not thing by thing. */
static bool told_as_a_whole(const struct diff_router *a, const struct diff_router *b,
                            enum diff_view view, struct diff *out)
{
	bool old = a->extents[view] != EXTENT_NOTHING, new = b->extents[view] != EXTENT_NOTHING;
	struct diff_change c = {.view = view, .router = a->name, .port = -1};

	if (old != new) {
		c.kind = old ? DIFF_NO_LONGER_KNOWN : DIFF_NOW_KNOWN;
		add_change(out, &c);
	}
	return !old || !new;
}

static bool *probed_ports(struct arena *arena, const struct diff_router *r)
{
	bool *probed = arena_array(arena, PORTS, sizeof(*probed));

	for (size_t i = 0; i < r->items_n; i++) {
		const struct diff_item *item = &r->items[i];

		if (item->view == DIFF_REACHABLE && item->proto != L4_UDP && item->port >= 0 &&
		    item->port < (int)PORTS)
			probed[item->port] = item->facts[0].value != NULL;
	}
	return probed;
}

/* What the other side knows of such a thing. A finding that is not there because its port was not
 * probed again has not been mended. */
static enum diff_extent extent_for(const struct diff_item *item, const struct diff_router *other,
                                   const bool *probed_here, const bool *probed_there)
{
	bool judged = item->view == DIFF_VERDICT || item->view == DIFF_FINDING;
	int port = item->port;

	if (judged && port >= 0 && port < (int)PORTS && probed_here[port] && !probed_there[port])
		return EXTENT_PART;
	return other->extents[item->view];
}

static void compare_view(const struct diff_router *a, const struct diff_router *b,
                         enum diff_view view, struct scratch *s, struct diff *out)
{
	if (told_as_a_whole(a, b, view, out))
		return;
	for (int loose = 0; loose <= 1; loose++) {
		size_t an = gather(a, view, loose, s->of_a, s->a);
		size_t bn = gather(b, view, loose, s->of_b, s->b);

		pair(s->a, an, s->b, bn, s->of_a, s->of_b);
	}
	for (size_t i = 0; i < a->items_n; i++) {
		if (a->items[i].view != view)
			continue;
		if (s->of_a[i] != ALONE)
			compare_items(a->name, &a->items[i], &b->items[s->of_a[i]], out);
		else
			only_one(a->name, &a->items[i],
			         extent_for(&a->items[i], b, s->probed_a, s->probed_b), false, out);
	}
	for (size_t i = 0; i < b->items_n; i++)
		if (b->items[i].view == view && s->of_b[i] == ALONE)
			only_one(a->name, &b->items[i],
			         extent_for(&b->items[i], a, s->probed_b, s->probed_a), true, out);
}

/* All that was known is unknown, or the other way round: one line, with the reason. */
static void audited_or_not(const struct diff_router *a, const struct diff_router *b,
                           struct diff *out)
{
	struct diff_change c = {.view = DIFF_ROUTER, .router = a->name, .port = -1};

	c.property = "audit";
	c.kind = a->audited ? DIFF_NO_LONGER_KNOWN : DIFF_NOW_KNOWN;
	c.old = a->error;
	c.new = b->error;
	add_change(out, &c);
}

static void compare_routers(const struct diff_router *a, const struct diff_router *b,
                            struct diff *out)
{
	struct scratch s = {0};

	if (a->audited != b->audited) {
		audited_or_not(a, b, out);
		return;
	}
	scratch_init(&s, a->items_n, b->items_n);
	s.probed_a = probed_ports(&s.arena, a);
	s.probed_b = probed_ports(&s.arena, b);
	for (int view = 0; view < DIFF_VIEWS; view++)
		compare_view(a, b, (enum diff_view)view, &s, out);
	arena_done(&s.arena);
}

static void whole_router(const struct diff_router *r, bool is_new, bool certain, struct diff *out)
{
	struct diff_change c = {
		.view = DIFF_ROUTER, .router = r->name, .port = -1, .whole_router = true};

	if (is_new)
		c.kind = certain ? DIFF_APPEARED : DIFF_NOW_KNOWN;
	else
		c.kind = certain ? DIFF_WENT : DIFF_NO_LONGER_KNOWN;
	add_change(out, &c);
}

static void gather_routers(const struct snapshot *s, struct entry *out)
{
	for (size_t i = 0; i < s->routers_n; i++)
		out[i] = (struct entry){s->routers[i].name ? s->routers[i].name : "", i};
}

void diff_compare(const struct snapshot *old, const struct snapshot *new, struct diff *out)
{
	struct scratch s = {0};

	scratch_init(&s, old->routers_n, new->routers_n);
	gather_routers(old, s.a);
	gather_routers(new, s.b);
	pair(s.a, old->routers_n, s.b, new->routers_n, s.of_a, s.of_b);
	for (size_t i = 0; i < old->routers_n; i++) {
		if (s.of_a[i] != ALONE)
			compare_routers(&old->routers[i], &new->routers[s.of_a[i]], out);
		else
			whole_router(&old->routers[i], false, !new->interrupted, out);
	}
	for (size_t i = 0; i < new->routers_n; i++)
		if (s.of_b[i] == ALONE)
			whole_router(&new->routers[i], true, !old->interrupted, out);
	arena_done(&s.arena);
}
