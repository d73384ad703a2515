/* What the matrix shows as a whole, and what answers below IP, where no rule sees it. */
#include <string.h>

#include "exposure_private.h"

/* Is anybody of the Internet served by that row, for sure or (perhaps) maybe? */
static bool serves_internet(const struct exposure_row *r, const struct addrset *internet,
                            bool perhaps)
{
	unsigned served = MASK(EXPOSURE_SERVED);

	for (size_t i = 0; i < r->n; i++) {
		const struct exposure_part *p = &r->parts[i];

		if ((perhaps ? p->possible & served : p->possible == served) &&
		    addrset_overlaps(&p->from, internet))
			return true;
	}
	return false;
}

/* Without a global address of its own the router has nothing that the Internet could ask. */
static bool has_global_ipv6(const struct facts *f)
{
	struct arena arena;
	struct addrset any;
	bool found = false;

	arena_init(&arena);
	any = addrset_private(6, &arena);
	for (size_t i = 0; i < f->own_n; i++)
		found |= f->own[i].address.family == 6 &&
		         !addrset_contains(&any, address_number(&f->own[i].address));
	arena_done(&arena);
	return found;
}

static const struct exposure_row *twin_of(const struct exposure *e, const struct exposure_row *r)
{
	for (size_t i = 0; i < e->rows_n; i++) {
		const struct exposure_row *q = &e->rows[i];

		if (q->family == 4 && q->port == r->port && q->proto == r->proto &&
		    q->interface == r->interface && strcmp(q->service, r->service) == 0)
			return q;
	}
	return NULL;
}

static bool was_told(const struct flaw_list *l, const struct exposure_row *r)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].kind == FLAW_IPV6_OPEN && strcmp(l->v[i].name, r->service) == 0)
			return true;
	return false;
}

static void judge_families(const struct exposure *e, const struct facts *f, struct flaw_list *out)
{
	struct arena arena;
	struct addrset four, six;

	arena_init(&arena);
	four = addrset_internet(4, &arena);
	six = addrset_internet(6, &arena);
	for (size_t i = 0; i < e->rows_n && has_global_ipv6(f); i++) {
		const struct exposure_row *r = &e->rows[i], *twin;
		struct exposure_flaw *flaw;

		if (r->family != 6 || !serves_internet(r, &six, false) || was_told(out, r))
			continue;
		twin = twin_of(e, r);
		if (!twin || serves_internet(twin, &four, true))
			continue;
		flaw = flaw_add(out, FLAW_IPV6_OPEN);
		flaw->name = r->service;
		flaw->interface = r->interface;
	}
	arena_done(&arena);
}

/* --- below IP -------------------------------------------------------------------------------- */

/* The world is behind an interface with an address of the Internet's, and behind those of the list
 * that the default configuration calls WAN. */
static bool is_outside(const struct facts *f, const struct iface *in)
{
	bool outside = facts_in_list(f, in, "WAN") == TRI_YES;
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < f->own_n; i++) {
		const struct own_address *own = &f->own[i];
		struct addrset internet = addrset_internet(own->address.family, &arena);

		outside |= own->interface && in->name && strcmp(own->interface, in->name) == 0 &&
		           addrset_contains(&internet, address_number(&own->address));
	}
	arena_done(&arena);
	return outside;
}

/* The interface to the world on which the list lets it answer, or NULL. */
static const char *answers_outside(const struct facts *f, const char *list)
{
	for (size_t i = 0; i < f->ifaces_n; i++)
		if (is_outside(f, &f->ifaces[i]) &&
		    facts_in_list(f, &f->ifaces[i], list) == TRI_YES)
			return f->ifaces[i].name;
	return NULL;
}

static void judge_mac_server(const struct facts *f, const char *path, const char *name,
                             struct flaw_list *out)
{
	const struct menu_items *m = menu_read(f->device, path);
	const char *list = m && m->n ? item_get(&m->v[0], "allowed-interface-list") : NULL;
	const char *interface = list ? answers_outside(f, list) : NULL;
	struct exposure_flaw *flaw;

	if (!interface)
		return;
	flaw = flaw_add(out, FLAW_LAYER2);
	flaw->name = name;
	flaw->interface = interface;
}

void flaws_of_matrix(const struct exposure *e, const struct facts *facts, struct flaw_list *out)
{
	const struct menu_items *romon = menu_read(facts->device, "/tool romon");

	judge_families(e, facts, out);
	judge_mac_server(facts, "/tool mac-server", "mac-server", out);
	judge_mac_server(facts, "/tool mac-server mac-winbox", "mac-winbox", out);
	if (romon && romon->n && item_bool(&romon->v[0], "enabled") == TRI_YES)
		flaw_add(out, FLAW_LAYER2)->name = "romon";
}
