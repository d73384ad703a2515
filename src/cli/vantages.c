/* The looks from the policy's other vantages: own addresses and interfaces, scans that were made
 * elsewhere, scans that are made there over SSH. One after the other: the router's firewall may
 * count all of them together. */
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

#include "cli.h"
#include "guarding.h"
#include "rosaudit/clock.h"
#include "rosaudit/limits.h"
#include "rosaudit/log.h"
#include "rosaudit/transport.h"

/* One vantage on its way. */
struct look {
	const struct target *base; /* of the policy, resolved */
	struct target target;      /* the same as seen from there */
	const struct vantage_spec *spec;
	const struct reading *reading;
	struct result *result;
	struct vantage *out;
	struct scan_host host;
	struct scan_plan plan;
	struct scan_port *ports;
	struct arena arena;
};

static bool is_own(const struct vantage_spec *s)
{
	return s->source || s->interface;
}

/* Where the first view found the router; family 0 = it did not. */
static struct address first_address(const struct look *l)
{
	return l->reading->session ? l->reading->session->remote : l->result->observations.target;
}

/* The interface's first address of that family that is more than link-local. */
static int interface_address(const char *name, int family, struct address *out, struct error *err)
{
	struct ifaddrs *all = NULL;
	struct address found = {0}, any = {0};

	if (if_nametoindex(name) == 0)
		return error_set(err, ERROR_NETWORK, "this machine has no interface %s", name);
	if (getifaddrs(&all))
		return error_set(err, ERROR_SYSTEM, "this machine does not tell its addresses");
	for (const struct ifaddrs *i = all; i && !found.family; i = i->ifa_next) {
		if (!i->ifa_addr || strcmp(i->ifa_name, name) != 0 ||
		    !address_from_sockaddr(i->ifa_addr, &any) || any.family != family)
			continue;
		if (family == 4 || !(any.bytes[0] == 0xfe && (any.bytes[1] & 0xc0) == 0x80))
			found = any;
	}
	freeifaddrs(all);
	if (!found.family)
		return error_set(err, ERROR_NETWORK, "interface %s has no IPv%d address", name,
		                 family);
	*out = found;
	return 0;
}

/* The router's address as seen from there. */
static int find_router(struct look *l, struct error *err)
{
	struct address first = first_address(l);
	const struct address *source = l->plan.source.family ? &l->plan.source : NULL;
	size_t n = 0;

	if (!l->spec->host && first.family && (!source || source->family == first.family)) {
		l->host.target = first;
		return 0;
	}
	if (!l->target.host)
		return error_set(err, ERROR_CONFIG,
		                 "it is not known where the router is: give the vantage a host");
	return endpoint_resolve(l->target.host, source, &l->host.target, 1, &n, err);
}

/* Who we are from there, and to whom. */
static int find_ends(struct look *l, struct error *err)
{
	const char *source = l->spec->source;

	if (source && !address_parse(source, strlen(source), &l->plan.source))
		return error_set(err, ERROR_CONFIG, "the source address %s is not an address",
		                 source);
	if (find_router(l, err))
		return -1;
	if (!l->spec->interface)
		return 0;
	l->plan.interface = l->spec->interface;
	return interface_address(l->spec->interface, l->host.target.family, &l->plan.source, err);
}

/* --- under which address the router sees it ------------------------------------------------ */

static bool is_private(const struct address *a, struct arena *arena)
{
	struct addrset set = addrset_private(a->family, arena);

	return addrset_contains(&set, address_number(a));
}

/* Does the router see our login under another address than ours? */
static bool has_nat(const struct look *l)
{
	const struct device *d = &l->result->device;
	const struct address *own =
		l->reading->session ? &l->reading->session->local : &l->result->observations.source;

	return d->seen_as_known && own->family == d->seen_as.family &&
	       !address_equal(own, &d->seen_as);
}

/* Of an own address: it is seen as it is, unless our login is not. Of another machine's: a private
 * address does not reach a public one without a NAT. */
static void find_from(struct look *l, const struct address *source)
{
	const char *from = l->spec->from;
	struct vantage *v = l->out;

	v->from_known = false;
	v->from = (struct address){0};
	if (from) {
		v->from_known = address_parse(from, strlen(from), &v->from);
		return;
	}
	if (!source->family)
		return;
	if (is_own(l->spec)
	            ? has_nat(l)
	            : is_private(source, &l->arena) && !is_private(&l->host.target, &l->arena))
		return;
	v->from_known = true;
	v->from = *source;
}

/* --- the looks ---------------------------------------------------------------------------- */

/* Is our address from there in a list that shuts out, since that look? */
static bool was_listed(const struct look *l, const struct guarding *g)
{
	const char *const only[] = {guarding_lists(g), NULL};
	struct device *d = &l->result->device, after;
	struct error err = {0};
	bool listed;

	if (!l->reading->session || !guarding_wants_lists(g, &l->out->observations))
		return false;
	device_init(&after);
	after.version = d->version;
	/* What could not be read is told by guarding_end. */
	reading_again(&l->target, l->reading, only, &after, &err);
	listed = guarding_end(d, &after, g);
	device_done(&after);
	return listed;
}

static int look_ourselves(struct look *l, struct error *err)
{
	struct guarding guarding = {.from = &l->out->from};
	struct device *d = &l->result->device;
	int result;

	if (l->host.n == 0)
		return error_set(err, ERROR_CONFIG,
		                 "nothing is probed from here: scan: {ports: none}");
	find_from(l, &l->plan.source);
	result = guarding_begin(&l->target, d, l->ports, l->host.n, &l->plan, &guarding, err);
	if (result == 0)
		result = outside_look(&l->target, &l->plan, &l->out->observations, err);
	if (result == 0)
		result = guarding_judge(was_listed(l, &guarding), &l->out->observations, err);
	guarding_done(&guarding);
	return result;
}

static int look_elsewhere(struct look *l, struct error *err)
{
	struct observations *seen = &l->out->observations;
	struct buf text;
	int result;

	if (l->spec->scan) {
		result = outside_look(&l->target, &l->plan, seen, err);
	} else if (l->host.n == 0) {
		result = error_set(err, ERROR_CONFIG,
		                   "nothing is probed from there: scan: {ports: none}");
	} else {
		buf_init(&text, LIMIT_ANSWER_BYTES);
		result = vantage_ssh(l->base, l->spec, &l->plan, &text, err) ||
		         outside_read(&l->target, &l->plan, &text, l->spec->ssh, seen, err);
		buf_done(&text);
	}
	if (result == 0)
		find_from(l, &seen->source);
	return result ? -1 : 0;
}

static int look(struct look *l, struct error *err)
{
	const struct reading no_proof = {0};

	if (find_ends(l, err))
		return -1;
	/* The login proves no port for another address than ours. */
	plan_make(&l->target, &l->result->device, &l->result->listeners, &no_proof, &l->arena,
	          &l->host, &l->ports);
	l->plan.hosts = &l->host;
	l->plan.hosts_n = 1;
	l->plan.deadline_ms = clock_ms() + l->base->timeout_ms;
	return is_own(l->spec) ? look_ourselves(l, err) : look_elsewhere(l, err);
}

/* The target as one would write it there. */
static struct target target_from(const struct target *t, const struct vantage_spec *s)
{
	struct target out = *t;

	out.source = NULL;
	out.scan_import = s->scan;
	out.scan_by_nmap = false;
	if (s->host)
		out.host = s->host;
	if (s->port_map_n) {
		out.port_map = s->port_map;
		out.port_map_n = s->port_map_n;
	}
	return out;
}

void vantages_look(const struct target *t, const struct reading *reading, struct result *out)
{
	if (t->vantages_n == 0)
		return;
	out->vantages = mem_alloc(t->vantages_n * sizeof(*out->vantages));
	for (size_t i = 0; i < t->vantages_n; i++) {
		struct vantage *v = &out->vantages[out->vantages_n++];
		struct look l = {.base = t,
		                 .target = target_from(t, &t->vantages[i]),
		                 .spec = &t->vantages[i],
		                 .reading = reading,
		                 .result = out,
		                 .out = v};

		vantage_init(v, l.spec);
		arena_init(&l.arena);
		if (look(&l, &v->error)) {
			error_wrap(&v->error, "vantage %s", l.spec->name);
			if (!error_is_set(&out->error))
				out->error = v->error;
		}
		arena_done(&l.arena);
		log_line(LOG_LEVEL_VERBOSE, "%s: looked from vantage %s", t->name, l.spec->name);
	}
}
