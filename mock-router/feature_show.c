/*
 * print, get and find of the menus that a scenario gives. Unverified as a whole: that get gives
 * every property of the record, sorted, .id first, booleans as true and false and lists with
 * semicolons; the layout of print terse and print detail is that of other menus' samples.
 */
#include "feature_show.h"

#include <stdlib.h>
#include <string.h>

static bool is_text(const char *name)
{
	static const char *const names[] = {"comment", "name", "content", "contact", "location"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* One property as a value: a list of it has an element for each part. */
static struct value property_value(const struct feature *one, const struct feature_field *field)
{
	const char *p = feature_value(one, field);
	struct value v = {.kind = VALUE_LIST};

	if (is_text(field->name) || strchr(p, ',') == NULL)
		return value_text(p);
	while (*p != '\0') {
		size_t n = strcspn(p, ",");
		char *part = mem_copy_n(p, n);

		value_push(&v, NULL, value_text(part));
		free(part);
		p += n + (p[n] == ',' ? 1 : 0);
	}
	return v;
}

static struct value item_value(const struct feature *one, size_t index)
{
	const struct feature_item *item = &one->item[index];
	struct value v = {.kind = VALUE_LIST};
	char id[24];

	feature_id(index, id);
	if (!one->single)
		value_push(&v, ".id", value_text(id));
	for (size_t i = 0; i < item->n; i++)
		value_push(&v, item->field[i].name, property_value(one, &item->field[i]));
	return v;
}

/* By id, or by name. */
static size_t item_find(const struct feature *one, const struct value *key)
{
	const char *want = key->kind == VALUE_TEXT ? key->text : NULL;
	size_t at;

	if (key->kind == VALUE_LIST && key->n == 1)
		want = key->item[0].text;
	if (want == NULL)
		return one->n;
	at = feature_index(one, want);
	for (size_t i = 0; at == one->n && i < one->n; i++) {
		const char *name = feature_get(&one->item[i], "name");

		if (name != NULL && strcmp(name, want) == 0)
			at = i;
	}
	return at;
}

static int get_property(struct script *s, const struct feature *one, size_t index,
                        struct value *result)
{
	char *name = mem_copy_n(s->p + s->at, script_word(s));
	int rc = 0;

	s->at += strlen(name);
	if (!s->dry) {
		const struct feature_item *item = &one->item[index];
		size_t i = 0;

		while (i < item->n && strcmp(item->field[i].name, name) != 0)
			i++;
		if (i < item->n)
			*result = property_value(one, &item->field[i]);
		else
			rc = script_fail_plain(s, "no such item");
	}
	free(name);
	return rc;
}

static int run_get(struct script *s, const struct feature *one, struct value *result)
{
	struct value key = {0};
	size_t at = 0;

	script_blanks(s);
	if (!one->single) {
		if (script_at_end(s))
			return script_fail_at(s, s->at, "missing value(s) of argument(s) number");
		if (script_value(s, &key) != 0)
			return -1;
		at = s->dry ? 0 : item_find(one, &key);
		value_done(&key);
		if (!s->dry && at == one->n)
			return script_fail_plain(s, "no such item");
	}
	script_blanks(s);
	if (!script_at_end(s))
		return get_property(s, one, at, result);
	if (!s->dry)
		*result = item_value(one, at);
	return 0;
}

static int run_find(struct script *s, const struct feature *one, struct value *result)
{
	result->kind = VALUE_LIST;
	script_blanks(s);
	if (!script_at_end(s))
		return script_fail_syntax(s, s->at);
	for (size_t i = 0; !s->dry && i < one->n; i++) {
		char id[24];

		feature_id(i, id);
		value_push(result, NULL, value_text(id));
	}
	return 0;
}

static void print_lines(const struct feature_item *item, struct text *out)
{
	size_t width = 0;

	for (size_t i = 0; i < item->n; i++)
		width = strlen(item->field[i].name) > width ? strlen(item->field[i].name) : width;
	for (size_t i = 0; i < item->n; i++)
		text_addf(out, "%*s: %s\n", (int)width + 2, item->field[i].name,
		          item->field[i].value);
}

static void put_letters(const struct feature_item *item, struct text *out)
{
	static const struct {
		const char *name, letter[2];
	} flags[] = {{"disabled", "X"}, {"invalid", "I"}, {"dynamic", "D"}, {"running", "R"}};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (feature_flag(item, flags[i].name)) {
			text_add(out, flags[i].letter);
			n++;
		}
	text_pad(out, ' ', n < 3 ? 3 - n : 1);
}

static bool is_state(const char *name)
{
	return strcmp(name, "disabled") == 0 || strcmp(name, "invalid") == 0 ||
	       strcmp(name, "dynamic") == 0 || strcmp(name, "running") == 0;
}

static void print_records(const struct feature *one, bool terse, struct text *out)
{
	for (size_t i = 0; i < one->n; i++) {
		const struct feature_item *item = &one->item[i];
		const char *comment = feature_get(item, "comment");

		text_addf(out, "%2zu ", i);
		put_letters(item, out);
		if (comment != NULL && *comment != '\0')
			text_addf(out, terse ? "comment=%s " : ";;; %s\n      ", comment);
		for (size_t k = 0; k < item->n; k++) {
			const struct feature_field *f = &item->field[k];

			if (is_state(f->name) || strcmp(f->name, "comment") == 0 ||
			    strcmp(f->name, "bytes") == 0 || strcmp(f->name, "packets") == 0)
				continue;
			text_addf(out, !terse && is_text(f->name) ? "%s=\"%s\" " : "%s=%s ",
			          f->name, f->value);
		}
		text_add(out, terse ? "\n" : "\n\n");
	}
}

struct print_words {
	bool terse, as_value, count;
};

/* Unverified: that a plain print of a list is its detail. */
static int take_words(struct script *s, struct print_words *out)
{
	static const char *const known[] = {"terse",          "detail",     "as-value",
	                                    "without-paging", "count-only", "stats"};

	for (script_blanks(s); !script_at_end(s); script_blanks(s)) {
		size_t n = script_word(s), i = 0;

		while (i < 6 && (strlen(known[i]) != n || memcmp(known[i], s->p + s->at, n) != 0))
			i++;
		if (i == 6 || (s->at + n < s->n && s->p[s->at + n] == '=')) {
			s->other = true; /* file= would write to the router */
			return script_fail_syntax(s, s->at);
		}
		out->terse = out->terse || i == 0;
		out->as_value = out->as_value || i == 2;
		out->count = out->count || i == 4;
		s->at += n;
	}
	return 0;
}

static int run_print(struct script *s, const struct feature *one, bool in_brackets,
                     struct value *result)
{
	struct print_words words = {0};

	if (take_words(s, &words) != 0)
		return -1;
	if (s->dry)
		return 0;
	if (words.as_value && in_brackets) {
		if (one->single)
			*result = item_value(one, 0);
		for (size_t i = 0; !one->single && i < one->n; i++)
			value_push(result, NULL, item_value(one, i));
	} else if (words.count) {
		text_addf(s->out, "%zu\n", one->n);
	} else if (one->single) {
		print_lines(&one->item[0], s->out);
	} else if (!words.as_value) {
		print_records(one, words.terse, s->out);
	}
	return 0;
}

int feature_command(struct script *s, const struct feature *one, const char *name, size_t n,
                    bool in_brackets, struct value *result, bool *known)
{
	static const char *const names[] = {"print", "get", "find"};
	size_t i = 0;

	while (i < 3 && (strlen(names[i]) != n || memcmp(names[i], name, n) != 0))
		i++;
	*known = i < 3 && !(i == 2 && one->single);
	if (!*known)
		return -1;
	s->at += n;
	if (!s->dry && one->state == FEATURE_FORBIDDEN)
		return script_fail_plain(s, "not enough permissions (9)");
	if (i == 0)
		return run_print(s, one, in_brackets, result);
	return i == 1 ? run_get(s, one, result) : run_find(s, one, result);
}
