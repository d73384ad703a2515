/* REST's JSON: a list of records, or one. The only user of jansson in this folder. */
#include <ctype.h>
#include <jansson.h>
#include <string.h>

#include "forms.h"

/* Where keys stand: jansson keeps their order but not their places. */
struct places {
	const char *text;
	size_t n, i;
	size_t line;           /* of text[i] */
	size_t counted, chars; /* characters of that line before text[counted] */
	size_t depth, wanted;  /* keys of records stand this deep */
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip_space(const char *p, size_t n, size_t i)
{
	while (i < n && is_space(p[i]))
		i++;
	return i;
}

bool json_starts(const char *p, size_t n)
{
	size_t i;

	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		p += 3;
		n -= 3;
	}
	i = skip_space(p, n, 0);
	if (i == n || (p[i] != '{' && p[i] != '['))
		return false;
	if (p[i] == '{')
		return true;
	/* A prompt begins with a bracket, too. */
	i = skip_space(p, n, i + 1);
	return i == n || p[i] == '{' || p[i] == ']' || p[i] == '"';
}

/* Counts on from the last place: all records may stand on one line. */
static struct spot spot_at(struct places *s, size_t at)
{
	for (; s->counted < at; s->counted++)
		s->chars += ((unsigned char)s->text[s->counted] & 0xc0) != 0x80;
	return (struct spot){.line = s->line, .column = s->chars + 1, .near = s->text + at};
}

/* Behind the string that begins at i. */
static size_t string_end(const char *p, size_t n, size_t i)
{
	for (i++; i < n && p[i] != '"'; i++)
		if (p[i] == '\\')
			i++;
	return i < n ? i + 1 : n;
}

/* Moves to the next key at the wanted depth; or to the next record's brace when open is true. */
static struct spot next_place(struct places *s, bool open)
{
	while (s->i < s->n) {
		size_t at = s->i;
		char c = s->text[at];

		if (c == '"') {
			size_t end = string_end(s->text, s->n, at);
			size_t colon = skip_space(s->text, s->n, end);

			s->i = end;
			if (!open && s->depth == s->wanted && colon < s->n && s->text[colon] == ':')
				return spot_at(s, at);
			continue;
		}
		s->i++;
		if (c == '\n') {
			s->line++;
			s->counted = s->i;
			s->chars = 0;
		} else if (c == '{' || c == '[') {
			s->depth++;
			if (open && c == '{' && s->depth == s->wanted)
				return spot_at(s, at);
		} else if ((c == '}' || c == ']') && s->depth) {
			s->depth--;
		}
	}
	return (struct spot){.line = s->line, .column = 1, .near = ""};
}

static struct spot fixed_spot(struct reading *r, const void *ctx, size_t at)
{
	(void)r;
	(void)at;
	return *(const struct spot *)ctx;
}

/* A list of strings joined by commas, as some tools rewrite RouterOS's own. */
static const char *join_array(struct reading *r, const json_t *v, struct spot s, size_t *n)
{
	struct buf out;
	const char *text = NULL;
	size_t i;
	const json_t *item;

	buf_init(&out, LIMIT_FILE_BYTES);
	json_array_foreach((json_t *)v, i, item)
	{
		if (!json_is_string(item)) {
			fail_at(r, s, "a list of something else than strings");
			goto out;
		}
		if (i)
			buf_putc(&out, ',');
		buf_add(&out, json_string_value(item), json_string_length(item));
	}
	*n = out.n;
	text = arena_strndup(&r->scratch, buf_str(&out), out.n);
out:
	buf_done(&out);
	return text;
}

/* RouterOS prints strings only; numbers and booleans are accepted from tools in between. */
static const char *value_text(struct reading *r, const json_t *v, struct spot s, size_t *n)
{
	const char *text;

	switch (json_typeof(v)) {
	case JSON_STRING:
		*n = json_string_length(v);
		return json_string_value(v);
	case JSON_INTEGER:
		text = arena_printf(&r->scratch, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		text = json_is_true(v) ? "true" : "false";
		break;
	case JSON_ARRAY:
		return join_array(r, v, s, n);
	default:
		fail_at(r, s, "a value that is neither text, whole number nor true or false");
		return NULL;
	}
	*n = strlen(text);
	return text;
}

static int read_record(struct reading *r, const json_t *record, struct places *s)
{
	const char *key;
	json_t *v;

	draft_begin(r, next_place(s, true).line);
	json_object_foreach((json_t *)record, key, v)
	{
		struct spot at = next_place(s, false);
		const char *text;
		size_t n;

		if (json_is_null(v))
			continue;
		text = value_text(r, v, at, &n);
		if (!text || draft_cell(r, key, strlen(key), text, n, fixed_spot, &at))
			return -1;
	}
	return draft_commit(r);
}

static void test_record(struct reading *r, const json_t *record, struct shape_test *out)
{
	const char *key;
	json_t *v;

	*out = (struct shape_test){0};
	json_object_foreach((json_t *)record, key, v) shape_test_add(r, out, key, strlen(key));
}

/* One record tells, not the first alone: a listener of a container may have no port. */
static bool list_is_ours(struct reading *r, const json_t *root, struct spot s)
{
	size_t n = json_is_array(root) ? json_array_size(root) : 0;
	struct shape_test test;

	for (size_t i = 0; i < n; i++) {
		test_record(r, json_array_get(root, i), &test);
		if (shape_test_ours(r, &test))
			return true;
	}
	test_record(r, n ? json_array_get(root, 0) : root, &test);
	if (shape_test_ours(r, &test))
		return true;
	shape_test_refuse(r, &test, s);
	return false;
}

static int shown(const char *s)
{
	size_t n = strlen(s);

	return n > 200 ? 200 : (int)n;
}

/* {"detail":"…","error":400,"message":"Bad Request"}: the router said no. */
static bool is_refusal(struct reading *r, const json_t *record)
{
	const json_t *code = json_object_get(record, "error");
	const char *detail = json_string_value(json_object_get(record, "detail"));
	const char *message = json_string_value(json_object_get(record, "message"));

	if (!code || (!json_is_integer(code) && !json_is_string(code)) || (!detail && !message))
		return false;
	if (!detail)
		detail = message;
	if (json_is_integer(code))
		error_set_at(r->err, ERROR_REMOTE, r->where, 0, 0,
		             "the router answered with error %lld: %.*s",
		             (long long)json_integer_value(code), shown(detail), detail);
	else
		error_set_at(r->err, ERROR_REMOTE, r->where, 0, 0,
		             "the router answered with error %.*s: %.*s",
		             shown(json_string_value(code)), json_string_value(code), shown(detail),
		             detail);
	return true;
}

static int read_root(struct reading *r, const json_t *root, struct places *s)
{
	size_t n = json_is_array(root) ? json_array_size(root) : 1;
	const json_t *record = json_is_array(root) ? json_array_get(root, 0) : root;

	listing_begin(r, ROS_FORM_JSON);
	s->wanted = json_is_array(root) ? 2 : 1;
	if (n == 0)
		return 0;
	if (json_is_object(record) && is_refusal(r, record))
		return -1;
	for (size_t i = 0; i < n; i++) {
		record = json_is_array(root) ? json_array_get(root, i) : root;
		if (!json_is_object(record))
			return error_set_at(r->err, ERROR_PARSE, r->where, s->line, 1,
			                    "the list holds something else than records");
		if (i == 0 && !list_is_ours(r, root, spot_at(s, 0)))
			return fail_at(r, r->foreign_at, "%s", r->foreign);
		if (read_record(r, record, s))
			return -1;
	}
	return 0;
}

static int fail_json(struct reading *r, const json_error_t *e)
{
	size_t line = e->line > 0 ? (size_t)e->line : 1;
	size_t column = e->column > 0 ? (size_t)e->column : 1;

	return error_set_at(r->err, ERROR_PARSE, r->where, line, column,
	                    "this JSON cannot be read: %.160s", e->text);
}

int json_read(struct reading *r, const char *p, size_t n)
{
	json_error_t why;
	json_t *root;
	struct places s = {.line = 1};
	int rc;

	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		p += 3;
		n -= 3;
	}
	root = json_loadb(p, n, JSON_REJECT_DUPLICATES, &why);
	if (!root)
		return fail_json(r, &why);
	s.text = arena_strndup(r->arena, p, n);
	s.n = n;
	rc = read_root(r, root, &s);
	json_decref(root);
	return rc;
}
