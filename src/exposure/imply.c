/* When one condition of a rule says another one already: whoever fulfils `given` fulfils `asked`.
 * Only what is certain counts; where nothing is known the answer is no. */
#include <string.h>

#include "exposure_private.h"
#include "rosaudit/text.h"

static bool is_kind(const struct matcher *m, const char *name)
{
	return m->kind && strcmp(m->kind->name, name) == 0;
}

/* --- words ----------------------------------------------------------------------------------- */

static bool has_word(const char *list, const char *word, size_t n)
{
	while (*list) {
		size_t len = strcspn(list, ",;");

		if (len == n && memcmp(list, word, n) == 0)
			return true;
		list += len + (list[len] != '\0');
	}
	return false;
}

/* How many words of the one are (or are not) in the other? */
static size_t count_words(const char *list, const char *in, bool there)
{
	size_t n = 0;

	while (*list) {
		size_t len = strcspn(list, ",;");

		n += has_word(in, list, len) == there;
		list += len + (list[len] != '\0');
	}
	return n;
}

/* "established,related": any of them. exclusive: a packet has one of the words alone. */
static bool imply_any(const struct matcher *given, const struct matcher *asked, bool exclusive)
{
	if (given->negated != asked->negated)
		return exclusive && asked->negated &&
		       count_words(given->value, asked->value, true) == 0;
	if (given->negated)
		return count_words(asked->value, given->value, false) == 0;
	return count_words(given->value, asked->value, false) == 0;
}

static bool imply_states(const struct firewall *f, const struct matcher *given,
                         const struct matcher *asked)
{
	(void)f;
	return imply_any(given, asked, true);
}

static bool imply_words(const struct firewall *f, const struct matcher *given,
                        const struct matcher *asked)
{
	(void)f;
	return imply_any(given, asked, false);
}

/* "syn,!ack": all of them. */
static bool imply_flags(const struct firewall *f, const struct matcher *given,
                        const struct matcher *asked)
{
	(void)f;
	return count_words(asked->value, given->value, false) == 0;
}

/* --- numbers --------------------------------------------------------------------------------- */

/* The first number from x on that the matcher's spans (not) hold; 65536: none. */
static unsigned next_number(const struct matcher *m, unsigned x, bool held)
{
	while (x <= UINT16_MAX) {
		unsigned behind = x;

		for (size_t i = 0; i < m->ports_n; i++)
			if (m->ports[i].first <= x && x <= m->ports[i].last &&
			    m->ports[i].last + 1u > behind)
				behind = m->ports[i].last + 1u;
		if ((behind > x) == held)
			return x;
		if (!held) {
			x = behind;
			continue;
		}
		behind = UINT16_MAX + 1u;
		for (size_t i = 0; i < m->ports_n; i++)
			if (m->ports[i].first > x && m->ports[i].first < behind)
				behind = m->ports[i].first;
		x = behind;
	}
	return UINT16_MAX + 1u;
}

/* Is every number that the one holds held by the other? Each is asked with its "!" or without. */
static bool holds_all(const struct matcher *outer, bool outer_not, const struct matcher *inner,
                      bool inner_not)
{
	unsigned x = 0;

	while (x <= UINT16_MAX) {
		unsigned in = next_number(inner, x, !inner_not);
		unsigned out = next_number(outer, x, outer_not);
		unsigned end = in > UINT16_MAX ? in : next_number(inner, in, inner_not);

		if (in > UINT16_MAX || out > UINT16_MAX)
			return true;
		if (out >= in && out < end)
			return false;
		if (out < in)
			out = next_number(outer, in, outer_not);
		if (out < end)
			return false;
		x = end;
	}
	return true;
}

static bool imply_port(const struct firewall *f, const struct matcher *given,
                       const struct matcher *asked)
{
	(void)f;
	return holds_all(asked, asked->negated, given, given->negated);
}

/* `port` is about either end: of two that are negated, as of two that are not, the numbers tell. */
static bool imply_either(const struct firewall *f, const struct matcher *given,
                         const struct matcher *asked)
{
	(void)f;
	if (given->negated != asked->negated)
		return false;
	return given->negated ? holds_all(given, false, asked, false)
	                      : holds_all(asked, false, given, false);
}

static bool imply_one_of_both(const struct firewall *f, const struct matcher *given,
                              const struct matcher *asked)
{
	(void)f;
	return !asked->negated && holds_all(asked, false, given, given->negated);
}

/* --- protocols ------------------------------------------------------------------------------- */

/* The number where it is certain, else -1: names of other protocols have been given twice. */
static int protocol_number(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} known[] = {{"icmp", 1}, {"igmp", 2}, {"tcp", 6}, {"udp", 17}, {"gre", 47}, {"ospf", 89}};
	unsigned long number;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].number;
	return text_to_uint(name, strlen(name), 0, 255, &number) ? (int)number : -1;
}

static bool imply_protocol(const struct firewall *f, const struct matcher *given,
                           const struct matcher *asked)
{
	int a = protocol_number(given->value), b = protocol_number(asked->value);

	(void)f;
	if (a < 0 || b < 0)
		return false;
	if (given->negated == asked->negated)
		return a == b;
	return asked->negated && a != b;
}

/* --- interfaces ------------------------------------------------------------------------------ */

static const struct iface *find_iface(const struct firewall *f, const char *name)
{
	for (size_t i = 0; i < f->facts->ifaces_n; i++)
		if (f->facts->ifaces[i].name && strcmp(f->facts->ifaces[i].name, name) == 0)
			return &f->facts->ifaces[i];
	return NULL;
}

/* Of a packet that comes in by that interface. */
static bool imply_interface(const struct firewall *f, const struct matcher *given,
                            const struct matcher *asked)
{
	const struct iface *in = given->negated ? NULL : find_iface(f, given->value);
	struct packet p = {.family = f->family, .in = in};
	enum tri t = in ? asked->kind->test(f, asked, &p) : TRI_UNKNOWN;

	return t == (asked->negated ? TRI_NO : TRI_YES);
}

/* --- addresses ------------------------------------------------------------------------------- */

struct bounds {
	struct addrset sure, may;
};

static struct bounds bounds_of(const struct firewall *f, const struct matcher *m,
                               struct arena *arena)
{
	struct addrset_builder b;
	struct addrset s;

	if (m->list != NAME_NONE) {
		const struct alist *l = &f->lists[m->list];

		return m->negated ? (struct bounds){l->not_sure, l->not_may}
		                  : (struct bounds){l->sure, l->may};
	}
	addrset_builder_init(&b, f->family);
	addrset_builder_add(&b, m->range.first, m->range.last);
	s = addrset_builder_finish(&b, arena);
	if (m->negated)
		s = addrset_complement(&s, arena);
	return (struct bounds){s, s};
}

static bool changes(const struct firewall *f, const struct matcher *m)
{
	return m->list != NAME_NONE && f->lists[m->list].changes;
}

static bool imply_address(const struct firewall *f, const struct matcher *given,
                          const struct matcher *asked)
{
	struct arena arena;
	bool all;

	if (changes(f, given) || changes(f, asked))
		return false;
	arena_init(&arena);
	struct bounds inner = bounds_of(f, given, &arena), outer = bounds_of(f, asked, &arena);

	all = addrset_covers(&outer.sure, &inner.may);
	arena_done(&arena);
	return all;
}

/* --- the table ------------------------------------------------------------------------------- */

static const struct {
	const char *given, *asked;
	bool (*imply)(const struct firewall *f, const struct matcher *given,
	              const struct matcher *asked);
} pairs[] = {
	{"dst-port", "dst-port", imply_port},
	{"src-port", "src-port", imply_port},
	{"port", "port", imply_either},
	{"any-port", "any-port", imply_either},
	{"port", "any-port", imply_either},
	{"any-port", "port", imply_either},
	{"dst-port", "port", imply_one_of_both},
	{"dst-port", "any-port", imply_one_of_both},
	{"src-port", "port", imply_one_of_both},
	{"src-port", "any-port", imply_one_of_both},
	{"protocol", "protocol", imply_protocol},
	{"in-interface", "in-interface", imply_interface},
	{"in-interface", "in-interface-list", imply_interface},
	{"dst-address", "dst-address", imply_address},
	{"dst-address", "dst-address-list", imply_address},
	{"dst-address-list", "dst-address", imply_address},
	{"dst-address-list", "dst-address-list", imply_address},
	{"src-address", "src-address", imply_address},
	{"dst-address-type", "dst-address-type", imply_words},
	{"src-address-type", "src-address-type", imply_words},
	{"connection-nat-state", "connection-nat-state", imply_words},
	{"connection-state", "connection-state", imply_states},
	{"tcp-flags", "tcp-flags", imply_flags},
};

bool condition_implies(const struct firewall *f, const struct matcher *given,
                       const struct matcher *asked)
{
	if (!given->kind || !asked->kind)
		return false;
	if (given->kind == asked->kind && strcmp(given->text, asked->text) == 0)
		return true;
	if (given->bad || asked->bad)
		return false;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (is_kind(given, pairs[i].given) && is_kind(asked, pairs[i].asked))
			return pairs[i].imply(f, given, asked);
	return false;
}

/* The lists that every interface is in, and no other condition that is always fulfilled: a port, a
 * protocol is not what every packet has. */
bool condition_is_void(const struct firewall *f, const struct matcher *m)
{
	if (m->bad)
		return false;
	if (is_kind(m, "in-interface-list"))
		return strcmp(m->value, m->negated ? "none" : "all") == 0;
	return is_kind(m, "dst-address") && !m->negated && m->range.first == 0 &&
	       m->range.last == address_last(f->family);
}
