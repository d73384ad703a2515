/* One row of /ip service, as the router said it. */
#ifndef ROSAUDIT_SERVICE_H
#define ROSAUDIT_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/prefix.h"
#include "rosaudit/tri.h"

enum transport_proto { L4_UNKNOWN = 0, L4_TCP, L4_UDP };

/* "tcp", "udp", or NULL. */
const char *l4_name(enum transport_proto p);

/* A property or column that this version of rosaudit does not know: kept, and warned of. */
struct service_extra {
	const char *name;
	const char *value;
};

/*
 * Every pointer belongs to the device's (or listing's) arena; NULL means that the output did not
 * say, "" is never used for that. A string the router did give but left empty is NULL, too: only
 * for the address list does empty carry a meaning of its own.
 */
struct service {
	const char *name;
	int port; /* 1..65535, or -1 */
	enum transport_proto proto;
	enum tri disabled, invalid;   /* flags X and I */
	enum tri dynamic, connection; /* flags D and c, 7.19+ */

	bool address_known;     /* false: the output cannot tell */
	struct prefix *address; /* empty and known: unrestricted */
	size_t address_n;

	const char *certificate, *tls_version, *vrf;
	int max_sessions;           /* or -1 */
	const char *local, *remote; /* connection rows */
	const char *netns, *container;
	const char *about; /* status text of a ";;;" line */

	struct service_extra *extra;
	size_t extra_n;
	size_t line; /* 1-based line of the row in the answer */
};

/* A row in which nothing is known. */
void service_init(struct service *s);
/* Is this one of the services that /ip service set takes: neither dynamic nor a connection? */
bool service_is_static(const struct service *s);

#endif
