/* What is expected of the services: reading it, and laying one place over another. */
#include <string.h>
#include <strings.h>

#include "load.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/text.h"
#include "values.h"

/* Names that people type for RouterOS's. */
static const struct {
	const char *word, *name;
} other_names[] = {
	{"http", "www"},
	{"https", "www-ssl"},
	{"webfig", "www"},
	{"web", "www"},
	{"sftp", "ssh"},
	{"dns", "resolver"},
	{"bandwidth-server", "btest"},
	{"bandwidth-test", "btest"},
	{"mndp", "discover"},
	{"proxy", "web-proxy"},
};

/* More than the catalogue has. */
#define NAMES_MAX 256u

/* Every name that a service or listener of RouterOS has, once; ends in NULL. */
static void known_names(const char *names[NAMES_MAX + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < catalogue_n && n < NAMES_MAX; i++) {
		size_t j = 0;

		while (j < n && strcmp(names[j], catalogue[i].name) != 0)
			j++;
		if (j == n)
			names[n++] = catalogue[i].name;
	}
	names[n] = NULL;
}

static const char *likely_name(const char *word, const char *const *names)
{
	for (size_t i = 0; i < sizeof(other_names) / sizeof(*other_names); i++)
		if (strcasecmp(other_names[i].word, word) == 0)
			return other_names[i].name;
	return text_nearest(word, names);
}

static int unknown_service(const struct reading *r, const struct node *key)
{
	const char *names[NAMES_MAX + 1];
	const char *near;
	struct buf hint;

	if (reading_is_full(r))
		return -1;
	known_names(names);
	near = likely_name(key->text, names);
	if (near)
		return reading_fault(r, key, NULL, "unknown service %sin %s; did you mean \"%s\"?",
		                     quoted_key(r, key), r->place, near);
	buf_init(&hint, 1400);
	buf_puts(&hint, "names of RouterOS: ");
	for (size_t i = 0; names[i]; i++)
		buf_printf(&hint, "%s%s", i ? ", " : "", names[i]);
	reading_fault(r, key, buf_str(&hint), "unknown service %sin %s", quoted_key(r, key),
	              r->place);
	buf_done(&hint);
	return -1;
}

static struct expect_service *find(struct layer *l, const char *name)
{
	for (size_t i = 0; i < l->services_n; i++)
		if (strcmp(l->services[i].name, name) == 0)
			return &l->services[i];
	return NULL;
}

static void append(struct arena *arena, struct layer *l, const struct expect_service *s)
{
	l->services = arena_grow(arena, l->services, l->services_n, l->services_n + 1,
	                         sizeof(*l->services));
	l->services[l->services_n++] = *s;
}

/* Everything written of one service. `ssh:` and `ssh: {}` list it and compare nothing. */
static int read_expectations(const struct reading *r, const struct node *n,
                             struct expect_service *s)
{
	struct reading inner = *r;

	if (node_is_null(n))
		return 0;
	inner.place = arena_printf(r->arena, "service \"%s\"", s->name);
	if (n->kind == NODE_MAPPING)
		return read_keys(&inner, PLACE_SERVICE, n, s);
	return reading_fault(r, n, NULL, "%s takes keys, as in %s: {disabled: yes}", inner.place,
	                     s->name);
}

static int read_service(const struct reading *r, const struct node_pair *pair, struct layer *l)
{
	const char *name = read_key_text(r, pair->key);
	struct expect_service *before;
	struct expect_service s = {.port = -1, .max_sessions = -1};

	if (!name)
		return -1;
	if (!catalogue_find(name, L4_UNKNOWN))
		return unknown_service(r, pair->key);
	before = find(l, name);
	if (before) {
		struct node first = {.line = before->origin.line};

		return read_repeated(r, pair->key, &first);
	}
	s.name = name;
	s.origin = reading_origin(r, pair->key);

	int result = read_expectations(r, pair->value, &s);

	append(r->arena, l, &s);
	return result;
}

int services_read(const struct reading *r, struct layer *l)
{
	const struct node *n = l->services_node;
	struct reading inner = *r;
	int result = 0;

	if (!n || n->kind != NODE_MAPPING)
		return 0; /* not written, or `services:` alone */
	inner.place = arena_printf(r->arena, "\"services\" of %s", r->place);
	for (size_t i = 0; i < n->n; i++)
		result |= read_service(&inner, &n->pairs[i], l);
	return result;
}

static void merge_keys(struct expect_service *under, const struct expect_service *over)
{
	under->origin = over->origin;
	for (size_t i = 0; i < KEY_COUNT; i++) {
		const struct schema_key *k = &schema[i];
		struct origin at;

		if (!(k->where & PLACE_SERVICE))
			continue;
		memcpy(&at, (const char *)over + k->origin, sizeof(at));
		if (!at.file)
			continue;
		memcpy((char *)under + k->offset, (const char *)over + k->offset, k->size);
		memcpy((char *)under + k->origin, &at, sizeof(at));
	}
}

void services_merge(struct arena *arena, struct layer *under, const struct layer *over)
{
	for (size_t i = 0; i < over->services_n; i++) {
		struct expect_service *s = find(under, over->services[i].name);

		if (s)
			merge_keys(s, &over->services[i]);
		else
			append(arena, under, &over->services[i]);
	}
}
