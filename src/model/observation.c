/* What probes saw. */
#include "rosaudit/buf.h"
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

const struct observation *observations_find(const struct observations *o, uint16_t port)
{
	size_t low = 0, high = o->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (o->v[middle].port == port)
			return &o->v[middle];
		if (o->v[middle].port < port)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void format_open(const struct observation *o, struct buf *out)
{
	static const char *const words[] = {
		[SERVE_UNKNOWN] = "",
		[SERVE_SERVING] = ", serving",
		[SERVE_REFUSED] = ", refused",
		[SERVE_SILENT] = ", silent",
	};

	buf_puts(out, "open");
	buf_puts(out, words[o->serve]);
	if (o->serve == SERVE_REFUSED && o->close)
		buf_printf(out, " (%s)", o->close);
}

void observation_format(const struct observation *o, struct buf *out)
{
	static const char *const words[] = {
		[PORT_UNKNOWN] = "unknown",
		[PORT_OPEN] = "open",
		[PORT_CLOSED] = "closed",
		[PORT_FILTERED] = "filtered",
	};

	if (!o) {
		buf_puts(out, "not probed");
		return;
	}
	if (o->state == PORT_OPEN) {
		format_open(o, out);
		return;
	}
	buf_puts(out, words[o->state]);
	if (o->state == PORT_UNKNOWN && o->reason)
		buf_printf(out, " (%s)", o->reason);
}
