/* A scripted SSH server for tests: it logs in, answers commands, and misbehaves in one named way:
 * see its help. It shares nothing with src/ and is no double of a router: mock-router/ is. */
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libssh/libssh.h>
#include <libssh/server.h>
#include <libssh/callbacks.h>

#include "tests/support/ssh_answers.h"
#include "tests/support/ssh_faults.h"

/* The command line; written once. */
static struct {
	enum fault fault;
	const char *host, *port, *user, *password, *host_key, *key_type, *when, *log;
	ssh_key authorized;
	unsigned methods;
	bool routeros6, rsa_sha1;
	long drip_ms;
} options = {
	.host = "127.0.0.1",
	.port = "0",
	.user = "admin",
	.key_type = "ed25519",
	.methods = SSH_AUTH_METHOD_PASSWORD | SSH_AUTH_METHOD_PUBLICKEY,
	.drip_ms = 1000,
};

/* One connection: a process of its own. */
struct peer {
	ssh_session session;
	ssh_event event;
	ssh_channel channel;
	int fd;
	bool partial;  /* a first proof was accepted */
	bool goodbye;  /* AUTH_DISCONNECT is due */
	bool is_user;  /* who is asked is --user: answers do not repeat the name */
	char *command; /* to be answered */
	struct ssh_server_callbacks_struct server;
	struct ssh_channel_callbacks_struct on_channel;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "ssh_peer: %s: %s\n", what, why);
	exit(1);
}

/* The faults of a login; returns when there is none. */
static void misbehave_at_login(struct peer *p)
{
	switch (options.fault) {
	case AUTH_STALL:
		ssh_fault_stall();
		break;
	case AUTH_CLOSE:
	case AUTH_RESET:
		ssh_fault_hang_up(p->fd, options.fault == AUTH_RESET);
		break;
	default:
		break;
	}
}

static int accepted(struct peer *p)
{
	if (options.fault == AUTH_DENY)
		return SSH_AUTH_DENIED;
	if (options.fault != AUTH_PARTIAL || p->partial)
		return SSH_AUTH_SUCCESS;
	p->partial = true;
	ssh_set_auth_methods(p->session, SSH_AUTH_METHOD_INTERACTIVE);
	return SSH_AUTH_PARTIAL;
}

static int on_none(ssh_session session, const char *user, void *ctx)
{
	(void)session;
	(void)user;
	(void)ctx;
	return options.fault == AUTH_NONE ? SSH_AUTH_SUCCESS : SSH_AUTH_DENIED;
}

static bool is_password(const char *user, const char *password)
{
	return strcmp(user, options.user) == 0 && options.password && password &&
	       strcmp(password, options.password) == 0;
}

static int on_password(ssh_session session, const char *user, const char *password, void *ctx)
{
	(void)session;
	misbehave_at_login(ctx);
	if (!(options.methods & SSH_AUTH_METHOD_PASSWORD) || !is_password(user, password))
		return SSH_AUTH_DENIED;
	return accepted(ctx);
}

static int on_key(ssh_session session, const char *user, struct ssh_key_struct *key, char state,
                  void *ctx)
{
	(void)session;
	misbehave_at_login(ctx);
	if (!options.authorized || strcmp(user, options.user) ||
	    ssh_key_cmp(key, options.authorized, SSH_KEY_CMP_PUBLIC))
		return SSH_AUTH_DENIED;
	if (state == SSH_PUBLICKEY_STATE_NONE)
		return SSH_AUTH_SUCCESS;
	return state == SSH_PUBLICKEY_STATE_VALID ? accepted(ctx) : SSH_AUTH_DENIED;
}

/* libssh's server callbacks know no keyboard-interactive: it comes as a message. 0 = answered. */
static int on_message(ssh_session session, ssh_message message, void *ctx)
{
	static const char *prompts[] = {"Password: "};
	char echo[] = {0};
	struct peer *p = ctx;

	if (ssh_message_type(message) == SSH_REQUEST_AUTH && options.fault == AUTH_DISCONNECT) {
		p->goodbye = ssh_message_subtype(message) != SSH_AUTH_METHOD_NONE;
		return !p->goodbye;
	}
	if (ssh_message_type(message) != SSH_REQUEST_AUTH ||
	    ssh_message_subtype(message) != SSH_AUTH_METHOD_INTERACTIVE)
		return 1;
	if (!ssh_message_auth_kbdint_is_response(message) || options.fault == AUTH_QUESTIONS) {
		const char *user = ssh_message_auth_user(message);

		p->is_user = user && strcmp(user, options.user) == 0;
		ssh_message_auth_interactive_request(message, "login", "", 1, prompts, echo);
		return 0;
	}
	if (!p->is_user || !is_password(options.user, ssh_userauth_kbdint_getanswer(session, 0)))
		return 1;
	if (accepted(p) == SSH_AUTH_SUCCESS)
		ssh_message_auth_reply_success(message, 0);
	return 0;
}

static int on_exec(ssh_session session, ssh_channel channel, const char *command, void *ctx)
{
	struct peer *p = ctx;

	(void)session;
	(void)channel;
	if (options.fault == EXEC_REFUSE)
		return 1;
	free(p->command);
	p->command = strdup(command);
	return 0;
}

static ssh_channel on_channel(ssh_session session, void *ctx)
{
	struct peer *p = ctx;

	if (options.fault == CHANNEL_CLOSE)
		ssh_fault_hang_up(p->fd, false);
	if (options.fault == CHANNEL_REFUSE)
		return NULL;
	p->channel = ssh_channel_new(session);
	p->on_channel = (struct ssh_channel_callbacks_struct){
		.userdata = p,
		.channel_exec_request_function = on_exec,
	};
	ssh_callbacks_init(&p->on_channel);
	ssh_set_channel_callbacks(p->channel, &p->on_channel);
	return p->channel;
}

/* --- answers --------------------------------------------------------------------------------- */

static void log_command(const char *command)
{
	FILE *f = options.log ? fopen(options.log, "a") : NULL;

	if (f) {
		fprintf(f, "%s\n", command);
		fclose(f);
	}
}

static void write_some(struct peer *p, const char *text, size_t n)
{
	if (ssh_channel_write(p->channel, text, (uint32_t)n) == SSH_ERROR)
		_exit(0);
}

static void flush(struct peer *p)
{
	ssh_blocking_flush(p->session, 5000);
}

static void endless(struct peer *p)
{
	char line[4096];

	memset(line, 'a', sizeof(line));
	for (;;)
		write_some(p, line, sizeof(line));
}

static void drip(struct peer *p, const char *text)
{
	for (; *text; text++) {
		write_some(p, text, 1);
		flush(p);
		ssh_fault_nap(options.drip_ms);
	}
}

/* The faults that spoil an answer after its first half; does not return. */
static void spoil(struct peer *p, enum fault fault)
{
	if (fault == EXEC_EOF_CLOSE)
		ssh_channel_send_eof(p->channel);
	flush(p);
	if (fault == EXEC_STALL)
		ssh_fault_stall();
	ssh_fault_hang_up(p->fd, fault == EXEC_RESET);
}

static void end_channel(struct peer *p, enum fault fault)
{
	if (fault == EXEC_SIGNAL)
		ssh_channel_request_send_exit_signal(p->channel, "KILL", 0, "killed", "");
	else if (fault != EXEC_NO_STATUS && fault != EXEC_STATUS_FIRST)
		ssh_channel_request_send_exit_status(p->channel, 0);
	ssh_channel_send_eof(p->channel);
	if (fault != EXEC_NO_CLOSE)
		ssh_channel_close(p->channel);
	flush(p);
}

static void answer(struct peer *p)
{
	char *text = ssh_answer_to(p->command);
	bool hit = !options.when || strstr(p->command, options.when);
	enum fault fault = hit ? options.fault : FAULT_NONE;
	size_t n = strlen(text);

	log_command(p->command);
	if (fault == EXEC_ENDLESS)
		endless(p);
	if (fault == EXEC_DRIP)
		drip(p, text);
	if (fault == EXEC_STATUS_FIRST)
		ssh_channel_request_send_exit_status(p->channel, 0);
	if (fault == EXEC_STDERR)
		ssh_channel_write_stderr(p->channel, "noise\n", 6);
	if (fault >= EXEC_STALL && fault <= EXEC_EOF_CLOSE) {
		write_some(p, text, n / 2);
		spoil(p, fault);
	}
	if (fault != EXEC_DRIP)
		write_some(p, text, fault == EXEC_SIGNAL ? n / 2 : n);
	end_channel(p, fault);
	free(text);
	free(p->command);
	p->command = NULL;
}

/* --- connections ------------------------------------------------------------------------------ */

static void set(ssh_bind bind, enum ssh_bind_options_e option, const void *value)
{
	if (ssh_bind_options_set(bind, option, value) != SSH_OK)
		die("libssh", ssh_get_error(bind));
}

static ssh_key host_key(void)
{
	enum ssh_keytypes_e type = ssh_key_type_from_name(
		strcmp(options.key_type, "rsa") == 0     ? "ssh-rsa"
		: strcmp(options.key_type, "ecdsa") == 0 ? "ecdsa-sha2-nistp256"
							 : "ssh-ed25519");
	ssh_key key = NULL;

	if (options.host_key &&
	    ssh_pki_import_privkey_file(options.host_key, NULL, NULL, NULL, &key) == SSH_OK)
		return key;
	if (ssh_pki_generate(type, type == SSH_KEYTYPE_RSA ? 2048 : 256, &key) != SSH_OK)
		die("host key", "cannot be made");
	if (options.host_key &&
	    ssh_pki_export_privkey_file(key, NULL, NULL, NULL, options.host_key) != SSH_OK)
		die(options.host_key, "cannot be written");
	return key;
}

static void print_key(ssh_key key)
{
	unsigned char *hash = NULL;
	char *text;
	size_t n;

	if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &n) != SSH_OK)
		die("host key", "has no fingerprint");
	text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, n);
	printf("host-key %s\n", text);
	ssh_string_free_char(text);
	ssh_clean_pubkey_hash(&hash);
}

static ssh_bind make_bind(void)
{
	static const struct {
		enum ssh_bind_options_e option;
		const char *names;
	} routeros6[] = {
		{SSH_BIND_OPTIONS_KEY_EXCHANGE, "diffie-hellman-group14-sha1"},
		{SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS, "ssh-rsa"},
		{SSH_BIND_OPTIONS_CIPHERS_C_S, "aes128-cbc,3des-cbc"},
		{SSH_BIND_OPTIONS_CIPHERS_S_C, "aes128-cbc,3des-cbc"},
		{SSH_BIND_OPTIONS_HMAC_C_S, "hmac-sha1"},
		{SSH_BIND_OPTIONS_HMAC_S_C, "hmac-sha1"},
	};
	ssh_bind bind = ssh_bind_new();
	ssh_key key = host_key();
	bool no = false;

	set(bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no);
	set(bind, SSH_BIND_OPTIONS_BANNER, "ROSSSH");
	for (size_t i = 0; options.routeros6 && i < sizeof(routeros6) / sizeof(routeros6[0]); i++)
		set(bind, routeros6[i].option, routeros6[i].names);
	if (options.rsa_sha1)
		set(bind, SSH_BIND_OPTIONS_PUBKEY_ACCEPTED_KEY_TYPES, "ssh-rsa");
	print_key(key);
	set(bind, SSH_BIND_OPTIONS_IMPORT_KEY, key); /* the bind owns it now */
	return bind;
}

/* Says why it ends the connection. libssh writes only after a poll that says it may, hence the
 * poll. */
static void goodbye(struct peer *p)
{
	ssh_event_dopoll(p->event, 0);
	ssh_session_set_disconnect_message(p->session, "too many \x1b[31mlogins\x1b[0m, go away");
	ssh_disconnect(p->session);
	ssh_fault_hang_up(p->fd, false);
}

static void serve(struct peer *p, ssh_bind bind)
{
	/* Without its functions a login comes as a message, which may be left without an answer. */
	bool mute = options.fault == AUTH_DISCONNECT;

	p->server = (struct ssh_server_callbacks_struct){
		.userdata = p,
		.auth_none_function = on_none,
		.auth_password_function = mute ? NULL : on_password,
		.auth_pubkey_function = mute ? NULL : on_key,
		.channel_open_request_session_function = on_channel,
	};
	p->session = ssh_new();
	if (!p->session || ssh_bind_accept_fd(bind, p->session, p->fd) != SSH_OK)
		die("libssh", ssh_get_error(bind));
	ssh_callbacks_init(&p->server);
	ssh_set_server_callbacks(p->session, &p->server);
	ssh_set_message_callback(p->session, on_message, p);
	ssh_set_auth_methods(p->session, (int)options.methods);
	if (ssh_handle_key_exchange(p->session) != SSH_OK)
		_exit(0);
	p->event = ssh_event_new();
	ssh_event_add_session(p->event, p->session);
	while (ssh_event_dopoll(p->event, -1) != SSH_ERROR) {
		if (p->command)
			answer(p);
		if (p->goodbye)
			goodbye(p);
	}
	_exit(0);
}

static int listen_on(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST,
	                         .ai_socktype = SOCK_STREAM};
	struct addrinfo *ai;
	int fd, on = 1;

	if (getaddrinfo(host, port, &hints, &ai))
		die(host, "is no address");
	fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, ai->ai_addr, ai->ai_addrlen) || listen(fd, 64))
		die(host, strerror(errno));
	freeaddrinfo(ai);
	return fd;
}

static void print_port(int fd)
{
	struct sockaddr_storage ss;
	socklen_t n = sizeof(ss);
	char port[16];

	getsockname(fd, (struct sockaddr *)&ss, &n);
	getnameinfo((struct sockaddr *)&ss, n, NULL, 0, port, sizeof(port), NI_NUMERICSERV);
	printf("port %s\nready\n", port);
	fflush(stdout);
}

static void run(void)
{
	ssh_bind bind = make_bind();
	int listener = listen_on(options.host, options.port);

	signal(SIGCHLD, SIG_IGN);
	print_port(listener);
	for (;;) {
		struct peer p = {.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)};

		if (p.fd < 0 && errno != EINTR && errno != ECONNABORTED)
			die("accept", strerror(errno));
		if (p.fd >= 0 && fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(listener);
			ssh_fault_early(options.fault, p.fd, options.drip_ms);
			serve(&p, bind);
		}
		if (p.fd >= 0)
			close(p.fd);
	}
}

/* --- the command line ------------------------------------------------------------------------- */

static void print_help(void)
{
	puts("Usage: ssh_peer [OPTION]...\n"
	     "An SSH server that answers commands and misbehaves in one way. Prints `host-key "
	     "SHA256:…`,\n"
	     "`port N` and `ready`, then serves until SIGTERM.\n\n"
	     "  --fault NAME         how to misbehave (below)\n"
	     "  --when TEXT          exec-… faults only for commands that hold TEXT\n"
	     "  --answer TEXT=REPLY  commands that hold TEXT are answered with REPLY (\\n, \\r, "
	     "\\t, \\\\);\n"
	     "                       first match wins; others get `answer to: COMMAND`\n"
	     "  --log FILE           appends every command to FILE\n"
	     "  --host ADDRESS       listens there (127.0.0.1), on --port N (0: the kernel picks "
	     "one)\n"
	     "  --user NAME          (admin)\n"
	     "  --password TEXT      accepts this password; \"\" is the empty one; none without\n"
	     "  --authorized FILE    accepts this public key\n"
	     "  --methods LIST       offers publickey,password,keyboard-interactive (the first "
	     "two)\n"
	     "  --host-key FILE      private key, made when missing (a new one in memory each "
	     "time)\n"
	     "  --host-key-type T    ed25519, rsa or ecdsa\n"
	     "  --routeros6          only RouterOS 6's algorithms, with an RSA host key\n"
	     "  --rsa-sha1           takes only RSA keys with SHA-1 to log in\n"
	     "  --drip-ms N          pause between dripped bytes (1000)\n\n"
	     "Faults:");
	ssh_fault_print_all();
}

static unsigned methods_parse(const char *list)
{
	return (strstr(list, "publickey") ? SSH_AUTH_METHOD_PUBLICKEY : 0) |
	       (strstr(list, "password") ? SSH_AUTH_METHOD_PASSWORD : 0) |
	       (strstr(list, "keyboard-interactive") ? SSH_AUTH_METHOD_INTERACTIVE : 0);
}

enum option_id {
	OPT_FAULT = 1,
	OPT_WHEN,
	OPT_ANSWER,
	OPT_LOG,
	OPT_HOST,
	OPT_PORT,
	OPT_USER,
	OPT_PASSWORD,
	OPT_AUTHORIZED,
	OPT_METHODS,
	OPT_HOST_KEY,
	OPT_KEY_TYPE,
	OPT_ROUTEROS6,
	OPT_RSA_SHA1,
	OPT_DRIP,
	OPT_HELP,
};

static const struct option longs[] = {
	{"fault", required_argument, NULL, OPT_FAULT},
	{"when", required_argument, NULL, OPT_WHEN},
	{"answer", required_argument, NULL, OPT_ANSWER},
	{"log", required_argument, NULL, OPT_LOG},
	{"host", required_argument, NULL, OPT_HOST},
	{"port", required_argument, NULL, OPT_PORT},
	{"user", required_argument, NULL, OPT_USER},
	{"password", required_argument, NULL, OPT_PASSWORD},
	{"authorized", required_argument, NULL, OPT_AUTHORIZED},
	{"methods", required_argument, NULL, OPT_METHODS},
	{"host-key", required_argument, NULL, OPT_HOST_KEY},
	{"host-key-type", required_argument, NULL, OPT_KEY_TYPE},
	{"routeros6", no_argument, NULL, OPT_ROUTEROS6},
	{"rsa-sha1", no_argument, NULL, OPT_RSA_SHA1},
	{"drip-ms", required_argument, NULL, OPT_DRIP},
	{"help", no_argument, NULL, OPT_HELP},
	{0},
};

/* Options that only keep their text. */
static const struct {
	enum option_id id;
	const char **at;
} texts[] = {
	{OPT_WHEN, &options.when},         {OPT_LOG, &options.log},
	{OPT_HOST, &options.host},         {OPT_PORT, &options.port},
	{OPT_USER, &options.user},         {OPT_PASSWORD, &options.password},
	{OPT_HOST_KEY, &options.host_key}, {OPT_KEY_TYPE, &options.key_type},
};

static void take_option(int id, const char *text)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if ((int)texts[i].id == id)
			*texts[i].at = text;
	if (id == OPT_FAULT)
		options.fault = ssh_fault_find(text);
	else if (id == OPT_ANSWER)
		ssh_answer_add(text);
	else if (id == OPT_METHODS)
		options.methods = methods_parse(text);
	else if (id == OPT_DRIP)
		options.drip_ms = strtol(text, NULL, 10);
	else if (id == OPT_AUTHORIZED &&
	         ssh_pki_import_pubkey_file(text, &options.authorized) != SSH_OK)
		die(text, "is no public key");
	else if (id == OPT_RSA_SHA1)
		options.rsa_sha1 = true;
	else if (id == OPT_ROUTEROS6) {
		options.routeros6 = true;
		options.key_type = "rsa";
	}
}

int main(int argc, char **argv)
{
	int id;

	while ((id = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (id == OPT_HELP) {
			print_help();
			return 0;
		}
		if (id == '?')
			return 2;
		take_option(id, optarg);
	}
	if (options.fault == AUTH_QUESTIONS)
		options.methods = SSH_AUTH_METHOD_INTERACTIVE;
	run();
	return 0;
}
