/* `rosaudit parse`, for people: what was understood of an output, as one table. */
#include <string.h>

#include "page.h"
#include "rosaudit/message.h"
#include "rosaudit/report.h"
#include "text_table.h"

/* An address list may hold thousands of prefixes. */
#define LINE_BYTES (1u << 20)

/* Nothing is wrapped: the listing is for reading beside the original, and for grep. */
#define UNLIMITED ((size_t)-1 / 2)

/* How a row's cell is written: "?" for what the output did not say, "any" for an address list
 * without an entry, "-" for another empty value. */
struct listing_column {
	const char *title;
	bool right;
	bool always; /* shown though no row has a value */
	/* Appends the value; false: the output did not say. */
	bool (*format)(const struct service *s, struct buf *out);
};

static bool put_string(const char *s, struct buf *out)
{
	if (s)
		buf_puts(out, s);
	return s != NULL;
}

static bool put_number(int n, struct buf *out)
{
	if (n >= 0)
		buf_printf(out, "%d", n);
	return n >= 0;
}

static bool format_name(const struct service *s, struct buf *out)
{
	return put_string(s->name, out);
}

static bool format_port(const struct service *s, struct buf *out)
{
	return put_number(s->port, out);
}

static bool format_proto(const struct service *s, struct buf *out)
{
	return put_string(l4_name(s->proto), out);
}

static bool format_flags(const struct service *s, struct buf *out)
{
	const struct {
		enum tri value;
		char letter;
	} flags[] = {
		{s->disabled, 'X'}, {s->invalid, 'I'}, {s->dynamic, 'D'}, {s->connection, 'c'}};
	bool known = s->disabled != TRI_UNKNOWN;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (flags[i].value == TRI_YES)
			buf_putc(out, flags[i].letter);
	return known || out->n > 0;
}

static bool format_address(const struct service *s, struct buf *out)
{
	if (s->address_known && s->address_n == 0)
		buf_puts(out, "any");
	prefix_set_format(s->address, s->address_n, out);
	return s->address_known;
}

static bool format_certificate(const struct service *s, struct buf *out)
{
	return put_string(s->certificate, out);
}

static bool format_tls_version(const struct service *s, struct buf *out)
{
	return put_string(s->tls_version, out);
}

static bool format_vrf(const struct service *s, struct buf *out)
{
	return put_string(s->vrf, out);
}

static bool format_max_sessions(const struct service *s, struct buf *out)
{
	return put_number(s->max_sessions, out);
}

static bool format_local(const struct service *s, struct buf *out)
{
	return put_string(s->local, out);
}

static bool format_remote(const struct service *s, struct buf *out)
{
	return put_string(s->remote, out);
}

static bool format_netns(const struct service *s, struct buf *out)
{
	return put_string(s->netns, out);
}

static bool format_container(const struct service *s, struct buf *out)
{
	return put_string(s->container, out);
}

static const struct listing_column columns[] = {
	{"NAME", false, true, format_name},
	{"PORT", true, true, format_port},
	{"PROTO", false, true, format_proto},
	{"FLAGS", false, true, format_flags},
	{"ADDRESS", false, true, format_address},
	{"CERTIFICATE", false, false, format_certificate},
	{"TLS-VERSION", false, false, format_tls_version},
	{"VRF", false, false, format_vrf},
	{"MAX-SESSIONS", true, false, format_max_sessions},
	{"LOCAL", false, false, format_local},
	{"REMOTE", false, false, format_remote},
	{"NETNS", false, false, format_netns},
	{"CONTAINER", false, false, format_container},
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static bool is_shown(const struct listing_column *c, const struct device *d)
{
	bool known = c->always;
	struct buf b;

	buf_init(&b, LINE_BYTES);
	for (size_t i = 0; i < d->services_n && !known; i++)
		known = c->format(&d->services[i], &b);
	buf_done(&b);
	return known;
}

static void put_below(const struct service *s, struct text_table *t)
{
	struct buf b;

	if (!s->about && s->extra_n == 0)
		return;
	buf_init(&b, LINE_BYTES);
	if (s->about)
		buf_printf(&b, "about=%s", s->about);
	for (size_t i = 0; i < s->extra_n; i++)
		buf_printf(&b, "%s%s=%s", b.n ? " " : "", s->extra[i].name, s->extra[i].value);
	text_table_below(t, buf_str(&b));
	buf_done(&b);
}

static void add_service(const struct service *s, const size_t *shown, size_t n,
                        struct text_table *t)
{
	struct buf b;

	buf_init(&b, LINE_BYTES);
	text_table_row(t);
	for (size_t i = 0; i < n; i++) {
		buf_clear(&b);
		if (!columns[shown[i]].format(s, &b))
			text_table_cell(t, i, "?", PAINT_NONE);
		else
			text_table_cell(t, i, b.n ? buf_str(&b) : "-", PAINT_NONE);
	}
	put_below(s, t);
	buf_done(&b);
}

static bool has_unrestricted(const struct device *d)
{
	for (size_t i = 0; i < d->services_n; i++)
		if (d->services[i].address_known && d->services[i].address_n == 0)
			return true;
	return false;
}

static bool has_unsaid(const struct device *d, const size_t *shown, size_t n)
{
	bool said = true;
	struct buf b;

	buf_init(&b, LINE_BYTES);
	for (size_t i = 0; i < d->services_n; i++)
		for (size_t j = 0; j < n && said; j++) {
			buf_clear(&b);
			said = columns[shown[j]].format(&d->services[i], &b);
		}
	buf_done(&b);
	return !said;
}

/* What the marks in the cells mean, those that there are. */
static void put_legend(const struct device *d, const size_t *shown, size_t n, struct buf *out)
{
	bool any = has_unrestricted(d), unsaid = has_unsaid(d, shown, n);

	if (!any && !unsaid)
		return;
	buf_puts(out, "\n");
	if (any)
		buf_puts(out, _("any: the service itself refuses no address"));
	if (unsaid)
		buf_printf(out, "%s%s", any ? _("; ") : "", _("?: this output does not say"));
	buf_puts(out, "\n");
}

void report_services_text(const struct device *d, struct buf *out)
{
	const struct page page = {.out = out, .width = UNLIMITED};
	struct text_column header[COLUMNS];
	size_t shown[COLUMNS], n = 0;
	struct text_table t;

	for (size_t i = 0; i < COLUMNS; i++) {
		if (!is_shown(&columns[i], d))
			continue;
		header[n] = (struct text_column){columns[i].title, columns[i].right, 0};
		shown[n++] = i;
	}
	text_table_init(&t, header, n);
	for (size_t i = 0; i < d->services_n; i++)
		add_service(&d->services[i], shown, n, &t);
	text_table_write(&t, &page);
	text_table_done(&t);
	put_legend(d, shown, n, out);
}
