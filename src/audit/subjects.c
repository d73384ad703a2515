/* Collects what is to be judged: rows, policy entries without a row, open ports without either. */
#include <stdlib.h>
#include <string.h>

#include "audit_private.h"

enum tri row_enabled(const struct service *row)
{
	if (row->disabled == TRI_YES)
		return TRI_NO;
	/* The router lists a dynamic row because it listens. */
	if (row->disabled == TRI_NO || row->dynamic == TRI_YES)
		return TRI_YES;
	return TRI_UNKNOWN;
}

enum tri matter_on(const struct matter *m)
{
	if (m->row)
		return row_enabled(m->row);
	/* Without a row it is there only as what another menu turns on. */
	return m->present;
}

bool matter_is_displaced(const struct matter *m)
{
	bool off = m->row ? row_enabled(m->row) == TRI_NO : m->present == TRI_NO;

	return m->foreign && m->shared && off;
}

bool row_is_elsewhere(const struct service *row)
{
	return row->netns || row->container;
}

bool row_is_proxy(const struct service *row)
{
	return row->name && strcmp(row->name, "reverse-proxy") == 0;
}

/* What is declared of the matter's port: by its row, or by another menu. */
static void count_matter(struct audit *a, const struct matter *m)
{
	const struct service *row = m->row;
	const struct catalogue_row *known;
	struct port_facts *facts;

	/* Before 7.19 there is no PROTO column, and every service is TCP. */
	if ((!row && matter_on(m) != TRI_YES) || m->port < 0 || m->proto == L4_UDP)
		return;
	facts = &a->ports[m->port];
	facts->declared = true;
	if (row && row_is_elsewhere(row))
		return;
	if (matter_on(m) == TRI_UNKNOWN)
		facts->unsure++;
	if (matter_on(m) != TRI_YES)
		return;
	known = catalogue_find(m->name, L4_TCP);
	facts->enabled++;
	facts->proxy |= row && row_is_proxy(row);
	facts->apps |= 1u << (known ? known->app : APP_UNKNOWN);
	if (!facts->owner && (!row || row->name))
		facts->owner = m->name;
}

static struct matter *add_matter(struct audit *a)
{
	if (a->matters_n == a->matters_cap) {
		size_t cap = a->matters_cap ? a->matters_cap * 2 : 32;

		a->matters = arena_grow(&a->out->arena, a->matters, a->matters_n, cap,
		                        sizeof(*a->matters));
		a->matters_cap = cap;
	}
	return &a->matters[a->matters_n++];
}

static void add_row(struct audit *a, const struct service *row, bool *has_static, bool *has_row)
{
	const struct expect_service *want =
		row->name && a->has_policy ? policy_find(a->policy, row->name) : NULL;
	struct matter *m = add_matter(a);

	*m = (struct matter){
		.name = row->name ? arena_strdup(&a->out->arena, row->name) : "(no name)",
		.port = row->port > 0 && row->port <= 65535 ? row->port : -1,
		.proto = row->proto,
		.listed = want != NULL,
		.want = want,
		.row = row,
		.present = TRI_YES,
	};
	if (!want)
		return;
	has_row[want - a->policy->services] = true;
	/* A policy speaks of the row that can be set; the listeners of that name follow from it. */
	if (!service_is_static(row) && has_static[want - a->policy->services])
		m->want = NULL;
}

/* Is a name that the router does not list known to be missing? Only a complete listing says so; a
 * feature of another menu would stand among the listeners. */
static enum tri missing(const struct audit *a, const char *name)
{
	const struct catalogue_row *known = catalogue_find(name, L4_UNKNOWN);
	bool complete = a->device->static_complete == TRI_YES;

	if (known && known->kind == CATALOGUE_FEATURE && a->device->listeners_complete != TRI_YES)
		return opened_named(a, name) == TRI_NO ? TRI_NO : TRI_UNKNOWN;
	return complete ? TRI_NO : TRI_UNKNOWN;
}

/* Does an earlier matter stand for the same name and port? */
static bool is_told(const struct audit *a, const struct listener *l, uint16_t port)
{
	for (size_t i = 0; i < a->matters_n; i++) {
		const struct matter *m = &a->matters[i];

		if (m->port == port && (m->proto == L4_UDP) == (l->proto == L4_UDP) &&
		    strcmp(m->name, l->name) == 0)
			return true;
	}
	return false;
}

/* Of several ports of one feature the policy's entry speaks of the first; the others follow. */
static void add_listener(struct audit *a, const struct listener *l, uint16_t port, bool *has_row)
{
	const struct expect_service *want = a->has_policy ? policy_find(a->policy, l->name) : NULL;
	struct matter *m;

	if (is_told(a, l, port))
		return;
	m = add_matter(a);
	*m = (struct matter){
		.name = arena_strdup(&a->out->arena, l->name),
		.port = port,
		.proto = l->proto,
		.listed = want != NULL,
		.want = want && !has_row[want - a->policy->services] ? want : NULL,
		.opened = l,
		.present = TRI_YES,
	};
	if (want)
		has_row[want - a->policy->services] = true;
}

static void add_listeners(struct audit *a, bool *has_row)
{
	const struct listeners *all = a->in->listeners;

	for (size_t i = 0; i < all->n; i++) {
		const struct listener *l = &all->v[i];

		for (unsigned port = l->first; opened_is_matter(l) && port <= l->last; port++)
			add_listener(a, l, (uint16_t)port, has_row);
	}
}

static void add_entry(struct audit *a, const struct expect_service *want)
{
	const struct catalogue_row *known = catalogue_find(want->name, L4_UNKNOWN);
	const struct listener *on = opened_on(a, want->name);
	struct matter *m = add_matter(a);

	*m = (struct matter){
		.name = arena_strdup(&a->out->arena, want->name),
		.port = want->port > 0 ? want->port : -1,
		.listed = true,
		.want = want,
		.opened = on,
		.present = on ? TRI_YES : missing(a, want->name),
	};
	if (known)
		m->proto = known->proto;
	if (m->port < 0 && known && known->port)
		m->port = known->port;
	if (m->port > 0 && m->proto != L4_UDP)
		a->ports[m->port].claimed = true;
}

static enum transport_proto effective_proto(const struct matter *m)
{
	return m->proto == L4_UNKNOWN ? L4_TCP : m->proto;
}

/* Is there something to judge on that port already? */
static bool has_matter(const struct audit *a, int port, enum transport_proto proto)
{
	for (size_t i = 0; i < a->matters_n; i++)
		if (a->matters[i].port == port && effective_proto(&a->matters[i]) == proto &&
		    !(a->matters[i].row && row_is_elsewhere(a->matters[i].row)))
			return true;
	return false;
}

/* An open port that nothing stands for. */
static void add_port(struct audit *a, const struct observation *seen)
{
	const struct port_facts *facts = &a->ports[seen->port];
	bool udp = seen->proto == L4_UDP;
	enum transport_proto proto = udp ? L4_UDP : L4_TCP;
	const struct catalogue_row *known = catalogue_port(seen->port, proto);
	const struct expect_port *want =
		a->has_policy ? policy_find_port(a->policy, seen->port, udp) : NULL;
	struct matter *m;

	if (seen->state != PORT_OPEN ||
	    (udp ? has_matter(a, seen->port, L4_UDP) : facts->declared || facts->claimed))
		return;
	m = add_matter(a);
	*m = (struct matter){
		.name = known  ? known->name
	                : want ? arena_printf(&a->out->arena, "%u/%s", seen->port,
	                                      udp ? "udp" : "tcp")
	                       : "unknown",
		.port = seen->port,
		.proto = proto,
		.present = TRI_UNKNOWN,
	};
}

/* An entry of `ports:` that no row and no open port stands for, or a range of them. */
static void add_port_entry(struct audit *a, const struct expect_port *want)
{
	enum transport_proto proto = want->udp ? L4_UDP : L4_TCP;
	const struct catalogue_row *known = catalogue_port(want->first, proto);
	bool is_range = want->first != want->last;
	struct matter *m;

	if (!is_range && has_matter(a, want->first, proto))
		return;
	m = add_matter(a);
	*m = (struct matter){
		.name = arena_strdup(&a->out->arena,
	                             known && !is_range ? known->name : want->say.name),
		.port = is_range ? -1 : want->first,
		.proto = proto,
		.listed = true,
		.want = &want->say,
		.port_want = want,
		.is_range = is_range,
		.present = a->device->listeners_complete == TRI_YES ||
	                                   (!is_range && opened_by_nothing(a, want->first, proto))
	                           ? TRI_NO
	                           : TRI_UNKNOWN,
	};
}

/* What `ports:` says of a matter's port; an entry of `services:` is nearer. */
static void find_port_want(const struct audit *a, struct matter *m)
{
	if (m->port < 0 || m->port_want || (m->row && row_is_elsewhere(m->row)))
		return;
	m->port_want = policy_find_port(a->policy, m->port, m->proto == L4_UDP);
	if (!m->port_want)
		return;
	m->listed = true;
	if (!m->want)
		m->want = &m->port_want->say;
}

static bool is_listener(const struct matter *m)
{
	return m->row && !service_is_static(m->row);
}

static int order_matters(const void *left, const void *right)
{
	const struct matter *a = left, *b = right;
	int order;

	if (a->port != b->port)
		return a->port < b->port ? -1 : 1;
	order = strcmp(a->name, b->name);
	if (order)
		return order;
	if (effective_proto(a) != effective_proto(b))
		return effective_proto(a) < effective_proto(b) ? -1 : 1;
	if (is_listener(a) != is_listener(b))
		return is_listener(a) ? 1 : -1;
	/* Rows lie in one array, in the router's order. */
	return a->row < b->row ? -1 : a->row > b->row;
}

/* The same listener may be listed once per address family, and beside its enabled static row. */
static bool repeats(const struct matter *before, const struct matter *m)
{
	return is_listener(m) && before->row && row_enabled(before->row) == TRI_YES &&
	       before->port == m->port && effective_proto(before) == effective_proto(m) &&
	       row_is_elsewhere(before->row) == row_is_elsewhere(m->row) &&
	       strcmp(before->name, m->name) == 0;
}

static void sort_matters(struct audit *a)
{
	size_t kept = 0;

	if (a->matters_n)
		qsort(a->matters, a->matters_n, sizeof(*a->matters), order_matters);
	for (size_t i = 0; i < a->matters_n; i++)
		if (!kept || !repeats(&a->matters[kept - 1], &a->matters[i]))
			a->matters[kept++] = a->matters[i];
	a->matters_n = kept;
}

static bool is_shut(const struct observation *o)
{
	return o && (o->state == PORT_CLOSED || o->state == PORT_FILTERED);
}

/* Whose doing is what was seen on the port? */
static void look(struct audit *a, struct matter *m)
{
	struct port_facts *facts;
	enum tri enabled = m->row || matter_on(m) == TRI_YES ? matter_on(m) : TRI_NO;
	uint32_t others, unsure;

	if (m->port < 0 || (m->row && row_is_elsewhere(m->row)))
		return;
	if (m->proto == L4_UDP) {
		m->seen = m->port_seen =
			observations_find_proto(a->seen, (uint16_t)m->port, L4_UDP);
		return;
	}
	facts = &a->ports[m->port];
	others = facts->enabled - (enabled == TRI_YES);
	unsure = facts->unsure - (enabled == TRI_UNKNOWN);
	m->port_seen = observations_find(a->seen, (uint16_t)m->port);
	m->shared = others > 0;
	m->beside_proxy = m->row && others == 1 && !unsure && facts->proxy && !row_is_proxy(m->row);
	/* Where nobody answers, none of the rows does. */
	m->foreign = (others || unsure) && enabled != TRI_YES && !is_shut(m->port_seen);
	if (m->foreign)
		return;
	m->seen = m->port_seen;
	facts->judged |= m->seen != NULL;
}

void audit_collect(struct audit *a)
{
	const struct device *d = a->device;
	const struct policy *p = a->policy;
	bool *has_static = arena_array(&a->out->arena, p->services_n + 1, sizeof(*has_static));
	bool *has_row = arena_array(&a->out->arena, p->services_n + 1, sizeof(*has_row));

	for (size_t i = 0; i < p->services_n; i++)
		has_static[i] = device_find_static(d, p->services[i].name) != NULL;
	for (size_t i = 0; i < d->services_n; i++) {
		/* Connections come and go, the client's own among them: no declaration. */
		if (d->services[i].connection == TRI_YES)
			continue;
		add_row(a, &d->services[i], has_static, has_row);
	}
	add_listeners(a, has_row);
	for (size_t i = 0; a->has_policy && i < p->services_n; i++)
		if (!has_row[i])
			add_entry(a, &p->services[i]);
	sort_matters(a);
	for (size_t i = 0; i < a->matters_n; i++)
		count_matter(a, &a->matters[i]);
	for (size_t i = 0; i < a->seen->n; i++)
		add_port(a, &a->seen->v[i]);
	for (size_t i = 0; a->has_policy && i < p->ports_n; i++)
		if (p->ports[i].say.expect != EXPECT_IGNORED)
			add_port_entry(a, &p->ports[i]);
	sort_matters(a);
	for (size_t i = 0; a->has_policy && p->ports_n && i < a->matters_n; i++)
		find_port_want(a, &a->matters[i]);
	for (size_t i = 0; i < a->matters_n; i++)
		look(a, &a->matters[i]);
	for (size_t i = 0; i < a->matters_n; i++)
		opened_find(a, &a->matters[i]);
}
