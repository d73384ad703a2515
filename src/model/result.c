/* Results of the whole run. */
#include <stdlib.h>

#include "rosaudit/result.h"

void result_init(struct result *r)
{
	*r = (struct result){0};
	device_init(&r->device);
	device_init(&r->after);
	listeners_init(&r->listeners);
	observations_init(&r->observations);
	exposure_init(&r->exposure);
	findings_init(&r->findings);
	findings_init(&r->findings_read);
}

void result_done(struct result *r)
{
	if (!r)
		return;
	device_done(&r->device);
	device_done(&r->after);
	listeners_done(&r->listeners);
	observations_done(&r->observations);
	for (size_t i = 0; i < r->vantages_n; i++)
		vantage_done(&r->vantages[i]);
	free(r->vantages);
	r->vantages = NULL;
	r->vantages_n = 0;
	exposure_done(&r->exposure);
	findings_done(&r->findings);
	findings_done(&r->findings_read);
}

const struct findings *result_for_people(const struct result *r)
{
	return r->language ? &r->findings_read : &r->findings;
}

/* Findings at or above the threshold. An undecided one is no finding of that kind: it makes 3. */
static bool has_failure(const struct result *r, enum severity fail_on)
{
	for (size_t i = 0; i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];

		if (!f->undecided && !f->waived && f->severity >= fail_on)
			return true;
	}
	return false;
}

static bool has_undecided(const struct result *r)
{
	for (size_t i = 0; i < r->findings.n; i++)
		if (r->findings.v[i].undecided && !r->findings.v[i].waived)
			return true;
	return false;
}

int results_exit_status(const struct results *r)
{
	bool failure = false, undecided = false;

	if (r->interrupted)
		return 130;
	for (size_t i = 0; i < r->n; i++) {
		undecided = undecided || !r->v[i].audited || error_is_set(&r->v[i].error) ||
		            has_undecided(&r->v[i]);
		failure = failure || (!r->fail_never && has_failure(&r->v[i], r->fail_on));
	}
	return undecided ? 3 : failure ? 1 : 0;
}
