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

/* The values that one octet may take. */
struct octet {
	uint8_t values[256]; /* ascending */
	size_t n;
};

struct pattern {
	const char *s;
	size_t at; /* bytes read */
	struct octet octets[4];
	struct error *err;
};

static int fault(struct error *err, size_t at, const char *text)
{
	return error_set_at(err, ERROR_USAGE, "hosts", 1, at + 1, "%s", text);
}

static int too_many(struct error *err, size_t max)
{
	error_set_at(err, ERROR_USAGE, "hosts", 1, 1,
	             "that is more than the %zu addresses that one run takes", max);
	return -1;
}

/* One number of an octet; absent ones are left to the caller ("-30" is 0-30). */
static int read_number(struct pattern *p, unsigned long *out)
{
	size_t n = strspn(p->s + p->at, "0123456789");

	if (!text_to_uint(p->s + p->at, n, 0, 255, out))
		return fault(p->err, p->at, "a number from 0 to 255 is expected here");
	p->at += n;
	return 0;
}

static bool at_number(const struct pattern *p)
{
	return p->s[p->at] >= '0' && p->s[p->at] <= '9';
}

/* "7", "1-30", "-30", "200-", "-", "*". */
static int read_range(struct pattern *p, bool set[256])
{
	size_t start = p->at;
	unsigned long first = 0, last = 255;

	if (p->s[p->at] == '*') {
		p->at++;
	} else {
		bool has_first = at_number(p);

		if ((has_first || p->s[p->at] != '-') && read_number(p, &first) != 0)
			return -1;
		if (p->s[p->at] != '-')
			last = first;
		else if (p->at++, at_number(p) && read_number(p, &last) != 0)
			return -1;
	}
	if (first > last)
		return fault(p->err, start, "this range ends before it begins");
	for (unsigned long v = first; v <= last; v++)
		set[v] = true;
	return 0;
}

static int read_octet(struct pattern *p, struct octet *out)
{
	bool set[256] = {0};

	for (;;) {
		if (read_range(p, set) != 0)
			return -1;
		if (p->s[p->at] != ',')
			break;
		p->at++;
	}
	for (size_t v = 0; v < 256; v++)
		if (set[v])
			out->values[out->n++] = (uint8_t)v;
	return 0;
}

static int read_pattern(struct pattern *p)
{
	for (size_t i = 0; i < 4; i++) {
		if (read_octet(p, &p->octets[i]) != 0)
			return -1;
		if (i < 3 && p->s[p->at] != '.')
			return fault(p->err, p->at,
			             "an IPv4 address has four numbers with dots between them");
		p->at += i < 3;
	}
	if (p->s[p->at] != '\0')
		return fault(p->err, p->at, "nothing may follow the fourth number of an address");
	return 0;
}

static int expand_pattern(const char *expr, size_t max, struct arena *arena, const char ***out,
                          size_t *n, struct error *err)
{
	struct pattern p = {.s = expr, .err = err};
	const struct octet *o = p.octets;
	size_t total, i = 0;

	if (read_pattern(&p) != 0)
		return -1;
	total = o[0].n * o[1].n * o[2].n * o[3].n;
	if (total > max)
		return too_many(err, max);
	*out = arena_array(arena, total, sizeof(**out));
	for (size_t a = 0; a < o[0].n; a++)
		for (size_t b = 0; b < o[1].n; b++)
			for (size_t c = 0; c < o[2].n; c++)
				for (size_t d = 0; d < o[3].n; d++)
					(*out)[i++] = arena_printf(arena, "%u.%u.%u.%u",
					                           o[0].values[a], o[1].values[b],
					                           o[2].values[c], o[3].values[d]);
	*n = total;
	return 0;
}

/* The next address; wraps to zero behind the last, where nobody asks for it any more. */
static void increment(struct address *a)
{
	for (size_t i = a->family == 4 ? 4 : 16; i-- > 0;)
		if (++a->bytes[i] != 0)
			return;
}

static int expand_prefix(const struct prefix *prefix, size_t max, struct arena *arena,
                         const char ***out, size_t *n, struct error *err)
{
	unsigned bits = (prefix->address.family == 4 ? 32u : 128u) - prefix->len;
	struct address a = prefix->address;
	struct buf text;

	if (bits >= sizeof(size_t) * 8 || ((size_t)1 << bits) > max)
		return too_many(err, max);
	*n = (size_t)1 << bits;
	*out = arena_array(arena, *n, sizeof(**out));
	buf_init(&text, 64);
	for (size_t i = 0; i < *n; i++) {
		buf_clear(&text);
		address_format(&a, &text);
		(*out)[i] = arena_strdup(arena, buf_str(&text));
		increment(&a);
	}
	buf_done(&text);
	return 0;
}

int hosts_expand(const char *expr, size_t max, struct arena *arena, const char ***out, size_t *n,
                 struct error *err)
{
	size_t length = strlen(expr);
	const char *slash = strchr(expr, '/');
	struct prefix prefix;

	*n = 0;
	*out = NULL;
	if (length == 0)
		return fault(err, 0, "an address or a host name is expected here");
	if (slash) {
		enum prefix_fault f = prefix_parse(expr, length, &prefix);

		/* As in nmap, host bits do no harm here: 192.0.2.9/28 is the network around it. */
		if (f == PREFIX_OK || f == PREFIX_HOST_BITS)
			return expand_prefix(&prefix, max, arena, out, n, err);
		return fault(err, (size_t)(slash - expr),
		             "a prefix is an address, \"/\" and its length, as in 192.0.2.0/28");
	}
	/* A name has a letter somewhere, an IPv6 address a colon. */
	if (expr[strspn(expr, "0123456789.,-*")] == '\0')
		return expand_pattern(expr, max, arena, out, n, err);
	if (max == 0)
		return too_many(err, max);
	*out = arena_array(arena, 1, sizeof(**out));
	(*out)[0] = arena_strdup(arena, expr);
	*n = 1;
	return 0;
}
