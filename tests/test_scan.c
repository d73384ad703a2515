/* The connect scan against servers of its own on loopback: every state, and every way in which an
 * open port can behave. */
#include "tests/test.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rosaudit/cancel.h"
#include "rosaudit/clock.h"
#include "rosaudit/limits.h"
#include "rosaudit/scan.h"
#include "tests/support/peers.h"

static const struct address loopback4 = {.family = 4, .bytes = {127, 0, 0, 1}};
static const struct address loopback6 = {.family = 6, .bytes = {[15] = 1}};

#define HOST(to, v, count) .hosts = &(struct scan_host){(to), (v), (count)}, .hosts_n = 1

/* Scans the ports as they are; the test fails when the scan does. */
static void scan(const struct scan_plan *plan, struct observations *out)
{
	struct error err = {0};

	observations_init(out);
	if (scan_host_run(plan, out, &err))
		fail_msg("scan: %s", err.text);
	assert_true(out->scanned);
}

/* Scans one port of 127.0.0.1 as one where `expect` should be. */
static const struct observation *scan_one(uint16_t port, enum app_proto expect,
                                          struct observations *out)
{
	struct scan_port p = {.router = port, .here = port, .expect = expect};
	struct scan_plan plan = {HOST(loopback4, &p, 1), .pace.rtt_first_ms = 200,
	                         .identify_ms = 1000};

	scan(&plan, out);
	assert_int_equal(out->n, 1);
	return &out->v[0];
}

/* One server, one scan of it, what must be seen. */
struct one {
	struct peer_plan peer;
	enum app_proto expect;
	enum serve_state serve;
	enum app_proto app;
	const char *banner, *close;
};

static void check_row(const struct one *row, const struct peer *peer, const struct observation *o)
{
	assert_int_equal(o->state, PORT_OPEN);
	assert_string_equal(o->reason, "syn-ack");
	assert_int_equal(o->serve, row->serve);
	assert_int_equal(o->app, row->app);
	assert_int_equal(o->probed_port, peer_port(peer));
	assert_int_equal(o->tries, 1);
	assert_true(o->rtt_us >= 0);
	if (row->banner) {
		assert_int_equal(o->banner_n, strlen(row->banner));
		assert_memory_equal(o->banner, row->banner, o->banner_n);
	}
	if (row->close)
		assert_string_equal(o->close, row->close);
	else
		assert_null(o->close);
	assert_int_equal(o->spoke, row->serve == SERVE_REFUSED && row->peer.hear_first);
	assert_int_equal(peer_accepted(peer), 1);
}

/* Starts a server for each row, scans them all at once, and compares. */
static void check_rows(const struct one *rows, size_t n, unsigned identify_ms)
{
	enum { MOST = 16 };
	struct peer *peers[MOST];
	struct scan_port ports[MOST];
	struct scan_plan plan = {HOST(loopback4, ports, n), .identify_ms = identify_ms};
	struct observations seen;

	assert_true(n <= MOST);
	for (size_t i = 0; i < n; i++) {
		peers[i] = peer_start(&rows[i].peer);
		ports[i] = (struct scan_port){.router = (uint16_t)(i + 1),
		                              .here = peer_port(peers[i]),
		                              .expect = rows[i].expect};
	}
	scan(&plan, &seen);
	for (size_t i = 0; i < n; i++)
		check_row(&rows[i], peers[i], &seen.v[i]);
	observations_done(&seen);
	for (size_t i = 0; i < n; i++)
		peer_free(peers[i]);
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof((rows)[0]), 1000)

static void test_each_service_is_told_by_its_word(void **state)
{
	static const struct one rows[] = {
		{{.say = "SSH-2.0-ROSSSH\r\n"},
	         APP_SSH,
	         SERVE_SERVING,
	         APP_SSH,
	         "SSH-2.0-ROSSSH",
	         NULL},
		{{.say = "220 lab FTP server (MikroTik 7.16) ready\r\n"},
	         APP_FTP,
	         SERVE_SERVING,
	         APP_FTP,
	         "220 lab FTP server (MikroTik 7.16) ready",
	         NULL},
		{{.say = "\xff\xfb\x01\xff\xfd\x18"},
	         APP_TELNET,
	         SERVE_SERVING,
	         APP_TELNET,
	         NULL,
	         NULL},
		{{.say = "HTTP/1.0 200 OK\r\nServer: lab\r\n\r\n<html>", .hear_first = true},
	         APP_HTTP,
	         SERVE_SERVING,
	         APP_HTTP,
	         "HTTP/1.0 200 OK\r\nServer: lab",
	         NULL},
		{{.say = "\x15\x03\x01\x00\x02\x02\x28", .say_n = 7, .hear_first = true},
	         APP_TLS,
	         SERVE_SERVING,
	         APP_TLS,
	         NULL,
	         NULL},
		{{.say = "\x06!fatal\x0dnot logged in", .say_n = 22, .hear_first = true},
	         APP_API,
	         SERVE_SERVING,
	         APP_API,
	         NULL,
	         NULL},
		{{.say = "\x21\x06.................................", .hear_first = true},
	         APP_WINBOX,
	         SERVE_SERVING,
	         APP_WINBOX,
	         NULL,
	         NULL},
		{{.say = "\x01\0\0\0", .say_n = 4},
	         APP_BTEST,
	         SERVE_SERVING,
	         APP_BTEST,
	         NULL,
	         NULL},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void test_another_protocol_than_expected_is_told(void **state)
{
	static const struct one rows[] = {
		{{.say = "SSH-2.0-x\r\n"}, APP_HTTP, SERVE_SERVING, APP_SSH, "SSH-2.0-x", NULL},
		{{.say = "SSH-2.0-x\r\n"}, APP_TELNET, SERVE_SERVING, APP_SSH, "SSH-2.0-x", NULL},
		{{.say = "HTTP/1.0 400 Bad Request\r\n\r\n", .hear_first = true},
	         APP_API,
	         SERVE_SERVING,
	         APP_HTTP,
	         "HTTP/1.0 400 Bad Request",
	         NULL},
		{{.say = "HTTP/1.0 200 OK\r\n\r\n", .hear_first = true},
	         APP_UNKNOWN,
	         SERVE_SERVING,
	         APP_HTTP,
	         "HTTP/1.0 200 OK",
	         NULL},
		{{.say = "+OK pop\r\n"}, APP_FTP, SERVE_SERVING, APP_OTHER, "+OK pop", NULL},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void test_accepted_then_closed_is_refused(void **state)
{
	static const struct one rows[] = {
		{{.then = PEER_FIN}, APP_SSH, SERVE_REFUSED, APP_UNKNOWN, NULL, "fin"},
		{{.then = PEER_RST}, APP_SSH, SERVE_REFUSED, APP_UNKNOWN, NULL, "rst"},
		{{.then = PEER_FIN}, APP_HTTP, SERVE_REFUSED, APP_UNKNOWN, NULL, "fin"},
		{{.then = PEER_RST}, APP_WINBOX, SERVE_REFUSED, APP_UNKNOWN, NULL, "rst"},
		{{.then = PEER_FIN, .hear_first = true},
	         APP_TLS,
	         SERVE_REFUSED,
	         APP_UNKNOWN,
	         NULL,
	         "fin"},
		{{.then = PEER_RST, .hear_first = true},
	         APP_API,
	         SERVE_REFUSED,
	         APP_UNKNOWN,
	         NULL,
	         "rst"},
		{{.then = PEER_FIN, .delay_ms = 300},
	         APP_FTP,
	         SERVE_REFUSED,
	         APP_UNKNOWN,
	         NULL,
	         "fin"},
		{{.then = PEER_FIN}, APP_UNKNOWN, SERVE_REFUSED, APP_UNKNOWN, NULL, "fin"},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void test_a_word_before_the_close_is_serving(void **state)
{
	static const struct one rows[] = {
		{{.say = "SSH-2.0-x\r\n", .then = PEER_FIN},
	         APP_SSH,
	         SERVE_SERVING,
	         APP_SSH,
	         "SSH-2.0-x",
	         NULL},
		{{.say = "SSH-2.0-x\r\n", .then = PEER_RST},
	         APP_SSH,
	         SERVE_SERVING,
	         APP_SSH,
	         NULL,
	         NULL},
		{{.say = "go away", .then = PEER_FIN},
	         APP_SSH,
	         SERVE_SERVING,
	         APP_OTHER,
	         "go away",
	         NULL},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void test_saying_nothing_is_silent(void **state)
{
	static const struct one rows[] = {
		{{.then = PEER_STAY}, APP_SSH, SERVE_SILENT, APP_UNKNOWN, NULL, NULL},
		{{.then = PEER_STAY}, APP_HTTP, SERVE_SILENT, APP_UNKNOWN, NULL, NULL},
		{{.then = PEER_STAY}, APP_UNKNOWN, SERVE_SILENT, APP_UNKNOWN, NULL, NULL},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void test_slow_and_hostile_greetings_are_read_with_bounds(void **state)
{
	static const struct one rows[] = {
		{{.say = "SSH-2.0-slow\r\n", .delay_ms = 300},
	         APP_SSH,
	         SERVE_SERVING,
	         APP_SSH,
	         "SSH-2.0-slow",
	         NULL},
		{{.say = "SSH-2.0-drip\r\n", .drip_ms = 15},
	         APP_SSH,
	         SERVE_SERVING,
	         APP_SSH,
	         "SSH-2.0-drip",
	         NULL},
		{{.say = "\x06!fatal\x0dnot logged in",
	          .say_n = 22,
	          .drip_ms = 10,
	          .hear_first = true},
	         APP_API,
	         SERVE_SERVING,
	         APP_API,
	         NULL,
	         NULL},
		{{.say = "\x1b]0;owned\x07\x00\xfe\r\n", .say_n = 14},
	         APP_SSH,
	         SERVE_SERVING,
	         APP_OTHER,
	         NULL,
	         NULL},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void test_a_drip_slower_than_patience_ends_with_what_came(void **state)
{
	static const struct one row = {{.say = "SSH-2.0-never-ends\r\n", .drip_ms = 150},
	                               APP_SSH,
	                               SERVE_SERVING,
	                               APP_SSH,
	                               NULL,
	                               NULL};
	int64_t began = clock_ms();

	(void)state;
	check_rows(&row, 1, 1000);
	assert_true(clock_ms() - began < 3000);
}

/* After long silence of a server-first port a generic question shows what sits there instead. A
 * close on that question is no refusal of us: its own protocol it could have spoken before. */
static void test_a_silent_server_first_port_is_asked_what_it_is(void **state)
{
	static const struct one rows[] = {
		{{.say = "HTTP/1.0 200 OK\r\n\r\n", .hear_first = true},
	         APP_SSH,
	         SERVE_SERVING,
	         APP_HTTP,
	         "HTTP/1.0 200 OK",
	         NULL},
		{{.then = PEER_FIN, .hear_first = true},
	         APP_FTP,
	         SERVE_SILENT,
	         APP_UNKNOWN,
	         NULL,
	         NULL},
		{{.then = PEER_FIN, .hear_first = true},
	         APP_UNKNOWN,
	         SERVE_REFUSED,
	         APP_UNKNOWN,
	         NULL,
	         "fin"},
		{{.say = "SSH-2.0-late\r\n", .delay_ms = 1700},
	         APP_SSH,
	         SERVE_SERVING,
	         APP_SSH,
	         "SSH-2.0-late",
	         NULL},
	};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(rows[0]), 2500);
}

static void test_an_endless_banner_is_cut(void **state)
{
	static const struct peer_plan plan = {.say = "SSH-SSH-SSH-SSH-SSH-SSH-SSH-SSH-",
	                                      .endless = true};
	struct peer *peer = peer_start(&plan);
	struct observations seen;
	const struct observation *o = scan_one(peer_port(peer), APP_SSH, &seen);

	(void)state;
	assert_int_equal(o->serve, SERVE_SERVING);
	assert_int_equal(o->app, APP_SSH);
	assert_int_equal(o->banner_n, LIMIT_BANNER_BYTES);
	observations_done(&seen);
	peer_free(peer);
}

/* A telnet server would take a line for a login name; ssh hears nothing within its patience. */
static void test_server_first_protocols_hear_nothing(void **state)
{
	static const struct peer_plan plan = {.then = PEER_STAY};
	static const enum app_proto apps[] = {APP_TELNET, APP_SSH, APP_FTP, APP_BTEST};
	enum { APPS = sizeof(apps) / sizeof(apps[0]) };
	struct peer *peers[APPS];
	struct scan_port ports[APPS];
	struct scan_plan look = {HOST(loopback4, ports, APPS), .identify_ms = 1000};
	struct observations seen;
	size_t n;

	(void)state;
	for (size_t i = 0; i < APPS; i++) {
		peers[i] = peer_start(&plan);
		ports[i] = (struct scan_port){.router = (uint16_t)(i + 1),
		                              .here = peer_port(peers[i]),
		                              .expect = apps[i]};
	}
	scan(&look, &seen);
	for (size_t i = 0; i < APPS; i++) {
		peer_stop(peers[i]);
		peer_heard(peers[i], &n);
		assert_int_equal(n, 0);
		peer_free(peers[i]);
	}
	observations_done(&seen);
}

static void test_what_a_web_server_hears_is_a_request(void **state)
{
	static const struct peer_plan plan = {.say = "HTTP/1.0 200 OK\r\n\r\n", .hear_first = true};
	struct peer *peer = peer_start(&plan);
	struct observations seen;
	const char *heard;
	size_t n;

	(void)state;
	scan_one(peer_port(peer), APP_HTTP, &seen);
	peer_stop(peer);
	heard = peer_heard(peer, &n);
	assert_true(n > 4);
	assert_memory_equal(heard, "GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n", 33);
	assert_memory_equal(heard + n - 4, "\r\n\r\n", 4);
	observations_done(&seen);
	peer_free(peer);
}

static void test_a_closed_port_is_closed(void **state)
{
	struct observations seen;
	const struct observation *o = scan_one(test_free_port(), APP_SSH, &seen);

	(void)state;
	assert_int_equal(o->state, PORT_CLOSED);
	assert_string_equal(o->reason, "conn-refused");
	assert_int_equal(o->serve, SERVE_UNKNOWN);
	assert_int_equal(o->tries, 1);
	observations_done(&seen);
}

static void test_silence_is_asked_three_times_and_filtered(void **state)
{
	struct observations seen;
	const struct observation *o;
	struct peer_mute mute;

	(void)state;
	peer_mute_start(&mute);
	o = scan_one(mute.port, APP_SSH, &seen);
	assert_int_equal(o->state, PORT_FILTERED);
	assert_string_equal(o->reason, "no-response");
	assert_int_equal(o->tries, 3);
	assert_int_equal(o->rtt_us, -1);
	assert_true(seen.duration_ms >= 600);
	peer_mute_done(&mute);
	observations_done(&seen);
}

static void test_results_are_in_order_each_port_once(void **state)
{
	static const struct peer_plan ssh = {.say = "SSH-2.0-x\r\n"};
	struct peer *peer = peer_start(&ssh);
	uint16_t closed = test_free_port();
	struct scan_port ports[] = {
		{.router = 8291, .here = closed},
		{.router = 22, .here = peer_port(peer), .expect = APP_SSH},
		{.router = 80, .here = 0},
		{.router = 22, .here = peer_port(peer), .expect = APP_SSH},
		{.router = 21, .here = closed},
	};
	struct scan_plan plan = {HOST(loopback4, ports, 5)};
	struct observations seen;

	(void)state;
	scan(&plan, &seen);
	assert_int_equal(seen.n, 4);
	assert_int_equal(seen.v[0].port, 21);
	assert_int_equal(seen.v[1].port, 22);
	assert_int_equal(seen.v[2].port, 80);
	assert_int_equal(seen.v[3].port, 8291);
	assert_int_equal(observations_find(&seen, 22)->state, PORT_OPEN);
	assert_int_equal(observations_find(&seen, 22)->probed_port, peer_port(peer));
	assert_int_equal(observations_find(&seen, 8291)->state, PORT_CLOSED);
	assert_int_equal(observations_find(&seen, 80)->state, PORT_UNKNOWN);
	assert_string_equal(observations_find(&seen, 80)->reason, "not-mapped");
	assert_int_equal(peer_accepted(peer), 1);
	assert_true(address_equal(&seen.source, &loopback4));
	assert_true(address_equal(&seen.target, &loopback4));
	assert_int_equal(strlen(seen.started), 20);
	observations_done(&seen);
	peer_free(peer);
}

static void test_a_proven_port_is_never_connected_to(void **state)
{
	static const struct peer_plan ssh = {.say = "SSH-2.0-x\r\n"};
	struct peer *peer = peer_start(&ssh);
	struct scan_port ports[] = {
		{.router = 22, .here = peer_port(peer), .expect = APP_SSH},
		{.router = 22, .here = peer_port(peer), .expect = APP_SSH, .proven = true},
	};
	struct scan_plan plan = {HOST(loopback4, ports, 2)};
	struct observations seen;

	(void)state;
	scan(&plan, &seen);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.v[0].state, PORT_OPEN);
	assert_int_equal(seen.v[0].serve, SERVE_SERVING);
	assert_int_equal(seen.v[0].app, APP_SSH);
	assert_string_equal(seen.v[0].reason, "login");
	assert_int_equal(peer_accepted(peer), 0);
	assert_true(address_equal(&seen.source, &loopback4));
	observations_done(&seen);
	peer_free(peer);
}

static void test_no_ports_is_a_scan_of_nothing(void **state)
{
	struct scan_plan plan = {HOST(loopback4, NULL, 0)};
	struct observations seen;

	(void)state;
	scan(&plan, &seen);
	assert_int_equal(seen.n, 0);
	observations_done(&seen);
}

static bool has_ipv6(void)
{
	struct sockaddr_in6 sa = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	bool has = fd >= 0 && bind(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0;

	close(fd);
	return has;
}

static void test_ipv6_is_scanned_alike(void **state)
{
	static const struct peer_plan refusing = {.then = PEER_FIN, .family = 6};
	struct scan_port ports[2] = {{.router = 22}, {.router = 23}};
	struct scan_plan plan = {HOST(loopback6, ports, 2)};
	struct observations seen;
	struct peer *peer, *gone;

	(void)state;
	if (!has_ipv6())
		skip();
	peer = peer_start(&refusing);
	gone = peer_start(&refusing);
	ports[0].here = peer_port(peer);
	ports[1].here = peer_port(gone);
	peer_stop(gone);
	scan(&plan, &seen);
	assert_int_equal(seen.v[0].state, PORT_OPEN);
	assert_int_equal(seen.v[0].serve, SERVE_REFUSED);
	assert_int_equal(seen.v[1].state, PORT_CLOSED);
	assert_true(address_equal(&seen.source, &loopback6));
	observations_done(&seen);
	peer_free(peer);
	peer_free(gone);
}

static void test_the_source_address_is_used(void **state)
{
	static const struct peer_plan ssh = {.say = "SSH-2.0-x\r\n"};
	struct address source = {.family = 4, .bytes = {127, 0, 0, 77}};
	struct peer *peer = peer_start(&ssh);
	struct scan_port port = {.router = 22, .here = peer_port(peer)};
	struct scan_plan plan = {.source = source, HOST(loopback4, &port, 1)};
	struct observations seen;

	(void)state;
	scan(&plan, &seen);
	assert_int_equal(seen.v[0].serve, SERVE_SERVING);
	assert_true(address_equal(&seen.source, &source));
	observations_done(&seen);
	peer_free(peer);
}

static void test_what_cannot_be_probed_at_all_is_an_error(void **state)
{
	struct scan_port port = {.router = 22, .here = 22};
	struct address foreign = {.family = 4, .bytes = {192, 0, 2, 1}};
	struct address link_local = {.family = 6, .bytes = {0xfe, 0x80, [15] = 1}};
	const struct {
		struct address target, source;
		const char *says;
	} rows[] = {
		{loopback4, foreign, "source address 192.0.2.1 is not one of this machine's"},
		{loopback4, loopback6, "source address ::1 is not of the same family"},
		{link_local, {0}, "link-local address fe80::1 needs its interface"},
		{{0}, {0}, "no address"},
	};
	struct observations seen;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scan_plan plan = {.source = rows[i].source, HOST(rows[i].target, &port, 1)};

		err = (struct error){0};
		observations_init(&seen);
		assert_int_equal(scan_host_run(&plan, &seen, &err), -1);
		assert_contains(err.text, rows[i].says);
		assert_false(seen.scanned);
		observations_done(&seen);
	}
}

static void test_the_deadline_leaves_the_rest_unknown(void **state)
{
	static const struct peer_plan mum = {.then = PEER_STAY};
	struct peer *peer = peer_start(&mum);
	struct peer_mute mute;
	struct scan_port ports[3] = {
		{.router = 1, .here = peer_port(peer)}, {.router = 2}, {.router = 3}};
	struct scan_plan plan = {HOST(loopback4, ports, 3), .pace.parallel = 2};
	struct observations seen;

	(void)state;
	peer_mute_start(&mute);
	ports[1].here = ports[2].here = mute.port;
	plan.deadline_ms = clock_ms() + 200;
	scan(&plan, &seen);
	assert_true(seen.duration_ms < 1500);
	/* Open is what it was seen to be; what it does is not known. */
	assert_int_equal(seen.v[0].state, PORT_OPEN);
	assert_int_equal(seen.v[0].serve, SERVE_UNKNOWN);
	for (size_t i = 1; i < 3; i++) {
		assert_int_equal(seen.v[i].state, PORT_UNKNOWN);
		assert_string_equal(seen.v[i].reason, "time is up");
	}
	peer_mute_done(&mute);
	observations_done(&seen);
	peer_free(peer);
}

static void press_ctrl_c(void)
{
	kill(getpid(), SIGINT);
}

/* Ctrl-C cannot be taken back, so it is pressed in a process of its own. 0 = as it should be. */
static int interrupted_scan(void)
{
	static const struct peer_plan mum = {.then = PEER_STAY, .on_accept = press_ctrl_c};
	struct peer *peer = peer_start(&mum);
	struct peer_mute mute;
	struct scan_port ports[3] = {
		{.router = 1, .here = peer_port(peer)}, {.router = 2}, {.router = 3}};
	struct scan_plan plan = {HOST(loopback4, ports, 3), .pace.parallel = 2,
	                         .pace.rtt_first_ms = 60000, .identify_ms = 60000};
	struct observations seen;
	struct error err = {0};

	alarm(30);
	peer_mute_start(&mute);
	ports[1].here = ports[2].here = mute.port;
	cancel_install();
	observations_init(&seen);
	if (scan_host_run(&plan, &seen, &err))
		return 2;
	/* The first may be cut before or after the handshake is seen. */
	if (seen.n != 3 || seen.v[0].state == PORT_CLOSED || seen.v[0].state == PORT_FILTERED)
		return 3;
	for (size_t i = 1; i < 3; i++)
		if (seen.v[i].state != PORT_UNKNOWN || strcmp(seen.v[i].reason, "interrupted") != 0)
			return 4;
	return seen.duration_ms < 20000 ? 0 : 5;
}

/* Runs it in a child process and gives its exit status. */
static int in_child(int (*run)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(run());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_ctrl_c_ends_it_with_what_is_known(void **state)
{
	(void)state;
	assert_int_equal(in_child(interrupted_scan), 0);
}

enum { FARM = 1000, FARM_CLOSED = 1000 };

/* A process that listens on FARM ports and greets on each. */
struct farm {
	pid_t pid;
	int to, from;
	uint16_t ports[FARM];
};

struct farm_count {
	unsigned accepted, most; /* connections in all, and on one port */
};

static uint16_t farm_listen(int *fd)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(sa);

	*fd = socket(AF_INET, SOCK_STREAM, 0);
	if (*fd < 0 || bind(*fd, (struct sockaddr *)&sa, len) || listen(*fd, 16) ||
	    getsockname(*fd, (struct sockaddr *)&sa, &len))
		_exit(9);
	return ntohs(sa.sin_port);
}

/* Serves until told to stop, then says how often it was visited. */
static void farm_run(int from, int to)
{
	static struct pollfd fds[FARM + 1];
	static uint16_t ports[FARM];
	static unsigned visits[FARM];
	struct farm_count count = {0};
	int fd;

	for (size_t i = 0; i < FARM; i++) {
		ports[i] = farm_listen(&fds[i].fd);
		fds[i].events = POLLIN;
	}
	fds[FARM] = (struct pollfd){.fd = from, .events = POLLIN};
	if (write(to, ports, sizeof(ports)) != sizeof(ports))
		_exit(8);
	while (poll(fds, FARM + 1, -1) > 0 && !fds[FARM].revents)
		for (size_t i = 0; i < FARM; i++) {
			if (!fds[i].revents || (fd = accept(fds[i].fd, NULL, NULL)) < 0)
				continue;
			if (write(fd, "SSH-2.0-farm\r\n", 14) < 0)
				_exit(7);
			shutdown(fd, SHUT_WR);
			visits[i]++; /* left open: the client closes */
		}
	for (size_t i = 0; i < FARM; i++) {
		count.accepted += visits[i];
		count.most = visits[i] > count.most ? visits[i] : count.most;
	}
	_exit(write(to, &count, sizeof(count)) == sizeof(count) ? 0 : 6);
}

static void read_all(int fd, void *p, size_t n)
{
	for (ssize_t got; n > 0; n -= (size_t)got, p = (char *)p + got)
		assert_true((got = read(fd, p, n)) > 0);
}

static void farm_start(struct farm *f)
{
	struct rlimit limit;
	int down[2], up[2];

	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_max < 2 * FARM + 64)
		skip();
	assert_int_equal(pipe(down), 0);
	assert_int_equal(pipe(up), 0);
	f->pid = fork();
	assert_true(f->pid >= 0);
	if (f->pid == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
		close(down[1]);
		close(up[0]);
		farm_run(down[0], up[1]);
	}
	close(down[0]);
	close(up[1]);
	f->to = down[1];
	f->from = up[0];
	read_all(f->from, f->ports, sizeof(f->ports));
}

static struct farm_count farm_stop(struct farm *f)
{
	struct farm_count count;
	int status;

	close(f->to);
	read_all(f->from, &count, sizeof(count));
	close(f->from);
	assert_int_equal(waitpid(f->pid, &status, 0), f->pid);
	return count;
}

static struct farm farm;

/* The farm's ports and as many closed ones, in a process that may open few files. */
static int scan_the_farm_with_few_descriptors(void)
{
	static struct scan_port ports[FARM + FARM_CLOSED];
	struct scan_plan plan = {HOST(loopback4, ports, FARM + FARM_CLOSED)};
	struct rlimit limit = {.rlim_cur = 48, .rlim_max = 48};
	struct observations seen;
	struct error err = {0};
	size_t open = 0, closed = 0;

	/* Ports below the ephemeral range: nobody's on 127.0.0.1 but a fixed server's, left out. */
	for (size_t i = 0; i < FARM + FARM_CLOSED; i++) {
		uint16_t here = i < FARM ? farm.ports[i] : (uint16_t)(1 + i - FARM);

		ports[i] = (struct scan_port){
			.router = (uint16_t)(i + 1), .here = here, .expect = APP_SSH};
	}
	setrlimit(RLIMIT_NOFILE, &limit);
	observations_init(&seen);
	if (scan_host_run(&plan, &seen, &err))
		return 2;
	for (size_t i = 0; i < FARM; i++)
		open += seen.v[i].state == PORT_OPEN && seen.v[i].app == APP_SSH;
	for (size_t i = FARM; i < FARM + FARM_CLOSED; i++)
		closed += seen.v[i].state == PORT_CLOSED || seen.v[i].state == PORT_OPEN;
	if (open != FARM)
		return 3;
	return closed == FARM_CLOSED ? 0 : 4;
}

static void test_two_thousand_ports_with_48_descriptors_each_visited_once(void **state)
{
	struct farm_count count;
	int result;

	(void)state;
	farm_start(&farm);
	result = in_child(scan_the_farm_with_few_descriptors);
	count = farm_stop(&farm);
	assert_int_equal(result, 0);
	assert_int_equal(count.accepted, FARM);
	assert_int_equal(count.most, 1);
}

static void *scan_farm_quarter(void *arg)
{
	struct scan_port ports[FARM / 4];
	struct scan_plan plan = {HOST(loopback4, ports, FARM / 4), .pace.parallel = 64};
	struct observations seen;
	struct error err = {0};
	size_t open = 0;

	for (size_t i = 0; i < FARM / 4; i++)
		ports[i] = (struct scan_port){.router = (uint16_t)(i + 1),
		                              .here = ((const uint16_t *)arg)[i],
		                              .expect = APP_SSH};
	observations_init(&seen);
	if (!scan_host_run(&plan, &seen, &err))
		for (size_t i = 0; i < seen.n; i++)
			open += seen.v[i].serve == SERVE_SERVING;
	observations_done(&seen);
	return (void *)open;
}

static void test_scans_run_beside_each_other(void **state)
{
	pthread_t threads[4];
	void *open;

	(void)state;
	farm_start(&farm);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, scan_farm_quarter,
		                                &farm.ports[i * FARM / 4]),
		                 0);
	for (size_t i = 0; i < 4; i++) {
		pthread_join(threads[i], &open);
		assert_int_equal((size_t)open, FARM / 4);
	}
	assert_int_equal(farm_stop(&farm).most, 1);
}

/* No descriptor is free and none will be: unknown, never closed. */
static int scan_without_descriptors(void)
{
	static struct scan_port ports[] = {{.router = 1, .here = 1}, {.router = 2, .here = 2}};
	struct scan_plan plan = {HOST(loopback4, ports, 2)};
	struct rlimit limit = {.rlim_cur = 6, .rlim_max = 6};
	struct observations seen;
	struct error err = {0};

	for (int fd = 3; fd < 64; fd++)
		close(fd);
	if (dup(0) != 3) /* 3 and the epoll's 4 reach the reserve of a limit of 6 */
		return 9;
	setrlimit(RLIMIT_NOFILE, &limit);
	plan.deadline_ms = clock_ms() + 500;
	observations_init(&seen);
	if (scan_host_run(&plan, &seen, &err))
		return 2;
	for (size_t i = 0; i < 2; i++)
		if (seen.v[i].state != PORT_UNKNOWN || seen.v[i].tries != 0)
			return 3;
	return 0;
}

static void test_no_descriptor_is_no_state_of_a_port(void **state)
{
	(void)state;
	assert_int_equal(in_child(scan_without_descriptors), 0);
}

/* Starts a program with its output in a pipe; -1 in *out when it is not installed. */
static pid_t start(char *const argv[], int *in, FILE **out)
{
	int down[2], up[2];
	pid_t pid;

	assert_int_equal(pipe(down), 0);
	assert_int_equal(pipe(up), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(down[0], STDIN_FILENO);
		dup2(up[1], STDOUT_FILENO);
		dup2(up[1], STDERR_FILENO);
		for (int fd = 3; fd < 64; fd++)
			close(fd);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(down[0]);
	close(up[1]);
	*in = down[1];
	*out = fdopen(up[0], "r");
	assert_non_null(*out);
	return pid;
}

/* OpenSSL's own server, which knows nothing of us; anonymous as RouterOS without a certificate. */
static void test_openssl_s_server_without_certificate_is_tls(void **state)
{
	char *argv[] = {"openssl", "s_server",        "-accept", "127.0.0.1:0", "-nocert",
	                "-cipher", "ADH:@SECLEVEL=0", "-tls1_2", NULL};
	struct observations seen;
	char line[256];
	unsigned port = 0;
	int in, status;
	FILE *out;
	pid_t pid = start(argv, &in, &out);

	(void)state;
	while (!port && fgets(line, sizeof(line), out))
		sscanf(line, "ACCEPT 127.0.0.1:%u", &port);
	if (port) {
		assert_int_equal(scan_one((uint16_t)port, APP_TLS, &seen)->serve, SERVE_SERVING);
		assert_int_equal(seen.v[0].app, APP_TLS);
		/* A handshake, not an alert: the hello offers what an anonymous server wants. */
		assert_int_equal(seen.v[0].banner[0], 0x16);
		observations_done(&seen);
		kill(pid, SIGTERM);
	}
	close(in);
	fclose(out);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!port)
		skip();
}

/* The states of the ports by nmap's connect scan: one word in words[] for each. False: no nmap. */
static bool ask_nmap(const uint16_t *ports, size_t n, enum port_state *states)
{
	char list[16 * 8] = "", line[4096], *at;
	char *argv[] = {"nmap", "-sT", "-Pn", "-n", "-oG", "-", "-p", list, "127.0.0.1", NULL};
	char key[32];
	bool found = false;
	int in, status;
	FILE *out;
	pid_t pid;

	for (size_t i = 0; i < n; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%u", i ? "," : "",
		         ports[i]);
	pid = start(argv, &in, &out);
	while (fgets(line, sizeof(line), out)) {
		if (!strstr(line, "Ports: "))
			continue;
		found = true;
		for (size_t i = 0; i < n; i++) {
			snprintf(key, sizeof(key), " %u/", ports[i]);
			at = strstr(line, key);
			assert_non_null(at);
			at += strlen(key);
			states[i] = !strncmp(at, "open/", 5)     ? PORT_OPEN
			            : !strncmp(at, "closed/", 7) ? PORT_CLOSED
			                                         : PORT_FILTERED;
		}
	}
	close(in);
	fclose(out);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return found;
}

static void test_nmap_sees_the_same_states(void **state)
{
	static const struct peer_plan plans[] = {{.say = "SSH-2.0-x\r\n"},
	                                         {.then = PEER_FIN},
	                                         {.then = PEER_RST},
	                                         {.then = PEER_STAY}};
	enum { PEERS = 4, PORTS = 7 };
	struct peer *peers[PEERS];
	struct peer_mute mute;
	uint16_t here[PORTS];
	struct scan_port ports[PORTS];
	struct scan_plan plan = {HOST(loopback4, ports, PORTS)};
	enum port_state theirs[PORTS];
	struct observations seen;
	bool asked;

	(void)state;
	for (size_t i = 0; i < PEERS; i++) {
		peers[i] = peer_start(&plans[i]);
		here[i] = peer_port(peers[i]);
	}
	peer_mute_start(&mute);
	here[4] = mute.port;
	here[5] = test_free_port();
	here[6] = 1;
	for (size_t i = 0; i < PORTS; i++)
		ports[i] = (struct scan_port){.router = (uint16_t)(i + 1), .here = here[i]};
	asked = ask_nmap(here, PORTS, theirs);
	scan(&plan, &seen);
	for (size_t i = 0; asked && i < PORTS; i++)
		assert_int_equal(seen.v[i].state, theirs[i]);
	observations_done(&seen);
	peer_mute_done(&mute);
	for (size_t i = 0; i < PEERS; i++)
		peer_free(peers[i]);
	if (!asked)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_service_is_told_by_its_word),
		cmocka_unit_test(test_another_protocol_than_expected_is_told),
		cmocka_unit_test(test_accepted_then_closed_is_refused),
		cmocka_unit_test(test_a_word_before_the_close_is_serving),
		cmocka_unit_test(test_saying_nothing_is_silent),
		cmocka_unit_test(test_slow_and_hostile_greetings_are_read_with_bounds),
		cmocka_unit_test(test_a_drip_slower_than_patience_ends_with_what_came),
		cmocka_unit_test(test_a_silent_server_first_port_is_asked_what_it_is),
		cmocka_unit_test(test_an_endless_banner_is_cut),
		cmocka_unit_test(test_server_first_protocols_hear_nothing),
		cmocka_unit_test(test_what_a_web_server_hears_is_a_request),
		cmocka_unit_test(test_a_closed_port_is_closed),
		cmocka_unit_test(test_silence_is_asked_three_times_and_filtered),
		cmocka_unit_test(test_results_are_in_order_each_port_once),
		cmocka_unit_test(test_a_proven_port_is_never_connected_to),
		cmocka_unit_test(test_no_ports_is_a_scan_of_nothing),
		cmocka_unit_test(test_ipv6_is_scanned_alike),
		cmocka_unit_test(test_the_source_address_is_used),
		cmocka_unit_test(test_what_cannot_be_probed_at_all_is_an_error),
		cmocka_unit_test(test_the_deadline_leaves_the_rest_unknown),
		cmocka_unit_test(test_ctrl_c_ends_it_with_what_is_known),
		cmocka_unit_test(test_two_thousand_ports_with_48_descriptors_each_visited_once),
		cmocka_unit_test(test_scans_run_beside_each_other),
		cmocka_unit_test(test_no_descriptor_is_no_state_of_a_port),
		cmocka_unit_test(test_openssl_s_server_without_certificate_is_tls),
		cmocka_unit_test(test_nmap_sees_the_same_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
