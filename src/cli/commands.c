/* The command table, and the small commands. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "rosaudit/version.h"

const struct command commands[] = {
	{"audit", "FILE|URL...", "compare routers with their policy; the word may be left out",
         COMMAND_AUDIT, command_audit},
	{"check", "FILE...", "validate policy files; touches no network", COMMAND_CHECK,
         command_check},
	{"parse", "FILE|-", "show what a saved /ip service output says", COMMAND_PARSE,
         command_parse},
	{"diff", "OLD NEW", "what changed between two JSON reports, or two saved outputs",
         COMMAND_DIFF, command_diff},
	{"plan", "FILE|URL...", "print the RouterOS commands that bring a router to its policy",
         COMMAND_PLAN, command_plan},
	{"init", "HOST|URL|FILE", "write a policy that the router passes as it is now",
         COMMAND_INIT, command_init},
	{"explain", "[RULE...]", "what a rule means, why it matters, how to mend it",
         COMMAND_EXPLAIN, command_explain},
	{"scan", "TARGET...", "probe ports from outside, as nmap does; no login", COMMAND_SCAN,
         command_scan},
	{"exposure", "FILE|URL", "who can reach what, as the router's firewall decides",
         COMMAND_EXPOSURE, command_exposure},
	{"ports", "", "list RouterOS's ports, and the menu that opens each", COMMAND_PORTS,
         command_ports},
	{"profiles", "", "list the profiles that come with rosaudit", COMMAND_OTHER,
         command_profiles},
	{"schema", "", "print the JSON Schema of policy files and profiles, for editors",
         COMMAND_OTHER, command_schema},
	{"help", "[COMMAND|keys]", "help on a command, or the keys of a policy file", COMMAND_OTHER,
         command_help},
};

const size_t commands_n = sizeof(commands) / sizeof(commands[0]);

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < commands_n; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static void print_program_usage(struct buf *out)
{
	buf_puts(out, "rosaudit " ROSAUDIT_VERSION
	              " - does this MikroTik router offer exactly what we meant "
	              "it to?\n\n"
	              "usage: rosaudit [audit] [options] router.yaml...\n"
	              "       rosaudit [audit] [options] ssh://user@host|https://user@host "
	              "[--profile NAME]\n"
	              "       rosaudit COMMAND ...\n\ncommands:\n");
	for (size_t i = 0; i < commands_n; i++)
		buf_printf(out, "  %-9s %-15s %s\n", commands[i].name, commands[i].operands,
		           commands[i].help);
}

void help_print(const struct command *command, struct buf *out)
{
	if (!command)
		print_program_usage(out);
	else
		buf_printf(out, "usage: rosaudit %s [options] %s\n\n%s\n", command->name,
		           command->operands, command->help);
	buf_puts(out, "\noptions:\n");
	options_help(command ? command->bit : COMMAND_ALL & ~COMMAND_SCAN, out);
	if (command && command->bit == COMMAND_DIFF)
		buf_puts(out, "\nexit status: 0 the same, 1 they differ, 2 trouble\n");
	if (command && command->bit != COMMAND_AUDIT)
		return;
	buf_puts(out, "\nexit status: 0 compliant, 1 findings at or above --fail-on, 2 usage or "
	              "configuration,\n3 a router or an expectation could not be judged, 130 "
	              "interrupted\n");
}

int command_help(const struct options *o)
{
	const struct command *c = NULL;
	struct error err = {0};
	struct buf out;
	int status;

	buf_init(&out, 1u << 20);
	if (o->args_n && strcmp(o->args[0], "keys") == 0) {
		config_describe(&out);
	} else {
		c = o->args_n ? command_find(o->args[0]) : NULL;
		if (o->args_n && !c)
			error_set(&err, ERROR_USAGE, "no command \"%s\"", o->args[0]);
		else
			help_print(c, &out);
	}
	status = error_is_set(&err) || print_out(&out, &err) ? fail(&err) : 0;
	buf_done(&out);
	return status;
}

int command_profiles(const struct options *o)
{
	struct error err = {0};
	struct arena arena;
	struct buf out;
	int status;

	if (o->args_n) {
		error_set(&err, ERROR_USAGE, "`rosaudit profiles` takes no operand");
		return fail(&err);
	}
	arena_init(&arena);
	buf_init(&out, 1u << 20);
	config_list_profiles(profile_dirs(&arena), &out);
	status = print_out(&out, &err) ? fail(&err) : 0;
	buf_done(&out);
	arena_done(&arena);
	return status;
}

int command_schema(const struct options *o)
{
	struct error err = {0};
	struct buf out;
	int status;

	if (o->args_n) {
		error_set(&err, ERROR_USAGE, "`rosaudit schema` takes no operand");
		return fail(&err);
	}
	buf_init(&out, 4u << 20);
	config_json_schema(&out);
	status = print_out(&out, &err) ? fail(&err) : 0;
	buf_done(&out);
	return status;
}
