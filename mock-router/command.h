/* The commands of menus, from behind their name. Inner header of command.c and command_read.c. */
#ifndef MOCK_COMMAND_H
#define MOCK_COMMAND_H

#include "rows.h"
#include "script.h"

/* menu NULL: at the root. 0, or -1 after script_fail_…. */
int command_print(struct script *s, const struct menu *menu, bool in_brackets,
                  struct value *result);
int command_get(struct script *s, const struct menu *menu, bool in_brackets, struct value *result);
int command_find(struct script *s, const struct menu *menu, bool in_brackets, struct value *result);
int command_set(struct script *s, const struct menu *menu, bool in_brackets, struct value *result);
int command_enable(struct script *s, const struct menu *menu, bool in_brackets,
                   struct value *result);
int command_disable(struct script *s, const struct menu *menu, bool in_brackets,
                    struct value *result);
int command_export(struct script *s, const struct menu *menu, bool in_brackets,
                   struct value *result);

/* A property's value, and a whole row as the console's map: .id first, then by name. */
struct value field_value(const struct field *f);
struct value row_value(const struct rows *rows, const struct row *row);

#endif
