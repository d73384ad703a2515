/* Who can reach what, as a picture: a row for each service, a field for each interface and family,
 * in the colour of the most open end that some source meets there. */
#include <string.h>

#include "exposure.h"
#include "html.h"
#include "rosaudit/message.h"

/* The page's own classes of verdicts: open is what a finding looks like, shut what passes. */
static const char *class_of(const struct exposure_row *r)
{
	bool unknown = false;

	for (size_t i = 0; i < r->n; i++) {
		if (r->parts[i].outcome == EXPOSURE_SERVED)
			return "finding";
		unknown |= r->parts[i].outcome == EXPOSURE_UNKNOWN;
	}
	return unknown ? "unknown" : "pass";
}

static void put_cell(struct xml *x, const struct exposure_row *r)
{
	xml_open(x, "td");
	for (size_t i = 0; i < r->n; i++) {
		struct exposure_line line = {r, &r->parts[i], r->parts[i].from,
		                             r->interface ? r->interface : "?"};
		struct buf text;

		buf_init(&text, REPORT_TEXT_BYTES);
		buf_printf(&text, "%s: ", exposure_outcome_name(line.part->outcome));
		exposure_line_say(&line, &text);
		xml_element(x, "p", buf_str(&text));
		buf_done(&text);
	}
	xml_close(x);
}

static void put_row(struct xml *x, const struct exposure_row *r)
{
	struct buf name;

	buf_init(&name, REPORT_TEXT_BYTES);
	exposure_row_say(r, &language_local, &name);
	xml_open(x, "tr");
	xml_element(x, "th", buf_str(&name));
	buf_done(&name);
	xml_element(x, "td", r->interface ? r->interface : "?");
	xml_element(x, "td", r->family == 6 ? "IPv6" : "IPv4");
	xml_open(x, "td");
	html_badge(x, class_of(r),
	           strcmp(class_of(r), "finding") == 0   ? _("served")
	           : strcmp(class_of(r), "unknown") == 0 ? _("unknown")
	                                                 : _("nobody"));
	xml_close(x);
	put_cell(x, r);
	xml_close(x);
	xml_newline(x);
}

void html_put_exposure(struct xml *x, const struct exposure *e)
{
	if (!e->known || !e->rows_n)
		return;
	xml_element(x, "h4", _("Who can reach what"));
	xml_open(x, "table");
	xml_open(x, "thead");
	xml_open(x, "tr");
	html_th(x, _("Service"), NULL, NULL);
	html_th(x, _("Interface"), NULL, NULL);
	html_th(x, _("Family"), NULL, NULL);
	html_th(x, _("Open"), NULL, NULL);
	html_th(x, _("Sources"), NULL, NULL);
	xml_close(x);
	xml_close(x);
	xml_open(x, "tbody");
	for (size_t i = 0; i < e->rows_n; i++)
		if (e->rows[i].listening != TRI_NO)
			put_row(x, &e->rows[i]);
	xml_close(x);
	xml_close(x);
	xml_newline(x);
}
