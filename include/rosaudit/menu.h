/* RouterOS menus that rosaudit reads: one row each. */
#ifndef ROSAUDIT_MENU_H
#define ROSAUDIT_MENU_H

#include <stddef.h>

#include "rosaudit/device.h"
#include "rosaudit/rows.h"

enum menu_id {
	MENU_IP_SERVICE = 0,
	MENU_SYSTEM_RESOURCE,
	MENU_SYSTEM_IDENTITY,
	MENU_USER_ACTIVE,
	MENU_COUNT,
};

struct menu {
	enum menu_id id;
	const char *path; /* "/ip service": as typed in the console */
	const char *rest; /* "ip/service" */
	struct {
		int major, minor;
	} since;
	const struct property *properties; /* every known property, ends in {0} */
	const char *flags;                 /* known flag letters: "XIDc" */
	/* Properties that every row of the menu prints, ends in NULL: a listing without them, or
	 * one most of whose properties are unknown, is another menu's. */
	const char *const *needs;
	/* Puts the rows into the device (strings stay in the arena that the rows were read
	 * into, which must be d->arena). 0, or -1 with the row's line when a value cannot be
	 * what it must be. */
	int (*take_rows)(const struct rows *rows, const char *where, struct device *d,
	                 struct error *err);
};

extern const struct menu menus[MENU_COUNT];

#endif
