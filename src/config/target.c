/* Layers into targets: what one key alone cannot show is checked here. */
#include <string.h>

#include "load.h"
#include "rosaudit/limits.h"

/* A mistake at a value that was read before. */
static struct node node_at(const struct origin *o)
{
	return (struct node){.line = o->line, .column = o->column};
}

static bool has(const struct layer *l, enum schema_id id)
{
	return l->at[id].file != NULL;
}

static int check_host(const struct reading *r, const struct layer *l, const struct node *at)
{
	bool is_file = l->target.transport == TRANSPORT_FILE;

	if (has(l, KEY_HOST) && has(l, KEY_HOSTS)) {
		struct node n = node_at(&l->at[KEY_HOSTS]);

		return reading_fault(r, &n, NULL, "%s has both \"host\" (line %zu) and \"hosts\"",
		                     r->place, l->at[KEY_HOST].line);
	}
	if (is_file && !has(l, KEY_FILE))
		return reading_fault(r, at, NULL,
		                     "%s lacks the key \"file\": transport file reads a "
		                     "saved output",
		                     r->place);
	if (!is_file && !has(l, KEY_HOST) && !has(l, KEY_HOSTS))
		return reading_fault(r, at, NULL, "%s lacks the key \"host\"", r->place);
	return 0;
}

/* Keys that would be passed over in silence with this transport. Told only where the router itself
 * has them: in defaults they may be for others. */
static int check_transport(const struct reading *r, const struct layer *own, const struct layer *l)
{
	struct node file = node_at(&own->at[KEY_FILE]);
	struct node rest_port = node_at(&own->at[KEY_REST_PORT]);
	int result = 0;

	/* After a wrong transport nobody knows which keys suit it. */
	if (has(own, KEY_FILE) && l->target.transport != TRANSPORT_FILE && !has(own, KEY_TRANSPORT))
		result = reading_fault(r, &file, "add transport: file",
		                       "\"file\" in %s is read with transport file only", r->place);
	if (has(own, KEY_REST_PORT) && l->target.transport == TRANSPORT_REST)
		result = reading_fault(r, &rest_port, "write port instead",
		                       "\"rest-port\" in %s is for transport both", r->place);
	for (size_t i = 0; i < 2; i++) {
		enum schema_id id = i ? KEY_PIN : KEY_CA;
		struct node n = node_at(&own->at[id]);

		if (has(own, id) && has(own, KEY_SCHEME) && own->target.rest_plain)
			result = reading_fault(r, &n, NULL,
			                       "\"%s\" in %s protects nothing with scheme http",
			                       schema[id].key, r->place);
	}
	return result;
}

/* The port where we log in: the router's own number is translated, so that {22: 2222} suffices. */
static uint16_t login_port(const struct target *t, uint16_t written, uint16_t usual)
{
	uint16_t port = written ? written : usual;

	for (size_t i = 0; i < t->port_map_n; i++)
		if (t->port_map[i].router == port)
			return t->port_map[i].here;
	return written;
}

static void translate_ports(struct target *t)
{
	t->port = login_port(t, t->port, target_default_port(t));
	if (t->transport == TRANSPORT_BOTH)
		t->rest_port = login_port(t, t->rest_port, t->rest_plain ? 80 : 443);
}

/* The profile that counts, NULL for none; *result is -1 when it has mistakes. */
static const struct profile *chosen_profile(struct loader *l, const struct layer *router,
                                            int *result)
{
	const struct layer *from = has(router, KEY_PROFILE) ? router : &l->defaults;
	struct node at = node_at(&from->at[KEY_PROFILE]);
	const struct profile *p;

	if (!from->profile)
		return NULL;
	p = profile_get(l, from->profile, &at);
	if (!p)
		*result = -1;
	return p;
}

static void merge(struct loader *l, const struct profile *profile, const struct layer *router,
                  struct layer *out)
{
	const struct layer *layers[] = {profile ? &profile->layer : NULL, &l->top, &l->defaults,
	                                router};

	*out = l->base;
	for (size_t i = 0; i < sizeof(layers) / sizeof(*layers); i++) {
		if (!layers[i])
			continue;
		layer_merge(out, layers[i]);
		services_merge(l->r.arena, out, layers[i]);
	}
	out->target.policy.profile = profile ? profile->name : NULL;
	out->target.policy.services = out->services;
	out->target.policy.services_n = out->services_n;
}

static int append(struct loader *l, const struct reading *r, const struct target *t,
                  const struct origin *named_at)
{
	struct config *c = l->out;
	struct node at = node_at(named_at);

	if (c->targets_n == LIMIT_ROUTERS)
		return reading_fault(r, &at, NULL,
		                     "more than 4096 routers; audit them in several runs");
	if (c->targets_n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 8;

		c->targets = arena_grow(&c->arena, c->targets, l->cap, cap, sizeof(*c->targets));
		l->named_at = arena_grow(&c->arena, l->named_at, l->cap, cap, sizeof(*l->named_at));
		l->cap = cap;
	}
	c->targets[c->targets_n] = *t;
	l->named_at[c->targets_n] = *named_at;
	c->targets_n++;
	return 0;
}

/* One target for each of hosts, called by its address, behind the name if there is one. */
static int append_hosts(struct loader *l, const struct reading *r, const struct layer *merged)
{
	struct target t = merged->target;

	for (size_t i = 0; i < merged->hosts_n; i++) {
		t.host = merged->hosts[i];
		t.name = merged->target.name
		                 ? arena_printf(r->arena, "%s-%s", merged->target.name, t.host)
		                 : t.host;
		if (append(l, r, &t, &merged->at[KEY_HOSTS]) != 0)
			return -1;
	}
	return 0;
}

int target_add(struct loader *l, const struct reading *r, const struct layer *router,
               const struct node *at)
{
	int result = 0;
	const struct profile *profile = chosen_profile(l, router, &result);
	struct layer merged;
	struct target *t = &merged.target;

	merge(l, profile, router, &merged);
	result |= check_host(r, &merged, at);
	result |= check_transport(r, router, &merged);
	t->origin = reading_origin(r, at);
	translate_ports(t);
	if (merged.hosts_n)
		return result | append_hosts(l, r, &merged);

	enum schema_id named_by = KEY_NAME;

	if (!t->name) {
		named_by = t->host ? KEY_HOST : KEY_FILE;
		t->name = t->host ? t->host : t->file;
	}
	if (!t->name)
		return -1; /* told above, or when the value was read */
	return result | append(l, r, t, &merged.at[named_by]);
}

int targets_check_names(const struct loader *l)
{
	const struct config *c = l->out;
	int result = 0;

	for (size_t i = 1; i < c->targets_n && !reading_is_full(&l->r); i++) {
		size_t j = 0;

		while (j < i && strcmp(c->targets[i].name, c->targets[j].name) != 0)
			j++;
		if (j == i)
			continue;

		struct node at = node_at(&l->named_at[i]);

		result = reading_fault(&l->r, &at, "give each a \"name\" of its own",
		                       "two routers are called \"%s\"; the first on line %zu",
		                       c->targets[i].name, l->named_at[j].line);
	}
	return result;
}
