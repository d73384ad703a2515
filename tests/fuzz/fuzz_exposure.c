/* Any bytes as a router's menus: each line is a menu's heading or an item's words. The prediction
 * must cover every address once, and the guard must come to an end. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/guard.h"
#include "rosaudit/predict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One letter for each, so that a mutation finds them. */
static const char *const menus[] = {
	"/ip firewall filter",
	"/ip firewall nat",
	"/ip firewall raw",
	"/ip firewall mangle",
	"/interface",
	"/interface list",
	"/ip address",
	"/interface list member",
	"/ip vrf",
	"/ip firewall address-list",
	"/ipv6 firewall filter",
	"/ipv6 firewall nat",
	"/ipv6 address",
	"/ipv6 firewall address-list",
};

enum { MENUS = sizeof(menus) / sizeof(menus[0]), LINES_MAX = 300, FIELDS_MAX = 24 };

static struct menu_items *menu_at(struct device *d, size_t i)
{
	for (size_t k = 0; k < d->menus_n; k++)
		if (strcmp(d->menus[k].path, menus[i]) == 0)
			return &d->menus[k];
	d->menus[d->menus_n] = (struct menu_items){.path = menus[i], .state = MENU_READ};
	d->menus[d->menus_n].v = arena_array(&d->arena, LINES_MAX, sizeof(struct item));
	return &d->menus[d->menus_n++];
}

static void take_word(struct device *d, const char *p, size_t n, struct item *item)
{
	const char *equals = memchr(p, '=', n);
	struct field *f = &item->fields[item->n];

	if (n == 1) {
		item->disabled = tri_of(*p == 'X');
		item->invalid = tri_of(*p == 'I');
		item->dynamic = tri_of(*p == 'D');
		return;
	}
	if (!equals || item->n == FIELDS_MAX)
		return;
	f->name = arena_strndup(&d->arena, p, (size_t)(equals - p));
	f->value = arena_strndup(&d->arena, equals + 1, (size_t)(p + n - equals - 1));
	if (strcmp(f->name, "comment") == 0)
		item->comment = f->value;
	item->n++;
}

static void take_line(struct device *d, struct menu_items *m, const char *p, size_t n)
{
	struct item *item = &m->v[m->n];

	*item = (struct item){.number = m->n++};
	item->fields = arena_array(&d->arena, FIELDS_MAX, sizeof(*item->fields));
	while (n) {
		size_t len = 0;

		while (len < n && p[len] != ' ')
			len++;
		take_word(d, p, len, item);
		len += len < n;
		p += len;
		n -= len;
	}
}

static void build(struct device *d, const char *p, size_t n)
{
	static const char *const names[] = {"ssh", "www"};
	struct menu_items *m;

	d->menus = arena_array(&d->arena, MENUS, sizeof(*d->menus));
	for (size_t i = 0; i < MENUS; i++)
		menu_at(d, i);
	for (size_t i = 0; i < 2; i++) {
		struct service s;

		service_init(&s);
		s.name = names[i];
		s.port = i ? 80 : 22;
		s.proto = L4_TCP;
		s.disabled = s.dynamic = s.connection = TRI_NO;
		s.address_known = true;
		device_add_service(d, &s);
	}
	m = menu_at(d, 0);
	while (n) {
		const char *end = memchr(p, '\n', n);
		size_t len = end ? (size_t)(end - p) : n;

		if (len > 1 && p[0] == '/')
			m = menu_at(d, (size_t)(unsigned char)p[1] % MENUS);
		else if (len && m->n < LINES_MAX)
			take_line(d, m, p, len);
		len += len < n;
		p += len;
		n -= len;
	}
}

/* Of every row the parts are all addresses, each once. */
static void check_parts(const struct exposure *e)
{
	for (size_t i = 0; i < e->rows_n; i++) {
		const struct exposure_row *r = &e->rows[i];
		struct arena arena;
		struct addrset all = addrset_empty(r->family);

		arena_init(&arena);
		for (size_t k = 0; k < r->n; k++) {
			if (!r->parts[k].possible || addrset_overlaps(&all, &r->parts[k].from))
				abort();
			all = addrset_union(&all, &r->parts[k].from, &arena);
		}
		if (!addrset_is_all(&all))
			abort();
		arena_done(&arena);
	}
}

static void check_guard(const struct device *d)
{
	static const struct guard_ask asks[] = {{22, L4_TCP}, {80, L4_TCP}, {53, L4_UDP}};
	struct guard_input in = {.device = d, .ports = asks, .n = 3};
	struct guard g;

	if (!address_parse("192.168.88.9", 12, &in.us))
		abort();
	guard_init(&g);
	guard_read(&in, &g);
	if (g.state == GUARD_UNREAD || (g.state == GUARD_NONE && (g.traps_n || g.limits_n)))
		abort();
	guard_done(&g);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct device d;
	struct exposure e;
	struct predict_input in = {.device = &d};

	device_init(&d);
	build(&d, (const char *)data, size);
	exposure_init(&e);
	exposure_predict(&in, &e);
	check_parts(&e);
	check_guard(&d);
	exposure_done(&e);
	device_done(&d);
	return 0;
}
