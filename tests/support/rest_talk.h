/* One REST conversation of a test: a peer, a target that points at it, and what came. */
#ifndef ROSAUDIT_TEST_REST_TALK_H
#define ROSAUDIT_TEST_REST_TALK_H

#include "rosaudit/transport.h"
#include "tests/support/program.h"

#define REST_USER     "audit"
#define REST_PASSWORD "tr0ub4dor"
/* Base64 of audit:tr0ub4dor, as the header carries it. */
#define REST_BASIC "YXVkaXQ6dHIwdWI0ZG9y"

struct rest_try {
	struct program peer;
	struct target
		target; /* https or http to the peer, its certificate as ca, the login above */
	struct address pinned;
	int64_t deadline_ms;
	char port[8], pin[128], fingerprint[128], log[256], ca[256];
	struct session *session;
	struct answer answer;
	struct error err;
};

void rest_init(struct rest_try *t);
/* Ends the session and the peer. */
void rest_done(struct rest_try *t);
/* Starts http_peer with the options, which blanks separate, and points the target at it. */
void rest_serve(struct rest_try *t, const char *options);
/* Points the target at a port. */
void rest_aim(struct rest_try *t, const char *port);
int rest_open(struct rest_try *t);
int rest_fetch(struct rest_try *t, const char *path);
/* How often the peer's log has the piece. */
size_t rest_logged(const struct rest_try *t, const char *piece);
/* Compares the error as a user reads it with tests/golden/transport_rest/NAME; port, pin,
 * fingerprint and file names, which change from run to run, stand there as PORT, PIN,
 * FINGERPRINT and CA. */
void rest_assert_error(struct rest_try *t, const char *name);

#endif
