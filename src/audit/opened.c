/* The lines of the configuration behind the matters: in->listeners, as the rules ask for them. */
#include <string.h>

#include "audit_private.h"
#include "rosaudit/buf.h"

static void add_ports(const struct listener *l, struct port_set *set)
{
	if (l->first)
		port_set_add_range(set, l->first, l->last);
	else
		port_set_add_range(set, 1, 65535);
}

static struct port_set *collect_ports(const struct listeners *all, enum transport_proto proto)
{
	struct port_set *set = mem_alloc(sizeof(*set));
	bool is_full = false;

	for (size_t i = 0; i < all->n && !is_full; i++) {
		const struct listener *l = &all->v[i];

		if (l->layer != LAYER_PORT || l->on == TRI_NO || l->cause.kind == CAUSE_CONTAINER ||
		    (l->proto != L4_UNKNOWN && l->proto != proto))
			continue;
		add_ports(l, set);
		is_full = l->first <= 1 && (l->first == 0 || l->last == 65535);
	}
	return set;
}

void opened_prepare(struct audit *a)
{
	a->may_tcp = collect_ports(a->in->listeners, L4_TCP);
	a->may_udp = collect_ports(a->in->listeners, L4_UDP);
}

bool opened_by_nothing(const struct audit *a, int port, enum transport_proto proto)
{
	const struct port_set *may = proto == L4_UDP ? a->may_udp : a->may_tcp;

	/* A row that was filtered out of the listing may be what opens it. */
	return a->device->static_complete == TRI_YES && port > 0 &&
	       !port_set_has(may, (uint16_t)port);
}

static const struct listener *find_row(const struct listeners *all, const struct service *row)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].row == row || all->v[i].listed == row)
			return &all->v[i];
	return NULL;
}

void opened_find(const struct audit *a, struct matter *m)
{
	const struct listeners *all = a->in->listeners;
	enum transport_proto proto = m->proto == L4_UDP ? L4_UDP : L4_TCP;

	if (m->opened || m->is_range)
		return;
	if (m->row)
		m->opened = find_row(all, m->row);
	else if (m->want && !matter_is_port(m))
		m->opened = listeners_named(all, m->name, NULL);
	if (!m->opened && m->port > 0 && (!m->row || m->row->dynamic == TRI_YES))
		m->opened = listeners_explain(all, proto, (uint16_t)m->port);
}

const struct listener *opened_on(const struct audit *a, const char *name)
{
	const struct listeners *all = a->in->listeners;

	for (const struct listener *l = listeners_named(all, name, NULL); l;
	     l = listeners_named(all, name, l))
		if (l->on == TRI_YES && l->cause.kind == CAUSE_FEATURE && !l->listed)
			return l;
	return NULL;
}

/* Does this router for sure not have the menu, or is there nothing in it? */
static bool lacks_menu(const struct device *d, const struct catalogue_row *known)
{
	const struct menu_items *menu = device_menu(d, known->menu);

	if (d->version.major &&
	    !ros_version_at_least(&d->version, known->since.major, known->since.minor))
		return true;
	return menu && (menu->state == MENU_MISSING || (menu->state == MENU_READ && menu->n == 0));
}

enum tri opened_named(const struct audit *a, const char *name)
{
	const struct listeners *all = a->in->listeners;
	const struct catalogue_row *known = catalogue_find(name, L4_UNKNOWN);
	const struct listener *first = listeners_named(all, name, NULL);

	for (const struct listener *l = first; l; l = listeners_named(all, name, l))
		if (l->on != TRI_NO)
			return TRI_UNKNOWN;
	return first || (known && lacks_menu(a->device, known)) ? TRI_NO : TRI_UNKNOWN;
}

bool opened_is_matter(const struct listener *l)
{
	return l->cause.kind == CAUSE_FEATURE && l->layer == LAYER_PORT && l->on == TRI_YES &&
	       l->first && !l->on_demand && !l->listed;
}

static const char *keep(struct audit *a, struct buf *b)
{
	const char *text = arena_strdup(&a->out->arena, buf_str(b));

	buf_done(b);
	return text;
}

const char *say_cause(struct audit *a, const struct cause *c)
{
	struct buf b;

	buf_init(&b, CAUSE_TEXT_MAX);
	cause_format(c, &b);
	return keep(a, &b);
}

const char *say_remark(struct audit *a, const struct cause *c)
{
	struct buf b;

	buf_init(&b, CAUSE_TEXT_MAX);
	cause_say(c, a->language, &b);
	return keep(a, &b);
}
