/* nmap's -p syntax for lists of ports. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rosaudit/error.h"
#include "rosaudit/portset.h"

enum { PORT_MAX = 65535 };

/* Where a port list is being read. */
struct cursor {
	const char *s;
	size_t n, at;
	const struct port_reading *how;
	bool tcp, udp; /* what the ports here are added to */
	struct port_lists *out;
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

static void keep_common(struct port_set *s, const struct port_set *other)
{
	for (size_t i = 0; i < sizeof(s->bits) / sizeof(s->bits[0]); i++)
		s->bits[i] &= other->bits[i];
}

/* To the protocols that are meant at this place. */
static void add_all(struct cursor *c, const struct port_set *tcp, const struct port_set *udp)
{
	if (c->tcp)
		port_set_merge(&c->out->tcp, tcp);
	if (c->udp)
		port_set_merge(&c->out->udp, udp);
}

/* "22", "1-1024", "-100", "60000-", "-". An open start is 1, not 0: nobody means port 0. */
static int read_range(struct cursor *c, struct port_set *out)
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
	port_set_add_range(out, (uint16_t)first, (uint16_t)last);
	return 0;
}

static int read_ports(struct cursor *c)
{
	struct port_set range;

	port_set_clear(&range);
	if (read_range(c, &range))
		return -1;
	add_all(c, &range, &range);
	return 0;
}

/* "[1-1024]": what has a name within the range. */
static int read_known(struct cursor *c)
{
	size_t start = c->at++;
	struct port_set range, tcp, udp;

	port_set_clear(&range);
	port_set_clear(&tcp);
	port_set_clear(&udp);
	skip_blanks(c);
	if (!is_digit(peek(c)) && peek(c) != '-')
		return fail(c, c->at, "a range is expected behind '['");
	if (read_range(c, &range))
		return -1;
	skip_blanks(c);
	if (peek(c) != ']')
		return fail(c, start, "this '[' is never closed");
	c->at++;
	if (c->how->tcp_names)
		c->how->tcp_names("*", 1, &tcp);
	if (c->how->udp_names)
		c->how->udp_names("*", 1, &udp);
	keep_common(&tcp, &range);
	keep_common(&udp, &range);
	add_all(c, &tcp, &udp);
	return 0;
}

static int read_name(struct cursor *c)
{
	size_t start = c->at, len;
	bool found = false;

	while (peek(c) && peek(c) != ',' && peek(c) != ' ' && peek(c) != '\t')
		c->at++;
	len = c->at - start;
	if (c->tcp && c->how->tcp_names)
		found |= c->how->tcp_names(c->s + start, len, &c->out->tcp);
	if (c->udp && c->how->udp_names)
		found |= c->how->udp_names(c->s + start, len, &c->out->udp);
	if (found)
		return 0;
	return fail(c, start, "no %s port is called '%.*s'",
	            !c->udp  ? "TCP"
	            : c->tcp ? "TCP or UDP"
	                     : "UDP",
	            (int)(len < 64 ? len : 64), c->s + start);
}

/* What may stand before a colon; why_not for what can never be. */
static const struct {
	char letter;
	bool tcp, udp;
	const char *why_not;
} protocols[] = {
	{.letter = 'T', .tcp = true},
	{.letter = 'U', .udp = true},
	{.letter = 'S', .why_not = "SCTP ports"},
	{.letter = 'P', .why_not = "IP protocols"},
};

static int refuse_protocol(struct cursor *c, const char *what)
{
	return fail(c, c->at, "'%c:' cannot be used here: %s are not probed, only TCP (T:)%s",
	            peek(c), what, c->how->udp_names || c->how->udp ? " and UDP (U:) are" : " is");
}

/* "T:" before a range; says so when it is another protocol's letter. */
static int read_protocol(struct cursor *c)
{
	bool takes_udp = c->how->udp_names || c->how->udp;

	if (c->at + 1 >= c->n || c->s[c->at + 1] != ':')
		return 0;
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		if (protocols[i].letter != peek(c))
			continue;
		if (protocols[i].why_not)
			return refuse_protocol(c, protocols[i].why_not);
		if (protocols[i].udp && !takes_udp)
			return refuse_protocol(c, "UDP ports");
		c->tcp = protocols[i].tcp;
		c->udp = protocols[i].udp;
		c->at += 2;
		skip_blanks(c);
		return read_protocol(c);
	}
	return fail(c, c->at, "unknown protocol letter before ':', only T:%s",
	            takes_udp ? " and U: are" : " is");
}

static int read_element(struct cursor *c)
{
	char ch;

	skip_blanks(c);
	if (read_protocol(c))
		return -1;
	ch = peek(c);
	if (is_digit(ch) || ch == '-')
		return read_ports(c);
	if (ch == '[')
		return read_known(c);
	if ((ch >= 'a' && ch <= 'z') || ch == '*' || ch == '?')
		return read_name(c);
	if (ch == ',' || c->at >= c->n)
		return fail(c, c->at, "a port, a range or a name is missing here");
	if (ch >= 'A' && ch <= 'Z')
		return fail(c, c->at, "service names are written in lower case");
	return fail(c, c->at, "not a port, a range such as 1-1024, or a name");
}

int port_lists_parse(const char *s, size_t n, const struct port_reading *how,
                     struct port_lists *out, struct error *err)
{
	struct port_lists found;
	struct cursor c = {.s = s, .n = n, .how = how, .out = &found, .err = err};

	c.tcp = how->tcp;
	c.udp = how->udp;
	port_set_clear(&found.tcp);
	port_set_clear(&found.udp);
	do {
		if (read_element(&c))
			return -1;
		skip_blanks(&c);
		if (c.at < n && c.s[c.at] != ',')
			return fail(&c, c.at, "a comma is expected here");
		c.at++;
		skip_blanks(&c);
	} while (c.at < n); /* one comma at the very end is nmap's, too */
	port_set_merge(&out->tcp, &found.tcp);
	port_set_merge(&out->udp, &found.udp);
	return 0;
}

int port_set_parse(const char *s, size_t n, port_name_lookup *lookup, struct port_set *out,
                   struct error *err)
{
	struct port_reading how = {.tcp = true, .tcp_names = lookup};
	struct port_lists lists;

	port_set_clear(&lists.tcp);
	port_set_clear(&lists.udp);
	if (port_lists_parse(s, n, &how, &lists, err))
		return -1;
	port_set_merge(out, &lists.tcp);
	return 0;
}
