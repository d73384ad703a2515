/* rosaudit(1), from the tables that the program itself goes by. */
#include <string.h>

#include "cli.h"
#include "rosaudit/audit.h"
#include "rosaudit/report.h"
#include "rosaudit/roff.h"
#include "rosaudit/text.h"

const struct exit_status exit_statuses[] = {
	{COMMAND_AUDIT, 0, "compliant"},
	{COMMAND_AUDIT, 1, "findings at or above --fail-on"},
	{COMMAND_PLAN, 0, "nothing to do"},
	{COMMAND_PLAN, 1, "there are commands, or something is left to decide"},
	{COMMAND_DIFF, 0, "the same"},
	{COMMAND_DIFF, 1, "they differ"},
	{COMMAND_DIFF, 2, "trouble"},
	{COMMAND_AUDIT | COMMAND_PLAN, 2, "usage or configuration"},
	{COMMAND_AUDIT | COMMAND_PLAN, 3,
         "a router or an expectation could not be judged, or a report not be written"},
	{COMMAND_AUDIT | COMMAND_PLAN, 130, "interrupted"},
};
const size_t exit_statuses_n = sizeof(exit_statuses) / sizeof(exit_statuses[0]);

/* What the program asks its surroundings. */
static const struct {
	const char *name, *meaning;
} environment[] =
	{
		{"ROSAUDIT_PROFILES", "a folder that is looked into first for profiles"},
		{"NO_COLOR", "when set and not empty, no colours"},
		{"TERM", "dumb: no colours"},
		{"COLUMNS", "width of the text report where stdout is no terminal"},
		{"LC_ALL, LC_MESSAGES, LANG, LANGUAGE",
                 "language of what people read; what machines read stays English"},
		{"ROSAUDIT_LOCALE", "the folder of the translations, instead of its own"},
		{"TZ", "the local time by which waivers expire"},
		{"HOME", "where ~ and the known hosts are"},
		{"SSH_AUTH_SOCK", "the SSH agent, for --agent"},
},
  files[] =
	  {
		  {"~/.ssh/known_hosts", "host keys that are trusted; --accept-new writes to it"},
		  {"PREFIX/share/rosaudit/profiles", "the profiles that come with rosaudit"},
		  {"PREFIX/share/rosaudit/docs/rosaudit.schema.json",
                   "JSON Schema of policies and profiles, for editors"},
		  {"PREFIX/share/locale/fr/LC_MESSAGES/rosaudit.mo", "French"},
},
  examples[] = {
	  {"rosaudit init ssh://audit@192.168.88.1 -o router.yaml",
           "Write a policy from the router as it is."},
	  {"rosaudit check router.yaml && rosaudit router.yaml",
           "Find mistakes in the policy, then compare the router with it."},
	  {"rosaudit router.yaml -o junit=audit.xml -o html=audit.html",
           "Write two reports beside the one on the terminal."},
	  {"rosaudit plan router.yaml --undo undo.rsc > plan.rsc",
           "Print what would bring the router to its policy, and the way back."},
	  {"rosaudit diff monday.json friday.json", "Tell what changed between two reports."},
	  {"rosaudit scan 192.168.88.1 -sV", "Look at a router from outside, without a login."},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

void exit_statuses_print(unsigned command, struct buf *out)
{
	struct buf line;

	buf_init(&line, 4096);
	for (size_t i = 0; i < exit_statuses_n; i++)
		if (exit_statuses[i].commands & command)
			buf_printf(&line, "%s%d %s",
			           line.n ? ", " : "exit status: ", exit_statuses[i].status,
			           exit_statuses[i].meaning);
	if (line.n) {
		buf_putc(out, '\n');
		text_wrap(out, buf_str(&line), 79, 0, true);
		buf_putc(out, '\n');
	}
	buf_done(&line);
}

static void synopsis(struct buf *out)
{
	roff_section(out, "SYNOPSIS");
	for (size_t i = 0; i < commands_n; i++) {
		buf_puts(out, i ? ".br\n.B rosaudit\n" : ".B rosaudit\n");
		/* The first one is what runs without a command. */
		roff_text(out, i ? commands[i].name : "[");
		if (!i) {
			roff_text(out, commands[i].name);
			buf_putc(out, ']');
		}
		buf_puts(out, *commands[i].operands ? " [options] " : " [options]");
		roff_text(out, commands[i].operands);
		buf_putc(out, '\n');
	}
}

static void list_commands(struct buf *out)
{
	roff_section(out, "COMMANDS");
	for (size_t i = 0; i < commands_n; i++) {
		roff_item(out);
		roff_font(out, 'B', commands[i].name);
		if (*commands[i].operands) {
			buf_putc(out, ' ');
			roff_font(out, 'I', commands[i].operands);
		}
		buf_putc(out, '\n');
		roff_text(out, commands[i].help);
		buf_puts(out, ".\n");
	}
}

/* "audit, plan"; several small commands share a bit, and take what all take. */
static void name_commands(unsigned mask, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < commands_n; i++) {
		if (!(commands[i].bit & mask))
			continue;
		buf_puts(out, any ? ", " : "");
		roff_text(out, commands[i].name);
		any = true;
	}
}

static void describe_option(size_t i, const struct option_words *o, struct buf *out)
{
	struct buf help;

	buf_init(&help, 4096);
	options_sentence(i, &help);
	roff_item(out);
	if (o->letter) {
		const char letter[] = {'-', o->letter, '\0'};

		roff_font(out, 'B', letter);
		buf_puts(out, ", ");
	}
	buf_puts(out, "\\fB");
	roff_text(out, o->dashes);
	roff_text(out, o->name);
	buf_puts(out, "\\fR");
	if (o->arg) {
		buf_putc(out, ' ');
		roff_font(out, 'I', o->arg);
	}
	buf_putc(out, '\n');
	roff_text(out, buf_str(&help));
	buf_puts(out, ".\n");
	if (o->commands != COMMAND_ALL) {
		buf_puts(out, "(Of ");
		name_commands(o->commands, out);
		buf_puts(out, ".)\n");
	}
	buf_done(&help);
}

static void list_options(struct buf *out)
{
	struct option_words o;

	roff_section(out, "OPTIONS");
	for (size_t i = 0; options_row(i, &o); i++)
		describe_option(i, &o, out);
}

static void list_formats(struct buf *out)
{
	roff_section(out, "REPORT FORMATS");
	for (size_t i = 0; i < report_formats_n; i++) {
		roff_item(out);
		roff_font(out, 'B', report_formats[i].name);
		buf_putc(out, '\n');
		roff_text(out, report_formats[i].help);
		buf_puts(out, ".\n");
	}
}

static void list_rules(struct buf *out)
{
	roff_section(out, "RULES");
	for (size_t i = 0; i < audit_rules_n; i++) {
		roff_item(out);
		roff_font(out, 'B', audit_rules[i]->id);
		buf_printf(out, " (%s)\n", severity_name(audit_rules[i]->severity));
		roff_text(out, audit_rules[i]->title);
		buf_puts(out, ".\n");
	}
}

static void list_statuses(struct buf *out)
{
	roff_section(out, "EXIT STATUS");
	for (size_t i = 0; i < exit_statuses_n; i++) {
		roff_item(out);
		buf_printf(out, "\\fB%d\\fR\n", exit_statuses[i].status);
		roff_text(out, exit_statuses[i].meaning);
		buf_puts(out, " (");
		name_commands(exit_statuses[i].commands, out);
		buf_puts(out, ").\n");
	}
	roff_paragraph(out,
	               "Of several, the highest. A report format for monitoring has statuses of "
	               "its own.");
}

void manual_print(struct buf *out)
{
	roff_page(out, "ROSAUDIT", "1", "User Commands");
	roff_section(out, "NAME");
	buf_puts(out, "rosaudit \\- does this router offer exactly what we meant it to?\n");
	synopsis(out);
	roff_section(out, "DESCRIPTION");
	roff_text(out, "rosaudit reads what a MikroTik router declares (/ip service, and the other "
	               "menus that open ports), looks at it from outside, and compares both with a "
	               "policy. It only reads: what would mend a finding is printed, never sent.");
	buf_putc(out, '\n');
	list_commands(out);
	list_options(out);
	list_formats(out);
	list_rules(out);
	list_statuses(out);
	roff_section(out, "ENVIRONMENT");
	for (size_t i = 0; i < COUNT(environment); i++) {
		roff_item(out);
		roff_font(out, 'B', environment[i].name);
		buf_putc(out, '\n');
		roff_text(out, environment[i].meaning);
		buf_puts(out, ".\n");
	}
	roff_section(out, "FILES");
	for (size_t i = 0; i < COUNT(files); i++) {
		roff_item(out);
		roff_font(out, 'I', files[i].name);
		buf_putc(out, '\n');
		roff_text(out, files[i].meaning);
		buf_puts(out, ".\n");
	}
	roff_section(out, "EXAMPLES");
	for (size_t i = 0; i < COUNT(examples); i++) {
		buf_puts(out, i ? ".PP\n" : "");
		roff_text(out, examples[i].meaning);
		buf_putc(out, '\n');
		roff_example(out, examples[i].name);
	}
	roff_section(out, "SEE ALSO");
	buf_puts(out, ".BR rosaudit\\-policy (5),\n.BR ssh (1),\n.BR nmap (1)\n");
}
