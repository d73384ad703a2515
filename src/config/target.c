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

/* With a pin no CA is asked. A router's own pin is meant to stand over the others' CA. */
static int check_trust(const struct reading *r, const struct layer *own, const struct layer *l)
{
	struct node ca = node_at(&l->at[KEY_CA]);

	if (!has(l, KEY_CA) || !has(l, KEY_PIN) || l->target.rest_plain ||
	    (has(own, KEY_PIN) && !has(own, KEY_CA)))
		return 0;
	return reading_fault(
		r, &ca, "keep one of the two",
		"\"ca\" would not be asked: \"pin\" (line %zu) is the only one that is "
		"trusted",
		l->at[KEY_PIN].line);
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

/* The profiles that one place names: `profile:` or `extends:`. */
struct named {
	const char *const *names;
	size_t n;
	struct origin at;
};

/* The nearest place that names any wins. */
static struct named named_profiles(const struct reading *r, const struct layer *const layers[3],
                                   int *result)
{
	struct named out = {0};

	for (size_t i = 3; i-- > 0;) {
		const struct layer *l = layers[i];
		struct node extends = node_at(&l->at[KEY_EXTENDS]);

		if (has(l, KEY_PROFILE) && has(l, KEY_EXTENDS))
			*result = reading_fault(r, &extends, "write all of them below \"extends\"",
			                        "\"profile\" (line %zu) and \"extends\" stand side "
			                        "by side",
			                        l->at[KEY_PROFILE].line);
		if (has(l, KEY_PROFILE) && l->profile) {
			out.names = &l->profile;
			out.n = 1;
			out.at = l->at[KEY_PROFILE];
			return out;
		}
		if (l->extends.n) {
			out.names = l->extends.v;
			out.n = l->extends.n;
			out.at = l->at[KEY_EXTENDS];
			return out;
		}
	}
	return out;
}

static const char *joined_names(struct arena *arena, const struct named *named)
{
	const char *out = named->n ? named->names[0] : NULL;

	for (size_t i = 1; i < named->n; i++)
		out = arena_printf(arena, "%s + %s", out, named->names[i]);
	return out;
}

/* A profile's own variables are what it falls back on: the policy file's are nearer. */
static const struct vars *profile_vars(struct arena *arena, const struct profile_list *profiles,
                                       const struct vars *vars)
{
	struct vars *out = arena_alloc(arena, sizeof(*out));
	size_t outer = vars ? vars->n : 0;

	out->maps = arena_array(arena, profiles->n + outer, sizeof(struct node *));
	for (size_t i = 0; i < profiles->n; i++) {
		const struct node *map = profiles->v[i]->source.layer.vars;

		if (map && map->kind == NODE_MAPPING)
			out->maps[out->n++] = map;
	}
	for (size_t i = 0; i < outer; i++)
		out->maps[out->n++] = vars->maps[i];
	return out;
}

/* All that is laid over one another, the nearest last. */
struct stack {
	const struct layer **layers;
	size_t n;
};

static void add_part(struct arena *arena, struct policy_part **parts, size_t *n,
                     const struct policy_part *part)
{
	*parts = arena_grow(arena, *parts, *n, *n + 1, sizeof(**parts));
	(*parts)[(*n)++] = *part;
}

static int merge(struct loader *l, const struct stack *stack, struct layer *out)
{
	int result = 0;
	struct policy *policy = &out->target.policy;
	struct policy_part *parts = NULL;
	size_t parts_n = 0;

	*out = l->base;
	for (size_t i = 0; i < stack->n; i++) {
		const struct layer *layer = stack->layers[i];

		layer_merge(out, layer);
		names_lay(l->r.arena, layer, policy);
		add_part(l->r.arena, &parts, &parts_n, &layer->part);
		for (size_t j = 0; j < layer->blocks_n; j++)
			add_part(l->r.arena, &parts, &parts_n, &layer->blocks[j]);
		for (size_t j = 0; j < layer->waivers_n; j++) {
			policy->waivers =
				arena_grow(l->r.arena, policy->waivers, policy->waivers_n,
			                   policy->waivers_n + 1, sizeof(*policy->waivers));
			policy->waivers[policy->waivers_n++] = &layer->waivers[j];
		}
	}
	for (size_t i = 0; i < parts_n; i++)
		result |= exposure_check_names(&l->r, policy, &parts[i]);
	parts_settle(l->r.arena, parts, parts_n, policy);
	return result;
}

/* The stack of a router, its profiles named in policy->profile. 0 or -1. */
static int lay_layers(struct loader *l, const struct reading *r, const struct layer *router,
                      const struct vars *vars, struct layer *out)
{
	int result = 0;
	const struct layer *own[3] = {source_layer(&l->top, vars, &result),
	                              source_layer(&l->defaults, vars, &result), router};
	struct named named = named_profiles(r, own, &result);
	struct profile_list profiles = {0};
	struct node at = node_at(&named.at);
	struct stack stack = {0};
	const struct vars *inner;

	result |= profiles_collect(l, named.names, named.n, r, &at, &profiles);
	inner = profile_vars(l->r.arena, &profiles, vars);
	stack.layers = arena_array(l->r.arena, profiles.n + 3, sizeof(*stack.layers));
	for (size_t i = 0; i < profiles.n; i++)
		stack.layers[stack.n++] = source_layer(&profiles.v[i]->source, inner, &result);
	for (size_t i = 0; i < 3; i++)
		stack.layers[stack.n++] = own[i];
	result |= merge(l, &stack, out);
	out->target.policy.profile = joined_names(l->r.arena, &named);
	return result;
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
               const struct vars *vars, const struct node *at)
{
	struct layer merged;
	struct target *t = &merged.target;
	int result = lay_layers(l, r, router, vars, &merged);

	result |= check_host(r, &merged, at);
	result |= check_transport(r, router, &merged);
	result |= check_trust(r, router, &merged);
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

/* The neighbours of one `hosts:` and the heirs of `defaults:` have one prompt. */
static bool is_shared(const struct config *c, size_t i)
{
	const struct target *t = &c->targets[i];

	for (size_t j = 0; j < c->targets_n; j++) {
		const struct target *other = &c->targets[j];

		if (j != i && other->password.source == SECRET_PROMPT &&
		    strcmp(other->password.text, t->password.text) == 0 &&
		    strcmp(other->user, t->user) == 0)
			return true;
	}
	return false;
}

void targets_share_prompts(const struct loader *l)
{
	struct config *c = l->out;
	const char **shared;

	if (l->r.errors->n)
		return;
	shared = arena_array(l->r.arena, c->targets_n, sizeof(*shared));
	for (size_t i = 0; i < c->targets_n; i++) {
		const struct target *t = &c->targets[i];

		/* Another user has another password. */
		if (t->password.source == SECRET_PROMPT && is_shared(c, i))
			shared[i] = arena_printf(l->r.arena, "%s %s", t->password.text, t->user);
	}
	for (size_t i = 0; i < c->targets_n; i++) {
		if (c->targets[i].password.source == SECRET_PROMPT)
			c->targets[i].password.text = shared[i];
		/* It is asked for by the name of the key, whoever uses that. */
		if (c->targets[i].key_passphrase.source == SECRET_PROMPT)
			c->targets[i].key_passphrase.text = NULL;
	}
}
