/* Where dst-nat leads. */
#include <string.h>

#include "walk_private.h"

enum tri stays_here(const struct walker *w, const struct rule *r, const struct packet *p,
                    struct packet *out)
{
	const char *to = item_get(r->item, "to-addresses"), *ports = item_get(r->item, "to-ports");
	struct number_span *spans;
	struct addr_range range;
	size_t n;
	int family;

	*out = *p;
	out->dstnat = TRI_YES;
	if (!to || !to[0])
		to = item_get(r->item, "to-address");
	if (ports && ports[0]) {
		if (!read_numbers(w->arena, ports, &spans, &n))
			return TRI_UNKNOWN;
		out->port = n == 1 && spans[0].first == spans[0].last ? spans[0].first : -1;
	}
	if (r->action == ACT_REDIRECT) {
		out->dst_known = facts_only_address(w->f->facts, p->in, p->family, &out->dst);
		return TRI_YES;
	}
	if (!to || !to[0])
		return TRI_YES;
	if (!addr_range_parse(to, strlen(to), &family, &range) || family != p->family)
		return TRI_UNKNOWN;
	if (range.first == range.last && addrset_contains(&w->f->local, range.first)) {
		out->dst_known = true;
		address_of_number(family, range.first, &out->dst);
		return TRI_YES;
	}
	for (size_t i = 0; i < w->f->local.n; i++) {
		struct addr_range own = addrset_range(&w->f->local, i);

		if (own.first <= range.last && range.first <= own.last)
			return TRI_UNKNOWN;
	}
	return w->f->own_known ? TRI_NO : TRI_UNKNOWN;
}

const char *say_target(const struct walker *w, const struct rule *r)
{
	const char *to = item_get(r->item, "to-addresses"), *ports = item_get(r->item, "to-ports");

	if (!to || !to[0])
		to = item_get(r->item, "to-address");
	return arena_printf(w->arena, "%s%s%s", to ? to : "", ports && ports[0] ? ":" : "",
	                    ports ? ports : "");
}
