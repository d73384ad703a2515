/* The CSV report: a header, then a line for each finding, and one for each service or port that has
 * none, and for what was not audited. docs/report.md says what each column means. */
#include <string.h>

#include "csv.h"
#include "formats.h"
#include "tally.h"

/* What a line says; the empty ones stay empty. */
struct line {
	const struct result *router;
	const char *router_name;
	const char *service, *expected, *declared, *reachable;
	int port;
	enum transport_proto proto;
	const char *verdict;
	const struct finding *finding;
	const char *evidence;
};

static const char *const columns[] = {
	"router",   "host",     "address",   "service",     "port",        "proto",
	"expected", "declared", "reachable", "verdict",     "rule",        "severity",
	"title",    "evidence", "mend",      "policy_file", "policy_line", "waiver",
};

/* The audit writes "-" where a view has no value. */
static const char *view(const char *s)
{
	return s && strcmp(s, "-") != 0 ? s : NULL;
}

static void put_finding(struct csv *c, const struct finding *f)
{
	csv_field(c, f->rule->id);
	csv_field(c, severity_name(f->severity));
	csv_field(c, tally_title(f));
	csv_field(c, f->evidence);
	csv_field(c, f->mend);
	csv_field(c, f->origin.file);
	csv_number(c, f->origin.file ? (long long)f->origin.line : 0, 1);
	csv_field(c, f->waiver);
}

static void put_line(struct csv *c, const struct line *l)
{
	const struct result *r = l->router;

	csv_field(c, l->router_name);
	csv_field(c, r->target->host);
	csv_field(c, r->address[0] ? r->address : NULL);
	csv_field(c, l->service);
	csv_number(c, l->port, 0);
	csv_field(c, l4_name(l->proto));
	csv_field(c, view(l->expected));
	csv_field(c, view(l->declared));
	csv_field(c, view(l->reachable));
	csv_field(c, l->verdict);
	if (l->finding) {
		put_finding(c, l->finding);
	} else {
		for (int i = 0; i < 3; i++)
			csv_field(c, NULL);
		csv_field(c, l->evidence);
		for (int i = 0; i < 4; i++)
			csv_field(c, NULL);
	}
	csv_end(c);
}

static const char *finding_verdict(const struct finding *f)
{
	return tally_outcome_name(f->waived      ? OUTCOME_WAIVED
	                          : f->undecided ? OUTCOME_UNKNOWN
	                                         : OUTCOME_FINDING);
}

static void put_one_finding(struct csv *c, const struct line *router, const struct finding *f)
{
	struct line l = *router;

	l.service = f->service;
	l.port = f->port;
	l.proto = f->proto;
	l.expected = f->expected;
	l.declared = f->declared;
	l.reachable = f->reachable;
	l.verdict = finding_verdict(f);
	l.finding = f;
	put_line(c, &l);
}

static void put_subject(struct csv *c, const struct line *router, const struct subject *s)
{
	const struct findings *f = &router->router->findings;
	struct line l = *router;

	for (size_t i = 0; i < s->findings_n; i++)
		put_one_finding(c, router, &f->v[s->findings[i]]);
	if (s->findings_n > 0)
		return;
	l.service = s->name;
	l.port = s->port;
	l.proto = s->proto;
	l.expected = s->expected;
	l.declared = s->declared;
	l.reachable = s->reachable;
	l.verdict = tally_outcome_name(tally_judge(f, s).outcome);
	put_line(c, &l);
}

/* A line of its own, so that a filter on the verdict shows what was not, or not all, audited. */
static void put_error(struct csv *c, const struct line *router)
{
	const struct result *r = router->router;
	struct line l = *router;

	if (r->audited && !error_is_set(&r->error))
		return;
	l.verdict = r->audited ? "audited in part" : "not audited";
	l.evidence = error_is_set(&r->error) ? r->error.text : NULL;
	put_line(c, &l);
}

static void put_router(struct csv *c, const struct results *all, size_t i)
{
	const struct result *r = &all->v[i];
	struct line router = {.router = r, .port = -1};
	struct buf name;

	buf_init(&name, REPORT_TEXT_BYTES);
	tally_router_name(all, i, &name);
	router.router_name = buf_str(&name);
	put_error(c, &router);
	for (size_t j = 0; j < r->findings.subjects_n; j++)
		put_subject(c, &router, &r->findings.subjects[j]);
	for (size_t j = 0; j < r->findings.n; j++)
		if (!tally_has_subject(&r->findings, j))
			put_one_finding(c, &router, &r->findings.v[j]);
	buf_done(&name);
}

void report_csv_write(const struct results *results, const struct report_options *opt,
                      struct buf *out)
{
	struct csv c = {.out = out, .first = true};

	(void)opt;
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		csv_field(&c, columns[i]);
	csv_end(&c);
	for (size_t i = 0; i < results->n; i++)
		put_router(&c, results, i);
}
