/* dst-nat: ports that answer here and lead elsewhere. Which packet a rule matches is the exposure's
 * business; here it is told which ports may be forwarded, and to whom. */
#include <string.h>

#include "cause_private.h"
#include "rosaudit/buf.h"
#include "rosaudit/text.h"

#define SAY(...) arena_printf(&c->out->arena, __VA_ARGS__)

static const char *const nat_menus[] = {"/ip firewall nat", "/ipv6 firewall nat"};

/* Fields that match no packet out, or that are the port itself. */
static const char *const plain[] = {
	"chain", "action",     "protocol", "dst-port", "to-addresses",  "to-address", "to-ports",
	"log",   "log-prefix", "bytes",    "packets",  "creation-time", "comment",    "disabled",
};

static bool is_plain(const char *name)
{
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (strcmp(plain[i], name) == 0)
			return true;
	return false;
}

static bool is_value(const char *value, const char *word)
{
	return value && strcmp(value, word) == 0;
}

/* netmap in the dstnat chain rewrites destinations as well. */
static bool is_forward(const struct item *rule)
{
	const char *action = item_get(rule, "action"), *chain = item_get(rule, "chain");

	if (is_value(chain, "output") || is_value(chain, "srcnat") || is_value(chain, "input"))
		return false;
	return is_value(action, "dst-nat") || is_value(action, "redirect") ||
	       is_value(action, "netmap");
}

/* TCP, UDP, or both: unknown. False: it forwards neither. */
static bool take_protocol(const struct item *rule, struct listener *l)
{
	const char *protocol = item_get(rule, "protocol");

	l->proto = L4_UNKNOWN;
	if (!protocol || !*protocol || *protocol == '!') {
		l->conditional |= protocol && *protocol == '!';
		return true;
	}
	if (is_value(protocol, "tcp") || is_value(protocol, "6"))
		l->proto = L4_TCP;
	else if (is_value(protocol, "udp") || is_value(protocol, "17"))
		l->proto = L4_UDP;
	return l->proto != L4_UNKNOWN;
}

static bool has_conditions(const struct item *rule)
{
	for (size_t i = 0; i < rule->n; i++)
		if (!is_plain(rule->fields[i].name) && *rule->fields[i].value)
			return true;
	/* Who comes to another chain is decided where somebody jumps to it. */
	return !is_value(item_get(rule, "chain"), "dstnat");
}

static const char *say_target(struct collecting *c, const struct item *rule)
{
	const char *to = item_get(rule, "to-addresses"), *ports = item_get(rule, "to-ports");
	bool has_ports = ports && *ports;

	if (!to)
		to = item_get(rule, "to-address");
	if (!to || !*to)
		to = is_value(item_get(rule, "action"), "redirect") ? "the router itself"
		                                                    : "the same address";
	return SAY(has_ports ? "%s:%s" : "%s", to, ports);
}

static void add_range(struct collecting *c, const struct listener *like, const char *p, size_t n)
{
	const char *dash = memchr(p, '-', n);
	size_t head = dash ? (size_t)(dash - p) : n;
	struct listener *l = collect_add(c);
	unsigned long first = 1, last = 65535;

	*l = *like;
	if (!text_to_uint(p, head, 0, 65535, &first) ||
	    !(dash ? text_to_uint(dash + 1, n - head - 1, first, 65535, &last)
	           : (last = first, true))) {
		first = 1;
		last = 65535;
		l->conditional = true;
		l->cause.remark = REMARK_PORTS;
	}
	l->first = (uint16_t)(first ? first : 1);
	l->last = (uint16_t)last;
}

static void add_rule(struct collecting *c, const char *menu, const struct item *rule)
{
	const char *ports = item_get(rule, "dst-port");
	struct listener l = {
		.on = rule->disabled == TRI_NO ? TRI_YES : TRI_UNKNOWN,
		.redirect = is_value(item_get(rule, "action"), "redirect"),
		.conditional = has_conditions(rule),
		.cause = {.kind = CAUSE_FORWARD,
	                  .menu = menu,
	                  .property = "action",
	                  .since = {menu == nat_menus[0] ? 6 : 7, menu == nat_menus[0] ? 0 : 1}},
	};

	if (!take_protocol(rule, &l))
		return;
	l.name = l.redirect ? "redirect" : "dst-nat";
	l.cause.item = SAY("%zu", rule->number);
	l.cause.value = collect_copy(c, item_get(rule, "action"));
	l.cause.to = say_target(c, rule);
	if (rule->dynamic == TRI_YES)
		l.cause.remark = REMARK_DYNAMIC;
	else
		l.cause.command = SAY("%s disable %zu", menu, rule->number);
	if (rule->disabled == TRI_UNKNOWN)
		l.cause.remark = REMARK_UNSAID;
	/* A negation or no port at all: any port may be meant. */
	if (!ports || !*ports || *ports == '!') {
		l.conditional |= ports && *ports == '!';
		l.first = 1;
		l.last = 65535;
		*collect_add(c) = l;
		return;
	}
	while (ports) {
		size_t n = strcspn(ports, ",;");

		add_range(c, &l, ports, n);
		ports = ports[n] ? ports + n + 1 : NULL;
	}
}

/* Whatever port: a rule that was not read may forward it. */
static void add_unread(struct collecting *c, const char *path)
{
	struct listener *l = collect_add(c);

	*l = (struct listener){
		.name = "dst-nat",
		.cause = {.kind = CAUSE_FORWARD, .menu = path, .property = "action"},
	};
	l->cause.since.major = 6;
	collect_why(c, path, &l->cause);
}

static void add_menu(struct collecting *c, const char *path)
{
	enum menu_state state;
	const struct menu_items *menu = collect_menu(c, path, &state);

	if (!menu && state != MENU_MISSING)
		add_unread(c, path);
	for (size_t i = 0; menu && i < menu->n; i++)
		if (menu->v[i].disabled != TRI_YES && is_forward(&menu->v[i]))
			add_rule(c, path, &menu->v[i]);
}

void collect_forwards(struct collecting *c)
{
	add_menu(c, nat_menus[0]);
	/* IPv6 has NAT since 7.1. */
	if (collect_has_version(c, 7, 1, 0, 0))
		add_menu(c, nat_menus[1]);
}
