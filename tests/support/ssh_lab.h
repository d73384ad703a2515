/* An SSH server and a target that points at it, for the tests of the SSH transport. */
#ifndef TESTS_SUPPORT_SSH_LAB_H
#define TESTS_SUPPORT_SSH_LAB_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "rosaudit/answer.h"
#include "rosaudit/error.h"
#include "rosaudit/transport.h"
#include "tests/support/program.h"

struct ssh_lab {
	struct program peer;  /* tests/ssh_peer.c */
	pid_t sshd;           /* or OpenSSH's */
	const char *dir;      /* a directory of its own */
	struct target target; /* user admin, pinned to the peer's key, long timeouts */
	char fingerprint[64];
	struct session *session;
	struct error err;
	struct answer answer;
	char text[8192]; /* the last error, made independent of ports, keys and directories */
};

/* Starts ssh_peer with these arguments (the list ends in NULL) and a target for it. */
void lab_start(struct ssh_lab *lab, const char *argument, ...) __attribute__((sentinel));
/* Starts OpenSSH's sshd for the user who runs the test, with these lines added to its
 * configuration; commands are answered by DIR/answer.sh. lab_dir must have been called: host
 * keys and DIR/authorized are the caller's. host is where it listens. */
void lab_start_sshd(struct ssh_lab *lab, const char *host, const char *lines);
/* An empty lab with a directory; false when there is no sshd or no ssh-keygen. */
bool lab_dir(struct ssh_lab *lab);
/* Ends what was started; every test ends with it. */
void lab_stop(struct ssh_lab *lab);

/* Sets the target's password. */
void lab_password(struct ssh_lab *lab, const char *password);
/* Opens the session: 0 or -1, with lab->text. */
int lab_open(struct ssh_lab *lab);
/* One request: 0 or -1, with lab->text. */
int lab_fetch(struct ssh_lab *lab, const char *request);
void lab_close(struct ssh_lab *lab);
/* DIR/NAME; the string lives until the fourth next call. */
const char *lab_path(const struct ssh_lab *lab, const char *name);
/* A new directory; as test_temp_dir, but as many as one likes. */
const char *lab_temp_dir(void);
/* Makes a key pair DIR/NAME, DIR/NAME.pub with ssh-keygen; passphrase "" = none. False without
 * ssh-keygen. */
bool lab_keygen(struct ssh_lab *lab, const char *name, const char *type, const char *bits,
                const char *format, const char *passphrase);
/* Runs a program to its end: its exit status. */
int lab_run(const char *const *argv);

#endif
