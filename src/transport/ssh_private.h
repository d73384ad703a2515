/* The rooms behind transport_ssh; nobody else includes this, so nobody else sees libssh. */
#ifndef ROSAUDIT_TRANSPORT_SSH_PRIVATE_H
#define ROSAUDIT_TRANSPORT_SSH_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libssh/libssh.h>

#include "rosaudit/secret.h"
#include "rosaudit/transport.h"

/* Used where the target says 0. */
enum { SSH_CONNECT_MS = 10000, SSH_COMMAND_MS = 30000 };

/* One key that a known_hosts file holds for our router. */
struct known_key {
	ssh_key key;      /* NULL: the line names the router, but its key is not understood */
	bool revoked;     /* marked @revoked */
	const char *file; /* owned by struct known_hosts */
	size_t line;
};

/* What the known_hosts files say about our router, read once before connecting. */
struct known_hosts {
	char *name;     /* as it stands there: "r1.lab" or "[r1.lab]:2222", lower case */
	char *files[2]; /* ours first; the machine's, or NULL */
	struct known_key *v;
	size_t n;
};

/* What the target offers to log in with, loaded before connecting so that a missing key file costs
 * the router no connection. */
struct credentials {
	ssh_key key;     /* NULL: none */
	char *key_label; /* "~/.ssh/id_ed25519 (ssh-ed25519 SHA256:…)" */
	bool agent;      /* the agent is there and holds keys */
	size_t agent_keys;
	bool have_password; /* the secret below was read, and not yet used */
	struct secret password;
};

struct ssh_conn {
	struct session base;
	const struct target *target; /* must outlive the session */
	int fd;                      /* ours; libssh has a duplicate that it may close by itself */
	ssh_session ssh;
	ssh_event event;     /* polls libssh's socket together with Ctrl-C */
	int64_t deadline_ms; /* of the whole audit; 0 = none */
	struct known_hosts known;
	struct credentials cred;
	char where[320];    /* "r1.lab (192.0.2.1) port 22": how every sentence names the router */
	char local[80];     /* our own address in text, as RouterOS's address lists would have it */
	bool answered;      /* a command was answered before */
	char verdict[1280]; /* see ssh_listen */
	char said[128];     /* what came first from the router, when it was no SSH greeting */
};

/* --- ssh_wait.c: deadlines, Ctrl-C, and why a connection ended ------------------------------- */

/* Something the router must do within a time. */
struct ssh_step {
	struct phrase what; /* "finish the key exchange": follows "did not" */
	const char *key;    /* of the configuration, where its limit stands: "connect-timeout" */
	long limit_ms;
	int64_t until_ms;
};

struct ssh_step ssh_step_start(struct phrase what, const char *key, long limit_ms);
/* Waits until something happened on the connection, then the libssh call is to be repeated. -1
 * and a sentence when the step's time or the whole audit's is over, or the user pressed Ctrl-C. */
int ssh_step_wait(struct ssh_conn *c, const struct ssh_step *step, struct error *err);
/* The same for the descriptor before libssh has it: until it is readable. */
int ssh_step_wait_fd(struct ssh_conn *c, const struct ssh_step *step, struct error *err);
/* The same, without waiting: is the time over? */
int ssh_step_check(struct ssh_conn *c, const struct ssh_step *step, struct error *err);
/* libssh overwrites why a connection ended when it then finds that it cannot write what was
 * still to be sent. From ssh_listen(c) to ssh_listen(NULL), in one thread, c->verdict keeps the
 * first reason. */
void ssh_listen(struct ssh_conn *c);
/* The reason, or else libssh's last error; never NULL. */
const char *ssh_reason(const struct ssh_conn *c);
/* One sentence for a connection that broke; during is "during the key exchange". Returns -1. */
int ssh_broken(struct ssh_conn *c, const struct phrase *during, struct error *err);

/* --- ssh_algorithms.c ---------------------------------------------------------------------- */

/* Tells libssh which algorithms to offer: modern ones, with RouterOS 6's only when asked for.
 * Host key algorithms whose keys are known come first. */
int ssh_offer_algorithms(struct ssh_conn *c, struct error *err);
/* True when libssh's error is a failed negotiation; err then says what either side offered. */
bool ssh_no_common_algorithm(struct ssh_conn *c, struct error *err);

/* --- ssh_known.c: known_hosts files -------------------------------------------------------- */

/* Reads what the files hold for the target. 0, or -1 when a file is there but cannot be read. */
int known_hosts_load(struct known_hosts *k, const struct target *target, uint16_t port,
                     struct error *err);
void known_hosts_done(struct known_hosts *k);
/* Does a file hold a key of this type for the router? */
bool known_hosts_has_type(const struct known_hosts *k, enum ssh_keytypes_e type);
/* Adds the key to the first file, which is created if need be. 0 or -1. */
int known_hosts_add(const struct known_hosts *k, ssh_key key, struct error *err);

/* --- ssh_trust.c --------------------------------------------------------------------------- */

/* Is the host key the one that was pinned or is known? 0, or ERROR_TRUST. */
int ssh_trust_host(struct ssh_conn *c, struct error *err);
/* "SHA256:…" of a key; heap, the caller frees; NULL when libssh cannot. */
char *ssh_fingerprint(ssh_key key);

/* --- ssh_key.c, ssh_agent.c, ssh_auth.c ---------------------------------------------------- */

/* Loads the target's private key; asks for its passphrase only when it is encrypted. 0 or -1. */
int credentials_load_key(struct credentials *cred, const struct target *target, struct error *err);
/* Asks the SSH agent how many keys it holds. 0, or -1 with a sentence. */
int agent_count_keys(size_t *keys, struct error *err);
/* Everything that can be known before connecting: 0, or -1 when there is nothing to log in with. */
int credentials_load(struct credentials *cred, const struct target *target, int64_t *deadline_ms,
                     struct error *err);
void credentials_done(struct credentials *cred);
/* Reads the password unless that was done. The time a person takes to type is not the router's:
 * *deadline_ms moves by it. 0 or -1. */
int credentials_read_password(struct credentials *cred, const struct target *target,
                              int64_t *deadline_ms, struct error *err);
/* Logs in. 0, or -1 with the sentence that fits. */
int ssh_login(struct ssh_conn *c, struct error *err);
/* The sentence for a refused login (ssh_refused.c): what was refused of what was tried. methods are
 * those that the router still offers. Returns -1. */
struct login_tried {
	bool key, agent, password; /* tried and refused */
	bool partial;              /* one of them was accepted, but more is wanted */
	bool rsa_sha1_only;        /* the key was not tried: the router takes RSA with SHA-1 only */
	bool rsa_short;            /* the key was not tried: fewer bits than are allowed */
	unsigned methods;          /* SSH_AUTH_METHOD_… */
};
int ssh_login_refused(struct ssh_conn *c, const struct login_tried *tried, struct error *err);

/* --- ssh_exec.c ---------------------------------------------------------------------------- */

/* transport_ssh's fetch: one exec channel for one command. */
int ssh_fetch(struct session *s, const char *request, struct answer *out, struct error *err);

#endif
