/* A conversation that broke → one sentence and what to do. Pure; one row per way to break. */
#include <stdio.h>
#include <string.h>

#include "rosaudit/limits.h"
#include "rest.h"

static const char *service(const struct rest_talk *t)
{
	return t->plain ? "www" : "www-ssl";
}

static const char *us(const struct rest_talk *t)
{
	return t->local[0] ? t->local : "the address that we come from";
}

/* "10 s", "1.5 s". */
static const char *seconds(long ms, char *out, size_t n)
{
	if (ms % 1000)
		snprintf(out, n, "%ld.%ld s", ms / 1000, ms % 1000 / 100);
	else
		snprintf(out, n, "%ld s", ms / 1000);
	return out;
}

static int closed(const struct rest_talk *t, struct error *err)
{
	if (t->answered) {
		error_set(err, ERROR_NETWORK,
		          "%s closed the connection before GET /rest/%s was "
		          "answered",
		          t->where, t->path);
		return error_hint(err,
		                  "it had answered before: did the router restart, or did somebody "
		                  "change the service %s meanwhile?",
		                  service(t));
	}
	error_set(err, ERROR_NETWORK, "%s took the connection and closed it without a word",
	          t->where);
	/* The manual's own words for a client outside the list: "Connection reset". A port that
	 * speaks the other of http and https may close as silently, so that is named, too. */
	return error_hint(err,
	                  "RouterOS does so when the service %s is restricted by address= "
	                  "(available-from= since 7.24) and %s is not in it\n"
	                  "on the router: /ip service print detail where name=%s\n"
	                  "or does port %u speak %s?",
	                  service(t), us(t), service(t), t->port, t->plain ? "https" : "http");
}

static int closed_handshake(const struct rest_talk *t, struct error *err)
{
	error_set(err, ERROR_NETWORK, "%s closed the connection in the middle of the TLS handshake",
	          t->where);
	return error_hint(
		err, "is it the router's www-ssl service, and is its certificate whole? On the "
		     "router: /ip service print detail where name=www-ssl; /certificate print");
}

static int alert(const struct rest_talk *t, struct error *err)
{
	const struct rest_tls_look *look = t->tls;

	error_set(err, ERROR_NETWORK, "%s refused the TLS handshake (alert %d, %s)", t->where,
	          look->alert, look->alert_name);
	if (look->alert == 40)
		return error_hint(
			err,
			"a www-ssl service with certificate=none offers only anonymous "
			"Diffie-Hellman, "
			"which proves nothing of who answers; rosaudit does not use it\n"
			"give it a certificate: /certificate add name=www-ssl common-name=\"%s\"; "
			"/certificate sign www-ssl; /ip service set www-ssl certificate=www-ssl\n"
			"or read this router with transport: ssh",
			t->host);
	if (look->alert == 70)
		return error_hint(
			err, "it takes neither TLS 1.2 nor 1.3, and older versions are broken; "
			     "read this router with transport: ssh");
	return error_hint(err,
	                  "read this router with transport: ssh, or look at its www-ssl service");
}

/* How a foreign protocol begins; the look keeps five bytes. */
static int not_tls(const struct rest_talk *t, struct error *err)
{
	const struct rest_tls_look *look = t->tls;
	const char *first = (const char *)look->first;

	if (look->first_n == 5 && memcmp(first, "HTTP/", 5) == 0) {
		error_set(err, ERROR_NETWORK, "%s answers with plain http, not https", t->where);
		return error_hint(
			err, "is it the port of www? www-ssl is another service, on 443 unless "
			     "changed; scheme: http would show the password to everyone on "
			     "the way");
	}
	error_set(err, ERROR_NETWORK, "%s does not speak TLS; it begins \"%.*s\"", t->where,
	          (int)look->first_n, first);
	return error_hint(err, "which port has www-ssl? On the router: /ip service print");
}

static int tls(const struct rest_talk *t, struct error *err)
{
	error_set(err, ERROR_NETWORK, "the TLS handshake with %s failed: %s", t->where, t->detail);
	return error_hint(err,
	                  "rosaudit takes TLS 1.2 and later, and of it what this machine's OpenSSL "
	                  "calls safe; transport: ssh is the other way in");
}

static int untrusted(const struct rest_talk *t, struct error *err)
{
	const struct rest_tls_look *look = t->tls;

	if (look->trust == REST_TRUST_SELF_SIGNED)
		error_set(err, ERROR_TRUST, "the certificate of %s is signed by itself", t->where);
	else
		error_set(
			err, ERROR_TRUST,
			"the certificate of %s is signed by an authority that is not trusted here",
			t->where);
	return error_hint(
		err,
		"its SHA-256 fingerprint is %s: compare it with what the router says itself, "
		"over a connection that you trust (/certificate print detail)\n"
		"only if they agree, write into the router's entry: pin: \"%s\"\n"
		"or name the authority's certificate: ca: FILE",
		look->fingerprint, look->pin);
}

static int trust(const struct rest_talk *t, struct error *err)
{
	const struct rest_tls_look *look = t->tls;

	switch (look->trust) {
	case REST_TRUST_SELF_SIGNED:
	case REST_TRUST_UNKNOWN_CA:
		return untrusted(t, err);
	case REST_TRUST_EXPIRED:
		error_set(err, ERROR_TRUST, "the certificate of %s has expired on %s", t->where,
		          look->until);
		return error_hint(
			err, "renew it on the router (/certificate), and look at this machine's "
			     "clock if that date lies ahead");
	case REST_TRUST_NOT_YET:
		error_set(err, ERROR_TRUST, "the certificate of %s is valid only from %s on",
		          t->where, look->from);
		return error_hint(
			err, "is this machine's clock right, and was the router's when it signed? "
			     "On the router: /system clock print");
	default:
		error_set(err, ERROR_TRUST, "the certificate of %s is not trusted: %s", t->where,
		          look->reason[0] ? look->reason : t->detail);
		return error_hint(
			err, "ca: FILE names an authority to trust, pin: the one key to trust");
	}
}

static int name(const struct rest_talk *t, struct error *err)
{
	error_set(err, ERROR_TRUST, "the certificate of %s is not for \"%s\" but for %s", t->where,
	          t->host, t->tls->names[0] ? t->tls->names : "nobody by name");
	return error_hint(
		err,
		"write host: as the certificate names it, or make one with subject-alt-name "
		"for this name\n"
		"or trust this one key, after comparing the fingerprint %s: pin: \"%s\"",
		t->tls->fingerprint, t->tls->pin);
}

static int pin(const struct rest_talk *t, struct error *err)
{
	error_set(err, ERROR_TRUST, "the key of %s is %s, but pin: asks for %s", t->where,
	          t->tls->pin[0] ? t->tls->pin : "unknown", t->pin);
	return error_hint(err,
	                  "a renewed certificate has a new key, and so has another machine in the "
	                  "middle: compare the fingerprint %s with the router's own "
	                  "(/certificate print detail) before you change pin:",
	                  t->tls->fingerprint);
}

static int ca_file(const struct rest_talk *t, struct error *err)
{
	error_set(err, ERROR_CONFIG, "no certificate could be read from ca: %s",
	          t->ca ? t->ca : "(the system's)");
	if (t->ca)
		return error_hint(err, "it must be a readable PEM file");
	return error_hint(err, "is the package ca-certificates installed?");
}

static int timeout_handshake(const struct rest_talk *t, struct error *err)
{
	char text[32];

	error_set(err, ERROR_TIMEOUT, "%s took the connection, but finished no TLS handshake in %s",
	          t->where, seconds(t->waited_ms, text, sizeof(text)));
	return error_hint(err, "is it the router's www-ssl service? A slow router needs a longer "
	                       "connect-timeout:");
}

static int timeout_answer(const struct rest_talk *t, struct error *err)
{
	char text[32];

	seconds(t->waited_ms, text, sizeof(text));
	if (t->got)
		error_set(err, ERROR_TIMEOUT,
		          "the answer to GET /rest/%s stopped after %zu bytes; %s were "
		          "not enough",
		          t->path, t->got, text);
	else
		error_set(err, ERROR_TIMEOUT, "no answer to GET /rest/%s in %s", t->path, text);
	return error_hint(
		err,
		"RouterOS answers one request of a user after the other: is another program "
		"logged in as \"%s\"? Otherwise give it a longer command-timeout:",
		t->user);
}

static int deadline(const struct rest_talk *t, struct error *err)
{
	error_set(err, ERROR_TIMEOUT,
	          "the time for this router was over before GET /rest/%s was answered", t->path);
	return error_hint(err, "timeout: is the limit for the whole router");
}

static int cut(const struct rest_talk *t, struct error *err)
{
	error_set(err, ERROR_NETWORK,
	          "%s closed the connection after %zu bytes of the answer to GET "
	          "/rest/%s, before its end",
	          t->where, t->got, t->path);
	return error_hint(err, "what came is not used; try again");
}

static int limit(const struct rest_talk *t, struct error *err)
{
	size_t limit = t->limit ? t->limit : LIMIT_ANSWER_BYTES;

	error_set(err, ERROR_LIMIT, "the answer to GET /rest/%s is longer than %zu MiB", t->path,
	          limit >> 20);
	return error_hint(err, "reading was stopped there; does RouterOS answer on port %u?",
	                  t->port);
}

static int headers(const struct rest_talk *t, struct error *err)
{
	error_set(err, ERROR_LIMIT,
	          "the header of the answer to GET /rest/%s is longer than %u KiB", t->path,
	          LIMIT_LINE_BYTES >> 10);
	return error_hint(err, "reading was stopped there; does RouterOS answer on port %u?",
	                  t->port);
}

static int not_http(const struct rest_talk *t, struct error *err)
{
	/* A TLS record: alert or handshake, version 3.x (RFC 8446 section 5.1). */
	if ((t->detail[0] == 0x15 || t->detail[0] == 0x16) && t->detail[1] == 0x03) {
		error_set(err, ERROR_NETWORK, "%s answers with TLS, not plain http", t->where);
		return error_hint(err, "leave scheme: http away: https is the default, and better");
	}
	error_set(err, ERROR_NETWORK, "%s does not speak http; it begins \"%.*s\"", t->where, 60,
	          t->detail);
	return error_hint(err, "which port has www? On the router: /ip service print");
}

static int interrupted(const struct rest_talk *t, struct error *err)
{
	return error_set(err, ERROR_INTERRUPTED, "interrupted while waiting for GET /rest/%s",
	                 t->path);
}

static int other(const struct rest_talk *t, struct error *err)
{
	return error_set(err, ERROR_NETWORK, "GET /rest/%s on %s failed: %s", t->path, t->where,
	                 t->detail);
}

static int (*const sentences[])(const struct rest_talk *, struct error *) = {
	[REST_FAULT_CLOSED] = closed,
	[REST_FAULT_CLOSED_HANDSHAKE] = closed_handshake,
	[REST_FAULT_ALERT] = alert,
	[REST_FAULT_NOT_TLS] = not_tls,
	[REST_FAULT_TLS] = tls,
	[REST_FAULT_TRUST] = trust,
	[REST_FAULT_NAME] = name,
	[REST_FAULT_PIN] = pin,
	[REST_FAULT_CA_FILE] = ca_file,
	[REST_FAULT_TIMEOUT_HANDSHAKE] = timeout_handshake,
	[REST_FAULT_TIMEOUT_ANSWER] = timeout_answer,
	[REST_FAULT_DEADLINE] = deadline,
	[REST_FAULT_CUT] = cut,
	[REST_FAULT_LIMIT] = limit,
	[REST_FAULT_HEADERS] = headers,
	[REST_FAULT_NOT_HTTP] = not_http,
	[REST_FAULT_INTERRUPTED] = interrupted,
	[REST_FAULT_OTHER] = other,
};

int rest_fault_error(enum rest_fault fault, const struct rest_talk *talk, struct error *err)
{
	return sentences[fault](talk, err);
}
