/* Which ports an audit probes: the policy's, the declared ones, RouterOS's known ones. */
#include <string.h>

#include "cli.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/cause.h"
#include "rosaudit/portset.h"

/* Of one forward; of one UDP entry of the policy, since a closed UDP port takes about a second. */
enum { RANGE_MOST = 16, UDP_RANGE_MOST = 64 };

static void add_expected(const struct policy *policy, const struct device *device,
                         struct port_set *ports)
{
	for (size_t i = 0; i < policy->services_n; i++) {
		const struct expect_service *e = &policy->services[i];
		const struct catalogue_row *row = catalogue_service(e->name);

		if (e->port > 0)
			port_set_add(ports, (uint16_t)e->port);
		else if (row && !device_find_static(device, e->name))
			port_set_add(ports, row->port);
	}
}

/* Ports that may be open or not need no look: what is open is told by the rest of the scan. */
static void add_expected_ports(const struct policy *policy, struct port_lists *lists)
{
	for (size_t i = 0; i < policy->ports_n; i++) {
		const struct expect_port *e = &policy->ports[i];
		bool is_asked = e->say.expect == EXPECT_REQUIRED ||
		                e->say.expect == EXPECT_FORBIDDEN ||
		                e->say.reachable != TRI_UNKNOWN;

		if (is_asked && !e->udp)
			port_set_add_range(&lists->tcp, e->first, e->last);
		else if (is_asked && e->last - e->first < UDP_RANGE_MOST)
			port_set_add_range(&lists->udp, e->first, e->last);
	}
}

static void add_declared(const struct device *device, struct port_set *ports)
{
	for (size_t i = 0; i < device->services_n; i++) {
		const struct service *s = &device->services[i];

		if (s->port > 0 && s->proto != L4_UDP && s->connection != TRI_YES)
			port_set_add(ports, (uint16_t)s->port);
	}
}

/* What any menu says that it opens, on the port that it says. A container's port is not the
 * router's own, and a wide range forwarded is somebody else's. */
static void add_listeners(const struct listeners *all, enum transport_proto proto,
                          struct port_set *ports)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct listener *l = &all->v[i];
		bool fits = proto == L4_UDP ? l->proto == L4_UDP : l->proto != L4_UDP;

		if (fits && l->layer == LAYER_PORT && l->on == TRI_YES && l->first > 0 &&
		    l->last - l->first < RANGE_MOST && l->cause.kind != CAUSE_CONTAINER)
			port_set_add_range(ports, l->first, l->last);
	}
}

static void choose_ports(const struct target *t, const struct device *device,
                         const struct listeners *listeners, struct port_lists *lists)
{
	*lists = (struct port_lists){0};
	switch (t->scan_ports) {
	case SCAN_NONE:
		return;
	case SCAN_LIST:
		*lists = *t->scan_list;
		if (port_set_count(&lists->udp))
			add_listeners(listeners, L4_UDP, &lists->udp);
		return;
	case SCAN_ALL:
		port_set_add_range(&lists->tcp, 1, 65535);
		return;
	case SCAN_ROUTEROS:
		catalogue_add_tcp_ports(&lists->tcp);
		/* fall through */
	case SCAN_DECLARED:
		add_expected(&t->policy, device, &lists->tcp);
		add_expected_ports(&t->policy, lists);
		add_declared(device, &lists->tcp);
		add_listeners(listeners, L4_TCP, &lists->tcp);
	}
}

/* What should speak on a port: the enabled row that owns it, else any row, else the catalogue. */
static enum app_proto expected_app(const struct device *device, uint16_t port)
{
	const struct catalogue_row *row;
	enum app_proto app = APP_UNKNOWN;

	for (size_t i = 0; i < device->services_n; i++) {
		const struct service *s = &device->services[i];

		if (s->port != port || s->proto == L4_UDP || s->connection == TRI_YES || !s->name)
			continue;
		row = catalogue_service(s->name);
		if (row && s->disabled != TRI_YES)
			return row->app;
		if (row && app == APP_UNKNOWN)
			app = row->app;
	}
	row = catalogue_port(port, L4_TCP);
	return app != APP_UNKNOWN || !row ? app : row->app;
}

static const struct proof *proof_of(const struct reading *reading, uint16_t port)
{
	for (size_t i = 0; i < reading->proofs_n; i++)
		if (reading->proofs[i].port == port)
			return &reading->proofs[i];
	return NULL;
}

static void put_udp(const struct target *target, const struct port_set *set,
                    struct scan_port *ports, size_t *n)
{
	const struct catalogue_row *row;

	for (int p = port_set_next(set, 1); p > 0 && p <= 65535;
	     p = p < 65535 ? port_set_next(set, (unsigned)p + 1) : -1) {
		row = catalogue_port((uint16_t)p, L4_UDP);
		ports[(*n)++] = (struct scan_port){
			.router = (uint16_t)p,
			.here = target_map_port(target, (uint16_t)p),
			.expect = row ? row->app : APP_UNKNOWN,
			.proto = L4_UDP,
		};
	}
}

void plan_make(const struct target *target, const struct device *device,
               const struct listeners *listeners, const struct reading *reading,
               struct arena *arena, struct scan_host *out, struct scan_port **made)
{
	struct port_lists lists;
	struct port_set *set = &lists.tcp;
	struct scan_port *ports;
	size_t n = 0;

	choose_ports(target, device, listeners, &lists);
	/* The port of the login is known at no cost, even where nothing else is probed. */
	for (size_t i = 0; i < reading->proofs_n; i++)
		port_set_add(set, reading->proofs[i].port);
	ports = arena_array(arena, port_set_count(set) + port_set_count(&lists.udp),
	                    sizeof(*ports));
	for (int p = port_set_next(set, 1); p > 0 && p <= 65535;
	     p = p < 65535 ? port_set_next(set, (unsigned)p + 1) : -1) {
		uint16_t port = (uint16_t)p;
		const struct proof *proof = proof_of(reading, port);

		ports[n].router = port;
		ports[n].here = target_map_port(target, port);
		ports[n].proven = proof != NULL;
		ports[n].expect = proof ? proof->app : expected_app(device, port);
		n++;
	}
	put_udp(target, &lists.udp, ports, &n);
	out->ports = *made = ports;
	out->n = n;
}
