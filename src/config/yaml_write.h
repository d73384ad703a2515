/* YAML out: scalars and comments that no foreign text breaks out of. */
#ifndef ROSAUDIT_CONFIG_YAML_WRITE_H
#define ROSAUDIT_CONFIG_YAML_WRITE_H

#include <stdbool.h>

#include "rosaudit/buf.h"

/* Can the policy's language say this text at all: UTF-8, no control character, of its length? */
bool yaml_can_say(const char *text);
/* Appends the text in double quotes; what is not printable ASCII is escaped. It must be sayable. */
void yaml_string(const char *text, struct buf *out);
/* The same, but bare where a reader of YAML cannot take it for anything but that text. */
void yaml_word(const char *text, struct buf *out);
/* Appends one comment line, indented; foreign text in it stays in it. */
void yaml_comment(struct buf *out, int indent, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
