/* One device under two addresses: what two readings share that no two devices do. */
#include <string.h>
#include <strings.h>

#include "rosaudit/device.h"

/* Of /ip cloud: MikroTik's own name of the device, which begins with its serial number. */
static const char *cloud_name(const struct device *d)
{
	const struct menu_items *m = device_menu(d, "/ip cloud");
	const char *name =
		m && m->state == MENU_READ && m->n ? item_get(&m->v[0], "dns-name") : NULL;

	return name && name[0] ? name : NULL;
}

static const char *mac_of(const struct menu_items *m, const char *interface)
{
	for (size_t i = 0; m && i < m->n; i++) {
		const char *name = item_get(&m->v[i], "name");

		if (name && strcmp(name, interface) == 0)
			return item_get(&m->v[i], "mac-address");
	}
	return NULL;
}

/* The first Ethernet port whose address both have, where no such port differs: an address may be
 * copied by hand, but hardly all of them. */
static const char *shared_mac(const struct device *a, const struct device *b)
{
	const struct menu_items *x = device_menu(a, "/interface"),
				*y = device_menu(b, "/interface");
	const char *shared = NULL;

	for (size_t i = 0; x && y && i < x->n; i++) {
		const char *type = item_get(&x->v[i], "type"), *name = item_get(&x->v[i], "name");
		const char *mac = item_get(&x->v[i], "mac-address"), *other;

		if (!type || strcmp(type, "ether") != 0 || !name || !mac)
			continue;
		other = mac_of(y, name);
		if (!other || strcasecmp(mac, other) != 0)
			return NULL;
		shared = shared ? shared : mac;
	}
	return shared;
}

bool device_is_same(const struct device *a, const struct device *b, struct device_mark *out)
{
	const char *x = cloud_name(a), *y = cloud_name(b);

	*out = (struct device_mark){0};
	if (x && y) {
		out->what = "/ip cloud dns-name";
		out->value = x;
		return strcmp(x, y) == 0;
	}
	/* Clones of a virtual machine share no name, if their owner has given them names. */
	if (!a->identity || !b->identity || strcmp(a->identity, b->identity) != 0)
		return false;
	out->what = "mac-address";
	out->value = shared_mac(a, b);
	return out->value != NULL;
}
