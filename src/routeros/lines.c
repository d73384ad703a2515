/* A text as lines: what a terminal would show of it, with the places where it stood. */
#include <stdio.h>
#include <string.h>

#include "forms.h"
#include "rosaudit/text.h"

/* The line that is being cleaned, inside one buffer for the whole text. */
struct cleaner {
	struct reading *r;
	char *out; /* the next line's first byte */
	size_t n;
	size_t number; /* of the physical line */
	size_t chars;  /* seen in the physical line */
	size_t before; /* of those, before this line's first byte */
	bool ascii;
};

size_t line_indent(const struct line *l)
{
	size_t i = 0;

	while (i < l->n && (l->p[i] == ' ' || l->p[i] == '\t'))
		i++;
	return i;
}

/* Characters of the first `offset` bytes; continues from the last question about the same line. */
static size_t count_chars(struct reading *r, const struct line *l, size_t offset)
{
	size_t i = 0, chars = 0, len;

	if (l->ascii)
		return offset;
	if (r->spot_line == l && r->spot_offset <= offset) {
		i = r->spot_offset;
		chars = r->spot_chars;
	}
	while (i < offset) {
		text_utf8(l->p + i, l->n - i, &len);
		i += len;
		chars++;
	}
	r->spot_line = l;
	r->spot_offset = i;
	r->spot_chars = chars;
	return chars;
}

struct spot line_spot(struct reading *r, const struct line *l, size_t offset)
{
	return (struct spot){
		.line = l->number,
		.column = l->before + count_chars(r, l, offset) + 1,
		.near = l->p + offset,
	};
}

/* Bytes of near that an error shows: the rest of its line, cut at a character. */
static int near_length(const char *near)
{
	size_t n = strcspn(near, "\r\n"), cut;

	if (n <= FORM_NEAR_BYTES)
		return (int)n;
	cut = FORM_NEAR_BYTES;
	while (cut && ((unsigned char)near[cut] & 0xc0) == 0x80)
		cut--;
	return (int)cut;
}

int fail_at(struct reading *r, struct spot s, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!s.near || !s.near[0])
		return error_set_at(r->err, ERROR_PARSE, r->where, s.line, s.column, "%s", text);
	return error_set_at(r->err, ERROR_PARSE, r->where, s.line, s.column, "%s, near '%.*s'",
	                    text, near_length(s.near), s.near);
}

int row_error(const struct cell *c, const char *where, struct error *err, const char *what)
{
	char name[64];
	size_t i;

	for (i = 0; c->name[i] && i + 1 < sizeof(name); i++)
		name[i] = (char)(c->name[i] >= 'a' && c->name[i] <= 'z' ? c->name[i] - 32
		                                                        : c->name[i]);
	name[i] = '\0';
	return error_set_at(err, ERROR_PARSE, where, c->line, c->column,
	                    "%s \"%.64s\" %s, near '%.*s'", name, c->value, what,
	                    near_length(c->near), c->near);
}

static int push_line(struct cleaner *c, const char *p, size_t n, bool ended)
{
	struct reading *r = c->r;

	if (r->lines_n == FORM_LINES_MAX)
		return error_set_at(r->err, ERROR_LIMIT, r->where, c->number, 1,
		                    "more than %u lines", FORM_LINES_MAX);
	if (r->lines_n == r->lines_cap) {
		size_t cap = r->lines_cap ? r->lines_cap * 2 : 64;

		r->lines = arena_grow(&r->scratch, r->lines, r->lines_n, cap, sizeof(*r->lines));
		r->lines_cap = cap;
	}
	r->lines[r->lines_n++] = (struct line){
		.p = p,
		.n = n,
		.number = c->number,
		.before = c->before,
		.ascii = c->ascii,
		.ended = ended,
	};
	return 0;
}

static bool last_is_blank(const struct reading *r)
{
	return r->lines_n && r->lines[r->lines_n - 1].n == 0;
}

/* as-value puts every record on one line; nothing else is that long. */
static int check_length(struct cleaner *c, const char *p, size_t n)
{
	if (n <= LIMIT_LINE_BYTES || strncmp(p, ".id=", 4) == 0)
		return 0;
	return error_set_at(c->r->err, ERROR_LIMIT, c->r->where, c->number, 1,
	                    "a line of %zu bytes, more than the %u that are read", n,
	                    LIMIT_LINE_BYTES);
}

/* The buffer's line is complete: noise and repeated blank lines go. */
static int end_line(struct cleaner *c, bool ended)
{
	char *p = c->out;
	size_t n = c->n, skip = 0;
	int rc = 0;

	while (n && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	p[n] = '\0';
	if (n && !line_is_noise(p, n, &skip))
		skip = 0;
	if (n && skip == n)
		goto out;
	/* Blanks before a lone CR wiped the pager's question. */
	if (n == 0 && (!ended || last_is_blank(c->r)))
		goto out;
	rc = check_length(c, p + skip, n - skip);
	if (rc == 0)
		rc = push_line(c, p + skip, n - skip, ended);
out:
	c->out += n + 1;
	c->n = 0;
	c->before = c->chars;
	c->ascii = true;
	return rc;
}

static int refuse_byte(struct cleaner *c, unsigned char byte)
{
	return error_set_at(c->r->err, ERROR_PARSE, c->r->where, c->number, c->chars + 1,
	                    byte ? "the byte 0x%02x is no text: is this a saved output?"
	                         : "a NUL byte (0x%02x): is this a saved output, and in UTF-8?",
	                    byte);
}

/* No-break blanks of web pages are blanks, zero-width characters nothing; anything else stays. */
static void put_wide(struct cleaner *c, const char *p, size_t len, long code)
{
	c->chars++;
	if (code == 0x200b || code == 0xfeff)
		return;
	if (code == 0xa0 || code == 0x2007 || code == 0x202f) {
		c->out[c->n++] = ' ';
		return;
	}
	c->ascii = false;
	memcpy(c->out + c->n, p, len);
	c->n += len;
}

/* A backspace takes the last character back, as the console's line editor means it. */
static void backspace(struct cleaner *c)
{
	while (c->n && ((unsigned char)c->out[c->n - 1] & 0xc0) == 0x80)
		c->n--;
	if (c->n)
		c->n--;
}

/* One character at p; returns its bytes, 0 after an error. */
static size_t take_character(struct cleaner *c, const char *p, size_t n)
{
	unsigned char byte = (unsigned char)*p;
	size_t len = 1;

	if (byte >= 0x80) {
		long code = text_utf8(p, n, &len);

		put_wide(c, p, len, code);
		return len;
	}
	if (byte == '\033') {
		len = escape_length(p, n);
		if (len == 0)
			error_set_at(c->r->err, ERROR_PARSE, c->r->where, c->number, c->chars + 1,
			             "an escape sequence that does not end");
		return len;
	}
	if (byte == '\b') {
		backspace(c);
	} else if (byte == '\t' || (byte >= 0x20 && byte != 0x7f)) {
		c->out[c->n++] = (char)byte;
		c->chars++;
	} else if (byte != '\a' && byte != '\f') {
		refuse_byte(c, byte);
		return 0;
	}
	return len;
}

/* CR LF and CR CR LF end a line; a CR alone goes back to its start (a redrawn prompt), so what
 * follows is a line of its own. */
static int split(struct cleaner *c, const char *p, size_t n)
{
	size_t i = 0;

	while (i < n) {
		size_t cr = 0;

		while (i + cr < n && p[i + cr] == '\r')
			cr++;
		if (i + cr < n && p[i + cr] == '\n') {
			if (end_line(c, true))
				return -1;
			c->number++;
			c->chars = c->before = 0;
			i += cr + 1;
		} else if (cr) {
			if (c->n && end_line(c, false))
				return -1;
			i += cr;
		} else {
			size_t len = take_character(c, p + i, n - i);

			if (len == 0)
				return -1;
			i += len;
		}
	}
	return c->n ? end_line(c, false) : 0;
}

/* The marks that editors and PowerShell put before text in other encodings. */
static int check_encoding(struct reading *r, const char *p, size_t n)
{
	if (n >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0)) {
		error_set_at(r->err, ERROR_PARSE, r->where, 1, 1, "this is UTF-16, not UTF-8");
		return error_hint(r->err, "PowerShell's > writes UTF-16: save with "
		                          "`| Out-File -Encoding utf8`");
	}
	return 0;
}

int lines_split(struct reading *r, const char *p, size_t n)
{
	struct cleaner c = {.r = r, .number = 1, .ascii = true};

	if (check_encoding(r, p, n))
		return -1;
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		p += 3;
		n -= 3;
	}
	/* Cleaned lines are never longer than their bytes; each also gets a NUL: two for "x\n". */
	c.out = arena_alloc(r->arena, n + 2);
	if (split(&c, p, n))
		return -1;
	for (size_t i = 0; i < r->lines_n; i++)
		if (r->lines[i].n)
			return 0;
	return error_set_at(r->err, ERROR_PARSE, r->where, 0, 0, "is empty");
}
