/* Text on its way into a RouterOS command or script. Pure. */
#ifndef ROSAUDIT_COMMAND_H
#define ROSAUDIT_COMMAND_H

#include <stdbool.h>

#include "rosaudit/buf.h"

/* Appends text as one word of a command: bare where that is safe, else in quotes. */
void command_word(const char *text, struct buf *out);
/* The same, but in quotes always: in an expression a bare word may mean something else. */
void command_string(const char *text, struct buf *out);
/* Appends text so that it stays within one comment line: printable ASCII, without a backslash at
 * the line's end, which would join the next line to it. */
void command_comment(const char *text, struct buf *out);
/* Appends what names a static row of /ip service behind `set`. by_find: from 7.19 on a listener or
 * a connection may bear the same name, and a bare name would hit that. */
void command_service(const char *name, bool by_find, struct buf *out);

#endif
