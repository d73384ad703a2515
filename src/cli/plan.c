/* Which ports an audit probes: the policy's, the declared ones, RouterOS's known ones. */
#include <string.h>

#include "cli.h"
#include "rosaudit/catalogue.h"

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
static void add_expected_ports(const struct policy *policy, struct port_set *ports)
{
	for (size_t i = 0; i < policy->ports_n; i++) {
		const struct expect_port *e = &policy->ports[i];
		bool is_asked = e->say.expect == EXPECT_REQUIRED ||
		                e->say.expect == EXPECT_FORBIDDEN ||
		                e->say.reachable != TRI_UNKNOWN;

		if (is_asked && !e->udp)
			port_set_add_range(ports, e->first, e->last);
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

static void choose_ports(const struct target *t, const struct device *device,
                         struct port_set *ports)
{
	port_set_clear(ports);
	switch (t->scan_ports) {
	case SCAN_NONE:
		return;
	case SCAN_LIST:
		*ports = *t->scan_list;
		return;
	case SCAN_ALL:
		port_set_add_range(ports, 1, 65535);
		return;
	case SCAN_ROUTEROS:
		catalogue_add_tcp_ports(ports);
		/* fall through */
	case SCAN_DECLARED:
		add_expected(&t->policy, device, ports);
		add_expected_ports(&t->policy, ports);
		add_declared(device, ports);
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

void plan_make(const struct target *target, const struct device *device,
               const struct reading *reading, struct arena *arena, struct scan_host *out,
               struct scan_port **made)
{
	struct port_set set;
	struct scan_port *ports;
	size_t n = 0;

	choose_ports(target, device, &set);
	/* The port of the login is known at no cost, even where nothing else is probed. */
	for (size_t i = 0; i < reading->proofs_n; i++)
		port_set_add(&set, reading->proofs[i].port);
	ports = arena_array(arena, port_set_count(&set), sizeof(*ports));
	for (int p = port_set_next(&set, 1); p > 0 && p <= 65535;
	     p = p < 65535 ? port_set_next(&set, (unsigned)p + 1) : -1) {
		uint16_t port = (uint16_t)p;
		const struct proof *proof = proof_of(reading, port);

		ports[n].router = port;
		ports[n].here = target_map_port(target, port);
		ports[n].proven = proof != NULL;
		ports[n].expect = proof ? proof->app : expected_app(device, port);
		n++;
	}
	out->ports = *made = ports;
	out->n = n;
}
