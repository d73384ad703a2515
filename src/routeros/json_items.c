/* Generic items of REST's JSON, one record at a time: a list of 100,000 is never in memory twice.
 * Beside json.c the only user of jansson in this folder. */
#include <jansson.h>
#include <string.h>

#include "items.h"

static size_t skip_space(const char *p, size_t n, size_t i)
{
	while (i < n && strchr(" \t\r\n", p[i]) && p[i])
		i++;
	return i;
}

/* RouterOS gives every value as text. */
static int take_value(struct items *s, const char *key, json_t *v, struct error *err)
{
	char number[32];

	if (json_is_string(v))
		return item_field(s, key, strlen(key), json_string_value(v), json_string_length(v),
		                  err);
	if (json_is_boolean(v)) {
		const char *text = json_is_true(v) ? "true" : "false";

		return item_field(s, key, strlen(key), text, strlen(text), err);
	}
	if (json_is_integer(v)) {
		int n = snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
		                 json_integer_value(v));

		return item_field(s, key, strlen(key), number, (size_t)n, err);
	}
	return error_set(err, ERROR_PARSE, "\"%.64s\" is neither text, number nor true or false",
	                 key);
}

static void keep_record(struct items *s, json_t *record)
{
	const char *key;
	void *next;
	json_t *v;
	char *text;

	json_object_foreach_safe(record, next, key, v)
	{
		if (json_string_length(v) && secret_property(s->menu, key, strlen(key)))
			json_object_set_new(record, key, json_string(SECRET_SHOWN));
	}
	text = json_dumps(record, JSON_COMPACT);
	if (text)
		items_keep(s, text, strlen(text));
	free(text);
}

static int take_record(struct items *s, json_t *record, struct error *err)
{
	const char *key;
	json_t *v;

	if (!json_is_object(record))
		return error_set(err, ERROR_PARSE, "the list holds something else than records");
	item_begin(s);
	json_object_foreach(record, key, v) if (take_value(s, key, v, err)) return -1;
	if (item_end(s, err))
		return -1;
	if (s->masked)
		keep_record(s, record);
	return 0;
}

/* One value at p[*i]; NULL with a sentence when it is none. */
static json_t *load(const char *p, size_t n, size_t *i, struct error *err)
{
	json_error_t why;
	json_t *v =
		json_loadb(p + *i, n - *i, JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &why);

	if (!v) {
		error_set(err, ERROR_PARSE, "this JSON cannot be read: %.160s", why.text);
		return NULL;
	}
	*i = skip_space(p, n, *i + (size_t)why.position);
	return v;
}

static int read_one(struct items *s, const char *p, size_t n, size_t *i, struct error *err)
{
	json_t *record = load(p, n, i, err);
	int r = record ? take_record(s, record, err) : -1;

	json_decref(record);
	return r;
}

static int read_list(struct items *s, const char *p, size_t n, size_t *i, struct error *err)
{
	items_keep(s, "[", 1);
	*i = skip_space(p, n, *i + 1);
	while (*i < n && p[*i] != ']') {
		if (read_one(s, p, n, i, err))
			return -1;
		if (*i < n && p[*i] == ',') {
			items_keep(s, ",", 1);
			*i = skip_space(p, n, *i + 1);
		} else if (*i < n && p[*i] != ']') {
			break;
		}
	}
	items_keep(s, "]", 1);
	if (*i == n || p[*i] != ']')
		return error_set(err, ERROR_PARSE, "this JSON list does not end");
	*i = skip_space(p, n, *i + 1);
	return 0;
}

int items_read_json(struct items *s, const char *p, size_t n, struct error *err)
{
	size_t i = skip_space(p, n, 0);
	int r;

	if (i == n || (p[i] != '[' && p[i] != '{'))
		return error_set(err, ERROR_PARSE, "the answer is no JSON of records");
	r = p[i] == '[' ? read_list(s, p, n, &i, err) : read_one(s, p, n, &i, err);
	if (r == 0 && i < n)
		return error_set(err, ERROR_PARSE, "something stands behind the JSON");
	return r;
}
