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

static void read_router(struct loader *l, const struct node *n)
{
	struct reading r = l->r;
	struct layer router = {0};

	if (reading_is_full(&r))
		return;
	if (n->kind != NODE_MAPPING) {
		reading_fault(&r, n, NULL, "a router must be keys such as \"host: 192.168.88.1\"");
		return;
	}
	r.place = router_place(&r, n);
	read_keys(&r, PLACE_ROUTER, n, &router);
	services_read(&r, &router);
	target_add(l, &r, &router, n);
}

static void read_defaults(struct loader *l)
{
	struct reading r = l->r;
	const struct node *n = l->top.defaults;

	if (!n || n->kind != NODE_MAPPING)
		return;
	r.place = "\"defaults\"";
	read_keys(&r, PLACE_DEFAULTS, n, &l->defaults);
	services_read(&r, &l->defaults);
}

static bool has(const struct layer *l, enum schema_id id)
{
	return l->at[id].file != NULL;
}

/* Exactly one of routers and router, and not an empty one. */
static int check_routers(const struct loader *l, const struct node *root)
{
	const struct layer *top = &l->top;

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

static void read_root(struct loader *l, const struct node *root)
{
	read_keys(&l->r, PLACE_TOP, root, &l->top);
	read_defaults(l);
	if (check_routers(l, root) != 0)
		return;
	if (l->top.router)
		read_router(l, l->top.router);
	for (size_t i = 0; l->top.routers && i < l->top.routers->n; i++)
		read_router(l, l->top.routers->items[i]);
	targets_check_names(l);
}

int config_parse(const char *p, size_t n, const char *where, const char *const *profile_dirs,
                 struct config *out, struct error_list *errors)
{
	const struct node *root;
	struct node start = {.line = 1, .column = 1};
	struct error e = {0};
	struct loader *l = mem_alloc(sizeof(*l));

	loader_init(l, where, profile_dirs, out, errors);
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
