/* key=value pairs of terse and detail records, and quoted strings as the console escapes them. */
#include <ctype.h>
#include <string.h>

#include "forms.h"

/* A value inside glued lines. */
struct value_at {
	const struct joined *j;
	size_t at;
};

static struct spot spot_in_joined(struct reading *r, const void *ctx, size_t at)
{
	const struct value_at *v = ctx;

	return joined_spot(r, v->j, v->at + at);
}

size_t pair_key(const char *p, size_t n)
{
	size_t i = 0;

	if (n == 0 || (!islower((unsigned char)*p) && *p != '.'))
		return 0;
	while (i < n && (islower((unsigned char)p[i]) || isdigit((unsigned char)p[i]) ||
	                 p[i] == '-' || p[i] == '.' || p[i] == '_'))
		i++;
	return i < n && p[i] == '=' ? i : 0;
}

static int hex_digit(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int escape_character(const char *p, size_t n, size_t *len)
{
	static const char letters[] = "nrtabfv_\"\\$?";
	static const char values[] = "\n\r\t\a\b\f\v \"\\$?";
	const char *found;

	*len = 1;
	if (n >= 2 && hex_digit(p[0]) >= 0 && hex_digit(p[1]) >= 0) {
		*len = 2;
		return hex_digit(p[0]) * 16 + hex_digit(p[1]);
	}
	found = n && *p ? strchr(letters, *p) : NULL;
	return found ? (unsigned char)values[found - letters] : -1;
}

int quoted_read(struct reading *r, const struct joined *j, size_t at, size_t *end, char **out,
                size_t *out_n)
{
	size_t i = at + 1, n = 0;
	char *p = arena_alloc(r->arena, 1);
	size_t close = i;

	while (close < j->n && j->p[close] != '"')
		close += j->p[close] == '\\' && close + 1 < j->n ? 2 : 1;
	if (close >= j->n)
		return fail_at(r, joined_spot(r, j, at), "a quote that is not closed: cut off?");
	p = arena_alloc(r->arena, close - i + 1);
	while (i < close) {
		size_t len = 1;
		int c = (unsigned char)j->p[i++];

		if (c == '\\') {
			c = escape_character(j->p + i, close - i, &len);
			if (c <= 0)
				return fail_at(r, joined_spot(r, j, i - 1),
				               "no escape that RouterOS prints");
			i += len;
		}
		p[n++] = (char)c;
	}
	*end = close + 1;
	*out = p;
	*out_n = n;
	return 0;
}

static int take_quoted(struct reading *r, const struct joined *j, size_t key, size_t key_n,
                       size_t *at)
{
	struct value_at v = {j, *at + 1};
	size_t end, n;
	char *value;

	if (quoted_read(r, j, *at, &end, &value, &n))
		return -1;
	if (end < j->n && j->p[end] != ' ')
		return fail_at(r, joined_spot(r, j, end), "text right behind a closing quote");
	*at = end;
	return draft_cell(r, j->p + key, key_n, value, n, spot_in_joined, &v);
}

/* Without quotes a value ends where the next property begins; text that may hold blanks ends only
 * before a property that is known ("comment=one two=three" is one comment). */
static size_t value_end(const struct reading *r, const struct joined *j, size_t at,
                        const struct property *prop)
{
	bool text = prop && prop->kind == PROPERTY_TEXT;
	size_t i = at;

	while (i < j->n) {
		size_t blank, key;

		while (i < j->n && j->p[i] != ' ' && j->p[i] != '\t')
			i++;
		blank = i;
		while (i < j->n && (j->p[i] == ' ' || j->p[i] == '\t'))
			i++;
		key = pair_key(j->p + i, j->n - i);
		if (i == j->n || (key && (!text || property_find(r->menu, j->p + i, key))))
			return blank;
	}
	return j->n;
}

static int take_plain(struct reading *r, const struct joined *j, size_t key, size_t key_n,
                      size_t *at)
{
	struct value_at v = {j, *at};
	size_t end = value_end(r, j, *at, property_find(r->menu, j->p + key, key_n));
	size_t n = end - *at;
	const char *value = j->p + *at;

	*at = end;
	return draft_cell(r, j->p + key, key_n, value, n, spot_in_joined, &v);
}

int pairs_read(struct reading *r, const struct joined *j, size_t at, bool quotes)
{
	for (;;) {
		size_t key = at, n;
		int rc;

		while (key < j->n && (j->p[key] == ' ' || j->p[key] == '\t'))
			key++;
		if (key == j->n)
			return 0;
		n = pair_key(j->p + key, j->n - key);
		if (n == 0)
			return fail_at(r, joined_spot(r, j, key),
			               "this is no property=value of a row");
		at = key + n + 1;
		if (quotes && at < j->n && j->p[at] == '"')
			rc = take_quoted(r, j, key, n, &at);
		else
			rc = take_plain(r, j, key, n, &at);
		if (rc)
			return rc;
	}
}
