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
		for (size_t i = 0; r->menu->needs[i]; i++)
			if (strcmp(r->menu->needs[i], prop->name) == 0)
				t->needs_seen |= 1u << i;
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
	unsigned needs = 0;

	for (size_t i = 0; r->menu->needs[i]; i++)
		needs |= 1u << i;
	/* A newer RouterOS may add some properties, never more than there were. */
	return t->needs_seen == needs && t->known >= t->unknown;
}

/* "no PORT": the needed properties that the listing lacks; "" when none is. */
static void say_missing(const struct reading *r, const struct shape_test *t, char *out, size_t n)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; r->menu->needs[i]; i++)
		if (!(t->needs_seen & (1u << i)) && len < n)
			len += (size_t)snprintf(out + len, n - len, "%s%s",
			                        len ? " and no " : "no ", r->menu->needs[i]);
}

void shape_test_refuse(struct reading *r, const struct shape_test *t, struct spot s)
{
	char missing[96];

	say_missing(r, t, missing, sizeof(missing));
	if (!r->foreign[0]) {
		snprintf(r->foreign, sizeof(r->foreign), "this is no listing of %s: it has %s%s%s",
		         r->menu->path, t->names[0] ? t->names : "nothing that is known",
		         missing[0] ? ", but " : ", most of which that menu has not", missing);
		r->foreign_at = s;
	}
	r->begun = true;
	warn(r, "line %zu: a listing that is none of %s (it has %s): skipped", s.line,
	     r->menu->path, t->names);
}
