/* TLS of the secure services: the only user of OpenSSL in this program. */
#ifndef MOCK_TLS_H
#define MOCK_TLS_H

#include "server.h"
#include "text.h"

struct tls;

/* Makes a key and a self-signed certificate for the identity. NULL with a sentence. */
struct tls *tls_open(const char *identity, struct text *complaint);
void tls_close(struct tls *t);
/* "sha256//…" of the public key. */
const char *tls_pin(const struct tls *t);

/* Handshake, waits for the peer's first bytes, answers with p, ends. */
void tls_serve_once(struct conn *c, const void *p, size_t n);
/* Handshake, then carries bytes between the TLS side and the plain descriptor until either ends. */
void tls_relay(struct conn *c, int plain);

#endif
