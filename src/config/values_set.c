/* Readers of values of which several are right: lists, ranges, patterns. */
#include <string.h>

#include "rosaudit/text.h"
#include "values.h"

/* More than anyone lists by hand. */
#define SET_MAX 1024u

static bool to_number(const char *p, size_t n, unsigned long min, unsigned long max, int *out)
{
	unsigned long v;

	/* 022 is eighteen in YAML 1.1 and twenty-two to everybody else: refused. */
	if ((n > 1 && p[0] == '0') || !text_to_uint(p, n, min, max, &v))
		return false;
	*out = (int)v;
	return true;
}

bool value_range(const char *text, unsigned long min, unsigned long max, struct number_range *out)
{
	size_t n = strcspn(text, "-");

	if (!to_number(text, n, min, max, &out->min))
		return false;
	out->max = out->min;
	if (text[n] == '\0')
		return true;
	return to_number(text + n + 1, strlen(text + n + 1), min, max, &out->max) &&
	       out->min <= out->max;
}

/* {min: 1024, max: 65535}; what is left out is the key's own limit. */
static int read_limits(const struct reading *r, const struct schema_key *k, const struct node *n,
                       struct number_range *out)
{
	struct reading inner = *r;

	if (n->n == 0)
		return reading_wrong(r, k, n, NULL);
	inner.place = arena_printf(r->arena, "\"%s\" of %s", k->key, r->place);
	*out = (struct number_range){.min = (int)k->min, .max = (int)k->max};
	if (read_keys(&inner, PLACE_RANGE, n, out) != 0)
		return -1;
	if (out->min > out->max || out->max > (int)k->max || out->min < (int)k->min)
		return reading_fault(r, n, NULL,
		                     "\"%s\" in %s: min and max must be in order, and within %lu "
		                     "and %lu",
		                     k->key, r->place, k->min, k->max);
	return 0;
}

static int read_range(const struct reading *r, const struct schema_key *k, const struct node *n,
                      struct number_range *out)
{
	if (n->kind == NODE_MAPPING)
		return read_limits(r, k, n, out);
	if (n->kind == NODE_SCALAR && value_range(n->text, k->min, k->max, out))
		return 0;
	return reading_wrong(r, k, n, NULL);
}

/* The items of a list, or the one value; NULL, told as a mistake, for an empty or endless list. */
static const struct node *const *items(const struct reading *r, const struct schema_key *k,
                                       const struct node *const *n, size_t *count)
{
	*count = (*n)->kind == NODE_LIST ? (*n)->n : 1;
	if (*count == 0) {
		reading_wrong(r, k, *n, NULL);
		return NULL;
	}
	if (*count > SET_MAX) {
		reading_fault(r, *n, NULL, "\"%s\" in %s lists more than 1024 values", k->key,
		              r->place);
		return NULL;
	}
	return (*n)->kind == NODE_LIST ? (*n)->items : n;
}

/* The plain value first, the set last of the members that the row spans. */
static void store_both(const struct schema_key *k, void *base, const void *one, size_t one_n,
                       const void *set, size_t set_n)
{
	char *to = (char *)base + k->offset;

	memcpy(to, one, one_n);
	memcpy(to + k->size - set_n, set, set_n);
}

int value_read_numbers(const struct reading *r, const struct schema_key *k, const struct node *n,
                       void *base)
{
	struct number_set set;
	size_t count;
	const struct node *const *v = items(r, k, &n, &count);
	int result = 0, one = -1;

	if (!v)
		return -1;
	set.v = arena_array(r->arena, count, sizeof(*set.v));
	set.n = count;
	for (size_t i = 0; i < count; i++)
		result |= read_range(r, k, v[i], &set.v[i]);
	if (result != 0)
		return -1;
	if (count == 1 && set.v[0].min == set.v[0].max) {
		one = set.v[0].min;
		set = (struct number_set){0};
	}
	store_both(k, base, &one, sizeof(one), &set, sizeof(set));
	return 0;
}

static const char *read_word(const struct reading *r, const struct schema_key *k,
                             const struct node *n)
{
	const char *near;

	if (!k->choices)
		return value_text(r, k, n);
	for (size_t i = 0; n->kind == NODE_SCALAR && k->choices[i]; i++)
		if (strcmp(k->choices[i], n->text) == 0)
			return k->choices[i];
	near = n->kind == NODE_SCALAR ? text_nearest(n->text, k->choices) : NULL;
	reading_wrong(r, k, n, near ? arena_printf(r->arena, "did you mean \"%s\"?", near) : NULL);
	return NULL;
}

static int read_words(const struct reading *r, const struct schema_key *k, const struct node *n,
                      struct word_set *out)
{
	size_t count;
	const struct node *const *v = items(r, k, &n, &count);
	int result = 0;

	if (!v)
		return -1;
	out->v = arena_array(r->arena, count, sizeof(*out->v));
	out->n = count;
	for (size_t i = 0; i < count; i++) {
		out->v[i] = read_word(r, k, v[i]);
		result |= out->v[i] ? 0 : -1;
	}
	return result;
}

int value_read_words(const struct reading *r, const struct schema_key *k, const struct node *n,
                     void *base)
{
	struct word_set set = {0};
	const char *one = NULL;

	if (read_words(r, k, n, &set) != 0)
		return -1;
	if (set.n == 1 && !strpbrk(set.v[0], "*?")) {
		one = set.v[0];
		set = (struct word_set){0};
	}
	store_both(k, base, &one, sizeof(one), &set, sizeof(set));
	return 0;
}

int value_read_globs(const struct reading *r, const struct schema_key *k, const struct node *n,
                     void *base)
{
	struct word_set out = {0};

	if (read_words(r, k, n, &out) != 0)
		return -1;
	memcpy((char *)base + k->offset, &out, sizeof(out));
	return 0;
}

int value_read_names(const struct reading *r, const struct schema_key *k, const struct node *n,
                     void *base)
{
	return value_read_globs(r, k, n, base);
}
