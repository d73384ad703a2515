/* The ports of the mock: which there are, which really listen, and who is let in. */
#ifndef MOCK_LISTEN_H
#define MOCK_LISTEN_H

#include "server.h"
#include "text.h"

/* How the router's ports become ports of this machine. */
enum port_map {
	PORT_MAP_NONE = 0, /* the same */
	PORT_MAP_AUTO,     /* ports that the kernel picks */
};

struct listen;

/* Opens every port on every address. NULL with a sentence in *complaint. */
struct listen *listen_open(struct server *server, const struct endpoint *address, size_t n,
                           enum port_map map, struct text *complaint);
/* "22: 40001, 80: 40002": every declared port and where it is, closed ones too. */
void listen_map(const struct listen *l, struct text *out);
/* The port of this machine for a port of the router, 0 when it has none. */
int listen_port(const struct listen *l, int router_port);
/* Serves until SIGTERM, SIGINT or, with until_eof, the end of stdin. */
void listen_run(struct listen *l, bool until_eof);
/* Ends all connections and frees. */
void listen_close(struct listen *l);

#endif
