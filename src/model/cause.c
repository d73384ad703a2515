/* Listeners: looking them up, and saying what their cause is. */
#include <string.h>

#include "rosaudit/cause.h"
#include "rosaudit/buf.h"

const char *cause_kind_name(enum cause_kind k)
{
	static const char *const names[] = {
		[CAUSE_SERVICE] = "service", [CAUSE_FEATURE] = "feature",
		[CAUSE_LISTED] = "listed",   [CAUSE_CONTAINER] = "container",
		[CAUSE_FORWARD] = "forward",
	};

	return names[k];
}

void listeners_init(struct listeners *l)
{
	*l = (struct listeners){0};
	arena_init(&l->arena);
}

void listeners_done(struct listeners *l)
{
	if (!l)
		return;
	arena_done(&l->arena);
	*l = (struct listeners){0};
}

enum tri listener_has(const struct listener *l, enum transport_proto proto, uint16_t port)
{
	if (l->layer != LAYER_PORT || l->on == TRI_NO ||
	    (l->proto != L4_UNKNOWN && l->proto != proto) || l->cause.kind == CAUSE_CONTAINER)
		return TRI_NO;
	if (l->first && (port < l->first || port > l->last))
		return TRI_NO;
	return l->first && !l->conditional ? l->on : TRI_UNKNOWN;
}

/* How good an explanation of the port it is; 0 = none. */
static int weigh(const struct listener *l, enum transport_proto proto, uint16_t port)
{
	enum tri has = listener_has(l, proto, port);

	if (has == TRI_NO)
		return 0;
	/* What a rule forwards never comes to a service of the router's own. */
	if (has == TRI_YES)
		return l->cause.kind == CAUSE_FORWARD ? 6 : 5;
	if (l->cause.kind == CAUSE_FORWARD && l->on == TRI_YES)
		return 4;
	if (l->first)
		return 3;
	return l->usual == port ? 2 : 1;
}

const struct listener *listeners_explain(const struct listeners *l, enum transport_proto proto,
                                         uint16_t port)
{
	const struct listener *best = NULL;
	int most = 0;

	for (size_t i = 0; i < l->n; i++) {
		int weight = weigh(&l->v[i], proto, port);

		if (weight > most) {
			most = weight;
			best = &l->v[i];
		}
	}
	return best;
}

const struct listener *listeners_named(const struct listeners *l, const char *name,
                                       const struct listener *after)
{
	for (size_t i = after ? (size_t)(after - l->v) + 1 : 0; i < l->n; i++)
		if (strcmp(l->v[i].name, name) == 0)
			return &l->v[i];
	return NULL;
}

void cause_format(const struct cause *c, struct buf *out)
{
	buf_puts(out, c->menu);
	if (c->item)
		buf_printf(out, " %s", c->item);
	if (c->property)
		buf_printf(out, " %s%s%s", c->property, c->value ? "=" : "",
		           c->value ? c->value : "");
	if (c->to)
		buf_printf(out, " (%s%s)", c->kind == CAUSE_FORWARD ? "to " : "container ", c->to);
}
