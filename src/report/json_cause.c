/* The JSON report's listeners, and the line of the configuration behind each. */
#include "json.h"
#include "rosaudit/limits.h"
#include "rosaudit/message.h"

json_t *js_word(enum tri t)
{
	return json_string(t == TRI_UNKNOWN ? "unknown" : t == TRI_YES ? "yes" : "no");
}

/* "7.19"; 6.0 stands for "as far back as this project looks". */
static json_t *since_text(const struct cause *c)
{
	struct buf b;
	json_t *text;

	buf_init(&b, 32);
	buf_printf(&b, "%d.%d", c->since.major, c->since.minor);
	text = json_string(buf_str(&b));
	buf_done(&b);
	return text;
}

/* The line of the configuration that opens a port; null: none is known. */
json_t *js_cause(const struct cause *c)
{
	struct buf remark;
	json_t *o;

	if (!c)
		return json_null();
	o = json_object();
	js_put(o, "kind", json_string(cause_kind_name(c->kind)));
	js_put(o, "menu", js_text(c->menu));
	js_put(o, "item", js_text(c->item));
	js_put(o, "property", js_text(c->property));
	js_put(o, "value", js_text(c->value));
	js_put(o, "since", since_text(c));
	js_put(o, "command", js_text(c->command));
	js_put(o, "to", js_text(c->to));
	buf_init(&remark, LIMIT_LINE_BYTES);
	cause_say(c, &language_english, &remark);
	js_put(o, "remark", js_text(remark.n ? buf_str(&remark) : NULL));
	buf_done(&remark);
	return o;
}

static json_t *listener_object(const struct listener *l)
{
	static const char *const layers[] = {"port", "ip", "frame"};
	json_t *o = json_object();

	js_put(o, "name", js_text(l->name));
	js_put(o, "layer", json_string(layers[l->layer]));
	js_put(o, "proto", js_text(l->layer == LAYER_PORT ? l4_name(l->proto) : NULL));
	js_put(o, "ip_protocol", js_number(l->protocol, 1));
	js_put(o, "first_port", js_number(l->first, 1));
	js_put(o, "last_port", js_number(l->last, 1));
	js_put(o, "usual_port", js_number(l->usual, 1));
	js_put(o, "on", js_word(l->on));
	js_put(o, "conditional", json_boolean(l->conditional));
	js_put(o, "vrf", js_text(l->vrf));
	js_put(o, "local", js_text(l->local));
	js_put(o, "interfaces", js_text(l->interfaces));
	js_put(o, "cause", js_cause(&l->cause));
	return o;
}

/* What a menu that was not read might open is told once, by the menu. */
json_t *js_listeners(const struct listeners *all)
{
	json_t *array = json_array();

	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].on != TRI_UNKNOWN || all->v[i].cause.remark != REMARK_UNREAD)
			js_push(array, listener_object(&all->v[i]));
	return array;
}

json_t *js_unread(const struct listeners *all)
{
	json_t *array = json_array();

	for (size_t i = 0; i < all->unread_n; i++) {
		const struct unread *u = &all->unread[i];
		json_t *o = json_object();

		js_put(o, "menu", js_text(u->menu));
		js_put(o, "state", json_string(menu_state_name(u->state)));
		js_put(o, "said", js_text(u->said));
		js_push(array, o);
	}
	return array;
}
