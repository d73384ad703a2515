/* What the rules are about: interfaces and their lists, the router's own addresses, VRFs. */
#include <string.h>

#include "exposure_private.h"

const struct menu_items *menu_read(const struct device *d, const char *path)
{
	const struct menu_items *m = device_menu(d, path);

	return m && m->state == MENU_READ ? m : NULL;
}

bool item_counts(const struct item *i)
{
	return i->disabled != TRI_YES && i->invalid != TRI_YES;
}

static const char *text_of(const struct item *i, const char *name)
{
	const char *v = item_get(i, name);

	return v && v[0] ? v : NULL;
}

/* --- interfaces ------------------------------------------------------------------------------ */

/* A port of a bridge hands its packets to the bridge: rules see them come in by that one. */
static bool is_slave(const struct device *d, const struct item *i, const struct names *ports)
{
	const char *name = text_of(i, "name");

	(void)d;
	return item_bool(i, "slave") == TRI_YES || names_find(ports, name) != NAME_NONE;
}

static void collect_ports(const struct device *d, struct names *ports)
{
	const struct menu_items *m = menu_read(d, "/interface bridge port");

	for (size_t i = 0; m && i < m->n; i++)
		if (item_counts(&m->v[i]) && text_of(&m->v[i], "interface"))
			names_add(ports, text_of(&m->v[i], "interface"));
}

static bool takes_packets(const struct device *d, const struct item *i, const struct names *ports)
{
	const char *type = text_of(i, "type");

	return text_of(i, "name") && i->disabled != TRI_YES && !is_slave(d, i, ports) &&
	       !(type && strcmp(type, "loopback") == 0);
}

static void add_iface(struct facts *f, const char *name, const char *type, enum tri dynamic)
{
	f->ifaces[f->ifaces_n++] = (struct iface){.name = name, .type = type, .dynamic = dynamic};
}

/* Without the menu /interface: those that have an address. */
static void ifaces_of_addresses(struct facts *f, struct arena *arena)
{
	struct names seen = {0};

	f->ifaces = arena_array(arena, f->own_n + 1, sizeof(*f->ifaces));
	for (size_t i = 0; i < f->own_n; i++) {
		const char *name = f->own[i].interface;
		size_t known = seen.n;

		if (name && names_add(&seen, name) == known)
			add_iface(f, name, NULL, TRI_UNKNOWN);
	}
	if (!f->ifaces_n)
		add_iface(f, NULL, NULL, TRI_UNKNOWN);
	names_done(&seen);
}

static void ifaces_make(struct facts *f, struct arena *arena)
{
	const struct menu_items *m = menu_read(f->device, "/interface");
	struct names ports = {0};

	if (!m) {
		ifaces_of_addresses(f, arena);
		return;
	}
	collect_ports(f->device, &ports);
	f->ifaces = arena_array(arena, m->n + 1, sizeof(*f->ifaces));
	for (size_t i = 0; i < m->n; i++)
		if (takes_packets(f->device, &m->v[i], &ports))
			add_iface(f, text_of(&m->v[i], "name"), text_of(&m->v[i], "type"),
			          m->v[i].dynamic);
	names_done(&ports);
}

/* --- VRFs ------------------------------------------------------------------------------------ */

/* Is the word one of a comma-separated list? */
static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	while (list && *list) {
		size_t len = strcspn(list, ",;");

		if (len == n && memcmp(list, word, n) == 0)
			return true;
		list += len + (list[len] != '\0');
	}
	return false;
}

static bool is_main(const struct item *i)
{
	const char *name = text_of(i, "name");

	return name && strcmp(name, "main") == 0;
}

static const char *vrf_of(const struct menu_items *m, const char *interface)
{
	for (size_t i = 0; interface && i < m->n; i++)
		if (item_counts(&m->v[i]) && has_word(text_of(&m->v[i], "interfaces"), interface))
			return text_of(&m->v[i], "name");
	return "main";
}

/* A router without the menu has no VRF; one before RouterOS 7 has its services in main alone. */
static void vrfs_make(struct facts *f)
{
	const struct menu_items *m = device_menu(f->device, "/ip vrf");
	bool none = m ? m->state == MENU_MISSING : false;

	if (f->device->version.major && f->device->version.major < 7)
		none = true;
	f->vrfs = none ? TRI_NO : TRI_UNKNOWN;
	if (m && m->state == MENU_READ) {
		f->vrfs = TRI_NO;
		for (size_t i = 0; i < m->n; i++)
			if (item_counts(&m->v[i]) && !is_main(&m->v[i]))
				f->vrfs = TRI_YES;
	}
	for (size_t i = 0; i < f->ifaces_n; i++) {
		if (f->vrfs == TRI_NO)
			f->ifaces[i].vrf = "main";
		else if (f->vrfs == TRI_YES && f->ifaces[i].name)
			f->ifaces[i].vrf = vrf_of(m, f->ifaces[i].name);
	}
}

/* --- own addresses --------------------------------------------------------------------------- */

static void add_own(struct facts *f, const struct item *i)
{
	const char *text = text_of(i, "address"), *slash = text ? strchr(text, '/') : NULL;
	const char *interface = text_of(i, "actual-interface");
	struct own_address *own = &f->own[f->own_n];
	int family;

	if (!text || !item_counts(i))
		return;
	if (!address_parse(text, slash ? (size_t)(slash - text) : strlen(text), &own->address) ||
	    !addr_range_parse(text, strlen(text), &family, &own->network))
		return;
	own->interface = interface ? interface : text_of(i, "interface");
	f->own_n++;
}

static void own_make(struct facts *f, struct arena *arena)
{
	const struct menu_items *v4 = menu_read(f->device, "/ip address");
	const struct menu_items *v6 = menu_read(f->device, "/ipv6 address");
	size_t n = (v4 ? v4->n : 0) + (v6 ? v6->n : 0);

	f->own = arena_array(arena, n + 1, sizeof(*f->own));
	f->own4_known = v4 != NULL;
	f->own6_known = v6 != NULL;
	for (size_t i = 0; v4 && i < v4->n; i++)
		add_own(f, &v4->v[i]);
	for (size_t i = 0; v6 && i < v6->n; i++)
		add_own(f, &v6->v[i]);
}

/* RouterOS 6 has no IPv6 without its package, 7 none with disable-ipv6. */
static enum tri speaks_ipv6(const struct device *d)
{
	const struct menu_items *settings = menu_read(d, "/ipv6 settings");
	const struct menu_items *filter = device_menu(d, "/ipv6 firewall filter");
	const struct menu_items *address = device_menu(d, "/ipv6 address");

	if ((filter && filter->state == MENU_MISSING) ||
	    (address && address->state == MENU_MISSING))
		return TRI_NO;
	if (settings && settings->n && item_bool(&settings->v[0], "disable-ipv6") == TRI_YES)
		return TRI_NO;
	if (settings && settings->n && item_bool(&settings->v[0], "disable-ipv6") == TRI_NO)
		return TRI_YES;
	return address && address->state == MENU_READ && address->n ? TRI_YES : TRI_UNKNOWN;
}

/* --- interface lists ------------------------------------------------------------------------- */

static struct iface_list *find_list(const struct facts *f, const char *name, size_t len)
{
	for (size_t i = 0; i < f->lists_n; i++)
		if (strlen(f->lists[i].name) == len && memcmp(f->lists[i].name, name, len) == 0)
			return &f->lists[i];
	return NULL;
}

static void add_member(struct facts *f, struct arena *arena, const struct item *i)
{
	const char *list = text_of(i, "list"), *interface = text_of(i, "interface");
	struct iface_list *l = list ? find_list(f, list, strlen(list)) : NULL;

	if (!l || !interface || i->disabled == TRI_YES)
		return;
	if (l->members_n == l->members_cap) {
		size_t cap = l->members_cap ? l->members_cap * 2 : 4;

		l->members = arena_grow(arena, l->members, l->members_n, cap, sizeof(*l->members));
		l->members_cap = cap;
	}
	l->members[l->members_n++] = interface;
}

static void iface_lists_make(struct facts *f, struct arena *arena)
{
	const struct menu_items *lists = menu_read(f->device, "/interface list");
	const struct menu_items *members = menu_read(f->device, "/interface list member");

	f->lists_known = lists && members;
	if (!f->lists_known)
		return;
	f->lists = arena_array(arena, lists->n + 1, sizeof(*f->lists));
	for (size_t i = 0; i < lists->n; i++) {
		const char *name = text_of(&lists->v[i], "name");

		if (name)
			f->lists[f->lists_n++] = (struct iface_list){
				.name = name,
				.include = text_of(&lists->v[i], "include"),
				.exclude = text_of(&lists->v[i], "exclude"),
			};
	}
	for (size_t i = 0; i < members->n; i++)
		add_member(f, arena, &members->v[i]);
}

static enum tri in_list(const struct facts *f, const struct iface *in, const char *list,
                        size_t len);

/* Is it in any list of the comma-separated ones? */
static enum tri in_any(const struct facts *f, const struct iface *in, const char *lists)
{
	enum tri found = TRI_NO;

	while (lists && *lists) {
		size_t len = strcspn(lists, ",;");
		enum tri t = in_list(f, in, lists, len);

		if (t == TRI_YES)
			return TRI_YES;
		if (t == TRI_UNKNOWN)
			found = TRI_UNKNOWN;
		lists += len + (lists[len] != '\0');
	}
	return found;
}

/* The manual's order: what `include` brings, without what `exclude` names, then the members. */
static enum tri in_made_list(const struct facts *f, const struct iface *in, struct iface_list *l)
{
	enum tri included, excluded;

	for (size_t i = 0; i < l->members_n; i++)
		if (strcmp(l->members[i], in->name) == 0)
			return TRI_YES;
	if (!l->include)
		return TRI_NO;
	/* Lists that include each other: nobody says what the router makes of it. */
	if (l->visiting)
		return TRI_UNKNOWN;
	l->visiting = true;
	included = in_any(f, in, l->include);
	excluded = in_any(f, in, l->exclude);
	l->visiting = false;
	if (included == TRI_NO || excluded == TRI_YES)
		return TRI_NO;
	return included == TRI_YES && excluded == TRI_NO ? TRI_YES : TRI_UNKNOWN;
}

static bool is_word(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(s, word, len) == 0;
}

static enum tri in_list(const struct facts *f, const struct iface *in, const char *list, size_t len)
{
	struct iface_list *l;

	if (is_word(list, len, "all"))
		return TRI_YES;
	if (is_word(list, len, "none"))
		return TRI_NO;
	if (!in->name)
		return TRI_UNKNOWN;
	if (is_word(list, len, "dynamic"))
		return in->dynamic;
	if (is_word(list, len, "static"))
		return in->dynamic == TRI_UNKNOWN ? TRI_UNKNOWN : tri_of(in->dynamic == TRI_NO);
	if (!f->lists_known)
		return TRI_UNKNOWN;
	l = find_list(f, list, len);
	/* A list that was removed is printed as its old number: what a rule with it does, no
	 * document tells. */
	return l ? in_made_list(f, in, l) : TRI_UNKNOWN;
}

bool facts_list_is_gone(const struct facts *f, const char *list)
{
	static const char *const builtin[] = {"all", "none", "dynamic", "static"};

	for (size_t i = 0; i < sizeof(builtin) / sizeof(builtin[0]); i++)
		if (strcmp(builtin[i], list) == 0)
			return false;
	return f->lists_known && !find_list(f, list, strlen(list));
}

enum tri facts_in_list(const struct facts *f, const struct iface *in, const char *list)
{
	return in_list(f, in, list, strlen(list));
}

bool facts_only_address(const struct facts *f, const struct iface *in, int family,
                        struct address *out)
{
	size_t n = 0;

	for (size_t i = 0; i < f->own_n; i++) {
		const struct own_address *own = &f->own[i];

		if (own->address.family != family || !own->interface || !in->name ||
		    strcmp(own->interface, in->name) != 0)
			continue;
		*out = own->address;
		n++;
	}
	return n == 1;
}

enum tri facts_is_type(const struct iface *in, const char *group)
{
	static const struct {
		const char *group, *prefix;
	} types[] = {
		{"all-ethernet", "ether"}, {"all-vlan", "vlan"},    {"all-ppp", "pppoe"},
		{"all-ppp", "pptp"},       {"all-ppp", "l2tp"},     {"all-ppp", "sstp"},
		{"all-ppp", "ovpn"},       {"all-ppp", "ppp"},      {"all-wireless", "wlan"},
		{"all-wireless", "wifi"},  {"all-wireless", "cap"},
	};

	if (!in->type)
		return TRI_UNKNOWN;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].group, group) == 0 &&
		    strncmp(in->type, types[i].prefix, strlen(types[i].prefix)) == 0)
			return TRI_YES;
	return TRI_NO;
}

void facts_make(const struct device *d, struct arena *arena, struct facts *out)
{
	*out = (struct facts){.device = d};
	own_make(out, arena);
	out->ipv6 = speaks_ipv6(d);
	iface_lists_make(out, arena);
	ifaces_make(out, arena);
	vrfs_make(out);
}
