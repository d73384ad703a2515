/*
 * The probes. Each is a protocol-right beginning that changes nothing and is no attempt to log in:
 * a failed login is written into the router's log, and rules may count it against us.
 */
#include <string.h>

#include "rosaudit/buf.h"
#include "probe.h"

/*
 * Before the first word of a client-first protocol. A router whose `address=` leaves us out accepts
 * and closes at once; bytes that it then never reads would turn its FIN into a RST, and "closed
 * before we spoke" is the better evidence.
 */
enum { POLITE_MS = 50 };

/* The name under which the key exchange of winbox is begun. */
#define WINBOX_USER "rosaudit"

static const struct probe probes[] = {
	/* Server-first. When such a port stays silent for long, a generic question shows what
	 * else may sit there. Never to telnet: it would take the line for a login name. */
	{.app = APP_SSH, .steps = {{.after_ms = 1500, .payload = PAYLOAD_HTTP, .foreign = true}}},
	{.app = APP_FTP, .steps = {{.after_ms = 1500, .payload = PAYLOAD_HTTP, .foreign = true}}},
	{.app = APP_BTEST, .steps = {{.after_ms = 1500, .payload = PAYLOAD_HTTP, .foreign = true}}},
	{.app = APP_TELNET, .steps = {{.payload = PAYLOAD_NONE}}},
	/* Client-first. */
	{.app = APP_HTTP, .steps = {{.after_ms = POLITE_MS, .payload = PAYLOAD_HTTP}}},
	{.app = APP_TLS, .steps = {{.after_ms = POLITE_MS, .payload = PAYLOAD_TLS}}},
	{.app = APP_API, .steps = {{.after_ms = POLITE_MS, .payload = PAYLOAD_API}}},
	{.app = APP_WINBOX,
         .steps = {{.after_ms = POLITE_MS, .payload = PAYLOAD_WINBOX_KEY},
                   {.after_ms = 700, .payload = PAYLOAD_WINBOX_LIST}}},
	/* Nobody knows: time for a greeting, then the question that most servers answer somehow. */
	{.app = APP_UNKNOWN, .steps = {{.after_ms = 600, .payload = PAYLOAD_HTTP}}},
};

const struct probe *probe_for(enum app_proto expect)
{
	size_t last = sizeof(probes) / sizeof(probes[0]) - 1;

	for (size_t i = 0; i < last; i++)
		if (probes[i].app == expect)
			return &probes[i];
	return &probes[last];
}

static void set(struct payloads *s, enum payload_id id, const void *p, size_t n)
{
	char *copy = arena_alloc(&s->arena, n ? n : 1);

	memcpy(copy, p, n);
	s->v[id].p = copy;
	s->v[id].n = n;
}

/* GET, since RouterOS answers HEAD with 501 on REST; 1.0 and close, since one answer is enough. */
static void make_http(struct payloads *s, const struct address *target)
{
	struct address host = *target;
	struct buf b;

	host.scope = 0; /* RFC 9110 7.2: a zone means nothing to the other side */
	buf_init(&b, 256);
	buf_puts(&b, "GET / HTTP/1.0\r\nHost: ");
	buf_puts(&b, host.family == 6 ? "[" : "");
	address_format(&host, &b);
	buf_puts(&b, host.family == 6 ? "]" : "");
	buf_puts(&b, "\r\nUser-Agent: rosaudit\r\nAccept: */*\r\nConnection: close\r\n\r\n");
	set(s, PAYLOAD_HTTP, b.p, b.n);
	buf_done(&b);
}

/*
 * Winbox from 6.43 on: [length][handler 6][user NUL][public key, 32 bytes][parity]. Unverified,
 * since MikroTik documents none of it: that the server answers with its own key, and does so
 * whether the user exists or not. So neither silence nor a close after these bytes is held against
 * a router. Without the proof that would follow nothing is tried. The key is the curve's base
 * point (x = 9), so it is a valid one.
 */
static void make_winbox_key(struct payloads *s)
{
	enum { USER = sizeof(WINBOX_USER), KEY = 32 };
	char frame[2 + USER + KEY + 1] = {USER + KEY + 1, 6};

	memcpy(frame + 2, WINBOX_USER, USER);
	frame[2 + USER + KEY - 1] = 9;
	set(s, PAYLOAD_WINBOX_KEY, frame, sizeof(frame));
}

/*
 * Winbox before 6.43 (and 6.49 still): [length][handler 2][name, 12 bytes][part][offset]. It asks
 * for the list of plug-ins that winbox loads before anybody logs in. Only when the key exchange
 * met silence.
 */
static void make_winbox_list(struct payloads *s)
{
	static const char frame[20] = {
		[0] = 18, [1] = 2, [2] = 'l', [3] = 'i', [4] = 's', [5] = 't', [15] = (char)0x80};

	set(s, PAYLOAD_WINBOX_LIST, frame, sizeof(frame));
}

int payloads_init(struct payloads *s, const struct address *target, struct error *err)
{
	/* The API answers a sentence before the login with !fatal, and /quit with !fatal always. */
	static const char quit[] = "\x05/quit"; /* the final NUL ends the sentence */

	*s = (struct payloads){0};
	arena_init(&s->arena);
	s->room = tls_room_new(err);
	if (!s->room)
		return -1;
	set(s, PAYLOAD_API, quit, sizeof(quit));
	make_http(s, target);
	make_winbox_key(s);
	make_winbox_list(s);
	return 0;
}

void payloads_done(struct payloads *s)
{
	arena_done(&s->arena);
	tls_room_free(s->room);
	s->room = NULL;
}
