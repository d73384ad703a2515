/* RouterOS's own services and the other features that open ports: which menu, since when. */
#ifndef ROSAUDIT_CATALOGUE_H
#define ROSAUDIT_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/arena.h"
#include "rosaudit/portset.h"
#include "rosaudit/service.h"

/* What speaks on a port. Which probe asks for it: src/scan/identify.c. */
enum app_proto {
	APP_UNKNOWN = 0,
	APP_SSH,
	APP_FTP,
	APP_TELNET,
	APP_HTTP,
	APP_TLS, /* www-ssl, api-ssl, reverse-proxy: we only see that it is TLS */
	APP_API,
	APP_WINBOX,
	APP_BTEST,
	APP_OTHER, /* it spoke, but nothing that we know */
	/* Over UDP; its questions: src/scan/udp_payload.c. */
	APP_DNS,
	APP_SNMP,
	APP_NTP,
	APP_IKE,
	APP_L2TP,
	APP_RADIUS,
	APP_TFTP,
	APP_MNDP,
	APP_SSDP,
	APP_NAT_PMP,
	APP_NETBIOS,
	APP_OPENVPN,
	APP_CAPWAP,
	APP_RIP,
	APP_RPC,
	APP_COUNT,
};

/* "ssh", "http", …; "unknown" and "other" for the two ends. */
const char *app_proto_name(enum app_proto p);

enum catalogue_kind {
	CATALOGUE_SERVICE, /* a row of /ip service that can be set */
	CATALOGUE_FEATURE, /* another menu opens it */
};

struct catalogue_row {
	const char *name; /* RouterOS's name where it has one; may repeat */
	uint16_t port;    /* default port; 0 = the user chooses it */
	enum transport_proto proto;
	enum catalogue_kind kind;
	const char *menu;     /* "/tool bandwidth-server" */
	const char *property; /* "enabled", or what turns it on */
	struct {
		int major, minor;
	} since; /* 6.0: as far back as this project looks */
	enum app_proto app;
	enum tri enabled_by_default; /* of a router without configuration */
	const char *off;             /* command that turns a feature off where it is one setting of
				      * every version; NULL = depends, or a row of /ip service */
};

extern const struct catalogue_row catalogue[];
extern const size_t catalogue_n;

/* The row of the /ip service row `name`, or NULL. */
const struct catalogue_row *catalogue_service(const char *name);
/* The first row whose default is this port, services before features, or NULL. */
const struct catalogue_row *catalogue_port(uint16_t port, enum transport_proto proto);
/* The first row of that name and protocol (L4_UNKNOWN: any), services before features, or NULL. */
const struct catalogue_row *catalogue_find(const char *name, enum transport_proto proto);
/* port_name_lookup over the catalogue's TCP rows, then /etc/services: a plain name that the
 * catalogue knows is looked up nowhere else, a pattern adds what both have. Case ignored. */
bool catalogue_lookup(const char *pattern, size_t n, struct port_set *out);
/* The same for UDP. */
bool catalogue_lookup_udp(const char *pattern, size_t n, struct port_set *out);
/* The same over the text of a services(5) file: names and aliases of its lines of that protocol.
 * Pure. */
bool catalogue_lookup_text(const char *text, size_t text_n, enum transport_proto proto,
                           const char *pattern, size_t n, struct port_set *out);
/* Adds every TCP port of the catalogue: the default set of an audit. */
void catalogue_add_tcp_ports(struct port_set *out);
/* Every UDP port of the catalogue: the default set of `scan -sU`. */
void catalogue_add_udp_ports(struct port_set *out);

/* What ports are called: the catalogue's name, else that of /etc/services, else NULL. */
struct port_names {
	struct arena arena;
	const char **v[2]; /* TCP, UDP: 65,536 names each */
};
void port_names_init(struct port_names *names);
void port_names_done(struct port_names *names);
const char *port_names_find(const struct port_names *names, uint16_t port,
                            enum transport_proto proto);

#endif
