/* What listens, and what it says to a packet that the firewall let through. */
#include <string.h>

#include "exposure_private.h"
#include "rosaudit/message.h"

/* reverse-proxy is enabled as it comes, but listens only while it has a rule. */
static enum tri proxy_listens(const struct device *d)
{
	const struct menu_items *m = menu_read(d, "/ip reverse-proxy");

	for (size_t i = 0; m && i < m->n; i++)
		if (item_counts(&m->v[i]))
			return TRI_YES;
	return m ? TRI_NO : TRI_UNKNOWN;
}

static enum tri row_listens(const struct device *d, const struct service *s)
{
	if (s->disabled == TRI_YES || s->invalid == TRI_YES)
		return TRI_NO;
	if (strcmp(s->name, "reverse-proxy") == 0)
		return proxy_listens(d);
	return s->disabled == TRI_NO ? TRI_YES : TRI_UNKNOWN;
}

static bool is_known(const struct servers *l, int port, enum transport_proto proto)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].port == port && l->v[i].proto == proto)
			return true;
	return false;
}

static void add_static(const struct device *d, const struct service *s, struct servers *out)
{
	if (!s->name || s->port <= 0 || !service_is_static(s))
		return;
	out->v[out->n++] = (struct server){
		.name = s->name,
		.port = s->port,
		.proto = s->proto == L4_UNKNOWN ? L4_TCP : s->proto,
		.vrf = s->vrf,
		.listening = row_listens(d, s),
		.address_known = s->address_known,
		.address = s->address,
		.address_n = s->address_n,
	};
}

/* A listener of 7.19's own list; one that is bound to an address of its own need not answer at
 * every other one. */
static void add_dynamic(const struct service *s, struct servers *out)
{
	enum transport_proto proto = s->proto == L4_UNKNOWN ? L4_TCP : s->proto;

	if (!s->name || s->port <= 0 || service_is_static(s) || s->connection == TRI_YES)
		return;
	if (s->netns || s->container || is_known(out, s->port, proto))
		return;
	out->v[out->n++] = (struct server){
		.name = s->name,
		.port = s->port,
		.proto = proto,
		.vrf = s->vrf,
		.listening = s->local ? TRI_UNKNOWN : TRI_YES,
		.address_known = true,
	};
}

/* Of src/cause: ports of the router's own, as far as it is known which. */
static void add_given(const struct listener *g, struct servers *out)
{
	bool listed = g->cause.kind == CAUSE_SERVICE || g->cause.kind == CAUSE_FEATURE ||
	              g->cause.kind == CAUSE_LISTED;
	bool bound = g->local || g->interfaces;

	if (!listed || g->layer != LAYER_PORT || g->proto == L4_UNKNOWN || !g->name)
		return;
	if (!g->first || g->first != g->last)
		return;
	/* Of features that are off there is nothing to tell; a row of /ip service stays a row. */
	if (g->on == TRI_NO && g->cause.kind != CAUSE_SERVICE)
		return;
	if (g->cause.kind != CAUSE_SERVICE && is_known(out, g->first, g->proto))
		return;
	out->v[out->n++] = (struct server){
		.name = g->name,
		.port = g->first,
		.proto = g->proto,
		.vrf = g->vrf,
		.listening = bound && g->on == TRI_YES ? TRI_UNKNOWN : g->on,
		.address_known = g->address_known || g->cause.kind != CAUSE_SERVICE,
		.address = g->address,
		.address_n = g->address_n,
	};
}

void servers_make(const struct predict_input *in, struct arena *arena, struct servers *out)
{
	const struct device *d = in->device;
	size_t given = in->listeners ? in->listeners->n : 0;

	*out = (struct servers){0};
	out->v = arena_array(arena, d->services_n + given + 1, sizeof(*out->v));
	for (size_t i = 0; i < given; i++)
		add_given(&in->listeners->v[i], out);
	for (size_t i = 0; !in->listeners && i < d->services_n; i++)
		add_static(d, &d->services[i], out);
	for (size_t i = 0; !in->listeners && i < d->services_n; i++)
		add_dynamic(&d->services[i], out);
}

/* Does a packet of that interface reach a service of that VRF? RouterOS 6 and what is not said is
 * main, as long as there is no other VRF. */
static enum tri same_vrf(const struct facts *f, const char *service, const char *interface)
{
	if (f->vrfs == TRI_NO && (!service || strcmp(service, "main") == 0))
		return TRI_YES;
	if (!service || !interface)
		return TRI_UNKNOWN;
	return tri_of(strcmp(service, interface) == 0);
}

static void serve_address(const struct firewall *f, const struct server *l, struct arena *arena,
                          struct addrset *served, unsigned *served_mask, unsigned *other_mask,
                          const char **why)
{
	*served = addrset_all(f->family, arena);
	if (l->address_known && l->address_n == 0)
		return;
	*why = "address";
	*other_mask = MASK(EXPOSURE_REFUSED);
	if (!l->address_known) {
		*served_mask |= MASK(EXPOSURE_REFUSED);
		return;
	}
	*served = addrset_of_prefixes(f->family, l->address, l->address_n, arena);
	if (!f->input_nat)
		return;
	/* The service sees another address than the firewall's rules did. */
	*why = N_("nat chain input");
	*served_mask |= MASK(EXPOSURE_REFUSED);
	*other_mask |= MASK(EXPOSURE_SERVED);
}

void server_serve(const struct firewall *f, const struct server *l, const struct packet *p,
                  struct arena *arena, struct addrset *served, unsigned *served_mask,
                  unsigned *other_mask, const char **why)
{
	enum tri vrf;

	if (l && l->nobody)
		l = NULL;
	vrf = l ? same_vrf(f->facts, l->vrf, p->in->vrf) : TRI_UNKNOWN;

	*why = NULL;
	*served_mask = *other_mask = MASK(EXPOSURE_CLOSED);
	if (!l || l->listening == TRI_NO || vrf == TRI_NO) {
		*served = addrset_all(f->family, arena);
		*why = !l ? N_("nothing listens") : l->listening == TRI_NO ? N_("disabled") : "vrf";
		return;
	}
	*served_mask = MASK(EXPOSURE_SERVED);
	serve_address(f, l, arena, served, served_mask, other_mask, why);
	if (l->listening == TRI_YES && vrf == TRI_YES)
		return;
	*why = vrf == TRI_YES ? N_("whether it listens") : "vrf";
	*served_mask |= MASK(EXPOSURE_CLOSED);
	*other_mask |= MASK(EXPOSURE_CLOSED);
}
