/* Who opened a port: the listeners that a router declares, and of each the line of the
 * configuration that is its cause. Filled by src/cause from the device; read by the audit, the
 * exposure, the plan of the scan and the reports. */
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

/* What more there is to say of a cause: why it is not known whether it listens, or why it does
 * (not) in spite of the value. `about` and `detail` are struct cause's. */
enum cause_remark {
	REMARK_NONE = 0,
	REMARK_UNREAD,      /* the menu `about` was not read; `detail`: how the reading ended */
	REMARK_UNSAID,      /* the menu does not tell its property `about` */
	REMARK_VALUE,       /* its property `about` has a value that is not known here */
	REMARK_INVALID,     /* the router flags it as invalid */
	REMARK_ITEM_OFF,    /* the property is on, the item that has it is disabled */
	REMARK_DEVICE_MODE, /* /system device-mode does not allow `about` */
	REMARK_SHARE,       /* auto, and there is a share */
	REMARK_NO_SHARE,    /* auto, and there is none */
	REMARK_ANY_SHARE,   /* auto, and whether a share is enabled is not known */
	REMARK_NO_RULE,     /* it listens only while the menu `about` has an enabled item */
	REMARK_LISTED,      /* known from the router's own list of listeners alone */
	REMARK_NOT_LISTED,  /* not in the router's own list */
	REMARK_DENIED,      /* in the router's own list, while the menu `about` turns it off */
	REMARK_ELSEWHERE,   /* in that list, while the menu `about` has it on another port */
	REMARK_UNEXPLAINED, /* in that list, and no menu that is known tells of it */
	REMARK_NAMESPACE,   /* in a container's network namespace */
	REMARK_DYNAMIC,     /* another feature made the rule */
	REMARK_PORTS,       /* the rule's ports were not understood */
	REMARK_INFERENCE,   /* no document says it: `about` is the sentence */
};

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
	enum cause_remark remark;
	const char *about, *detail; /* of the remark */
};

/* A copy of the cause in another arena. */
struct cause *cause_copy(const struct cause *c, struct arena *a);

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
	/* Ports; 0 = not known, and then the usual one, 0 = none is. Of LAYER_FRAME: the UDP port
	 * inside, or 0. */
	uint16_t first, last, usual;
	enum tri on; /* does it listen? NO: the configuration turns it off */
	/* A forward that has matchers beyond the port, and may not apply to a packet; one that
	 * leads to a port of the router itself. */
	bool conditional, redirect;
	bool self_listed; /* the router's own list (7.19+) would show it */
	bool on_demand;   /* it listens only while somebody uses it: UDP of bandwidth tests */
	/* Who is served, as the service's own list says; known and empty: everybody. */
	bool address_known;
	struct prefix *address;
	size_t address_n;
	const char *vrf;        /* NULL = main, or not known */
	const char *local;      /* bound to this address alone; NULL = all, or not known */
	const char *interfaces; /* bound to this interface or interface list; NULL = all */
	/* Rows of /ip service, borrowed from the device, or NULL: the one that can be set, and that
	 * of the router's own list. */
	const struct service *row, *listed;
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
/* `/tool bandwidth-server enabled=yes`, `/interface wireguard wg0 listen-port=13231`, `/ip
 * firewall nat 3 action=dst-nat (to 10.0.0.5:80)` appended. Raw: foreign text is escaped by
 * whoever prints. */
#define CAUSE_TEXT_MAX (64u << 10) /* an item's name is a line of an answer at most */
struct buf;
void cause_format(const struct cause *c, struct buf *out);
/* The remark as a sentence appended, in that language; nothing for REMARK_NONE. Raw. */
struct language;
void cause_say(const struct cause *c, const struct language *in, struct buf *out);

#endif
