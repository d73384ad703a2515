/* Sets of addresses that have a name of their own, and sets as text. */
#include <string.h>

#include "rosaudit/addrset.h"
#include "rosaudit/message.h"
#include "rosaudit/buf.h"

/* RFC 6890 and its successors' registry of IPv4, with multicast (RFC 5771). */
static const char *const special4[] = {
	"0.0.0.0/8",       "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",    "169.254.0.0/16",
	"172.16.0.0/12",   "192.0.0.0/24",   "192.0.2.0/24",  "192.168.0.0/16", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",   "240.0.0.0/4",    NULL,
};
static const char *const rfc1918_4[] = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", NULL};
static const char *const private4[] = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                                       "169.254.0.0/16", NULL};
/* RFC 4291: what is handed out is inside 2000::/3; RFC 3849's documentation prefix is not
 * routed. */
static const char *const global6[] = {"2000::/3", NULL};
static const char *const special6[] = {"2001:db8::/32", NULL};
static const char *const private6[] = {"fc00::/7", "fe80::/10", NULL};
static const char *const none[] = {NULL};

static struct addrset of_texts(int family, const char *const *texts, struct arena *arena)
{
	struct addrset_builder b;
	struct prefix p;

	addrset_builder_init(&b, family);
	for (; *texts; texts++)
		if (prefix_parse(*texts, strlen(*texts), &p) == PREFIX_OK)
			addrset_builder_add_prefix(&b, &p);
	return addrset_builder_finish(&b, arena);
}

struct addrset addrset_internet(int family, struct arena *arena)
{
	struct addrset special, global;

	if (family == 4) {
		special = of_texts(4, special4, arena);
		return addrset_complement(&special, arena);
	}
	global = of_texts(6, global6, arena);
	special = of_texts(6, special6, arena);
	return addrset_difference(&global, &special, arena);
}

struct addrset addrset_rfc1918(int family, struct arena *arena)
{
	return of_texts(family, family == 4 ? rfc1918_4 : none, arena);
}

struct addrset addrset_private(int family, struct arena *arena)
{
	return of_texts(family, family == 4 ? private4 : private6, arena);
}

/* The length of the prefix that is exactly this range, or -1. */
static int prefix_length(int family, const struct addr_range *r)
{
	addr_number host = r->last - r->first;
	int bits = family == 4 ? 32 : 128, low = 0;

	if ((host & (host + 1)) != 0 || (r->first & host) != 0)
		return -1;
	while (host) {
		low++;
		host >>= 1;
	}
	return bits - low;
}

void addr_range_format(int family, const struct addr_range *r, struct buf *out)
{
	int len = prefix_length(family, r);
	struct address a;

	address_of_number(family, r->first, &a);
	address_format(&a, out);
	if (r->first == r->last)
		return;
	if (len >= 0) {
		buf_printf(out, "/%d", len);
		return;
	}
	buf_putc(out, '-');
	address_of_number(family, r->last, &a);
	address_format(&a, out);
}

static void say_ranges(const struct addrset *s, const struct language *in, size_t max,
                       struct buf *out)
{
	size_t shown = s->n > max ? max : s->n;

	for (size_t i = 0; i < shown; i++) {
		struct addr_range r = addrset_range(s, i);

		if (i)
			buf_puts(out, ", ");
		addr_range_format(s->family, &r, out);
	}
	if (s->n > shown)
		buf_printf(out, in->say(N_(" and %zu more")), s->n - shown);
}

void addrset_say(const struct addrset *s, const struct language *in, size_t max, struct buf *out)
{
	struct arena arena;
	struct addrset rest;

	if (s->n == 0 || addrset_is_all(s)) {
		buf_puts(out, in->say(s->n ? N_("everyone") : N_("no one")));
		return;
	}
	arena_init(&arena);
	rest = addrset_complement(s, &arena);
	/* Both ends of all addresses in it: it is what is left of everyone. */
	if (rest.n < s->n) {
		buf_puts(out, in->say(N_("everyone but ")));
		say_ranges(&rest, in, max, out);
	} else {
		say_ranges(s, in, max, out);
	}
	arena_done(&arena);
}

void addrset_format(const struct addrset *s, size_t max, struct buf *out)
{
	addrset_say(s, &language_english, max, out);
}
