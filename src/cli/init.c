/* `rosaudit init FILE|URL|HOST`: a policy that the router passes as it is. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "rosaudit/audit.h"
#include "rosaudit/cancel.h"
#include "rosaudit/draft.h"
#include "rosaudit/file.h"
#include "rosaudit/secret.h"
#include "rosaudit/text.h"

#define POLICY_BYTES (8u << 20)

enum { WAIVER_DAYS = 30 };

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

/* A saved output as the target of a file that names it: the same way in as for any policy. */
static int load_saved(const char *path, struct config *config, struct error *err)
{
	struct error_list errors;
	char whole[PATH_MAX];
	struct buf text;
	int failed;

	if (!realpath(path, whole)) {
		error_set_sys(err, errno, "cannot open %s", path);
		err->kind = ERROR_USAGE;
		return -1;
	}
	buf_init(&text, POLICY_BYTES);
	error_list_init(&errors);
	buf_puts(&text, "router: {name: router, transport: file, file: ");
	config_quote(whole, &text);
	buf_puts(&text, "}\n");
	failed = config_parse(buf_str(&text), text.n, path, NULL, config, &errors);
	if (failed && errors.n)
		*err = errors.v[0];
	error_list_done(&errors);
	buf_done(&text);
	return failed;
}

/* A host alone is asked over SSH. */
static int load_url(const struct options *o, const char *operand, struct config *config,
                    int *status)
{
	const char *url = strstr(operand, "://")
	                          ? operand
	                          : arena_printf(&config->arena, "ssh://%s", operand);
	struct options one = *o;

	one.args = &url;
	one.args_n = 1;
	return targets_load(&one, config, status, NULL);
}

/* A policy file leads to its router; what it expects is not looked at. */
static int load_target(const struct options *o, const char *operand, struct config *config,
                       int *status)
{
	struct error err = {0};

	if (strstr(operand, "://") || (access(operand, F_OK) && !strchr(operand, '/')))
		return load_url(o, operand, config, status);
	if (ends_in(operand, ".yaml") || ends_in(operand, ".yml"))
		return targets_load(o, config, status, NULL);
	if (load_saved(operand, config, &err) == 0)
		return 0;
	*status = fail(&err);
	return -1;
}

static int check_one(const struct config *config, struct error *err)
{
	if (config->targets_n == 1)
		return 0;
	error_set(err, ERROR_USAGE, "init writes the policy of one router, and this is %zu",
	          config->targets_n);
	return error_hint(err, "rosaudit init ssh://user@host, for one after the other");
}

static void date_in(int days, char out[11])
{
	time_t then = time(NULL) + (time_t)days * 86400;
	struct tm day;

	localtime_r(&then, &day);
	strftime(out, 11, "%Y-%m-%d", &day);
}

/* The text read back as if it were a file, and the same router judged by it. */
static int judge(const struct buf *text, const struct result *read, struct config *config,
                 struct findings *out, struct error *err)
{
	struct error_list errors;
	struct target resolved;
	struct audit_input in = {.target = &resolved,
	                         .device = &read->device,
	                         .observations = &read->observations,
	                         .exposure = &read->exposure,
	                         .listeners = &read->listeners,
	                         .now = (int64_t)time(NULL)};
	int failed;

	error_list_init(&errors);
	failed = config_parse(buf_str(text), text->n, "the policy", NULL, config, &errors);
	if (failed && errors.n)
		*err = errors.v[0];
	error_list_done(&errors);
	if (failed)
		return -1;
	resolved = config->targets[0];
	config_resolve(&config->targets[0], &read->device, &out->arena, &resolved.policy);
	audit_run(&in, out);
	return 0;
}

static bool stands_in_the_way(const struct finding *f)
{
	return !f->waived && (f->undecided || f->severity >= SEVERITY_MEDIUM);
}

/* Two rounds: what the router does not pass even with its own values gets a waiver. */
static int draft(const struct result *r, const char *schema, struct buf *out, struct error *err)
{
	struct draft d = {.target = r->target,
	                  .device = &r->device,
	                  .observations = &r->observations,
	                  .made = r->started,
	                  .schema = schema};
	const struct finding **waived;
	struct findings findings;
	struct config config;
	char expires[11];
	int failed;

	date_in(WAIVER_DAYS, expires);
	d.expires = expires;
	config_init(&config);
	findings_init(&findings);
	config_write(&d, out);
	failed = judge(out, r, &config, &findings, err);
	waived = arena_array(&findings.arena, findings.n + 1, sizeof(*waived));
	for (size_t i = 0; !failed && i < findings.n; i++)
		if (stands_in_the_way(&findings.v[i]))
			waived[d.waived_n++] = &findings.v[i];
	d.waived = waived;
	if (d.waived_n) {
		buf_clear(out);
		config_write(&d, out);
	}
	findings_done(&findings);
	config_done(&config);
	return failed;
}

static int write_policy(const struct options *o, const struct buf *text, struct error *err)
{
	if (text->overflow)
		return error_set(err, ERROR_OUTPUT, "the policy is larger than %u bytes",
		                 POLICY_BYTES);
	return o->path && strcmp(o->path, "-") != 0
	               ? file_write(o->path, buf_str(text), text->n, err)
	               : print_out(text, err);
}

static int init_router(const struct options *o, struct config *config)
{
	struct target target = config->targets[0];
	struct error err = {0};
	struct result result;
	struct buf text;
	int status = 0;

	target.policy = (struct policy){.unlisted = UNLISTED_IGNORE};
	cancel_install();
	ask_passwords(config);
	audit_router(&target, &result);
	secret_forget_all();
	buf_init(&text, POLICY_BYTES);
	/* Half a router would be written as if it were all of it. */
	if (error_is_set(&result.error)) {
		err = result.error;
		error_wrap(&err, "%s", target.name);
		status = fail(&err);
	} else if (draft(&result, schema_path(&config->arena), &text, &err) ||
	           write_policy(o, &text, &err)) {
		status = fail(&err);
	}
	buf_done(&text);
	result_done(&result);
	return status;
}

static int check_options(const struct options *o, struct error *err)
{
	if (o->args_n != 1)
		return error_set(err, ERROR_USAGE,
		                 "init takes one router: rosaudit init HOST|URL|FILE");
	/* A policy that somebody has worked on is not written over. */
	if (!o->path || strcmp(o->path, "-") == 0 || access(o->path, F_OK))
		return 0;
	error_set(err, ERROR_USAGE, "%s is there already", o->path);
	return error_hint(err, "remove it, or give -o another name");
}

int command_init(const struct options *o)
{
	struct error err = {0};
	struct config config;
	int status = 0;

	if (check_options(o, &err))
		return fail(&err);
	config_init(&config);
	if (load_target(o, o->args[0], &config, &status) == 0)
		status = check_one(&config, &err) ? fail(&err) : init_router(o, &config);
	config_done(&config);
	return status;
}
