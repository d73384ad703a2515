/* The text report's table of vantages: what each service looks like from each place. */
#include "rosaudit/message.h"
#include "text.h"
#include "text_table.h"
#include "vantages.h"

#define LINE_BYTES (1u << 16)

static void put_ends(const struct page *page, const struct vantage *v)
{
	const struct observations *o = &v->observations;
	struct buf b;

	buf_init(&b, LINE_BYTES);
	if (error_is_set(&v->error)) {
		buf_printf(&b, _("NOT LOOKED FROM: %s"), error_text_read(&v->error));
		page_field(page, 2, v->spec->name, buf_str(&b), PAINT_UNKNOWN);
		buf_done(&b);
		return;
	}
	if (v->from_known) {
		buf_puts(&b, _("the router sees it as "));
		address_format(&v->from, &b);
	} else {
		buf_puts(&b, _("unknown: under which address the router sees it"));
	}
	if (o->target.family) {
		buf_puts(&b, _("; probed "));
		address_format(&o->target, &b);
	}
	if (o->started)
		buf_printf(&b, _(", at %s"), o->started);
	if (o->account.cut)
		buf_printf(&b, _("; ended early: %s"), o->account.cut);
	page_field(page, 2, v->spec->name, buf_str(&b), PAINT_NONE);
	buf_done(&b);
}

static void put_row(struct text_table *t, const struct vantage_row *row, const struct result *r)
{
	struct buf b;

	buf_init(&b, 64);
	buf_printf(&b, row->proto == L4_UDP ? "%u/udp" : "%u", row->port);
	text_table_row(t);
	text_table_cell(t, 0, row->name, PAINT_NONE);
	text_table_cell(t, 1, buf_str(&b), PAINT_NONE);
	for (size_t i = 0; i <= r->vantages_n; i++)
		text_table_cell(t, 2 + i, vantage_word(vantage_seen(r, i, row)), PAINT_NONE);
	buf_done(&b);
}

void text_put_vantages(const struct page *page, const struct result *r)
{
	struct text_column columns[TEXT_TABLE_COLUMNS] = {
		{_("SERVICE"), false, 8}, {_("PORT"), true, 5}, {_("login"), false, 6}};
	struct text_table table;
	struct vantage_rows rows;

	if (r->vantages_n == 0)
		return;
	buf_putc(page->out, '\n');
	page_text(page, 0, _("Vantages"), PAINT_TITLE);
	for (size_t i = 0; i < r->vantages_n; i++)
		put_ends(page, &r->vantages[i]);
	vantage_rows_make(r, &rows);
	text_table_init(&table, columns, 3);
	for (size_t i = 0; i < r->vantages_n; i++)
		text_table_column(&table, r->vantages[i].spec->name, 6);
	for (size_t i = 0; i < rows.n; i++)
		put_row(&table, &rows.v[i], r);
	buf_putc(page->out, '\n');
	text_table_write(&table, page);
	text_table_done(&table);
	vantage_rows_done(&rows);
}
