/* Reader of vantages: the places beside our own that the router is looked at from. */
#include <string.h>

#include "rosaudit/limits.h"
#include "load.h"
#include "values.h"

/* The four kinds of place, of which each vantage is one. */
static const char *const kinds[] = {"source", "interface", "scan", "ssh"};

static size_t count_kinds(const struct node *map)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		n += node_get(map, kinds[i]) != NULL;
	return n;
}

static int check_kind(const struct reading *r, const struct node *map)
{
	static const char *const of_ssh[] = {"port", "key", "host-key", "program"};
	size_t n = count_kinds(map);

	if (n != 1)
		return reading_fault(r, map, NULL,
		                     "%s needs %s of \"source\", \"interface\", \"scan\" and "
		                     "\"ssh\"",
		                     r->place, n ? "only one" : "one");
	for (size_t i = 0; i < sizeof(of_ssh) / sizeof(*of_ssh); i++)
		if (node_get(map, of_ssh[i]) && !node_get(map, "ssh"))
			return reading_fault(r, node_get(map, of_ssh[i]), NULL,
			                     "\"%s\" in %s is for \"ssh\"", of_ssh[i], r->place);
	return 0;
}

/* "user@host", each in its own form. The value is not quoted: somebody may write a password. */
static int check_ssh(const struct reading *r, const struct node *map, const struct vantage_spec *v)
{
	const char *at = v->ssh ? strrchr(v->ssh, '@') : NULL, *fault;

	if (!v->ssh)
		return 0;
	if (!at || at == v->ssh || strpbrk(v->ssh, ": \t\"'") == v->ssh)
		return reading_fault(r, node_get(map, "ssh"), NULL,
		                     "\"ssh\" in %s must be user@host", r->place);
	fault = host_fault(at + 1);
	if (!fault && !memchr(v->ssh, ':', (size_t)(at - v->ssh)))
		return 0;
	if (!fault)
		fault = "holds a \":\" before the @, where only a user's name belongs";
	return reading_fault(r, node_get(map, "ssh"), NULL, "\"ssh\" in %s: the host %s", r->place,
	                     fault);
}

static int check_name(const struct reading *r, const struct node *at, const struct vantage_spec *v,
                      size_t n)
{
	if (!v[n].name)
		return reading_fault(r, at, NULL, "%s lacks the key \"name\"", r->place);
	for (size_t i = 0; i < n; i++)
		if (v[i].name && strcmp(v[i].name, v[n].name) == 0)
			return reading_fault(r, at, NULL,
			                     "two vantages are called \"%s\"; the first on line "
			                     "%zu",
			                     v[n].name, v[i].origin.line);
	return 0;
}

/* One place; name is NULL in a list, where the keys have it. v[n] is its own. */
static int read_vantage(const struct reading *r, const struct node *map, const char *name,
                        struct vantage_spec *v, size_t n)
{
	struct reading inner = *r;
	int result;

	inner.place = name ? arena_printf(r->arena, "vantage \"%s\"", name) : "this vantage";
	if (map->kind != NODE_MAPPING)
		return reading_fault(r, map, NULL,
		                     "a vantage must be keys such as name: wan and interface: "
		                     "eth1");
	v[n] = (struct vantage_spec){.name = name, .origin = reading_origin(r, map)};
	result = read_keys(&inner, PLACE_VANTAGE, map, &v[n]);
	if (result != 0 || (vars_in_block(map) && !r->vars))
		return result;
	if (name && v[n].name != name)
		return reading_fault(r, map, NULL, "%s has a \"name\" in front of it already",
		                     inner.place);
	return check_kind(&inner, map) | check_ssh(&inner, map, &v[n]) |
	       check_name(&inner, map, v, n);
}

int value_read_vantages(const struct reading *r, const struct schema_key *k, const struct node *n,
                        void *base)
{
	/* As it stands in a target. */
	struct {
		struct vantage_spec *v;
		size_t n;
	} list = {NULL, n->n};
	int result = 0;

	if (node_is_null(n))
		list.n = 0;
	else if (n->kind != NODE_LIST && n->kind != NODE_MAPPING)
		return reading_wrong(r, k, n, NULL);
	if (list.n > LIMIT_VANTAGES)
		return reading_fault(r, n, NULL, "\"%s\" in %s: more than %u", k->key, r->place,
		                     LIMIT_VANTAGES);
	list.v = arena_array(r->arena, list.n, sizeof(*list.v));
	for (size_t i = 0; i < list.n; i++) {
		const struct node *item = n->kind == NODE_LIST ? n->items[i] : n->pairs[i].value;
		const char *name = n->kind == NODE_LIST ? NULL : read_key_text(r, n->pairs[i].key);

		if (n->kind == NODE_MAPPING && !name)
			return -1;
		result |= read_vantage(r, item, name, list.v, i);
	}
	memcpy((char *)base + k->offset, &list, sizeof(list));
	return result;
}
