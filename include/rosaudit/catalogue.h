/* RouterOS's own services and the other features that open ports: which menu, since when. */
#ifndef ROSAUDIT_CATALOGUE_H
#define ROSAUDIT_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/portset.h"
#include "rosaudit/service.h"

/* What speaks on a port. Which probe asks for it: src/scan/identify.c. */
enum app_proto {
	APP_UNKNOWN = 0,
	APP_SSH,
	APP_FTP,
	APP_TELNET,
	APP_HTTP,
	APP_TLS,     /* www-ssl, api-ssl, reverse-proxy: we only see that it is TLS */
	APP_API,
	APP_WINBOX,
	APP_BTEST,
	APP_OTHER,   /* it spoke, but nothing that we know */
};

/* "ssh", "http", …; "unknown" and "other" for the two ends. */
const char *app_proto_name(enum app_proto p);

enum catalogue_kind {
	CATALOGUE_SERVICE, /* a row of /ip service that can be set */
	CATALOGUE_FEATURE, /* another menu opens it */
};

struct catalogue_row {
	const char *name;            /* RouterOS's name where it has one */
	uint16_t port;               /* default port */
	enum transport_proto proto;
	enum catalogue_kind kind;
	const char *menu;            /* "/tool bandwidth-server" */
	const char *property;        /* "enabled", or what turns it on */
	struct { int major, minor; } since;
	enum app_proto app;
	enum tri enabled_by_default; /* of a router without configuration */
};

extern const struct catalogue_row catalogue[];
extern const size_t catalogue_n;

/* The row of the /ip service row `name`, or NULL. */
const struct catalogue_row *catalogue_service(const char *name);
/* The first row whose default is this port, services before features, or NULL. */
const struct catalogue_row *catalogue_port(uint16_t port, enum transport_proto proto);
/* port_name_lookup over the catalogue's TCP rows, then /etc/services. */
bool catalogue_lookup(const char *pattern, size_t n, struct port_set *out);
/* Adds every TCP port of the catalogue: the default set of an audit. */
void catalogue_add_tcp_ports(struct port_set *out);

#endif
