/* Readers of conditions: `when:` with its comparisons of versions. */
#include <string.h>

#include "rosaudit/text.h"
#include "values.h"

/* Comparisons in one value; two make a range, and nobody writes more than a few. */
#define TESTS_MAX 8

static const struct {
	const char *sign;
	enum version_relation relation;
} relations[] = {
	{">=", VERSION_LEAST}, {"<=", VERSION_MOST}, {"!=", VERSION_IS_NOT}, {"==", VERSION_IS},
	{">", VERSION_MORE},   {"<", VERSION_LESS},  {"=", VERSION_IS},      {"", VERSION_IS},
};

/* ">= 7.19": behind it, or NULL when it is none. */
static const char *read_test(const char *p, struct version_test *out)
{
	size_t i = 0;

	while (strncmp(p, relations[i].sign, strlen(relations[i].sign)) != 0)
		i++;
	out->relation = relations[i].relation;
	p += strlen(relations[i].sign);
	p += strspn(p, " ");
	for (out->parts = 0; out->parts < 3; out->parts++) {
		size_t n = strspn(p, "0123456789");
		unsigned long v;

		if (!text_to_uint(p, n, 0, 9999, &v))
			return NULL;
		out->number[out->parts] = (int)v;
		p += n;
		if (*p != '.') {
			out->parts++;
			return p;
		}
		p++;
	}
	return NULL; /* a dot too many */
}

int value_read_version(const struct reading *r, const struct schema_key *k, const struct node *n,
                       void *base)
{
	struct condition *c = base;
	const char *p = n->kind == NODE_SCALAR ? n->text : "";
	struct version_test tests[TESTS_MAX];
	size_t count = 0;

	for (p += strspn(p, " "); *p; p += strspn(p, " ,")) {
		if (count == TESTS_MAX || !(p = read_test(p, &tests[count++])) || !strchr(" ,", *p))
			return reading_wrong(r, k, n, NULL);
	}
	if (!count)
		return reading_wrong(r, k, n, NULL);
	c->version = arena_array(r->arena, count, sizeof(*c->version));
	memcpy(c->version, tests, count * sizeof(*tests));
	c->version_n = count;
	return 0;
}

int value_read_condition(const struct reading *r, const struct schema_key *k, const struct node *n,
                         void *base)
{
	struct reading inner = *r;
	struct condition *c;

	if (n->kind != NODE_MAPPING || n->n == 0)
		return reading_wrong(r, k, n, NULL);
	inner.place = arena_printf(r->arena, "\"%s\" of %s", k->key, r->place);
	c = arena_alloc(r->arena, sizeof(*c));
	c->origin = reading_origin(r, n);
	if (read_keys(&inner, PLACE_CONDITION, n, c) != 0)
		return -1;
	memcpy((char *)base + k->offset, &c, sizeof(c));
	return 0;
}
