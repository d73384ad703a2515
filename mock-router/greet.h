/* What a port says: one row per protocol. */
#ifndef MOCK_GREET_H
#define MOCK_GREET_H

#include "server.h"

struct protocol {
	const char *name;
	void (*serve)(struct conn *c); /* to the connection's end; does not close c->fd */
};

/* NULL when there is none of that name. */
const struct protocol *protocol_find(const char *name);
/* The protocol of a service or a dynamic row by its name: "http" for www, "silent" for unknown
 * ones. */
const char *protocol_of(const char *name);

#endif
