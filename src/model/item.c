/* Items of menus: lookup. */
#include <string.h>

#include "rosaudit/item.h"
#include "rosaudit/message.h"

const char *menu_state_name(enum menu_state s)
{
	static const char *const names[] = {
		[MENU_NOT_ASKED] = N_("not asked"),   [MENU_READ] = N_("read"),
		[MENU_MISSING] = N_("missing"),       [MENU_FORBIDDEN] = N_("forbidden"),
		[MENU_UNREADABLE] = N_("unreadable"),
	};

	return names[s];
}

const char *item_get(const struct item *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->fields[i].name, name) == 0)
			return r->fields[i].value;
	return NULL;
}

enum tri item_bool(const struct item *r, const char *name)
{
	const char *value = item_get(r, name);

	if (!value)
		return TRI_UNKNOWN;
	if (strcmp(value, "yes") == 0 || strcmp(value, "true") == 0)
		return TRI_YES;
	if (strcmp(value, "no") == 0 || strcmp(value, "false") == 0)
		return TRI_NO;
	return TRI_UNKNOWN;
}
