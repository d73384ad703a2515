/* A TLS ClientHello as bytes: the only user of OpenSSL in the scan. */
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "tls_hello.h"

/*
 * Everything is offered, weak and anonymous too: RouterOS with `certificate=none` speaks only
 * anonymous Diffie-Hellman, RouterOS 6 speaks TLS 1.0, and a server that finds nothing it likes
 * might hang up without an alert, which would look like a refusal. Nothing secret is ever sent
 * over it.
 */
static const char ciphers[] = "ALL:aNULL:@SECLEVEL=0";

static SSL *new_client(SSL_CTX *ctx)
{
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
	SSL *ssl = NULL;

	if (!in || !out)
		goto fail;
	if (SSL_CTX_set_cipher_list(ctx, ciphers) != 1)
		goto fail;
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION) != 1)
		goto fail;
	ssl = SSL_new(ctx);
	if (!ssl)
		goto fail;
	SSL_set_bio(ssl, in, out);
	SSL_set_connect_state(ssl);
	return ssl;
fail:
	BIO_free(in);
	BIO_free(out);
	return NULL;
}

int tls_hello(char *out, size_t *n, struct error *err)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl = ctx ? new_client(ctx) : NULL;
	int got = 0;

	if (ssl) {
		SSL_do_handshake(ssl); /* stops where it waits for the server's answer */
		got = BIO_read(SSL_get_wbio(ssl), out, TLS_HELLO_MAX);
	}
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	ERR_clear_error();
	if (got <= 0 || got == TLS_HELLO_MAX)
		return error_set(err, ERROR_SYSTEM, "OpenSSL cannot make a TLS hello");
	*n = (size_t)got;
	return 0;
}
