/* The matrix in sentences: what is alike over several interfaces is said once. */
#include <string.h>

#include "exposure.h"
#include "rosaudit/buf.h"
#include "rosaudit/limits.h"
#include "rosaudit/message.h"

/* So many ranges of one set are written out for people; JSON has them all. */
#define RANGES_SHOWN 6

bool exposure_same_service(const struct exposure_row *a, const struct exposure_row *b)
{
	return a->port == b->port && a->by == b->by && a->proto == b->proto &&
	       strcmp(a->service, b->service) == 0;
}

bool exposure_is_asked(const struct exposure_row *r, const struct exposure_ask *ask)
{
	if (!ask)
		return true;
	if (ask->interface && (!r->interface || strcmp(r->interface, ask->interface) != 0))
		return false;
	if (ask->service && strcmp(r->service, ask->service) != 0)
		return false;
	return !ask->has_from || ask->from.address.family == r->family;
}

struct addrset exposure_asked_of(const struct exposure_part *p, const struct exposure_ask *ask,
                                 struct arena *arena)
{
	struct addrset asked;

	if (!ask || !ask->has_from)
		return p->from;
	asked = addrset_of_prefixes(p->from.family, &ask->from, 1, arena);
	return addrset_intersection(&p->from, &asked, arena);
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_alike(const struct exposure_line *l, const struct exposure_part *p,
                     const struct addrset *from)
{
	return l->part->possible == p->possible && l->part->rule == p->rule &&
	       same_text(l->part->why, p->why) && address_equal(&l->part->at, &p->at) &&
	       addrset_equal(&l->from, from);
}

static void add_line(struct exposure_lines *out, const struct exposure_row *row,
                     const struct exposure_part *part, const struct addrset *from,
                     struct arena *arena)
{
	const char *name = row->interface ? row->interface : "?";

	for (size_t i = 0; i < out->n; i++) {
		if (!is_alike(&out->v[i], part, from))
			continue;
		out->v[i].via = arena_printf(arena, "%s, %s", out->v[i].via, name);
		return;
	}
	out->v[out->n++] = (struct exposure_line){row, part, *from, name};
}

void exposure_group(const struct exposure *e, const struct exposure_row *first,
                    const struct exposure_ask *ask, struct arena *arena, struct exposure_lines *out)
{
	size_t n = 0;

	*out = (struct exposure_lines){0};
	for (size_t i = 0; i < e->rows_n; i++)
		if (exposure_same_service(&e->rows[i], first))
			n += e->rows[i].n;
	out->v = arena_array(arena, n + 1, sizeof(*out->v));
	for (size_t i = 0; i < e->rows_n; i++) {
		const struct exposure_row *r = &e->rows[i];

		if (!exposure_same_service(r, first) || !exposure_is_asked(r, ask))
			continue;
		for (size_t k = 0; k < r->n; k++) {
			struct addrset from = exposure_asked_of(&r->parts[k], ask, arena);

			if (from.n)
				add_line(out, r, &r->parts[k], &from, arena);
		}
	}
}

/* Why it ends so: the rule, the service's own setting, what cannot be known. */
static void say_reason(const struct exposure_part *p, struct buf *out)
{
	buf_puts(out, " (");
	switch (p->outcome) {
	case EXPOSURE_UNKNOWN:
		if (p->rule)
			exposure_rule_say(p->rule, &language_local, out);
		if (p->why)
			buf_printf(out, "%s%s", p->rule ? _(": ") : "", _(p->why));
		break;
	case EXPOSURE_REFUSED:
	case EXPOSURE_CLOSED:
		buf_puts(out, _(p->why ? p->why : N_("the service")));
		break;
	case EXPOSURE_FORWARDED:
		exposure_rule_say(p->rule, &language_local, out);
		buf_printf(out, _(", to %s"), p->why ? p->why : "?");
		break;
	default:
		if (p->rule)
			exposure_rule_say(p->rule, &language_local, out);
		else
			buf_puts(out, _("no rule drops it"));
	}
	if (p->at.family) {
		buf_puts(out, _(", at "));
		address_format(&p->at, out);
	}
	buf_putc(out, ')');
}

void exposure_line_say(const struct exposure_line *l, struct buf *out)
{
	if (l->row->family == 6)
		buf_puts(out, "IPv6: ");
	addrset_say(&l->from, &language_local, RANGES_SHOWN, out);
	buf_printf(out, _(" via %s"), l->via);
	say_reason(l->part, out);
}
