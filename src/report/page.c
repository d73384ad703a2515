/* Wrapped text on a page of fixed width. */
#include <string.h>

#include "page.h"
#include "rosaudit/limits.h"
#include "rosaudit/text.h"

/* Columns of the labels in front of page_field's texts, with the blank behind them. */
#define LABEL_COLUMNS 11

/* A text is at most one answer of a router, and escaping makes at most four bytes of one. */
#define PAGE_TEXT_BYTES (4u * LIMIT_ANSWER_BYTES)

/* The longest escape of text_escape, \u{E007F}, and no less than a character of UTF-8. */
#define MAX_ESCAPE 9

static const char *const codes[] = {
	[PAINT_TITLE] = "1",       [PAINT_FAINT] = "2",      [PAINT_PASS] = "32",
	[PAINT_LOW] = "36",        [PAINT_MEDIUM] = "33",    [PAINT_HIGH] = "31",
	[PAINT_CRITICAL] = "1;31", [PAINT_UNKNOWN] = "1;35",
};

enum paint paint_of(enum severity s)
{
	static const enum paint paints[] = {
		[SEVERITY_INFO] = PAINT_FAINT,        [SEVERITY_LOW] = PAINT_LOW,
		[SEVERITY_MEDIUM] = PAINT_MEDIUM,     [SEVERITY_HIGH] = PAINT_HIGH,
		[SEVERITY_CRITICAL] = PAINT_CRITICAL,
	};

	return paints[s];
}

void page_paint_on(const struct page *page, enum paint paint)
{
	if (page->colour && paint != PAINT_NONE)
		buf_printf(page->out, "\033[%sm", codes[paint]);
}

void page_paint_off(const struct page *page, enum paint paint)
{
	if (page->colour && paint != PAINT_NONE)
		buf_puts(page->out, "\033[0m");
}

/* Columns of n bytes, at most MAX_ESCAPE. */
static size_t columns_of(const char *p, size_t n)
{
	char c[MAX_ESCAPE + 1];

	memcpy(c, p, n);
	c[n] = '\0';
	return text_width(c);
}

static size_t skip_blanks(const char *s, size_t i)
{
	return i + strspn(s + i, " ");
}

/* Bytes at s that are not taken apart: an escape of text_escape that a line can hold, else a
 * character. */
static size_t unit_at(const char *s, size_t width)
{
	size_t n = 0;

	if (strncmp(s, "\\x", 2) == 0)
		n = 4;
	else if (strncmp(s, "\\u{", 3) == 0)
		n = strcspn(s, "}") + 1;
	if (n > 0 && n <= width && n <= MAX_ESCAPE && strnlen(s, n) == n)
		return n;
	text_utf8(s, strnlen(s, 4), &n);
	return n;
}

size_t page_break(const char *s, size_t width, size_t *next)
{
	size_t used = 0, fit = 0, n, i, begin = skip_blanks(s, 0);

	for (i = 0; s[i]; i += n) {
		n = unit_at(s + i, width);
		used += columns_of(s + i, n);
		if (s[i] == ' ' && i > begin)
			fit = i;
		if (used > width && i > 0)
			break;
		if (s[i] == ',' && s[i + 1] != ' ')
			fit = i + 1;
	}
	if (!s[i] || fit == 0)
		fit = i;
	*next = skip_blanks(s, fit);
	while (fit > 1 && s[fit - 1] == ' ')
		fit--;
	return fit;
}

size_t page_widest_word(const char *s)
{
	size_t widest = 0, word = 0, n;

	for (; *s; s += n) {
		text_utf8(s, strnlen(s, 4), &n);
		if (*s == ' ')
			word = 0;
		else
			word += columns_of(s, n);
		if (word > widest)
			widest = word;
		if (*s == ',')
			word = 0;
	}
	return widest;
}

/* Lines of escaped text, the first one starting in column `indent` already. */
static void put_wrapped(const struct page *page, size_t indent, const char *s, enum paint paint)
{
	size_t width = page->width > indent ? page->width - indent : 1, n, next;

	do {
		n = page_break(s, width, &next);
		page_paint_on(page, paint);
		buf_add(page->out, s, n);
		page_paint_off(page, paint);
		buf_putc(page->out, '\n');
		s += next;
		if (*s)
			buf_pad(page->out, ' ', indent);
	} while (*s);
}

void page_text(const struct page *page, size_t indent, const char *text, enum paint paint)
{
	struct buf escaped;

	buf_init(&escaped, PAGE_TEXT_BYTES);
	text_escape_str(&escaped, text);
	buf_pad(page->out, ' ', indent);
	put_wrapped(page, indent, buf_str(&escaped), paint);
	buf_done(&escaped);
}

static void put_label(const struct page *page, size_t indent, const char *label)
{
	size_t n = text_width(label);

	buf_pad(page->out, ' ', indent);
	buf_puts(page->out, label);
	buf_pad(page->out, ' ', n < LABEL_COLUMNS ? LABEL_COLUMNS - n : 1);
}

void page_field(const struct page *page, size_t indent, const char *label, const char *text,
                enum paint paint)
{
	struct buf escaped;

	buf_init(&escaped, PAGE_TEXT_BYTES);
	text_escape_str(&escaped, text && *text ? text : "-");
	put_label(page, indent, label);
	put_wrapped(page, indent + LABEL_COLUMNS, buf_str(&escaped), paint);
	buf_done(&escaped);
}

void page_command(const struct page *page, size_t indent, const char *label, const char *text)
{
	size_t left = indent + LABEL_COLUMNS, width = page->width - left, n, next;
	struct buf escaped;
	const char *s;

	buf_init(&escaped, PAGE_TEXT_BYTES);
	text_escape_str(&escaped, text);
	put_label(page, indent, label);
	s = buf_str(&escaped);
	while (text_width(s) > width) {
		/* The blank that the line breaks at stays on it, before the backslash: RouterOS
		 * drops the blanks that a continued line begins with. */
		n = page_break(s, width - 2, &next);
		n += s[n] == ' ';
		buf_add(page->out, s, n);
		buf_puts(page->out, "\\\n");
		buf_pad(page->out, ' ', left);
		s += n;
	}
	buf_puts(page->out, s);
	buf_putc(page->out, '\n');
	buf_done(&escaped);
}
