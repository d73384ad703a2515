/* From a host as written to a connected descriptor. */
#include "tests/test.h"

#include <arpa/inet.h>

#include <fcntl.h>
#include <signal.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rosaudit/buf.h"
#include "rosaudit/cancel.h"
#include "rosaudit/transport.h"
#include "tests/support/program.h"

static struct address parse(const char *text)
{
	struct address a;

	assert_true(address_parse(text, strlen(text), &a));
	return a;
}

static const char *print(const struct address *a)
{
	static char text[128];
	struct buf b;

	buf_init(&b, sizeof(text) - 1);
	address_format(a, &b);
	snprintf(text, sizeof(text), "%s", buf_str(&b));
	buf_done(&b);
	return text;
}

static void test_numeric_hosts_are_taken_as_they_are(void **state)
{
	static const char *const hosts[] = {"192.0.2.1", "2001:db8::1", "fe80::1%lo"};
	struct address a[4];
	struct error err = {0};
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		assert_int_equal(endpoint_resolve(hosts[i], NULL, a, 4, &n, &err), 0);
		assert_int_equal(n, 1);
		assert_string_equal(print(&a[0]), hosts[i]);
	}
}

static void test_names_are_resolved(void **state)
{
	struct address a[4], loopback = parse("127.0.0.1");
	struct error err = {0};
	size_t n;

	(void)state;
	assert_int_equal(endpoint_resolve("localhost", &loopback, a, 4, &n, &err), 0);
	assert_true(n >= 1);
	assert_true(address_equal(&a[0], &loopback));
}

static void check_resolve(const char *host, const char *source, const char *text)
{
	struct address a[4], from = {0};
	struct error err = {0};
	size_t n;

	if (source)
		from = parse(source);
	assert_int_equal(endpoint_resolve(host, &from, a, 4, &n, &err), -1);
	assert_string_equal(err.text, text);
	assert_int_equal(err.kind, ERROR_NETWORK);
	assert_int_equal(n, 0);
}

static void test_hosts_that_cannot_be_resolved(void **state)
{
	(void)state;
	check_resolve("fe80::1%nosuchif", NULL,
	              "fe80::1%nosuchif: this machine has no interface named 'nosuchif'");
	check_resolve("192.0.2.1", "::1",
	              "192.0.2.1 has no IPv6 address, but the source address is IPv6");
	check_resolve("::1", "127.0.0.1",
	              "::1 has no IPv4 address, but the source address is IPv4");
}

/* Which of the two it is depends on whether this machine has a name server; the name has none. */
static void test_unknown_name_is_told(void **state)
{
	struct address a[4];
	struct error err = {0};
	size_t n;

	(void)state;
	assert_int_equal(endpoint_resolve("no such host", NULL, a, 4, &n, &err), -1);
	assert_int_equal(err.kind, ERROR_NETWORK);
	assert_true(strcmp(err.text, "the name no such host does not resolve to an address") == 0 ||
	            strcmp(err.text, "no name server answered for the name no such host") == 0);
	assert_string_equal(err.hint,
	                    "check the spelling of host:, or write the router's address there");
}

/* A listening socket; its port in *port. */
static int listen_on(const char *host, int backlog, uint16_t *port)
{
	struct address a = parse(host), bound;
	struct sockaddr_storage ss;
	socklen_t n = address_to_sockaddr(&a, 0, &ss);
	int fd = socket(ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&ss, n), 0);
	assert_int_equal(listen(fd, backlog), 0);
	n = sizeof(ss);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&ss, &n), 0);
	assert_true(address_from_sockaddr((struct sockaddr *)&ss, &bound));
	*port = ntohs(ss.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&ss)->sin6_port
	                                       : ((struct sockaddr_in *)&ss)->sin_port);
	return fd;
}

static void check_connects(const char *host, const char *source)
{
	struct address to = parse(host), from = {0}, seen;
	struct sockaddr_storage ss;
	socklen_t n = sizeof(ss);
	struct error err = {0};
	uint16_t port;
	int listener = listen_on(host, 4, &port), fd, peer;
	size_t chosen;

	if (source)
		from = parse(source);
	assert_int_equal(endpoint_connect(&to, 1, port, &from, 30000, &fd, &chosen, &err), 0);
	assert_int_equal(chosen, 0);
	assert_int_equal(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	peer = accept(listener, (struct sockaddr *)&ss, &n);
	assert_true(peer >= 0);
	assert_true(address_from_sockaddr((struct sockaddr *)&ss, &seen));
	assert_string_equal(print(&seen), source ? source : host);
	close(peer);
	close(fd);
	close(listener);
}

static void test_connects(void **state)
{
	(void)state;
	check_connects("127.0.0.1", NULL);
	check_connects("127.0.0.1", "127.0.0.7");
	check_connects("::1", NULL);
	check_connects("::1", "::1");
}

static void check_refused(const char *host)
{
	struct address to = parse(host);
	struct error err = {0};
	char expected[256];
	size_t chosen;
	uint16_t port;
	int fd;

	close(listen_on(host, 1, &port));
	assert_int_equal(endpoint_connect(&to, 1, port, NULL, 30000, &fd, &chosen, &err), -1);
	snprintf(expected, sizeof(expected),
	         "%s port %u refused the connection: nothing listens there", host, port);
	assert_string_equal(err.text, expected);
	assert_int_equal(err.kind, ERROR_NETWORK);
}

static void test_refused_names_address_and_port(void **state)
{
	(void)state;
	check_refused("127.0.0.1");
	check_refused("::1");
}

static void test_next_address_is_tried(void **state)
{
	struct address to[2];
	struct error err = {0};
	uint16_t port;
	size_t chosen;
	int listener = listen_on("127.0.0.3", 4, &port), fd;

	(void)state;
	to[0] = parse("127.0.0.2");
	to[1] = parse("127.0.0.3");
	assert_int_equal(endpoint_connect(to, 2, port, NULL, 30000, &fd, &chosen, &err), 0);
	assert_int_equal(chosen, 1);
	close(fd);
	close(listener);
	assert_int_equal(endpoint_connect(to, 2, port, NULL, 30000, &fd, &chosen, &err), -1);
	assert_contains(err.text, "127.0.0.2 port ");
	assert_contains(err.text,
	                "refused the connection: nothing listens there; 1 more address of "
	                "the same name failed too");
}

/* A full accept queue drops SYNs, as a firewall would. */
static void test_silence_is_a_timeout(void **state)
{
	struct address to = parse("127.0.0.1");
	struct error err = {0};
	char expected[256];
	uint16_t port;
	size_t chosen;
	int listener = listen_on("127.0.0.1", 0, &port), fds[8], n = 0;

	(void)state;
	while (n < 8 && endpoint_connect(&to, 1, port, NULL, 300, &fds[n], &chosen, &err) == 0)
		n++;
	assert_true(n < 8);
	snprintf(expected, sizeof(expected), "127.0.0.1 port %u did not answer within 300 ms",
	         port);
	assert_string_equal(err.text, expected);
	assert_int_equal(err.kind, ERROR_TIMEOUT);
	assert_string_equal(err.hint,
	                    "the router is off, the address is wrong, or a firewall drops us");
	while (n)
		close(fds[--n]);
	close(listener);
}

static void check_fails(const char *host, const char *source, enum error_kind kind,
                        const char *text)
{
	struct address to = parse(host), from = {0};
	struct error err = {0};
	size_t chosen;
	int fd;

	if (source)
		from = parse(source);
	assert_int_equal(endpoint_connect(&to, 1, 22, &from, 1000, &fd, &chosen, &err), -1);
	assert_string_equal(err.text, text);
	assert_int_equal(err.kind, kind);
}

static void test_source_that_is_not_ours(void **state)
{
	(void)state;
	check_fails("127.0.0.1", "192.0.2.77", ERROR_SYSTEM,
	            "the source address 192.0.2.77 is not an address of this machine");
	check_fails("::1", "2001:db8::77", ERROR_SYSTEM,
	            "the source address 2001:db8::77 is not an address of this machine");
}

static void test_link_local_without_interface(void **state)
{
	(void)state;
	check_fails("fe80::1", NULL, ERROR_NETWORK,
	            "fe80::1 port 22 cannot be reached: a link-local address needs its interface");
}

/* A discard address of 127/8 that Linux will not route: broadcast is "no permission". */
static void test_other_errors_keep_the_systems_words(void **state)
{
	(void)state;
	check_fails("0.0.0.0", "127.0.0.1", ERROR_NETWORK,
	            "0.0.0.0 port 22 refused the connection: nothing listens there");
	check_fails("224.0.0.1", "127.0.0.1", ERROR_NETWORK,
	            "224.0.0.1 port 22 cannot be reached: this machine has no route to it");
}

static int connect_after_ctrl_c(void)
{
	struct address to = parse("127.0.0.1");
	struct error err = {0};
	size_t chosen;
	int fd;

	cancel_install();
	kill(getpid(), SIGINT);
	if (endpoint_connect(&to, 1, 9, NULL, 30000, &fd, &chosen, &err) != -1)
		return 1;
	if (strcmp(err.text, "interrupted while connecting"))
		return 2;
	return err.kind == ERROR_INTERRUPTED ? 0 : 3;
}

static void test_ctrl_c_ends_it(void **state)
{
	(void)state;
	assert_int_equal(program_child(connect_after_ctrl_c), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numeric_hosts_are_taken_as_they_are),
		cmocka_unit_test(test_names_are_resolved),
		cmocka_unit_test(test_hosts_that_cannot_be_resolved),
		cmocka_unit_test(test_unknown_name_is_told),
		cmocka_unit_test(test_connects),
		cmocka_unit_test(test_refused_names_address_and_port),
		cmocka_unit_test(test_next_address_is_tried),
		cmocka_unit_test(test_silence_is_a_timeout),
		cmocka_unit_test(test_source_that_is_not_ours),
		cmocka_unit_test(test_link_local_without_interface),
		cmocka_unit_test(test_other_errors_keep_the_systems_words),
		cmocka_unit_test(test_ctrl_c_ends_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
