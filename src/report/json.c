/* Small steps over jansson: text, numbers, rows of /ip service, output. */
#include <assert.h>
#include <string.h>

#include "json.h"
#include "rosaudit/limits.h"
#include "rosaudit/report.h"
#include "rosaudit/text.h"

void js_put(json_t *object, const char *key, json_t *value)
{
	/* Keys and texts were made UTF-8 before: a refusal is our mistake. */
	int refused = json_object_set_new(object, key, value);

	assert(!refused);
	(void)refused;
}

void js_push(json_t *array, json_t *value)
{
	int refused = json_array_append_new(array, value);

	assert(!refused);
	(void)refused;
}

/* Foreign bytes made UTF-8. */
static void put_utf8(const char *p, size_t n, struct buf *out)
{
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		if (text_utf8(p + i, n - i, &len) <= 0)
			buf_printf(out, "\\x%02X", (unsigned char)p[i]);
		else
			buf_add(out, p + i, len);
	}
}

bool js_is_utf8_text(const char *p, size_t n)
{
	size_t len;

	for (size_t i = 0; i < n; i += len)
		if (text_utf8(p + i, n - i, &len) <= 0)
			return false;
	return true;
}

json_t *js_text_n(const char *p, size_t n)
{
	struct buf b;
	json_t *text;

	if (!p)
		return json_null();
	buf_init(&b, 4u * LIMIT_ANSWER_BYTES);
	put_utf8(p, n, &b);
	text = json_stringn(buf_str(&b), b.n);
	buf_done(&b);
	return text;
}

json_t *js_text(const char *s)
{
	return js_text_n(s, s ? strlen(s) : 0);
}

json_t *js_number(long long n, long long min)
{
	return n < min ? json_null() : json_integer(n);
}

json_t *js_tri(enum tri t)
{
	return t == TRI_UNKNOWN ? json_null() : json_boolean(t == TRI_YES);
}

static json_t *flag(enum tri t, bool tri)
{
	return tri ? js_tri(t) : json_boolean(t == TRI_YES);
}

static json_t *address_list(const struct service *s)
{
	json_t *list;

	if (!s->address_known)
		return json_null();
	list = json_array();
	for (size_t i = 0; i < s->address_n; i++) {
		struct buf b;

		buf_init(&b, LIMIT_LINE_BYTES);
		prefix_format(&s->address[i], &b);
		js_push(list, js_text(buf_str(&b)));
		buf_done(&b);
	}
	return list;
}

/* Adds under a name that a row may use twice; nothing the router said is overwritten. */
static void put_other(json_t *other, const char *name, const char *value)
{
	struct buf key;

	if (!value)
		return;
	buf_init(&key, 4u * LIMIT_ANSWER_BYTES);
	put_utf8(name, strlen(name), &key);
	for (unsigned i = 2; json_object_get(other, buf_str(&key)); i++) {
		buf_clear(&key);
		put_utf8(name, strlen(name), &key);
		buf_printf(&key, " (%u)", i);
	}
	js_put(other, buf_str(&key), js_text(value));
	buf_done(&key);
}

static json_t *other_properties(const struct service *s)
{
	json_t *other = json_object();

	put_other(other, "netns", s->netns);
	put_other(other, "container", s->container);
	put_other(other, "about", s->about);
	for (size_t i = 0; i < s->extra_n; i++)
		put_other(other, s->extra[i].name, s->extra[i].value);
	return other;
}

json_t *js_service(const struct service *s, bool tri)
{
	json_t *row = json_object(), *other = other_properties(s);

	js_put(row, "name", js_text(s->name));
	js_put(row, "port", js_number(s->port, 0));
	js_put(row, "proto", js_text(l4_name(s->proto)));
	js_put(row, "disabled", flag(s->disabled, tri));
	js_put(row, "invalid", flag(s->invalid, tri));
	js_put(row, "dynamic", flag(s->dynamic, tri));
	js_put(row, "connection", flag(s->connection, tri));
	js_put(row, "address", address_list(s));
	js_put(row, "certificate", js_text(s->certificate));
	js_put(row, "tls_version", js_text(s->tls_version));
	js_put(row, "vrf", js_text(s->vrf));
	js_put(row, "max_sessions", js_number(s->max_sessions, 0));
	js_put(row, "local", js_text(s->local));
	js_put(row, "remote", js_text(s->remote));
	if (json_object_size(other) > 0)
		js_put(row, "other", other);
	else
		json_decref(other);
	return row;
}

/* jansson leaves DEL as it is; a terminal need not see it. */
static int put_bytes(const char *p, size_t n, void *data)
{
	struct buf *out = data;
	const char *del;

	while ((del = memchr(p, 0x7F, n)) != NULL) {
		size_t before = (size_t)(del - p);

		if (buf_add(out, p, before) != 0 || buf_puts(out, "\\u007f") != 0)
			return -1;
		p += before + 1;
		n -= before + 1;
	}
	return buf_add(out, p, n);
}

void js_write(json_t *document, struct buf *out)
{
	if (json_dump_callback(document, put_bytes, out, JSON_INDENT(2) | JSON_ENSURE_ASCII) == 0)
		buf_putc(out, '\n');
	json_decref(document);
}

void report_services_json(const struct device *d, struct buf *out)
{
	json_t *document = json_object(), *services = json_array();

	for (size_t i = 0; i < d->services_n; i++)
		js_push(services, js_service(&d->services[i], 0));
	js_put(document, "services", services);
	js_write(document, out);
}
