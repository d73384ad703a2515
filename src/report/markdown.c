/* The Markdown report, as GitHub, GitLab and Gitea show it: pipe tables, no HTML but <code>. */
#include <ctype.h>
#include <string.h>

#include "formats.h"
#include "rosaudit/text.h"
#include "tally.h"

/* Text that no Markdown reader can take for anything else: words, numbers, a few signs; no
 * beginning of an address that would be made a link, no :name: that would be made a picture. */
static bool is_plain(const char *p)
{
	if (strcasestr(p, "www."))
		return false;
	for (; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr(" ,()/.;-", *p) &&
		    !(p[0] == ':' && p[1] == ' '))
			return false;
	return true;
}

/* In <code>, what means something to Markdown, HTML or a pipe table is a character reference, which
 * none of them takes for structure. */
static void put_references(struct buf *out, const char *p)
{
	for (; *p; p++) {
		if (strchr("\\`*_{}[]<>()#+!|~&\"'$@", *p))
			buf_printf(out, "&#%d;", *p);
		else
			buf_putc(out, *p);
	}
}

/* Foreign text. As code, so that nothing in it is a link, a mention or an emphasis; in a code span
 * where that can be written simply. */
static void put_text(struct buf *out, const char *text)
{
	struct buf b;
	const char *p;

	buf_init(&b, 8u * REPORT_TEXT_BYTES);
	text_escape_str(&b, text);
	out->overflow |= b.overflow;
	p = buf_str(&b);
	if (is_plain(p)) {
		buf_puts(out, p);
	} else if (strpbrk(p, "`|\\<&")) {
		buf_puts(out, "<code>");
		put_references(out, p);
		buf_puts(out, "</code>");
	} else {
		buf_printf(out, "`%s`", p);
	}
	buf_done(&b);
}

/* Cells: " | text". An empty one is a dash, which reads better than nothing. */
static void put_cell(struct buf *out, const char *text)
{
	buf_puts(out, " | ");
	if (text && *text && strcmp(text, "-") != 0)
		put_text(out, text);
	else
		buf_puts(out, "-");
}

/* Nothing is known of a router that was not audited. */
static void put_number_cell(struct buf *out, size_t n, bool known)
{
	if (known)
		buf_printf(out, " | %zu", n);
	else
		buf_puts(out, " | -");
}

static void put_header(struct buf *out, const char *const *titles, size_t n)
{
	buf_putc(out, '|');
	for (size_t i = 0; i < n; i++)
		buf_printf(out, " %s |", titles[i][0] == '>' ? titles[i] + 1 : titles[i]);
	buf_puts(out, "\n|");
	for (size_t i = 0; i < n; i++)
		buf_puts(out, titles[i][0] == '>' ? " ---: |" : " --- |");
	buf_putc(out, '\n');
}

#define PUT_HEADER(out, titles) put_header(out, titles, sizeof(titles) / sizeof((titles)[0]))

/* A row is begun by its first cell, without the blank before the bar. */
static void begin_row(struct buf *out, const char *text)
{
	buf_puts(out, "| ");
	put_text(out, text);
}

static void end_row(struct buf *out)
{
	buf_puts(out, " |\n");
}

static void put_routers(struct buf *out, const struct results *all)
{
	/* A title that begins with > is of numbers. */
	static const char *const titles[] = {"Router",  ">Critical", ">High", ">Medium",
	                                     ">Low",    ">Info",     ">Pass", ">Could not tell",
	                                     ">Waived", "Outcome"};

	PUT_HEADER(out, titles);
	for (size_t i = 0; i < all->n; i++) {
		bool known = all->v[i].audited || all->v[i].findings.n > 0;
		struct tally t = {0};
		struct buf name;

		buf_init(&name, REPORT_TEXT_BYTES);
		tally_router_name(all, i, &name);
		tally_add(&all->v[i], &t);
		begin_row(out, buf_str(&name));
		for (size_t s = SEVERITIES; s-- > 0;)
			put_number_cell(out, t.severity[s], known);
		put_number_cell(out, t.pass, known);
		put_number_cell(out, t.undecided, known);
		put_number_cell(out, t.waived, known);
		buf_printf(out, " | %s", tally_router_words(all, i));
		end_row(out);
		buf_done(&name);
	}
}

static void put_verdict_cell(struct buf *out, const struct findings *f, const struct subject *s)
{
	const struct judged j = tally_judge(f, s);
	const char *name = tally_outcome_name(j.outcome);

	if (j.outcome != OUTCOME_FINDING) {
		buf_printf(out, " | %s", name ? name : "-");
		return;
	}
	buf_printf(out, " | **%s**", severity_name(j.severity));
	if (j.worst)
		buf_printf(out, " %s", j.worst->rule->id);
	if (j.more > 0)
		buf_printf(out, " (+%zu more)", j.more);
}

static void put_subjects(struct buf *out, const struct findings *f)
{
	static const char *const titles[] = {"Service",  ">Port",     "Expected",
	                                     "Declared", "Reachable", "Verdict"};
	struct buf b;

	if (f->subjects_n == 0)
		return;
	buf_init(&b, REPORT_TEXT_BYTES);
	buf_putc(out, '\n');
	PUT_HEADER(out, titles);
	for (size_t i = 0; i < f->subjects_n; i++) {
		const struct subject *s = &f->subjects[i];

		begin_row(out, s->name);
		if (s->port >= 0)
			buf_printf(out, s->proto == L4_UDP ? " | %d/udp" : " | %d", s->port);
		else
			put_cell(out, NULL);
		put_cell(out, s->expected);
		put_cell(out, s->declared);
		buf_clear(&b);
		put_cell(out, tally_reachable(s->reachable, s->filtered_by, &language_english, &b));
		put_verdict_cell(out, f, s);
		end_row(out);
	}
	buf_done(&b);
}

static void put_item(struct buf *out, const char *label, const char *text)
{
	if (!text)
		return;
	buf_printf(out, "- %s: ", label);
	put_text(out, text);
	buf_putc(out, '\n');
}

static void put_origin(struct buf *out, const struct origin *at)
{
	struct buf b;

	if (!at->file)
		return;
	buf_init(&b, REPORT_TEXT_BYTES);
	buf_puts(&b, at->file);
	if (at->line)
		buf_printf(&b, ":%zu", at->line);
	put_item(out, "asked for by", buf_str(&b));
	buf_done(&b);
}

static void put_finding(struct buf *out, const struct finding *f)
{
	struct buf place;

	buf_init(&place, REPORT_TEXT_BYTES);
	tally_place(f->service, f->port, f->proto, &place);
	buf_printf(out, "\n**%s%s %s**", f->waived ? "waived: " : "",
	           f->undecided ? "could not tell" : severity_name(f->severity), f->rule->id);
	if (place.n > 0) {
		buf_putc(out, ' ');
		put_text(out, buf_str(&place));
	}
	buf_puts(out, ": ");
	put_text(out, tally_title(f));
	buf_puts(out, "\n\n");
	put_item(out, "expected", f->expected);
	put_item(out, "declared", f->declared);
	buf_clear(&place);
	put_item(out, "reachable",
	         tally_reachable(f->reachable, f->filtered_by, &language_english, &place));
	put_item(out, "evidence", f->evidence);
	put_item(out, "why", f->why);
	put_item(out, "link", f->link);
	put_origin(out, &f->origin);
	put_item(out, "waived", f->waived && !f->waiver ? "yes" : f->waiver);
	put_item(out, "mend", f->mend);
	buf_done(&place);
}

static void put_error(struct buf *out, const struct result *r)
{
	const char *end;

	if (r->audited && !error_is_set(&r->error))
		return;
	buf_printf(out, "\n**%s**: ", r->audited ? "audited only in part" : "not audited");
	put_text(out, error_is_set(&r->error) ? r->error.text : "no reason was given");
	buf_putc(out, '\n');
	if (r->error.hint[0])
		buf_putc(out, '\n');
	for (const char *p = r->error.hint; *p; p = *end ? end + 1 : end) {
		struct buf line;

		end = strchrnul(p, '\n');
		buf_init(&line, REPORT_TEXT_BYTES);
		buf_add(&line, p, (size_t)(end - p));
		put_item(out, "to do", buf_str(&line));
		buf_done(&line);
	}
}

static void put_about(struct buf *out, const struct result *r)
{
	buf_putc(out, '\n');
	put_item(out, "host", r->target->host);
	put_item(out, "RouterOS", r->device.version_text);
	put_item(out, "board", r->device.board);
	put_item(out, "identity", r->device.identity);
	put_item(out, "saved output", r->target->file);
	put_item(out, "profile", r->target->policy.profile);
	put_item(out, "audited at", r->started[0] ? r->started : NULL);
	for (size_t i = 0; i < r->device.notes_n; i++)
		put_item(out, "note", r->device.notes[i].text);
}

static void put_router(struct buf *out, const struct results *all, size_t i)
{
	const struct result *r = &all->v[i];
	struct buf name;

	buf_init(&name, REPORT_TEXT_BYTES);
	tally_router_name(all, i, &name);
	buf_puts(out, "\n## Router ");
	put_text(out, buf_str(&name));
	buf_putc(out, '\n');
	put_error(out, r);
	put_about(out, r);
	put_subjects(out, &r->findings);
	for (size_t j = 0; j < r->findings.n; j++)
		put_finding(out, &r->findings.v[j]);
	buf_done(&name);
}

void report_markdown_write(const struct results *results, const struct report_options *opt,
                           struct buf *out)
{
	(void)opt;
	buf_puts(out, "# rosaudit\n\n**");
	tally_verdict(results, &language_english, out);
	buf_puts(out, "**\n");
	if (results->started[0])
		buf_printf(out, "\nRun started at `%s`.\n", results->started);
	if (results->n > 0) {
		buf_putc(out, '\n');
		put_routers(out, results);
	}
	for (size_t i = 0; i < results->n; i++)
		put_router(out, results, i);
}
