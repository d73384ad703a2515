/* What a scan asks, and how fast: ports and pace from the command line. */
#include <stdlib.h>
#include <string.h>

#include "rosaudit/arena.h"
#include "rosaudit/catalogue.h"
#include "scan_cli.h"

static int fault(struct error *err, const char *option, const char *text)
{
	err->kind = ERROR_USAGE;
	err->where[0] = '\0';
	return error_wrap(err, "%s %s, column %zu", option, text, err->column);
}

static int choose(const struct options *o, bool tcp, struct port_lists *out, struct error *err)
{
	const struct port_reading how = {
		.tcp = tcp,
		.udp = o->scan.udp,
		.tcp_names = catalogue_lookup,
		.udp_names = catalogue_lookup_udp,
	};
	/* A port to be left out is left out of both. */
	const struct port_reading both = {true, true, catalogue_lookup, catalogue_lookup_udp};
	const char *leave = o->scan.exclude_ports;
	static const struct port_lists none;
	struct port_lists excluded = none;

	*out = none;
	if (!o->ports || strcmp(o->ports, "routeros") == 0) {
		catalogue_add_tcp_ports(&out->tcp);
		catalogue_add_udp_ports(&out->udp);
	} else if (strcmp(o->ports, "all") == 0) {
		port_set_add_range(&out->tcp, 1, 65535);
		port_set_add_range(&out->udp, 1, 65535);
	} else if (port_lists_parse(o->ports, strlen(o->ports), &how, out, err)) {
		return fault(err, "-p", o->ports);
	}
	if (leave && port_lists_parse(leave, strlen(leave), &both, &excluded, err))
		return fault(err, "--exclude-ports", leave);
	port_set_subtract(&out->tcp, &excluded.tcp);
	port_set_subtract(&out->udp, &excluded.udp);
	return 0;
}

static void add(const struct port_set *set, enum transport_proto proto, struct scan_port *ports,
                size_t *n)
{
	for (int p = port_set_next(set, 0); p >= 0; p = port_set_next(set, (unsigned)p + 1)) {
		uint16_t port = (uint16_t)p;
		const struct catalogue_row *row = catalogue_port(port, proto);

		ports[(*n)++] = (struct scan_port){
			.router = port,
			.here = port,
			.proto = proto,
			.expect = row ? row->app : APP_UNKNOWN,
		};
	}
}

/* nmap scans port 0 when told to; no connection can be made to it, and no router listens there. */
static int refuse_zero(const struct port_lists *lists, struct error *err)
{
	if (!port_set_has(&lists->tcp, 0) && !port_set_has(&lists->udp, 0))
		return 0;
	return error_set(err, ERROR_USAGE, "port 0 cannot be probed; ports begin at 1");
}

int scan_ports_make(const struct options *o, bool tcp, struct scan_head *head,
                    struct scan_port **ports, size_t *n, struct error *err)
{
	struct port_lists *lists = &head->ports;
	size_t most;

	*n = 0;
	*ports = NULL;
	if (choose(o, tcp, lists, err) || refuse_zero(lists, err))
		return -1;
	if (!tcp && port_set_count(&lists->tcp) && o->ports && strchr(o->ports, 'T'))
		return error_set(err, ERROR_USAGE,
		                 "-p %s: TCP ports are given, but no TCP scan (-sT or -sS)",
		                 o->ports);
	if (!o->scan.udp && port_set_count(&lists->udp) && o->ports && strchr(o->ports, 'U'))
		return error_set(err, ERROR_USAGE,
		                 "-p %s: UDP ports are given, but no UDP scan (-sU)", o->ports);
	if (!tcp)
		port_set_clear(&lists->tcp);
	if (!o->scan.udp)
		port_set_clear(&lists->udp);
	most = port_set_count(&lists->tcp) + port_set_count(&lists->udp);
	if (most == 0)
		return error_set(err, ERROR_USAGE, "no port is left to be scanned");
	head->udp = port_set_count(&lists->udp) > 0;
	*ports = mem_alloc(most * sizeof(**ports));
	add(&lists->tcp, L4_TCP, *ports, n);
	add(&lists->udp, L4_UDP, *ports, n);
	return 0;
}

/* What nmap's manual says of its templates: delays, patience, tries, time for a host. */
static const struct scan_pace templates[] = {
	/* A port below 1024 weighs 3: one of those, or three others, and then silence. */
	{.parallel = 1, .burst_weight = 3, .gap_ms = 300000},
	{.parallel = 1, .burst_weight = 3, .gap_ms = 15000},
	{.parallel = 1, .max_rate = 2}, /* 0.4 s between probes */
	{0},
	{.rtt_first_ms = 500, .rtt_max_ms = 1250, .passes = 7},
	{.rtt_first_ms = 250, .rtt_max_ms = 300, .passes = 3, .host_timeout_ms = 900000},
};

void scan_pace_make(const struct options *o, struct scan_pace *out)
{
	const struct scan_options *s = &o->scan;

	*out = templates[s->timing < 0 ? 3 : s->timing];
	if (s->min_rate)
		out->min_rate = s->min_rate;
	if (s->max_rate)
		out->max_rate = s->max_rate;
	if (s->passes)
		out->passes = s->passes;
	if (s->host_timeout_ms)
		out->host_timeout_ms = s->host_timeout_ms;
}
