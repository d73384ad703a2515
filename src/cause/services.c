/* /ip service: the rows that can be set, and from 7.19 on the router's own list of listeners. */
#include <string.h>

#include "cause_private.h"
#include "rosaudit/buf.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/command.h"

#define PROXY_MENU "/ip reverse-proxy"

static const char *close_service(struct collecting *c, const char *name)
{
	const char *text;
	struct buf b;

	buf_init(&b, COMMAND_BYTES);
	buf_puts(&b, "/ip service set ");
	command_service(name, ros_version_at_least(&c->d->version, 7, 19), &b);
	buf_puts(&b, " disabled=yes");
	text = collect_copy(c, buf_str(&b));
	buf_done(&b);
	return text;
}

/* The row of reverse-proxy is enabled as it comes; it listens while it has a rule. */
static void judge_proxy(struct collecting *c, struct listener *l)
{
	enum menu_state state;
	const struct menu_items *rules = collect_menu(c, PROXY_MENU, &state);
	enum tri on = TRI_NO;

	if (l->on == TRI_NO)
		return;
	for (size_t i = 0; rules && i < rules->n && on != TRI_YES; i++)
		if (rules->v[i].disabled != TRI_YES)
			on = rules->v[i].disabled == TRI_NO ? TRI_YES : TRI_UNKNOWN;
	if (!rules && state != MENU_MISSING)
		on = TRI_UNKNOWN;
	l->on = on == TRI_YES ? l->on : on;
	if (on == TRI_YES)
		return;
	l->cause.remark = REMARK_NO_RULE;
	l->cause.about = PROXY_MENU;
	collect_why(c, PROXY_MENU, &l->cause);
}

static void add_service(struct collecting *c, const struct service *row)
{
	const struct catalogue_row *known = row->name ? catalogue_service(row->name) : NULL;
	struct listener *l = collect_add(c);
	bool is_port = row->port > 0 && row->port <= 65535;

	*l = (struct listener){
		.name = row->name ? collect_copy(c, row->name) : "(no name)",
		.proto = row->proto == L4_UDP ? L4_UDP : L4_TCP,
		.first = is_port ? (uint16_t)row->port : 0,
		.last = is_port ? (uint16_t)row->port : 0,
		.usual = known ? known->port : 0,
		.on = row->disabled == TRI_YES  ? TRI_NO
	              : row->disabled == TRI_NO ? TRI_YES
	                                        : TRI_UNKNOWN,
		.address_known = row->address_known,
		.address = row->address,
		.address_n = row->address_n,
		.vrf = row->vrf && strcmp(row->vrf, "main") != 0 ? collect_copy(c, row->vrf) : NULL,
		.row = row,
		.cause = {.kind = CAUSE_SERVICE,
	                  .menu = "/ip service",
	                  .property = "disabled",
	                  .since = {known ? known->since.major : 6,
	                            known ? known->since.minor : 0}},
	};
	l->cause.item = l->name;
	l->cause.value = l->on == TRI_YES ? "no" : l->on == TRI_NO ? "yes" : NULL;
	if (l->on == TRI_UNKNOWN) {
		l->cause.remark = REMARK_UNSAID;
		l->cause.about = "disabled";
	}
	if (row->name)
		l->cause.command = close_service(c, row->name);
	if (row->name && strcmp(row->name, "reverse-proxy") == 0)
		judge_proxy(c, l);
	/* Enabled, and yet the router says that it cannot run. */
	if (row->invalid == TRI_YES && l->on == TRI_YES) {
		l->on = TRI_UNKNOWN;
		l->cause.remark = REMARK_INVALID;
	}
}

void collect_services(struct collecting *c)
{
	for (size_t i = 0; i < c->d->services_n; i++)
		if (service_is_static(&c->d->services[i]))
			add_service(c, &c->d->services[i]);
}

static bool is_own_listener(const struct service *row)
{
	return row->dynamic == TRI_YES && row->connection != TRI_YES && row->port > 0 &&
	       row->port <= 65535;
}

static bool has_port(const struct listener *l, const struct service *row)
{
	uint16_t port = (uint16_t)row->port;

	return l->layer == LAYER_PORT && l->proto == (row->proto == L4_UDP ? L4_UDP : L4_TCP) &&
	       l->first <= port && port <= l->last;
}

/* What of the menus stands for a row: one on its port that is on, else one that may be, else one of
 * its name whose port nobody told. Forwards never do: they are no listeners. */
static struct listener *find_match(struct collecting *c, const struct service *row)
{
	struct listener *maybe = NULL, *named = NULL;

	for (size_t i = 0; i < c->out->n; i++) {
		struct listener *l = &c->out->v[i];

		if (l->cause.kind > CAUSE_FEATURE || l->on == TRI_NO)
			continue;
		if (has_port(l, row) && l->on == TRI_YES)
			return l;
		if (has_port(l, row) && !maybe)
			maybe = l;
		if (!l->first && !named && row->name && strcmp(l->name, row->name) == 0 &&
		    l->proto == (row->proto == L4_UDP ? L4_UDP : L4_TCP))
			named = l;
	}
	return maybe ? maybe : named;
}

/* What bears the name of the row, while its menu, which was read, says otherwise. */
static const struct listener *find_denied(const struct collecting *c, const struct service *row)
{
	for (size_t i = 0; i < c->out->n; i++) {
		const struct listener *l = &c->out->v[i];

		if (l->cause.kind <= CAUSE_FEATURE && l->on != TRI_UNKNOWN && row->name &&
		    strcmp(l->name, row->name) == 0)
			return l;
	}
	return NULL;
}

static void add_container(struct collecting *c, const struct service *row)
{
	const char *name = row->container ? row->container : row->netns;
	struct listener *l = collect_add(c);
	struct buf b;

	*l = (struct listener){
		.name = row->name ? collect_copy(c, row->name) : "(no name)",
		.proto = row->proto == L4_UDP ? L4_UDP : L4_TCP,
		.first = (uint16_t)row->port,
		.last = (uint16_t)row->port,
		.on = TRI_YES,
		.local = collect_copy(c, row->local),
		.listed = row,
		.cause = {.kind = CAUSE_CONTAINER,
	                  .menu = "/container",
	                  .since = {7, 4},
	                  .to = collect_copy(c, name),
	                  .remark = REMARK_NAMESPACE},
	};
	/* Items of /container have a name since 7.22; before, no command names one for sure. */
	if (!row->container || !ros_version_at_least(&c->d->version, 7, 22))
		return;
	buf_init(&b, COMMAND_BYTES);
	buf_puts(&b, "/container stop [find name=");
	command_word(row->container, &b);
	buf_putc(&b, ']');
	l->cause.command = collect_copy(c, buf_str(&b));
	buf_done(&b);
}

/* A row that no menu explains. */
static void add_listed(struct collecting *c, const struct service *row)
{
	const struct listener *denied = find_denied(c, row);
	struct listener *l;
	struct cause cause = {
		.kind = CAUSE_LISTED,
		.menu = "/ip service",
		.item = collect_copy(c, row->name),
		.property = "dynamic",
		.value = "yes",
		.since = {7, 19},
		.remark = REMARK_UNEXPLAINED,
	};

	if (denied) {
		cause.command = denied->cause.command;
		cause.remark = denied->on == TRI_NO ? REMARK_DENIED : REMARK_ELSEWHERE;
		cause.about = denied->cause.menu;
	}
	l = collect_add(c);
	*l = (struct listener){
		.name = row->name ? cause.item : "(no name)",
		.proto = row->proto == L4_UDP ? L4_UDP : L4_TCP,
		.first = (uint16_t)row->port,
		.last = (uint16_t)row->port,
		.on = TRI_YES,
		.local = collect_copy(c, row->local),
		.listed = row,
		.cause = cause,
	};
}

/* Twice in the router's list: once for each address family, or each address. */
static bool is_known(struct collecting *c, const struct service *row)
{
	for (size_t i = 0; i < c->out->n; i++) {
		const struct listener *l = &c->out->v[i];

		if (l->cause.kind == CAUSE_LISTED && has_port(l, row))
			return true;
	}
	return false;
}

static void take_row(struct collecting *c, const struct service *row)
{
	struct listener *l;

	if (row->netns || row->container) {
		add_container(c, row);
		return;
	}
	l = find_match(c, row);
	if (!l) {
		if (!is_known(c, row))
			add_listed(c, row);
		return;
	}
	if (!l->first)
		l->first = l->last = (uint16_t)row->port;
	if (l->on == TRI_UNKNOWN)
		l->cause.remark = REMARK_LISTED;
	l->on = TRI_YES;
	l->listed = row;
}

/* What the router's own list would show and does not is not listening, even if its menu was not
 * read. */
static void settle(struct listener *l)
{
	if (!l->self_listed || l->on != TRI_UNKNOWN || l->on_demand || l->listed)
		return;
	l->on = TRI_NO;
	l->cause.remark = REMARK_NOT_LISTED;
}

void collect_own_list(struct collecting *c)
{
	for (size_t i = 0; i < c->d->services_n; i++)
		if (is_own_listener(&c->d->services[i]))
			take_row(c, &c->d->services[i]);
	for (size_t i = 0; c->d->listeners_complete == TRI_YES && i < c->out->n; i++)
		settle(&c->out->v[i]);
}
