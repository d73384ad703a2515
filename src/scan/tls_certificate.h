/* A server's certificate as facts. Only tls_session.c includes this. */
#ifndef SCAN_TLS_CERTIFICATE_H
#define SCAN_TLS_CERTIFICATE_H

#include <openssl/ssl.h>

#include "rosaudit/arena.h"
#include "rosaudit/facts.h"

/* Of the session's chain; NULL when the server has sent none. */
const struct tls_certificate *tls_certificate_of(SSL *ssl, struct arena *arena);

#endif
