/* Foreign text on a terminal: escaping, width, padding, likeness. */
#ifndef ROSAUDIT_TEXT_H
#define ROSAUDIT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* Appends n foreign bytes so that a terminal shows them and does nothing else: control
 * characters, escape sequences, C1 controls, broken UTF-8 and bidirectional overrides become
 * \xNN or \u{NNNN}. */
void text_escape(struct buf *out, const char *p, size_t n);
/* The same for a C string; NULL appends nothing. */
void text_escape_str(struct buf *out, const char *s);

/* Terminal columns that escaped UTF-8 text takes; combining marks count 0, wide characters 2. */
size_t text_width(const char *s);

/* One UTF-8 character at p (n > 0 bytes left): its code point and, in *len, its bytes. Broken
 * UTF-8 gives -1 and *len = 1. */
long text_utf8(const char *p, size_t n, size_t *len);

/* Number of edits (insert, delete, replace, swap) between two words, ASCII case ignored. */
size_t text_distance(const char *a, const char *b);
/* The candidate nearest to word, or NULL when none is near enough to suggest. names ends in
 * NULL. */
const char *text_nearest(const char *word, const char *const *names);

/* Strict unsigned decimal without sign or blanks, min..max. False leaves *out alone. */
bool text_to_uint(const char *p, size_t n, unsigned long min, unsigned long max,
                  unsigned long *out);

/* Appends text wrapped at width columns, each line indented by indent blanks; the first line only
 * if indent_first. Breaks at blanks; ends without newline. Text must be escaped already. */
void text_wrap(struct buf *out, const char *s, size_t width, size_t indent, bool indent_first);

#endif
