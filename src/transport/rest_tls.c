/* What a TLS handshake shows while libcurl makes it: which alert ended it, whose certificate it
 * was. The only user of OpenSSL among the transports. libcurl's own words for these cases
 * differ between its versions; these callbacks see the facts themselves, on the same
 * connection. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "rest.h"

#define PIN_PREFIX "sha256//"
/* Base64 of 32 bytes. */
#define PIN_DIGITS 44

static int look_index = -1;
static pthread_once_t look_once = PTHREAD_ONCE_INIT;

static void make_index(void)
{
	look_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
}

static struct rest_tls_look *look_of(const SSL *ssl)
{
	return SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), look_index);
}

/* Every record's header passes here as it came, also one that turns out not to be TLS. */
static void on_message(int sent, int version, int type, const void *p, size_t n, SSL *ssl,
                       void *arg)
{
	struct rest_tls_look *look = arg;

	(void)version;
	(void)ssl;
	if (sent || type != SSL3_RT_HEADER || look->first_n)
		return;
	look->first_n = n < sizeof(look->first) ? n : sizeof(look->first);
	memcpy(look->first, p, look->first_n);
}

static void on_info(const SSL *ssl, int where, int value)
{
	struct rest_tls_look *look = look_of(ssl);

	if (where & SSL_CB_HANDSHAKE_DONE)
		look->done = true;
	if ((where & SSL_CB_WRITE_ALERT) == SSL_CB_WRITE_ALERT && (value >> 8) == SSL3_AL_FATAL)
		look->refused = true;
	/* Warnings (close_notify) are part of a normal end; "fatal" is 2 in the upper byte. */
	if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT || (value >> 8) != SSL3_AL_FATAL)
		return;
	look->alerted = true;
	look->alert = value & 0xff;
	look->alert_name = SSL_alert_desc_string_long(value);
}

static void hex(const unsigned char *p, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", p[i]);
}

static void take_key(X509 *leaf, struct rest_tls_look *look)
{
	unsigned char md[EVP_MAX_MD_SIZE], *der = NULL;
	unsigned int n = 0;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(leaf), &der);

	if (len > 0 && EVP_Digest(der, (size_t)len, md, &n, EVP_sha256(), NULL) == 1) {
		memcpy(look->pin, PIN_PREFIX, sizeof(PIN_PREFIX));
		EVP_EncodeBlock((unsigned char *)look->pin + strlen(PIN_PREFIX), md, (int)n);
	}
	OPENSSL_free(der);
	if (X509_digest(leaf, EVP_sha256(), md, &n) == 1 && 2 * n < sizeof(look->fingerprint))
		hex(md, n, look->fingerprint);
}

static void take_time(const ASN1_TIME *t, char out[32])
{
	struct tm tm;

	if (ASN1_TIME_to_tm(t, &tm) == 1)
		strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static void add_name(struct rest_tls_look *look, const char *p, size_t n)
{
	size_t used = strlen(look->names);

	snprintf(look->names + used, sizeof(look->names) - used, "%s%.*s", used ? ", " : "", (int)n,
	         p);
}

static void take_alternative(const GENERAL_NAME *name, struct rest_tls_look *look)
{
	char text[INET6_ADDRSTRLEN];
	const ASN1_STRING *s;
	int family;

	if (name->type == GEN_DNS) {
		s = name->d.dNSName;
		add_name(look, (const char *)ASN1_STRING_get0_data(s),
		         (size_t)ASN1_STRING_length(s));
	} else if (name->type == GEN_IPADD) {
		s = name->d.iPAddress;
		family = ASN1_STRING_length(s) == 4 ? AF_INET : AF_INET6;
		if (family == AF_INET6 && ASN1_STRING_length(s) != 16)
			return;
		if (inet_ntop(family, ASN1_STRING_get0_data(s), text, sizeof(text)))
			add_name(look, text, strlen(text));
	}
}

/* The names that a client compares: the alternative names, or without any the common name. */
static void take_names(X509 *leaf, struct rest_tls_look *look)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
	char cn[128];
	int n;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
		take_alternative(sk_GENERAL_NAME_value(names, i), look);
	GENERAL_NAMES_free(names);
	if (look->names[0])
		return;
	n = X509_NAME_get_text_by_NID(X509_get_subject_name(leaf), NID_commonName, cn, sizeof(cn));
	if (n > 0)
		add_name(look, cn, strlen(cn));
}

static enum rest_trust trust_of(int verify_error)
{
	switch (verify_error) {
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		return REST_TRUST_SELF_SIGNED;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return REST_TRUST_UNKNOWN_CA;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return REST_TRUST_EXPIRED;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return REST_TRUST_NOT_YET;
	default:
		return REST_TRUST_OTHER;
	}
}

/* Called for every certificate of the chain and every fault found; the verdict stays OpenSSL's. */
static int on_verify(int ok, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct rest_tls_look *look = look_of(ssl);
	X509 *leaf = X509_STORE_CTX_get0_cert(store);
	int fault = X509_STORE_CTX_get_error(store);

	if (leaf && !look->pin[0]) {
		take_key(leaf, look);
		take_names(leaf, look);
		take_time(X509_get0_notBefore(leaf), look->from);
		take_time(X509_get0_notAfter(leaf), look->until);
	}
	if (!ok && look->trust == REST_TRUST_OK) {
		look->trust = trust_of(fault);
		snprintf(look->reason, sizeof(look->reason), "%s",
		         X509_verify_cert_error_string(fault));
	}
	return ok;
}

int rest_tls_watch(void *ssl_ctx, struct rest_tls_look *look)
{
	SSL_CTX *ctx = ssl_ctx;

	if (pthread_once(&look_once, make_index) || look_index < 0)
		return -1;
	if (SSL_CTX_set_ex_data(ctx, look_index, look) != 1)
		return -1;
	SSL_CTX_set_msg_callback(ctx, on_message);
	SSL_CTX_set_msg_callback_arg(ctx, look);
	SSL_CTX_set_info_callback(ctx, on_info);
	SSL_CTX_set_verify(ctx, SSL_CTX_get_verify_mode(ctx), on_verify);
	return 0;
}

bool rest_pin_valid(const char *text)
{
	unsigned char bytes[PIN_DIGITS];

	if (strncmp(text, PIN_PREFIX, strlen(PIN_PREFIX)) != 0)
		return false;
	text += strlen(PIN_PREFIX);
	/* 32 bytes end in one "=": 33 bytes decode from 44 digits, the last of them padding. */
	return strlen(text) == PIN_DIGITS && text[PIN_DIGITS - 1] == '=' &&
	       text[PIN_DIGITS - 2] != '=' &&
	       EVP_DecodeBlock(bytes, (const unsigned char *)text, PIN_DIGITS) == 33;
}
