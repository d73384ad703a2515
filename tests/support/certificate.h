/* Certificates of peers, made anew at every start: none is kept. */
#ifndef ROSAUDIT_TEST_CERTIFICATE_H
#define ROSAUDIT_TEST_CERTIFICATE_H

#include <stdbool.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

/* A certificate signed by itself: good (localhost, 127.0.0.1, ::1), expired since yesterday, future
 * (valid in 30 days), other-name (other.example, 192.0.2.7). NULL when OpenSSL fails. */
X509 *certificate_make(const char *kind, EVP_PKEY *key);
/* Prints "pin sha256//…" and "fingerprint …" on stdout. */
void certificate_print(X509 *cert);

#endif
