/* Service by vantage, as a table of the html report. */
#include "html.h"
#include "rosaudit/message.h"
#include "vantages.h"

static void put_ends(struct xml *x, const struct vantage *v)
{
	xml_open(x, "li");
	xml_text(x, v->spec->name);
	xml_text(x, _(": "));
	if (error_is_set(&v->error)) {
		xml_printf(x, _("NOT LOOKED FROM: %s"), error_text_read(&v->error));
	} else if (v->from_known) {
		struct buf b;

		buf_init(&b, 128);
		address_format(&v->from, &b);
		xml_text(x, _("the router sees it as "));
		xml_text(x, buf_str(&b));
		buf_done(&b);
	} else {
		xml_text(x, _("unknown: under which address the router sees it"));
	}
	xml_close(x);
	xml_newline(x);
}

static void put_row(struct xml *x, const struct vantage_row *row, const struct result *r)
{
	xml_open(x, "tr");
	xml_element(x, "th", row->name);
	xml_open(x, "td");
	xml_printf(x, "%u/%s", row->port, row->proto == L4_UDP ? "udp" : "tcp");
	xml_close(x);
	for (size_t i = 0; i <= r->vantages_n; i++)
		xml_element(x, "td", vantage_word(vantage_seen(r, i, row)));
	xml_close(x);
	xml_newline(x);
}

void html_put_vantages(struct xml *x, const struct result *r)
{
	struct vantage_rows rows;

	if (r->vantages_n == 0)
		return;
	vantage_rows_make(r, &rows);
	xml_element(x, "h4", _("Vantages"));
	xml_open(x, "ul");
	for (size_t i = 0; i < r->vantages_n; i++)
		put_ends(x, &r->vantages[i]);
	xml_close(x);
	xml_open(x, "table");
	xml_open(x, "thead");
	xml_open(x, "tr");
	html_th(x, _("Service"), NULL, NULL);
	html_th(x, _("Port"), NULL, NULL);
	html_th(x, _("login"), NULL, NULL);
	for (size_t i = 0; i < r->vantages_n; i++)
		html_th(x, r->vantages[i].spec->name, NULL, NULL);
	xml_close(x);
	xml_close(x);
	xml_open(x, "tbody");
	for (size_t i = 0; i < rows.n; i++)
		put_row(x, &rows.v[i], r);
	xml_close(x);
	xml_close(x);
	xml_newline(x);
	vantage_rows_done(&rows);
}
