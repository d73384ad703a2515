/* The text report's table of subjects and its findings. */
#include <string.h>

#include "rosaudit/service.h"
#include "rosaudit/text.h"
#include "text.h"
#include "text_table.h"

#define LINE_BYTES (1u << 20)

static void format_port(int port, enum transport_proto proto, struct buf *out)
{
	if (port < 0)
		return;
	buf_printf(out, "%d", port);
	if (proto != L4_UNKNOWN)
		buf_printf(out, "/%s", l4_name(proto));
}

/* The worst of the subject's findings; they are sorted, so it has the smallest index. */
static const struct finding *worst_finding(const struct findings *f, const struct subject *s)
{
	size_t best = f->n;

	for (size_t i = 0; i < s->findings_n; i++)
		if (s->findings[i] < best)
			best = s->findings[i];
	return best < f->n ? &f->v[best] : NULL;
}

static void format_failure(const struct findings *f, const struct subject *s, struct buf *out)
{
	const struct finding *worst = worst_finding(f, s);

	if (worst)
		buf_printf(out, "%s ", worst->rule->id);
	buf_puts(out, severity_name(s->worst));
	if (s->findings_n > 1)
		buf_printf(out, " (+%zu more)", s->findings_n - 1);
}

static enum paint format_verdict(const struct findings *f, const struct subject *s, struct buf *out)
{
	switch (s->verdict) {
	case VERDICT_PASS:
		buf_puts(out, "pass");
		return PAINT_PASS;
	case VERDICT_FINDING:
		format_failure(f, s, out);
		return paint_of(s->worst);
	case VERDICT_UNKNOWN:
		buf_puts(out, "could not tell");
		return PAINT_UNKNOWN;
	case VERDICT_NONE:
		break;
	}
	buf_putc(out, '-');
	return PAINT_FAINT;
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
	text_table_cell(t, 4, s->reachable, PAINT_NONE);
	buf_clear(&b);
	paint = format_verdict(f, s, &b);
	text_table_cell(t, 5, buf_str(&b), paint);
	buf_done(&b);
}

void text_put_subjects(const struct page *page, const struct result *r)
{
	static const struct text_column columns[] = {
		{"SERVICE", false, 8},   {"PORT", true, 5},        {"EXPECTED", false, 10},
		{"DECLARED", false, 10}, {"REACHABLE", false, 10}, {"VERDICT", false, 14},
	};
	const struct findings *f = &r->findings;
	struct text_table t;

	if (f->subjects_n == 0) {
		if (r->audited)
			page_text(page, 2, "There was nothing to compare.", PAINT_UNKNOWN);
		return;
	}
	text_table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < f->subjects_n; i++)
		add_subject(f, &f->subjects[i], &t);
	buf_putc(page->out, '\n');
	if (text_table_write(&t, page))
		page_text(page, 0,
		          "[...] stands for what did not fit; a wider page or the JSON report "
		          "shows it.",
		          PAINT_FAINT);
	text_table_done(&t);
}

static void put_finding_title(const struct page *page, const struct finding *f)
{
	const char *word = f->undecided ? "could not tell" : severity_name(f->severity);
	struct buf b;

	buf_init(&b, LINE_BYTES);
	buf_printf(&b, "%s %s ", word, f->rule->id);
	buf_puts(&b, f->service ? f->service : f->port >= 0 ? "port" : "");
	if (f->port >= 0)
		buf_putc(&b, ' ');
	format_port(f->port, f->proto, &b);
	if (f->service || f->port >= 0)
		buf_puts(&b, ": ");
	buf_puts(&b, f->rule->title);
	page_text(page, 0, buf_str(&b), f->undecided ? PAINT_UNKNOWN : paint_of(f->severity));
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
	page_field(page, 4, "asked for", buf_str(&b), PAINT_NONE);
	buf_done(&b);
}

static void put_finding(const struct page *page, const struct finding *f)
{
	put_finding_title(page, f);
	page_field(page, 4, "expected", f->expected, PAINT_NONE);
	page_field(page, 4, "declared", f->declared, PAINT_NONE);
	page_field(page, 4, "reachable", f->reachable, PAINT_NONE);
	if (f->evidence)
		page_field(page, 4, "evidence", f->evidence, PAINT_NONE);
	put_origin(page, &f->origin);
	if (f->mend)
		page_command(page, 4, "mend", f->mend);
}

/* Info findings are for those who ask; what could not be judged is for everybody. */
static bool is_shown(const struct finding *f, bool verbose)
{
	return verbose || f->undecided || f->severity > SEVERITY_INFO;
}

static void put_hidden(const struct page *page, size_t findings, size_t notes)
{
	struct buf b;

	if (findings == 0 && notes == 0)
		return;
	buf_init(&b, LINE_BYTES);
	if (findings > 0)
		buf_printf(&b, "%zu info finding%s", findings, findings == 1 ? "" : "s");
	if (notes > 0)
		buf_printf(&b, "%s%zu note%s", findings ? " and " : "", notes,
		           notes == 1 ? "" : "s");
	buf_puts(&b, " not shown; --verbose shows all.");
	buf_putc(page->out, '\n');
	page_text(page, 0, buf_str(&b), PAINT_FAINT);
	buf_done(&b);
}

void text_put_findings(const struct page *page, const struct result *r, bool verbose)
{
	const struct findings *f = &r->findings;
	size_t hidden = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (!is_shown(&f->v[i], verbose)) {
			hidden++;
			continue;
		}
		buf_putc(page->out, '\n');
		put_finding(page, &f->v[i]);
	}
	put_hidden(page, hidden, verbose ? 0 : r->device.notes_n);
}
