/* Foreign text on a terminal. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "rosaudit/arena.h"
#include "rosaudit/buf.h"
#include "rosaudit/text.h"

long text_utf8(const char *p, size_t n, size_t *len)
{
	static const long least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *u = (const unsigned char *)p;
	size_t want = u[0] < 0x80 ? 1 : u[0] >= 0xF0 ? 4 : u[0] >= 0xE0 ? 3 : 2;
	long c;

	*len = 1;
	if (u[0] < 0x80)
		return u[0];
	if (u[0] < 0xC2 || u[0] > 0xF4 || want > n)
		return -1;
	c = u[0] & (0xFF >> (want + 1));
	for (size_t i = 1; i < want; i++) {
		if ((u[i] & 0xC0) != 0x80)
			return -1;
		c = c << 6 | (u[i] & 0x3F);
	}
	if (c < least[want] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return -1;
	*len = want;
	return c;
}

struct range {
	long first, last;
};

/* Characters that steer a terminal or the direction of text, or that cannot be seen. */
static bool is_steering(long c)
{
	static const struct range ranges[] = {
		{0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},       {0x61C, 0x61C},
		{0x180E, 0x180E}, {0x200B, 0x200F}, {0x2028, 0x202E},   {0x2060, 0x2069},
		{0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

void text_escape(struct buf *out, const char *p, size_t n)
{
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		long c = text_utf8(p + i, n - i, &len);

		if (c < 0 || (c < 0x80 && is_steering(c)))
			buf_printf(out, "\\x%02X", (unsigned char)p[i]);
		else if (is_steering(c))
			buf_printf(out, "\\u{%04lX}", (unsigned long)c);
		else
			buf_add(out, p + i, len);
	}
}

void text_escape_str(struct buf *out, const char *s)
{
	if (s)
		text_escape(out, s, strlen(s));
}

/* wcwidth() knows nothing in the C locale, and a report must not depend on the user's; these
 * are the wide blocks of Unicode's EastAsianWidth.txt that a router's name may hold, and the
 * combining ones. */
static size_t columns_of(long c)
{
	static const struct range wide[] = {
		{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},
		{0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
		{0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
		{0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
	};
	static const struct range combining[] = {
		{0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},   {0x610, 0x61A},
		{0x64B, 0x65F},   {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF},
		{0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
	};

	for (size_t i = 0; i < sizeof(combining) / sizeof(combining[0]); i++)
		if (c >= combining[i].first && c <= combining[i].last)
			return 0;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (c >= wide[i].first && c <= wide[i].last)
			return 2;
	return 1;
}

size_t text_width(const char *s)
{
	size_t n = strlen(s), width = 0, len;

	for (size_t i = 0; i < n; i += len)
		width += columns_of(text_utf8(s + i, n - i, &len));
	return width;
}

bool text_to_uint(const char *p, size_t n, unsigned long min, unsigned long max, unsigned long *out)
{
	unsigned long v = 0;

	if (n == 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned long digit = (unsigned long)(p[i] - '0');

		if (p[i] < '0' || p[i] > '9' || v > (max - digit) / 10 || digit > max)
			return false;
		v = v * 10 + digit;
	}
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}

void text_wrap(struct buf *out, const char *s, size_t width, size_t indent, bool indent_first)
{
	size_t column = 0;
	bool first = true;

	if (indent_first) {
		buf_pad(out, ' ', indent);
		column = indent;
	}
	while (*s) {
		size_t n = strcspn(s, " "), cols;
		char *word = mem_alloc(n + 1);

		memcpy(word, s, n);
		cols = text_width(word);
		if (!first && column + 1 + cols > width) {
			buf_putc(out, '\n');
			buf_pad(out, ' ', indent);
			column = indent;
		} else if (!first) {
			buf_putc(out, ' ');
			column++;
		}
		buf_add(out, s, n);
		column += cols;
		first = false;
		free(word);
		s += n;
		s += strspn(s, " ");
	}
}
