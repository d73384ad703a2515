/* A scan from its plan to sorted observations. How the ports are probed is the technique's
 * matter. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "rosaudit/buf.h"
#include "rosaudit/clock.h"
#include "job.h"

static int by_port(const void *a, const void *b)
{
	const struct scan_port *const *x = a, *const *y = b;

	if ((*x)->router != (*y)->router)
		return (*x)->router < (*y)->router ? -1 : 1;
	/* The same port twice: what is proven needs no probe. */
	return (int)(*y)->proven - (int)(*x)->proven;
}

/* What is known without a probe. */
static void expect_nothing(const struct scan_port *p, struct observation *o)
{
	*o = (struct observation){.port = p->router, .reason = "not-probed", .rtt_us = -1};
	if (p->proven) {
		o->state = PORT_OPEN;
		o->reason = "login";
		o->serve = SERVE_SERVING;
		o->app = p->expect;
	} else if (p->here == 0) {
		o->reason = "not-mapped";
	}
}

/* One observation for each port, in order; what needs a probe goes to job->todo. */
static void lay_out(struct scan_job *job)
{
	const struct scan_host *host = job->host;
	struct observations *out = job->out;
	const struct scan_port **order = mem_alloc((host->n ? host->n : 1) * sizeof(*order));
	struct observation *o;

	out->v = arena_array(&out->arena, host->n ? host->n : 1, sizeof(*out->v));
	job->todo = mem_alloc((host->n ? host->n : 1) * sizeof(*job->todo));
	for (size_t i = 0; i < host->n; i++)
		order[i] = &host->ports[i];
	qsort(order, host->n, sizeof(*order), by_port);
	for (size_t i = 0; i < host->n; i++) {
		if (i > 0 && order[i]->router == order[i - 1]->router)
			continue;
		o = &out->v[out->n++];
		expect_nothing(order[i], o);
		if (!order[i]->proven && order[i]->here != 0)
			job->todo[job->n++] = (struct work){order[i], o};
	}
	free(order);
}

static int refuse(struct error *err, const struct address *a, const char *before, const char *after)
{
	struct buf text;

	buf_init(&text, 128);
	address_format(a, &text);
	error_set(err, ERROR_NETWORK, "%s %s %s", before, buf_str(&text), after);
	buf_done(&text);
	return -1;
}

static bool is_link_local(const struct address *a)
{
	return a->family == 6 && a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

/* Our address towards the target. A UDP socket tells it without sending anything. */
static int find_source(struct scan_job *job, struct error *err)
{
	const struct scan_plan *plan = job->plan;
	struct sockaddr_storage ss;
	socklen_t len;
	int result = 0, fd = socket(job->host->target.family == 6 ? AF_INET6 : AF_INET,
	                            SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0) /* each connect will say why */
		return 0;
	if (plan->source.family) {
		len = address_to_sockaddr(&plan->source, 0, &ss);
		if (bind(fd, (struct sockaddr *)&ss, len) && errno == EADDRNOTAVAIL) {
			result = refuse(err, &plan->source, "source address",
			                "is not one of this machine's addresses");
			goto out;
		}
	}
	len = address_to_sockaddr(&job->host->target, 9, &ss);
	if (connect(fd, (struct sockaddr *)&ss, len))
		goto out;
	len = sizeof(ss);
	if (!getsockname(fd, (struct sockaddr *)&ss, &len))
		address_from_sockaddr((struct sockaddr *)&ss, &job->out->source);
out:
	close(fd);
	return result;
}

static int check(const struct scan_plan *plan, const struct scan_host *host, struct error *err)
{
	if (host->target.family != 4 && host->target.family != 6)
		return error_set(err, ERROR_NETWORK, "there is no address to scan");
	if (is_link_local(&host->target) && host->target.scope == 0) {
		refuse(err, &host->target, "link-local address", "needs its interface");
		return error_hint(err, "write it behind a percent sign, such as fe80::1%%eth0");
	}
	if (plan->source.family && plan->source.family != host->target.family)
		return refuse(err, &plan->source, "source address",
		              "is not of the same family as the router's address");
	return 0;
}

/* What the technique never came to. */
static void mark_the_rest(struct scan_job *job)
{
	struct observation *o;

	for (size_t i = 0; job->cut && i < job->n; i++) {
		o = job->todo[i].seen;
		if (o->state == PORT_UNKNOWN && !strcmp(o->reason, "not-probed"))
			o->reason = job->cut;
	}
}

int scan_host_run(const struct scan_plan *plan, struct observations *out, struct error *err)
{
	static const struct technique *const technique = &technique_connect;
	const struct scan_host *host = plan->hosts;
	struct scan_job job = {.plan = plan, .host = host, .out = out};
	int64_t began = clock_ms();
	char started[24];
	int result = -1;

	clock_rfc3339(time(NULL), started, sizeof(started));
	out->started = arena_strdup(&out->arena, started);
	out->target = host->target;
	if (check(plan, host, err) || find_source(&job, err))
		return -1;
	if (payloads_init(&job.payloads, &host->target, err))
		goto out;
	lay_out(&job);
	result = technique->run(&job, err);
	mark_the_rest(&job);
	out->scanned = result == 0;
out:
	out->duration_ms = clock_ms() - began;
	payloads_done(&job.payloads);
	free(job.todo);
	return result;
}

/* One host after the other. */
int scan_run(const struct scan_plan *plan, const struct scan_sink *sink, struct error *err)
{
	struct scan_plan one = *plan;
	struct observations seen;
	int result = 0;

	one.hosts_n = 1;
	for (size_t i = 0; i < plan->hosts_n && result == 0; i++) {
		one.hosts = &plan->hosts[i];
		observations_init(&seen);
		result = scan_host_run(&one, &seen, err);
		for (size_t j = 0; result == 0 && j < seen.n; j++)
			sink->port(sink->context, i, &seen.v[j]);
		seen.account.source = seen.source;
		seen.account.duration_ms = seen.duration_ms;
		if (result == 0)
			sink->host(sink->context, i, &seen.account);
		observations_done(&seen);
	}
	return result;
}
