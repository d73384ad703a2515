/* The text report's table of subjects and its findings. */
#include <string.h>

#include "rosaudit/message.h"
#include "rosaudit/service.h"
#include "rosaudit/text.h"
#include "tally.h"
#include "text.h"
#include "text_table.h"

#define LINE_BYTES (1u << 20)

static enum paint format_verdict(const struct findings *f, const struct subject *s, struct buf *out)
{
	const struct judged j = tally_judge(f, s);
	const char *name = tally_outcome_name(j.outcome);

	if (j.outcome != OUTCOME_FINDING) {
		buf_puts(out, name ? _(name) : "-");
		return j.outcome == OUTCOME_PASS      ? PAINT_PASS
		       : j.outcome == OUTCOME_UNKNOWN ? PAINT_UNKNOWN
		                                      : PAINT_FAINT;
	}
	if (j.worst)
		buf_printf(out, "%s ", j.worst->rule->id);
	buf_puts(out, _(severity_name(j.severity)));
	if (j.more > 0)
		buf_printf(out, P_(" (+%zu more)", " (+%zu more)", j.more), j.more);
	return paint_of(j.severity);
}

static void add_subject(const struct findings *f, const struct subject *s, struct text_table *t)
{
	enum paint paint;
	struct buf b;

	buf_init(&b, LINE_BYTES);
	text_table_row(t);
	text_table_cell(t, 0, s->name, PAINT_NONE);
	if (s->port >= 0)
		buf_printf(&b, s->proto == L4_UDP ? "%d/udp" : "%d", s->port);
	text_table_cell(t, 1, b.n ? buf_str(&b) : "-", PAINT_NONE);
	text_table_cell(t, 2, s->expected, PAINT_NONE);
	text_table_cell(t, 3, s->declared, PAINT_NONE);
	text_table_cell(t, 4, tally_reachable(s->reachable, s->filtered_by, &language_local, &b),
	                PAINT_NONE);
	buf_clear(&b);
	paint = format_verdict(f, s, &b);
	text_table_cell(t, 5, buf_str(&b), paint);
	buf_done(&b);
}

void text_put_subjects(const struct page *page, const struct result *r)
{
	const struct text_column columns[] = {
		{_("SERVICE"), false, 8},   {_("PORT"), true, 5},        {_("EXPECTED"), false, 10},
		{_("DECLARED"), false, 10}, {_("REACHABLE"), false, 10}, {_("VERDICT"), false, 14},
	};
	const struct findings *f = result_for_people(r);
	struct text_table t;

	if (f->subjects_n == 0) {
		if (r->audited)
			page_text(page, 2, _("There was nothing to compare."), PAINT_UNKNOWN);
		return;
	}
	text_table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < f->subjects_n; i++)
		add_subject(f, &f->subjects[i], &t);
	buf_putc(page->out, '\n');
	if (text_table_write(&t, page))
		page_text(page, 0,
		          _("[...] stands for what did not fit; a wider page or the JSON report "
		            "shows it."),
		          PAINT_FAINT);
	text_table_done(&t);
}

static void put_finding_title(const struct page *page, const struct finding *f)
{
	const char *word = f->undecided ? N_("could not tell") : severity_name(f->severity);
	enum paint paint = f->undecided ? PAINT_UNKNOWN : paint_of(f->severity);
	struct buf b;

	buf_init(&b, LINE_BYTES);
	buf_printf(&b, "%s%s %s ", f->waived ? _("waived: ") : "", _(word), f->rule->id);
	tally_place(f->service, f->port, f->proto, &b);
	if (f->service || f->port >= 0)
		buf_puts(&b, _(": "));
	buf_puts(&b, tally_title_read(f));
	page_text(page, 0, buf_str(&b), f->waived ? PAINT_FAINT : paint);
	buf_done(&b);
}

static void put_origin(const struct page *page, const struct origin *o)
{
	struct buf b;

	if (!o->file)
		return;
	buf_init(&b, LINE_BYTES);
	buf_puts(&b, o->file);
	if (o->line)
		buf_printf(&b, ":%zu", o->line);
	page_field(page, 4, _("asked for"), buf_str(&b), PAINT_NONE);
	buf_done(&b);
}

/* What another menu opens; of a row of /ip service the mend says as much. */
static void put_cause(const struct page *page, const struct cause *c)
{
	struct buf b;

	if (!c || c->kind == CAUSE_SERVICE)
		return;
	buf_init(&b, CAUSE_TEXT_MAX);
	cause_format(c, &b);
	page_field(page, 4, _("cause"), buf_str(&b), PAINT_NONE);
	buf_done(&b);
}

static void put_finding(const struct page *page, const struct finding *f)
{
	struct buf b;

	buf_init(&b, LINE_BYTES);
	put_finding_title(page, f);
	page_field(page, 4, _("expected"), f->expected, PAINT_NONE);
	page_field(page, 4, _("declared"), f->declared, PAINT_NONE);
	page_field(page, 4, _("reachable"),
	           tally_reachable(f->reachable, f->filtered_by, &language_local, &b), PAINT_NONE);
	buf_done(&b);
	if (f->evidence)
		page_field(page, 4, _("evidence"), f->evidence, PAINT_NONE);
	put_cause(page, f->cause);
	put_origin(page, &f->origin);
	if (f->why)
		page_field(page, 4, _("why"), f->why, PAINT_NONE);
	if (f->link)
		page_field(page, 4, _("link"), f->link, PAINT_NONE);
	if (f->waived)
		page_field(page, 4, _("waived"), f->waiver, PAINT_NONE);
	if (f->mend)
		page_command(page, 4, _("mend"), f->mend);
}

/* Info findings are for those who ask; what could not be judged is for everybody. What was waived
 * is told whatever its severity: a waiver hides nothing. */
static bool is_shown(const struct finding *f, bool verbose)
{
	return verbose || f->undecided || f->waived || f->severity > SEVERITY_INFO;
}

static void put_hidden(const struct page *page, size_t findings)
{
	struct buf b;

	if (findings == 0)
		return;
	buf_init(&b, LINE_BYTES);
	buf_printf(&b,
	           P_("%zu info finding not shown; --verbose shows all.",
	              "%zu info findings not shown; --verbose shows all.", findings),
	           findings);
	buf_putc(page->out, '\n');
	page_text(page, 0, buf_str(&b), PAINT_FAINT);
	buf_done(&b);
}

void text_put_findings(const struct page *page, const struct result *r, bool verbose)
{
	const struct findings *f = result_for_people(r);
	size_t hidden = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (!is_shown(&f->v[i], verbose)) {
			hidden++;
			continue;
		}
		buf_putc(page->out, '\n');
		put_finding(page, &f->v[i]);
	}
	put_hidden(page, hidden);
}
