/* What is compared between two audits, as named things with named facts. */
#include <stdlib.h>
#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/diff.h"
#include "rosaudit/limits.h"

/* The text of one thing: an address list may hold thousands of prefixes. */
#define ITEM_BYTES (1u << 20)

/* A row has these beside what its version adds. */
#define SERVICE_FACTS 14u

void snapshot_init(struct snapshot *s)
{
	*s = (struct snapshot){.kind = SNAPSHOT_REPORT};
	arena_init(&s->arena);
}

void snapshot_done(struct snapshot *s)
{
	if (s)
		arena_done(&s->arena);
}

struct diff_router *snapshot_add_router(struct snapshot *s, const char *name)
{
	struct diff_router *r;

	if (s->routers_n == s->routers_cap) {
		size_t cap = s->routers_cap ? 2 * s->routers_cap : 8;

		s->routers = arena_grow(&s->arena, s->routers, s->routers_n, cap, sizeof(*r));
		s->routers_cap = cap;
	}
	r = &s->routers[s->routers_n++];
	*r = (struct diff_router){.name = arena_strdup(&s->arena, name), .audited = true};
	return r;
}

static struct diff_item *add_item(struct snapshot *s, struct diff_router *r, enum diff_view view,
                                  const char *name, size_t facts)
{
	struct diff_item *item;

	if (r->items_n == r->items_cap) {
		size_t cap = r->items_cap ? 2 * r->items_cap : 32;

		r->items = arena_grow(&s->arena, r->items, r->items_n, cap, sizeof(*item));
		r->items_cap = cap;
	}
	item = &r->items[r->items_n++];
	*item = (struct diff_item){.view = view, .name = arena_strdup(&s->arena, name), .port = -1};
	item->facts = arena_array(&s->arena, facts, sizeof(*item->facts));
	return item;
}

static void put_fact(struct snapshot *s, struct diff_item *item, const char *name,
                     const char *value)
{
	item->facts[item->facts_n++] = (struct diff_fact){.name = arena_strdup(&s->arena, name),
	                                                  .value = arena_strdup(&s->arena, value)};
}

void snapshot_add_fact(struct snapshot *s, struct diff_router *r, const char *name,
                       const char *value)
{
	struct diff_item *item = add_item(s, r, DIFF_ROUTER, NULL, 1);

	item->key = arena_strdup(&s->arena, name);
	put_fact(s, item, name, value);
}

/* --- rows of /ip service ------------------------------------------------------------ */

static const char *tri_text(enum tri t)
{
	return t == TRI_UNKNOWN ? NULL : t == TRI_YES ? "yes" : "no";
}

static void put_number(struct snapshot *s, struct diff_item *item, const char *name, int n)
{
	put_fact(s, item, name, n < 0 ? NULL : arena_printf(&s->arena, "%d", n));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* As the columns that a version adds: a report has them only where there is something. */
static void put_if_said(struct snapshot *s, struct diff_item *item, const char *name,
                        const char *value)
{
	if (value)
		put_fact(s, item, name, value);
}

/* The order of a list says nothing, so it is none of its value. */
static const char *address_text(struct snapshot *s, const struct service *row)
{
	struct buf b;
	char **texts;
	const char *text;

	if (!row->address_known)
		return NULL;
	if (row->address_n == 0)
		return "unrestricted";
	texts = arena_array(&s->arena, row->address_n, sizeof(*texts));
	buf_init(&b, ITEM_BYTES);
	for (size_t i = 0; i < row->address_n; i++) {
		buf_clear(&b);
		prefix_format(&row->address[i], &b);
		texts[i] = arena_strdup(&s->arena, buf_str(&b));
	}
	qsort(texts, row->address_n, sizeof(*texts), by_text);
	buf_clear(&b);
	for (size_t i = 0; i < row->address_n; i++)
		buf_printf(&b, "%s%s", i > 0 ? "," : "", texts[i]);
	text = arena_strdup(&s->arena, buf_str(&b));
	buf_done(&b);
	return text;
}

/* The facts that are known, as "port 22, disabled no". */
static const char *summarize(struct snapshot *s, const struct diff_item *item)
{
	struct buf b;
	const char *text = NULL;

	buf_init(&b, 4 * ITEM_BYTES);
	for (size_t i = 0; i < item->facts_n; i++)
		if (item->facts[i].value)
			buf_printf(&b, "%s%s %s", b.n > 0 ? ", " : "", item->facts[i].name,
			           item->facts[i].value);
	if (b.n > 0)
		text = arena_strdup(&s->arena, buf_str(&b));
	buf_done(&b);
	return text;
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* Static rows are known by their name alone: their port is a property. From 7.19 on names
 * repeat, so the row that agrees in more goes first. */
static void key_service(struct snapshot *s, struct diff_item *item, const struct service *row)
{
	const char *proto = or_empty(l4_name(row->proto));

	item->port = row->port;
	item->proto = row->proto;
	item->key = arena_printf(&s->arena, "%s|%d|%s|%s", or_empty(row->name), row->port, proto,
	                         or_empty(row->vrf));
	if (item->view == DIFF_STATIC)
		item->loose = arena_strdup(&s->arena, or_empty(row->name));
	else
		item->loose =
			arena_printf(&s->arena, "%s|%d|%s", or_empty(row->name), row->port, proto);
}

void snapshot_add_service(struct snapshot *s, struct diff_router *r, const struct service *row)
{
	enum diff_view view = service_is_static(row) ? DIFF_STATIC : DIFF_LISTENER;
	struct diff_item *item;

	if (row->connection == TRI_YES)
		return;
	item = add_item(s, r, view, row->name, SERVICE_FACTS + row->extra_n);
	key_service(s, item, row);
	put_number(s, item, "port", row->port);
	put_fact(s, item, "proto", l4_name(row->proto));
	put_fact(s, item, "disabled", tri_text(row->disabled));
	put_fact(s, item, "invalid", tri_text(row->invalid));
	put_fact(s, item, "address", address_text(s, row));
	put_fact(s, item, "certificate", row->certificate);
	put_fact(s, item, "tls-version", row->tls_version);
	put_fact(s, item, "vrf", row->vrf);
	put_number(s, item, "max-sessions", row->max_sessions);
	put_if_said(s, item, "netns", row->netns);
	put_if_said(s, item, "container", row->container);
	put_if_said(s, item, "about", row->about);
	for (size_t i = 0; i < row->extra_n; i++)
		put_fact(s, item, row->extra[i].name, row->extra[i].value);
	item->summary = summarize(s, item);
}

static enum diff_extent extent_of(enum tri complete)
{
	return complete == TRI_NO ? EXTENT_PART : EXTENT_WHOLE;
}

void snapshot_add_device(struct snapshot *s, const struct device *d)
{
	struct diff_router *r = snapshot_add_router(s, NULL);

	s->kind = SNAPSHOT_SAVED;
	r->extents[DIFF_ROUTER] = EXTENT_WHOLE;
	r->extents[DIFF_STATIC] = extent_of(d->static_complete);
	r->extents[DIFF_LISTENER] = extent_of(d->listeners_complete);
	snapshot_add_fact(s, r, "version", d->version_text);
	for (size_t i = 0; i < d->services_n; i++)
		snapshot_add_service(s, r, &d->services[i]);
}

/* --- the other views ---------------------------------------------------------------- */

void snapshot_add_port(struct snapshot *s, struct diff_router *r, int port,
                       enum transport_proto proto, const char *state, const char *serve,
                       const char *app)
{
	struct diff_item *item = add_item(s, r, DIFF_REACHABLE, NULL, 1);
	bool open = strcmp(state, "open") == 0;
	const char *value = state;

	item->port = port;
	item->proto = proto == L4_UDP ? L4_UDP : L4_TCP;
	item->key = arena_printf(&s->arena, item->proto == L4_UDP ? "%d/udp" : "%d", port);
	if (strcmp(state, "unknown") == 0)
		value = NULL;
	else if (open && serve && app)
		value = arena_printf(&s->arena, "open, %s %s", serve, app);
	else if (open && serve)
		value = arena_printf(&s->arena, "open, %s", serve);
	put_fact(s, item, "reachable", value);
	item->facts[0].partial = open && !serve;
	item->summary = item->facts[0].value;
}

void snapshot_add_verdict(struct snapshot *s, struct diff_router *r, const char *name, int port,
                          enum transport_proto proto, const char *verdict, const char *worst)
{
	struct diff_item *item = add_item(s, r, DIFF_VERDICT, name, 1);

	item->port = port;
	item->proto = proto;
	item->key =
		arena_printf(&s->arena, "%s|%d|%s", or_empty(name), port, or_empty(l4_name(proto)));
	item->loose = name ? item->name : NULL;
	if (strcmp(verdict, "could not tell") == 0)
		verdict = NULL;
	else if (worst)
		verdict = arena_printf(&s->arena, "%s (%s)", verdict, worst);
	put_fact(s, item, "verdict", verdict);
	item->summary = item->facts[0].value;
}

void snapshot_add_finding(struct snapshot *s, struct diff_router *r, const struct diff_finding *f)
{
	struct diff_item *item = add_item(s, r, DIFF_FINDING, f->service, 4);
	const char *proto = or_empty(l4_name(f->proto)), *service = or_empty(f->service);

	item->port = f->port;
	item->proto = f->proto;
	item->rule = arena_strdup(&s->arena, f->rule);
	item->key = arena_printf(&s->arena, "%s|%s|%d|%s", f->rule, service, f->port, proto);
	if (f->service)
		item->loose = arena_printf(&s->arena, "%s|%s", f->rule, service);
	put_fact(s, item, "severity", f->severity);
	put_fact(s, item, "judged", f->undecided ? "could not be judged" : "yes");
	put_fact(s, item, "waived", f->waived ? "yes" : "no");
	put_fact(s, item, "expected", f->expected ? f->expected : "nothing");
	item->summary = arena_printf(&s->arena, "%s%s%s: %s", f->severity,
	                             f->undecided ? ", could not be judged" : "",
	                             f->waived ? ", waived" : "", f->title);
}
