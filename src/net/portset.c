/* Sets of ports. How lists of them are written: portlist.c. */
#include <string.h>

#include "rosaudit/buf.h"
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

void port_set_subtract(struct port_set *s, const struct port_set *from)
{
	for (size_t i = 0; i < sizeof(s->bits) / sizeof(s->bits[0]); i++)
		s->bits[i] &= ~from->bits[i];
}

void port_set_merge(struct port_set *s, const struct port_set *more)
{
	for (size_t i = 0; i < sizeof(s->bits) / sizeof(s->bits[0]); i++)
		s->bits[i] |= more->bits[i];
}

void port_set_format(const struct port_set *s, struct buf *out)
{
	const char *comma = "";
	int first = port_set_next(s, 0), last;

	for (; first >= 0; first = last < PORT_MAX ? port_set_next(s, (unsigned)last + 1) : -1) {
		for (last = first; last < PORT_MAX && port_set_has(s, (uint16_t)(last + 1));)
			last++;
		buf_printf(out, "%s%d", comma, first);
		if (last > first)
			buf_printf(out, "-%d", last);
		comma = ",";
	}
}
