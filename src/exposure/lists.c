/* Address lists as sets, static and dynamic entries alike, as they are at the reading. */
#include <stdlib.h>
#include <string.h>

#include "exposure_private.h"
#include "rosaudit/message.h"

/* Each list's ranges are gathered in one go over the menu. */
struct gathering {
	struct addrset_builder *builders;
	size_t n;
};

static void add_entry(struct firewall *f, const char *menu, struct gathering *g,
                      const struct item *i)
{
	const char *name = item_get(i, "list"), *address = item_get(i, "address");
	struct addr_range r;
	struct alist *l;
	size_t list;
	int family;

	if (!name || !address || !item_counts(i))
		return;
	list = names_find(&f->list_names, name);
	if (list == NAME_NONE)
		return;
	l = &f->lists[list];
	l->entries++;
	l->dynamic |= i->dynamic == TRI_YES || item_get(i, "timeout");
	l->named = true;
	if (!addr_range_parse(address, strlen(address), &family, &r)) {
		/* A DNS name: its addresses of this minute are dynamic entries of their own, and of
		 * the next minute nobody knows. */
		l->odd = true;
		gap_add(f->gaps, menu, N_("list entry"), address);
	} else if (family == f->family) {
		addrset_builder_add(&g->builders[list], r.first, r.last);
	}
}

static void finish_list(struct firewall *f, struct alist *l, struct addrset_builder *b)
{
	l->sure = addrset_builder_finish(b, f->arena);
	if (!f->lists_known)
		l->odd = true;
	l->may = l->odd ? addrset_all(f->family, f->arena) : l->sure;
	l->not_may = addrset_complement(&l->sure, f->arena);
	l->not_sure = l->odd ? addrset_empty(f->family) : l->not_may;
}

/* A table that was not read may fill any list; one that this router does not have fills none. */
static void note_filled(struct firewall *f)
{
	static const char *const tables[] = {"filter", "nat", "raw", "mangle", NULL};
	bool any = false;

	for (size_t k = 0; tables[k]; k++) {
		const struct menu_items *m = device_menu(
			f->facts->device, arena_printf(f->arena, "/%s firewall %s",
		                                       f->family == 4 ? "ip" : "ipv6", tables[k]));

		any |= !m || (m->state != MENU_READ && m->state != MENU_MISSING);
		for (size_t i = 0; m && i < m->n; i++) {
			const char *name = item_get(&m->v[i], "address-list");
			size_t list = name && item_counts(&m->v[i])
			                      ? names_find(&f->list_names, name)
			                      : NAME_NONE;

			if (list != NAME_NONE)
				f->lists[list].filled = true;
		}
	}
	for (size_t i = 0; i < f->lists_n; i++) {
		struct alist *l = &f->lists[i];

		l->filled |= any;
		l->changes = l->filled || l->dynamic || l->odd;
	}
}

void lists_make(struct firewall *f)
{
	const char *path =
		f->family == 4 ? "/ip firewall address-list" : "/ipv6 firewall address-list";
	const struct menu_items *m = menu_read(f->facts->device, path);
	struct gathering g = {.n = f->list_names.n};

	f->lists_known = m != NULL;
	f->lists_n = g.n;
	g.builders = mem_alloc((g.n + 1) * sizeof(*g.builders));
	for (size_t i = 0; i < g.n; i++) {
		f->lists[i].name = f->list_names.v[i];
		addrset_builder_init(&g.builders[i], f->family);
	}
	for (size_t i = 0; m && i < m->n; i++)
		add_entry(f, path, &g, &m->v[i]);
	for (size_t i = 0; i < g.n; i++)
		finish_list(f, &f->lists[i], &g.builders[i]);
	free(g.builders);
	note_filled(f);
}
