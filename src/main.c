/*
 * rosaudit: does this MikroTik router offer exactly what we meant it to offer, and to whom?
 *
 * A map of the house; each line is a room or a file that a reader may look for:
 *
 *   src/base/       no domain: error buf arena text message likeness clock log file secret cancel
 *   src/net/        prefix (CIDR algebra), portset and portlist (nmap's -p), hosts (target lists),
 *                   addrset
 *   src/model/      device service observation policy finding result; catalogue of ports; diff;
 *                   command (RouterOS's quoting); cause (lookup of listeners)
 *   src/config/     YAML with positions, the schema table, profiles, URLs
 *   src/transport/  how a router is read: ssh (libssh), rest (libcurl), file; endpoint; saved
 *   src/routeros/   printed forms -> rows -> device; menus (table); read: which request when
 *   src/cause/      which line of the configuration opens which port: features (table), forwards
 *   src/exposure/   who can reach what: the firewall's rules, as sets of source addresses
 *   src/scan/       the outside look, one file per concern:
 *     engine.c        the loop over hosts           host.c      one host, plan to account
 *     track.c pace.c  which port next, how fast, what silence proves (pure)
 *     sentinel.c      careful bursts, and whether we are still heard (pure)
 *     connect.c       TCP by connect                talks.c     conversations with open ports
 *     identify.c      what speaks there             exam.c      what more it tells: TLS, SSH, HTTP
 *     discover.c      is a host there: ping, TCP, neighbours
 *     examine.c       further connections to TLS ports: versions, anonymous only
 *     udp.c udp_*.c   UDP: rounds and canaries (udp_track), questions (udp_payload: table)
 *     syn.c raw.c     TCP by raw SYNs     packet.c cookie.c  bytes; what tells ours (pure)
 *   src/audit/      rules, one file per family
 *   src/remedy/     findings -> a safe script and its undo: branch (never cut our own), order
 *   src/report/     one file per format; scans: scan_text, json_scan, xml_scan
 *   src/po/         fr.po, the French of what people read (gettext; message.h)
 *   src/cli/        options and commands (tables), one file per command:
 *     options.c       the option table              commands.c  the command table, help, profiles
 *     audit.c         rosaudit FILE|URL             targets.c   operands to targets
 *     router.c        one router, login to findings fleet.c     many at once
 *     guarding.c      the pace that the firewall bears
 *     vantages.c      the looks from elsewhere      vantage_ssh.c  a scan run over there
 *     reading.c       transports meet src/routeros  plan.c      which ports are probed
 *     remedy.c        rosaudit plan                 status.c    exit statuses
 *     options_*.c     the values of options, checked
 *     manual.c        rosaudit(1) from the tables   complete.c  completion of three shells
 *     init.c          rosaudit init (src/config/write.c writes the policy)
 *     scan.c scan_*.c rosaudit scan: scan_targets, scan_plan (ports, pace), scan_dry, scan_output
 *     check.c parse.c diff.c explain.c ports.c
 *     locale.c        the reader's language, and where its catalogue is (src/po/fr.po)
 */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "cli/cli.h"
#include "rosaudit/log.h"
#include "rosaudit/version.h"

static void set_log_level(const struct options *o)
{
	if (o->quiet)
		log_set_level(LOG_LEVEL_QUIET);
	else if (o->verbose >= 3)
		log_set_level(LOG_LEVEL_DEBUG);
	else if (o->verbose == 2)
		log_set_level(LOG_LEVEL_VERBOSE);
}

static int print_text(void (*make)(const struct options *, struct buf *), const struct options *o)
{
	struct error err = {0};
	struct buf out;
	int status;

	buf_init(&out, 1u << 20);
	make(o, &out);
	status = print_out(&out, &err) ? fail(&err) : 0;
	buf_done(&out);
	return status;
}

static void make_version(const struct options *o, struct buf *out)
{
	(void)o;
	buf_puts(out, "rosaudit " ROSAUDIT_VERSION "\n");
}

static void make_help(const struct options *o, struct buf *out)
{
	help_print(o->command == &commands[0] ? NULL : o->command, out);
}

/* Thousands of connections at once need more descriptors than the usual soft limit allows. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max < 65536 ? limit.rlim_max : 65536;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
	struct options o;
	struct error err = {0};

	language_find();
	raise_descriptors();
	/* A router that hangs up, or `| head`, must not end the whole run. */
	signal(SIGPIPE, SIG_IGN);
	if (options_parse(argc, argv, &o, &err))
		return nothing_audited(&o, &err, fail(&err));
	if (o.version)
		return print_text(make_version, &o);
	if (o.help)
		return print_text(make_help, &o);
	set_log_level(&o);
	/* A scan opens its sockets first. */
	if (o.command->bit != COMMAND_SCAN && privileges_drop(false, &err))
		return fail(&err);
	return o.command->run(&o);
}
