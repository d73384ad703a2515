/* Targets without a file: ssh://, https://, http://. */
#include "tests/test.h"

#include <string.h>

#include "rosaudit/config.h"

#define MARKER "hunter2-marker"

/* What became of the URL: "transport host port user", or the error. */
static void describe(const char *url, const char *profile, struct buf *out)
{
	static const char *const dirs[] = {"profiles", NULL};
	static const char *const names[] = {"ssh", "rest"};
	struct config c;
	struct error_list errors;

	config_init(&c);
	error_list_init(&errors);
	buf_init(out, 1u << 16);
	if (config_from_url(url, profile, dirs, &c, &errors) == 0) {
		const struct target *t = &c.targets[0];

		assert_int_equal(c.targets_n, 1);
		assert_string_equal(t->name, t->host);
		buf_printf(out, "%s%s %s %u %s", names[t->transport], t->rest_plain ? "-plain" : "",
		           t->host, t->port, t->user);
	} else {
		assert_int_equal(errors.n, 1);
		assert_int_equal(c.targets_n, 0);
		error_format(&errors.v[0], out);
	}
	error_list_done(&errors);
	config_done(&c);
}

struct row {
	const char *url, *expected;
};

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct buf out;

		describe(rows[i].url, NULL, &out);
		assert_text_equal(buf_str(&out), rows[i].expected);
		buf_done(&out);
	}
}

static void test_urls_become_targets(void **state)
{
	static const struct row rows[] = {
		{"ssh://192.0.2.1", "ssh 192.0.2.1 0 admin"},
		{"ssh://audit@r1.lab.example:2222", "ssh r1.lab.example 2222 audit"},
		{"SSH://r1/", "ssh r1 0 admin"},
		{"https://audit@r1", "rest r1 0 audit"},
		{"http://r1:8080", "rest-plain r1 8080 admin"},
		{"ssh://[2001:db8::1]", "ssh 2001:db8::1 0 admin"},
		{"ssh://audit@[2001:db8::1]:2222", "ssh 2001:db8::1 2222 audit"},
		{"https://[fe80::1%25eth0]", "rest fe80::1%eth0 0 admin"},
		{"https://[fe80::1%eth0]:8443/", "rest fe80::1%eth0 8443 admin"},
		/* An interface called "25": RouterOS's users number them. */
		{"ssh://[fe80::1%25]", "ssh fe80::1%25 0 admin"},
		{"ssh://a%40b%20c@r1", "ssh r1 0 a@b c"},
		{"ssh://dom@user@r1", "ssh r1 0 dom@user"},
		{"ssh://admin%3Ax@r1", "ssh r1 0 admin:x"},
	};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(*rows));
}

static void test_wrong_urls_are_refused_with_a_sentence(void **state)
{
	static const struct row rows[] = {
		{"r1", "a router's URL begins with ssh://, https:// or http://"},
		{"telnet://r1", "a router's URL begins with ssh://, https:// or http://"},
		{"://r1", "a router's URL begins with ssh://, https:// or http://"},
		{"ssh://", "the URL has no host"},
		{"ssh://admin@", "the URL has no host"},
		{"ssh://:22", "the URL has no host"},
		{"ssh://[]", "the URL has no host"},
		{"ssh://@r1", "the login name in the URL is empty or not readable"},
		{"ssh://a%4@r1", "the login name in the URL is empty or not readable"},
		{"ssh://a%zz@r1", "the login name in the URL is empty or not readable"},
		{"ssh://a%00b@r1", "the login name in the URL is empty or not readable"},
		{"ssh://a%0ab@r1", "the login name in the URL is empty or not readable"},
		{"ssh://r1:", "the port in the URL must be a number from 1 to 65535"},
		{"ssh://r1:0", "the port in the URL must be a number from 1 to 65535"},
		{"ssh://r1:70000", "the port in the URL must be a number from 1 to 65535"},
		{"ssh://r1:ssh", "the port in the URL must be a number from 1 to 65535"},
		{"ssh://[::1]22", "the port in the URL must be a number from 1 to 65535"},
		{"ssh://[::1", "the IPv6 address in the URL lacks its \"]\""},
		{"ssh://[r1]", "the host in the URL is no IPv4 or IPv6 address"},
		{"ssh://[fe80::1]",
	         "the host in the URL is link-local and needs the interface behind it, as in "
	         "fe80::1%eth0"},
		{"ssh://2001:db8::1",
	         "an IPv6 address in a URL stands in brackets: ssh://admin@[2001:db8::1]"},
		{"ssh://192.0.2.300", "the host in the URL is no IPv4 or IPv6 address"},
		{"ssh://-oProxyCommand=x",
	         "the host in the URL begins with \"-\", which no host name does"},
		{"https://r1/rest/ip/service",
	         "the URL of a router ends behind its host and port, without a path"},
		{"https://r1?x=1",
	         "the URL of a router ends behind its host and port, without a path"},
		{"https://r1#x",
	         "the URL of a router ends behind its host and port, without a path"},
		{"ssh://r 1", "the URL holds a blank or a control character"},
		{"ssh://r1\n", "the URL holds a blank or a control character"},
	};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(*rows));
}

static void test_a_password_in_a_url_is_refused_and_never_repeated(void **state)
{
	static const char *const urls[] = {
		"ssh://admin:" MARKER "@r1",
		"ssh://admin:" MARKER "/x@r1",
		"ssh://admin:" MARKER "?@[::1]:22",
		"https://admin:@r1",
		"https://admin:" MARKER "@r1:70000/path",
		"ssh://admin:" MARKER "@" MARKER "@r1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		struct buf out;

		describe(urls[i], NULL, &out);
		assert_contains(buf_str(&out), "a password in a URL is seen by everyone in ps");
		assert_null(strstr(buf_str(&out), MARKER));
		buf_done(&out);
	}
}

static void test_no_error_repeats_any_part_of_a_url(void **state)
{
	static const char *const urls[] = {
		"admin:" MARKER "@r1",  "ssh:/admin:" MARKER "@r1", "ssh://admin:" MARKER,
		"ssh://" MARKER "/@r1", "ssh://[" MARKER "]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		struct buf out;

		describe(urls[i], NULL, &out);
		assert_null(strstr(buf_str(&out), MARKER));
		buf_done(&out);
	}
}

static void test_a_url_has_the_defaults_and_takes_a_profile(void **state)
{
	static const char *const dirs[] = {"profiles", NULL};
	struct config c;
	struct error_list errors;

	(void)state;
	config_init(&c);
	error_list_init(&errors);
	assert_int_equal(config_from_url("ssh://r1", "tp", dirs, &c, &errors), 0);

	const struct target *t = &c.targets[0];

	assert_string_equal(t->policy.profile, "tp");
	assert_string_equal(policy_find(&t->policy, "telnet")->origin.file, "profiles/tp.yaml");
	assert_int_equal(t->connect_timeout_ms, 10000);
	assert_int_equal(t->command_timeout_ms, 30000);
	assert_int_equal(t->timeout_ms, 120000);
	assert_int_equal(t->scan_ports, SCAN_ROUTEROS);
	assert_int_equal(t->password.source, SECRET_NONE);
	assert_false(t->agent);
	assert_null(t->origin.file);
	error_list_done(&errors);
	config_done(&c);
}

static void test_an_unknown_profile_of_a_url_is_told_with_the_known_ones(void **state)
{
	struct buf out;

	(void)state;
	describe("ssh://r1", "hardend", &out);
	assert_contains(buf_str(&out), "unknown profile \"hardend\"; did you mean \"hardened\"?");
	assert_contains(buf_str(&out), "known profiles: hardened, routeros-6-default");
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_urls_become_targets),
		cmocka_unit_test(test_wrong_urls_are_refused_with_a_sentence),
		cmocka_unit_test(test_a_password_in_a_url_is_refused_and_never_repeated),
		cmocka_unit_test(test_no_error_repeats_any_part_of_a_url),
		cmocka_unit_test(test_a_url_has_the_defaults_and_takes_a_profile),
		cmocka_unit_test(test_an_unknown_profile_of_a_url_is_told_with_the_known_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
