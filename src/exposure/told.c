/* What is told beside the matrix: what was not read, what is taken for granted, the router's own
 * networks. */
#include <string.h>

#include "exposure_private.h"
#include "rosaudit/message.h"

static const char *const assumed[] = {
	N_("any source may arrive by any interface: routes and rp-filter are not looked at"),
	N_("address lists are as they were when they were read"),
	N_("a packet is the first of its connection; it goes to one of the router's own addresses, "
           "and "
           "comes in by the interface itself, not by a port of its bridge"),
	N_("connection tracking is on"),
	NULL,
};

/* The private networks of the router's own addresses. */
static void find_lan(const struct facts *f, int family, struct arena *arena, struct addrset *out)
{
	struct addrset private = addrset_private(family, arena), own;
	struct addrset_builder b;

	addrset_builder_init(&b, family);
	for (size_t i = 0; i < f->own_n; i++)
		if (f->own[i].address.family == family)
			addrset_builder_add(&b, f->own[i].network.first, f->own[i].network.last);
	own = addrset_builder_finish(&b, arena);
	*out = addrset_intersection(&own, &private, arena);
}

/* Menus without which something cannot be decided. */
static void tell_unread(const struct facts *f, struct gap_list *gaps)
{
	static const char *const paths[] = {
		"/ip firewall filter",
		"/ip firewall nat",
		"/ip firewall raw",
		"/ip firewall mangle",
		"/ip firewall address-list",
		"/ip address",
		"/interface",
		"/interface list",
		"/interface list member",
		"/ip vrf",
		NULL,
	};
	bool older = f->device->version.major && f->device->version.major < 7;

	for (size_t i = 0; paths[i]; i++) {
		const struct menu_items *m = device_menu(f->device, paths[i]);
		enum menu_state state = m ? m->state : MENU_NOT_ASKED;

		if (state == MENU_READ || state == MENU_MISSING)
			continue;
		if (older && strcmp(paths[i], "/ip vrf") == 0)
			continue;
		gap_add(gaps, paths[i], N_("menu"), menu_state_name(state));
	}
}

void tell_rest(const struct facts *f, struct gap_list *gaps, struct flaw_list *flaws,
               struct exposure *out)
{
	bool any_unknown = false;

	find_lan(f, 4, &out->arena, &out->lan4);
	find_lan(f, 6, &out->arena, &out->lan6);
	out->lan_known = f->own4_known;
	out->networks = arena_array(&out->arena, f->own_n + 1, sizeof(*out->networks));
	for (size_t i = 0; i < f->own_n; i++)
		if (f->own[i].interface)
			out->networks[out->networks_n++] = (struct exposure_network){
				f->own[i].address.family, f->own[i].network, f->own[i].interface};
	flaws_of_matrix(out, f, flaws);
	tell_unread(f, gaps);
	for (size_t i = 0; i < out->rows_n; i++)
		for (size_t k = 0; k < out->rows[i].n; k++)
			any_unknown |= out->rows[i].parts[k].outcome == EXPOSURE_UNKNOWN;
	for (size_t i = 0; i < gaps->n; i++)
		gaps->v[i].decides = any_unknown;
	out->gaps = gaps->v;
	out->gaps_n = gaps->n;
	out->flaws = flaws->v;
	out->flaws_n = flaws->n;
	out->assumed = assumed;
}
