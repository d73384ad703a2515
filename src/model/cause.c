/* Listeners: looking them up, and saying what their cause is. */
#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/cause.h"
#include "rosaudit/message.h"

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

struct cause *cause_copy(const struct cause *c, struct arena *a)
{
	struct cause *copy = arena_alloc(a, sizeof(*copy));

	*copy = *c;
	copy->menu = arena_strdup(a, c->menu);
	copy->item = arena_strdup(a, c->item);
	copy->property = arena_strdup(a, c->property);
	copy->value = arena_strdup(a, c->value);
	copy->command = arena_strdup(a, c->command);
	copy->to = arena_strdup(a, c->to);
	copy->about = arena_strdup(a, c->about);
	copy->detail = arena_strdup(a, c->detail);
	return copy;
}

/* Remarks without a name in them. */
static const char *plain_remark(enum cause_remark r)
{
	static const char *const sentences[] = {
		[REMARK_INVALID] = N_("the router flags it as invalid"),
		[REMARK_ITEM_OFF] = N_("the item itself is disabled"),
		[REMARK_SHARE] = N_("auto, and there is a share"),
		[REMARK_NO_SHARE] = N_("auto, and there is no share"),
		[REMARK_ANY_SHARE] = N_("auto, and whether a share is enabled was not said"),
		[REMARK_LISTED] = N_("the router's own list of listeners has it"),
		[REMARK_NOT_LISTED] = N_("the router's own list of listeners does not have it"),
		[REMARK_UNEXPLAINED] = N_("no menu that is known tells of this listener"),
		[REMARK_NAMESPACE] =
			N_("it listens in the container's own network namespace: from "
	                   "outside, through the container's address or a dst-nat rule"),
		[REMARK_DYNAMIC] =
			N_("a dynamic rule: another feature (UPnP, HotSpot, a container) "
	                   "made it"),
		[REMARK_PORTS] = N_("its dst-port was not understood"),
	};

	return r < sizeof(sentences) / sizeof(sentences[0]) ? sentences[r] : NULL;
}

void cause_say(const struct cause *c, const struct language *in, struct buf *out)
{
	const char *plain = plain_remark(c->remark);

	if (plain)
		buf_puts(out, in->say(plain));
	else if (c->remark == REMARK_UNREAD)
		buf_printf(out, in->say(N_("%s was not read (%s)")), c->about, c->detail);
	else if (c->remark == REMARK_UNSAID)
		buf_printf(out, in->say(N_("%s does not tell %s")), c->menu, c->about);
	else if (c->remark == REMARK_VALUE)
		buf_printf(out, in->say(N_("the value of %s is not known here")), c->about);
	else if (c->remark == REMARK_DEVICE_MODE)
		buf_printf(out, in->say(N_("the device-mode does not allow %s")), c->about);
	else if (c->remark == REMARK_NO_RULE)
		buf_printf(out, in->say(N_("it listens only while %s has an enabled item")),
		           c->about);
	else if (c->remark == REMARK_DENIED)
		buf_printf(out,
		           in->say(N_("the router lists it as listening, while %s turns it off")),
		           c->about);
	else if (c->remark == REMARK_ELSEWHERE)
		buf_printf(
			out,
			in->say(N_("the router lists it on this port, while %s has it on another")),
			c->about);
	else if (c->remark == REMARK_INFERENCE)
		buf_puts(out, in->say(c->about));
}
