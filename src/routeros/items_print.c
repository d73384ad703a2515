/* Printed records of any menu: `print terse`, and the "name: value" lines of a single record. The
 * ways that are left when a router refuses the script. */
#include <ctype.h>
#include <string.h>

#include "forms.h"
#include "items.h"

static size_t blanks(const char *p, size_t n, size_t at)
{
	while (at < n && (p[at] == ' ' || p[at] == '\t'))
		at++;
	return at;
}

/* Where the value at `at` ends: before the next " key=", blanks in between not counted. */
static size_t terse_value_end(const char *p, size_t n, size_t at, size_t *next)
{
	for (size_t i = at; i < n; i++) {
		size_t key = blanks(p, n, i);

		if (key == i)
			continue;
		if (pair_key(p + key, n - key)) {
			*next = key;
			return i;
		}
		i = key - 1;
	}
	*next = n;
	while (n > at && p[n - 1] == ' ')
		n--;
	return n;
}

/* What a listing with flags does not say is false: X, D and I have their place in every line. */
static void no_flags(struct item *i)
{
	if (i->disabled == TRI_UNKNOWN)
		i->disabled = TRI_NO;
	if (i->dynamic == TRI_UNKNOWN)
		i->dynamic = TRI_NO;
	if (i->invalid == TRI_UNKNOWN)
		i->invalid = TRI_NO;
}

/* " 12 XI name=… comment=two words", or ";;; comment" first. */
static int take_terse(struct items *s, const char *p, size_t n, struct error *err)
{
	size_t at = blanks(p, n, 0), digits = at;

	while (at < n && isdigit((unsigned char)p[at]))
		at++;
	if (at == digits)
		return error_set(err, ERROR_PARSE, "a line is no record of `print terse`");
	item_begin(s);
	for (; at < n && !pair_key(p + at, n - at); at++) {
		if (p[at] != ' ' && !isalpha((unsigned char)p[at]) && !strchr("*+", p[at]))
			return error_set(err, ERROR_PARSE, "a line is no record of `print terse`");
		item_flag(s, p[at]);
	}
	items_keep(s, p, at);
	while (at < n) {
		size_t key = pair_key(p + at, n - at), next;
		size_t value = at + key + 1, end = terse_value_end(p, n, value, &next);

		if (item_field(s, p + at, key, p + value, end - value, err))
			return -1;
		items_keep(s, p + at, key + 1);
		items_keep_value(s, p + at, key, p + value, end - value);
		items_keep(s, " ", next < n);
		at = next;
	}
	items_keep(s, "\n", 1);
	no_flags(&s->draft);
	return item_end(s, err);
}

int items_read_terse(struct items *s, const char *p, size_t n, struct error *err)
{
	const char *end = p + n, *line;
	size_t len;

	while (next_line(&p, end, &line, &len))
		if (blanks(line, len, 0) < len && take_terse(s, line, len, err))
			return -1;
	return 0;
}

/* "  allow-remote-requests: no": the name's length and where it begins; 0 = none. */
static size_t line_name(const char *p, size_t n, size_t *at)
{
	size_t i;

	*at = i = blanks(p, n, 0);
	while (i < n && (islower((unsigned char)p[i]) || isdigit((unsigned char)p[i]) ||
	                 (i > *at && (p[i] == '-' || p[i] == '.' || p[i] == '_'))))
		i++;
	return i < n && p[i] == ':' && (i + 1 == n || p[i + 1] == ' ') ? i - *at : 0;
}

/* One "name: value" with the lines that go on with it: a list has a line for each of its parts. */
struct property_line {
	const char *name;
	size_t name_n;
	struct buf value;
};

static int end_property(struct items *s, struct property_line *l, struct error *err)
{
	int r;

	if (!l->name)
		return 0;
	r = item_field(s, l->name, l->name_n, buf_str(&l->value), l->value.n, err);
	items_keep(s, l->name, l->name_n);
	items_keep(s, ": ", 2);
	items_keep_value(s, l->name, l->name_n, buf_str(&l->value), l->value.n);
	items_keep(s, "\n", 1);
	l->name = NULL;
	return r;
}

static int take_line(struct items *s, struct property_line *l, const char *p, size_t n,
                     struct error *err)
{
	size_t at, name = line_name(p, n, &at), value;

	if (name) {
		if (end_property(s, l, err))
			return -1;
		l->name = p + at;
		l->name_n = name;
		buf_clear(&l->value);
		at += name + 1;
	} else if (!l->name) {
		return error_set(err, ERROR_PARSE, "a line is no \"name: value\"");
	}
	value = blanks(p, n, at);
	if (!name && l->value.n && value < n)
		buf_putc(&l->value, ',');
	return buf_add(&l->value, p + value, n - value)
	               ? error_set(err, ERROR_LIMIT, "a value is too long")
	               : 0;
}

int items_read_lines(struct items *s, const char *p, size_t n, struct error *err)
{
	const char *end = p + n, *line;
	struct property_line l = {0};
	size_t len;
	int r = 0;

	buf_init(&l.value, LIMIT_ANSWER_BYTES);
	item_begin(s);
	while (r == 0 && next_line(&p, end, &line, &len))
		if (blanks(line, len, 0) < len)
			r = take_line(s, &l, line, len, err);
	if (r == 0)
		r = end_property(s, &l, err);
	if (r == 0 && s->fields_n == 0)
		r = error_set(err, ERROR_PARSE, "nothing is printed");
	buf_done(&l.value);
	return r ? -1 : item_end(s, err);
}
