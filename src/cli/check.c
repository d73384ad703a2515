/* `rosaudit check FILE…`: every mistake at once, no network. */

#include "cli.h"
#include "rosaudit/text.h"

static void describe(const char *path, const struct config *config, struct buf *out)
{
	size_t services = 0;

	for (size_t i = 0; i < config->targets_n; i++)
		services += config->targets[i].policy.services_n;
	text_escape_str(out, path);
	buf_printf(out, ": ok, %zu router%s", config->targets_n, config->targets_n == 1 ? "" : "s");
	for (size_t i = 0; i < config->targets_n && i < 8; i++) {
		buf_puts(out, i ? ", " : ": ");
		text_escape_str(out, config->targets[i].name);
	}
	if (config->targets_n > 8)
		buf_puts(out, ", …");
	buf_printf(out, "; %zu service%s expected\n", services, services == 1 ? "" : "s");
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
	if (targets_load(&one, &config, &status) == 0) {
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
