/* nmap's XML read back. It is a file from somewhere: no entities, nothing fetched, every number
 * looked at before it is believed. */
#include <libxml/xmlreader.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/limits.h"
#include "rosaudit/scan_report.h"
#include "rosaudit/text.h"

struct reading {
	xmlTextReader *xml;
	const char *where;
	struct error *err;
	scan_take_host *take;
	void *context;

	struct arena arena; /* the head's strings */
	struct scan_head head;
	bool begun;
	size_t hosts;

	/* One host at a time. */
	bool in_host, in_port;
	struct arena scratch;
	struct scanned_host host;
	struct port_lists listed;
	struct observation port;
	enum port_state counted;      /* of the extraports that we are in */
	struct observation rest;      /* ports that are counted without their numbers … */
	enum transport_proto rest_of; /* … of this protocol */
	bool has_rest, several_rests;
};

static int wrong(struct reading *r, const char *fmt, const char *value)
{
	int line = xmlTextReaderGetParserLineNumber(r->xml);
	struct buf text;

	buf_init(&text, 1024);
	buf_printf(&text, "%.100s", value);
	error_set_at(r->err, ERROR_PARSE, r->where, line > 0 ? (size_t)line : 0, 0, "%s \"%s\"",
	             fmt, buf_str(&text));
	buf_done(&text);
	return -1;
}

/* An attribute of the element at hand, until the next host; NULL when it is not there. */
static const char *attr(struct reading *r, const char *name)
{
	xmlChar *value = xmlTextReaderGetAttribute(r->xml, (const xmlChar *)name);
	const char *copy = arena_strdup(&r->scratch, (const char *)value);

	xmlFree(value);
	return copy;
}

static const char *attr_or(struct reading *r, const char *name, const char *other)
{
	const char *value = attr(r, name);

	return value ? value : other;
}

static time_t attr_time(struct reading *r, const char *name)
{
	const char *s = attr_or(r, name, "");
	unsigned long v;

	/* Until the year 9999, which RFC 3339 can write. */
	return text_to_uint(s, strlen(s), 0, 253402300799ul, &v) ? (time_t)v : 0;
}

/* --- the head --------------------------------------------------------------------- */

static int start_run(struct reading *r)
{
	struct scan_head *h = &r->head;

	r->begun = true;
	h->scanner = arena_strdup(&r->arena, attr_or(r, "scanner", "nmap"));
	h->version = arena_strdup(&r->arena, attr_or(r, "version", ""));
	h->args = arena_strdup(&r->arena, attr(r, "args"));
	h->started = attr_time(r, "start");
	return 0;
}

static const struct port_reading any_port = {.tcp = true, .udp = true};

static int start_scaninfo(struct reading *r)
{
	const char *proto = attr_or(r, "protocol", ""), *services = attr_or(r, "services", "");
	struct port_lists lists = {0};
	struct error ignored = {0};
	bool tcp = strcmp(proto, "tcp") == 0, udp = strcmp(proto, "udp") == 0;

	if ((!tcp && !udp) || !services[0])
		return 0;
	if (port_lists_parse(services, strlen(services), &any_port, &lists, &ignored))
		return wrong(r, "this is no list of ports:", services);
	if (tcp)
		r->head.tcp = strcmp(attr_or(r, "type", ""), "syn") == 0 ? "syn" : "connect";
	r->head.udp |= udp;
	if (tcp)
		port_set_merge(&r->head.ports.tcp, &lists.tcp);
	else
		port_set_merge(&r->head.ports.udp, &lists.tcp);
	return 0;
}

/* --- a host ----------------------------------------------------------------------- */

static int start_host(struct reading *r)
{
	if (++r->hosts > LIMIT_SCAN_FILE_HOSTS)
		return error_set_at(r->err, ERROR_LIMIT, r->where, 0, 0,
		                    "more than %u hosts are in one scan", LIMIT_SCAN_FILE_HOSTS);
	arena_done(&r->scratch);
	arena_init(&r->scratch);
	scanned_done(&r->host);
	scanned_init(&r->host);
	port_set_clear(&r->listed.tcp);
	port_set_clear(&r->listed.udp);
	r->has_rest = r->several_rests = false;
	r->in_host = true;
	r->host.account.rtt_us = -1;
	r->host.started = attr_time(r, "starttime");
	r->host.ended = attr_time(r, "endtime");
	if (r->host.ended > r->host.started && r->host.started)
		r->host.account.duration_ms = (r->host.ended - r->host.started) * 1000;
	if (strcmp(attr_or(r, "timedout", ""), "true") == 0)
		r->host.account.cut = "host timeout";
	return 0;
}

static int start_status(struct reading *r)
{
	const char *state = attr_or(r, "state", "");

	if (strcmp(state, "up") == 0)
		r->host.account.up = HOST_UP;
	else if (strcmp(state, "down") == 0)
		r->host.account.up = HOST_DOWN;
	r->host.account.up_reason = arena_strdup(&r->host.arena, attr(r, "reason"));
	return 0;
}

/* A host on our own link has its MAC address besides. */
static int start_address(struct reading *r)
{
	const char *text = attr_or(r, "addr", "");

	if (r->host.address.family || strcmp(attr_or(r, "addrtype", "ipv4"), "mac") == 0)
		return 0;
	if (!address_parse(text, strlen(text), &r->host.address))
		return wrong(r, "this is no address:", text);
	return 0;
}

static int start_hostname(struct reading *r)
{
	if (!r->host.name && strcmp(attr_or(r, "type", ""), "user") == 0)
		r->host.name = arena_strdup(&r->host.arena, attr(r, "name"));
	return 0;
}

static enum port_state state_of(const char *word)
{
	for (int s = 0; s < PORT_STATES; s++)
		if (strcmp(word, port_state_name((enum port_state)s)) == 0)
			return (enum port_state)s;
	/* "unfiltered" and "closed|filtered" come of scans that do not look for open ports. */
	return PORT_UNKNOWN;
}

static int start_extraports(struct reading *r)
{
	r->counted = state_of(attr_or(r, "state", ""));
	return 0;
}

/* A port once; twice is no scan's doing. */
static int add_port(struct reading *r, const struct observation *o)
{
	struct port_set *listed = o->proto == L4_UDP ? &r->listed.udp : &r->listed.tcp;
	char text[16] = "";
	struct buf b;

	if (!port_set_has(listed, o->port)) {
		port_set_add(listed, o->port);
		scanned_add(&r->host, o);
		return 0;
	}
	buf_init(&b, sizeof(text) - 1);
	buf_printf(&b, "%u", o->port);
	memcpy(text, buf_str(&b), b.n + 1);
	buf_done(&b);
	return wrong(r, "a port is there twice:", text);
}

static bool read_proto(const char *word, enum transport_proto *out)
{
	*out = strcmp(word, "udp") == 0 ? L4_UDP : L4_TCP;
	return *out == L4_UDP || strcmp(word, "tcp") == 0;
}

static int add_set(struct reading *r, const struct port_set *set, struct observation o)
{
	for (int p = port_set_next(set, 1); p >= 0; p = port_set_next(set, (unsigned)p + 1)) {
		o.port = o.probed_port = (uint16_t)p;
		if (add_port(r, &o))
			return -1;
	}
	return 0;
}

/* Older nmaps count without the numbers; a single such count is all that was not listed. */
static int start_extrareasons(struct reading *r)
{
	const char *ports = attr(r, "ports");
	struct observation o = {.state = r->counted, .rtt_us = -1, .tries = 1};
	struct port_lists lists = {0};
	struct error ignored = {0};

	o.reason = attr_or(r, "reason", "not-said");
	if (!read_proto(attr_or(r, "proto", "tcp"), &o.proto))
		return 0;
	if (ports) {
		if (port_lists_parse(ports, strlen(ports), &any_port, &lists, &ignored))
			return wrong(r, "this is no list of ports:", ports);
		return add_set(r, &lists.tcp, o);
	}
	r->several_rests = r->has_rest;
	r->has_rest = true;
	r->rest = o;
	return 0;
}

static int start_port(struct reading *r)
{
	const char *number = attr_or(r, "portid", "");
	unsigned long port;

	r->port = (struct observation){.rtt_us = -1, .tries = 1};
	r->in_port = read_proto(attr_or(r, "protocol", ""), &r->port.proto);
	if (!r->in_port)
		return 0;
	if (!text_to_uint(number, strlen(number), 0, 65535, &port))
		return wrong(r, "this is no port:", number);
	r->port.port = r->port.probed_port = (uint16_t)port;
	return 0;
}

static int start_state(struct reading *r)
{
	if (!r->in_port)
		return 0;
	r->port.state = state_of(attr_or(r, "state", ""));
	r->port.reason = attr_or(r, "reason", "not-said");
	return 0;
}

/* What nmap calls what speaks. Any other name is something that speaks, but not ours. */
static enum app_proto app_of(const char *name, bool tunnel)
{
	static const struct {
		const char *name;
		enum app_proto app;
	} rows[] = {
		{"ssh", APP_SSH},       {"ftp", APP_FTP},
		{"telnet", APP_TELNET}, {"http", APP_HTTP},
		{"ssl", APP_TLS},       {"https", APP_TLS},
		{"winbox", APP_WINBOX}, {"bandwidth-test", APP_BTEST},
		{"tls", APP_TLS},       {"api", APP_API},
		{"btest", APP_BTEST},
	};

	if (tunnel)
		return APP_TLS;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].app;
	return APP_OTHER;
}

static void put_words(struct reading *r, struct buf *out)
{
	static const char *const names[] = {"product", "version", "extrainfo"};

	for (size_t i = 0; i < 3; i++) {
		const char *word = attr(r, names[i]);

		if (word)
			buf_printf(out, "%s%s", out->n ? " " : "", word);
	}
}

/* method="table" is the port's name in a file: nobody spoke. */
static int start_service(struct reading *r)
{
	const char *name = attr_or(r, "name", "");
	struct buf said;

	if (!r->in_port || strcmp(attr_or(r, "method", ""), "probed") != 0)
		return 0;
	if (strcmp(name, "tcpwrapped") == 0) {
		r->port.serve = SERVE_REFUSED;
		return 0;
	}
	r->port.serve = SERVE_SERVING;
	r->port.app = app_of(name, attr(r, "tunnel") != NULL);
	r->head.talked = true;
	buf_init(&said, LIMIT_BANNER_BYTES);
	put_words(r, &said);
	if (said.n) {
		r->port.banner = arena_strndup(&r->scratch, buf_str(&said), said.n);
		r->port.banner_n = said.n;
	}
	buf_done(&said);
	return 0;
}

static int end_port(struct reading *r)
{
	bool taken = r->in_port;

	r->in_port = false;
	/* Port 0 can be scanned by nmap, and is nobody's. */
	if (!taken || r->port.port == 0)
		return 0;
	if (!r->port.reason)
		r->port.reason = "not-said";
	if (r->port.state != PORT_OPEN)
		r->port.serve = SERVE_UNKNOWN;
	return add_port(r, &r->port);
}

static int start_times(struct reading *r)
{
	const char *srtt = attr_or(r, "srtt", "");
	unsigned long us;

	if (text_to_uint(srtt, strlen(srtt), 1, 3600000000ul, &us))
		r->host.account.rtt_us = (int64_t)us;
	return 0;
}

static int end_host(struct reading *r)
{
	struct port_set rest;

	r->in_host = false;
	if (!r->host.address.family)
		return error_set_at(r->err, ERROR_PARSE, r->where, 0, 0,
		                    "a host of this scan has no address");
	if (r->has_rest && !r->several_rests) {
		rest = r->rest.proto == L4_UDP ? r->head.ports.udp : r->head.ports.tcp;
		port_set_subtract(&rest, r->rest.proto == L4_UDP ? &r->listed.udp : &r->listed.tcp);
		if (add_set(r, &rest, r->rest))
			return -1;
	}
	scanned_sort(&r->host);
	return r->take(r->context, &r->head, &r->host, r->err);
}

/* --- the walk --------------------------------------------------------------------- */

static const struct {
	const char *name;
	bool in_host; /* only there: <hosthint> has addresses, too */
	int (*start)(struct reading *r);
	int (*end)(struct reading *r);
} elements[] = {
	{"nmaprun", false, start_run, NULL},
	{"scaninfo", false, start_scaninfo, NULL},
	{"host", false, start_host, end_host},
	{"status", true, start_status, NULL},
	{"address", true, start_address, NULL},
	{"hostname", true, start_hostname, NULL},
	{"extraports", true, start_extraports, NULL},
	{"extrareasons", true, start_extrareasons, NULL},
	{"port", true, start_port, end_port},
	{"state", true, start_state, NULL},
	{"service", true, start_service, NULL},
	{"times", true, start_times, NULL},
};

static int begin_element(struct reading *r, size_t i)
{
	/* An empty element has no end of its own. */
	bool empty = xmlTextReaderIsEmptyElement(r->xml) == 1;

	if (elements[i].start(r))
		return -1;
	return empty && elements[i].end ? elements[i].end(r) : 0;
}

static int take_node(struct reading *r, int type, const char *name)
{
	if (type == XML_READER_TYPE_ELEMENT && !r->begun && strcmp(name, "nmaprun") != 0)
		return wrong(r, "nmap's XML begins with <nmaprun>, this with", name);
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
		if (strcmp(elements[i].name, name) != 0 || (elements[i].in_host && !r->in_host))
			continue;
		/* A host in a host is no scan's doing; nor is a second beginning. */
		if (type == XML_READER_TYPE_ELEMENT &&
		    ((i == 0 && r->begun) || (i == 2 && r->in_host)))
			return wrong(r, "an element is out of place:", name);
		if (type == XML_READER_TYPE_ELEMENT)
			return begin_element(r, i);
		return elements[i].end && (i != 2 || r->in_host) ? elements[i].end(r) : 0;
	}
	return 0;
}

static int walk(struct reading *r)
{
	int more;

	while ((more = xmlTextReaderRead(r->xml)) == 1) {
		int type = xmlTextReaderNodeType(r->xml);
		const xmlChar *name = xmlTextReaderConstLocalName(r->xml);

		if (xmlTextReaderDepth(r->xml) > (int)LIMIT_SCAN_FILE_DEPTH)
			return error_set_at(r->err, ERROR_LIMIT, r->where, 0, 0,
			                    "elements are nested more than %u deep",
			                    LIMIT_SCAN_FILE_DEPTH);
		if (type != XML_READER_TYPE_ELEMENT && type != XML_READER_TYPE_END_ELEMENT)
			continue;
		if (take_node(r, type, name ? (const char *)name : ""))
			return -1;
	}
	if (more < 0 || !r->begun)
		error_set_at(r->err, ERROR_PARSE, r->where, 0, 0, "this is no whole XML document");
	/* Some faults are told, and read past. */
	return error_is_set(r->err) ? -1 : 0;
}

/* libxml2's own sentence, once. */
static void keep_error(void *context, xmlErrorPtr e)
{
	struct reading *r = context;
	size_t n = e && e->message ? strcspn(e->message, "\n") : 0;

	if (e && e->level >= XML_ERR_ERROR)
		error_set_at(r->err, ERROR_PARSE, r->where, e->line > 0 ? (size_t)e->line : 0, 0,
		             "this is no well-formed XML: %.*s", (int)(n < 200 ? n : 200),
		             e->message ? e->message : "");
}

int scan_read_xml(const char *p, size_t n, const char *where, scan_take_host *take, void *context,
                  struct error *err)
{
	struct error own = {0};
	struct reading *r;
	int result = -1;

	if (n > LIMIT_SCAN_FILE_BYTES)
		return error_set(err, ERROR_LIMIT, "%s is larger than %u bytes", where,
		                 LIMIT_SCAN_FILE_BYTES);
	/* nmap declares none; with none there is nothing to expand. */
	if (memmem(p, n, "<!ENTITY", 8))
		return error_set(err, ERROR_PARSE, "%s declares entities, which no scan needs",
		                 where);
	r = mem_alloc(sizeof(*r));
	r->where = where;
	r->err = err ? err : &own;
	r->take = take;
	r->context = context;
	arena_init(&r->arena);
	arena_init(&r->scratch);
	scanned_init(&r->host);
	/* The encoding is ours to say: in another one, entities could hide. */
	r->xml = xmlReaderForMemory(p, (int)n, NULL, "UTF-8",
	                            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (r->xml) {
		xmlTextReaderSetStructuredErrorHandler(r->xml, keep_error, r);
		result = walk(r);
	} else {
		error_set(r->err, ERROR_PARSE, "%s is no XML", where);
	}
	xmlFreeTextReader(r->xml);
	scanned_done(&r->host);
	arena_done(&r->scratch);
	arena_done(&r->arena);
	free(r);
	return result;
}
