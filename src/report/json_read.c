/* A JSON report read back, as far as two of them are compared. It is a file from somewhere:
 * every key is looked at before it is believed. */
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "rosaudit/diff.h"
#include "rosaudit/limits.h"

/* Only these bytes of a foreign word are quoted in an error. */
#define QUOTED 60

/* The reading of one document: where we are, for the one error that there may be. */
struct reader {
	const char *where;
	struct error *err;
	const char *part; /* "device." or "" */
	const char *list; /* "services", or NULL */
	size_t router, i; /* indices into routers and list */
	bool in_router;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A byte order mark, which some editors leave. */
static size_t mark(const char *p, size_t n)
{
	return n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

static size_t skip_space(const char *p, size_t n, size_t i)
{
	while (i < n && is_space(p[i]))
		i++;
	return i;
}

/* The key that a JSON object begins with; 0 bytes when it is none. */
static const char *first_key(const char *p, size_t n, size_t *len)
{
	size_t i = skip_space(p, n, mark(p, n)), end;

	*len = 0;
	if (i == n || p[i] != '{')
		return NULL;
	i = skip_space(p, n, i + 1);
	if (i == n || p[i] != '"')
		return NULL;
	for (end = ++i; end < n && p[end] != '"';)
		end++;
	*len = end - i;
	return p + i;
}

/* REST's answer about one row is an object, too; its first key is .id or a property of the row. */
bool report_json_is_document(const char *p, size_t n)
{
	static const char *const rows[] = {".id", "name", "address", "certificate", "disabled"};
	size_t len;
	const char *key = first_key(p, n, &len);

	for (size_t i = 0; key && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strlen(rows[i]) == len && memcmp(rows[i], key, len) == 0)
			return false;
	return key != NULL;
}

/* --- steps that may fail ------------------------------------------------------------ */

static int wrong(struct reader *r, const char *key, const char *expected)
{
	char place[128] = "";

	if (r->in_router && r->list)
		snprintf(place, sizeof(place), "routers[%zu].%s%s[%zu].", r->router, r->part,
		         r->list, r->i);
	else if (r->in_router)
		snprintf(place, sizeof(place), "routers[%zu].%s", r->router, r->part);
	error_set_at(r->err, ERROR_PARSE, r->where, 0, 0, "%s%s: %s belongs here", place, key,
	             expected);
	return error_hint(r->err, "the report was changed by hand, or is not rosaudit's");
}

/* An absent key is a mistake: null is how a report says unknown. */
static int take_text(struct reader *r, const json_t *o, const char *key, const char **out)
{
	const json_t *v = json_object_get(o, key);

	*out = json_string_value(v);
	return *out || json_is_null(v) ? 0 : wrong(r, key, "a string or null");
}

/* As take_text, where null has no meaning. */
static int take_word(struct reader *r, const json_t *o, const char *key, const char **out)
{
	*out = json_string_value(json_object_get(o, key));
	return *out ? 0 : wrong(r, key, "a string");
}

/* One of the words up to NULL; *index is its place. */
static int take_choice(struct reader *r, const json_t *o, const char *key, const char *const *words,
                       size_t *index)
{
	const char *s;

	if (take_word(r, o, key, &s))
		return -1;
	for (*index = 0; words[*index]; ++*index)
		if (strcmp(words[*index], s) == 0)
			return 0;
	return wrong(r, key, "a word that docs/report.md knows");
}

static int take_bool(struct reader *r, const json_t *o, const char *key, bool *out)
{
	const json_t *v = json_object_get(o, key);

	*out = json_is_true(v);
	return json_is_boolean(v) ? 0 : wrong(r, key, "true or false");
}

static int take_tri(struct reader *r, const json_t *o, const char *key, enum tri *out)
{
	const json_t *v = json_object_get(o, key);

	*out = json_is_true(v) ? TRI_YES : json_is_false(v) ? TRI_NO : TRI_UNKNOWN;
	return json_is_boolean(v) || json_is_null(v) ? 0 : wrong(r, key, "true, false or null");
}

/* -1 for null. */
static int take_number(struct reader *r, const json_t *o, const char *key, int max, int *out)
{
	const json_t *v = json_object_get(o, key);
	json_int_t n = json_integer_value(v);

	*out = json_is_integer(v) ? (int)(n < 0 || n > max ? 0 : n) : -1;
	if (json_is_null(v) || (json_is_integer(v) && n >= 0 && n <= max))
		return 0;
	return wrong(r, key, "a number in its range, or null");
}

static int take_proto(struct reader *r, const json_t *o, enum transport_proto *out)
{
	const char *s;

	if (take_text(r, o, "proto", &s))
		return -1;
	*out = L4_UNKNOWN;
	if (s && strcmp(s, "tcp") == 0)
		*out = L4_TCP;
	else if (s && strcmp(s, "udp") == 0)
		*out = L4_UDP;
	return !s || *out != L4_UNKNOWN ? 0 : wrong(r, "proto", "tcp, udp or null");
}

/* --- the parts of a router ---------------------------------------------------------- */

static int take_address(struct reader *r, const json_t *o, struct arena *arena, struct service *out)
{
	const json_t *list = json_object_get(o, "address");

	if (json_is_null(list))
		return 0;
	if (!json_is_array(list) || json_array_size(list) > LIMIT_PREFIXES)
		return wrong(r, "address", "a list of prefixes or null");
	out->address_known = true;
	out->address_n = json_array_size(list);
	out->address = arena_array(arena, out->address_n + 1, sizeof(*out->address));
	for (size_t i = 0; i < out->address_n; i++) {
		const char *s = json_string_value(json_array_get(list, i));

		if (!s || prefix_parse(s, strlen(s), &out->address[i]) != PREFIX_OK)
			return wrong(r, "address", "a list of prefixes, as 192.0.2.0/24,");
	}
	return 0;
}

static int take_other(struct reader *r, json_t *row, struct arena *arena, struct service *out)
{
	json_t *other = json_object_get(row, "other"), *value;
	const char *name;

	if (!other)
		return 0;
	if (!json_is_object(other) || json_object_size(other) > LIMIT_COLUMNS)
		return wrong(r, "other", "an object of texts");
	out->extra = arena_array(arena, json_object_size(other) + 1, sizeof(*out->extra));
	json_object_foreach(other, name, value)
	{
		if (!json_is_string(value))
			return wrong(r, "other", "an object of texts");
		out->extra[out->extra_n++] = (struct service_extra){name, json_string_value(value)};
	}
	return 0;
}

static int read_service(struct reader *r, json_t *o, struct snapshot *s, struct diff_router *to)
{
	struct service row;
	struct arena arena;
	int failed;

	arena_init(&arena);
	service_init(&row);
	failed =
		take_text(r, o, "name", &row.name) || take_number(r, o, "port", 65535, &row.port) ||
		take_proto(r, o, &row.proto) || take_tri(r, o, "disabled", &row.disabled) ||
		take_tri(r, o, "invalid", &row.invalid) ||
		take_tri(r, o, "dynamic", &row.dynamic) ||
		take_tri(r, o, "connection", &row.connection) || take_address(r, o, &arena, &row) ||
		take_text(r, o, "certificate", &row.certificate) ||
		take_text(r, o, "tls_version", &row.tls_version) ||
		take_text(r, o, "vrf", &row.vrf) ||
		take_number(r, o, "max_sessions", 0x7FFFFFFF, &row.max_sessions) ||
		take_other(r, o, &arena, &row);
	if (!failed)
		snapshot_add_service(s, to, &row);
	arena_done(&arena);
	return failed ? -1 : 0;
}

static int read_observation(struct reader *r, json_t *o, struct snapshot *s, struct diff_router *to)
{
	static const char *const states[] = {"unknown",  "open",          "closed",
	                                     "filtered", "open|filtered", NULL};
	enum transport_proto proto = L4_TCP; /* in reports of before UDP was probed */
	const char *serve, *app;
	size_t state;
	int port;

	if (take_number(r, o, "port", 65535, &port) || take_choice(r, o, "state", states, &state) ||
	    take_text(r, o, "serve", &serve) || take_text(r, o, "app", &app) ||
	    (json_object_get(o, "proto") && take_proto(r, o, &proto)))
		return -1;
	if (port < 1)
		return wrong(r, "port", "a port");
	snapshot_add_port(s, to, port, proto, states[state], serve, app);
	return 0;
}

static int read_subject(struct reader *r, json_t *o, struct snapshot *s, struct diff_router *to)
{
	const char *name, *verdict, *worst;
	enum transport_proto proto;
	int port;

	if (take_text(r, o, "name", &name) || take_number(r, o, "port", 65535, &port) ||
	    take_proto(r, o, &proto) || take_text(r, o, "verdict", &verdict) ||
	    take_text(r, o, "worst", &worst))
		return -1;
	if (verdict)
		snapshot_add_verdict(s, to, name, port, proto, verdict, worst);
	return 0;
}

static int read_finding(struct reader *r, json_t *o, struct snapshot *s, struct diff_router *to)
{
	struct diff_finding f;

	if (take_word(r, o, "rule", &f.rule) || take_word(r, o, "title", &f.title) ||
	    take_word(r, o, "severity", &f.severity) || take_text(r, o, "service", &f.service) ||
	    take_number(r, o, "port", 65535, &f.port) || take_proto(r, o, &f.proto) ||
	    take_text(r, o, "expected", &f.expected) ||
	    take_bool(r, o, "undecided", &f.undecided) || take_bool(r, o, "waived", &f.waived))
		return -1;
	snapshot_add_finding(s, to, &f);
	return 0;
}

typedef int read_fn(struct reader *r, json_t *o, struct snapshot *s, struct diff_router *to);

static int read_list(struct reader *r, json_t *o, const char *key, read_fn *read,
                     struct snapshot *s, struct diff_router *to)
{
	json_t *list = json_object_get(o, key), *v;

	if (!json_is_array(list))
		return wrong(r, key, "a list");
	r->list = key;
	json_array_foreach(list, r->i, v)
	{
		if (!json_is_object(v))
			return wrong(r, "", "an object");
		if (read(r, v, s, to))
			return -1;
	}
	r->list = NULL;
	return 0;
}

/* --- routers ------------------------------------------------------------------------ */

static int take_extent(struct reader *r, const json_t *device, const char *key,
                       enum diff_extent *out)
{
	static const char *const words[] = {"unknown", "no", "yes", NULL};
	size_t i;

	if (take_choice(r, device, key, words, &i))
		return -1;
	*out = i == 1 ? EXTENT_PART : EXTENT_WHOLE;
	return 0;
}

static int read_device(struct reader *r, json_t *o, struct snapshot *s, struct diff_router *to)
{
	static const char *const keys[] = {"version", "board", "identity"};
	json_t *device = json_object_get(o, "device");

	if (!json_is_object(device))
		return wrong(r, "device", "an object");
	r->part = "device.";
	if (take_extent(r, device, "static_complete", &to->extents[DIFF_STATIC]) ||
	    take_extent(r, device, "listeners_complete", &to->extents[DIFF_LISTENER]))
		return -1;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *value;

		if (take_text(r, device, keys[i], &value))
			return -1;
		snapshot_add_fact(s, to, keys[i], value);
	}
	if (read_list(r, device, "services", read_service, s, to))
		return -1;
	r->part = "";
	return 0;
}

static int read_scan(struct reader *r, json_t *o, struct snapshot *s, struct diff_router *to)
{
	json_t *scan = json_object_get(o, "scan");
	bool scanned;

	if (!json_is_object(scan))
		return wrong(r, "scan", "an object");
	r->part = "scan.";
	if (take_bool(r, scan, "scanned", &scanned))
		return -1;
	r->part = "";
	/* What was not probed this time may have been the last time: never the whole. */
	to->extents[DIFF_REACHABLE] = scanned ? EXTENT_PART : EXTENT_NOTHING;
	return scanned ? read_list(r, o, "observations", read_observation, s, to) : 0;
}

/* Why it was not audited, or what is missing of the audit. */
static int read_error(struct reader *r, const json_t *o, struct snapshot *s, struct diff_router *to)
{
	json_t *e = json_object_get(o, "error");
	const char *text;

	if (!json_is_object(e) && !json_is_null(e))
		return wrong(r, "error", "an object or null");
	if (json_is_object(e) && take_word(r, e, "text", &text))
		return wrong(r, "error", "an object with a text");
	if (!to->audited)
		to->error = arena_strdup(&s->arena, json_is_object(e) ? text : "not audited");
	else
		snapshot_add_fact(s, to, "audit", json_is_object(e) ? "in part" : "complete");
	to->extents[DIFF_VERDICT] = json_is_object(e) ? EXTENT_PART : EXTENT_WHOLE;
	to->extents[DIFF_FINDING] = to->extents[DIFF_VERDICT];
	return 0;
}

static int read_router(struct reader *r, json_t *o, struct snapshot *s)
{
	const char *name, *profile;
	struct diff_router *to;

	if (take_text(r, o, "name", &name))
		return -1;
	to = snapshot_add_router(s, name);
	if (take_bool(r, o, "audited", &to->audited) || read_error(r, o, s, to))
		return -1;
	if (!to->audited)
		return 0;
	if (take_text(r, o, "profile", &profile))
		return -1;
	to->extents[DIFF_ROUTER] = EXTENT_WHOLE;
	snapshot_add_fact(s, to, "profile", profile ? profile : "none");
	return read_device(r, o, s, to) || read_scan(r, o, s, to) ||
	                       read_list(r, o, "subjects", read_subject, s, to) ||
	                       read_list(r, o, "findings", read_finding, s, to)
	               ? -1
	               : 0;
}

/* --- the document ------------------------------------------------------------------- */

/* Another tool's document, or another version's, is said to be so; nothing is guessed from it. */
static int check_head(struct reader *r, const json_t *o)
{
	const char *format = json_string_value(json_object_get(o, "format"));
	const json_t *version = json_object_get(o, "version");

	if (!format && json_is_array(json_object_get(o, "services"))) {
		error_set_at(r->err, ERROR_PARSE, r->where, 0, 0,
		             "this is a listing of `rosaudit parse`, which does not keep what is "
		             "unknown");
		return error_hint(r->err, "compare the saved outputs themselves");
	}
	if (!format || strcmp(format, "rosaudit-report") != 0) {
		error_set_at(r->err, ERROR_PARSE, r->where, 0, 0,
		             "this JSON is no report of rosaudit: its format is %.*s", QUOTED,
		             format ? format : "not said");
		return error_hint(r->err, "rosaudit -o json=FILE writes one");
	}
	if (!json_is_integer(version) || json_integer_value(version) != 1) {
		error_set_at(r->err, ERROR_PARSE, r->where, 0, 0,
		             "this report is not of version 1, the one that this rosaudit reads");
		if (json_is_integer(version))
			return error_hint(r->err,
			                  "it is of version %lld; read it with its own rosaudit",
			                  (long long)json_integer_value(version));
		return -1;
	}
	return 0;
}

static int read_document(struct reader *r, json_t *o, struct snapshot *out)
{
	json_t *routers, *v;
	const char *started;

	if (check_head(r, o) || take_text(r, o, "started", &started) ||
	    take_bool(r, o, "interrupted", &out->interrupted))
		return -1;
	out->started = arena_strdup(&out->arena, started);
	routers = json_object_get(o, "routers");
	if (!json_is_array(routers) || json_array_size(routers) > LIMIT_ROUTERS)
		return wrong(r, "routers", "a list of routers");
	r->in_router = true;
	json_array_foreach(routers, r->router, v)
	{
		if (!json_is_object(v))
			return wrong(r, "", "an object");
		if (read_router(r, v, out))
			return -1;
	}
	return 0;
}

int report_json_read(const char *p, size_t n, const char *where, struct snapshot *out,
                     struct error *err)
{
	struct reader r = {.where = where, .err = err, .part = ""};
	size_t skip = mark(p, n);
	json_error_t fault;
	json_t *o = json_loadb(p + skip, n - skip, JSON_REJECT_DUPLICATES, &fault);
	int failed;

	if (!o)
		return error_set_at(err, ERROR_PARSE, where,
		                    fault.line > 0 ? (size_t)fault.line : 0,
		                    fault.column > 0 ? (size_t)fault.column : 0,
		                    "this is no complete JSON: %s", fault.text);
	out->kind = SNAPSHOT_REPORT;
	failed = read_document(&r, o, out);
	json_decref(o);
	return failed;
}
