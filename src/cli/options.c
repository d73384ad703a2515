/* The option table: getopt_long, --help and a test all read it. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "rosaudit/report.h"
#include "rosaudit/text.h"

enum option_kind { KIND_FLAG, KIND_STRING, KIND_COUNT, KIND_APPLY };

/* In the place of a letter: nmap's spelling. The name stands behind one dash, its value apart. */
enum { WORD = 1 };

struct option_row {
	const char *name;
	char letter;     /* 0 = none; WORD */
	const char *arg; /* name of the argument, NULL = none */
	unsigned commands;
	enum option_kind kind;
	size_t offset; /* of the field of struct options, for flag, string and count */
	int (*apply)(struct options *o, const char *arg, struct error *err);
	const char *help;
};

enum {
	COMMANDS_WITH_FORMAT = COMMAND_AUDIT | COMMAND_PARSE | COMMAND_DIFF | COMMAND_SCAN |
	                       COMMAND_PORTS | COMMAND_EXPOSURE
};

#define FIELD(f) .offset = offsetof(struct options, f)

static const struct option_row rows[] = {
	{"profile", 0, "NAME|FILE", COMMAND_AUDIT | COMMAND_PLAN, KIND_STRING, FIELD(profile), NULL,
         "expect what this profile says (for a URL; a file names its own)"},
	{"key", 'i', "FILE", COMMAND_LOGIN, KIND_STRING, FIELD(key), NULL,
         "log in with this private key"},
	{"agent", 'A', NULL, COMMAND_LOGIN, KIND_FLAG, FIELD(agent), NULL,
         "log in with a key of the SSH agent"},
	{"empty-password", 0, NULL, COMMAND_LOGIN, KIND_FLAG, FIELD(empty_password), NULL,
         "log in with the empty password of a fresh router"},
	{"host-key", 0, "SHA256:…", COMMAND_LOGIN, KIND_STRING, FIELD(host_key), NULL,
         "the router's SSH host key must have this fingerprint"},
	{"known-hosts", 0, "FILE", COMMAND_LOGIN, KIND_STRING, FIELD(known_hosts), NULL,
         "known SSH host keys, instead of ~/.ssh/known_hosts"},
	{"accept-new", 0, NULL, COMMAND_LOGIN, KIND_FLAG, FIELD(accept_new), NULL,
         "store the host key of a router that is not known yet"},
	{"legacy-algorithms", 0, NULL, COMMAND_LOGIN, KIND_FLAG, FIELD(legacy_algorithms), NULL,
         "allow the SSH algorithms that RouterOS 6 needs"},
	{"ca", 0, "FILE", COMMAND_LOGIN, KIND_STRING, FIELD(ca), NULL,
         "CA certificates for https, instead of the system's"},
	{"pin", 0, "sha256//…", COMMAND_LOGIN, KIND_STRING, FIELD(pin), NULL,
         "the router's TLS key must have this SPKI fingerprint"},
	{"source", 'S', "ADDRESS", COMMAND_LOGIN | COMMAND_SCAN, KIND_STRING, FIELD(source), NULL,
         "log in and probe from this address of this machine"},
	{"save", 0, "DIR", COMMAND_AUDIT, KIND_STRING, FIELD(save), NULL,
         "keep the routers' answers, without secrets, for transport: file"},
	{"ports", 'p', "PORTS", COMMAND_AUDIT | COMMAND_PLAN | COMMAND_SCAN, KIND_STRING,
         FIELD(ports), NULL, "probe: routeros, declared, all, none, or nmap's -p syntax"},
	{"scanner", 0, "NAME", COMMAND_AUDIT | COMMAND_SCAN, KIND_APPLY, 0, apply_scanner,
         "who scans: rosaudit (default) or nmap, as a second opinion"},
	{"import", 0, "FILE", COMMAND_AUDIT, KIND_STRING, FIELD(import), NULL,
         "scan nothing; take this scan, of `rosaudit scan` (JSON) or nmap (XML)"},
	{"pace", 0, "PACE", COMMAND_AUDIT | COMMAND_PLAN, KIND_APPLY, 0, apply_pace,
         "probe auto (as the firewall bears), careful or full"},
	{"force", 0, NULL, COMMAND_AUDIT | COMMAND_PLAN, KIND_FLAG, FIELD(force), NULL,
         "probe also what makes the firewall shut us out"},
	{"jobs", 'j', "N", COMMAND_AUDIT | COMMAND_PLAN, KIND_APPLY, 0, apply_jobs,
         "audit N routers at once (default 8)"},
	{"connect-timeout", 0, "TIME", COMMAND_LOGIN, KIND_APPLY, 0, apply_connect_timeout,
         "wait for the connection (10s)"},
	{"command-timeout", 0, "TIME", COMMAND_LOGIN, KIND_APPLY, 0, apply_command_timeout,
         "wait for each answer (30s)"},
	{"timeout", 0, "TIME", COMMAND_LOGIN, KIND_APPLY, 0, apply_timeout,
         "wait for one router in all (120s)"},
	{"fail-on", 0, "SEVERITY", COMMAND_AUDIT, KIND_APPLY, 0, apply_fail_on,
         "exit 1 from this severity on (default medium), or: never"},
	{"format", 'f', "FORMAT", COMMANDS_WITH_FORMAT, KIND_APPLY, 0, apply_format,
         "report on stdout: "},
	{"output", 'o', "FORMAT=FILE", COMMAND_AUDIT, KIND_APPLY, 0, apply_output,
         "write a report to a file as well (- is stdout); may be repeated"},
	{"output", 'o', "FILE|FOLDER", COMMAND_PLAN | COMMAND_INIT, KIND_APPLY, 0, apply_path,
         "plan, init: write to this file; plan: one for each router here"},
	{"undo", 0, "FILE", COMMAND_PLAN, KIND_STRING, FIELD(undo), NULL,
         "write the script that sets everything back (in a folder: always)"},
	{"from", 0, "PREFIX", COMMAND_EXPOSURE, KIND_STRING, FIELD(from), NULL,
         "exposure: only what these sources meet"},
	{"interface", 'e', "NAME", COMMAND_EXPOSURE | COMMAND_SCAN, KIND_STRING, FIELD(interface),
         NULL,
         "exposure: only what comes in by this interface of the router; scan: send through this "
         "one of ours"},
	{"service", 0, "NAME", COMMAND_EXPOSURE, KIND_STRING, FIELD(service), NULL,
         "exposure: only this service"},
	{"baseline", 0, "FILE", COMMAND_AUDIT, KIND_STRING, FIELD(baseline), NULL,
         "tell what changed since this JSON report of an earlier audit"},
	{"color", 0, "WHEN", COMMAND_AUDIT | COMMAND_EXPOSURE, KIND_APPLY, 0, apply_colour,
         "auto, always or never; NO_COLOR is honoured"},
	{"sT", WORD, NULL, COMMAND_SCAN, KIND_FLAG, FIELD(scan.connect), NULL,
         "TCP ports by connections: the default without CAP_NET_RAW"},
	{"sS", WORD, NULL, COMMAND_SCAN, KIND_FLAG, FIELD(scan.syn), NULL,
         "TCP ports by SYN: the default with CAP_NET_RAW"},
	{"sU", WORD, NULL, COMMAND_SCAN, KIND_FLAG, FIELD(scan.udp), NULL,
         "UDP ports; TCP as well only when -sT or -sS is there, too"},
	{"sn", WORD, NULL, COMMAND_SCAN, KIND_FLAG, FIELD(scan.ping_only), NULL,
         "which hosts are there, no ports"},
	{"sV", WORD, NULL, COMMAND_SCAN, KIND_FLAG, FIELD(scan.identify), NULL,
         "ask every open TCP port what speaks there, and whether it serves us"},
	{"Pn", WORD, NULL, COMMAND_SCAN, KIND_FLAG, FIELD(scan.skip_discovery), NULL,
         "take every target for up: no look first whether it is there"},
	{"numeric", 'n', NULL, COMMAND_SCAN, KIND_FLAG, FIELD(scan.numeric), NULL,
         "no names of addresses; none are ever asked for, nmap's -n changes nothing"},
	{"ipv6", '6', NULL, COMMAND_SCAN, KIND_FLAG, FIELD(scan.ipv6), NULL,
         "IPv6 alone: addresses, and those of names"},
	{"iL", WORD, "FILE", COMMAND_SCAN, KIND_STRING, FIELD(scan.targets_file), NULL,
         "more targets, from a file (- is stdin); # begins a comment"},
	{"exclude", 0, "HOSTS", COMMAND_SCAN, KIND_STRING, FIELD(scan.exclude), NULL,
         "leave out these targets"},
	{"exclude-ports", 0, "PORTS", COMMAND_SCAN, KIND_STRING, FIELD(scan.exclude_ports), NULL,
         "leave out these ports"},
	{"reason", 0, NULL, COMMAND_SCAN, KIND_FLAG, FIELD(scan.reason), NULL,
         "say what each state was told by"},
	{"open", 0, NULL, COMMAND_SCAN, KIND_FLAG, FIELD(scan.open_only), NULL,
         "show only ports that are open, or may be"},
	{"max-retries", 0, "N", COMMAND_SCAN, KIND_APPLY, 0, apply_max_retries,
         "ask a silent port N times more at most"},
	{"host-timeout", 0, "TIME", COMMAND_SCAN, KIND_APPLY, 0, apply_host_timeout,
         "give up on a host after this time; what is left of it is unknown"},
	{"min-rate", 0, "N", COMMAND_SCAN, KIND_APPLY, 0, apply_min_rate,
         "send at least N probes a second"},
	{"max-rate", 0, "N", COMMAND_SCAN, KIND_APPLY, 0, apply_max_rate,
         "send at most N probes a second"},
	{"rate", 0, "N", COMMAND_SCAN, KIND_APPLY, 0, apply_rate, "both; 0 is no limit"},
	{"timing", 'T', "0-5", COMMAND_SCAN, KIND_APPLY, 0, apply_timing,
         "nmap's templates, from paranoid to insane (default 3)"},
	{"stats-every", 0, "TIME", COMMAND_SCAN, KIND_APPLY, 0, apply_stats_every,
         "say on stderr how far the scan is"},
	{"dry-run", 0, NULL, COMMAND_SCAN, KIND_FLAG, FIELD(scan.dry_run), NULL,
         "print what would be sent, and send nothing"},
	{"yes", 0, NULL, COMMAND_SCAN, KIND_FLAG, FIELD(scan.yes), NULL,
         "do scan more than 65,536 addresses"},
	{"oN", WORD, "FILE", COMMAND_SCAN, KIND_STRING, FIELD(scan.normal), NULL,
         "the text report in a file as well (- is stdout)"},
	{"oX", WORD, "FILE", COMMAND_SCAN, KIND_STRING, FIELD(scan.xml), NULL,
         "nmap's XML in a file (- is stdout)"},
	{"verbose", 'v', NULL, COMMAND_ALL, KIND_COUNT, FIELD(verbose), NULL,
         "more in the report; twice: what is sent to the router, on stderr"},
	{"quiet", 'q', NULL, COMMAND_ALL, KIND_FLAG, FIELD(quiet), NULL,
         "no progress and no warnings on stderr"},
	{"help", 'h', NULL, COMMAND_ALL, KIND_FLAG, FIELD(help), NULL, "this help"},
	{"version", 'V', NULL, COMMAND_ALL, KIND_FLAG, FIELD(version), NULL,
         "the program's version"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static int apply_row(const struct option_row *row, struct options *o, const char *arg,
                     struct error *err)
{
	void *field = (char *)o + row->offset;

	switch (row->kind) {
	case KIND_FLAG:
		*(bool *)field = true;
		return 0;
	case KIND_STRING:
		if (!arg[0])
			return error_set(err, ERROR_USAGE, "--%s needs a value", row->name);
		*(const char **)field = arg;
		return 0;
	case KIND_COUNT:
		++*(unsigned *)field;
		return 0;
	case KIND_APPLY:
		return row->apply(o, arg, err);
	}
	return 0;
}

/* How the user writes it. */
static const char *dashes(const struct option_row *row)
{
	return row->letter == WORD ? "-" : "--";
}

/* Rows of one name are one option: the first of them stands for it. */
static size_t first_of(size_t row)
{
	size_t i = 0;

	while (strcmp(rows[i].name, rows[row].name) != 0)
		i++;
	return i;
}

/* getopt_long's tables; val of a long option is its row + 256. */
static void make_getopt(struct option *longs, char *shorts)
{
	const char *first = shorts;

	*shorts++ = ':';
	for (size_t i = 0; i < ROWS; i++) {
		longs[i] =
			(struct option){rows[i].name, rows[i].arg ? required_argument : no_argument,
		                        NULL, (int)first_of(i) + 256};
		if (!rows[i].letter || rows[i].letter == WORD)
			continue;
		*shorts++ = rows[i].letter;
		if (rows[i].arg)
			*shorts++ = ':';
	}
	longs[ROWS] = (struct option){0};
	*shorts = '\0';
	/* "-sT" comes as the letter s with the value "T"; -o and -i have values of their own. */
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].letter != WORD || strchr(first, rows[i].name[0]))
			continue;
		*shorts++ = rows[i].name[0];
		*shorts++ = ':';
		*shorts = '\0';
	}
}

static const struct option_row *row_of(int c)
{
	if (c >= 256 && (size_t)(c - 256) < ROWS)
		return &rows[c - 256];
	for (size_t i = 0; i < ROWS; i++)
		if (c && rows[i].letter == c)
			return &rows[i];
	return NULL;
}

static int bad_option(int c, const char *given, struct error *err)
{
	const char *names[ROWS + 1];
	const struct option_row *row = row_of(optopt);
	size_t names_n = 0;
	const char *near;

	if (c == ':')
		return error_set(err, ERROR_USAGE, "%s needs a value%s%s", given,
		                 row && row->arg ? ": " : "", row && row->arg ? row->arg : "");
	if (row && strchr(given, '='))
		return error_set(err, ERROR_USAGE, "--%s takes no value", row->name);
	if (strncmp(given, "--", 2) != 0)
		return error_set(err, ERROR_USAGE,
		                 "unknown option -%c; rosaudit --help lists them all", optopt);
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].letter != WORD)
			names[names_n++] = rows[i].name;
	names[names_n] = NULL;
	near = text_nearest(given + 2, names);
	if (near)
		return error_set(err, ERROR_USAGE, "unknown option %s; did you mean --%s?", given,
		                 near);
	return error_set(err, ERROR_USAGE, "unknown option %s; rosaudit --help lists them all",
	                 given);
}

/* The first operand may name a command; without, it is an audit. */
static void take_command(struct options *o)
{
	const struct command *c = o->args_n ? command_find(o->args[0]) : NULL;

	o->command = c ? c : &commands[0];
	if (c) {
		o->args++;
		o->args_n--;
	}
}

static int check_belongs(const struct option_row *row, const struct command *c, struct error *err)
{
	if (row->commands & c->bit)
		return 0;
	return error_set(err, ERROR_USAGE, "%s%s is no option of `rosaudit %s`", dashes(row),
	                 row->name, c->name);
}

static const struct option_row *find_word(char letter, const char *rest, size_t n)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].letter == WORD && rows[i].name[0] == letter &&
		    strlen(rows[i].name) == n + 1 && memcmp(rows[i].name + 1, rest, n) == 0)
			return &rows[i];
	return NULL;
}

/* The command line while it is read. */
struct reader {
	int argc;
	char **argv;
	struct options *o;
	bool used[ROWS];
	/* What --output means depends on the command, which is known when all was read. */
	const char *outputs[OUTPUTS_MAX + 1];
	size_t outputs_n;
};

static int take(struct reader *r, const struct option_row *row, const char *arg, struct error *err)
{
	r->used[row - rows] = true;
	if (row->apply != apply_output)
		return apply_row(row, r->o, arg, err);
	if (r->outputs_n <= OUTPUTS_MAX)
		r->outputs[r->outputs_n++] = arg;
	return 0;
}

/* The row of that name which the command has, or the row itself. */
static const struct option_row *row_for(const struct option_row *row, const struct command *c)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name, row->name) == 0 && (rows[i].commands & c->bit))
			return &rows[i];
	return row;
}

static int check_all(const struct reader *r, struct error *err)
{
	const struct command *c = r->o->command;

	for (size_t i = 0; i < ROWS; i++) {
		const struct option_row *row = row_for(&rows[i], c);

		if (!r->used[i])
			continue;
		if (check_belongs(row, c, err))
			return -1;
		for (size_t j = 0; rows[i].apply == apply_output && j < r->outputs_n; j++)
			if (apply_row(row, r->o, r->outputs[j], err))
				return -1;
	}
	return 0;
}

/* nmap's words: "-oX" with its file as the next argument, "-sSU" for -sS and -sU. 1 when the letter
 * and its value are none of them. */
static int take_word(struct reader *r, char letter, const char *rest, struct error *err)
{
	const struct option_row *row = find_word(letter, rest, strlen(rest));
	const char *value = NULL;

	if (row && row->arg) {
		if (optind >= r->argc)
			return error_set(err, ERROR_USAGE, "-%s needs a value: %s", row->name,
			                 row->arg);
		value = r->argv[optind++];
	}
	if (row)
		return take(r, row, value, err);
	if (row_of(letter))
		return 1;
	for (; *rest; rest++) {
		row = find_word(letter, rest, 1);
		if (!row || row->arg)
			return error_set(err, ERROR_USAGE,
			                 "unknown option -%c%c; rosaudit scan --help lists them",
			                 letter, *rest);
		if (take(r, row, NULL, err))
			return -1;
	}
	return 0;
}

static int take_option(struct reader *r, int c, struct error *err)
{
	const struct option_row *row = row_of(c);
	int status = 1;

	if (c < 256 && c != ':' && c != '?' && optarg)
		status = take_word(r, (char)c, optarg, err);
	if (status != 1)
		return status;
	return row ? take(r, row, optarg, err) : bad_option(c, r->argv[optind - 1], err);
}

/* Before getopt sorts it. */
static void keep_command_line(int argc, char **argv, struct options *o)
{
	size_t n = 0;

	for (int i = 0; i < argc && n < sizeof(o->command_line); i++)
		n += (size_t)snprintf(o->command_line + n, sizeof(o->command_line) - n, "%s%s",
		                      i ? " " : "", i ? argv[i] : "rosaudit");
}

/* After a mistake: whose line and status it is (nagios), even when that is written behind it. */
static void find_format(const struct reader *r, const char *shorts, const struct option *longs)
{
	struct error ignored = {0};
	int c;

	while ((c = getopt_long(r->argc, r->argv, shorts, longs, NULL)) != -1) {
		const struct option_row *row = row_of(c);

		if (row && row->apply == apply_format)
			(void)apply_format(r->o, optarg, &ignored);
	}
}

int options_parse(int argc, char **argv, struct options *o, struct error *err)
{
	struct reader r = {.argc = argc, .argv = argv, .o = o};
	struct option longs[ROWS + 1];
	char shorts[4 * ROWS + 2];
	int c;

	*o = (struct options){.jobs = 8, .fail_on = SEVERITY_MEDIUM, .scan.timing = -1};
	keep_command_line(argc, argv, o);
	make_getopt(longs, shorts);
	optind = 1;
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (take_option(&r, c, err)) {
			find_format(&r, shorts, longs);
			return -1;
		}
	}
	o->args = (const char **)(void *)(argv + optind);
	o->args_n = (size_t)(argc - optind);
	take_command(o);
	return check_all(&r, err);
}

bool options_row(size_t i, struct option_words *out)
{
	if (i >= ROWS)
		return false;
	*out = (struct option_words){
		.name = rows[i].name,
		.dashes = dashes(&rows[i]),
		.letter = rows[i].letter == WORD ? '\0' : rows[i].letter,
		.arg = rows[i].arg,
		.commands = rows[i].commands,
	};
	return true;
}

void options_sentence(size_t i, struct buf *out)
{
	buf_puts(out, rows[i].help);
	if (rows[i].apply == apply_format)
		report_names("or", out);
}

void options_help(unsigned mask, struct buf *out)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct buf left, help, wrapped;

		if (!(rows[i].commands & mask))
			continue;
		buf_init(&left, 128);
		buf_init(&help, 4096);
		options_sentence(i, &help);
		if (rows[i].letter && rows[i].letter != WORD)
			buf_printf(&left, "  -%c, ", rows[i].letter);
		else
			buf_puts(&left, rows[i].letter == WORD ? "  " : "      ");
		buf_printf(&left, "%s%s", dashes(&rows[i]), rows[i].name);
		if (rows[i].arg)
			buf_printf(&left, " %s", rows[i].arg);
		buf_puts(out, buf_str(&left));
		buf_pad(out, ' ',
		        text_width(buf_str(&left)) < 28 ? 28 - text_width(buf_str(&left)) : 2);
		/* Wrapped as if the left column were blanks, which the first line leaves out. */
		buf_init(&wrapped, 8192);
		text_wrap(&wrapped, buf_str(&help), 79, 28, true);
		buf_puts(out, buf_str(&wrapped) + 28);
		buf_done(&wrapped);
		buf_putc(out, '\n');
		buf_done(&left);
		buf_done(&help);
	}
}
