/* Counts and the closing sentence. */
#include <string.h>

#include "tally.h"

void tally_add(const struct result *r, struct tally *t)
{
	t->routers++;
	t->not_audited += !r->audited;
	t->partial += r->audited && error_is_set(&r->error);
	for (size_t i = 0; i < r->findings.n; i++) {
		if (r->findings.v[i].waived)
			t->waived++;
		else if (r->findings.v[i].undecided)
			t->undecided++;
		else
			t->severity[r->findings.v[i].severity]++;
	}
	for (size_t i = 0; r->audited && i < r->findings.subjects_n; i++)
		t->pass +=
			tally_judge(&r->findings, &r->findings.subjects[i]).outcome == OUTCOME_PASS;
}

struct tally tally_all(const struct results *r)
{
	struct tally t = {0};

	for (size_t i = 0; i < r->n; i++)
		tally_add(&r->v[i], &t);
	return t;
}

size_t tally_at_least(const struct tally *t, enum severity s)
{
	size_t n = 0;

	for (size_t i = s; i < SEVERITIES; i++)
		n += t->severity[i];
	return n;
}

int tally_status(const struct results *all, size_t i)
{
	struct results one = *all;

	one.v = &all->v[i];
	one.n = 1;
	one.interrupted = false;
	return results_exit_status(&one);
}

/* The audit's verdict, unless waivers took findings away from below it. */
static enum outcome outcome_of(const struct subject *s, const struct judged *j, bool any_waived)
{
	static const enum outcome outcomes[] = {
		[VERDICT_NONE] = OUTCOME_NONE,
		[VERDICT_PASS] = OUTCOME_PASS,
		[VERDICT_FINDING] = OUTCOME_FINDING,
		[VERDICT_UNKNOWN] = OUTCOME_UNKNOWN,
	};

	if (any_waived && (!j->worst || j->worst->waived))
		return OUTCOME_WAIVED;
	if (any_waived)
		return j->worst->undecided ? OUTCOME_UNKNOWN : OUTCOME_FINDING;
	return outcomes[s->verdict];
}

/* Findings are sorted, so the smallest index is the worst. */
struct judged tally_judge(const struct findings *f, const struct subject *s)
{
	struct judged j = {.severity = s->worst, .more = s->findings_n ? s->findings_n - 1 : 0};
	bool any_waived = false;

	for (size_t i = 0; i < s->findings_n; i++) {
		const struct finding *one = &f->v[s->findings[i]];

		any_waived |= one->waived;
		if (!j.worst || (j.worst->waived && !one->waived) ||
		    (j.worst->waived == one->waived && one < j.worst))
			j.worst = one;
	}
	if (j.worst)
		j.severity = j.worst->severity;
	j.outcome = outcome_of(s, &j, any_waived);
	return j;
}

const char *tally_outcome_name(enum outcome o)
{
	static const char *const names[] = {
		[OUTCOME_NONE] = NULL,
		[OUTCOME_PASS] = N_("pass"),
		[OUTCOME_FINDING] = N_("finding"),
		[OUTCOME_UNKNOWN] = N_("could not tell"),
		[OUTCOME_WAIVED] = N_("waived"),
	};

	return names[o];
}

bool tally_fails(const struct results *r, const struct finding *f)
{
	return !f->waived && !f->undecided && !r->fail_never && f->severity >= r->fail_on;
}

const char *tally_router_words(const struct results *r, size_t i)
{
	if (!r->v[i].audited)
		return N_("not audited");
	switch (tally_status(r, i)) {
	case 0:
		return r->fail_never ? N_("audited") : N_("compliant");
	case 1:
		return N_("not compliant");
	default:
		return N_("incomplete");
	}
}

static const char *plain_name(const struct result *r)
{
	return r->target->name ? r->target->name : r->target->host ? r->target->host : "router";
}

static size_t named(const struct results *r, size_t n, const char *name)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += strcmp(plain_name(&r->v[i]), name) == 0;
	return found;
}

/* A number that another router has in its very name is passed over; each step is as long as there
 * are routers, so that no two of one name meet. */
void tally_router_name(const struct results *r, size_t i, struct buf *out)
{
	const char *name = plain_name(&r->v[i]);
	size_t number = named(r, i, name) + 1;
	struct buf b;

	if (number == 1) {
		buf_puts(out, name);
		return;
	}
	buf_init(&b, REPORT_TEXT_BYTES);
	for (;; number += r->n) {
		buf_clear(&b);
		buf_printf(&b, "%s (%zu)", name, number);
		if (named(r, r->n, buf_str(&b)) == 0)
			break;
	}
	buf_puts(out, buf_str(&b));
	buf_done(&b);
}

void tally_place(const char *service, int port, enum transport_proto proto, struct buf *out)
{
	buf_puts(out, service ? service : port >= 0 ? "port" : "");
	if (port < 0)
		return;
	buf_printf(out, " %d", port);
	if (proto != L4_UNKNOWN)
		buf_printf(out, "/%s", l4_name(proto));
}

const char *tally_reachable(const char *reachable, const char *filtered_by,
                            const struct language *in, struct buf *scratch)
{
	if (!reachable || !filtered_by)
		return reachable;
	buf_clear(scratch);
	buf_printf(scratch, in->say(N_("filtered by %s")), filtered_by);
	return buf_str(scratch);
}

const char *tally_title(const struct finding *f)
{
	return f->title ? f->title : f->rule->title;
}

const char *tally_title_read(const struct finding *f)
{
	return f->title ? f->title : _(f->rule->title);
}

bool tally_has_subject(const struct findings *all, size_t finding)
{
	for (size_t i = 0; i < all->subjects_n; i++)
		for (size_t j = 0; j < all->subjects[i].findings_n; j++)
			if (all->subjects[i].findings[j] == finding)
				return true;
	return false;
}

const char *report_error_kind(enum error_kind kind)
{
	static const char *const kinds[] = {
		[ERROR_NONE] = "none",
		[ERROR_USAGE] = "usage",
		[ERROR_CONFIG] = "config",
		[ERROR_SYSTEM] = "system",
		[ERROR_NETWORK] = "network",
		[ERROR_TIMEOUT] = "timeout",
		[ERROR_AUTH] = "auth",
		[ERROR_TRUST] = "trust",
		[ERROR_REMOTE] = "remote",
		[ERROR_PARSE] = "parse",
		[ERROR_LIMIT] = "limit",
		[ERROR_OUTPUT] = "output",
		[ERROR_INTERRUPTED] = "interrupted",
	};

	return kinds[kind];
}

const char *report_transport_name(enum transport_id id)
{
	static const char *const names[] = {
		[TRANSPORT_SSH] = "ssh",
		[TRANSPORT_REST] = "rest",
		[TRANSPORT_BOTH] = "both",
		[TRANSPORT_FILE] = "file",
	};

	return names[id];
}

static void put_missing(const struct tally *t, const struct language *in, struct buf *out)
{
	const char *comma = "";

	if (t->not_audited > 0) {
		buf_printf(out,
		           in->count("%zu router was not audited", "%zu routers were not audited",
		                     t->not_audited),
		           t->not_audited);
		comma = ", ";
	}
	if (t->partial > 0) {
		buf_puts(out, comma);
		buf_printf(out,
		           in->count("%zu router was audited only in part",
		                     "%zu routers were audited only in part", t->partial),
		           t->partial);
		comma = ", ";
	}
	if (t->undecided > 0) {
		buf_puts(out, comma);
		buf_printf(out,
		           in->count("%zu expectation could not be judged",
		                     "%zu expectations could not be judged", t->undecided),
		           t->undecided);
	}
}

static void put_findings(const struct tally *t, enum severity fail_on, const struct language *in,
                         struct buf *out)
{
	size_t n = tally_at_least(t, fail_on);

	buf_printf(out, in->count("%zu finding at or above %s", "%zu findings at or above %s", n),
	           n, in->say(severity_name(fail_on)));
}

static void put_compliant(const struct results *r, const struct tally *t, const struct language *in,
                          struct buf *out)
{
	size_t all = tally_at_least(t, SEVERITY_INFO);

	if (all == 0) {
		buf_puts(out, in->say(N_("Compliant: no findings")));
	} else if (r->fail_never) {
		buf_printf(out,
		           in->count("%zu finding, none of which fails: --fail-on never",
		                     "%zu findings, none of which fails: --fail-on never", all),
		           all);
	} else {
		buf_puts(out, in->say(N_("Compliant: ")));
		put_findings(t, r->fail_on, in, out);
	}
}

static void put_interrupted(const struct tally *t, const struct language *in, struct buf *out)
{
	buf_printf(out,
	           in->count("Interrupted: %zu of %zu router was audited",
	                     "Interrupted: %zu of %zu routers were audited", t->routers),
	           t->routers - t->not_audited, t->routers);
}

void tally_verdict(const struct results *r, const struct language *in, struct buf *out)
{
	struct tally t = tally_all(r);
	size_t failing = r->fail_never ? 0 : tally_at_least(&t, r->fail_on);

	if (r->n == 0 && !r->interrupted) {
		buf_puts(out, in->say(N_("Nothing to judge: no router was given.")));
		return;
	}
	switch (results_exit_status(r)) {
	case 0:
		put_compliant(r, &t, in, out);
		break;
	case 1:
		buf_puts(out, in->say(N_("Not compliant: ")));
		put_findings(&t, r->fail_on, in, out);
		break;
	case 130:
		put_interrupted(&t, in, out);
		break;
	default:
		buf_puts(out, in->say(N_("Incomplete: ")));
		put_missing(&t, in, out);
		if (failing > 0)
			buf_puts(out, in->say(N_("; and ")));
		if (failing > 0)
			put_findings(&t, r->fail_on, in, out);
		break;
	}
	buf_putc(out, '.');
}
