/* `rosaudit check`: what is written correctly and still cannot be. Conditions depend on the
 * router's version and board, so each case that they tell apart is tried. */
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "rosaudit/text.h"
#include "values.h"

/* Versions and boards that are tried, at most: more conditions than anyone writes. */
#define VERSIONS_MAX 192u
#define BOARDS_MAX   32u

struct cases {
	struct ros_version versions[VERSIONS_MAX];
	size_t versions_n;
	const char *boards[BOARDS_MAX];
	size_t boards_n;
};

struct checking {
	struct reading r;
	const struct config *config;
};

static int tell(struct checking *c, const struct origin *o, const char *hint, const char *text)
{
	struct node at = {.line = o->line, .column = o->column};

	c->r.file = o->file ? o->file : "";
	return reading_fault(&c->r, &at, hint, "%s", text);
}

#define SAY(...) arena_printf(c->r.arena, __VA_ARGS__)

static const char *say_place(const struct checking *c, const struct origin *o)
{
	return SAY("%s:%zu", o->file ? o->file : "", o->line);
}

/* --- the cases
 * ---------------------------------------------------------------------------------- */

static void add_version(struct cases *k, int major, int minor, int patch)
{
	if (k->versions_n < VERSIONS_MAX && major > 0 && minor >= 0)
		k->versions[k->versions_n++] = (struct ros_version){major, minor, patch};
}

/* The version itself, and one on either side of it. */
static void add_test(struct cases *k, const struct version_test *t)
{
	int major = t->number[0], minor = t->parts > 1 ? t->number[1] : 0;
	int patch = t->parts > 2 ? t->number[2] : 0;

	add_version(k, major, minor, patch);
	add_version(k, major, minor, patch + 1);
	if (patch)
		add_version(k, major, minor, patch - 1);
	if (minor)
		add_version(k, major, minor - 1, 9999);
	else
		add_version(k, major - 1, 9999, 9999);
	add_version(k, major, minor + 1, 0);
	add_version(k, major + 1, 0, 0);
}

static void add_condition(struct cases *k, const struct condition *c)
{
	for (size_t i = 0; c && i < c->version_n; i++)
		add_test(k, &c->version[i]);
	/* A pattern is a name that it fits. */
	for (size_t i = 0; c && i < c->board.n && k->boards_n < BOARDS_MAX; i++)
		k->boards[k->boards_n++] = c->board.v[i];
}

static void collect_cases(const struct policy *p, struct cases *k)
{
	*k = (struct cases){.boards = {""}, .boards_n = 1};
	add_version(k, 7, 0, 0);
	for (size_t i = 0; i < p->parts_n; i++) {
		const struct policy_part *part = &p->parts[i];

		add_condition(k, part->when);
		for (size_t j = 0; j < part->services_n; j++)
			add_condition(k, part->services[j].when);
		for (size_t j = 0; j < part->ports_n; j++)
			add_condition(k, part->ports[j].say.when);
		for (size_t j = 0; j < part->exposure_n; j++)
			add_condition(k, part->exposure[j].when);
	}
}

/* --- one policy
 * --------------------------------------------------------------------------------- */

static const char *vrf_of(const struct expect_service *s)
{
	return s->vrf ? s->vrf : s->vrf_set.n ? NULL : "main";
}

/* www-ssl and reverse-proxy share 443 by design. */
static bool may_share(const struct expect_service *a, const struct expect_service *b)
{
	static const char *const pair[] = {"www-ssl", "reverse-proxy"};

	for (int i = 0; i < 2; i++)
		if (strcmp(a->name, pair[i]) == 0 && strcmp(b->name, pair[1 - i]) == 0)
			return true;
	return false;
}

static void check_pair(struct checking *c, const struct expect_service *a,
                       const struct expect_service *b)
{
	const char *vrf = vrf_of(a);

	if (a->disabled != TRI_NO || b->disabled != TRI_NO || a->port <= 0 || a->port != b->port ||
	    may_share(a, b) || !vrf || !vrf_of(b) || strcmp(vrf, vrf_of(b)) != 0)
		return;
	tell(c, &b->port_at, "give one of them another port",
	     SAY("\"%s\" and \"%s\" (%s) are both required on port %d of the VRF %s", b->name,
	         a->name, say_place(c, &a->port_at), a->port, vrf));
}

static bool wants_listener(const struct expect_service *s)
{
	return s->reachable == TRI_YES || (s->reachable == TRI_NO && s->reachable_exactly);
}

static void check_covers(struct checking *c, const struct expect_service *s)
{
	for (size_t i = 0; s->address_n && i < s->covers_n; i++) {
		struct buf prefix;

		if (prefix_set_covers(s->address, s->address_n, &s->covers[i]))
			continue;
		buf_init(&prefix, 64);
		prefix_format(&s->covers[i], &prefix);
		tell(c, &s->address_at, NULL,
		     SAY("\"address\" of service \"%s\" must cover %s, which is not within its own "
		         "\"within\"",
		         s->name, buf_str(&prefix)));
		buf_done(&prefix);
	}
}

static void check_service(struct checking *c, const struct policy *p,
                          const struct expect_service *s)
{
	const struct expect_port *port = s->port > 0 ? policy_find_port(p, s->port, false) : NULL;

	if (s->disabled == TRI_YES && wants_listener(s))
		tell(c, &s->reachable_at, NULL,
		     SAY("service \"%s\" is forbidden (%s), so it cannot be %s", s->name,
		         say_place(c, &s->disabled_at),
		         s->reachable == TRI_NO ? "refused"
		         : s->reachable_exactly ? "served"
		                                : "reachable"));
	if (s->disabled == TRI_NO && port && port->say.expect == EXPECT_FORBIDDEN)
		tell(c, &s->port_at, NULL,
		     SAY("service \"%s\" is required on port %d, which \"%s\" (%s) forbids",
		         s->name, s->port, port->say.name, say_place(c, &port->say.expect_at)));
	check_covers(c, s);
}

static void check_port(struct checking *c, const struct expect_port *p)
{
	if (p->say.expect == EXPECT_FORBIDDEN && wants_listener(&p->say))
		tell(c, &p->say.reachable_at, NULL,
		     SAY("port \"%s\" is forbidden (%s), so it cannot answer", p->say.name,
		         say_place(c, &p->say.expect_at)));
}

static void check_policy(struct checking *c, const struct policy *p)
{
	for (size_t i = 0; i < p->services_n; i++) {
		check_service(c, p, &p->services[i]);
		for (size_t j = 0; j < i; j++)
			check_pair(c, &p->services[j], &p->services[i]);
	}
	for (size_t i = 0; i < p->ports_n; i++)
		check_port(c, &p->ports[i]);
}

/* --- conditions that never hold
 * ------------------------------------------------------------------ */

static bool version_fits(const struct condition *c, const struct ros_version *v)
{
	for (size_t i = 0; c && i < c->version_n; i++)
		if (!version_test_holds(&c->version[i], v))
			return false;
	return true;
}

static bool any_version(const struct condition *block, const struct condition *entry)
{
	struct cases k = {.boards_n = BOARDS_MAX};

	add_version(&k, 7, 0, 0);
	add_condition(&k, block);
	add_condition(&k, entry);
	for (size_t i = 0; i < k.versions_n; i++)
		if (version_fits(block, &k.versions[i]) && version_fits(entry, &k.versions[i]))
			return true;
	return false;
}

/* Is there a part of that place? Where variables are used, each router has a copy of its own. */
static bool has_part(const struct target *t, const struct origin *at)
{
	for (size_t i = 0; i < t->policy.parts_n; i++) {
		const struct condition *when = t->policy.parts[i].when;

		if (when && when->origin.line == at->line && when->origin.column == at->column &&
		    strcmp(when->origin.file, at->file) == 0)
			return true;
	}
	return false;
}

static bool any_router(const struct config *config, const struct condition *block,
                       const struct condition *entry)
{
	for (size_t i = 0; i < config->targets_n; i++)
		if ((!block || has_part(&config->targets[i], &block->origin)) &&
		    (!block || condition_is_for(block, &config->targets[i])) &&
		    (!entry || condition_is_for(entry, &config->targets[i])))
			return true;
	return false;
}

static const char *near_group(const struct checking *c, const struct condition *when)
{
	const char *names[64 + 1];
	size_t n = 0;

	for (size_t i = 0; i < c->config->targets_n && n < 64; i++)
		for (size_t j = 0; j < c->config->targets[i].groups_n && n < 64; j++)
			names[n++] = c->config->targets[i].groups[j];
	names[n] = NULL;
	return when->group.n == 1 ? text_nearest(when->group.v[0], names) : NULL;
}

static void check_when(struct checking *c, const struct target *t, const struct condition *block,
                       const struct condition *entry)
{
	const struct condition *when = entry ? entry : block;
	const char *near;

	if (!when)
		return;
	if (!any_version(block, entry))
		tell(c, when->version_at.file ? &when->version_at : &when->origin, NULL,
		     "this \"when\" never holds: no version meets all of its comparisons");
	/* A profile serves other files as well: there the router or group may be. */
	if (strcmp(when->origin.file, t->origin.file ? t->origin.file : "") != 0 ||
	    any_router(c->config, block, entry))
		return;
	near = near_group(c, when);
	tell(c, &when->origin, near ? SAY("did you mean \"%s\"?", near) : NULL,
	     "this \"when\" never holds: no router of this file has such a name or group");
}

static void check_whens(struct checking *c, const struct target *t)
{
	for (size_t i = 0; i < t->policy.parts_n; i++) {
		const struct policy_part *part = &t->policy.parts[i];

		check_when(c, t, part->when, NULL);
		for (size_t j = 0; j < part->services_n; j++)
			if (part->services[j].when)
				check_when(c, t, part->when, part->services[j].when);
		for (size_t j = 0; j < part->ports_n; j++)
			if (part->ports[j].say.when)
				check_when(c, t, part->when, part->ports[j].say.when);
		for (size_t j = 0; j < part->exposure_n; j++)
			if (part->exposure[j].when)
				check_when(c, t, part->when, part->exposure[j].when);
	}
}

static void check_target(struct checking *c, const struct target *t)
{
	struct cases *k = mem_alloc(sizeof(*k));
	struct device device;

	check_whens(c, t);
	collect_cases(&t->policy, k);
	for (size_t i = 0; i < k->versions_n * k->boards_n && !reading_is_full(&c->r); i++) {
		struct policy policy;

		device_init(&device);
		device.version = k->versions[i % k->versions_n];
		device.board = k->boards[i / k->versions_n];
		config_resolve(t, &device, c->r.arena, &policy);
		check_policy(c, &policy);
		device_done(&device);
		if (!t->policy.parts_n)
			break;
	}
	free(k);
}

int config_contradictions(const struct config *config, struct error_list *errors)
{
	struct arena scratch;
	struct checking c = {.config = config};
	size_t before = errors->n;

	arena_init(&scratch);
	c.r = (struct reading){.arena = &scratch, .errors = errors, .file = ""};
	for (size_t i = 0; i < config->targets_n && !reading_is_full(&c.r); i++)
		/* The routers of one `hosts:` have one policy, unless it has conditions. */
		if (i == 0 || config->targets[i].policy.parts_n ||
		    config->targets[i].policy.services != config->targets[i - 1].policy.services ||
		    config->targets[i].policy.ports != config->targets[i - 1].policy.ports)
			check_target(&c, &config->targets[i]);
	if (config->targets_n && config->targets[0].origin.file)
		error_list_sort(errors, config->targets[0].origin.file);
	arena_done(&scratch);
	return errors->n > before ? -1 : 0;
}
