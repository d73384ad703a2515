/* Logging in: key file, agent, password or keyboard-interactive, each only if configured. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/clock.h"
#include "rosaudit/log.h"
#include "ssh_private.h"

/* Rounds of questions; a router asks once. */
enum { KBDINT_ROUNDS = 8 };

/* What one attempt came to. */
enum outcome { LOGIN_IN, LOGIN_REFUSED, LOGIN_PARTIAL, LOGIN_FAILED /* err is set */ };

enum { PASSWORD_METHODS = SSH_AUTH_METHOD_PASSWORD | SSH_AUTH_METHOD_INTERACTIVE };

int credentials_read_password(struct credentials *cred, const struct target *target,
                              int64_t *deadline_ms, struct error *err)
{
	int64_t start = clock_ms();
	char what[512];
	int r;

	if (cred->have_password)
		return 0;
	snprintf(what, sizeof(what), "password of %s@%s", target->user,
	         target->name ? target->name : target->host);
	r = secret_read(&target->password, what, &cred->password, err);
	cred->have_password = r == 0;
	if (*deadline_ms)
		*deadline_ms += clock_ms() - start;
	return r;
}

static int nothing_configured(const struct target *target, struct error *err)
{
	error_set(err, ERROR_AUTH, "there is nothing to log in to %s with as %s", target->host,
	          target->user);
	return error_hint(err,
	                  "give `key: FILE`, `agent: yes` or `password: {env: NAME}`; the empty "
	                  "password of a fresh router is `password: \"\"` or --empty-password");
}

int credentials_load(struct credentials *cred, const struct target *target, int64_t *deadline_ms,
                     struct error *err)
{
	bool password = target->password.source != SECRET_NONE;
	struct error agent = {0};

	if (!target->key && !target->agent && !password)
		return nothing_configured(target, err);
	if (target->key && credentials_load_key(cred, target, err))
		return -1;
	if (target->agent)
		cred->agent = agent_count_keys(&cred->agent_keys, &agent) == 0;
	if (error_is_set(&agent)) {
		if (!target->key && !password) {
			if (err && !error_is_set(err))
				*err = agent;
			return -1;
		}
		log_line(LOG_LEVEL_NORMAL, "%s; trying the other ways to log in", agent.text);
	}
	/* A person at a prompt takes longer than a router waits for a login. */
	if (!cred->key && !cred->agent && password)
		return credentials_read_password(cred, target, deadline_ms, err);
	return 0;
}

void credentials_done(struct credentials *cred)
{
	ssh_key_free(cred->key);
	free(cred->key_label);
	secret_done(&cred->password);
	*cred = (struct credentials){0};
}

static struct ssh_step login_step(const struct ssh_conn *c)
{
	long ms = c->target->connect_timeout_ms;

	return ssh_step_start(phrase_make("answer the login"), "connect-timeout",
	                      ms > 0 ? ms : SSH_CONNECT_MS);
}

static void broken(struct ssh_conn *c, struct error *err)
{
	struct phrase during = phrase_make("during the login of %s", c->target->user);

	ssh_broken(c, &during, err);
	error_hint(err,
	           "RouterOS ends a connection after three refused passwords, and refuses clients "
	           "that "
	           "are in no address list of `/user` or `/ip service`: we come from %s",
	           c->local);
}

/* As ssh_step_wait. libssh itself waits for ever for the answer of a router that has hung up. */
static int login_wait(struct ssh_conn *c, const struct ssh_step *step, struct error *err)
{
	if (ssh_step_wait(c, step, err))
		return -1;
	if (ssh_is_connected(c->ssh))
		return 0;
	broken(c, err);
	return -1;
}

static enum outcome settle(struct ssh_conn *c, int rc, struct error *err)
{
	if (rc == SSH_AUTH_SUCCESS)
		return LOGIN_IN;
	if (rc == SSH_AUTH_PARTIAL)
		return LOGIN_PARTIAL;
	if (rc != SSH_AUTH_ERROR)
		return LOGIN_REFUSED;
	broken(c, err);
	return LOGIN_FAILED;
}

/* "none" asks which methods there are; a user without a password may be let in by it. */
static enum outcome try_none(struct ssh_conn *c, struct error *err)
{
	struct ssh_step step = login_step(c);
	enum outcome end;
	int rc;

	while ((rc = ssh_userauth_none(c->ssh, NULL)) == SSH_AUTH_AGAIN)
		if (login_wait(c, &step, err))
			return LOGIN_FAILED;
	end = settle(c, rc, err);
	if (end == LOGIN_IN)
		log_line(LOG_LEVEL_NORMAL, "%s let %s in without asking for a password or a key",
		         c->where, c->target->user);
	return end;
}

static enum outcome try_key(struct ssh_conn *c, struct login_tried *tried, struct error *err)
{
	struct ssh_step step = login_step(c);
	int rc;

	while ((rc = ssh_userauth_publickey(c->ssh, NULL, c->cred.key)) == SSH_AUTH_AGAIN)
		if (login_wait(c, &step, err))
			return LOGIN_FAILED;
	if (rc == SSH_AUTH_DENIED) {
		/* Two refusals are libssh's own, before anything is sent. */
		const char *text = ssh_get_error(c->ssh);

		tried->rsa_sha1_only = strstr(text, "PUBLICKEY_ACCEPTED_TYPES");
		tried->rsa_short = strstr(text, "RSA_MIN_SIZE");
		tried->key = !tried->rsa_sha1_only && !tried->rsa_short;
	}
	return settle(c, rc, err);
}

static enum outcome try_agent(struct ssh_conn *c, struct login_tried *tried, struct error *err)
{
	struct ssh_step step = login_step(c);
	int rc;

	while ((rc = ssh_userauth_agent(c->ssh, NULL)) == SSH_AUTH_AGAIN)
		if (login_wait(c, &step, err))
			return LOGIN_FAILED;
	tried->agent = rc == SSH_AUTH_DENIED;
	return settle(c, rc, err);
}

/* Every hidden question is one for the password; a shown one is not for us to answer. */
static void answer_questions(struct ssh_conn *c)
{
	int n = ssh_userauth_kbdint_getnprompts(c->ssh);

	for (int i = 0; i < n; i++) {
		char echo = 0;

		ssh_userauth_kbdint_getprompt(c->ssh, (unsigned)i, &echo);
		ssh_userauth_kbdint_setanswer(c->ssh, (unsigned)i, echo ? "" : c->cred.password.p);
	}
}

static int kbdint(struct ssh_conn *c, struct error *err)
{
	struct ssh_step step = login_step(c);
	int rounds = 0;

	for (;;) {
		int rc = ssh_userauth_kbdint(c->ssh, NULL, NULL);

		if (rc == SSH_AUTH_INFO && rounds++ < KBDINT_ROUNDS)
			answer_questions(c);
		else if (rc == SSH_AUTH_INFO)
			return SSH_AUTH_DENIED;
		else if (rc != SSH_AUTH_AGAIN)
			return rc;
		else if (login_wait(c, &step, err))
			return SSH_AUTH_AGAIN;
	}
}

static int password(struct ssh_conn *c, struct error *err)
{
	struct ssh_step step = login_step(c);
	int rc;

	while ((rc = ssh_userauth_password(c->ssh, NULL, c->cred.password.p)) == SSH_AUTH_AGAIN)
		if (login_wait(c, &step, err))
			break;
	return rc;
}

/* One attempt only: RouterOS logs every refused one and ends the connection after three. */
static enum outcome try_password(struct ssh_conn *c, struct login_tried *tried, struct error *err)
{
	/* A server that names no method at all is tried with the plain one. */
	bool plain = (tried->methods & SSH_AUTH_METHOD_PASSWORD) || !tried->methods;
	int rc;

	if (credentials_read_password(&c->cred, c->target, &c->deadline_ms, err))
		return LOGIN_FAILED;
	rc = plain ? password(c, err) : kbdint(c, err);
	secret_done(&c->cred.password);
	c->cred.have_password = false;
	if (rc == SSH_AUTH_AGAIN)
		return LOGIN_FAILED;
	tried->password = rc == SSH_AUTH_DENIED;
	return settle(c, rc, err);
}

/* One row per way to log in, in the order they are tried. */
static const struct {
	unsigned methods; /* needs one of these */
	enum outcome (*attempt)(struct ssh_conn *c, struct login_tried *tried, struct error *err);
} ways[] = {
	{SSH_AUTH_METHOD_PUBLICKEY, try_key},
	{SSH_AUTH_METHOD_PUBLICKEY, try_agent},
	{PASSWORD_METHODS, try_password},
};

static bool is_configured(const struct ssh_conn *c, size_t way)
{
	if (ways[way].attempt == try_key)
		return c->cred.key;
	if (ways[way].attempt == try_agent)
		return c->cred.agent;
	return c->target->password.source != SECRET_NONE;
}

int ssh_login(struct ssh_conn *c, struct error *err)
{
	struct login_tried tried = {0};
	enum outcome end = try_none(c, err);

	for (size_t i = 0; end != LOGIN_IN && i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (end == LOGIN_FAILED)
			return -1;
		tried.partial = tried.partial || end == LOGIN_PARTIAL;
		tried.methods = (unsigned)ssh_userauth_list(c->ssh, NULL);
		if (is_configured(c, i) && (!tried.methods || (tried.methods & ways[i].methods)))
			end = ways[i].attempt(c, &tried, err);
	}
	if (end == LOGIN_IN)
		return 0;
	if (end == LOGIN_FAILED)
		return -1;
	tried.partial = tried.partial || end == LOGIN_PARTIAL;
	tried.methods = (unsigned)ssh_userauth_list(c->ssh, NULL);
	return ssh_login_refused(c, &tried, err);
}
