/* A router's section of the HTML report: facts, services, findings, what the probes saw. */
#include <string.h>

#include "html.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/message.h"

static void put_fact(struct xml *x, const char *term, const char *text)
{
	if (!text || !*text)
		return;
	xml_element(x, "dt", term);
	xml_element(x, "dd", text);
	xml_newline(x);
}

static void put_vantage(struct xml *x, const struct result *r)
{
	struct buf b;

	buf_init(&b, REPORT_TEXT_BYTES);
	if (r->device.seen_as_known)
		address_format(&r->device.seen_as, &b);
	else
		buf_puts(&b, _("unknown: the router did not say under which address it sees us"));
	put_fact(x, _("Seen by the router as"), buf_str(&b));
	buf_done(&b);
}

static void put_times(struct xml *x, const struct result *r)
{
	struct buf b;

	buf_init(&b, REPORT_TEXT_BYTES);
	if (r->started[0])
		buf_printf(&b, _("%s, took %.1f s"), r->started, (double)r->duration_ms / 1000.0);
	put_fact(x, _("Audited at"), buf_str(&b));
	buf_done(&b);
}

static void put_facts(struct xml *x, const struct result *r)
{
	const struct device *d = &r->device;

	html_open(x, "dl", "facts");
	xml_newline(x);
	put_fact(x, _("Host"), r->target->host);
	put_fact(x, _("Address"), r->address);
	put_fact(x, _("Saved output"), r->target->file);
	put_fact(x, _("RouterOS"), d->version_text);
	put_fact(x, _("Board"), d->board);
	put_fact(x, _("Identity"), d->identity);
	put_fact(x, _("Read by"),
	         d->read_as ? d->read_as : report_transport_name(r->target->transport));
	put_fact(x, _("Profile"), r->target->policy.profile);
	if (r->audited)
		put_vantage(x, r);
	put_times(x, r);
	for (size_t i = 0; i < d->notes_n; i++)
		put_fact(x, _("Note"), d->notes[i].read);
	xml_close(x);
	xml_newline(x);
}

static void put_error(struct xml *x, const struct result *r)
{
	const char *end;

	if (r->audited && !error_is_set(&r->error))
		return;
	html_open(x, "div", "trouble");
	xml_open(x, "p");
	xml_element(x, "strong", r->audited ? _("Audited only in part: ") : _("Not audited: "));
	xml_text(x,
	         error_is_set(&r->error) ? error_text_read(&r->error) : _("no reason was given"));
	xml_close(x);
	for (const char *p = error_hint_read(&r->error); *p; p = *end ? end + 1 : end) {
		end = strchrnul(p, '\n');
		xml_open(x, "p");
		xml_text_n(x, p, (size_t)(end - p));
		xml_close(x);
	}
	xml_close(x);
	xml_newline(x);
}

static void put_verdict(struct xml *x, const struct findings *f, const struct subject *s)
{
	const struct judged j = tally_judge(f, s);
	const char *name = tally_outcome_name(j.outcome);

	xml_open(x, "td");
	if (j.outcome != OUTCOME_FINDING) {
		html_badge(x, html_kind(j.outcome), _(name ? name : N_("not compared")));
	} else {
		html_badge(x, severity_name(j.severity), _(severity_name(j.severity)));
		if (j.worst)
			xml_printf(x, " %s", j.worst->rule->id);
		if (j.more > 0)
			xml_printf(x, P_(" (+%zu more)", " (+%zu more)", j.more), j.more);
	}
	xml_close(x);
}

static void put_reachable(struct xml *x, const struct subject *s)
{
	struct buf b;

	buf_init(&b, REPORT_TEXT_BYTES);
	xml_element(x, "td", tally_reachable(s->reachable, s->filtered_by, &language_local, &b));
	buf_done(&b);
}

static void put_subject(struct xml *x, const struct findings *f, size_t router, size_t i)
{
	const struct subject *s = &f->subjects[i];

	xml_open(x, "tr");
	xml_attr_printf(x, "id", "r%zu-s%zu", router + 1, i + 1);
	xml_attr(x, "data-kind", html_kind(tally_judge(f, s).outcome));
	xml_open(x, "th");
	xml_attr(x, "scope", "row");
	xml_text(x, s->name);
	xml_close(x);
	html_open(x, "td", "number");
	xml_attr_number(x, "data-key", s->port);
	if (s->port >= 0)
		xml_printf(x, s->proto == L4_UDP ? "%d/udp" : "%d", s->port);
	else
		xml_text(x, "-");
	xml_close(x);
	xml_element(x, "td", s->expected);
	xml_element(x, "td", s->declared);
	put_reachable(x, s);
	put_verdict(x, f, s);
	xml_close(x);
	xml_newline(x);
}

static void put_subjects(struct xml *x, const struct results *all, size_t router)
{
	static const char *const titles[] = {N_("Service"),  N_("Port"),      N_("Expected"),
	                                     N_("Declared"), N_("Reachable"), N_("Verdict")};
	const struct findings *f = result_for_people(&all->v[router]);
	struct buf name;

	if (f->subjects_n == 0)
		return;
	html_router_name(all, router, &name);
	html_open(x, "div", "scroll");
	xml_attr(x, "role", "group");
	xml_attr_printf(x, "aria-labelledby", "r%zu-name", router + 1);
	xml_attr(x, "tabindex", "0");
	xml_newline(x);
	html_open(x, "table", "sortable services");
	html_open(x, "caption", "sr");
	xml_printf(x, _("Services and ports of %s"), buf_str(&name));
	xml_close(x);
	xml_newline(x);
	xml_open(x, "thead");
	xml_open(x, "tr");
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		html_th(x, _(titles[i]), i == 1 ? "number" : NULL, i == 1 ? "number" : "text");
	xml_close(x);
	xml_close(x);
	xml_newline(x);
	xml_open(x, "tbody");
	xml_newline(x);
	for (size_t i = 0; i < f->subjects_n; i++)
		put_subject(x, f, router, i);
	xml_close(x);
	xml_close(x);
	xml_close(x);
	xml_newline(x);
	buf_done(&name);
}

static void put_origin(struct xml *x, const struct origin *at)
{
	struct buf b;

	if (!at->file)
		return;
	buf_init(&b, REPORT_TEXT_BYTES);
	buf_puts(&b, at->file);
	if (at->line)
		buf_printf(&b, ":%zu", at->line);
	put_fact(x, _("Asked for by"), buf_str(&b));
	buf_done(&b);
}

/* A link of the policy is followed only to the web: nothing else may stand behind a click. */
static void put_link(struct xml *x, const char *link)
{
	if (!link)
		return;
	xml_element(x, "dt", _("Link"));
	xml_open(x, "dd");
	if (strncmp(link, "https://", 8) == 0 || strncmp(link, "http://", 7) == 0) {
		xml_open(x, "a");
		xml_attr(x, "href", link);
		xml_attr(x, "rel", "noopener noreferrer");
		xml_text(x, link);
		xml_close(x);
	} else {
		xml_text(x, link);
	}
	xml_close(x);
	xml_newline(x);
}

static void put_summary_line(struct xml *x, const struct finding *f)
{
	struct buf place;

	buf_init(&place, REPORT_TEXT_BYTES);
	tally_place(f->service, f->port, f->proto, &place);
	xml_open(x, "summary");
	if (f->waived)
		html_badge(x, "waived", _("waived"));
	html_badge(x, f->undecided ? "unknown" : severity_name(f->severity),
	           _(f->undecided ? N_("could not tell") : severity_name(f->severity)));
	xml_printf(x, " %s ", f->rule->id);
	if (place.n > 0) {
		xml_element(x, "b", buf_str(&place));
		xml_text(x, _(": "));
	}
	xml_text(x, tally_title_read(f));
	xml_close(x);
	xml_newline(x);
	buf_done(&place);
}

static void put_cause(struct xml *x, const struct cause *c)
{
	struct buf b;

	if (!c)
		return;
	buf_init(&b, CAUSE_TEXT_MAX);
	cause_format(c, &b);
	put_fact(x, _("Cause"), buf_str(&b));
	buf_done(&b);
}

static void put_finding(struct xml *x, const struct finding *f)
{
	const char *reachable;
	struct buf b;

	buf_init(&b, REPORT_TEXT_BYTES);
	html_open(x, "details", "finding");
	xml_attr(x, "data-kind",
	         html_kind(f->waived      ? OUTCOME_WAIVED
	                   : f->undecided ? OUTCOME_UNKNOWN
	                                  : OUTCOME_FINDING));
	xml_newline(x);
	put_summary_line(x, f);
	html_open(x, "dl", "facts");
	xml_newline(x);
	put_fact(x, _("Expected"), f->expected ? f->expected : "-");
	put_fact(x, _("Declared"), f->declared ? f->declared : "-");
	reachable = tally_reachable(f->reachable, f->filtered_by, &language_local, &b);
	put_fact(x, _("Reachable"), reachable ? reachable : "-");
	buf_done(&b);
	put_fact(x, _("Evidence"), f->evidence);
	put_cause(x, f->cause);
	put_fact(x, _("Why"), f->why);
	put_link(x, f->link);
	put_origin(x, &f->origin);
	put_fact(x, _("Waived"), f->waiver);
	if (f->mend) {
		xml_element(x, "dt", _("Mend"));
		xml_open(x, "dd");
		xml_element(x, "code", f->mend);
		xml_close(x);
		xml_newline(x);
	}
	xml_close(x);
	xml_newline(x);
	xml_close(x);
	xml_newline(x);
}

/* Closed and filtered ports may be tens of thousands; they are counted. */
static bool is_shown(const struct observation *o)
{
	return o->state == PORT_OPEN || o->state == PORT_UNKNOWN;
}

static void put_told(struct xml *x, const struct service_facts *f)
{
	struct buf b;

	if (!f)
		return;
	buf_init(&b, REPORT_TEXT_BYTES);
	facts_format(f, &b);
	xml_text_n(x, " ", 1);
	xml_text_n(x, buf_str(&b), b.n);
	buf_done(&b);
}

static void put_observation(struct xml *x, const struct observation *o)
{
	struct buf b;

	buf_init(&b, REPORT_TEXT_BYTES);
	observation_say(o, &language_local, &b);
	xml_open(x, "tr");
	html_open(x, "td", "number");
	xml_printf(x, o->proto == L4_UDP ? "%u/udp" : "%u", o->port);
	xml_close(x);
	xml_element(x, "td", buf_str(&b));
	xml_element(x, "td", o->reason);
	xml_open(x, "td");
	xml_open(x, "code");
	xml_text_n(x, o->banner, o->banner_n);
	xml_close(x);
	put_told(x, o->facts);
	xml_close(x);
	xml_close(x);
	xml_newline(x);
	buf_done(&b);
}

static void put_observations(struct xml *x, const struct observations *o)
{
	size_t shown = 0;

	if (!o->scanned)
		return;
	for (size_t i = 0; i < o->n; i++)
		shown += is_shown(&o->v[i]);
	html_open(x, "details", "probes");
	xml_newline(x);
	xml_open(x, "summary");
	xml_printf(x,
	           P_("What the probes saw: %zu of %zu ports open or unknown, the others closed "
	              "or filtered",
	              "What the probes saw: %zu of %zu ports open or unknown, the others closed "
	              "or filtered",
	              shown),
	           shown, o->n);
	xml_close(x);
	xml_newline(x);
	if (shown > 0) {
		xml_open(x, "table");
		xml_open(x, "thead");
		xml_open(x, "tr");
		html_th(x, _("Port"), "number", NULL);
		html_th(x, _("Seen"), NULL, NULL);
		html_th(x, _("Reason"), NULL, NULL);
		html_th(x, _("Banner"), NULL, NULL);
		xml_close(x);
		xml_close(x);
		xml_newline(x);
		xml_open(x, "tbody");
		xml_newline(x);
		for (size_t i = 0; i < o->n; i++)
			if (is_shown(&o->v[i]))
				put_observation(x, &o->v[i]);
		xml_close(x);
		xml_close(x);
		xml_newline(x);
	}
	xml_close(x);
	xml_newline(x);
}

static const char *own_kind(const struct results *all, size_t i)
{
	if (!all->v[i].audited || error_is_set(&all->v[i].error))
		return "unknown";
	return tally_status(all, i) == 0 ? "pass" : "none";
}

static void put_title(struct xml *x, const struct results *all, size_t i)
{
	int status = tally_status(all, i);
	struct buf name;

	html_router_name(all, i, &name);
	xml_open(x, "h3");
	xml_attr_printf(x, "id", "r%zu-name", i + 1);
	xml_text(x, buf_str(&name));
	xml_text(x, " ");
	html_badge(x,
	           status == 0   ? "pass"
	           : status == 1 ? "high"
	                         : "unknown",
	           _(tally_router_words(all, i)));
	xml_close(x);
	xml_newline(x);
	buf_done(&name);
}

void html_put_router(struct xml *x, const struct results *all, size_t i)
{
	const struct result *r = &all->v[i];

	html_open(x, "section", "router");
	xml_attr_printf(x, "id", "r%zu", i + 1);
	xml_attr_printf(x, "aria-labelledby", "r%zu-name", i + 1);
	/* What the filter takes for a router without services. */
	xml_attr(x, "data-own", own_kind(all, i));
	xml_newline(x);
	html_open(x, "div", "about");
	xml_newline(x);
	put_title(x, all, i);
	put_error(x, r);
	put_facts(x, r);
	xml_close(x);
	xml_newline(x);
	put_subjects(x, all, i);
	for (size_t j = 0; j < r->findings.n; j++)
		put_finding(x, &result_for_people(r)->v[j]);
	put_observations(x, &r->observations);
	html_put_vantages(x, r);
	html_put_exposure(x, &r->exposure);
	xml_close(x);
	xml_newline(x);
}
