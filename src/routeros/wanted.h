/* The menus beyond /ip service that an audit wants, one row each. Private to src/routeros. */
#ifndef ROUTEROS_WANTED_H
#define ROUTEROS_WANTED_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/device.h"

struct wanted {
	const char *path; /* "/ip dns": as typed in the console */
	/* First version that has it, and the first that has it no longer ({0} = still there). */
	struct {
		int major, minor;
	} since, until;
	bool single; /* one record without a number, such as /ip dns */
	/* Of a package, an architecture or hardware that a router may lack: never asked together
	 * with others, because one unknown name makes the router refuse the whole line. */
	bool optional;
	bool optional_6; /* the same in RouterOS 6 alone, whose packages can be disabled one by one
			  */
	bool bulky;      /* may be far longer than others: asked alone, with limits of its own */
	bool unexported; /* no export holds it, or not all of it: its absence there says nothing */
	/* What RouterOS's manual gives as the defaults of one record, "name=value name=value": what
	 * a whole export leaves out. Only what decides whether a port opens, and which. */
	const char *defaults;
	/* Properties that are never kept, beside those that their name gives away
	 * (secret_property), separated by blanks; NULL = none. */
	const char *secrets;
};

extern const struct wanted wanted[];
extern const size_t wanted_n;

/* Does this version have the menu? A version that is not known has all that still exist. */
bool wanted_in(const struct wanted *w, const struct ros_version *v);
/* Is it sure that a router of this version has the menu? */
bool wanted_is_sure(const struct wanted *w, const struct ros_version *v);
/* Is the value of this property never to be kept? By the row, or by the name itself: "…password",
 * "…secret", "…-key" and their like. */
bool secret_property(const struct wanted *w, const char *name, size_t n);

#endif
