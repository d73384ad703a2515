/* Readers of generic items: any menu's records, whatever properties they have. Private to
 * src/routeros. Unlike rows_parse, which knows every property of its menu and points at what is
 * wrong, these take what comes. */
#ifndef ROUTEROS_ITEMS_H
#define ROUTEROS_ITEMS_H

#include "rosaudit/arena.h"
#include "rosaudit/buf.h"
#include "rosaudit/error.h"
#include "rosaudit/item.h"
#include "rosaudit/limits.h"
#include "wanted.h"

/* What stands instead of a secret. */
#define SECRET_SHOWN "(hidden)"
/* Different names of properties in one menu; the longest list of `set` has 70. */
#define ITEM_NAMES_MAX 512u

/* Items of one menu being collected. All strings are copies in the arena. */
struct items {
	struct arena *arena;
	const struct wanted *menu;
	struct item *v;
	size_t n, cap;
	/* The answer as it came, but for the secrets in it; NULL when nobody keeps it. */
	struct buf *masked;

	struct item draft;
	struct field fields[LIMIT_ITEM_FIELDS];
	size_t fields_n;
	const char *names[ITEM_NAMES_MAX]; /* each name is kept once */
	size_t names_n, names_at;
};

void items_init(struct items *s, struct arena *arena, const struct wanted *menu,
                struct buf *masked);

/* One item: begin, its properties and flags in any order, end. A secret's value is replaced here.
 * item_field and item_end fail beyond a limit. */
void item_begin(struct items *s);
int item_field(struct items *s, const char *name, size_t name_n, const char *value, size_t n,
               struct error *err);
/* A letter beside the number: X, D, I, R; others say nothing here. */
void item_flag(struct items *s, char letter);
int item_end(struct items *s, struct error *err);
/* For the masked copy; each accepts that nobody keeps it. */
void items_keep(struct items *s, const char *p, size_t n);
void items_keep_value(struct items *s, const char *name, size_t name_n, const char *p, size_t n);

/* Whole answers. 0, or -1 when it is none of this form; items that were read until then stay.
 * `:put [… get …]`, a line to a record. */
int items_read_values(struct items *s, const char *p, size_t n, struct error *err);
/* print terse: a line to a record, each with its number. */
int items_read_terse(struct items *s, const char *p, size_t n, struct error *err);
/* print of a menu with one record: "name: value" lines. */
int items_read_lines(struct items *s, const char *p, size_t n, struct error *err);
/* REST's JSON: a list of records, or one. */
int items_read_json(struct items *s, const char *p, size_t n, struct error *err);

/* The next line of a text without its end; false at the text's end. */
bool next_line(const char **p, const char *end, const char **line, size_t *n);

#endif
