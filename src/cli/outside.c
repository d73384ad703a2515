/* The look from outside by others: a scan that was made elsewhere, or an installed nmap. Ports are
 * as seen from there; the policy's port map leads back to the router's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "nmap.h"
#include "rosaudit/clock.h"
#include "rosaudit/file.h"
#include "rosaudit/limits.h"
#include "rosaudit/scan_report.h"

/* The one host of a scan that is ours. */
struct search {
	const struct scan_host *host;
	bool mapped; /* the target has a port map */
	struct observations *out;
	bool found;
};

/* nmap writes no zone; another machine's interface would not be ours anyway. */
static bool is_ours(const struct address *ours, const struct address *theirs)
{
	struct address bare = *ours, other = *theirs;

	bare.scope = other.scope = 0;
	return address_equal(&bare, &other);
}

static bool is_planned(const struct scan_host *host, const struct observation *o)
{
	for (size_t i = 0; i < host->n; i++)
		if (host->ports[i].router == o->port &&
		    (host->ports[i].proto == L4_UDP) == (o->proto == L4_UDP))
			return true;
	return false;
}

/* What they saw of a port that we would have probed; unknown when they did not look. */
static struct observation observe(const struct scan_port *p, const struct observations *theirs)
{
	enum transport_proto proto = p->proto == L4_UDP ? L4_UDP : L4_TCP;
	const struct observation *seen =
		p->here ? observations_find_proto(theirs, p->here, proto) : NULL;
	struct observation o = {.reason = p->here ? "not-probed" : "not-mapped", .rtt_us = -1};

	if (seen)
		o = *seen;
	o.port = p->router;
	o.proto = proto;
	return o;
}

/* All ports that we would have probed, and those that they saw besides: behind a port map these may
 * be anybody's. */
static void take_ports(struct search *s)
{
	struct observations *out = s->out;
	struct observations theirs = *out;
	size_t n = 0;

	out->v = arena_array(&out->arena, s->host->n + theirs.n + 1, sizeof(*out->v));
	for (size_t i = 0; i < s->host->n; i++)
		out->v[n++] = observe(&s->host->ports[i], &theirs);
	for (size_t i = 0; !s->mapped && i < theirs.n; i++)
		if (!is_planned(s->host, &theirs.v[i]))
			out->v[n++] = theirs.v[i];
	qsort(out->v, n, sizeof(*out->v), observation_order);
	out->n = n;
}

static int take_host(void *context, const struct scan_head *head, const struct scanned_host *h,
                     struct error *err)
{
	struct search *s = context;

	(void)head;
	(void)err;
	if (s->found || !is_ours(&s->host->target, &h->address))
		return 0;
	s->found = true;
	scanned_to_observations(h, s->out);
	take_ports(s);
	return 0;
}

static int not_there(const struct search *s, const char *where, struct error *err)
{
	struct buf text;

	if (s->found)
		return 0;
	buf_init(&text, 128);
	address_format(&s->host->target, &text);
	error_set(err, ERROR_PARSE, "%s holds no scan of %s", where, buf_str(&text));
	buf_done(&text);
	return -1;
}

static int import(const struct target *t, struct search *s, struct error *err)
{
	struct buf text;
	int result;

	buf_init(&text, LIMIT_SCAN_FILE_BYTES);
	result = file_read(t->scan_import, &text, err);
	if (result == 0)
		result = scan_read(buf_str(&text), text.n, t->scan_import, take_host, s, err);
	buf_done(&text);
	return result ? -1 : not_there(s, t->scan_import, err);
}

/* Connections, as the audit's own. What speaks there is not asked: nmap's -sV takes minutes over a
 * port that stays silent, and a host that runs out of time is left out of its report altogether. */
static void ask_for(struct nmap *n, const struct scan_plan *plan, const struct scan_host *host)
{
	static const char *const words[] = {"-sT", "-Pn", "--unprivileged"};
	int64_t left_ms = plan->deadline_ms ? plan->deadline_ms - clock_ms() : 0;
	struct port_lists lists = {0};
	char text[32];

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		nmap_arg(n, words[i]);
	if (host->target.family == 6)
		nmap_arg(n, "-6");
	for (size_t i = 0; i < host->n; i++)
		if (host->ports[i].proto != L4_UDP && host->ports[i].here)
			port_set_add(&lists.tcp, host->ports[i].here);
	nmap_ports(n, &lists);
	if (plan->deadline_ms) {
		snprintf(text, sizeof(text), "%lldms", left_ms > 1000 ? (long long)left_ms : 1000);
		nmap_arg(n, "--host-timeout");
		nmap_arg(n, text);
	}
}

static int by_nmap(const struct target *t, const struct scan_plan *plan, struct search *s,
                   struct error *err)
{
	struct nmap n;
	int result = -1;

	if (t->source)
		return error_set(err, ERROR_USAGE,
		                 "nmap's connections cannot be given a source address: leave "
		                 "--scanner nmap or the source out");
	nmap_init(&n);
	ask_for(&n, plan, s->host);
	if (nmap_start(&n, &s->host->target, 1, err) == 0 &&
	    nmap_finish(&n, take_host, s, err) == 0)
		result = not_there(s, "nmap's report", err);
	nmap_done(&n);
	return result;
}

int outside_read(const struct target *t, const struct scan_plan *plan, const struct buf *text,
                 const char *where, struct observations *out, struct error *err)
{
	struct search s = {.host = plan->hosts, .mapped = t->port_map_n > 0, .out = out};

	if (scan_read(buf_str(text), text->n, where, take_host, &s, err))
		return -1;
	return not_there(&s, where, err);
}

int outside_look(const struct target *t, const struct scan_plan *plan, struct observations *out,
                 struct error *err)
{
	struct search s = {.host = plan->hosts, .mapped = t->port_map_n > 0, .out = out};

	if (t->scan_import)
		return import(t, &s, err);
	return t->scan_by_nmap ? by_nmap(t, plan, &s, err) : scan_host_run(plan, out, err);
}
