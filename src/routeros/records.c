/*
 * Records that begin with a number: `print terse` (one line each, nothing quoted) and `print
 * detail` (quoted values, wrapped lines, a blank line between records).
 */
#include <ctype.h>
#include <string.h>

#include "forms.h"

/* "12 XI name=…", "12 XI ;;; text": where things stand in the line. */
struct head {
	size_t flags, flags_end; /* between number and body */
	size_t body;             /* first key, or ";;;" */
	bool about;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t skip_blanks(const struct line *l, size_t i)
{
	while (i < l->n && is_blank(l->p[i]))
		i++;
	return i;
}

static bool is_flag_word(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isalpha((unsigned char)p[i]) && !strchr("*+", p[i]))
			return false;
	return n > 0 && n <= 8;
}

static bool is_body(const struct line *l, size_t i, bool *about)
{
	*about = l->n - i >= 3 && memcmp(l->p + i, ";;;", 3) == 0;
	return *about || pair_key(l->p + i, l->n - i);
}

static bool record_head(const struct line *l, struct head *out)
{
	size_t i = skip_blanks(l, 0), start = i;

	if (i < l->n && l->p[i] == '*')
		i++;
	while (i < l->n && (l->p[start] == '*' ? isxdigit((unsigned char)l->p[i])
	                                       : isdigit((unsigned char)l->p[i])))
		i++;
	if (i == start || i == l->n || !is_blank(l->p[i]))
		return false;
	out->flags = i;
	for (;;) {
		i = skip_blanks(l, i);
		if (i == l->n)
			return false;
		if (is_body(l, i, &out->about))
			break;
		start = i;
		while (i < l->n && !is_blank(l->p[i]))
			i++;
		if (!is_flag_word(l->p + start, i - start))
			return false;
	}
	out->flags_end = out->body = i;
	return true;
}

bool line_is_record(const struct reading *r, const struct line *l)
{
	struct head ignored;

	(void)r;
	return record_head(l, &ignored);
}

/* One record's lines. */
struct record {
	size_t from, to; /* lines */
	struct head head;
};

/* Is a quote open at the end of j? Only one right behind "=" opens. */
static bool in_quote(const struct joined *j, size_t from, bool open)
{
	for (size_t i = from; i < j->n; i++) {
		if (open && j->p[i] == '\\')
			i++;
		else if (j->p[i] == '"' && (open || (i && j->p[i - 1] == '=')))
			open = !open;
	}
	return open;
}

/* Glues one more line: a list broken behind its comma goes on without a blank. */
static void glue(struct reading *r, struct joined *j, const struct line *l, size_t offset)
{
	bool list = j->n && j->p[j->n - 1] == ',';

	joined_add(r, j, j->n == 0 || list ? "" : " ", l, offset, l->n - offset);
}

/* A comment's own line, and the lines at the margin that go on with it. */
static size_t read_about(struct reading *r, const struct record *rec, bool terse, struct joined *j)
{
	const struct line *l = &r->lines[rec->from];
	size_t at = rec->head.body + 3, end = l->n, i = rec->from + 1;

	/* terse puts everything on one line: the comment ends before the first known property. */
	for (size_t k = at; terse && k < l->n; k++) {
		size_t key = is_blank(l->p[k]) ? pair_key(l->p + k + 1, l->n - k - 1) : 0;

		if (key && property_find(r->menu, l->p + k + 1, key)) {
			end = k;
			break;
		}
	}
	draft_about(r, l->p + at, end - at);
	if (end < l->n)
		glue(r, j, l, end + 1);
	for (; j->n == 0 && i < rec->to && line_indent(&r->lines[i]) == 0; i++)
		draft_about(r, r->lines[i].p, r->lines[i].n);
	return i;
}

static int read_flags(struct reading *r, const struct line *l, const struct head *h)
{
	for (size_t i = h->flags; i < h->flags_end; i++)
		if (!is_blank(l->p[i]) && draft_flag(r, l->p[i], line_spot(r, l, i)))
			return -1;
	return 0;
}

/* The pairs of a record, its lines glued. */
static int read_record(struct reading *r, const struct record *rec, bool terse, struct joined *j)
{
	const struct line *l = &r->lines[rec->from];
	size_t i = rec->from + 1;

	draft_begin(r, l->number);
	if (read_flags(r, l, &rec->head))
		return -1;
	joined_reset(j);
	if (rec->head.about)
		i = read_about(r, rec, terse, j);
	else
		glue(r, j, l, rec->head.body);
	for (; i < rec->to; i++)
		if (r->lines[i].n)
			glue(r, j, &r->lines[i], line_indent(&r->lines[i]));
	if (j->n == 0)
		return fail_at(r, line_spot(r, l, rec->head.body),
		               "a record without properties: cut off?");
	return pairs_read(r, j, 0, !terse);
}

/* Lines of the record that begins at rec->from: deeper ones, a comment's, all while a quote is
 * open. j gets them glued, to look at. */
static void find_end(struct reading *r, struct record *rec, size_t end, struct joined *j)
{
	bool open = false, about = rec->head.about;
	size_t i, seen = 0, indent = line_indent(&r->lines[rec->from]);

	joined_reset(j);
	glue(r, j, &r->lines[rec->from], 0);
	for (i = rec->from + 1; i < end; i++) {
		const struct line *l = &r->lines[i];
		struct head ignored;
		bool begins = record_head(l, &ignored);

		open = in_quote(j, seen, open);
		seen = j->n;
		if (l->n == 0 || line_is_legend(l) || line_is_columns(l))
			break;
		if (line_indent(l) <= indent && (!about || begins))
			break;
		if (!open && begins)
			break;
		about = about && line_indent(l) == 0;
		glue(r, j, l, line_indent(l));
	}
	rec->to = i;
}

/* terse never quotes and has one line to a record; only a terminal's edge may wrap it. */
static bool is_terse(const struct reading *r, const struct record *rec, const struct joined *j)
{
	if (strstr(j->p, "=\""))
		return false;
	return rec->to == rec->from + 1 || (!rec->head.about && r->lines[rec->from].n >= 60);
}

/* Judged by its words alone: another menu's values need not make sense here. */
static bool record_is_ours(struct reading *r, const struct record *rec, const struct joined *j)
{
	const struct line *l = &r->lines[rec->from];
	struct shape_test test = {0};

	for (size_t i = 0; i < j->n; i++) {
		size_t key = i && is_blank(j->p[i - 1]) ? pair_key(j->p + i, j->n - i) : 0;

		if (key)
			shape_test_add(r, &test, j->p + i, key);
	}
	if (shape_test_ours(r, &test))
		return true;
	shape_test_refuse(r, &test, line_spot(r, l, line_indent(l)));
	return false;
}

/* The next record at or behind *i; false when something else comes. */
static bool next_record(const struct reading *r, size_t *i, size_t end, struct record *rec)
{
	size_t k = *i;

	while (k < end && r->lines[k].n == 0)
		k++;
	if (k == end || !record_head(&r->lines[k], &rec->head))
		return false;
	rec->from = *i = k;
	return true;
}

int records_read(struct reading *r, size_t *i, size_t end, const struct preamble *pre)
{
	struct listing *listing = NULL;
	struct record rec = {0};
	struct joined j;
	bool ours = true, terse = false;

	while (next_record(r, i, end, &rec)) {
		find_end(r, &rec, end, &j);
		*i = rec.to;
		if (!listing && ours) {
			terse = is_terse(r, &rec, &j);
			ours = record_is_ours(r, &rec, &j);
		}
		if (!ours)
			continue;
		if (!listing) {
			listing = listing_begin(r, terse ? ROS_FORM_TERSE : ROS_FORM_DETAIL);
			listing->has_flags = true;
			listing->legend = arena_strdup(r->arena, pre->letters);
		}
		if (read_record(r, &rec, terse, &j) || draft_commit(r))
			return -1;
	}
	return 0;
}
