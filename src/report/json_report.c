/* The JSON report: everything that is known, in a fixed order. docs/report.md says what each field
 * means; a change that breaks a reader raises REPORT_VERSION. */
#include <string.h>

#include "formats.h"
#include "json.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/limits.h"
#include "rosaudit/version.h"
#include "tally.h"

#define REPORT_VERSION 1

/* The empty string of a fixed array is null. */
static json_t *text_or_null(const char *s)
{
	return js_text(s && *s ? s : NULL);
}

json_t *js_address(const struct address *a)
{
	struct buf b;
	json_t *text;

	if (a->family == 0)
		return json_null();
	buf_init(&b, LIMIT_LINE_BYTES);
	address_format(a, &b);
	text = js_text(buf_str(&b));
	buf_done(&b);
	return text;
}

json_t *js_error(const struct error *err)
{
	json_t *o = json_object();

	js_put(o, "kind", json_string(report_error_kind(err->kind)));
	js_put(o, "text", js_text(err->text));
	js_put(o, "hint", text_or_null(err->hint));
	js_put(o, "where", text_or_null(err->where));
	js_put(o, "line", js_number((long long)err->line, 1));
	js_put(o, "column", js_number((long long)err->column, 1));
	return o;
}

/* How the reading of each other menu ended; what is in them is the audit's matter. */
static json_t *menus_list(const struct device *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->menus_n; i++) {
		const struct menu_items *m = &d->menus[i];
		json_t *o = json_object();

		js_put(o, "path", js_text(m->path));
		js_put(o, "state", json_string(menu_state_name(m->state)));
		js_put(o, "items", js_number(m->state == MENU_READ ? (long long)m->n : -1, 0));
		js_put(o, "said", js_text(m->said));
		js_push(list, o);
	}
	return list;
}

static json_t *device_object(const struct device *d)
{
	json_t *o = json_object(), *services = json_array(), *notes = json_array();

	js_put(o, "version", js_text(d->version_text));
	js_put(o, "board", js_text(d->board));
	js_put(o, "identity", js_text(d->identity));
	js_put(o, "read_as", js_text(d->read_as));
	js_put(o, "seen_as", d->seen_as_known ? js_address(&d->seen_as) : json_null());
	js_put(o, "static_complete", js_word(d->static_complete));
	js_put(o, "listeners_complete", js_word(d->listeners_complete));
	for (size_t i = 0; i < d->services_n; i++)
		js_push(services, js_service(&d->services[i], true));
	js_put(o, "services", services);
	js_put(o, "menus", menus_list(d));
	for (size_t i = 0; i < d->notes_n; i++)
		js_push(notes, js_text(d->notes[i].text));
	js_put(o, "notes", notes);
	return o;
}

/* Hexadecimal of bytes that the text form cannot give back exactly; else null. */
static json_t *hex_of_binary(const char *p, size_t n)
{
	struct buf b;
	json_t *hex;

	if (!p || js_is_utf8_text(p, n))
		return json_null();
	buf_init(&b, 2u * LIMIT_ANSWER_BYTES);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%02x", (unsigned char)p[i]);
	hex = json_string(buf_str(&b));
	buf_done(&b);
	return hex;
}

json_t *js_observation(const struct observation *ob)
{
	static const char *const serves[] = {NULL, "serving", "refused", "silent"};
	json_t *o = json_object();

	js_put(o, "port", json_integer(ob->port));
	js_put(o, "proto", json_string(ob->proto == L4_UDP ? "udp" : "tcp"));
	js_put(o, "probed_port", js_number(ob->probed_port, 1));
	js_put(o, "state", json_string(port_state_name(ob->state)));
	js_put(o, "reason", js_text(ob->reason));
	js_put(o, "serve", js_text(serves[ob->serve]));
	js_put(o, "app", js_text(ob->app == APP_UNKNOWN ? NULL : app_proto_name(ob->app)));
	js_put(o, "banner", js_text_n(ob->banner, ob->banner_n));
	js_put(o, "banner_hex", hex_of_binary(ob->banner, ob->banner_n));
	js_put(o, "facts", js_facts(ob->facts));
	js_put(o, "close", js_text(ob->close));
	js_put(o, "tries", json_integer(ob->tries));
	js_put(o, "rtt_us", js_number(ob->rtt_us, 0));
	return o;
}

/* What the scan took and how sure it is; null before anything was sent. */
static json_t *account_object(const struct scan_account *a)
{
	json_t *o;

	if (a->sent == 0)
		return json_null();
	o = json_object();
	js_put(o, "sent", json_integer((json_int_t)a->sent));
	js_put(o, "answered", json_integer((json_int_t)a->answered));
	js_put(o, "loss", json_real(a->loss));
	js_put(o, "loss_assumed", json_boolean(a->loss_assumed));
	js_put(o, "missed", json_real(a->missed));
	js_put(o, "limited", json_boolean(a->limited));
	js_put(o, "tarpit", json_boolean(a->tarpit));
	js_put(o, "cut", js_text(a->cut));
	js_put(o, "rtt_us", js_number(a->rtt_us, 0));
	return o;
}

json_t *js_scan(const struct observations *obs)
{
	json_t *o = json_object();

	js_put(o, "scanned", json_boolean(obs->scanned));
	js_put(o, "target", js_address(&obs->target));
	js_put(o, "source", js_address(&obs->source));
	js_put(o, "started", js_text(obs->started));
	js_put(o, "duration_ms", obs->scanned ? json_integer(obs->duration_ms) : json_null());
	js_put(o, "account", account_object(&obs->account));
	return o;
}

/* The audit writes "-" where a view has no value. */
static json_t *view(const char *s)
{
	return js_text(s && strcmp(s, "-") != 0 ? s : NULL);
}

static json_t *subject_object(const struct findings *f, const struct subject *s)
{
	const struct judged j = tally_judge(f, s);
	bool failed = j.outcome == OUTCOME_FINDING;
	json_t *o = json_object(), *findings = json_array();

	js_put(o, "name", js_text(s->name));
	js_put(o, "port", js_number(s->port, 0));
	js_put(o, "proto", js_text(l4_name(s->proto)));
	js_put(o, "listed", json_boolean(s->listed));
	js_put(o, "expected", view(s->expected));
	js_put(o, "declared", view(s->declared));
	js_put(o, "reachable", view(s->reachable));
	js_put(o, "filtered_by", js_text(s->filtered_by));
	js_put(o, "verdict", js_text(tally_outcome_name(j.outcome)));
	js_put(o, "worst", failed ? json_string(severity_name(j.severity)) : json_null());
	for (size_t i = 0; i < s->findings_n; i++)
		js_push(findings, json_integer((json_int_t)s->findings[i]));
	js_put(o, "findings", findings);
	js_put(o, "cause", js_cause(s->cause));
	return o;
}

static json_t *origin_object(const struct origin *at)
{
	json_t *o;

	if (!at->file)
		return json_null();
	o = json_object();
	js_put(o, "file", js_text(at->file));
	js_put(o, "line", js_number((long long)at->line, 1));
	js_put(o, "column", js_number((long long)at->column, 1));
	return o;
}

static json_t *finding_object(const struct finding *f)
{
	json_t *o = json_object();

	js_put(o, "rule", js_text(f->rule->id));
	js_put(o, "title", js_text(tally_title(f)));
	js_put(o, "severity", json_string(severity_name(f->severity)));
	js_put(o, "undecided", json_boolean(f->undecided));
	js_put(o, "waived", json_boolean(f->waived));
	js_put(o, "waiver", js_text(f->waiver));
	js_put(o, "service", js_text(f->service));
	js_put(o, "port", js_number(f->port, 0));
	js_put(o, "proto", js_text(l4_name(f->proto)));
	js_put(o, "expected", js_text(f->expected));
	js_put(o, "declared", js_text(f->declared));
	js_put(o, "reachable", js_text(f->reachable));
	js_put(o, "filtered_by", js_text(f->filtered_by));
	js_put(o, "evidence", js_text(f->evidence));
	js_put(o, "mend", js_text(f->mend));
	js_put(o, "cause", js_cause(f->cause));
	js_put(o, "why", js_text(f->why));
	js_put(o, "link", js_text(f->link));
	js_put(o, "origin", origin_object(&f->origin));
	return o;
}

static json_t *router_object(const struct results *all, size_t i)
{
	const struct result *r = &all->v[i];
	json_t *o = json_object(), *observations = json_array(), *subjects = json_array(),
	       *findings = json_array();

	js_put(o, "name", js_text(r->target->name));
	js_put(o, "host", js_text(r->target->host));
	js_put(o, "address", text_or_null(r->address));
	js_put(o, "transport", json_string(report_transport_name(r->target->transport)));
	js_put(o, "file", js_text(r->target->file));
	js_put(o, "profile", js_text(r->target->policy.profile));
	js_put(o, "policy", json_boolean(!policy_is_empty(&r->target->policy)));
	js_put(o, "started", text_or_null(r->started));
	js_put(o, "duration_ms", json_integer(r->duration_ms));
	js_put(o, "audited", json_boolean(r->audited));
	js_put(o, "exit_status", json_integer(tally_status(all, i)));
	js_put(o, "error",
	       r->audited && !error_is_set(&r->error) ? json_null() : js_error(&r->error));
	js_put(o, "device", device_object(&r->device));
	js_put(o, "listeners", js_listeners(&r->listeners));
	js_put(o, "unread", js_unread(&r->listeners));
	js_put(o, "exposure",
	       r->exposure.known || r->exposure.unknown_why ? js_exposure(&r->exposure, NULL)
	                                                    : json_null());
	js_put(o, "scan", js_scan(&r->observations));
	for (size_t j = 0; j < r->observations.n; j++)
		js_push(observations, js_observation(&r->observations.v[j]));
	js_put(o, "observations", observations);
	js_put(o, "vantages", js_vantages(r));
	for (size_t j = 0; j < r->findings.subjects_n; j++)
		js_push(subjects, subject_object(&r->findings, &r->findings.subjects[j]));
	js_put(o, "subjects", subjects);
	for (size_t j = 0; j < r->findings.n; j++)
		js_push(findings, finding_object(&r->findings.v[j]));
	js_put(o, "findings", findings);
	return o;
}

static json_t *summary_object(const struct results *results)
{
	const struct tally t = tally_all(results);
	json_t *o = json_object(), *findings = json_object();

	js_put(o, "routers", json_integer((json_int_t)t.routers));
	js_put(o, "audited", json_integer((json_int_t)(t.routers - t.not_audited)));
	js_put(o, "not_audited", json_integer((json_int_t)t.not_audited));
	js_put(o, "in_part", json_integer((json_int_t)t.partial));
	for (size_t i = SEVERITIES; i-- > 0;)
		js_put(findings, severity_name((enum severity)i),
		       json_integer((json_int_t)t.severity[i]));
	js_put(o, "findings", findings);
	js_put(o, "pass", json_integer((json_int_t)t.pass));
	js_put(o, "could_not_tell", json_integer((json_int_t)t.undecided));
	js_put(o, "waived", json_integer((json_int_t)t.waived));
	return o;
}

void report_json_write(const struct results *results, const struct report_options *opt,
                       struct buf *out)
{
	json_t *o = json_object(), *routers = json_array();
	struct buf verdict;

	(void)opt;
	buf_init(&verdict, LIMIT_LINE_BYTES);
	tally_verdict(results, &language_english, &verdict);
	js_put(o, "format", json_string("rosaudit-report"));
	js_put(o, "version", json_integer(REPORT_VERSION));
	js_put(o, "program", json_string("rosaudit " ROSAUDIT_VERSION));
	js_put(o, "started", text_or_null(results->started));
	js_put(o, "exit_status", json_integer(results_exit_status(results)));
	js_put(o, "verdict", js_text(buf_str(&verdict)));
	js_put(o, "fail_on",
	       json_string(results->fail_never ? "never" : severity_name(results->fail_on)));
	js_put(o, "interrupted", json_boolean(results->interrupted));
	js_put(o, "summary", summary_object(results));
	for (size_t i = 0; i < results->n; i++)
		js_push(routers, router_object(results, i));
	js_put(o, "routers", routers);
	js_write(o, out);
	buf_done(&verdict);
}
