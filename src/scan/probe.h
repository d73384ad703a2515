/* What is said to an open port, and when: one row per protocol that is expected there. */
#ifndef SCAN_PROBE_H
#define SCAN_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/arena.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/error.h"
#include "rosaudit/prefix.h"
#include "tls_session.h"

enum payload_id {
	PAYLOAD_NONE = 0,
	PAYLOAD_HTTP,
	PAYLOAD_TLS, /* a hello of each connection's own: src/scan/exam.c */
	PAYLOAD_API,
	PAYLOAD_WINBOX_KEY,
	PAYLOAD_WINBOX_LIST,
	PAYLOAD_COUNT,
};

enum { PROBE_STEPS = 2 };

struct probe_step {
	unsigned after_ms;       /* since the handshake, as long as nothing came */
	enum payload_id payload; /* PAYLOAD_NONE ends the row: listen until the time is up */
	bool foreign;            /* not the expected protocol: a server that hangs up on it refuses
				  * these bytes, not us */
};

struct probe {
	enum app_proto app;
	struct probe_step steps[PROBE_STEPS];
};

/* The row for what is expected on a port; never NULL. */
const struct probe *probe_for(enum app_proto expect);

/* Bytes of every payload, made once per run. */
struct payloads {
	struct arena arena;
	struct tls_room *room;
	struct {
		const char *p;
		size_t n;
	} v[PAYLOAD_COUNT];
};

/* target goes into HTTP's Host. 0, or -1 when OpenSSL cannot begin. */
int payloads_init(struct payloads *s, const struct address *target, struct error *err);
void payloads_done(struct payloads *s);

#endif
