/* The command table, and the small commands. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "rosaudit/text.h"
#include "rosaudit/version.h"

enum { HELP_COLUMNS = 79, HELP_LEFT = 28 };

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
	{"completion", "SHELL", "print the completion script of bash, zsh or fish", COMMAND_OTHER,
         command_completion},
	{"help", "[TOPIC]", "help on a command, keys (of a policy file), or a manual page's source",
         COMMAND_OTHER, command_help},
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
	              "       rosaudit [audit] [options] ssh://user@host|https://user@host\n"
	              "       rosaudit COMMAND ...\n\ncommands:\n");
	for (size_t i = 0; i < commands_n; i++) {
		struct buf wrapped;

		buf_printf(out, "  %-10s %-14s ", commands[i].name, commands[i].operands);
		/* Wrapped as if the left columns were blanks, which the first line leaves out. */
		buf_init(&wrapped, 8192);
		text_wrap(&wrapped, commands[i].help, HELP_COLUMNS, HELP_LEFT, true);
		buf_puts(out, buf_str(&wrapped) + HELP_LEFT);
		buf_putc(out, '\n');
		buf_done(&wrapped);
	}
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
	exit_statuses_print(command ? command->bit : COMMAND_AUDIT, out);
}

/* What `help` prints beside the commands' usage. */
static void print_keys(struct buf *out)
{
	if (isatty(STDOUT_FILENO))
		config_describe_text(out, HELP_COLUMNS);
	else
		config_describe(out);
}

static const struct {
	const char *name;
	void (*print)(struct buf *out);
} topics[] = {
	{"keys", print_keys},
	{"rosaudit.1", manual_print},
	{"rosaudit-policy.5", config_manual},
};

#define TOPICS (sizeof(topics) / sizeof(topics[0]))

static bool print_topic(const char *name, struct buf *out)
{
	for (size_t i = 0; i < TOPICS; i++) {
		if (strcmp(topics[i].name, name) != 0)
			continue;
		topics[i].print(out);
		return true;
	}
	return false;
}

int command_help(const struct options *o)
{
	const struct command *c = NULL;
	struct error err = {0};
	struct buf out;
	int status;

	buf_init(&out, 1u << 20);
	if (!o->args_n || !print_topic(o->args[0], &out)) {
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
