/* What services told of themselves, in JSON. */
#include "json.h"
#include "rosaudit/clock.h"

static json_t *js_time(int64_t t)
{
	char text[24];

	clock_rfc3339((time_t)t, text, sizeof(text));
	return js_text(text);
}

static json_t *certificate_object(const struct tls_certificate *c)
{
	json_t *o = json_object(), *names = json_array();

	for (size_t i = 0; i < c->names_n; i++)
		js_push(names, js_text(c->names[i]));
	js_put(o, "subject", js_text(c->subject));
	js_put(o, "issuer", js_text(c->issuer));
	js_put(o, "names", names);
	js_put(o, "not_before", js_time(c->not_before));
	js_put(o, "not_after", js_time(c->not_after));
	js_put(o, "key", js_text(c->key));
	js_put(o, "key_bits", json_integer(c->key_bits));
	js_put(o, "signature", js_text(c->signature));
	js_put(o, "sha256", js_text(c->sha256));
	js_put(o, "self_signed", js_tri(c->self_signed));
	js_put(o, "trusted", js_tri(c->trusted));
	js_put(o, "distrust", js_text(c->distrust));
	js_put(o, "chain", json_integer((json_int_t)c->chain_n));
	return o;
}

static json_t *tls_object(const struct tls_facts *t)
{
	json_t *o, *offers;

	if (!t)
		return json_null();
	o = json_object();
	offers = json_object();
	for (int v = TLS_1_0; v < TLS_VERSIONS; v++)
		js_put(offers, tls_version_name((enum tls_version)v), js_tri(t->offers[v]));
	js_put(o, "offers", offers);
	js_put(o, "version", js_text(t->version));
	js_put(o, "cipher", js_text(t->cipher));
	js_put(o, "anonymous", js_tri(t->anonymous));
	js_put(o, "anonymous_only", js_tri(t->anonymous_only));
	js_put(o, "certificate", t->certificate ? certificate_object(t->certificate) : json_null());
	return o;
}

static json_t *ssh_object(const struct ssh_facts *s)
{
	json_t *o;

	if (!s)
		return json_null();
	o = json_object();
	js_put(o, "protocol", js_text(s->protocol));
	js_put(o, "software", js_text(s->software));
	js_put(o, "protocol_1", js_tri(s->protocol_1));
	js_put(o, "kex", js_text(s->kex));
	js_put(o, "host_keys", js_text(s->host_keys));
	js_put(o, "ciphers", js_text(s->ciphers));
	js_put(o, "macs", js_text(s->macs));
	return o;
}

static json_t *http_object(const struct http_facts *h)
{
	json_t *o;

	if (!h)
		return json_null();
	o = json_object();
	js_put(o, "status", json_integer(h->status));
	js_put(o, "server", js_text(h->server));
	js_put(o, "title", js_text(h->title));
	js_put(o, "location", js_text(h->location));
	js_put(o, "authenticate", js_text(h->authenticate));
	return o;
}

json_t *js_facts(const struct service_facts *f)
{
	json_t *o;

	if (!f)
		return json_null();
	o = json_object();
	js_put(o, "version", js_text(f->version));
	js_put(o, "identity", js_text(f->identity));
	js_put(o, "board", js_text(f->board));
	js_put(o, "tls", tls_object(f->tls));
	js_put(o, "ssh", ssh_object(f->ssh));
	js_put(o, "http", http_object(f->http));
	return o;
}
