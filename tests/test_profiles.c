/* The profiles that ship: each is read, and says what its comment promises. */
#include "tests/test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/catalogue.h"
#include "rosaudit/config.h"

static const char *const dirs[] = {"profiles", NULL};

/* The policy of a router with that profile alone. */
static void load(const char *profile, struct config *c)
{
	struct error_list errors;

	config_init(c);
	error_list_init(&errors);
	if (config_from_url("ssh://192.0.2.1", profile, dirs, c, &errors) != 0)
		fail_msg("%s: %s:%zu: %s", profile, errors.v[0].where, errors.v[0].line,
		         errors.v[0].text);
	assert_int_equal(c->targets_n, 1);
	error_list_done(&errors);
}

static const struct expect_service *expect(const struct config *c, const char *name)
{
	const struct expect_service *s = policy_find(&c->targets[0].policy, name);

	if (!s)
		fail_msg("%s is not in the profile", name);
	return s;
}

static void test_every_profile_is_read_and_says_for_whom_it_is(void **state)
{
	DIR *d = opendir("profiles");
	struct dirent *entry;
	size_t n = 0;

	(void)state;
	assert_non_null(d);
	while ((entry = readdir(d))) {
		char path[512];
		char *text;
		struct config c;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "profiles/%s", entry->d_name);
		text = test_read_file(path);
		assert_int_equal(strncmp(text, "# For ", 6), 0);
		free(text);
		load(path, &c);
		assert_true(c.targets[0].policy.services_n > 0);
		config_done(&c);
		n++;
	}
	closedir(d);
	assert_true(n >= 5);
}

struct state {
	const char *name;
	int port; /* -1 = not compared */
	enum tri disabled;
};

static void check_states(const char *profile, const struct state *states, size_t n)
{
	struct config c;

	load(profile, &c);
	for (size_t i = 0; i < n; i++) {
		const struct expect_service *s = expect(&c, states[i].name);

		assert_int_equal(s->port, states[i].port);
		assert_int_equal(s->disabled, states[i].disabled);
	}
	config_done(&c);
}

static void test_tp_names_five_services_and_warns_of_the_rest(void **state)
{
	static const struct state states[] = {
		{"telnet", 23, TRI_NO}, {"ftp", 21, TRI_NO},       {"www", 80, TRI_NO},
		{"ssh", 22, TRI_NO},    {"www-ssl", 443, TRI_YES},
	};
	struct config c;

	(void)state;
	check_states("tp", states, sizeof(states) / sizeof(*states));
	load("tp", &c);
	/* api, winbox and api-ssl of a stock router stay three warnings. */
	assert_int_equal(c.targets[0].policy.services_n, 5);
	assert_int_equal(c.targets[0].policy.unlisted, UNLISTED_WARN);
	config_done(&c);
}

static void test_defaults_profiles_agree_with_the_catalogue(void **state)
{
	static const char *const profiles[] = {"routeros-6-default", "routeros-7-default"};

	(void)state;
	for (size_t p = 0; p < 2; p++) {
		struct config c;

		load(profiles[p], &c);
		for (size_t i = 0; i < catalogue_n; i++) {
			const struct catalogue_row *row = &catalogue[i];

			if (row->kind != CATALOGUE_SERVICE || row->since.major > 6)
				continue;

			const struct expect_service *s = expect(&c, row->name);

			assert_int_equal(s->port, row->port);
			assert_int_equal(s->disabled,
			                 row->enabled_by_default == TRI_YES ? TRI_NO : TRI_YES);
			assert_int_equal(s->address_mode, ADDRESS_ANY);
			assert_int_equal(s->max_sessions, -1);
			assert_null(s->vrf);
		}
		config_done(&c);
	}
}

static void assert_nothing_compared(const struct expect_service *s)
{
	assert_int_equal(s->disabled, TRI_UNKNOWN);
	assert_int_equal(s->port, -1);
	assert_int_equal(s->address_mode, ADDRESS_ANY);
	assert_null(s->certificate);
	assert_null(s->tls_version);
	assert_null(s->vrf);
	assert_int_equal(s->max_sessions, -1);
	assert_int_equal(s->reachable, TRI_UNKNOWN);
}

static void test_reverse_proxy_is_asked_of_no_router_that_may_lack_it(void **state)
{
	static const char *const profiles[] = {"routeros-7-default", "tls-only"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct config c;

		load(profiles[i], &c);
		assert_nothing_compared(expect(&c, "reverse-proxy"));
		config_done(&c);
	}
}

static void test_hardened_leaves_ssh_and_winbox_on_and_restricted(void **state)
{
	static const struct state states[] = {
		{"ssh", -1, TRI_NO},  {"winbox", -1, TRI_NO},   {"telnet", -1, TRI_YES},
		{"ftp", -1, TRI_YES}, {"www", -1, TRI_YES},     {"www-ssl", -1, TRI_YES},
		{"api", -1, TRI_YES}, {"api-ssl", -1, TRI_YES}, {"reverse-proxy", -1, TRI_YES},
	};
	struct config c;

	(void)state;
	check_states("hardened", states, sizeof(states) / sizeof(*states));
	load("hardened", &c);
	assert_int_equal(expect(&c, "ssh")->address_mode, ADDRESS_RESTRICTED);
	assert_int_equal(expect(&c, "winbox")->address_mode, ADDRESS_RESTRICTED);
	config_done(&c);
}

static void test_tls_only_turns_every_plain_service_off(void **state)
{
	static const struct state states[] = {
		{"telnet", -1, TRI_YES}, {"ftp", -1, TRI_YES}, {"www", -1, TRI_YES},
		{"api", -1, TRI_YES},    {"ssh", -1, TRI_NO},  {"www-ssl", -1, TRI_NO},
	};
	struct config c;

	(void)state;
	check_states("tls-only", states, sizeof(states) / sizeof(*states));
	load("tls-only", &c);
	assert_string_equal(expect(&c, "www-ssl")->tls_version, "only-1.2");
	assert_string_equal(expect(&c, "api-ssl")->tls_version, "only-1.2");
	config_done(&c);
}

static void test_the_list_shows_each_name_with_its_first_comment(void **state)
{
	static const char *const two[] = {"tests/fixtures/config/ok-profile-by-path", "profiles",
	                                  "no/such/folder", NULL};
	struct buf out;

	(void)state;
	buf_init(&out, 1u << 16);
	config_list_profiles(two, &out);
	assert_contains(buf_str(&out), "hardened            For routers in service");
	assert_contains(buf_str(&out), "\ntp                  For the lab course");
	/* The other folder's files are listed, too; one without a comment has none. */
	assert_contains(buf_str(&out), "\nown                 \n");
	buf_done(&out);
}

static void test_the_first_directory_of_a_name_wins(void **state)
{
	static const char *const two[] = {"tests/fixtures/config/ok-profile-by-path", "profiles",
	                                  NULL};
	static const char *const none[] = {NULL};
	struct config c;
	struct error_list errors;

	(void)state;
	config_init(&c);
	error_list_init(&errors);
	assert_int_equal(config_from_url("ssh://r1", "own", two, &c, &errors), 0);
	assert_string_equal(c.targets[0].policy.services[0].origin.file,
	                    "tests/fixtures/config/ok-profile-by-path/own.yaml");
	config_done(&c);
	config_init(&c);
	assert_int_equal(config_from_url("ssh://r1", "own", none, &c, &errors), -1);
	config_done(&c);
	error_list_done(&errors);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_profile_is_read_and_says_for_whom_it_is),
		cmocka_unit_test(test_tp_names_five_services_and_warns_of_the_rest),
		cmocka_unit_test(test_defaults_profiles_agree_with_the_catalogue),
		cmocka_unit_test(test_reverse_proxy_is_asked_of_no_router_that_may_lack_it),
		cmocka_unit_test(test_hardened_leaves_ssh_and_winbox_on_and_restricted),
		cmocka_unit_test(test_tls_only_turns_every_plain_service_off),
		cmocka_unit_test(test_the_list_shows_each_name_with_its_first_comment),
		cmocka_unit_test(test_the_first_directory_of_a_name_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
