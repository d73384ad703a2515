/* What probes saw. */
#include "rosaudit/buf.h"
#include "rosaudit/message.h"
#include "rosaudit/observation.h"

void observations_init(struct observations *o)
{
	*o = (struct observations){0};
	arena_init(&o->arena);
}

void observations_done(struct observations *o)
{
	if (!o)
		return;
	arena_done(&o->arena);
	*o = (struct observations){0};
}

/* TCP below UDP, so that one number orders both. */
static unsigned rank(uint16_t port, enum transport_proto proto)
{
	return port + (proto == L4_UDP ? 65536u : 0u);
}

int observation_order(const void *a, const void *b)
{
	const struct observation *x = a, *y = b;
	unsigned first = rank(x->port, x->proto), second = rank(y->port, y->proto);

	return (first > second) - (first < second);
}

const struct observation *observations_find_proto(const struct observations *o, uint16_t port,
                                                  enum transport_proto proto)
{
	unsigned wanted = rank(port, proto), seen;
	size_t low = 0, high = o->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		seen = rank(o->v[middle].port, o->v[middle].proto);
		if (seen == wanted)
			return &o->v[middle];
		if (seen < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct observation *observations_find(const struct observations *o, uint16_t port)
{
	return observations_find_proto(o, port, L4_TCP);
}

const char *port_state_name(enum port_state s)
{
	static const char *const names[PORT_STATES] = {
		[PORT_UNKNOWN] = N_("unknown"),
		[PORT_OPEN] = N_("open"),
		[PORT_CLOSED] = N_("closed"),
		[PORT_FILTERED] = N_("filtered"),
		[PORT_OPEN_FILTERED] = N_("open|filtered"),
	};

	return names[s];
}

static void format_open(const struct observation *o, const struct language *language,
                        struct buf *out)
{
	static const char *const words[] = {
		[SERVE_UNKNOWN] = "",
		[SERVE_SERVING] = N_(", serving"),
		[SERVE_REFUSED] = N_(", refused"),
		[SERVE_SILENT] = N_(", silent"),
	};

	buf_puts(out, language->say(N_("open")));
	if (words[o->serve][0])
		buf_puts(out, language->say(words[o->serve]));
	if (o->serve == SERVE_REFUSED && o->close)
		buf_printf(out, " (%s)", o->close);
}

void observation_say(const struct observation *o, const struct language *language, struct buf *out)
{
	if (!o) {
		buf_puts(out, language->say(N_("not probed")));
		return;
	}
	if (o->state == PORT_OPEN) {
		format_open(o, language, out);
		return;
	}
	buf_puts(out, language->say(port_state_name(o->state)));
	if (o->state == PORT_UNKNOWN && o->reason)
		buf_printf(out, " (%s)", o->reason);
}

void observation_format(const struct observation *o, struct buf *out)
{
	observation_say(o, &language_english, out);
}
