/*
 * `:put [/x get …]`: ".id=*1;action=accept;chain=input;comment=…;disabled=false", one line to a
 * record, without quotes. A list's parts are separated by the same semicolon, and a comment may
 * hold anything, "; disabled=true" too. The console sorts the keys of an array, so a key inside of
 * a comment shows itself by being out of order or by coming twice.
 */
#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "items.h"

struct segment {
	const char *key, *value;
	size_t key_n, n;
};

struct record {
	struct segment v[LIMIT_ITEM_FIELDS];
	size_t n;
};

/* ".id=…", "name=…" at p: the key's length, 0 = none. */
static size_t key_at(const char *p, const char *end)
{
	return pair_key(p, (size_t)(end - p));
}

/* Cuts a record at every ";key=". */
static int cut(struct record *r, const char *p, const char *end, struct error *err)
{
	size_t key = key_at(p, end);

	r->n = 0;
	while (key) {
		struct segment *s;
		const char *next = p + key;

		if (r->n == LIMIT_ITEM_FIELDS)
			return error_set(err, ERROR_LIMIT, "an item has more than %u properties",
			                 LIMIT_ITEM_FIELDS);
		s = &r->v[r->n++];
		*s = (struct segment){.key = p, .key_n = key, .value = p + key + 1};
		for (key = 0; !key; next++) {
			next = memchr(next, ';', (size_t)(end - next));
			if (!next)
				break;
			key = key_at(next + 1, end);
		}
		s->n = (size_t)((key ? next - 1 : end) - s->value);
		p = next;
	}
	return r->n ? 0 : -1;
}

static int compare_keys(const struct segment *a, const struct segment *b)
{
	size_t n = a->key_n < b->key_n ? a->key_n : b->key_n;
	int d = memcmp(a->key, b->key, n);

	return d ? d : (a->key_n > b->key_n) - (a->key_n < b->key_n);
}

static bool key_is(const struct segment *s, const char *name)
{
	return strlen(name) == s->key_n && memcmp(s->key, name, s->key_n) == 0;
}

/* Gives back to the comment what was cut out of it: everything up to where the keys are in order to
 * the end. Only where the keys before it show that this router sorts. */
static void mend_comment(struct record *r)
{
	size_t c = 0, rest = r->n;

	while (c < r->n && !key_is(&r->v[c], "comment"))
		c++;
	if (c == r->n || c < 2)
		return;
	for (size_t i = 1; i < c; i++)
		if (compare_keys(&r->v[i - 1], &r->v[i]) >= 0)
			return;
	while (rest > c + 1 && compare_keys(&r->v[c], &r->v[rest - 1]) < 0 &&
	       (rest == r->n || compare_keys(&r->v[rest - 1], &r->v[rest]) < 0))
		rest--;
	if (rest == c + 1)
		return;
	r->v[c].n = (size_t)(r->v[rest - 1].value + r->v[rest - 1].n - r->v[c].value);
	memmove(&r->v[c + 1], &r->v[rest], (r->n - rest) * sizeof(r->v[0]));
	r->n -= rest - c - 1;
}

/* Properties that people write freely: a semicolon in them separates nothing. */
static bool is_free_text(const struct segment *s)
{
	static const char *const names[] = {"comment",  "content", "name",   "contact",
	                                    "location", "about",   "subject"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (key_is(s, names[i]))
			return true;
	return false;
}

static int take_segment(struct items *s, const struct segment *g, struct error *err)
{
	char list[1024], *big = NULL;
	const char *value = g->value;
	int r;

	if (!is_free_text(g) && memchr(value, ';', g->n)) {
		char *copy = g->n < sizeof(list) ? list : (big = mem_alloc(g->n + 1));

		memcpy(copy, value, g->n);
		for (size_t i = 0; i < g->n; i++)
			if (copy[i] == ';')
				copy[i] = ',';
		value = copy;
	}
	r = item_field(s, g->key, g->key_n, value, g->n, err);
	free(big);
	return r;
}

static int take_record(struct items *s, const char *p, const char *end, struct error *err)
{
	struct record r;

	if (cut(&r, p, end, err))
		return error_is_set(err)
		               ? -1
		               : error_set(err, ERROR_PARSE, "a line is no record of properties");
	mend_comment(&r);
	item_begin(s);
	for (size_t i = 0; i < r.n; i++) {
		const struct segment *g = &r.v[i];

		if (take_segment(s, g, err))
			return -1;
		items_keep(s, ";", i > 0);
		items_keep(s, g->key, g->key_n + 1);
		items_keep_value(s, g->key, g->key_n, g->value, g->n);
	}
	items_keep(s, "\n", 1);
	return item_end(s, err);
}

/* Does a record begin here? Every one begins with the same property as the first, ".id" nearly
 * always; a line that does not goes on with the value before (a comment may hold a newline). */
static bool begins(const char *first, const char *line, const char *end)
{
	size_t n = key_at(first, end);

	return n && (size_t)(end - line) > n && memcmp(first, line, n + 1) == 0;
}

int items_read_values(struct items *s, const char *p, size_t n, struct error *err)
{
	const char *end = p + n, *line, *record = NULL, *record_end = NULL;
	size_t len;

	while (next_line(&p, end, &line, &len)) {
		if (!record && len == 0)
			continue;
		if (record && begins(record, line, end)) {
			if (take_record(s, record, record_end, err))
				return -1;
			record = NULL;
		}
		if (!record)
			record = line;
		if (len)
			record_end = line + len;
	}
	return record ? take_record(s, record, record_end, err) : 0;
}
