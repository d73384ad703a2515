/* What the files of src/cause share: the table of features, and the list that is being made. */
#ifndef ROSAUDIT_CAUSE_PRIVATE_H
#define ROSAUDIT_CAUSE_PRIVATE_H

#include "rosaudit/listeners.h"
#include "rosaudit/message.h"

/* A command that turns one thing off: the name in it is the longest part, a line at most. */
#define COMMAND_BYTES (128u << 10)

/* What of an item turns the feature on. Whatever the row says, a disabled item is off. */
enum switch_kind {
	SWITCH_ITEM = 0, /* being there, and not disabled */
	SWITCH_YES,      /* property=yes */
	SWITCH_IS,       /* property=`value` */
	SWITCH_SET,      /* property is neither empty nor "none" */
	SWITCH_SHARES,   /* yes; `auto`: as soon as there is a share */
};

/* One thing that a feature listens for. Ends with one that is all zero. */
struct feature_end {
	enum layer layer;
	enum transport_proto proto;
	uint8_t protocol;     /* of LAYER_IP */
	uint16_t port;        /* the usual one; 0 = none is usual */
	const char *property; /* that holds the port, "tcp-port|ip-port" where it was renamed; NULL:
			       * it cannot be set */
	/* Only while the property `when` has one of these words ("ip|ipv4") in its list; or while
	 * it is neither empty nor `unless`. NULL: always. */
	const char *when, *only, *unless;
	bool on_demand;        /* struct listener's */
	const char *inference; /* what of it no document says, N_() */
};

struct feature {
	const char *name, *menu;
	bool single; /* the menu has one item, and no names */
	enum switch_kind kind;
	const char *property, *value;
	struct {
		int major, minor;
	} since, until; /* until: the first version without; 0 = still there */
	struct feature_end ends[6];
	const char *mode;       /* its word in /system device-mode, or NULL */
	const char *off;        /* "enabled=no": what `set` needs to turn it off; NULL: `disable` */
	const char *key;        /* property that names an item; NULL: "name" */
	bool lists_itself;      /* its name was seen among the router's own list of listeners */
	const char *address[2]; /* properties with who is served */
	const char *interfaces; /* property with where it listens */
};

extern const struct feature features[];
extern const size_t features_n;

struct collecting {
	const struct device *d;
	struct listeners *out;
	size_t cap;
};

/* collect.c */
/* Appends a zeroed listener; the pointer holds until the next call. */
struct listener *collect_add(struct collecting *c);
char *collect_copy(struct collecting *c, const char *s);
/* The menu's items when they can be read; NULL otherwise, and then *state says why not. A menu that
 * was not read is kept in out->unread. */
const struct menu_items *collect_menu(struct collecting *c, const char *path,
                                      enum menu_state *state);
/* Remarks that the menu was not read, when that is so. */
void collect_why(struct collecting *c, const char *path, struct cause *out);
/* Does this version (if it is known) lie in [since, until)? */
bool collect_has_version(const struct collecting *c, int since_major, int since_minor,
                         int until_major, int until_minor);

/* items.c: the features' table against the menus. */
void collect_features(struct collecting *c);
/* services.c */
void collect_services(struct collecting *c);
/* The router's own list of listeners (7.19+) against what the menus gave. */
void collect_own_list(struct collecting *c);
/* forwards.c */
void collect_forwards(struct collecting *c);

#endif
