/* The SSH transport against a server that misbehaves: each fault has its sentence. */
#include "tests/test.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rosaudit/cancel.h"
#include "rosaudit/clock.h"
#include "tests/support/ssh_lab.h"

#define COMMAND "/ip service print"

/* Shortened where the sentence is about a time that passed. */
enum { SHORT_MS = 1500 };

static void start(struct ssh_lab *lab, const char *fault)
{
	lab_start(lab, "--fault", fault, "--password", "geheim", "--drip-ms", "300", NULL);
	lab_password(lab, "geheim");
}

static void check_open(const char *fault, long connect_ms, enum error_kind kind)
{
	struct ssh_lab lab;
	char golden[128];

	start(&lab, fault);
	if (connect_ms)
		lab.target.connect_timeout_ms = connect_ms;
	assert_int_equal(lab_open(&lab), -1);
	snprintf(golden, sizeof(golden), "ssh/%s.txt", fault);
	assert_golden(golden, lab.text);
	assert_int_equal(lab.err.kind, kind);
	assert_null(lab.session);
	lab_stop(&lab);
}

static void check_fetch(const char *fault, long command_ms, enum error_kind kind)
{
	struct ssh_lab lab;
	char golden[128];

	start(&lab, fault);
	if (command_ms)
		lab.target.command_timeout_ms = command_ms;
	assert_int_equal(lab_open(&lab), 0);
	assert_int_equal(lab_fetch(&lab, COMMAND), -1);
	snprintf(golden, sizeof(golden), "ssh/%s.txt", fault);
	assert_golden(golden, lab.text);
	assert_int_equal(lab.err.kind, kind);
	lab_stop(&lab);
}

#define OPEN_FAILS(name, fault, ms, kind)                                                          \
	static void test_open_##name(void **state)                                                 \
	{                                                                                          \
		(void)state;                                                                       \
		check_open(fault, ms, kind);                                                       \
	}
#define FETCH_FAILS(name, fault, ms, kind)                                                         \
	static void test_fetch_##name(void **state)                                                \
	{                                                                                          \
		(void)state;                                                                       \
		check_fetch(fault, ms, kind);                                                      \
	}

OPEN_FAILS(greeting_never_comes, "greeting-stall", SHORT_MS, ERROR_TIMEOUT)
OPEN_FAILS(closed_before_greeting_names_address_list, "greeting-close", 0, ERROR_NETWORK)
OPEN_FAILS(greeting_drips_past_the_limit, "greeting-drip", SHORT_MS, ERROR_TIMEOUT)
OPEN_FAILS(web_server_is_not_ssh, "greeting-http", 0, ERROR_NETWORK)
OPEN_FAILS(ftp_server_is_not_ssh, "greeting-ftp", SHORT_MS, ERROR_NETWORK)
OPEN_FAILS(greeting_without_end, "greeting-endless", 0, ERROR_NETWORK)
OPEN_FAILS(key_exchange_stalls, "kex-stall", SHORT_MS, ERROR_TIMEOUT)
OPEN_FAILS(closed_in_key_exchange, "kex-close", 0, ERROR_NETWORK)
OPEN_FAILS(garbage_in_key_exchange, "kex-garbage", 0, ERROR_NETWORK)
OPEN_FAILS(nothing_in_common_is_told_before_our_offer_is_sent, "kex-old", 0, ERROR_NETWORK)
OPEN_FAILS(login_stalls, "auth-stall", SHORT_MS, ERROR_TIMEOUT)
OPEN_FAILS(closed_at_login, "auth-close", 0, ERROR_NETWORK)
OPEN_FAILS(reset_at_login, "auth-reset", 0, ERROR_NETWORK)
OPEN_FAILS(disconnect_message_is_escaped, "auth-disconnect", 0, ERROR_NETWORK)
OPEN_FAILS(wrong_password, "auth-deny", 0, ERROR_AUTH)
OPEN_FAILS(partial_success_names_what_is_wanted, "auth-partial", 0, ERROR_AUTH)
OPEN_FAILS(endless_questions_end, "auth-questions", 0, ERROR_AUTH)

FETCH_FAILS(channel_refused_names_policy, "channel-refuse", 0, ERROR_REMOTE)
FETCH_FAILS(closed_at_channel, "channel-close", 0, ERROR_NETWORK)
FETCH_FAILS(exec_refused_names_policy, "exec-refuse", 0, ERROR_REMOTE)
FETCH_FAILS(answer_stalls, "exec-stall", SHORT_MS, ERROR_TIMEOUT)
FETCH_FAILS(answer_drips_past_the_limit, "exec-drip", SHORT_MS, ERROR_TIMEOUT)
FETCH_FAILS(hang_up_in_mid_answer_is_no_short_answer, "exec-close", 0, ERROR_NETWORK)
FETCH_FAILS(end_of_file_and_hang_up_is_no_answer, "exec-eof-close", 0, ERROR_NETWORK)
FETCH_FAILS(killed_command_is_no_answer, "exec-signal", 0, ERROR_REMOTE)
FETCH_FAILS(endless_answer_hits_the_limit, "exec-endless", 0, ERROR_LIMIT)

/* A reset may overtake the end of connect, and may throw away bytes that were on their way: both
 * forms of either sentence are right. */
static void test_open_reset_before_greeting(void **state)
{
	struct ssh_lab lab;

	(void)state;
	start(&lab, "greeting-reset");
	assert_int_equal(lab_open(&lab), -1);
	assert_int_equal(lab.err.kind, ERROR_NETWORK);
	assert_true(
		strstr(lab.text, "127.0.0.1 port N reset the connection before its SSH greeting") ||
		strstr(lab.text, "127.0.0.1 port N accepted the connection and reset it at once"));
	assert_contains(lab.text, "address list");
	assert_contains(lab.text, "/ip service print");
	lab_stop(&lab);
}

static void test_fetch_reset_in_mid_answer(void **state)
{
	struct ssh_lab lab;

	(void)state;
	start(&lab, "exec-reset");
	assert_int_equal(lab_open(&lab), 0);
	assert_int_equal(lab_fetch(&lab, COMMAND), -1);
	assert_int_equal(lab.err.kind, ERROR_NETWORK);
	assert_contains(lab.text, "127.0.0.1 port N reset the connection ");
	lab_stop(&lab);
}

static void check_answer(const char *fault, int status)
{
	struct ssh_lab lab;

	start(&lab, fault);
	assert_int_equal(lab_open(&lab), 0);
	assert_int_equal(lab_fetch(&lab, COMMAND), 0);
	assert_string_equal(buf_str(&lab.answer.text), "answer to: /ip service print\r\n");
	assert_int_equal(lab.answer.status, status);
	lab_stop(&lab);
}

static void test_answer_with_status(void **state)
{
	(void)state;
	check_answer("none", 0);
	check_answer("exec-status-first", 0);
}

static void test_answer_without_status_is_whole(void **state)
{
	(void)state;
	check_answer("exec-no-status", -1);
}

static void test_answer_does_not_wait_for_the_channel_to_close(void **state)
{
	(void)state;
	check_answer("exec-no-close", 0);
}

static void test_stderr_is_no_part_of_the_answer(void **state)
{
	(void)state;
	check_answer("exec-stderr", 0);
}

static void test_router_without_login_lets_in(void **state)
{
	(void)state;
	check_answer("auth-none", 0);
}

static void test_many_commands_share_one_connection(void **state)
{
	struct ssh_lab lab;
	char command[32], expected[64];

	(void)state;
	start(&lab, "none");
	assert_int_equal(lab_open(&lab), 0);
	for (int i = 0; i < 40; i++) {
		snprintf(command, sizeof(command), ":put %d", i);
		snprintf(expected, sizeof(expected), "answer to: :put %d\r\n", i);
		assert_int_equal(lab_fetch(&lab, command), 0);
		assert_string_equal(buf_str(&lab.answer.text), expected);
	}
	lab_stop(&lab);
}

static void test_fault_of_one_command_leaves_the_others(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, "--fault", "exec-signal", "--when", "service", "--password", "geheim",
	          "--answer", "identity=name: r1\\r\\n", NULL);
	lab_password(&lab, "geheim");
	assert_int_equal(lab_open(&lab), 0);
	assert_int_equal(lab_fetch(&lab, "/system identity print"), 0);
	assert_string_equal(buf_str(&lab.answer.text), "name: r1\r\n");
	assert_int_equal(lab_fetch(&lab, COMMAND), -1);
	assert_int_equal(lab_fetch(&lab, "/system identity print"), 0);
	lab_stop(&lab);
}

static void test_second_fetch_after_hang_up_says_so(void **state)
{
	struct ssh_lab lab;

	(void)state;
	start(&lab, "exec-close");
	assert_int_equal(lab_open(&lab), 0);
	assert_int_equal(lab_fetch(&lab, COMMAND), -1);
	assert_int_equal(lab_fetch(&lab, COMMAND), -1);
	assert_string_equal(lab.text, "the connection to 127.0.0.1 port N is gone\n");
	lab_stop(&lab);
}

static void test_long_command_is_shortened_in_sentences(void **state)
{
	struct ssh_lab lab;
	char command[200];

	(void)state;
	memset(command, 'x', sizeof(command) - 1);
	command[sizeof(command) - 1] = '\0';
	start(&lab, "exec-signal");
	assert_int_equal(lab_open(&lab), 0);
	assert_int_equal(lab_fetch(&lab, command), -1);
	assert_contains(lab.text, "xxx ...` with the signal KILL");
	assert_null(strstr(lab.text, command));
	lab_stop(&lab);
}

static void test_largest_answer_fits(void **state)
{
	struct ssh_lab lab;
	size_t n = 100000;
	char *option = malloc(n + 8);

	(void)state;
	assert_non_null(option);
	memcpy(option, "big=", 4);
	memset(option + 4, 'b', n);
	option[n + 4] = '\0';
	lab_start(&lab, "--password", "geheim", "--answer", option, NULL);
	lab_password(&lab, "geheim");
	assert_int_equal(lab_open(&lab), 0);
	lab.answer.text.max = n;
	assert_int_equal(lab_fetch(&lab, "big"), 0);
	assert_int_equal(lab.answer.text.n, n);
	lab.answer.text.max = n - 1;
	assert_int_equal(lab_fetch(&lab, "big"), -1);
	assert_int_equal(lab.err.kind, ERROR_LIMIT);
	lab_stop(&lab);
	free(option);
}

static void test_whole_audit_has_a_deadline(void **state)
{
	struct ssh_lab lab;
	struct error err = {0};

	(void)state;
	start(&lab, "exec-stall");
	assert_int_equal(
		transport_ssh.open(&lab.target, NULL, clock_ms() + 3000, &lab.session, &err), 0);
	assert_int_equal(lab_fetch(&lab, COMMAND), -1);
	assert_golden("ssh/deadline.txt", lab.text);
	assert_int_equal(lab.err.kind, ERROR_TIMEOUT);
	lab_stop(&lab);
}

static void test_session_knows_both_ends(void **state)
{
	struct ssh_lab lab;
	struct address loopback;

	(void)state;
	assert_true(address_parse("127.0.0.1", 9, &loopback));
	start(&lab, "none");
	assert_int_equal(lab_open(&lab), 0);
	assert_true(address_equal(&lab.session->remote, &loopback));
	assert_true(address_equal(&lab.session->local, &loopback));
	assert_int_equal(lab.session->port, lab.target.port);
	assert_ptr_equal(lab.session->transport, &transport_ssh);
	lab_stop(&lab);
}

static void test_source_address_is_used(void **state)
{
	struct ssh_lab lab;
	struct address source;

	(void)state;
	assert_true(address_parse("127.0.0.9", 9, &source));
	start(&lab, "none");
	lab.target.source = "127.0.0.9";
	assert_int_equal(lab_open(&lab), 0);
	assert_true(address_equal(&lab.session->local, &source));
	lab_stop(&lab);
}

static void test_pinned_address_is_not_resolved_again(void **state)
{
	struct ssh_lab lab;
	struct error err = {0};
	struct address pinned;

	(void)state;
	assert_true(address_parse("127.0.0.1", 9, &pinned));
	start(&lab, "none");
	lab.target.host = "no-such-host.invalid";
	assert_int_equal(transport_ssh.open(&lab.target, &pinned, 0, &lab.session, &err), 0);
	assert_true(address_equal(&lab.session->remote, &pinned));
	lab_stop(&lab);
}

static void test_name_and_address_are_both_told(void **state)
{
	struct ssh_lab lab;

	(void)state;
	start(&lab, "auth-deny");
	lab.target.host = "localhost";
	lab.target.source = "127.0.0.1"; /* localhost may be ::1 first */
	assert_int_equal(lab_open(&lab), -1);
	assert_contains(lab.text, "localhost (127.0.0.1) port N refused the login of admin");
	lab_stop(&lab);
}

static void test_ipv6(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, "--host", "::1", "--password", "geheim", NULL);
	lab_password(&lab, "geheim");
	assert_int_equal(lab_open(&lab), 0);
	assert_int_equal(lab.session->remote.family, 6);
	assert_int_equal(lab_fetch(&lab, COMMAND), 0);
	lab_stop(&lab);
}

static void test_refused_connection_names_host_and_port(void **state)
{
	struct ssh_lab lab;

	(void)state;
	start(&lab, "none");
	program_stop(&lab.peer);
	assert_int_equal(lab_open(&lab), -1);
	assert_golden("ssh/connection-refused.txt", lab.text);
	lab.target.host = "localhost";
	lab.target.source = "127.0.0.1";
	assert_int_equal(lab_open(&lab), -1);
	assert_contains(lab.text, "localhost: 127.0.0.1 port N refused the connection");
	lab_stop(&lab);
}

/* Ctrl-C cannot be taken back, so it has a process of its own. */
static struct ssh_lab interrupted;

static void *interrupt_soon(void *ctx)
{
	(void)ctx;
	program_wait_for_text(lab_path(&interrupted, "log"), COMMAND);
	kill(getpid(), SIGINT);
	return NULL;
}

static int interrupted_fetch(void)
{
	pthread_t thread;
	int r;

	cancel_install();
	if (lab_open(&interrupted))
		return 10;
	if (pthread_create(&thread, NULL, interrupt_soon, NULL))
		return 11;
	r = lab_fetch(&interrupted, COMMAND);
	pthread_join(thread, NULL);
	if (strcmp(interrupted.text, "interrupted while waiting for 127.0.0.1 port N\n"))
		return 12;
	return r == -1 ? (int)interrupted.err.kind : 13;
}

static void test_ctrl_c_ends_the_wait(void **state)
{
	char log[4096];

	(void)state;
	snprintf(log, sizeof(log), "%s/log", test_temp_dir());
	test_write_file(log, "");
	lab_start(&interrupted, "--fault", "exec-stall", "--password", "geheim", "--log", log,
	          NULL);
	lab_password(&interrupted, "geheim");
	*strrchr(log, '/') = '\0';
	interrupted.dir = log;
	assert_int_equal(program_child(interrupted_fetch), ERROR_INTERRUPTED);
	lab_stop(&interrupted);
}

enum { THREADS = 8 };

static void *audit_once(void *ctx)
{
	struct ssh_lab *lab = ctx;
	struct session *session;
	struct answer answer;
	struct error err = {0};
	intptr_t ok = 0;

	answer_init(&answer);
	if (transport_ssh.open(&lab->target, NULL, 0, &session, &err) == 0) {
		ok = transport_ssh.fetch(session, COMMAND, &answer, &err) == 0 &&
		     strcmp(buf_str(&answer.text), "answer to: /ip service print\r\n") == 0;
		transport_ssh.close(session);
	}
	answer_done(&answer);
	return (void *)ok;
}

static void test_routers_in_parallel(void **state)
{
	pthread_t threads[THREADS];
	struct ssh_lab lab;
	void *ok;

	(void)state;
	start(&lab, "none");
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, audit_once, &lab), 0);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &ok);
		assert_int_equal((intptr_t)ok, 1);
	}
	lab_stop(&lab);
}

static int descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void test_no_descriptor_is_left_open(void **state)
{
	static const char *const endings[] = {"none", "auth-disconnect", "auth-close", "kex-close"};

	(void)state;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		struct ssh_lab lab;
		int before;

		start(&lab, endings[i]);
		before = descriptors();
		lab_open(&lab);
		lab_close(&lab);
		assert_int_equal(descriptors(), before);
		lab_stop(&lab);
	}
}

static void test_table_of_transports(void **state)
{
	(void)state;
	assert_ptr_equal(transport_find(TRANSPORT_SSH), &transport_ssh);
	assert_ptr_equal(transport_find(TRANSPORT_REST), &transport_rest);
	assert_ptr_equal(transport_find(TRANSPORT_FILE), &transport_file);
	assert_null(transport_find(TRANSPORT_BOTH));
}

static void test_file_gives_the_whole_file_every_time(void **state)
{
	struct target target = {.name = "saved", .transport = TRANSPORT_FILE};
	struct session *session = NULL;
	struct error err = {0};
	struct answer answer;
	char path[4096];

	(void)state;
	snprintf(path, sizeof(path), "%s/saved.txt", test_temp_dir());
	test_write_file(path, "0  telnet  23\n");
	target.file = path;
	answer_init(&answer);
	assert_int_equal(transport_file.open(&target, NULL, 0, &session, &err), 0);
	assert_int_equal(session->remote.family, 0);
	for (int i = 0; i < 2; i++) {
		buf_clear(&answer.text);
		assert_int_equal(transport_file.fetch(session, "whatever", &answer, &err), 0);
		assert_string_equal(buf_str(&answer.text), "0  telnet  23\n");
	}
	transport_file.close(session);
	answer_done(&answer);
}

static void test_missing_file_is_named(void **state)
{
	struct target target = {.transport = TRANSPORT_FILE, .file = "tests/no-such-file"};
	struct session *session = NULL;
	struct error err = {0};

	(void)state;
	assert_int_equal(transport_file.open(&target, NULL, 0, &session, &err), -1);
	assert_int_equal(err.kind, ERROR_SYSTEM);
	assert_string_equal(err.text, "cannot open tests/no-such-file: No such file or directory");
}

/* Last of all: cancel_install cannot be undone. The leak checker looks when the program ends. */
static void test_session_that_watches_for_ctrl_c_leaks_nothing(void **state)
{
	(void)state;
	cancel_install();
	check_answer("none", 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open_greeting_never_comes),
		cmocka_unit_test(test_open_closed_before_greeting_names_address_list),
		cmocka_unit_test(test_open_reset_before_greeting),
		cmocka_unit_test(test_open_greeting_drips_past_the_limit),
		cmocka_unit_test(test_open_web_server_is_not_ssh),
		cmocka_unit_test(test_open_ftp_server_is_not_ssh),
		cmocka_unit_test(test_open_greeting_without_end),
		cmocka_unit_test(test_open_key_exchange_stalls),
		cmocka_unit_test(test_open_closed_in_key_exchange),
		cmocka_unit_test(test_open_garbage_in_key_exchange),
		cmocka_unit_test(test_open_nothing_in_common_is_told_before_our_offer_is_sent),
		cmocka_unit_test(test_open_login_stalls),
		cmocka_unit_test(test_open_closed_at_login),
		cmocka_unit_test(test_open_reset_at_login),
		cmocka_unit_test(test_open_disconnect_message_is_escaped),
		cmocka_unit_test(test_open_wrong_password),
		cmocka_unit_test(test_open_partial_success_names_what_is_wanted),
		cmocka_unit_test(test_open_endless_questions_end),
		cmocka_unit_test(test_fetch_channel_refused_names_policy),
		cmocka_unit_test(test_fetch_closed_at_channel),
		cmocka_unit_test(test_fetch_exec_refused_names_policy),
		cmocka_unit_test(test_fetch_answer_stalls),
		cmocka_unit_test(test_fetch_answer_drips_past_the_limit),
		cmocka_unit_test(test_fetch_hang_up_in_mid_answer_is_no_short_answer),
		cmocka_unit_test(test_fetch_end_of_file_and_hang_up_is_no_answer),
		cmocka_unit_test(test_fetch_killed_command_is_no_answer),
		cmocka_unit_test(test_fetch_endless_answer_hits_the_limit),
		cmocka_unit_test(test_fetch_reset_in_mid_answer),
		cmocka_unit_test(test_answer_with_status),
		cmocka_unit_test(test_answer_without_status_is_whole),
		cmocka_unit_test(test_answer_does_not_wait_for_the_channel_to_close),
		cmocka_unit_test(test_stderr_is_no_part_of_the_answer),
		cmocka_unit_test(test_router_without_login_lets_in),
		cmocka_unit_test(test_many_commands_share_one_connection),
		cmocka_unit_test(test_fault_of_one_command_leaves_the_others),
		cmocka_unit_test(test_second_fetch_after_hang_up_says_so),
		cmocka_unit_test(test_long_command_is_shortened_in_sentences),
		cmocka_unit_test(test_largest_answer_fits),
		cmocka_unit_test(test_whole_audit_has_a_deadline),
		cmocka_unit_test(test_session_knows_both_ends),
		cmocka_unit_test(test_source_address_is_used),
		cmocka_unit_test(test_pinned_address_is_not_resolved_again),
		cmocka_unit_test(test_name_and_address_are_both_told),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_refused_connection_names_host_and_port),
		cmocka_unit_test(test_ctrl_c_ends_the_wait),
		cmocka_unit_test(test_routers_in_parallel),
		cmocka_unit_test(test_no_descriptor_is_left_open),
		cmocka_unit_test(test_table_of_transports),
		cmocka_unit_test(test_file_gives_the_whole_file_every_time),
		cmocka_unit_test(test_missing_file_is_named),
		cmocka_unit_test(test_session_that_watches_for_ctrl_c_leaks_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
