/* One line and performance data, for Nagios, Icinga, Centreon and whatever else runs monitoring
 * plugins; with exit statuses of their own. */
#include <string.h>

#include "formats.h"
#include "rosaudit/text.h"
#include "tally.h"

/* The plugin interface's statuses. */
enum nagios { NAGIOS_OK = 0, NAGIOS_WARNING, NAGIOS_CRITICAL, NAGIOS_UNKNOWN };

/* A plugin's line is cut off at some point; the performance data behind must still fit. */
#define FOREIGN_BYTES 80

static const struct finding *worst_failing(const struct results *all, size_t *router)
{
	const struct finding *worst = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct findings *f = &all->v[i].findings;

		for (size_t j = 0; j < f->n; j++) {
			if (!tally_fails(all, &f->v[j]))
				continue;
			if (!worst || f->v[j].severity > worst->severity) {
				worst = &f->v[j];
				*router = i;
			}
		}
	}
	return worst;
}

/* What is known to be bad is told before what is not known: a hole does not close because another
 * router is down. Not knowing comes before a mere warning. */
int report_nagios_status(const struct results *results)
{
	size_t router;
	const struct finding *worst;
	int status;

	if (!results)
		return NAGIOS_UNKNOWN;
	worst = worst_failing(results, &router);
	status = results_exit_status(results);
	if (worst && worst->severity >= SEVERITY_HIGH)
		return NAGIOS_CRITICAL;
	if (results->n == 0 || status > 1)
		return NAGIOS_UNKNOWN;
	return worst ? NAGIOS_WARNING : NAGIOS_OK;
}

/* A bar would begin the performance data. Cut at a whole character. */
static void put_text(struct buf *out, const char *text)
{
	struct buf b;
	size_t len;

	buf_init(&b, 8u * REPORT_TEXT_BYTES);
	text_escape_str(&b, text);
	for (size_t i = 0; i < b.n; i += len) {
		text_utf8(buf_str(&b) + i, b.n - i, &len);
		if (i + len > FOREIGN_BYTES) {
			buf_puts(out, "...");
			break;
		}
		if (buf_str(&b)[i] == '|')
			buf_puts(out, "\\x7C");
		else
			buf_add(out, buf_str(&b) + i, len);
	}
	buf_done(&b);
}

static void put_router(const struct results *all, size_t i, struct buf *out)
{
	struct buf name;

	buf_init(&name, REPORT_TEXT_BYTES);
	tally_router_name(all, i, &name);
	put_text(out, buf_str(&name));
	buf_done(&name);
}

static void put_worst(const struct results *all, struct buf *out)
{
	size_t router = 0;
	const struct finding *f = worst_failing(all, &router);
	struct buf place;

	if (!f)
		return;
	buf_printf(out, " Worst: %s %s ", severity_name(f->severity), f->rule->id);
	buf_init(&place, REPORT_TEXT_BYTES);
	tally_place(f->service, f->port, f->proto, &place);
	if (place.n > 0) {
		put_text(out, buf_str(&place));
		buf_puts(out, " ");
	}
	buf_puts(out, "on ");
	put_router(all, router, out);
	buf_puts(out, ": ");
	put_text(out, tally_title(f));
	buf_putc(out, '.');
	buf_done(&place);
}

static void put_unread(const struct results *all, struct buf *out)
{
	for (size_t i = 0; i < all->n; i++) {
		if (all->v[i].audited)
			continue;
		buf_puts(out, " Not audited: ");
		put_router(all, i, out);
		buf_puts(out, ": ");
		put_text(out, error_is_set(&all->v[i].error) ? all->v[i].error.text
		                                             : "no reason was given");
		buf_putc(out, '.');
		return;
	}
}

/* The mistake because of which nothing was asked; its place is part of it. */
static void put_mistake(const struct error *err, struct buf *out)
{
	buf_puts(out, "Nothing was audited: ");
	if (err->where[0]) {
		put_text(out, err->where);
		if (err->line)
			buf_printf(out, ":%zu:%zu", err->line, err->column);
		buf_puts(out, ": ");
	}
	put_text(out, err->text);
}

/* label=value[unit];warn;crit;min */
static void put_performance(const struct results *all, struct buf *out)
{
	const struct tally t = tally_all(all);
	int64_t longest_ms = 0;

	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].duration_ms > longest_ms)
			longest_ms = all->v[i].duration_ms;
	buf_puts(out, " |");
	for (size_t s = SEVERITIES; s-- > 0;)
		buf_printf(out, " %s=%zu;;;0", severity_name((enum severity)s), t.severity[s]);
	buf_printf(out, " undecided=%zu;;;0 waived=%zu;;;0 pass=%zu;;;0", t.undecided, t.waived,
	           t.pass);
	buf_printf(out, " routers=%zu;;;0 not_audited=%zu;;;0;%zu", t.routers, t.not_audited,
	           t.routers);
	buf_printf(out, " time=%.3fs;;;0\n", (double)longest_ms / 1000.0);
}

void report_nagios_write(const struct results *results, const struct report_options *opt,
                         struct buf *out)
{
	static const char *const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

	(void)opt;
	buf_printf(out, "ROSAUDIT %s - ", words[report_nagios_status(results)]);
	if (results->mistake && error_is_set(results->mistake))
		put_mistake(results->mistake, out);
	else
		tally_verdict(results, &language_english, out);
	put_worst(results, out);
	put_unread(results, out);
	put_performance(results, out);
}
