/* Who may reach what: reading `exposure:` and `prefixes:`, and looking up the names. */
#include <string.h>

#include "load.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/text.h"
#include "values.h"

/* Names that are suggested from, at most. */
#define NAMES_MAX 256u

static struct expect_service *find_entry(const struct policy_part *part, const char *name)
{
	for (size_t i = 0; i < part->exposure_n; i++)
		if (strcmp(part->exposure[i].name, name) == 0)
			return &part->exposure[i];
	return NULL;
}

struct expect_service *part_find_exposure(const struct policy_part *p, const char *name)
{
	return find_entry(p, name);
}

void part_add_exposure(struct arena *arena, struct policy_part *p, const struct expect_service *s)
{
	p->exposure = arena_grow(arena, p->exposure, p->exposure_n, p->exposure_n + 1,
	                         sizeof(*p->exposure));
	p->exposure[p->exposure_n++] = *s;
}

/* `winbox: lan` is a near guess. */
static int wrong_entry(const struct reading *r, const struct node *n)
{
	const char *hint = NULL;

	if (n->kind == NODE_SCALAR && value_is_source_name(n->text))
		hint = arena_printf(r->arena, "write {from: %s} or {not-from: %s}", n->text,
		                    n->text);
	else if (n->kind == NODE_LIST)
		hint = "write {from: [...]} or {not-from: [...]}";
	return reading_fault(r, n, hint, "%s must be keys as in {from: lan}", r->place);
}

static int read_entry(const struct reading *r, const struct node_pair *pair,
                      struct policy_part *part)
{
	const char *name = read_key_text(r, pair->key);
	struct expect_service s = {.port = -1, .max_sessions = -1};
	const struct expect_service *before;
	struct reading inner = *r;
	int result;

	if (!name)
		return -1;
	if (strcmp(name, "*") != 0 && !catalogue_find(name, L4_UNKNOWN))
		return service_unknown(r, pair->key);
	before = find_entry(part, name);
	if (before) {
		struct node first = {.line = before->origin.line};

		return read_repeated(r, pair->key, &first);
	}
	s.name = name;
	s.origin = reading_origin(r, pair->key);
	inner.place = arena_printf(r->arena, "exposure of \"%s\"", name);
	if (pair->value->kind != NODE_MAPPING)
		return wrong_entry(&inner, pair->value);
	result = read_keys(&inner, PLACE_EXPOSURE, pair->value, &s);
	if (result == 0 && !s.from_at.file && !s.not_from_at.file &&
	    !(vars_in_block(pair->value) && !r->vars))
		result = reading_fault(&inner, pair->key, NULL,
		                       "%s lacks the key \"from\" or \"not-from\"", inner.place);
	part_add_exposure(r->arena, part, &s);
	return result;
}

int exposure_read(const struct reading *r, const struct node *n, struct policy_part *part)
{
	struct reading inner = *r;
	int result = 0;

	if (!n || n->kind != NODE_MAPPING)
		return 0;
	inner.place = arena_printf(r->arena, "\"exposure\" of %s", r->place);
	for (size_t i = 0; i < n->n; i++)
		result |= read_entry(&inner, &n->pairs[i], part);
	return result;
}

static int read_name(const struct reading *r, const struct node_pair *pair, struct layer *l)
{
	const struct schema_key k = {.key = pair->key->text, .type = VALUE_PREFIXES};
	const struct node *value = pair->value;
	struct named_prefixes p = {.name = read_key_text(r, pair->key)};

	if (!p.name)
		return -1;
	if (!value_is_source_name(p.name))
		return reading_fault(r, pair->key, NULL,
		                     "a name in %s is a letter, then letters, digits, _ and -",
		                     r->place);
	if (policy_is_set_name(p.name))
		return reading_fault(r, pair->key, "take another name",
		                     "\"%s\" in %s has a meaning of its own", p.name, r->place);
	for (size_t i = 0; i < l->names_n; i++) {
		struct node first = {.line = l->names[i].origin.line};

		if (strcmp(l->names[i].name, p.name) == 0)
			return read_repeated(r, pair->key, &first);
	}
	p.origin = reading_origin(r, pair->key);
	if (vars_used(value) && r->vars)
		value = vars_expand(r, value);
	if (!value)
		return -1;
	if (value->kind == NODE_LIST && value->n == 0)
		return reading_wrong(r, &k, value, NULL);
	if (!vars_used(value) && value_prefix_list(r, &k, value, &p.v, &p.n) != 0)
		return -1;
	l->names = arena_grow(r->arena, l->names, l->names_n, l->names_n + 1, sizeof(*l->names));
	l->names[l->names_n++] = p;
	return 0;
}

int prefixes_read(const struct reading *r, const struct node *n, struct layer *l)
{
	struct reading inner = *r;
	int result = 0;

	if (!n || n->kind != NODE_MAPPING)
		return 0;
	inner.place = arena_printf(r->arena, "\"prefixes\" of %s", r->place);
	for (size_t i = 0; i < n->n; i++)
		result |= read_name(&inner, &n->pairs[i], l);
	return result;
}

void names_lay(struct arena *arena, const struct layer *l, struct policy *out)
{
	out->names = arena_grow(arena, out->names, out->names_n, out->names_n + l->names_n,
	                        sizeof(*out->names));
	for (size_t i = 0; i < l->names_n; i++)
		out->names[out->names_n++] = l->names[i];
}

static int unknown_name(const struct reading *r, const struct policy *p, const char *name,
                        const struct expect_service *s, const struct origin *at)
{
	const char *names[NAMES_MAX + 4] = {"lan", "internet", "rfc1918"};
	struct node place = {.line = at->line, .column = at->column};
	struct reading inner = *r;
	const char *near;
	size_t n = 3;

	for (size_t i = 0; i < p->names_n && n < NAMES_MAX; i++)
		names[n++] = p->names[i].name;
	near = text_nearest(name, names);
	inner.file = at->file;
	return reading_fault(
		&inner, &place,
		near ? NULL
		     : "names are written below \"prefixes\"; lan, internet and rfc1918 are "
		       "there",
		"unknown name \"%.*s\" in exposure of \"%s\"%s%s%s", (int)text_cut(name, 60), name,
		s->name, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static int check_set(const struct reading *r, const struct policy *p,
                     const struct expect_service *s, const struct source_set *set,
                     const struct origin *at)
{
	int result = 0;

	for (size_t i = 0; i < set->names_n; i++)
		if (!policy_is_set_name(set->names[i]) && !policy_find_prefixes(p, set->names[i]))
			result = unknown_name(r, p, set->names[i], s, at);
	return result;
}

int exposure_check_names(const struct reading *r, const struct policy *p,
                         const struct policy_part *part)
{
	int result = 0;

	for (size_t i = 0; i < part->exposure_n; i++) {
		const struct expect_service *s = &part->exposure[i];

		result |= check_set(r, p, s, &s->from, &s->from_at);
		result |= check_set(r, p, s, &s->not_from, &s->not_from_at);
	}
	return result;
}
