/* What services told of themselves. */
#include <ctype.h>
#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/clock.h"
#include "rosaudit/facts.h"
#include "rosaudit/text.h"

const char *tls_version_name(enum tls_version v)
{
	static const char *const names[] = {[TLS_1_0] = "TLSv1",
	                                    [TLS_1_1] = "TLSv1.1",
	                                    [TLS_1_2] = "TLSv1.2",
	                                    [TLS_1_3] = "TLSv1.3"};

	return names[v];
}

/* Length of a version at p: digits, dots, and what betas carry ("7.1beta6"); 0 = it is none. */
static size_t version_length(const char *p, size_t n)
{
	size_t len = 0, dots = 0;

	if (n == 0 || !isdigit((unsigned char)p[0]))
		return 0;
	for (; len < n && len < 24 && (isalnum((unsigned char)p[len]) || p[len] == '.'); len++)
		dots += p[len] == '.';
	while (len > 0 && p[len - 1] == '.') {
		len--;
		dots--;
	}
	return dots > 0 ? len : 0;
}

static const char *version_behind(const char *p, size_t n, const char *word, struct arena *arena)
{
	size_t word_n = strlen(word), at, len;
	const char *found;

	for (const char *from = p; (found = memmem(from, n - (size_t)(from - p), word, word_n));
	     from = found + 1) {
		at = (size_t)(found - p) + word_n;
		if (at < n && p[at] == 'v')
			at++;
		len = version_length(p + at, n - at);
		if (len > 0)
			return arena_strndup(arena, p + at, len);
	}
	return NULL;
}

const char *facts_find_version(const char *p, size_t n, struct arena *arena)
{
	const char *version = version_behind(p, n, "RouterOS ", arena);

	return version ? version : version_behind(p, n, "MikroTik ", arena);
}

/* Begins the next part of the line. */
static void part(struct buf *out, size_t start)
{
	if (out->n > start)
		buf_puts(out, "; ");
}

static void quote(struct buf *out, const char *label, const char *text)
{
	if (!text || !*text)
		return;
	buf_printf(out, "%s\"", label);
	text_escape_str(out, text);
	buf_putc(out, '"');
}

static void put_http(const struct http_facts *h, struct buf *out)
{
	buf_printf(out, "HTTP %d", h->status);
	quote(out, ", title ", h->title);
	quote(out, ", server ", h->server);
	quote(out, ", to ", h->location);
}

static void put_ssh(const struct ssh_facts *s, struct buf *out)
{
	buf_puts(out, "SSH ");
	text_escape_str(out, s->protocol ? s->protocol : "?");
	if (s->host_keys) {
		buf_puts(out, ", keys ");
		text_escape_str(out, s->host_keys);
	}
}

static void put_offers(const struct tls_facts *t, struct buf *out)
{
	const char *between = "";

	for (int v = TLS_1_0; v < TLS_VERSIONS; v++) {
		if (t->offers[v] != TRI_YES)
			continue;
		buf_printf(out, "%s%s", between, tls_version_name((enum tls_version)v));
		between = " ";
	}
}

static void put_certificate(const struct tls_certificate *c, struct buf *out)
{
	char until[24];

	quote(out, ", certificate ", c->subject);
	clock_rfc3339((time_t)c->not_after, until, sizeof(until));
	buf_printf(out, " until %.10s", until);
	if (c->self_signed == TRI_YES)
		buf_puts(out, ", self-signed");
	else if (c->trusted == TRI_NO && c->distrust)
		buf_printf(out, ", %s", c->distrust);
}

static void put_tls(const struct tls_facts *t, struct buf *out)
{
	put_offers(t, out);
	if (t->anonymous_only == TRI_YES)
		buf_puts(out, ", anonymous only: no certificate");
	else if (t->anonymous == TRI_YES)
		buf_puts(out, ", anonymous");
	if (t->certificate)
		put_certificate(t->certificate, out);
}

void facts_format(const struct service_facts *f, struct buf *out)
{
	size_t start = out->n;

	if (f && f->version) {
		buf_puts(out, "RouterOS ");
		text_escape_str(out, f->version);
	}
	if (f && f->http) {
		part(out, start);
		put_http(f->http, out);
	}
	if (f && f->ssh) {
		part(out, start);
		put_ssh(f->ssh, out);
	}
	if (f && f->tls) {
		part(out, start);
		put_tls(f->tls, out);
	}
}
