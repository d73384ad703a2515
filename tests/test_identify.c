/* What the first bytes say, what is asked, and the rows of both tables. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "rosaudit/scan.h"
#include "src/scan/identify.h"
#include "src/scan/probe.h"

#define BYTES(text) text, sizeof(text) - 1

/* Greetings as the protocols' documents and MikroTik's servers form them. */
static const struct sample {
	const char *p;
	size_t n;
	enum app_proto app;
} samples[] = {
	{BYTES("SSH-2.0-ROSSSH\r\n"), APP_SSH},
	{BYTES("SSH-2.0-OpenSSH_9.2p1\n"), APP_SSH},
	{BYTES("SSH-1.99-x"), APP_SSH},
	{BYTES("Too many sessions\r\nSSH-2.0-x\r\n"), APP_SSH},
	{BYTES("220 lab FTP server (MikroTik 6.49.10) ready\r\n"), APP_FTP},
	{BYTES("220-welcome\r\n220 ready\r\n"), APP_FTP},
	{BYTES("421 too many users\r\n"), APP_FTP},
	{BYTES("220 mail.example.net ESMTP ready\r\n"), APP_OTHER},
	{BYTES("2200\r\n"), APP_OTHER},
	{BYTES("\xff\xfb\x01\xff\xfd\x18"), APP_TELNET},
	{BYTES("\xff\xfd"), APP_TELNET},
	{BYTES("\xff\xff"), APP_OTHER},
	{BYTES("HTTP/1.0 200 OK\r\n\r\n"), APP_HTTP},
	{BYTES("HTTP/1.1 401 Unauthorized\r\n"), APP_HTTP},
	{BYTES("HTTPS is spoken here"), APP_OTHER},
	{BYTES("\x15\x03\x01\x00\x02\x02\x28"), APP_TLS},
	{BYTES("\x16\x03\x03\x00\x7a\x02"), APP_TLS},
	{BYTES("\x16\x03\x00"), APP_TLS},
	{BYTES("\x16\x02\x03"), APP_OTHER},
	{BYTES("\x16\x03\x09"), APP_OTHER},
	{BYTES("\x06!fatal\x0dnot logged in\x00"), APP_API},
	{BYTES("\x05!done\x00"), APP_API},
	{BYTES("\x05!trap\x00"), APP_API},
	{BYTES("\x03!re\x00"), APP_API},
	{BYTES("\x05!what"), APP_OTHER},
	{BYTES("\x01\0\0\0"), APP_BTEST},
	{BYTES("\x01\0\0\0\x02\0\0"), APP_WINBOX},
	{BYTES("\x01\0\0\0\x07"), APP_OTHER},
	{BYTES("\x21\x06................................."), APP_WINBOX},
	{BYTES("\x31\x06................................................."), APP_WINBOX},
	{BYTES("\x22\x06x"), APP_OTHER},
	{BYTES("\x13\x02index\0\0\0\0"), APP_WINBOX},
	{BYTES("\xff\x02list\0\0\0\0"), APP_WINBOX},
	{BYTES("\x2a\x01\0\x28M2\x01\0"), APP_WINBOX},
	{BYTES("\x2a\x01\0\x28M3"), APP_OTHER},
	{BYTES("+OK ready\r\n"), APP_OTHER},
	{BYTES("\x1b[2Jhello"), APP_OTHER},
	{BYTES("\0"), APP_OTHER},
};

static void test_every_greeting_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		if (identify_bytes(samples[i].p, samples[i].n) != samples[i].app)
			print_error("sample %zu\n", i);
		assert_int_equal(identify_bytes(samples[i].p, samples[i].n), samples[i].app);
	}
	assert_int_equal(identify_bytes("", 0), APP_UNKNOWN);
}

/* A slow sender must not be judged by its first bytes: every beginning of a known greeting is
 * either "more, please" or already the right answer. */
static void test_a_beginning_is_never_judged_wrong(void **state)
{
	struct identity id;

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		if (samples[i].app == APP_OTHER || samples[i].p[0] == 'T')
			continue;
		for (size_t n = 1; n < samples[i].n; n++) {
			id = identify_so_far(samples[i].p, n);
			/* Only here is a whole greeting the beginning of another: it is waited
			 * on. */
			if (id.app == APP_BTEST && id.keep == KEEP_MORE)
				continue;
			assert_int_not_equal(id.fit, FIT_NO);
			if (id.fit == FIT_YES)
				assert_int_equal(id.app, samples[i].app);
			else
				assert_int_equal(id.app, APP_UNKNOWN);
		}
	}
}

static void test_any_byte_twice_is_judged_without_harm(void **state)
{
	(void)state;
	for (unsigned a = 0; a < 256; a++)
		for (unsigned b = 0; b < 256; b++) {
			char p[2] = {(char)a, (char)b};
			size_t start, n = identify_banner(identify_bytes(p, 2), p, 2, &start);

			assert_true(start + n <= 2);
		}
}

static void test_greetings_are_complete_at_their_ends(void **state)
{
	(void)state;
	assert_true(identify_complete(KEEP_FIRST, "x", 1));
	assert_false(identify_complete(KEEP_MORE, "x\r\n", 3));
	assert_false(identify_complete(KEEP_LINE, "", 0));
	assert_false(identify_complete(KEEP_LINE, "SSH-2.0-ROS", 11));
	assert_true(identify_complete(KEEP_LINE, "SSH-2.0-ROSSSH\r\n", 16));
	assert_false(identify_complete(KEEP_LINE, "hello\nSSH-2.0", 13));
	assert_true(identify_complete(KEEP_LINE, "hello\nSSH-2.0\n", 14));
	assert_false(identify_complete(KEEP_HEAD, "HTTP/1.0 200 OK\r\nServer: x\r\n", 28));
	assert_true(identify_complete(KEEP_HEAD, "HTTP/1.0 200 OK\r\n\r\n", 19));
	assert_true(identify_complete(KEEP_HEAD, "HTTP/1.0 200 OK\n\n", 17));
}

static void test_the_banner_is_the_greeting_alone(void **state)
{
	static const struct {
		enum app_proto app;
		const char *bytes, *banner;
	} rows[] = {
		{APP_SSH, "SSH-2.0-ROSSSH\r\n", "SSH-2.0-ROSSSH"},
		{APP_SSH, "busy\r\nSSH-2.0-x\r\nmore", "SSH-2.0-x"},
		{APP_SSH, "SSH-2.0-half", "SSH-2.0-half"},
		{APP_FTP, "220 ready\r\n230 no\r\n", "220 ready"},
		{APP_HTTP, "HTTP/1.0 200 OK\r\nServer: a\r\n\r\n<html>",
	         "HTTP/1.0 200 OK\r\nServer: a"},
		{APP_OTHER, "+OK\r\n-ERR\r\n", "+OK"},
		{APP_OTHER, "\r\n", ""},
		{APP_API, "\x05!done", "\x05!done"},
	};
	size_t start, n;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		n = identify_banner(rows[i].app, rows[i].bytes, strlen(rows[i].bytes), &start);
		assert_int_equal(n, strlen(rows[i].banner));
		assert_memory_equal(rows[i].bytes + start, rows[i].banner, n);
	}
}

static void test_every_protocol_has_its_probe(void **state)
{
	(void)state;
	for (int app = APP_SSH; app < APP_OTHER; app++) {
		const struct probe *p = probe_for((enum app_proto)app);

		assert_int_equal(p->app, app);
		for (size_t i = 1; i < PROBE_STEPS; i++)
			if (p->steps[i].payload != PAYLOAD_NONE)
				assert_true(p->steps[i].after_ms > p->steps[i - 1].after_ms);
	}
	assert_int_equal(probe_for(APP_OTHER)->app, APP_UNKNOWN);
	assert_int_equal(probe_for(APP_UNKNOWN)->app, APP_UNKNOWN);
}

/* A line sent to telnet would be taken for a login name. */
static void test_telnet_is_never_spoken_to(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROBE_STEPS; i++)
		assert_int_equal(probe_for(APP_TELNET)->steps[i].payload, PAYLOAD_NONE);
}

static void test_payloads_are_right_in_their_protocols(void **state)
{
	struct address v4 = {.family = 4, .bytes = {192, 0, 2, 1}};
	struct address v6 = {.family = 6, .bytes = {0xfe, 0x80, [15] = 1}, .scope = 1};
	struct payloads s;
	struct error err = {0};
	struct tls_session *session;
	char hello[4096];
	const char *p;
	size_t n;

	(void)state;
	assert_int_equal(payloads_init(&s, &v4, &err), 0);
	for (int i = PAYLOAD_HTTP; i < PAYLOAD_COUNT; i++)
		assert_true(i == PAYLOAD_TLS || s.v[i].n > 0);
	p = s.v[PAYLOAD_HTTP].p;
	assert_memory_equal(p, "GET / HTTP/1.0\r\nHost: 192.0.2.1\r\n", 33);
	assert_memory_equal(p + s.v[PAYLOAD_HTTP].n - 4, "\r\n\r\n", 4);
	assert_int_equal(s.v[PAYLOAD_API].n, 7);
	assert_memory_equal(s.v[PAYLOAD_API].p, "\x05/quit\0", 7);
	/* A handshake record whose length is that of the rest, holding a client hello. */
	session = tls_session_new(s.room, TLS_OFFER_ALL);
	n = tls_session_give(session, hello, sizeof(hello));
	p = hello;
	assert_memory_equal(p, "\x16\x03\x01", 3);
	assert_int_equal((unsigned char)p[3] * 256 + (unsigned char)p[4] + 5, n);
	assert_int_equal(p[5], 1);
	tls_session_free(session);
	/* Frames whose first byte is the length of what follows the handler. */
	p = s.v[PAYLOAD_WINBOX_KEY].p;
	assert_int_equal((unsigned char)p[0] + 2, s.v[PAYLOAD_WINBOX_KEY].n);
	assert_int_equal(p[1], 6);
	assert_string_equal(p + 2, "rosaudit");
	p = s.v[PAYLOAD_WINBOX_LIST].p;
	assert_int_equal((unsigned char)p[0] + 2, s.v[PAYLOAD_WINBOX_LIST].n);
	assert_string_equal(p + 2, "list");
	payloads_done(&s);
	assert_int_equal(payloads_init(&s, &v6, &err), 0);
	assert_memory_equal(s.v[PAYLOAD_HTTP].p, "GET / HTTP/1.0\r\nHost: [fe80::1]\r\n", 33);
	payloads_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_greeting_is_told),
		cmocka_unit_test(test_a_beginning_is_never_judged_wrong),
		cmocka_unit_test(test_any_byte_twice_is_judged_without_harm),
		cmocka_unit_test(test_greetings_are_complete_at_their_ends),
		cmocka_unit_test(test_the_banner_is_the_greeting_alone),
		cmocka_unit_test(test_every_protocol_has_its_probe),
		cmocka_unit_test(test_telnet_is_never_spoken_to),
		cmocka_unit_test(test_payloads_are_right_in_their_protocols),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
