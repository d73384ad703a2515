/* A TLS client without a socket. */
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>

#include "tls_certificate.h"
#include "tls_session.h"

/*
 * Weak and anonymous ciphers are offered, too: RouterOS with `certificate=none` speaks only
 * anonymous Diffie-Hellman, RouterOS 6 speaks TLS 1.0, and a server that finds nothing it likes
 * might hang up without an alert, which would look like a refusal. Anonymous ones stand last, so
 * that a server with a certificate shows it.
 */
static const struct offer_row {
	const char *ciphers;
	int min, max; /* 0 = all that there are */
} offers[] = {
	[TLS_OFFER_ALL] = {"ALL:+aNULL:@SECLEVEL=0", TLS1_VERSION, 0},
	[TLS_OFFER_CERTIFIED] = {"ALL:!aNULL:@SECLEVEL=0", TLS1_VERSION, 0},
	[TLS_OFFER_ANONYMOUS] = {"aNULL:@SECLEVEL=0", TLS1_VERSION, TLS1_2_VERSION},
	[TLS_OFFER_ONLY_1_0] = {"ALL:+aNULL:@SECLEVEL=0", TLS1_VERSION, TLS1_VERSION},
	[TLS_OFFER_ONLY_1_1] = {"ALL:+aNULL:@SECLEVEL=0", TLS1_1_VERSION, TLS1_1_VERSION},
	[TLS_OFFER_ONLY_1_2] = {"ALL:+aNULL:@SECLEVEL=0", TLS1_2_VERSION, TLS1_2_VERSION},
	[TLS_OFFER_ONLY_1_3] = {"ALL:+aNULL:@SECLEVEL=0", TLS1_3_VERSION, TLS1_3_VERSION},
};

struct tls_room {
	SSL_CTX *ctx;
	bool knows_authorities;
};

struct tls_session {
	struct tls_room *room;
	SSL *ssl;
	enum tls_state state;
};

/* Called once the server's chain is there: verifies it without a word on whether to go on. */
static int verify(X509_STORE_CTX *store, void *context)
{
	struct tls_room *room = context;

	/* Hundreds of authorities: read for a scan that meets a certificate, not for every one. */
	if (!room->knows_authorities) {
		room->knows_authorities = true;
		SSL_CTX_set_default_verify_paths(room->ctx);
	}
	X509_verify_cert(store);
	return 1;
}

struct tls_room *tls_room_new(struct error *err)
{
	struct tls_room *r = mem_alloc(sizeof(*r));

	r->ctx = SSL_CTX_new(TLS_client_method());
	if (!r->ctx) {
		ERR_clear_error();
		tls_room_free(r);
		error_set(err, ERROR_SYSTEM, "OpenSSL cannot begin");
		return NULL;
	}
	SSL_CTX_set_verify(r->ctx, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_cert_verify_callback(r->ctx, verify, r);
	/* RouterOS 6 may not know RFC 5746. */
	SSL_CTX_set_options(r->ctx, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF);
	/* A chain longer than that is no router's: 16 certificates of 2 KiB. */
	SSL_CTX_set_max_cert_list(r->ctx, 32768);
	SSL_CTX_set_session_cache_mode(r->ctx, SSL_SESS_CACHE_OFF);
	return r;
}

void tls_room_free(struct tls_room *r)
{
	if (!r)
		return;
	SSL_CTX_free(r->ctx);
	free(r);
}

static bool set_up(struct tls_session *s, enum tls_offer offer)
{
	const struct offer_row *row = &offers[offer];
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

	if (s->ssl && in && out && SSL_set_cipher_list(s->ssl, row->ciphers) == 1 &&
	    SSL_set_min_proto_version(s->ssl, row->min) == 1 &&
	    SSL_set_max_proto_version(s->ssl, row->max) == 1) {
		BIO_set_mem_eof_return(in, -1); /* empty is "later", not "the end" */
		SSL_set_bio(s->ssl, in, out);
		SSL_set_connect_state(s->ssl);
		return true;
	}
	BIO_free(in);
	BIO_free(out);
	return false;
}

static enum tls_state advance(struct tls_session *s)
{
	int result = SSL_do_handshake(s->ssl), reason;

	if (result == 1)
		s->state = TLS_DONE;
	else if (SSL_get_error(s->ssl, result) != SSL_ERROR_WANT_READ) {
		reason = ERR_GET_REASON(ERR_peek_last_error());
		s->state = reason >= SSL_AD_REASON_OFFSET ? TLS_REFUSED : TLS_BROKEN;
	}
	ERR_clear_error();
	return s->state;
}

struct tls_session *tls_session_new(struct tls_room *room, enum tls_offer offer)
{
	struct tls_session *s = mem_alloc(sizeof(*s));

	s->room = room;
	s->ssl = SSL_new(room->ctx);
	if (set_up(s, offer))
		advance(s);
	else
		s->state = TLS_BROKEN; /* this OpenSSL has no such version or cipher */
	ERR_clear_error();
	return s;
}

void tls_session_free(struct tls_session *s)
{
	if (!s)
		return;
	SSL_free(s->ssl);
	free(s);
}

enum tls_state tls_session_take(struct tls_session *s, const void *p, size_t n)
{
	if (s->state != TLS_MORE || n > INT_MAX)
		return s->state;
	if (BIO_write(SSL_get_rbio(s->ssl), p, (int)n) != (int)n)
		return s->state = TLS_BROKEN;
	return advance(s);
}

size_t tls_session_give(struct tls_session *s, void *out, size_t max)
{
	BIO *bio = s->ssl ? SSL_get_wbio(s->ssl) : NULL;
	int n = bio ? BIO_read(bio, out, max > INT_MAX ? INT_MAX : (int)max) : 0;

	return n > 0 ? (size_t)n : 0;
}

/* The cipher of the ServerHello, also while the handshake goes on or after it failed. */
static const SSL_CIPHER *chosen(const struct tls_session *s)
{
	const SSL_CIPHER *c = s->ssl ? SSL_get_current_cipher(s->ssl) : NULL;

	return c || !s->ssl ? c : SSL_get_pending_cipher(s->ssl);
}

bool tls_session_version(const struct tls_session *s, enum tls_version *out)
{
	static const int versions[] = {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION,
	                               TLS1_3_VERSION};
	int version = chosen(s) ? SSL_version(s->ssl) : 0;

	for (int v = TLS_1_0; v < TLS_VERSIONS; v++) {
		if (versions[v] != version)
			continue;
		*out = (enum tls_version)v;
		return true;
	}
	return false;
}

bool tls_session_facts(const struct tls_session *s, struct arena *arena, struct tls_facts *out)
{
	const SSL_CIPHER *cipher = chosen(s);
	enum tls_version version;

	if (!tls_session_version(s, &version))
		return false;
	out->version = tls_version_name(version);
	out->offers[version] = TRI_YES;
	out->cipher = arena_strdup(arena, SSL_CIPHER_get_name(cipher));
	out->anonymous = SSL_CIPHER_get_auth_nid(cipher) == NID_auth_null ? TRI_YES : TRI_NO;
	if (out->anonymous == TRI_NO)
		out->anonymous_only = TRI_NO;
	out->certificate = tls_certificate_of(s->ssl, arena);
	return true;
}
