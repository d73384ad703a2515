/* What the files of src/cli share. */
#ifndef ROSAUDIT_CLI_H
#define ROSAUDIT_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/config.h"
#include "rosaudit/error.h"
#include "rosaudit/policy.h"
#include "rosaudit/result.h"
#include "rosaudit/scan.h"

enum colour_mode { COLOUR_AUTO = 0, COLOUR_ALWAYS, COLOUR_NEVER };

struct output {
	const struct report_format *format;
	const char *path;
};

/* -o may be repeated; there are not more formats than this worth writing in one run. */
#define OUTPUTS_MAX 16

/* What only `rosaudit scan` is told; the names are nmap's. */
struct scan_options {
	bool connect, syn, udp, ping_only, identify; /* -sT -sS -sU -sn -sV */
	bool skip_discovery, numeric, ipv6;          /* -Pn -n -6 */
	bool reason, open_only, dry_run, yes;
	const char *targets_file, *normal, *xml; /* -iL -oN -oX */
	const char *exclude, *exclude_ports;
	unsigned min_rate, max_rate;          /* probes a second; 0 = none */
	unsigned passes;                      /* --max-retries and one; 0 = not given */
	int timing;                           /* -T0 to -T5; -1 = not given */
	long host_timeout_ms, stats_every_ms; /* 0 = not given */
};

/* Everything that the command line says. Strings are argv's. */
struct options {
	const struct command *command;
	char command_line[512]; /* all of it as it was given, for reports; cut where it is longer */
	const char **args;      /* operands; args_n of them */
	size_t args_n;

	const char *profile, *key, *host_key, *known_hosts, *ca, *pin, *source, *ports, *baseline,
		*save;
	bool agent, empty_password, accept_new, legacy_algorithms;
	long connect_timeout_ms, command_timeout_ms, timeout_ms; /* 0 = not given */
	struct scan_options scan;
	const char *scanner, *import; /* another's scan instead of ours */
	enum pace_wish pace;
	bool pace_given, force;
	unsigned jobs;
	const struct report_format *format; /* stdout; NULL = text */
	struct output outputs[OUTPUTS_MAX];
	size_t outputs_n;
	const char *path; /* -o of plan and init: a file or a folder */
	const char *undo;
	const char *from, *interface, *service; /* of exposure: what is asked for; -e of scan */
	enum severity fail_on;
	bool fail_never;
	enum colour_mode colour;
	unsigned verbose;
	bool quiet, help, version;
};

/* One command: a row of commands[] (commands.c). run returns the exit status. */
struct command {
	const char *name;
	const char *operands; /* "FILE|URL…" as in the usage line */
	const char *help;     /* one line */
	unsigned bit;         /* which options it takes: option_row.commands */
	int (*run)(const struct options *o);
};

enum {
	COMMAND_AUDIT = 1,
	COMMAND_CHECK = 2,
	COMMAND_PARSE = 4,
	COMMAND_EXPLAIN = 8,
	COMMAND_OTHER = 16,
	COMMAND_DIFF = 32,
	COMMAND_SCAN = 64,
	COMMAND_PORTS = 128,
	COMMAND_PLAN = 256,
	COMMAND_INIT = 512,
	COMMAND_EXPOSURE = 1024,
	COMMAND_ALL = 2047,
	/* Those that ask routers. */
	COMMAND_LOGIN = COMMAND_AUDIT | COMMAND_PLAN | COMMAND_INIT | COMMAND_EXPOSURE,
};

extern const struct command commands[];
extern const size_t commands_n;
enum { COMMANDS_MAX = 32 }; /* room for their names */
const struct command *command_find(const char *name);

/* Reads the command line; args points into argv. 0, or -1 with ERROR_USAGE. */
int options_parse(int argc, char **argv, struct options *o, struct error *err);
/* Nothing was audited, because of a mistake that stderr was told with this status: a format with
 * statuses of its own still owes its line to stdout's reader. The status to exit with. */
int nothing_audited(const struct options *o, const struct error *mistake, int status);
/* "10", "10s", "500ms", "2m" behind --name to milliseconds. 0, or -1 with the sentence. */
int option_time(const char *name, const char *arg, long *ms, struct error *err);
/* The values of options, checked; each 0, or -1 with the sentence (options_audit.c). */
int apply_format(struct options *o, const char *arg, struct error *err);
int apply_output(struct options *o, const char *arg, struct error *err);
int apply_path(struct options *o, const char *arg, struct error *err);
int apply_fail_on(struct options *o, const char *arg, struct error *err);
int apply_pace(struct options *o, const char *arg, struct error *err);
int apply_jobs(struct options *o, const char *arg, struct error *err);
int apply_colour(struct options *o, const char *arg, struct error *err);
int apply_timeout(struct options *o, const char *arg, struct error *err);
int apply_connect_timeout(struct options *o, const char *arg, struct error *err);
int apply_command_timeout(struct options *o, const char *arg, struct error *err);
/* The values of scan's options (options_scan.c). */
int apply_max_retries(struct options *o, const char *arg, struct error *err);
int apply_host_timeout(struct options *o, const char *arg, struct error *err);
int apply_min_rate(struct options *o, const char *arg, struct error *err);
int apply_max_rate(struct options *o, const char *arg, struct error *err);
int apply_rate(struct options *o, const char *arg, struct error *err);
int apply_timing(struct options *o, const char *arg, struct error *err);
int apply_stats_every(struct options *o, const char *arg, struct error *err);
int apply_scanner(struct options *o, const char *arg, struct error *err);
/* The list of the options that the command takes, for --help. */
void options_help(unsigned commands, struct buf *out);

/* An option as people write it. */
struct option_words {
	const char *name;
	const char *dashes; /* "--", or "-" of nmap's words */
	char letter;        /* 0 = none */
	const char *arg;    /* name of the argument; NULL = none */
	unsigned commands;
};
/* Row i of the option table; false behind the last one. */
bool options_row(size_t i, struct option_words *out);
/* What --help says of row i. Appends. */
void options_sentence(size_t i, struct buf *out);

/* An exit status of some commands, for --help and the manual. */
struct exit_status {
	unsigned commands;
	int status;
	const char *meaning;
};
extern const struct exit_status exit_statuses[];
extern const size_t exit_statuses_n;
/* "exit status: 0 …, 1 …", wrapped; nothing for a command that has none of its own. Appends. */
void exit_statuses_print(unsigned command, struct buf *out);

int command_audit(const struct options *o);
int command_check(const struct options *o);
int command_parse(const struct options *o);
int command_diff(const struct options *o);
int command_plan(const struct options *o);
int command_init(const struct options *o);
int command_explain(const struct options *o);
int command_scan(const struct options *o);
int command_ports(const struct options *o);
int command_exposure(const struct options *o);
int command_profiles(const struct options *o);
int command_schema(const struct options *o);
int command_completion(const struct options *o);
int command_help(const struct options *o);
/* rosaudit(1) as man(7) source, from the tables. Appends. */
void manual_print(struct buf *out);
/* The usage of one command, or of the program for NULL. */
void help_print(const struct command *command, struct buf *out);

struct snapshot;
/* A JSON report made before, for --baseline; *out must be initialised. 0 or -1 with the error. */
int baseline_load(const char *path, struct snapshot *out, struct error *err);
/* Prints what changed since: on stdout below a text report, else on stderr. 0, or a status. */
int baseline_tell(const struct options *o, const struct snapshot *baseline,
                  const struct results *results);

/* Exit status for an error that ended everything: 2 for usage and configuration, else 3. */
int status_of(enum error_kind kind);
/* Columns of the terminal, 80 at least; are colours wanted? */
size_t terminal_width(void);
bool wants_colour(const struct options *o);
/* Prints "rosaudit: …" with the hint on stderr, and returns status_of. */
int fail(const struct error *err);
/* All errors of one file on stderr, each on its own line, without the program's name: an editor can
 * jump. */
void fail_list(const struct error_list *errors);
/* Writes a text to stdout; a reader that went away is no error. 0, or -1 with ERROR_OUTPUT. */
int print_out(const struct buf *b, struct error *err);

/* The folder of the running program, symbolic links resolved, into path[PATH_MAX]; "" when this
 * machine does not say. */
void program_dir(char *path);

/* Sets the language of what people read from LC_ALL, LC_MESSAGES, LANG and LANGUAGE. Before any
 * thread is started. Without a catalogue for it everything stays English, without a word. */
void language_find(void);

/* Where bare profile names are looked for: beside the program, in its source tree or installed.
 * NULL-terminated, from arena. */
const char *const *profile_dirs(struct arena *arena);
/* The JSON Schema of policies, found in the same way; a bare name when it is nowhere. */
const char *schema_path(struct arena *arena);

/* Does this program hold CAP_NET_RAW? */
bool privileges_have_raw(void);
/* Gives away all that it may more than the user, for good: under sudo it becomes the user who
 * called it; else capabilities are dropped, but for what root may do with files. holds_raw: raw
 * sockets stay open. 0 or -1. */
int privileges_drop(bool holds_raw, struct error *err);

/* Loads every operand (files and URLs) into one config, with the command line's options over it.
 * 0, or -1 after printing every error; *status is then the exit status, and *first (may be NULL)
 * the first of them. */
int targets_load(const struct options *o, struct config *config, int *status, struct error *first);

/* One router, from login to findings. Never fails as a call: what went wrong is in the result. */
void audit_router(const struct target *target, struct result *out);
/* Asks for the passwords of all routers before the clock of any of them runs. */
void ask_passwords(const struct config *config);
/* All routers, o->jobs at once; progress on stderr where that is a terminal. */
void audit_fleet(const struct config *config, const struct options *o, struct results *out);

/* The ports to probe on a router, from policy, declaration and catalogue; from arena. *made are
 * out's ports, for who may still change them. */
struct reading;
struct listeners;
void plan_make(const struct target *target, const struct device *device,
               const struct listeners *listeners,
               const struct reading *reading, struct arena *arena, struct scan_host *out,
               struct scan_port **made);

/* The look from outside of the plan's one host: our scan, or another's (--import, --scanner). */
int outside_look(const struct target *t, const struct scan_plan *plan, struct observations *out,
                 struct error *err);

/* The same from the text of a scan; where names it in sentences. */
int outside_read(const struct target *t, const struct scan_plan *plan, const struct buf *text,
                 const char *where, struct observations *out, struct error *err);

/* The looks from the policy's other vantages, one after the other, into the result. What fails
 * stands with its vantage; the others go on. */
struct reading;
void vantages_look(const struct target *t, const struct reading *reading, struct result *out);
/* Runs `rosaudit scan` for the plan's host over SSH, where the vantage says; its JSON into *out.
 * 0 or -1. */
int vantage_ssh(const struct target *t, const struct vantage_spec *spec,
                const struct scan_plan *plan, struct buf *out, struct error *err);

/* Reads the router into the result's device (and *second for transport both). *session stays open:
 * it is the live login that proves its port. 0 or -1 with the error. */
struct session;
/* A port of the router that a live login proves, and what speaks there. */
struct proof {
	uint16_t port;
	enum app_proto app;
};

struct reading {
	struct session *session; /* close with its transport, may be NULL */
	struct device second;    /* the REST reading of transport both */
	bool has_second;
	struct proof proofs[2]; /* transport both proves two */
	size_t proofs_n;
};
int reading_open(const struct target *target, struct result *result, struct reading *out);
/* A second look at some menus (paths, ends in NULL) over the session that is still open, into a
 * device whose version is set. 0, or not when the user interrupted. */
int reading_again(const struct target *t, const struct reading *r, const char *const *only,
                  struct device *after, struct error *err);
void reading_close(struct reading *r);

#endif
