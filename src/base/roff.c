/* man(7) source. What groff and mandoc both take for granted: `-` is a hyphen unless escaped, and a
 * line that begins with . or ' is a command. */
#include "rosaudit/roff.h"

#include <string.h>

#include "rosaudit/text.h"
#include "rosaudit/version.h"

/* mandoc finds fault with lines of more than 80 bytes. */
#define FILL_COLUMN 55u

void roff_page(struct buf *out, const char *title, const char *section, const char *about)
{
	buf_printf(out, ".TH %s %s %s \"rosaudit %s\" \"%s\"\n", title, section, ROSAUDIT_DATE,
	           ROSAUDIT_VERSION, about);
}

void roff_section(struct buf *out, const char *heading)
{
	buf_printf(out, ".SH %s\n", heading);
}

static void add_character(struct buf *out, long c)
{
	if (c == '\\')
		buf_puts(out, "\\e");
	else if (c == '-')
		buf_puts(out, "\\-");
	else if (c == '~' || c == '^' || c == '`' || c == '\'')
		buf_puts(out, c == '~'   ? "\\(ti"
		              : c == '^' ? "\\(ha"
		              : c == '`' ? "\\(ga"
		                         : "\\(aq");
	else if (c >= 0x20 && c < 0x7f)
		buf_putc(out, (char)c);
	else if (c == '\n')
		buf_putc(out, ' ');
	else
		buf_printf(out, "\\[u%04lX]", (unsigned long)(c < 0 ? 0xfffd : c));
}

/* Bytes of the last line. */
static size_t column(const struct buf *out)
{
	const char *end = out->n ? memrchr(out->p, '\n', out->n) : NULL;

	return end ? (size_t)(out->p + out->n - end - 1) : out->n;
}

static void add_line(struct buf *out, const char *text, bool fills)
{
	size_t n = strlen(text), len;

	for (size_t i = 0; i < n; i += len) {
		long c = text_utf8(text + i, n - i, &len);

		if (c == ' ' && fills && column(out) > FILL_COLUMN) {
			buf_putc(out, '\n');
			continue;
		}
		if (c == '.' && column(out) == 0)
			buf_puts(out, "\\&");
		add_character(out, c);
	}
}

void roff_text(struct buf *out, const char *text)
{
	add_line(out, text, true);
}

void roff_font(struct buf *out, char font, const char *text)
{
	buf_printf(out, "\\f%c", font);
	add_line(out, text, false);
	buf_puts(out, "\\fR");
}

void roff_paragraph(struct buf *out, const char *text)
{
	buf_puts(out, ".PP\n");
	roff_text(out, text);
	buf_putc(out, '\n');
}

void roff_item(struct buf *out)
{
	buf_puts(out, ".TP\n");
}

void roff_example(struct buf *out, const char *text)
{
	buf_puts(out, ".RS 4\n.nf\n");
	while (*text) {
		char line[512];
		size_t n = strcspn(text, "\n"), kept = n < sizeof(line) ? n : sizeof(line) - 1;

		memcpy(line, text, kept);
		line[kept] = '\0';
		add_line(out, line, false);
		buf_putc(out, '\n');
		text += n + (text[n] == '\n');
	}
	buf_puts(out, ".fi\n.RE\n");
}
