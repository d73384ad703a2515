/* What a UDP answer tells of its service. */
#include <string.h>

#include "http_answer.h"
#include "rosaudit/limits.h"
#include "udp_tell.h"
#include "wire.h"

/* Types in MikroTik's announcement, as Wireshark names them. */
enum { MNDP_IDENTITY = 5, MNDP_VERSION = 7, MNDP_BOARD = 12 };

static const char *copy(const unsigned char *p, size_t n, struct arena *arena)
{
	return arena_strndup(arena, (const char *)p, n < LIMIT_FACT_BYTES ? n : LIMIT_FACT_BYTES);
}

/* Header of four bytes; then type, length, value. */
static void tell_mndp(const unsigned char *p, size_t n, struct arena *arena,
                      struct service_facts *f)
{
	size_t length;

	for (size_t at = 4; at + 4 <= n; at += 4 + length) {
		length = wire_get16(p + at + 2);
		if (length > n - at - 4)
			return;
		if (wire_get16(p + at) == MNDP_IDENTITY)
			f->identity = copy(p + at + 4, length, arena);
		else if (wire_get16(p + at) == MNDP_BOARD)
			f->board = copy(p + at + 4, length, arena);
		else if (wire_get16(p + at) == MNDP_VERSION)
			f->version = copy(p + at + 4, length, arena);
	}
}

void udp_tell(const unsigned char *p, size_t n, struct arena *arena, struct observation *o)
{
	struct service_facts *f = arena_alloc(arena, sizeof(*f));
	struct http_facts *http;

	if (o->app == APP_MNDP) {
		tell_mndp(p, n, arena, f);
		o->facts = f;
	} else if (o->app == APP_SSDP) {
		http = arena_alloc(arena, sizeof(*http));
		if (!http_answer_read((const char *)p, n, arena, http))
			return;
		f->http = http;
		f->version = facts_find_version((const char *)p, n, arena);
		o->facts = f;
	} else if (o->app == APP_OTHER && n > 0) {
		o->banner_n = n < LIMIT_BANNER_BYTES ? n : LIMIT_BANNER_BYTES;
		o->banner = memcpy(arena_alloc(arena, o->banner_n + 1), p, o->banner_n);
	}
}
