/* mock-router: the double of a RouterOS router, for tests, demos and lessons.
 *
 *   main.c          options, start and end
 *   scenario*.c     what the router is (YAML); tree.c owns libyaml; version.c what each version has
 *   rows.c          what the menus show at this moment; live.c who is connected
 *   print_*.c       print: v7's table, v6's table, terse, detail; export.c
 *   script*.c       the console's language; command*.c its commands; value.c their values
 *   change.c        what a write changes
 *   ssh*.c          SSH (libssh); rest*.c HTTP (libmicrohttpd); tls.c TLS (OpenSSL)
 *   greet.c         what every other port says
 *   listen.c        which ports there are; serve.c who is let in; conn.c waiting and writing
 *   transcript.c    every request as a line
 *   policy_out.c    --write-config
 *   nft*.c          --nftables: the scenario's firewall for a network namespace
 *   net.c text.c    addresses; text and memory
 *
 * It shares no code with rosaudit: a double that prints with the parser's own idea of the format
 * would prove nothing. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "listen.h"
#include "nft.h"
#include "policy_out.h"
#include "rest.h"
#include "ssh.h"
#include "tls.h"

#define MOCK_VERSION "1.0"
#define LISTEN_MAX   8

enum { EXIT_FORBIDDEN = 1, EXIT_USAGE = 2 };

struct options {
	const char *listen[LISTEN_MAX];
	size_t listen_n;
	const char *port_map, *transcript, *host_key, *scenario, *health;
	bool until_eof, die_with_parent, nftables;
	struct policy_out policy;
};

enum option_id {
	OPTION_LISTEN = 256,
	OPTION_PORT_MAP,
	OPTION_WRITE_CONFIG,
	OPTION_PROFILE,
	OPTION_TRANSPORT,
	OPTION_USER,
	OPTION_TRANSCRIPT,
	OPTION_HOST_KEY,
	OPTION_UNTIL_EOF,
	OPTION_DIE_WITH_PARENT,
	OPTION_HEALTH,
	OPTION_NFTABLES,
	OPTION_VERSION,
	OPTION_HELP,
};

/* Feeds getopt_long and --help. */
static const struct {
	enum option_id id;
	const char *name, *argument, *help;
} table[] = {
	{OPTION_LISTEN, "listen", "ADDRESS", "where to listen; repeatable (127.0.0.1)"},
	{OPTION_PORT_MAP, "port-map", "auto|none",
         "ports from the kernel, or the router's own (none)"},
	{OPTION_WRITE_CONFIG, "write-config", "FILE", "writes a rosaudit policy for this mock"},
	{OPTION_PROFILE, "profile", "NAME", "profile to put into that policy"},
	{OPTION_TRANSPORT, "transport", "ssh|rest|both", "transport of that policy (ssh)"},
	{OPTION_USER, "user", "NAME", "user of that policy (audit, else the first)"},
	{OPTION_TRANSCRIPT, "transcript", "FILE", "appends every request as one line"},
	{OPTION_HOST_KEY, "host-key", "FILE", "SSH host key; made and kept there if absent"},
	{OPTION_UNTIL_EOF, "until-eof", NULL, "ends when stdin does"},
	{OPTION_DIE_WITH_PARENT, "die-with-parent", NULL, "ends when its parent does"},
	{OPTION_HEALTH, "health", "ADDRESS:PORT", "tries to connect there, and that is all"},
	{OPTION_NFTABLES, "nftables", NULL, "prints the firewall for nft -f, and ends"},
	{OPTION_VERSION, "version", NULL, "prints the version"},
	{OPTION_HELP, "help", NULL, "prints this"},
};

#define OPTIONS_N (sizeof(table) / sizeof(table[0]))

static void print_help(void)
{
	puts("Usage: mock-router [options] SCENARIO.yaml\n\n"
	     "Answers as a RouterOS router does, over SSH and REST, and listens as one.\n");
	for (size_t i = 0; i < OPTIONS_N; i++) {
		char left[48];

		snprintf(left, sizeof(left), "--%s %s", table[i].name,
		         table[i].argument == NULL ? "" : table[i].argument);
		printf("  %-26s %s\n", left, table[i].help);
	}
	puts("\nPrints ssh-host-key, tls-pin, port-map and at last ready. Ends on SIGTERM and "
	     "SIGINT:\n"
	     "0, or 1 when a request did more than read; 2 usage or start.");
}

static int usage(const char *what, const char *which)
{
	fprintf(stderr, "mock-router: %s%s\nTry mock-router --help.\n", what, which);
	return EXIT_USAGE;
}

static int option_set(struct options *o, int id, const char *value)
{
	switch (id) {
	case OPTION_LISTEN:
		if (o->listen_n == LISTEN_MAX)
			return -1;
		o->listen[o->listen_n++] = value;
		return 0;
	case OPTION_PORT_MAP:
		o->port_map = value;
		return strcmp(value, "auto") == 0 || strcmp(value, "none") == 0 ? 0 : -1;
	case OPTION_WRITE_CONFIG:
		o->policy.path = value;
		return 0;
	case OPTION_PROFILE:
		o->policy.profile = value;
		return 0;
	case OPTION_TRANSPORT:
		o->policy.transport = value;
		return strcmp(value, "ssh") == 0 || strcmp(value, "rest") == 0 ||
		                       strcmp(value, "both") == 0
		               ? 0
		               : -1;
	case OPTION_USER:
		o->policy.user = value;
		return 0;
	case OPTION_TRANSCRIPT:
		o->transcript = value;
		return 0;
	case OPTION_HOST_KEY:
		o->host_key = value;
		return 0;
	case OPTION_UNTIL_EOF:
		o->until_eof = true;
		return 0;
	case OPTION_NFTABLES:
		o->nftables = true;
		return 0;
	case OPTION_DIE_WITH_PARENT:
		o->die_with_parent = true;
		return 0;
	default:
		o->health = value;
		return 0;
	}
}

/* -1: go on; else the exit status. */
static int options_read(int argc, char **argv, struct options *o)
{
	struct option known[OPTIONS_N + 1] = {0};
	int id;

	for (size_t i = 0; i < OPTIONS_N; i++)
		known[i] = (struct option){
			table[i].name, table[i].argument == NULL ? no_argument : required_argument,
			NULL, (int)table[i].id};
	while ((id = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (id == OPTION_HELP) {
			print_help();
			return 0;
		}
		if (id == OPTION_VERSION) {
			puts("mock-router " MOCK_VERSION);
			return 0;
		}
		if (id == '?')
			return usage("not understood", "");
		if (option_set(o, id, optarg) != 0)
			return usage("not possible: ", optarg);
	}
	if (o->health != NULL)
		return -1;
	if (optind + 1 != argc)
		return usage("one scenario belongs here", "");
	o->scenario = argv[optind];
	return -1;
}

/* The health check of a container: does anybody accept at ADDRESS:PORT? */
static int health(const char *where)
{
	const char *colon = strrchr(where, ':');
	struct endpoint at;
	char host[128], *end = NULL;
	unsigned long port = colon == NULL ? 0 : strtoul(colon + 1, &end, 10);
	int fd, rc;

	if (port == 0 || port > 65535 || *end != '\0' || (size_t)(colon - where) >= sizeof(host))
		return usage("ADDRESS:PORT belongs here: ", where);
	snprintf(host, sizeof(host), "%.*s", (int)(colon - where), where);
	if (endpoint_parse(host, (uint16_t)port, &at) != 0)
		return usage("no address: ", host);
	fd = socket(at.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	rc = connect(fd, (const struct sockaddr *)(const void *)&at.address, at.length);
	close(fd);
	return rc == 0 ? 0 : 1;
}

/* A client of a wildcard address is on this machine. */
static const char *host_of(const char *listen)
{
	if (strcmp(listen, "0.0.0.0") == 0)
		return "127.0.0.1";
	return strcmp(listen, "::") == 0 ? "::1" : listen;
}

static void tell(const struct server *server, const struct listen *l)
{
	struct text map = {0};

	listen_map(l, &map);
	printf("ssh-host-key %s\ntls-pin %s\nport-map {%s}\nready\n",
	       ssh_door_fingerprint(server->ssh), tls_pin(server->tls), text_get(&map));
	text_done(&map);
}

/* From open ports to the end. 0, or -1 with a sentence. */
static int run(struct server *server, struct options *o, struct text *complaint)
{
	struct endpoint address[LISTEN_MAX];
	bool map = o->port_map != NULL && strcmp(o->port_map, "auto") == 0;
	struct listen *l;
	int rc = 0;

	for (size_t i = 0; i < o->listen_n; i++)
		if (endpoint_parse(o->listen[i], 0, &address[i]) != 0) {
			text_addf(complaint, "no address of this machine: %s", o->listen[i]);
			return -1;
		}
	l = listen_open(server, address, o->listen_n, map ? PORT_MAP_AUTO : PORT_MAP_NONE,
	                complaint);
	if (l == NULL)
		return -1;
	o->policy.host = host_of(o->listen[0]);
	o->policy.mapped = map;
	o->policy.host_key = ssh_door_fingerprint(server->ssh);
	o->policy.pin = tls_pin(server->tls);
	if (o->policy.path != NULL)
		rc = policy_write(&o->policy, server->scenario, l, complaint);
	if (rc == 0) {
		tell(server, l);
		listen_run(l, o->until_eof);
	}
	eventfd_write(server->stop_fd, 1);
	listen_close(l);
	return rc;
}

/* Everything that connections share, then run. 0, or -1 with a sentence. */
static int start(struct options *o, struct scenario *s, struct transcript *transcript,
                 struct text *complaint)
{
	struct server server = {.scenario = s, .transcript = transcript};
	int rc = -1;

	server.live = live_new();
	server.change = change_new(s);
	server.stop_fd = eventfd(0, EFD_CLOEXEC);
	server.ssh = ssh_door_open(s, o->host_key, complaint);
	if (server.ssh == NULL)
		goto out;
	server.tls = tls_open(s->identity, complaint);
	if (server.tls == NULL)
		goto out;
	server.rest = rest_open(&server, complaint);
	if (server.rest == NULL)
		goto out;
	rc = run(&server, o, complaint);
out:
	rest_close(server.rest);
	tls_close(server.tls);
	ssh_door_close(server.ssh);
	close(server.stop_fd);
	change_free(server.change);
	live_free(server.live);
	return rc;
}

/* 0, or -1 with a sentence. */
static int print_nftables(const struct scenario *s, struct text *complaint)
{
	struct text rules = {0};
	int rc = nft_write(s, &rules, complaint);

	if (rc == 0)
		fputs(text_get(&rules), stdout);
	text_done(&rules);
	return rc;
}

/* Signals that end the mock are taken in listen_run; a peer that is gone is no reason to end. */
static void signals_set(bool die_with_parent)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (die_with_parent)
		prctl(PR_SET_PDEATHSIG, SIGTERM);
}

int main(int argc, char **argv)
{
	struct options o = {.policy.transport = "ssh"};
	struct text complaint = {0};
	struct transcript *transcript;
	struct scenario s;
	int status = options_read(argc, argv, &o);

	if (status != -1)
		return status;
	if (o.health != NULL)
		return health(o.health);
	if (o.listen_n == 0)
		o.listen[o.listen_n++] = "127.0.0.1";
	setvbuf(stdout, NULL, _IOLBF, 0);
	signals_set(o.die_with_parent);
	transcript = transcript_open(o.transcript);
	if (transcript == NULL) {
		fprintf(stderr, "mock-router: %s: %s\n", o.transcript, strerror(errno));
		return EXIT_USAGE;
	}
	status = scenario_load(o.scenario, &s, &complaint);
	if (status == 0)
		status = o.nftables ? print_nftables(&s, &complaint)
		                    : start(&o, &s, transcript, &complaint);
	if (status != 0)
		fprintf(stderr, "mock-router: %s\n", text_get(&complaint));
	status = status != 0 ? EXIT_USAGE : 0;
	if (transcript_close(transcript) > 0 && status == 0)
		status = EXIT_FORBIDDEN;
	scenario_done(&s);
	text_done(&complaint);
	return status;
}
