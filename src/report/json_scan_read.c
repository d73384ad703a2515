/* A scan in our own JSON read back: a file from somewhere, so every key is looked at. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "rosaudit/limits.h"
#include "rosaudit/scan_report.h"
#include "rosaudit/text.h"

struct reading {
	const char *where;
	struct error *err;
	scan_take_host *take;
	void *context;
	struct scan_head head;
	size_t host;
	struct port_lists listed;
};

static int wrong(struct reading *r, const char *key, const char *expected)
{
	error_set_at(r->err, ERROR_PARSE, r->where, 0, 0, "hosts[%zu].%s: %s belongs here", r->host,
	             key, expected);
	return error_hint(r->err, "the scan was changed by hand, or is not rosaudit's");
}

static int take_text(struct reading *r, const json_t *o, const char *key, const char **out)
{
	const json_t *v = json_object_get(o, key);

	*out = json_string_value(v);
	return *out || json_is_null(v) ? 0 : wrong(r, key, "a string or null");
}

static int take_number(struct reading *r, const json_t *o, const char *key, json_int_t min,
                       json_int_t max, json_int_t *out)
{
	const json_t *v = json_object_get(o, key);

	*out = json_is_integer(v) ? json_integer_value(v) : -1;
	if (json_is_null(v) || (json_is_integer(v) && *out >= min && *out <= max))
		return 0;
	return wrong(r, key, "a number in its range");
}

static int take_proto(struct reading *r, const json_t *o, enum transport_proto *out)
{
	const char *s = json_string_value(json_object_get(o, "proto"));

	*out = s && strcmp(s, "udp") == 0 ? L4_UDP : L4_TCP;
	return s && (*out == L4_UDP || strcmp(s, "tcp") == 0) ? 0 : wrong(r, "proto", "tcp or udp");
}

static int take_state(struct reading *r, const json_t *o, enum port_state *out)
{
	const char *s = json_string_value(json_object_get(o, "state"));

	for (int i = 0; s && i < PORT_STATES; i++) {
		*out = (enum port_state)i;
		if (strcmp(s, port_state_name(*out)) == 0)
			return 0;
	}
	return wrong(r, "state", "a state of docs/scan.schema.json");
}

/* The place of s among words that end in NULL; an unknown word is the place of NULL. */
static size_t word_of(const char *s, const char *const *words)
{
	size_t i = 0;

	while (s && words[i] && strcmp(words[i], s) != 0)
		i++;
	return i;
}

static int take_serve(struct reading *r, const json_t *o, struct observation *out)
{
	static const char *const serves[] = {"serving", "refused", "silent", NULL};
	const char *serve, *app;
	size_t i;

	if (take_text(r, o, "serve", &serve) || take_text(r, o, "app", &app) ||
	    take_text(r, o, "close", &out->close))
		return -1;
	i = word_of(serve, serves);
	if (!serve)
		return 0;
	if (!serves[i])
		return wrong(r, "serve", "serving, refused, silent or null");
	out->serve = (enum serve_state)(i + 1);
	if (out->serve != SERVE_SERVING)
		return 0;
	/* A word of a newer rosaudit is something that speaks, too. */
	out->app = APP_OTHER;
	for (int p = APP_SSH; app && p <= APP_OTHER; p++)
		if (strcmp(app, app_proto_name((enum app_proto)p)) == 0)
			out->app = (enum app_proto)p;
	return 0;
}

static int add(struct reading *r, const struct observation *o, struct scanned_host *h)
{
	struct port_set *listed = o->proto == L4_UDP ? &r->listed.udp : &r->listed.tcp;

	if (port_set_has(listed, o->port))
		return wrong(r, "ports", "each port once");
	port_set_add(listed, o->port);
	scanned_add(h, o);
	return 0;
}

static int read_open(struct reading *r, const json_t *o, struct scanned_host *h)
{
	struct observation seen = {0};
	json_int_t port, tries, rtt;
	const json_t *banner = json_object_get(o, "banner");

	if (take_number(r, o, "port", 1, 65535, &port) || take_proto(r, o, &seen.proto) ||
	    take_state(r, o, &seen.state) || take_text(r, o, "reason", &seen.reason) ||
	    take_serve(r, o, &seen) || take_number(r, o, "tries", 0, 1000000, &tries) ||
	    take_number(r, o, "rtt_us", 0, 3600000000, &rtt))
		return -1;
	if (port < 1)
		return wrong(r, "port", "a port");
	seen.port = seen.probed_port = (uint16_t)port;
	seen.tries = tries > 0 ? (unsigned)tries : 0;
	seen.rtt_us = rtt;
	seen.spoke = json_is_true(json_object_get(o, "spoke"));
	seen.banner = json_string_value(banner);
	seen.banner_n = seen.banner ? json_string_length(banner) : 0;
	if (seen.state != PORT_OPEN)
		seen.serve = SERVE_UNKNOWN;
	/* An escaped byte takes four; ours are never longer. */
	if (seen.banner_n > 4 * LIMIT_BANNER_BYTES)
		return wrong(r, "banner", "a banner");
	return add(r, &seen, h);
}

static int read_group(struct reading *r, const json_t *o, struct scanned_host *h)
{
	static const struct port_reading any = {.tcp = true};
	const char *ports = json_string_value(json_object_get(o, "ports"));
	struct observation seen = {.rtt_us = -1};
	struct port_lists lists = {0};
	struct error ignored = {0};
	json_int_t tries;

	if (take_proto(r, o, &seen.proto) || take_state(r, o, &seen.state) ||
	    take_text(r, o, "reason", &seen.reason) ||
	    take_number(r, o, "tries", 0, 1000000, &tries))
		return -1;
	if (!ports || port_lists_parse(ports, strlen(ports), &any, &lists, &ignored))
		return wrong(r, "ports", "a list of ports");
	seen.tries = tries > 0 ? (unsigned)tries : 0;
	for (int p = port_set_next(&lists.tcp, 1); p >= 0;
	     p = port_set_next(&lists.tcp, (unsigned)p + 1)) {
		seen.port = seen.probed_port = (uint16_t)p;
		if (add(r, &seen, h))
			return -1;
	}
	return 0;
}

static int read_list(struct reading *r, const json_t *o, const char *key, struct scanned_host *h,
                     int (*read)(struct reading *, const json_t *, struct scanned_host *))
{
	const json_t *list = json_object_get(o, key);

	if (!json_is_array(list))
		return wrong(r, key, "a list");
	for (size_t i = 0; i < json_array_size(list); i++)
		if (read(r, json_array_get(list, i), h))
			return -1;
	return 0;
}

/* The other direction of clock_rfc3339; 0 for anything else. */
static time_t read_time(const char *s)
{
	struct tm tm = {0};
	const char *end = s ? strptime(s, "%Y-%m-%dT%H:%M:%SZ", &tm) : NULL;

	return end && !*end ? timegm(&tm) : 0;
}

static int read_account(struct reading *r, const json_t *o, struct scan_account *a)
{
	const json_t *account = json_object_get(o, "account");
	json_int_t sent, answered, rtt, duration;

	if (!json_is_object(account))
		return wrong(r, "account", "an object");
	if (take_number(r, account, "sent", 0, INT64_MAX, &sent) ||
	    take_number(r, account, "answered", 0, INT64_MAX, &answered) ||
	    take_number(r, account, "rtt_us", 0, 3600000000, &rtt) ||
	    take_number(r, account, "duration_ms", 0, INT64_MAX, &duration) ||
	    take_text(r, account, "cut", &a->cut))
		return -1;
	a->sent = sent > 0 ? (uint64_t)sent : 0;
	a->answered = answered > 0 ? (uint64_t)answered : 0;
	a->rtt_us = rtt;
	a->duration_ms = duration > 0 ? duration : 0;
	a->loss = json_number_value(json_object_get(account, "loss"));
	a->missed = json_number_value(json_object_get(account, "missed"));
	a->loss_assumed = json_is_true(json_object_get(account, "loss_assumed"));
	a->limited = json_is_true(json_object_get(account, "limited"));
	a->tarpit = json_is_true(json_object_get(account, "tarpit"));
	return 0;
}

/* Another machine's interfaces need not be here: then the address goes without its zone. */
static bool take_address(const char *s, struct address *out)
{
	return address_parse(s, strlen(s), out) || address_parse(s, strcspn(s, "%"), out);
}

static int read_head_of_host(struct reading *r, const json_t *o, struct scanned_host *h)
{
	static const char *const states[] = {"unknown", "up", "down", NULL};
	const char *address, *state, *source, *started;
	size_t i;

	if (!json_is_object(o) || take_text(r, o, "address", &address) ||
	    take_text(r, o, "state", &state) || take_text(r, o, "source", &source) ||
	    take_text(r, o, "started", &started) || take_text(r, o, "name", &h->name) ||
	    read_account(r, o, &h->account) || take_text(r, o, "reason", &h->account.up_reason))
		return error_is_set(r->err) ? -1 : wrong(r, "host", "an object");
	if (!address || !take_address(address, &h->address))
		return wrong(r, "address", "an address");
	if (source && !take_address(source, &h->account.source))
		return wrong(r, "source", "an address or null");
	i = word_of(state, states);
	h->account.up = state && states[i] ? (enum host_state)i : HOST_UNKNOWN;
	h->started = read_time(started);
	return 0;
}

static int read_host(struct reading *r, const json_t *o)
{
	struct scanned_host host;
	int result = -1;

	scanned_init(&host);
	port_set_clear(&r->listed.tcp);
	port_set_clear(&r->listed.udp);
	if (read_head_of_host(r, o, &host) || read_list(r, o, "ports", &host, read_open) ||
	    read_list(r, o, "groups", &host, read_group))
		goto out;
	scanned_sort(&host);
	result = r->take(r->context, &r->head, &host, r->err);
out:
	scanned_done(&host);
	return result;
}

static void read_head(const json_t *document, struct scan_head *head)
{
	const json_t *scan = json_object_get(document, "scan");
	const char *scanner = json_string_value(json_object_get(scan, "scanner"));
	const char *version = json_string_value(json_object_get(scan, "version"));

	head->scanner = scanner ? scanner : "rosaudit";
	head->version = version ? version : "";
	head->args = json_string_value(json_object_get(scan, "args"));
	head->started = read_time(json_string_value(json_object_get(scan, "started")));
	head->talked = json_is_true(json_object_get(scan, "talked"));
	head->udp = json_is_true(json_object_get(scan, "udp"));
	head->tcp = json_string_value(json_object_get(scan, "tcp"));
}

static int read_document(struct reading *r, const json_t *document)
{
	const char *format = json_string_value(json_object_get(document, "format"));
	const json_t *hosts = json_object_get(document, "hosts");

	if (!format || strcmp(format, "rosaudit-scan") != 0)
		return error_set(r->err, ERROR_PARSE,
		                 "%s is no scan: its \"format\" is not \"rosaudit-scan\"",
		                 r->where);
	if (json_integer_value(json_object_get(document, "version")) != 1)
		return error_set(r->err, ERROR_PARSE,
		                 "%s is of another version than this rosaudit reads", r->where);
	if (!json_is_array(hosts) || json_array_size(hosts) > LIMIT_SCAN_FILE_HOSTS)
		return error_set(r->err, ERROR_PARSE, "%s: a list of at most %u hosts is expected",
		                 r->where, LIMIT_SCAN_FILE_HOSTS);
	read_head(document, &r->head);
	for (r->host = 0; r->host < json_array_size(hosts); r->host++)
		if (read_host(r, json_array_get(hosts, r->host)))
			return -1;
	return 0;
}

int scan_read_json(const char *p, size_t n, const char *where, scan_take_host *take, void *context,
                   struct error *err)
{
	struct error own = {0};
	struct reading *r;
	json_error_t fault;
	json_t *document;
	int result;

	if (n > LIMIT_SCAN_FILE_BYTES)
		return error_set(err, ERROR_LIMIT, "%s is larger than %u bytes", where,
		                 LIMIT_SCAN_FILE_BYTES);
	document = json_loadb(p, n, JSON_REJECT_DUPLICATES, &fault);
	if (!document)
		return error_set_at(err, ERROR_PARSE, where,
		                    fault.line > 0 ? (size_t)fault.line : 0,
		                    fault.column > 0 ? (size_t)fault.column : 0, "%s", fault.text);
	r = mem_alloc(sizeof(*r));
	r->where = where;
	r->err = err ? err : &own;
	r->take = take;
	r->context = context;
	result = read_document(r, document);
	json_decref(document);
	free(r);
	return result;
}

int scan_read(const char *p, size_t n, const char *where, scan_take_host *take, void *context,
              struct error *err)
{
	size_t i = 0;

	while (i < n && (p[i] == ' ' || p[i] == '\t' || p[i] == '\r' || p[i] == '\n'))
		i++;
	if (i < n && p[i] == '{')
		return scan_read_json(p, n, where, take, context, err);
	return scan_read_xml(p, n, where, take, context, err);
}
