/* Before the scan: which rules count our packets, which remember us, and how to stay below. */
#include <stdlib.h>
#include <string.h>

#include "rosaudit/guard.h"
#include "rosaudit/text.h"
#include "trial.h"

/* Further connections to one port that are tried: official recipes against brute force shut out at
 * the fourth (routeros.md 7), others at five. */
enum { CONNECTIONS_MAX = 6, GAP_SLACK_MS = 500, GAP_MOST_MS = 60000 };

void guard_init(struct guard *g)
{
	*g = (struct guard){0};
	arena_init(&g->arena);
}

void guard_done(struct guard *g)
{
	arena_done(&g->arena);
	*g = (struct guard){0};
}

const struct guard_trap *guard_trap_of(const struct guard *g, uint16_t port,
                                       enum transport_proto proto)
{
	for (size_t i = 0; i < g->traps_n; i++)
		if (g->traps[i].port == port && g->traps[i].proto == proto)
			return &g->traps[i];
	return NULL;
}

int64_t guard_estimate_ms(const struct guard *g, uint64_t weight)
{
	if (!g->burst_weight)
		return 0;
	/* The last burst is followed by no pause. */
	return (int64_t)(weight ? (weight - 1) / g->burst_weight : 0) * g->gap_ms;
}

/* --- what is not known ------------------------------------------------------------------------ */

/* Both menus that can harm us must have been read. */
static const char *unread_table(struct guard *g, const struct firewall *f)
{
	static const enum stage needed[] = {STAGE_RAW, STAGE_INPUT};

	for (size_t i = 0; i < 2; i++) {
		const struct table *t = &f->tables[needed[i]];

		if (t->state != MENU_READ)
			return arena_printf(&g->arena, "%s: %s", t->menu,
			                    menu_state_name(t->state));
	}
	return NULL;
}

/* --- limits ----------------------------------------------------------------------------------- */

/* "3s", "500ms", "1m", "00:00:03" of psd's delay; -1 when it is something else. */
static long duration_ms(const char *s, size_t n)
{
	static const struct {
		const char *unit;
		unsigned long ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"", 1000}};
	unsigned long h, m, v;

	if (n == 8 && s[2] == ':' && s[5] == ':' && text_to_uint(s, 2, 0, 99, &h) &&
	    text_to_uint(s + 3, 2, 0, 59, &m) && text_to_uint(s + 6, 2, 0, 59, &v))
		return (long)((h * 3600 + m * 60 + v) * 1000);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t len = strlen(units[i].unit);

		if (n > len && memcmp(s + n - len, units[i].unit, len) == 0 &&
		    text_to_uint(s, n - len, 0, 86400000ul / units[i].ms, &v))
			return (long)(v * units[i].ms);
	}
	return -1;
}

/* The fields of "21,3s,3,1"; how many there are. */
static size_t split(const char *s, const char *field[4], size_t len[4])
{
	size_t n = 0;

	while (n < 4) {
		field[n] = s;
		len[n] = strcspn(s, ",:");
		s += len[n++];
		if (*s != ',')
			break;
		s++;
	}
	return n;
}

static void slow_down(struct guard *g, unsigned burst, unsigned gap_ms)
{
	if (!g->burst_weight || burst < g->burst_weight)
		g->burst_weight = burst;
	if (gap_ms > g->gap_ms)
		g->gap_ms = gap_ms;
}

/* psd=WeightThreshold,DelayThreshold,LowPortWeight,HighPortWeight (RouterOS's manual, Filter). The
 * burst leaves room for one more low port: that of the login. False: no burst is small enough. */
static bool heed_psd(struct guard *g, const char *value)
{
	const char *field[4];
	size_t len[4];
	unsigned long weight, low, high;
	long delay;
	double times;

	if (split(value, field, len) != 4 || !text_to_uint(field[0], len[0], 1, 1000000, &weight) ||
	    !text_to_uint(field[2], len[2], 0, 1000000, &low) ||
	    !text_to_uint(field[3], len[3], 0, 1000000, &high))
		return false;
	delay = duration_ms(field[1], len[1]);
	if (delay < 0 || delay > GAP_MOST_MS || weight <= 2 * low)
		return false;
	/* Our bursts weigh 3 and 1. */
	times = (double)low / 3 > (double)high ? (double)low / 3 : (double)high;
	if (times <= 0)
		return true;
	slow_down(g, (unsigned)((double)(weight - low) / times), (unsigned)delay + GAP_SLACK_MS);
	return g->burst_weight >= 3;
}

/* limit=10,5:packet or 5/1m,5:packet: so many packets in a second, or in a time, and a reserve. */
static bool heed_limit(struct guard *g, const char *value)
{
	const char *field[4], *slash;
	size_t len[4], rate_n;
	unsigned long rate, reserve = 0;
	long every = 1000;
	double gap;

	size_t n = split(value, field, len);

	slash = memchr(field[0], '/', len[0]);
	rate_n = slash ? (size_t)(slash - field[0]) : len[0];
	if (!text_to_uint(field[0], rate_n, 1, 100000000, &rate))
		return false;
	if (slash)
		every = duration_ms(slash + 1, len[0] - rate_n - 1);
	if (every <= 0 || (n > 1 && !text_to_uint(field[1], len[1], 0, 100000000, &reserve)))
		return false;
	if (reserve < 3)
		reserve = 3;
	if (reserve > GUARD_BURST_WEIGHT)
		reserve = GUARD_BURST_WEIGHT;
	gap = (double)reserve * (double)every / (double)rate;
	if (gap > GAP_MOST_MS)
		return false;
	slow_down(g, (unsigned)reserve, (unsigned)gap + GAP_SLACK_MS);
	return true;
}

/* connection-limit=10,32: so many connections at a time of one address. */
static bool heed_connections(struct guard *g, const char *value)
{
	unsigned long n;
	const char *field[4];
	size_t len[4];

	split(value, field, len);
	if (!text_to_uint(field[0], len[0], 1, 100000000, &n))
		return false;
	/* A probe weighs one at least; the login is one, too. */
	if (n <= GUARD_BURST_WEIGHT)
		slow_down(g, n > 3 ? (unsigned)n - 1 : 3, GUARD_GAP_MS);
	return n > 3;
}

static bool heed(struct guard *g, const struct matcher *m)
{
	if (strcmp(m->kind->name, "psd") == 0)
		return heed_psd(g, m->value);
	if (strcmp(m->kind->name, "limit") == 0 || strcmp(m->kind->name, "dst-limit") == 0)
		return heed_limit(g, m->value);
	if (strcmp(m->kind->name, "connection-limit") == 0)
		return heed_connections(g, m->value);
	return false;
}

static void add_limit(struct guard *g, size_t *cap, const struct rule *r, const char *what,
                      bool slow_enough)
{
	if (g->limits_n == *cap) {
		size_t more = *cap ? *cap * 2 : 8;

		g->limits = arena_grow(&g->arena, g->limits, *cap, more, sizeof(*g->limits));
		*cap = more;
	}
	g->limits[g->limits_n++] = (struct guard_limit){&r->told, what, slow_enough};
}

/* Does the rule, but for what it counts, match a packet of ours to any port? */
static bool concerns_us(struct trial *t, const struct rule *r)
{
	struct rule rest = *r;
	struct matcher *kept = arena_array(t->arena, r->matchers_n + 1, sizeof(*kept));

	rest.matchers = kept;
	rest.matchers_n = 0;
	for (size_t i = 0; i < r->matchers_n; i++)
		if (!is_counting(&r->matchers[i]) && !r->matchers[i].ports_n)
			kept[rest.matchers_n++] = r->matchers[i];
	return trial_matches(t, &rest) != TRI_NO;
}

static bool may_harm(const struct rule *r)
{
	return r->action != ACT_PASS && r->action != ACT_ADD_DST && r->action != ACT_NOTRACK;
}

static void limits_of(struct guard *g, struct trial *t, const struct rule *r, size_t *cap)
{
	if (r->dead || !may_harm(r) || !concerns_us(t, r))
		return;
	for (size_t i = 0; i < r->matchers_n; i++)
		if (is_counting(&r->matchers[i]))
			add_limit(g, cap, r, r->matchers[i].text, heed(g, &r->matchers[i]));
	if (r->action == ACT_TARPIT)
		add_limit(g, cap, r, "tarpit", true);
}

/* --- traps ------------------------------------------------------------------------------------ */

/* Ports between two of these behave alike. */
struct bounds {
	uint32_t *v;
	size_t n;
};

static int order_bounds(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void bounds_of(struct bounds *b, const struct table *t, bool count_only)
{
	for (size_t i = 0; i < t->n; i++)
		for (size_t j = 0; j < t->v[i].matchers_n; j++)
			for (size_t k = 0; k < t->v[i].matchers[j].ports_n; k++) {
				const struct number_span *s = &t->v[i].matchers[j].ports[k];

				if (!count_only) {
					b->v[b->n] = s->first;
					b->v[b->n + 1] = s->last + 1u;
				}
				b->n += 2;
			}
}

static void bounds_make(struct bounds *b, const struct firewall *f)
{
	*b = (struct bounds){0};
	bounds_of(b, &f->tables[STAGE_RAW], true);
	bounds_of(b, &f->tables[STAGE_INPUT], true);
	b->v = mem_alloc((b->n + 1) * sizeof(*b->v));
	b->n = 0;
	bounds_of(b, &f->tables[STAGE_RAW], false);
	bounds_of(b, &f->tables[STAGE_INPUT], false);
	qsort(b->v, b->n, sizeof(*b->v), order_bounds);
}

/* How many bounds are at or below the port. */
static size_t class_of(const struct bounds *b, uint32_t port)
{
	size_t low = 0, high = b->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (b->v[middle] <= port)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* By which lists do rules shut out? */
static bool *shutting_lists(struct guard *g, const struct firewall *f)
{
	bool *shuts = arena_array(&g->arena, f->lists_n + 1, sizeof(*shuts));

	for (int s = STAGE_RAW; s <= STAGE_INPUT; s++)
		for (size_t i = 0; i < f->tables[s].n; i++) {
			const struct rule *r = &f->tables[s].v[i];
			bool harms = r->action == ACT_DROP || r->action == ACT_REJECT ||
			             r->action == ACT_TARPIT || r->action == ACT_JUMP ||
			             r->action == ACT_UNKNOWN;

			for (size_t j = 0; harms && !r->dead && j < r->sources_n; j++)
				if (r->sources[j].list != NAME_NONE && !r->sources[j].negated)
					shuts[r->sources[j].list] = true;
		}
	g->lists = arena_array(&g->arena, f->lists_n + 1, sizeof(*g->lists));
	for (size_t i = 0; i < f->lists_n; i++)
		if (shuts[i])
			g->lists[g->lists_n++] = arena_strdup(&g->arena, f->lists[i].name);
	return shuts;
}

/* One connection after the other to one port, until one is the trap. */
static void try_port(const struct trial *model, const struct guard_ask *ask, struct guard_trap *out)
{
	struct trial t = *model;

	*out = (struct guard_trap){.port = ask->port, .proto = ask->proto};
	t.packet.port = ask->port;
	t.packet.proto = ask->proto;
	for (unsigned n = 1; n <= CONNECTIONS_MAX; n++) {
		trial_connect(&t);
		if (!t.trap)
			continue;
		out->connections = n;
		out->sure = t.trap_sure;
		out->rule = &t.trap->told;
		out->list = t.f->lists[t.trap->list].name;
		return;
	}
}

static void traps_of(struct guard *g, const struct trial *t, const struct guard_input *in)
{
	struct bounds bounds;
	struct guard_trap *known; /* by class and protocol */
	bool *tried;

	bounds_make(&bounds, t->f);
	known = mem_alloc((bounds.n + 1) * 2 * sizeof(*known));
	tried = mem_alloc((bounds.n + 1) * 2 * sizeof(*tried));
	g->traps = arena_array(&g->arena, in->n + 1, sizeof(*g->traps));
	for (size_t i = 0; i < in->n; i++) {
		const struct guard_ask *ask = &in->ports[i];
		size_t class = class_of(&bounds, ask->port) * 2 + (ask->proto == L4_UDP);

		if (!tried[class])
			try_port(t, ask, &known[class]);
		tried[class] = true;
		if (!known[class].connections)
			continue;
		g->traps[g->traps_n] = known[class];
		g->traps[g->traps_n++].port = ask->port;
	}
	free(known);
	free(tried);
	free(bounds.v);
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Through which interface we come: that of the network which our address is in. Behind a router it
 * is not known. */
static const struct iface *way_in(const struct facts *facts, const struct address *us,
                                  struct iface *nowhere)
{
	addr_number x = address_number(us);

	*nowhere = (struct iface){0};
	for (size_t i = 0; i < facts->own_n; i++) {
		const struct own_address *own = &facts->own[i];

		if (own->address.family != us->family || x < own->network.first ||
		    x > own->network.last || !own->interface)
			continue;
		for (size_t j = 0; j < facts->ifaces_n; j++)
			if (facts->ifaces[j].name &&
			    strcmp(facts->ifaces[j].name, own->interface) == 0)
				return &facts->ifaces[j];
	}
	return nowhere;
}

/* So many lists that not all are followed: what fills them is then a limit that cannot be
 * heeded. */
static void judge(struct guard *g, struct firewall *f, const struct facts *facts,
                  const struct guard_input *in)
{
	struct iface nowhere;
	struct trial t = {.f = f, .arena = f->arena, .us = address_number(&in->us)};
	size_t cap = 0;

	t.packet = (struct packet){.family = f->family,
	                           .in = way_in(facts, &in->us, &nowhere),
	                           .proto = L4_TCP,
	                           .port = -1,
	                           .untracked = TRI_NO,
	                           .dstnat = TRI_NO};
	t.shuts = shutting_lists(g, f);
	for (int s = STAGE_RAW; s <= STAGE_INPUT; s++)
		for (size_t i = 0; s != STAGE_NAT && i < f->tables[s].n; i++)
			limits_of(g, &t, &f->tables[s].v[i], &cap);
	traps_of(g, &t, in);
	g->state = g->limits_n || g->traps_n ? GUARD_RULES : GUARD_NONE;
	/* Management ports are met once; a pause between the bursts costs little beside a ban. */
	if (g->state == GUARD_RULES)
		slow_down(g, GUARD_BURST_WEIGHT, GUARD_GAP_MS);
}

static void unknown(struct guard *g, const char *why)
{
	g->state = GUARD_UNREAD;
	g->why = why;
	slow_down(g, GUARD_BURST_WEIGHT, GUARD_GAP_MS);
}

void guard_read(const struct guard_input *in, struct guard *out)
{
	struct arena work;
	struct facts facts;
	struct firewall f;
	struct gap_list gaps;
	const char *why;

	out->us = in->us;
	if (!in->us.family) {
		unknown(out, "the router does not tell under which address it sees us");
		return;
	}
	arena_init(&work);
	gaps = (struct gap_list){.arena = &work};
	facts_make(in->device, &work, &facts);
	/* The rules outlive this function: the report names them. */
	firewall_make(&facts, in->us.family, &out->arena, &gaps, &f);
	why = unread_table(out, &f);
	if (why)
		unknown(out, why);
	else
		judge(out, &f, &facts, in);
	firewall_done(&f);
	gaps_done(&gaps);
	arena_done(&work);
}
