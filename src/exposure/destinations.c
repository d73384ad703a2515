/* Which of the router's own addresses rules tell apart. */
#include <string.h>

#include "exposure_private.h"
#include "rosaudit/buf.h"
#include "rosaudit/limits.h"

/* What the rules say of one destination, of those that look at it: addresses alike stand for each
 * other. */
static const char *key_of_dst(const struct firewall *f, struct arena *scratch,
                              const struct own_address *own)
{
	static const char *const by_dst[] = {"dst-address", "dst-address-list", NULL};
	struct buf key;
	const char *copy;

	buf_init(&key, 4u << 20);
	for (size_t s = 0; s < STAGES; s++) {
		for (size_t i = 0; i < f->tables[s].n; i++) {
			const struct rule *r = &f->tables[s].v[i];
			struct packet p = {
				.family = f->family, .dst_known = true, .dst = own->address};

			for (size_t k = 0; !r->dead && k < r->matchers_n; k++) {
				const struct matcher *m = &r->matchers[k];

				if (m->kind && !m->bad &&
				    (strcmp(m->kind->name, by_dst[0]) == 0 ||
				     strcmp(m->kind->name, by_dst[1]) == 0))
					buf_putc(&key, (char)('0' + m->kind->test(f, m, &p)));
			}
		}
	}
	copy = arena_strdup(scratch, buf_str(&key));
	buf_done(&key);
	return copy;
}

/* No packet from outside goes there: RFC 1122 3.2.1.3 and RFC 4291 2.5.3 have it dropped, as
 * RouterOS's Linux kernel does. RouterOS 7 lists 127.0.0.1 among its addresses. */
static bool is_loopback(const struct address *a)
{
	addr_number n = address_number(a);

	return a->family == 4 ? n >> 24 == 127 : n == 1;
}

const struct own_address **destinations_make(const struct firewall *f, struct arena *scratch,
                                             size_t *n)
{
	const struct facts *facts = f->facts;
	const struct own_address **dsts = arena_array(scratch, facts->own_n + 1, sizeof(*dsts));
	struct names keys = {0};

	*n = 0;
	for (size_t i = 0; i < facts->own_n && f->own_known; i++) {
		const struct own_address *own = &facts->own[i];
		size_t known = keys.n;

		if (own->address.family == f->family && !is_loopback(&own->address) &&
		    names_add(&keys, key_of_dst(f, scratch, own)) == known)
			dsts[(*n)++] = own;
	}
	names_done(&keys);
	if (*n && *n <= LIMIT_EXPOSURE_DESTINATIONS)
		return dsts;
	dsts[0] = NULL;
	*n = 1;
	return dsts;
}
