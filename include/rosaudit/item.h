/* What the router's menus say, beyond /ip service: generic items, as RouterOS calls what a menu
 * lists. Filled by src/routeros, read by whoever knows what a menu means. */
#ifndef ROSAUDIT_ITEM_H
#define ROSAUDIT_ITEM_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/tri.h"

struct field {
	const char *name;  /* as RouterOS spells it in `set`: "src-address-list" */
	const char *value; /* never NULL; "" = the router says that it is empty. A negation keeps
			    * its "!"; a list keeps its commas */
};

/* One item of a menu; a singleton menu such as /ip dns is one item. Foreign text: raw bytes. */
struct item {
	const char *id; /* "*1F", or NULL when the form does not tell */
	size_t number;  /* 0-based place in the router's own order, which is a firewall's order */
	const char *comment; /* NULL = none, or the form does not tell */
	enum tri disabled, dynamic, invalid, running;
	struct field *fields; /* without id, comment and the four above */
	size_t n;
};

/* How the reading of a menu ended. Only MENU_READ lets anything be concluded from absence. */
enum menu_state {
	MENU_NOT_ASKED = 0, /* this version has no such menu, or nobody wanted it */
	MENU_READ,
	MENU_MISSING,    /* the router knows no such menu: a package is not installed */
	MENU_FORBIDDEN,  /* the user's group may not */
	MENU_UNREADABLE, /* an answer came and was not understood, or was too large, or late */
};

/* "read", "not asked", "missing", "forbidden", "unreadable". */
const char *menu_state_name(enum menu_state s);

/* One menu as it was read. */
struct menu_items {
	const char *path; /* "/ip firewall filter"; the menu table's own string */
	enum menu_state state;
	const char *said; /* the router's words or ours, when state is neither READ nor NOT_ASKED */
	const char *said_read; /* the same for people */
	struct item *v;
	size_t n;
};

/* The value of a field, or NULL when the item does not have it. */
const char *item_get(const struct item *i, const char *name);
/* yes/true and no/false as a tri-state; TRI_UNKNOWN for anything else and for absence. */
enum tri item_bool(const struct item *i, const char *name);

#endif
