/* What a router declares. */
#ifndef ROSAUDIT_DEVICE_H
#define ROSAUDIT_DEVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/arena.h"
#include "rosaudit/item.h"
#include "rosaudit/service.h"

/* RouterOS's version; major 0 = unknown. "7.19beta2" compares below 7.19 only by text, which no
 * rule needs: major and minor decide which properties exist. */
struct ros_version {
	int major, minor, patch;
};

/* Reads "7.18.2 (stable)", "6.49.18", "7.24rc3". False when s does not begin so. */
bool ros_version_parse(const char *s, struct ros_version *out);
/* Is v known and at least major.minor? */
bool ros_version_at_least(const struct ros_version *v, int major, int minor);

/* Something said about the reading itself, for the report: an unknown column, a fallback taken. */
struct note {
	const char *text; /* in English, for machines */
	const char *read; /* in the language of people */
};

struct device {
	struct arena arena; /* owns every string and array below */

	const char *version_text; /* as the router said it, or NULL */
	struct ros_version version;
	const char *board, *identity;

	struct service *services; /* in the router's order */
	size_t services_n;
	enum tri static_complete; /* do `services` hold every static row of the router? Unknown for
				     * a saved file: a filter leaves no trace in it. */
	enum tri listeners_complete; /* and every dynamic row (7.19+)? No before 7.19. */

	struct menu_items
		*menus; /* every other menu that was asked for, in the menu table's order */
	size_t menus_n;

	bool seen_as_known; /* the address under which the router sees us */
	struct address seen_as;

	const char *read_as; /* "ssh: get", "rest", "file: table": how services were read */
	struct note *notes;
	size_t notes_n;
};

void device_init(struct device *d);
void device_done(struct device *d);
/* Appends a copy of the row; its strings must belong to d->arena. */
void device_add_service(struct device *d, const struct service *s);
/* In English and in the language of people: fmt is marked for translation. */
void device_add_note(struct device *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A text of which both are at hand. */
void device_add_note_both(struct device *d, const char *english, const char *read);
/* As device_add_note with ": " and the error behind it. */
struct error;
void device_add_note_of(struct device *d, const struct error *why, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The menu of that path ("/ip dns"), or NULL when it was never wanted. */
const struct menu_items *device_menu(const struct device *d, const char *path);
/* By what two readings are known to be of one device: a property and its value (the first's), both
 * NULL where they are not. */
struct device_mark {
	const char *what, *value;
};
/* Are both the same device? By MikroTik's own cloud name, which holds the serial number; else by
 * identity and the MAC addresses of all Ethernet ports. False also when nothing tells (same.c). */
bool device_is_same(const struct device *a, const struct device *b, struct device_mark *out);
/* The first static row of that name, or NULL. */
const struct service *device_find_static(const struct device *d, const char *name);

#endif
