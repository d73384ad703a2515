/* Why a login was refused, as far as can be known, and what to do. */
#include <stdio.h>

#include "rosaudit/buf.h"
#include "ssh_private.h"

static const struct {
	unsigned method;
	const char *name;
} methods[] = {
	{SSH_AUTH_METHOD_PUBLICKEY, "publickey"},
	{SSH_AUTH_METHOD_PASSWORD, "password"},
	{SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive"},
	{SSH_AUTH_METHOD_HOSTBASED, "hostbased"},
	{SSH_AUTH_METHOD_GSSAPI_MIC, "gssapi-with-mic"},
};

static void print_methods(unsigned offered, struct buf *out)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (offered & methods[i].method)
			buf_printf(out, "%s%s", out->n ? ", " : "", methods[i].name);
	if (!out->n)
		buf_puts(out, "none");
}

static bool has_password(const struct ssh_conn *c)
{
	return c->target->password.source != SECRET_NONE;
}

static bool offers_password(const struct login_tried *t)
{
	return t->methods & (SSH_AUTH_METHOD_PASSWORD | SSH_AUTH_METHOD_INTERACTIVE);
}

static void join(struct buf *out, const char *part, bool last)
{
	if (out->n)
		buf_puts(out, last ? " and " : ", ");
	buf_puts(out, part);
}

/* "the key K, the agent's 3 keys and the password" */
static void print_tried(const struct ssh_conn *c, const struct login_tried *t, struct buf *out)
{
	char text[512];

	if (t->key) {
		snprintf(text, sizeof(text), "the key %s", c->cred.key_label);
		join(out, text, false);
	}
	if (t->agent) {
		snprintf(text, sizeof(text), "the SSH agent's %zu key%s", c->cred.agent_keys,
		         c->cred.agent_keys == 1 ? "" : "s");
		join(out, text, !t->password);
	}
	if (t->password)
		join(out,
		     c->target->password.source == SECRET_EMPTY ? "the empty password"
		                                                : "the password",
		     true);
}

/* routeros.md 6: a user with a key has no password login unless the router says otherwise. */
static void hint_no_password(const struct ssh_conn *c, struct error *err)
{
	error_hint(
		err,
		"RouterOS gives a user who has an SSH key no password login: give that key with "
		"`key:` or `agent: yes`, or see `/ip ssh print` on the router "
		"(password-authentication "
		"from 7.21, always-allow-password-login before) and `/user ssh-keys print` for %s",
		c->target->user);
}

static int more_wanted(const struct ssh_conn *c, const char *offered, struct error *err)
{
	error_set(err, ERROR_AUTH, "%s accepted a first proof of %s but wants another one: %s",
	          c->where, c->target->user, offered);
	return error_hint(err,
	                  "give it too: `key:` or `agent: yes` for publickey, `password:` for the "
	                  "others");
}

static int not_offered(const struct ssh_conn *c, const struct login_tried *t, const char *offered,
                       struct error *err)
{
	bool key = c->cred.key || c->cred.agent;
	struct phrase by;

	by = key && has_password(c) ? phrase_make("key or password")
	     : key                  ? phrase_make("key")
	                            : phrase_make("password");
	error_set_phrase(err, ERROR_AUTH, &by, "%s offers %s no login by {}, only: %s", c->where,
	                 c->target->user, offered);
	if (!key && (t->methods & SSH_AUTH_METHOD_PUBLICKEY))
		hint_no_password(c, err);
	else if (!has_password(c) && offers_password(t))
		error_hint(err, "give `password:` for this router");
	return -1;
}

static int key_unusable(const struct ssh_conn *c, const struct login_tried *t, struct error *err)
{
	if (t->rsa_short) {
		error_set(err, ERROR_AUTH, "the key %s is too short to be used", c->cred.key_label);
		return error_hint(err, "use an ed25519 key or an RSA key of 2048 bits; "
		                       "`legacy-algorithms: yes` allows 768 bits");
	}
	error_set(err, ERROR_AUTH,
	          "%s announces no SHA-2 signatures, so the key %s cannot be used to log in",
	          c->where, c->cred.key_label);
	return error_hint(err,
	                  "use an ed25519 key, or `legacy-algorithms: yes` for this router, which "
	                  "allows RSA with SHA-1");
}

static int refused(const struct ssh_conn *c, const struct login_tried *t, const char *tried,
                   struct error *err)
{
	bool lacks_password = has_password(c) && !t->password && !offers_password(t);

	error_set(err, ERROR_AUTH, "%s refused the login of %s with %s%s", c->where,
	          c->target->user, tried,
	          lacks_password ? ", and offers no login by password" : "");
	if (lacks_password) {
		hint_no_password(c, err);
		return -1;
	}
	if (t->password)
		return error_hint(
			err,
			"is the password right, and does %s exist? RouterOS says the same when "
			"`/user print` "
			"shows an address list for that user without our address (%s); it may also "
			"refuse a right password when the user has an SSH key (`/user ssh-keys "
			"print`), or its group lacks the ssh policy (`/user group print`)",
			c->target->user, c->local);
	return error_hint(
		err,
		"is the public key installed for %s (`/user ssh-keys print`)? RouterOS says "
		"the same when `/user print` shows an address list for that user without our "
		"address (%s)",
		c->target->user, c->local);
}

int ssh_login_refused(struct ssh_conn *c, const struct login_tried *t, struct error *err)
{
	struct buf offered, tried;
	int r;

	buf_init(&offered, 256);
	buf_init(&tried, 1024);
	print_methods(t->methods, &offered);
	print_tried(c, t, &tried);
	if (t->partial)
		r = more_wanted(c, buf_str(&offered), err);
	else if (tried.n)
		r = refused(c, t, buf_str(&tried), err);
	else if (t->rsa_short || t->rsa_sha1_only)
		r = key_unusable(c, t, err);
	else
		r = not_offered(c, t, buf_str(&offered), err);
	buf_done(&offered);
	buf_done(&tried);
	return r;
}
