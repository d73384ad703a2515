/* Random routers, policies and probes against a slow oracle: each rule once more, written from its
 * sentence in `rosaudit explain`, with address lists compared by asking every address of a small
 * universe. */
#include "audit_world.h"

#define ROUNDS 4000

static void expect(struct world *w, const char *rule, const char *severity, const char *name,
                   int port, bool undecided)
{
	assert_true(w->lines_n < LINES_MAX);
	snprintf(w->lines[w->lines_n++], LINE_MAX_, "%s %s %s:%d%s", rule, severity, name, port,
	         undecided ? " ?" : "");
}

/* Every address that any list here can tell apart. */
static size_t universe(struct address out[64])
{
	static const char *const rest[] = {"192.0.2.1", "2001:db8:1::1"};
	size_t n = 0;
	char text[64];

	for (unsigned i = 0; i < 16; i++) {
		snprintf(text, sizeof(text), "10.0.0.%u", i);
		out[n++] = build_address(text);
		snprintf(text, sizeof(text), "2001:db8::%x", i);
		out[n++] = build_address(text);
	}
	for (size_t i = 0; i < 2; i++)
		out[n++] = build_address(rest[i]);
	return n;
}

static bool lets_in(const struct prefix *set, size_t n, const struct address *a)
{
	for (size_t i = 0; i < n; i++)
		if (prefix_contains(&set[i], a))
			return true;
	return n == 0;
}

/* How many of the addresses a list lets in, by family; whole: all of that family. */
static void census(const struct service *row, bool *all, bool *whole4, bool *whole6)
{
	struct address v[64];
	size_t n = universe(v);

	*whole4 = *whole6 = true;
	for (size_t i = 0; i < n; i++) {
		bool in = lets_in(row->address, row->address_n, &v[i]);

		if (!in && v[i].family == 4)
			*whole4 = false;
		if (!in && v[i].family == 6)
			*whole6 = false;
	}
	*all = *whole4 && *whole6;
}

static bool within(const struct service *row, const struct expect_service *want)
{
	struct address v[64];
	size_t n = universe(v);

	for (size_t i = 0; i < n; i++)
		if (lets_in(row->address, row->address_n, &v[i]) &&
		    !lets_in(want->address, want->address_n, &v[i]))
			return false;
	return true;
}

static bool is_on(const struct service *r)
{
	return r->disabled == TRI_NO;
}

static const struct observation *at_port(const struct world *w, int port)
{
	for (const struct observation *o = w->seen; o->port; o++)
		if (o->port == port)
			return o;
	return NULL;
}

static const struct expect_service *want_of(const struct world *w, const char *name)
{
	for (size_t i = 0; i < w->wants_n; i++)
		if (strcmp(w->wants[i].name, name) == 0)
			return &w->wants[i];
	return NULL;
}

/* Other TCP rows on that port, for sure enabled or perhaps. */
static int others(const struct world *w, const struct service *self, int port, enum tri disabled)
{
	int n = 0;

	for (size_t i = 0; i < w->rows_n; i++)
		n += &w->rows[i] != self && w->rows[i].port == port && w->rows[i].proto == L4_TCP &&
		     w->rows[i].disabled == disabled;
	return n;
}

/* Is reverse-proxy, by declaration, all that may hold the port beside this row? */
static bool beside_proxy(const struct world *w, const struct service *self)
{
	bool proxy = false;

	for (size_t i = 0; i < w->rows_n; i++)
		proxy |= &w->rows[i] != self && w->rows[i].port == self->port &&
		         w->rows[i].disabled == TRI_NO && w->rows[i].proto == L4_TCP &&
		         strcmp(w->rows[i].name, "reverse-proxy") == 0;
	return proxy && others(w, self, self->port, TRI_NO) == 1 &&
	       others(w, self, self->port, TRI_UNKNOWN) == 0;
}

static bool is_shut(const struct observation *o)
{
	return o && (o->state == PORT_CLOSED || o->state == PORT_FILTERED);
}

static bool serves(const struct observation *o)
{
	return o && o->state == PORT_OPEN &&
	       (o->serve == SERVE_SERVING || strcmp(o->reason, "login") == 0);
}

static bool refuses(const struct observation *o)
{
	return o && o->state == PORT_OPEN && o->serve == SERVE_REFUSED;
}

static bool is_silent(const struct observation *o)
{
	return o && o->state == PORT_OPEN && o->serve == SERVE_SILENT;
}

static enum app_proto speaks(const char *name)
{
	if (strcmp(name, "ssh") == 0)
		return APP_SSH;
	if (strcmp(name, "telnet") == 0)
		return APP_TELNET;
	if (strcmp(name, "btest") == 0)
		return APP_BTEST;
	if (strcmp(name, "www-ssl") == 0 || strcmp(name, "reverse-proxy") == 0)
		return APP_TLS;
	return APP_UNKNOWN;
}

static void oracle_declared(struct world *w, const struct service *r,
                            const struct expect_service *e)
{
	bool off = r->disabled != TRI_UNKNOWN && e->disabled == TRI_YES;
	const char *high = off ? "low" : "high", *medium = off ? "low" : "medium";
	bool all, whole4, whole6;

	census(r, &all, &whole4, &whole6);
	if (e->disabled == TRI_NO && r->disabled == TRI_YES)
		expect(w, "RA101", "medium", r->name, r->port, false);
	if (e->disabled == TRI_YES && is_on(r))
		expect(w, "RA102", "high", r->name, r->port, false);
	if (e->disabled != TRI_UNKNOWN && r->disabled == TRI_UNKNOWN)
		expect(w, "RA401", "medium", r->name, r->port, true);
	if (e->port > 0 && r->port < 0)
		expect(w, "RA401", "medium", r->name, r->port, true);
	else if (e->port > 0 && e->port != r->port)
		expect(w, "RA103", medium, r->name, r->port, false);
	if (e->address_mode != ADDRESS_ANY && !r->address_known)
		expect(w, "RA401", "medium", r->name, r->port, true);
	else if (e->address_mode == ADDRESS_WITHIN && !within(r, e))
		expect(w, "RA104", high, r->name, r->port, false);
	else if (e->address_mode == ADDRESS_UNRESTRICTED && !all)
		expect(w, "RA104", medium, r->name, r->port, false);
	else if (e->address_mode == ADDRESS_RESTRICTED && (whole4 || whole6))
		expect(w, "RA104", high, r->name, r->port, false);
	if (e->certificate && !r->certificate)
		expect(w, "RA401", "medium", r->name, r->port, true);
	else if (e->certificate && strcmp(e->certificate, r->certificate) != 0)
		expect(w, "RA105", medium, r->name, r->port, false);
	if (e->vrf && !r->vrf)
		expect(w, "RA401", "medium", r->name, r->port, true);
	else if (e->vrf && strcmp(e->vrf, r->vrf) != 0)
		expect(w, "RA107", medium, r->name, r->port, false);
	if (e->max_sessions > 0 && r->max_sessions < 0)
		expect(w, "RA401", "medium", r->name, r->port, true);
	else if (e->max_sessions > 0 && e->max_sessions != r->max_sessions)
		expect(w, "RA108", "low", r->name, r->port, false);
}

static void oracle_unlisted(struct world *w, const struct service *r)
{
	enum unlisted_mode mode = w->scene.unlisted;

	if (mode == UNLISTED_IGNORE)
		return;
	if (is_on(r))
		expect(w, "RA109", mode == UNLISTED_FAIL ? "high" : "low", r->name, r->port, false);
	else if (r->disabled == TRI_UNKNOWN)
		expect(w, "RA401", mode == UNLISTED_FAIL ? "medium" : "low", r->name, r->port,
		       mode == UNLISTED_FAIL);
}

/* An enabled row that is alone on its port: what its list says of us. */
static void oracle_list(struct world *w, const struct service *r, const struct observation *o,
                        bool either)
{
	bool all, whole4, whole6;
	struct address us = build_address(w->scene.seen_as);

	if (!r->address_known || (!serves(o) && !refuses(o)))
		return;
	census(r, &all, &whole4, &whole6);
	if (!all && !w->scene.seen_as)
		expect(w, "RA402", "info", r->name, r->port, false);
	else if (!all && serves(o) && !lets_in(r->address, r->address_n, &us))
		expect(w, "RA204", either ? "info" : "high", r->name, r->port, false);
	else if (refuses(o) && (all || lets_in(r->address, r->address_n, &us)))
		expect(w, "RA205", o->spoke || either ? "info" : "medium", r->name, r->port, false);
}

static void oracle_protocol(struct world *w, const struct service *r, const struct observation *o)
{
	if (!serves(o) || o->app == APP_UNKNOWN || speaks(r->name) == APP_UNKNOWN ||
	    others(w, r, r->port, TRI_UNKNOWN))
		return;
	for (size_t i = 0; i < w->rows_n; i++) {
		const struct service *x = &w->rows[i];

		if (x->port != r->port || x->proto != L4_TCP || !is_on(x))
			continue;
		if (speaks(x->name) == APP_UNKNOWN || speaks(x->name) == o->app)
			return;
	}
	expect(w, "RA206", o->app == APP_OTHER ? "medium" : "high", r->name, r->port, false);
}

/* Does each service that has the port, or may have it, speak when asked? */
static bool all_speak(const struct world *w, int port)
{
	for (size_t i = 0; i < w->rows_n; i++) {
		const struct service *x = &w->rows[i];

		if (x->port == port && x->proto == L4_TCP &&
		    (x->disabled == TRI_UNKNOWN || (is_on(x) && speaks(x->name) == APP_UNKNOWN)))
			return false;
	}
	return true;
}

/* 443 may be SSTP's, whom no policy here names; 2000 the bandwidth test's, whom some do. */
static const char *weigh_disabled(const struct world *w, int port)
{
	const struct expect_service *btest = want_of(w, "btest");

	if (w->scene.listeners == TRI_YES || (port != 443 && port != 2000))
		return "high";
	if (port == 2000 && btest)
		return btest->disabled == TRI_YES ? "high" : "info";
	return w->wants_n && w->scene.unlisted == UNLISTED_FAIL ? "high" : "medium";
}

static void oracle_outside(struct world *w, const struct service *r, const struct expect_service *e,
                           const struct observation *o)
{
	bool alone = !others(w, r, r->port, TRI_NO) && !others(w, r, r->port, TRI_UNKNOWN);

	if (!o || o->state == PORT_UNKNOWN)
		return;
	if (r->disabled == TRI_YES && o->state == PORT_OPEN)
		expect(w, "RA202", weigh_disabled(w, r->port), r->name, r->port, false);
	if (!is_on(r))
		return;
	if (strcmp(r->name, "reverse-proxy") != 0 &&
	    !(e && (e->reachable == TRI_NO || e->disabled == TRI_YES))) {
		bool lab = r->vrf && strcmp(r->vrf, "lab") == 0;

		if (o->state == PORT_CLOSED)
			expect(w, "RA201", lab ? "info" : "medium", r->name, r->port, false);
		if (o->state == PORT_FILTERED)
			expect(w, "RA201", "low", r->name, r->port, false);
	}
	if (is_silent(o) && all_speak(w, r->port) &&
	    !(e && (e->reachable != TRI_UNKNOWN || e->disabled == TRI_YES)))
		expect(w, "RA207", "low", r->name, r->port, false);
	if (alone || beside_proxy(w, r))
		oracle_list(w, r, o, !alone);
	oracle_protocol(w, r, o);
}

/* r or, without a row, whether its absence is certain. */
static void oracle_reachable(struct world *w, const char *name, int port, bool udp, bool off,
                             bool on, const struct service *r, const struct expect_service *e)
{
	int sure = others(w, r, port, TRI_NO), maybe = others(w, r, port, TRI_UNKNOWN);
	const struct observation *o = at_port(w, port);

	if (e->reachable == TRI_UNKNOWN)
		return;
	if (!udp && port > 0 && !on && sure + maybe > 0 && !is_shut(o)) {
		if (!off || !sure)
			expect(w, "RA401", "medium", name, port, true);
		else if (e->reachable == TRI_YES)
			expect(w, "RA301", "medium", name, port, false);
		return;
	}
	if (udp || port < 0 || !o || o->state == PORT_UNKNOWN) {
		expect(w, "RA401", "medium", name, port, true);
		return;
	}
	if (serves(o)) {
		if (e->reachable == TRI_NO)
			expect(w, "RA302", "high", name, port, false);
		return;
	}
	if (is_silent(o) && e->reachable == TRI_NO)
		expect(w, "RA302", "high", name, port, false);
	else if (o->state == PORT_OPEN && !refuses(o))
		expect(w, "RA401", "medium", name, port, true);
	else if (e->reachable == TRI_YES)
		expect(w, "RA301", "medium", name, port, false);
}

static void oracle_unprobed(struct world *w, const char *name, int port,
                            const struct observation *o)
{
	if (!o || o->state != PORT_UNKNOWN || strcmp(o->reason, "interrupted") != 0)
		return;
	expect(w, "RA403", "low", name, port, true);
	w->told[port] = true;
}

static void oracle_row(struct world *w, const struct service *r)
{
	const struct expect_service *e = want_of(w, r->name);
	bool tcp = r->proto == L4_TCP;
	const struct observation *o = tcp ? at_port(w, r->port) : NULL;

	if (e)
		oracle_declared(w, r, e);
	else if (w->wants_n)
		oracle_unlisted(w, r);
	if (is_on(r) && r->invalid == TRI_YES &&
	    (!w->wants_n || e || w->scene.unlisted != UNLISTED_IGNORE))
		expect(w, "RA110", "medium", r->name, r->port, false);
	if (!is_on(r) && !is_shut(o) &&
	    (others(w, r, r->port, TRI_NO) || others(w, r, r->port, TRI_UNKNOWN))) {
		if (r->disabled == TRI_YES && beside_proxy(w, r) && o && o->state == PORT_OPEN)
			expect(w, "RA202", "info", r->name, r->port, false);
		o = NULL;
	}
	oracle_outside(w, r, e, o);
	oracle_unprobed(w, r->name, r->port, o);
	if (e)
		oracle_reachable(w, r->name, r->port, !tcp, r->disabled == TRI_YES, is_on(r), r, e);
}

static bool is_declared(const struct world *w, int port)
{
	for (size_t i = 0; i < w->rows_n; i++)
		if (w->rows[i].port == port && w->rows[i].proto == L4_TCP)
			return true;
	return false;
}

static int usual_port(const char *name)
{
	const struct catalogue_row *row = catalogue_find(name, L4_UNKNOWN);

	return row ? row->port : -1;
}

/* An open port that no row has. */
static void oracle_undeclared(struct world *w, const char *name, int port)
{
	static const char *const weights[] = {"low", "high", "info"};
	const char *weight = w->wants_n ? weights[w->scene.unlisted] : "low";
	/* 443 may be SSTP's, 2000 the bandwidth test's; of the others nothing is known. */
	bool explained = (port == 443 || port == 2000) && w->scene.listeners != TRI_YES;

	if (!explained && w->scene.complete == TRI_YES)
		weight = "high";
	expect(w, "RA203", weight, name, port, false);
}

static void oracle_entry(struct world *w, const struct expect_service *e)
{
	int port = e->port > 0 ? e->port : usual_port(e->name);
	bool certain = w->scene.complete == TRI_YES;
	const struct observation *o = at_port(w, port);
	int keys = (e->disabled != TRI_UNKNOWN) + (e->port > 0) + (e->address_mode != ADDRESS_ANY) +
	           (e->certificate != NULL) + (e->vrf != NULL) + (e->max_sessions > 0);

	if (certain && keys && e->disabled != TRI_YES)
		expect(w, "RA101", "medium", e->name, port, false);
	for (int i = 0; !certain && i < keys; i++)
		expect(w, "RA401", "medium", e->name, port, true);
	oracle_reachable(w, e->name, port, false, certain, false, NULL, e);
	if (others(w, NULL, port, TRI_NO) || others(w, NULL, port, TRI_UNKNOWN))
		return;
	oracle_unprobed(w, e->name, port, o);
	if (certain && o && o->state == PORT_OPEN && !is_declared(w, port))
		oracle_undeclared(w, e->name, port);
}

static bool has_row(const struct world *w, const char *name)
{
	for (size_t i = 0; i < w->rows_n; i++)
		if (strcmp(w->rows[i].name, name) == 0)
			return true;
	return false;
}

/* Does a policy's entry without a row stand for the port? */
static bool is_claimed(const struct world *w, int port)
{
	for (size_t i = 0; i < w->wants_n; i++) {
		const struct expect_service *e = &w->wants[i];

		if (!has_row(w, e->name) && (e->port > 0 ? e->port : usual_port(e->name)) == port)
			return true;
	}
	return false;
}

static void oracle_ports(struct world *w)
{
	int lost = 0, last = -1;

	for (const struct observation *o = w->seen; o->port; o++) {
		const struct catalogue_row *row = catalogue_port(o->port, L4_TCP);

		if (o->state == PORT_OPEN && !is_declared(w, o->port) && !is_claimed(w, o->port))
			oracle_undeclared(w, row ? row->name : "unknown", o->port);
		if (o->state == PORT_UNKNOWN && strcmp(o->reason, "interrupted") == 0 &&
		    !w->told[o->port]) {
			lost++;
			last = o->port;
		}
	}
	if (lost)
		expect(w, "RA403", "low", "-", lost == 1 ? last : -1, true);
}

static void oracle(struct world *w)
{
	for (size_t i = 0; i < w->rows_n; i++)
		oracle_row(w, &w->rows[i]);
	for (size_t i = 0; i < w->wants_n; i++)
		if (!has_row(w, w->wants[i].name))
			oracle_entry(w, &w->wants[i]);
	oracle_ports(w);
}

static int order_lines(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void check_subjects(const struct findings *f)
{
	for (size_t i = 0; i < f->subjects_n; i++) {
		const struct subject *s = &f->subjects[i];

		assert_true(s->verdict != VERDICT_PASS || s->findings_n == 0);
		assert_true(s->verdict != VERDICT_NONE || s->findings_n == 0);
		for (size_t j = 0; j < s->findings_n; j++)
			assert_true(f->v[s->findings[j]].severity <= s->worst);
		assert_true(i == 0 || f->subjects[i - 1].port <= s->port);
	}
	for (size_t i = 1; i < f->n; i++)
		assert_true(f->v[i - 1].severity >= f->v[i].severity);
}

static void compare(struct world *w, unsigned round)
{
	static char got[LINES_MAX][LINE_MAX_];
	struct findings f;

	build_audit(&w->scene, &f);
	check_subjects(&f);
	assert_true(f.n < LINES_MAX);
	for (size_t i = 0; i < f.n; i++) {
		const struct finding *v = &f.v[i];

		assert_non_null(v->evidence);
		snprintf(got[i], LINE_MAX_, "%s %s %s:%d%s", v->rule->id,
		         severity_name(v->severity), v->service ? v->service : "-", v->port,
		         v->undecided ? " ?" : "");
	}
	qsort(got, f.n, LINE_MAX_, order_lines);
	qsort(w->lines, w->lines_n, LINE_MAX_, order_lines);
	for (size_t i = 0; i < f.n || i < w->lines_n; i++) {
		const char *mine = i < f.n ? got[i] : "(nothing)";
		const char *oracles = i < w->lines_n ? w->lines[i] : "(nothing)";

		if (strcmp(mine, oracles) != 0)
			fail_msg("round %u: audit says %s, oracle %s", round, mine, oracles);
	}
	findings_done(&f);
}

static void test_random_worlds_are_judged_as_the_oracle_does(void **state)
{
	static struct world w;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		seed = round * 2654435761u + 1;
		pick_world(&w);
		oracle(&w);
		compare(&w, round);
	}
}

/* Twice the same input, twice the same words. */
static void test_an_audit_is_repeatable(void **state)
{
	static struct world w;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		struct findings a, b;

		seed = round + 7;
		pick_world(&w);
		build_audit(&w.scene, &a);
		build_audit(&w.scene, &b);
		assert_int_equal(a.n, b.n);
		for (size_t i = 0; i < a.n; i++) {
			assert_string_equal(a.v[i].evidence, b.v[i].evidence);
			assert_ptr_equal(a.v[i].rule, b.v[i].rule);
		}
		findings_done(&a);
		findings_done(&b);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_worlds_are_judged_as_the_oracle_does),
		cmocka_unit_test(test_an_audit_is_repeatable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
