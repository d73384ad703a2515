/* `rosaudit plan FILE|URL…`: an audit, and the commands that bring each router to its policy. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "rosaudit/cancel.h"
#include "rosaudit/config.h"
#include "rosaudit/file.h"
#include "rosaudit/remedy.h"
#include "rosaudit/secret.h"

#define SCRIPT_BYTES (16u << 20)

/* Where the scripts of this run go. */
struct sink {
	const char
		*folder; /* NULL: one router, into file (NULL: stdout) and undo (NULL: nowhere) */
	const char *file, *undo;
	char **used; /* names of files in the folder, one per router */
	size_t used_n;
};

static bool is_folder(const char *path)
{
	struct stat s;
	size_t n = strlen(path);

	return path[n - 1] == '/' || (stat(path, &s) == 0 && S_ISDIR(s.st_mode));
}

static bool is_stdout(const char *path)
{
	return !path || strcmp(path, "-") == 0;
}

/* One script in the place of the other, or of the policy: it would be lost without a word. */
static int refuse_clash(const struct options *o, const struct sink *sink, struct error *err)
{
	const char *const paths[] = {sink->file, sink->undo};

	if (sink->undo &&
	    (is_stdout(sink->file) ? is_stdout(sink->undo) : file_same(sink->file, sink->undo)))
		return error_set(err, ERROR_USAGE, "the script and its undo cannot both be %s",
		                 is_stdout(sink->file) ? "on stdout" : sink->undo);
	for (size_t i = 0; i < 2 * o->args_n; i++)
		if (!is_stdout(paths[i % 2]) && file_same(paths[i % 2], o->args[i / 2]))
			return error_set(err, ERROR_USAGE,
			                 "%s is the policy, not a place for a script",
			                 paths[i % 2]);
	return 0;
}

/* A script of another router is never beside this one's in the same file: pasted as a whole, it
 * would be run by whichever router is at hand. */
static int choose_sink(const struct options *o, size_t routers, struct sink *out, struct error *err)
{
	*out = (struct sink){.undo = o->undo};
	if (o->path && (routers > 1 || is_folder(o->path)))
		out->folder = o->path;
	else
		out->file = o->path;
	if (!o->path && routers > 1)
		return error_set(err, ERROR_USAGE,
		                 "%zu routers: a script for each goes into a folder, -o FOLDER",
		                 routers);
	if (out->folder && o->undo)
		return error_set(err, ERROR_USAGE,
		                 "--undo goes with one script; into a folder it is written along");
	if (!out->folder)
		return refuse_clash(o, out, err);
	if (is_folder(out->folder) || mkdir(out->folder, 0777) == 0)
		return 0;
	error_set_sys(err, errno, "cannot make the folder %s", out->folder);
	err->kind = ERROR_USAGE;
	return -1;
}

/* The router's name as a file's: no way out of the folder, no option, nothing hidden. */
static char *file_name(const char *name)
{
	char *p = mem_strdup(*name ? name : "router");

	for (char *c = p; *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-",
		            *c) ||
		    (c == p && (*c == '.' || *c == '-')))
			*c = '_';
	return p;
}

static bool is_used(const struct sink *sink, const char *name)
{
	for (size_t i = 0; i < sink->used_n; i++)
		if (strcmp(sink->used[i], name) == 0)
			return true;
	return false;
}

/* One that no other router of this run has. */
static const char *own_name(struct sink *sink, const char *router)
{
	char *base = file_name(router), *name = mem_strdup(base);
	struct buf b;

	for (unsigned n = 2; is_used(sink, name); n++) {
		buf_init(&b, strlen(base) + 16);
		buf_printf(&b, "%s-%u", base, n);
		free(name);
		name = mem_strdup(buf_str(&b));
		buf_done(&b);
	}
	free(base);
	sink->used[sink->used_n++] = name;
	return name;
}

static int write_script(const struct buf *script, const char *path, struct error *err)
{
	if (script->overflow)
		return error_set(err, ERROR_OUTPUT, "the script is larger than %zu bytes",
		                 script->max);
	if (is_stdout(path))
		return print_out(script, err);
	return file_write(path, buf_str(script), script->n, err);
}

static int write_in_folder(struct sink *sink, const char *router, const struct buf *script,
                           const struct buf *undo, struct error *err)
{
	const char *name = own_name(sink, router);
	struct buf path;
	int failed;

	buf_init(&path, 8192);
	buf_printf(&path, "%s/%s.rsc", sink->folder, name);
	failed = write_script(script, buf_str(&path), err);
	buf_clear(&path);
	buf_printf(&path, "%s/%s.undo.rsc", sink->folder, name);
	failed = failed || write_script(undo, buf_str(&path), err);
	buf_done(&path);
	return failed ? -1 : 0;
}

static int write_both(struct sink *sink, const char *router, const struct buf *script,
                      const struct buf *undo, struct error *err)
{
	if (sink->folder)
		return write_in_folder(sink, router, script, undo, err);
	/* The way back first: without it nobody should begin. */
	if (sink->undo && write_script(undo, sink->undo, err))
		return -1;
	return write_script(script, sink->file, err);
}

/* 0 nothing to do, 1 something, 3 when something could not be judged. */
static int status_of_remedy(const struct remedy *r)
{
	int status = r->steps_n ? 1 : 0;

	for (size_t i = 0; i < r->left_n; i++) {
		const struct finding *f = r->left[i].finding;

		if (f->waived || !f->asked)
			continue;
		status = f->undecided || status == 3 ? 3 : 1;
	}
	return status;
}

static int plan_router(const struct options *o, const struct result *result, struct sink *sink)
{
	struct target resolved = *result->target;
	struct remedy remedy;
	const struct remedy_input in = {&resolved, &result->device, &result->observations,
	                                &result->findings, result->started};
	struct buf script, undo, summary;
	struct error err = {0};
	int status;

	remedy_init(&remedy);
	buf_init(&script, SCRIPT_BYTES);
	buf_init(&undo, SCRIPT_BYTES);
	buf_init(&summary, SCRIPT_BYTES);
	config_resolve(result->target, &result->device, &remedy.arena, &resolved.policy);
	remedy_make(&in, &remedy);
	remedy_script(&in, &remedy, &script);
	remedy_undo_script(&in, &remedy, &undo);
	remedy_summary(&in, &remedy, &summary);
	status = status_of_remedy(&remedy);
	if (write_both(sink, resolved.name, &script, &undo, &err))
		status = fail(&err);
	if (!o->quiet)
		fprintf(stderr, "%s", buf_str(&summary));
	buf_done(&summary);
	buf_done(&undo);
	buf_done(&script);
	remedy_done(&remedy);
	return status;
}

static int tell_failure(const struct result *r)
{
	struct error err = r->error;

	if (!error_is_set(&err))
		return 0;
	if (!err.where[0])
		error_wrap(&err, "%s", r->target->name);
	return fail(&err);
}

static int plan_all(const struct options *o, const struct config *config, struct sink *sink)
{
	struct results results = {0};
	int status = 0;

	cancel_install();
	ask_passwords(config);
	audit_fleet(config, o, &results);
	secret_forget_all();
	sink->used = mem_alloc((results.n + 1) * sizeof(*sink->used));
	for (size_t i = 0; i < results.n; i++) {
		int failed = tell_failure(&results.v[i]), s = 0;

		if (results.v[i].audited)
			s = plan_router(o, &results.v[i], sink);
		s = failed > s ? failed : s;
		status = s > status ? s : status;
	}
	for (size_t i = 0; i < results.n; i++)
		result_done(&results.v[i]);
	for (size_t i = 0; i < sink->used_n; i++)
		free(sink->used[i]);
	free(sink->used);
	free(results.v);
	return status;
}

int command_plan(const struct options *o)
{
	struct error err = {0};
	struct config config;
	struct sink sink;
	int status;

	if (o->args_n == 0) {
		error_set(&err, ERROR_USAGE,
		          "plan for which router? usage: rosaudit plan FILE|URL...");
		return fail(&err);
	}
	config_init(&config);
	if (targets_load(o, &config, &status, NULL) == 0)
		status = choose_sink(o, config.targets_n, &sink, &err)
		                 ? fail(&err)
		                 : plan_all(o, &config, &sink);
	config_done(&config);
	return status;
}
