/* Host keys: pinned, known, unknown, changed. The peer keeps no key between tests, so each test
 * writes the known_hosts file that it is about. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/ssh_lab.h"

/* Another host key of the same type: nobody has its private half. */
#define OTHER_ED25519 "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

/* A peer whose key is judged by DIR/known_hosts, which holds text ("" = there is no such file). In
 * text, HOST is replaced by "[127.0.0.1]:PORT" and KEY by the peer's own "type base64". */
struct trust {
	struct ssh_lab lab;
	char host[64];
	char key[1024];
	char file[4096];
};

/* The peer's key as a known_hosts line would have it: what --accept-new writes. */
static void learn_key(struct trust *t)
{
	char *text, *key;

	snprintf(t->file, sizeof(t->file), "%s/learned", t->lab.dir);
	t->lab.target.known_hosts = t->file;
	t->lab.target.accept_new = true;
	assert_int_equal(lab_open(&t->lab), 0);
	lab_close(&t->lab);
	text = test_read_file(t->file);
	key = strchr(text, ' ');
	assert_non_null(key);
	snprintf(t->key, sizeof(t->key), "%.*s", (int)strcspn(key + 1, "\n"), key + 1);
	snprintf(t->host, sizeof(t->host), "%.*s", (int)(key - text), text);
	free(text);
	t->lab.target.accept_new = false;
}

static void write_known(struct trust *t, const char *text)
{
	char out[8192];
	size_t n = 0;

	for (const char *p = text; *p; p++) {
		const char *word = strncmp(p, "HOST", 4) == 0  ? t->host
		                   : strncmp(p, "KEY", 3) == 0 ? t->key
		                                               : NULL;

		if (!word) {
			out[n++] = *p;
			continue;
		}
		p += strncmp(p, "HOST", 4) == 0 ? 3 : 2;
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s", word);
	}
	out[n] = '\0';
	snprintf(t->file, sizeof(t->file), "%s/known_hosts", t->lab.dir);
	t->lab.target.known_hosts = t->file;
	if (n)
		test_write_file(t->file, out);
}

static void begin(struct trust *t, const char *type, const char *known)
{
	*t = (struct trust){0};
	lab_start(&t->lab, "--password", "geheim", "--host-key-type", type, NULL);
	lab_password(&t->lab, "geheim");
	t->lab.target.host_key = NULL;
	learn_key(t);
	write_known(t, known);
}

static void check_refused(const char *known, bool accept_new, const char *golden)
{
	struct trust t;
	char path[128], *before, *after;

	begin(&t, "ed25519", known);
	t.lab.target.accept_new = accept_new;
	before = test_read_file(t.file);
	assert_int_equal(lab_open(&t.lab), -1);
	assert_int_equal(t.lab.err.kind, ERROR_TRUST);
	snprintf(path, sizeof(path), "ssh/trust-%s.txt", golden);
	assert_golden(path, t.lab.text);
	after = test_read_file(t.file);
	assert_string_equal(after, before);
	free(before);
	free(after);
	lab_stop(&t.lab);
}

static void check_trusted(const char *type, const char *known)
{
	struct trust t;

	begin(&t, type, known);
	if (lab_open(&t.lab) != 0)
		fail_msg("not trusted: %s", t.lab.text);
	lab_stop(&t.lab);
}

static void test_known_key_is_trusted(void **state)
{
	(void)state;
	check_trusted("ed25519", "HOST KEY\n");
	check_trusted("rsa", "HOST KEY\n");
	check_trusted("ecdsa", "HOST KEY\n");
}

static void test_known_key_is_found_in_every_form(void **state)
{
	(void)state;
	check_trusted("ed25519", "# comment\n\n  HOST KEY comment at the end\n");
	check_trusted("ed25519", "other.example,HOST KEY");
	check_trusted("ed25519", "HOST\tKEY\r\n");
	check_trusted("ed25519", "[127.0.0.*]:* KEY\n");
}

static void test_one_right_line_is_enough(void **state)
{
	(void)state;
	check_trusted("ed25519", "HOST ssh-ed25519 " OTHER_ED25519 "\nHOST KEY\n");
	check_trusted("ed25519", "HOST unknown-type AAAA\nHOST KEY\n");
}

static void test_lines_of_other_hosts_do_not_disturb(void **state)
{
	(void)state;
	check_trusted("ed25519", "broken\nother.example broken\n@cert-authority * KEY\nHOST KEY\n");
}

static void test_unknown_key_is_refused_with_fingerprint(void **state)
{
	(void)state;
	check_refused("other.example KEY\n", false, "unknown");
}

static void test_key_without_port_is_not_for_another_port(void **state)
{
	(void)state;
	check_refused("127.0.0.1 KEY\n", false, "unknown");
}

static void test_negated_pattern_excludes(void **state)
{
	(void)state;
	check_refused("!HOST,* KEY\n", false, "unknown");
}

static void test_changed_key_is_refused_with_the_line_to_run(void **state)
{
	(void)state;
	check_refused("\nHOST ssh-ed25519 " OTHER_ED25519 "\n", false, "changed");
}

static void test_changed_key_is_refused_even_with_accept_new(void **state)
{
	(void)state;
	check_refused("\nHOST ssh-ed25519 " OTHER_ED25519 "\n", true, "changed");
}

static void test_changed_type_is_refused_even_with_accept_new(void **state)
{
	(void)state;
	check_refused(
		"HOST ecdsa-sha2-nistp256 "
		"AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGsX0fLhLEJH+Lzm5WOkQPJ3A32"
		"BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivOM1drMV7Oy7ZAaDe/UfU=\n",
		true, "other-type");
}

/* libssh stops reading known_hosts here, and calls a changed key unknown. */
static void test_line_not_understood_is_no_unknown_host(void **state)
{
	(void)state;
	check_refused("HOST unknown-type AAAA\n", true, "not-understood");
	check_refused("HOST unknown-type AAAA\nHOST ssh-ed25519 " OTHER_ED25519 "\n", true,
	              "changed");
}

static void test_revoked_key_is_refused(void **state)
{
	(void)state;
	check_refused("@revoked * KEY\nHOST KEY\n", true, "revoked");
}

static void test_revoked_other_key_does_not_matter(void **state)
{
	(void)state;
	check_trusted("ed25519", "@revoked * ssh-ed25519 " OTHER_ED25519 "\nHOST KEY\n");
}

static void test_accept_new_adds_and_then_knows(void **state)
{
	struct trust t;
	struct stat st;
	char *text, expected[2048];

	(void)state;
	begin(&t, "ed25519", "");
	snprintf(t.file, sizeof(t.file), "%s/new/dir/known_hosts", t.lab.dir);
	t.lab.target.accept_new = true;
	assert_int_equal(lab_open(&t.lab), 0);
	lab_close(&t.lab);
	snprintf(expected, sizeof(expected), "%s %s\n", t.host, t.key);
	text = test_read_file(t.file);
	assert_string_equal(text, expected);
	free(text);
	assert_int_equal(stat(t.file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	t.lab.target.accept_new = false;
	assert_int_equal(lab_open(&t.lab), 0);
	lab_stop(&t.lab);
}

static void test_accept_new_keeps_a_last_line_without_newline(void **state)
{
	struct trust t;
	char *text, expected[4096];

	(void)state;
	begin(&t, "ed25519", "other.example ssh-ed25519 " OTHER_ED25519);
	t.lab.target.accept_new = true;
	assert_int_equal(lab_open(&t.lab), 0);
	snprintf(expected, sizeof(expected), "other.example ssh-ed25519 " OTHER_ED25519 "\n%s %s\n",
	         t.host, t.key);
	text = test_read_file(t.file);
	assert_string_equal(text, expected);
	free(text);
	lab_stop(&t.lab);
}

static void test_no_password_is_sent_to_an_untrusted_host(void **state)
{
	struct trust t;

	(void)state;
	begin(&t, "ed25519", "");
	/* Read only when it is needed: a secret that cannot be read would be told first. */
	t.lab.target.password = (struct secret_spec){SECRET_LITERAL, "geheim"};
	assert_int_equal(lab_open(&t.lab), -1);
	assert_int_equal(t.lab.err.kind, ERROR_TRUST);
	assert_null(strstr(t.lab.text, "geheim"));
	lab_stop(&t.lab);
}

static void test_known_hosts_that_cannot_be_read_is_told(void **state)
{
	struct trust t;

	(void)state;
	begin(&t, "ed25519", "");
	t.lab.target.known_hosts = t.lab.dir; /* a directory */
	assert_int_equal(lab_open(&t.lab), -1);
	assert_int_equal(t.lab.err.kind, ERROR_SYSTEM);
	assert_string_equal(t.lab.text, "known hosts: cannot read DIR: Is a directory\n");
	lab_stop(&t.lab);
}

static void test_home_is_where_known_hosts_is_by_default(void **state)
{
	struct trust t;

	(void)state;
	begin(&t, "ed25519", "");
	t.lab.target.known_hosts = NULL;
	t.lab.target.accept_new = true;
	setenv("HOME", t.lab.dir, 1);
	assert_int_equal(lab_open(&t.lab), 0);
	lab_close(&t.lab);
	free(test_read_file(lab_path(&t.lab, ".ssh/known_hosts")));
	t.lab.target.accept_new = false;
	assert_int_equal(lab_open(&t.lab), 0);
	lab_stop(&t.lab);
}

/* As ssh(1) does: a host with several keys shows the one that is known. */
static void test_known_type_is_asked_for_first(void **state)
{
	struct trust t;

	(void)state;
	begin(&t, "rsa", "HOST KEY\n");
	assert_int_equal(lab_open(&t.lab), 0);
	lab_stop(&t.lab);
}

static void test_pin_is_compared_with_and_without_padding(void **state)
{
	struct ssh_lab lab;
	char padded[80];

	(void)state;
	lab_start(&lab, "--password", "geheim", NULL);
	lab_password(&lab, "geheim");
	assert_int_equal(lab_open(&lab), 0);
	lab_close(&lab);
	snprintf(padded, sizeof(padded), "%s=", lab.fingerprint);
	lab.target.host_key = padded;
	assert_int_equal(lab_open(&lab), 0);
	lab_stop(&lab);
}

static void test_wrong_pin_is_refused_even_if_known_hosts_agrees(void **state)
{
	struct trust t;

	(void)state;
	begin(&t, "ed25519", "HOST KEY\n");
	t.lab.target.host_key = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	t.lab.target.accept_new = true;
	assert_int_equal(lab_open(&t.lab), -1);
	assert_int_equal(t.lab.err.kind, ERROR_TRUST);
	assert_golden("ssh/trust-pin.txt", t.lab.text);
	assert_contains(t.lab.err.text, t.lab.fingerprint);
	assert_contains(t.lab.err.text, t.lab.target.host_key);
	lab_stop(&t.lab);
}

static void test_pin_outweighs_known_hosts(void **state)
{
	struct trust t;

	(void)state;
	begin(&t, "ed25519", "HOST ssh-ed25519 " OTHER_ED25519 "\n");
	t.lab.target.host_key = t.lab.fingerprint;
	assert_int_equal(lab_open(&t.lab), 0);
	lab_stop(&t.lab);
}

static void test_ssh_keygen_line_mends_it(void **state)
{
	const char *argv[] = {"sh", "-c", NULL, NULL};
	struct trust t;
	char line[8192], *start;

	(void)state;
	if (!program_installed("ssh-keygen"))
		skip();
	begin(&t, "ed25519", "");
	/* A directory whose name needs quoting. */
	snprintf(t.file, sizeof(t.file), "%s/it's here", t.lab.dir);
	snprintf(line, sizeof(line), "%s ssh-ed25519 " OTHER_ED25519 "\n", t.host);
	test_write_file(t.file, line);
	assert_int_equal(lab_open(&t.lab), -1);
	start = strstr(t.lab.err.hint, "ssh-keygen -R ");
	assert_non_null(start);
	snprintf(line, sizeof(line), "%.*s", (int)strcspn(start, "\n"), start);
	argv[2] = line;
	assert_int_equal(lab_run(argv), 0);
	t.lab.target.accept_new = true;
	assert_int_equal(lab_open(&t.lab), 0);
	lab_stop(&t.lab);
}

static void test_hashed_names_are_found(void **state)
{
	const char *argv[] = {"ssh-keygen", "-q", "-H", "-f", NULL, NULL};
	struct trust t;

	(void)state;
	if (!program_installed("ssh-keygen"))
		skip();
	begin(&t, "ed25519", "HOST KEY\n");
	argv[4] = t.file;
	assert_int_equal(lab_run(argv), 0);
	assert_int_equal(lab_open(&t.lab), 0);
	lab_stop(&t.lab);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_key_is_trusted),
		cmocka_unit_test(test_known_key_is_found_in_every_form),
		cmocka_unit_test(test_one_right_line_is_enough),
		cmocka_unit_test(test_lines_of_other_hosts_do_not_disturb),
		cmocka_unit_test(test_unknown_key_is_refused_with_fingerprint),
		cmocka_unit_test(test_key_without_port_is_not_for_another_port),
		cmocka_unit_test(test_negated_pattern_excludes),
		cmocka_unit_test(test_changed_key_is_refused_with_the_line_to_run),
		cmocka_unit_test(test_changed_key_is_refused_even_with_accept_new),
		cmocka_unit_test(test_changed_type_is_refused_even_with_accept_new),
		cmocka_unit_test(test_line_not_understood_is_no_unknown_host),
		cmocka_unit_test(test_revoked_key_is_refused),
		cmocka_unit_test(test_revoked_other_key_does_not_matter),
		cmocka_unit_test(test_accept_new_adds_and_then_knows),
		cmocka_unit_test(test_accept_new_keeps_a_last_line_without_newline),
		cmocka_unit_test(test_no_password_is_sent_to_an_untrusted_host),
		cmocka_unit_test(test_known_hosts_that_cannot_be_read_is_told),
		cmocka_unit_test(test_home_is_where_known_hosts_is_by_default),
		cmocka_unit_test(test_known_type_is_asked_for_first),
		cmocka_unit_test(test_pin_is_compared_with_and_without_padding),
		cmocka_unit_test(test_wrong_pin_is_refused_even_if_known_hosts_agrees),
		cmocka_unit_test(test_pin_outweighs_known_hosts),
		cmocka_unit_test(test_ssh_keygen_line_mends_it),
		cmocka_unit_test(test_hashed_names_are_found),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
