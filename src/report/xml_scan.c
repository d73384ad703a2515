/* A scan as nmap's XML (-oX): its DTD validates it, ndiff compares it. */
#include <stdlib.h>
#include <string.h>

#include "rosaudit/clock.h"
#include "rosaudit/scan_report.h"
#include "xml.h"

/* As in nmap, more ports than this of a state are only counted. */
enum { LISTED_MAX = 25 };

static void put_scaninfo(struct xml *x, const char *type, const char *proto,
                         const struct port_set *set)
{
	struct buf services;

	buf_init(&services, 1u << 20);
	port_set_format(set, &services);
	xml_open(x, "scaninfo");
	xml_attr(x, "type", type);
	xml_attr(x, "protocol", proto);
	xml_attr_number(x, "numservices", (long long)port_set_count(set));
	xml_attr(x, "services", buf_str(&services));
	xml_close(x);
	buf_done(&services);
}

/* nmap's own spelling of a time; asctime's without its newline. */
static void put_time(struct xml *x, const char *name, time_t t)
{
	char text[64];
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &tm))
		return;
	xml_attr(x, name, text);
}

static void put_level(struct xml *x, const char *name)
{
	xml_open(x, name);
	xml_attr_number(x, "level", 0);
	xml_close(x);
}

static void write_begin(struct scan_writer *w)
{
	const struct scan_head *head = w->head;
	struct xml *x = xml_new(XML_DOCUMENT, w->out);

	w->state = x;
	xml_open(x, "nmaprun");
	xml_attr(x, "scanner", "nmap"); /* the DTD knows no other */
	xml_attr(x, "args", head->args);
	xml_attr_number(x, "start", (long long)head->started);
	put_time(x, "startstr", head->started);
	xml_attr_printf(x, "version", "%s %s", head->scanner, head->version);
	xml_attr(x, "xmloutputversion", "1.05");
	if (head->tcp)
		put_scaninfo(x, head->tcp, "tcp", &head->ports.tcp);
	if (head->udp)
		put_scaninfo(x, "udp", "udp", &head->ports.udp);
	put_level(x, "verbose");
	put_level(x, "debugging");
}

static bool is_counted(const struct scanned_host *h, enum port_state s)
{
	if (s == PORT_OPEN)
		return h->account.tarpit;
	return scanned_count(h, L4_UNKNOWN, s) > LISTED_MAX;
}

static void put_reasons(struct xml *x, const struct scanned_host *h, enum port_state s)
{
	for (size_t i = 0; i < h->groups_n; i++) {
		const struct scanned_group *g = &h->groups[i];
		struct port_set set;
		struct buf ports;

		if (g->state != s)
			continue;
		port_set_clear(&set);
		for (size_t k = 0; k < g->n; k++)
			port_set_add(&set, g->ports[k]);
		buf_init(&ports, 1u << 20);
		port_set_format(&set, &ports);
		xml_open(x, "extrareasons");
		xml_attr(x, "reason", g->reason);
		xml_attr_number(x, "count", (long long)g->n);
		xml_attr(x, "proto", l4_name(g->proto));
		xml_attr(x, "ports", buf_str(&ports));
		xml_close(x);
		buf_done(&ports);
	}
}

static void put_counted(struct xml *x, const struct scanned_host *h)
{
	for (int s = 0; s < PORT_STATES; s++) {
		if (!is_counted(h, (enum port_state)s))
			continue;
		if (scanned_count(h, L4_UNKNOWN, (enum port_state)s) == 0)
			continue;
		xml_open(x, "extraports");
		xml_attr(x, "state", port_state_name((enum port_state)s));
		xml_attr_number(x, "count",
		                (long long)scanned_count(h, L4_UNKNOWN, (enum port_state)s));
		put_reasons(x, h, (enum port_state)s);
		xml_close(x);
	}
}

static void put_service(struct xml *x, const struct scan_writer *w, const struct observation *o)
{
	const char *name = port_names_find(w->opt.names, o->port, o->proto);
	bool probed = o->serve == SERVE_SERVING && o->app != APP_OTHER;

	if (probed)
		name = app_proto_name(o->app);
	else if (o->serve == SERVE_REFUSED)
		name = "tcpwrapped"; /* nmap's word for accepted, then closed */
	if (!name)
		return;
	xml_open(x, "service");
	xml_attr(x, "name", name);
	xml_attr(x, "method", probed || o->serve == SERVE_REFUSED ? "probed" : "table");
	xml_attr(x, "conf", probed ? "10" : o->serve == SERVE_REFUSED ? "8" : "3");
	xml_close(x);
}

static void put_port(struct xml *x, const struct scan_writer *w, const struct observation *o)
{
	xml_open(x, "port");
	xml_attr(x, "protocol", l4_name(o->proto));
	xml_attr_number(x, "portid", o->port);
	xml_open(x, "state");
	xml_attr(x, "state", port_state_name(o->state));
	xml_attr(x, "reason", o->reason);
	xml_attr(x, "reason_ttl", "0");
	xml_close(x);
	put_service(x, w, o);
	xml_close(x);
}

static void put_ports(struct xml *x, const struct scan_writer *w, const struct scanned_host *h)
{
	struct observation o;
	uint32_t at = 0;

	xml_open(x, "ports");
	put_counted(x, h);
	while (scanned_next(h, &at, &o))
		if (!is_counted(h, o.state))
			put_port(x, w, &o);
	xml_close(x);
}

static void put_address(struct xml *x, const struct scanned_host *h)
{
	struct address bare = h->address;
	struct buf text;

	bare.scope = 0; /* nmap writes no zone */
	buf_init(&text, 128);
	address_format(&bare, &text);
	xml_open(x, "address");
	xml_attr(x, "addr", buf_str(&text));
	xml_attr(x, "addrtype", bare.family == 6 ? "ipv6" : "ipv4");
	xml_close(x);
	buf_done(&text);
	xml_open(x, "hostnames");
	if (h->name) {
		xml_open(x, "hostname");
		xml_attr(x, "name", h->name);
		xml_attr(x, "type", "user");
		xml_close(x);
	}
	xml_close(x);
}

static void put_status(struct xml *x, const struct scan_account *a)
{
	static const char *const fallback[] = {
		[HOST_UNKNOWN] = "user-set", [HOST_UP] = "user-set", [HOST_DOWN] = "no-response"};

	xml_open(x, "status");
	/* As nmap's -Pn: what was not looked for is taken for up. */
	xml_attr(x, "state", a->up == HOST_DOWN ? "down" : "up");
	xml_attr(x, "reason", a->up_reason ? a->up_reason : fallback[a->up]);
	xml_attr(x, "reason_ttl", "0");
	xml_close(x);
}

static void write_host(struct scan_writer *w, const struct scanned_host *h)
{
	const struct scan_account *a = &h->account;
	struct xml *x = w->state;

	if (a->up == HOST_DOWN && !w->opt.verbose)
		return;
	xml_open(x, "host");
	if (h->started) {
		xml_attr_number(x, "starttime", (long long)h->started);
		xml_attr_number(x, "endtime", (long long)h->ended);
	}
	if (a->cut)
		xml_attr(x, "comment", a->cut);
	put_status(x, a);
	put_address(x, h);
	if (a->up != HOST_DOWN && !w->head->ping_only)
		put_ports(x, w, h);
	if (a->rtt_us > 0) {
		xml_open(x, "times");
		xml_attr_number(x, "srtt", (long long)a->rtt_us);
		xml_attr(x, "rttvar", "0");
		xml_attr(x, "to", "0");
		xml_close(x);
	}
	xml_close(x);
}

static void write_end(struct scan_writer *w, const struct scan_sum *sum)
{
	time_t now = w->head->started + (time_t)(sum->duration_ms / 1000);
	struct xml *x = w->state;

	xml_open(x, "runstats");
	xml_open(x, "finished");
	xml_attr_number(x, "time", (long long)now);
	put_time(x, "timestr", now);
	xml_attr_printf(x, "elapsed", "%.2f", (double)sum->duration_ms / 1000);
	xml_attr(x, "exit", sum->interrupted ? "error" : "success");
	if (sum->interrupted)
		xml_attr(x, "errormsg", "interrupted");
	xml_close(x);
	xml_open(x, "hosts");
	xml_attr_number(x, "up", (long long)(sum->up + sum->unknown));
	xml_attr_number(x, "down", (long long)sum->down);
	xml_attr_number(x, "total", (long long)(sum->up + sum->unknown + sum->down));
	xml_close(x);
	xml_close(x);
	xml_finish(x);
	xml_free(x);
	w->state = NULL;
}

const struct scan_form scan_form_xml = {"xml", write_begin, write_host, write_end};
