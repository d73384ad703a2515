/* `rosaudit scan [options] TARGET...`: the audit's look from outside, on its own. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "rosaudit/arena.h"
#include "rosaudit/cancel.h"
#include "rosaudit/clock.h"
#include "rosaudit/limits.h"
#include "rosaudit/version.h"
#include "scan_cli.h"

/* One group of hosts while it is scanned. Hosts are shown in order, each as soon as it and those
 * before it are through. */
struct group {
	struct scan_outputs *out;
	struct scan_sum *sum;
	struct scan_host *hosts; /* for the engine */
	struct scanned_host *seen;
	bool *through;
	size_t n, shown;
	long stats_every_ms;
	int64_t stats_next_ms;
};

static void take_port(void *context, size_t host, const struct observation *o)
{
	struct group *g = context;

	scanned_add(&g->seen[host], o);
}

/* Without discovery an answer of any port shows that the host is there. */
static void judge_up(struct scanned_host *h)
{
	struct scan_account *a = &h->account;
	bool answered = scanned_count(h, L4_UNKNOWN, PORT_OPEN) ||
	                scanned_count(h, L4_UNKNOWN, PORT_CLOSED);

	if (a->up == HOST_UNKNOWN && answered)
		a->up = HOST_UP;
}

static void show(struct group *g)
{
	uint64_t *const counts[] = {&g->sum->unknown, &g->sum->up, &g->sum->down};

	for (; g->shown < g->n && g->through[g->shown]; g->shown++) {
		struct scanned_host *h = &g->seen[g->shown];

		++*counts[h->account.up];
		scan_outputs_host(g->out, h);
		scanned_done(h);
	}
}

static void take_host(void *context, size_t host, const struct scan_account *a)
{
	struct group *g = context;

	g->seen[host].account = *a;
	g->seen[host].ended = time(NULL);
	judge_up(&g->seen[host]);
	g->through[host] = true;
	show(g);
}

static void take_progress(void *context, uint64_t done, uint64_t all, int64_t elapsed_ms)
{
	struct group *g = context;

	if (elapsed_ms < g->stats_next_ms)
		return;
	g->stats_next_ms = elapsed_ms + g->stats_every_ms;
	fprintf(stderr, "rosaudit: %lld.%lld s: %llu of %llu probes are judged (%.1f %%)\n",
	        (long long)(elapsed_ms / 1000), (long long)(elapsed_ms % 1000 / 100),
	        (unsigned long long)done, (unsigned long long)all,
	        all ? 100.0 * (double)done / (double)all : 100.0);
}

/* The scan as a whole. */
struct run {
	const struct options *o;
	struct scan_targets targets;
	struct scan_head head;
	struct scan_plan plan;
	struct scan_port *ports;
	size_t ports_n;
	struct scan_outputs out;
	struct scan_sum sum;
	int dry_status; /* of --dry-run */
	bool any;       /* there was something to scan */
};

static void group_init(struct group *g, struct run *r, size_t most)
{
	*g = (struct group){
		.out = &r->out,
		.sum = &r->sum,
		.hosts = mem_alloc(most * sizeof(*g->hosts)),
		.seen = mem_alloc(most * sizeof(*g->seen)),
		.through = mem_alloc(most * sizeof(*g->through)),
		.stats_every_ms = r->o->scan.stats_every_ms,
		.stats_next_ms = r->o->scan.stats_every_ms,
	};
}

static void group_done(struct group *g)
{
	for (size_t i = g->shown; i < g->n; i++)
		scanned_done(&g->seen[i]);
	free(g->hosts);
	free(g->seen);
	free(g->through);
}

static void group_fill(struct group *g, struct run *r, size_t most)
{
	struct address a;
	const char *name;

	while (g->n < most && scan_targets_next(&r->targets, &a, &name)) {
		struct scanned_host *h = &g->seen[g->n];

		scanned_init(h);
		h->address = a;
		h->name = name;
		h->started = time(NULL);
		g->hosts[g->n++] = (struct scan_host){a, r->ports, r->ports_n};
	}
}

/* Hosts of one group. nmap makes groups of its own, and is started once. */
static size_t group_most(const struct run *r)
{
	size_t most = LIMIT_SCAN_GROUP_PROBES / (r->ports_n ? r->ports_n : 1);

	if (r->o->scanner)
		return LIMIT_SCAN_ADDRESSES;
	return most < LIMIT_SCAN_GROUP_HOSTS ? most : LIMIT_SCAN_GROUP_HOSTS;
}

static int run_group(struct run *r, struct group *g, struct error *err)
{
	struct scan_sink sink = {.context = g, .port = take_port, .host = take_host};

	r->plan.hosts = g->hosts;
	r->plan.hosts_n = g->n;
	if (r->o->scan.dry_run) {
		r->dry_status = scan_dry(&r->plan);
		return 0;
	}
	/* A mistake that leaves nothing to scan leaves no half report either. */
	if (r->out.n == 0 && scan_outputs_open(r->o, &r->head, &r->out, err))
		return -1;
	if (r->o->scan.stats_every_ms)
		sink.progress = take_progress;
	return r->o->scanner ? scan_by_nmap(r->o, &r->head, &r->plan, &sink, err)
	                     : scan_run(&r->plan, &sink, err);
}

/* One group; 1 when there was none left. */
static int scan_group(struct run *r, struct error *err)
{
	size_t most = group_most(r);
	struct group g;
	int result = 1;

	group_init(&g, r, most);
	group_fill(&g, r, most);
	if (g.n) {
		r->any = true;
		result = run_group(r, &g, err);
	}
	group_done(&g);
	return result;
}

/* As in nmap a name that does not resolve is told, and the others go on; when there are no others,
 * it is a mistake in the command. */
static int check_any(const struct run *r, struct error *err)
{
	if (r->any || cancel_requested())
		return 0;
	if (error_is_set(&r->targets.first))
		return error_set(err, ERROR_USAGE, "no target is left to be scanned");
	return error_set(err, ERROR_USAGE, "every target is excluded");
}

static int scan_all(struct run *r, struct error *err)
{
	int64_t began = clock_ms();
	int status = 0;

	while (!cancel_requested() && (status = scan_group(r, err)) == 0)
		;
	if (status == 1)
		status = check_any(r, err);
	r->sum.duration_ms = clock_ms() - began;
	r->sum.interrupted = cancel_requested();
	status = r->o->scan.dry_run ? r->dry_status : scan_outputs_end(&r->out, &r->sum);
	if (error_is_set(err))
		status = fail(err);
	return cancel_requested() ? 130 : status;
}

static int check_options(const struct options *o, struct error *err)
{
	const struct scan_options *s = &o->scan;

	if (s->connect && s->syn)
		return error_set(err, ERROR_USAGE, "-sT and -sS both scan TCP ports: choose one");
	if (s->ping_only && (s->connect || s->syn || s->udp || s->identify))
		return error_set(err, ERROR_USAGE, "-sn scans no ports: it goes with no other -s");
	if (s->ping_only && (o->ports || s->exclude_ports))
		return error_set(err, ERROR_USAGE, "-sn scans no ports: there is nothing for -p");
	if (s->ping_only && s->skip_discovery)
		return error_set(err, ERROR_USAGE, "-sn looks for hosts, -Pn does not: choose one");
	if (o->interface && if_nametoindex(o->interface) == 0)
		return error_set(err, ERROR_USAGE, "-e %s: this machine has no such interface",
		                 o->interface);
	if (s->min_rate && s->max_rate && s->min_rate > s->max_rate)
		return error_set(err, ERROR_USAGE, "--min-rate %u is above --max-rate %u",
		                 s->min_rate, s->max_rate);
	return 0;
}

/* As nmap: SYN for who may, connections for everybody else. nmap itself opens its own sockets, and
 * a dry run needs none. */
static int choose_method(struct run *r, struct error *err)
{
	const struct scan_options *s = &r->o->scan;
	bool syn = s->syn || (!s->connect && privileges_have_raw());

	if (syn && !r->o->scanner && !s->dry_run) {
		r->plan.raw = scan_raw_open(err);
		if (!r->plan.raw && s->syn) {
			err->kind = ERROR_USAGE;
			return -1;
		}
		error_clear(err);
		syn = r->plan.raw != NULL;
	}
	r->plan.method = syn ? SCAN_SYN : SCAN_CONNECT;
	r->head.tcp = syn ? "syn" : "connect";
	return 0;
}

/* A source that is not ours is a mistake in the command: told before anything is sent. */
static int check_source(const struct address *source, const char *text, struct error *err)
{
	struct sockaddr_storage ss;
	socklen_t len;
	int fd, bad;

	if (!source->family)
		return 0;
	len = address_to_sockaddr(source, 0, &ss);
	fd = socket(source->family == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return error_set_sys(err, errno, "cannot open a socket");
	bad = bind(fd, (struct sockaddr *)&ss, len) && errno == EADDRNOTAVAIL;
	close(fd);
	return bad ? error_set(err, ERROR_USAGE, "-S %s is none of this machine's addresses", text)
	           : 0;
}

static int prepare(struct run *r, struct error *err)
{
	const struct options *o = r->o;
	bool tcp = !o->scan.ping_only && (o->scan.connect || o->scan.syn || !o->scan.udp);
	struct error ignored = {0};

	r->head = (struct scan_head){
		.scanner = o->scanner ? o->scanner : "rosaudit",
		.version = o->scanner ? "(run by rosaudit " ROSAUDIT_VERSION ")" : ROSAUDIT_VERSION,
		.args = o->command_line,
		.started = time(NULL),
		.ping_only = o->scan.ping_only,
		.talked = o->scan.identify,
	};
	if (check_options(o, err))
		return -1;
	if (!o->scan.ping_only && scan_ports_make(o, tcp, &r->head, &r->ports, &r->ports_n, err))
		return -1;
	r->plan = (struct scan_plan){
		.interface = o->interface,
		.ports_only = !o->scan.identify,
		.examine = o->scan.identify,
		.discover = !o->scan.skip_discovery,
		.ping_only = o->scan.ping_only,
	};
	scan_pace_make(o, &r->plan.pace);
	if (tcp && port_set_count(&r->head.ports.tcp) && choose_method(r, err))
		return -1;
	/* Discovery asks by ICMP where it may. */
	if (!r->plan.raw && !o->scan.skip_discovery && !o->scanner)
		r->plan.raw = scan_raw_open(&ignored);
	/* nmap wants the privileges itself; they go once it has started. */
	if (!o->scanner && privileges_drop(r->plan.raw != NULL, err))
		return -1;
	if (scan_targets_open(o, &r->targets, err))
		return -1;
	r->plan.source = r->targets.source;
	return check_source(&r->plan.source, o->source, err);
}

int command_scan(const struct options *o)
{
	struct run *r = mem_alloc(sizeof(*r));
	struct error err = {0};
	int status;

	r->o = o;
	cancel_install();
	status = prepare(r, &err) ? fail(&err) : scan_all(r, &err);
	scan_targets_close(&r->targets);
	scan_raw_free(r->plan.raw);
	free(r->ports);
	free(r);
	return status;
}
