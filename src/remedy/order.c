/* The order of commands: what opens before what closes, a port freed before it is taken; whoever
 * stops half way through is left with a way in. */
#include <string.h>

#include "remedy_private.h"
#include "rosaudit/command.h"
#include "rosaudit/text.h"

static int port_of(const char *value)
{
	unsigned long n;

	return text_to_uint(value, strlen(value), 1, 65535, &n) ? (int)n : -1;
}

/* Is it on, and at which port (-1: not known)? */
struct place {
	enum tri on;
	int port;
};

/* Before the step or after it: what its properties say, and for those that do not change the
 * row. */
static struct place place_of(const struct remedy_step *s, bool after)
{
	struct place p = {s->row->disabled == TRI_UNKNOWN ? TRI_UNKNOWN
	                                                  : tri_of(s->row->disabled == TRI_NO),
	                  s->row->port};

	for (size_t i = 0; i < s->n; i++) {
		const char *value = after ? s->changes[i].value : s->changes[i].old;

		if (!value)
			continue;
		if (strcmp(s->changes[i].property, "disabled") == 0)
			p.on = tri_of(strcmp(value, "no") == 0);
		if (strcmp(s->changes[i].property, "port") == 0)
			p.port = port_of(value);
	}
	return p;
}

static bool moves_vrf(const struct remedy_step *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->changes[i].property, "vrf") == 0)
			return true;
	return false;
}

/* Does the step need the port that it ends at? */
static bool takes_port(const struct remedy_step *s)
{
	struct place before, after;

	if (!s->row)
		return false;
	before = place_of(s, false);
	after = place_of(s, true);
	return after.on == TRI_YES && after.port > 0 &&
	       (before.on != TRI_YES || before.port != after.port || moves_vrf(s));
}

/* reverse-proxy listens only while it has a rule, and shares www-ssl's port in every router. */
static bool may_share(const struct service *a, const struct service *b)
{
	static const char proxy[] = "reverse-proxy", web[] = "www-ssl";

	return (strcmp(a->name, proxy) == 0 && strcmp(b->name, web) == 0) ||
	       (strcmp(a->name, web) == 0 && strcmp(b->name, proxy) == 0);
}

/* The VRF that it listens in when the script is through, as in a command; "" = not known. */
static void end_vrf(const struct remedy *r, const struct service *row, struct buf *out)
{
	struct remedy_step *s = remedy_step_of(r, row);
	const struct remedy_change *c = s ? step_find(s, "vrf") : NULL;

	if (c)
		buf_puts(out, c->value);
	else if (row->vrf)
		command_word(row->vrf, out);
}

/* May both listen in one VRF? */
static bool may_meet(const struct remedy *r, const struct service *a, const struct service *b)
{
	struct buf x, y;
	bool meet;

	buf_init(&x, 65536);
	buf_init(&y, 65536);
	end_vrf(r, a, &x);
	end_vrf(r, b, &y);
	meet = !x.n || !y.n || strcmp(buf_str(&x), buf_str(&y)) == 0;
	buf_done(&y);
	buf_done(&x);
	return meet;
}

/* Does the row hold the port when the script is through? */
static bool ends_at(const struct remedy *r, const struct service *row, int port)
{
	const struct remedy_step *s = remedy_step_of(r, row);
	const struct remedy_step still = {.row = row};
	struct place after = place_of(s ? s : &still, true);

	return after.on != TRI_NO && after.port == port;
}

/* A listener that no static row stands for: another menu's, at the router's own address. */
static bool is_stranger(const struct device *d, const struct service *row)
{
	return !service_is_static(row) && row->connection != TRI_YES && row->proto != L4_UDP &&
	       !row->netns && !row->container && row->name && !device_find_static(d, row->name);
}

/* Who else has the port that the step wants; NULL: nobody. */
static const struct service *holder(const struct remedy_input *in, const struct remedy *r,
                                    struct remedy_step *s)
{
	int port = place_of(s, true).port;

	for (size_t i = 0; i < in->device->services_n; i++) {
		const struct service *other = &in->device->services[i];

		if (other == s->row || !other->name)
			continue;
		if (is_stranger(in->device, other) && other->port == port)
			return other;
		if (service_is_static(other) && other->proto != L4_UDP && ends_at(r, other, port) &&
		    !may_share(s->row, other) && may_meet(r, s->row, other))
			return other;
	}
	return NULL;
}

static void leave_place(const struct remedy_input *in, struct remedy *r, struct remedy_step *s,
                        const struct service *other)
{
	static const char *const properties[] = {"port", "vrf", "disabled"};
	const char *reason = arena_printf(&r->arena, "port %d is that of %s",
	                                  place_of(s, true).port, other->name);

	for (size_t i = 0; i < 3; i++) {
		struct remedy_change *c = step_find(s, properties[i]);

		if (c)
			remedy_leave(r, in, s, c, reason);
	}
}

void order_settle(const struct remedy_input *in, struct remedy *r)
{
	/* What stays where it is may stand in another one's way: until nothing changes. */
	for (bool again = true; again;) {
		again = false;
		for (size_t i = 0; i < r->steps_n; i++) {
			struct remedy_step *s = &r->steps[i];
			const struct service *other = takes_port(s) ? holder(in, r, s) : NULL;

			if (!other)
				continue;
			leave_place(in, r, s, other);
			again = true;
		}
	}
}

/* Opening comes first, then what neither opens nor closes, then closing; the way by which we came
 * last of all. */
static int rank(const struct remedy_step *s)
{
	struct place before, after;

	if (s->way)
		return 3;
	if (!s->row)
		return 2;
	before = place_of(s, false);
	after = place_of(s, true);
	if (after.on == TRI_YES && before.on != TRI_YES)
		return 0;
	return after.on == TRI_NO ? 2 : 1;
}

struct queue {
	const struct remedy_step *v;
	size_t n;
	bool *done;  /* beside v */
	bool *moved; /* made room for another one */
	struct remedy_step *out;
	size_t out_n;
};

/* Does a step that is still to come hold the port that this one takes? */
static bool waits(const struct queue *q, const struct remedy_step *s)
{
	int port;

	if (!takes_port(s))
		return false;
	port = place_of(s, true).port;
	for (size_t i = 0; i < q->n; i++) {
		struct place before;

		if (&q->v[i] == s || q->done[i] || q->moved[i] || !q->v[i].row)
			continue;
		before = place_of(&q->v[i], false);
		/* One that stays there shares the port in peace: order_settle saw to it. */
		if (before.on != TRI_NO && before.port == port &&
		    (place_of(&q->v[i], true).on != TRI_YES ||
		     place_of(&q->v[i], true).port != port || moves_vrf(&q->v[i])))
			return true;
	}
	return false;
}

/* Of those that need not wait the one of the lowest rank; n when all of them wait. */
static size_t next_step(const struct queue *q)
{
	size_t best = q->n;

	for (size_t i = 0; i < q->n; i++)
		if (!q->done[i] && !waits(q, &q->v[i]) &&
		    (best == q->n || rank(&q->v[i]) < rank(&q->v[best])))
			best = i;
	return best;
}

/* Services that change places: one of them is off for a moment. Not the way by which we came. */
static void make_room(struct queue *q)
{
	size_t chosen = q->n;
	struct remedy_step *s;

	for (size_t i = 0; i < q->n; i++)
		if (!q->done[i] && !q->moved[i] && q->v[i].row &&
		    (chosen == q->n || rank(&q->v[i]) < rank(&q->v[chosen])))
			chosen = i;
	if (chosen == q->n)
		return;
	q->moved[chosen] = true;
	s = &q->out[q->out_n++];
	*s = (struct remedy_step){.row = q->v[chosen].row, .makes_room = true};
	step_add(s, "disabled", "yes", "no", NULL);
}

static void emit(struct queue *q, size_t i)
{
	struct remedy_step *s = &q->out[q->out_n++];

	*s = q->v[i];
	q->done[i] = true;
	if (q->moved[i] && !step_find(s, "disabled"))
		step_add(s, "disabled", "no", "yes", NULL);
}

struct remedy_step *order_steps(struct arena *arena, const struct remedy_step *v, size_t n,
                                size_t *sorted_n)
{
	struct queue q = {.v = v, .n = n};

	q.done = arena_array(arena, n + 1, sizeof(*q.done));
	q.moved = arena_array(arena, n + 1, sizeof(*q.moved));
	q.out = arena_array(arena, 2 * n + 1, sizeof(*q.out));
	for (size_t left = n; left;) {
		size_t i = next_step(&q);

		if (i == n) {
			make_room(&q);
			continue;
		}
		emit(&q, i);
		left--;
	}
	*sorted_n = q.out_n;
	return q.out;
}
