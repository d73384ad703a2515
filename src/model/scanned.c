/* A scan as it is kept: open ports in full, all others as groups of numbers. */
#include <stdlib.h>
#include <string.h>

#include "rosaudit/clock.h"
#include "rosaudit/scanned.h"

void scanned_init(struct scanned_host *h)
{
	*h = (struct scanned_host){0};
	arena_init(&h->arena);
}

void scanned_done(struct scanned_host *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->groups_n; i++)
		free(h->groups[i].ports);
	arena_done(&h->arena);
	*h = (struct scanned_host){0};
}

static enum transport_proto proto_of(const struct observation *o)
{
	return o->proto == L4_UDP ? L4_UDP : L4_TCP;
}

static const char *reason_of(const struct observation *o)
{
	return o->reason ? o->reason : "not-probed";
}

/* Worth a line of its own, with all that was seen. */
static bool is_open(const struct observation *o)
{
	return o->state == PORT_OPEN || o->banner || o->serve != SERVE_UNKNOWN;
}

static void add_open(struct scanned_host *h, const struct observation *o)
{
	struct observation *copy;

	if (h->open_n == h->open_cap) {
		size_t cap = h->open_cap ? 2 * h->open_cap : 16;

		h->open = arena_grow(&h->arena, h->open, h->open_n, cap, sizeof(*h->open));
		h->open_cap = cap;
	}
	copy = &h->open[h->open_n++];
	*copy = *o;
	copy->proto = proto_of(o);
	copy->reason = arena_strdup(&h->arena, reason_of(o));
	copy->close = arena_strdup(&h->arena, o->close);
	if (o->banner)
		copy->banner = arena_strndup(&h->arena, o->banner, o->banner_n);
}

static struct scanned_group *group_for(struct scanned_host *h, const struct observation *o)
{
	struct scanned_group *g;

	for (size_t i = 0; i < h->groups_n; i++) {
		g = &h->groups[i];
		if (g->proto == proto_of(o) && g->state == o->state &&
		    strcmp(g->reason, reason_of(o)) == 0)
			return g;
	}
	if (h->groups_n == h->groups_cap) {
		size_t cap = h->groups_cap ? 2 * h->groups_cap : 4;

		h->groups = arena_grow(&h->arena, h->groups, h->groups_n, cap, sizeof(*h->groups));
		h->groups_cap = cap;
	}
	g = &h->groups[h->groups_n++];
	*g = (struct scanned_group){.proto = proto_of(o), .state = o->state};
	g->reason = arena_strdup(&h->arena, reason_of(o));
	return g;
}

void scanned_add(struct scanned_host *h, const struct observation *o)
{
	struct scanned_group *g;

	if (is_open(o)) {
		add_open(h, o);
		return;
	}
	g = group_for(h, o);
	if (g->n == g->cap) {
		g->cap = g->cap ? 2 * g->cap : 16;
		g->ports = mem_realloc(g->ports, g->cap * sizeof(*g->ports));
	}
	g->ports[g->n++] = o->port;
	if (o->tries > g->tries)
		g->tries = o->tries;
}

static int by_number(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static int by_state(const void *a, const void *b)
{
	const struct scanned_group *x = a, *y = b;

	if (x->proto != y->proto)
		return x->proto < y->proto ? -1 : 1;
	if (x->state != y->state)
		return x->state < y->state ? -1 : 1;
	return strcmp(x->reason, y->reason);
}

void scanned_sort(struct scanned_host *h)
{
	if (h->open_n)
		qsort(h->open, h->open_n, sizeof(*h->open), observation_order);
	for (size_t i = 0; i < h->groups_n; i++)
		qsort(h->groups[i].ports, h->groups[i].n, sizeof(uint16_t), by_number);
	if (h->groups_n)
		qsort(h->groups, h->groups_n, sizeof(*h->groups), by_state);
}

static bool is_wanted(enum transport_proto wanted, enum transport_proto proto)
{
	return wanted == L4_UNKNOWN || wanted == proto;
}

size_t scanned_count(const struct scanned_host *h, enum transport_proto proto,
                     enum port_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < h->open_n; i++)
		n += h->open[i].state == state && is_wanted(proto, h->open[i].proto);
	for (size_t i = 0; i < h->groups_n; i++)
		if (h->groups[i].state == state && is_wanted(proto, h->groups[i].proto))
			n += h->groups[i].n;
	return n;
}

/* One number orders both protocols; the walk's place is the number behind the last port. */
static uint32_t rank(uint16_t port, enum transport_proto proto)
{
	return port + (proto == L4_UDP ? 65536u : 0u);
}

/* The first port of a group whose rank is at or above; n when there is none. */
static size_t group_from(const struct scanned_group *g, uint32_t at)
{
	size_t low = 0, high = g->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rank(g->ports[middle], g->proto) < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t open_from(const struct scanned_host *h, uint32_t at)
{
	size_t low = 0, high = h->open_n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rank(h->open[middle].port, h->open[middle].proto) < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool scanned_next(const struct scanned_host *h, uint32_t *at, struct observation *out)
{
	size_t i = open_from(h, *at);
	uint32_t least = UINT32_MAX;

	if (i < h->open_n) {
		least = rank(h->open[i].port, h->open[i].proto);
		*out = h->open[i];
	}
	for (size_t k = 0; k < h->groups_n; k++) {
		const struct scanned_group *g = &h->groups[k];
		size_t j = group_from(g, *at);

		if (j == g->n || rank(g->ports[j], g->proto) >= least)
			continue;
		least = rank(g->ports[j], g->proto);
		*out = (struct observation){.port = g->ports[j],
		                            .probed_port = g->ports[j],
		                            .proto = g->proto,
		                            .state = g->state,
		                            .reason = g->reason,
		                            .tries = g->tries,
		                            .rtt_us = -1};
	}
	*at = least + 1;
	return least != UINT32_MAX;
}

void scanned_to_observations(const struct scanned_host *h, struct observations *out)
{
	struct observation o;
	char started[24];
	uint32_t at = 0;
	size_t n = h->open_n;

	for (size_t i = 0; i < h->groups_n; i++)
		n += h->groups[i].n;
	out->v = arena_array(&out->arena, n ? n : 1, sizeof(*out->v));
	while (out->n < n && scanned_next(h, &at, &o)) {
		o.reason = arena_strdup(&out->arena, o.reason);
		o.close = arena_strdup(&out->arena, o.close);
		if (o.banner)
			o.banner = arena_strndup(&out->arena, o.banner, o.banner_n);
		out->v[out->n++] = o;
	}
	out->scanned = true;
	out->target = h->address;
	out->source = h->account.source;
	out->duration_ms = h->account.duration_ms;
	out->account = h->account;
	out->account.cut = arena_strdup(&out->arena, h->account.cut);
	out->account.up_reason = arena_strdup(&out->arena, h->account.up_reason);
	if (h->started) {
		clock_rfc3339(h->started, started, sizeof(started));
		out->started = arena_strdup(&out->arena, started);
	}
}
