/* A router with a policy, and what src/remedy makes of the two, for its tests. Header only, as
 * audit_build.h. */
#ifndef ROSAUDIT_TESTS_REMEDY_BUILD_H
#define ROSAUDIT_TESTS_REMEDY_BUILD_H

#include <string.h>

#include "audit_build.h"
#include "rosaudit/config.h"
#include "rosaudit/remedy.h"

/* A router, its policy, and how we came to it. */
struct town {
	const char *policy;         /* YAML below `router:`; no transport and no host in it */
	const struct service *rows; /* as in audit_build.h */
	const struct observation *seen;
	const char *version, *identity, *seen_as;
	enum transport_id transport;
};

#define TOWN(...)                                                                                  \
	((struct town){.version = "7.16.2",                                                        \
	               .identity = "r1",                                                           \
	               .seen_as = "192.0.2.9",                                                     \
	               .transport = TRANSPORT_SSH,                                                 \
	               __VA_ARGS__})

/* What came of it; made by visit, ended by leave. */
struct visit {
	struct config config;
	struct target target;
	struct device device;
	struct listeners listeners;
	struct observations seen;
	struct findings findings;
	struct remedy remedy;
	struct remedy_input in;
	struct buf script, undo, summary;
};

static inline void read_policy(const struct town *t, struct visit *v)
{
	const char *const dirs[] = {NULL};
	struct error_list errors;
	struct buf text;

	buf_init(&text, 1u << 20);
	buf_printf(&text, "router:\n  name: r1\n  host: 192.0.2.1\n  user: audit\n%s%s", t->policy,
	           strstr(t->policy, "unlisted:") ? "" : "  unlisted: ignore\n");
	error_list_init(&errors);
	config_init(&v->config);
	if (config_parse(buf_str(&text), text.n, "policy.yaml", dirs, &v->config, &errors))
		fail_msg("%s\n%s", errors.v[0].text, buf_str(&text));
	error_list_done(&errors);
	buf_done(&text);
	v->target = v->config.targets[0];
	v->target.transport = t->transport;
}

static inline void read_device(const struct town *t, struct visit *v)
{
	const struct scene scene = {.version = t->version,
	                            .rows = t->rows,
	                            .complete = TRI_YES,
	                            .listeners = TRI_NO,
	                            .seen_as = t->seen_as};

	build_device(&scene, &v->device);
	v->device.identity = t->identity;
	v->seen = (struct observations){.scanned = true};
	v->seen.v = (struct observation *)(uintptr_t)t->seen;
	while (t->seen && t->seen[v->seen.n].port)
		v->seen.n++;
}

static inline void visit(const struct town *t, struct visit *v)
{
	struct audit_input in;

	read_policy(t, v);
	read_device(t, v);
	remedy_init(&v->remedy);
	findings_init(&v->findings);
	config_resolve(&v->config.targets[0], &v->device, &v->findings.arena, &v->target.policy);
	in = (struct audit_input){.target = &v->target,
	                          .device = &v->device,
	                          .observations = &v->seen,
	                          .listeners = &v->listeners};
	listeners_init(&v->listeners);
	listeners_collect(&v->device, &v->listeners);
	audit_run(&in, &v->findings);
	v->in = (struct remedy_input){&v->target, &v->device, &v->seen, &v->findings,
	                              "2026-01-02T03:04:05Z"};
	remedy_make(&v->in, &v->remedy);
	buf_init(&v->script, 1u << 20);
	buf_init(&v->undo, 1u << 20);
	buf_init(&v->summary, 1u << 20);
	remedy_script(&v->in, &v->remedy, &v->script);
	remedy_undo_script(&v->in, &v->remedy, &v->undo);
	remedy_summary(&v->in, &v->remedy, &v->summary);
}

static inline void leave(struct visit *v)
{
	buf_done(&v->summary);
	buf_done(&v->undo);
	buf_done(&v->script);
	remedy_done(&v->remedy);
	findings_done(&v->findings);
	listeners_done(&v->listeners);
	device_done(&v->device);
	config_done(&v->config);
}

#define LOGIN(p)        SERVING((p), .reason = "login", .app = APP_SSH)
#define SERVES(p, what) SERVING((p), .app = (what))

#endif
