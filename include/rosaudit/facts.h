/* What a service told of itself beyond its name: TLS, SSH, HTTP, and the version of RouterOS. All
 * texts are foreign bytes, NUL-terminated, of the scan's arena; NULL or unknown where the service
 * did not say. */
#ifndef ROSAUDIT_FACTS_H
#define ROSAUDIT_FACTS_H

#include <stddef.h>
#include <stdint.h>

#include "rosaudit/arena.h"
#include "rosaudit/tri.h"

struct buf;

enum tls_version { TLS_1_0 = 0, TLS_1_1, TLS_1_2, TLS_1_3, TLS_VERSIONS };

/* "TLSv1.2". */
const char *tls_version_name(enum tls_version v);

struct tls_certificate {
	const char *subject, *issuer; /* RFC 4514 */
	const char **names;           /* of subjectAltName: DNS and IP; names_n of them */
	size_t names_n;
	int64_t not_before, not_after; /* seconds since 1970 */
	const char *key;               /* "RSA", "EC", "ED25519", … */
	unsigned key_bits;
	const char *signature; /* "sha256WithRSAEncryption" */
	char sha256[65];       /* of the certificate, in hexadecimal */
	enum tri self_signed;
	enum tri trusted;     /* does its chain end in an authority of this machine, today? The name
			       * is not compared. */
	const char *distrust; /* why not: OpenSSL's words */
	size_t chain_n;       /* certificates that the server sent */
};

struct tls_facts {
	enum tri offers[TLS_VERSIONS];             /* unknown: not asked, or no clear answer */
	const char *version, *cipher;              /* chosen when everything was offered */
	enum tri anonymous;                        /* that cipher proves nobody's identity */
	enum tri anonymous_only;                   /* no certificate is to be had there at all */
	const struct tls_certificate *certificate; /* NULL = none was sent */
};

struct ssh_facts {
	const char *protocol; /* "2.0", "1.99", "1.5" */
	const char *software; /* "ROSSSH" */
	enum tri protocol_1;  /* does it speak SSH 1, too? */
	/* Comma-separated, in the server's order (RFC 4253 7.1); ciphers and MACs towards us. */
	const char *kex, *host_keys, *ciphers, *macs;
};

struct http_facts {
	int status; /* 100 to 599 */
	const char *server, *title, *location;
	const char *authenticate; /* WWW-Authenticate */
};

struct service_facts {
	const struct tls_facts *tls;
	const struct ssh_facts *ssh;
	const struct http_facts *http;
	const char *version;  /* of RouterOS, where the service tells it: "6.49.10" */
	const char *identity; /* the router's name, of its announcement */
	const char *board;
};

/* "6.49.10" of the first "MikroTik 6.49.10", "RouterOS v7.16" or the like in foreign bytes; NULL
 * when there is none. */
const char *facts_find_version(const char *p, size_t n, struct arena *arena);

/* One line of what matters, escaped for a terminal and without a newline: "RouterOS 6.49.10; 200,
 * title "…"; TLSv1.2, anonymous". Appends nothing when nothing is known. */
void facts_format(const struct service_facts *f, struct buf *out);

#endif
