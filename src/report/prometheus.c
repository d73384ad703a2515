/* Prometheus's text format, for the textfile collector of its node exporter. Labels are bounded by
 * the configuration: a router's name, severities, states of ports; never a service or a text. */
#include <string.h>
#include <time.h>

#include "formats.h"
#include "rosaudit/text.h"
#include "rosaudit/version.h"
#include "tally.h"

/* One metric of every router; write appends its samples. */
struct metric {
	const char *name, *help;
	void (*write)(const struct metric *m, const struct results *all, size_t i, struct buf *out);
};

/* A label's value: escaped for people, then as the format wants it. */
static void put_value(struct buf *out, const char *text)
{
	struct buf b;

	buf_init(&b, 8u * REPORT_TEXT_BYTES);
	text_escape_str(&b, text);
	out->overflow |= b.overflow;
	for (const char *p = buf_str(&b); *p; p++) {
		if (*p == '\\' || *p == '"')
			buf_putc(out, '\\');
		buf_putc(out, *p);
	}
	buf_done(&b);
}

static void put_label(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, "%s=\"", name);
	put_value(out, value ? value : "");
	buf_putc(out, '"');
}

/* name{router="…" — the caller closes the brace. */
static void begin_sample(const char *metric, const struct results *all, size_t i, struct buf *out)
{
	struct buf name;

	buf_init(&name, REPORT_TEXT_BYTES);
	tally_router_name(all, i, &name);
	buf_printf(out, "%s{", metric);
	put_label(out, "router", buf_str(&name));
	buf_done(&name);
}

static void put_help(const char *name, const char *help, struct buf *out)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void put_sample(const struct metric *m, const struct results *all, size_t i, long long n,
                       struct buf *out)
{
	begin_sample(m->name, all, i, out);
	buf_printf(out, "} %lld\n", n);
}

/* RFC 3339 in UTC, as rosaudit writes it; -1 for none. */
static long long unix_seconds(const char *started)
{
	struct tm tm = {0};
	const char *end = strptime(started, "%Y-%m-%dT%H:%M:%S", &tm);

	return end && *end == 'Z' ? (long long)timegm(&tm) : -1;
}

static void write_info(const struct metric *m, const struct results *all, size_t i, struct buf *out)
{
	const struct result *r = &all->v[i];
	const struct {
		const char *name, *value;
	} labels[] = {
		{"host", r->target->host},
		{"transport", report_transport_name(r->target->transport)},
		{"profile", r->target->policy.profile},
		{"version", r->device.version_text},
		{"board", r->device.board},
	};

	begin_sample(m->name, all, i, out);
	for (size_t j = 0; j < sizeof(labels) / sizeof(labels[0]); j++) {
		buf_putc(out, ',');
		put_label(out, labels[j].name, labels[j].value);
	}
	buf_puts(out, "} 1\n");
}

static void write_audited(const struct metric *m, const struct results *all, size_t i,
                          struct buf *out)
{
	put_sample(m, all, i, all->v[i].audited, out);
}

static void write_status(const struct metric *m, const struct results *all, size_t i,
                         struct buf *out)
{
	put_sample(m, all, i, tally_status(all, i), out);
}

static void write_started(const struct metric *m, const struct results *all, size_t i,
                          struct buf *out)
{
	long long seconds = unix_seconds(all->v[i].started);

	if (seconds >= 0)
		put_sample(m, all, i, seconds, out);
}

static void write_duration(const struct metric *m, const struct results *all, size_t i,
                           struct buf *out)
{
	begin_sample(m->name, all, i, out);
	buf_printf(out, "} %.3f\n", (double)all->v[i].duration_ms / 1000.0);
}

/* Counts that say nothing of a router that was not audited are left out, not 0. */
static void write_findings(const struct metric *m, const struct results *all, size_t i,
                           struct buf *out)
{
	const struct result *r = &all->v[i];
	struct tally t = {0};

	tally_add(r, &t);
	for (size_t s = SEVERITIES; s-- > 0 && (r->audited || r->findings.n > 0);) {
		begin_sample(m->name, all, i, out);
		buf_printf(out, ",severity=\"%s\"} %zu\n", severity_name((enum severity)s),
		           t.severity[s]);
	}
}

static void write_pass(const struct metric *m, const struct results *all, size_t i, struct buf *out)
{
	struct tally t = {0};

	tally_add(&all->v[i], &t);
	if (all->v[i].audited)
		put_sample(m, all, i, (long long)t.pass, out);
}

static void write_undecided(const struct metric *m, const struct results *all, size_t i,
                            struct buf *out)
{
	struct tally t = {0};

	tally_add(&all->v[i], &t);
	if (all->v[i].audited)
		put_sample(m, all, i, (long long)t.undecided, out);
}

static void write_waived(const struct metric *m, const struct results *all, size_t i,
                         struct buf *out)
{
	struct tally t = {0};

	tally_add(&all->v[i], &t);
	if (all->v[i].audited)
		put_sample(m, all, i, (long long)t.waived, out);
}

static void write_ports(const struct metric *m, const struct results *all, size_t i,
                        struct buf *out)
{
	const struct observations *o = &all->v[i].observations;

	for (enum port_state state = 0; o->scanned && state < PORT_STATES; state++) {
		size_t n = 0;

		for (size_t j = 0; j < o->n; j++)
			n += o->v[j].state == state;
		begin_sample(m->name, all, i, out);
		buf_printf(out, ",state=\"%s\"} %zu\n", port_state_name(state), n);
	}
}

static const struct metric metrics[] = {
	{"rosaudit_router_info", "What the router is; always 1.", write_info},
	{"rosaudit_router_audited", "Whether the router was read and judged (1) or not (0).",
         write_audited},
	{"rosaudit_router_exit_status",
         "Exit status of this router alone: 0 compliant, 1 findings, 3 could not be judged.",
         write_status},
	{"rosaudit_router_audit_timestamp_seconds", "When the audit of the router began.",
         write_started},
	{"rosaudit_router_audit_duration_seconds", "How long the audit of the router took.",
         write_duration},
	{"rosaudit_router_findings", "Findings that are not waived, by severity.", write_findings},
	{"rosaudit_router_services_passed", "Services and ports on which all views agree.",
         write_pass},
	{"rosaudit_router_undecided", "Expectations that could not be judged.", write_undecided},
	{"rosaudit_router_waived", "Findings that a waiver accepts.", write_waived},
	{"rosaudit_router_ports", "Ports that were to be probed, by state.", write_ports},
};

static void put_run(const struct results *all, struct buf *out)
{
	long long started = unix_seconds(all->started);

	put_help("rosaudit_info", "The program that wrote this; always 1.", out);
	buf_puts(out, "rosaudit_info{version=\"" ROSAUDIT_VERSION "\"} 1\n");
	put_help("rosaudit_exit_status",
	         "Exit status of the run: 0 compliant, 1 findings, 3 not judged, 130 interrupted.",
	         out);
	buf_printf(out, "rosaudit_exit_status %d\n", results_exit_status(all));
	put_help("rosaudit_routers", "Routers of the run.", out);
	buf_printf(out, "rosaudit_routers %zu\n", all->n);
	if (started < 0)
		return;
	put_help("rosaudit_run_timestamp_seconds", "When the run began.", out);
	buf_printf(out, "rosaudit_run_timestamp_seconds %lld\n", started);
}

void report_prometheus_write(const struct results *results, const struct report_options *opt,
                             struct buf *out)
{
	(void)opt;
	put_run(results, out);
	for (size_t m = 0; m < sizeof(metrics) / sizeof(metrics[0]); m++) {
		struct buf samples;

		buf_init(&samples, out->max);
		for (size_t i = 0; i < results->n; i++)
			metrics[m].write(&metrics[m], results, i, &samples);
		if (samples.n > 0)
			put_help(metrics[m].name, metrics[m].help, out);
		buf_add(out, buf_str(&samples), samples.n);
		out->overflow |= samples.overflow;
		buf_done(&samples);
	}
}
