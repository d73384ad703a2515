/* The private key that the target names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/arena.h"
#include "rosaudit/buf.h"
#include "rosaudit/file.h"
#include "ssh_private.h"

/* A 16384-bit RSA key in PEM is 13 KB. */
enum { KEY_FILE_BYTES = 65536 };

/* libssh asks for a passphrase exactly when the key is encrypted: the question is the answer. */
static int on_passphrase(const char *prompt, char *p, size_t n, int echo, int verify, void *ctx)
{
	(void)prompt;
	(void)p;
	(void)n;
	(void)echo;
	(void)verify;
	*(bool *)ctx = true;
	return -1;
}

static int import_encrypted(const char *text, const struct target *target, ssh_key *key,
                            struct error *err)
{
	struct secret phrase = {0};
	char what[512];
	bool asked;
	int rc;

	if (target->key_passphrase.source == SECRET_NONE) {
		error_set(err, ERROR_AUTH,
		          "the key %s is encrypted, and no passphrase is configured", target->key);
		return error_hint(err,
		                  "write `key-passphrase: {prompt: yes}`, or load the key into an "
		                  "agent with ssh-add and write `agent: yes`");
	}
	snprintf(what, sizeof(what), "passphrase of %s", target->key);
	if (secret_read(&target->key_passphrase, what, &phrase, err))
		return -1;
	rc = ssh_pki_import_privkey_base64(text, phrase.p, on_passphrase, &asked, key);
	secret_done(&phrase);
	if (rc == SSH_OK)
		return 0;
	return error_set(err, ERROR_AUTH, "the passphrase of the key %s is wrong", target->key);
}

static int import(const char *text, const struct target *target, ssh_key *key, struct error *err)
{
	bool asked = false;

	if (ssh_pki_import_privkey_base64(text, NULL, on_passphrase, &asked, key) == SSH_OK)
		return 0;
	if (asked)
		return import_encrypted(text, target, key, err);
	error_set(err, ERROR_AUTH, "%s is not a private key that can be read", target->key);
	if (strncmp(text, "ssh-", 4) == 0 || strncmp(text, "ecdsa-", 6) == 0)
		return error_hint(err, "it is a public key: name the file without .pub");
	return error_hint(err,
	                  "OpenSSH and PEM files with ed25519, ECDSA and RSA keys can be used");
}

static void label(struct credentials *cred, const struct target *target)
{
	char *print = ssh_fingerprint(cred->key);
	const char *type = ssh_key_type_to_char(ssh_key_type(cred->key));
	size_t n = strlen(target->key) + 256;

	cred->key_label = mem_alloc(n);
	snprintf(cred->key_label, n, "%s (%s %s)", target->key, type, print ? print : "");
	ssh_string_free_char(print);
}

int credentials_load_key(struct credentials *cred, const struct target *target, struct error *err)
{
	char *path = file_expand(target->key);
	struct buf text;
	int r;

	buf_init(&text, KEY_FILE_BYTES);
	r = file_read(path, &text, err);
	if (r)
		error_wrap(err, "the key of user %s", target->user);
	else
		r = import(buf_str(&text), target, &cred->key, err);
	if (!r)
		label(cred, target);
	buf_wipe(&text);
	free(path);
	return r;
}
