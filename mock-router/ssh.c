/* SSH as a router speaks it: key exchange, then one exec channel after the other. */
#include "ssh.h"

#include <fcntl.h>
#include <libssh/callbacks.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "console.h"
#include "nft_live.h"
#include "ssh_inner.h"

struct ssh_door {
	ssh_bind bind;
	pthread_mutex_t lock; /* libssh's bind is not made for several threads at once */
	char *fingerprint;
};

/* RouterOS 6's offer, as far as libssh has it; the full list of a router is not known
 * (routeros.md 6). */
static const struct {
	enum ssh_bind_options_e option;
	const char *value;
} legacy[] = {
	{SSH_BIND_OPTIONS_KEY_EXCHANGE, "diffie-hellman-group14-sha1,diffie-hellman-group1-sha1"},
	{SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS, "ssh-rsa"},
	{SSH_BIND_OPTIONS_CIPHERS_C_S, "aes128-ctr,aes256-ctr,aes128-cbc,aes256-cbc,3des-cbc"},
	{SSH_BIND_OPTIONS_CIPHERS_S_C, "aes128-ctr,aes256-ctr,aes128-cbc,aes256-cbc,3des-cbc"},
	{SSH_BIND_OPTIONS_HMAC_C_S, "hmac-sha1"},
	{SSH_BIND_OPTIONS_HMAC_S_C, "hmac-sha1"},
	{SSH_BIND_OPTIONS_PUBKEY_ACCEPTED_KEY_TYPES, "ssh-rsa,rsa-sha2-256,rsa-sha2-512"},
};

static int door_legacy(struct ssh_door *d)
{
	for (size_t i = 0; i < sizeof(legacy) / sizeof(legacy[0]); i++)
		if (ssh_bind_options_set(d->bind, legacy[i].option, legacy[i].value) != SSH_OK)
			return -1;
	return 0;
}

static void door_fingerprint(struct ssh_door *d, ssh_key key)
{
	unsigned char *hash = NULL;
	char *shown;
	size_t n = 0;

	ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &n);
	shown = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, n);
	d->fingerprint = mem_copy(shown == NULL ? "" : shown);
	ssh_string_free_char(shown);
	ssh_clean_pubkey_hash(&hash);
}

struct ssh_door *ssh_door_open(const struct scenario *s, const char *key_file,
                               struct text *complaint)
{
	ssh_key key = ssh_key_take(key_file, s->ssh_key_type, complaint);
	struct ssh_door *d;
	bool no_config = false;

	if (key == NULL)
		return NULL;
	d = mem_zero(1, sizeof(*d));
	pthread_mutex_init(&d->lock, NULL);
	d->bind = ssh_bind_new();
	door_fingerprint(d, key);
	ssh_bind_options_set(d->bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no_config);
	ssh_bind_options_set(d->bind, SSH_BIND_OPTIONS_BANNER, "ROSSSH");
	/* The bind owns the key from here on. */
	if (ssh_bind_options_set(d->bind, SSH_BIND_OPTIONS_IMPORT_KEY, key) != SSH_OK ||
	    (s->legacy_ssh && door_legacy(d) != 0)) {
		text_addf(complaint, "ssh: %s", ssh_get_error(d->bind));
		ssh_door_close(d);
		return NULL;
	}
	return d;
}

void ssh_door_close(struct ssh_door *d)
{
	if (d == NULL)
		return;
	ssh_bind_free(d->bind);
	pthread_mutex_destroy(&d->lock);
	free(d->fingerprint);
	free(d);
}

const char *ssh_door_fingerprint(const struct ssh_door *d)
{
	return d->fingerprint;
}

/* --- one command --- */

/* Unverified: what a router in these states answers to exec; taken from what it says to a
 * terminal. */
static const struct {
	enum fault fault;
	const char *text;
} states[] = {
	{FAULT_LICENCE_STATE, "ROUTER HAS NO SOFTWARE KEY\n"
                              "You have 10h0m to enter a key for this router.\n"
                              "After that it stops to work.\n"},
	{FAULT_EXPIRED_PASSWORD, "Change your password\nnew password> "},
};

static const char *state_text(const struct scenario *s)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (s->fault[states[i].fault])
			return states[i].text;
	return NULL;
}

/* The text with the scenario's line ends; which ones exec uses is unverified. */
static void with_line_ends(const struct text *text, const char *end, struct text *out)
{
	for (size_t i = 0; i < text->n; i++) {
		if (text->p[i] == '\n')
			text_add(out, end);
		else
			text_add_n(out, text->p + i, 1);
	}
}

static int answer(struct ssh_peer *p, const char *command, struct text *out)
{
	const struct server *server = p->conn->server;
	const struct console console = {server->scenario, server->live, p->user, server->change};
	const char *state = state_text(server->scenario);
	struct text text = {0}, line = {0};
	bool reads_only = false;
	int status;

	change_lock(server->change);
	nft_live(change_scenario(server->change));
	status = console_answer(&console, command, strlen(command), &text, &reads_only);
	change_unlock(server->change);
	text_addf(&line, "%s exec: %s", p->user->name, command);
	transcript_add(server->transcript, "ssh", &p->conn->peer, line.p, line.n, reads_only);
	if (state != NULL) {
		text.n = 0;
		text_add(&text, state);
		status = 0;
	}
	with_line_ends(&text, server->scenario->line_end, out);
	text_done(&text);
	text_done(&line);
	return status;
}

static int write_all(ssh_channel channel, const char *p, size_t n)
{
	while (n > 0) {
		int sent = ssh_channel_write(channel, p, n > 32768 ? 32768 : (uint32_t)n);

		if (sent <= 0)
			return -1;
		p += sent;
		n -= (size_t)sent;
	}
	return 0;
}

/* Text without an end, or of 24 MiB, which no router has services for. */
static void write_much(ssh_channel channel, bool endless)
{
	static const char line[] = ";;; this line comes again and again and again and again\r\n";
	size_t left = 24u << 20;

	while ((endless || left > sizeof(line)) && write_all(channel, line, sizeof(line) - 1) == 0)
		left -= sizeof(line);
}

static void execute(struct ssh_peer *p, ssh_channel channel, const char *command)
{
	const bool *fault = p->conn->server->scenario->fault;
	struct text out = {0};
	int status = answer(p, command, &out);

	if (fault[FAULT_STALL_COMMAND])
		conn_stall(p->conn);
	if (feature_is_slow(&p->conn->server->scenario->features, command)) {
		text_done(&out); /* the channel goes with its session */
		return;
	}
	if (fault[FAULT_ENDLESS_OUTPUT] || fault[FAULT_HUGE_ANSWER])
		write_much(channel, fault[FAULT_ENDLESS_OUTPUT]);
	if (fault[FAULT_HANG_UP_MID_TABLE] && out.n > 60) {
		write_all(channel, out.p, out.n / 2);
		text_done(&out);
		p->over = true;
		return;
	}
	write_all(channel, text_get(&out), out.n);
	ssh_channel_send_eof(channel);
	if (!fault[FAULT_NO_EXIT_STATUS])
		ssh_channel_request_send_exit_status(channel, status);
	ssh_channel_close(channel);
	ssh_channel_free(channel);
	text_done(&out);
}

/* --- one connection --- */

/* 0 accepts. The command is answered outside of the callback, after libssh has said yes to it.
 * Unverified: that a group without the ssh policy may log in and is refused here. */
static int on_exec(ssh_session session, ssh_channel channel, const char *command, void *data)
{
	struct ssh_peer *p = data;

	(void)session;
	if ((p->user->policies & POLICY_SSH) == 0 ||
	    p->conn->server->scenario->fault[FAULT_EXEC_REFUSED])
		return 1;
	p->exec = mem_grow(p->exec, p->exec_n, sizeof(*p->exec));
	p->exec[p->exec_n++] = (struct ssh_exec){channel, mem_copy(command)};
	return 0;
}

static ssh_channel on_channel(ssh_session session, void *data)
{
	struct ssh_peer *p = data;
	ssh_channel channel;

	p->over = p->over || p->conn->server->scenario->fault[FAULT_CLOSE_AFTER_AUTH];
	if (p->user == NULL || p->over)
		return NULL;
	channel = ssh_channel_new(session);
	if (channel != NULL)
		ssh_set_channel_callbacks(channel, &p->channel_callbacks);
	return channel;
}

static void callbacks_set(struct ssh_peer *p)
{
	p->callbacks.userdata = p;
	p->callbacks.channel_open_request_session_function = on_channel;
	p->channel_callbacks.userdata = p;
	p->channel_callbacks.channel_exec_request_function = on_exec;
	ssh_auth_attach(p);
	ssh_callbacks_init(&p->callbacks);
	ssh_callbacks_init(&p->channel_callbacks);
	ssh_set_server_callbacks(p->session, &p->callbacks);
}

static void run_pending(struct ssh_peer *p)
{
	for (size_t i = 0; i < p->exec_n; i++) {
		if (!p->over)
			execute(p, p->exec[i].channel, p->exec[i].command);
		free(p->exec[i].command);
	}
	p->exec_n = 0;
}

/* Until the peer leaves, or the mock ends and shuts the descriptor down. */
static void session_run(struct ssh_peer *p)
{
	ssh_event event = ssh_event_new();

	ssh_event_add_session(event, p->session);
	while (!p->over && ssh_event_dopoll(event, -1) == SSH_OK) {
		if ((ssh_get_status(p->session) & (SSH_CLOSED | SSH_CLOSED_ERROR)) != 0)
			break;
		run_pending(p);
	}
	p->over = true;
	run_pending(p);
	ssh_event_remove_session(event, p->session);
	ssh_event_free(event);
	free(p->exec);
}

static int accept_session(struct ssh_peer *p)
{
	struct ssh_door *d = p->conn->server->ssh;
	/* libssh closes its descriptor when it likes; the connection keeps its own, so that the
	 * end of the mock never shuts down a number that belongs to somebody else by then. */
	int fd = fcntl(p->conn->fd, F_DUPFD_CLOEXEC, 0), rc;

	if (fd < 0)
		return SSH_ERROR;
	pthread_mutex_lock(&d->lock);
	rc = ssh_bind_accept_fd(d->bind, p->session, fd);
	pthread_mutex_unlock(&d->lock);
	return rc;
}

void ssh_serve(struct conn *c)
{
	struct ssh_peer peer = {.conn = c};

	if (c->server->scenario->fault[FAULT_STALL_BANNER]) {
		conn_stall(c);
		return;
	}
	peer.session = ssh_new();
	callbacks_set(&peer);
	if (accept_session(&peer) == SSH_OK && ssh_handle_key_exchange(peer.session) == SSH_OK)
		session_run(&peer);
	ssh_free(peer.session);
}
