/* Is the router the one it was the last time? */
#include <stdlib.h>
#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/log.h"
#include "ssh_private.h"

/* What the known_hosts files say of the key that the router showed; worse verdicts come later, and
 * only TRUST_SAME lets anybody in. */
enum trust {
	TRUST_UNKNOWN,
	TRUST_SAME,
	TRUST_UNREADABLE,
	TRUST_OTHER_TYPE,
	TRUST_CHANGED,
	TRUST_REVOKED
};

char *ssh_fingerprint(ssh_key key)
{
	unsigned char *hash = NULL;
	size_t n = 0;
	char *text;

	if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &n) != SSH_OK)
		return NULL;
	text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, n);
	ssh_clean_pubkey_hash(&hash);
	return text;
}

/* Base64 may be written with its padding or without. */
static bool same_fingerprint(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	while (n && a[n - 1] == '=')
		n--;
	while (m && b[m - 1] == '=')
		m--;
	return n == m && memcmp(a, b, n) == 0;
}

static int check_pin(const struct ssh_conn *c, const char *type, const char *print,
                     struct error *err)
{
	if (same_fingerprint(c->target->host_key, print))
		return 0;
	error_set(err, ERROR_TRUST,
	          "the host key of %s is not the pinned one: it shows %s %s, pinned is %s",
	          c->where, type, print, c->target->host_key);
	return error_hint(err,
	                  "if the router was reinstalled or its key made anew, write the new "
	                  "fingerprint at `host-key:`; otherwise something else answers in its "
	                  "place, and no password was sent to it");
}

static enum trust judge(const struct known_key *k, ssh_key key)
{
	if (!k->key)
		return TRUST_UNREADABLE;
	if (ssh_key_cmp(key, k->key, SSH_KEY_CMP_PUBLIC) == 0)
		return k->revoked ? TRUST_REVOKED : TRUST_SAME;
	if (k->revoked)
		return TRUST_UNKNOWN;
	return ssh_key_type(key) == ssh_key_type(k->key) ? TRUST_CHANGED : TRUST_OTHER_TYPE;
}

/* One line that holds the very key is enough, whatever the others hold; a revoked key never is. *at
 * is the line that decides. */
static enum trust look_up(const struct known_hosts *k, ssh_key key, const struct known_key **at)
{
	enum trust worst = TRUST_UNKNOWN;
	bool same = false;

	for (size_t i = 0; i < k->n; i++) {
		enum trust one = judge(&k->v[i], key);

		same = same || one == TRUST_SAME;
		if (one != TRUST_SAME && one > worst) {
			worst = one;
			*at = &k->v[i];
		}
	}
	return same && worst != TRUST_REVOKED ? TRUST_SAME : worst;
}

/* 'text' for a shell. */
static void quote(const char *text, struct buf *out)
{
	buf_putc(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *text);
	}
	buf_putc(out, '\'');
}

static int hint_remove(const struct ssh_conn *c, const struct known_key *at, struct error *err)
{
	struct buf line;

	buf_init(&line, 1024);
	buf_puts(&line, "ssh-keygen -R ");
	quote(c->known.name, &line);
	buf_puts(&line, " -f ");
	quote(at->file, &line);
	error_hint(
		err,
		"something else may be answering in the router's place; no password was sent to "
		"it. "
		"If the router was reinstalled or replaced, remove its old key:\n"
		"%s\n"
		"and accept the new one with --accept-new. A lab that is rebuilt every week keeps "
		"its keys apart with `known-hosts: FILE`",
		buf_str(&line));
	buf_done(&line);
	return -1;
}

static int refuse_unknown(const struct ssh_conn *c, const char *type, const char *print,
                          struct error *err)
{
	error_set(err, ERROR_TRUST, "the host key of %s is unknown: %s %s", c->where, type, print);
	return error_hint(
		err,
		"compare it with the router's own. Then run once with --accept-new, which "
		"adds it to %s, or write `host-key: \"%s\"` for this router",
		c->known.files[0], print);
}

static int refuse(const struct ssh_conn *c, enum trust verdict, const struct known_key *at,
                  const char *type, const char *print, struct error *err)
{
	if (verdict == TRUST_REVOKED)
		return error_set(err, ERROR_TRUST,
		                 "the host key of %s, %s %s, is marked @revoked in %s line %zu",
		                 c->where, type, print, at->file, at->line);
	if (verdict == TRUST_UNREADABLE) {
		error_set(err, ERROR_TRUST,
		          "the host key of %s, %s %s, cannot be compared: %s line %zu names the "
		          "router, "
		          "but its key is not understood",
		          c->where, type, print, at->file, at->line);
		return hint_remove(c, at, err);
	}
	if (verdict == TRUST_OTHER_TYPE)
		error_set(err, ERROR_TRUST,
		          "the host key of %s has changed its type: it shows %s %s, but %s line "
		          "%zu holds "
		          "an %s key",
		          c->where, type, print, at->file, at->line,
		          ssh_key_type_to_char(ssh_key_type(at->key)));
	else
		error_set(err, ERROR_TRUST,
		          "the host key of %s has changed: it shows %s %s, but %s line %zu holds "
		          "another",
		          c->where, type, print, at->file, at->line);
	return hint_remove(c, at, err);
}

static int check_known(struct ssh_conn *c, ssh_key key, const char *type, const char *print,
                       struct error *err)
{
	const struct known_key *at = NULL;
	enum trust verdict = look_up(&c->known, key, &at);

	if (verdict == TRUST_SAME)
		return 0;
	if (verdict != TRUST_UNKNOWN)
		return refuse(c, verdict, at, type, print, err);
	if (!c->target->accept_new)
		return refuse_unknown(c, type, print, err);
	if (known_hosts_add(&c->known, key, err))
		return -1;
	log_line(LOG_LEVEL_NORMAL, "added the host key of %s, %s %s, to %s", c->where, type, print,
	         c->known.files[0]);
	return 0;
}

int ssh_trust_host(struct ssh_conn *c, struct error *err)
{
	ssh_key key = NULL;
	char *print = NULL;
	const char *type;
	int r = -1;

	if (ssh_get_server_publickey(c->ssh, &key) != SSH_OK || !(print = ssh_fingerprint(key))) {
		error_set(err, ERROR_TRUST, "the host key of %s cannot be read: %s", c->where,
		          ssh_get_error(c->ssh));
		goto out;
	}
	type = ssh_key_type_to_char(ssh_key_type(key));
	log_line(LOG_LEVEL_VERBOSE, "%s shows the host key %s %s", c->where, type, print);
	if (c->target->host_key)
		r = check_pin(c, type, print, err);
	else
		r = check_known(c, key, type, print, err);
out:
	ssh_string_free_char(print);
	ssh_key_free(key);
	return r;
}
