/* Host keys: read, made, kept for the next start. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ssh_inner.h"

/* Writes to a temporary name first: several mocks may share the file. */
static void key_keep(ssh_key key, const char *file)
{
	struct text name = {0};
	mode_t old = umask(077);

	text_addf(&name, "%s.%ld", file, (long)getpid());
	if (ssh_pki_export_privkey_file(key, NULL, NULL, NULL, name.p) != SSH_OK ||
	    rename(name.p, file) != 0)
		unlink(name.p);
	umask(old);
	text_done(&name);
}

ssh_key ssh_key_take(const char *file, const char *type, struct text *complaint)
{
	bool rsa = strcmp(type, "rsa") == 0;
	ssh_key key = NULL;

	if (file != NULL && access(file, F_OK) == 0) {
		if (ssh_pki_import_privkey_file(file, NULL, NULL, NULL, &key) == SSH_OK)
			return key;
		text_addf(complaint, "%s: no private key that could be read", file);
		return NULL;
	}
	if (ssh_pki_generate(rsa ? SSH_KEYTYPE_RSA : SSH_KEYTYPE_ED25519, rsa ? 2048 : 0, &key) !=
	    SSH_OK) {
		text_add(complaint, "no host key could be made");
		return NULL;
	}
	if (file != NULL)
		key_keep(key, file);
	return key;
}
