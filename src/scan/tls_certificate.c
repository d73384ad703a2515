/* A server's certificate as facts. */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "rosaudit/limits.h"
#include "tls_certificate.h"

/* Foreign bytes as a C string: a NUL inside, which might hide what follows it, becomes U+FFFD. */
static const char *keep(struct arena *arena, const char *p, size_t n)
{
	char *out = arena_alloc(arena, 3 * n + 1), *to = out;

	for (size_t i = 0; i < n; i++) {
		if (p[i]) {
			*to++ = p[i];
			continue;
		}
		memcpy(to, "\xef\xbf\xbd", 3);
		to += 3;
	}
	return out;
}

static const char *name_text(const X509_NAME *name, struct arena *arena)
{
	BIO *bio = BIO_new(BIO_s_mem());
	const char *out = NULL;
	char *p;
	long n;

	if (bio && X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
		n = BIO_get_mem_data(bio, &p);
		if (n > (long)LIMIT_FACT_BYTES)
			n = LIMIT_FACT_BYTES;
		out = keep(arena, p, n > 0 ? (size_t)n : 0);
	}
	BIO_free(bio);
	return out;
}

static const char *address_text(const ASN1_OCTET_STRING *ip, struct arena *arena)
{
	char text[INET6_ADDRSTRLEN];
	int n = ASN1_STRING_length(ip);

	if (n != 4 && n != 16)
		return NULL;
	return arena_strdup(arena, inet_ntop(n == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(ip),
	                                     text, sizeof(text)));
}

static const char *general_name_text(const GENERAL_NAME *name, struct arena *arena)
{
	const ASN1_STRING *s;
	int n;

	if (name->type == GEN_IPADD)
		return address_text(name->d.iPAddress, arena);
	if (name->type != GEN_DNS)
		return NULL;
	s = name->d.dNSName;
	n = ASN1_STRING_length(s);
	if (n < 0 || n > 255) /* RFC 1035 2.3.4 */
		return NULL;
	return keep(arena, (const char *)ASN1_STRING_get0_data(s), (size_t)n);
}

static void put_names(struct tls_certificate *c, X509 *x, struct arena *arena)
{
	GENERAL_NAMES *all = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	int n = all ? sk_GENERAL_NAME_num(all) : 0;
	const char *text;

	if (n > (int)LIMIT_CERTIFICATE_NAMES)
		n = (int)LIMIT_CERTIFICATE_NAMES;
	c->names = arena_array(arena, n > 0 ? (size_t)n : 1, sizeof(*c->names));
	for (int i = 0; i < n; i++) {
		text = general_name_text(sk_GENERAL_NAME_value(all, i), arena);
		if (text)
			c->names[c->names_n++] = text;
	}
	GENERAL_NAMES_free(all);
}

static int64_t seconds(const ASN1_TIME *t)
{
	struct tm tm = {0};

	return t && ASN1_TIME_to_tm(t, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

static void put_key(struct tls_certificate *c, X509 *x, struct arena *arena)
{
	EVP_PKEY *key = X509_get0_pubkey(x);
	const char *type = key ? EVP_PKEY_get0_type_name(key) : NULL;

	c->key = arena_strdup(arena, type);
	c->key_bits = key && EVP_PKEY_get_bits(key) > 0 ? (unsigned)EVP_PKEY_get_bits(key) : 0;
	c->signature = arena_strdup(arena, OBJ_nid2ln(X509_get_signature_nid(x)));
}

static void put_fingerprint(struct tls_certificate *c, X509 *x)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[32];
	unsigned n = sizeof(digest);

	if (X509_digest(x, EVP_sha256(), digest, &n) != 1)
		return;
	for (size_t i = 0; i < n; i++) {
		c->sha256[2 * i] = digits[digest[i] >> 4];
		c->sha256[2 * i + 1] = digits[digest[i] & 15];
	}
}

/* Signed by its own key, and not only issued under its own name. */
static enum tri is_self_signed(X509 *x)
{
	if (X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)) != 0)
		return TRI_NO;
	return X509_verify(x, X509_get0_pubkey(x)) == 1 ? TRI_YES : TRI_NO;
}

const struct tls_certificate *tls_certificate_of(SSL *ssl, struct arena *arena)
{
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
	X509 *x = chain && sk_X509_num(chain) > 0 ? sk_X509_value(chain, 0) : NULL;
	struct tls_certificate *c;
	long verdict;

	if (!x)
		return NULL;
	c = arena_alloc(arena, sizeof(*c));
	c->chain_n = (size_t)sk_X509_num(chain);
	c->subject = name_text(X509_get_subject_name(x), arena);
	c->issuer = name_text(X509_get_issuer_name(x), arena);
	c->not_before = seconds(X509_get0_notBefore(x));
	c->not_after = seconds(X509_get0_notAfter(x));
	put_names(c, x, arena);
	put_key(c, x, arena);
	put_fingerprint(c, x);
	c->self_signed = is_self_signed(x);
	verdict = SSL_get_verify_result(ssl);
	c->trusted = verdict == X509_V_OK ? TRI_YES : TRI_NO;
	if (c->trusted == TRI_NO)
		c->distrust = arena_strdup(arena, X509_verify_cert_error_string(verdict));
	ERR_clear_error();
	return c;
}
