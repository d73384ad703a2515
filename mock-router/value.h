/* Values of the console's script language: what [ … ] gives and :put prints. */
#ifndef MOCK_VALUE_H
#define MOCK_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

enum value_kind { VALUE_NOTHING = 0, VALUE_TEXT, VALUE_LIST };

/* Owns all that it holds; value_done empties it. */
struct value {
	enum value_kind kind;
	char *text;         /* of VALUE_TEXT */
	char *key;          /* as an element of a list that is a map */
	struct value *item; /* of VALUE_LIST */
	size_t n;
};

struct value value_text(const char *s);
struct value value_copy(const struct value *v);
void value_done(struct value *v);
/* Appends, taking the item over; v becomes a list. key may be NULL. */
void value_push(struct value *v, const char *key, struct value item);
/* Element of a map, or NULL. */
const struct value *value_at(const struct value *v, const char *key);
/* As :put prints it: elements between semicolons, key=value for maps, nested lists flat (so a list
 * inside a record cannot be told from the record's next elements, as on a router; unverified). */
void value_show(const struct value *v, struct text *out);

#endif
