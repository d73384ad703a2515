/* The text report: every router's head, table and findings, then a summary. */
#include <string.h>

#include "formats.h"
#include "page.h"
#include "rosaudit/arena.h"
#include "rosaudit/message.h"
#include "rosaudit/prefix.h"
#include "rosaudit/text.h"
#include "tally.h"
#include "text.h"
#include "text_table.h"

/* Texts that are put together here are short but for a router's own words. */
#define LINE_BYTES (1u << 20)

/* Narrower than this nothing is laid out. */
#define MIN_WIDTH 80

static void put_router(const struct page *page, const struct device *d)
{
	struct buf b;

	if (!d->version_text && !d->board && !d->identity)
		return;
	buf_init(&b, LINE_BYTES);
	if (d->version_text)
		buf_printf(&b, "RouterOS %s", d->version_text);
	else
		buf_puts(&b, _("RouterOS of unknown version"));
	if (d->board)
		buf_printf(&b, _(" on %s"), d->board);
	if (d->identity)
		buf_printf(&b, _(", identity %s"), d->identity);
	page_field(page, 2, _("router"), buf_str(&b), PAINT_NONE);
	buf_done(&b);
}

static void put_reading(const struct page *page, const struct result *r)
{
	const struct device *d = &r->device;
	const char *transport = report_transport_name(r->target->transport);
	struct buf b;

	buf_init(&b, LINE_BYTES);
	buf_puts(&b, d->read_as ? d->read_as : transport);
	if (d->read_as && r->target->transport == TRANSPORT_BOTH)
		buf_puts(&b, _(" (transport both)"));
	if (r->audited)
		buf_printf(
			&b,
			P_(", %zu row of /ip service", ", %zu rows of /ip service", d->services_n),
			d->services_n);
	if (r->audited && d->static_complete == TRI_UNKNOWN)
		buf_puts(&b, _("; whether these are all is not known"));
	else if (r->audited && d->static_complete == TRI_NO)
		buf_puts(&b, _("; not all of them"));
	page_field(page, 2, _("read by"), buf_str(&b), PAINT_NONE);
	buf_done(&b);
}

static void put_policy(const struct page *page, const struct target *t)
{
	const char *text = _("none; the file names its services itself");

	if (t->policy.profile)
		text = t->policy.profile;
	else if (policy_is_empty(&t->policy))
		text = _("none: only declared and reachable are compared");
	page_field(page, 2, _("profile"), text, PAINT_NONE);
}

static void put_vantage(const struct page *page, const struct result *r)
{
	const struct observations *o = &r->observations;
	struct buf b;

	buf_init(&b, LINE_BYTES);
	if (r->device.seen_as_known) {
		buf_puts(&b, _("the router sees us as "));
		address_format(&r->device.seen_as, &b);
	} else {
		buf_puts(&b, _("unknown: the router did not say under which address it sees us"));
	}
	if (o->source.family) {
		buf_puts(&b, _("; this machine sends from "));
		address_format(&o->source, &b);
	}
	page_field(page, 2, _("vantage"), buf_str(&b), PAINT_NONE);
	buf_done(&b);
}

static bool is_mapped(const struct observation *o)
{
	return !o->reason || strcmp(o->reason, "not-mapped") != 0;
}

/* A port that was not tried is no port whose state is unknown. One that the login proves is. */
static bool is_probed(const struct observation *o)
{
	return o->state != PORT_UNKNOWN || (o->probed_port != 0 && o->tries > 0);
}

static void put_state(enum port_state state, size_t n, struct buf *b)
{
	switch (state) {
	case PORT_STATES:
		break;
	case PORT_OPEN:
		buf_printf(b, P_("%zu open", "%zu open", n), n);
		break;
	case PORT_CLOSED:
		buf_printf(b, P_("%zu closed", "%zu closed", n), n);
		break;
	case PORT_FILTERED:
		buf_printf(b, P_("%zu filtered", "%zu filtered", n), n);
		break;
	case PORT_OPEN_FILTERED:
		buf_printf(b, P_("%zu open|filtered", "%zu open|filtered", n), n);
		break;
	case PORT_UNKNOWN:
		buf_printf(b, P_("%zu unknown", "%zu unknown", n), n);
		break;
	}
}

/* "9 ports probed: 7 open, 2 closed; 24 not mapped". */
static void put_states(const struct observations *o, struct buf *b)
{
	static const enum port_state order[] = {PORT_OPEN, PORT_CLOSED, PORT_FILTERED,
	                                        PORT_OPEN_FILTERED, PORT_UNKNOWN};
	const char *before = _(": ");
	size_t probed = 0, unmapped = 0;

	for (size_t j = 0; j < o->n; j++) {
		probed += is_probed(&o->v[j]);
		unmapped += !is_probed(&o->v[j]) && !is_mapped(&o->v[j]);
	}
	buf_printf(b, P_("%zu port probed", "%zu ports probed", probed), probed);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		size_t n = 0;

		for (size_t j = 0; j < o->n; j++)
			n += is_probed(&o->v[j]) && o->v[j].state == order[i];
		if (n == 0)
			continue;
		buf_puts(b, before);
		put_state(order[i], n, b);
		before = ", ";
	}
	if (unmapped)
		buf_printf(b, P_("; %zu not mapped", "; %zu not mapped", unmapped), unmapped);
	if (o->n > probed + unmapped)
		buf_printf(b, P_("; %zu not probed", "; %zu not probed", o->n - probed - unmapped),
		           o->n - probed - unmapped);
}

static void put_scan(const struct page *page, const struct result *r)
{
	const struct observations *o = &r->observations;
	struct buf b;

	buf_init(&b, LINE_BYTES);
	if (o->scanned) {
		put_states(o, &b);
		buf_printf(&b, _("; took %.1f s"), (double)o->duration_ms / 1000.0);
	} else {
		buf_puts(&b, _("none: what is reachable was not probed"));
	}
	page_field(page, 2, _("scan"), buf_str(&b), PAINT_NONE);
	buf_clear(&b);
	buf_printf(&b, _("%s, took %.1f s"), r->started[0] ? r->started : _("not started"),
	           (double)r->duration_ms / 1000.0);
	page_field(page, 2, _("audit"), buf_str(&b), PAINT_NONE);
	buf_done(&b);
}

/* Why a router was not audited, or what is missing of its audit. */
static void put_error(const struct page *page, const char *title, const struct error *err)
{
	const char *hint = error_hint_read(err), *p = hint, *end;
	struct buf b;

	buf_init(&b, LINE_BYTES);
	if (err->where[0])
		buf_puts(&b, err->where);
	if (err->where[0] && err->line)
		buf_printf(&b, ":%zu", err->line);
	if (err->where[0] && err->line && err->column)
		buf_printf(&b, ":%zu", err->column);
	if (err->where[0])
		buf_puts(&b, ": ");
	buf_puts(&b, err->kind == ERROR_NONE ? _("no reason was given") : error_text_read(err));
	page_text(page, 2, title, PAINT_UNKNOWN);
	page_field(page, 2, _("why"), buf_str(&b), PAINT_NONE);
	for (; *p; p = *end ? end + 1 : end) {
		end = strchrnul(p, '\n');
		buf_clear(&b);
		buf_add(&b, p, (size_t)(end - p));
		page_field(page, 2, p == hint ? _("to do") : "", buf_str(&b), PAINT_NONE);
	}
	buf_done(&b);
}

static void put_title(const struct page *page, const struct result *r)
{
	const struct target *t = r->target;
	struct buf b;

	buf_init(&b, LINE_BYTES);
	if (t->name || t->host)
		buf_printf(&b, _("Router %s"), t->name ? t->name : t->host);
	else
		buf_puts(&b, _("Router without a name"));
	if (t->host && t->name && strcmp(t->name, t->host) != 0)
		buf_printf(&b, "  %s", t->host);
	if (r->address[0] && (!t->host || strcmp(t->host, r->address) != 0))
		buf_printf(&b, "  %s", r->address);
	if (t->file)
		buf_printf(&b, "  %s", t->file);
	page_text(page, 0, buf_str(&b), PAINT_TITLE);
	buf_done(&b);
}

/* They change what the rest means, so they are always told: a listing that may be filtered, a
 * reading that ended early. */
static void put_notes(const struct page *page, const struct device *d)
{
	for (size_t i = 0; i < d->notes_n; i++)
		page_field(page, 2, _("note"), d->notes[i].read, PAINT_NONE);
}

static void put_result(const struct page *page, const struct result *r, bool verbose)
{
	put_title(page, r);
	if (!r->audited)
		put_error(page, _("NOT AUDITED"), &r->error);
	else if (error_is_set(&r->error))
		put_error(page, _("INCOMPLETE"), &r->error);
	put_router(page, &r->device);
	if (r->audited) {
		put_reading(page, r);
		put_policy(page, r->target);
		put_vantage(page, r);
	}
	if (r->audited || r->observations.scanned)
		put_scan(page, r);
	put_notes(page, &r->device);
	if (verbose && result_for_people(r)->note)
		page_field(page, 2, _("note"), result_for_people(r)->note, PAINT_NONE);
	text_put_subjects(page, r);
	text_put_vantages(page, r);
	if (verbose)
		text_put_causes(page, r);
	text_put_findings(page, r, verbose);
	buf_putc(page->out, '\n');
}

void report_text_write(const struct results *results, const struct report_options *opt,
                       struct buf *out)
{
	const struct page page = {
		.out = out,
		.width = opt->width < MIN_WIDTH ? MIN_WIDTH : opt->width,
		.colour = opt->colour,
	};

	for (size_t i = 0; i < results->n; i++)
		put_result(&page, &results->v[i], opt->verbose);
	text_put_summary(&page, results);
}
