/* One running mock: what all its connections share. */
#ifndef MOCK_SERVER_H
#define MOCK_SERVER_H

#include <pthread.h>
#include <stdbool.h>

#include "change.h"
#include "live.h"
#include "net.h"
#include "scenario.h"
#include "transcript.h"

struct ssh_door; /* ssh.h */
struct rest;     /* rest.h */
struct tls;      /* tls.h */

struct server {
	const struct scenario *scenario;
	struct live *live;
	struct change *change;
	struct transcript *transcript;
	struct ssh_door *ssh;
	struct rest *rest;
	struct tls *tls;
	int stop_fd; /* readable once the mock ends; nobody reads it */
};

/* One accepted connection, owned by its own thread. */
struct conn {
	struct server *server;
	const struct service *service; /* NULL for a listener of another menu */
	const char *name;              /* of the service or listener */
	const char *speaks;            /* protocol, a name of greet.h */
	int fd;
	struct endpoint local, peer;
	unsigned long live_id;
	int port; /* the router's */
};

/* Waits until fd has input: 1; the peer hung up or the mock ends or timeout_ms (-1 none) passed:
 * 0. */
int conn_wait(const struct conn *c, int timeout_ms);
/* Keeps quiet until the peer leaves or the mock ends. */
void conn_stall(const struct conn *c);
/* Writes all of it, or gives up. 0, or -1. */
int conn_write(const struct conn *c, const void *p, size_t n);

#endif
