/* Random worlds for test_audit_oracle: a router, a policy and a scan, small enough that every
 * kind of clash comes up often, and repeatable by their number. */
#ifndef ROSAUDIT_TESTS_AUDIT_WORLD_H
#define ROSAUDIT_TESTS_AUDIT_WORLD_H

#include "audit_build.h"

#define ROWS_MAX  8
#define LINE_MAX_ 64
#define LINES_MAX 256

/* Set from the number of the round: a failing one is found again. */
static uint32_t seed;

static inline unsigned pick(unsigned n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

#define PICK(array) ((array)[pick(sizeof(array) / sizeof((array)[0]))])

static inline enum tri pick_tri(void)
{
	static const enum tri tris[] = {TRI_UNKNOWN, TRI_NO, TRI_NO, TRI_YES};

	return PICK(tris);
}

/* Lists inside 10.0.0.0/28 and 2001:db8::/124, and whole families. */
static const char *const lists[] = {
	"",
	"",
	"0.0.0.0/0",
	"::/0",
	"0.0.0.0/0,::/0",
	"10.0.0.0/28",
	"10.0.0.0/29,10.0.0.8/29",
	"10.0.0.4/30",
	"10.0.0.1/32,10.0.0.14/31",
	"2001:db8::/124",
	"10.0.0.0/29,2001:db8::8/125",
	"10.0.0.0/30,10.0.0.4/30,10.0.0.8/29,2001:db8::/125,2001:db8::8/125",
};

static const char *const vantages[] = {NULL, "10.0.0.5", "10.0.0.15", "192.0.2.1", "2001:db8::9"};
static const uint16_t ports[] = {22, 23, 443, 2000, 31337};

static inline struct service pick_row(const char *name, bool dynamic)
{
	static const int row_ports[] = {22, 23, 443, 443, 2000, 31337, -1};
	static const char *const words[] = {NULL, "main", "lab"};
	static const char *const certificates[] = {NULL, "none", "web"};
	static const int sessions[] = {-1, 5, 20};
	const char *list = PICK(lists);
	struct service row =
		SERVICE(name, PICK(row_ports), .disabled = pick_tri(), .invalid = pick_tri(),
	                .address_known = pick(4) > 0, ADDRESS(list));

	row.dynamic = tri_of(dynamic);
	row.vrf = PICK(words);
	row.certificate = PICK(certificates);
	row.max_sessions = PICK(sessions);
	if (dynamic) {
		row.disabled = TRI_NO;
		row.address_known = false;
		row.proto = pick(3) ? L4_TCP : L4_UDP;
	}
	return row;
}

static inline struct expect_service pick_want(const char *name)
{
	static const int want_ports[] = {-1, -1, 22, 23, 443};
	static const int sessions[] = {-1, -1, 5};
	static const char *const vrfs[] = {NULL, NULL, "main"};
	static const char *const certificates[] = {NULL, NULL, "web"};
	struct expect_service want = EXPECT(name, .disabled = pick_tri(), .reachable = pick_tri());

	want.port = PICK(want_ports);
	want.vrf = PICK(vrfs);
	want.certificate = PICK(certificates);
	want.max_sessions = PICK(sessions);
	want.address_mode = (enum address_mode)pick(4);
	if (want.address_mode == ADDRESS_WITHIN) {
		const char *list = lists[2 + pick(sizeof(lists) / sizeof(lists[0]) - 2)];

		want.address = build_prefixes(list);
		want.address_n = build_prefixes_n(list);
	}
	return want;
}

static inline struct observation pick_seen(uint16_t port)
{
	static const char *const reasons[] = {"not-mapped", "interrupted", "login"};
	static const enum app_proto apps[] = {APP_UNKNOWN, APP_SSH, APP_TELNET, APP_TLS, APP_OTHER};
	struct observation o = {.port = port, .reason = "given"};

	o.state = (enum port_state)pick(4);
	if (o.state == PORT_UNKNOWN)
		o.reason = reasons[pick(2)];
	if (o.state != PORT_OPEN)
		return o;
	o.serve = (enum serve_state)pick(4);
	if (o.serve == SERVE_UNKNOWN && pick(2))
		o.reason = "login";
	o.spoke = o.serve == SERVE_REFUSED && pick(2);
	if (o.serve == SERVE_SERVING)
		o.app = PICK(apps);
	return o;
}

struct world {
	struct scene scene;
	struct service rows[ROWS_MAX + 1];
	size_t rows_n;
	struct expect_service wants[ROWS_MAX + 1];
	size_t wants_n;
	struct observation seen[ROWS_MAX + 1];
	bool told[65536];                 /* ports whose missing result a row or an entry tells */
	char lines[LINES_MAX][LINE_MAX_]; /* what the oracle expects */
	size_t lines_n;
};

static inline void pick_world(struct world *w)
{
	static const char *const statics[] = {"ssh", "telnet", "www-ssl", "reverse-proxy", "other"};
	static const char *const listeners[] = {"btest", "lighttpd"};
	static const char *const versions[] = {"6.49", "7.9", "7.18", "7.20"};
	size_t n = 0;

	*w = (struct world){0};
	for (size_t i = 0; i < 5; i++)
		if (pick(3))
			w->rows[w->rows_n++] = pick_row(statics[i], false);
	for (size_t i = 0; i < 2; i++)
		if (pick(3) == 0)
			w->rows[w->rows_n++] = pick_row(listeners[i], true);
	for (size_t i = 0; i < 5; i++)
		if (pick(2))
			w->wants[w->wants_n++] = pick_want(statics[i]);
	if (pick(4) == 0)
		w->wants_n = 0;
	w->wants[w->wants_n].name = NULL;
	for (size_t i = 0; i < 5; i++)
		if (pick(4))
			w->seen[n++] = pick_seen(ports[i]);
	w->scene = SCENE(.rows = w->rows, .policy = w->wants, .seen = w->seen,
	                 .version = PICK(versions), .complete = pick_tri(), .listeners = pick_tri(),
	                 .seen_as = PICK(vantages), .unlisted = (enum unlisted_mode)pick(3));
}

#endif
