/* JUnit's XML: a suite per router, a case per service or port. There is no standard; these are the
 * elements and attributes that Jenkins, GitLab, GitHub's actions and Azure read alike. */
#include <string.h>

#include "formats.h"
#include "rosaudit/arena.h"
#include "tally.h"
#include "xml.h"

/* Not compared is skipped, too: a test that tested nothing has not passed. */
enum case_kind { CASE_PASSED = 0, CASE_FAILED, CASE_ERROR, CASE_SKIPPED, CASE_KINDS };

/* One case before it is written: the counts of a suite stand before its cases. */
struct test_case {
	const char *name;
	enum case_kind kind;
	const char *type;    /* rule id, or kind of error; NULL = none */
	const char *message; /* in one line */
	const struct origin *at;
	const struct finding **findings; /* ends in NULL */
	const struct error *error;       /* of the case that stands for the audit itself */
};

struct suite {
	struct arena arena;
	struct test_case *v;
	size_t n;
	size_t of[CASE_KINDS];
};

/* What decides about a case: a failing finding, else one that could not be judged, else nothing. */
static const struct finding *deciding(const struct results *all, const struct test_case *c)
{
	const struct finding *undecided = NULL;

	for (size_t i = 0; c->findings[i]; i++) {
		if (tally_fails(all, c->findings[i]))
			return c->findings[i];
		if (c->findings[i]->undecided && !c->findings[i]->waived && !undecided)
			undecided = c->findings[i];
	}
	return undecided;
}

static void decide(const struct results *all, enum outcome outcome, struct test_case *c)
{
	const struct finding *f = deciding(all, c);

	if (f) {
		c->kind = f->undecided ? CASE_ERROR : CASE_FAILED;
		c->type = f->rule->id;
		c->message = tally_title(f);
	} else if (outcome == OUTCOME_WAIVED) {
		c->kind = CASE_SKIPPED;
		c->message = c->findings[0]->waiver ? c->findings[0]->waiver : "waived";
	} else if (outcome == OUTCOME_NONE) {
		c->kind = CASE_SKIPPED;
		c->message = "nothing was compared";
	} else if (outcome == OUTCOME_UNKNOWN) {
		c->kind = CASE_ERROR;
		c->message = "could not tell";
	}
}

static const char *place_name(struct arena *arena, const char *name, int port,
                              enum transport_proto proto)
{
	const char *text;
	struct buf b;

	buf_init(&b, REPORT_TEXT_BYTES);
	tally_place(name, port, proto, &b);
	text = arena_strdup(arena, buf_str(&b));
	buf_done(&b);
	return text;
}

/* The policy line of the first finding that has one, else of the service, else of the router. */
static const struct origin *origin_of(const struct result *r, const struct test_case *c,
                                      const char *service)
{
	const struct expect_service *e = NULL;

	for (size_t i = 0; c->findings[i]; i++)
		if (c->findings[i]->origin.file)
			return &c->findings[i]->origin;
	if (service)
		e = policy_find(&r->target->policy, service);
	return e && e->origin.file ? &e->origin : &r->target->origin;
}

static void add_subject(const struct results *all, const struct result *r, const struct subject *s,
                        struct suite *suite)
{
	struct test_case *c = &suite->v[suite->n++];

	c->name = place_name(&suite->arena, s->name, s->port, s->proto);
	c->findings = arena_array(&suite->arena, s->findings_n + 1, sizeof(*c->findings));
	for (size_t i = 0; i < s->findings_n; i++)
		c->findings[i] = &r->findings.v[s->findings[i]];
	c->at = origin_of(r, c, s->name);
	decide(all, tally_judge(&r->findings, s).outcome, c);
}

/* A finding about the router as a whole is a case of its own, named by its rule. */
static void add_finding(const struct results *all, const struct result *r, const struct finding *f,
                        struct suite *suite)
{
	struct test_case *c = &suite->v[suite->n++];

	c->name = arena_printf(&suite->arena, "%s %s", f->rule->id, tally_title(f));
	c->findings = arena_array(&suite->arena, 2, sizeof(*c->findings));
	c->findings[0] = f;
	c->at = origin_of(r, c, f->service);
	decide(all, f->waived ? OUTCOME_WAIVED : OUTCOME_PASS, c);
}

/* The audit itself is the first case, so that a router that could not be audited is an error. */
static void add_audit(const struct result *r, struct suite *suite)
{
	struct test_case *c = &suite->v[suite->n++];

	c->name = "audit";
	c->at = &r->target->origin;
	c->findings = arena_array(&suite->arena, 1, sizeof(*c->findings));
	if (r->audited && !error_is_set(&r->error))
		return;
	c->kind = CASE_ERROR;
	c->type = report_error_kind(r->error.kind);
	c->message = error_is_set(&r->error) ? r->error.text : "no reason was given";
	c->error = &r->error;
}

static void make_suite(const struct results *all, const struct result *r, struct suite *suite)
{
	const struct findings *f = &r->findings;

	*suite = (struct suite){0};
	arena_init(&suite->arena);
	suite->v = arena_array(&suite->arena, 1 + f->subjects_n + f->n, sizeof(*suite->v));
	add_audit(r, suite);
	for (size_t i = 0; i < f->subjects_n; i++)
		add_subject(all, r, &f->subjects[i], suite);
	for (size_t i = 0; i < f->n; i++)
		if (!tally_has_subject(f, i))
			add_finding(all, r, &f->v[i], suite);
	for (size_t i = 0; i < suite->n; i++)
		suite->of[suite->v[i].kind]++;
}

static void put_line(struct xml *x, const char *label, const char *text)
{
	if (!text)
		return;
	xml_printf(x, "  %-9s  ", label);
	xml_text(x, text);
	xml_newline(x);
}

static void put_finding(struct xml *x, const struct finding *f)
{
	xml_newline(x);
	xml_printf(x, "%s%s %s: ", f->waived ? "waived: " : "",
	           f->undecided ? "could not tell" : severity_name(f->severity), f->rule->id);
	xml_text(x, tally_title(f));
	xml_newline(x);
	put_line(x, "expected", f->expected);
	put_line(x, "declared", f->declared);
	put_line(x, "reachable", f->reachable);
	put_line(x, "evidence", f->evidence);
	put_line(x, "why", f->why);
	put_line(x, "link", f->link);
	put_line(x, "waived", f->waiver);
	put_line(x, "mend", f->mend);
}

static void put_error(struct xml *x, const struct error *err)
{
	const char *end;

	for (const char *p = err->hint; *p; p = *end ? end + 1 : end) {
		end = strchrnul(p, '\n');
		xml_newline(x);
		xml_text_n(x, p, (size_t)(end - p));
	}
}

static void put_case(struct xml *x, const char *router, const struct test_case *c)
{
	static const char *const elements[] = {"system-out", "failure", "error", "skipped"};
	bool has_more = c->kind != CASE_PASSED || c->findings[0];

	xml_open(x, "testcase");
	xml_attr(x, "name", c->name);
	xml_attr(x, "classname", router);
	xml_attr(x, "time", "0");
	xml_attr(x, "file", c->at->file);
	if (c->at->file && c->at->line)
		xml_attr_number(x, "line", (long long)c->at->line);
	if (has_more) {
		xml_open(x, elements[c->kind]);
		xml_attr(x, "message", c->message);
		if (c->kind != CASE_SKIPPED)
			xml_attr(x, "type", c->type);
		for (size_t i = 0; c->findings[i]; i++)
			put_finding(x, c->findings[i]);
		if (c->error)
			put_error(x, c->error);
		xml_close(x);
	}
	xml_close(x);
}

static void put_property(struct xml *x, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	xml_open(x, "property");
	xml_attr(x, "name", name);
	xml_attr(x, "value", value);
	xml_close(x);
}

static void put_properties(struct xml *x, const struct results *all, size_t i)
{
	const struct result *r = &all->v[i];

	xml_open(x, "properties");
	put_property(x, "address", r->address);
	put_property(x, "transport", report_transport_name(r->target->transport));
	put_property(x, "version", r->device.version_text);
	put_property(x, "board", r->device.board);
	put_property(x, "identity", r->device.identity);
	put_property(x, "profile", r->target->policy.profile);
	put_property(x, "outcome", tally_router_words(all, i));
	xml_close(x);
}

static void put_counts(struct xml *x, size_t tests, const size_t *of, int64_t duration_ms)
{
	xml_attr_printf(x, "tests", "%zu", tests);
	xml_attr_printf(x, "failures", "%zu", of[CASE_FAILED]);
	xml_attr_printf(x, "errors", "%zu", of[CASE_ERROR]);
	xml_attr_printf(x, "skipped", "%zu", of[CASE_SKIPPED]);
	xml_attr_printf(x, "time", "%.3f", (double)duration_ms / 1000.0);
}

static void put_suite(struct xml *x, const struct results *all, size_t i)
{
	const struct result *r = &all->v[i];
	struct suite suite;
	struct buf name;

	make_suite(all, r, &suite);
	buf_init(&name, REPORT_TEXT_BYTES);
	tally_router_name(all, i, &name);
	xml_open(x, "testsuite");
	xml_attr(x, "name", buf_str(&name));
	xml_attr(x, "hostname", r->target->host ? r->target->host : buf_str(&name));
	put_counts(x, suite.n, suite.of, r->duration_ms);
	/* Readers want ISO 8601 without a zone. */
	if (r->started[0])
		xml_attr_printf(x, "timestamp", "%.19s", r->started);
	put_properties(x, all, i);
	for (size_t j = 0; j < suite.n; j++)
		put_case(x, buf_str(&name), &suite.v[j]);
	xml_close(x);
	buf_done(&name);
	arena_done(&suite.arena);
}

/* The counts of all suites; routers ran side by side, so that the longest one is the run's time. */
static void put_root(struct xml *x, const struct results *all)
{
	size_t tests = 0, of[CASE_KINDS] = {0};
	int64_t longest_ms = 0;

	for (size_t i = 0; i < all->n; i++) {
		struct suite suite;

		make_suite(all, &all->v[i], &suite);
		tests += suite.n;
		for (size_t kind = 0; kind < CASE_KINDS; kind++)
			of[kind] += suite.of[kind];
		arena_done(&suite.arena);
		if (all->v[i].duration_ms > longest_ms)
			longest_ms = all->v[i].duration_ms;
	}
	xml_open(x, "testsuites");
	xml_attr(x, "name", "rosaudit");
	put_counts(x, tests, of, longest_ms);
}

void report_junit_write(const struct results *results, const struct report_options *opt,
                        struct buf *out)
{
	struct xml *x = xml_new(XML_DOCUMENT, out);

	(void)opt;
	put_root(x, results);
	for (size_t i = 0; i < results->n; i++)
		put_suite(x, results, i);
	xml_close(x);
	xml_finish(x);
	xml_free(x);
}
