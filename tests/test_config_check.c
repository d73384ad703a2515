/*
 * Contradictions: each folder of tests/fixtures/check is a policy that is written correctly, with
 * what `rosaudit check` says of it in `error`; one that is called ok-… has nothing said of it. And
 * what a policy is for one router: conditions, decided by its name, group, version and board.
 */
#include "tests/test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rosaudit/config.h"
#include "rosaudit/device.h"

#define CASES "tests/fixtures/check"

static const char *const dirs[] = {"profiles", NULL};

static void check_golden(const char *folder, const char *text)
{
	char path[512];
	char *expected;

	snprintf(path, sizeof(path), "%s/error", folder);
	if (getenv("UPDATE_GOLDEN")) {
		test_write_file(path, text);
		return;
	}
	expected = test_read_file(path);
	assert_text_equal(text, expected);
	free(expected);
}

static void load(const char *folder, struct config *c, struct error_list *errors)
{
	char *root = getcwd(NULL, 0);

	config_init(c);
	error_list_init(errors);
	assert_int_equal(chdir(folder), 0);
	config_load("input.yaml", dirs, c, errors);
	assert_int_equal(chdir(root), 0);
	free(root);
	if (errors->n)
		fail_msg("%s: %zu: %s", folder, errors->v[0].line, errors->v[0].text);
}

static void check_case(const char *name)
{
	char folder[256];
	struct config c;
	struct error_list errors;
	struct buf out;
	int result;

	snprintf(folder, sizeof(folder), CASES "/%s", name);
	load(folder, &c, &errors);
	buf_init(&out, 1u << 20);
	result = config_contradictions(&c, &errors);
	assert_int_equal(result, errors.n ? -1 : 0);
	for (size_t i = 0; i < errors.n; i++) {
		error_format(&errors.v[i], &out);
		buf_putc(&out, '\n');
	}
	if (strncmp(name, "ok-", 3) == 0)
		assert_text_equal(buf_str(&out), "");
	else
		check_golden(folder, buf_str(&out));
	buf_done(&out);
	error_list_done(&errors);
	config_done(&c);
}

static void test_every_contradiction_is_told(void **state)
{
	DIR *d = opendir(CASES);
	struct dirent *entry;
	size_t n = 0;

	(void)state;
	assert_non_null(d);
	while ((entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		check_case(entry->d_name);
		n++;
	}
	closedir(d);
	assert_true(n >= 9);
}

static void test_the_profiles_and_the_accepted_policies_do_not_contradict_themselves(void **state)
{
	static const char *const folders[] = {"ok-policy-every-key", "ok-every-key", "ok-ports",
	                                      "ok-issue-example", "ok-waivers-of-places"};

	(void)state;
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		char folder[256];
		struct config c;
		struct error_list errors;

		snprintf(folder, sizeof(folder), "tests/fixtures/config/%s", folders[i]);
		load(folder, &c, &errors);
		if (config_contradictions(&c, &errors))
			fail_msg("%s:%zu: %s", folder, errors.v[0].line, errors.v[0].text);
		error_list_done(&errors);
		config_done(&c);
	}
}

/* --- conditions
 * ------------------------------------------------------------------------------------ */

static struct ros_version version_of(const char *text)
{
	struct ros_version v = {0};

	if (text)
		assert_true(ros_version_parse(text, &v));
	return v;
}

/* What `when: [{CONDITION, unlisted: fail}]` makes of a router: 'y', 'n', or '?' for unknown. */
static char decide(const char *condition, const char *version, const char *board)
{
	char text[512];
	struct config c;
	struct error_list errors;
	struct device device;
	struct policy policy;
	char answer;

	snprintf(text, sizeof(text),
	         "router: {name: r1, host: 192.0.2.1}\ngroups: {edge: r1}\nunlisted: warn\n"
	         "when: [{%s, unlisted: fail}]\n",
	         condition);
	config_init(&c);
	error_list_init(&errors);
	if (config_parse(text, strlen(text), "when.yaml", dirs, &c, &errors) != 0)
		fail_msg("%s: %s", condition, errors.v[0].text);
	device_init(&device);
	device.version = version_of(version);
	device.board = board;
	config_resolve(&c.targets[0], &device, &c.arena, &policy);
	answer = policy.unsure_n ? '?' : policy.unlisted == UNLISTED_FAIL ? 'y' : 'n';
	device_done(&device);
	error_list_done(&errors);
	config_done(&c);
	return answer;
}

static void test_conditions_against_routers(void **state)
{
	static const struct {
		const char *condition, *version, *board;
		char answer;
	} cases[] = {
		{"version: \">=7.19\"", "7.19", NULL, 'y'},
		{"version: \">=7.19\"", "7.18.9", NULL, 'n'},
		{"version: \">=7.19\"", "8.0", NULL, 'y'},
		{"version: \">=7.19\"", NULL, NULL, '?'},
		{"version: \">7.19\"", "7.19.3", NULL, 'n'},
		{"version: \">7.19\"", "7.20", NULL, 'y'},
		{"version: \"<=7.19\"", "7.19.3", NULL, 'y'},
		{"version: \"<7.19\"", "7.19.3", NULL, 'n'},
		{"version: \"<7\"", "6.49.18", NULL, 'y'},
		{"version: 7", "7.24", NULL, 'y'},
		{"version: 7.18.2", "7.18.2", NULL, 'y'},
		{"version: 7.18.2", "7.18", NULL, 'n'},
		{"version: \"=7.18\"", "7.18.2", NULL, 'y'},
		{"version: \"!=7.18\"", "7.18.2", NULL, 'n'},
		{"version: \">=7.16, <7.20\"", "7.19.1", NULL, 'y'},
		{"version: \">=7.16 <7.20\"", "7.20", NULL, 'n'},
		{"version: \">= 7.9\"", "7.16", NULL, 'y'},
		{"board: \"RB*\"", "7.1", "RB4011iGS+", 'y'},
		{"board: \"RB*\"", "7.1", "CHR", 'n'},
		{"board: [CHR, \"hAP ax?\"]", "7.1", "hAP ax2", 'y'},
		{"board: CHR", "7.1", NULL, '?'},
		{"board: CHR, version: 6", "7.1", NULL, 'n'},
		{"board: CHR, name: r2", NULL, NULL, 'n'},
		{"name: \"r?\"", NULL, NULL, 'y'},
		{"name: r2", NULL, NULL, 'n'},
		{"group: edge", NULL, NULL, 'y'},
		{"group: [core, \"ed*\"], name: r1", NULL, NULL, 'y'},
		{"group: core", NULL, NULL, 'n'},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char answer = decide(cases[i].condition, cases[i].version, cases[i].board);

		if (answer != cases[i].answer)
			fail_msg("%s on %s: %c", cases[i].condition,
			         cases[i].version ? cases[i].version : "?", answer);
	}
}

static void test_what_lies_nearer_wins_over_a_condition_below_it(void **state)
{
	static const char text[] = "defaults:\n"
				   "  services: {ssh: forbidden, ftp: forbidden, www: forbidden}\n"
				   "  when:\n"
				   "    - {version: 7, services: {ssh: required, ftp: required}}\n"
				   "router:\n"
				   "  host: 192.0.2.1\n"
				   "  services: {ftp: allowed, www: {port: 80}}\n";
	struct config c;
	struct error_list errors;
	struct device device;
	struct policy p;

	(void)state;
	config_init(&c);
	error_list_init(&errors);
	assert_int_equal(config_parse(text, sizeof(text) - 1, "x.yaml", dirs, &c, &errors), 0);
	assert_int_equal(policy_find(&c.targets[0].policy, "ssh")->expect, EXPECT_FORBIDDEN);
	device_init(&device);
	device.version = version_of("7.18");
	config_resolve(&c.targets[0], &device, &c.arena, &p);
	assert_int_equal(policy_find(&p, "ssh")->expect, EXPECT_REQUIRED);
	assert_int_equal(policy_find(&p, "ssh")->disabled, TRI_NO);
	assert_int_equal(policy_find(&p, "ftp")->expect, EXPECT_ALLOWED);
	assert_int_equal(policy_find(&p, "www")->expect, EXPECT_FORBIDDEN);
	assert_int_equal(policy_find(&p, "www")->port, 80);
	/* The other router's policy is as it was. */
	assert_int_equal(policy_find(&c.targets[0].policy, "ssh")->expect, EXPECT_FORBIDDEN);
	device_done(&device);
	error_list_done(&errors);
	config_done(&c);
}

static void test_patterns(void **state)
{
	static const struct {
		const char *pattern, *word;
		bool fits;
	} cases[] = {
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "abc", true},
		{"a*c", "abbc", true},
		{"a*c", "abcd", false},
		{"?", "", false},
		{"?", "a", true},
		{"a", "A", false},
		{"*b*", "aba", true},
		{"**", "x", true},
		{"a*", "a", true},
		{"a*b*c", "axbxbxc", true},
		{"r?", "r10", false},
		{"*.1", "r.2.1", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(word_matches(cases[i].pattern, cases[i].word), cases[i].fits);
}

static void test_of_ports_the_narrowest_entry_counts(void **state)
{
	struct expect_port v[] = {
		{.first = 1, .last = 1023},
		{.first = 22, .last = 22},
		{.first = 20, .last = 30},
		{.first = 22, .last = 22, .udp = true},
	};
	struct policy p = {.ports = v, .ports_n = 4};

	(void)state;
	assert_ptr_equal(policy_find_port(&p, 22, false), &v[1]);
	assert_ptr_equal(policy_find_port(&p, 23, false), &v[2]);
	assert_ptr_equal(policy_find_port(&p, 1023, false), &v[0]);
	assert_ptr_equal(policy_find_port(&p, 22, true), &v[3]);
	assert_null(policy_find_port(&p, 23, true));
	assert_null(policy_find_port(&p, 1024, false));
}

/* --- dates
 * ------------------------------------------------------------------------------------ */

static int64_t end_of_waiver(const char *zone)
{
	static const char text[] = "router: {name: r1, host: 192.0.2.1, waivers: [{rule: RA102, "
				   "reason: a, expires: 2027-03-31}]}\n";
	struct config c;
	struct error_list errors;
	int64_t t;

	setenv("TZ", zone, 1);
	tzset();
	config_init(&c);
	error_list_init(&errors);
	assert_int_equal(config_parse(text, strlen(text), "p", NULL, &c, &errors), 0);
	assert_int_equal(c.targets[0].policy.waivers_n, 1);
	t = c.targets[0].policy.waivers[0]->expires_at;
	error_list_done(&errors);
	config_done(&c);
	return t;
}

/* By date(1): date -d 2027-03-31T00:00 +%s, of each zone. The third is in summer time then. */
static void test_a_waiver_ends_at_midnight_where_we_are(void **state)
{
	const char *before = getenv("TZ");
	char *kept = before ? mem_strdup(before) : NULL;

	(void)state;
	assert_int_equal(end_of_waiver("UTC0"), 1806451200);
	assert_int_equal(end_of_waiver("NNN-14"), 1806400800);
	assert_int_equal(end_of_waiver("CET-1CEST,M3.5.0,M10.5.0/3"), 1806444000);
	if (kept)
		setenv("TZ", kept, 1);
	else
		unsetenv("TZ");
	tzset();
	free(kept);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_waiver_ends_at_midnight_where_we_are),
		cmocka_unit_test(test_every_contradiction_is_told),
		cmocka_unit_test(
			test_the_profiles_and_the_accepted_policies_do_not_contradict_themselves),
		cmocka_unit_test(test_conditions_against_routers),
		cmocka_unit_test(test_what_lies_nearer_wins_over_a_condition_below_it),
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_of_ports_the_narrowest_entry_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
