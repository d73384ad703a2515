/* Ports that no service has, and that nat rules lead somewhere: rows of their own. */
#include <string.h>

#include "exposure_private.h"
#include "rosaudit/limits.h"

static bool is_input_chain(const struct rule *r)
{
	static const char *const others[] = {"srcnat", "input", "output"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(r->told.chain, others[i]) == 0)
			return false;
	return true;
}

static const struct matcher *condition(const struct rule *r, const char *name)
{
	for (size_t i = 0; i < r->matchers_n; i++)
		if (r->matchers[i].kind && strcmp(r->matchers[i].kind->name, name) == 0)
			return &r->matchers[i];
	return NULL;
}

static const struct server *server_at(const struct servers *all, int port,
                                      enum transport_proto proto)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].port == port && all->v[i].proto == proto)
			return &all->v[i];
	return NULL;
}

/* Does the rule lead to one of the router's own addresses for sure? */
static bool leads_here(const struct firewall *f, const struct rule *r)
{
	const char *to = item_get(r->item, "to-addresses");
	struct addr_range range;
	int family;

	if (!to || !to[0])
		to = item_get(r->item, "to-address");
	if (r->action == ACT_REDIRECT || !to || !to[0])
		return true;
	return addr_range_parse(to, strlen(to), &family, &range) && family == f->family &&
	       range.first == range.last && addrset_contains(&f->local, range.first);
}

/* The service behind the rule, or NULL. */
static const struct server *target_of(const struct firewall *f, const struct rule *r,
                                      const struct servers *all, enum transport_proto proto,
                                      struct arena *arena)
{
	const char *ports = item_get(r->item, "to-ports");
	struct number_span *spans;
	size_t n;

	if (!ports || !leads_here(f, r) || !read_numbers(arena, ports, &spans, &n) || n != 1 ||
	    spans[0].first != spans[0].last)
		return NULL;
	return server_at(all, spans[0].first, proto);
}

static void add(struct forward_list *out, const struct firewall *f, const struct rule *r,
                const struct servers *all, unsigned port, enum transport_proto proto)
{
	const struct server *to = target_of(f, r, all, proto, out->arena);

	if (!port || server_at(all, (int)port, proto) || out->n == LIMIT_EXPOSURE_FORWARDS)
		return;
	if (out->n == out->cap) {
		size_t cap = out->cap ? out->cap * 2 : 8;

		out->v = arena_grow(out->arena, out->v, out->n, cap, sizeof(*out->v));
		out->cap = cap;
	}
	out->v[out->n] = (struct forward){
		.rule = r,
		.to = to,
		.at = arena_alloc(out->arena, sizeof(struct server)),
	};
	*out->v[out->n++].at = (struct server){
		.name = to ? to->name : "forward",
		.port = (int)port,
		.proto = proto,
		.listening = to ? to->listening : TRI_UNKNOWN,
		.nobody = true,
	};
}

/* Of a wide span its ends stand for it: what is between behaves alike unless another rule says
 * so. */
static void add_ports(struct forward_list *out, const struct firewall *f, const struct rule *r,
                      const struct servers *all, enum transport_proto proto)
{
	const struct matcher *m = condition(r, "dst-port");

	for (size_t i = 0; m && !m->bad && !m->negated && i < m->ports_n; i++) {
		unsigned first = m->ports[i].first, last = m->ports[i].last;

		if (last - first >= FORWARD_SPAN) {
			add(out, f, r, all, first, proto);
			add(out, f, r, all, last, proto);
			continue;
		}
		for (unsigned port = first; port <= last; port++)
			add(out, f, r, all, port, proto);
	}
}

void forwards_make(const struct firewall *f, const struct servers *all, struct forward_list *out)
{
	static const enum transport_proto protos[] = {L4_TCP, L4_UDP};
	const struct table *t = &f->tables[STAGE_NAT];

	for (size_t i = 0; i < t->n; i++) {
		const struct rule *r = &t->v[i];

		if (r->dead || !is_input_chain(r) ||
		    (r->action != ACT_DSTNAT && r->action != ACT_REDIRECT))
			continue;
		for (size_t k = 0; k < 2; k++) {
			struct packet p = {.proto = protos[k]};
			const struct matcher *m = condition(r, "protocol");
			enum tri is = m ? m->kind->test(f, m, &p) : TRI_YES;

			if (is == (m && m->negated ? TRI_NO : TRI_YES))
				add_ports(out, f, r, all, protos[k]);
		}
	}
}
