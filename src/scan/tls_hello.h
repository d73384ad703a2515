/* A TLS ClientHello as bytes. */
#ifndef SCAN_TLS_HELLO_H
#define SCAN_TLS_HELLO_H

#include <stddef.h>

#include "rosaudit/error.h"

enum { TLS_HELLO_MAX = 4096 };

/* Writes a hello that offers TLS 1.0 to 1.3 and every cipher of this OpenSSL, anonymous ones
 * included, to out (TLS_HELLO_MAX bytes) and its length to *n. 0, or -1. */
int tls_hello(char *out, size_t *n, struct error *err);

#endif
