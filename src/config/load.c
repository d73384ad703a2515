/* The policy file: top level, defaults, routers. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#include "rosaudit/file.h"
#include "rosaudit/limits.h"

void loader_init(struct loader *l, const char *file, const char *const *profile_dirs,
                 struct config *out, struct error_list *errors)
{
	*l = (struct loader){
		.r = {.arena = &out->arena,
	              .errors = errors,
	              .file = arena_strdup(&out->arena, file),
	              .place = "the file"},
		.profile_dirs = profile_dirs,
		.out = out,
	};
	layer_init(&l->base, &out->arena);
}

int loader_finish(struct loader *l)
{
	error_list_sort(l->r.errors, l->r.file);
	if (l->r.errors->n == 0)
		return 0;
	l->out->targets = NULL;
	l->out->targets_n = 0;
	return -1;
}

int config_read_file(const char *path, struct buf *out, struct error *err)
{
	if (file_read(path, out, err) == 0)
		return 0;
	err->kind = ERROR_CONFIG; /* a policy that cannot be read is a mistake of the call */
	return -1;
}

/* What a router is called in mistakes, before anything of it is known to be right. */
static const char *router_place(const struct reading *r, const struct node *n)
{
	const struct node *name = node_get(n, "name");

	if (!name)
		name = node_get(n, "host");
	if (!name || name->kind != NODE_SCALAR || name->n == 0 || name->n > 60 ||
	    strchr(name->text, '@'))
		return "this router";
	return arena_printf(r->arena, "router \"%s\"", name->text);
}

int source_read(struct source *s)
{
	int result;

	s->is_valid = false;
	if (!s->root)
		return 0;
	result = read_keys(&s->r, s->place, s->root, &s->layer);
	result |= layer_read_policy(&s->r, &s->layer);
	s->is_valid = result == 0;
	return result;
}

const struct layer *source_layer(const struct source *s, const struct vars *vars, int *result)
{
	struct source again = *s;
	struct layer *out;

	if (!s->root || !s->uses_vars || !vars)
		return &s->layer;
	again.r.vars = vars;
	again.layer = (struct layer){0};
	*result |= source_read(&again);
	out = arena_alloc(s->r.arena, sizeof(*out));
	*out = again.layer;
	return out;
}

/* The variables that a router of this file sees: its own are the nearest. */
static const struct vars *router_vars(struct loader *l, const struct node *router)
{
	const struct node *maps[] = {l->top.layer.vars, l->defaults.layer.vars,
	                             node_get(router, "vars")};
	struct vars *vars = arena_alloc(l->r.arena, sizeof(*vars));

	vars->maps = arena_array(l->r.arena, 3, sizeof(struct node *));
	for (size_t i = 0; i < 3; i++)
		if (maps[i] && maps[i]->kind == NODE_MAPPING)
			vars->maps[vars->n++] = maps[i];
	return vars;
}

static void read_router(struct loader *l, const struct node *n)
{
	struct reading r = l->r;
	struct layer *router;

	if (reading_is_full(&r))
		return;
	if (n->kind != NODE_MAPPING) {
		reading_fault(&r, n, NULL, "a router must be keys such as \"host: 192.168.88.1\"");
		return;
	}
	r.place = router_place(&r, n);
	r.vars = router_vars(l, n);
	router = arena_alloc(r.arena, sizeof(*router)); /* targets point to its waivers */
	read_keys(&r, PLACE_ROUTER, n, router);
	layer_read_policy(&r, router);
	target_add(l, &r, router, r.vars, n);
}

static void read_defaults(struct loader *l)
{
	const struct node *n = l->top.layer.defaults;

	if (!n || n->kind != NODE_MAPPING)
		return;
	l->defaults = (struct source){
		.r = l->r, .place = PLACE_DEFAULTS, .root = n, .uses_vars = l->uses_vars};
	l->defaults.r.place = "\"defaults\"";
	source_read(&l->defaults);
}

static bool has(const struct layer *l, enum schema_id id)
{
	return l->at[id].file != NULL;
}

/* Exactly one of routers and router, and not an empty one. */
static int check_routers(const struct loader *l, const struct node *root)
{
	const struct layer *top = &l->top.layer;

	if (has(top, KEY_ROUTERS) && has(top, KEY_ROUTER)) {
		struct node at = {.line = top->at[KEY_ROUTER].line,
		                  .column = top->at[KEY_ROUTER].column};

		return reading_fault(&l->r, &at, NULL,
		                     "the file has both \"routers\" (line %zu) and \"router\"",
		                     top->at[KEY_ROUTERS].line);
	}
	if (!has(top, KEY_ROUTERS) && !has(top, KEY_ROUTER))
		return reading_fault(&l->r, root, NULL,
		                     "the file lacks the key \"routers\" or "
		                     "\"router\"");
	if (top->routers && (top->routers->kind != NODE_LIST || top->routers->n == 0))
		return reading_fault(&l->r, top->routers, NULL,
		                     "\"routers\" in the file must have at least one router");
	if (top->router && top->router->kind != NODE_MAPPING)
		return reading_fault(
			&l->r, top->router, NULL,
			"\"router\" in the file must be keys such as \"host: 192.168.88.1\"");
	return 0;
}

/* No router, and keys that only a profile has at its top. */
static bool is_profile(const struct node *root)
{
	static const char *const policy[] = {"routers", "router", "defaults", "groups", "scan"};

	for (size_t i = 0; i < sizeof(policy) / sizeof(*policy); i++)
		if (node_get(root, policy[i]))
			return false;
	return node_get(root, "services") || node_get(root, "ports") ||
	       node_get(root, "description");
}

/* Its own mistakes are told, too: one cannot check it alone in another way. */
static void tell_profile(struct loader *l, const struct node *root)
{
	const char *slash = strrchr(l->r.file, '/');
	struct source s = {
		.r = l->r, .place = PLACE_PROFILE, .root = root, .uses_vars = l->uses_vars};

	s.r.place = "the profile";
	source_read(&s);
	reading_fault(&l->r, root,
	              arena_printf(l->r.arena, "name it in a policy file, as in profile: ./%s",
	                           slash ? slash + 1 : l->r.file),
	              "the file has no \"routers\": it looks like a profile");
}

static void read_root(struct loader *l, const struct node *root)
{
	const struct layer *top = &l->top.layer;

	if (is_profile(root)) {
		tell_profile(l, root);
		return;
	}

	l->top = (struct source){
		.r = l->r, .place = PLACE_TOP, .root = root, .uses_vars = l->uses_vars};
	source_read(&l->top);
	read_defaults(l);
	if (check_routers(l, root) != 0)
		return;
	if (top->router)
		read_router(l, top->router);
	for (size_t i = 0; top->routers && i < top->routers->n; i++)
		read_router(l, top->routers->items[i]);
	targets_share_prompts(l);
	targets_check_names(l);
	targets_settle(l);
}

int config_parse(const char *p, size_t n, const char *where, const char *const *profile_dirs,
                 struct config *out, struct error_list *errors)
{
	const struct node *root;
	struct node start = {.line = 1, .column = 1};
	struct error e = {0};
	struct loader *l = mem_alloc(sizeof(*l));

	loader_init(l, where, profile_dirs, out, errors);
	l->uses_vars = memmem(p, n, "${", 2) != NULL;
	if (yaml_read(p, n, l->r.file, l->r.arena, &root, &e) != 0)
		error_list_add(errors, &e);
	else if (!root || node_is_null(root))
		reading_fault(&l->r, &start, NULL,
		              "the file is empty; it needs the key \"routers\" or \"router\"");
	else if (root->kind != NODE_MAPPING)
		reading_fault(&l->r, root, NULL,
		              "the file must begin with keys such as \"router:\"");
	else
		read_root(l, root);

	int result = loader_finish(l);

	free(l);
	return result;
}

int config_load(const char *path, const char *const *profile_dirs, struct config *out,
                struct error_list *errors)
{
	struct error e = {0};
	struct buf text;
	int result = -1;

	buf_init(&text, LIMIT_YAML_BYTES);
	if (config_read_file(path, &text, &e) != 0)
		error_list_add(errors, &e);
	else
		result = config_parse(buf_str(&text), text.n, path, profile_dirs, out, errors);
	buf_wipe(&text); /* {literal: …} */
	return result;
}
