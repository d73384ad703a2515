/* Tables: a header line, then rows whose cells stand under its words (routeros.md 1.4). */
#include <ctype.h>
#include <string.h>

#include "forms.h"

/* A RouterOS 6 row with a comment: number and flags first, its cells on the next line. */
struct pending {
	bool head;  /* number and flags are read */
	bool about; /* a ";;;" line came last */
};

/* "12 ", or "*1F " where `show-ids` printed ids. */
static bool begins_with_number(const struct line *l)
{
	size_t i = line_indent(l), n;

	if (i < l->n && l->p[i] == '*')
		n = 1 + strspn(l->p + i + 1, "0123456789ABCDEFabcdef");
	else
		n = strspn(l->p + i, "0123456789");
	i += n;
	return n > 0 && (i == l->n || l->p[i] == ' ' || l->p[i] == '\t');
}

static int check_not_blank(struct reading *r, const struct line *l)
{
	for (size_t i = 0; i < r->draft.n; i++) {
		const char *value = r->draft.cells[i].value;

		if (value ? *value != '\0' : r->draft.items[i] > 0)
			return 0;
	}
	return fail_at(r, line_spot(r, l, line_indent(l)), "a row without any cell: cut off?");
}

/* ";;;" behind number and flags: RouterOS 6. */
static bool numbered_about(const struct line *l, size_t *at)
{
	const char *p = strstr(l->p, ";;;");

	for (size_t i = line_indent(l); p && l->p + i < p; i++)
		if (!isalnum((unsigned char)l->p[i]) && !strchr(" \t*", l->p[i]))
			return false;
	if (p)
		*at = (size_t)(p - l->p);
	return p != NULL;
}

static int flush(struct reading *r, bool *open)
{
	if (!*open)
		return 0;
	*open = false;
	return draft_commit(r);
}

static int read_row(struct reading *r, struct table *t, const struct line *l, struct pending *pend,
                    bool *open)
{
	const char *about = r->draft.about;
	bool kept = pend->about && !pend->head;
	size_t at;

	if (flush(r, open))
		return -1;
	draft_begin(r, l->number);
	if (kept)
		r->draft.about = about;
	*pend = (struct pending){0};
	if (numbered_about(l, &at)) {
		*pend = (struct pending){.head = true, .about = true};
		if (table_flags(r, l, at))
			return -1;
		draft_about(r, l->p + at + 3, l->n - at - 3);
		return 0;
	}
	if (table_cells(r, t, l, true) || check_not_blank(r, l))
		return -1;
	*open = true;
	return 0;
}

static int read_unnumbered(struct reading *r, struct table *t, const struct line *l,
                           struct pending *pend, bool *open)
{
	/* A comment of several lines goes on at the margin, a row never. */
	if (pend->about && line_indent(l) == 0) {
		draft_about(r, l->p, l->n);
		return 0;
	}
	if (pend->head) {
		*pend = (struct pending){0};
		if (table_cells(r, t, l, false) || check_not_blank(r, l))
			return -1;
		*open = true;
		return 0;
	}
	if (!*open || pend->about)
		return fail_at(r, line_spot(r, l, line_indent(l)),
		               "this line belongs to no row of the table");
	return table_continue(r, t, l);
}

/* ";;; text" on a line of its own stands before its row (RouterOS 7). */
static int read_about(struct reading *r, const struct line *l, struct pending *pend, bool *open)
{
	size_t i = line_indent(l) + 3;

	if (pend->head)
		return fail_at(r, line_spot(r, l, line_indent(l)),
		               "a second comment where the row's cells should be");
	if (flush(r, open))
		return -1;
	if (!pend->about)
		draft_begin(r, l->number);
	pend->about = true;
	draft_about(r, l->p + i, l->n - i);
	return 0;
}

static bool ends_table(const struct reading *r, const struct line *l)
{
	return line_is_legend(l) || line_is_columns(l) || line_is_header(l) ||
	       export_starts(r, l) || line_is_singleton(l);
}

static int finish(struct reading *r, const struct line *header, const struct pending *pend,
                  bool *open, size_t rows)
{
	if (flush(r, open))
		return -1;
	if (pend->head || pend->about)
		return fail_at(r, line_spot(r, &r->lines[r->lines_n - 1], 0),
		               "the table ends behind a comment: cut off?");
	if (r->out->n == rows && !r->command.filtered)
		return fail_at(r, line_spot(r, header, line_indent(header)),
		               "a header without rows: cut off?");
	return 0;
}

static int read_rows(struct reading *r, struct table *t, size_t *i, size_t end,
                     struct pending *pend, bool *open)
{
	for (; *i < end; ++*i) {
		const struct line *l = &r->lines[*i];
		int rc;

		if (l->n == 0)
			continue;
		if (ends_table(r, l))
			break;
		if (line_is_about(l))
			rc = read_about(r, l, pend, open);
		else if (begins_with_number(l))
			rc = read_row(r, t, l, pend, open);
		else
			rc = read_unnumbered(r, t, l, pend, open);
		if (rc)
			return -1;
	}
	return 0;
}

/* Another menu's rows, up to what begins a new listing. */
static void skip_rows(struct reading *r, size_t *i, size_t end)
{
	while (*i < end && !ends_table(r, &r->lines[*i]))
		++*i;
}

int table_read(struct reading *r, size_t *i, size_t end, const struct preamble *pre)
{
	const struct line *header = &r->lines[(*i)++];
	struct table *t = arena_alloc(&r->scratch, sizeof(*t));
	struct pending pend = {0};
	size_t rows = r->out->n;
	bool open = false, ours;

	if (table_head(r, header, pre, t, &ours))
		return -1;
	if (!ours) {
		skip_rows(r, i, end);
		return 0;
	}
	if (read_rows(r, t, i, end, &pend, &open))
		return -1;
	return finish(r, header, &pend, &open, rows);
}
