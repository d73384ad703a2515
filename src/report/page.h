/* A page of plain text that never runs past its width: lines, labelled paragraphs, commands.
 * Private to src/report. Every text given here is raw; the page escapes it. */
#ifndef ROSAUDIT_REPORT_PAGE_H
#define ROSAUDIT_REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/buf.h"
#include "rosaudit/finding.h"

/* What a piece of text says; the colour only repeats it. */
enum paint {
	PAINT_NONE = 0,
	PAINT_TITLE,
	PAINT_FAINT,
	PAINT_PASS,
	PAINT_LOW,
	PAINT_MEDIUM,
	PAINT_HIGH,
	PAINT_CRITICAL,
	PAINT_UNKNOWN, /* could not tell, not audited */
};

struct page {
	struct buf *out;
	size_t width; /* columns */
	bool colour;
};

/* The paint of a severity. */
enum paint paint_of(enum severity s);
/* Starts and ends a paint; nothing without colour or for PAINT_NONE. */
void page_paint_on(const struct page *page, enum paint paint);
void page_paint_off(const struct page *page, enum paint paint);

/*
 * Splits escaped text: returns the bytes of the first line that fits width columns (blanks at its
 * end left out) and sets *next to where the second begins. Breaks after a blank or a comma, within
 * a word only when the word alone is too wide. Always takes at least one character.
 */
size_t page_break(const char *s, size_t width, size_t *next);
/* Columns of the widest piece of escaped text that page_break would not like to break. */
size_t page_widest_word(const char *s);

/* One paragraph, wrapped; every line indented. */
void page_text(const struct page *page, size_t indent, const char *text, enum paint paint);
/* "label      text", wrapped under itself; NULL text is "-". */
void page_field(const struct page *page, size_t indent, const char *label, const char *text,
                enum paint paint);
/* As page_field for a RouterOS command: a broken line ends in a backslash, as in RouterOS's own
 * exports, so that the lines can be pasted. */
void page_command(const struct page *page, size_t indent, const char *label, const char *text);

#endif
