/* TLS of the secure services. */
#include "tls.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CERTIFICATE_DAYS 365

struct tls {
	EVP_PKEY *key;
	X509 *certificate;
	char pin[64];
};

static X509 *certificate_make(EVP_PKEY *key, const char *identity)
{
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);

	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), (long)getpid() + 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400L * CERTIFICATE_DAYS);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)identity, -1,
	                           -1, 0);
	X509_set_issuer_name(x, name);
	if (X509_sign(x, key, EVP_sha256()) != 0)
		return x;
	X509_free(x);
	return NULL;
}

/* SHA-256 over the SubjectPublicKeyInfo, as curl's --pinnedpubkey spells it. */
static void pin_make(struct tls *t)
{
	unsigned char *der = NULL, hash[32];
	char base64[48];
	int n = i2d_PUBKEY(t->key, &der);

	EVP_Digest(der, (size_t)n, hash, NULL, EVP_sha256(), NULL);
	EVP_EncodeBlock((unsigned char *)base64, hash, sizeof(hash));
	snprintf(t->pin, sizeof(t->pin), "sha256//%s", base64);
	OPENSSL_free(der);
}

struct tls *tls_open(const char *identity, struct text *complaint)
{
	struct tls *t = mem_zero(1, sizeof(*t));

	t->key = EVP_EC_gen("P-256");
	t->certificate = t->key == NULL ? NULL : certificate_make(t->key, identity);
	if (t->certificate == NULL) {
		text_add(complaint, "no certificate could be made");
		tls_close(t);
		return NULL;
	}
	pin_make(t);
	return t;
}

void tls_close(struct tls *t)
{
	if (t == NULL)
		return;
	X509_free(t->certificate);
	EVP_PKEY_free(t->key);
	free(t);
}

const char *tls_pin(const struct tls *t)
{
	return t->pin;
}

/* RouterOS speaks TLS 1.0 to 1.2 (routeros.md 2). With certificate=none a service offers anonymous
 * Diffie-Hellman alone, which no ordinary client takes: stated for api-ssl, noted by third parties
 * for www-ssl. Level 0 is what allows both the old versions and the anonymous suites. */
static SSL_CTX *context_for(const struct conn *c)
{
	const struct service *s = c->service;
	const struct tls *t = c->server->tls;
	bool none = s != NULL && s->has_tls && strcmp(s->certificate, "none") == 0;
	bool only_12 = s != NULL && strcmp(s->tls_version, "only-1.2") == 0;
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, only_12 ? TLS1_2_VERSION : TLS1_VERSION);
	SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_dh_auto(ctx, 1);
	if (none) {
		SSL_CTX_set_cipher_list(ctx, "ADH:AECDH:@SECLEVEL=0");
		return ctx;
	}
	SSL_CTX_set_cipher_list(ctx, "DEFAULT:@SECLEVEL=0");
	SSL_CTX_use_certificate(ctx, t->certificate);
	SSL_CTX_use_PrivateKey(ctx, t->key);
	return ctx;
}

/* One TLS connection over a descriptor that does not block. */
struct tls_side {
	struct conn *conn;
	SSL_CTX *ctx;
	SSL *ssl;
};

static void side_done(struct tls_side *s)
{
	SSL_free(s->ssl);
	SSL_CTX_free(s->ctx);
	ERR_clear_error();
}

/* Waits for what OpenSSL asked for. false: over. */
static bool side_wait(const struct tls_side *s, int rc)
{
	struct pollfd fds[2] = {{.fd = s->conn->fd, .events = POLLIN},
	                        {.fd = s->conn->server->stop_fd, .events = POLLIN}};
	int why = SSL_get_error(s->ssl, rc);

	if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
		return false;
	if (why == SSL_ERROR_WANT_WRITE)
		fds[0].events = POLLOUT;
	while (poll(fds, 2, -1) < 0)
		if (errno != EINTR)
			return false;
	return fds[1].revents == 0;
}

static bool side_open(struct tls_side *s, struct conn *c)
{
	int rc;

	*s = (struct tls_side){.conn = c, .ctx = context_for(c)};
	s->ssl = SSL_new(s->ctx);
	fcntl(c->fd, F_SETFL, fcntl(c->fd, F_GETFL) | O_NONBLOCK);
	SSL_set_fd(s->ssl, c->fd);
	do {
		ERR_clear_error();
		rc = SSL_accept(s->ssl);
	} while (rc <= 0 && side_wait(s, rc));
	return rc == 1;
}

static bool side_write(struct tls_side *s, const char *p, size_t n)
{
	int rc;

	do {
		ERR_clear_error();
		rc = SSL_write(s->ssl, p, (int)n);
	} while (rc <= 0 && side_wait(s, rc));
	return rc > 0;
}

void tls_serve_once(struct conn *c, const void *p, size_t n)
{
	struct tls_side s;
	char request[512];
	int rc;

	if (side_open(&s, c)) {
		do {
			ERR_clear_error();
			rc = SSL_read(s.ssl, request, sizeof(request));
		} while (rc <= 0 && side_wait(&s, rc));
		if (rc > 0 && side_write(&s, p, n))
			SSL_shutdown(s.ssl);
	}
	side_done(&s);
}

static bool plain_write(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		p += sent;
		n -= (size_t)sent;
	}
	return true;
}

/* TLS → plain: everything that is there. false: the peer has ended. */
static bool relay_in(struct tls_side *s, int plain)
{
	char bytes[16384];
	int rc;

	for (;;) {
		ERR_clear_error();
		rc = SSL_read(s->ssl, bytes, sizeof(bytes));
		if (rc > 0 && plain_write(plain, bytes, (size_t)rc))
			continue;
		return rc <= 0 && SSL_get_error(s->ssl, rc) == SSL_ERROR_WANT_READ;
	}
}

void tls_relay(struct conn *c, int plain)
{
	struct tls_side s;
	struct pollfd fds[3] = {{.fd = c->fd, .events = POLLIN},
	                        {.fd = plain, .events = POLLIN},
	                        {.fd = c->server->stop_fd, .events = POLLIN}};
	bool on = side_open(&s, c);
	char bytes[16384];

	while (on && (poll(fds, 3, -1) >= 0 || errno == EINTR)) {
		ssize_t n = 1;

		if (fds[2].revents != 0)
			break;
		if (fds[0].revents != 0)
			on = relay_in(&s, plain);
		if (on && fds[1].revents != 0) {
			n = recv(plain, bytes, sizeof(bytes), 0);
			on = n > 0 && side_write(&s, bytes, (size_t)n);
		}
		if (n == 0)
			SSL_shutdown(s.ssl);
	}
	side_done(&s);
}
