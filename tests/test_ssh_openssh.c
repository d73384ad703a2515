/* The SSH transport against a server that is not ours: OpenSSH's sshd, which logs in the user
 * who runs the test by key and answers every command with a script. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/ssh_lab.h"

#define COMMAND "/ip service print"

/* What a RouterOS 6 offers, in OpenSSH's words. */
#define ROUTEROS6                                                                                  \
	"KexAlgorithms diffie-hellman-group14-sha1,diffie-hellman-group1-sha1\n"                   \
	"HostKeyAlgorithms ssh-rsa\nCiphers aes128-cbc,3des-cbc\nMACs hmac-sha1\n"

/* A lab with host keys of these types (a list that ends in NULL) and a key "key" to log in with.
 * False = skip. */
static bool begin(struct ssh_lab *lab, const char *const *types, const char *key_type,
                  const char *key_bits)
{
	char name[64], *public;

	if (!lab_dir(lab))
		return false;
	for (; *types; types++) {
		snprintf(name, sizeof(name), "host_%s", *types);
		assert_true(lab_keygen(lab, name, *types, strcmp(*types, "rsa") ? "256" : "2048",
		                       "RFC4716", ""));
	}
	assert_true(lab_keygen(lab, "key", key_type, key_bits, "RFC4716", ""));
	public = test_read_file(lab_path(lab, "key.pub"));
	test_write_file(lab_path(lab, "authorized"), public);
	free(public);
	return true;
}

static const char *host_key(const struct ssh_lab *lab, const char *type)
{
	static char lines[2][4200];
	static unsigned next;
	char *line = lines[next++ % 2];

	snprintf(line, sizeof(lines[0]), "HostKey %s/host_%s\n", lab->dir, type);
	return line;
}

static void use_key(struct ssh_lab *lab)
{
	static char key[4096], known[4096];

	snprintf(key, sizeof(key), "%s/key", lab->dir);
	snprintf(known, sizeof(known), "%s/known_hosts", lab->dir);
	lab->target.key = key;
	lab->target.known_hosts = known;
	lab->target.accept_new = true;
}

static void check_answer(struct ssh_lab *lab)
{
	if (lab_open(lab))
		fail_msg("not opened: %s", lab->text);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(lab_fetch(lab, COMMAND), 0);
		assert_string_equal(buf_str(&lab->answer.text), "answer to: /ip service print\r\n");
		assert_int_equal(lab->answer.status, 0);
	}
}

static void check_key(const char *type, const char *bits)
{
	static const char *const hosts[] = {"ed25519", NULL};
	struct ssh_lab lab;

	if (!begin(&lab, hosts, type, bits)) {
		lab_stop(&lab);
		skip();
	}
	lab_start_sshd(&lab, "127.0.0.1", host_key(&lab, "ed25519"));
	use_key(&lab);
	check_answer(&lab);
	lab_stop(&lab);
}

static void test_ed25519_key(void **state)
{
	(void)state;
	check_key("ed25519", "256");
}

static void test_rsa_key(void **state)
{
	(void)state;
	check_key("rsa", "2048");
}

static void test_ecdsa_key(void **state)
{
	(void)state;
	check_key("ecdsa", "384");
}

static void check_host_key(const char *type)
{
	const char *hosts[] = {type, NULL};
	struct ssh_lab lab;

	if (!begin(&lab, hosts, "ed25519", "256")) {
		lab_stop(&lab);
		skip();
	}
	lab_start_sshd(&lab, "127.0.0.1", host_key(&lab, type));
	use_key(&lab);
	check_answer(&lab);
	lab_close(&lab);
	lab.target.accept_new = false;
	check_answer(&lab);
	lab_stop(&lab);
}

static void test_host_keys_of_every_type(void **state)
{
	(void)state;
	check_host_key("ed25519");
	check_host_key("rsa");
	check_host_key("ecdsa");
}

/* The host has two keys, and only the less preferred one is known: it must be the one asked for. */
static void test_known_host_key_type_is_preferred(void **state)
{
	static const char *const hosts[] = {"ed25519", "rsa", NULL};
	char lines[8500], known[8192], *public;
	struct ssh_lab lab;

	(void)state;
	if (!begin(&lab, hosts, "ed25519", "256")) {
		lab_stop(&lab);
		skip();
	}
	snprintf(lines, sizeof(lines), "%s%s", host_key(&lab, "ed25519"), host_key(&lab, "rsa"));
	lab_start_sshd(&lab, "127.0.0.1", lines);
	use_key(&lab);
	lab.target.accept_new = false;
	public = test_read_file(lab_path(&lab, "host_rsa.pub"));
	snprintf(known, sizeof(known), "[127.0.0.1]:%u %s", lab.target.port, public);
	free(public);
	test_write_file(lab.target.known_hosts, known);
	check_answer(&lab);
	lab_stop(&lab);
}

static void test_known_hosts_written_by_us_is_read_by_ssh(void **state)
{
	static const char *const hosts[] = {"ed25519", NULL};
	char port[16], known[4200];
	const char *argv[] = {"ssh",
	                      "-F",
	                      "none",
	                      "-o",
	                      "StrictHostKeyChecking=yes",
	                      "-o",
	                      "BatchMode=yes",
	                      "-o",
	                      known,
	                      "-o",
	                      "GlobalKnownHostsFile=/dev/null",
	                      "-i",
	                      NULL,
	                      "-p",
	                      port,
	                      "127.0.0.1",
	                      "x",
	                      NULL};
	struct ssh_lab lab;

	(void)state;
	if (!program_installed("ssh") || !begin(&lab, hosts, "ed25519", "256"))
		skip();
	lab_start_sshd(&lab, "127.0.0.1", host_key(&lab, "ed25519"));
	use_key(&lab);
	check_answer(&lab);
	snprintf(port, sizeof(port), "%u", lab.target.port);
	snprintf(known, sizeof(known), "UserKnownHostsFile=%s", lab.target.known_hosts);
	argv[12] = lab.target.key;
	assert_int_equal(lab_run(argv), 0);
	lab_stop(&lab);
}

static void test_ipv6(void **state)
{
	static const char *const hosts[] = {"ed25519", NULL};
	struct ssh_lab lab;

	(void)state;
	if (!begin(&lab, hosts, "ed25519", "256")) {
		lab_stop(&lab);
		skip();
	}
	lab_start_sshd(&lab, "::1", host_key(&lab, "ed25519"));
	use_key(&lab);
	check_answer(&lab);
	assert_int_equal(lab.session->remote.family, 6);
	lab_stop(&lab);
}

static void test_key_refused(void **state)
{
	static const char *const hosts[] = {"ed25519", NULL};
	struct ssh_lab lab;

	(void)state;
	if (!begin(&lab, hosts, "ed25519", "256")) {
		lab_stop(&lab);
		skip();
	}
	lab_start_sshd(&lab, "127.0.0.1", host_key(&lab, "ed25519"));
	use_key(&lab);
	test_write_file(lab_path(&lab, "authorized"), "");
	lab.target.user = "nobody";
	assert_int_equal(lab_open(&lab), -1);
	assert_int_equal(lab.err.kind, ERROR_AUTH);
	assert_contains(lab.text,
	                "127.0.0.1 port N refused the login of nobody with the key DIR/key");
	lab_stop(&lab);
}

static void test_exec_not_permitted(void **state)
{
	static const char *const hosts[] = {"ed25519", NULL};
	char lines[4300];
	struct ssh_lab lab;

	(void)state;
	if (!begin(&lab, hosts, "ed25519", "256")) {
		lab_stop(&lab);
		skip();
	}
	snprintf(lines, sizeof(lines), "%sMaxSessions 0\n", host_key(&lab, "ed25519"));
	lab_start_sshd(&lab, "127.0.0.1", lines);
	use_key(&lab);
	assert_int_equal(lab_open(&lab), 0);
	assert_int_equal(lab_fetch(&lab, COMMAND), -1);
	assert_int_equal(lab.err.kind, ERROR_REMOTE);
	assert_contains(lab.text, ", but refused to open a channel for a command");
	lab_stop(&lab);
}

static void start_routeros6(struct ssh_lab *lab, const char *lines)
{
	static const char *const hosts[] = {"rsa", NULL};
	char text[8192];

	if (!begin(lab, hosts, "rsa", "2048")) {
		lab_stop(lab);
		skip();
	}
	snprintf(text, sizeof(text), "%s%s", host_key(lab, "rsa"), lines);
	lab_start_sshd(lab, "127.0.0.1", text);
	use_key(lab);
}

static void test_routeros6_needs_legacy_algorithms(void **state)
{
	struct ssh_lab lab;

	(void)state;
	start_routeros6(&lab, ROUTEROS6);
	assert_int_equal(lab_open(&lab), -1);
	assert_int_equal(lab.err.kind, ERROR_NETWORK);
	assert_golden("ssh/algorithms-kex.txt", lab.text);
	lab.target.legacy_algorithms = true;
	check_answer(&lab);
	lab_stop(&lab);
}

/* One list alone is old: the sentence names that one. */
static void check_old(const char *line, const char *golden)
{
	struct ssh_lab lab;
	char path[128];

	start_routeros6(&lab, line);
	assert_int_equal(lab_open(&lab), -1);
	assert_int_equal(lab.err.kind, ERROR_NETWORK);
	snprintf(path, sizeof(path), "ssh/algorithms-%s.txt", golden);
	assert_golden(path, lab.text);
	lab.target.legacy_algorithms = true;
	check_answer(&lab);
	lab_stop(&lab);
}

static void test_old_host_key_algorithm_is_named(void **state)
{
	(void)state;
	check_old("HostKeyAlgorithms ssh-rsa\n", "host-key");
}

static void test_old_cipher_is_named(void **state)
{
	(void)state;
	check_old("Ciphers aes256-cbc,aes128-cbc,3des-cbc\n", "cipher");
}

static void test_old_mac_is_named(void **state)
{
	(void)state;
	check_old("Ciphers aes128-ctr\nMACs hmac-sha1\n", "mac");
}

static void test_algorithm_that_nobody_knows_is_no_reason_for_legacy(void **state)
{
	struct ssh_lab lab;

	(void)state;
	start_routeros6(&lab, "Ciphers aes128-ctr\nMACs umac-64@openssh.com\n");
	assert_int_equal(lab_open(&lab), -1);
	assert_golden("ssh/algorithms-unknown.txt", lab.text);
	lab_stop(&lab);
}

static void test_every_old_key_exchange_works_with_legacy(void **state)
{
	static const char *const kex[] = {
		"KexAlgorithms diffie-hellman-group14-sha1\n",
		"KexAlgorithms diffie-hellman-group1-sha1\n",
		"KexAlgorithms diffie-hellman-group-exchange-sha1\n",
		"KexAlgorithms diffie-hellman-group-exchange-sha256\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kex) / sizeof(kex[0]); i++) {
		struct ssh_lab lab;

		start_routeros6(&lab, kex[i]);
		lab.target.legacy_algorithms = true;
		check_answer(&lab);
		lab_stop(&lab);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ed25519_key),
		cmocka_unit_test(test_rsa_key),
		cmocka_unit_test(test_ecdsa_key),
		cmocka_unit_test(test_host_keys_of_every_type),
		cmocka_unit_test(test_known_host_key_type_is_preferred),
		cmocka_unit_test(test_known_hosts_written_by_us_is_read_by_ssh),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_key_refused),
		cmocka_unit_test(test_exec_not_permitted),
		cmocka_unit_test(test_routeros6_needs_legacy_algorithms),
		cmocka_unit_test(test_old_host_key_algorithm_is_named),
		cmocka_unit_test(test_old_cipher_is_named),
		cmocka_unit_test(test_old_mac_is_named),
		cmocka_unit_test(test_algorithm_that_nobody_knows_is_no_reason_for_legacy),
		cmocka_unit_test(test_every_old_key_exchange_works_with_legacy),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
