/* Mappings into structs, by the schema: unknown, repeated, missing and wrong keys. */
#include "read.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "rosaudit/limits.h"
#include "rosaudit/text.h"
#include "values.h"

/* As much of a wrong value as is quoted in a sentence. */
#define QUOTED_MAX 60

/* What uses variables is read once per router: its mistakes are the same each time. */
static bool is_told(const struct error_list *l, const struct error *e)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].line == e->line && l->v[i].column == e->column &&
		    strcmp(l->v[i].where, e->where) == 0 && strcmp(l->v[i].text, e->text) == 0)
			return true;
	return false;
}

int reading_fault(const struct reading *r, const struct node *at, const char *hint, const char *fmt,
                  ...)
{
	struct error e = {0};
	char text[sizeof(e.text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	error_set_at(&e, ERROR_CONFIG, r->file, at->line, at->column, "%s", text);
	if (hint)
		error_hint(&e, "%s", hint);
	if (!is_told(r->errors, &e))
		error_list_add(r->errors, &e);
	return -1;
}

bool reading_is_full(const struct reading *r)
{
	return r->errors->n >= LIMIT_CONFIG_ERRORS;
}

/* What stands there, for "not …". Where keys were expected it may be "password:secret", without
 * the blank: not quoted. */
static void add_found(const struct reading *r, const struct schema_key *k, const struct node *at,
                      struct buf *out)
{
	bool takes_keys =
		k->type == VALUE_MAPPING || k->type == VALUE_LIST || k->type == VALUE_SCAN;

	if (at->kind == NODE_LIST)
		buf_puts(out, at->n ? "a list" : "an empty list");
	else if (at->kind == NODE_MAPPING)
		buf_puts(out, at->n ? "a mapping" : "an empty mapping");
	else if (node_is_null(at))
		buf_puts(out, "nothing");
	else if (at->n == 0)
		buf_puts(out, "\"\"");
	else if (r->secret || takes_keys)
		buf_puts(out, "this text");
	else if (at->n > QUOTED_MAX)
		buf_printf(out, "\"%.*s…\"", (int)text_cut(at->text, QUOTED_MAX), at->text);
	else
		buf_printf(out, "\"%s\"", at->text);
}

int reading_wrong(const struct reading *r, const struct schema_key *k, const struct node *at,
                  const char *hint)
{
	struct buf expected, found;

	buf_init(&expected, 512);
	buf_init(&found, 512);
	schema_expected(k, &expected);
	add_found(r, k, at, &found);
	reading_fault(r, at, hint, "\"%s\" in %s must be %s, not %s", k->key, r->place,
	              buf_str(&expected), buf_str(&found));
	buf_done(&expected);
	buf_done(&found);
	return -1;
}

struct origin reading_origin(const struct reading *r, const struct node *at)
{
	return (struct origin){.file = r->file, .line = at->line, .column = at->column};
}

const char *read_key_text(const struct reading *r, const struct node *key)
{
	if (key->kind == NODE_SCALAR && !node_is_null(key))
		return key->text;
	reading_fault(r, key, NULL, "a key in %s must be a word", r->place);
	return NULL;
}

int read_repeated(const struct reading *r, const struct node *key, const struct node *first)
{
	return reading_fault(r, key, NULL, "the key \"%s\" stands twice in %s; first on line %zu",
	                     r->secret ? "…" : key->text, r->place, first->line);
}

const struct node *node_get(const struct node *map, const char *key)
{
	if (map->kind != NODE_MAPPING)
		return NULL;
	for (size_t i = 0; i < map->n; i++)
		if (map->pairs[i].key->kind == NODE_SCALAR &&
		    strcmp(map->pairs[i].key->text, key) == 0)
			return map->pairs[i].value;
	return NULL;
}

/* All names that a place knows, aliases included; ends in NULL. */
static void names_of(enum schema_place place, const char *names[2 * KEY_COUNT + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (!(schema[i].where & place))
			continue;
		names[n++] = schema[i].key;
		if (schema[i].alias)
			names[n++] = schema[i].alias;
	}
	names[n] = NULL;
}

/* Where else a key may stand, as a hint: "\"host\" belongs in: router". */
static bool add_elsewhere(const char *key, struct buf *out)
{
	unsigned where = 0;

	for (size_t i = 0; i < KEY_COUNT; i++)
		if (strcmp(schema[i].key, key) == 0 && !(schema[i].where & PLACE_SECRET))
			where |= schema[i].where;
	if (!where)
		return false;
	buf_printf(out, "\"%s\" belongs in: ", key);
	schema_places(where, out);
	return true;
}

/* The key that was meant. One that is right elsewhere is not meant, unless a letter is all that
 * differs: "port" for "ports". */
static const char *likely_key(const char *word, const char *const *names)
{
	const char *near = text_nearest(word, names);
	struct buf ignored;

	buf_init(&ignored, 1024);
	if (near && add_elsewhere(word, &ignored) && text_distance(word, near) > 1)
		near = NULL;
	buf_done(&ignored);
	return near;
}

static void add_names(const char *const *names, struct buf *out)
{
	buf_puts(out, "keys that may stand here: ");
	for (size_t i = 0; names[i]; i++)
		buf_printf(out, "%s%s", i ? ", " : "", names[i]);
}

const char *quoted_key(const struct reading *r, const struct node *key)
{
	size_t n = strcspn(key->text, ":= \t");
	size_t cut = text_cut(key->text, n < QUOTED_MAX ? n : QUOTED_MAX);

	if (r->secret)
		return "";
	return arena_printf(r->arena, "\"%.*s%s\" ", (int)cut, key->text,
	                    key->text[cut] ? "…" : "");
}

/* What may be meant as one more number, range or prefix; safe to be quoted. */
static bool is_list_item(const struct node *n)
{
	return n->kind == NODE_SCALAR && n->n > 0 && n->n <= QUOTED_MAX &&
	       strchr("0123456789", n->text[0]) &&
	       strspn(n->text, "0123456789abcdefABCDEF.:/-") == n->n;
}

/* {port: 22,80}: to YAML the second number is a key with nothing behind it. */
static bool is_split_item(const struct node_pair *pair)
{
	return node_is_null(pair->value) && !pair->value->quoted && is_list_item(pair->key);
}

static bool takes_list(const struct schema_key *k)
{
	return k->type == VALUE_SCAN_PORTS || k->type == VALUE_NUMBERS || k->type == VALUE_ACCESS ||
	       k->type == VALUE_PREFIXES;
}

/* Is pair i the rest of a list that lacks its brackets or quotes? Told at its first item. */
static bool tell_split_list(const struct reading *r, enum schema_place place,
                            const struct node *map, size_t i)
{
	const struct schema_key *k;
	size_t first = i;
	bool quotes;
	struct buf hint;

	while (first > 0 && is_split_item(&map->pairs[first]))
		first--;
	if (first == i || !is_list_item(map->pairs[first].value))
		return false;
	k = schema_find(place, map->pairs[first].key->text);
	if (!k || !takes_list(k))
		return false;
	if (first + 1 < i)
		return true;
	quotes = k->type == VALUE_SCAN_PORTS;
	buf_init(&hint, 512);
	buf_printf(&hint, "write {%s: %s%s", k->key, quotes ? "\"" : "[",
	           map->pairs[first].value->text);
	for (; i < map->n && is_split_item(&map->pairs[i]); i++)
		buf_printf(&hint, "%s%s", quotes ? "," : ", ", map->pairs[i].key->text);
	buf_puts(&hint, quotes ? "\"}" : "]}");
	reading_fault(r, map->pairs[first + 1].key, buf_str(&hint),
	              "the \",\" ends the value of \"%s\" in %s", k->key, r->place);
	buf_done(&hint);
	return true;
}

static int unknown_key(const struct reading *r, enum schema_place place, const struct node *key)
{
	const char *names[2 * KEY_COUNT + 1];
	struct buf hint;

	if (reading_is_full(r))
		return -1;
	names_of(place, names);
	if (strcmp(key->text, "<<") == 0)
		return reading_fault(r, key, NULL,
		                     "the merge key \"<<\" is not read; write shared keys into "
		                     "\"defaults\"");

	const char *near = likely_key(key->text, names);

	const char *quoted = quoted_key(r, key);

	if (near)
		return reading_fault(r, key, NULL, "unknown key %sin %s; did you mean \"%s\"?",
		                     quoted, r->place, near);
	buf_init(&hint, 1024);
	if (strchr(key->text, ':'))
		buf_puts(&hint, "a key needs a blank behind its \":\"");
	else if (r->secret || !add_elsewhere(key->text, &hint))
		add_names(names, &hint);
	reading_fault(r, key, buf_str(&hint), "unknown key %sin %s", quoted, r->place);
	buf_done(&hint);
	return -1;
}

/* A password may hold anything; what the loader walks itself is replaced there. */
static bool takes_vars(const struct reading *r, const struct schema_key *k)
{
	return !r->secret && k->type != VALUE_SECRET && k->type != VALUE_MAPPING &&
	       k->type != VALUE_LIST && k->type != VALUE_VANTAGES;
}

static int read_pair(const struct reading *r, const struct schema_key *k,
                     const struct node_pair *pair, void *base)
{
	const struct node *value = pair->value;

	if (takes_vars(r, k) && vars_used(value)) {
		if (!r->vars)
			return 0;
		value = vars_expand(r, value);
		if (!value)
			return -1;
	}
	if (k->origin != NO_ORIGIN) {
		struct origin at = reading_origin(r, pair->value);

		memcpy((char *)base + k->origin, &at, sizeof(at));
	}
	return value_read(r, k, value, base);
}

/* A mandatory key that is nowhere in the mapping. */
static int check_required(const struct reading *r, enum schema_place place, const struct node *map,
                          const struct node *const first[KEY_COUNT])
{
	int result = 0;

	for (size_t i = 0; i < KEY_COUNT; i++)
		if ((schema[i].where & place) && schema[i].required && !first[i])
			result = reading_fault(r, map, NULL, "%s lacks the key \"%s\"", r->place,
			                       schema[i].key);
	return result;
}

int read_keys(const struct reading *r, enum schema_place place, const struct node *map, void *base)
{
	const struct node *first[KEY_COUNT] = {0};
	int result = 0;
	bool has_unknown = false;

	for (size_t i = 0; i < map->n; i++) {
		const struct node_pair *pair = &map->pairs[i];
		const char *key = read_key_text(r, pair->key);
		const struct schema_key *k = key ? schema_find(place, key) : NULL;

		if (!k) {
			if (key && !tell_split_list(r, place, map, i))
				unknown_key(r, place, pair->key);
			has_unknown = true;
		} else if (first[k - schema]) {
			result = read_repeated(r, pair->key, first[k - schema]);
		} else {
			first[k - schema] = pair->key;
			result |= read_pair(r, k, pair, base);
		}
	}
	/* The missing key is likely the unknown one. */
	return has_unknown ? -1 : result | check_required(r, place, map, first);
}

void layer_merge(struct layer *under, const struct layer *over)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		const struct schema_key *k = &schema[i];

		if (k->type == VALUE_MAPPING || k->type == VALUE_LIST || !over->at[i].file)
			continue;
		memcpy((char *)under + k->offset, (const char *)over + k->offset, k->size);
		under->at[i] = over->at[i];
	}
	if (over->at[KEY_UNLISTED].file)
		under->target.policy.unlisted_at = over->at[KEY_UNLISTED];
}

void layer_init(struct layer *l, struct arena *arena)
{
	struct error_list errors;
	struct reading r = {.arena = arena, .errors = &errors, .file = "", .place = "defaults"};

	*l = (struct layer){0};
	error_list_init(&errors);
	for (size_t i = 0; i < KEY_COUNT; i++) {
		const struct schema_key *k = &schema[i];

		if (!k->initial)
			continue;

		struct node node = {
			.kind = NODE_SCALAR, .text = k->initial, .n = strlen(k->initial)};

		value_read(&r, k, &node, l);
	}
	error_list_done(&errors);
}
