/* Devices, policies and observations in one line each, for the tests of src/audit.
 *
 *     CHECK(SCENE(.policy = POLICY(EXPECT("telnet", .disabled = TRI_YES)),
 *                 .rows = ROWS(SERVICE("telnet", 23))),
 *           "RA102 high telnet:23");
 *
 * Header only, so that each test stays one file; what one of them leaves unused is no mistake. */
#ifndef ROSAUDIT_TESTS_AUDIT_BUILD_H
#define ROSAUDIT_TESTS_AUDIT_BUILD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/audit.h"
#include "menu_build.h"
#include "rosaudit/buf.h"
#include "rosaudit/listeners.h"
#include "rosaudit/message.h"
#include "test.h"

/* A row is written as the usual one with what differs: later initialisers win on purpose. */
#ifdef __clang__
#pragma clang diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif

/* An enabled, unrestricted static TCP row. */
#define SERVICE(n, ...)                                                                            \
	((struct service){.name = (n),                                                             \
	                  .proto = L4_TCP,                                                         \
	                  .disabled = TRI_NO,                                                      \
	                  .invalid = TRI_NO,                                                       \
	                  .dynamic = TRI_NO,                                                       \
	                  .connection = TRI_NO,                                                    \
	                  .address_known = true,                                                   \
	                  .max_sessions = -1,                                                      \
	                  .line = 1,                                                               \
	                  .port = __VA_ARGS__})
/* A dynamic listener of 7.19+. */
#define LISTENER(n, ...)                                                                           \
	((struct service){.name = (n),                                                             \
	                  .proto = L4_TCP,                                                         \
	                  .disabled = TRI_NO,                                                      \
	                  .invalid = TRI_NO,                                                       \
	                  .dynamic = TRI_YES,                                                      \
	                  .connection = TRI_NO,                                                    \
	                  .max_sessions = -1,                                                      \
	                  .line = 1,                                                               \
	                  .port = __VA_ARGS__})
#define EXPECT(n, ...)                                                                             \
	((struct expect_service){.name = (n),                                                      \
	                         .port = -1,                                                       \
	                         .max_sessions = -1,                                               \
	                         .origin = {"policy.yaml", 7, 3},                                  \
	                         __VA_ARGS__})
#define OBSERVED(st, ...)                                                                          \
	((struct observation){                                                                     \
		.state = (st), .tries = 1, .rtt_us = 100, .reason = "given", .port = __VA_ARGS__})
#define SERVING(...)      OBSERVED(PORT_OPEN, __VA_ARGS__, .serve = SERVE_SERVING)
#define REFUSED_WITH(...) OBSERVED(PORT_OPEN, __VA_ARGS__, .serve = SERVE_REFUSED, .close = "fin")
#define REFUSED(p)        OBSERVED(PORT_OPEN, (p), .serve = SERVE_REFUSED, .close = "fin")
#define HUNG_UP(p)        REFUSED_WITH((p), .spoke = true)
#define SILENT(p)         OBSERVED(PORT_OPEN, (p), .serve = SERVE_SILENT)
#define OPEN(p)           OBSERVED(PORT_OPEN, (p))
#define CLOSED(p)         OBSERVED(PORT_CLOSED, (p))
#define FILTERED(p)       OBSERVED(PORT_FILTERED, (p))
#define NO_RESULT(p, why) OBSERVED(PORT_UNKNOWN, (p), .reason = (why))

/* .address and .address_n from "192.0.2.0/24,::/0"; "" is the known empty list. */
#define ADDRESS(text) .address = build_prefixes(text), .address_n = build_prefixes_n(text)
#define WITHIN(text)  .address_mode = ADDRESS_WITHIN, ADDRESS(text)

/* A port or a range of `ports:`, TCP unless .udp is set; what is said of it in SAY(). */
#define PORTS(...) ((const struct expect_port[]){__VA_ARGS__, {.first = 0}})
#define RANGE(a, b, ...)                                                                           \
	((struct expect_port){.first = (a),                                                        \
	                      .last = (b),                                                         \
	                      .say = {.name = #a "-" #b,                                           \
	                              .port = -1,                                                  \
	                              .max_sessions = -1,                                          \
	                              .origin = {"policy.yaml", 9, 3}},                            \
	                      __VA_ARGS__})
#define PORT(p, ...) RANGE(p, p, __VA_ARGS__)
#define SAY_IS(kind) .say.expect = (kind), .say.expect_at = {"policy.yaml", 9, 13}
#define WAIVER(why, ...)                                                                           \
	((struct waiver){.reason = (why),                                                          \
	                 .port_first = -1,                                                         \
	                 .port_last = -1,                                                          \
	                 .origin = {"policy.yaml", 20, 5},                                         \
	                 __VA_ARGS__})
#define WAIVERS(...) ((const struct waiver[]){__VA_ARGS__, {.reason = NULL}})
#define ROWS(...)    ((const struct service[]){__VA_ARGS__, {.line = 0}})
#define POLICY(...)  ((const struct expect_service[]){__VA_ARGS__, {.name = NULL}})
#define SEEN(...)    ((const struct observation[]){__VA_ARGS__, {.port = 0}})

/* Another vantage: from is how the router sees it, or NULL; seen as SEEN(). */
struct elsewhere {
	const char *name, *from, *error;
	const struct observation *seen;
};
#define ELSEWHERE(...) ((const struct elsewhere[]){__VA_ARGS__, {.name = NULL}})

struct scene {
	const struct expect_service *policy;   /* ends with a row without a name; NULL: none */
	const struct expect_port *ports;       /* ends with first 0 */
	const struct waiver *waivers;          /* ends with one without a reason; at most 7 */
	const struct condition *const *unsure; /* ends with NULL */
	int64_t now;
	const struct service *rows;        /* ends with line 0 */
	const char *menus;                 /* menu_build's lines; NULL: no other menu was read */
	bool rest_missing;                 /* the router has none of the others: all was read */
	const struct service *second;      /* the REST reading, or NULL */
	const struct observation *seen;    /* ends with port 0; ascending; NULL: not scanned */
	const struct elsewhere *elsewhere; /* ends with one without a name; at most 7 */
	const char *version;
	enum tri complete, listeners, second_complete;
	const char *seen_as, *at, *from; /* addresses, or NULL */
	enum unlisted_mode unlisted;
	enum transport_id transport;
	bool rest_plain;
};

/* A whole listing of a RouterOS 7.18 over a transport that nothing else names. */
#define SCENE(...)                                                                                 \
	((struct scene){.version = "7.18.2",                                                       \
	                .complete = TRI_YES,                                                       \
	                .listeners = TRI_NO,                                                       \
	                .second_complete = TRI_YES,                                                \
	                .transport = TRANSPORT_FILE,                                               \
	                .unlisted = UNLISTED_IGNORE,                                               \
	                __VA_ARGS__})

#define BUILD_PREFIXES 65536u

static inline size_t build_prefixes_n(const char *text)
{
	size_t n = *text ? 1 : 0;

	for (; *text; text++)
		n += *text == ',';
	return n;
}

/* From a pool that lives as long as the program. */
static inline struct prefix *build_prefixes(const char *text)
{
	static struct prefix pool[BUILD_PREFIXES];
	static size_t used;
	size_t n = build_prefixes_n(text), first;

	if (used + n > BUILD_PREFIXES)
		used = 0;
	first = used;
	for (size_t i = 0; i < n; i++) {
		size_t length = strcspn(text, ",");

		assert_int_equal(prefix_parse(text, length, &pool[used++]), PREFIX_OK);
		text += length + 1;
	}
	return &pool[first];
}

static inline struct address build_address(const char *text)
{
	struct address address = {0};

	if (text)
		assert_true(address_parse(text, strlen(text), &address));
	return address;
}

/* Strings are copied into the device, which is gone when a test looks at the findings: a
 * finding that borrows from it is caught by the sanitizer. */
static inline void build_rows(struct device *d, const struct service *rows)
{
	for (; rows && rows->line; rows++) {
		struct service row = *rows;

		row.name = arena_strdup(&d->arena, row.name);
		row.certificate = arena_strdup(&d->arena, row.certificate);
		row.tls_version = arena_strdup(&d->arena, row.tls_version);
		row.vrf = arena_strdup(&d->arena, row.vrf);
		row.local = arena_strdup(&d->arena, row.local);
		row.remote = arena_strdup(&d->arena, row.remote);
		row.container = arena_strdup(&d->arena, row.container);
		row.about = arena_strdup(&d->arena, row.about);
		device_add_service(d, &row);
	}
}

static inline void build_device(const struct scene *s, struct device *d)
{
	device_init(d);
	d->version_text = s->version;
	if (s->version)
		ros_version_parse(s->version, &d->version);
	build_rows(d, s->rows);
	d->static_complete = s->complete;
	d->listeners_complete = s->listeners;
	d->seen_as_known = s->seen_as != NULL;
	d->seen_as = build_address(s->seen_as);
}

#define BUILD_VANTAGES 7

static inline size_t build_vantages(const struct elsewhere *e, struct vantage_spec *specs,
                                    struct vantage *out)
{
	size_t n = 0;

	for (; e && e[n].name; n++) {
		struct observations *seen = &out[n].observations;

		specs[n] = (struct vantage_spec){.name = e[n].name, .source = "192.0.2.1"};
		out[n] = (struct vantage){.spec = &specs[n],
		                          .from_known = e[n].from != NULL,
		                          .from = build_address(e[n].from)};
		if (e[n].error)
			error_set(&out[n].error, ERROR_NETWORK, "%s", e[n].error);
		seen->scanned = e[n].seen != NULL;
		seen->v = (struct observation *)(uintptr_t)e[n].seen;
		while (e[n].seen && seen->v[seen->n].port)
			seen->n++;
	}
	return n;
}

/* Runs the audit of a scene; the caller ends with findings_done. The scene's texts must outlive
 * it. */
/* Judges the scene; the findings once more in a language, where said is not NULL. */
static inline void build_said(const struct scene *s, struct findings *out,
                              const struct language *language, struct findings *said)
{
	struct target target = {
		.name = "r1", .transport = s->transport, .rest_plain = s->rest_plain};
	struct device device, second;
	struct observations seen = {.scanned = s->seen != NULL};
	struct listeners listeners;
	struct audit_input in = {.target = &target,
	                         .device = &device,
	                         .second = s->second ? &second : NULL,
	                         .observations = &seen,
	                         .listeners = &listeners,
	                         .now = s->now};
	const struct waiver *waivers[8];
	struct vantage_spec specs[BUILD_VANTAGES];
	struct vantage elsewhere[BUILD_VANTAGES];

	/* The audit only reads them; the model's structs have no const variants. */
	target.policy.services = (struct expect_service *)(uintptr_t)s->policy;
	while (s->policy && s->policy[target.policy.services_n].name)
		target.policy.services_n++;
	target.policy.ports = (struct expect_port *)(uintptr_t)s->ports;
	while (s->ports && s->ports[target.policy.ports_n].first)
		target.policy.ports_n++;
	target.policy.waivers = waivers;
	while (s->waivers && s->waivers[target.policy.waivers_n].reason) {
		waivers[target.policy.waivers_n] = &s->waivers[target.policy.waivers_n];
		target.policy.waivers_n++;
	}
	target.policy.unsure = (const struct condition **)(uintptr_t)s->unsure;
	while (s->unsure && s->unsure[target.policy.unsure_n])
		target.policy.unsure_n++;
	target.policy.unlisted = s->unlisted;
	target.policy.unlisted_at = (struct origin){"policy.yaml", 1, 1};
	build_device(s, &device);
	menu_build(&device, s->menus);
	if (s->rest_missing)
		menu_build_rest(&device);
	listeners_init(&listeners);
	listeners_collect(&device, &listeners);
	device_init(&second);
	build_rows(&second, s->second);
	second.static_complete = s->second_complete;
	seen.v = (struct observation *)(uintptr_t)s->seen;
	while (s->seen && s->seen[seen.n].port)
		seen.n++;
	seen.target = build_address(s->at);
	seen.source = build_address(s->from);
	in.vantages_n = build_vantages(s->elsewhere, specs, elsewhere);
	in.vantages = elsewhere;
	findings_init(out);
	audit_run(&in, out);
	if (said) {
		findings_init(said);
		audit_say(&in, language, out, said);
	}
	listeners_done(&listeners);
	device_done(&second);
	device_done(&device);
}

static inline void build_audit(const struct scene *s, struct findings *out)
{
	build_said(s, out, NULL, NULL);
}

/* "RA102 high telnet:23", with "?" behind what is undecided and "waived"; one line each. */
static inline void build_list(const struct findings *f, struct buf *out)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct finding *v = &f->v[i];

		buf_printf(out, "%s%s %s %s:%d%s%s", i ? "\n" : "", v->rule->id,
		           severity_name(v->severity), v->service ? v->service : "-", v->port,
		           v->undecided ? " ?" : "", v->waived ? " waived" : "");
	}
}

/* The one finding of a scene that has exactly one. */
static inline const struct finding *build_only(const struct findings *f)
{
	assert_int_equal(f->n, 1);
	return &f->v[0];
}

static inline const struct subject *build_subject(const struct findings *f, const char *name)
{
	for (size_t i = 0; i < f->subjects_n; i++)
		if (strcmp(f->subjects[i].name, name) == 0)
			return &f->subjects[i];
	fail_msg("no subject %s", name);
	return NULL;
}

static inline void build_check(const struct scene *s, const char *expected, const char *file,
                               int line)
{
	struct findings f;
	struct buf list;

	build_audit(s, &f);
	buf_init(&list, 1u << 20);
	build_list(&f, &list);
	if (strcmp(buf_str(&list), expected) != 0) {
		print_error("got:\n%s\nexpected:\n%s\n", buf_str(&list), expected);
		_fail(file, line);
	}
	buf_done(&list);
	findings_done(&f);
}

/* The scene gives exactly these findings, in this order. */
#define CHECK(scene, expected) build_check(&scene, expected, __FILE__, __LINE__)

/* The verdict of one subject of a scene. */
static inline void build_check_verdict(const struct scene *s, const char *name,
                                       enum verdict expected, const char *file, int line)
{
	struct findings f;
	enum verdict verdict;

	build_audit(s, &f);
	verdict = build_subject(&f, name)->verdict;
	if (verdict != expected) {
		print_error("%s: verdict %d, expected %d\n", name, verdict, expected);
		_fail(file, line);
	}
	findings_done(&f);
}

#define VERDICT(scene, name, expected)                                                             \
	build_check_verdict(&scene, name, expected, __FILE__, __LINE__)

#endif
