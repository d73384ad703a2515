/* Addresses and prefixes. */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "rosaudit/buf.h"
#include "rosaudit/prefix.h"
#include "rosaudit/text.h"

static unsigned bits_of(uint8_t family)
{
	return family == 4 ? 32 : 128;
}

/* "%eth0" or "%3" behind an address; false when there is no such interface. */
static bool parse_zone(const char *zone, struct address *a)
{
	unsigned long index;

	if (text_to_uint(zone, strlen(zone), 1, UINT32_MAX, &index))
		a->scope = (uint32_t)index;
	else
		a->scope = if_nametoindex(zone);
	return a->scope != 0;
}

bool address_parse(const char *s, size_t n, struct address *out)
{
	char text[INET6_ADDRSTRLEN + IF_NAMESIZE + 1];
	struct address a = {0};
	char *zone;

	if (n == 0 || n >= sizeof(text) || memchr(s, '\0', n))
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	zone = strchr(text, '%');
	if (zone)
		*zone++ = '\0';
	if (!zone && inet_pton(AF_INET, text, a.bytes) == 1)
		a.family = 4;
	else if (inet_pton(AF_INET6, text, a.bytes) == 1)
		a.family = 6;
	else
		return false;
	if (zone && !parse_zone(zone, &a))
		return false;
	*out = a;
	return true;
}

void address_format(const struct address *a, struct buf *out)
{
	char text[INET6_ADDRSTRLEN] = "", zone[IF_NAMESIZE];

	if (a->family != 4 && a->family != 6)
		return;
	inet_ntop(a->family == 4 ? AF_INET : AF_INET6, a->bytes, text, sizeof(text));
	buf_puts(out, text);
	if (a->scope && if_indextoname(a->scope, zone))
		buf_printf(out, "%%%s", zone);
	else if (a->scope)
		buf_printf(out, "%%%u", a->scope);
}

bool address_equal(const struct address *a, const struct address *b)
{
	return a->family == b->family && a->scope == b->scope &&
	       memcmp(a->bytes, b->bytes, bits_of(a->family) / 8) == 0;
}

bool address_from_sockaddr(const struct sockaddr *sa, struct address *out)
{
	struct address a = {0};

	if (sa->sa_family == AF_INET) {
		a.family = 4;
		memcpy(a.bytes, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, 4);
	} else if (sa->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)sa;

		if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
			a.family = 4;
			memcpy(a.bytes, in6->sin6_addr.s6_addr + 12, 4);
		} else {
			a.family = 6;
			memcpy(a.bytes, &in6->sin6_addr, 16);
			a.scope = in6->sin6_scope_id;
		}
	} else {
		return false;
	}
	*out = a;
	return true;
}

unsigned address_to_sockaddr(const struct address *a, uint16_t port, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof(*out));
	if (a->family == 4) {
		struct sockaddr_in *in = (struct sockaddr_in *)(void *)out;

		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		memcpy(&in->sin_addr, a->bytes, 4);
		return sizeof(*in);
	}
	if (a->family == 6) {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)out;

		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		in6->sin6_scope_id = a->scope;
		memcpy(&in6->sin6_addr, a->bytes, 16);
		return sizeof(*in6);
	}
	return 0;
}

static bool bit_get(const struct address *a, unsigned i)
{
	return a->bytes[i / 8] >> (7 - i % 8) & 1;
}

static void bit_set(struct address *a, unsigned i)
{
	a->bytes[i / 8] = (uint8_t)(a->bytes[i / 8] | 1u << (7 - i % 8));
}

/* Clears what stands behind the first len bits; says whether anything stood there. */
static bool mask(struct address *a, unsigned len)
{
	bool cleared = false;

	for (unsigned i = len; i < bits_of(a->family); i++) {
		if (!bit_get(a, i))
			continue;
		a->bytes[i / 8] = (uint8_t)(a->bytes[i / 8] & ~(1u << (7 - i % 8)));
		cleared = true;
	}
	return cleared;
}

enum prefix_fault prefix_parse(const char *s, size_t n, struct prefix *out)
{
	const char *slash = memchr(s, '/', n);
	size_t host = slash ? (size_t)(slash - s) : n;
	struct prefix p = {0};
	unsigned long len;

	if (memchr(s, '%', n) || !address_parse(s, host, &p.address))
		return PREFIX_MALFORMED;
	len = bits_of(p.address.family);
	if (slash && !text_to_uint(slash + 1, n - host - 1, 0, 999, &len))
		return PREFIX_MALFORMED;
	if (len > bits_of(p.address.family))
		return PREFIX_LENGTH;
	p.len = (uint8_t)len;
	if (mask(&p.address, p.len)) {
		*out = p;
		return PREFIX_HOST_BITS;
	}
	*out = p;
	return PREFIX_OK;
}

void prefix_format(const struct prefix *p, struct buf *out)
{
	address_format(&p->address, out);
	buf_printf(out, "/%u", p->len);
}

bool prefix_equal(const struct prefix *a, const struct prefix *b)
{
	return a->len == b->len && address_equal(&a->address, &b->address);
}

/* Do the first len bits agree? */
static bool same_bits(const struct address *a, const struct address *b, unsigned len)
{
	unsigned whole = len / 8, rest = len % 8;

	if (a->family != b->family || memcmp(a->bytes, b->bytes, whole) != 0)
		return false;
	return rest == 0 || (a->bytes[whole] ^ b->bytes[whole]) >> (8 - rest) == 0;
}

bool prefix_contains(const struct prefix *p, const struct address *a)
{
	return p->address.family != 0 && same_bits(&p->address, a, p->len);
}

bool prefix_covers(const struct prefix *outer, const struct prefix *inner)
{
	return outer->len <= inner->len && prefix_contains(outer, &inner->address);
}

/*
 * Either one prefix covers inner, or each half of inner is covered. Descending stops as soon as no
 * prefix of the set lies inside, so the work is bounded by (prefixes inside) × 128.
 */
static bool covers(const struct prefix *outer, size_t n, struct prefix inner)
{
	bool any_inside = false;
	struct prefix half;

	for (size_t i = 0; i < n; i++) {
		if (prefix_covers(&outer[i], &inner))
			return true;
		any_inside = any_inside || prefix_covers(&inner, &outer[i]);
	}
	if (!any_inside || inner.len >= bits_of(inner.address.family))
		return false;
	half = inner;
	half.len++;
	if (!covers(outer, n, half))
		return false;
	bit_set(&half.address, inner.len);
	return covers(outer, n, half);
}

bool prefix_set_covers(const struct prefix *outer, size_t n, const struct prefix *inner)
{
	return covers(outer, n, *inner);
}

bool prefix_set_contains(const struct prefix *set, size_t n, const struct address *a)
{
	for (size_t i = 0; i < n; i++)
		if (prefix_contains(&set[i], a))
			return true;
	return false;
}

static const struct prefix everything[2] = {
	{.address = {.family = 4}, .len = 0},
	{.address = {.family = 6}, .len = 0},
};

bool prefix_set_restricts(const struct prefix *set, size_t n)
{
	return n > 0 && !(covers(set, n, everything[0]) && covers(set, n, everything[1]));
}

bool prefix_set_open(const struct prefix *set, size_t n)
{
	return n == 0 || covers(set, n, everything[0]) || covers(set, n, everything[1]);
}

void prefix_set_format(const struct prefix *set, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_putc(out, ',');
		prefix_format(&set[i], out);
	}
}
