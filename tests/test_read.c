/* Which requests are sent, in which order, and what a refusal leads to: a scripted router. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "rosaudit/routeros.h"

#define GET(find) ":foreach i in=[/ip service find" find "] do={:put [/ip service get $i]}"
#define USERS     ":foreach i in=[/user active find] do={:put [/user active get $i]}"
#define VERSION   ":put [/system resource get version]"

struct line {
	const char *request, *text;
	int status;
};

/* A router as a table of answers; what is not in it is a syntax error. */
struct script {
	const struct line *lines;
	char log[4096];
	const char *breaks_at; /* the conversation fails at this request */
};

static int scripted_ask(void *ctx, const char *request, struct answer *out, struct error *err)
{
	struct script *s = ctx;
	size_t n = strlen(s->log);

	snprintf(s->log + n, sizeof(s->log) - n, "%s\n", request);
	if (s->breaks_at && strcmp(s->breaks_at, request) == 0)
		return error_set(err, ERROR_NETWORK, "the connection broke");
	for (const struct line *l = s->lines; l->request; l++) {
		if (strcmp(l->request, request) != 0)
			continue;
		buf_puts(&out->text, l->text);
		out->status = l->status;
		return 0;
	}
	buf_puts(&out->text, "syntax error (line 1 column 2)\r\n");
	out->status = 1;
	return 0;
}

static int read_console(struct script *s, struct device *d, struct error *err)
{
	struct asker asker = {scripted_ask, s};
	struct reader who = {.user = "audit", .via = "ssh", .service = "ssh"};

	device_init(d);
	return device_read_console(&asker, &who, d, err);
}

#define RECORD(name, port, disabled)                                                               \
	".id=*1;address=;disabled=" disabled ";invalid=false;name=" name ";port=" port "\r\n"
#define EIGHT                                                                                      \
	RECORD("telnet", "23", "false")                                                            \
	RECORD("ftp", "21", "false")                                                               \
	RECORD("www", "80", "false")                                                               \
	RECORD("ssh", "22", "false")                                                               \
	RECORD("www-ssl", "443", "true")                                                           \
	RECORD("api", "8728", "false")                                                             \
	RECORD("winbox", "8291", "false")                                                          \
	RECORD("api-ssl", "8729", "false")

#define TERSE                                                                                      \
	" 0   name=telnet port=23 address= \r\n"                                                   \
	" 1   name=ftp port=21 address= \r\n"                                                      \
	" 2   name=www port=80 address= \r\n"                                                      \
	" 3   name=ssh port=22 address=192.0.2.0/24 \r\n"                                          \
	" 4 XI name=www-ssl port=443 address= certificate=none \r\n"                               \
	" 5   name=api port=8728 address= \r\n"                                                    \
	" 6   name=winbox port=8291 address= \r\n"                                                 \
	" 7   name=api-ssl port=8729 address= certificate=none \r\n"

static void test_old_version_is_asked_once_without_dynamic(void **state)
{
	const struct line lines[] = {
		{VERSION, "6.49.18 (long-term)\r\n", 0},
		{GET(""), EIGHT, 0},
		{":put [/system resource get board-name]", "hEX\r\n", 0},
		{":put [/system identity get name]", "lab 1\r\n", 0},
		{USERS, ".id=*1;address=192.0.2.9;name=audit;via=ssh\r\n", 0},
		{0},
	};
	struct script s = {.lines = lines};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(read_console(&s, &d, &err), 0);
	assert_int_equal(d.services_n, 8);
	assert_string_equal(d.read_as, "ssh: get");
	assert_string_equal(d.board, "hEX");
	assert_string_equal(d.identity, "lab 1");
	assert_int_equal(d.version.major, 6);
	assert_int_equal(d.static_complete, TRI_YES);
	assert_int_equal(d.listeners_complete, TRI_NO);
	assert_true(d.seen_as_known);
	assert_int_equal(d.seen_as.bytes[3], 9);
	assert_int_equal(d.notes_n, 0);
	assert_null(strstr(s.log, "dynamic"));
	device_done(&d);
}

static void test_since_7_19_listeners_are_asked_apart(void **state)
{
	const struct line lines[] = {
		{VERSION, "7.19.4 (stable)\r\n", 0},
		{GET(" dynamic=no"), EIGHT, 0},
		{GET(" dynamic=yes"),
	         ".id=*20;dynamic=true;name=btest;port=2000;proto=tcp\r\n"
	         ".id=*21;connection=true;dynamic=true;local=192.0.2.1;name=ssh;port=22;proto=tcp;"
	         "remote=192.0.2.77:4001\r\n",
	         0},
		{0},
	};
	struct script s = {.lines = lines};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(read_console(&s, &d, &err), 0);
	assert_int_equal(d.services_n, 10);
	assert_int_equal(d.listeners_complete, TRI_YES);
	/* /user active was refused; the one connection row of ssh tells. */
	assert_true(d.seen_as_known);
	assert_int_equal(d.seen_as.bytes[3], 77);
	device_done(&d);
}

static void test_refused_script_falls_back_to_terse_then_to_the_table(void **state)
{
	const struct line terse[] = {
		{VERSION, "6.49.18 (long-term)\r\n", 0},
		{"/ip service print terse", TERSE, 0},
		{0},
	};
	const struct line table[] = {
		{"/ip service print",
	         "Flags: X - disabled, I - invalid \r\n"
	         " #   NAME      PORT ADDRESS               CERTIFICATE  \r\n"
	         " 0   telnet      23\r\n"
	         " 1   ssh         22\r\n",
	         0},
		{0},
	};
	struct script s = {.lines = terse}, t = {.lines = table};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(read_console(&s, &d, &err), 0);
	assert_string_equal(d.read_as, "ssh: print terse");
	assert_int_equal(d.services_n, 8);
	assert_int_equal(device_find_static(&d, "www-ssl")->disabled, TRI_YES);
	device_done(&d);
	assert_int_equal(read_console(&t, &d, &err), 0);
	assert_string_equal(d.read_as, "ssh: print");
	assert_int_equal(d.services_n, 2);
	/* Six of the eight are missing: absence proves nothing here. */
	assert_int_equal(d.static_complete, TRI_UNKNOWN);
	assert_null(d.version_text);
	device_done(&d);
}

static void test_script_that_stops_half_way_is_not_taken(void **state)
{
	const struct line lines[] = {
		{VERSION, "7.9.2 (stable)\r\n", 0},
		{GET(""), RECORD("telnet", "23", "false") "no such item (4)\r\n", 1},
		{"/ip service print terse", TERSE, 0},
		{0},
	};
	struct script s = {.lines = lines};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(read_console(&s, &d, &err), 0);
	assert_string_equal(d.read_as, "ssh: print terse");
	assert_int_equal(d.services_n, 8);
	device_done(&d);
}

static void test_record_without_state_is_not_taken(void **state)
{
	const struct line lines[] = {
		{GET(""), ".id=*1;name=telnet;port=23\r\n", 0},
		{"/ip service print terse", TERSE, 0},
		{0},
	};
	struct script s = {.lines = lines};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(read_console(&s, &d, &err), 0);
	assert_string_equal(d.read_as, "ssh: print terse");
	device_done(&d);
}

static void test_nothing_usable_is_an_error_that_names_the_menu(void **state)
{
	const struct line lines[] = {
		{VERSION, "not enough permissions (9)\r\n", 1},
		{GET(""), "not enough permissions (9)\r\n", 1},
		{"/ip service print terse", "not enough permissions (9)\r\n", 1},
		{"/ip service print", "not enough permissions (9)\r\n", 1},
		{0},
	};
	struct script s = {.lines = lines};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(read_console(&s, &d, &err), -1);
	assert_string_equal(err.text, "/ip service could not be read: the router answered "
	                              "\"not enough permissions (9)\"");
	assert_non_null(strstr(err.hint, "policy=ssh,read"));
	device_done(&d);
}

static void test_states_that_answer_no_command_have_sentences_of_their_own(void **state)
{
	static const struct {
		const char *says, *text, *hint;
	} cases[] = {
		{"\r\nROUTER HAS NO SOFTWARE KEY\r\n--------------------------\r\n", "no licence",
	         "/system license"},
		{"Change your password\r\n\r\nnew password> ", "new password", "log in once"},
		{"Do you want to see the software license? [Y/n]: ", "first login", "log in once"},
		{"Please press \"Enter\" to continue!", "first login", "log in once"},
		{"Welcome to the hotel\r\n", "near 'Welcome to the hotel'", "by hand"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct line lines[] = {
			{VERSION, cases[i].says, 0},
			{GET(""), cases[i].says, 0},
			{"/ip service print terse", cases[i].says, 0},
			{"/ip service print", cases[i].says, 0},
			{0},
		};
		struct script s = {.lines = lines};
		struct error err = {0};
		struct device d;

		assert_int_equal(read_console(&s, &d, &err), -1);
		assert_non_null(strstr(err.text, cases[i].text));
		assert_non_null(strstr(err.hint, cases[i].hint));
		device_done(&d);
	}
}

static void test_broken_conversation_ends_the_reading(void **state)
{
	const struct line lines[] = {{VERSION, "7.9.2 (stable)\r\n", 0}, {0}};
	struct script s = {.lines = lines, .breaks_at = GET("")};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(read_console(&s, &d, &err), -1);
	assert_int_equal(err.kind, ERROR_NETWORK);
	device_done(&d);
}

static void test_hang_up_after_the_services_loses_nothing(void **state)
{
	const struct line lines[] = {
		{VERSION, "7.9.2 (stable)\r\n", 0},
		{GET(""), EIGHT, 0},
		{0},
	};
	struct script s = {.lines = lines, .breaks_at = ":put [/system resource get board-name]"};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(read_console(&s, &d, &err), 1);
	assert_int_equal(d.services_n, 8);
	assert_string_equal(err.text, "only /ip service was read: the connection broke");
	device_done(&d);
}

static void test_two_sessions_from_two_addresses_leave_the_vantage_unknown(void **state)
{
	const struct line lines[] = {
		{VERSION, "7.9.2 (stable)\r\n", 0},
		{GET(""), EIGHT, 0},
		{USERS,
	         ".id=*1;address=192.0.2.9;name=audit;via=ssh\r\n"
	         ".id=*2;address=192.0.2.10;name=audit;via=ssh\r\n"
	         ".id=*3;address=192.0.2.11;name=admin;via=ssh\r\n"
	         ".id=*4;address=192.0.2.12;name=audit;via=winbox\r\n",
	         0},
		{0},
	};
	struct script s = {.lines = lines};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(read_console(&s, &d, &err), 0);
	assert_false(d.seen_as_known);
	device_done(&d);
}

static void test_our_own_address_among_several_is_no_proof(void **state)
{
	const struct line lines[] = {
		{VERSION, "7.9.2 (stable)\r\n", 0},
		{GET(""), EIGHT, 0},
		{USERS,
	         ".id=*1;address=192.0.2.9;name=audit;via=ssh\r\n"
	         ".id=*2;address=192.0.2.10;name=audit;via=ssh\r\n",
	         0},
		{0},
	};
	struct script s = {.lines = lines};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(read_console(&s, &d, &err), 0);
	assert_false(d.seen_as_known);
	device_done(&d);
}

static void test_a_server_that_answers_everything_alike_gives_no_service_twice(void **state)
{
	const struct line lines[] = {
		{VERSION, "7.19.4 (stable)\r\n", 0},
		{GET(" dynamic=no"), TERSE, 0},
		{GET(" dynamic=yes"), TERSE, 0},
		{0},
	};
	struct script s = {.lines = lines};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(read_console(&s, &d, &err), 0);
	assert_int_equal(d.services_n, 8);
	device_done(&d);
}

/* What may be sent at all: only print, get, find, :put and :foreach. */
static void test_only_reading_words_are_sent(void **state)
{
	const struct line nothing[] = {{0}};
	const struct line new_version[] = {{VERSION, "7.24 (stable)\r\n", 0}, {0}};
	struct script scripts[] = {{.lines = nothing}, {.lines = new_version}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct error err = {0};
		struct device d;

		assert_int_equal(read_console(&scripts[i], &d, &err), -1);
		assert_null(strstr(scripts[i].log, " set "));
		assert_null(strstr(scripts[i].log, " add "));
		assert_null(strstr(scripts[i].log, " remove "));
		device_done(&d);
	}
}

#define JSON_ROW(name, port, disabled)                                                             \
	"{\".id\":\"*1\",\"address\":\"\",\"disabled\":\"" disabled                                \
	"\",\"invalid\":\"false\",\"name\":\"" name "\",\"port\":\"" port "\",\"vrf\":\"main\"}"

static void test_rest_is_read_with_four_requests(void **state)
{
	const struct line lines[] = {
		{"system/resource", "{\"version\":\"7.9.2 (stable)\",\"board-name\":\"CHR\"}", 200},
		{"ip/service",
	         "[" JSON_ROW("telnet", "23", "false") "," JSON_ROW("www-ssl", "443", "true") "]",
	         200},
		{"system/identity", "{\"name\":\"gw\"}", 200},
		{"user/active", "[]", 200},
		{0},
	};
	struct script s = {.lines = lines};
	struct asker asker = {scripted_ask, &s};
	struct reader who = {.user = "audit", .via = "rest-api", .service = "www-ssl"};
	struct error err = {0};
	struct device d;

	(void)state;
	device_init(&d);
	assert_int_equal(device_read_rest(&asker, &who, &d, &err), 0);
	assert_string_equal(s.log, "system/resource\nip/service\nsystem/identity\nuser/active\n");
	assert_int_equal(d.services_n, 2);
	assert_string_equal(d.version_text, "7.9.2 (stable)");
	assert_string_equal(d.identity, "gw");
	assert_false(d.seen_as_known);
	device_done(&d);
}

static void test_console_errors_are_recognised_on_the_last_line(void **state)
{
	static const struct {
		const char *text;
		int status;
		bool error;
	} cases[] = {
		{"bad command name foo (line 1 column 2)\r\n", -1, true},
		{"syntax error (line 1 column 7)\r\n", 1, true},
		{"0 name=telnet\r\nno such item (4)\r\n", 1, true},
		{"failure: this is configured elsewhere", 0, true},
		{"", 1, true},
		{"something new\r\n", 1, true},
		{"", 0, false},
		{"7.18.2 (stable)\r\n", 0, false},
		{" 0 name=telnet port=23\r\n 1 name=ftp port=21\r\n", 1, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = {0};

		assert_int_equal(console_is_error(cases[i].text, strlen(cases[i].text),
		                                  cases[i].status, &err),
		                 cases[i].error);
		assert_int_equal(error_is_set(&err), cases[i].error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_old_version_is_asked_once_without_dynamic),
		cmocka_unit_test(test_since_7_19_listeners_are_asked_apart),
		cmocka_unit_test(test_refused_script_falls_back_to_terse_then_to_the_table),
		cmocka_unit_test(test_script_that_stops_half_way_is_not_taken),
		cmocka_unit_test(test_record_without_state_is_not_taken),
		cmocka_unit_test(test_nothing_usable_is_an_error_that_names_the_menu),
		cmocka_unit_test(test_states_that_answer_no_command_have_sentences_of_their_own),
		cmocka_unit_test(test_broken_conversation_ends_the_reading),
		cmocka_unit_test(test_hang_up_after_the_services_loses_nothing),
		cmocka_unit_test(test_our_own_address_among_several_is_no_proof),
		cmocka_unit_test(test_two_sessions_from_two_addresses_leave_the_vantage_unknown),
		cmocka_unit_test(
			test_a_server_that_answers_everything_alike_gives_no_service_twice),
		cmocka_unit_test(test_only_reading_words_are_sent),
		cmocka_unit_test(test_rest_is_read_with_four_requests),
		cmocka_unit_test(test_console_errors_are_recognised_on_the_last_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
