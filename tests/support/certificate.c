/* Certificates of peers. */
#include <stdio.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "tests/support/certificate.h"

#define DAY (24L * 60 * 60)

static bool extend(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	bool done = e && X509_add_ext(cert, e, -1) == 1;

	X509_EXTENSION_free(e);
	return done;
}

X509 *certificate_make(const char *kind, EVP_PKEY *key)
{
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	bool other = strcmp(kind, "other-name") == 0;

	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), strcmp(kind, "future") ? -2 * DAY : 30 * DAY);
	X509_gmtime_adj(X509_getm_notAfter(cert), strcmp(kind, "expired") ? 60 * DAY : -DAY);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"peer", -1, -1,
	                           0);
	X509_set_issuer_name(cert, name);
	X509_set_pubkey(cert, key);
	if (extend(cert, NID_basic_constraints, "critical,CA:TRUE") &&
	    extend(cert, NID_subject_alt_name,
	           other ? "DNS:other.example,IP:192.0.2.7"
	                 : "DNS:localhost,IP:127.0.0.1,IP:::1") &&
	    X509_sign(cert, key, EVP_sha256()) > 0)
		return cert;
	X509_free(cert);
	return NULL;
}

void certificate_print(X509 *cert)
{
	unsigned char md[EVP_MAX_MD_SIZE], *der = NULL, text[128];
	unsigned int n = 0;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);

	EVP_Digest(der, (size_t)len, md, &n, EVP_sha256(), NULL);
	OPENSSL_free(der);
	EVP_EncodeBlock(text, md, (int)n);
	printf("pin sha256//%s\n", text);
	X509_digest(cert, EVP_sha256(), md, &n);
	printf("fingerprint ");
	for (unsigned int i = 0; i < n; i++)
		printf("%02x", md[i]);
	printf("\n");
}
