/* What services tell of themselves: parsers over bytes, then real servers and hostile ones. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rosaudit/buf.h"
#include "rosaudit/clock.h"
#include "rosaudit/limits.h"
#include "rosaudit/scan.h"
#include "src/scan/http_answer.h"
#include "src/scan/ssh_offer.h"
#include "src/scan/wire.h"
#include "tests/support/peers.h"
#include "tests/support/program.h"
#include "tests/support/ssh_lab.h"

/* --- the version --- */

static void test_the_version_is_found_where_it_is_told(void **state)
{
	static const struct {
		const char *text, *version;
	} rows[] = {
		{"220 lab FTP server (MikroTik 6.49.10) ready\r\n", "6.49.10"},
		{"<h1>RouterOS v7.16.1</h1>", "7.16.1"},
		{"MikroTik v7.1beta6 (development)", "7.1beta6"},
		{"MikroTik RouterOS 6.48rc1.", "6.48rc1"},
		{"MikroTik 7 is new, MikroTik 7.2.", "7.2"},
		{"RouterOS router configuration page", NULL},
		{"MikroTik v", NULL},
		{"mikrotik 6.49", NULL},
		{"", NULL},
	};
	struct arena arena = {0};
	const char *found;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		found = facts_find_version(rows[i].text, strlen(rows[i].text), &arena);
		if (rows[i].version)
			assert_string_equal(found, rows[i].version);
		else
			assert_null(found);
	}
	arena_done(&arena);
}

/* --- SSH --- */

static void put_list(struct buf *b, const char *list)
{
	wire_u32(b, (uint32_t)strlen(list));
	buf_puts(b, list);
}

/* A greeting and an offer as RFC 4253 lays them out. */
static void make_offer(struct buf *b, const char *greeting)
{
	static const char *const lists[] = {"curve25519-sha256,diffie-hellman-group14-sha1",
	                                    "rsa-sha2-256,ssh-rsa",
	                                    "aes128-ctr",
	                                    "aes256-ctr,3des-cbc",
	                                    "hmac-md5",
	                                    "hmac-sha1",
	                                    "none",
	                                    "none",
	                                    "",
	                                    ""};
	struct buf body;

	buf_init(&body, 4096);
	for (size_t i = 0; i < 10; i++)
		put_list(&body, lists[i]);
	buf_pad(&body, 0, 5);
	buf_init(b, 8192);
	buf_puts(b, greeting);
	wire_u32(b, (uint32_t)(1 + 1 + 16 + body.n + 7));
	wire_u8(b, 7);
	wire_u8(b, 20);
	buf_pad(b, 'c', 16);
	buf_add(b, body.p, body.n);
	buf_pad(b, 0, 7);
	buf_done(&body);
}

static void test_an_ssh_offer_is_read_when_it_is_whole(void **state)
{
	struct arena arena = {0};
	struct ssh_facts facts;
	struct buf b;

	(void)state;
	make_offer(&b, "be welcome\r\nSSH-2.0-ROSSSH\r\n");
	for (size_t n = 0; n < b.n; n++) {
		char *exact = mem_alloc(n ? n : 1);

		memcpy(exact, b.p, n);
		facts = (struct ssh_facts){0};
		assert_int_equal(ssh_offer_read(exact, n, &arena, &facts), SSH_OFFER_MORE);
		assert_null(facts.kex);
		free(exact);
	}
	facts = (struct ssh_facts){0};
	assert_int_equal(ssh_offer_read(b.p, b.n, &arena, &facts), SSH_OFFER_WHOLE);
	assert_string_equal(facts.protocol, "2.0");
	assert_string_equal(facts.software, "ROSSSH");
	assert_int_equal(facts.protocol_1, TRI_NO);
	assert_string_equal(facts.kex, "curve25519-sha256,diffie-hellman-group14-sha1");
	assert_string_equal(facts.host_keys, "rsa-sha2-256,ssh-rsa");
	assert_string_equal(facts.ciphers, "aes256-ctr,3des-cbc");
	assert_string_equal(facts.macs, "hmac-sha1");
	buf_done(&b);
	arena_done(&arena);
}

static void test_ssh_of_the_first_protocol_is_told(void **state)
{
	static const struct {
		const char *greeting, *protocol;
		bool speaks_2;
	} rows[] = {
		{"SSH-1.5-Cisco-1.25\n", "1.5", false},
		{"SSH-1.99-old\r\n", "1.99", true},
		{"SSH-2.0-x\n", "2.0", true},
		{"SSH-3.0-x\n", "3.0", false},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ssh_facts facts = {0};
		size_t n = strlen(rows[i].greeting);

		ssh_offer_read(rows[i].greeting, n, &arena, &facts);
		assert_string_equal(facts.protocol, rows[i].protocol);
		assert_int_equal(facts.protocol_1, tri_of(rows[i].protocol[0] == '1'));
		assert_int_equal(ssh_speaks_2(rows[i].greeting, n), rows[i].speaks_2);
	}
	arena_done(&arena);
}

static void test_a_broken_ssh_offer_is_none(void **state)
{
	static const size_t at[] = {0, 4, 5, 22, 71};
	struct arena arena = {0};
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		struct ssh_facts facts = {0};

		make_offer(&b, "SSH-2.0-x\n");
		memset(b.p + 10 + at[i], 0xff, 4);
		assert_int_equal(ssh_offer_read(b.p, b.n, &arena, &facts), SSH_OFFER_NONE);
		assert_null(facts.kex);
		assert_string_equal(facts.software, "x");
		buf_done(&b);
	}
	arena_done(&arena);
}

/* --- HTTP --- */

static void test_http_heads_and_titles_are_read(void **state)
{
	static const struct {
		const char *bytes;
		int status; /* 0 = no HTTP */
		const char *server, *title, *location, *authenticate;
		bool whole;
	} rows[] = {
		{"HTTP/1.0 200 OK\r\nServer: a b \r\n\r\n<TITLE>RouterOS\n  page </title></html>",
	         200, "a b", "RouterOS page", NULL, NULL, true},
		{"HTTP/1.1 302 Found\r\nlocation:http://192.0.2.1/x\r\nContent-Length: 0\r\n\r\n",
	         302, NULL, NULL, "http://192.0.2.1/x", NULL, true},
		{"HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Basic realm=\"r\"\n\nno", 401, NULL,
	         NULL, NULL, "Basic realm=\"r\"", false},
		{"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n", 200, NULL, NULL, NULL, NULL,
	         true},
		{"HTTP/1.1 200 OK\r\nServer: cut", 200, "cut", NULL, NULL, NULL, false},
		{"HTTP/1.1 200 OK\r\n\r\n<title>never closed", 200, NULL, NULL, NULL, NULL, false},
		{"HTTP/1.1 200 OK\r\n\r\n<title> </title></HTML>", 200, NULL, NULL, NULL, NULL,
	         true},
		{"HTTP/1.1 999 No\r\n\r\n", 0, NULL, NULL, NULL, NULL, false},
		{"HTTP/1.1234 20", 0, NULL, NULL, NULL, NULL, false},
		{"HTTPS is spoken here", 0, NULL, NULL, NULL, NULL, false},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct http_facts f = {0};
		size_t n = strlen(rows[i].bytes);
		char *exact = mem_alloc(n);

		memcpy(exact, rows[i].bytes, n);
		assert_int_equal(http_answer_read(exact, n, &arena, &f), rows[i].status != 0);
		assert_int_equal(f.status, rows[i].status);
		assert_text_equal(f.server ? f.server : "-", rows[i].server ? rows[i].server : "-");
		assert_text_equal(f.title ? f.title : "-", rows[i].title ? rows[i].title : "-");
		assert_text_equal(f.location ? f.location : "-",
		                  rows[i].location ? rows[i].location : "-");
		assert_text_equal(f.authenticate ? f.authenticate : "-",
		                  rows[i].authenticate ? rows[i].authenticate : "-");
		if (rows[i].status)
			assert_int_equal(http_answer_whole(exact, n), rows[i].whole);
		free(exact);
	}
	arena_done(&arena);
}

/* --- servers that are not ours --- */

static const struct observation *look(uint16_t port, enum app_proto expect, unsigned identify_ms,
                                      struct observations *out)
{
	static const struct address loopback = {.family = 4, .bytes = {127, 0, 0, 1}};
	struct scan_port p = {.router = port, .here = port, .expect = expect};
	struct scan_host host = {loopback, &p, 1};
	struct scan_plan plan = {
		.hosts = &host, .hosts_n = 1, .examine = true, .identify_ms = identify_ms};
	struct error err = {0};

	observations_init(out);
	if (scan_host_run(&plan, out, &err))
		fail_msg("scan: %s", err.text);
	assert_int_equal(out->n, 1);
	return &out->v[0];
}

/* `openssl s_server` with these options in dir; false when it is not installed. */
static bool start_tls(struct program *p, const char *dir, const char *const *options,
                      uint16_t *port)
{
	const char *argv[32] = {"openssl", "s_server", "-accept", "127.0.0.1:0"};
	char text[16];
	size_t n = 4;

	if (!program_installed("openssl"))
		return false;
	for (; *options; options++)
		argv[n++] = *options;
	program_start(p, argv, dir, "ACCEPT");
	program_word(p, "ACCEPT 127.0.0.1:", text, sizeof(text));
	*port = (uint16_t)strtoul(text, NULL, 10);
	return true;
}

static void make_certificate(const char *dir)
{
	const char *argv[] = {"sh", "-c",
	                      "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem "
	                      "-out cert.pem -days 3 -subj '/O=Lab/CN=router.example' -addext "
	                      "subjectAltName=DNS:router.example,IP:192.0.2.1,IP:2001:db8::1 "
	                      "2>req.log && echo made",
	                      NULL};
	struct program made;

	program_start(&made, argv, dir, "made");
	program_stop(&made);
}

static void test_a_certificate_is_told_whole(void **state)
{
	const char *const options[] = {"-key", "key.pem", "-cert", "cert.pem", NULL};
	const char *dir = test_temp_dir();
	const struct tls_certificate *c;
	const struct tls_facts *tls;
	struct observations seen;
	struct program server;
	uint16_t port;

	(void)state;
	if (!program_installed("openssl"))
		skip();
	make_certificate(dir);
	assert_true(start_tls(&server, dir, options, &port));
	look(port, APP_TLS, 5000, &seen);
	assert_int_equal(seen.v[0].app, APP_TLS);
	assert_non_null(seen.v[0].facts);
	tls = seen.v[0].facts->tls;
	assert_non_null(tls);
	assert_string_equal(tls->version, "TLSv1.3");
	assert_int_equal(tls->offers[TLS_1_3], TRI_YES);
	assert_int_equal(tls->anonymous, TRI_NO);
	assert_int_equal(tls->anonymous_only, TRI_NO);
	c = tls->certificate;
	assert_non_null(c);
	assert_string_equal(c->subject, "CN=router.example,O=Lab");
	assert_string_equal(c->issuer, c->subject);
	assert_int_equal(c->names_n, 3);
	assert_string_equal(c->names[0], "router.example");
	assert_string_equal(c->names[1], "192.0.2.1");
	assert_string_equal(c->names[2], "2001:db8::1");
	assert_string_equal(c->key, "RSA");
	assert_int_equal(c->key_bits, 2048);
	assert_string_equal(c->signature, "sha256WithRSAEncryption");
	assert_int_equal(strlen(c->sha256), 64);
	assert_int_equal(c->self_signed, TRI_YES);
	assert_int_equal(c->trusted, TRI_NO);
	assert_contains(c->distrust, "self");
	assert_int_equal(c->chain_n, 1);
	assert_in_range((uintmax_t)(c->not_after - c->not_before), 2 * 86400, 4 * 86400);
	assert_in_range((uintmax_t)c->not_before, (uintmax_t)time(NULL) - 3600,
	                (uintmax_t)time(NULL) + 60);
	observations_done(&seen);
	program_stop(&server);
}

static void test_anonymous_tls_is_told(void **state)
{
	const char *const options[] = {"-nocert", "-cipher", "ADH:@SECLEVEL=0", NULL};
	struct observations seen;
	struct program server;
	uint16_t port;

	(void)state;
	if (!start_tls(&server, NULL, options, &port))
		skip();
	look(port, APP_TLS, 5000, &seen);
	assert_non_null(seen.v[0].facts);
	assert_string_equal(seen.v[0].facts->tls->version, "TLSv1.2");
	assert_int_equal(seen.v[0].facts->tls->anonymous, TRI_YES);
	assert_null(seen.v[0].facts->tls->certificate);
	observations_done(&seen);
	program_stop(&server);
}

static void check_offers(const struct tls_facts *t, enum tri v10, enum tri v11, enum tri v12,
                         enum tri v13)
{
	assert_int_equal(t->offers[TLS_1_0], v10);
	assert_int_equal(t->offers[TLS_1_1], v11);
	assert_int_equal(t->offers[TLS_1_2], v12);
	assert_int_equal(t->offers[TLS_1_3], v13);
}

/* RouterOS's certificate=none: also where nobody expects TLS, and hangs up on a plain question. */
static void test_anonymous_only_is_told_by_further_connections(void **state)
{
	static const enum app_proto expected[] = {APP_TLS, APP_UNKNOWN};
	const char *const options[] = {"-nocert", "-cipher", "ADH:@SECLEVEL=0", NULL};
	struct observations seen;
	struct program server;
	uint16_t port;

	(void)state;
	if (!start_tls(&server, NULL, options, &port))
		skip();
	for (size_t i = 0; i < 2; i++) {
		look(port, expected[i], 5000, &seen);
		assert_int_equal(seen.v[0].app, APP_TLS);
		assert_int_equal(seen.v[0].serve, SERVE_SERVING);
		assert_non_null(seen.v[0].facts);
		assert_int_equal(seen.v[0].facts->tls->anonymous_only, TRI_YES);
		check_offers(seen.v[0].facts->tls, TRI_YES, TRI_YES, TRI_YES, TRI_NO);
		observations_done(&seen);
	}
	program_stop(&server);
}

static void test_versions_are_told_by_further_connections(void **state)
{
	const char *const options[] = {"-key", "key.pem", "-cert", "cert.pem", "-tls1_2", NULL};
	const char *dir = test_temp_dir();
	struct observations seen;
	struct program server;
	uint16_t port;

	(void)state;
	if (!program_installed("openssl"))
		skip();
	make_certificate(dir);
	assert_true(start_tls(&server, dir, options, &port));
	look(port, APP_TLS, 5000, &seen);
	assert_int_equal(seen.v[0].facts->tls->anonymous_only, TRI_NO);
	check_offers(seen.v[0].facts->tls, TRI_NO, TRI_NO, TRI_YES, TRI_NO);
	observations_done(&seen);
	program_stop(&server);
}

/* A port that may be connected to once is: what only others could tell stays unknown. */
static void test_a_port_asked_once_is_not_examined(void **state)
{
	static const struct address loopback = {.family = 4, .bytes = {127, 0, 0, 1}};
	const struct peer_plan plan = {
		.say = "\x15\x03\x01\x00\x02\x02\x28", .say_n = 7, .hear_first = true};
	struct peer *peer = peer_start(&plan);
	struct scan_port p = {.router = peer_port(peer),
	                      .here = peer_port(peer),
	                      .expect = APP_TLS,
	                      .once = true};
	struct scan_host host = {loopback, &p, 1};
	struct scan_plan scan = {
		.hosts = &host, .hosts_n = 1, .examine = true, .identify_ms = 1000};
	struct observations seen;
	struct error err = {0};

	(void)state;
	for (unsigned k = 1; k <= 2; k++) {
		observations_init(&seen);
		assert_int_equal(scan_host_run(&scan, &seen, &err), 0);
		assert_int_equal(seen.v[0].app, APP_TLS);
		assert_null(seen.v[0].facts);
		observations_done(&seen);
		if (k == 1)
			assert_int_equal(peer_accepted(peer), 1);
		p.once = false;
	}
	assert_in_range(peer_accepted(peer), 3, 9);
	peer_free(peer);
}

static void check_ssh(uint16_t port, const char *software, const char *key)
{
	struct observations seen;
	const struct ssh_facts *ssh;

	look(port, APP_SSH, 5000, &seen);
	assert_int_equal(seen.v[0].app, APP_SSH);
	assert_non_null(seen.v[0].facts);
	ssh = seen.v[0].facts->ssh;
	assert_non_null(ssh);
	assert_string_equal(ssh->protocol, "2.0");
	assert_contains(ssh->software, software);
	assert_contains(ssh->kex, "curve25519-sha256");
	assert_contains(ssh->host_keys, key);
	assert_contains(ssh->ciphers, "aes");
	assert_contains(ssh->macs, "hmac-sha2");
	observations_done(&seen);
}

static void test_ssh_keys_and_exchanges_are_told_by_libssh(void **state)
{
	struct ssh_lab lab;

	(void)state;
	lab_start(&lab, NULL, NULL);
	check_ssh(lab.target.port, "ROSSSH", "ed25519");
	lab_stop(&lab);
}

static void test_ssh_keys_and_exchanges_are_told_by_openssh(void **state)
{
	struct ssh_lab lab;
	char line[600];

	(void)state;
	if (!lab_dir(&lab))
		skip();
	assert_true(lab_keygen(&lab, "host", "ed25519", "256", "RFC4716", ""));
	test_write_file(lab_path(&lab, "authorized"), "");
	snprintf(line, sizeof(line), "HostKey %s\n", lab_path(&lab, "host"));
	lab_start_sshd(&lab, "127.0.0.1", line);
	check_ssh(lab.target.port, "OpenSSH", "ssh-ed25519");
	lab_stop(&lab);
}

/* --- hostile servers --- */

/* Whatever it says, for ever: an end in time, and within the limit. */
static void check_hostile(const struct peer_plan *plan, enum app_proto expect, enum app_proto app)
{
	struct peer *peer = peer_start(plan);
	int64_t began = clock_ms();
	struct observations seen;
	struct buf line;

	look(peer_port(peer), expect, 1200, &seen);
	assert_int_equal(seen.v[0].serve, SERVE_SERVING);
	assert_int_equal(seen.v[0].app, app);
	assert_true(seen.v[0].banner_n <= LIMIT_BANNER_BYTES);
	assert_in_range((uintmax_t)(clock_ms() - began), 0, 10000);
	buf_init(&line, 1u << 20);
	facts_format(seen.v[0].facts, &line);
	for (size_t i = 0; i < line.n; i++)
		assert_true((unsigned char)line.p[i] >= 0x20 && line.p[i] != 0x7f);
	buf_done(&line);
	observations_done(&seen);
	peer_free(peer);
}

static void test_endless_dripping_and_binary_servers_are_bounded(void **state)
{
	static const char ssh[] = "SSH-2.0-\x1b[2Jx\r\n\0\0\x20\0\x05\x14";
	static const char page[] = "HTTP/1.0 200 OK\r\nServer: \x1b]0;x\x07\r\n\r\n"
				   "<title>\x1b[31m\x80\xff</title>";
	static const char record[] = "\x16\x03\x03\x3f\xff\x02\0\x3f\xfb\x03\x03";
	const struct peer_plan plans[] = {
		{.say = ssh, .say_n = sizeof(ssh) - 1, .endless = true},
		{.say = ssh, .say_n = sizeof(ssh) - 1, .drip_ms = 40, .endless = true},
		{.say = page, .hear_first = true, .endless = true},
		{.say = page, .hear_first = true, .drip_ms = 5, .endless = true},
		{.say = record, .say_n = sizeof(record) - 1, .hear_first = true, .endless = true},
		{.say = record,
	         .say_n = sizeof(record) - 1,
	         .hear_first = true,
	         .drip_ms = 40,
	         .endless = true},
	};

	(void)state;
	check_hostile(&plans[0], APP_SSH, APP_SSH);
	check_hostile(&plans[1], APP_SSH, APP_SSH);
	check_hostile(&plans[2], APP_HTTP, APP_HTTP);
	check_hostile(&plans[3], APP_HTTP, APP_HTTP);
	check_hostile(&plans[4], APP_TLS, APP_TLS);
	check_hostile(&plans[5], APP_TLS, APP_TLS);
}

/* A hello that is answered in another tongue, and the other way round. */
static void test_a_foreign_answer_is_read_in_its_own_tongue(void **state)
{
	const struct peer_plan web = {.say = "HTTP/1.1 400 No\r\nServer: plain\r\n\r\n</html>",
	                              .hear_first = true,
	                              .then = PEER_FIN};
	struct peer *peer = peer_start(&web);
	struct observations seen;

	(void)state;
	look(peer_port(peer), APP_TLS, 2000, &seen);
	assert_int_equal(seen.v[0].app, APP_HTTP);
	assert_non_null(seen.v[0].facts);
	assert_null(seen.v[0].facts->tls);
	assert_string_equal(seen.v[0].facts->http->server, "plain");
	observations_done(&seen);
	peer_free(peer);
}

static void test_the_version_of_a_greeting_is_kept(void **state)
{
	const struct peer_plan ftp = {.say = "220 lab FTP server (MikroTik 6.49.10) ready\r\n"};
	struct peer *peer = peer_start(&ftp);
	struct observations seen;
	struct buf line;

	(void)state;
	look(peer_port(peer), APP_FTP, 2000, &seen);
	assert_non_null(seen.v[0].facts);
	assert_string_equal(seen.v[0].facts->version, "6.49.10");
	buf_init(&line, 256);
	facts_format(seen.v[0].facts, &line);
	assert_string_equal(buf_str(&line), "RouterOS 6.49.10");
	buf_done(&line);
	observations_done(&seen);
	peer_free(peer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_version_is_found_where_it_is_told),
		cmocka_unit_test(test_an_ssh_offer_is_read_when_it_is_whole),
		cmocka_unit_test(test_ssh_of_the_first_protocol_is_told),
		cmocka_unit_test(test_a_broken_ssh_offer_is_none),
		cmocka_unit_test(test_http_heads_and_titles_are_read),
		cmocka_unit_test(test_a_certificate_is_told_whole),
		cmocka_unit_test(test_anonymous_tls_is_told),
		cmocka_unit_test(test_anonymous_only_is_told_by_further_connections),
		cmocka_unit_test(test_versions_are_told_by_further_connections),
		cmocka_unit_test(test_a_port_asked_once_is_not_examined),
		cmocka_unit_test(test_ssh_keys_and_exchanges_are_told_by_libssh),
		cmocka_unit_test(test_ssh_keys_and_exchanges_are_told_by_openssh),
		cmocka_unit_test(test_endless_dripping_and_binary_servers_are_bounded),
		cmocka_unit_test(test_a_foreign_answer_is_read_in_its_own_tongue),
		cmocka_unit_test(test_the_version_of_a_greeting_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
