/* rows_parse: which form is it, whose output, and what may be skipped. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "rosaudit/routeros.h"

/* A form that lines can begin with. */
struct form_reader {
	bool (*starts)(const struct reading *r, const struct line *l);
	int (*read)(struct reading *r, size_t *i, size_t end);
};

static const struct form_reader readers[] = {
	{export_starts, export_read},
	{as_value_starts, as_value_read},
};

#define READERS (sizeof(readers) / sizeof(readers[0]))

/* The next word of the line at *i: is it a number? False at the end, too. */
static bool word_is_number(const struct line *l, size_t *i)
{
	size_t start, digits;

	while (*i < l->n && (l->p[*i] == ' ' || l->p[*i] == '\t'))
		++*i;
	start = *i;
	digits = strspn(l->p + start, "0123456789");
	while (*i < l->n && l->p[*i] != ' ' && l->p[*i] != '\t')
		++*i;
	return digits && start + digits == *i;
}

/* "3 ssh 22", "4 X www-ssl 443": a row whose header is missing must not pass as a banner. */
static bool looks_like_row(const struct line *l)
{
	size_t i = 0;

	if (!word_is_number(l, &i) || word_is_number(l, &i))
		return false;
	return word_is_number(l, &i) || word_is_number(l, &i);
}

static struct spot line_start(struct reading *r, const struct line *l)
{
	return line_spot(r, l, line_indent(l));
}

static int fail_stray(struct reading *r, const struct line *l)
{
	size_t i = line_indent(l);

	if (console_is_error(l->p + i, l->n - i, -1, r->err))
		return -1;
	return fail_at(r, line_start(r, l), "this line is not understood");
}

/* A login's banner, a note, a licence question: only before anything of an answer was seen. */
static int skip_banner(struct reading *r, size_t *i)
{
	const struct line *first = &r->lines[*i];

	if (looks_like_row(first))
		return fail_at(r, line_start(r, first), "a row without a header above it");
	if (!r->banner_at.line)
		r->banner_at = line_start(r, first);
	++*i;
	return 0;
}

/* A long command that the terminal broke: its options count, whichever line they are on. */
static bool is_command_wrap(const struct reading *r, size_t i, size_t end)
{
	for (size_t k = i + 1; k < end && k < i + 3; k++)
		if (line_is_legend(&r->lines[k]) || line_is_columns(&r->lines[k]) ||
		    line_is_header(&r->lines[k]))
			return !looks_like_row(&r->lines[i]);
	return false;
}

static void take_command_wrap(struct reading *r, const struct line *l)
{
	if (strstr(l->p, "proplist=") || strstr(l->p, "brief"))
		r->command.proplist = true;
	if (strstr(l->p, "where"))
		r->command.filtered = true;
}

static int read_titled(struct reading *r, size_t *i, size_t end)
{
	struct preamble pre;
	size_t first = *i;

	if (preamble_read(r, i, end, &pre))
		return -1;
	if (*i < end && line_is_header(&r->lines[*i]))
		return table_read(r, i, end, &pre);
	if (*i < end && line_is_record(r, &r->lines[*i]))
		return records_read(r, i, end, &pre);
	if (*i < end)
		return fail_at(r, line_start(r, &r->lines[*i]),
		               "neither a table's header nor a record where one should be");
	if (r->command.filtered)
		return 0;
	return fail_at(r, line_start(r, &r->lines[first]), "nothing follows this: cut off?");
}

static bool starts_titled(const struct reading *r, const struct line *l)
{
	return line_is_legend(l) || line_is_columns(l) || line_is_header(l) || line_is_record(r, l);
}

/* "  uptime: 1d" and so on: the record of another menu. */
static int read_singleton(struct reading *r, size_t *i, size_t end)
{
	struct shape_test test = {0};
	struct spot s = line_start(r, &r->lines[*i]);

	for (; *i < end && line_is_singleton(&r->lines[*i]); ++*i) {
		const struct line *l = &r->lines[*i];
		size_t start = line_indent(l);

		if (test.known + test.unknown < LIMIT_COLUMNS)
			shape_test_add(r, &test, l->p + start, strcspn(l->p + start, ":"));
	}
	shape_test_refuse(r, &test, s);
	return 0;
}

/* One listing, or one line that is none. first: no listing yet below the echoed command. */
static int read_some(struct reading *r, size_t *i, size_t end, bool first)
{
	const struct line *l = &r->lines[*i];

	if (starts_titled(r, l))
		return read_titled(r, i, end);
	for (size_t k = 0; k < READERS; k++)
		if (readers[k].starts(r, l))
			return readers[k].read(r, i, end);
	if (line_is_singleton(l))
		return read_singleton(r, i, end);
	if (!r->begun)
		return skip_banner(r, i);
	if (first && r->command.text && is_command_wrap(r, *i, end)) {
		take_command_wrap(r, l);
		++*i;
		return 0;
	}
	return fail_stray(r, l);
}

/* The words of a header, or the keys of a record. */
static void add_shape(struct reading *r, const struct line *l, bool header, struct shape_test *t)
{
	for (size_t i = 0; i < l->n;) {
		size_t start, n;

		while (i < l->n && strchr("# \t;", l->p[i]))
			i++;
		start = i;
		while (i < l->n && !strchr(" \t;", l->p[i]))
			i++;
		n = header ? i - start : pair_key(l->p + start, i - start);
		if (n && t->known + t->unknown < LIMIT_COLUMNS)
			shape_test_add(r, t, l->p + start, n);
	}
}

/* Does any line of the block begin a listing that is ours by its shape? */
static bool block_has_ours(struct reading *r, size_t i, size_t end)
{
	for (; i < end; i++) {
		const struct line *l = &r->lines[i];
		struct shape_test test = {0};
		bool header = line_is_header(l);

		if (!header && !line_is_record(r, l) && !as_value_starts(r, l))
			continue;
		add_shape(r, l, header, &test);
		if (shape_test_ours(r, &test))
			return true;
	}
	return false;
}

/* Output of another menu's command. */
static void skip_foreign(struct reading *r, size_t i, size_t end)
{
	const struct command *c = &r->command;
	int n = c->n > 60 ? 60 : (int)c->n;

	while (i < end && r->lines[i].n == 0)
		i++;
	if (i == end)
		return;
	warn(r, "line %zu: output of \"%.*s\" skipped: it is not of %s", r->lines[i].number, n,
	     c->text, r->menu->path);
	if (!r->foreign[0]) {
		snprintf(r->foreign, sizeof(r->foreign), "this is output of \"%.*s\"", n, c->text);
		r->foreign_at = line_start(r, &r->lines[i]);
	}
}

/* The lines below one echoed command, up to the next. */
static int read_block(struct reading *r, size_t i, size_t end)
{
	size_t listings = r->out->listings_n;

	if (r->command.relation == COMMAND_FOREIGN && !block_has_ours(r, i, end)) {
		skip_foreign(r, i, end);
		return 0;
	}
	while (i < end) {
		if (r->lines[i].n == 0)
			i++;
		else if (read_some(r, &i, end, r->out->listings_n == listings))
			return -1;
	}
	return 0;
}

static int read_blocks(struct reading *r)
{
	size_t i = 0;

	while (i < r->lines_n) {
		struct command next = {0};
		size_t end = i;

		/* A script inside an export may print, too. */
		while (end < r->lines_n && ((end > i && line_is_wrapped(&r->lines[end - 1])) ||
		                            !line_is_command(r, &r->lines[end], &next)))
			end++;
		if (read_block(r, i, end))
			return -1;
		if (end < r->lines_n) {
			r->command = next;
			if (next.relation == COMMAND_OURS && next.filtered)
				r->asked_filtered = true;
			else if (next.relation == COMMAND_OURS)
				r->asked = true;
			r->begun = true;
		}
		i = end + 1;
	}
	return 0;
}

static const struct line *first_line(const struct reading *r)
{
	for (size_t i = 0; i < r->lines_n; i++)
		if (r->lines[i].n)
			return &r->lines[i];
	return &r->lines[0];
}

/* Nothing of ours was found: the error says what was. */
static int fail_nothing(struct reading *r)
{
	const struct line *first = first_line(r);

	if (console_is_error(first->p, first->n, -1, r->err))
		return -1;
	if (r->foreign[0])
		fail_at(r, r->foreign_at, "%s", r->foreign);
	else if (r->asked)
		fail_at(r, line_start(r, first), "no output stands below the command");
	else
		fail_at(r, line_start(r, first), "this is no output of %s print", r->menu->path);
	return error_hint(r->err,
	                  "what can be read: the output of `%s print`, with or without "
	                  "terse, detail or as-value, `/export`, and REST's JSON",
	                  r->menu->path);
}

static int read_text(struct reading *r, const char *p, size_t n)
{
	if (json_starts(p, n))
		return json_read(r, p, n);
	if (lines_split(r, p, n) || read_blocks(r) || cut_check(r))
		return -1;
	if (!r->ours && (r->asked || !r->asked_filtered || r->foreign[0]))
		return fail_nothing(r);
	if (r->banner_at.line)
		warn(r, "line %zu: lines before the listing were skipped", r->banner_at.line);
	return 0;
}

/* What the first listing says stands for the whole; choices count wherever they were made. */
static void sum_up(struct rows *out, const struct listing *first)
{
	if (!first)
		return;
	out->form = first->form;
	out->columns = first->columns;
	out->columns_n = first->columns_n;
	out->has_flags = first->has_flags;
	out->legend = first->legend;
	out->proplist = first->proplist;
	out->filtered = first->filtered;
	for (size_t i = 0; i < out->n; i++) {
		out->proplist = out->proplist || out->v[i].listing->proplist;
		out->filtered = out->filtered || out->v[i].listing->filtered;
	}
}

int rows_parse(const struct menu *menu, const char *p, size_t n, const char *where,
               struct arena *arena, struct rows *out, struct error *err)
{
	struct error own = {0};
	struct reading *r = mem_alloc(sizeof(*r));
	int rc;

	*out = (struct rows){.legend = ""};
	r->menu = menu;
	r->where = where;
	r->arena = arena;
	r->out = out;
	r->err = err ? err : &own;
	arena_init(&r->scratch);
	rc = read_text(r, p, n);
	if (rc == 0)
		sum_up(out, out->n ? out->v[0].listing : r->listing);
	draft_done(&r->draft);
	free(r->shape);
	free(r->offsets);
	arena_done(&r->scratch);
	free(r);
	return rc ? -1 : 0;
}
