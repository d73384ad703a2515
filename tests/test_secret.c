/* Secrets: every source, and that none of them shows up where it should not. */
#include "tests/test.h"

#include <fcntl.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "rosaudit/cancel.h"
#include "rosaudit/error.h"
#include "rosaudit/limits.h"
#include "rosaudit/secret.h"

#define WHAT "password of admin@r1"

static void check(enum secret_source source, const char *text, const char *expected)
{
	struct secret_spec spec = {source, text};
	struct secret secret = {0};
	struct error err = {0};

	if (secret_read(&spec, WHAT, &secret, &err))
		fail_msg("not read: %s", err.text);
	assert_string_equal(secret.p, expected);
	assert_int_equal(secret.n, strlen(expected));
	secret_done(&secret);
	assert_null(secret.p);
	secret_done(&secret);
}

static void check_fails(enum secret_source source, const char *text, enum error_kind kind,
                        const char *expected)
{
	struct secret_spec spec = {source, text};
	struct secret secret = {0};
	struct error err = {0};

	assert_int_equal(secret_read(&spec, WHAT, &secret, &err), -1);
	assert_string_equal(err.text, expected);
	assert_int_equal(err.kind, kind);
	assert_null(secret.p);
}

static void test_literal_and_empty(void **state)
{
	(void)state;
	check(SECRET_LITERAL, "geheim", "geheim");
	check(SECRET_LITERAL, "", "");
	check(SECRET_EMPTY, NULL, "");
}

static void test_none_is_an_error(void **state)
{
	(void)state;
	check_fails(SECRET_NONE, NULL, ERROR_CONFIG, WHAT ": none is configured");
}

static void test_environment(void **state)
{
	(void)state;
	setenv("ROSAUDIT_TEST_SECRET", "aus der Umgebung", 1);
	check(SECRET_ENV, "ROSAUDIT_TEST_SECRET", "aus der Umgebung");
	setenv("ROSAUDIT_TEST_SECRET", "", 1);
	check_fails(SECRET_ENV, "ROSAUDIT_TEST_SECRET", ERROR_CONFIG,
	            WHAT ": the environment variable ROSAUDIT_TEST_SECRET is empty");
	unsetenv("ROSAUDIT_TEST_SECRET");
	check_fails(SECRET_ENV, "ROSAUDIT_TEST_SECRET", ERROR_CONFIG,
	            WHAT ": the environment variable ROSAUDIT_TEST_SECRET is not set");
}

/* A file DIR/secret with n bytes. */
static const char *secret_file(const char *p, size_t n)
{
	static char path[4096];
	static const char *dir;
	FILE *f;

	if (!dir)
		dir = test_temp_dir();
	snprintf(path, sizeof(path), "%s/secret", dir);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	fclose(f);
	return path;
}

static void test_first_line_of_a_file(void **state)
{
	static const struct {
		const char *text, *secret;
	} cases[] = {
		{"geheim", "geheim"},           {"geheim\n", "geheim"},
		{"geheim\r\n", "geheim"},       {"geheim\nmehr\n", "geheim"},
		{" mit Rand \n", " mit Rand "}, {"p\xc3\xa4sse\n", "p\xc3\xa4sse"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(SECRET_FILE, secret_file(cases[i].text, strlen(cases[i].text)),
		      cases[i].secret);
}

static void test_tilde_of_a_file_is_home(void **state)
{
	char home[4096];

	(void)state;
	snprintf(home, sizeof(home), "%s", secret_file("geheim\n", 7));
	*strrchr(home, '/') = '\0';
	setenv("HOME", home, 1);
	check(SECRET_FILE, "~/secret", "geheim");
}

static void check_file_fails(const char *p, size_t n, enum error_kind kind, const char *before,
                             const char *after)
{
	const char *path = secret_file(p, n);
	char expected[8192];

	snprintf(expected, sizeof(expected), WHAT ": %s%s%s", before, path, after);
	check_fails(SECRET_FILE, path, kind, expected);
}

static void test_files_that_hold_no_secret(void **state)
{
	static char large[LIMIT_SECRET_BYTES + 1];

	(void)state;
	check_file_fails("", 0, ERROR_CONFIG, "", " is empty");
	check_file_fails("\ngeheim\n", 8, ERROR_CONFIG, "", " is empty");
	check_file_fails("ge\0heim\n", 8, ERROR_CONFIG, "", " holds a zero byte");
	memset(large, 'x', sizeof(large));
	check_file_fails(large, sizeof(large), ERROR_LIMIT, "the first line of ",
	                 " is longer than 4096 bytes");
}

static void test_longest_secret(void **state)
{
	static char large[LIMIT_SECRET_BYTES + 2];

	(void)state;
	memset(large, 'x', LIMIT_SECRET_BYTES);
	large[LIMIT_SECRET_BYTES] = '\n';
	secret_file(large, sizeof(large) - 1);
	large[LIMIT_SECRET_BYTES] = '\0';
	check(SECRET_FILE, "~/secret", large);
}

static void test_missing_file(void **state)
{
	(void)state;
	check_fails(SECRET_FILE, "tests/no-such-file", ERROR_SYSTEM,
	            WHAT ": cannot read tests/no-such-file: No such file or directory");
}

static void test_command(void **state)
{
	(void)state;
	check(SECRET_COMMAND, "echo geheim", "geheim");
	check(SECRET_COMMAND, "printf 'geheim\\r\\nmehr\\n'", "geheim");
	check(SECRET_COMMAND, "cat; echo geheim", "geheim"); /* nothing comes on stdin */
	check(SECRET_COMMAND, "echo geheim; yes | head -c 1000000", "geheim");
}

static size_t lines_of(const char *path)
{
	char *text = test_read_file(path);
	size_t n = 0;

	for (const char *p = text; *p; p++)
		n += *p == '\n';
	free(text);
	return n;
}

static void test_a_command_runs_once_until_it_is_forgotten(void **state)
{
	const char *path = secret_file("", 0);
	char command[600];

	(void)state;
	snprintf(command, sizeof(command), "echo >>%s; echo geheim", path);
	check(SECRET_COMMAND, command, "geheim");
	check(SECRET_COMMAND, command, "geheim");
	assert_int_equal(lines_of(path), 1);
	secret_forget_all();
	check(SECRET_COMMAND, command, "geheim");
	assert_int_equal(lines_of(path), 2);
	secret_forget_all();
	secret_forget_all();
}

static void *read_at_once(void *command)
{
	check(SECRET_COMMAND, command, "geheim");
	return NULL;
}

static void test_threads_wait_for_one_command(void **state)
{
	const char *path = secret_file("", 0);
	pthread_t threads[8];
	char command[600];

	(void)state;
	snprintf(command, sizeof(command), "echo >>%s; echo geheim", path);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_at_once, command), 0);
	for (size_t i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(lines_of(path), 1);
	secret_forget_all();
}

static void test_a_command_that_failed_is_run_again(void **state)
{
	const char *path = secret_file("", 0);
	char command[600], expected[1024];

	(void)state;
	snprintf(command, sizeof(command), "echo >>%s; exit 3", path);
	snprintf(expected, sizeof(expected), WHAT ": the command `%s` failed with status 3",
	         command);
	check_fails(SECRET_COMMAND, command, ERROR_CONFIG, expected);
	check_fails(SECRET_COMMAND, command, ERROR_CONFIG, expected);
	assert_int_equal(lines_of(path), 2);
}

static void test_commands_that_fail(void **state)
{
	(void)state;
	check_fails(SECRET_COMMAND, "echo geheim; exit 3", ERROR_CONFIG,
	            WHAT ": the command `echo geheim; exit 3` failed with status 3");
	check_fails(SECRET_COMMAND, "kill -9 $$", ERROR_CONFIG,
	            WHAT ": the command `kill -9 $$` was ended by signal 9");
	check_fails(SECRET_COMMAND, "true", ERROR_CONFIG, WHAT ": the output of `true` is empty");
}

static void test_command_leaves_no_descriptor(void **state)
{
	int before = dup(0), after;

	(void)state;
	assert_true(before >= 0);
	close(before);
	check(SECRET_COMMAND, "echo geheim", "geheim");
	check_fails(SECRET_COMMAND, "true", ERROR_CONFIG, WHAT ": the output of `true` is empty");
	after = dup(0);
	close(after);
	assert_int_equal(after, before);
}

static void test_printed_form_hides(void **state)
{
	(void)state;
	assert_string_equal(secret_print(&(struct secret_spec){SECRET_LITERAL, "geheim"}),
	                    "(hidden)");
	assert_string_equal(secret_print(&(struct secret_spec){SECRET_ENV, "X"}), "(hidden)");
	assert_string_equal(secret_print(&(struct secret_spec){SECRET_EMPTY, NULL}), "(empty)");
	assert_string_equal(secret_print(&(struct secret_spec){SECRET_NONE, NULL}), "(none)");
}

static void test_set_copies(void **state)
{
	struct secret secret = {0};
	char text[] = "geheim!";

	(void)state;
	secret_set(&secret, text, 6);
	text[0] = 'X';
	assert_string_equal(secret.p, "geheim");
	secret_done(&secret);
	secret_done(NULL);
}

/* --- the terminal
 * ------------------------------------------------------------------------------ */

/* What happened in a child that asked on a pseudo terminal. */
struct asked {
	char screen[4096]; /* all that the terminal showed */
	char result[4096]; /* "secret:…" or "error:KIND:text", then "echo:0|1" */
	int status;
};

static void report(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		_exit(9);
}

/* The child: asks, then says what it got and whether the terminal echoes again. */
static void ask(int result, bool catch, const char *shared)
{
	struct secret_spec spec = {SECRET_PROMPT, shared};
	struct secret secret = {0};
	struct error err = {0};
	struct termios t = {0};
	char text[4096];

	if (catch)
		cancel_install();
	else
		signal(SIGINT, SIG_IGN);
	/* What is shared is not asked a second time, for whichever router. */
	if (shared && secret_read(&spec, "password of admin@r1", &secret, &err) == 0)
		secret_done(&secret);
	if (secret_read(&spec, shared ? "password of admin@r2" : WHAT, &secret, &err) == 0)
		snprintf(text, sizeof(text), "secret:%s;", secret.p);
	else
		snprintf(text, sizeof(text), "error:%d:%s;", (int)err.kind, err.text);
	secret_done(&secret);
	report(result, text);
	tcgetattr(STDIN_FILENO, &t);
	report(result, t.c_lflag & ECHO ? "echo:1" : "echo:0");
	report(result, cancel_requested() ? ";cancelled" : "");
	_exit(0);
}

/* Reads the screen until it shows text, or to its end when text is NULL. */
static void watch(int screen, const char *text, struct asked *a)
{
	size_t n = strlen(a->screen);

	while (!text || !strstr(a->screen, text)) {
		ssize_t k = read(screen, a->screen + n, sizeof(a->screen) - 1 - n);

		if (k <= 0)
			break;
		n += (size_t)k;
		a->screen[n] = '\0';
	}
	if (text)
		assert_contains(a->screen, text);
}

static void run_prompt(const char *keys, int sig, bool catch, const char *shared, struct asked *a)
{
	int result[2], screen;
	size_t n = 0;
	ssize_t k;
	pid_t pid;

	*a = (struct asked){0};
	assert_int_equal(pipe2(result, O_CLOEXEC), 0);
	pid = forkpty(&screen, NULL, NULL, NULL);
	assert_true(pid >= 0);
	if (pid == 0)
		ask(result[1], catch, shared);
	close(result[1]);
	watch(screen,
	      shared ? "Password of admin@r1 (and the other routers): " : "Password of admin@r1: ",
	      a);
	if (keys)
		assert_int_equal(write(screen, keys, strlen(keys)), (ssize_t)strlen(keys));
	if (sig)
		kill(pid, sig);
	while ((k = read(result[0], a->result + n, sizeof(a->result) - 1 - n)) > 0)
		n += (size_t)k;
	watch(screen, NULL, a);
	waitpid(pid, &a->status, 0);
	close(result[0]);
	close(screen);
}

static void check_prompt(const char *keys, const char *result)
{
	struct asked a;

	run_prompt(keys, 0, true, NULL, &a);
	assert_string_equal(a.result, result);
	/* Nothing that was typed is on the screen. */
	assert_string_equal(a.screen, "Password of admin@r1: \r\n");
}

static void test_prompt_reads_without_echo(void **state)
{
	(void)state;
	check_prompt("geheim\r", "secret:geheim;echo:1");
	check_prompt("geheim\n", "secret:geheim;echo:1");
	check_prompt("p\xc3\xa4sse\n", "secret:p\xc3\xa4sse;echo:1");
}

static void test_a_shared_prompt_is_asked_once(void **state)
{
	struct asked a;

	(void)state;
	run_prompt("geheim\n", 0, true, "lab.yaml:3:12 admin", &a);
	assert_string_equal(a.result, "secret:geheim;echo:1");
	assert_string_equal(a.screen, "Password of admin@r1 (and the other routers): \r\n");
}

static void test_prompt_edits(void **state)
{
	(void)state;
	check_prompt("falsch\x15geheim\n", "secret:geheim;echo:1");
	check_prompt("gehei\xc3\xa4\x7fm\n", "secret:geheim;echo:1");
	check_prompt("\x7f\x08geheim\x04", "secret:geheim;echo:1");
}

static void test_enter_alone_is_the_empty_password(void **state)
{
	(void)state;
	check_prompt("\n", "secret:;echo:1");
}

static void test_ctrl_d_is_no_password(void **state)
{
	(void)state;
	check_prompt("\x04", "error:3:" WHAT ": the terminal was closed;echo:1");
}

static void test_ctrl_c_restores_the_terminal_and_cancels_all(void **state)
{
	(void)state;
	check_prompt("geh\x03",
	             "error:12:interrupted while asking for the " WHAT ";echo:1;cancelled");
}

static void test_sigterm_restores_the_terminal(void **state)
{
	struct asked a;

	(void)state;
	run_prompt("geh", SIGTERM, true, NULL, &a);
	assert_string_equal(a.result,
	                    "error:12:interrupted while asking for the " WHAT ";echo:1;cancelled");
}

static void test_without_a_terminal(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		struct secret_spec spec = {SECRET_PROMPT, NULL};
		struct secret secret = {0};
		struct error err = {0};

		setsid(); /* no controlling terminal */
		if (secret_read(&spec, WHAT, &secret, &err) != -1)
			_exit(1);
		if (strcmp(err.text, WHAT ": there is no terminal to ask on"))
			_exit(2);
		_exit(err.kind == ERROR_SYSTEM ? 0 : 3);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_literal_and_empty),
		cmocka_unit_test(test_none_is_an_error),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_first_line_of_a_file),
		cmocka_unit_test(test_tilde_of_a_file_is_home),
		cmocka_unit_test(test_files_that_hold_no_secret),
		cmocka_unit_test(test_longest_secret),
		cmocka_unit_test(test_missing_file),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_a_command_runs_once_until_it_is_forgotten),
		cmocka_unit_test(test_threads_wait_for_one_command),
		cmocka_unit_test(test_a_command_that_failed_is_run_again),
		cmocka_unit_test(test_commands_that_fail),
		cmocka_unit_test(test_command_leaves_no_descriptor),
		cmocka_unit_test(test_printed_form_hides),
		cmocka_unit_test(test_set_copies),
		cmocka_unit_test(test_prompt_reads_without_echo),
		cmocka_unit_test(test_a_shared_prompt_is_asked_once),
		cmocka_unit_test(test_prompt_edits),
		cmocka_unit_test(test_enter_alone_is_the_empty_password),
		cmocka_unit_test(test_ctrl_d_is_no_password),
		cmocka_unit_test(test_ctrl_c_restores_the_terminal_and_cancels_all),
		cmocka_unit_test(test_sigterm_restores_the_terminal),
		cmocka_unit_test(test_without_a_terminal),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
