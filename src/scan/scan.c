/* A scan from its plan to what the sink is told; and one host's into observations. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rosaudit/buf.h"
#include "rosaudit/clock.h"
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

int scan_run(const struct scan_plan *plan, const struct scan_sink *sink, struct error *err)
{
	struct engine e;
	int result;

	for (size_t i = 0; i < plan->hosts_n; i++)
		if (check(plan, &plan->hosts[i].target, err))
			return -1;
	result = engine_open(&e, plan, sink, err);
	if (result == 0)
		engine_run(&e);
	engine_done(&e);
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

static const char *copy(struct arena *arena, const char *s, size_t n)
{
	return s ? arena_strndup(arena, s, n) : NULL;
}

static void keep_port(void *context, size_t host, const struct observation *o)
{
	struct observations *out = context;
	struct observation *to = &out->v[out->n++];

	(void)host;
	*to = *o;
	to->banner = copy(&out->arena, o->banner, o->banner_n);
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
	result = scan_run(&one, &sink, err);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), observation_order);
	out->scanned = result == 0;
	out->source = out->account.source;
	out->duration_ms = clock_ms() - began;
	free(ports);
	return result;
}
