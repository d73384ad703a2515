/* What stands above rows: "Flags: X - disabled, I - invalid" and RouterOS 7's "Columns: NAME,
 * …". */
#include <ctype.h>
#include <string.h>

#include "forms.h"

static bool begins(const struct line *l, const char *word)
{
	size_t i = line_indent(l), n = strlen(word);

	return l->n - i >= n && strncasecmp(l->p + i, word, n) == 0;
}

bool line_is_legend(const struct line *l)
{
	return begins(l, "Flags:");
}

bool line_is_columns(const struct line *l)
{
	return begins(l, "Columns:");
}

bool line_is_about(const struct line *l)
{
	return begins(l, ";;;");
}

/* "  version: 7.18.2": how menus with one record print, in no menu of rows. */
bool line_is_singleton(const struct line *l)
{
	size_t i = line_indent(l), start = i;

	while (i < l->n && (islower((unsigned char)l->p[i]) || isdigit((unsigned char)l->p[i]) ||
	                    l->p[i] == '-'))
		i++;
	return start > 0 && i > start && islower((unsigned char)l->p[start]) && i < l->n &&
	       l->p[i] == ':' && (i + 1 == l->n || l->p[i + 1] == ' ');
}

static bool is_header_char(char c)
{
	return isupper((unsigned char)c) || isdigit((unsigned char)c) ||
	       (c != '\0' && strchr("-./_", c));
}

/* "#  NAME  PORT": a hash, then words in upper case and nothing else. */
bool line_is_header(const struct line *l)
{
	size_t i = line_indent(l), words = 0;

	if (i >= l->n || l->p[i] != '#')
		return false;
	i++;
	while (i < l->n) {
		if (l->p[i] == ' ' || l->p[i] == '\t') {
			i++;
			continue;
		}
		if ((l->p[i - 1] != ' ' && l->p[i - 1] != '\t') || !isupper((unsigned char)l->p[i]))
			return false;
		while (i < l->n && is_header_char(l->p[i]))
			i++;
		words++;
		if (i < l->n && l->p[i] != ' ' && l->p[i] != '\t')
			return false;
	}
	return words > 0;
}

/* Does the line above go on here? Legends and Columns lines wrap at the terminal's width. */
static bool is_wrap(const struct reading *r, const struct line *l)
{
	return l->n && !line_is_legend(l) && !line_is_columns(l) && !line_is_header(l) &&
	       !line_is_about(l) && !line_is_record(r, l) && !export_starts(r, l) &&
	       !line_is_singleton(l);
}

static void join_wraps(struct reading *r, size_t *i, size_t end, size_t offset, struct joined *j)
{
	const struct line *l = &r->lines[*i];

	joined_reset(j);
	joined_add(r, j, "", l, offset, l->n - offset);
	for (++*i; *i < end && is_wrap(r, &r->lines[*i]); ++*i) {
		l = &r->lines[*i];
		offset = line_indent(l);
		joined_add(r, j, " ", l, offset, l->n - offset);
	}
}

/* A hyphen, or what editors make of it: U+2010 to U+2015, the minus sign, Windows-1252's dashes. */
static bool is_dash(const char *p, size_t n)
{
	unsigned char c = (unsigned char)*p;

	if (c == '-' || c == 0x96 || c == 0x97)
		return true;
	if (n < 3)
		return false;
	return (memcmp(p, "\xe2\x80", 2) == 0 && (unsigned char)p[2] >= 0x90 &&
	        (unsigned char)p[2] <= 0x95) ||
	       memcmp(p, "\xe2\x88\x92", 3) == 0;
}

/* One item: "X - disabled", "X", "X—disabled": the letter alone counts. */
static int take_item(struct reading *r, const struct joined *j, size_t from, size_t to,
                     struct preamble *out)
{
	size_t n = strlen(out->letters), after = from + 1;

	while (from < to && j->p[from] == ' ')
		after = ++from + 1;
	if (from == to)
		return 0;
	while (after < to && j->p[after] == ' ')
		after++;
	if ((unsigned char)j->p[from] >= 0x80 || (after < to && !is_dash(j->p + after, to - after)))
		return fail_at(r, joined_spot(r, j, from),
		               "this is no legend of flags (\"X - disabled, I - invalid\")");
	if (n + 1 < sizeof(out->letters) && !strchr(out->letters, j->p[from]))
		out->letters[n] = j->p[from];
	return 0;
}

static int read_legend(struct reading *r, size_t *i, size_t end, struct preamble *out)
{
	const struct line *l = &r->lines[*i];
	struct joined j;
	size_t from = 0;

	join_wraps(r, i, end, line_indent(l) + strlen("Flags:"), &j);
	for (size_t k = 0; k <= j.n; k++) {
		if (k < j.n && j.p[k] != ',' && j.p[k] != ';')
			continue;
		if (take_item(r, &j, from, k, out))
			return -1;
		from = k + 1;
	}
	out->has_legend = true;
	return 0;
}

static int read_columns(struct reading *r, size_t *i, size_t end, struct preamble *out)
{
	struct joined j;
	const struct line *l = &r->lines[*i];

	join_wraps(r, i, end, line_indent(l) + strlen("Columns:"), &j);
	for (size_t k = 0; k < j.n; k++)
		if (!is_header_char(j.p[k]) && j.p[k] != ',' && j.p[k] != ' ' && j.p[k] != '\t')
			return fail_at(r, joined_spot(r, &j, k),
			               "this is no list of columns (\"Columns: NAME, PORT\")");
	out->has_columns = true;
	out->columns = j.p ? j.p : "";
	return 0;
}

int preamble_read(struct reading *r, size_t *i, size_t end, struct preamble *out)
{
	*out = (struct preamble){.columns = ""};
	while (*i < end) {
		const struct line *l = &r->lines[*i];
		int rc = 0;

		if (line_is_legend(l))
			rc = read_legend(r, i, end, out);
		else if (line_is_columns(l))
			rc = read_columns(r, i, end, out);
		else if (l->n == 0 && (out->has_legend || out->has_columns))
			++*i;
		else
			return 0;
		if (rc)
			return rc;
		r->begun = true;
	}
	return 0;
}
