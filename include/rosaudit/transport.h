/* How a router is read: one row per transport; each session speaks to one resolved address. */
#ifndef ROSAUDIT_TRANSPORT_H
#define ROSAUDIT_TRANSPORT_H

#include <stdint.h>

#include "rosaudit/answer.h"
#include "rosaudit/error.h"
#include "rosaudit/policy.h"
#include "rosaudit/prefix.h"

struct transport;
struct saved;

/* Base of every session; each transport's own struct begins with it. */
struct session {
	const struct transport *transport;
	struct address remote; /* the address that was resolved and connected to; family 0 = file */
	struct address
		local; /* our address towards it, as this machine sees it; family 0 = unknown */
	uint16_t port; /* the port as seen from here */
	/* Of a file with saved answers (saved.h): how they came, so which requests it answers;
	 * NULL for everything else. The session owns it. */
	const struct saved *saved;
};

struct transport {
	enum transport_id id;
	const char *name; /* "ssh" */
	/* Connects and logs in. pinned, when its family is not 0, is the address to use instead
	 * of resolving target->host (so that `both` reads one machine). deadline_ms (clock_ms)
	 * ends the whole audit of this router. On success *out is owned by the caller (close). */
	int (*open)(const struct target *target, const struct address *pinned, int64_t deadline_ms,
	            struct session **out, struct error *err);
	/* One request, one answer. 0 when an answer came, whatever it says. */
	int (*fetch)(struct session *s, const char *request, struct answer *out, struct error *err);
	/* Ends the session; accepts NULL. */
	void (*close)(struct session *s);
};

extern const struct transport transport_ssh;  /* request: a console command line */
extern const struct transport transport_rest; /* request: a path below /rest/ */
/* request ignored: the whole file; of a file with saved answers the answer to the request, and an
 * error for one that is not in it. */
extern const struct transport transport_file;

/* Rows for TRANSPORT_SSH, _REST and _FILE; _BOTH is two sessions and has no row of its own:
 * NULL. */
const struct transport *transport_find(enum transport_id id);

/* Resolves host (name, IPv4, IPv6, with or without %zone) to at most max addresses, in the system's
 * order, of the family of source when that is given. 0, or -1 with a sentence. */
int endpoint_resolve(const char *host, const struct address *source, struct address *out,
                     size_t max, size_t *n, struct error *err);
/* Connects to the first of the n addresses that answers; timeout_ms for each. source may be NULL.
 * The descriptor is blocking, close-on-exec; *chosen is set. 0, or -1 with one sentence that tells
 * refused, unreachable and timeout apart. */
int endpoint_connect(const struct address *addresses, size_t n, uint16_t port,
                     const struct address *source, long timeout_ms, int *fd, size_t *chosen,
                     struct error *err);

#endif
