/* print, get and find of the menus that a scenario gives. */
#ifndef MOCK_FEATURE_SHOW_H
#define MOCK_FEATURE_SHOW_H

#include "feature.h"
#include "script.h"

/* The command of that name, from behind it. 0, or -1; *known is false for a name that is none. */
int feature_command(struct script *s, const struct feature *one, const char *name, size_t n,
                    bool in_brackets, struct value *result, bool *known);

#endif
