/* Parts of a policy: laying one over another, and making the whole for one router. */
#include <string.h>

#include "load.h"

struct expect_service *part_find(const struct policy_part *p, const char *name)
{
	for (size_t i = 0; i < p->services_n; i++)
		if (strcmp(p->services[i].name, name) == 0)
			return &p->services[i];
	return NULL;
}

struct expect_port *part_find_port(const struct policy_part *p, const struct expect_port *like)
{
	for (size_t i = 0; i < p->ports_n; i++)
		if (p->ports[i].first == like->first && p->ports[i].last == like->last &&
		    p->ports[i].udp == like->udp)
			return &p->ports[i];
	return NULL;
}

void part_add(struct arena *arena, struct policy_part *p, const struct expect_service *s)
{
	p->services = arena_grow(arena, p->services, p->services_n, p->services_n + 1,
	                         sizeof(*p->services));
	p->services[p->services_n++] = *s;
}

void part_add_port(struct arena *arena, struct policy_part *p, const struct expect_port *e)
{
	p->ports = arena_grow(arena, p->ports, p->ports_n, p->ports_n + 1, sizeof(*p->ports));
	p->ports[p->ports_n++] = *e;
}

/* Key by key: what is written in over wins. */
static void lay_keys(struct expect_service *under, const struct expect_service *over)
{
	under->origin = over->origin;
	for (size_t i = 0; i < KEY_COUNT; i++) {
		const struct schema_key *k = &schema[i];
		struct origin at;

		if (!(k->where & (PLACE_SERVICE | PLACE_EXPOSURE)))
			continue;
		memcpy(&at, (const char *)over + k->origin, sizeof(at));
		if (!at.file)
			continue;
		memcpy((char *)under + k->offset, (const char *)over + k->offset, k->size);
		memcpy((char *)under + k->origin, &at, sizeof(at));
	}
}

/* How a condition stands in one case; what is unsure is collected. */
struct deciding {
	struct arena *arena;
	const struct target *target;
	const struct device *device; /* NULL: nothing is known of the router yet */
	struct policy *out;          /* its unsure; NULL: only what needs no condition counts */
};

static bool counts(const struct deciding *d, const struct condition *c)
{
	struct policy *out = d->out;
	enum tri holds;

	if (!c)
		return true;
	if (!out)
		return false;
	holds = condition_holds(c, d->target, d->device);
	if (holds == TRI_UNKNOWN) {
		out->unsure = arena_grow(d->arena, out->unsure, out->unsure_n, out->unsure_n + 1,
		                         sizeof(*out->unsure));
		out->unsure[out->unsure_n++] = c;
	}
	return holds == TRI_YES;
}

static void lay(const struct deciding *d, struct policy_part *under, const struct policy_part *over)
{
	if (!counts(d, over->when))
		return;
	for (size_t i = 0; i < over->services_n; i++) {
		struct expect_service *s = part_find(under, over->services[i].name);

		if (!counts(d, over->services[i].when))
			continue;
		if (s)
			lay_keys(s, &over->services[i]);
		else
			part_add(d->arena, under, &over->services[i]);
	}
	for (size_t i = 0; i < over->ports_n; i++) {
		struct expect_port *p = part_find_port(under, &over->ports[i]);

		if (!counts(d, over->ports[i].say.when))
			continue;
		if (p)
			lay_keys(&p->say, &over->ports[i].say);
		else
			part_add_port(d->arena, under, &over->ports[i]);
	}
	for (size_t i = 0; i < over->exposure_n; i++) {
		struct expect_service *s = part_find_exposure(under, over->exposure[i].name);

		if (!counts(d, over->exposure[i].when))
			continue;
		if (s)
			lay_keys(s, &over->exposure[i]);
		else
			part_add_exposure(d->arena, under, &over->exposure[i]);
	}
	if (over->unlisted_at.file) {
		under->unlisted = over->unlisted;
		under->unlisted_at = over->unlisted_at;
	}
}

static void lay_all(const struct deciding *d, const struct policy_part *parts, size_t n,
                    struct policy *out)
{
	struct policy_part whole = {0};

	for (size_t i = 0; i < n; i++)
		lay(d, &whole, &parts[i]);
	out->services = whole.services;
	out->services_n = whole.services_n;
	out->ports = whole.ports;
	out->ports_n = whole.ports_n;
	out->exposure = whole.exposure;
	out->exposure_n = whole.exposure_n;
	out->unlisted = whole.unlisted;
	out->unlisted_at = whole.unlisted_at;
}

static bool has_condition(const struct policy_part *p)
{
	if (p->when)
		return true;
	for (size_t i = 0; i < p->services_n; i++)
		if (p->services[i].when)
			return true;
	for (size_t i = 0; i < p->ports_n; i++)
		if (p->ports[i].say.when)
			return true;
	for (size_t i = 0; i < p->exposure_n; i++)
		if (p->exposure[i].when)
			return true;
	return false;
}

void parts_settle(struct arena *arena, struct policy_part *parts, size_t n, struct policy *out)
{
	struct deciding d = {.arena = arena};

	lay_all(&d, parts, n, out);
	for (size_t i = 0; i < n; i++) {
		if (!has_condition(&parts[i]))
			continue;
		out->parts = parts;
		out->parts_n = n;
	}
}

void config_resolve(const struct target *t, const struct device *d, struct arena *arena,
                    struct policy *out)
{
	struct deciding deciding = {.arena = arena, .target = t, .device = d, .out = out};

	*out = t->policy;
	if (t->policy.parts_n)
		lay_all(&deciding, t->policy.parts, t->policy.parts_n, out);
}
