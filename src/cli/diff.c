/* `rosaudit diff OLD NEW`, and --baseline FILE on an audit. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "rosaudit/diff.h"
#include "rosaudit/file.h"
#include "rosaudit/limits.h"
#include "rosaudit/message.h"
#include "rosaudit/report.h"
#include "rosaudit/routeros.h"

/* As diff and ndiff have it. */
enum { SAME = 0, DIFFER = 1, TROUBLE = 2 };

static const char *name_of(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

static int read_saved(const struct buf *text, const char *where, struct snapshot *out,
                      struct error *err)
{
	struct device device;
	int failed;

	if (text->n > LIMIT_FILE_BYTES)
		return error_set_at(err, ERROR_LIMIT, where, 0, 0,
		                    "a saved output larger than %u bytes is not read",
		                    LIMIT_FILE_BYTES);
	device_init(&device);
	failed = services_parse_text(buf_str(text), text->n, where, &device, err);
	if (!failed)
		snapshot_add_device(out, &device);
	device_done(&device);
	return failed;
}

/* A report or a saved output, whichever the file is. */
static int snapshot_load(const char *path, struct snapshot *out, struct error *err)
{
	struct buf text;
	int failed;

	buf_init(&text, LIMIT_REPORT_BYTES);
	failed = file_read(path, &text, err);
	if (!failed && report_json_is_document(buf_str(&text), text.n))
		failed = report_json_read(buf_str(&text), text.n, name_of(path), out, err);
	else if (!failed)
		failed = read_saved(&text, name_of(path), out, err);
	buf_done(&text);
	return failed;
}

static bool wants_json(const struct options *o)
{
	return o->format && strcmp(o->format->name, "json") == 0;
}

static int check_operands(const struct options *o, struct error *err)
{
	if (o->format && !wants_json(o) && strcmp(o->format->name, "text") != 0)
		return error_set(err, ERROR_USAGE,
		                 "diff tells changes as text or json; %s is a report of an audit",
		                 o->format->name);
	if (o->args_n != 2)
		return error_set(
			err, ERROR_USAGE,
			"diff takes two files: rosaudit diff OLD NEW; - is standard input");
	if (strcmp(o->args[0], "-") == 0 && strcmp(o->args[1], "-") == 0)
		return error_set(err, ERROR_USAGE,
		                 "standard input can be one of the two files only");
	return 0;
}

static int check_kinds(const struct snapshot *old, const struct snapshot *new, struct error *err)
{
	if (old->kind == new->kind)
		return 0;
	error_set(err, ERROR_USAGE, "one of the two is a report, the other a saved output");
	return error_hint(err, "compare two JSON reports (-o json=FILE), or two saved outputs");
}

/* DIFFER, SAME or TROUBLE. */
static int print_diff(const struct options *o, const struct diff_sides *sides)
{
	struct error err = {0};
	struct diff d;
	struct buf out;
	int status;

	diff_init(&d);
	buf_init(&out, LIMIT_REPORT_BYTES);
	diff_compare(sides->old, sides->new, &d);
	status = d.n > 0 ? DIFFER : SAME;
	if (wants_json(o))
		report_diff_json(&d, sides, &out);
	else
		report_diff_text(&d, sides, &out);
	if (print_out(&out, &err)) {
		fail(&err);
		status = TROUBLE;
	}
	buf_done(&out);
	diff_done(&d);
	return status;
}

int command_diff(const struct options *o)
{
	struct error err = {0};
	struct snapshot old, new;
	int status = TROUBLE;

	snapshot_init(&old);
	snapshot_init(&new);
	if (check_operands(o, &err) || snapshot_load(o->args[0], &old, &err) ||
	    snapshot_load(o->args[1], &new, &err) || check_kinds(&old, &new, &err)) {
		fail(&err);
	} else {
		const struct diff_sides sides = {name_of(o->args[0]), name_of(o->args[1]), &old,
		                                 &new};

		status = print_diff(o, &sides);
	}
	snapshot_done(&new);
	snapshot_done(&old);
	return status;
}

int baseline_load(const char *path, struct snapshot *out, struct error *err)
{
	struct buf text;
	int failed;

	buf_init(&text, LIMIT_REPORT_BYTES);
	failed = file_read(path, &text, err) ||
	         report_json_read(buf_str(&text), text.n, name_of(path), out, err);
	buf_done(&text);
	return failed ? -1 : 0;
}

/* This run as the same reader would read its report: both sides went the same way. */
static int snapshot_results(const struct results *results, struct snapshot *out, struct error *err)
{
	const struct report_options opt = {.width = 80};
	struct buf text;
	int failed;

	buf_init(&text, LIMIT_REPORT_BYTES);
	report_find("json")->write(results, &opt, &text);
	if (text.overflow)
		failed = error_set(err, ERROR_LIMIT, "the audit is too large to be compared");
	else
		failed = report_json_read(buf_str(&text), text.n, "this audit", out, err);
	buf_done(&text);
	return failed;
}

/* Machine output is never mixed with other text: beside another format they go to stderr. */
static int print_differences(const struct options *o, const struct buf *text, struct error *err)
{
	if (!o->format || strcmp(o->format->name, "text") == 0)
		return print_out(text, err);
	fwrite(buf_str(text), 1, text->n, stderr);
	return 0;
}

int baseline_tell(const struct options *o, const struct snapshot *baseline,
                  const struct results *results)
{
	struct error err = {0};
	struct snapshot now;
	struct diff d;
	struct buf out;
	int status;

	snapshot_init(&now);
	diff_init(&d);
	buf_init(&out, LIMIT_REPORT_BYTES);
	if (snapshot_results(results, &now, &err) == 0) {
		const struct diff_sides sides = {name_of(o->baseline), "this audit", baseline,
		                                 &now};

		diff_compare(baseline, &now, &d);
		buf_printf(&out, "\n%s\n",
		           d.n > 0 ? _("Since the baseline:")
		                   : _("Nothing changed since the baseline."));
		report_diff_text(&d, &sides, &out);
		(void)print_differences(o, &out, &err);
	}
	status = error_is_set(&err) ? fail(&err) : 0;
	buf_done(&out);
	diff_done(&d);
	snapshot_done(&now);
	return status;
}
