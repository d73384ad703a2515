/* The three values as texts: short ones for the report's columns, long ones for findings.
 *
 * expected   "enabled :22 restricted reachable +2": the policy's wish; +2 counts further keys
 * declared   enabled, disabled, listening (a dynamic row), unknown, not listed; then what is not as
 *            usual: invalid, :2222, 2 prefixes
 * reachable  serving, refused, silent, open, closed, filtered, unknown; shared: another row holds
 *            the port, so what was seen is not this row's doing; "-": not probed */
#include <string.h>

#include "audit_private.h"
#include "rosaudit/buf.h"

#define PREFIXES_SHOWN 8u
#define BANNER_SHOWN   100u
/* Far above anything said here; only the policy's own list in a command may be long. */
#define TEXT_MAX (1u << 20)

/* Their formats are looked up: what they are called with is marked for xgettext. */
static void put_said(const struct audit *a, struct buf *b, const char *english, ...)
	__attribute__((format(printf, 3, 4)));

static const char *keep(struct audit *a, struct buf *b)
{
	const char *text = arena_strdup(&a->out->arena, buf_str(b));

	buf_done(b);
	return text;
}

const char *say(struct audit *a, const char *english, ...)
{
	struct buf b;
	va_list ap;

	buf_init(&b, TEXT_MAX);
	va_start(ap, english);
	buf_vprintf(&b, a->language->say(english), ap);
	va_end(ap);
	return keep(a, &b);
}

const char *say_counted(struct audit *a, size_t n, const char *one, const char *many, ...)
{
	struct buf b;
	va_list ap;

	buf_init(&b, TEXT_MAX);
	va_start(ap, many);
	buf_vprintf(&b, a->language->count(one, many, n), ap);
	va_end(ap);
	return keep(a, &b);
}

const char *word(const struct audit *a, const char *english)
{
	return a->language->say(english);
}

static void put_said(const struct audit *a, struct buf *b, const char *english, ...)
{
	va_list ap;

	va_start(ap, english);
	buf_vprintf(b, a->language->say(english), ap);
	va_end(ap);
}

enum reach reach_of(const struct observation *o)
{
	static const enum reach open[] = {
		[SERVE_UNKNOWN] = REACH_OPEN,
		[SERVE_SERVING] = REACH_SERVING,
		[SERVE_REFUSED] = REACH_REFUSED,
		[SERVE_SILENT] = REACH_SILENT,
	};

	if (!o || o->state == PORT_UNKNOWN || o->state == PORT_OPEN_FILTERED)
		return REACH_UNKNOWN;
	if (o->state == PORT_CLOSED)
		return REACH_CLOSED;
	if (o->state == PORT_FILTERED)
		return REACH_FILTERED;
	/* A port through which we are logged in serves us, whatever else was asked of it. */
	if (o->reason && strcmp(o->reason, "login") == 0)
		return REACH_SERVING;
	return open[o->serve];
}

bool was_left_out(const struct observation *o)
{
	static const char *const reasons[] = {"not-mapped", "not-probed"};

	for (size_t i = 0; o->reason && i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (o->state == PORT_UNKNOWN && strcmp(o->reason, reasons[i]) == 0)
			return true;
	return false;
}

const char *short_reach(const struct audit *a, const struct matter *m)
{
	static const char *const words[] = {
		[REACH_UNKNOWN] = N_("unknown"),   [REACH_SERVING] = N_("serving"),
		[REACH_REFUSED] = N_("refused"),   [REACH_SILENT] = N_("silent"),
		[REACH_OPEN] = N_("open"),         [REACH_CLOSED] = N_("closed"),
		[REACH_FILTERED] = N_("filtered"),
	};

	if (m->foreign)
		return word(a, "shared");
	return !m->seen || was_left_out(m->seen) ? "-" : word(a, words[reach_of(m->seen)]);
}

static void put_part(struct buf *b, const char *part)
{
	if (b->n)
		buf_putc(b, ' ');
	buf_puts(b, part);
}

static void put_expected_address(struct audit *a, struct buf *b, const struct expect_service *want)
{
	if (want->address_mode == ADDRESS_UNRESTRICTED)
		put_part(b, word(a, "unrestricted"));
	if (want->address_mode == ADDRESS_RESTRICTED)
		put_part(b, word(a, "restricted"));
	if (want->address_mode == ADDRESS_WITHIN)
		put_part(b, SAY_N(want->address_n, "%zu prefix", "%zu prefixes", want->address_n));
	if (want->covers_n)
		put_part(b, SAY_N(want->covers_n, "covers %zu prefix", "covers %zu prefixes",
		                  want->covers_n));
}

static void put_expected_state(const struct audit *a, struct buf *b, const struct matter *m)
{
	const struct expect_service *want = m->want;

	if (want->disabled != TRI_UNKNOWN)
		put_part(b, want->disabled == TRI_YES ? word(a, "disabled") : word(a, "enabled"));
	else if (want->expect != EXPECT_NONE)
		put_part(b, word(a, expect_kind_name(want->expect)));
}

static void put_expected_port(struct buf *b, const struct expect_service *want)
{
	if (!wants_number(want->port, &want->port_set))
		return;
	put_part(b, ":");
	if (want->port_set.n)
		number_set_format(&want->port_set, b);
	else
		buf_printf(b, "%d", want->port);
}

static void put_expected_reach(const struct audit *a, struct buf *b,
                               const struct expect_service *want)
{
	static const char *const words[2][2] = {{N_("unreachable"), N_("refused")},
	                                        {N_("reachable"), N_("served")}};

	if (want->reachable != TRI_UNKNOWN)
		put_part(b, word(a, words[want->reachable == TRI_YES][want->reachable_exactly]));
}

const char *short_expected(struct audit *a, const struct matter *m)
{
	const struct expect_service *want = m->want;
	unsigned more;
	struct buf b;

	if (!want)
		return "-";
	buf_init(&b, TEXT_MAX);
	put_expected_state(a, &b, m);
	put_expected_port(&b, want);
	put_expected_address(a, &b, want);
	put_expected_reach(a, &b, want);
	more = (unsigned)wants_word(want->certificate, &want->certificate_set) +
	       (unsigned)wants_word(want->tls_version, &want->tls_version_set) +
	       (unsigned)wants_word(want->vrf, &want->vrf_set) +
	       (unsigned)wants_number(want->max_sessions, &want->max_sessions_set);
	if (more)
		buf_printf(&b, "%s+%u", b.n ? " " : "", more);
	if (!b.n)
		put_said(a, &b, "named");
	return keep(a, &b);
}

static const char *say_choice(struct audit *a, size_t n, const char *values)
{
	return n > 1 ? SAY("one of %s", values) : values;
}

const char *say_numbers(struct audit *a, int one, const struct number_set *set)
{
	struct buf b;

	if (!set->n)
		return arena_printf(&a->out->arena, "%d", one);
	buf_init(&b, TEXT_MAX);
	number_set_format(set, &b);
	return say_choice(a, set->n, keep(a, &b));
}

const char *say_words(struct audit *a, const char *one, const struct word_set *set)
{
	struct buf b;

	if (!set->n)
		return one;
	buf_init(&b, TEXT_MAX);
	word_set_format(set, &b);
	return say_choice(a, set->n, keep(a, &b));
}

/* "certificate web": the keys that are written with their name; NULL for the others. */
static const char *say_named(struct audit *a, const struct expect_service *w, const char *key)
{
	const struct {
		const char *key, *value;
	} rows[] = {
		{"port", say_numbers(a, w->port, &w->port_set)},
		{"certificate", say_words(a, w->certificate, &w->certificate_set)},
		{"tls-version", say_words(a, w->tls_version, &w->tls_version_set)},
		{"vrf", say_words(a, w->vrf, &w->vrf_set)},
		{"max-sessions", say_numbers(a, w->max_sessions, &w->max_sessions_set)},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(key, rows[i].key) == 0)
			return arena_printf(&a->out->arena, "%s %s", key, rows[i].value);
	return NULL;
}

const char *say_expected(struct audit *a, const struct matter *m, const char *key)
{
	const struct expect_service *want = m->want;
	const char *named = key ? say_named(a, want, key) : NULL;
	struct buf b;

	if (named)
		return named;
	buf_init(&b, TEXT_MAX);
	if (key && strcmp(key, "address") == 0)
		put_expected_address(a, &b, want);
	else if (key && strcmp(key, "reachable") == 0)
		put_expected_reach(a, &b, want);
	else
		put_expected_state(a, &b, m);
	if (!key)
		put_expected_reach(a, &b, want);
	named = b.n ? keep(a, &b) : NULL;
	if (!named)
		buf_done(&b);
	return named;
}

static const char *declared_state(const struct service *row)
{
	if (row_enabled(row) == TRI_UNKNOWN)
		return N_("unknown");
	if (row_enabled(row) == TRI_NO)
		return N_("disabled");
	return service_is_static(row) ? N_("enabled") : N_("listening");
}

const char *short_declared(struct audit *a, const struct matter *m)
{
	const struct service *row = m->row;
	const struct catalogue_row *known;
	struct buf b;

	if (!row && matter_on(m) == TRI_YES)
		return word(a, "listening");
	if (!row)
		return m->want && m->present == TRI_UNKNOWN ? word(a, "unknown")
		                                            : word(a, "not listed");
	buf_init(&b, TEXT_MAX);
	buf_puts(&b, word(a, declared_state(row)));
	if (row->invalid == TRI_YES && row_enabled(row) == TRI_YES)
		put_said(a, &b, ", invalid");
	known = catalogue_find(m->name, m->proto);
	if (m->port > 0 && known && known->port && known->port != m->port)
		buf_printf(&b, " :%d", m->port);
	if (row->address_known && row->address_n) {
		buf_puts(&b, ", ");
		buf_puts(&b, SAY_N(row->address_n, "%zu prefix", "%zu prefixes", row->address_n));
	}
	return keep(a, &b);
}

const char *say_seen(struct audit *a, const struct observation *o)
{
	struct buf b;

	if (!o)
		return NULL;
	if (reach_of(o) == REACH_SERVING && o->serve != SERVE_SERVING)
		return word(a, "open, serving");
	buf_init(&b, TEXT_MAX);
	observation_say(o, a->language, &b);
	return keep(a, &b);
}

/* The first line of what it sent; the rest of a greeting adds nothing to the evidence. */
static void put_banner(const struct audit *a, struct buf *b, const struct observation *o)
{
	size_t n = 0;

	if (!o->banner)
		return;
	while (n < o->banner_n && n < BANNER_SHOWN && !memchr("\r\n", o->banner[n], 3))
		n++;
	if (!n)
		return;
	put_said(a, b, ", banner \"");
	buf_add(b, o->banner, n);
	buf_putc(b, '"');
}

const char *say_probe(struct audit *a, const struct observation *o)
{
	return say_probe_from(a, a->seen, o);
}

const char *say_probe_from(struct audit *a, const struct observations *all,
                           const struct observation *o)
{
	struct buf b;

	if (o->reason && strcmp(o->reason, "login") == 0)
		return SAY("port %u serves the login of this audit", o->port);
	buf_init(&b, TEXT_MAX);
	put_said(a, &b, "port %u", o->port);
	if (o->probed_port && o->probed_port != o->port)
		put_said(a, &b, " (here %u)", o->probed_port);
	if (all->target.family) {
		put_said(a, &b, " of ");
		address_format(&all->target, &b);
	}
	if (all->source.family) {
		put_said(a, &b, " probed from ");
		address_format(&all->source, &b);
	}
	put_said(a, &b, ": ");
	observation_say(o, a->language, &b);
	if (reach_of(o) == REACH_REFUSED)
		buf_puts(&b, o->spoke ? word(a, " after our first bytes")
		                      : word(a, " before we had said a word"));
	if (o->reason && o->state != PORT_UNKNOWN)
		buf_printf(&b, ", %s", o->reason);
	if (o->tries)
		buf_puts(&b, SAY_N(o->tries, ", %u try", ", %u tries", o->tries));
	put_banner(a, &b, o);
	return keep(a, &b);
}

const char *say_prefixes(struct audit *a, const struct prefix *set, size_t n)
{
	size_t shown = n < PREFIXES_SHOWN ? n : PREFIXES_SHOWN;
	struct buf b;

	if (!n)
		return word(a, "unrestricted");
	buf_init(&b, TEXT_MAX);
	prefix_set_format(set, shown, &b);
	if (shown < n)
		put_said(a, &b, " and %zu more", n - shown);
	return keep(a, &b);
}

const char *say_address(struct audit *a, const struct address *address)
{
	struct buf b;

	buf_init(&b, TEXT_MAX);
	address_format(address, &b);
	return keep(a, &b);
}

const char *say_version(struct audit *a)
{
	const struct ros_version *v = &a->device->version;

	if (!v->major)
		return word(a, "this RouterOS");
	return arena_printf(&a->out->arena, "RouterOS %d.%d", v->major, v->minor);
}
