/* The table of features against what the menus say: which of them listen, for what, and whose
 * doing it is. */
#include <string.h>

#include "cause_private.h"
#include "rosaudit/buf.h"
#include "rosaudit/command.h"
#include "rosaudit/limits.h"
#include "rosaudit/text.h"

/* What is known of one item: does it turn its feature on? */
struct switched {
	enum tri on;
	const char *value; /* of the feature's property, or NULL */
	enum cause_remark remark;
	const char *about;
};

#define SAY(...) arena_printf(&c->out->arena, __VA_ARGS__)

/* Is the word one of "a|b|c"? */
static bool is_among(const char *word, size_t n, const char *words)
{
	while (words) {
		size_t length = strcspn(words, "|");

		if (length == n && memcmp(words, word, n) == 0)
			return true;
		words = words[length] ? words + length + 1 : NULL;
	}
	return false;
}

/* The first property of "tcp-port|ip-port" that the item has, or NULL. */
static const char *get_any(const struct item *item, const char *names)
{
	for (size_t i = 0; i < item->n; i++)
		if (is_among(item->fields[i].name, strlen(item->fields[i].name), names))
			return item->fields[i].value;
	return NULL;
}

/* Does the comma-separated list hold one of the words "a|b"? */
static bool list_has(const char *list, const char *words)
{
	while (list) {
		size_t n = strcspn(list, ",;");

		if (is_among(list, n, words))
			return true;
		list = list[n] ? list + n + 1 : NULL;
	}
	return false;
}

static enum tri is_disabled(const struct item *item)
{
	return item->disabled != TRI_UNKNOWN ? item->disabled : item_bool(item, "disabled");
}

/* Is there a share that is not disabled? */
static struct switched judge_shares(struct collecting *c, const char *value)
{
	enum menu_state state;
	const struct menu_items *shares = collect_menu(c, "/ip smb shares", &state);
	bool is_sure = shares || state == MENU_MISSING;

	for (size_t i = 0; shares && i < shares->n; i++) {
		if (is_disabled(&shares->v[i]) == TRI_NO)
			return (struct switched){TRI_YES, value, REMARK_SHARE, NULL};
		is_sure &= is_disabled(&shares->v[i]) == TRI_YES;
	}
	return is_sure ? (struct switched){TRI_NO, value, REMARK_NO_SHARE, NULL}
	               : (struct switched){TRI_UNKNOWN, value, REMARK_ANY_SHARE, NULL};
}

static struct switched judge_value(struct collecting *c, const struct feature *f, const char *value)
{
	bool is_yes = strcmp(value, "yes") == 0 || strcmp(value, "true") == 0;
	bool is_no = strcmp(value, "no") == 0 || strcmp(value, "false") == 0;

	if (f->kind == SWITCH_SET)
		return (struct switched){.on = tri_of(*value && strcmp(value, "none") != 0),
		                         .value = value};
	if (f->kind == SWITCH_IS)
		return (struct switched){.on = tri_of(strcmp(value, f->value) == 0),
		                         .value = value};
	if (f->kind == SWITCH_SHARES && strcmp(value, "auto") == 0)
		return judge_shares(c, value);
	if (is_yes || is_no)
		return (struct switched){.on = tri_of(is_yes), .value = value};
	return (struct switched){TRI_UNKNOWN, value, REMARK_VALUE, f->property};
}

static struct switched judge_switch(struct collecting *c, const struct feature *f,
                                    const struct item *item)
{
	bool is_item = f->kind == SWITCH_ITEM;
	const char *value = get_any(item, f->property);
	enum tri disabled = is_disabled(item);

	if (disabled == TRI_YES)
		return (struct switched){TRI_NO, is_item ? "yes" : value,
		                         is_item ? REMARK_NONE : REMARK_ITEM_OFF, NULL};
	if (!is_item && value)
		return judge_value(c, f, value);
	if (!is_item || disabled == TRI_UNKNOWN)
		return (struct switched){TRI_UNKNOWN, NULL, REMARK_UNSAID, f->property};
	return (struct switched){.on = TRI_YES, .value = "no"};
}

/* What /system device-mode does not allow is inactive, whatever its own menu says. */
static bool is_barred(struct collecting *c, const struct feature *f)
{
	const struct menu_items *modes = device_menu(c->d, "/system device-mode");

	return f->mode && modes && modes->state == MENU_READ && modes->n == 1 &&
	       item_bool(&modes->v[0], f->mode) == TRI_NO;
}

static struct switched judge_item(struct collecting *c, const struct feature *f,
                                  const struct item *item)
{
	struct switched s = judge_switch(c, f, item);

	if (s.on == TRI_NO)
		return s;
	if (is_barred(c, f)) {
		s.on = TRI_NO;
		s.remark = REMARK_DEVICE_MODE;
		s.about = f->mode;
	} else if (item->invalid == TRI_YES) {
		s.on = TRI_UNKNOWN;
		s.remark = REMARK_INVALID;
	}
	return s;
}

/* Does the end belong to this item, as it is configured? */
static enum tri applies(const struct feature_end *end, const struct item *item)
{
	const char *value;

	if (!end->when)
		return TRI_YES;
	value = get_any(item, end->when);
	if (!value)
		return TRI_UNKNOWN;
	if (end->only)
		return tri_of(list_has(value, end->only));
	return tri_of(*value && strcmp(value, end->unless) != 0);
}

static const char *item_key(const struct feature *f, const struct item *item)
{
	return get_any(item, f->key ? f->key : "name");
}

static const char *name_item(struct collecting *c, const struct feature *f, const struct item *item)
{
	const char *key = item_key(f, item);

	if (f->single)
		return NULL;
	return key && *key ? collect_copy(c, key) : SAY("%zu", item->number);
}

/* What turns the item off; an item that the router made by itself cannot be turned off. */
static const char *close_item(struct collecting *c, const struct feature *f,
                              const struct item *item)
{
	const char *key = item_key(f, item), *text;
	struct buf b;

	if (f->single)
		return SAY("%s set %s", f->menu, f->off);
	if (item->dynamic == TRI_YES)
		return NULL;
	buf_init(&b, COMMAND_BYTES);
	buf_printf(&b, "%s %s ", f->menu, f->off ? "set" : "disable");
	if (key && *key) {
		buf_printf(&b, "[find %s=", f->key ? f->key : "name");
		command_word(key, &b);
		buf_putc(&b, ']');
	} else {
		buf_printf(&b, "%zu", item->number);
	}
	if (f->off)
		buf_printf(&b, " %s", f->off);
	text = collect_copy(c, buf_str(&b));
	buf_done(&b);
	return text;
}

/* Adds the prefixes of one list; an empty one stands for the whole family that its name says. */
static bool add_prefixes(const char *list, const char *name, struct prefix *out, size_t *n)
{
	size_t length = strlen(name);
	const char *whole = length && name[length - 1] == '6' ? "::/0" : "0.0.0.0/0";

	if (!*list) {
		prefix_parse(whole, strlen(whole), &out[(*n)++]);
		return true;
	}
	while (list && *n < LIMIT_PREFIXES) {
		size_t part = strcspn(list, ",;");
		enum prefix_fault fault = prefix_parse(list, part, &out[*n]);

		if (fault != PREFIX_OK && fault != PREFIX_HOST_BITS)
			return false;
		(*n)++;
		list = list[part] ? list + part + 1 : NULL;
	}
	return list == NULL;
}

/* Who is served, where the feature has a list for it: one property, or one for each family. */
static void take_address(struct collecting *c, const struct feature *f, const struct item *item,
                         struct listener *l)
{
	const char *first = f->address[0] ? get_any(item, f->address[0]) : NULL;
	const char *second = f->address[1] ? get_any(item, f->address[1]) : NULL;
	size_t n = 0;

	if (!first && !second)
		return;
	if (!(first && *first) && !(second && *second)) {
		l->address_known = true;
		return;
	}
	l->address = arena_array(&c->out->arena, LIMIT_PREFIXES + 1, sizeof(*l->address));
	l->address_known = (!first || add_prefixes(first, f->address[0], l->address, &n)) &&
	                   (!second || add_prefixes(second, f->address[1], l->address, &n));
	l->address_n = l->address_known ? n : 0;
}

static void take_places(struct collecting *c, const struct feature *f, const struct item *item,
                        struct listener *l)
{
	const char *vrf = item_get(item, "vrf"), *local = item_get(item, "local-address");
	const char *where = f->interfaces ? get_any(item, f->interfaces) : NULL;
	struct address a;

	if (vrf && *vrf && strcmp(vrf, "main") != 0)
		l->vrf = collect_copy(c, vrf);
	/* 0.0.0.0 and :: stand for every address. */
	if (local && address_parse(local, strlen(local), &a) && strcmp(local, "0.0.0.0") != 0 &&
	    strcmp(local, "::") != 0)
		l->local = collect_copy(c, local);
	if (where && *where && strcmp(where, "all") != 0)
		l->interfaces = collect_copy(c, where);
}

/* One port or range "a-b" of a list; false when it is none. */
static bool parse_range(const char *p, size_t n, uint16_t *first, uint16_t *last)
{
	const char *dash = memchr(p, '-', n);
	size_t head = dash ? (size_t)(dash - p) : n;
	unsigned long a, b;

	if (!text_to_uint(p, head, 1, 65535, &a))
		return false;
	b = a;
	if (dash && !text_to_uint(dash + 1, n - head - 1, a, 65535, &b))
		return false;
	*first = (uint16_t)a;
	*last = (uint16_t)b;
	return true;
}

/* The listener once per port of the item's list. */
static void add_ports(struct collecting *c, const struct listener *like, const char *list)
{
	while (list) {
		size_t n = strcspn(list, ",;");
		uint16_t first, last;
		struct listener *l = collect_add(c);

		*l = *like;
		if (parse_range(list, n, &first, &last)) {
			l->first = first;
			l->last = last;
		}
		list = list[n] ? list + n + 1 : NULL;
	}
}

static void add_end(struct collecting *c, const struct listener *like, bool lists_itself,
                    const struct feature_end *end, const char *ports)
{
	struct listener l = *like;

	l.layer = end->layer;
	l.proto = end->proto;
	l.protocol = end->protocol;
	l.usual = end->port;
	l.on_demand = end->on_demand;
	/* All TCP listeners, the changelog says; of UDP those that were ever seen there: whether
	 * the kernel's own (WireGuard, VXLAN) are is not known. */
	l.self_listed = end->layer == LAYER_PORT && (end->proto == L4_TCP || lists_itself);
	if (end->inference && l.cause.remark == REMARK_NONE) {
		l.cause.remark = REMARK_INFERENCE;
		l.cause.about = end->inference;
	}
	if (!end->property)
		l.first = l.last = end->port;
	if (ports)
		add_ports(c, &l, ports);
	else
		*collect_add(c) = l;
}

static bool is_end(const struct feature_end *end)
{
	return end->proto || end->protocol || end->layer;
}

static struct listener begin(const struct feature *f)
{
	return (struct listener){
		.name = f->name,
		.cause = {.kind = CAUSE_FEATURE,
	                  .menu = f->menu,
	                  .property = f->property,
	                  .since = {f->since.major, f->since.minor}},
	};
}

static void add_item(struct collecting *c, const struct feature *f, const struct item *item)
{
	struct switched s = judge_item(c, f, item);
	struct listener l = begin(f);

	l.on = s.on;
	l.cause.value = collect_copy(c, s.value);
	l.cause.remark = s.remark;
	l.cause.about = s.about;
	l.cause.item = name_item(c, f, item);
	l.cause.command = close_item(c, f, item);
	take_address(c, f, item, &l);
	take_places(c, f, item, &l);
	for (const struct feature_end *end = f->ends; is_end(end); end++) {
		enum tri applied = applies(end, item);
		struct listener one = l;

		if (applied == TRI_NO)
			continue;
		if (applied == TRI_UNKNOWN && l.on == TRI_YES) {
			one.on = TRI_UNKNOWN;
			one.cause.remark = REMARK_UNSAID;
			one.cause.about = end->when;
		}
		add_end(c, &one, f->lists_itself, end,
		        end->property ? get_any(item, end->property) : NULL);
	}
}

/* Nothing of the feature's menu is known. */
static void add_unknown(struct collecting *c, const struct feature *f)
{
	struct listener l = begin(f);

	l.cause.remark = REMARK_UNSAID;
	l.cause.about = f->property;
	collect_why(c, f->menu, &l.cause);
	for (const struct feature_end *end = f->ends; is_end(end); end++)
		add_end(c, &l, f->lists_itself, end, NULL);
}

static void add_feature(struct collecting *c, const struct feature *f)
{
	enum menu_state state;
	const struct menu_items *menu = collect_menu(c, f->menu, &state);

	if (!menu && state == MENU_MISSING)
		return;
	if (!menu || (f->single && menu->n == 0)) {
		add_unknown(c, f);
		return;
	}
	for (size_t i = 0; i < menu->n; i++)
		add_item(c, f, &menu->v[i]);
}

void collect_features(struct collecting *c)
{
	for (size_t i = 0; i < features_n; i++) {
		const struct feature *f = &features[i];

		if (collect_has_version(c, f->since.major, f->since.minor, f->until.major,
		                        f->until.minor))
			add_feature(c, f);
	}
}
