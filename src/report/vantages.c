/* Service by vantage: which rows, and each cell's word. */
#include "vantages.h"

#include "rosaudit/message.h"

const struct observation *vantage_seen(const struct result *r, size_t place,
                                       const struct vantage_row *row)
{
	const struct observations *o =
		place == 0 ? &r->observations : &r->vantages[place - 1].observations;

	return observations_find_proto(o, row->port, row->proto);
}

/* Behind a port map without it: nothing was looked for. */
static bool is_left_out(const struct observation *o)
{
	return o->state == PORT_UNKNOWN && o->tries == 0 && o->probed_port == 0;
}

const char *vantage_word(const struct observation *o)
{
	static const char *const serves[] = {
		[SERVE_UNKNOWN] = N_("open"),
		[SERVE_SERVING] = N_("serving"),
		[SERVE_REFUSED] = N_("refused"),
		[SERVE_SILENT] = N_("silent"),
	};

	if (!o || is_left_out(o))
		return "-";
	return o->state == PORT_OPEN ? _(serves[o->serve]) : _(port_state_name(o->state));
}

static void add(struct vantage_rows *rows, size_t *cap, const struct vantage_row *row)
{
	if (rows->n == *cap) {
		size_t more = *cap ? *cap * 2 : 32;

		rows->v = arena_grow(&rows->arena, rows->v, rows->n, more, sizeof(*rows->v));
		*cap = more;
	}
	rows->v[rows->n++] = *row;
}

static bool has(const struct vantage_rows *rows, uint16_t port, enum transport_proto proto)
{
	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].port == port && (rows->v[i].proto == L4_UDP) == (proto == L4_UDP))
			return true;
	return false;
}

static bool was_looked_for(const struct result *r, const struct vantage_row *row)
{
	for (size_t i = 0; i <= r->vantages_n; i++) {
		const struct observation *o = vantage_seen(r, i, row);

		if (o && !is_left_out(o))
			return true;
	}
	return false;
}

void vantage_rows_make(const struct result *r, struct vantage_rows *out)
{
	const struct findings *f = result_for_people(r);
	size_t cap = 0;

	*out = (struct vantage_rows){0};
	arena_init(&out->arena);
	for (size_t i = 0; i < f->subjects_n; i++) {
		const struct subject *s = &f->subjects[i];
		struct vantage_row row = {s->name, (uint16_t)s->port, s->proto};

		if (s->port > 0 && s->port <= 65535 && was_looked_for(r, &row))
			add(out, &cap, &row);
	}
	for (size_t i = 0; i < r->vantages_n; i++)
		for (size_t j = 0; j < r->vantages[i].observations.n; j++) {
			const struct observation *o = &r->vantages[i].observations.v[j];
			struct vantage_row row = {"-", o->port, o->proto};

			if (o->state == PORT_OPEN && !has(out, o->port, o->proto))
				add(out, &cap, &row);
		}
}

void vantage_rows_done(struct vantage_rows *rows)
{
	arena_done(&rows->arena);
}
