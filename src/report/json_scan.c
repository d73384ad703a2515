/* A scan for programs: docs/scan.schema.json. Open ports one by one, all others in groups. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "rosaudit/arena.h"
#include "rosaudit/clock.h"
#include "rosaudit/limits.h"
#include "rosaudit/scan_report.h"
#include "rosaudit/version.h"

static json_t *js_time(time_t t)
{
	char text[24];

	if (!t)
		return json_null();
	clock_rfc3339(t, text, sizeof(text));
	return js_text(text);
}

static json_t *js_set(const struct port_set *set)
{
	struct buf b;
	json_t *text;

	buf_init(&b, 1u << 20);
	port_set_format(set, &b);
	text = js_text(buf_str(&b));
	buf_done(&b);
	return text;
}

static json_t *js_serve(enum serve_state s)
{
	static const char *const words[] = {
		[SERVE_UNKNOWN] = NULL,
		[SERVE_SERVING] = "serving",
		[SERVE_REFUSED] = "refused",
		[SERVE_SILENT] = "silent",
	};

	return js_text(words[s]);
}

static json_t *js_port(const struct scan_writer *w, const struct observation *o)
{
	json_t *port = json_object();

	js_put(port, "port", json_integer(o->port));
	js_put(port, "proto", js_text(l4_name(o->proto)));
	js_put(port, "state", js_text(port_state_name(o->state)));
	js_put(port, "reason", js_text(o->reason));
	js_put(port, "service", js_text(port_names_find(w->opt.names, o->port, o->proto)));
	js_put(port, "serve", js_serve(o->serve));
	js_put(port, "app",
	       o->serve == SERVE_SERVING ? js_text(app_proto_name(o->app)) : json_null());
	js_put(port, "banner", js_text_n(o->banner, o->banner_n));
	js_put(port, "facts", js_facts(o->facts));
	js_put(port, "close", js_text(o->close));
	js_put(port, "spoke", json_boolean(o->spoke));
	js_put(port, "tries", json_integer(o->tries));
	js_put(port, "rtt_us", js_number(o->rtt_us, 0));
	return port;
}

static json_t *js_group(const struct scanned_group *g)
{
	json_t *group = json_object();
	struct port_set set;

	port_set_clear(&set);
	for (size_t i = 0; i < g->n; i++)
		port_set_add(&set, g->ports[i]);
	js_put(group, "proto", js_text(l4_name(g->proto)));
	js_put(group, "state", js_text(port_state_name(g->state)));
	js_put(group, "reason", js_text(g->reason));
	js_put(group, "count", json_integer((json_int_t)g->n));
	js_put(group, "ports", js_set(&set));
	js_put(group, "tries", json_integer(g->tries));
	return group;
}

static json_t *js_account(const struct scan_account *a)
{
	json_t *o = json_object();

	js_put(o, "sent", json_integer((json_int_t)a->sent));
	js_put(o, "answered", json_integer((json_int_t)a->answered));
	js_put(o, "loss", json_real(a->loss));
	js_put(o, "loss_assumed", json_boolean(a->loss_assumed));
	js_put(o, "missed", json_real(a->missed));
	js_put(o, "limited", json_boolean(a->limited));
	js_put(o, "tarpit", json_boolean(a->tarpit));
	js_put(o, "cut", js_text(a->cut));
	js_put(o, "rtt_us", js_number(a->rtt_us, 1));
	js_put(o, "duration_ms", json_integer(a->duration_ms));
	return o;
}

static void push_open_groups(const struct scanned_host *h, json_t *groups)
{
	static const enum transport_proto protos[] = {L4_TCP, L4_UDP};

	for (size_t p = 0; p < 2; p++) {
		struct scanned_group all = {.proto = protos[p], .state = PORT_OPEN};

		all.ports = mem_alloc((h->open_n + 1) * sizeof(*all.ports));
		for (size_t i = 0; i < h->open_n; i++)
			if (h->open[i].proto == protos[p] && h->open[i].state == PORT_OPEN) {
				all.ports[all.n++] = h->open[i].port;
				all.reason = h->open[i].reason;
			}
		if (all.n)
			js_push(groups, js_group(&all));
		free(all.ports);
	}
}

static json_t *js_host(const struct scan_writer *w, const struct scanned_host *h)
{
	static const char *const states[] = {"unknown", "up", "down"};
	json_t *host = json_object(), *ports = json_array(), *groups = json_array();

	/* Where everything is open, no port is worth a line. */
	if (h->account.tarpit)
		push_open_groups(h, groups);
	for (size_t i = 0; !h->account.tarpit && i < h->open_n; i++)
		js_push(ports, js_port(w, &h->open[i]));
	for (size_t i = 0; i < h->groups_n; i++)
		js_push(groups, js_group(&h->groups[i]));
	js_put(host, "address", js_address(&h->address));
	js_put(host, "name", js_text(h->name));
	js_put(host, "state", js_text(states[h->account.up]));
	js_put(host, "reason", js_text(h->account.up_reason));
	js_put(host, "source", js_address(&h->account.source));
	js_put(host, "started", js_time(h->started));
	js_put(host, "ports", ports);
	js_put(host, "groups", groups);
	js_put(host, "account", js_account(&h->account));
	return host;
}

/* Puts a document where the stream is, indented as a whole one would not be: machines read it. */
static void put_document(json_t *document, struct buf *out)
{
	struct buf text;

	buf_init(&text, 64u << 20);
	js_write(document, &text);
	if (text.overflow)
		out->overflow = true;
	/* Without the final newline. */
	buf_add(out, buf_str(&text), text.n ? text.n - 1 : 0);
	buf_done(&text);
}

static void write_begin(struct scan_writer *w)
{
	const struct scan_head *head = w->head;
	json_t *scan = json_object();

	js_put(scan, "scanner", js_text(head->scanner));
	js_put(scan, "version", js_text(head->version));
	js_put(scan, "args", js_text(head->args));
	js_put(scan, "started", js_time(head->started));
	js_put(scan, "tcp", js_text(head->tcp));
	js_put(scan, "udp", json_boolean(head->udp));
	js_put(scan, "ping_only", json_boolean(head->ping_only));
	js_put(scan, "talked", json_boolean(head->talked));
	js_put(scan, "tcp_ports", head->tcp ? js_set(&head->ports.tcp) : json_null());
	js_put(scan, "udp_ports", head->udp ? js_set(&head->ports.udp) : json_null());
	buf_puts(w->out, "{\"format\": \"rosaudit-scan\", \"version\": 1, "
	                 "\"program\": \"rosaudit " ROSAUDIT_VERSION "\",\n\"scan\": ");
	put_document(scan, w->out);
	buf_puts(w->out, ",\n\"hosts\": [");
}

static void write_host(struct scan_writer *w, const struct scanned_host *h)
{
	buf_puts(w->out, w->hosts ? ",\n" : "\n");
	put_document(js_host(w, h), w->out);
}

static void write_end(struct scan_writer *w, const struct scan_sum *sum)
{
	json_t *o = json_object();

	js_put(o, "up", json_integer((json_int_t)sum->up));
	js_put(o, "down", json_integer((json_int_t)sum->down));
	js_put(o, "unknown", json_integer((json_int_t)sum->unknown));
	js_put(o, "duration_ms", json_integer(sum->duration_ms));
	js_put(o, "interrupted", json_boolean(sum->interrupted));
	buf_puts(w->out, "\n],\n\"sum\": ");
	put_document(o, w->out);
	buf_puts(w->out, "\n}\n");
}

const struct scan_form scan_form_json = {"json", write_begin, write_host, write_end};
