/* Does a line stand under a table's header? Characters, not bytes, are compared. */
#include <ctype.h>
#include <string.h>

#include "forms.h"

static bool blank_at(const struct shape *s, size_t i)
{
	return i >= s->n || s->p[i] == ' ';
}

static bool blank_between(const struct shape *s, size_t from, size_t to)
{
	for (size_t i = from; i < to && i < s->n; i++)
		if (s->p[i] != ' ')
			return false;
	return true;
}

static bool is_number_column(const struct column *c)
{
	return c->prop && c->prop->kind == PROPERTY_NUMBER;
}

/* A number ends under the header word's last letter; under a header that is left-aligned over wider
 * numbers, one character later. */
static bool fit_number(const struct shape *s, size_t end, bool loose, struct span *out)
{
	size_t from = end, to = end;

	*out = (struct span){end, end};
	if (blank_at(s, end - 1)) {
		if (!blank_at(s, end) && isdigit((unsigned char)s->p[end]) && blank_at(s, end + 1))
			out->to++;
		return true;
	}
	while (!blank_at(s, to))
		to++;
	while (from > 0 && !blank_at(s, from - 1))
		from--;
	if (to > end + 1)
		return false;
	for (size_t i = from; i < to && !loose; i++)
		if (!isdigit((unsigned char)s->p[i]))
			return false;
	*out = (struct span){from, to};
	return true;
}

/* Where the cell right of column i begins at the latest. */
static size_t right_edge(const struct table *t, const struct shape *s, size_t i, int shift,
                         const struct span *out)
{
	if (i + 1 == t->n)
		return s->n;
	if (is_number_column(&t->cols[i + 1]))
		return out[i + 1].from;
	return t->cols[i + 1].start + (size_t)shift;
}

/* "ssh  2" under an empty PORT is a number that was cut or moved, no name of two words. */
static bool ends_in_number(const struct shape *s, struct span c)
{
	size_t i = c.to;

	while (i > c.from && isdigit((unsigned char)s->p[i - 1]))
		i--;
	return i < c.to && i > c.from && s->p[i - 1] == ' ';
}

/* Text begins under the header word's first letter, with a blank before it. */
static bool fit_text(const struct table *t, const struct shape *s, size_t i, int shift,
                     struct span *out)
{
	size_t from = t->cols[i].start + (size_t)shift, to = right_edge(t, s, i, shift, out);

	out[i] = (struct span){from, from};
	if (to > s->n)
		to = s->n;
	while (to > from && s->p[to - 1] == ' ')
		to--;
	if (to <= from)
		return true;
	if (s->p[from] == ' ' || (from && s->p[from - 1] != ' '))
		return false;
	for (size_t k = from; k + 1 < to; k++)
		if (s->p[k] == ' ' && s->p[k + 1] == ' ')
			return false;
	out[i].to = to;
	if (i + 1 < t->n && is_number_column(&t->cols[i + 1]) && out[i + 1].from == out[i + 1].to)
		return !ends_in_number(s, out[i]);
	return true;
}

/* Flag letters that the legend or the menu names; a letter of its own may be new. */
static bool fit_flags(const struct table *t, const struct shape *s, size_t i, size_t to)
{
	for (; i < to && i < s->n; i++) {
		bool alone = blank_at(s, i - 1) && blank_at(s, i + 1);

		if (s->p[i] != ' ' && !strchr(t->letters, s->p[i]) &&
		    !(alone && isalpha((unsigned char)s->p[i])))
			return false;
	}
	return true;
}

/* "12 Dc " before the first cell, or blanks before a continuation. */
static bool fit_head(const struct table *t, const struct shape *s, size_t to, bool numbered)
{
	size_t i = 0, start;

	if (!numbered)
		return blank_between(s, 0, to);
	while (i < to && blank_at(s, i))
		i++;
	start = i;
	if (i < to && s->p[i] == '*')
		i++;
	while (i < to && i < s->n &&
	       (s->p[start] == '*' ? isxdigit((unsigned char)s->p[i])
	                           : isdigit((unsigned char)s->p[i])))
		i++;
	if (i == start || !blank_at(s, i))
		return false;
	return fit_flags(t, s, i, to);
}

/* Nothing may stand between two cells. */
static bool gaps_blank(const struct table *t, const struct shape *s, size_t from,
                       const struct span *out)
{
	for (size_t i = 0; i < t->n; i++) {
		if (out[i].from < from && out[i].to > out[i].from)
			return false;
		if (!blank_between(s, from, out[i].from))
			return false;
		if (out[i].to > from)
			from = out[i].to;
	}
	return blank_between(s, from, s->n);
}

bool table_fit(const struct table *t, const struct shape *s, int shift, bool numbered, bool loose,
               struct span *out)
{
	size_t first = t->cols[0].start + (size_t)shift;

	if (shift < 0 && t->cols[0].start < (size_t)-shift)
		return false;
	if (is_number_column(&t->cols[0]))
		first = 0;
	for (size_t i = 0; i < t->n; i++)
		if (is_number_column(&t->cols[i]) &&
		    !fit_number(s, t->cols[i].end + (size_t)shift, loose, &out[i]))
			return false;
	for (size_t i = 0; i < t->n; i++)
		if (!is_number_column(&t->cols[i]) && !fit_text(t, s, i, shift, out))
			return false;
	if (first == 0)
		first = out[0].from;
	return fit_head(t, s, first, numbered) && gaps_blank(t, s, first, out);
}
