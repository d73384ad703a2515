/* `rosaudit ports`: the catalogue of RouterOS's ports, for people and for programs. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "page.h"
#include "rosaudit/arena.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/message.h"
#include "rosaudit/report.h"
#include "text_table.h"

/* Nothing is wrapped: a table to search in. */
#define UNLIMITED ((size_t)-1 / 2)

/* TCP before UDP, ascending; ports that the user chooses last. */
static int by_port(const void *a, const void *b)
{
	const struct catalogue_row *x = *(const struct catalogue_row *const *)a;
	const struct catalogue_row *y = *(const struct catalogue_row *const *)b;

	if (x->proto != y->proto)
		return x->proto < y->proto ? -1 : 1;
	if (x->port != y->port)
		return (x->port ? x->port : 65536) < (y->port ? y->port : 65536) ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* Every row in order; the caller frees. */
static const struct catalogue_row **sorted(void)
{
	const struct catalogue_row **rows = mem_alloc(catalogue_n * sizeof(*rows));

	for (size_t i = 0; i < catalogue_n; i++)
		rows[i] = &catalogue[i];
	qsort(rows, catalogue_n, sizeof(*rows), by_port);
	return rows;
}

static const char *on_by_default(enum tri t)
{
	static const char *const words[] = {
		[TRI_UNKNOWN] = N_("depends"), [TRI_NO] = N_("off"), [TRI_YES] = N_("on")};

	return _(words[t]);
}

static void put_row(struct text_table *t, const struct catalogue_row *row)
{
	struct buf port, since;

	buf_init(&port, 32);
	buf_init(&since, 32);
	if (row->port)
		buf_printf(&port, "%u/%s", row->port, l4_name(row->proto));
	else
		buf_printf(&port, "-/%s", l4_name(row->proto));
	if (row->since.major > 6)
		buf_printf(&since, "%d.%d", row->since.major, row->since.minor);
	text_table_row(t);
	text_table_cell(t, 0, buf_str(&port), PAINT_NONE);
	text_table_cell(t, 1, row->name, PAINT_NONE);
	text_table_cell(t, 2, on_by_default(row->enabled_by_default), PAINT_NONE);
	text_table_cell(t, 3, since.n ? buf_str(&since) : NULL, PAINT_NONE);
	text_table_cell(t, 4, row->menu, PAINT_NONE);
	text_table_cell(t, 5, row->property, PAINT_NONE);
	buf_done(&port);
	buf_done(&since);
}

void report_ports_text(struct buf *out)
{
	const struct text_column columns[] = {
		{.title = _("PORT")},  {.title = _("NAME")}, {.title = _("DEFAULT")},
		{.title = _("SINCE")}, {.title = _("MENU")}, {.title = _("PROPERTY")},
	};
	const struct catalogue_row **rows = sorted();
	const struct page page = {.out = out, .width = UNLIMITED};
	struct text_table t;

	text_table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < catalogue_n; i++)
		put_row(&t, rows[i]);
	text_table_write(&t, &page);
	text_table_done(&t);
	free(rows);
}

static json_t *json_row(const struct catalogue_row *row)
{
	json_t *o = json_object();
	struct buf since;

	buf_init(&since, 32);
	if (row->since.major > 6)
		buf_printf(&since, "%d.%d", row->since.major, row->since.minor);
	js_put(o, "port", js_number(row->port, 1));
	js_put(o, "proto", js_text(l4_name(row->proto)));
	js_put(o, "name", js_text(row->name));
	js_put(o, "menu", js_text(row->menu));
	js_put(o, "property", js_text(row->property));
	js_put(o, "since", since.n ? js_text(buf_str(&since)) : json_null());
	js_put(o, "on_by_default", js_tri(row->enabled_by_default));
	buf_done(&since);
	return o;
}

void report_ports_json(struct buf *out)
{
	const struct catalogue_row **rows = sorted();
	json_t *document = json_object(), *ports = json_array();

	for (size_t i = 0; i < catalogue_n; i++)
		js_push(ports, json_row(rows[i]));
	js_put(document, "ports", ports);
	js_write(document, out);
	free(rows);
}
