/* REST's own rooms: rest.c (session), rest_wire.c (libcurl), rest_tls.c (OpenSSL),
 * rest_sentence.c and rest_fault.c (pure). */
#ifndef ROSAUDIT_TRANSPORT_REST_H
#define ROSAUDIT_TRANSPORT_REST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/buf.h"
#include "rosaudit/error.h"
#include "rosaudit/policy.h"
#include "rosaudit/prefix.h"

/* Why a certificate was not trusted. */
enum rest_trust {
	REST_TRUST_OK = 0,
	REST_TRUST_SELF_SIGNED, /* signed by itself, and not one of the CAs */
	REST_TRUST_UNKNOWN_CA,  /* signed by somebody who is not one of the CAs */
	REST_TRUST_EXPIRED,
	REST_TRUST_NOT_YET, /* valid only later: one of the two clocks is wrong */
	REST_TRUST_OTHER,   /* reason says it */
};

/* What the TLS handshake showed, beside libcurl's verdict. All zero = nothing yet. */
struct rest_tls_look {
	unsigned char
		first[5]; /* the first bytes that came, as a TLS record's header would stand */
	size_t first_n;   /* 0: not a byte came */
	bool done;        /* the handshake was finished */
	bool refused;     /* this end ended it with an alert of its own */
	bool alerted;     /* the peer ended it with an alert */
	int alert;        /* RFC 8446 section 6: 40 handshake_failure, 70 protocol_version, … */
	const char *alert_name; /* "handshake failure"; static */
	enum rest_trust trust;
	char reason[128]; /* OpenSSL's words for what it did not trust */
	char pin[64];     /* "sha256//…" of the leaf's public key (RFC 7469 section 2.4), or "" */
	char fingerprint[65];     /* SHA-256 of the leaf, hexadecimal, or "" */
	char names[256];          /* DNS names and addresses it is for, ", " between them */
	char from[32], until[32]; /* validity, RFC 3339 */
};

/* Hangs the look into an SSL_CTX before its handshake; look must outlive every connection of it.
 * 0, or -1 when OpenSSL refuses. */
int rest_tls_watch(void *ssl_ctx, struct rest_tls_look *look);
/* Is text a public-key pin: "sha256//" and the Base64 of 32 bytes? */
bool rest_pin_valid(const char *text);

/* What one call was about: every fact a sentence may name. Pointers are borrowed. */
struct rest_talk {
	const char *user, *host; /* as configured */
	const char *url;         /* "https://192.0.2.1:443/rest/", never with a password in it */
	const char *path;        /* "ip/service" */
	const char *local;       /* the address we come from, "" = unknown */
	const char *where;       /* "192.0.2.1 port 443" */
	uint16_t port;           /* as seen from here */
	bool plain;              /* http */
	bool empty_password;     /* the configured password is the empty one */
	bool answered;           /* an earlier request of this session was answered */
	const char *pin, *ca;    /* as configured, or NULL */
	size_t got;              /* bytes of the body that had come */
	size_t limit;            /* bytes that the body may have; 0 = an answer's usual limit */
	long waited_ms;          /* the limit that passed, for timeouts */
	const char *detail;      /* the library's words, for what nobody foresaw */
	const struct rest_tls_look *tls;
};

/* How a conversation breaks below HTTP's statuses. */
enum rest_fault {
	REST_FAULT_CLOSED = 0,        /* accepted, then closed or reset without a byte */
	REST_FAULT_CLOSED_HANDSHAKE,  /* closed in the middle of the TLS handshake */
	REST_FAULT_ALERT,             /* the peer refused the handshake and said why */
	REST_FAULT_NOT_TLS,           /* something else answers on the https port */
	REST_FAULT_TLS,               /* this end refused the handshake */
	REST_FAULT_TRUST,             /* certificate: see rest_tls_look.trust */
	REST_FAULT_NAME,              /* certificate is for other names */
	REST_FAULT_PIN,               /* the key is not the pinned one */
	REST_FAULT_CA_FILE,           /* ca: cannot be read */
	REST_FAULT_TIMEOUT_HANDSHAKE, /* accepted, then no TLS in time */
	REST_FAULT_TIMEOUT_ANSWER,    /* no complete answer in time */
	REST_FAULT_DEADLINE,          /* the time for the whole router is over */
	REST_FAULT_CUT,               /* closed before the answer's end */
	REST_FAULT_LIMIT,             /* body longer than LIMIT_ANSWER_BYTES */
	REST_FAULT_HEADERS,           /* header longer than LIMIT_LINE_BYTES */
	REST_FAULT_NOT_HTTP,          /* not a web server; rest_talk.detail is how it begins */
	REST_FAULT_INTERRUPTED,
	REST_FAULT_OTHER,
};

/* One kept-alive HTTP connection to one address. */
struct rest_wire;

struct rest_wire_plan {
	const struct target *target; /* borrowed while the wire lives */
	const char *password;        /* libcurl keeps a copy of its own */
	struct address remote, source;
	uint16_t port;
	int fd;          /* connected; the wire owns it from here on, also when it cannot be made */
	long connect_ms; /* for connecting again when the router ended the connection */
};

/* What one GET came to. Pointers are the wire's, until its next GET. */
struct rest_reply {
	enum rest_fault fault;       /* when no answer came */
	long status;                 /* HTTP's */
	const char *type, *redirect; /* Content-Type and where a 3xx points, or NULL */
	const char *detail;          /* the library's words for the fault, or how a foreign protocol
	                                 begins */
	const struct rest_tls_look *tls;
};

/* 0, or -1 with a sentence when this machine or its libcurl cannot do it. Nothing is sent yet. */
int rest_wire_new(const struct rest_wire_plan *plan, struct rest_wire **out, struct error *err);
/* Accepts NULL. */
void rest_wire_free(struct rest_wire *w);
/* "https://host:port/rest/". */
const char *rest_wire_url(const struct rest_wire *w);
/* GET of a path below /rest/, at most wait_ms, TLS handshake at most connect_ms; body takes
 * what comes up to its maximum. 0 when a whole answer came, whatever it says; 1 with
 * reply->fault; -1 when connecting again failed, with endpoint_connect's sentence. */
int rest_wire_get(struct rest_wire *w, const char *path, long connect_ms, long wait_ms,
                  struct buf *body, struct rest_reply *reply, struct error *err);

/* The sentence of a broken conversation. Returns -1. */
int rest_fault_error(enum rest_fault fault, const struct rest_talk *talk, struct error *err);

/* Judges a complete HTTP answer. 0 when it is for src/routeros: JSON with 2xx, or a router's word
 * that it has no such menu (400, 404, 406); -1 with a sentence for everything else. redirect is
 * where a 3xx points, or NULL; type is the Content-Type, or NULL. */
int rest_status_error(const struct rest_talk *talk, long status, const char *type,
                      const char *redirect, const struct buf *body, struct error *err);

#endif
