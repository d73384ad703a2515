/* Logging in: what is tried, what is not, and the sentence for every refusal. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <libssh/libssh.h>

#include "tests/support/ssh_lab.h"

#define COMMAND "/ip service print"

static void check_in(struct ssh_lab *lab)
{
	if (lab_open(lab))
		fail_msg("not logged in: %s", lab->text);
	assert_int_equal(lab_fetch(lab, COMMAND), 0);
	lab_stop(lab);
}

/* The golden file's name says which case it is. */
static void check_out(struct ssh_lab *lab, enum error_kind kind, const char *golden)
{
	char path[128];

	assert_int_equal(lab_open(lab), -1);
	snprintf(path, sizeof(path), "ssh/login-%s.txt", golden);
	assert_golden(path, lab->text);
	assert_int_equal(lab->err.kind, kind);
	lab_stop(lab);
}

static void test_password(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, "--password", "geheim", NULL);
	lab_password(&lab, "geheim");
	check_in(&lab);
}

static void test_keyboard_interactive(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, "--password", "geheim", "--methods", "keyboard-interactive", NULL);
	lab_password(&lab, "geheim");
	check_in(&lab);
}

static void test_wrong_password_over_keyboard_interactive(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, "--password", "geheim", "--methods", "keyboard-interactive", NULL);
	lab_password(&lab, "falsch");
	check_out(&lab, ERROR_AUTH, "wrong-password");
}

static void test_empty_password_of_a_fresh_router(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, "--password", "", NULL);
	lab_password(&lab, "");
	check_in(&lab);
}

static void test_wrong_password(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, "--password", "geheim", NULL);
	lab_password(&lab, "falsch");
	check_out(&lab, ERROR_AUTH, "wrong-password");
}

static void test_empty_password_refused(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, "--password", "geheim", NULL);
	lab_password(&lab, "");
	check_out(&lab, ERROR_AUTH, "empty-password");
}

static void test_nothing_is_tried_unasked(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, "--password", "", "--fault", "auth-none", NULL);
	check_out(&lab, ERROR_AUTH, "nothing");
}

static void test_password_not_offered_names_the_key(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, "--password", "geheim", "--methods", "publickey", NULL);
	lab_password(&lab, "geheim");
	check_out(&lab, ERROR_AUTH, "password-not-offered");
}

static void test_secret_is_in_no_sentence(void **state)
{
	static const char *const faults[] = {"auth-deny", "auth-close", "auth-partial",
	                                     "exec-refuse"};

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct ssh_lab lab;

		lab_start(&lab, "--password", "xyzzy-geheim", "--fault", faults[i], NULL);
		lab_password(&lab, "xyzzy-geheim");
		if (lab_open(&lab) == 0)
			lab_fetch(&lab, COMMAND);
		assert_true(error_is_set(&lab.err));
		assert_null(strstr(lab.text, "xyzzy"));
		lab_stop(&lab);
	}
}

/* A password that cannot be read is told before the router is bothered. */
static void test_missing_secret_costs_no_connection(void **state)
{
	struct ssh_lab lab;

	(void)state;
	unsetenv("ROSAUDIT_TEST_UNSET");
	lab_start(&lab, "--password", "geheim", NULL);
	program_stop(&lab.peer);
	lab.target.password = (struct secret_spec){SECRET_ENV, "ROSAUDIT_TEST_UNSET"};
	check_out(&lab, ERROR_CONFIG, "secret-missing");
}

/* --- keys ------------------------------------------------------------------------------------ */

/* A key pair "key", and a peer that accepts it; false without ssh-keygen. */
static bool start_with_key(struct ssh_lab *lab, const char *type, const char *bits,
                           const char *format, const char *passphrase)
{
	static char key[4096];
	struct ssh_lab keys = {.dir = lab_temp_dir()};

	if (!lab_keygen(&keys, "key", type, bits, format, passphrase))
		return false;
	lab_start(lab, "--password", "geheim", "--authorized", lab_path(&keys, "key.pub"), NULL);
	snprintf(key, sizeof(key), "%s", lab_path(&keys, "key"));
	lab->dir = keys.dir;
	lab->target.key = key;
	return true;
}

static const struct {
	const char *type, *bits, *format;
} kinds[] = {
	{"ed25519", "256", "RFC4716"}, {"rsa", "2048", "RFC4716"},  {"rsa", "2048", "PEM"},
	{"rsa", "3072", "PKCS8"},      {"ecdsa", "256", "RFC4716"}, {"ecdsa", "384", "PEM"},
	{"ecdsa", "521", "PKCS8"},
};

static void test_keys_of_every_type_and_format(void **state)
{
	struct ssh_lab lab;

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!start_with_key(&lab, kinds[i].type, kinds[i].bits, kinds[i].format, ""))
			skip();
		check_in(&lab);
	}
}

static void test_encrypted_keys_of_every_type_and_format(void **state)
{
	struct ssh_lab lab;

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!start_with_key(&lab, kinds[i].type, kinds[i].bits, kinds[i].format, "sesam"))
			skip();
		lab.target.key_passphrase = (struct secret_spec){SECRET_LITERAL, "sesam"};
		check_in(&lab);
	}
}

static void test_encrypted_key_without_passphrase(void **state)
{
	struct ssh_lab lab;

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!start_with_key(&lab, kinds[i].type, kinds[i].bits, kinds[i].format, "sesam"))
			skip();
		check_out(&lab, ERROR_AUTH, "key-encrypted");
	}
}

static void test_wrong_passphrase(void **state)
{
	struct ssh_lab lab;

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!start_with_key(&lab, kinds[i].type, kinds[i].bits, kinds[i].format, "sesam"))
			skip();
		lab.target.key_passphrase = (struct secret_spec){SECRET_LITERAL, "falsch"};
		check_out(&lab, ERROR_AUTH, "key-passphrase");
	}
}

static void test_passphrase_of_an_open_key_is_not_asked_for(void **state)
{
	struct ssh_lab lab;

	(void)state;
	unsetenv("ROSAUDIT_TEST_UNSET");
	if (!start_with_key(&lab, "ed25519", "256", "RFC4716", ""))
		skip();
	lab.target.key_passphrase = (struct secret_spec){SECRET_ENV, "ROSAUDIT_TEST_UNSET"};
	check_in(&lab);
}

static void test_key_refused(void **state)
{
	struct ssh_lab lab;

	(void)state;
	if (!start_with_key(&lab, "ed25519", "256", "RFC4716", ""))
		skip();
	lab.target.user = "audit";
	check_out(&lab, ERROR_AUTH, "key-refused");
}

static void test_key_refused_then_password_taken(void **state)
{
	struct ssh_lab lab, keys = {.dir = lab_temp_dir()};

	(void)state;
	if (!lab_keygen(&keys, "key", "ed25519", "256", "RFC4716", ""))
		skip();
	lab_start(&lab, "--password", "geheim", NULL);
	lab.target.key = lab_path(&keys, "key");
	lab_password(&lab, "geheim");
	check_in(&lab);
}

static void test_key_and_password_refused(void **state)
{
	struct ssh_lab lab;

	(void)state;
	if (!start_with_key(&lab, "ed25519", "256", "RFC4716", ""))
		skip();
	lab.target.user = "audit";
	lab_password(&lab, "falsch");
	check_out(&lab, ERROR_AUTH, "key-and-password");
}

static void test_key_refused_and_no_password_offered(void **state)
{
	struct ssh_lab lab, keys = {.dir = lab_temp_dir()};

	(void)state;
	if (!lab_keygen(&keys, "key", "ed25519", "256", "RFC4716", ""))
		skip();
	lab_start(&lab, "--methods", "publickey", NULL);
	lab.dir = keys.dir;
	lab.target.key = lab_path(&keys, "key");
	lab_password(&lab, "geheim");
	check_out(&lab, ERROR_AUTH, "key-and-no-password");
}

static void test_key_not_offered(void **state)
{
	struct ssh_lab lab, keys = {.dir = lab_temp_dir()};

	(void)state;
	if (!lab_keygen(&keys, "key", "ed25519", "256", "RFC4716", ""))
		skip();
	lab_start(&lab, "--password", "geheim", "--methods", "password", NULL);
	lab.target.key = lab_path(&keys, "key");
	check_out(&lab, ERROR_AUTH, "key-not-offered");
}

static void test_key_then_second_factor(void **state)
{
	struct ssh_lab lab, keys = {.dir = lab_temp_dir()};

	(void)state;
	if (!lab_keygen(&keys, "key", "ed25519", "256", "RFC4716", ""))
		skip();
	lab_start(&lab, "--fault", "auth-partial", "--password", "geheim", "--authorized",
	          lab_path(&keys, "key.pub"), NULL);
	lab.target.key = lab_path(&keys, "key");
	lab_password(&lab, "geheim");
	check_in(&lab);
}

static void test_rsa_key_with_sha1_needs_legacy_algorithms(void **state)
{
	struct ssh_lab lab, keys = {.dir = lab_temp_dir()};

	(void)state;
	if (!lab_keygen(&keys, "key", "rsa", "2048", "RFC4716", ""))
		skip();
	for (int legacy = 0; legacy < 2; legacy++) {
		lab_start(&lab, "--rsa-sha1", "--authorized", lab_path(&keys, "key.pub"), NULL);
		lab.dir = keys.dir;
		lab.target.key = lab_path(&keys, "key");
		lab.target.legacy_algorithms = legacy;
		if (legacy)
			check_in(&lab);
		else
			check_out(&lab, ERROR_AUTH, "key-rsa-sha1");
	}
}

static void test_short_rsa_key(void **state)
{
	struct ssh_lab lab;
	ssh_key key;

	(void)state;
	lab_start(&lab, "--password", "geheim", NULL);
	assert_int_equal(ssh_pki_generate(SSH_KEYTYPE_RSA, 768, &key), SSH_OK);
	assert_int_equal(ssh_pki_export_privkey_file(key, NULL, NULL, NULL, lab_path(&lab, "key")),
	                 SSH_OK);
	ssh_key_free(key);
	lab.target.key = lab_path(&lab, "key");
	check_out(&lab, ERROR_AUTH, "key-short");
}

static void test_key_file_missing(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, "--password", "geheim", NULL);
	lab.target.key = lab_path(&lab, "no-such-key");
	check_out(&lab, ERROR_SYSTEM, "key-missing");
}

static void test_key_file_cannot_be_read(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, "--password", "geheim", NULL);
	lab.target.key = lab.dir; /* a directory: root could read any file */
	check_out(&lab, ERROR_SYSTEM, "key-unreadable");
}

static void test_key_file_is_no_key(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, "--password", "geheim", NULL);
	lab.target.key = lab_path(&lab, "key");
	test_write_file(lab.target.key, "geheim\n");
	check_out(&lab, ERROR_AUTH, "key-no-key");
}

static void test_public_key_given_as_key(void **state)
{
	struct ssh_lab lab;
	static char public[4096];

	(void)state;
	if (!start_with_key(&lab, "ed25519", "256", "RFC4716", ""))
		skip();
	snprintf(public, sizeof(public), "%s.pub", lab.target.key);
	lab.target.key = public;
	check_out(&lab, ERROR_AUTH, "key-public");
}

static void test_tilde_is_home(void **state)
{
	struct ssh_lab lab;

	(void)state;
	if (!start_with_key(&lab, "ed25519", "256", "RFC4716", ""))
		skip();
	setenv("HOME", lab.dir, 1);
	lab.target.key = "~/key";
	check_in(&lab);
}

/* --- the agent ------------------------------------------------------------------------------- */

static void test_no_agent(void **state)
{
	struct ssh_lab lab;

	(void)state;
	unsetenv("SSH_AUTH_SOCK");
	lab_start(&lab, "--password", "geheim", NULL);
	lab.target.agent = true;
	check_out(&lab, ERROR_AUTH, "agent-none");
}

static void test_dead_agent(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, "--password", "geheim", NULL);
	setenv("SSH_AUTH_SOCK", lab_path(&lab, "socket"), 1);
	lab.target.agent = true;
	check_out(&lab, ERROR_SYSTEM, "agent-dead");
	unsetenv("SSH_AUTH_SOCK");
}

static void test_missing_agent_leaves_the_password(void **state)
{
	struct ssh_lab lab;

	(void)state;
	unsetenv("SSH_AUTH_SOCK");
	lab_start(&lab, "--password", "geheim", NULL);
	lab.target.agent = true;
	lab_password(&lab, "geheim");
	check_in(&lab);
}

/* ssh-agent in the foreground, at DIR/agent. */
static void start_agent(struct program *agent, struct ssh_lab *lab)
{
	static char socket_path[4096];
	const char *argv[] = {"ssh-agent", "-D", "-a", socket_path, NULL};

	snprintf(socket_path, sizeof(socket_path), "%s/agent", lab->dir);
	program_start(agent, argv, NULL, "SSH_AUTH_SOCK=");
	setenv("SSH_AUTH_SOCK", socket_path, 1);
}

static void test_agent_without_keys(void **state)
{
	struct program agent;
	struct ssh_lab lab;

	(void)state;
	if (!program_installed("ssh-agent"))
		skip();
	lab_start(&lab, "--password", "geheim", NULL);
	start_agent(&agent, &lab);
	lab.target.agent = true;
	check_out(&lab, ERROR_AUTH, "agent-empty");
	program_stop(&agent);
}

static bool add_to_agent(const char *key)
{
	const char *argv[] = {"ssh-add", "-q", key, NULL};

	return lab_run(argv) == 0;
}

static void test_agent_logs_in_with_one_of_its_keys(void **state)
{
	struct program agent;
	struct ssh_lab lab;

	(void)state;
	if (!program_installed("ssh-agent") || !start_with_key(&lab, "rsa", "2048", "RFC4716", ""))
		skip();
	start_agent(&agent, &lab);
	assert_true(lab_keygen(&lab, "wrong", "ed25519", "256", "RFC4716", ""));
	assert_true(add_to_agent(lab_path(&lab, "wrong")));
	assert_true(add_to_agent(lab.target.key));
	lab.target.key = NULL;
	lab.target.agent = true;
	check_in(&lab);
	program_stop(&agent);
}

static void test_every_key_of_the_agent_refused(void **state)
{
	struct program agent;
	struct ssh_lab lab;

	(void)state;
	if (!program_installed("ssh-agent"))
		skip();
	lab_start(&lab, "--password", "geheim", NULL);
	start_agent(&agent, &lab);
	assert_true(lab_keygen(&lab, "a", "ed25519", "256", "RFC4716", ""));
	assert_true(lab_keygen(&lab, "b", "ecdsa", "256", "RFC4716", ""));
	assert_true(add_to_agent(lab_path(&lab, "a")));
	assert_true(add_to_agent(lab_path(&lab, "b")));
	lab.target.agent = true;
	check_out(&lab, ERROR_AUTH, "agent-refused");
	program_stop(&agent);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_password),
		cmocka_unit_test(test_keyboard_interactive),
		cmocka_unit_test(test_wrong_password_over_keyboard_interactive),
		cmocka_unit_test(test_empty_password_of_a_fresh_router),
		cmocka_unit_test(test_wrong_password),
		cmocka_unit_test(test_empty_password_refused),
		cmocka_unit_test(test_nothing_is_tried_unasked),
		cmocka_unit_test(test_password_not_offered_names_the_key),
		cmocka_unit_test(test_secret_is_in_no_sentence),
		cmocka_unit_test(test_missing_secret_costs_no_connection),
		cmocka_unit_test(test_keys_of_every_type_and_format),
		cmocka_unit_test(test_encrypted_keys_of_every_type_and_format),
		cmocka_unit_test(test_encrypted_key_without_passphrase),
		cmocka_unit_test(test_wrong_passphrase),
		cmocka_unit_test(test_passphrase_of_an_open_key_is_not_asked_for),
		cmocka_unit_test(test_key_refused),
		cmocka_unit_test(test_key_refused_then_password_taken),
		cmocka_unit_test(test_key_and_password_refused),
		cmocka_unit_test(test_key_refused_and_no_password_offered),
		cmocka_unit_test(test_key_not_offered),
		cmocka_unit_test(test_key_then_second_factor),
		cmocka_unit_test(test_rsa_key_with_sha1_needs_legacy_algorithms),
		cmocka_unit_test(test_short_rsa_key),
		cmocka_unit_test(test_key_file_missing),
		cmocka_unit_test(test_key_file_cannot_be_read),
		cmocka_unit_test(test_key_file_is_no_key),
		cmocka_unit_test(test_public_key_given_as_key),
		cmocka_unit_test(test_tilde_is_home),
		cmocka_unit_test(test_no_agent),
		cmocka_unit_test(test_dead_agent),
		cmocka_unit_test(test_missing_agent_leaves_the_password),
		cmocka_unit_test(test_agent_without_keys),
		cmocka_unit_test(test_agent_logs_in_with_one_of_its_keys),
		cmocka_unit_test(test_every_key_of_the_agent_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
