/*
 * `:put [print as-value]` and `:put [get …]`: "…;name=ssh;port=22" without numbers, quotes or
 * flags. A list's items are separated by the same semicolon: what has no key goes on with the
 * value before.
 */
#include <string.h>

#include "forms.h"

/* One value, from its first byte to the semicolon before the next key. */
struct value_item {
	size_t key, key_n, value, end;
};

struct value_at {
	const struct line *line;
	size_t at;
};

static struct spot spot_in_line(struct reading *r, const void *ctx, size_t at)
{
	const struct value_at *v = ctx;

	return line_spot(r, v->line, v->at + at);
}

bool as_value_starts(const struct reading *r, const struct line *l)
{
	size_t i = line_indent(l), key = pair_key(l->p + i, l->n - i);

	if (key == 0)
		return false;
	if (key == 3 && memcmp(l->p + i, ".id", 3) == 0)
		return true;
	return property_find(r->menu, l->p + i, key) && memchr(l->p + i, ';', l->n - i);
}

/* Where the value that begins at `at` ends: before ";key=" (any key, or only a known one inside
 * free text), or with the line. */
static size_t value_end(const struct reading *r, const struct line *l, size_t at,
                        const struct property *prop)
{
	bool text = prop && prop->kind == PROPERTY_TEXT;

	for (size_t i = at; i < l->n; i++) {
		size_t key;

		if (l->p[i] != ';')
			continue;
		key = pair_key(l->p + i + 1, l->n - i - 1);
		if (i + 1 == l->n || (key && (!text || property_find(r->menu, l->p + i + 1, key))))
			return i;
	}
	return l->n;
}

static int next_item(struct reading *r, const struct line *l, size_t at, struct value_item *out)
{
	const struct property *prop;
	const char *stray;

	out->key = at;
	out->key_n = pair_key(l->p + at, l->n - at);
	if (out->key_n == 0)
		return fail_at(r, line_spot(r, l, at), "this is no property=value of a record");
	out->value = at + out->key_n + 1;
	prop = property_find(r->menu, l->p + at, out->key_n);
	out->end = value_end(r, l, out->value, prop);
	stray = memchr(l->p + out->value, ';', out->end - out->value);
	if (stray && prop && prop->kind != PROPERTY_LIST && prop->kind != PROPERTY_TEXT)
		return fail_at(r, line_spot(r, l, (size_t)(stray + 1 - l->p)),
		               "this is no property=value of a record: cut off?");
	return 0;
}

static bool draft_has(const struct reading *r, const char *name, size_t n)
{
	const struct property *prop = property_find(r->menu, name, n);

	for (size_t i = 0; i < r->draft.n; i++) {
		const char *other = r->draft.cells[i].name;

		if (prop ? strcmp(other, prop->name) == 0
		         : strlen(other) == n && memcmp(other, name, n) == 0)
			return true;
	}
	return false;
}

/* Every record of one line; a key that comes again begins the next. */
static int read_line(struct reading *r, const struct line *l)
{
	size_t at = line_indent(l);

	draft_begin(r, l->number);
	while (at < l->n) {
		struct value_at v = {.line = l};
		struct value_item item = {0};

		if (next_item(r, l, at, &item))
			return -1;
		if (draft_has(r, l->p + item.key, item.key_n)) {
			if (draft_commit(r))
				return -1;
			draft_begin(r, l->number);
		}
		v.at = item.value;
		if (draft_cell(r, l->p + item.key, item.key_n, l->p + item.value,
		               item.end - item.value, spot_in_line, &v))
			return -1;
		at = item.end + 1;
	}
	return r->draft.n ? draft_commit(r) : 0;
}

static bool line_is_ours(struct reading *r, const struct line *l)
{
	struct shape_test test = {0};
	size_t at = line_indent(l);

	while (at < l->n) {
		size_t key = pair_key(l->p + at, l->n - at);
		const char *next = memchr(l->p + at, ';', l->n - at);

		/* The first record is enough. */
		if (at > line_indent(l) && key == 3 && memcmp(l->p + at, ".id", 3) == 0)
			break;
		if (key && test.known + test.unknown < LIMIT_COLUMNS)
			shape_test_add(r, &test, l->p + at, key);
		at = next ? (size_t)(next - l->p) + 1 : l->n;
	}
	if (shape_test_ours(r, &test))
		return true;
	shape_test_refuse(r, &test, line_spot(r, l, line_indent(l)));
	return false;
}

int as_value_read(struct reading *r, size_t *i, size_t end)
{
	bool ours = line_is_ours(r, &r->lines[*i]);

	if (ours)
		listing_begin(r, ROS_FORM_AS_VALUE);
	for (; *i < end; ++*i) {
		const struct line *l = &r->lines[*i];

		if (l->n == 0)
			continue;
		if (!as_value_starts(r, l))
			break;
		if (ours && read_line(r, l))
			return -1;
	}
	return 0;
}
