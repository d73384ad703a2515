/* `vars:` and ${name}: values that are written once. Variables hold no variables. */
#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/text.h"
#include "values.h"

/* Names that are suggested from, at most. */
#define NAMES_MAX 256u
/* One value with its variables replaced. */
#define VALUE_MAX (64u << 10)

static const char name_chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

bool vars_used(const struct node *n)
{
	if (n->kind == NODE_SCALAR)
		return strstr(n->text, "${") != NULL;
	for (size_t i = 0; n->kind == NODE_LIST && i < n->n; i++)
		if (vars_used(n->items[i]))
			return true;
	return false;
}

static int unknown_variable(const struct reading *r, const struct node *at, const char *name)
{
	const char *names[NAMES_MAX + 1];
	const char *near;
	size_t n = 0;

	for (size_t i = 0; i < r->vars->n; i++)
		for (size_t j = 0; j < r->vars->maps[i]->n && n < NAMES_MAX; j++)
			if (r->vars->maps[i]->pairs[j].key->kind == NODE_SCALAR)
				names[n++] = r->vars->maps[i]->pairs[j].key->text;
	names[n] = NULL;
	near = text_nearest(name, names);
	return reading_fault(
		r, at,
		near ? NULL : "variables are written below \"vars\"; $${ stands for a plain ${",
		"unknown variable \"%.*s\" in %s%s%s%s", (int)text_cut(name, 60), name, r->place,
		near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

/* The nearest one's value; NULL, told as a mistake, when there is none. */
static const struct node *find(const struct reading *r, const struct node *at, const char *name)
{
	for (size_t i = r->vars->n; i-- > 0;) {
		const struct node *value = node_get(r->vars->maps[i], name);

		if (value)
			return value;
	}
	unknown_variable(r, at, name);
	return NULL;
}

/* The name of "${name}…" at p, and where the text goes on; NULL, told, when it is cut or wrong. */
static const char *read_name(const struct reading *r, const struct node *at, const char *p,
                             const char **end)
{
	size_t n = strspn(p + 2, name_chars);

	if (n == 0 || p[2 + n] != '}') {
		reading_fault(r, at, "letters, digits, _ and -, as in ${management}",
		              "a variable in %s is not written as ${name}", r->place);
		return NULL;
	}
	*end = p + 2 + n + 1;
	return arena_strndup(r->arena, p + 2, n);
}

/* The position is the use's: the definition may be in another file. */
static const struct node *moved(const struct reading *r, const struct node *value,
                                const struct node *at)
{
	struct node *out = arena_alloc(r->arena, sizeof(*out));

	*out = *value;
	out->line = at->line;
	out->column = at->column;
	if (out->kind != NODE_LIST)
		return out;
	out->items = arena_array(r->arena, value->n, sizeof(struct node *));
	for (size_t i = 0; i < value->n; i++)
		out->items[i] = moved(r, value->items[i], at);
	return out;
}

static int add_variable(const struct reading *r, const struct node *at, const char **p,
                        struct buf *out)
{
	const char *name = read_name(r, at, *p, p);
	const struct node *value = name ? find(r, at, name) : NULL;

	if (!value)
		return -1;
	if (value->kind != NODE_SCALAR)
		return reading_fault(r, at, "a list stands alone: address: ${name}",
		                     "the variable \"%s\" in %s is a list, in the middle of a text",
		                     name, r->place);
	buf_puts(out, value->text);
	return 0;
}

/* "a${b}c" as one text. */
static const struct node *join(const struct reading *r, const struct node *n)
{
	struct node *out = NULL;
	const char *p = n->text;
	struct buf text;

	buf_init(&text, VALUE_MAX);
	while (*p) {
		if (strncmp(p, "$${", 3) == 0) {
			buf_puts(&text, "${");
			p += 3;
		} else if (strncmp(p, "${", 2) == 0) {
			if (add_variable(r, n, &p, &text) != 0)
				goto out;
		} else {
			buf_putc(&text, *p++);
		}
	}
	out = arena_alloc(r->arena, sizeof(*out));
	*out = *n;
	out->text = arena_strdup(r->arena, buf_str(&text));
	out->n = text.n;
out:
	buf_done(&text);
	return out;
}

static const struct node *expand_scalar(const struct reading *r, const struct node *n)
{
	const char *name, *end;
	const struct node *value;

	if (strncmp(n->text, "${", 2) != 0)
		return join(r, n);
	name = read_name(r, n, n->text, &end);
	if (!name)
		return NULL;
	if (*end != '\0')
		return join(r, n);
	value = find(r, n, name);
	return value ? moved(r, value, n) : NULL;
}

/* A list inside of a list is spliced: [${networks}, 10.0.0.0/8]. */
static const struct node *expand_list(const struct reading *r, const struct node *n)
{
	struct node *out = arena_alloc(r->arena, sizeof(*out));
	bool failed = false;

	*out = *n;
	out->items = NULL;
	out->n = 0;
	for (size_t i = 0; i < n->n; i++) {
		bool spliced = n->items[i]->kind == NODE_SCALAR && vars_used(n->items[i]);
		const struct node *item =
			vars_used(n->items[i]) ? vars_expand(r, n->items[i]) : n->items[i];
		size_t add = item && spliced && item->kind == NODE_LIST ? item->n : 1;

		failed |= !item;
		if (!item)
			continue;
		out->items = arena_grow(r->arena, out->items, out->n, out->n + add,
		                        sizeof(struct node *));
		if (spliced && item->kind == NODE_LIST)
			memcpy(out->items + out->n, item->items, add * sizeof(struct node *));
		else
			out->items[out->n] = item;
		out->n += add;
	}
	return failed ? NULL : out;
}

const struct node *vars_expand(const struct reading *r, const struct node *n)
{
	if (n->kind == NODE_SCALAR)
		return vars_used(n) ? expand_scalar(r, n) : n;
	return n->kind == NODE_LIST ? expand_list(r, n) : n;
}

static int check_value(const struct reading *r, const struct node *n, bool in_list)
{
	bool is_value = n->kind == NODE_SCALAR || (n->kind == NODE_LIST && !in_list);
	int result = 0;

	if (!is_value || node_is_null(n))
		return reading_fault(r, n, NULL,
		                     "a variable in %s must be a text, a number or a "
		                     "list of them",
		                     r->place);
	if (n->kind == NODE_SCALAR && vars_used(n))
		return reading_fault(r, n, NULL, "a variable in %s must not use another one",
		                     r->place);
	for (size_t i = 0; n->kind == NODE_LIST && i < n->n; i++)
		result |= check_value(r, n->items[i], true);
	return result;
}

int vars_check(const struct reading *r, const struct node *map)
{
	struct reading inner = *r;
	int result = 0;

	if (!map || map->kind != NODE_MAPPING)
		return 0;
	inner.place = arena_printf(r->arena, "\"vars\" of %s", r->place);
	for (size_t i = 0; i < map->n; i++) {
		const char *name = read_key_text(&inner, map->pairs[i].key);

		if (!name)
			result = -1;
		else if (name[0] == '\0' || name[strspn(name, name_chars)] != '\0')
			result = reading_fault(&inner, map->pairs[i].key, NULL,
			                       "a variable in %s is named with letters, digits, _ "
			                       "and -",
			                       inner.place);
		for (size_t j = 0; name && j < i; j++)
			if (map->pairs[j].key->kind == NODE_SCALAR &&
			    strcmp(map->pairs[j].key->text, name) == 0)
				result =
					read_repeated(&inner, map->pairs[i].key, map->pairs[j].key);
		result |= check_value(&inner, map->pairs[i].value, false);
	}
	return result;
}
