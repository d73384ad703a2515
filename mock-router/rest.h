/* HTTP as a router speaks it: the only user of libmicrohttpd in this program. */
#ifndef MOCK_REST_H
#define MOCK_REST_H

#include "server.h"
#include "text.h"

struct rest;

/* NULL with a sentence in *complaint. */
struct rest *rest_open(struct server *server, struct text *complaint);
/* Ends all connections. */
void rest_close(struct rest *r);
/* Serve one connection to its end: plain, and behind TLS. */
void rest_serve(struct conn *c);
void rest_serve_tls(struct conn *c);

#endif
