/* The matrix: every interface x service x family, each of the router's own addresses that rules
 * tell apart; what is alike is computed once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exposure_private.h"
#include "rosaudit/message.h"
#include "rosaudit/buf.h"
#include "rosaudit/limits.h"

struct prediction {
	const struct predict_input *in;
	struct exposure *out;
	struct arena *arena;  /* the exposure's */
	struct arena scratch; /* keys */
	struct facts facts;
	struct servers servers;
	struct gap_list gaps;
	struct flaw_list flaws;
	size_t rows_cap;
	uint64_t steps;
};

/* What was computed for packets that meet the same rules. */
struct memo {
	struct names keys;
	struct endings *v;
	size_t cap;
};

struct row_parts {
	const struct exposure_part *v;
	size_t n;
};

struct row_memo {
	struct names keys;
	struct row_parts *v;
	size_t cap;
};

/* One family's share of the work. */
struct half {
	struct prediction *all;
	struct firewall f;
	struct memo walks;
	struct row_memo rows;
	struct names told_keys;
	const struct own_address **dsts; /* one of each kind; NULL alone = not known */
	size_t dsts_n;
};

/* --- walks, each once ------------------------------------------------------------------------ */

static bool diverts(const struct rule *r)
{
	return r->action == ACT_DSTNAT || r->action == ACT_REDIRECT;
}

static void key_of_table(const struct firewall *f, const struct table *t, const struct packet *p,
                         char **at, bool *diverted)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct rule *r = &t->v[i];
		enum tri match;

		if (r->action == ACT_PASS)
			continue;
		match = rule_test(f, r, p);
		*diverted |= match != TRI_NO && diverts(r);
		*(*at)++ = (char)('0' + match);
	}
}

/* Two packets that every rule treats alike have the same key. Behind a translation rules are asked
 * again, with another port and destination: then the whole packet is the key. On the heap. */
static char *key_of(const struct half *h, const struct packet *p)
{
	struct packet untracked = *p;
	size_t n = 0;
	bool diverted = false;
	char *key, *at;

	for (size_t s = 0; s < STAGES; s++)
		n += h->f.tables[s].n;
	key = at = mem_alloc(2 * n + 200);
	for (size_t s = 0; s < STAGES; s++)
		key_of_table(&h->f, &h->f.tables[s], p, &at, &diverted);
	/* notrack in raw: the same filter, asked of what is not tracked. */
	untracked.untracked = TRI_YES;
	key_of_table(&h->f, &h->f.tables[STAGE_INPUT], &untracked, &at, &diverted);
	if (diverted)
		snprintf(at, 150, " %p %d %d %d %llx%016llx", (const void *)p->in, (int)p->proto,
		         p->port, (int)p->dst_known,
		         (unsigned long long)(address_number(&p->dst) >> 64),
		         (unsigned long long)address_number(&p->dst));
	return key;
}

struct serving {
	const struct half *h;
	struct arena *arena;
};

static void serve_behind(void *ctx, const struct packet *p, struct addrset *served,
                         unsigned *served_mask, unsigned *other_mask, const char **why)
{
	struct serving *s = ctx;
	const struct servers *all = &s->h->all->servers;
	const struct server *found = NULL;

	for (size_t i = 0; i < all->n && p->port >= 0; i++) {
		const struct server *l = &all->v[i];

		if (l->port == p->port && l->proto == p->proto &&
		    (!found || found->listening == TRI_NO))
			found = l;
	}
	server_serve(&s->h->f, found, p, s->arena, served, served_mask, other_mask, why);
	if (p->port >= 0)
		return;
	/* To a port that is not known. */
	*served_mask = *other_mask =
		MASK(EXPOSURE_SERVED) | MASK(EXPOSURE_REFUSED) | MASK(EXPOSURE_CLOSED);
	*why = "to-ports";
}

static size_t walk_number(struct half *h, const struct packet *p)
{
	struct serving serving = {h, h->all->arena};
	struct walk_input in = {&h->f, *p, serve_behind, &serving};
	char *key = key_of(h, p);
	size_t i = names_find(&h->walks.keys, key);

	if (i == NAME_NONE)
		i = names_add(&h->walks.keys, arena_strdup(&h->all->scratch, key));
	else
		in.ctx = NULL;
	free(key);
	if (!in.ctx)
		return i;
	if (i >= h->walks.cap) {
		h->walks.cap = h->walks.cap ? h->walks.cap * 2 : 16;
		h->walks.v = mem_realloc(h->walks.v, h->walks.cap * sizeof(*h->walks.v));
	}
	walk(&in, h->all->arena, &h->all->steps, &h->walks.v[i]);
	return i;
}

/* --- from endings to parts ------------------------------------------------------------------- */

struct piece {
	struct exposure_part part;
	unsigned priority; /* low: it counts before others where own addresses differ */
};

struct pieces {
	struct piece *v;
	size_t n, cap;
};

/* What a client can get at best: it may choose which of the router's addresses it asks. */
static const unsigned priorities[EXPOSURE_OUTCOMES] = {
	[EXPOSURE_SERVED] = 0,    [EXPOSURE_UNKNOWN] = 1, [EXPOSURE_REFUSED] = 2,
	[EXPOSURE_FORWARDED] = 3, [EXPOSURE_TARPIT] = 4,  [EXPOSURE_CLOSED] = 5,
	[EXPOSURE_REJECTED] = 6,  [EXPOSURE_DROPPED] = 7,
};

/* What may be served counts right behind what is. */
static unsigned priority_of(const struct exposure_part *p)
{
	if (p->outcome != EXPOSURE_UNKNOWN)
		return 2 * priorities[p->outcome];
	return p->possible & MASK(EXPOSURE_SERVED) ? 1 : 3;
}

static enum exposure_outcome outcome_of(unsigned mask)
{
	for (unsigned o = EXPOSURE_SERVED; o < EXPOSURE_OUTCOMES; o++)
		if (mask == MASK(o))
			return (enum exposure_outcome)o;
	return EXPOSURE_UNKNOWN;
}

static void add_piece(struct pieces *p, const struct ending *e, unsigned mask, const char *why,
                      const struct addrset *from, const struct address *at)
{
	struct exposure_part part = {
		.outcome = outcome_of(mask),
		.possible = mask,
		.from = *from,
		.rule = e->rule ? &e->rule->told : NULL,
		.why = why,
		.at = *at,
	};

	if (!from->n)
		return;
	/* The service itself decides, whatever rule let it in. */
	if (part.outcome == EXPOSURE_REFUSED || part.outcome == EXPOSURE_CLOSED)
		part.rule = NULL;
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 8;
		p->v = mem_realloc(p->v, p->cap * sizeof(*p->v));
	}
	p->v[p->n++] = (struct piece){part, priority_of(&part)};
}

/* Of what the firewall accepts, the service decides. */
struct answer_of {
	struct addrset served;
	unsigned mask, other_mask;
	const char *why;
};

static unsigned served_mask(unsigned mask, unsigned by_service)
{
	return mask & MASK_ACCEPT ? (mask & ~MASK_ACCEPT) | by_service : mask;
}

static const char *why_of(const struct ending *e, unsigned mask, const struct answer_of *a)
{
	if (e->why || !(e->mask & MASK_ACCEPT))
		return e->why;
	return mask == MASK(EXPOSURE_SERVED) ? NULL : a->why;
}

static void add_ending(struct half *h, const struct ending *e, const struct answer_of *a,
                       const struct address *at, struct pieces *out)
{
	unsigned in = served_mask(e->mask, a->mask), other = served_mask(e->mask, a->other_mask);
	struct addrset from;

	if (in == other || addrset_is_all(&a->served)) {
		add_piece(out, e, in, why_of(e, in, a), &e->from, at);
		return;
	}
	from = addrset_intersection(&e->from, &a->served, h->all->arena);
	add_piece(out, e, in, why_of(e, in, a), &from, at);
	from = addrset_difference(&e->from, &a->served, h->all->arena);
	add_piece(out, e, other, why_of(e, other, a), &from, at);
}

static int order_priority(const void *left, const void *right)
{
	const struct piece *a = left, *b = right;

	return a->priority < b->priority ? -1 : a->priority > b->priority;
}

struct collecting {
	struct addrset_builder b;
};

static void collect_span(void *ctx, const struct span *s)
{
	struct collecting *c = ctx;

	addrset_builder_add(&c->b, s->first, s->last);
}

/* At every own address the same: the pieces are disjoint and stay. Else each source gets the best
 * that any of the addresses offers, and the part says at which. */
static void merge_addresses(struct half *h, struct pieces *p)
{
	struct paint paint;
	uint32_t rest;

	qsort(p->v, p->n, sizeof(*p->v), order_priority);
	paint_init(&paint);
	rest = paint_span(&paint, 0, address_last(h->f.family), 0);
	for (size_t i = 0; i < p->n; i++) {
		uint32_t taken = paint_take(&paint, &rest, &p->v[i].part.from);
		struct collecting c;

		addrset_builder_init(&c.b, h->f.family);
		paint_each(&paint, taken, collect_span, &c);
		paint_free(&paint, taken);
		p->v[i].part.from = addrset_builder_finish(&c.b, h->all->arena);
	}
	paint_done(&paint);
}

static bool same_part(const struct exposure_part *a, const struct exposure_part *b)
{
	return a->possible == b->possible && a->rule == b->rule &&
	       (a->why == b->why || (a->why && b->why && strcmp(a->why, b->why) == 0)) &&
	       address_equal(&a->at, &b->at);
}

static int order_parts(const void *left, const void *right)
{
	const struct piece *a = left, *b = right;

	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	if (a->part.possible != b->part.possible)
		return a->part.possible < b->part.possible ? -1 : 1;
	if (!a->part.rule != !b->part.rule)
		return a->part.rule ? -1 : 1;
	if (a->part.rule && a->part.rule->menu != b->part.rule->menu)
		return strcmp(a->part.rule->menu, b->part.rule->menu);
	if (a->part.rule && a->part.rule->number != b->part.rule->number)
		return a->part.rule->number < b->part.rule->number ? -1 : 1;
	if (a->part.why != b->part.why)
		return strcmp(a->part.why ? a->part.why : "", b->part.why ? b->part.why : "");
	return memcmp(a->part.at.bytes, b->part.at.bytes, sizeof(a->part.at.bytes));
}

/* The sources of all that differ in nothing else, in one go: thousands of rules may accept whom the
 * service then refuses. */
static struct addrset unite_run(struct half *h, const struct piece *v, size_t n)
{
	struct addrset_builder b;

	if (n == 1)
		return v[0].part.from;
	addrset_builder_init(&b, h->f.family);
	for (size_t i = 0; i < n; i++)
		addrset_builder_add_set(&b, &v[i].part.from);
	return addrset_builder_finish(&b, h->all->arena);
}

/* What differs in nothing but its sources is one part. */
static struct row_parts make_parts(struct half *h, struct pieces *p)
{
	struct exposure_part *v = arena_array(h->all->arena, p->n + 1, sizeof(*v));
	size_t n = 0, run;

	qsort(p->v, p->n, sizeof(*p->v), order_parts);
	for (size_t i = 0; i < p->n; i += run) {
		for (run = 1; i + run < p->n; run++)
			if (!same_part(&p->v[i].part, &p->v[i + run].part))
				break;
		v[n] = p->v[i].part;
		v[n].from = unite_run(h, &p->v[i], run);
		n += v[n].from.n != 0;
	}
	return (struct row_parts){v, n};
}

/* --- rows ------------------------------------------------------------------------------------ */

static struct packet packet_of(const struct half *h, const struct iface *in,
                               const struct server *server, const struct own_address *dst)
{
	struct packet p = {
		.family = h->f.family,
		.in = in,
		.proto = server->proto,
		.port = server->port,
		.dst_known = dst != NULL,
		.untracked = TRI_NO,
		.dstnat = TRI_NO,
	};

	if (dst)
		p.dst = dst->address;
	return p;
}

static struct answer_of answer_of(struct half *h, const struct iface *in,
                                  const struct server *server)
{
	struct packet p = packet_of(h, in, server, NULL);
	struct answer_of a;

	server_serve(&h->f, server, &p, h->all->arena, &a.served, &a.mask, &a.other_mask, &a.why);
	return a;
}

static struct row_parts compute_parts(struct half *h, const struct iface *in,
                                      const struct server *server, const size_t *walks)
{
	struct answer_of a = answer_of(h, in, server);
	static const struct address anywhere = {0};
	struct pieces p = {0};
	struct row_parts parts;
	bool differ = false;

	for (size_t d = 1; d < h->dsts_n; d++)
		differ |= walks[d] != walks[0];
	for (size_t d = 0; d < (differ ? h->dsts_n : 1); d++) {
		const struct endings *e = &h->walks.v[walks[d]];

		for (size_t i = 0; i < e->n; i++)
			add_ending(h, &e->v[i], &a, differ ? &h->dsts[d]->address : &anywhere, &p);
	}
	if (differ)
		merge_addresses(h, &p);
	parts = make_parts(h, &p);
	free(p.v);
	return parts;
}

static struct row_parts parts_of(struct half *h, const struct iface *in,
                                 const struct server *server)
{
	size_t *walks = arena_array(&h->all->scratch, h->dsts_n + 1, sizeof(*walks));
	size_t known = h->rows.keys.n, i;
	struct buf key;

	buf_init(&key, 1u << 16);
	buf_printf(&key, "%p %s", (const void *)server, in->vrf ? in->vrf : "?");
	for (size_t d = 0; d < h->dsts_n; d++) {
		struct packet p = packet_of(h, in, server, h->dsts[d]);

		walks[d] = walk_number(h, &p);
		buf_printf(&key, " %zu", walks[d]);
	}
	i = names_add(&h->rows.keys, arena_strdup(&h->all->scratch, buf_str(&key)));
	buf_done(&key);
	if (i < known)
		return h->rows.v[i];
	if (i >= h->rows.cap) {
		h->rows.cap = h->rows.cap ? h->rows.cap * 2 : 16;
		h->rows.v = mem_realloc(h->rows.v, h->rows.cap * sizeof(*h->rows.v));
	}
	h->rows.v[i] = compute_parts(h, in, server, walks);
	return h->rows.v[i];
}

static struct exposure_row *add_row(struct half *h, const struct iface *in,
                                    const struct server *server)
{
	struct exposure *out = h->all->out;
	struct row_parts parts = parts_of(h, in, server);

	if (out->rows_n == h->all->rows_cap) {
		size_t cap = 2 * out->rows_n + 16;

		out->rows =
			arena_grow(h->all->arena, out->rows, out->rows_n, cap, sizeof(*out->rows));
		h->all->rows_cap = cap;
	}

	out->rows[out->rows_n++] = (struct exposure_row){
		.interface = in->name,
		.vrf = in->vrf,
		.service = server->name,
		.port = server->port,
		.local_port = server->port,
		.proto = server->proto,
		.family = h->f.family,
		.listening = server->listening,
		.parts = parts.v,
		.n = parts.n,
	};
	return &out->rows[out->rows_n - 1];
}

/* Does the rule perhaps lead packets away that come in there? */
static bool is_led(struct half *h, const struct iface *in, const struct forward *w)
{
	for (size_t d = 0; d < h->dsts_n; d++) {
		struct packet p = packet_of(h, in, w->at, h->dsts[d]);

		if (rule_test(&h->f, w->rule, &p) != TRI_NO)
			return true;
	}
	return false;
}

static void add_forward(struct half *h, const struct iface *in, const struct forward_list *all,
                        size_t i, size_t first)
{
	const struct exposure *out = h->all->out;
	const struct forward *w = &all->v[i];
	struct exposure_row *row;

	/* Of several rules for one port the first one gives the name; the parts tell them all. */
	for (size_t k = first; k < out->rows_n; k++)
		if (out->rows[k].port == w->at->port && out->rows[k].proto == w->at->proto)
			return;
	if (!is_led(h, in, w))
		return;
	row = add_row(h, in, w->at);
	row->by = &w->rule->told;
	if (w->to)
		row->local_port = w->to->port;
}

static void add_rows(struct half *h)
{
	struct prediction *p = h->all;
	struct forward_list forwards = {.arena = &p->scratch};

	forwards_make(&h->f, &p->servers, &forwards);
	for (size_t i = 0; i < p->facts.ifaces_n; i++) {
		const struct iface *in = &p->facts.ifaces[i];
		size_t first;

		for (size_t s = 0; s < p->servers.n; s++)
			add_row(h, in, &p->servers.v[s]);
		first = p->out->rows_n;
		for (size_t k = 0; k < forwards.n; k++)
			add_forward(h, in, &forwards, k, first);
	}
}

static void run_half(struct prediction *p, int family)
{
	struct half h = {.all = p};

	firewall_make(&p->facts, family, p->arena, &p->gaps, &h.f);
	h.dsts = destinations_make(&h.f, &p->scratch, &h.dsts_n);
	add_rows(&h);
	flaws_of_rules(&h.f, &p->flaws);
	for (size_t s = 0; s < STAGES; s++)
		*(family == 4 ? &p->out->rules4_n : &p->out->rules6_n) += h.f.tables[s].n;
	names_done(&h.walks.keys);
	names_done(&h.rows.keys);
	free(h.walks.v);
	free(h.rows.v);
	firewall_done(&h.f);
}

static bool has_firewall(const struct device *d)
{
	return menu_read(d, "/ip firewall filter") || menu_read(d, "/ipv6 firewall filter");
}

void exposure_predict(const struct predict_input *in, struct exposure *out)
{
	struct prediction p = {.in = in, .out = out, .arena = &out->arena};

	p.gaps.arena = p.flaws.arena = &out->arena;
	if (!has_firewall(in->device)) {
		out->unknown_why = "the firewall was not read";
		return;
	}
	arena_init(&p.scratch);
	facts_make(in->device, &out->arena, &p.facts);
	servers_make(in, &out->arena, &p.servers);
	out->known = true;
	out->ipv6 = p.facts.ipv6;
	p.rows_cap = 2 * p.facts.ifaces_n * p.servers.n + 1;
	out->rows = arena_array(&out->arena, p.rows_cap, sizeof(*out->rows));
	run_half(&p, 4);
	if (out->ipv6 != TRI_NO)
		run_half(&p, 6);
	tell_rest(&p.facts, &p.gaps, &p.flaws, out);
	gaps_done(&p.gaps);
	arena_done(&p.scratch);
}
