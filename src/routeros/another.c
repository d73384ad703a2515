/* Is a listing of our menu, or of another one? */
#include <stdio.h>
#include <string.h>

#include "forms.h"

void shape_test_add(struct reading *r, struct shape_test *t, const char *name, size_t n)
{
	const struct property *prop = property_find(r->menu, name, n);
	size_t len = strlen(t->names);

	if (prop) {
		t->known++;
		t->needed += menu_needs(r->menu, prop->name);
	} else {
		t->unknown++;
	}
	if (len + n + 8 < sizeof(t->names))
		snprintf(t->names + len, sizeof(t->names) - len, "%s%.*s", len ? ", " : "", (int)n,
		         name);
	else if (len < 4 || strcmp(t->names + len - 3, "...") != 0)
		snprintf(t->names + len, sizeof(t->names) - len, ", ...");
}

bool shape_test_ours(const struct reading *r, const struct shape_test *t)
{
	size_t needed = 0;

	while (r->menu->needs[needed])
		needed++;
	/* A newer RouterOS may add some properties, never more than there were. */
	return t->needed >= needed && t->known >= t->unknown;
}

void shape_test_refuse(struct reading *r, const struct shape_test *t, struct spot s)
{
	if (!r->foreign[0]) {
		snprintf(r->foreign, sizeof(r->foreign),
		         "this is a listing of another menu than %s: it has %s", r->menu->path,
		         t->names[0] ? t->names : "nothing that is known");
		r->foreign_at = s;
	}
	r->begun = true;
	warn(r, "line %zu: a listing of another menu than %s (it has %s): skipped", s.line,
	     r->menu->path, t->names);
}
