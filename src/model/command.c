/* Text on its way into a RouterOS command or script. */
#include <ctype.h>
#include <string.h>

#include "rosaudit/command.h"

static bool is_bare(const char *text)
{
	if (!*text || *text == '-')
		return false;
	for (; *text; text++)
		if (!isascii((unsigned char)*text) ||
		    (!isalnum((unsigned char)*text) && !strchr("._-", *text)))
			return false;
	return true;
}

/* Inside quotes RouterOS's console gives a meaning to the quote, the backslash, $ (a variable) and
 * ? (help); bytes outside of printable ASCII are written as \XX, so that the command stays one
 * line whatever a policy says. */
void command_string(const char *text, struct buf *out)
{
	buf_putc(out, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c >= 0x7f)
			buf_printf(out, "\\%02X", c);
		else if (strchr("\"\\$?", c))
			buf_printf(out, "\\%c", c);
		else
			buf_putc(out, (char)c);
	}
	buf_putc(out, '"');
}

void command_word(const char *text, struct buf *out)
{
	if (is_bare(text))
		buf_puts(out, text);
	else
		command_string(text, out);
}

/* A comment is only read by people, so a byte that is not shown needs no way back: "<1B>". A
 * backslash matters at the very end alone, where it joins the next line. */
void command_comment(const char *text, struct buf *out)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c >= 0x7f || (c == '\\' && !text[1]))
			buf_printf(out, "<%02X>", c);
		else
			buf_putc(out, (char)c);
	}
}

void command_service(const char *name, bool by_find, struct buf *out)
{
	if (by_find)
		buf_puts(out, "[find name=");
	command_word(name, out);
	if (by_find)
		buf_puts(out, " dynamic=no]");
}
