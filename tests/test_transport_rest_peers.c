/* REST against servers that are not ours (libmicrohttpd, `openssl s_server`) and over a link-local
 * address. */
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <microhttpd.h>

#include "tests/support/rest_talk.h"
#include "tests/test.h"

/* --- addresses with a zone --- */

struct in6_ifreq_own { /* struct in6_ifreq of linux/ipv6.h, which does not go with netinet/in.h */
	struct in6_addr address;
	uint32_t prefix_len;
	int ifindex;
};

/* A network namespace whose lo also has fe80::1. False where this is not allowed. */
static bool make_namespace(void)
{
	struct ifreq up = {.ifr_name = "lo"};
	struct in6_ifreq_own add = {.prefix_len = 64};
	int fd;
	bool made;

	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return false;
	fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	up.ifr_flags = IFF_UP | IFF_RUNNING | IFF_LOOPBACK;
	add.address.s6_addr[0] = 0xfe;
	add.address.s6_addr[1] = 0x80;
	add.address.s6_addr[15] = 1;
	made = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &up) == 0;
	add.ifindex = (int)if_nametoindex("lo");
	made = made && ioctl(fd, SIOCSIFADDR, &add) == 0;
	if (fd >= 0)
		close(fd);
	return made;
}

#define NOT_ALLOWED 77

static int link_local(void)
{
	struct rest_try t;
	bool right;

	if (!make_namespace())
		return NOT_ALLOWED;
	rest_init(&t);
	rest_serve(&t, "--tls --address fe80::1%lo");
	t.target.host = "fe80::1%lo";
	t.target.ca = NULL;
	t.target.pin = t.pin;
	right = rest_open(&t) == 0 && rest_fetch(&t, "ip/service") == 0 &&
	        t.session->remote.scope != 0 && rest_logged(&t, "header: Host: [fe80::1]:") == 2;
	if (error_is_set(&t.err))
		fprintf(stderr, "# %s\n", t.err.text);
	rest_done(&t);
	return right ? 0 : 1;
}

static void test_link_local_address_with_zone(void **state)
{
	int status = program_child(link_local);

	(void)state;
	if (status == NOT_ALLOWED)
		skip();
	assert_int_equal(status, 0);
}

/* --- servers that are not ours --- */

static enum MHD_Result micro_answer(void *ctx, struct MHD_Connection *c, const char *url,
                                    const char *method, const char *version, const char *data,
                                    size_t *data_n, void **request)
{
	static char good[] = "[{\"name\":\"ssh\"}]";
	struct MHD_Response *r =
		MHD_create_response_from_buffer(sizeof(good) - 1, good, MHD_RESPMEM_PERSISTENT);
	char *password = NULL, *user = MHD_basic_auth_get_username_password(c, &password);
	bool right =
		user && password && !strcmp(user, REST_USER) && !strcmp(password, REST_PASSWORD);
	enum MHD_Result done;

	(void)ctx;
	(void)version;
	(void)data;
	(void)data_n;
	(void)request;
	right = right && !strcmp(method, "GET") && !strncmp(url, "/rest/", 6);
	done = right ? MHD_queue_response(c, MHD_HTTP_OK, r)
	             : MHD_queue_basic_auth_fail_response(c, "micro", r);
	MHD_free(user);
	MHD_free(password);
	MHD_destroy_response(r);
	return done;
}

static void test_libmicrohttpd_takes_the_login(void **state)
{
	struct rest_try t;
	struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL,
	                                        micro_answer, NULL, MHD_OPTION_END);

	(void)state;
	assert_non_null(d);
	rest_init(&t);
	t.target.port = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
	t.target.rest_plain = true;
	assert_int_equal(rest_open(&t), 0);
	assert_int_equal(rest_fetch(&t, "ip/service"), 0);
	assert_string_equal(buf_str(&t.answer.text), "[{\"name\":\"ssh\"}]");
	transport_rest.close(t.session);
	t.session = NULL;
	t.target.password.text = "wrong";
	assert_int_equal(rest_open(&t), -1);
	assert_int_equal(t.err.kind, ERROR_AUTH);
	MHD_stop_daemon(d);
	rest_done(&t);
}

/* Starts openssl s_server with the options in dir; its port goes to the target. */
static void openssl_serve(struct rest_try *t, const char *dir, const char *const *options)
{
	const char *argv[32] = {"openssl", "s_server", "-accept", "127.0.0.1:0"};
	char port[16];
	size_t n = 4;

	for (; *options; options++)
		argv[n++] = *options;
	program_start(&t->peer, argv, dir, "ACCEPT");
	program_word(&t->peer, "ACCEPT 127.0.0.1:", port, sizeof(port));
	rest_aim(t, port);
}

static void test_anonymous_only_server_of_openssl_is_named_so(void **state)
{
	static const char *const options[] = {"-nocert", "-cipher", "ADH:@SECLEVEL=0",
	                                      "-tls1_2", "-www",    NULL};
	struct rest_try t;

	(void)state;
	if (!program_installed("openssl"))
		skip();
	rest_init(&t);
	openssl_serve(&t, NULL, options);
	assert_int_equal(rest_open(&t), -1);
	assert_int_equal(t.err.kind, ERROR_NETWORK);
	rest_assert_error(&t, "no-cert");
	rest_done(&t);
}

/* Makes dir/rest/system/resource, a whole HTTP answer, and dir/key.pem with dir/cert.pem. */
static void prepare_openssl_site(const char *dir)
{
	static const char page[] = "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
				   "{\"version\":\"7.20\"}";
	const char *argv[] = {"sh", "-c",
	                      "mkdir -p rest/system && openssl req -x509 -newkey rsa:2048 -nodes "
	                      "-keyout key.pem -out cert.pem -days 2 -subj /CN=localhost "
	                      "-addext subjectAltName=DNS:localhost 2>req.log && echo made",
	                      NULL};
	struct program made;
	char path[512];

	program_start(&made, argv, dir, "made");
	program_stop(&made);
	snprintf(path, sizeof(path), "%s/rest/system/resource", dir);
	test_write_file(path, page);
}

static void test_tls_servers_of_openssl_are_read(void **state)
{
	static const char *const versions[] = {"-tls1_2", "-tls1_3"};
	const char *dir;
	char ca[512];

	(void)state;
	if (!program_installed("openssl"))
		skip();
	dir = test_temp_dir();
	prepare_openssl_site(dir);
	snprintf(ca, sizeof(ca), "%s/cert.pem", dir);
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		const char *const options[] = {"-cert",     "cert.pem", "-key", "key.pem",
		                               versions[i], "-HTTP",    NULL};
		struct rest_try t;

		rest_init(&t);
		openssl_serve(&t, dir, options);
		t.target.host = "localhost";
		t.target.ca = ca;
		assert_true(address_parse("127.0.0.1", 9, &t.pinned));
		assert_int_equal(rest_open(&t), 0);
		assert_int_equal(rest_fetch(&t, "system/resource"), 0);
		assert_string_equal(buf_str(&t.answer.text), "{\"version\":\"7.20\"}");
		rest_done(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_link_local_address_with_zone),
		cmocka_unit_test(test_libmicrohttpd_takes_the_login),
		cmocka_unit_test(test_anonymous_only_server_of_openssl_is_named_so),
		cmocka_unit_test(test_tls_servers_of_openssl_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
