/* A scan from its plan to what the sink is told; and one host's into observations. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rosaudit/buf.h"
#include "rosaudit/clock.h"
#include "discover.h"
#include "engine.h"

static int refuse_family(struct error *err, const struct address *source)
{
	struct buf text;

	buf_init(&text, 128);
	address_format(source, &text);
	error_set(err, ERROR_NETWORK,
	          "source address %s is not of the same family as the router's address",
	          buf_str(&text));
	buf_done(&text);
	return -1;
}

static int refuse_link_local(struct error *err, const struct address *a)
{
	struct buf text;

	buf_init(&text, 128);
	address_format(a, &text);
	error_set(err, ERROR_NETWORK, "link-local address %s needs its interface", buf_str(&text));
	buf_done(&text);
	return error_hint(err, "write it behind a percent sign, such as fe80::1%%eth0");
}

static bool is_link_local(const struct address *a)
{
	return a->family == 6 && a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

static int check(const struct scan_plan *plan, const struct address *target, struct error *err)
{
	struct address source;

	if (target->family != 4 && target->family != 6)
		return error_set(err, ERROR_NETWORK, "there is no address to scan");
	if (is_link_local(target) && target->scope == 0)
		return refuse_link_local(err, target);
	if (plan->source.family && plan->source.family != target->family)
		return refuse_family(err, &plan->source);
	return plan->source.family ? host_source(plan, target, &source, err) : 0;
}

/* --- TCP's and UDP's words as one --------------------------------------------------------- */

/* A host is through when both are: the engine's account comes for every host, UDP's for those that
 * have such ports. */
struct join {
	const struct scan_sink *sink;
	struct scan_account *accounts;
	unsigned char *left; /* words that each host waits for */
	struct engine *engine;
};

static bool host_has_udp(const struct scan_host *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->ports[i].proto == L4_UDP)
			return true;
	return false;
}

static void join_port(void *context, size_t host, const struct observation *o)
{
	struct join *j = context;

	j->engine->done += o->proto == L4_UDP;
	j->sink->port(j->sink->context, host, o);
}

static void add_account(struct scan_account *to, const struct scan_account *a)
{
	bool measured = !to->loss_assumed || !a->loss_assumed;

	/* The measured loss is the better one; of two measured the larger. */
	if (to->loss_assumed == a->loss_assumed ? a->loss > to->loss : to->loss_assumed)
		to->loss = a->loss;
	to->loss_assumed = !measured;
	to->sent += a->sent;
	to->answered += a->answered;
	to->missed = a->missed > to->missed ? a->missed : to->missed;
	to->limited |= a->limited;
	to->tarpit |= a->tarpit;
	to->vouched |= a->vouched; /* TCP's: UDP has no sentinel */
	to->cut = to->cut ? to->cut : a->cut;
	to->rtt_us = to->rtt_us >= 0 ? to->rtt_us : a->rtt_us;
	to->duration_ms = a->duration_ms > to->duration_ms ? a->duration_ms : to->duration_ms;
	to->source = to->source.family ? to->source : a->source;
	to->up = to->up == HOST_UNKNOWN ? a->up : to->up;
	to->up_reason = to->up_reason ? to->up_reason : a->up_reason;
}

static void join_host(void *context, size_t host, const struct scan_account *a)
{
	struct join *j = context;
	struct scan_account *to = &j->accounts[host];

	if (to->duration_ms == 0 && to->sent == 0 && !to->source.family && !to->cut)
		*to = *a;
	else
		add_account(to, a);
	if (--j->left[host] == 0)
		j->sink->host(j->sink->context, host, to);
}

static void join_progress(void *context, uint64_t done, uint64_t all, int64_t elapsed_ms)
{
	struct join *j = context;

	j->sink->progress(j->sink->context, done, all, elapsed_ms);
}

static int run_joined(const struct scan_plan *plan, const struct scan_sink *sink,
                      struct arena *arena, struct error *err)
{
	struct engine e;
	struct join j = {.sink = sink, .engine = &e};
	struct scan_sink both = {.context = &j,
	                         .port = join_port,
	                         .host = join_host,
	                         .progress = sink->progress ? join_progress : NULL};
	int result;

	j.accounts = mem_alloc((plan->hosts_n ? plan->hosts_n : 1) * sizeof(*j.accounts));
	j.left = mem_alloc(plan->hosts_n + 1);
	for (size_t i = 0; i < plan->hosts_n; i++)
		j.left[i] = host_has_udp(&plan->hosts[i]) ? 2 : 1;
	result = engine_open(&e, plan, &both, arena, err);
	if (result == 0)
		engine_run(&e);
	engine_done(&e);
	free(j.accounts);
	free(j.left);
	return result;
}

/* --- discovery ---------------------------------------------------------------------------- */

/* Hosts that are there are scanned as if they were all of the plan. */
struct sieve {
	const struct scan_sink *sink;
	const struct discovered *found;
	size_t *index; /* of a host here, in the plan */
};

static void sieve_port(void *context, size_t host, const struct observation *o)
{
	struct sieve *s = context;

	s->sink->port(s->sink->context, s->index[host], o);
}

static void sieve_host(void *context, size_t host, const struct scan_account *a)
{
	struct sieve *s = context;
	struct scan_account full = *a;

	full.up = s->found[s->index[host]].up;
	full.up_reason = s->found[s->index[host]].reason;
	if (full.rtt_us < 0)
		full.rtt_us = s->found[s->index[host]].rtt_us;
	s->sink->host(s->sink->context, s->index[host], &full);
}

static void sieve_progress(void *context, uint64_t done, uint64_t all, int64_t elapsed_ms)
{
	struct sieve *s = context;

	s->sink->progress(s->sink->context, done, all, elapsed_ms);
}

static void tell_absent(const struct scan_sink *sink, size_t host, const struct discovered *f)
{
	struct scan_account a = {
		.loss_assumed = true, .rtt_us = f->rtt_us, .up = f->up, .up_reason = f->reason};

	sink->host(sink->context, host, &a);
}

static int run_discovered(const struct scan_plan *plan, const struct scan_sink *sink,
                          struct arena *arena, struct error *err)
{
	struct discovered *found = mem_alloc((plan->hosts_n + 1) * sizeof(*found));
	struct scan_host *hosts = mem_alloc((plan->hosts_n + 1) * sizeof(*hosts));
	struct sieve s = {sink, found, mem_alloc((plan->hosts_n + 1) * sizeof(size_t))};
	struct scan_sink through = {&s, sieve_port, sieve_host,
	                            sink->progress ? sieve_progress : NULL};
	struct scan_plan rest = *plan;
	int result = discover_run(plan, found, err);

	rest.hosts = hosts;
	rest.hosts_n = 0;
	for (size_t i = 0; result == 0 && i < plan->hosts_n; i++) {
		if (plan->ping_only || found[i].up == HOST_DOWN) {
			tell_absent(sink, i, &found[i]);
			continue;
		}
		s.index[rest.hosts_n] = i;
		hosts[rest.hosts_n++] = plan->hosts[i];
	}
	if (result == 0 && rest.hosts_n > 0)
		result = run_joined(&rest, &through, arena, err);
	free(s.index);
	free(hosts);
	free(found);
	return result;
}

/* Strings of what is told live in arena. */
static int run(const struct scan_plan *plan, const struct scan_sink *sink, struct arena *arena,
               struct error *err)
{
	for (size_t i = 0; i < plan->hosts_n; i++)
		if (check(plan, &plan->hosts[i].target, err))
			return -1;
	if (plan->discover || plan->ping_only)
		return run_discovered(plan, sink, arena, err);
	return run_joined(plan, sink, arena, err);
}

int scan_run(const struct scan_plan *plan, const struct scan_sink *sink, struct error *err)
{
	struct arena arena = {0};
	int result = run(plan, sink, &arena, err);

	arena_done(&arena);
	return result;
}

/* --- one host --------------------------------------------------------------------------- */

static int by_port(const void *a, const void *b)
{
	const struct scan_port *x = a, *y = b;
	int xu = x->proto == L4_UDP, yu = y->proto == L4_UDP;

	if (xu != yu)
		return xu - yu;
	if (x->router != y->router)
		return x->router < y->router ? -1 : 1;
	/* The same port twice: what is proven needs no probe. */
	return (int)y->proven - (int)x->proven;
}

/* The ports in order, each once. Heap. */
static struct scan_port *ordered(const struct scan_host *host, size_t *n)
{
	struct scan_port *v = mem_alloc((host->n ? host->n : 1) * sizeof(*v));

	*n = 0;
	if (host->n == 0)
		return v;
	memcpy(v, host->ports, host->n * sizeof(*v));
	qsort(v, host->n, sizeof(*v), by_port);
	for (size_t i = 0; i < host->n; i++)
		if (i == 0 || v[i].router != v[i - 1].router ||
		    (v[i].proto == L4_UDP) != (v[i - 1].proto == L4_UDP))
			v[(*n)++] = v[i];
	return v;
}

static void keep_port(void *context, size_t host, const struct observation *o)
{
	struct observations *out = context;

	(void)host;
	out->v[out->n++] = *o;
}

static void keep_host(void *context, size_t host, const struct scan_account *a)
{
	struct observations *out = context;

	(void)host;
	out->account = *a;
}

int scan_host_run(const struct scan_plan *plan, struct observations *out, struct error *err)
{
	struct scan_host host = *plan->hosts;
	struct scan_plan one = *plan;
	struct scan_sink sink = {.context = out, .port = keep_port, .host = keep_host};
	int64_t began = clock_ms();
	struct scan_port *ports;
	char started[24];
	int result;

	clock_rfc3339(time(NULL), started, sizeof(started));
	out->started = arena_strdup(&out->arena, started);
	out->target = host.target;
	ports = ordered(plan->hosts, &host.n);
	host.ports = ports;
	one.hosts = &host;
	one.hosts_n = 1;
	out->v = arena_array(&out->arena, host.n ? host.n : 1, sizeof(*out->v));
	result = run(&one, &sink, &out->arena, err);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), observation_order);
	out->scanned = result == 0;
	out->source = out->account.source;
	out->duration_ms = clock_ms() - began;
	free(ports);
	return result;
}
