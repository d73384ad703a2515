/* Target lists as nmap writes them: octets with lists and ranges, prefixes, names. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "rosaudit/arena.h"
#include "rosaudit/buf.h"
#include "rosaudit/error.h"
#include "rosaudit/hosts.h"
#include "rosaudit/prefix.h"
#include "rosaudit/text.h"

struct pattern {
	const char *s;
	size_t n, at; /* bytes, and those that are read */
	struct error *err;
};

static int fault(struct error *err, size_t at, const char *text)
{
	return error_set_at(err, ERROR_USAGE, "hosts", 1, at + 1, "%s", text);
}

static int bad_prefix(struct error *err, size_t at)
{
	return fault(err, at, "a prefix is an address, \"/\" and its length, as in 192.0.2.0/28");
}

static char peek(const struct pattern *p)
{
	return p->at < p->n ? p->s[p->at] : '\0';
}

static bool at_number(const struct pattern *p)
{
	return peek(p) >= '0' && peek(p) <= '9';
}

/* One number of an octet; absent ones are left to the caller ("-30" is 0-30). */
static int read_number(struct pattern *p, unsigned long *out)
{
	size_t start = p->at;

	while (at_number(p))
		p->at++;
	if (!text_to_uint(p->s + start, p->at - start, 0, 255, out))
		return fault(p->err, start, "a number from 0 to 255 is expected here");
	return 0;
}

static void octet_add(uint64_t octet[4], unsigned first, unsigned last)
{
	for (unsigned v = first; v <= last; v++)
		octet[v / 64] |= UINT64_C(1) << (v % 64);
}

static bool octet_has(const uint64_t octet[4], unsigned v)
{
	return octet[v / 64] >> (v % 64) & 1;
}

/* The smallest value at or above from, or 256. */
static unsigned octet_next(const uint64_t octet[4], unsigned from)
{
	while (from < 256 && !octet_has(octet, from))
		from++;
	return from;
}

static unsigned octet_count(const uint64_t octet[4])
{
	unsigned n = 0;

	for (size_t i = 0; i < 4; i++)
		n += (unsigned)__builtin_popcountll(octet[i]);
	return n;
}

/* "7", "1-30", "-30", "200-", "-", "*". */
static int read_range(struct pattern *p, uint64_t octet[4])
{
	size_t start = p->at;
	unsigned long first = 0, last = 255;

	if (peek(p) == '*') {
		p->at++;
	} else {
		bool has_first = at_number(p);

		if ((has_first || peek(p) != '-') && read_number(p, &first) != 0)
			return -1;
		if (peek(p) != '-')
			last = first;
		else if (p->at++, at_number(p) && read_number(p, &last) != 0)
			return -1;
	}
	if (first > last)
		return fault(p->err, start, "this range ends before it begins");
	octet_add(octet, (unsigned)first, (unsigned)last);
	return 0;
}

static int read_octet(struct pattern *p, uint64_t octet[4])
{
	for (;;) {
		if (read_range(p, octet) != 0)
			return -1;
		if (peek(p) != ',')
			return 0;
		p->at++;
	}
}

static int read_pattern(struct pattern *p, struct host_range *out)
{
	for (size_t i = 0; i < 4; i++) {
		if (read_octet(p, out->octets[i]) != 0)
			return -1;
		if (i < 3 && peek(p) != '.')
			return fault(p->err, p->at,
			             "an IPv4 address has four numbers with dots between them");
		p->at += i < 3;
	}
	if (p->at < p->n)
		return fault(p->err, p->at, "nothing may follow the fourth number of an address");
	return 0;
}

/* Every value of an octet becomes the block of values that share its first bits. */
static void widen_octet(uint64_t octet[4], unsigned bits)
{
	uint64_t wide[4] = {0};
	unsigned rest = 255u >> bits;

	for (unsigned v = octet_next(octet, 0); v < 256; v = octet_next(octet, v + 1))
		octet_add(wide, v & ~rest, v | rest);
	memcpy(octet, wide, sizeof(wide));
}

static void widen(struct host_range *r, unsigned bits)
{
	for (unsigned i = 0; i < 4; i++)
		widen_octet(r->octets[i], bits <= i * 8 ? 0 : bits >= i * 8 + 8 ? 8 : bits - i * 8);
}

/* The length behind a slash; at is where the slash stands. */
static int read_bits(const char *s, size_t n, size_t at, unsigned long max, int *out,
                     struct error *err)
{
	unsigned long bits;

	if (!text_to_uint(s + at + 1, n - at - 1, 0, max, &bits))
		return bad_prefix(err, at);
	*out = (int)bits;
	return 0;
}

/* A name has a letter somewhere, an IPv6 address a colon. */
static bool is_pattern(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] == '\0' || !strchr("0123456789.,-*", s[i]))
			return false;
	return true;
}

static int parse_ipv6(const char *s, size_t n, size_t slash, struct host_range *out,
                      struct error *err)
{
	enum prefix_fault f;

	out->kind = HOST_IPV6;
	out->prefix.len = 128;
	if (slash == n) {
		if (address_parse(s, n, &out->prefix.address))
			return 0;
		return fault(err, 0,
		             "this is no IPv6 address, or this machine has no such interface");
	}
	f = prefix_parse(s, n, &out->prefix);
	/* As in nmap, host bits do no harm here: 2001:db8::9/126 is the network around it. */
	return f == PREFIX_OK || f == PREFIX_HOST_BITS ? 0 : bad_prefix(err, slash);
}

int host_range_parse(const char *s, size_t n, struct host_range *out, struct error *err)
{
	const char *found = n ? memchr(s, '/', n) : NULL;
	size_t slash = found ? (size_t)(found - s) : n;
	struct pattern p = {.s = s, .n = slash, .err = err};
	int bits = -1;

	*out = (struct host_range){.kind = HOST_NAME, .name = s, .name_n = slash, .bits = -1};
	if (slash == 0)
		return fault(err, 0, "an address or a host name is expected here");
	if (memchr(s, ':', slash))
		return parse_ipv6(s, n, slash, out, err);
	if (found && read_bits(s, n, slash, is_pattern(s, slash) ? 32 : 128, &bits, err))
		return -1;
	out->bits = bits;
	if (!is_pattern(s, slash))
		return 0;
	out->kind = HOST_IPV4;
	if (read_pattern(&p, out))
		return -1;
	if (bits >= 0)
		widen(out, (unsigned)bits);
	return 0;
}

void host_range_around(const struct address *a, int bits, struct host_range *out)
{
	int most = a->family == 4 ? 32 : 128;
	unsigned keep = (unsigned)(bits < 0 || bits > most ? most : bits);

	*out = (struct host_range){.kind = a->family == 4 ? HOST_IPV4 : HOST_IPV6, .bits = -1};
	if (a->family == 4) {
		for (size_t i = 0; i < 4; i++)
			octet_add(out->octets[i], a->bytes[i], a->bytes[i]);
		widen(out, keep);
		return;
	}
	out->prefix = (struct prefix){.address = *a, .len = (uint8_t)keep};
	for (unsigned i = keep; i < 128; i++)
		out->prefix.address.bytes[i / 8] &= (uint8_t) ~(0x80u >> i % 8);
}

uint64_t host_range_count(const struct host_range *r)
{
	unsigned rest = r->kind == HOST_IPV6 ? 128u - r->prefix.len : 0;
	uint64_t n = 1;

	if (r->kind == HOST_NAME && r->bits >= 0 && r->bits < 32)
		rest = 32u - (unsigned)r->bits;
	if (r->kind == HOST_IPV4)
		for (size_t i = 0; i < 4; i++)
			n *= octet_count(r->octets[i]);
	return rest >= 64 ? UINT64_MAX : n << rest;
}

bool host_range_has(const struct host_range *r, const struct address *a)
{
	if (r->kind == HOST_IPV6)
		return a->family == 6 && prefix_contains(&r->prefix, a);
	if (r->kind != HOST_IPV4 || a->family != 4)
		return false;
	for (size_t i = 0; i < 4; i++)
		if (!octet_has(r->octets[i], a->bytes[i]))
			return false;
	return true;
}

/* The next higher address, without looking at any range; false behind the last. */
static bool increment(struct address *a)
{
	for (size_t i = a->family == 4 ? 4 : 16; i-- > 0;)
		if (++a->bytes[i] != 0)
			return true;
	return false;
}

/* The last octet that can go up does; those behind it begin again. */
static bool next_ipv4(const struct host_range *r, struct address *a)
{
	for (size_t i = 4; i-- > 0;) {
		unsigned v = octet_next(r->octets[i], a->bytes[i] + 1u);

		if (v < 256) {
			a->bytes[i] = (uint8_t)v;
			return true;
		}
		a->bytes[i] = (uint8_t)octet_next(r->octets[i], 0);
	}
	return false;
}

static void first_of(const struct host_range *r, struct address *out)
{
	if (r->kind == HOST_IPV6) {
		*out = r->prefix.address;
		return;
	}
	*out = (struct address){.family = 4};
	for (size_t i = 0; i < 4; i++)
		out->bytes[i] = (uint8_t)octet_next(r->octets[i], 0);
}

bool host_range_next(const struct host_range *r, struct host_cursor *c, struct address *out)
{
	bool more;

	if (c->done || r->kind == HOST_NAME)
		return false;
	if (!c->begun) {
		c->begun = true;
		first_of(r, &c->at);
		*out = c->at;
		return true;
	}
	if (r->kind == HOST_IPV4)
		more = next_ipv4(r, &c->at);
	else
		more = increment(&c->at) && prefix_contains(&r->prefix, &c->at);
	c->done = !more;
	*out = c->at;
	return more;
}

static int too_many(struct error *err, size_t max)
{
	return error_set_at(err, ERROR_USAGE, "hosts", 1, 1,
	                    "that is more than the %zu addresses that one run takes", max);
}

static void write_all(const struct host_range *r, struct arena *arena, const char **out)
{
	struct host_cursor at = {0};
	struct address a;
	struct buf text;

	buf_init(&text, 128);
	for (size_t i = 0; host_range_next(r, &at, &a); i++) {
		buf_clear(&text);
		address_format(&a, &text);
		out[i] = arena_strdup(arena, buf_str(&text));
	}
	buf_done(&text);
}

int hosts_expand(const char *expr, size_t max, struct arena *arena, const char ***out, size_t *n,
                 struct error *err)
{
	size_t length = strlen(expr);
	const char *slash = strchr(expr, '/');
	struct host_range r = {.kind = HOST_NAME, .bits = -1};
	uint64_t count;

	*n = 0;
	*out = NULL;
	/* An IPv6 address is itself, and need not be one that this machine can reach. */
	if ((slash || !strchr(expr, ':')) && host_range_parse(expr, length, &r, err))
		return -1;
	/* What a name stands for is not known yet. */
	if (r.kind == HOST_NAME && r.bits >= 0)
		return bad_prefix(err, (size_t)(slash - expr));
	count = host_range_count(&r);
	if (count > max)
		return too_many(err, max);
	*n = (size_t)count;
	*out = arena_array(arena, *n, sizeof(**out));
	if (r.kind == HOST_NAME)
		(*out)[0] = arena_strdup(arena, expr);
	else
		write_all(&r, arena, *out);
	return 0;
}
