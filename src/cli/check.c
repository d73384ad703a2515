/* `rosaudit check FILE…`: every mistake at once, no network. */

#include "cli.h"
#include "rosaudit/audit.h"
#include "rosaudit/text.h"

static void describe(const char *path, const struct config *config, struct buf *out)
{
	size_t services = 0, ports = 0;

	for (size_t i = 0; i < config->targets_n; i++) {
		services += config->targets[i].policy.services_n;
		ports += config->targets[i].policy.ports_n;
	}
	text_escape_str(out, path);
	buf_printf(out, ": ok, %zu router%s", config->targets_n, config->targets_n == 1 ? "" : "s");
	for (size_t i = 0; i < config->targets_n && i < 8; i++) {
		buf_puts(out, i ? ", " : ": ");
		text_escape_str(out, config->targets[i].name);
	}
	if (config->targets_n > 8)
		buf_puts(out, ", …");
	buf_printf(out, "; %zu service%s", services, services == 1 ? "" : "s");
	if (ports)
		buf_printf(out, " and %zu port%s", ports, ports == 1 ? "" : "s");
	buf_puts(out, " expected\n");
}

/* Routers that share a place share its waivers, and its mistakes are told once. */
static bool has_waiver(const struct target *t, const struct waiver *w)
{
	for (size_t i = 0; i < t->policy.waivers_n; i++)
		if (t->policy.waivers[i]->origin.line == w->origin.line &&
		    t->policy.waivers[i]->origin.column == w->origin.column)
			return true;
	return false;
}

/* Only src/audit knows which rules there are, so this is no mistake of the file's form. */
static void check_waivers(const struct config *config, struct error_list *errors)
{
	for (size_t i = 0; i < config->targets_n; i++) {
		const struct target *t = &config->targets[i];

		for (size_t j = 0; j < t->policy.waivers_n; j++) {
			const struct waiver *w = t->policy.waivers[j];
			struct error e = {0};

			if (!w->rule || audit_rule_find(w->rule))
				continue;
			if (i && has_waiver(&config->targets[i - 1], w))
				continue;
			error_set_at(&e, ERROR_CONFIG, w->origin.file, w->origin.line,
			             w->origin.column,
			             "this waiver is of rule %s, which there is not", w->rule);
			error_hint(&e, "rosaudit explain lists the rules");
			error_list_add(errors, &e);
		}
	}
}

static int check_meaning(const struct config *config)
{
	struct error_list errors;
	int status = 0;

	error_list_init(&errors);
	config_contradictions(config, &errors);
	check_waivers(config, &errors);
	fail_list(&errors);
	if (errors.n)
		status = status_of(ERROR_CONFIG);
	error_list_done(&errors);
	return status;
}

static int check_one(const struct options *o, const char *path)
{
	struct options one = *o;
	struct error err = {0};
	struct config config;
	struct buf out;
	int status;

	one.args = &path;
	one.args_n = 1;
	config_init(&config);
	buf_init(&out, 1u << 20);
	if (targets_load(&one, &config, &status, NULL) == 0 &&
	    (status = check_meaning(&config)) == 0) {
		describe(path, &config, &out);
		if (print_out(&out, &err))
			status = fail(&err);
	}
	buf_done(&out);
	config_done(&config);
	return status;
}

int command_check(const struct options *o)
{
	struct error err = {0};
	int status = 0;

	if (o->args_n == 0) {
		error_set(&err, ERROR_USAGE, "check which file? usage: rosaudit check FILE...");
		return fail(&err);
	}
	for (size_t i = 0; i < o->args_n; i++) {
		int s = check_one(o, o->args[i]);

		status = s > status ? s : status;
	}
	return status;
}
