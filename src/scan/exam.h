/* What an open port tells on the same connection once its protocol is known: SSH's key exchange
 * offer, the title of a web page, the whole of a TLS handshake. Bytes in, bytes out; the owner of
 * the descriptor moves them. Bounded by LIMIT_EXAM_BYTES; the owner bounds the time. */
#ifndef SCAN_EXAM_H
#define SCAN_EXAM_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/catalogue.h"
#include "rosaudit/facts.h"
#include "examine.h"
#include "tls_session.h"

struct exam;

/* Is there more to ask of the protocol on a connection that began without a TLS hello of ours? */
bool exam_wanted(enum app_proto app);
/* For a connection whose protocol is known; tls (taken over) is the session whose hello was sent,
 * or NULL. */
struct exam *exam_new(enum app_proto app, struct tls_session *tls);
void exam_free(struct exam *e);
/* Takes bytes that came, from the connection's first. True: it has heard enough. */
bool exam_take(struct exam *e, const char *p, size_t n);
/* Bytes to be sent, at most; they are e's until the next call. */
const char *exam_give(struct exam *e, size_t *n);
/* Of TLS: how the server answered the offer so far; silent: it did not hang up. */
enum tls_answer exam_answer(const struct exam *e, bool silent);
/* How long it may take at most, counted from exam_new. */
unsigned exam_patience_ms(const struct exam *e);
/* What was learned; NULL = nothing. */
const struct service_facts *exam_facts(const struct exam *e, struct arena *arena);

#endif
