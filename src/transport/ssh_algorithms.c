/* Which algorithms are offered, and what to say when none is common. */
#include <stdio.h>
#include <string.h>

#include "rosaudit/buf.h"
#include "ssh_private.h"

/* Written out rather than left to libssh's defaults, which change with its version: nothing with
 * SHA-1 and no CBC unless `legacy-algorithms: yes`. */
#define KEX_MODERN                                                                                 \
	"curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,"    \
	"ecdh-sha2-nistp521,diffie-hellman-group18-sha512,diffie-hellman-group16-sha512,"          \
	"diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha256"
/* Group 14 before a negotiated group: libssh refuses groups below 2048 bits, group 14 has them. */
#define KEX_LEGACY                                                                                 \
	"diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1,"                          \
	"diffie-hellman-group1-sha1"
#define CIPHER_MODERN                                                                              \
	"chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,"  \
	"aes192-ctr,aes128-ctr"
#define CIPHER_LEGACY "aes256-cbc,aes192-cbc,aes128-cbc,3des-cbc"
#define MAC_MODERN                                                                                 \
	"hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512"
#define MAC_LEGACY "hmac-sha1-etm@openssh.com,hmac-sha1"

/* One row per list of RFC 4253 section 7.1 that can fail; label is libssh's word for it. Host keys
 * have a table of their own below. */
static const struct {
	enum ssh_options_e option;
	const char *label;
	const char *name;
	const char *modern, *legacy;
} lists[] = {
	{SSH_OPTIONS_KEY_EXCHANGE, "kex algos", "key exchange", KEX_MODERN, KEX_LEGACY},
	{SSH_OPTIONS_CIPHERS_C_S, "encryption client->server", "cipher", CIPHER_MODERN,
         CIPHER_LEGACY},
	{SSH_OPTIONS_CIPHERS_S_C, "encryption server->client", "cipher", CIPHER_MODERN,
         CIPHER_LEGACY},
	{SSH_OPTIONS_HMAC_C_S, "mac algo client->server", "MAC", MAC_MODERN, MAC_LEGACY},
	{SSH_OPTIONS_HMAC_S_C, "mac algo server->client", "MAC", MAC_MODERN, MAC_LEGACY},
};

static const struct {
	const char *name;
	enum ssh_keytypes_e type;
	bool legacy;
} host_keys[] = {
	{"ssh-ed25519", SSH_KEYTYPE_ED25519, false},
	{"ecdsa-sha2-nistp256", SSH_KEYTYPE_ECDSA_P256, false},
	{"ecdsa-sha2-nistp384", SSH_KEYTYPE_ECDSA_P384, false},
	{"ecdsa-sha2-nistp521", SSH_KEYTYPE_ECDSA_P521, false},
	{"rsa-sha2-512", SSH_KEYTYPE_RSA, false},
	{"rsa-sha2-256", SSH_KEYTYPE_RSA, false},
	{"ssh-rsa", SSH_KEYTYPE_RSA, true},
};

enum { LISTS = sizeof(lists) / sizeof(lists[0]) };
enum { HOST_KEYS = sizeof(host_keys) / sizeof(host_keys[0]) };

static void print_list(const char *modern, const char *legacy, bool with_legacy, struct buf *out)
{
	buf_puts(out, modern);
	if (with_legacy)
		buf_printf(out, ",%s", legacy);
}

static void print_host_keys(const struct ssh_conn *c, bool known, struct buf *out)
{
	for (size_t i = 0; i < HOST_KEYS; i++) {
		if (host_keys[i].legacy && !c->target->legacy_algorithms)
			continue;
		if (known_hosts_has_type(&c->known, host_keys[i].type) == known)
			buf_printf(out, "%s%s", out->n ? "," : "", host_keys[i].name);
	}
}

/* A router with keys of several types shows the one that is known, as it does to ssh(1). */
static void order_host_keys(const struct ssh_conn *c, struct buf *out)
{
	print_host_keys(c, true, out);
	print_host_keys(c, false, out);
}

static int set(struct ssh_conn *c, enum ssh_options_e option, const char *text, struct error *err)
{
	if (ssh_options_set(c->ssh, option, text) == SSH_OK)
		return 0;
	return error_set(err, ERROR_SYSTEM, "libssh refuses the algorithms %s: %s", text,
	                 ssh_get_error(c->ssh));
}

int ssh_offer_algorithms(struct ssh_conn *c, struct error *err)
{
	bool legacy = c->target->legacy_algorithms;
	/* OpenSSH's floor; an old router may have a shorter key, and 768 bits is libssh's own. */
	int smallest = legacy ? 768 : 1024;
	struct buf text;
	int r = 0;

	buf_init(&text, 2048);
	for (size_t i = 0; !r && i < LISTS; i++) {
		buf_clear(&text);
		print_list(lists[i].modern, lists[i].legacy, legacy, &text);
		r = set(c, lists[i].option, buf_str(&text), err);
	}
	buf_clear(&text);
	order_host_keys(c, &text);
	if (!r)
		r = set(c, SSH_OPTIONS_HOSTKEYS, buf_str(&text), err);
	/* What we sign with when logging in by key. */
	if (!r)
		r = set(c, SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, buf_str(&text), err);
	if (!r && ssh_options_set(c->ssh, SSH_OPTIONS_RSA_MIN_SIZE, &smallest) != SSH_OK)
		r = error_set(err, ERROR_SYSTEM, "libssh refuses %d-bit RSA keys", smallest);
	buf_done(&text);
	return r;
}

/* Is one of the comma-separated names of text the word of n bytes? */
static bool lists_word(const char *text, const char *word, size_t n)
{
	for (;;) {
		size_t len = strcspn(text, ",");

		if (len == n && memcmp(text, word, n) == 0)
			return true;
		if (!text[len])
			return false;
		text += len + 1;
	}
}

/* The names between "[" and "]" that are algorithms: the extension markers of RFC 8308 and
 * strict key exchange travel in the same list. *helps: one of them is in legacy. */
static void print_offer(const char *p, const char *legacy, bool *helps, struct buf *out)
{
	while (*p && *p != ']') {
		size_t n = strcspn(p, ",]");

		if (n && strncmp(p, "ext-info-", 9) && strncmp(p, "kex-strict-", 11)) {
			buf_puts(out, out->n ? ", " : "");
			buf_add(out, p, n);
			*helps = *helps || lists_word(legacy, p, n);
		}
		p += n;
		p += *p == ',';
	}
	if (!out->n)
		buf_puts(out, "none");
}

static void print_ours(const struct ssh_conn *c, size_t row, struct buf *out)
{
	struct buf text;

	buf_init(&text, 2048);
	if (row < LISTS)
		print_list(lists[row].modern, lists[row].legacy, c->target->legacy_algorithms,
		           &text);
	else
		order_host_keys(c, &text);
	for (const char *p = buf_str(&text); *p; p++) {
		buf_putc(out, *p);
		if (*p == ',')
			buf_putc(out, ' ');
	}
	buf_done(&text);
}

/* "kex error : no match for method LABEL: server [a,b], client [c,d]". LISTS = host keys. */
static const char *find_failure(const char *text, size_t *row)
{
	static const char head[] = "no match for method ";
	const char *label = strstr(text, head);
	const char *offer = label ? strstr(label, "server [") : NULL;

	if (!offer)
		return NULL;
	label += sizeof(head) - 1;
	*row = LISTS;
	for (size_t i = 0; i < LISTS; i++)
		if (strncmp(label, lists[i].label, strlen(lists[i].label)) == 0)
			*row = i;
	if (*row == LISTS && strncmp(label, "server host key", 15))
		return NULL;
	return offer + strlen("server [");
}

bool ssh_no_common_algorithm(struct ssh_conn *c, struct error *err)
{
	size_t row;
	const char *offer = find_failure(ssh_reason(c), &row);
	struct buf theirs, ours;
	bool helps = false;

	if (!offer)
		return false;
	buf_init(&theirs, 1024);
	buf_init(&ours, 1024);
	print_offer(offer, row < LISTS ? lists[row].legacy : "ssh-rsa", &helps, &theirs);
	print_ours(c, row, &ours);
	error_set(err, ERROR_NETWORK,
	          "no common %s algorithm with %s: the router offers %s; this side offers %s",
	          row < LISTS ? lists[row].name : "host key", c->where, buf_str(&theirs),
	          buf_str(&ours));
	if (helps)
		error_hint(err,
		           "an old RouterOS (6.x) needs `legacy-algorithms: yes` for this router");
	else
		error_hint(err, "compare with `/ip ssh print` on the router");
	buf_done(&theirs);
	buf_done(&ours);
	return true;
}
