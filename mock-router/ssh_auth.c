/* Who may log in over SSH. */
#include <libssh/callbacks.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ssh_inner.h"

#define TRIES 3 /* wrong passwords per connection (routeros.md 6) */

static const struct scenario *scenario_of(const struct ssh_peer *p)
{
	return p->conn->server->scenario;
}

/* The user, when he exists and may come from the peer's address: a wrong address looks like a wrong
 * password (routeros.md 6). */
static const struct user *user_allowed(const struct ssh_peer *p, const char *name)
{
	const struct sockaddr *peer = (const void *)&p->conn->peer.address;
	char plain[64];
	const struct user *u;

	snprintf(plain, sizeof(plain), "%s", name == NULL ? "" : name);
	plain[strcspn(plain, "+")] = '\0'; /* the console's "+ct80w" suffix */
	u = scenario_user(scenario_of(p), plain);
	return u != NULL && prefixes_admit(&u->address, peer) ? u : NULL;
}

static int login(struct ssh_peer *p, const struct user *u, const char *how)
{
	char line[160];
	int n = snprintf(line, sizeof(line), "login %s by %s", u->name, how);

	p->user = u;
	transcript_add(p->conn->server->transcript, "ssh", &p->conn->peer, line, (size_t)n, true);
	live_login(p->conn->server->live, p->conn->live_id, u->name, "ssh");
	return SSH_AUTH_SUCCESS;
}

static int refuse(struct ssh_peer *p, const char *name, const char *how)
{
	char line[160];
	int n = snprintf(line, sizeof(line), "refused %.64s by %s", name == NULL ? "" : name, how);

	transcript_add(p->conn->server->transcript, "ssh", &p->conn->peer, line, (size_t)n, true);
	if (++p->failures >= TRIES)
		ssh_disconnect(p->session);
	return SSH_AUTH_DENIED;
}

/* With yes-if-no-key, the default, a user who has a key cannot use a password (routeros.md 6). */
static bool password_fits(const struct user *u, const char *password)
{
	return u != NULL && u->keys_n == 0 && u->password != NULL &&
	       strcmp(u->password, password) == 0;
}

static int on_none(ssh_session session, const char *name, void *data)
{
	struct ssh_peer *p = data;
	const struct user *u = user_allowed(p, name);

	(void)session;
	if (scenario_of(p)->fault[FAULT_STALL_AUTH])
		conn_stall(p->conn);
	return password_fits(u, "") ? login(p, u, "none") : SSH_AUTH_DENIED;
}

static int on_password(ssh_session session, const char *name, const char *password, void *data)
{
	struct ssh_peer *p = data;
	const struct user *u = user_allowed(p, name);

	(void)session;
	if (scenario_of(p)->fault[FAULT_STALL_AUTH])
		conn_stall(p->conn);
	return password_fits(u, password) ? login(p, u, "password") : refuse(p, name, "password");
}

/* One line of an authorized_keys kind: type, base64, comment. */
static bool key_line_is(const char *line, ssh_key offered)
{
	char type[64], base64[4096];
	ssh_key key = NULL;
	bool same;

	if (sscanf(line, "%63s %4095s", type, base64) != 2)
		return false;
	if (ssh_pki_import_pubkey_base64(base64, ssh_key_type_from_name(type), &key) != SSH_OK)
		return false;
	same = ssh_key_cmp(key, offered, SSH_KEY_CMP_PUBLIC) == 0;
	ssh_key_free(key);
	return same;
}

static int on_key(ssh_session session, const char *name, struct ssh_key_struct *key, char state,
                  void *data)
{
	struct ssh_peer *p = data;
	const struct user *u = user_allowed(p, name);

	(void)session;
	if (scenario_of(p)->fault[FAULT_STALL_AUTH])
		conn_stall(p->conn);
	for (size_t i = 0; u != NULL && i < u->keys_n; i++) {
		if (!key_line_is(u->keys[i], key))
			continue;
		if (state == SSH_PUBLICKEY_STATE_NONE) /* a question, not yet a signature */
			return SSH_AUTH_SUCCESS;
		return state == SSH_PUBLICKEY_STATE_VALID ? login(p, u, "key") : SSH_AUTH_DENIED;
	}
	return SSH_AUTH_DENIED;
}

static void on_keyboard(struct ssh_peer *p, ssh_message m)
{
	const char *prompts[] = {"Password: "};
	char echo[] = {0};
	const char *name, *answer;
	const struct user *u;

	if (!ssh_message_auth_kbdint_is_response(m)) {
		name = ssh_message_auth_user(m);
		snprintf(p->asked, sizeof(p->asked), "%s", name == NULL ? "" : name);
		ssh_message_auth_interactive_request(m, "", "", 1, prompts, echo);
		return;
	}
	u = user_allowed(p, p->asked);
	answer = ssh_userauth_kbdint_getnanswers(p->session) == 1
	                 ? ssh_userauth_kbdint_getanswer(p->session, 0)
	                 : NULL;
	if (answer != NULL && password_fits(u, answer)) {
		login(p, u, "keyboard-interactive");
		ssh_message_auth_reply_success(m, 0);
		return;
	}
	refuse(p, p->asked, "keyboard-interactive");
	ssh_message_reply_default(m);
}

/* Messages that have no callback of their own. 1 asks libssh for its default answer. */
static int on_message(ssh_session session, ssh_message m, void *data)
{
	(void)session;
	if (ssh_message_type(m) != SSH_REQUEST_AUTH ||
	    ssh_message_subtype(m) != SSH_AUTH_METHOD_INTERACTIVE)
		return 1;
	on_keyboard(data, m);
	return 0;
}

void ssh_auth_attach(struct ssh_peer *p)
{
	p->callbacks.auth_none_function = on_none;
	p->callbacks.auth_password_function = on_password;
	p->callbacks.auth_pubkey_function = on_key;
	ssh_set_message_callback(p->session, on_message, p);
	ssh_set_auth_methods(p->session, SSH_AUTH_METHOD_NONE | SSH_AUTH_METHOD_PASSWORD |
	                                         SSH_AUTH_METHOD_PUBLICKEY |
	                                         SSH_AUTH_METHOD_INTERACTIVE);
}
