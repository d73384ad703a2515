/* `rosaudit completion SHELL`: the script of a shell; and what such a script asks: `rosaudit
 * completion words -- WORD...`, candidates for the last word, one a line, each with a tab and what
 * it is. The line ":files" says that names of files belong there as well. Options, commands,
 * formats and rules come from their tables, so a new row is completed as soon as it is. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "complete.h"
#include "rosaudit/audit.h"
#include "rosaudit/report.h"

#define ANSWER_BYTES (1u << 20)

/* The line so far. */
struct line {
	const char *const *words; /* without the program's name */
	size_t n;                 /* at least 1: the last one is being written */
	const struct command *command;
	bool command_given;
	size_t operands; /* before the last word, without the command's own name */
	const char *prefix;
	struct buf *out;
};

static void offer(const struct line *l, const char *word, const char *what)
{
	if (strncmp(word, l->prefix, strlen(l->prefix)) == 0)
		buf_printf(l->out, "%s\t%s\n", word, what ? what : "");
}

static void offer_words(const struct line *l, const char *const *words)
{
	for (; *words; words++)
		offer(l, *words, NULL);
}

static void offer_files(const struct line *l)
{
	buf_puts(l->out, ":files\n");
}

static void offer_formats(const struct line *l)
{
	for (size_t i = 0; i < report_formats_n; i++)
		offer(l, report_formats[i].name, report_formats[i].help);
}

static void offer_outputs(const struct line *l)
{
	if (strchr(l->prefix, '=')) {
		offer_files(l);
		return;
	}
	for (size_t i = 0; i < report_formats_n; i++) {
		char word[64];

		snprintf(word, sizeof(word), "%s=", report_formats[i].name);
		offer(l, word, report_formats[i].help);
	}
}

static void offer_severities(const struct line *l)
{
	for (int s = SEVERITY_INFO; s <= SEVERITY_CRITICAL; s++)
		offer(l, severity_name((enum severity)s), NULL);
	offer(l, "never", "findings alone never make status 1");
}

/* The listing that `rosaudit profiles` prints: a name begins each line. */
static void offer_profiles(const struct line *l)
{
	struct arena arena;
	struct buf list;

	arena_init(&arena);
	buf_init(&list, ANSWER_BYTES);
	config_list_profiles(profile_dirs(&arena), &list);
	for (const char *p = buf_str(&list); *p;) {
		size_t n = strcspn(p, "\n"), name = strcspn(p, " \n");

		if (name)
			offer(l, arena_strndup(&arena, p, name), NULL);
		p += n + (p[n] == '\n');
	}
	buf_done(&list);
	arena_done(&arena);
	offer_files(l);
}

static void offer_whens(const struct line *l)
{
	static const char *const words[] = {"auto", "always", "never", NULL};

	offer_words(l, words);
}

static void offer_ports(const struct line *l)
{
	static const char *const words[] = {"routeros", "declared", "all", "none", NULL};

	offer_words(l, words);
}

/* By the name that --help gives an option's value. */
static const struct {
	const char *arg;
	void (*offer)(const struct line *l);
} values[] = {
	{"FILE", offer_files},     {"FILE|FOLDER", offer_files},   {"NAME|FILE", offer_profiles},
	{"FORMAT", offer_formats}, {"FORMAT=FILE", offer_outputs}, {"SEVERITY", offer_severities},
	{"WHEN", offer_whens},     {"PORTS", offer_ports},
};

static void offer_value(const struct line *l, const char *arg)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(values[i].arg, arg) == 0)
			values[i].offer(l);
}

static void offer_commands(const struct line *l)
{
	for (size_t i = 0; i < commands_n; i++)
		offer(l, commands[i].name, commands[i].help);
}

static void offer_rules(const struct line *l)
{
	for (size_t i = 0; i < audit_rules_n; i++)
		offer(l, audit_rules[i]->id, audit_rules[i]->title);
}

static void offer_topics(const struct line *l)
{
	offer(l, "keys", "the keys of a policy file");
	offer_commands(l);
}

static void offer_shells(const struct line *l)
{
	static const char *const words[] = {"bash", "zsh", "fish", NULL};

	offer_words(l, words);
}

static void offer_nothing(const struct line *l)
{
	(void)l;
}

/* By what the command table calls a command's operands; whatever else it says, files. */
static const struct {
	const char *operands;
	void (*offer)(const struct line *l);
	bool one; /* there is only one of them */
} kinds[] = {
	{"[RULE...]", offer_rules, false},   {"[TOPIC]", offer_topics, true},
	{"SHELL", offer_shells, true},       {"", offer_nothing, false},
	{"TARGET...", offer_nothing, false},
};

static void offer_operand(const struct line *l)
{
	if (!l->command_given && !l->operands)
		offer_commands(l);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].operands, l->command->operands) != 0)
			continue;
		if (!kinds[i].one || !l->operands)
			kinds[i].offer(l);
		return;
	}
	offer_files(l);
}

/* The option that the word is, with all its letters: "--format", "-f", "-sV". */
static bool find_option(const struct line *l, const char *word, struct option_words *out)
{
	for (size_t i = 0; options_row(i, out); i++) {
		size_t dashes = strlen(out->dashes);

		if (!(out->commands & l->command->bit))
			continue;
		if (strncmp(word, out->dashes, dashes) == 0 &&
		    strcmp(word + dashes, out->name) == 0)
			return true;
		if (out->letter && word[0] == '-' && word[1] == out->letter && !word[2])
			return true;
	}
	return false;
}

static void offer_options(const struct line *l)
{
	struct option_words o;

	for (size_t i = 0; options_row(i, &o); i++) {
		struct buf word, help;

		if (!(o.commands & l->command->bit))
			continue;
		buf_init(&word, 256);
		buf_init(&help, 4096);
		buf_printf(&word, "%s%s", o.dashes, o.name);
		options_sentence(i, &help);
		offer(l, buf_str(&word), buf_str(&help));
		buf_done(&help);
		buf_done(&word);
	}
}

/* The first word that is no option and no value of one may name the command. */
static void take_words(struct line *l)
{
	for (size_t i = 0; i + 1 < l->n; i++) {
		const char *word = l->words[i];
		const struct command *c = command_find(word);
		struct option_words o;

		if (word[0] == '-' && word[1]) {
			if (find_option(l, word, &o) && o.arg && i + 2 < l->n)
				i++;
		} else if (c && !l->command_given && !l->operands) {
			l->command = c;
			l->command_given = true;
		} else {
			l->operands++;
		}
	}
}

static void complete(struct line *l)
{
	const char *equals = strchr(l->prefix, '=');
	struct option_words o;

	take_words(l);
	if (l->n > 1 && find_option(l, l->words[l->n - 2], &o) && o.arg) {
		offer_value(l, o.arg);
	} else if (strncmp(l->prefix, "--", 2) == 0 && equals) {
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)(equals - l->prefix), l->prefix);
		l->prefix = equals + 1;
		if (find_option(l, name, &o) && o.arg)
			offer_value(l, o.arg);
	} else if (l->prefix[0] == '-') {
		offer_options(l);
	} else {
		offer_operand(l);
	}
}

static void complete_words(const struct options *o, struct buf *out)
{
	static const char *const nothing[] = {""};
	struct line l = {.words = o->args_n > 1 ? o->args + 1 : nothing,
	                 .n = o->args_n > 1 ? o->args_n - 1 : 1,
	                 .command = &commands[0],
	                 .out = out};

	l.prefix = l.words[l.n - 1];
	complete(&l);
}

int command_completion(const struct options *o)
{
	const char *script = o->args_n ? completion_script(o->args[0]) : NULL;
	struct error err = {0};
	struct buf out;
	int status;

	buf_init(&out, ANSWER_BYTES);
	if (o->args_n && strcmp(o->args[0], "words") == 0)
		complete_words(o, &out);
	else if (script && o->args_n == 1)
		buf_puts(&out, script);
	else
		error_set(&err, ERROR_USAGE,
		          "completion of which shell? usage: rosaudit completion bash|zsh|fish");
	status = error_is_set(&err) || print_out(&out, &err) ? fail(&err) : 0;
	buf_done(&out);
	return status;
}
