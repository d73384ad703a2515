/* Manual pages: man(7) source that no text breaks out of. */
#ifndef ROSAUDIT_ROFF_H
#define ROSAUDIT_ROFF_H

#include <stdbool.h>

#include "rosaudit/buf.h"

/* Begins a page: "ROSAUDIT", "1", and what it is about. */
void roff_page(struct buf *out, const char *title, const char *section, const char *about);
void roff_section(struct buf *out, const char *heading);
/* The text, escaped, broken where it is long; without a line's end. */
void roff_text(struct buf *out, const char *text);
/* The text in a font, 'B' or 'I'. */
void roff_font(struct buf *out, char font, const char *text);
/* A paragraph of its own. */
void roff_paragraph(struct buf *out, const char *text);
/* Begins an item of a list: its tag follows as one line, and then its text. */
void roff_item(struct buf *out);
/* A line of an example, indented and as it is. */
void roff_example(struct buf *out, const char *text);

#endif
