/* What reading menus over a console and over REST share. Private to src/routeros. */
#ifndef ROUTEROS_READ_MENUS_H
#define ROUTEROS_READ_MENUS_H

#include <stdint.h>

#include "items.h"
#include "read_private.h"

/* Conversations that fail one after the other: the router is gone, or we are. */
#define MENUS_LOST_MAX 2u

/* One run through the table of wanted menus. */
struct menus_run {
	const struct asker *asker;
	const struct reader *who;
	struct device *d;
	int64_t until_ms;       /* clock_ms */
	unsigned lost;          /* conversations that failed one after the other */
	enum error_kind failed; /* of the last conversation that failed */
	struct error over;      /* why nothing is asked any more, when set */
};

/* Makes d->menus: one entry for every wanted row, as not asked; a path whose other row has this
 * version has one entry. */
void menus_begin(struct menus_run *r);
/* The row behind d->menus[i]. */
const struct wanted *menus_wanted(const struct menus_run *r, size_t i);
/* Does d->menus[i] still wait to be asked? */
bool menus_waits(const struct menus_run *r, size_t i);
/* Sets how the reading of a menu ended without items; the words are copied. */
void menus_set(struct menus_run *r, struct menu_items *m, enum menu_state state,
               const struct error *why);
/* Takes the items over. */
void menus_take(struct menu_items *m, const struct items *items);
/* Asks for one menu with the limits of its row. 0; -1 when no answer came: the menu's state is then
 * set, and r->over when there is no sense in going on. */
int menus_ask(struct menus_run *r, const char *request, struct menu_items *m, bool bulky,
              struct answer *answer);
/* forbidden or missing by the router's words; unreadable when they say something else. */
enum menu_state menus_judge(const struct wanted *w, const char *words);
/* Notes of what could not be read, the same reason once. 1 when the user interrupted, else 0. */
int menus_end(struct menus_run *r, struct error *err);
/* Keeps an answer for menus: masked is NULL when the answer itself may be kept. */
void menus_keep(const struct menus_run *r, const char *request, const struct buf *text, int status);

#endif
