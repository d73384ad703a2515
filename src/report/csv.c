/* Fields and rows of comma-separated values. */
#include <string.h>

#include "csv.h"
#include "rosaudit/text.h"
#include "tally.h"

/* Does a formula begin here? Spreadsheets take =, +, - and @, in their wide forms too, with blanks
 * or a quote before them. */
static bool is_formula(const char *p)
{
	static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
	                                   "\xEF\xBC\xA0"};

	p += strspn(p, " \"'");
	if (*p && strchr("=+-@", *p))
		return true;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (strncmp(p, wide[i], strlen(wide[i])) == 0)
			return true;
	return false;
}

/* Where the list separator is a semicolon (most of Europe), a cell begins behind each; there our
 * quotes do not protect. */
static void put_field(struct buf *out, const char *p)
{
	bool begins = true;

	for (; *p; p++) {
		if (begins && is_formula(p))
			buf_putc(out, '\'');
		if (*p == '"')
			buf_putc(out, '"');
		buf_putc(out, *p);
		begins = *p == ';';
	}
}

void csv_field(struct csv *c, const char *text)
{
	struct buf b;
	const char *p;
	bool quoted;

	if (!c->first)
		buf_putc(c->out, ',');
	c->first = false;
	if (!text)
		return;
	buf_init(&b, 8u * REPORT_TEXT_BYTES);
	text_escape_str(&b, text);
	c->out->overflow |= b.overflow;
	p = buf_str(&b);
	quoted = strpbrk(p, ",\";'") || is_formula(p) || *p == ' ' || (b.n && p[b.n - 1] == ' ');
	if (quoted)
		buf_putc(c->out, '"');
	put_field(c->out, p);
	if (quoted)
		buf_putc(c->out, '"');
	buf_done(&b);
}

void csv_number(struct csv *c, long long n, long long min)
{
	if (!c->first)
		buf_putc(c->out, ',');
	c->first = false;
	if (n >= min)
		buf_printf(c->out, "%lld", n);
}

void csv_end(struct csv *c)
{
	buf_puts(c->out, "\r\n");
	c->first = true;
}
