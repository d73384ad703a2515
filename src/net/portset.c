/* Sets of ports, and nmap's -p syntax for them. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rosaudit/error.h"
#include "rosaudit/portset.h"

enum { PORT_MAX = 65535, WORD_BITS = 64 };

void port_set_clear(struct port_set *s)
{
	memset(s, 0, sizeof(*s));
}

void port_set_add(struct port_set *s, uint16_t port)
{
	s->bits[port / WORD_BITS] |= UINT64_C(1) << (port % WORD_BITS);
}

void port_set_add_range(struct port_set *s, uint16_t first, uint16_t last)
{
	for (unsigned p = first; p <= last; p++)
		port_set_add(s, (uint16_t)p);
}

void port_set_remove(struct port_set *s, uint16_t port)
{
	s->bits[port / WORD_BITS] &= ~(UINT64_C(1) << (port % WORD_BITS));
}

bool port_set_has(const struct port_set *s, uint16_t port)
{
	return s->bits[port / WORD_BITS] >> (port % WORD_BITS) & 1;
}

size_t port_set_count(const struct port_set *s)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof(s->bits) / sizeof(s->bits[0]); i++)
		n += (size_t)__builtin_popcountll(s->bits[i]);
	return n;
}

int port_set_next(const struct port_set *s, unsigned from)
{
	uint64_t word;

	for (unsigned i = from / WORD_BITS; i <= PORT_MAX / WORD_BITS; i++) {
		word = s->bits[i];
		if (i == from / WORD_BITS)
			word &= ~UINT64_C(0) << (from % WORD_BITS);
		if (word)
			return (int)(i * WORD_BITS) + __builtin_ctzll(word);
	}
	return -1;
}

/* Where a port list is being read. */
struct cursor {
	const char *s;
	size_t n, at;
	port_name_lookup *lookup;
	struct port_set *out;
	struct error *err;
};

static char peek(const struct cursor *c)
{
	return c->at < c->n ? c->s[c->at] : '\0';
}

static bool is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

/* As nmap: blanks may stand around every word of the list. */
static void skip_blanks(struct cursor *c)
{
	while (peek(c) == ' ' || peek(c) == '\t')
		c->at++;
}

__attribute__((format(printf, 3, 4))) static int fail(struct cursor *c, size_t at, const char *fmt,
                                                      ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return error_set_at(c->err, ERROR_USAGE, "port list", 1, at + 1, "%s", text);
}

/* A decimal number up to 65535 at the cursor. Leading zeros are decimal, as in nmap. */
static int read_number(struct cursor *c, unsigned *out)
{
	size_t start = c->at;
	unsigned v = 0;

	for (; is_digit(peek(c)); c->at++)
		if (v <= PORT_MAX)
			v = v * 10 + (unsigned)(peek(c) - '0');
	if (v > PORT_MAX)
		return fail(c, start, "port %.*s is above 65535",
		            (int)(c->at - start < 20 ? c->at - start : 20), c->s + start);
	*out = v;
	return 0;
}

/* "22", "1-1024", "-100", "60000-", "-". An open start is 1, not 0: nobody means port 0. */
static int read_range(struct cursor *c)
{
	size_t start = c->at;
	unsigned first = 1, last;

	if (is_digit(peek(c)) && read_number(c, &first))
		return -1;
	last = first;
	skip_blanks(c);
	if (peek(c) == '-') {
		c->at++;
		skip_blanks(c);
		last = PORT_MAX;
		if (is_digit(peek(c)) && read_number(c, &last))
			return -1;
	}
	if (last < first)
		return fail(c, start, "range %u-%u runs backwards", first, last);
	port_set_add_range(c->out, (uint16_t)first, (uint16_t)last);
	return 0;
}

static int read_name(struct cursor *c)
{
	size_t start = c->at, len;

	while (peek(c) && peek(c) != ',' && peek(c) != ' ' && peek(c) != '\t')
		c->at++;
	len = c->at - start;
	if (c->lookup && c->lookup(c->s + start, len, c->out))
		return 0;
	return fail(c, start, "no TCP port is called '%.*s'", (int)(len < 64 ? len : 64),
	            c->s + start);
}

/* What may stand before a colon. T: is accepted; the others name what this set cannot hold. */
static const struct {
	char letter;
	const char *why_not;
} protocols[] = {
	{.letter = 'T', .why_not = NULL},
	{.letter = 'U', .why_not = "UDP ports are not probed"},
	{.letter = 'S', .why_not = "SCTP ports are not probed"},
	{.letter = 'P', .why_not = "IP protocols are not probed"},
};

/* "T:" before a range; says so when it is another protocol's letter. */
static int read_protocol(struct cursor *c)
{
	if (c->at + 1 >= c->n || c->s[c->at + 1] != ':')
		return 0;
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		if (protocols[i].letter != peek(c))
			continue;
		if (protocols[i].why_not)
			return fail(c, c->at, "'%c:' cannot be used here: %s, only TCP (T:) is",
			            peek(c), protocols[i].why_not);
		c->at += 2;
		skip_blanks(c);
		return 0;
	}
	return fail(c, c->at, "unknown protocol letter before ':', only T: is");
}

static int read_element(struct cursor *c)
{
	char ch;

	skip_blanks(c);
	if (read_protocol(c))
		return -1;
	ch = peek(c);
	if (is_digit(ch) || ch == '-')
		return read_range(c);
	if ((ch >= 'a' && ch <= 'z') || ch == '*' || ch == '?')
		return read_name(c);
	if (ch == ',' || c->at >= c->n)
		return fail(c, c->at, "a port, a range or a name is missing here");
	if (ch == '[')
		return fail(c, c->at, "'[…]' (known ports within a range) is not supported");
	if (ch >= 'A' && ch <= 'Z')
		return fail(c, c->at, "service names are written in lower case");
	return fail(c, c->at, "not a port, a range such as 1-1024, or a name");
}

int port_set_parse(const char *s, size_t n, port_name_lookup *lookup, struct port_set *out,
                   struct error *err)
{
	struct port_set found;
	struct cursor c = {.s = s, .n = n, .lookup = lookup, .out = &found, .err = err};

	port_set_clear(&found);
	do {
		if (read_element(&c))
			return -1;
		skip_blanks(&c);
		if (c.at < n && c.s[c.at] != ',')
			return fail(&c, c.at, "a comma is expected here");
		c.at++;
		skip_blanks(&c);
	} while (c.at < n); /* one comma at the very end is nmap's, too */
	for (size_t i = 0; i < sizeof(found.bits) / sizeof(found.bits[0]); i++)
		out->bits[i] |= found.bits[i];
	return 0;
}
