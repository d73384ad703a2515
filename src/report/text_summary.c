/* The end of the text report: all routers, the counts, the verdict. */
#include "rosaudit/message.h"
#include "tally.h"
#include "text.h"
#include "text_table.h"

#define LINE_BYTES (1u << 16)

/* A router alone is never "interrupted". */
static enum paint outcome_paint(const struct results *all, size_t i)
{
	int status = tally_status(all, i);

	return status == 0 ? PAINT_PASS : status == 1 ? PAINT_HIGH : PAINT_UNKNOWN;
}

static void number_cell(struct text_table *table, size_t column, size_t n, enum paint paint)
{
	struct buf b;

	buf_init(&b, LINE_BYTES);
	buf_printf(&b, "%zu", n);
	text_table_cell(table, column, buf_str(&b), n > 0 ? paint : PAINT_NONE);
	buf_done(&b);
}

/* Columns 1 and up: the severities from the worst, passes, undecided. */
static void tally_cells(struct text_table *table, const struct tally *t)
{
	for (size_t i = 0; i < SEVERITIES; i++) {
		enum severity severity = (enum severity)(SEVERITIES - 1 - i);

		number_cell(table, 1 + i, t->severity[severity], paint_of(severity));
	}
	number_cell(table, 1 + SEVERITIES, t->pass, PAINT_PASS);
	number_cell(table, 2 + SEVERITIES, t->undecided, PAINT_UNKNOWN);
}

static void router_row(struct text_table *table, const struct results *all, size_t i)
{
	const struct result *r = &all->v[i];
	struct tally t = {0};

	tally_add(r, &t);
	text_table_row(table);
	text_table_cell(table, 0, r->target->name ? r->target->name : r->target->host, PAINT_NONE);
	if (r->audited || r->findings.n > 0)
		tally_cells(table, &t);
	text_table_cell(table, SEVERITIES + 3, _(tally_router_words(all, i)),
	                outcome_paint(all, i));
}

static void put_routers(const struct page *page, const struct results *results)
{
	const struct text_column columns[] = {
		{_("ROUTER"), false, 12}, {_("CRITICAL"), true, 8},  {_("HIGH"), true, 6},
		{_("MEDIUM"), true, 6},   {_("LOW"), true, 6},       {_("INFO"), true, 6},
		{_("PASS"), true, 6},     {_("UNDECIDED"), true, 9}, {_("OUTCOME"), false, 13},
	};
	struct text_table table;

	text_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < results->n; i++)
		router_row(&table, results, i);
	text_table_write(&table, page);
	text_table_done(&table);
	buf_putc(page->out, '\n');
}

static void put_counts(const struct page *page, const struct tally *t)
{
	size_t audited = t->routers - t->not_audited;
	struct buf b;

	buf_init(&b, LINE_BYTES);
	buf_printf(&b, P_("%zu audited", "%zu audited", audited), audited);
	buf_printf(&b, P_(", %zu not audited", ", %zu not audited", t->not_audited),
	           t->not_audited);
	page_field(page, 2, _("routers"), buf_str(&b),
	           t->not_audited + t->partial ? PAINT_UNKNOWN : PAINT_NONE);
	buf_clear(&b);
	for (size_t i = SEVERITIES; i-- > 0;)
		buf_printf(&b, "%zu %s%s", t->severity[i], _(severity_name((enum severity)i)),
		           i > 0 ? ", " : "");
	page_field(page, 2, _("findings"), buf_str(&b), PAINT_NONE);
	buf_clear(&b);
	buf_printf(&b, P_("%zu pass", "%zu pass", t->pass), t->pass);
	buf_printf(&b, P_(", %zu could not tell", ", %zu could not tell", t->undecided),
	           t->undecided);
	if (t->waived > 0)
		buf_printf(&b, P_(", %zu waived", ", %zu waived", t->waived), t->waived);
	page_field(page, 2, _("judged"), buf_str(&b), PAINT_NONE);
	buf_done(&b);
}

void text_put_summary(const struct page *page, const struct results *results)
{
	static const enum paint paints[] = {PAINT_PASS, PAINT_HIGH};
	const struct tally t = tally_all(results);
	int status = results_exit_status(results);
	struct buf b;

	page_text(page, 0, _("Summary"), PAINT_TITLE);
	if (results->n > 1)
		put_routers(page, results);
	put_counts(page, &t);
	buf_init(&b, LINE_BYTES);
	tally_verdict(results, &language_local, &b);
	buf_putc(page->out, '\n');
	page_text(page, 0, buf_str(&b), status < 2 ? paints[status] : PAINT_UNKNOWN);
	buf_done(&b);
}
