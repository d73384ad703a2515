/* A scan for people: a table that reads as nmap's. State words and reasons are nmap's own and stay;
 * our sentences are translated. */
#include <math.h>
#include <string.h>

#include "rosaudit/clock.h"
#include "rosaudit/message.h"
#include "rosaudit/scan_report.h"
#include "rosaudit/text.h"

/* Of a state that is not open, so many ports are listed; more are only counted. As nmap. */
enum { LISTED_MAX = 25 };
/* A row with a banner of LIMIT_BANNER_BYTES, escaped. */
enum { CELL_BYTES = 8192 };

enum column { COLUMN_PORT, COLUMN_STATE, COLUMN_SERVICE, COLUMN_REASON, COLUMN_VERSION, COLUMNS };

static bool is_open_or_may_be(enum port_state s)
{
	return s == PORT_OPEN || s == PORT_OPEN_FILTERED;
}

/* Is each port of this state shown in the table? */
static bool is_listed(const struct scan_writer *w, const struct scanned_host *h, enum port_state s)
{
	if (h->account.tarpit && s == PORT_OPEN)
		return false;
	if (s == PORT_OPEN)
		return true;
	if (w->opt.open_only && !is_open_or_may_be(s))
		return false;
	return scanned_count(h, L4_UNKNOWN, s) <= LISTED_MAX;
}

static bool has_column(const struct scan_writer *w, enum column c)
{
	if (c == COLUMN_REASON)
		return w->opt.reason;
	return c != COLUMN_VERSION || w->head->talked;
}

/* What it told of itself, where that says more than its first line. */
static bool put_facts(const struct observation *o, struct buf *out)
{
	size_t start = out->n;

	if (!o->facts ||
	    (o->app != APP_TLS && o->app != APP_HTTP && o->app != APP_MNDP && o->app != APP_SSDP))
		return false;
	buf_puts(out, ": ");
	facts_format(o->facts, out);
	if (out->n == start + 2)
		out->p[out->n = start] = '\0';
	return out->n > start;
}

/* winbox, btest and the API greet in bytes, which tell a reader nothing. */
static bool begins_as_text(const char *p, size_t n)
{
	for (size_t i = 0; i < n && i < 4; i++)
		if (p[i] < ' ' || p[i] > '~')
			return false;
	return true;
}

/* What an open port did, and the first line it said. */
static void put_version(const struct observation *o, struct buf *out)
{
	size_t n = 0;

	if (o->state != PORT_OPEN || o->serve == SERVE_UNKNOWN)
		return;
	if (o->serve == SERVE_SERVING)
		buf_puts(out, app_proto_name(o->app));
	else if (o->serve == SERVE_SILENT)
		buf_puts(out, _("silent"));
	else
		buf_printf(out, "%s%s%s%s", _("refused"), o->close ? " (" : "",
		           o->close ? o->close : "", o->close ? ")" : "");
	if (put_facts(o, out))
		return;
	while (o->banner && n < o->banner_n && o->banner[n] != '\r' && o->banner[n] != '\n')
		n++;
	if (n && begins_as_text(o->banner, n)) {
		buf_puts(out, ": ");
		text_escape(out, o->banner, n);
	}
}

static void put_cell(const struct scan_writer *w, const struct observation *o, enum column c,
                     struct buf *out)
{
	const char *name;

	switch (c) {
	case COLUMN_PORT:
		buf_printf(out, "%u/%s", o->port, l4_name(o->proto));
		return;
	case COLUMN_STATE:
		buf_puts(out, _(port_state_name(o->state)));
		return;
	case COLUMN_SERVICE:
		name = port_names_find(w->opt.names, o->port, o->proto);
		text_escape_str(out, name ? name : "unknown");
		return;
	case COLUMN_REASON:
		text_escape_str(out, o->reason);
		return;
	case COLUMN_VERSION:
		put_version(o, out);
		return;
	case COLUMNS:
		return;
	}
}

static const char *const titles[COLUMNS] = {N_("PORT"), N_("STATE"), N_("SERVICE"), N_("REASON"),
                                            N_("VERSION")};

/* One row; columns as wide as `widths`, no blanks at its end. */
static void put_row(const struct scan_writer *w, const struct observation *o,
                    const size_t widths[COLUMNS], struct buf *out)
{
	size_t gap = 0;
	struct buf cell;

	buf_init(&cell, CELL_BYTES);
	for (int c = 0; c < COLUMNS; c++) {
		if (!has_column(w, (enum column)c))
			continue;
		buf_clear(&cell);
		if (o)
			put_cell(w, o, (enum column)c, &cell);
		else
			buf_puts(&cell, _(titles[c]));
		if (cell.n) {
			buf_pad(out, ' ', gap);
			buf_puts(out, buf_str(&cell));
			gap = 0;
		}
		gap += widths[c] + 1 - (cell.n ? text_width(buf_str(&cell)) : 0);
	}
	buf_putc(out, '\n');
	buf_done(&cell);
}

static void widen(const struct scan_writer *w, const struct observation *o, size_t widths[COLUMNS])
{
	struct buf cell;

	buf_init(&cell, CELL_BYTES);
	for (int c = 0; c < COLUMN_VERSION; c++) {
		size_t width;

		buf_clear(&cell);
		put_cell(w, o, (enum column)c, &cell);
		width = text_width(buf_str(&cell));
		widths[c] = width > widths[c] ? width : widths[c];
	}
	buf_done(&cell);
}

static void put_table(const struct scan_writer *w, const struct scanned_host *h)
{
	size_t widths[COLUMNS];
	struct observation o;
	bool any = false;
	uint32_t at = 0;

	for (int c = 0; c < COLUMNS; c++)
		widths[c] = text_width(_(titles[c]));
	while (scanned_next(h, &at, &o))
		if (is_listed(w, h, o.state)) {
			widen(w, &o, widths);
			any = true;
		}
	if (!any)
		return;
	put_row(w, NULL, widths, w->out);
	for (at = 0; scanned_next(h, &at, &o);)
		if (is_listed(w, h, o.state))
			put_row(w, &o, widths, w->out);
}

/* "Not shown: 990 closed tcp ports (conn-refused), …" */
static void put_not_shown(const struct scan_writer *w, const struct scanned_host *h)
{
	const char *before = NULL;

	for (size_t i = 0; i < h->groups_n; i++) {
		const struct scanned_group *g = &h->groups[i];

		if (is_listed(w, h, g->state))
			continue;
		buf_puts(w->out, before ? before : _("Not shown: "));
		buf_printf(w->out, P_("%zu %s %s port (", "%zu %s %s ports (", g->n), g->n,
		           _(port_state_name(g->state)), l4_name(g->proto));
		text_escape_str(w->out, g->reason);
		buf_putc(w->out, ')');
		before = ", ";
	}
	if (before)
		buf_putc(w->out, '\n');
}

static void put_title(const struct scan_writer *w, const struct scanned_host *h)
{
	buf_putc(w->out, '\n');
	buf_puts(w->out, _("Scan report for "));
	if (h->name) {
		text_escape_str(w->out, h->name);
		buf_puts(w->out, " (");
	}
	address_format(&h->address, w->out);
	buf_puts(w->out, h->name ? ")\n" : "\n");
}

static void put_up(const struct scan_writer *w, const struct scanned_host *h)
{
	const struct scan_account *a = &h->account;

	if (a->up == HOST_UNKNOWN) {
		buf_puts(w->out, _("Nothing answered; whether the host is up is not known."));
		buf_putc(w->out, '\n');
		return;
	}
	buf_puts(w->out, a->up == HOST_DOWN ? _("Host seems down") : _("Host is up"));
	if (w->opt.reason && a->up_reason) {
		buf_puts(w->out, _(", received "));
		text_escape_str(w->out, a->up_reason);
	}
	if (a->up != HOST_DOWN && a->rtt_us > 0)
		buf_printf(w->out, _(" (%.4fs latency)"), (double)a->rtt_us / 1e6);
	buf_puts(w->out, ".\n");
}

/* How sure this is. Where every port answered, nothing can have been missed. */
static void put_certainty(const struct scan_account *a, struct buf *out)
{
	if (a->sent == 0 || (a->loss_assumed && a->missed <= 0))
		return;
	if (a->loss_assumed)
		buf_printf(out,
		           _("Nothing answered by which to measure the loss; %.1f %% was assumed"),
		           a->loss * 100);
	else
		buf_printf(out, _("Loss seen: %.1f %%"), a->loss * 100);
	if (a->missed > 0) {
		buf_puts(out, _("; "));
		buf_printf(out, _("an open port was missed with a chance of 1 in %.0f"),
		           floor(1 / a->missed));
	}
	buf_puts(out, ".\n");
}

static void put_remarks(const struct scan_writer *w, const struct scanned_host *h)
{
	const struct scan_account *a = &h->account;

	if (a->tarpit) {
		buf_printf(w->out,
		           _("Everything is open here: ports that nothing listens on answered as "
		             "well, so that these %zu open ports tell nothing (a tarpit)."),
		           scanned_count(h, L4_UNKNOWN, PORT_OPEN));
		buf_putc(w->out, '\n');
	}
	if (a->limited) {
		buf_puts(w->out, _("The host limits its answers; the rate was lowered."));
		buf_putc(w->out, '\n');
	}
	if (a->cut) {
		buf_puts(w->out, _("Ended early"));
		buf_puts(w->out, _(": "));
		text_escape_str(w->out, a->cut);
		buf_puts(w->out, ".\n");
	}
	put_certainty(a, w->out);
}

static void write_begin(struct scan_writer *w)
{
	const struct scan_head *head = w->head;
	size_t tcp = port_set_count(&head->ports.tcp), udp = port_set_count(&head->ports.udp);
	char when[24];

	clock_rfc3339(head->started, when, sizeof(when));
	buf_puts(w->out, _("Starting "));
	text_escape_str(w->out, head->scanner);
	buf_putc(w->out, ' ');
	text_escape_str(w->out, head->version);
	buf_printf(w->out, _(" at %s"), when);
	if (head->tcp)
		buf_printf(w->out, P_(": %zu TCP port by %s", ": %zu TCP ports by %s", tcp), tcp,
		           strcmp(head->tcp, "syn") == 0 ? "SYN" : "connect");
	if (head->udp)
		buf_printf(w->out, P_("%s%zu UDP port", "%s%zu UDP ports", udp),
		           head->tcp ? ", " : _(": "), udp);
	buf_putc(w->out, '\n');
}

static void write_host(struct scan_writer *w, const struct scanned_host *h)
{
	bool may_be_open = scanned_count(h, L4_UNKNOWN, PORT_OPEN) ||
	                   scanned_count(h, L4_UNKNOWN, PORT_OPEN_FILTERED);

	if (h->account.up == HOST_DOWN && !w->opt.verbose)
		return;
	if (w->opt.open_only && !may_be_open)
		return;
	put_title(w, h);
	put_up(w, h);
	if (h->account.up == HOST_DOWN || w->head->ping_only)
		return;
	put_not_shown(w, h);
	put_table(w, h);
	put_remarks(w, h);
}

static void write_end(struct scan_writer *w, const struct scan_sum *sum)
{
	unsigned long long all = sum->up + sum->down + sum->unknown;
	unsigned long up = (unsigned long)sum->up;

	buf_putc(w->out, '\n');
	if (sum->up == 0 && sum->down > 0) {
		buf_puts(w->out, _("No host answered; one that is up but answers no such probe is "
		                   "scanned with -Pn."));
		buf_putc(w->out, '\n');
	}
	if (sum->interrupted) {
		buf_puts(w->out, _("Interrupted: this is what was seen until then."));
		buf_putc(w->out, '\n');
	}
	buf_printf(w->out, P_("Done: %llu address", "Done: %llu addresses", all), all);
	buf_printf(w->out, P_(" (%lu host up)", " (%lu hosts up)", up), up);
	buf_printf(w->out, _(" scanned in %.2f seconds"), (double)sum->duration_ms / 1000);
	buf_putc(w->out, '\n');
}

const struct scan_form scan_form_text = {"text", write_begin, write_host, write_end};
