/* Inner header of ssh.c, ssh_auth.c and ssh_key.c. */
#ifndef MOCK_SSH_INNER_H
#define MOCK_SSH_INNER_H

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>

#include "ssh.h"

/* A command that was asked for and is not answered yet. */
struct ssh_exec {
	ssh_channel channel;
	char *command;
};

/* One SSH connection; conn is its TCP side. */
struct ssh_peer {
	struct conn *conn;
	ssh_session session;
	const struct user *user; /* NULL until logged in */
	char asked[64]; /* who began keyboard-interactive: libssh's answer message has no name */
	int failures;
	bool over; /* hang up */
	struct ssh_server_callbacks_struct callbacks;
	struct ssh_channel_callbacks_struct channel_callbacks;
	struct ssh_exec *exec; /* in order of arrival */
	size_t exec_n;
};

/* The key from the file, or a new one of the type "ed25519" or "rsa". NULL after a complaint. */
ssh_key ssh_key_take(const char *file, const char *type, struct text *complaint);

/* Sets the answers to none, password, public key and keyboard-interactive. */
void ssh_auth_attach(struct ssh_peer *p);

#endif
