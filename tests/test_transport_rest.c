/* REST against the scripted http_peer: what it reads, and what it must never do. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rosaudit/cancel.h"
#include "rosaudit/limits.h"
#include "rosaudit/log.h"
#include "src/transport/rest.h"
#include "tests/support/rest_talk.h"
#include "tests/test.h"

/* --- what goes right --- */

static void test_menu_is_read_over_plain_http(void **state)
{
	struct rest_try t;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "--user " REST_USER " --password " REST_PASSWORD);
	assert_int_equal(rest_open(&t), 0);
	assert_int_equal(rest_fetch(&t, "ip/service"), 0);
	assert_int_equal(t.answer.status, 200);
	assert_contains(buf_str(&t.answer.text), "\"name\":\"telnet\"");
	assert_int_equal(t.session->port, t.target.port);
	assert_int_equal(t.session->remote.family, 4);
	assert_true(address_equal(&t.session->remote, &t.session->local));
	rest_done(&t);
}

static void test_one_connection_serves_all_requests(void **state)
{
	struct rest_try t;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "--tls");
	assert_int_equal(rest_open(&t), 0);
	assert_int_equal(rest_fetch(&t, "system/resource"), 0);
	assert_contains(buf_str(&t.answer.text), "7.16.2");
	assert_int_equal(rest_fetch(&t, "system/identity"), 0);
	assert_string_equal(buf_str(&t.answer.text), "{\"name\":\"peer\"}");
	assert_int_equal(rest_fetch(&t, "ip/service"), 0);
	assert_int_equal(rest_logged(&t, "connection\n"), 1);
	assert_int_equal(rest_logged(&t, "request: "), 3);
	assert_int_equal(rest_logged(&t, "request: GET /rest/"), 3);
	rest_done(&t);
}

static void test_answer_of_login_is_used_once_and_then_asked_anew(void **state)
{
	struct rest_try t;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "");
	assert_int_equal(rest_open(&t), 0);
	assert_int_equal(rest_fetch(&t, "system/resource"), 0);
	assert_int_equal(rest_logged(&t, "request: "), 1);
	assert_int_equal(rest_fetch(&t, "system/resource"), 0);
	assert_contains(buf_str(&t.answer.text), "7.16.2");
	assert_int_equal(rest_logged(&t, "request: "), 2);
	rest_done(&t);
}

static void test_connection_that_the_router_ended_is_made_again(void **state)
{
	static const char *const ways[] = {"--tls --drop", "--drop", "--close"};

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct rest_try t;

		rest_init(&t);
		rest_serve(&t, ways[i]);
		assert_int_equal(rest_open(&t), 0);
		assert_int_equal(rest_fetch(&t, "system/identity"), 0);
		assert_int_equal(rest_fetch(&t, "ip/service"), 0);
		assert_int_equal(rest_logged(&t, "connection\n"), 3);
		rest_done(&t);
	}
}

static void test_ipv6_loopback(void **state)
{
	struct rest_try t;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "--tls --address ::1");
	t.target.host = "::1";
	assert_int_equal(rest_open(&t), 0);
	assert_int_equal(rest_fetch(&t, "system/identity"), 0);
	assert_int_equal(t.session->remote.family, 6);
	assert_int_equal(rest_logged(&t, "header: Host: [::1]:"), 2);
	rest_done(&t);
}

static void test_name_stays_in_url_and_certificate_while_the_address_is_pinned(void **state)
{
	struct rest_try t;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "--tls --cert other-name");
	/* The name exists in no DNS: only the pinned address can have been used. */
	t.target.host = "other.example";
	assert_true(address_parse("127.0.0.1", 9, &t.pinned));
	assert_int_equal(rest_open(&t), 0);
	assert_int_equal(rest_logged(&t, "header: Host: other.example:"), 1);
	assert_int_equal(t.session->remote.family, 4);
	rest_done(&t);
}

static void test_pinned_key_is_trusted_without_ca_and_name(void **state)
{
	struct rest_try t;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "--tls --cert other-name");
	t.target.ca = NULL;
	t.target.pin = t.pin;
	assert_int_equal(rest_open(&t), 0);
	rest_done(&t);
}

static void test_empty_password_is_sent_when_asked_for(void **state)
{
	struct rest_try t;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "--user " REST_USER);
	t.target.password = (struct secret_spec){.source = SECRET_EMPTY};
	assert_int_equal(rest_open(&t), 0);
	assert_int_equal(rest_logged(&t, "header: Authorization: Basic YXVkaXQ6\n"), 1);
	rest_done(&t);
}

static void test_of_both_the_rest_port_is_the_one(void **state)
{
	struct rest_try t;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "");
	t.target.transport = TRANSPORT_BOTH;
	t.target.rest_port = t.target.port;
	t.target.port = 1;
	assert_int_equal(rest_open(&t), 0);
	assert_int_equal(t.session->port, t.target.rest_port);
	rest_done(&t);
}

static void test_source_address_is_where_we_come_from(void **state)
{
	struct rest_try t;
	struct buf local;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "");
	t.target.source = "127.0.0.77";
	assert_int_equal(rest_open(&t), 0);
	buf_init(&local, 64);
	address_format(&t.session->local, &local);
	assert_string_equal(buf_str(&local), "127.0.0.77");
	buf_done(&local);
	rest_done(&t);
}

static void test_missing_menu_is_an_answer(void **state)
{
	static const struct {
		const char *fault;
		int status;
	} cases[] = {{"no-command", 400}, {"no-command-406", 406}, {"json-404", 404}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rest_try t;
		char options[128];

		rest_init(&t);
		snprintf(options, sizeof(options), "--from 2 --fault %s", cases[i].fault);
		rest_serve(&t, options);
		assert_int_equal(rest_open(&t), 0);
		assert_int_equal(rest_fetch(&t, "flux"), 0);
		assert_int_equal(t.answer.status, cases[i].status);
		assert_int_equal(rest_fetch(&t, "flux"), 0);
		rest_done(&t);
	}
}

static void *read_one(void *arg)
{
	struct rest_try *t = arg, mine = {.target = t->target};
	bool ok;

	answer_init(&mine.answer);
	ok = rest_open(&mine) == 0 && rest_fetch(&mine, "ip/service") == 0;
	transport_rest.close(mine.session);
	answer_done(&mine.answer);
	return ok ? arg : NULL;
}

static void test_routers_are_read_in_parallel_threads(void **state)
{
	struct rest_try t;
	pthread_t threads[8];
	void *ok;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "--tls");
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_one, &t), 0);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(pthread_join(threads[i], &ok), 0);
		assert_non_null(ok);
	}
	rest_done(&t);
}

/* --- what must not happen --- */

static void test_redirect_is_not_followed_and_nobody_else_is_told_the_password(void **state)
{
	struct rest_try t, other;
	char options[256];

	(void)state;
	rest_init(&t);
	rest_init(&other);
	rest_serve(&other, "");
	snprintf(options, sizeof(options), "--fault redirect --location http://127.0.0.1:%s/rest/",
	         other.port);
	rest_serve(&t, options);
	assert_int_equal(rest_open(&t), -1);
	assert_int_equal(t.err.kind, ERROR_REMOTE);
	assert_contains(t.err.text, "sends us elsewhere, to http://127.0.0.1:");
	assert_int_equal(rest_logged(&t, "request: "), 1);
	assert_int_equal(rest_logged(&other, "connection\n"), 0);
	rest_done(&t);
	rest_done(&other);
}

static void test_proxy_of_the_environment_is_not_used(void **state)
{
	struct rest_try t, proxy;
	char url[64];

	(void)state;
	rest_init(&t);
	rest_init(&proxy);
	rest_serve(&proxy, "");
	rest_serve(&t, "");
	snprintf(url, sizeof(url), "http://127.0.0.1:%s", proxy.port);
	setenv("http_proxy", url, 1);
	setenv("ALL_PROXY", url, 1);
	assert_int_equal(rest_open(&t), 0);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
	assert_int_equal(rest_logged(&t, "connection\n"), 1);
	assert_int_equal(rest_logged(&proxy, "connection\n"), 0);
	rest_done(&t);
	rest_done(&proxy);
}

static void test_password_is_in_no_log_and_no_url(void **state)
{
	struct rest_try t;
	char path[256], *said;
	int saved, file;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "--tls --from 3 --fault rst-request");
	snprintf(path, sizeof(path), "%s/stderr", test_temp_dir());
	saved = dup(STDERR_FILENO);
	file = open(path, O_CREAT | O_WRONLY, 0600);
	dup2(file, STDERR_FILENO);
	log_set_level(LOG_LEVEL_DEBUG);
	assert_int_equal(rest_open(&t), 0);
	assert_int_equal(rest_fetch(&t, "ip/service"), 0);
	assert_int_equal(rest_fetch(&t, "ip/service"), -1);
	log_set_level(LOG_LEVEL_NORMAL);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(file);
	said = test_read_file(path);
	assert_contains(said, "GET https://127.0.0.1:");
	assert_null(strstr(said, REST_PASSWORD));
	assert_null(strstr(said, REST_BASIC));
	free(said);
	said = test_read_file(t.log);
	assert_null(strstr(said, REST_PASSWORD));
	assert_contains(said, "Authorization: Basic " REST_BASIC);
	free(said);
	rest_done(&t);
}

static void test_password_is_not_sent_before_the_certificate_is_trusted(void **state)
{
	struct rest_try t;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "--tls");
	t.target.ca = NULL;
	assert_int_equal(rest_open(&t), -1);
	error_clear(&t.err);
	t.target.pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
	assert_int_equal(rest_open(&t), -1);
	assert_int_equal(rest_logged(&t, "connection\n"), 2);
	assert_int_equal(rest_logged(&t, "request: "), 0);
	rest_done(&t);
}

static void test_ca_file_replaces_the_system_authorities(void **state)
{
	struct rest_try t, other;

	(void)state;
	rest_init(&t);
	rest_init(&other);
	rest_serve(&t, "--tls");
	rest_serve(&other, "--tls");
	t.target.ca = other.ca;
	assert_int_equal(rest_open(&t), -1);
	assert_int_equal(t.err.kind, ERROR_TRUST);
	rest_done(&t);
	rest_done(&other);
}

static void test_wrong_password_is_tried_once(void **state)
{
	struct rest_try t;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "--user " REST_USER " --password another");
	assert_int_equal(rest_open(&t), -1);
	assert_int_equal(t.err.kind, ERROR_AUTH);
	assert_int_equal(rest_logged(&t, "request: "), 1);
	rest_done(&t);
}

static void test_endless_answer_stops_at_the_limit(void **state)
{
	struct rest_try t;
	char *log;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "--fault endless --from 2");
	assert_int_equal(rest_open(&t), 0);
	assert_int_equal(rest_fetch(&t, "ip/service"), -1);
	assert_int_equal(t.err.kind, ERROR_LIMIT);
	assert_true(t.answer.text.n <= LIMIT_ANSWER_BYTES);
	program_wait_for_text(t.log, "before the client left");
	log = test_read_file(t.log);
	/* what the sockets' buffers hold comes on top */
	assert_true(strtoul(strstr(log, "sent ") + 5, NULL, 10) < 4 * LIMIT_ANSWER_BYTES);
	free(log);
	rest_done(&t);
}

static void test_request_that_would_leave_rest_is_refused(void **state)
{
	static const char *const paths[] = {"",           "/ip", "../x",    "ip service",
	                                    "ip\r\nX: y", "a#b", "\xc3\xa9"};
	struct rest_try t;

	(void)state;
	rest_init(&t);
	rest_serve(&t, "");
	assert_int_equal(rest_open(&t), 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_int_equal(rest_fetch(&t, paths[i]), -1);
		error_clear(&t.err);
	}
	assert_int_equal(rest_logged(&t, "request: "), 1);
	rest_done(&t);
}

static void *interrupt_when_asked(void *arg)
{
	const struct rest_try *t = arg;

	program_wait_for_text(t->log, "request: ");
	raise(SIGINT);
	return NULL;
}

static int interrupted(void)
{
	struct rest_try t;
	pthread_t thread;
	bool right;

	cancel_install();
	rest_init(&t);
	rest_serve(&t, "--fault stall");
	pthread_create(&thread, NULL, interrupt_when_asked, &t);
	right = rest_open(&t) == -1 && t.err.kind == ERROR_INTERRUPTED &&
	        strcmp(t.err.text, "interrupted while waiting for GET /rest/system/resource") == 0;
	pthread_join(thread, NULL);
	rest_done(&t);
	return right ? 0 : 1;
}

static void test_interrupt_ends_the_wait(void **state)
{
	(void)state;
	assert_int_equal(program_child(interrupted), 0);
}

static void test_pin_form(void **state)
{
	(void)state;
	assert_true(rest_pin_valid("sha256//YhKJKSzoTt2b5FP18fvpHo7fJYqQCjAa3HWY3tvRMwE="));
	assert_false(rest_pin_valid("YhKJKSzoTt2b5FP18fvpHo7fJYqQCjAa3HWY3tvRMwE="));
	assert_false(rest_pin_valid("sha256//YhKJKSzoTt2b5FP18fvpHo7fJYqQCjAa3HWY3tvRMwEA"));
	assert_false(rest_pin_valid("sha256//YhKJKSzoTt2b5FP18fvpHo7fJYqQCjAa3HWY3tvRMw=="));
	assert_false(rest_pin_valid("sha256//YhKJKSzoTt2b5FP18fvpHo7fJYq CjAa3HWY3tvRMwE="));
	assert_false(rest_pin_valid("pin.pem"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pin_form),
		cmocka_unit_test(test_menu_is_read_over_plain_http),
		cmocka_unit_test(test_one_connection_serves_all_requests),
		cmocka_unit_test(test_answer_of_login_is_used_once_and_then_asked_anew),
		cmocka_unit_test(test_connection_that_the_router_ended_is_made_again),
		cmocka_unit_test(test_ipv6_loopback),
		cmocka_unit_test(
			test_name_stays_in_url_and_certificate_while_the_address_is_pinned),
		cmocka_unit_test(test_pinned_key_is_trusted_without_ca_and_name),
		cmocka_unit_test(test_empty_password_is_sent_when_asked_for),
		cmocka_unit_test(test_of_both_the_rest_port_is_the_one),
		cmocka_unit_test(test_source_address_is_where_we_come_from),
		cmocka_unit_test(test_missing_menu_is_an_answer),
		cmocka_unit_test(test_routers_are_read_in_parallel_threads),
		cmocka_unit_test(
			test_redirect_is_not_followed_and_nobody_else_is_told_the_password),
		cmocka_unit_test(test_proxy_of_the_environment_is_not_used),
		cmocka_unit_test(test_password_is_in_no_log_and_no_url),
		cmocka_unit_test(test_password_is_not_sent_before_the_certificate_is_trusted),
		cmocka_unit_test(test_ca_file_replaces_the_system_authorities),
		cmocka_unit_test(test_wrong_password_is_tried_once),
		cmocka_unit_test(test_endless_answer_stops_at_the_limit),
		cmocka_unit_test(test_request_that_would_leave_rest_is_refused),
		cmocka_unit_test(test_interrupt_ends_the_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
