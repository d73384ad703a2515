/* From a policy and a router to the script that brings the one to the other, and back. */
#include <string.h>

#include "remedy_build.h"
#include "rosaudit/command.h"

/* The commands of a script, without its comments and its guard, a line each. */
static void commands_of(const char *script, struct buf *out)
{
	while (*script) {
		size_t n = strcspn(script, "\n");

		if (*script == '/') {
			buf_add(out, script, n);
			buf_putc(out, '\n');
		}
		script += n + (script[n] == '\n');
	}
}

static void check_town(const struct town *t, const char *commands, const char *undo,
                       const char *left)
{
	struct visit v;
	struct buf have;

	visit(t, &v);
	buf_init(&have, 1u << 20);
	commands_of(buf_str(&v.script), &have);
	assert_text_equal(buf_str(&have), commands);
	buf_clear(&have);
	commands_of(buf_str(&v.undo), &have);
	assert_text_equal(buf_str(&have), undo);
	if (left) {
		assert_contains(buf_str(&v.script), left);
		assert_contains(buf_str(&v.summary), left);
	} else {
		assert_int_equal(v.remedy.left_n, 0);
	}
	buf_done(&have);
	leave(&v);
}

/* The scene gives these commands, those take it back, and this is said of what is left out (NULL:
 * nothing is left out). */
#define CHECK_TOWN(town, commands, undo, left) check_town(&town, commands, undo, left)

static void test_one_command_for_all_that_one_service_needs(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    winbox: {disabled: no, port: 9000, address: "
	                          "[192.0.2.0/24]}\n",
	                .rows = ROWS(SERVICE("winbox", 8291, .disabled = TRI_YES),
	                             SERVICE("ssh", 22))),
	           "/ip service set winbox port=9000 address=192.0.2.0/24 disabled=no\n",
	           "/ip service set winbox port=8291 address=\"\" disabled=yes\n", NULL);
}

static void test_what_opens_comes_before_what_closes(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    telnet: forbidden\n    api: forbidden\n"
	                          "    www-ssl: required\n",
	                .rows = ROWS(SERVICE("telnet", 23), SERVICE("ssh", 22),
	                             SERVICE("www-ssl", 443, .disabled = TRI_YES),
	                             SERVICE("api", 8728))),
	           "/ip service set www-ssl disabled=no\n"
	           "/ip service set telnet disabled=yes\n"
	           "/ip service set api disabled=yes\n",
	           "/ip service set api disabled=no\n"
	           "/ip service set telnet disabled=no\n"
	           "/ip service set www-ssl disabled=yes\n",
	           NULL);
}

static void test_from_7_19_a_listener_of_the_same_name_is_not_meant(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.version = "7.19.4", .policy = "  services:\n    telnet: forbidden\n",
	                .rows = ROWS(SERVICE("telnet", 23), SERVICE("ssh", 22))),
	           "/ip service set [find name=telnet dynamic=no] disabled=yes\n",
	           "/ip service set [find name=telnet dynamic=no] disabled=no\n", NULL);
}

static void test_from_7_24_the_list_is_available_from(void **state)
{
	(void)state;
	CHECK_TOWN(
		TOWN(.version = "7.24",
	             .policy = "  services:\n    winbox: {address: [192.0.2.0/24]}\n",
	             .rows = ROWS(SERVICE("winbox", 8291, ADDRESS("198.51.100.0/24,2001:db8::/64")),
	                          SERVICE("ssh", 22))),
		"/ip service set [find name=winbox dynamic=no] available-from=192.0.2.0/24\n",
		"/ip service set [find name=winbox dynamic=no] "
		"available-from=198.51.100.0/24,2001:db8::/64\n",
		NULL);
}

/* --- the branch ------------------------------------------------------------------------------ */

static void test_the_service_by_which_we_came_is_not_turned_off(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    ssh: forbidden\n    winbox: required\n",
	                .rows = ROWS(SERVICE("ssh", 22), SERVICE("winbox", 8291)),
	                .seen = SEEN(LOGIN(22), SILENT(8291))),
	           "", "", "we came through ssh, and no other way in");
}

static void test_nor_is_it_moved_to_another_port(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    ssh: {disabled: no, port: 2222}\n",
	                .rows = ROWS(SERVICE("ssh", 22)), .seen = SEEN(LOGIN(22))),
	           "", "", "we came through ssh, and no other way in");
}

static void test_nor_into_another_vrf(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    ssh: {vrf: mgmt, max-sessions: 5}\n",
	                .rows = ROWS(SERVICE("ssh", 22, .vrf = "main", .max_sessions = 20)),
	                .seen = SEEN(LOGIN(22))),
	           "/ip service set ssh max-sessions=5\n", "/ip service set ssh max-sessions=20\n",
	           "we came through ssh, and no other way in");
}

static void test_nor_does_rest_lose_its_certificate(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.transport = TRANSPORT_REST,
	                .policy = "  services:\n    www-ssl: {certificate: new, tls-version: "
	                          "only-1.2}\n",
	                .rows = ROWS(SERVICE("www-ssl", 443, .certificate = "old",
	                                     .tls_version = "any"))),
	           "/ip service set www-ssl tls-version=only-1.2\n",
	           "/ip service set www-ssl tls-version=any\n",
	           "we came through www-ssl, and no other way in");
}

static void test_its_list_never_loses_our_own_address(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    ssh: {address: [198.51.100.0/24]}\n",
	                .rows = ROWS(SERVICE("ssh", 22)), .seen = SEEN(LOGIN(22))),
	           "", "", "from 192.0.2.9, which the list leaves out");
}

static void test_a_list_with_our_own_address_is_set(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    ssh: {address: [198.51.100.0/24, "
	                          "192.0.2.0/24]}\n",
	                .rows = ROWS(SERVICE("ssh", 22)), .seen = SEEN(LOGIN(22))),
	           "/ip service set ssh address=198.51.100.0/24,192.0.2.0/24\n",
	           "/ip service set ssh address=\"\"\n", NULL);
}

/* Of the router's own prefixes only one lies within the policy's, and we are not in that one. */
static void test_the_part_of_the_list_that_lets_us_in_is_kept(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    ssh: {address: [198.51.100.0/24, "
	                          "192.0.2.0/24]}\n",
	                .rows = ROWS(SERVICE("ssh", 22, ADDRESS("198.51.100.0/25,0.0.0.0/0"))),
	                .seen = SEEN(LOGIN(22))),
	           "/ip service set ssh address=198.51.100.0/25,192.0.2.0/24\n",
	           "/ip service set ssh address=198.51.100.0/25,0.0.0.0/0\n", NULL);
}

static void test_an_unknown_vantage_narrows_nothing(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.seen_as = NULL,
	                .policy = "  services:\n    ssh: {address: [192.0.2.0/24]}\n",
	                .rows = ROWS(SERVICE("ssh", 22)), .seen = SEEN(LOGIN(22))),
	           "", "", "the router did not tell which address it sees us at");
}

static void test_ipv6_we_came_by_is_kept_too(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.seen_as = "2001:db8::9",
	                .policy = "  services:\n    ssh: {address: [192.0.2.0/24]}\n",
	                .rows = ROWS(SERVICE("ssh", 22)), .seen = SEEN(LOGIN(22))),
	           "", "", "from 2001:db8::9, which the list leaves out");
}

static void test_another_way_that_was_proven_lets_it_be_closed_last(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    ssh: forbidden\n    winbox: required\n"
	                          "    telnet: forbidden\n",
	                .rows = ROWS(SERVICE("ssh", 22), SERVICE("telnet", 23),
	                             SERVICE("winbox", 8291)),
	                .seen = SEEN(LOGIN(22), SERVES(8291, APP_WINBOX))),
	           "/ip service set telnet disabled=yes\n/ip service set ssh disabled=yes\n",
	           "/ip service set ssh disabled=no\n/ip service set telnet disabled=no\n", NULL);
}

/* Each of these is no proof. */
static void test_what_is_no_other_way_in(void **state)
{
	static const struct {
		const char *policy;
		struct service other;
		struct observation seen;
	} cases[] = {
		/* the policy does not ask for it */
		{"    winbox: {port: 8291}\n",
	         {.name = "winbox", .port = 8291},
	         {.port = 8291, .state = PORT_OPEN, .serve = SERVE_SERVING, .app = APP_WINBOX}},
		/* another protocol speaks there */
		{"    winbox: required\n",
	         {.name = "winbox", .port = 8291},
	         {.port = 8291, .state = PORT_OPEN, .serve = SERVE_SERVING, .app = APP_FTP}},
		/* it refuses us */
		{"    winbox: required\n",
	         {.name = "winbox", .port = 8291},
	         {.port = 8291, .state = PORT_OPEN, .serve = SERVE_REFUSED, .app = APP_WINBOX}},
		/* files only */
		{"    ftp: required\n",
	         {.name = "ftp", .port = 21},
	         {.port = 21, .state = PORT_OPEN, .serve = SERVE_SERVING, .app = APP_FTP}},
		/* it is moved itself */
		{"    winbox: {disabled: no, port: 9000}\n",
	         {.name = "winbox", .port = 8291},
	         {.port = 8291, .state = PORT_OPEN, .serve = SERVE_SERVING, .app = APP_WINBOX}},
		/* its list will leave us out */
		{"    winbox: {disabled: no, address: [198.51.100.0/24]}\n",
	         {.name = "winbox", .port = 8291},
	         {.port = 8291, .state = PORT_OPEN, .serve = SERVE_SERVING, .app = APP_WINBOX}},
		/* anonymous TLS: no ordinary client comes in */
		{"    api-ssl: required\n",
	         {.name = "api-ssl", .port = 8729, .certificate = "none"},
	         {.port = 8729, .state = PORT_OPEN, .serve = SERVE_SERVING, .app = APP_TLS}},
		/* it was not probed in this run */
		{"    winbox: required\n",
	         {.name = "winbox", .port = 8291},
	         {.port = 8291, .state = PORT_UNKNOWN, .reason = "not-probed"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct service other = SERVICE(cases[i].other.name, cases[i].other.port,
		                               .certificate = cases[i].other.certificate);
		struct buf policy;
		struct visit v;
		struct town t;

		buf_init(&policy, 4096);
		buf_printf(&policy, "  services:\n    ssh: forbidden\n%s", cases[i].policy);
		t = TOWN(.policy = buf_str(&policy), .rows = ROWS(SERVICE("ssh", 22), other),
		         .seen = SEEN(LOGIN(22), cases[i].seen));
		visit(&t, &v);
		assert_null(strstr(buf_str(&v.script), "\n/ip service set ssh disabled=yes"));
		assert_contains(buf_str(&v.script), "we came through ssh");
		leave(&v);
		buf_done(&policy);
	}
}

static void test_with_both_transports_one_login_proves_the_other_way(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.transport = TRANSPORT_BOTH,
	                .policy = "  services:\n    www-ssl: forbidden\n    ssh: required\n",
	                .rows = ROWS(SERVICE("ssh", 22), SERVICE("www-ssl", 443)),
	                .seen = SEEN(LOGIN(22), OBSERVED(PORT_OPEN, 443, .reason = "login"))),
	           "/ip service set www-ssl disabled=yes\n",
	           "/ip service set www-ssl disabled=no\n", NULL);
}

static void test_of_a_saved_output_some_way_in_is_left(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.transport = TRANSPORT_FILE,
	                .policy = "  services:\n    ssh: forbidden\n    telnet: forbidden\n",
	                .rows = ROWS(SERVICE("ssh", 22), SERVICE("telnet", 23))),
	           "", "", "no enabled way in would be left");
	CHECK_TOWN(TOWN(.transport = TRANSPORT_FILE,
	                .policy = "  services:\n    ssh: forbidden\n    telnet: forbidden\n",
	                .rows = ROWS(SERVICE("ssh", 22), SERVICE("telnet", 23),
	                             SERVICE("winbox", 8291))),
	           "/ip service set ssh disabled=yes\n/ip service set telnet disabled=yes\n",
	           "/ip service set telnet disabled=no\n/ip service set ssh disabled=no\n", NULL);
}

/* --- ports
 * ------------------------------------------------------------------------------------- */

static void test_a_port_is_freed_before_it_is_taken(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    www: {disabled: no, port: 8080}\n"
	                          "    www-ssl: {disabled: no, port: 80}\n",
	                .rows = ROWS(SERVICE("ssh", 22), SERVICE("www", 80),
	                             SERVICE("www-ssl", 443, .disabled = TRI_YES))),
	           "/ip service set www port=8080\n/ip service set www-ssl port=80 disabled=no\n",
	           "/ip service set www-ssl port=443 disabled=yes\n/ip service set www port=80\n",
	           NULL);
}

static void test_two_that_change_places_make_room(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    www: {port: 8728}\n    api: {port: 80}\n",
	                .rows = ROWS(SERVICE("ssh", 22), SERVICE("www", 80), SERVICE("api", 8728))),
	           "/ip service set www disabled=yes\n"
	           "/ip service set api port=80\n"
	           "/ip service set www port=8728 disabled=no\n",
	           "/ip service set www disabled=yes\n"
	           "/ip service set api port=8728\n"
	           "/ip service set www port=80 disabled=no\n",
	           NULL);
}

static void test_a_port_that_stays_anothers_is_not_taken(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    www: {disabled: no, port: 22}\n",
	                .rows = ROWS(SERVICE("ssh", 22), SERVICE("www", 80, .disabled = TRI_YES)),
	                .seen = SEEN(LOGIN(22))),
	           "", "", "port 22 is that of ssh");
}

static void test_www_ssl_and_reverse_proxy_share_their_port(void **state)
{
	(void)state;
	CHECK_TOWN(
		TOWN(.version = "7.22.1", .policy = "  services:\n    www-ssl: required\n",
	             .rows = ROWS(SERVICE("ssh", 22), SERVICE("www-ssl", 443, .disabled = TRI_YES),
	                          SERVICE("reverse-proxy", 443))),
		"/ip service set [find name=www-ssl dynamic=no] disabled=no\n",
		"/ip service set [find name=www-ssl dynamic=no] disabled=yes\n", NULL);
}

/* --- what is left out
 * --------------------------------------------------------------------------- */

static void test_what_the_policy_only_warns_of_is_left_alone(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    ssh: required\n  unlisted: warn\n",
	                .rows = ROWS(SERVICE("ssh", 22), SERVICE("telnet", 23))),
	           "", "", "unlisted: warn");
	CHECK_TOWN(TOWN(.policy = "  services:\n    ssh: required\n  unlisted: fail\n",
	                .rows = ROWS(SERVICE("ssh", 22), SERVICE("telnet", 23))),
	           "/ip service set telnet disabled=yes\n", "/ip service set telnet disabled=no\n",
	           NULL);
}

static void test_a_waived_finding_changes_nothing(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    telnet: forbidden\n  waivers:\n"
	                          "    - {rule: RA102, reason: the old switch}\n",
	                .rows = ROWS(SERVICE("ssh", 22), SERVICE("telnet", 23))),
	           "", "", "waived: the old switch");
}

static void test_what_only_a_person_can_decide_is_said(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.policy = "  services:\n    winbox: {address: restricted}\n",
	                .rows = ROWS(SERVICE("ssh", 22), SERVICE("winbox", 8291))),
	           "", "", "no one command is right; `rosaudit explain RA104` tells more");
}

static void test_the_server_of_a_tunnel_may_carry_us(void **state)
{
	(void)state;
	CHECK_TOWN(TOWN(.version = "7.19.4",
	                .policy = "  services:\n    ssh: required\n    pptp-server: forbidden\n",
	                .rows = ROWS(SERVICE("ssh", 22), LISTENER("pptp-server", 1723))),
	           "", "", "may come through this very tunnel");
}

static void test_a_feature_whose_menu_was_not_read_is_not_undone(void **state)
{
	struct town t = TOWN(.version = "7.19.4", .policy = "  services:\n    btest: forbidden\n",
	                     .rows = ROWS(SERVICE("ssh", 22), LISTENER("btest", 2000)));
	struct visit v;

	(void)state;
	visit(&t, &v);
	assert_contains(buf_str(&v.script), "\n/tool bandwidth-server set enabled=no\n");
	assert_contains(buf_str(&v.undo), "# not undone: /tool bandwidth-server set enabled=no");
	leave(&v);
}

static void test_a_feature_whose_menu_was_read_is_set_back(void **state)
{
	struct town t = TOWN(.version = "7.19.4", .policy = "  services:\n    btest: forbidden\n",
	                     .rows = ROWS(SERVICE("ssh", 22), LISTENER("btest", 2000)));
	struct field field = {"enabled", "yes"};
	struct item item = {.fields = &field, .n = 1};
	struct menu_items menu = {
		.path = "/tool bandwidth-server", .state = MENU_READ, .v = &item, .n = 1};
	struct remedy again;
	struct visit v;
	struct buf undo;

	(void)state;
	visit(&t, &v);
	v.device.menus = &menu;
	v.device.menus_n = 1;
	remedy_init(&again);
	buf_init(&undo, 1u << 16);
	remedy_make(&v.in, &again);
	remedy_undo_script(&v.in, &again, &undo);
	assert_contains(buf_str(&undo), "\n/tool bandwidth-server set enabled=yes\n");
	buf_done(&undo);
	remedy_done(&again);
	v.device.menus = NULL;
	v.device.menus_n = 0;
	leave(&v);
}

static void test_an_unknown_version_is_told_of(void **state)
{
	struct town t = TOWN(.version = NULL, .policy = "  services:\n    telnet: forbidden\n",
	                     .rows = ROWS(SERVICE("ssh", 22), SERVICE("telnet", 23)));
	struct visit v;

	(void)state;
	visit(&t, &v);
	assert_contains(buf_str(&v.script), "write [find name=NAME dynamic=no]");
	leave(&v);
}

static void test_without_a_command_what_is_left_out_is_not_nothing(void **state)
{
	struct town t = TOWN(.policy = "  services:\n    ssh: forbidden\n",
	                     .rows = ROWS(SERVICE("ssh", 22)));
	struct visit v;

	(void)state;
	visit(&t, &v);
	assert_contains(buf_str(&v.script),
	                "# No command: what differs is left out, with the reason.\n");
	assert_contains(buf_str(&v.script), "# left out: RA102 ssh");
	leave(&v);
}

static void test_nothing_to_do_is_said(void **state)
{
	struct town t = TOWN(.policy = "  services:\n    ssh: required\n",
	                     .rows = ROWS(SERVICE("ssh", 22)));
	struct visit v;

	(void)state;
	visit(&t, &v);
	assert_contains(buf_str(&v.script), "# Nothing to change.\n");
	assert_null(strstr(buf_str(&v.script), ":if"));
	assert_contains(buf_str(&v.undo), "# Nothing to set back.\n");
	assert_string_equal(buf_str(&v.summary), "r1: 0 commands, 0 left out\n");
	leave(&v);
}

/* --- hostile words
 * ------------------------------------------------------------------------------- */

static void test_no_word_of_anybody_breaks_out_of_its_place(void **state)
{
	struct town t =
		TOWN(.identity = "r1\"]; /system reset-configuration \\",
	             .policy = "  services:\n"
	                       "    www-ssl: {certificate: \"a b\\\"; /system reboot; "
	                       "$x\\u00e9 /quit\"}\n",
	             .rows = ROWS(SERVICE("ssh", 22),
	                          SERVICE("www-ssl", 443, .certificate = "old\n/system reboot\\")));
	struct visit v;

	(void)state;
	visit(&t, &v);
	assert_golden("remedy/hostile.rsc", buf_str(&v.script));
	assert_golden("remedy/hostile.undo.rsc", buf_str(&v.undo));
	for (const char *p = buf_str(&v.script); *p; p++)
		assert_true(*p == '\n' || (*p >= 0x20 && *p < 0x7f));
	assert_null(strstr(buf_str(&v.script), "\n/system"));
	assert_null(strstr(buf_str(&v.script), "\\\n"));
	leave(&v);
}

static void test_a_comment_never_joins_the_next_line(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 256);
	command_comment("a\\b\n\033[2J\\", &out);
	assert_string_equal(buf_str(&out), "a\\b<0A><1B>[2J<5C>");
	buf_clear(&out);
	command_string("plain", &out);
	assert_string_equal(buf_str(&out), "\"plain\"");
	buf_done(&out);
}

/* --- versions
 * ------------------------------------------------------------------------------------ */

static void test_scripts_of_every_era_are_as_ever(void **state)
{
	static const char *const eras[] = {"6.49.18", "7.9.2", "7.19.4", "7.24"};
	static const char policy[] =
		"  unlisted: fail\n  services:\n    telnet: forbidden\n    ftp: forbidden\n"
		"    www: forbidden\n    ssh: {disabled: no, port: 22, address: [192.0.2.0/24, "
		"\"2001:db8::/64\"]}\n    www-ssl: {disabled: no, certificate: web, tls-version: "
		"only-1.2}\n    winbox: {disabled: no, address: {within: [192.0.2.0/24], covers: "
		"[192.0.2.8/29]}}\n    api-ssl: {disabled: yes}\n";

	(void)state;
	for (size_t i = 0; i < sizeof(eras) / sizeof(eras[0]); i++) {
		struct town t =
			TOWN(.version = eras[i], .policy = policy,
		             .rows = ROWS(SERVICE("telnet", 23), SERVICE("ftp", 21),
		                          SERVICE("www", 80), SERVICE("ssh", 22),
		                          SERVICE("www-ssl", 443, .disabled = TRI_YES,
		                                  .certificate = "none", .tls_version = "any"),
		                          SERVICE("api", 8728), SERVICE("winbox", 8291),
		                          SERVICE("api-ssl", 8729)),
		             .seen = SEEN(LOGIN(22)));
		char path[64];
		struct visit v;

		visit(&t, &v);
		snprintf(path, sizeof(path), "remedy/%s.rsc", eras[i]);
		assert_golden(path, buf_str(&v.script));
		snprintf(path, sizeof(path), "remedy/%s.undo.rsc", eras[i]);
		assert_golden(path, buf_str(&v.undo));
		leave(&v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_command_for_all_that_one_service_needs),
		cmocka_unit_test(test_what_opens_comes_before_what_closes),
		cmocka_unit_test(test_from_7_19_a_listener_of_the_same_name_is_not_meant),
		cmocka_unit_test(test_from_7_24_the_list_is_available_from),
		cmocka_unit_test(test_the_service_by_which_we_came_is_not_turned_off),
		cmocka_unit_test(test_nor_is_it_moved_to_another_port),
		cmocka_unit_test(test_nor_into_another_vrf),
		cmocka_unit_test(test_nor_does_rest_lose_its_certificate),
		cmocka_unit_test(test_its_list_never_loses_our_own_address),
		cmocka_unit_test(test_a_list_with_our_own_address_is_set),
		cmocka_unit_test(test_the_part_of_the_list_that_lets_us_in_is_kept),
		cmocka_unit_test(test_an_unknown_vantage_narrows_nothing),
		cmocka_unit_test(test_ipv6_we_came_by_is_kept_too),
		cmocka_unit_test(test_another_way_that_was_proven_lets_it_be_closed_last),
		cmocka_unit_test(test_what_is_no_other_way_in),
		cmocka_unit_test(test_with_both_transports_one_login_proves_the_other_way),
		cmocka_unit_test(test_of_a_saved_output_some_way_in_is_left),
		cmocka_unit_test(test_a_port_is_freed_before_it_is_taken),
		cmocka_unit_test(test_two_that_change_places_make_room),
		cmocka_unit_test(test_a_port_that_stays_anothers_is_not_taken),
		cmocka_unit_test(test_www_ssl_and_reverse_proxy_share_their_port),
		cmocka_unit_test(test_what_the_policy_only_warns_of_is_left_alone),
		cmocka_unit_test(test_a_waived_finding_changes_nothing),
		cmocka_unit_test(test_what_only_a_person_can_decide_is_said),
		cmocka_unit_test(test_the_server_of_a_tunnel_may_carry_us),
		cmocka_unit_test(test_a_feature_whose_menu_was_not_read_is_not_undone),
		cmocka_unit_test(test_a_feature_whose_menu_was_read_is_set_back),
		cmocka_unit_test(test_an_unknown_version_is_told_of),
		cmocka_unit_test(test_without_a_command_what_is_left_out_is_not_nothing),
		cmocka_unit_test(test_nothing_to_do_is_said),
		cmocka_unit_test(test_no_word_of_anybody_breaks_out_of_its_place),
		cmocka_unit_test(test_a_comment_never_joins_the_next_line),
		cmocka_unit_test(test_scripts_of_every_era_are_as_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
