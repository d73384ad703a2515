/* The conditions of a rule: a table of those that are known, and what each says of a first
 * packet. */
#include <stdlib.h>
#include <string.h>

#include "exposure_private.h"
#include "rosaudit/text.h"

static enum tri not_tri(enum tri t)
{
	return t == TRI_UNKNOWN ? t : tri_of(t == TRI_NO);
}

static enum tri both(enum tri a, enum tri b)
{
	if (a == TRI_NO || b == TRI_NO)
		return TRI_NO;
	return a == TRI_YES && b == TRI_YES ? TRI_YES : TRI_UNKNOWN;
}

static enum tri either(enum tri a, enum tri b)
{
	if (a == TRI_YES || b == TRI_YES)
		return TRI_YES;
	return a == TRI_NO && b == TRI_NO ? TRI_NO : TRI_UNKNOWN;
}

/* --- values ---------------------------------------------------------------------------------- */

bool read_numbers(struct arena *arena, const char *s, struct number_span **out, size_t *n)
{
	size_t commas = 1;

	for (const char *p = s; *p; p++)
		commas += *p == ',' || *p == ';';
	*out = arena_array(arena, commas, sizeof(**out));
	*n = 0;
	while (*s) {
		size_t len = strcspn(s, ",;"), dash = strcspn(s, "-,;");
		unsigned long first, last;

		if (!text_to_uint(s, dash, 0, UINT16_MAX, &first))
			return false;
		last = first;
		if (dash < len &&
		    !text_to_uint(s + dash + 1, len - dash - 1, first, UINT16_MAX, &last))
			return false;
		(*out)[(*n)++] = (struct number_span){(uint16_t)first, (uint16_t)last};
		s += len + (s[len] != '\0');
	}
	return *n > 0;
}

static bool read_ports(struct firewall *f, struct matcher *m)
{
	return read_numbers(f->arena, m->value, &m->ports, &m->ports_n);
}

static bool read_range(struct firewall *f, struct matcher *m)
{
	int family;

	return addr_range_parse(m->value, strlen(m->value), &family, &m->range) &&
	       family == f->family;
}

static bool read_list(struct firewall *f, struct matcher *m)
{
	m->list = names_add(&f->list_names, m->value);
	return true;
}

/* The next word of a comma-separated list; false at its end. */
static bool next_word(const char **s, const char **word, size_t *len)
{
	if (!**s)
		return false;
	*word = *s;
	*len = strcspn(*s, ",;");
	*s += *len + ((*s)[*len] != '\0');
	return true;
}

static bool is_word(const char *word, size_t len, const char *s)
{
	return strlen(s) == len && memcmp(word, s, len) == 0;
}

/* --- the packet's conditions ----------------------------------------------------------------- */

static enum tri test_protocol(const struct firewall *f, const struct matcher *m,
                              const struct packet *p)
{
	/* RouterOS's names; any other number or name is another protocol than the two that a
	 * service speaks, as long as it is one. */
	static const char *const others[] = {
		"icmp",      "igmp",   "ggp",        "ip-encap",  "st",         "egp",
		"pup",       "hmp",    "xns-idp",    "rdp",       "iso-tp4",    "dccp",
		"xtp",       "ddp",    "idpr-cmtp",  "gre",       "ipsec-esp",  "ipsec-ah",
		"rspf",      "vmtp",   "ospf",       "ipip",      "etherip",    "encap",
		"pim",       "vrrp",   "l2tp",       "sctp",      "udp-lite",   "ipv6-encap",
		"ipv6-icmp", "icmpv6", "ipv6-route", "ipv6-frag", "ipv6-nonxt", "ipv6-opts",
		NULL,
	};
	enum transport_proto proto = L4_UNKNOWN;
	unsigned long number;

	(void)f;
	if (strcmp(m->value, "tcp") == 0 || strcmp(m->value, "6") == 0)
		proto = L4_TCP;
	else if (strcmp(m->value, "udp") == 0 || strcmp(m->value, "17") == 0)
		proto = L4_UDP;
	if (proto != L4_UNKNOWN)
		return tri_of(proto == p->proto);
	if (text_to_uint(m->value, strlen(m->value), 0, 255, &number))
		return TRI_NO;
	for (size_t i = 0; others[i]; i++)
		if (strcmp(m->value, others[i]) == 0)
			return TRI_NO;
	return TRI_UNKNOWN;
}

static bool has_port(const struct matcher *m, unsigned first, unsigned last)
{
	for (size_t i = 0; i < m->ports_n; i++)
		if (m->ports[i].first <= first && m->ports[i].last >= last)
			return true;
	return false;
}

static enum tri test_dst_port(const struct firewall *f, const struct matcher *m,
                              const struct packet *p)
{
	(void)f;
	if (p->port < 0)
		return has_port(m, 0, UINT16_MAX) ? TRI_YES : TRI_UNKNOWN;
	return tri_of(has_port(m, (unsigned)p->port, (unsigned)p->port));
}

/* The client chooses the port that it comes from. */
static enum tri test_src_port(const struct firewall *f, const struct matcher *m,
                              const struct packet *p)
{
	(void)f;
	(void)p;
	return has_port(m, 1, UINT16_MAX) ? TRI_YES : TRI_UNKNOWN;
}

static enum tri test_any_port(const struct firewall *f, const struct matcher *m,
                              const struct packet *p)
{
	return either(test_dst_port(f, m, p), test_src_port(f, m, p));
}

static enum tri test_in_interface(const struct firewall *f, const struct matcher *m,
                                  const struct packet *p)
{
	(void)f;
	if (!p->in->name)
		return TRI_UNKNOWN;
	if (strcmp(m->value, p->in->name) == 0)
		return TRI_YES;
	if (strncmp(m->value, "all-", 4) == 0)
		return facts_is_type(p->in, m->value);
	return TRI_NO;
}

static enum tri test_in_list(const struct firewall *f, const struct matcher *m,
                             const struct packet *p)
{
	return facts_in_list(f->facts, p->in, m->value);
}

static enum tri test_dst_address(const struct firewall *f, const struct matcher *m,
                                 const struct packet *p)
{
	addr_number x = address_number(&p->dst);

	if (!p->dst_known)
		return m->range.first == 0 && m->range.last == address_last(f->family)
		               ? TRI_YES
		               : TRI_UNKNOWN;
	return tri_of(m->range.first <= x && x <= m->range.last);
}

static enum tri test_dst_list(const struct firewall *f, const struct matcher *m,
                              const struct packet *p)
{
	const struct alist *l = &f->lists[m->list];
	addr_number x = address_number(&p->dst);

	/* Behind a redirect, or without /ip address: nobody knows to which own address it goes. */
	if (!p->dst_known)
		return !l->moves_dst && l->may.n == 0 ? TRI_NO : TRI_UNKNOWN;
	if (addrset_contains(&l->sure, x))
		return TRI_YES;
	return l->moves_dst || addrset_contains(&l->may, x) ? TRI_UNKNOWN : TRI_NO;
}

/* Every packet that is judged here goes to an address of the router's own. */
static enum tri test_dst_type(const struct firewall *f, const struct matcher *m,
                              const struct packet *p)
{
	const char *s = m->value, *word;
	size_t len;

	(void)f;
	(void)p;
	while (next_word(&s, &word, &len))
		if (is_word(word, len, "local"))
			return TRI_YES;
	return TRI_NO;
}

static enum tri test_state(const struct firewall *f, const struct matcher *m,
                           const struct packet *p)
{
	const char *s = m->value, *word;
	enum tri t = TRI_NO;
	size_t len;

	(void)f;
	while (next_word(&s, &word, &len)) {
		if (is_word(word, len, "new"))
			t = either(t, not_tri(p->untracked));
		else if (is_word(word, len, "untracked"))
			t = either(t, p->untracked);
	}
	/* Both at once: whichever it is, it is one of the two. */
	if (t == TRI_UNKNOWN && strstr(m->value, "new") && strstr(m->value, "untracked"))
		return TRI_YES;
	return t;
}

static enum tri test_nat_state(const struct firewall *f, const struct matcher *m,
                               const struct packet *p)
{
	const char *s = m->value, *word;
	enum tri t = TRI_NO;
	size_t len;

	(void)f;
	/* Source NAT comes after input: srcnat is no first packet's. */
	while (next_word(&s, &word, &len))
		if (is_word(word, len, "dstnat"))
			t = either(t, p->dstnat);
	return t;
}

/* Flags of a first packet: SYN alone, perhaps with the two of ECN (RFC 3168). Each has its "!". */
static enum tri test_tcp_flags(const struct firewall *f, const struct matcher *m,
                               const struct packet *p)
{
	const char *s = m->value, *word;
	enum tri t = TRI_YES;
	size_t len;

	(void)f;
	if (p->proto != L4_TCP)
		return TRI_NO;
	while (next_word(&s, &word, &len)) {
		bool negated = word[0] == '!';
		enum tri has = TRI_NO;

		word += negated;
		len -= negated;
		if (is_word(word, len, "syn"))
			has = TRI_YES;
		else if (is_word(word, len, "ece") || is_word(word, len, "cwr"))
			has = TRI_UNKNOWN;
		t = both(t, negated ? not_tri(has) : has);
	}
	return t;
}

static enum tri test_fragment(const struct firewall *f, const struct matcher *m,
                              const struct packet *p)
{
	(void)f;
	(void)p;
	/* It means the second fragment and those behind it. */
	if (strcmp(m->value, "yes") == 0 || strcmp(m->value, "true") == 0)
		return TRI_NO;
	return TRI_YES;
}

static enum tri test_icmp(const struct firewall *f, const struct matcher *m, const struct packet *p)
{
	(void)f;
	(void)m;
	(void)p;
	return TRI_NO;
}

static enum tri of_mark(enum tri set, const char *value)
{
	if (set != TRI_NO)
		return TRI_UNKNOWN;
	return tri_of(strcmp(value, "no-mark") == 0);
}

static enum tri test_conn_mark(const struct firewall *f, const struct matcher *m,
                               const struct packet *p)
{
	(void)p;
	return of_mark(f->conn_marks, m->value);
}

static enum tri test_routing_mark(const struct firewall *f, const struct matcher *m,
                                  const struct packet *p)
{
	(void)p;
	return of_mark(f->routing_marks, m->value);
}

/* --- the tables ------------------------------------------------------------------------------ */

static const struct matcher_kind kinds[] = {
	{"src-address", MATCH_SOURCE, read_range, NULL},
	{"src-address-list", MATCH_SOURCE, read_list, NULL},
	{"src-address-type", MATCH_SOURCE, NULL, NULL},
	{"protocol", MATCH_PACKET, NULL, test_protocol},
	{"dst-port", MATCH_PACKET, read_ports, test_dst_port},
	{"src-port", MATCH_PACKET, read_ports, test_src_port},
	{"port", MATCH_PACKET, read_ports, test_any_port},
	{"any-port", MATCH_PACKET, read_ports, test_any_port},
	{"in-interface", MATCH_PACKET, NULL, test_in_interface},
	{"in-interface-list", MATCH_PACKET, NULL, test_in_list},
	{"dst-address", MATCH_PACKET, read_range, test_dst_address},
	{"dst-address-list", MATCH_PACKET, read_list, test_dst_list},
	{"dst-address-type", MATCH_PACKET, NULL, test_dst_type},
	{"connection-state", MATCH_PACKET, NULL, test_state},
	{"connection-nat-state", MATCH_PACKET, NULL, test_nat_state},
	{"tcp-flags", MATCH_PACKET, NULL, test_tcp_flags},
	{"fragment", MATCH_PACKET, NULL, test_fragment},
	{"icmp-options", MATCH_PACKET, NULL, test_icmp},
	{"connection-mark", MATCH_PACKET, NULL, test_conn_mark},
	{"routing-mark", MATCH_PACKET, NULL, test_routing_mark},
	/* How often and how many: of the past. */
	{"limit", MATCH_NEVER_KNOWN, NULL, NULL},
	{"dst-limit", MATCH_NEVER_KNOWN, NULL, NULL},
	{"connection-limit", MATCH_NEVER_KNOWN, NULL, NULL},
	{"connection-rate", MATCH_NEVER_KNOWN, NULL, NULL},
	{"connection-bytes", MATCH_NEVER_KNOWN, NULL, NULL},
	{"psd", MATCH_NEVER_KNOWN, NULL, NULL},
	{"nth", MATCH_NEVER_KNOWN, NULL, NULL},
	{"random", MATCH_NEVER_KNOWN, NULL, NULL},
	{"time", MATCH_NEVER_KNOWN, NULL, NULL},
	/* Of the packet's inside, which the client chooses. */
	{"content", MATCH_NEVER_KNOWN, NULL, NULL},
	{"layer7-protocol", MATCH_NEVER_KNOWN, NULL, NULL},
	{"tls-host", MATCH_NEVER_KNOWN, NULL, NULL},
	{"p2p", MATCH_NEVER_KNOWN, NULL, NULL},
	{"connection-type", MATCH_NEVER_KNOWN, NULL, NULL},
	{"packet-size", MATCH_NEVER_KNOWN, NULL, NULL},
	{"tcp-mss", MATCH_NEVER_KNOWN, NULL, NULL},
	{"dscp", MATCH_NEVER_KNOWN, NULL, NULL},
	{"ttl", MATCH_NEVER_KNOWN, NULL, NULL},
	{"hop-limit", MATCH_NEVER_KNOWN, NULL, NULL},
	{"headers", MATCH_NEVER_KNOWN, NULL, NULL},
	{"ipv4-options", MATCH_NEVER_KNOWN, NULL, NULL},
	{"priority", MATCH_NEVER_KNOWN, NULL, NULL},
	{"ingress-priority", MATCH_NEVER_KNOWN, NULL, NULL},
	{"src-mac-address", MATCH_NEVER_KNOWN, NULL, NULL},
	{"per-connection-classifier", MATCH_NEVER_KNOWN, NULL, NULL},
	/* Of other parts of the router that are not followed. */
	{"packet-mark", MATCH_NEVER_KNOWN, NULL, NULL},
	{"routing-table", MATCH_NEVER_KNOWN, NULL, NULL},
	{"realm", MATCH_NEVER_KNOWN, NULL, NULL},
	{"hotspot", MATCH_NEVER_KNOWN, NULL, NULL},
	{"ipsec-policy", MATCH_NEVER_KNOWN, NULL, NULL},
	{"in-bridge-port", MATCH_NEVER_KNOWN, NULL, NULL},
	{"in-bridge-port-list", MATCH_NEVER_KNOWN, NULL, NULL},
	{"out-interface", MATCH_NEVER_KNOWN, NULL, NULL},
	{"out-interface-list", MATCH_NEVER_KNOWN, NULL, NULL},
	{"out-bridge-port", MATCH_NEVER_KNOWN, NULL, NULL},
	{"out-bridge-port-list", MATCH_NEVER_KNOWN, NULL, NULL},
};

static const char *const parameters[] = {
	"action",
	"chain",
	"log",
	"log-prefix",
	"address-list",
	"address-list-timeout",
	"jump-target",
	"reject-with",
	"to-addresses",
	"to-address",
	"to-ports",
	"bytes",
	"packets",
	"passthrough",
	"about",
	"randomise-ports",
	"same-not-by-dst",
	"hw-offload",
	"new-connection-mark",
	"new-packet-mark",
	"new-routing-mark",
	"new-priority",
	"new-dscp",
	"new-mss",
	"new-ttl",
	"nextid",
	"creation-time",
	"timeout",
	"comment",
	"invalid",
	"disabled",
	"dynamic",
	NULL,
};

const struct matcher_kind *matcher_find(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

bool is_parameter(const char *name)
{
	for (size_t i = 0; parameters[i]; i++)
		if (strcmp(parameters[i], name) == 0)
			return true;
	return name[0] == '.';
}

static enum tri matcher_test(const struct firewall *f, const struct matcher *m,
                             const struct packet *p)
{
	enum tri t;

	if (m->bad || !m->kind || !m->kind->test)
		return TRI_UNKNOWN;
	t = m->kind->test(f, m, p);
	return m->negated ? not_tri(t) : t;
}

enum tri rule_test(const struct firewall *f, const struct rule *r, const struct packet *p)
{
	enum tri all = TRI_YES;

	if (r->dead)
		return TRI_NO;
	for (size_t i = 0; i < r->matchers_n && all != TRI_NO; i++)
		all = both(all, matcher_test(f, &r->matchers[i], p));
	return all;
}

static bool is_vague(const struct firewall *f, const struct matcher *m)
{
	const struct alist *l = m->list == NAME_NONE ? NULL : &f->lists[m->list];

	return m->bad || !m->kind->read || (l && (l->odd || l->moves != MOVES_NOT));
}

const char *rule_why(const struct firewall *f, const struct rule *r, const struct packet *p)
{
	for (size_t i = 0; i < r->matchers_n; i++)
		if (matcher_test(f, &r->matchers[i], p) == TRI_UNKNOWN)
			return r->matchers[i].text;
	for (size_t i = 0; i < r->sources_n; i++)
		if (is_vague(f, &r->sources[i]))
			return r->sources[i].text;
	return r->odd ? r->odd : r->told.action;
}

/* --- the source's conditions ----------------------------------------------------------------- */

struct sets {
	struct addrset sure, may, not_sure, not_may;
};

static struct sets exact(const struct addrset *s, struct arena *arena)
{
	struct addrset rest = addrset_complement(s, arena);

	return (struct sets){*s, *s, rest, rest};
}

static struct sets nothing_known(int family, struct arena *arena)
{
	struct addrset none = addrset_empty(family), all = addrset_all(family, arena);

	return (struct sets){none, all, none, all};
}

static struct sets of_range(const struct matcher *m, int family, struct arena *arena)
{
	struct addrset_builder b;
	struct addrset s;

	addrset_builder_init(&b, family);
	addrset_builder_add(&b, m->range.first, m->range.last);
	s = addrset_builder_finish(&b, arena);
	return exact(&s, arena);
}

static struct sets of_list(const struct firewall *f, const struct matcher *m, uint64_t added,
                           uint64_t maybe, struct arena *arena)
{
	const struct alist *l = &f->lists[m->list];
	uint64_t bit = l->moves >= 0 ? (uint64_t)1 << l->moves : 0;
	struct sets s = {l->sure, l->may, l->not_sure, l->not_may};

	if (added & bit) {
		struct addrset all = addrset_all(f->family, arena);

		return exact(&all, arena);
	}
	/* More lists than bits: whether this one was filled on the way is not followed. */
	if ((maybe & bit) || l->moves == MOVES_UNFOLLOWED) {
		s.may = addrset_all(f->family, arena);
		s.not_sure = addrset_empty(f->family);
	}
	return s;
}

/* Multicast and the rest are known; what is an address of the router's own only when they were
 * read; what is unicast to the router is everything else, as long as no route says blackhole. */
static void add_type(const struct firewall *f, const char *word, size_t len, struct addrset *sure,
                     struct addrset *may, struct arena *arena)
{
	struct addrset others, unicast, all = addrset_all(f->family, arena);

	if (is_word(word, len, "multicast")) {
		*sure = addrset_union(sure, &f->multicast, arena);
		*may = addrset_union(may, &f->multicast, arena);
		return;
	}
	if (is_word(word, len, "local") || is_word(word, len, "broadcast")) {
		const struct addrset *s = word[0] == 'l' ? &f->local : &f->broadcast;

		*sure = addrset_union(sure, s, arena);
		*may = f->own_known ? addrset_union(may, s, arena) : all;
		return;
	}
	if (!is_word(word, len, "unicast")) {
		*may = all;
		return;
	}
	others = addrset_union(&f->local, &f->broadcast, arena);
	others = addrset_union(&others, &f->multicast, arena);
	unicast = addrset_complement(&others, arena);
	if (f->own_known)
		*sure = addrset_union(sure, &unicast, arena);
	*may = addrset_union(may, &unicast, arena);
}

static struct sets of_type(const struct firewall *f, const struct matcher *m, struct arena *arena)
{
	struct addrset sure = addrset_empty(f->family), may = sure;
	const char *s = m->value, *word;
	size_t len;

	while (next_word(&s, &word, &len))
		add_type(f, word, len, &sure, &may, arena);
	return (struct sets){sure, may, addrset_complement(&may, arena),
	                     addrset_complement(&sure, arena)};
}

static struct sets of_source(const struct firewall *f, const struct matcher *m, uint64_t added,
                             uint64_t maybe, struct arena *arena)
{
	struct sets s;

	if (m->bad)
		return nothing_known(f->family, arena);
	if (m->kind->read == read_range)
		s = of_range(m, f->family, arena);
	else if (m->kind->read == read_list)
		s = of_list(f, m, added, maybe, arena);
	else
		s = of_type(f, m, arena);
	if (m->negated)
		return (struct sets){s.not_sure, s.not_may, s.sure, s.may};
	return s;
}

void rule_sources(const struct firewall *f, const struct rule *r, uint64_t added, uint64_t maybe,
                  struct arena *arena, struct addrset *sure, struct addrset *may)
{
	for (size_t i = 0; i < r->sources_n; i++) {
		struct sets s = of_source(f, &r->sources[i], added, maybe, arena);

		if (i == 0) {
			*sure = s.sure;
			*may = s.may;
			continue;
		}
		*sure = addrset_intersection(sure, &s.sure, arena);
		*may = addrset_intersection(may, &s.may, arena);
	}
}
