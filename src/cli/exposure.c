/* `rosaudit exposure FILE|URL`: who can reach what, as the router's firewall says. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "rosaudit/cancel.h"
#include "rosaudit/listeners.h"
#include "rosaudit/predict.h"
#include "rosaudit/report.h"
#include "rosaudit/secret.h"

#define MATRIX_BYTES (256u << 20)

static int print_matrix(const struct options *o, const struct result *r, const struct exposure *e,
                        const struct exposure_ask *ask)
{
	struct report_options opt = {
		.width = terminal_width(),
		.colour = wants_colour(o),
		.verbose = o->verbose > 0,
	};
	struct error err = {0};
	struct buf out;
	int status;

	buf_init(&out, MATRIX_BYTES);
	if (o->format && strcmp(o->format->name, "json") == 0)
		report_exposure_json(r->target->name, e, ask, &out);
	else
		report_exposure_text(e, ask, &opt, &out);
	if (out.overflow) {
		error_set(&err, ERROR_LIMIT, "the matrix is larger than %u bytes", MATRIX_BYTES);
		error_hint(&err, "ask for less of it: --service, --interface, --from");
	}
	status = error_is_set(&err) || print_out(&out, &err) ? fail(&err) : 0;
	buf_done(&out);
	return status;
}

/* What could not be known is status 3, as everywhere. */
static int tell_router(const struct options *o, const struct target *target,
                       const struct exposure_ask *ask)
{
	struct predict_input in = {0};
	struct listeners listeners;
	struct exposure exposure;
	struct reading reading;
	struct result result;
	int status;

	result_init(&result);
	listeners_init(&listeners);
	exposure_init(&exposure);
	result.target = target;
	if (reading_open(target, &result, &reading)) {
		status = fail(&result.error);
	} else {
		listeners_collect(&result.device, &listeners);
		in.device = &result.device;
		in.listeners = &listeners;
		exposure_predict(&in, &exposure);
		status = print_matrix(o, &result, &exposure, ask);
		if (status == 0 && !exposure.known)
			status = status_of(ERROR_REMOTE);
	}
	reading_close(&reading);
	exposure_done(&exposure);
	listeners_done(&listeners);
	result_done(&result);
	return status;
}

static int make_ask(const struct options *o, struct exposure_ask *out, struct error *err)
{
	*out = (struct exposure_ask){.interface = o->interface, .service = o->service};
	if (o->format && strcmp(o->format->name, "text") != 0 &&
	    strcmp(o->format->name, "json") != 0)
		return error_set(err, ERROR_USAGE,
		                 "exposure is told as text or json; %s is a report of an audit",
		                 o->format->name);
	if (!o->from)
		return 0;
	if (prefix_parse(o->from, strlen(o->from), &out->from) != PREFIX_OK)
		return error_set(err, ERROR_USAGE,
		                 "--from %s: not an address, or not a prefix without host bits",
		                 o->from);
	out->has_from = true;
	return 0;
}

int command_exposure(const struct options *o)
{
	struct error err = {0};
	struct exposure_ask ask;
	struct config config;
	int status;

	if (make_ask(o, &ask, &err))
		return fail(&err);
	if (o->args_n == 0) {
		error_set(&err, ERROR_USAGE, "no policy file and no URL given");
		return fail(&err);
	}
	config_init(&config);
	if (targets_load(o, &config, &status, NULL) == 0 && config.targets_n != 1) {
		error_set(&err, ERROR_USAGE, "exposure tells of one router; %zu were given",
		          config.targets_n);
		status = fail(&err);
	} else if (config.targets_n == 1) {
		cancel_install();
		status = tell_router(o, &config.targets[0], &ask);
		secret_forget_all();
	}
	config_done(&config);
	return status;
}
