/* A TLS client without a socket: bytes in, bytes out, and what it learned of the server. The only
 * door to OpenSSL in the scan. */
#ifndef SCAN_TLS_SESSION_H
#define SCAN_TLS_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/arena.h"
#include "rosaudit/error.h"
#include "rosaudit/facts.h"

/* What a session offers. Nothing secret is ever sent over one, so weak ciphers do no harm. */
enum tls_offer {
	TLS_OFFER_ALL = 0,   /* TLS 1.0 to 1.3 and every cipher of this OpenSSL, anonymous last */
	TLS_OFFER_CERTIFIED, /* the same without anonymous ciphers */
	TLS_OFFER_ANONYMOUS, /* anonymous ciphers alone, so TLS 1.2 at most */
	TLS_OFFER_ONLY_1_0,  /* every cipher, one version: TLS_OFFER_ONLY_1_0 + enum tls_version */
	TLS_OFFER_ONLY_1_1,
	TLS_OFFER_ONLY_1_2,
	TLS_OFFER_ONLY_1_3,
};

/* Shared by all sessions: settings and the authorities that this machine trusts, read when the
 * first certificate comes. */
struct tls_room;
/* NULL with err when OpenSSL cannot. */
struct tls_room *tls_room_new(struct error *err);
void tls_room_free(struct tls_room *r);

struct tls_session;

enum tls_state {
	TLS_MORE = 0, /* the handshake is not over */
	TLS_DONE,     /* it stands */
	TLS_REFUSED,  /* the server's alert: it takes none of what was offered */
	TLS_BROKEN,   /* what came is no TLS, or not to be made sense of */
};

/* A session that is about to say hello. Never NULL. */
struct tls_session *tls_session_new(struct tls_room *room, enum tls_offer offer);
void tls_session_free(struct tls_session *s);
/* Takes n bytes of the server and goes as far as they allow. */
enum tls_state tls_session_take(struct tls_session *s, const void *p, size_t n);
/* Moves at most max bytes that are to be sent to out; how many. */
size_t tls_session_give(struct tls_session *s, void *out, size_t max);
/* Was there a ServerHello, and which version did it choose? */
bool tls_session_version(const struct tls_session *s, enum tls_version *out);
/* Fills version, cipher, anonymous, certificate and the offer of the chosen version; leaves the
 * rest alone. False when no ServerHello came. */
bool tls_session_facts(const struct tls_session *s, struct arena *arena, struct tls_facts *out);

#endif
