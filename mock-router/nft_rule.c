/*
 * One RouterOS rule as nftables rules. A condition may need several rules (a list has a fixed and a
 * dynamic half), so a rule is a set of alternatives: each is a line with the same verdict.
 *
 * psd is modelled as RouterOS's manual words it, where DelayThreshold is the gap between probes: an
 * element per source whose time runs out DelayThreshold after its last probe, with as many tokens
 * as the weight allows; a port that was seen within that time weighs nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nft_inner.h"

enum { ALTERNATIVES = 16 };

struct line {
	struct text alternative[ALTERNATIVES];
	size_t n;
	struct text
		after; /* conditions and statements of the rule behind: what the matcher notes */
	bool never;    /* it can match nothing */
};

static int refuse(const struct nft *n, const char *what, const char *value)
{
	text_addf(n->complaint, "%s %s rule %zu: %s=%s is nothing that nftables can do here",
	          n->v6 ? "ipv6" : "ip", n->table, n->index, what, value);
	return -1;
}

static void add_all(struct line *l, const char *text)
{
	for (size_t i = 0; i < l->n; i++)
		text_addf(&l->alternative[i], "%s ", text);
}

/* Each alternative so far with each of these. */
static int multiply(struct line *l, const char *const *with, size_t n)
{
	size_t had = l->n;

	if (had * n > ALTERNATIVES)
		return -1;
	for (size_t k = n; k-- > 0;)
		for (size_t i = 0; i < had; i++) {
			struct text *to = &l->alternative[k * had + i];

			if (k > 0)
				text_add(to, text_get(&l->alternative[i]));
			text_addf(to, "%s ", with[k]);
		}
	l->n = had * n;
	return 0;
}

/* --- conditions
 * --------------------------------------------------------------------------------- */

static const char *ip(const struct nft *n)
{
	return n->v6 ? "ip6" : "ip";
}

static int on_address(struct nft *n, struct line *l, const char *value, bool not, const char *arg)
{
	struct text t = {0};

	text_addf(&t, "%s %s %s%s", ip(n), arg, not ? "!= " : "", value);
	add_all(l, text_get(&t));
	text_done(&t);
	return 0;
}

static int on_list(struct nft *n, struct line *l, const char *value, bool not, const char *arg)
{
	struct text fixed = {0}, dynamic = {0};
	int rc = 0;

	text_addf(&fixed, "%s %s %s@", ip(n), arg, not ? "!= " : "");
	text_addf(&dynamic, "%s %s %s@", ip(n), arg, not ? "!= " : "");
	nft_list_name('l', value, &fixed);
	nft_list_name('d', value, &dynamic);
	if (not ) {
		add_all(l, text_get(&fixed));
		add_all(l, text_get(&dynamic));
	} else {
		const char *both[] = {text_get(&fixed), text_get(&dynamic)};

		rc = multiply(l, both, 2);
	}
	text_done(&fixed);
	text_done(&dynamic);
	return rc;
}

static int on_interface(struct nft *n, struct line *l, const char *value, bool not, const char *arg)
{
	struct text t = {0};

	(void)n;
	(void)arg;
	text_addf(&t, "iifname %s\"%s\"", not ? "!= " : "", value);
	add_all(l, text_get(&t));
	text_done(&t);
	return 0;
}

static int on_interface_list(struct nft *n, struct line *l, const char *value, bool not,
                             const char *arg)
{
	const struct feature *m = feature_find(&n->scenario->features, "interface list member");
	struct text t = {0};
	size_t members = 0;

	(void)arg;
	if (strcmp(value, "all") == 0) {
		l->never |= not ;
		return 0;
	}
	for (size_t i = 0; m != NULL && i < m->n; i++) {
		const char *list = feature_get(&m->item[i], "list");
		const char *interface = feature_get(&m->item[i], "interface");

		if (list == NULL || interface == NULL || strcmp(list, value) != 0 ||
		    feature_flag(&m->item[i], "disabled"))
			continue;
		text_addf(&t, "%s\"%s\"", members++ > 0 ? ", " : "", interface);
	}
	if (members == 0) {
		l->never |= !not ;
	} else {
		struct text whole = {0};

		text_addf(&whole, "iifname %s{ %s }", not ? "!= " : "", text_get(&t));
		add_all(l, text_get(&whole));
		text_done(&whole);
	}
	text_done(&t);
	return 0;
}

static int on_protocol(struct nft *n, struct line *l, const char *value, bool not, const char *arg)
{
	struct text t = {0};

	(void)n;
	(void)arg;
	text_addf(&t, "meta l4proto %s%s", not ? "!= " : "",
	          strcmp(value, "icmpv6") == 0 ? "ipv6-icmp" : value);
	add_all(l, text_get(&t));
	text_done(&t);
	return 0;
}

static int on_port(struct nft *n, struct line *l, const char *value, bool not, const char *arg)
{
	struct text t = {0};

	(void)n;
	text_addf(&t, "th %s %s{ %s }", arg, not ? "!= " : "", value);
	add_all(l, text_get(&t));
	text_done(&t);
	return 0;
}

static int on_state(struct nft *n, struct line *l, const char *value, bool not, const char *arg)
{
	struct text t = {0};

	(void)n;
	text_addf(&t, "%s %s{ %s }", arg, not ? "!= " : "", value);
	add_all(l, text_get(&t));
	text_done(&t);
	return 0;
}

static int on_nat_state(struct nft *n, struct line *l, const char *value, bool not, const char *arg)
{
	(void)arg;
	if (strcmp(value, "dstnat") != 0)
		return refuse(n, "connection-nat-state", value);
	add_all(l, not ? "ct status and dnat != dnat" : "ct status and dnat == dnat");
	return 0;
}

/* No namespace of a test has IPsec: what came through it is nothing. */
static int on_ipsec(struct nft *n, struct line *l, const char *value, bool not, const char *arg)
{
	bool none = strstr(value, ",none") != NULL;

	(void)n;
	(void)arg;
	add_all(l, none != not ? "meta secpath missing" : "meta secpath exists");
	return 0;
}

static int on_hops(struct nft *n, struct line *l, const char *value, bool not, const char *arg)
{
	struct text t = {0};

	(void)arg;
	if (not || strncmp(value, "equal:", 6) != 0)
		return refuse(n, "hop-limit", value);
	text_addf(&t, "ip6 hoplimit %s", value + 6);
	add_all(l, text_get(&t));
	text_done(&t);
	return 0;
}

static int on_type(struct nft *n, struct line *l, const char *value, bool not, const char *arg)
{
	struct text t = {0};

	(void)n;
	text_addf(&t, "fib %s type %s%s", arg, not ? "!= " : "", value);
	add_all(l, text_get(&t));
	text_done(&t);
	return 0;
}

/* "syn,!ack": those that must be set, of those that are looked at. */
static int on_flags(struct nft *n, struct line *l, const char *value, bool not, const char *arg)
{
	struct text mask = {0}, set = {0}, t = {0};
	char *copy = mem_copy(value), *save = NULL;

	(void)arg;
	for (char *w = strtok_r(copy, ",", &save); w != NULL; w = strtok_r(NULL, ",", &save)) {
		const char *flag = w + (w[0] == '!');

		text_addf(&mask, "%s%s", mask.n > 0 ? "|" : "", flag);
		if (w == flag)
			text_addf(&set, "%s%s", set.n > 0 ? "|" : "", flag);
	}
	text_addf(&t, "tcp flags & (%s) == %s%s%s", text_get(&mask), set.n > 0 ? "(" : "0x0",
	          text_get(&set), set.n > 0 ? ")" : "");
	add_all(l, text_get(&t));
	free(copy);
	text_done(&mask);
	text_done(&set);
	text_done(&t);
	return not ? refuse(n, "tcp-flags", value) : 0;
}

/* limit=10,5:packet, 5/1m,5:packet: RouterOS's burst is nftables' burst. */
static int on_limit(struct nft *n, struct line *l, const char *value, bool not, const char *arg)
{
	unsigned rate, burst;
	char unit = 's', text[96];
	const char *per = "second";

	(void)arg;
	if (sscanf(value, "%u/1%c,%u", &rate, &unit, &burst) != 3 &&
	    sscanf(value, "%u,%u", &rate, &burst) != 2)
		return refuse(n, "limit", value);
	if (unit == 'm')
		per = "minute";
	else if (unit == 'h')
		per = "hour";
	snprintf(text, sizeof(text), "limit rate %s%u/%s burst %u packets", not ? "over " : "",
	         rate, per, burst);
	add_all(l, text);
	return 0;
}

static int on_count(struct nft *n, struct line *l, const char *value, bool not, const char *arg)
{
	unsigned most, bits;
	char text[128];

	(void)arg;
	if (not || sscanf(value, "%u,%u", &most, &bits) != 2 || bits != (n->v6 ? 128u : 32u))
		return refuse(n, "connection-limit", value);
	text_addf(n->sets, "\tset count_%s_%zu { type %s; flags dynamic; size 65535; }\n", n->table,
	          n->index, n->v6 ? "ipv6_addr" : "ipv4_addr");
	snprintf(text, sizeof(text), "add @count_%s_%zu { %s saddr ct count over %u }", n->table,
	         n->index, ip(n), most);
	add_all(l, text);
	return 0;
}

/* One token of the source's element; over when there is none left. */
static void psd_token(const struct nft *n, unsigned tokens, unsigned seconds, const char *ports,
                      char out[192])
{
	snprintf(out, 192,
	         "th dport %s %s saddr . th dport != @seen_%s_%zu update @psd_%s_%zu { %s saddr "
	         "timeout %us limit rate over 1/week burst %u packets }",
	         ports, ip(n), n->table, n->index, n->table, n->index, ip(n), seconds, tokens);
}

static int on_psd(struct nft *n, struct line *l, const char *value, bool not, const char *arg)
{
	unsigned weight, low, high;
	char delay[16], text[8][192];
	const char *with[8];
	size_t tokens = 0;

	(void)arg;
	if (not || n->v6 || sscanf(value, "%u,%15[^,],%u,%u", &weight, delay, &low, &high) != 4 ||
	    nft_seconds(delay) <= 0 || low + high > 8 || weight < 2)
		return refuse(n, "psd", value);
	text_addf(n->sets,
	          "\tset psd_%s_%zu { type ipv4_addr; flags dynamic, timeout; size 65535; }\n"
	          "\tset seen_%s_%zu { type ipv4_addr . inet_service; flags dynamic, timeout; "
	          "size 65535; }\n",
	          n->table, n->index, n->table, n->index);
	for (unsigned i = 0; i < low + high; i++) {
		psd_token(n, weight - 1, (unsigned)nft_seconds(delay),
		          i < low ? "< 1024" : ">= 1024", text[i]);
		with[tokens] = text[i];
		tokens++;
	}
	for (size_t i = 0; i < l->n; i++)
		text_addf(
			&l->after,
			"\t\t%smeta l4proto { tcp, udp } update @seen_%s_%zu { ip saddr . th dport "
			"timeout %lds }\n",
			text_get(&l->alternative[i]), n->table, n->index, nft_seconds(delay));
	return multiply(l, with, tokens);
}

static const struct {
	const char *name;
	int (*add)(struct nft *n, struct line *l, const char *value, bool not, const char *arg);
	const char *arg;
} conditions[] = {
	{"protocol", on_protocol, NULL},
	{"src-address", on_address, "saddr"},
	{"dst-address", on_address, "daddr"},
	{"in-interface", on_interface, NULL},
	{"in-interface-list", on_interface_list, NULL},
	{"src-port", on_port, "sport"},
	{"dst-port", on_port, "dport"},
	{"connection-state", on_state, "ct state"},
	{"connection-nat-state", on_nat_state, NULL},
	{"src-address-type", on_type, "saddr"},
	{"dst-address-type", on_type, "daddr"},
	{"tcp-flags", on_flags, NULL},
	{"ipsec-policy", on_ipsec, NULL},
	{"hop-limit", on_hops, NULL},
	{"src-address-list", on_list, "saddr"},
	{"dst-address-list", on_list, "daddr"},
	/* What counts stands last: only packets that all others match are counted. */
	{"limit", on_limit, NULL},
	{"connection-limit", on_count, NULL},
	{"psd", on_psd, NULL},
};

/* Properties that are no conditions. */
static const char *const parameters[] = {
	"chain",        "action",      "comment",     "disabled",     "log",
	"log-prefix",   "jump-target", "reject-with", "address-list", "address-list-timeout",
	"to-addresses", "to-ports",    "packets",     "bytes",        "dynamic",
	"invalid",      "hw-offload",
};

/* --- actions
 * ------------------------------------------------------------------------------------ */

static const char *value_of(const struct nft *n, const char *name, const char *without)
{
	const char *v = feature_get(n->rule, name);

	return v == NULL || v[0] == '\0' ? without : v;
}

static int reject(struct nft *n, struct text *out)
{
	static const struct {
		const char *with, *v4, *v6;
	} ways[] = {
		{"tcp-reset", "reject with tcp reset", "reject with tcp reset"},
		{"icmp-network-unreachable", "reject with icmp type net-unreachable", NULL},
		{"icmp-host-unreachable", "reject with icmp type host-unreachable", NULL},
		{"icmp-port-unreachable", "reject with icmp type port-unreachable", NULL},
		{"icmp-admin-prohibited", "reject with icmp type admin-prohibited", NULL},
		{"icmp-no-route", NULL, "reject with icmpv6 type no-route"},
		{"icmp-admin-prohibited", NULL, "reject with icmpv6 type admin-prohibited"},
		{"icmp-address-unreachable", NULL, "reject with icmpv6 type addr-unreachable"},
		{"icmp-port-unreachable", NULL, "reject with icmpv6 type port-unreachable"},
	};
	const char *with =
		value_of(n, "reject-with", n->v6 ? "icmp-no-route" : "icmp-network-unreachable");

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const char *way = n->v6 ? ways[i].v6 : ways[i].v4;

		if (way == NULL || strcmp(ways[i].with, with) != 0)
			continue;
		text_add(out, way);
		return 0;
	}
	return refuse(n, "reject-with", with);
}

static int add_to_list(struct nft *n, const char *which, struct text *out)
{
	const char *timeout = value_of(n, "address-list-timeout", "none-dynamic");
	const char *list = value_of(n, "address-list", NULL);
	long seconds = strncmp(timeout, "none", 4) == 0 ? 0 : nft_seconds(timeout);

	if (list == NULL || seconds < 0)
		return refuse(n, "address-list-timeout", timeout);
	text_add(out, "update @");
	nft_list_name('d', list, out);
	text_addf(out, " { %s %s", ip(n), which);
	if (seconds > 0)
		text_addf(out, " timeout %lds", seconds);
	text_add(out, " }");
	return 0;
}

static int add_jump(struct nft *n, struct text *out)
{
	const char *target = value_of(n, "jump-target", NULL);

	if (target == NULL)
		return refuse(n, "jump-target", "");
	text_add(out, "jump ");
	nft_chain_name(n, target, out);
	return 0;
}

static int dnat(struct nft *n, struct text *out)
{
	const char *to = value_of(n, "to-addresses", NULL), *port = value_of(n, "to-ports", NULL);

	if (to == NULL)
		return refuse(n, "to-addresses", "");
	text_addf(out,
	          port == NULL ? "dnat to %s"
	          : n->v6      ? "dnat to [%s]:%s"
	                       : "dnat to %s:%s",
	          to, port);
	return 0;
}

static int verdict(struct nft *n, struct text *out)
{
	static const struct {
		const char *action, *text;
	} plain[] = {
		{"accept", "accept"},   {"drop", "drop"},
		{"return", "return"},   {"log", ""},
		{"passthrough", ""},    {"fasttrack-connection", ""},
		{"notrack", "notrack"},
	};
	const char *action = value_of(n, "action", "accept");
	const char *port = value_of(n, "to-ports", NULL);

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (strcmp(plain[i].action, action) == 0) {
			text_add(out, plain[i].text);
			return 0;
		}
	if (strcmp(action, "reject") == 0)
		return reject(n, out);
	if (strcmp(action, "jump") == 0)
		return add_jump(n, out);
	if (strcmp(action, "add-src-to-address-list") == 0)
		return add_to_list(n, "saddr", out);
	if (strcmp(action, "add-dst-to-address-list") == 0)
		return add_to_list(n, "daddr", out);
	if (strcmp(action, "dst-nat") == 0)
		return dnat(n, out);
	if (strcmp(action, "redirect") == 0) {
		text_addf(out, port == NULL ? "redirect" : "redirect to :%s", port);
		return 0;
	}
	return refuse(n, "action", action);
}

/* --- the rule
 * ----------------------------------------------------------------------------------- */

static bool is_known(const char *name)
{
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
		if (strcmp(conditions[i].name, name) == 0)
			return true;
	for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
		if (strcmp(parameters[i], name) == 0)
			return true;
	return false;
}

static int add_conditions(struct nft *n, struct line *l)
{
	for (size_t i = 0; i < n->rule->n; i++)
		if (n->rule->field[i].value[0] != '\0' && !is_known(n->rule->field[i].name))
			return refuse(n, n->rule->field[i].name, n->rule->field[i].value);
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
		const char *value = value_of(n, conditions[i].name, NULL);
		bool not = value != NULL && value[0] == '!' &&
		           strcmp(conditions[i].name, "tcp-flags") != 0;

		if (value == NULL)
			continue;
		if (conditions[i].add(n, l, value + not, not, conditions[i].arg) != 0)
			return n->complaint->n > 0 ? -1 : refuse(n, conditions[i].name, value);
	}
	return 0;
}

int nft_rule(struct nft *n)
{
	struct line l = {.n = 1};
	struct text what = {0};
	int rc = -1;

	text_add(&l.alternative[0], "");
	if (add_conditions(n, &l) != 0 || verdict(n, &what) != 0)
		goto out;
	rc = 0;
	for (size_t i = 0; !l.never && i < l.n; i++)
		text_addf(n->out, "\t\t%scounter %s comment \"%s %zu\"\n",
		          text_get(&l.alternative[i]), text_get(&what), n->table, n->index);
	if (!l.never)
		text_add(n->out, text_get(&l.after));
out:
	for (size_t i = 0; i < ALTERNATIVES; i++)
		text_done(&l.alternative[i]);
	text_done(&l.after);
	text_done(&what);
	return rc;
}
