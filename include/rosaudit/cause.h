/* Who opened a port: the listeners that a router declares, and of each the line of the configuration
 * that is its cause. Filled by src/cause from the device; read by the audit, the exposure, the plan of
 * the scan and the reports. */
#ifndef ROSAUDIT_CAUSE_H
#define ROSAUDIT_CAUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/arena.h"
#include "rosaudit/item.h"
#include "rosaudit/service.h"

enum cause_kind {
	CAUSE_SERVICE = 0, /* a row of /ip service that can be set */
	CAUSE_FEATURE,     /* another menu */
	CAUSE_LISTED,      /* the router's own list of listeners (7.19+) alone tells of it */
	CAUSE_CONTAINER,   /* it listens in a container's network namespace */
	CAUSE_FORWARD,     /* a dst-nat rule: the port may not be the router's own */
};

/* "service", "feature", "listed", "container", "forward": the JSON report's words. */
const char *cause_kind_name(enum cause_kind k);

/* The line of the configuration. Foreign text is raw; NULL = there is none, or it is not known. */
struct cause {
	enum cause_kind kind;
	const char *menu;     /* "/tool bandwidth-server" */
	const char *item;     /* which of the menu's items: its name, or its number; NULL in a menu
			       * that has just one */
	const char *property; /* what turns it on: "enabled"; "disabled" of lists */
	const char *value;    /* as the router says it; NULL = it was not read */
	struct {
		int major, minor;
	} since;             /* the first version with that menu; 6.0: as far back as we look */
	const char *command; /* what closes it, RouterOS's console */
	const char *to;      /* of a forward: "10.0.0.5:80"; of a container: its name */
	const char *reason;  /* one sentence: why `on` is not known, or is no in spite of the value,
			      * or what of it is an inference */
};

/* What a listener listens for. */
enum layer {
	LAYER_PORT = 0, /* a TCP or UDP port */
	LAYER_IP,       /* an IP protocol: GRE, OSPF */
	LAYER_FRAME,    /* Ethernet frames: neither the firewall nor an address list sees them */
};

struct listener {
	const char *name; /* RouterOS's own where it has one: "btest"; the catalogue's */
	enum layer layer;
	enum transport_proto proto; /* of LAYER_PORT; L4_UNKNOWN: TCP and UDP alike (forwards) */
	uint8_t protocol;           /* of LAYER_IP: 47 */
	uint16_t first, last; /* ports; 0 = not known. LAYER_FRAME: the UDP port inside or 0 */
	uint16_t usual;       /* the default port where first is not known; 0 = none */
	enum tri on;          /* does it listen? NO: the configuration turns it off */
	bool conditional; /* a forward with matchers beyond the port: it may not apply to a packet */
	bool redirect;    /* a forward to a port of the router itself */
	/* Who is served, as the service's own list says; known and empty: everybody. */
	bool address_known;
	struct prefix *address;
	size_t address_n;
	const char *vrf;        /* NULL = main, or not known */
	const char *local;      /* bound to this address alone; NULL = all, or not known */
	const char *interfaces; /* bound to this interface or interface list; NULL = all */
	bool on_demand;         /* it listens only while somebody uses it: UDP of bandwidth tests */
	const struct service
		*row; /* static row of /ip service; borrowed from the device, or NULL */
	const struct service *listed; /* its row in the router's own list (7.19+), or NULL */
	struct cause cause;
};

/* A menu that might open ports and could not be read, and why. */
struct unread {
	const char *menu;
	enum menu_state state;
	const char *said; /* the router's words, or NULL */
};

/* Borrows rows from the device, all else is the arena's. */
struct listeners {
	struct arena arena;
	struct listener *v; /* services first, then the features' table, then the rest */
	size_t n;
	struct unread *unread;
	size_t unread_n;
};

void listeners_init(struct listeners *l);
void listeners_done(struct listeners *l);

/* May it be this one that has the port? YES: its port, and it is on. NO: another port, or it is
 * off. A forward with conditions, an unknown port and an unknown state are UNKNOWN. */
enum tri listener_has(const struct listener *l, enum transport_proto proto, uint16_t port);
/* The best cause of a port: one that has it; else a forward that may; else one of unknown state
 * whose port it is, or usually is; else any that may have it. NULL: no line of the configuration
 * that was or could be read opens it. */
const struct listener *listeners_explain(const struct listeners *l, enum transport_proto proto,
                                         uint16_t port);
/* The next listener behind `after` (NULL: the first) of that name, or NULL. */
const struct listener *listeners_named(const struct listeners *l, const char *name,
                                       const struct listener *after);
/* `/tool bandwidth-server enabled=yes`, `/interface wireguard wg0 listen-port=13231`, `/ip firewall
 * nat 3 action=dst-nat (to 10.0.0.5:80)` appended. Raw: foreign text is escaped by whoever prints. */
struct buf;
void cause_format(const struct cause *c, struct buf *out);

#endif
