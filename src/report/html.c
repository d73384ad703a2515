/* The HTML report: one page that needs nothing else, without script, on paper, in either colour
 * scheme, for eyes and for screen readers. */
#include <string.h>

#include "formats.h"
#include "html.h"
#include "rosaudit/message.h"
#include "rosaudit/version.h"

void html_open(struct xml *x, const char *name, const char *class)
{
	xml_open(x, name);
	xml_attr(x, "class", class);
}

void html_element(struct xml *x, const char *name, const char *class, const char *text)
{
	html_open(x, name, class);
	xml_text(x, text);
	xml_close(x);
}

void html_th(struct xml *x, const char *text, const char *class, const char *sort)
{
	html_open(x, "th", class);
	xml_attr(x, "scope", "col");
	xml_attr(x, "data-sort", sort);
	xml_text(x, text);
	xml_close(x);
}

void html_router_name(const struct results *all, size_t i, struct buf *out)
{
	buf_init(out, REPORT_TEXT_BYTES);
	tally_router_name(all, i, out);
}

const char *html_kind(enum outcome o)
{
	static const char *const kinds[] = {
		[OUTCOME_NONE] = "none",       [OUTCOME_PASS] = "pass",
		[OUTCOME_FINDING] = "finding", [OUTCOME_UNKNOWN] = "unknown",
		[OUTCOME_WAIVED] = "waived",
	};

	return kinds[o];
}

void html_badge(struct xml *x, const char *class, const char *text)
{
	xml_open(x, "span");
	xml_attr_printf(x, "class", "badge %s", class);
	xml_text(x, text);
	xml_close(x);
}

static void put_meta(struct xml *x, const char *key, const char *name, const char *content)
{
	xml_open(x, "meta");
	xml_attr(x, key, name);
	xml_attr(x, "content", content);
	xml_close_void(x);
	xml_newline(x);
}

/* No request of any kind, no script and no style but ours: should foreign text ever find a way into
 * the markup, it could do nothing there. */
static void put_policy(struct xml *x)
{
	struct buf b;

	buf_init(&b, REPORT_TEXT_BYTES);
	buf_printf(&b,
	           "default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; "
	           "base-uri 'none'; form-action 'none'",
	           html_style_sha256, html_script_sha256);
	put_meta(x, "http-equiv", "Content-Security-Policy", buf_str(&b));
	buf_done(&b);
}

static void put_raw_element(struct xml *x, const char *name, const char *const *lines)
{
	xml_open(x, name);
	for (; *lines; lines++)
		xml_raw(x, *lines);
	xml_close(x);
	xml_newline(x);
}

static void put_head(struct xml *x, const char *verdict)
{
	xml_open(x, "head");
	xml_newline(x);
	xml_open(x, "meta");
	xml_attr(x, "charset", "utf-8");
	xml_close_void(x);
	xml_newline(x);
	put_policy(x);
	put_meta(x, "name", "viewport", "width=device-width, initial-scale=1");
	put_meta(x, "name", "color-scheme", "light dark");
	put_meta(x, "name", "referrer", "no-referrer");
	put_meta(x, "name", "generator", "rosaudit " ROSAUDIT_VERSION);
	xml_open(x, "title");
	xml_printf(x, _("rosaudit: %s"), verdict);
	xml_close(x);
	xml_newline(x);
	put_raw_element(x, "style", html_style);
	xml_close(x);
	xml_newline(x);
}

static const char *verdict_class(const struct results *all)
{
	int status = results_exit_status(all);

	return all->n == 0 || status > 1 ? "verdict unknown"
	       : status == 1             ? "verdict high"
	                                 : "verdict pass";
}

static void put_header(struct xml *x, const struct results *all, const char *verdict)
{
	xml_open(x, "header");
	xml_newline(x);
	xml_element(x, "h1", _("rosaudit report"));
	xml_newline(x);
	html_element(x, "p", verdict_class(all), verdict);
	xml_newline(x);
	html_open(x, "p", "faint");
	if (all->started[0])
		xml_printf(x, _("Run of %s. "), all->started);
	xml_printf(x, _("Fails from: %s. "),
	           _(all->fail_never ? N_("never") : severity_name(all->fail_on)));
	xml_printf(x, _("Written by rosaudit %s."), ROSAUDIT_VERSION);
	xml_close(x);
	xml_newline(x);
	xml_close(x);
	xml_newline(x);
}

static void put_tile(struct xml *x, const char *class, size_t n, const char *counted, ...)
	__attribute__((format(printf, 4, 5)));

/* What is counted begins with its number, which stands out. */
static void put_tile(struct xml *x, const char *class, size_t n, const char *counted, ...)
{
	size_t digits;
	struct buf b;
	va_list ap;

	buf_init(&b, REPORT_TEXT_BYTES);
	va_start(ap, counted);
	buf_vprintf(&b, counted, ap);
	va_end(ap);
	digits = strspn(buf_str(&b), "0123456789");
	xml_open(x, "li");
	xml_attr_printf(x, "class", "%s%s", class, n == 0 ? " zero" : "");
	xml_open(x, "b");
	xml_text_n(x, buf_str(&b), digits);
	xml_close(x);
	xml_text(x, buf_str(&b) + digits);
	xml_close(x);
	xml_newline(x);
	buf_done(&b);
}

static void put_tiles(struct xml *x, const struct results *all)
{
	const struct tally t = tally_all(all);

	html_open(x, "ul", "tiles");
	xml_newline(x);
	put_tile(x, "info", t.routers, P_("%zu router", "%zu routers", t.routers), t.routers);
	put_tile(x, "unknown", t.not_audited,
	         P_("%zu not audited", "%zu not audited", t.not_audited), t.not_audited);
	for (size_t s = SEVERITIES; s-- > 0;)
		put_tile(x, severity_name((enum severity)s), t.severity[s], "%zu %s", t.severity[s],
		         _(severity_name((enum severity)s)));
	put_tile(x, "unknown", t.undecided,
	         P_("%zu could not tell", "%zu could not tell", t.undecided), t.undecided);
	put_tile(x, "waived", t.waived, P_("%zu waived", "%zu waived", t.waived), t.waived);
	put_tile(x, "pass", t.pass, P_("%zu pass", "%zu pass", t.pass), t.pass);
	xml_close(x);
	xml_newline(x);
}

/* Nothing is known of a router that was not audited: a dash, which sorts before 0. */
static void put_count(struct xml *x, const char *class, size_t n, bool known)
{
	html_open(x, "td", "number");
	if (!known) {
		xml_attr(x, "data-key", "-1");
		xml_text(x, "-");
	} else if (n > 0) {
		xml_open(x, "span");
		xml_attr_printf(x, "class", "badge %s", class);
		xml_printf(x, "%zu", n);
		xml_close(x);
	} else {
		xml_text(x, "0");
	}
	xml_close(x);
}

static const char *router_class(const struct results *all, size_t i)
{
	int status = tally_status(all, i);

	return status == 0 ? "pass" : status == 1 ? "high" : "unknown";
}

static void put_summary_row(struct xml *x, const struct results *all, size_t i)
{
	const struct result *r = &all->v[i];
	bool known = r->audited || r->findings.n > 0;
	struct tally t = {0};
	struct buf name;

	html_router_name(all, i, &name);
	tally_add(r, &t);
	xml_open(x, "tr");
	xml_attr_printf(x, "data-router", "r%zu", i + 1);
	xml_open(x, "th");
	xml_attr(x, "scope", "row");
	xml_open(x, "a");
	xml_attr_printf(x, "href", "#r%zu", i + 1);
	xml_text(x, buf_str(&name));
	xml_close(x);
	xml_close(x);
	xml_element(x, "td", r->target->host);
	xml_element(x, "td", r->device.version_text ? r->device.version_text : _("unknown"));
	for (size_t s = SEVERITIES; s-- > 0;)
		put_count(x, severity_name((enum severity)s), t.severity[s], known);
	put_count(x, "unknown", t.undecided, known);
	put_count(x, "waived", t.waived, known);
	put_count(x, "pass", t.pass, known);
	xml_open(x, "td");
	html_badge(x, router_class(all, i), _(tally_router_words(all, i)));
	xml_close(x);
	xml_close(x);
	xml_newline(x);
	buf_done(&name);
}

static void put_summary_head(struct xml *x)
{
	xml_open(x, "thead");
	xml_open(x, "tr");
	html_th(x, _("Router"), NULL, "text");
	html_th(x, _("Host"), NULL, "text");
	html_th(x, "RouterOS", NULL, "text");
	for (size_t s = SEVERITIES; s-- > 0;)
		html_th(x, _(severity_name((enum severity)s)), "number", "number");
	html_th(x, _("could not tell"), "number", "number");
	html_th(x, _("waived"), "number", "number");
	html_th(x, _("pass"), "number", "number");
	html_th(x, _("Outcome"), NULL, "text");
	xml_close(x);
	xml_close(x);
	xml_newline(x);
}

/* A table that may be wider than the window scrolls by itself, with the keyboard as well. */
static void open_scroller(struct xml *x, const char *labelled_by)
{
	html_open(x, "div", "scroll");
	xml_attr(x, "role", "region");
	xml_attr(x, "aria-labelledby", labelled_by);
	xml_attr(x, "tabindex", "0");
	xml_newline(x);
}

static void put_summary(struct xml *x, const struct results *all)
{
	xml_open(x, "section");
	xml_attr(x, "aria-labelledby", "summary");
	xml_newline(x);
	xml_open(x, "h2");
	xml_attr(x, "id", "summary");
	xml_text(x, _("Summary"));
	xml_close(x);
	xml_newline(x);
	put_tiles(x, all);
	if (all->n > 0) {
		open_scroller(x, "summary");
		html_open(x, "table", "sortable");
		html_element(x, "caption", "sr",
		             _("Routers, their findings by severity, and outcome"));
		xml_newline(x);
		put_summary_head(x);
		xml_open(x, "tbody");
		xml_newline(x);
		for (size_t i = 0; i < all->n; i++)
			put_summary_row(x, all, i);
		xml_close(x);
		xml_close(x);
		xml_close(x);
		xml_newline(x);
	}
	xml_close(x);
	xml_newline(x);
}

static void put_option(struct xml *x, const char *value, const char *text)
{
	xml_open(x, "option");
	xml_attr(x, "value", value);
	xml_text(x, text);
	xml_close(x);
}

static void put_label(struct xml *x, const char *target, const char *text)
{
	xml_open(x, "label");
	xml_attr(x, "for", target);
	xml_text(x, text);
	xml_close(x);
	xml_newline(x);
}

/* Hidden until the script runs: what cannot work is not shown. The script's words are here. */
static void put_tools(struct xml *x)
{
	xml_open(x, "form");
	xml_attr(x, "id", "tools");
	xml_attr(x, "role", "search");
	xml_attr(x, "hidden", "hidden");
	xml_newline(x);
	put_label(x, "words", _("Filter"));
	xml_open(x, "input");
	xml_attr(x, "id", "words");
	xml_attr(x, "type", "search");
	xml_attr(x, "autocomplete", "off");
	xml_attr(x, "placeholder", _("router, service, port, rule, text"));
	xml_close_void(x);
	xml_newline(x);
	put_label(x, "show", _("Show"));
	xml_open(x, "select");
	xml_attr(x, "id", "show");
	put_option(x, "all", _("everything"));
	put_option(x, "finding", _("findings"));
	put_option(x, "unknown", _("could not tell, not audited"));
	put_option(x, "waived", _("waived"));
	put_option(x, "pass", _("pass"));
	xml_close(x);
	xml_newline(x);
	xml_open(x, "button");
	xml_attr(x, "id", "unfold");
	xml_attr(x, "type", "button");
	xml_attr(x, "aria-pressed", "false");
	xml_text(x, _("Unfold all"));
	xml_close(x);
	xml_newline(x);
	xml_open(x, "output");
	xml_attr(x, "id", "status");
	xml_attr(x, "aria-live", "polite");
	xml_attr(x, "data-shown", _("{0} of {1} routers, {2} of {3} services and ports"));
	xml_attr(x, "data-up", _("sorted by {0}, ascending"));
	xml_attr(x, "data-down", _("sorted by {0}, descending"));
	xml_close(x);
	xml_newline(x);
	xml_close(x);
	xml_newline(x);
}

static void put_routers(struct xml *x, const struct results *all)
{
	if (all->n == 0)
		return;
	xml_open(x, "section");
	xml_attr(x, "aria-labelledby", "routers");
	xml_newline(x);
	xml_open(x, "h2");
	xml_attr(x, "id", "routers");
	xml_text(x, _("Routers"));
	xml_close(x);
	xml_newline(x);
	for (size_t i = 0; i < all->n; i++)
		html_put_router(x, all, i);
	xml_close(x);
	xml_newline(x);
}

static void put_body(struct xml *x, const struct results *all, const char *verdict)
{
	xml_open(x, "body");
	xml_newline(x);
	html_open(x, "a", "skip");
	xml_attr(x, "href", "#main");
	xml_text(x, _("To the results"));
	xml_close(x);
	xml_newline(x);
	put_header(x, all, verdict);
	xml_open(x, "main");
	xml_attr(x, "id", "main");
	xml_newline(x);
	if (all->n > 0)
		put_tools(x);
	put_summary(x, all);
	html_put_matrix(x, all);
	put_routers(x, all);
	xml_close(x);
	xml_newline(x);
	put_raw_element(x, "script", html_script);
	xml_close(x);
	xml_newline(x);
}

void report_html_write(const struct results *results, const struct report_options *opt,
                       struct buf *out)
{
	struct xml *x = xml_new(XML_HTML, out);
	struct buf verdict;

	(void)opt;
	buf_init(&verdict, REPORT_TEXT_BYTES);
	tally_verdict(results, &language_local, &verdict);
	xml_open(x, "html");
	/* TRANSLATORS: this language's own code, for the page's lang attribute. */
	xml_attr(x, "lang", _("en"));
	xml_newline(x);
	put_head(x, buf_str(&verdict));
	put_body(x, results, buf_str(&verdict));
	xml_close(x);
	xml_finish(x);
	xml_free(x);
	buf_done(&verdict);
}
