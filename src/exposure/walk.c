/* All sources at once through the chains. Every source stands in one labelled range and meets one
 * end. Where it cannot be known whether a rule matches, it goes the way of the match with a mark to
 * have left a frame (a chain, a stage, a redirect) perhaps already: the end that it meets is noted
 * in its label and it goes on from where it may have left. So each way is followed, none is
 * guessed, and nothing is copied. */
#include <stdlib.h>
#include <string.h>

#include "walk_private.h"
#include "rosaudit/message.h"
#include "rosaudit/limits.h"

#define MASK_FILTER                                                                                \
	(MASK_ACCEPT | MASK(EXPOSURE_DROPPED) | MASK(EXPOSURE_REJECTED) | MASK(EXPOSURE_TARPIT))
#define MASK_ANY (MASK_FILTER | MASK(EXPOSURE_FORWARDED))

/* A packet on one of its stages. */
struct visit {
	enum stage stage;
	const struct packet *packet;
	unsigned frame; /* of the stage: what leaves it for the next one */
};

/* --- changing labels ------------------------------------------------------------------------- */

struct change {
	struct walker *w;
	unsigned mask;
	uint64_t escape, escaped; /* bits to set, to clear */
	uint64_t added, maybe_added;
	enum tri untracked;
	bool track;
	const struct rule *rule; /* of a doubt */
	const char *why;
	uint32_t from, to; /* the last answer: neighbours are alike */
	bool asked;
};

static uint32_t change_label(void *ctx, uint32_t number)
{
	struct change *c = ctx;
	struct label l;

	if (c->asked && c->from == number)
		return c->to;
	l = c->w->labels.v[number];
	/* Behind a way that it may not have gone, nothing is sure. */
	l.maybe_added |= c->maybe_added | (l.escape ? c->added & ~l.added : 0);
	if (!l.escape)
		l.added |= c->added;
	if (c->track)
		l.untracked = l.escape && c->untracked != l.untracked ? TRI_UNKNOWN : c->untracked;
	l.mask |= c->mask;
	l.escape = (l.escape | c->escape) & ~c->escaped;
	if (c->why && !l.why) {
		l.rule = c->rule;
		l.why = c->why;
	}
	c->from = number;
	c->to = labels_number(&c->w->labels, &l);
	c->asked = true;
	return c->to;
}

static void relabel(struct walker *w, uint32_t root, struct change c)
{
	c.w = w;
	w->used |= c.escape;
	paint_relabel(&w->paint, root, change_label, &c);
}

/* --- ends ------------------------------------------------------------------------------------ */

struct frame_test {
	const struct walker *w;
	unsigned frame;
};

/* Is this the innermost frame that it may have left? */
static bool left_frame(void *ctx, uint32_t label)
{
	struct frame_test *t = ctx;

	return t->w->labels.v[label].escape >> t->frame & 1;
}

/* The end of a way: of the only one, or the sources that may have left a frame go on behind it. */
static void finish(struct walker *w, uint32_t root, unsigned mask, const struct rule *rule,
                   const char *why)
{
	struct end_kind kind = {mask, rule, why};

	for (unsigned d = w->depth; root && d-- > 0;) {
		struct frame_test t = {w, d};
		uint32_t left = 0;

		if (w->used >> d & 1)
			left = paint_take_if(&w->paint, &root, left_frame, &t);
		if (!left)
			continue;
		relabel(w, left,
		        (struct change){.mask = mask,
		                        .escaped = (uint64_t)1 << d,
		                        .rule = rule,
		                        .why = why});
		w->back[d] = paint_unite(&w->paint, w->back[d], left);
	}
	endings_note(w, root, &kind);
	paint_free(&w->paint, root);
}

/* --- frames ---------------------------------------------------------------------------------- */

static unsigned frame_open(struct walker *w, const struct chain *c)
{
	w->back[w->depth] = 0;
	w->inside[w->depth] = c;
	w->serials[w->depth] = ++w->serial;
	w->used &= ~((uint64_t)1 << w->depth);
	return w->depth++;
}

/* What came through, with what may have left before: both stand at the same place now. */
static uint32_t frame_close(struct walker *w, unsigned frame, uint32_t root)
{
	root = paint_unite(&w->paint, root, w->back[frame]);
	w->depth = frame;
	if (w->used >> frame & 1)
		relabel(w, root, (struct change){.escaped = (uint64_t)1 << frame});
	return root;
}

static bool is_inside(const struct walker *w, const struct chain *c)
{
	for (unsigned i = 0; i < w->depth; i++)
		if (w->inside[i] == c)
			return true;
	return false;
}

/* --- what rules do --------------------------------------------------------------------------- */

static void stage_run(struct walker *w, enum stage stage, const struct packet *p, uint32_t root);
static uint32_t chain_run(struct walker *w, const struct visit *v, const struct chain *c,
                          uint32_t root, unsigned frame);

static const unsigned verdicts[] = {
	[ACT_DROP] = MASK(EXPOSURE_DROPPED),
	[ACT_REJECT] = MASK(EXPOSURE_REJECTED),
	[ACT_TARPIT] = MASK(EXPOSURE_TARPIT),
};

static struct change doubt_of(const struct walker *w, const struct visit *v, const struct rule *r)
{
	return (struct change){.rule = r, .why = rule_why(w->f, r, v->packet)};
}

/* What the service behind the packet's port says. Only behind a redirect it is asked here: of the
 * packet's first port the answer is the caller's. */
struct served {
	struct addrset from;
	unsigned mask, other_mask;
	const char *why;
};

static struct served ask_service(const struct walker *w, const struct packet *p)
{
	struct served s = {addrset_empty(p->family), MASK_ACCEPT, MASK_ACCEPT, NULL};

	if (p->port != w->in->packet.port)
		w->in->serve(w->in->ctx, p, &s.from, &s.mask, &s.other_mask, &s.why);
	return s;
}

/* The firewall lets it in. */
static void let_in(struct walker *w, const struct packet *p, const struct rule *r, uint32_t root)
{
	struct served s = ask_service(w, p);
	uint32_t in = paint_take(&w->paint, &root, &s.from);

	finish(w, in, s.mask, r, s.why);
	finish(w, root, s.other_mask, r, s.why);
}

/* What passes to the next stage, with all that it may have left before. */
static void pass_on(struct walker *w, const struct visit *v, uint32_t root)
{
	for (unsigned d = w->depth; root && d-- > v->frame + 1;) {
		struct frame_test t = {w, d};
		uint32_t left = paint_take_if(&w->paint, &root, left_frame, &t);

		relabel(w, left,
		        (struct change){.escape = (uint64_t)1 << v->frame,
		                        .escaped = (uint64_t)1 << d});
		w->back[d] = paint_unite(&w->paint, w->back[d], left);
	}
	w->back[v->frame] = paint_unite(&w->paint, w->back[v->frame], root);
}

/* Perhaps accepted at input: what the service would say is noted, and it goes on. */
static uint32_t may_let_in(struct walker *w, const struct visit *v, struct change c, uint32_t root)
{
	struct served s = ask_service(w, v->packet);
	uint32_t in = paint_take(&w->paint, &root, &s.from);

	c.mask = s.mask;
	relabel(w, in, c);
	c.mask = s.other_mask;
	relabel(w, root, c);
	return paint_unite(&w->paint, in, root);
}

/* Accepted: at input the way ends, before it the next stage follows. */
static uint32_t do_accept(struct walker *w, const struct visit *v, const struct rule *r,
                          uint32_t root, bool sure)
{
	struct change c = doubt_of(w, v, r);

	if (v->stage == STAGE_INPUT && sure)
		let_in(w, v->packet, r, root);
	else if (v->stage == STAGE_INPUT)
		return may_let_in(w, v, c, root);
	else if (sure)
		pass_on(w, v, root);
	c.escape = (uint64_t)1 << v->frame;
	if (sure)
		return 0;
	relabel(w, root, c);
	return root;
}

static uint32_t do_jump(struct walker *w, const struct visit *v, const struct rule *r,
                        uint32_t root, bool sure)
{
	const struct chain *c;
	unsigned frame;

	if (r->target == NAME_NONE)
		return root;
	c = &w->f->tables[v->stage].chains[r->target];
	if (is_inside(w, c) || w->depth >= LIMIT_CHAIN_DEPTH) {
		struct change loop = {.rule = r, .mask = MASK_ANY, .why = N_("jump loop")};

		if (!is_inside(w, c))
			loop.why = N_("chains nested too deep");
		relabel(w, root, loop);
		return root;
	}
	frame = frame_open(w, c);
	if (!sure) {
		struct change perhaps = doubt_of(w, v, r);

		perhaps.escape = (uint64_t)1 << frame;
		relabel(w, root, perhaps);
	}
	return frame_close(w, frame, chain_run(w, v, c, root, frame));
}

/* The packet goes on with another destination; those that perhaps do not come back. */
static uint32_t divert(struct walker *w, const struct visit *v, const struct rule *r,
                       const struct packet *p, uint32_t root, bool sure)
{
	unsigned frame = frame_open(w, NULL);

	if (!sure) {
		struct change perhaps = doubt_of(w, v, r);

		perhaps.escape = (uint64_t)1 << frame;
		relabel(w, root, perhaps);
	}
	stage_run(w, STAGE_INPUT, p, root);
	return frame_close(w, frame, 0);
}

static uint32_t do_dstnat(struct walker *w, const struct visit *v, const struct rule *r,
                          uint32_t root, bool sure)
{
	struct packet to;
	struct change c = doubt_of(w, v, r);
	enum tri here = stays_here(w, r, v->packet, &to);

	if (here == TRI_YES)
		return divert(w, v, r, &to, root, sure);
	c.mask = here == TRI_NO ? MASK(EXPOSURE_FORWARDED) : MASK_ANY;
	if (here == TRI_NO && sure) {
		finish(w, root, c.mask, r, say_target(w, r));
		return 0;
	}
	relabel(w, root, c);
	return root;
}

/* No document says whether raw goes on behind notrack: both ways are followed. */
static void do_notrack(struct walker *w, const struct visit *v, const struct rule *r, uint32_t root,
                       bool sure)
{
	struct change c = doubt_of(w, v, r);

	relabel(w, root, (struct change){.track = true, .untracked = sure ? TRI_YES : TRI_UNKNOWN});
	c.escape = (uint64_t)1 << v->frame;
	relabel(w, root, c);
}

static void do_add(struct walker *w, const struct rule *r, uint32_t root, bool sure)
{
	int moves = r->list == NAME_NONE ? MOVES_NOT : w->f->lists[r->list].moves;
	struct change c = {0};

	if (moves < 0)
		return;
	*(sure ? &c.added : &c.maybe_added) = (uint64_t)1 << moves;
	relabel(w, root, c);
}

/* What matched, surely or perhaps; returns what goes on to the next rule. */
static uint32_t act(struct walker *w, const struct visit *v, const struct rule *r, uint32_t root,
                    bool sure, unsigned frame)
{
	struct change c;

	switch (r->action) {
	case ACT_ACCEPT:
		return do_accept(w, v, r, root, sure);
	case ACT_DROP:
	case ACT_REJECT:
	case ACT_TARPIT:
		if (sure) {
			finish(w, root, verdicts[r->action], r, NULL);
			return 0;
		}
		c = doubt_of(w, v, r);
		c.mask = verdicts[r->action];
		relabel(w, root, c);
		return root;
	case ACT_JUMP:
		return do_jump(w, v, r, root, sure);
	case ACT_RETURN:
		if (sure) {
			w->back[frame] = paint_unite(&w->paint, w->back[frame], root);
			return 0;
		}
		c = doubt_of(w, v, r);
		c.escape = (uint64_t)1 << frame;
		relabel(w, root, c);
		return root;
	case ACT_ADD_SRC:
		do_add(w, r, root, sure);
		return root;
	case ACT_NOTRACK:
		do_notrack(w, v, r, root, sure);
		return root;
	case ACT_DSTNAT:
	case ACT_REDIRECT:
		return do_dstnat(w, v, r, root, sure);
	case ACT_UNKNOWN:
		c = doubt_of(w, v, r);
		c.mask = v->stage == STAGE_INPUT ? MASK_FILTER : MASK_ANY;
		relabel(w, root, c);
		return root;
	case ACT_PASS:
	case ACT_ADD_DST:
		break;
	}
	return root;
}

/* --- chains ---------------------------------------------------------------------------------- */

/* One rule over all that arrive there. NULL sets: it names no source. */
static uint32_t rule_run(struct walker *w, const struct visit *v, const struct rule *r, enum tri t,
                         const struct addrset *sure, const struct addrset *may, uint32_t root,
                         unsigned frame)
{
	uint32_t surely = 0, perhaps = 0;

	if (t == TRI_YES && !sure) {
		surely = root;
		root = 0;
	} else if (t == TRI_YES) {
		surely = paint_take(&w->paint, &root, sure);
	}
	if (t == TRI_UNKNOWN && !may) {
		perhaps = root;
		root = 0;
	} else if (may && root && !(t == TRI_YES && addrset_equal(sure, may))) {
		perhaps = paint_take(&w->paint, &root, may);
	}
	if (surely)
		surely = act(w, v, r, surely, true, frame);
	if (perhaps)
		perhaps = act(w, v, r, perhaps, false, frame);
	return paint_unite(&w->paint, paint_unite(&w->paint, root, surely), perhaps);
}

static bool same_label(void *ctx, uint32_t label)
{
	return label == *(const uint32_t *)ctx;
}

/* A list that is filled on the way: what the rule matches depends on what happened before. */
static uint32_t moving_run(struct walker *w, const struct visit *v, const struct rule *r,
                           enum tri t, uint32_t root, unsigned frame)
{
	uint32_t out = 0;

	while (root) {
		uint32_t label = w->paint.v[root].label;
		uint32_t part = paint_take_if(&w->paint, &root, same_label, &label);
		const struct label *l = &w->labels.v[label];
		struct addrset sure, may;
		struct arena arena;

		arena_init(&arena);
		++*w->steps;
		rule_sources(w->f, r, l->added, l->maybe_added, &arena, &sure, &may);
		part = rule_run(w, v, r, t, &sure, &may, part, frame);
		out = paint_unite(&w->paint, out, part);
		arena_done(&arena);
	}
	return out;
}

/* A stage of which it is not known whether it is met: NAT of what may be untracked. */
static enum tri weaken(const struct visit *v, enum tri t)
{
	if (v->stage == STAGE_NAT && v->packet->untracked == TRI_UNKNOWN && t == TRI_YES)
		return TRI_UNKNOWN;
	return t;
}

/* The list that alone says which sources the rule is about, or NAME_NONE. */
static size_t only_list(const struct walker *w, const struct rule *r)
{
	const struct matcher *m = r->sources_n == 1 ? &r->sources[0] : NULL;

	if (!m || m->negated || m->list == NAME_NONE || r->moving || w->f->lists[m->list].odd)
		return NAME_NONE;
	return m->list;
}

/* Did a rule before, in this chain or around it, take all sources of the list away? What was taken
 * never comes back into the same frame, so that a list of thousands is gone through once. */
static bool is_taken(const struct walker *w, size_t list)
{
	unsigned d = w->taken_depth[list];

	return w->taken[list] && d < w->depth && w->serials[d] == w->taken[list];
}

static void note_taken(struct walker *w, const struct visit *v, const struct rule *r, enum tri t,
                       size_t list)
{
	bool ends = r->action == ACT_DROP || r->action == ACT_REJECT || r->action == ACT_TARPIT ||
	            (r->action == ACT_ACCEPT && v->stage == STAGE_INPUT);

	if (list == NAME_NONE || t != TRI_YES || !ends || is_taken(w, list))
		return;
	w->taken_depth[list] = (uint8_t)(w->depth - 1);
	w->taken[list] = w->serials[w->depth - 1];
}

static uint32_t chain_run(struct walker *w, const struct visit *v, const struct chain *c,
                          uint32_t root, unsigned frame)
{
	const struct table *table = &w->f->tables[v->stage];

	for (size_t i = 0; i < c->n && root; i++) {
		const struct rule *r = &table->v[c->rules[i]];
		size_t list;
		enum tri t;

		if (++*w->steps > LIMIT_EXPOSURE_STEPS) {
			relabel(w, root,
			        (struct change){.mask = MASK_ANY,
			                        .rule = r,
			                        .why = N_("too many rules to follow")});
			return root;
		}
		if (r->action == ACT_PASS || r->action == ACT_ADD_DST)
			continue;
		t = weaken(v, rule_test(w->f, r, v->packet));
		list = only_list(w, r);
		if (t == TRI_NO || (list != NAME_NONE && is_taken(w, list)))
			continue;
		root = r->moving ? moving_run(w, v, r, t, root, frame)
		                 : rule_run(w, v, r, t, r->sure, r->may, root, frame);
		note_taken(w, v, r, t, list);
	}
	return root;
}

/* --- stages ---------------------------------------------------------------------------------- */

/* What a menu that was not read may have done. */
static uint32_t stage_unread(struct walker *w, const struct visit *v, uint32_t root)
{
	static const unsigned masks[STAGES] = {
		[STAGE_RAW] = MASK(EXPOSURE_DROPPED),
		[STAGE_NAT] = MASK_ANY,
		[STAGE_INPUT] = MASK_FILTER,
	};
	const struct table *t = &w->f->tables[v->stage];

	/* IPv6 has no NAT before RouterOS 7, and no raw before 6.43: the router says so. */
	if (t->state == MENU_MISSING || t->absent)
		return root;
	relabel(w, root,
	        (struct change){.mask = masks[v->stage],
	                        .why = arena_printf(w->arena, "%s: %s", t->menu,
	                                            menu_state_name(t->state))});
	return root;
}

struct track_test {
	const struct walker *w;
	enum tri untracked;
};

static bool has_track(void *ctx, uint32_t label)
{
	const struct track_test *t = ctx;

	return t->w->labels.v[label].untracked == t->untracked;
}

/* Behind raw: what is not tracked is not translated. */
static void raw_end(struct walker *w, const struct packet *p, uint32_t root)
{
	static const enum tri states[] = {TRI_NO, TRI_YES, TRI_UNKNOWN};

	for (size_t i = 0; i < 3; i++) {
		struct track_test t = {w, states[i]};
		struct packet next = *p;
		uint32_t part = paint_take_if(&w->paint, &root, has_track, &t);

		next.untracked = states[i];
		if (part)
			stage_run(w, states[i] == TRI_YES ? STAGE_INPUT : STAGE_NAT, &next, part);
	}
}

static void stage_run(struct walker *w, enum stage stage, const struct packet *p, uint32_t root)
{
	const struct table *t = &w->f->tables[stage];
	struct visit v = {stage, p, 0};

	if (!root)
		return;
	if (w->depth >= LIMIT_CHAIN_DEPTH + 2) {
		finish(w, root, MASK_ANY, NULL, N_("chains nested too deep"));
		return;
	}
	v.frame = frame_open(w, &t->chains[0]);
	if (t->state != MENU_READ)
		root = stage_unread(w, &v, root);
	root = frame_close(w, v.frame, chain_run(w, &v, &t->chains[0], root, v.frame));
	if (stage == STAGE_RAW)
		raw_end(w, p, root);
	else if (stage == STAGE_NAT)
		stage_run(w, STAGE_INPUT, p, root);
	else
		let_in(w, p, NULL, root);
}

void walk(const struct walk_input *in, struct arena *arena, uint64_t *steps, struct endings *out)
{
	struct walker w = {.in = in, .f = in->firewall, .arena = arena, .steps = steps};
	struct label start = {.untracked = in->packet.untracked};
	uint32_t root;

	w.taken = mem_alloc((w.f->lists_n + 1) * sizeof(*w.taken));
	w.taken_depth = mem_alloc(w.f->lists_n + 1);
	paint_init(&w.paint);
	labels_init(&w.labels);
	root = paint_span(&w.paint, 0, address_last(in->packet.family),
	                  labels_number(&w.labels, &start));
	stage_run(&w, STAGE_RAW, &in->packet, root);
	endings_gather(&w, out);
	free(w.ends);
	free(w.kinds);
	free(w.taken);
	free(w.taken_depth);
	labels_done(&w.labels);
	paint_done(&w.paint);
}
