/* One packet at a time through a router's rules. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/firewall_oracle.h"

struct run {
	const struct device *d;
	struct oracle_packet p;
	struct oracle_verdict *out;
	bool untracked, dstnat;
	bool local_dst_known; /* false behind redirect: the interface's own address, by a coin */
	char added[64][64];   /* lists that the source was put into while it passed */
	size_t added_n;
	int depth;
	int throws;
};

static struct oracle_hits hits[4096];
static size_t hits_n;

const struct oracle_hits *oracle_hits(size_t *n)
{
	*n = hits_n;
	return hits;
}

/* --- coins ----------------------------------------------------------------------------------- */

static uint64_t scramble(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static bool toss(struct run *r, const char *what, const void *about)
{
	uint64_t x = scramble(r->p.coins ^ (uint64_t)(uintptr_t)about);

	for (; *what; what++)
		x = scramble(x ^ (uint64_t)(unsigned char)*what);
	r->out->tossed = true;
	return x >> 17 & 1;
}

/* --- words ----------------------------------------------------------------------------------- */

static bool equal(const char *a, size_t n, const char *b)
{
	return strlen(b) == n && strncmp(a, b, n) == 0;
}

static const char *get(const struct item *i, const char *name)
{
	const char *v = item_get(i, name);

	return v && *v ? v : NULL;
}

static const struct menu_items *menu(const struct run *r, const char *rest)
{
	char path[100];

	snprintf(path, sizeof(path), "%s %s", r->p.family == 4 ? "/ip" : "/ipv6", rest);
	return device_menu(r->d, path);
}

static bool in_force(const struct item *i)
{
	return i->disabled != TRI_YES && i->invalid != TRI_YES;
}

/* --- addresses ------------------------------------------------------------------------------- */

static bool read_address(const char *s, size_t n, int family, uint8_t out[16])
{
	char text[100];

	if (n >= sizeof(text))
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	return inet_pton(family == 4 ? AF_INET : AF_INET6, text, out) == 1;
}

static int compare(const uint8_t *a, const uint8_t *b, int family)
{
	return memcmp(a, b, family == 4 ? 4 : 16);
}

/* Is x in "a", "a/len", "a-b"? -1: the text is none of these, or of the other family. */
static int inside(const char *s, const uint8_t *x, int family)
{
	uint8_t a[16] = {0}, b[16] = {0};
	size_t n = strcspn(s, "/-");
	long len = family == 4 ? 32 : 128;

	if (!read_address(s, n, family, a))
		return -1;
	if (s[n] == '-') {
		if (!read_address(s + n + 1, strlen(s + n + 1), family, b))
			return -1;
		return compare(a, x, family) <= 0 && compare(x, b, family) <= 0;
	}
	if (s[n] == '/')
		len = strtol(s + n + 1, NULL, 10);
	for (long i = 0; i < len; i++)
		if ((a[i / 8] ^ x[i / 8]) & (0x80 >> i % 8))
			return 0;
	return 1;
}

static bool is_own(const struct run *r, const uint8_t *x)
{
	const struct menu_items *m = menu(r, "address");

	for (size_t i = 0; m && i < m->n; i++) {
		const char *s = get(&m->v[i], "address");
		uint8_t a[16];

		if (s && in_force(&m->v[i]) && read_address(s, strcspn(s, "/"), r->p.family, a) &&
		    compare(a, x, r->p.family) == 0)
			return true;
	}
	return false;
}

static bool is_broadcast(const struct run *r, const uint8_t *x)
{
	static const uint8_t all[4] = {255, 255, 255, 255};
	const struct menu_items *m = menu(r, "address");

	if (r->p.family == 6)
		return false;
	if (memcmp(x, all, 4) == 0)
		return true;
	for (size_t i = 0; m && i < m->n; i++) {
		const char *s = get(&m->v[i], "address");
		uint8_t next[4];
		long len;

		if (!s || !in_force(&m->v[i]) || inside(s, x, 4) != 1)
			continue;
		len = strtol(s + strcspn(s, "/") + 1, NULL, 10);
		if (len > 30)
			continue;
		/* The last of the network: the next one is outside. */
		memcpy(next, x, 4);
		for (int k = 3; k >= 0 && ++next[k] == 0; k--)
			;
		if (inside(s, next, 4) == 0)
			return true;
	}
	return false;
}

static const char *type_of(const struct run *r, const uint8_t *x)
{
	static const uint8_t one6[16] = {[15] = 1};

	if (is_own(r, x) || (r->p.family == 4 && x[0] == 127) ||
	    (r->p.family == 6 && memcmp(x, one6, 16) == 0))
		return "local";
	if (is_broadcast(r, x))
		return "broadcast";
	if (r->p.family == 4 ? (x[0] & 0xf0) == 0xe0 : x[0] == 0xff)
		return "multicast";
	return "unicast";
}

static bool has_type(const struct run *r, const char *list, const uint8_t *x)
{
	const char *type = type_of(r, x);

	while (*list) {
		size_t n = strcspn(list, ",");

		if (equal(list, n, type))
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

static bool in_address_list(struct run *r, const char *list, const uint8_t *x, bool source)
{
	const struct menu_items *m = menu(r, "firewall address-list");

	for (size_t i = 0; source && i < r->added_n; i++)
		if (strcmp(r->added[i], list) == 0)
			return true;
	for (size_t i = 0; m && i < m->n; i++) {
		const char *name = get(&m->v[i], "list"), *address = get(&m->v[i], "address");
		int found;

		if (!name || !address || strcmp(name, list) != 0 || !in_force(&m->v[i]))
			continue;
		found = inside(address, x, r->p.family);
		if (found == 1)
			return true;
		/* A DNS name: it may be any address. */
		if (found < 0 && strpbrk(address, "ghijklmnopqrstuvwxyz") && toss(r, address, m->v))
			return true;
	}
	return false;
}

/* --- interfaces ------------------------------------------------------------------------------ */

static const struct item *find_item(const struct run *r, const char *path, const char *name)
{
	const struct menu_items *m = device_menu(r->d, path);

	for (size_t i = 0; m && i < m->n; i++) {
		const char *s = get(&m->v[i], "name");

		if (s && strcmp(s, name) == 0)
			return &m->v[i];
	}
	return NULL;
}

static bool in_interface_list(struct run *r, const char *list);

static bool in_any_list(struct run *r, const char *lists)
{
	char name[100];
	bool found = false;

	while (lists && *lists) {
		size_t n = strcspn(lists, ",");

		snprintf(name, sizeof(name), "%.*s", (int)n, lists);
		found |= in_interface_list(r, name);
		lists += n + (lists[n] == ',');
	}
	return found;
}

static bool in_interface_list(struct run *r, const char *list)
{
	const struct menu_items *m = device_menu(r->d, "/interface list member");
	const struct item *in = find_item(r, "/interface", r->p.in);
	const struct item *l = find_item(r, "/interface list", list);

	if (strcmp(list, "all") == 0 || strcmp(list, "none") == 0)
		return list[0] == 'a';
	if (strcmp(list, "dynamic") == 0 || strcmp(list, "static") == 0)
		return (in->dynamic == TRI_YES) == (list[0] == 'd');
	if (!l)
		return toss(r, list, NULL);
	for (size_t i = 0; m && i < m->n; i++)
		if (in_force(&m->v[i]) && strcmp(get(&m->v[i], "list"), list) == 0 &&
		    strcmp(get(&m->v[i], "interface"), r->p.in) == 0)
			return true;
	return in_any_list(r, get(l, "include")) && !in_any_list(r, get(l, "exclude"));
}

static bool is_interface(const struct run *r, const char *value)
{
	const struct item *in = find_item(r, "/interface", r->p.in);
	const char *type = in ? get(in, "type") : NULL;

	if (strcmp(value, r->p.in) == 0)
		return true;
	if (strcmp(value, "all-ethernet") == 0)
		return type && strcmp(type, "ether") == 0;
	if (strcmp(value, "all-vlan") == 0)
		return type && strcmp(type, "vlan") == 0;
	if (strcmp(value, "all-ppp") == 0)
		return type && strncmp(type, "ppp", 3) == 0;
	return false;
}

/* --- matchers -------------------------------------------------------------------------------- */

static bool has_number(const char *list, long x)
{
	while (*list) {
		char *end;
		long first = strtol(list, &end, 10), last = first;

		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		if (first <= x && x <= last)
			return true;
		list = *end ? end + 1 : end;
	}
	return false;
}

/* Ports below 2000 stand for all that a client might choose. */
static int source_port(struct run *r)
{
	static const int ports[] = {53, 1025, 22, 40000};

	r->out->tossed = true;
	return ports[scramble(r->p.coins ^ 77) % 4];
}

static bool has_state(const struct run *r, const char *list)
{
	const char *state = r->untracked ? "untracked" : "new";

	while (*list) {
		size_t n = strcspn(list, ",");

		if (equal(list, n, state))
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

static bool has_flags(struct run *r, const char *list)
{
	if (!r->p.tcp)
		return false;
	while (*list) {
		bool no = *list == '!', has;
		size_t n = strcspn(list += no, ",");

		has = equal(list, n, "syn");
		if (equal(list, n, "ece") || equal(list, n, "cwr"))
			has = toss(r, "ecn", NULL);
		if (has == no)
			return false;
		list += n + (list[n] == ',');
	}
	return true;
}

static bool is_marked(struct run *r, const struct item *rule, const char *value)
{
	const struct menu_items *m = menu(r, "firewall mangle");

	for (size_t i = 0; m && i < m->n; i++)
		if (in_force(&m->v[i]) && strcmp(get(&m->v[i], "action"), "mark-connection") == 0)
			return toss(r, value, rule);
	return strcmp(value, "no-mark") == 0;
}

/* One condition, before its "!". */
static bool holds(struct run *r, const struct item *rule, const char *name, const char *v)
{
	if (strcmp(name, "src-address") == 0)
		return inside(v, r->p.src, r->p.family) == 1;
	if (strcmp(name, "dst-address") == 0)
		return inside(v, r->p.dst, r->p.family) == 1;
	if (strcmp(name, "src-address-list") == 0)
		return in_address_list(r, v, r->p.src, true);
	if (strcmp(name, "dst-address-list") == 0)
		return in_address_list(r, v, r->p.dst, false);
	if (strcmp(name, "src-address-type") == 0)
		return has_type(r, v, r->p.src);
	if (strcmp(name, "dst-address-type") == 0)
		return has_type(r, v, r->p.dst);
	if (strcmp(name, "in-interface") == 0)
		return is_interface(r, v);
	if (strcmp(name, "in-interface-list") == 0)
		return in_interface_list(r, v);
	if (strcmp(name, "protocol") == 0)
		return strcmp(v, r->p.tcp ? "tcp" : "udp") == 0 ||
		       strcmp(v, r->p.tcp ? "6" : "17") == 0;
	if (strcmp(name, "dst-port") == 0)
		return has_number(v, r->p.port);
	if (strcmp(name, "src-port") == 0)
		return has_number(v, source_port(r));
	if (strcmp(name, "port") == 0)
		return has_number(v, r->p.port) || has_number(v, source_port(r));
	if (strcmp(name, "connection-state") == 0)
		return has_state(r, v);
	if (strcmp(name, "connection-nat-state") == 0)
		return r->dstnat && strstr(v, "dstnat");
	if (strcmp(name, "tcp-flags") == 0)
		return has_flags(r, v);
	if (strcmp(name, "fragment") == 0)
		return strcmp(v, "no") == 0;
	if (strcmp(name, "icmp-options") == 0)
		return false;
	if (strcmp(name, "connection-mark") == 0)
		return is_marked(r, rule, v);
	return toss(r, name, rule);
}

static bool is_condition(const char *name)
{
	static const char *const others[] = {"chain",        "action",       "jump-target",
	                                     "address-list", "to-addresses", "to-ports",
	                                     "log",          "reject-with",  NULL};

	for (size_t i = 0; others[i]; i++)
		if (strcmp(others[i], name) == 0)
			return false;
	return true;
}

static bool matches(struct run *r, const struct item *rule)
{
	for (size_t i = 0; i < rule->n; i++) {
		const char *name = rule->fields[i].name, *v = rule->fields[i].value;
		bool no = v[0] == '!' && strcmp(name, "tcp-flags") != 0;

		if (is_condition(name) && v[0] && holds(r, rule, name, v + no) == no)
			return false;
	}
	return true;
}

/* The few words of all firewalls, once each. */
static const char *keep(const char *word)
{
	static char words[256][32];
	size_t i = 0;

	while (i < 255 && words[i][0] && strcmp(words[i], word) != 0)
		i++;
	snprintf(words[i], sizeof(words[i]), "%s", word);
	return words[i];
}

static void count_one(const char *matcher, bool negated, const char *action)
{
	size_t i = 0;

	while (i < hits_n && (strcmp(hits[i].matcher, matcher) != 0 || hits[i].negated != negated ||
	                      strcmp(hits[i].action, action) != 0))
		i++;
	if (i == hits_n) {
		if (hits_n == sizeof(hits) / sizeof(hits[0]))
			return;
		/* The words live in devices that are gone when the report is made. */
		hits[hits_n++] = (struct oracle_hits){keep(matcher), keep(action), negated, 0};
	}
	hits[i].hits++;
}

static void count(const struct item *rule)
{
	const char *action = get(rule, "action");

	for (size_t i = 0; i < rule->n; i++)
		if (is_condition(rule->fields[i].name) && rule->fields[i].value[0])
			count_one(rule->fields[i].name, strchr(rule->fields[i].value, '!') != NULL,
			          action ? action : "accept");
}

/* --- chains ---------------------------------------------------------------------------------- */

enum way { GO_ON, LEAVE, ENDED };

static enum way end(struct run *r, enum exposure_outcome o, const struct item *rule)
{
	r->out->outcome = o;
	r->out->rule = rule;
	return ENDED;
}

static enum way translate(struct run *r, const struct item *rule, bool redirect)
{
	const char *to = get(rule, "to-addresses"), *ports = get(rule, "to-ports");
	uint8_t a[16];

	r->dstnat = true;
	if (ports)
		r->p.port = (int)strtol(ports, NULL, 10);
	if (redirect) {
		/* To an address of the interface: of those that it has, any. */
		const struct menu_items *m = menu(r, "address");
		size_t n = 0;

		for (size_t i = 0; m && i < m->n; i++) {
			const char *s = get(&m->v[i], "address");

			if (strcmp(get(&m->v[i], "interface"), r->p.in) == 0 && s &&
			    in_force(&m->v[i]) && (n++ == 0 || toss(r, "redirect", NULL)))
				read_address(s, strcspn(s, "/"), r->p.family, r->p.dst);
		}
		/* It has none: nobody says to which of the router's addresses it goes then. */
		if (n == 0 && m && m->n && toss(r, "redirect", NULL)) {
			const char *s = get(&m->v[0], "address");

			read_address(s, strcspn(s, "/"), r->p.family, r->p.dst);
		}
		return LEAVE;
	}
	if (!to)
		return LEAVE;
	read_address(to, strlen(to), r->p.family, a);
	if (!is_own(r, a)) {
		r->out->to = to;
		return end(r, EXPOSURE_FORWARDED, rule);
	}
	memcpy(r->p.dst, a, sizeof(a));
	return LEAVE;
}

static enum way chain(struct run *r, const struct menu_items *m, const char *name,
                      enum way (*verdict)(struct run *r, const struct item *rule,
                                          const char *action));

static enum way do_rule(struct run *r, const struct menu_items *m, const struct item *rule,
                        enum way (*verdict)(struct run *, const struct item *, const char *))
{
	const char *action = get(rule, "action");

	if (!action)
		action = "accept";
	if (strcmp(action, "log") == 0 || strcmp(action, "passthrough") == 0 ||
	    strcmp(action, "fasttrack-connection") == 0)
		return GO_ON;
	if (strcmp(action, "add-src-to-address-list") == 0) {
		if (r->added_n < 64)
			snprintf(r->added[r->added_n++], 64, "%s", get(rule, "address-list"));
		return GO_ON;
	}
	if (strcmp(action, "return") == 0)
		return LEAVE;
	if (strcmp(action, "jump") == 0) {
		enum way w = chain(r, m, get(rule, "jump-target"), verdict);

		return w == LEAVE ? GO_ON : w;
	}
	return verdict(r, rule, action);
}

/* LEAVE at its end, or by return; ENDED by a verdict. */
static enum way chain(struct run *r, const struct menu_items *m, const char *name,
                      enum way (*verdict)(struct run *, const struct item *, const char *))
{
	enum way w = GO_ON;

	for (size_t i = 0; m && i < m->n && w == GO_ON; i++) {
		if (!in_force(&m->v[i]) || strcmp(get(&m->v[i], "chain"), name) != 0 ||
		    !matches(r, &m->v[i]))
			continue;
		count(&m->v[i]);
		if (r->out->matched_n < ORACLE_MATCHED)
			r->out->matched[r->out->matched_n++] = &m->v[i];
		w = do_rule(r, m, &m->v[i], verdict);
	}
	return w == ENDED ? ENDED : LEAVE;
}

/* ENDED with outcome unknown: accepted by this table, the next one follows. */
static enum way pass(struct run *r)
{
	r->out->outcome = EXPOSURE_UNKNOWN;
	return ENDED;
}

static enum way raw_verdict(struct run *r, const struct item *rule, const char *action)
{
	if (strcmp(action, "drop") == 0)
		return end(r, EXPOSURE_DROPPED, rule);
	if (strcmp(action, "accept") == 0)
		return pass(r);
	r->untracked = true;
	return toss(r, "notrack", NULL) ? pass(r) : GO_ON;
}

static enum way nat_verdict(struct run *r, const struct item *rule, const char *action)
{
	enum way w;

	if (strcmp(action, "accept") == 0)
		return pass(r);
	w = translate(r, rule, strcmp(action, "redirect") == 0);
	return w == LEAVE ? pass(r) : w;
}

static enum way filter_verdict(struct run *r, const struct item *rule, const char *action)
{
	if (strcmp(action, "accept") == 0)
		return end(r, EXPOSURE_SERVED, rule);
	if (strcmp(action, "reject") == 0)
		return end(r, EXPOSURE_REJECTED, rule);
	if (strcmp(action, "tarpit") == 0)
		return end(r, EXPOSURE_TARPIT, rule);
	return end(r, EXPOSURE_DROPPED, rule);
}

static const struct service *service_at(const struct run *r, const char *name, int port)
{
	const struct service *first = NULL;

	for (size_t i = 0; i < r->d->services_n; i++) {
		const struct service *s = &r->d->services[i];

		if (name ? strcmp(s->name, name) != 0
		         : s->port != port || (s->proto == L4_TCP) != r->p.tcp)
			continue;
		if (!first || (first->disabled == TRI_YES && s->disabled != TRI_YES))
			first = s;
	}
	return first;
}

static const char *vrf_of(const struct run *r)
{
	const struct menu_items *m = device_menu(r->d, "/ip vrf");

	for (size_t i = 0; m && i < m->n; i++) {
		const char *list = get(&m->v[i], "interfaces");

		while (list && *list) {
			size_t n = strcspn(list, ",");

			if (equal(list, n, r->p.in))
				return get(&m->v[i], "name");
			list += n + (list[n] == ',');
		}
	}
	return "main";
}

static bool allows(const struct run *r, const struct service *s)
{
	for (size_t i = 0; i < s->address_n; i++) {
		const struct prefix *p = &s->address[i];
		bool in = p->address.family == r->p.family;

		for (int b = 0; in && b < p->len; b++)
			in = !((p->address.bytes[b / 8] ^ r->p.src[b / 8]) & (0x80 >> b % 8));
		if (in)
			return true;
	}
	return s->address_n == 0;
}

static void serve(struct run *r, const struct service *s)
{
	if (!s || s->disabled == TRI_YES || (s->vrf && strcmp(s->vrf, vrf_of(r)) != 0))
		r->out->outcome = EXPOSURE_CLOSED;
	else if (!allows(r, s))
		r->out->outcome = EXPOSURE_REFUSED;
	else
		r->out->outcome = EXPOSURE_SERVED;
}

void oracle_run(const struct device *d, const char *service, const struct oracle_packet *p,
                struct oracle_verdict *out)
{
	struct run r = {.d = d, .p = *p, .out = out};

	*out = (struct oracle_verdict){0};
	if (chain(&r, menu(&r, "firewall raw"), "prerouting", raw_verdict) == ENDED &&
	    out->outcome != EXPOSURE_UNKNOWN)
		return;
	if (!r.untracked && chain(&r, menu(&r, "firewall nat"), "dstnat", nat_verdict) == ENDED &&
	    out->outcome != EXPOSURE_UNKNOWN)
		return;
	out->outcome = EXPOSURE_SERVED;
	out->rule = NULL;
	chain(&r, menu(&r, "firewall filter"), "input", filter_verdict);
	if (out->outcome == EXPOSURE_SERVED)
		serve(&r, service_at(&r, r.p.port == p->port ? service : NULL, r.p.port));
}
