/* Items of the firewall's menus to typed rules. */
#include <stdlib.h>
#include <string.h>

#include "exposure_private.h"
#include "rosaudit/message.h"
#include "rosaudit/text.h"

static const struct {
	const char *name;
	enum action action;
	unsigned stages; /* in which it means that; elsewhere it is not known */
} actions[] = {
#define IN(s)      (1u << STAGE_##s)
#define EVERYWHERE (IN(RAW) | IN(NAT) | IN(INPUT))
	{"accept", ACT_ACCEPT, EVERYWHERE},
	{"jump", ACT_JUMP, EVERYWHERE},
	{"return", ACT_RETURN, EVERYWHERE},
	{"log", ACT_PASS, EVERYWHERE},
	{"passthrough", ACT_PASS, EVERYWHERE},
	{"add-src-to-address-list", ACT_ADD_SRC, EVERYWHERE},
	{"add-dst-to-address-list", ACT_ADD_DST, EVERYWHERE},
	{"drop", ACT_DROP, IN(RAW) | IN(INPUT)},
	{"notrack", ACT_NOTRACK, IN(RAW)},
	{"reject", ACT_REJECT, IN(INPUT)},
	{"tarpit", ACT_TARPIT, IN(INPUT)},
	{"fasttrack-connection", ACT_PASS, IN(INPUT)},
	{"dst-nat", ACT_DSTNAT, IN(NAT)},
	{"netmap", ACT_DSTNAT, IN(NAT)},
	{"same", ACT_DSTNAT, IN(NAT)},
	{"redirect", ACT_REDIRECT, IN(NAT)},
};

static const struct {
	const char *menu[2]; /* IPv4, IPv6 */
	const char *base;
} stages[STAGES] = {
	[STAGE_RAW] = {{"/ip firewall raw", "/ipv6 firewall raw"}, "prerouting"},
	[STAGE_NAT] = {{"/ip firewall nat", "/ipv6 firewall nat"}, "dstnat"},
	[STAGE_INPUT] = {{"/ip firewall filter", "/ipv6 firewall filter"}, "input"},
};

static const char *text_of(const struct item *i, const char *name)
{
	const char *v = item_get(i, name);

	return v && v[0] ? v : NULL;
}

/* Without an action a rule accepts: the manual's default, and what a compact export leaves out. */
static enum action read_action(struct firewall *f, struct rule *r, enum stage stage)
{
	const char *name = text_of(r->item, "action");

	if (!name)
		return ACT_ACCEPT;
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(actions[i].name, name) == 0 && (actions[i].stages >> stage & 1))
			return actions[i].action;
	if (!r->dead)
		gap_add(f->gaps, r->told.menu, N_("action"), name);
	return ACT_UNKNOWN;
}

static void add_matcher(struct firewall *f, struct rule *r, const struct field *field)
{
	const struct matcher_kind *kind = matcher_find(field->name);
	struct matcher m = {.kind = kind, .value = field->value, .list = NAME_NONE};

	m.text = arena_printf(f->arena, "%s=%s", field->name, field->value);
	if (!kind) {
		if (!r->dead)
			gap_add(f->gaps, r->told.menu, N_("matcher"), field->name);
		m.bad = true;
	} else {
		/* Each flag of tcp-flags has its own. */
		if (m.value[0] == '!' && strcmp(kind->name, "tcp-flags") != 0) {
			m.negated = true;
			m.value++;
		}
		if (kind->read && !kind->read(f, &m)) {
			gap_add(f->gaps, r->told.menu, N_("value"), field->value);
			m.bad = true;
		}
	}
	if (kind && kind->role == MATCH_SOURCE)
		r->sources[r->sources_n++] = m;
	else
		r->matchers[r->matchers_n++] = m;
}

static void read_matchers(struct firewall *f, struct rule *r)
{
	const struct item *item = r->item;
	size_t n = 0;

	for (size_t i = 0; i < item->n; i++)
		n += item->fields[i].value[0] && !is_parameter(item->fields[i].name);
	r->matchers = arena_array(f->arena, n + 1, sizeof(*r->matchers));
	r->sources = arena_array(f->arena, n + 1, sizeof(*r->sources));
	for (size_t i = 0; i < item->n; i++)
		if (item->fields[i].value[0] && !is_parameter(item->fields[i].name))
			add_matcher(f, r, &item->fields[i]);
}

static void take_counter(struct rule *r)
{
	const char *text = text_of(r->item, "packets");
	unsigned long n;

	if (!text || !text_to_uint(text, strlen(text), 0, ~0ul, &n))
		return;
	r->told.packets = n;
	r->told.packets_known = true;
}

static void make_rule(struct firewall *f, struct table *t, enum stage stage,
                      const struct item *item, struct rule *r)
{
	const char *chain = text_of(item, "chain"), *action = text_of(item, "action");

	*r = (struct rule){.item = item, .dead = !item_counts(item)};
	r->target = r->list = NAME_NONE;
	r->told = (struct exposure_rule){
		.menu = t->menu,
		.number = item->number,
		.id = item->id,
		.comment = item->comment,
		.chain = chain ? chain : "",
		.action = action ? action : "accept",
		.dynamic = item->dynamic,
	};
	take_counter(r);
	r->action = read_action(f, r, stage);
	read_matchers(f, r);
	if (r->action == ACT_UNKNOWN)
		r->odd = arena_printf(f->arena, "action=%s", r->told.action);
}

/* --- chains ---------------------------------------------------------------------------------- */

static void add_to_chain(struct firewall *f, struct table *t, uint32_t rule)
{
	size_t i = names_add(&t->chain_names, t->v[rule].told.chain);
	struct chain *c = &t->chains[i];

	c->name = t->chain_names.v[i];
	if (i >= t->chains_n)
		t->chains_n = i + 1;
	if (c->n == c->cap) {
		uint32_t cap = c->cap ? (uint32_t)c->cap * 2 : 4;

		c->rules = arena_grow(f->arena, c->rules, c->n, cap, sizeof(*c->rules));
		c->cap = cap;
	}
	c->rules[c->n++] = rule;
}

static void link_chains(struct firewall *f, struct table *t)
{
	t->chains = arena_array(f->arena, t->n + 1, sizeof(*t->chains));
	names_add(&t->chain_names, t->base);
	t->chains[0].name = t->base;
	t->chains_n = 1;
	for (uint32_t i = 0; i < t->n; i++)
		add_to_chain(f, t, i);
	for (size_t i = 0; i < t->n; i++) {
		const char *target = text_of(t->v[i].item, "jump-target");

		if (t->v[i].action == ACT_JUMP && target)
			t->v[i].target = names_find(&t->chain_names, target);
	}
}

static int order_rules(const void *left, const void *right)
{
	const struct item *a = *(const struct item *const *)left;
	const struct item *b = *(const struct item *const *)right;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* NAT of IPv6 came with RouterOS 7. */
static bool is_older(const struct firewall *f, const char *path)
{
	const struct ros_version *v = &f->facts->device->version;

	return strcmp(path, "/ipv6 firewall nat") == 0 && v->major && v->major < 7;
}

/* In the router's own order, whatever order they were read in. */
static void make_table(struct firewall *f, enum stage stage, struct table *t)
{
	const char *path = stages[stage].menu[f->family == 6];
	const struct menu_items *m = device_menu(f->facts->device, path);
	const struct item **order;

	t->menu = path;
	t->base = stages[stage].base;
	t->state = m ? m->state : MENU_NOT_ASKED;
	t->absent = t->state == MENU_NOT_ASKED && is_older(f, path);
	if (t->state == MENU_READ) {
		t->v = arena_array(f->arena, m->n + 1, sizeof(*t->v));
		order = mem_alloc((m->n + 1) * sizeof(*order));
		for (size_t i = 0; i < m->n; i++)
			order[i] = &m->v[i];
		qsort(order, m->n, sizeof(*order), order_rules);
		for (; t->n < m->n; t->n++)
			make_rule(f, t, stage, order[t->n], &t->v[t->n]);
		free(order);
	}
	link_chains(f, t);
}

/* --- lists that are filled while a packet passes --------------------------------------------- */

static void name_target(struct firewall *f, struct rule *r)
{
	const char *list = text_of(r->item, "address-list");

	if (list && (r->action == ACT_ADD_SRC || r->action == ACT_ADD_DST))
		r->list = names_add(&f->list_names, list);
}

static void mark_moving(struct firewall *f, const struct rule *r, const bool *asked)
{
	struct alist *l;

	if (r->dead || r->list == NAME_NONE)
		return;
	l = &f->lists[r->list];
	if (r->action == ACT_ADD_DST)
		l->moves_dst = true;
	else if (asked[r->list] && l->moves == MOVES_NOT)
		l->moves = f->moving_n < 64 ? f->moving_n++ : MOVES_UNFOLLOWED;
}

static void ask_lists(const struct rule *r, bool *asked)
{
	for (size_t i = 0; i < r->sources_n; i++)
		if (r->sources[i].list != NAME_NONE)
			asked[r->sources[i].list] = true;
}

static void each_rule(struct firewall *f, void (*visit)(struct firewall *f, struct rule *r))
{
	for (size_t s = 0; s < STAGES; s++)
		for (size_t i = 0; i < f->tables[s].n; i++)
			visit(f, &f->tables[s].v[i]);
}

static void make_lists(struct firewall *f)
{
	bool *asked;

	each_rule(f, name_target);
	f->lists = arena_array(f->arena, f->list_names.n + 1, sizeof(*f->lists));
	lists_make(f);
	asked = mem_alloc(f->list_names.n + 1);
	for (size_t i = 0; i < f->lists_n; i++)
		f->lists[i].moves = MOVES_NOT;
	for (size_t s = 0; s < STAGES; s++)
		for (size_t i = 0; i < f->tables[s].n; i++)
			ask_lists(&f->tables[s].v[i], asked);
	for (size_t s = 0; s < STAGES; s++)
		for (size_t i = 0; i < f->tables[s].n; i++)
			mark_moving(f, &f->tables[s].v[i], asked);
	free(asked);
}

/* A rule whose one source condition is a list shares the list's sets. */
static void make_sources(struct firewall *f, struct rule *r)
{
	struct addrset *sets;

	for (size_t i = 0; i < r->sources_n; i++) {
		const struct matcher *m = &r->sources[i];

		if (m->list != NAME_NONE && f->lists[m->list].moves != MOVES_NOT)
			r->moving = true;
	}
	if (!r->sources_n || r->dead)
		return;
	sets = arena_array(f->arena, 2, sizeof(*sets));
	rule_sources(f, r, 0, 0, f->arena, &sets[0], &sets[1]);
	r->sure = &sets[0];
	r->may = &sets[1];
}

/* --- address types and marks ----------------------------------------------------------------- */

static void add_broadcast(struct addrset_builder *b, const struct own_address *own)
{
	if (own->network.last - own->network.first >= 3)
		addrset_builder_add(b, own->network.last, own->network.last);
}

static void make_types(struct firewall *f)
{
	struct addrset_builder local, broadcast, multicast;

	addrset_builder_init(&local, f->family);
	addrset_builder_init(&broadcast, f->family);
	addrset_builder_init(&multicast, f->family);
	for (size_t i = 0; i < f->facts->own_n; i++) {
		const struct own_address *own = &f->facts->own[i];
		addr_number x = address_number(&own->address);

		if (own->address.family != f->family)
			continue;
		addrset_builder_add(&local, x, x);
		if (f->family == 4)
			add_broadcast(&broadcast, own);
	}
	if (f->family == 4) {
		addrset_builder_add(&local, 0x7f000000, 0x7fffffff);
		addrset_builder_add(&broadcast, 0xffffffff, 0xffffffff);
		addrset_builder_add(&multicast, 0xe0000000, 0xefffffff);
	} else {
		addrset_builder_add(&local, 1, 1);
		addrset_builder_add(&multicast, (addr_number)0xff << 120, address_last(6));
	}
	f->local = addrset_builder_finish(&local, f->arena);
	f->broadcast = addrset_builder_finish(&broadcast, f->arena);
	f->multicast = addrset_builder_finish(&multicast, f->arena);
	f->own_known = f->family == 4 ? f->facts->own4_known : f->facts->own6_known;
}

/* A mark exists only where mangle sets it; without mangle's rules nobody knows. */
static enum tri may_be_marked(const struct menu_items *mangle, const char *action)
{
	if (!mangle)
		return TRI_UNKNOWN;
	for (size_t i = 0; i < mangle->n; i++) {
		const char *a = text_of(&mangle->v[i], "action");

		if (item_counts(&mangle->v[i]) && a && strcmp(a, action) == 0)
			return TRI_YES;
	}
	return TRI_NO;
}

static void make_marks(struct firewall *f)
{
	const char *path = f->family == 4 ? "/ip firewall mangle" : "/ipv6 firewall mangle";
	const struct menu_items *mangle = menu_read(f->facts->device, path);

	f->conn_marks = may_be_marked(mangle, "mark-connection");
	f->routing_marks = may_be_marked(mangle, "mark-routing");
	/* RouterOS 6 marks what comes in by a VRF's interface. */
	if (f->facts->vrfs != TRI_NO)
		f->routing_marks = TRI_UNKNOWN;
}

static bool has_input_nat(const struct table *nat)
{
	for (size_t i = 0; i < nat->n; i++)
		if (!nat->v[i].dead && strcmp(nat->v[i].told.chain, "input") == 0)
			return true;
	return false;
}

void firewall_make(const struct facts *facts, int family, struct arena *arena,
                   struct gap_list *gaps, struct firewall *out)
{
	*out = (struct firewall){.family = family, .facts = facts, .arena = arena, .gaps = gaps};
	for (int s = 0; s < STAGES; s++)
		make_table(out, (enum stage)s, &out->tables[s]);
	make_lists(out);
	make_types(out);
	make_marks(out);
	each_rule(out, make_sources);
	out->input_nat = has_input_nat(&out->tables[STAGE_NAT]);
}

void firewall_done(struct firewall *f)
{
	names_done(&f->list_names);
	for (size_t s = 0; s < STAGES; s++)
		names_done(&f->tables[s].chain_names);
}
