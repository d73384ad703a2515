/* Menus beyond /ip service: what a scenario says of them, or what a router has from the factory. */
#ifndef MOCK_FEATURE_H
#define MOCK_FEATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"
#include "tree.h"
#include "version.h"

struct scenario;

enum feature_state {
	FEATURE_THERE = 0,
	FEATURE_MISSING,   /* the router has no such menu */
	FEATURE_FORBIDDEN, /* not enough permissions */
	FEATURE_SLOW,      /* never answers */
};

struct feature_field {
	char *name, *value; /* as `set` takes it: yes and no, lists with commas */
};

struct feature_item {
	struct feature_field *field; /* sorted by name, as the console sorts an array's keys */
	size_t n;
};

struct feature {
	char *path; /* "ip firewall filter" */
	char *rest; /* "/rest/ip/firewall/filter" */
	bool single;
	enum feature_state state;
	struct feature_item *item; /* one when single */
	size_t n;
};

struct features {
	struct feature *v;
	size_t n;
};

/* menus: of a scenario. What it names replaces the factory's list, and changes single properties
 * of a menu with one record. */
int features_read(struct tree_at at, void *scenario);
/* Adds what the version has from the factory and the scenario has not named. */
void features_stock(struct scenario *s);
void features_done(struct features *f);

/* NULL when there is none, also for one that is missing. */
const struct feature *feature_find(const struct features *f, const char *path);
/* Is path a menu's or the way to one? */
bool feature_leads(const struct features *f, const char *path);
/* Does the line ask for a menu that never answers? */
bool feature_is_slow(const struct features *f, const char *line);

/* Building: a feature to fill, an item at its end, a field in its place. */
struct feature *feature_add(struct features *f, const char *path, bool single);
struct feature_item *feature_add_item(struct feature *one);
void feature_set(struct feature_item *item, const char *name, const char *value);
/* NULL when the item has no such property. */
const char *feature_get(const struct feature_item *item, const char *name);
bool feature_flag(const struct feature_item *item, const char *name);
/* "*1" of the first; numbers that are ids are not what print shows. */
void feature_id(size_t index, char out[24]);
/* The index behind an id, or n. */
size_t feature_index(const struct feature *one, const char *id);
/* As get and REST give it: booleans are true and false. */
const char *feature_value(const struct feature *one, const struct feature_field *field);

#endif
