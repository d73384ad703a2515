/* One router, from login to findings. */
#include <string.h>
#include <time.h>

#include "cli.h"
#include "guarding.h"
#include "rosaudit/audit.h"
#include "rosaudit/clock.h"
#include "rosaudit/listeners.h"
#include "rosaudit/log.h"
#include "rosaudit/message.h"
#include "rosaudit/predict.h"
#include "rosaudit/transport.h"

/* A saved output of a router that can still be probed. */
static int resolve_for_scan(const struct target *t, const struct address *source,
                            struct address *to, struct result *out)
{
	struct buf text;
	size_t n = 0;

	if (endpoint_resolve(t->host, source->family ? source : NULL, to, 1, &n, &out->error))
		return -1;
	buf_init(&text, sizeof(out->address) - 1);
	address_format(to, &text);
	memcpy(out->address, buf_str(&text), text.n + 1);
	buf_done(&text);
	return 0;
}

/* Rules whose counters are read a second time; beyond, it costs the router too much. */
enum { COUNTERS_MOST = 2000 };

/* What the scan changed on the router: the counters of its rules, and the lists that shut out. The
 * session is still open. True when our address is in one of these lists now, and was not before. */
static bool look_again(const struct target *t, const struct reading *reading,
                       const struct guarding *guarding, struct result *out)
{
	const struct exposure *e = &out->exposure;
	const char *only[8] = {NULL};
	bool lists = guarding_wants_lists(guarding, &out->observations);
	struct error err = {0};
	size_t n = 0;

	if (!reading->session || !guarding->begun)
		return false;
	if (lists)
		only[n++] = guarding_lists(guarding);
	if (e->known && e->rules4_n + e->rules6_n > 0 &&
	    e->rules4_n + e->rules6_n <= COUNTERS_MOST) {
		only[n++] = "/ip firewall raw";
		only[n++] = "/ip firewall nat";
		only[n++] = "/ip firewall filter";
		only[n++] = "/ipv6 firewall raw";
		only[n++] = "/ipv6 firewall filter";
	}
	if (n == 0)
		return false;
	out->after.version = out->device.version;
	reading_again(t, reading, only, &out->after, &err);
	return lists && guarding_end(&out->device, &out->after, guarding);
}

/* Probes from outside, after the facts are read. What fails here is told; the declared view
 * stays. */
static void look_from_outside(const struct target *t, const struct reading *reading,
                              int64_t deadline_ms, struct result *out)
{
	struct scan_host host = {0};
	struct scan_plan plan = {.hosts = &host, .hosts_n = 1, .deadline_ms = deadline_ms};
	struct guarding guarding = {0};
	struct scan_port *ports;
	struct error err = {0};
	struct arena arena;

	if (!t->host || (t->scan_ports == SCAN_NONE && reading->proofs_n == 0))
		return;
	arena_init(&arena);
	if (t->source)
		address_parse(t->source, strlen(t->source), &plan.source);
	if (reading->session)
		host.target = reading->session->remote;
	else if (resolve_for_scan(t, &plan.source, &host.target, out))
		goto out;
	plan_make(t, &out->device, &out->listeners, reading, &arena, &host, &ports);
	if (guarding_begin(t, &out->device, ports, host.n, &plan, &guarding, &err) ||
	    outside_look(t, &plan, &out->observations, &err) ||
	    guarding_judge(look_again(t, reading, &guarding, out), &out->observations, &err)) {
		error_wrap(&err, "scan");
		out->error = error_is_set(&out->error) ? out->error : err;
	}
	guarding_done(&guarding);
out:
	arena_done(&arena);
}

void audit_router(const struct target *target, struct result *out)
{
	int64_t begun = clock_ms();
	struct reading reading;

	result_init(out);
	out->target = target;
	clock_rfc3339(time(NULL), out->started, sizeof(out->started));
	if (reading_open(target, out, &reading) == 0) {
		struct target resolved = *target;
		struct audit_input in = {
			.target = &resolved,
			.device = &out->device,
			.second = reading.has_second ? &reading.second : NULL,
			.observations = &out->observations,
			.exposure = &out->exposure,
			.listeners = &out->listeners,
			.after = &out->after,
			.now = (int64_t)time(NULL),
		};
		struct predict_input predict = {&out->device, &out->listeners};

		config_resolve(target, &out->device, &out->findings.arena, &resolved.policy);
		listeners_collect(&out->device, &out->listeners);
		exposure_predict(&predict, &out->exposure);
		look_from_outside(&resolved, &reading, begun + target->timeout_ms, out);
		vantages_look(&resolved, &reading, out);
		in.vantages = out->vantages;
		in.vantages_n = out->vantages_n;
		audit_run(&in, &out->findings);
		if (message_is_foreign()) {
			out->language = &language_local;
			audit_say(&in, out->language, &out->findings, &out->findings_read);
		}
		out->audited = true;
	}
	reading_close(&reading);
	out->duration_ms = clock_ms() - begun;
	log_line(LOG_LEVEL_VERBOSE, "%s: done in %lld ms", target->name,
	         (long long)out->duration_ms);
}
