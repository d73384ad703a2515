/* YAML out. */
#include "yaml_write.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "rosaudit/text.h"

/* As value_text has it. */
#define SAYABLE_BYTES 1024u
#define COMMENT_BYTES 4096u

bool yaml_can_say(const char *text)
{
	size_t n = strlen(text), len = 0;

	if (n == 0 || n > SAYABLE_BYTES)
		return false;
	for (size_t i = 0; i < n; i += len) {
		long c = text_utf8(text + i, n - i, &len);

		/* Half a surrogate, and what YAML counts among the unprintable. */
		if (c < 0x20 || c == 0x7f || (c >= 0xd800 && c < 0xe000) || (c & 0xfffe) == 0xfffe)
			return false;
	}
	return true;
}

void yaml_string(const char *text, struct buf *out)
{
	size_t n = strlen(text), len;

	buf_putc(out, '"');
	for (size_t i = 0; i < n; i += len) {
		long c = text_utf8(text + i, n - i, &len);

		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", (char)c);
		else if (c == '$' && text[i + 1] == '{')
			buf_puts(out, "$$"); /* else a variable begins here */
		else if (c >= 0x20 && c < 0x7f)
			buf_putc(out, (char)c);
		else if (c < 0x10000)
			buf_printf(out, "\\u%04lX", (unsigned long)(c < 0 ? 0xfffd : c));
		else
			buf_printf(out, "\\U%08lX", (unsigned long)c);
	}
	buf_putc(out, '"');
}

/* A word that is no number, no address, no yes, and holds none of YAML's signs. */
static bool is_plain(const char *text)
{
	static const char *const taken[] = {"yes", "no", "on",   "off",    "true",     "false",
	                                    "y",   "n",  "null", "served", "required", NULL};

	if (!isascii((unsigned char)*text) || !isalpha((unsigned char)*text))
		return false;
	for (size_t i = 0; taken[i]; i++)
		if (strcasecmp(text, taken[i]) == 0)
			return false;
	for (; *text; text++)
		if (!isascii((unsigned char)*text) ||
		    (!isalnum((unsigned char)*text) && !strchr("-_.", *text)))
			return false;
	return true;
}

void yaml_word(const char *text, struct buf *out)
{
	if (is_plain(text))
		buf_puts(out, text);
	else
		yaml_string(text, out);
}

void yaml_comment(struct buf *out, int indent, const char *fmt, ...)
{
	struct buf line;
	va_list ap;

	buf_init(&line, COMMENT_BYTES);
	va_start(ap, fmt);
	buf_vprintf(&line, fmt, ap);
	va_end(ap);
	buf_printf(out, "%*s# ", indent, "");
	for (const char *p = buf_str(&line); *p; p++)
		buf_putc(out, *p >= 0x20 && *p < 0x7f ? *p : '?');
	buf_putc(out, '\n');
	buf_done(&line);
}
