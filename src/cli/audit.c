/* `rosaudit [audit] FILE|URL…` */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "rosaudit/audit.h"
#include "rosaudit/cancel.h"
#include "rosaudit/diff.h"
#include "rosaudit/file.h"
#include "rosaudit/log.h"
#include "rosaudit/report.h"
#include "rosaudit/secret.h"
#include "rosaudit/text.h"

/* A report of thousands of routers still fits. */
#define REPORT_BYTES (256u << 20)

size_t terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	unsigned long n;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 80)
		return size.ws_col;
	if (columns && text_to_uint(columns, strlen(columns), 80, 1000, &n))
		return n;
	return 80;
}

bool wants_colour(const struct options *o)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");

	if (o->colour != COLOUR_AUTO)
		return o->colour == COLOUR_ALWAYS;
	if (no_colour && no_colour[0])
		return false;
	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
}

/* The report on stdout; a status when it could not be written. */
static int write_stdout(const struct results *results, const struct options *o)
{
	const struct report_format *format = o->format ? o->format : &report_formats[0];
	struct report_options opt = {
		.width = terminal_width(),
		.colour = wants_colour(o),
		.verbose = o->verbose > 0,
	};
	struct error err = {0};
	struct buf out;
	int status = 0;

	buf_init(&out, REPORT_BYTES);
	format->write(results, &opt, &out);
	if (print_out(&out, &err))
		status = fail(&err);
	buf_done(&out);
	return status;
}

/* One -o; the others are written all the same when it fails. */
static int write_output(const struct results *results, const struct output *output)
{
	struct report_options opt = {.width = 100, .verbose = true};
	struct error err = {0};
	struct buf out;
	int status = 0;

	buf_init(&out, REPORT_BYTES);
	output->format->write(results, &opt, &out);
	if (out.overflow)
		error_set(&err, ERROR_OUTPUT, "%s: the report is larger than %u bytes",
		          output->path, REPORT_BYTES);
	else
		file_write(output->path, buf_str(&out), out.n, &err);
	if (error_is_set(&err))
		status = fail(&err);
	buf_done(&out);
	return status;
}

static int write_reports(const struct results *results, const struct options *o)
{
	int status = write_stdout(results, o);

	for (size_t i = 0; i < o->outputs_n; i++) {
		int s = write_output(results, &o->outputs[i]);

		status = s > status ? s : status;
	}
	return status;
}

/* The router's name comes first, before the place in one of its answers as well. */
static void name_router(struct error *err, const char *name)
{
	char where[sizeof(err->where)];

	if (!err->where[0]) {
		error_wrap(err, "%s", name);
		return;
	}
	memcpy(where, err->where, sizeof(where));
	snprintf(err->where, sizeof(err->where), "%.200s: %.300s", name, where);
}

/* The status of the report on stdout, when its format has its own. What went wrong with a report is
 * then unknown to whoever reads the status, too. */
static int final_status(const struct results *results, const struct options *o, int written)
{
	int status = results_exit_status(results);

	if (o->format && o->format->status)
		return written ? o->format->status(NULL) : o->format->status(results);
	return written > status && status != 130 ? written : status;
}

int nothing_audited(const struct options *o, const struct error *mistake, int status)
{
	const struct results none = {.fail_on = o->fail_on, .mistake = mistake};

	if (!o->format || !o->format->status)
		return status;
	(void)write_stdout(&none, o);
	return o->format->status(NULL);
}

/* The vantages behind the first that failed, which is the result's own error. */
static void print_vantages(const struct result *r)
{
	for (size_t i = 0; i < r->vantages_n; i++) {
		struct error err = r->vantages[i].error;

		if (!error_is_set(&err) || strcmp(err.text, r->error.text) == 0)
			continue;
		name_router(&err, r->target->name);
		fail(&err);
	}
}

/* A router that could not be audited is told on stderr as well: stdout may be a file, or a format
 * that nobody reads by eye. On a terminal the report says it a line below. */
static void print_failures(const struct results *results, const struct options *o)
{
	if (isatty(STDOUT_FILENO) && (!o->format || o->format == &report_formats[0]))
		return;
	for (size_t i = 0; i < results->n; i++) {
		const struct result *r = &results->v[i];
		struct error err = r->error;

		if (!error_is_set(&err))
			continue;
		name_router(&err, r->target->name);
		fail(&err);
		print_vantages(r);
	}
}

/* The audit itself, from the first login to the last report; the exit status. */
static int audit_all(const struct options *o, const struct config *config,
                     const struct snapshot *baseline)
{
	struct results results = {
		.fail_on = o->fail_on,
		.fail_never = o->fail_never,
		.rules = audit_rules,
		.rules_n = audit_rules_n,
	};
	int status, written, told;

	cancel_install();
	ask_passwords(config);
	audit_fleet(config, o, &results);
	secret_forget_all();
	print_failures(&results, o);
	written = write_reports(&results, o);
	told = o->baseline ? baseline_tell(o, baseline, &results) : 0;
	status = final_status(&results, o, told > written ? told : written);
	for (size_t i = 0; i < results.n; i++)
		result_done(&results.v[i]);
	free(results.v);
	return status;
}

/* A baseline that cannot be read is a mistake in the command: told before any router is asked. */
static int read_baseline(const struct options *o, struct snapshot *out, struct error *err)
{
	if (!o->baseline || baseline_load(o->baseline, out, err) == 0)
		return 0;
	fail(err);
	return status_of(ERROR_USAGE);
}

/* Is there a folder for the report? A slip that is told before a minute of auditing. The audit goes
 * on: the folder may be made meanwhile, and the other reports are wanted all the same. */
static void warn_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct stat s;
	char *folder;

	if (!slash || slash == path)
		return;
	folder = mem_strdup(path);
	folder[slash - path] = '\0';
	if (stat(folder, &s) != 0 || !S_ISDIR(s.st_mode))
		log_line(LOG_LEVEL_NORMAL, "--output: there is no folder %s for %s", folder,
		         slash + 1);
	free(folder);
}

/* A report would take the place of what another option, or the audit, has there. */
static int check_clashes(const struct options *o, size_t i, struct error *err)
{
	const char *path = o->outputs[i].path;

	for (size_t j = 0; j < i; j++)
		if (file_same(path, o->outputs[j].path))
			return error_set(err, ERROR_USAGE, "--output: %s is asked for twice", path);
	for (size_t j = 0; j < o->args_n; j++)
		if (file_same(path, o->args[j]))
			return error_set(err, ERROR_USAGE,
			                 "--output: %s is the policy, not a place for a report",
			                 path);
	return 0;
}

static int check_outputs(const struct options *o, struct error *err)
{
	for (size_t i = 0; i < o->outputs_n; i++) {
		if (check_clashes(o, i, err))
			return -1;
		warn_folder(o->outputs[i].path);
	}
	return 0;
}

int command_audit(const struct options *o)
{
	struct error err = {0};
	struct config config;
	struct snapshot baseline;
	int status;

	if (o->args_n == 0) {
		error_set(&err, ERROR_USAGE, "no policy file and no URL given");
		error_hint(&err, "rosaudit router.yaml, or rosaudit ssh://admin@192.168.88.1; "
		                 "rosaudit --help tells more");
		return nothing_audited(o, &err, fail(&err));
	}
	if (check_outputs(o, &err))
		return nothing_audited(o, &err, fail(&err));
	config_init(&config);
	snapshot_init(&baseline);
	status = read_baseline(o, &baseline, &err);
	if (status == 0 && targets_load(o, &config, &status, &err) == 0)
		status = audit_all(o, &config, &baseline);
	else
		status = nothing_audited(o, &err, status);
	snapshot_done(&baseline);
	config_done(&config);
	return status;
}
