/* What only the whole file shows: which routers are in a group, and for whom a waiver is. */
#include <string.h>

#include "load.h"
#include "rosaudit/text.h"
#include "values.h"

static bool is_pattern(const char *word)
{
	return strpbrk(word, "*?") != NULL;
}

/* The names of all routers, ending in NULL. */
static const char **router_names(const struct loader *l)
{
	const struct config *c = l->out;
	const char **names = arena_array(l->r.arena, c->targets_n + 1, sizeof(*names));

	for (size_t i = 0; i < c->targets_n; i++)
		names[i] = c->targets[i].name;
	return names;
}

/* A router that is named, and not there: most likely misspelt. */
static int unknown_router(const struct loader *l, const struct node *at, const char *who,
                          const char *word)
{
	const char *near = is_pattern(word) ? NULL : text_nearest(word, router_names(l));

	return reading_fault(&l->r, at, NULL, "%s names \"%.*s\", which no router is called%s%s%s",
	                     who, (int)text_cut(word, 60), word, near ? "; did you mean \"" : "",
	                     near ? near : "", near ? "\"?" : "");
}

static void join(struct arena *arena, struct target *t, const char *group)
{
	for (size_t i = 0; i < t->groups_n; i++)
		if (strcmp(t->groups[i], group) == 0)
			return;
	t->groups = arena_grow(arena, t->groups, t->groups_n, t->groups_n + 1, sizeof(*t->groups));
	t->groups[t->groups_n++] = group;
}

static int add_member(const struct loader *l, const char *group, const struct node *n)
{
	struct config *c = l->out;
	bool found = false;

	if (n->kind != NODE_SCALAR || node_is_null(n) || n->n == 0)
		return reading_fault(&l->r, n, NULL,
		                     "a member of group \"%s\" must be the name of a router, or a "
		                     "pattern with * or ?",
		                     group);
	for (size_t i = 0; i < c->targets_n; i++) {
		if (!word_matches(n->text, c->targets[i].name))
			continue;
		join(l->r.arena, &c->targets[i], group);
		found = true;
	}
	return found ? 0
	             : unknown_router(l, n, arena_printf(l->r.arena, "group \"%s\"", group),
	                              n->text);
}

static int read_group(const struct loader *l, const struct node_pair *pair)
{
	struct reading r = l->r;
	const struct node *n = pair->value;
	const char *name;
	int result = 0;

	r.place = "\"groups\" of the file";
	name = read_key_text(&r, pair->key);
	if (!name)
		return -1;
	if (n->kind == NODE_MAPPING || node_is_null(n) || (n->kind == NODE_LIST && n->n == 0))
		return reading_fault(&r, n, NULL,
		                     "group \"%s\" must be a list of routers, as in %s: [r1, r2]",
		                     name, name);
	if (n->kind == NODE_SCALAR)
		return add_member(l, name, n);
	for (size_t i = 0; i < n->n; i++)
		result |= add_member(l, name, n->items[i]);
	return result;
}

static int read_groups(const struct loader *l)
{
	const struct node *groups = l->top.layer.groups;
	struct reading r = l->r;
	int result = 0;

	r.place = "\"groups\" of the file";
	for (size_t i = 0; groups && groups->kind == NODE_MAPPING && i < groups->n; i++) {
		for (size_t j = 0; j < i; j++)
			if (groups->pairs[j].key->kind == NODE_SCALAR &&
			    groups->pairs[i].key->kind == NODE_SCALAR &&
			    strcmp(groups->pairs[j].key->text, groups->pairs[i].key->text) == 0)
				result = read_repeated(&r, groups->pairs[i].key,
				                       groups->pairs[j].key);
		result |= read_group(l, &groups->pairs[i]);
	}
	return result;
}

static bool same_place(const struct origin *a, const struct origin *b)
{
	return a->line == b->line && a->column == b->column && strcmp(a->file, b->file) == 0;
}

/* Does the target have the waiver? Where variables are used, each router has a copy of its own. */
static bool has_waiver(const struct target *t, const struct waiver *w)
{
	for (size_t i = 0; i < t->policy.waivers_n; i++)
		if (same_place(&t->policy.waivers[i]->origin, &w->origin))
			return waiver_is_for(t->policy.waivers[i], t->name);
	return false;
}

static int check_waiver(const struct loader *l, struct waiver *w)
{
	struct node at = {.line = w->origin.line, .column = w->origin.column};
	size_t n = 0;

	for (size_t i = 0; i < l->out->targets_n; i++)
		n += has_waiver(&l->out->targets[i], w);
	w->is_shared = n > 1;
	/* A profile serves other files as well: there the router may be. */
	return n || !w->router || strcmp(w->origin.file, l->r.file) != 0
	               ? 0
	               : unknown_router(l, &at, "this waiver", w->router);
}

/* Neighbours of one `hosts:` share their waivers. */
static bool is_checked(const struct config *c, size_t target, size_t waiver)
{
	const struct policy *before = target ? &c->targets[target - 1].policy : NULL;

	return before && waiver < before->waivers_n &&
	       before->waivers[waiver] == c->targets[target].policy.waivers[waiver];
}

/* A target keeps only what is for it; the array may be another target's as well. */
static void pick_waivers(struct arena *arena, struct target *t)
{
	const struct waiver **kept = arena_array(arena, t->policy.waivers_n, sizeof(*kept));
	size_t n = 0;

	for (size_t i = 0; i < t->policy.waivers_n; i++)
		if (waiver_is_for(t->policy.waivers[i], t->name))
			kept[n++] = t->policy.waivers[i];
	t->policy.waivers = kept;
	t->policy.waivers_n = n;
}

int targets_settle(struct loader *l)
{
	struct config *c = l->out;
	int result = read_groups(l);

	for (size_t i = 0; i < c->targets_n; i++)
		for (size_t j = 0; j < c->targets[i].policy.waivers_n; j++)
			/* Each belongs to a layer of this loader. */
			if (!is_checked(c, i, j))
				result |= check_waiver(l, (struct waiver *)(uintptr_t)c->targets[i]
				                                  .policy.waivers[j]);
	for (size_t i = 0; i < c->targets_n; i++)
		if (c->targets[i].policy.waivers_n)
			pick_waivers(l->r.arena, &c->targets[i]);
	return result;
}
