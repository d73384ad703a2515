/* The catalogue of services and features, and the names of ports. */
#include <stdio.h>
#include <string.h>

#include "rosaudit/catalogue.h"
#include "test.h"

static bool is_plain_text(const char *s)
{
	for (; *s; s++)
		if (*s < 0x20 || *s > 0x7e)
			return false;
	return true;
}

static void test_every_row_is_filled_in(void **state)
{
	(void)state;
	assert_true(catalogue_n > 60);
	for (size_t i = 0; i < catalogue_n; i++) {
		const struct catalogue_row *r = &catalogue[i];

		assert_true(r->name && *r->name && is_plain_text(r->name));
		assert_true(r->menu && r->menu[0] == '/' && is_plain_text(r->menu));
		assert_true(r->property && *r->property && is_plain_text(r->property));
		assert_true(r->proto == L4_TCP || r->proto == L4_UDP);
		assert_true(r->since.major == 6 || r->since.major == 7);
	}
}

/* What a user copies to a router must belong to the menu of the row. */
static void test_every_command_turns_off_its_own_menu(void **state)
{
	(void)state;
	for (size_t i = 0; i < catalogue_n; i++) {
		const struct catalogue_row *r = &catalogue[i];
		size_t menu = strlen(r->menu);

		if (r->kind == CATALOGUE_SERVICE)
			assert_null(r->off);
		if (!r->off)
			continue;
		assert_memory_equal(r->off, r->menu, menu);
		assert_memory_equal(r->off + menu, " set ", 5);
		assert_non_null(strstr(r->off, r->property));
	}
}

static void test_services_come_first_and_once(void **state)
{
	size_t services = 0;

	(void)state;
	for (size_t i = 0; i < catalogue_n; i++) {
		if (catalogue[i].kind != CATALOGUE_SERVICE)
			continue;
		assert_int_equal(i, services++);
		assert_ptr_equal(catalogue_service(catalogue[i].name), &catalogue[i]);
		assert_int_equal(catalogue[i].proto, L4_TCP);
	}
	assert_int_equal(services, 9);
}

static void test_default_services(void **state)
{
	static const struct {
		const char *name;
		uint16_t port;
		enum app_proto app;
		enum tri on;
	} rows[] = {
		{"telnet", 23, APP_TELNET, TRI_YES},   {"ftp", 21, APP_FTP, TRI_YES},
		{"www", 80, APP_HTTP, TRI_YES},        {"ssh", 22, APP_SSH, TRI_YES},
		{"www-ssl", 443, APP_TLS, TRI_NO},     {"api", 8728, APP_API, TRI_YES},
		{"winbox", 8291, APP_WINBOX, TRI_YES}, {"api-ssl", 8729, APP_TLS, TRI_YES},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct catalogue_row *r = catalogue_service(rows[i].name);

		assert_non_null(r);
		assert_int_equal(r->port, rows[i].port);
		assert_int_equal(r->app, rows[i].app);
		assert_int_equal(r->enabled_by_default, rows[i].on);
	}
	assert_int_equal(catalogue_service("reverse-proxy")->since.minor, 22);
	assert_null(catalogue_service("btest"));
	assert_null(catalogue_service("nobody"));
}

static void test_a_port_is_its_services_before_a_features(void **state)
{
	(void)state;
	assert_string_equal(catalogue_port(443, L4_TCP)->name, "www-ssl");
	assert_string_equal(catalogue_port(2000, L4_TCP)->name, "btest");
	assert_string_equal(catalogue_port(161, L4_UDP)->name, "snmp");
	assert_null(catalogue_port(161, L4_TCP));
	assert_null(catalogue_port(0, L4_TCP));
	assert_null(catalogue_port(31337, L4_TCP));
}

static void test_rows_are_found_by_name_and_protocol(void **state)
{
	(void)state;
	assert_int_equal(catalogue_find("resolver", L4_UDP)->proto, L4_UDP);
	assert_int_equal(catalogue_find("resolver", L4_UNKNOWN)->proto, L4_TCP);
	assert_null(catalogue_find("snmp", L4_TCP));
}

static void test_default_ports_are_all_of_tcp(void **state)
{
	struct port_set set;

	(void)state;
	port_set_clear(&set);
	catalogue_add_tcp_ports(&set);
	for (size_t i = 0; i < catalogue_n; i++)
		if (catalogue[i].proto == L4_TCP && catalogue[i].port)
			assert_true(port_set_has(&set, catalogue[i].port));
	assert_false(port_set_has(&set, 0));
	assert_false(port_set_has(&set, 161));
}

static size_t look_up(const char *pattern, struct port_set *out)
{
	bool found;

	port_set_clear(out);
	found = catalogue_lookup(pattern, strlen(pattern), out);
	assert_int_equal(found, port_set_count(out) > 0);
	return port_set_count(out);
}

static void test_names_and_patterns_of_the_catalogue(void **state)
{
	struct port_set set;

	(void)state;
	assert_int_equal(look_up("winbox", &set), 1);
	assert_true(port_set_has(&set, 8291));
	assert_int_equal(look_up("WinBox", &set), 1);
	assert_true(look_up("api*", &set) >= 2);
	assert_true(port_set_has(&set, 8728) && port_set_has(&set, 8729));
	assert_true(look_up("?pi", &set) >= 1);
	assert_true(port_set_has(&set, 8728));
	assert_int_equal(look_up("snmp-of-nobody", &set), 0);
	assert_int_equal(look_up("", &set), 0);
}

static const char services_text[] = "# a comment\n"
				    "http\t80/tcp\twww web # tcpmux 1/tcp\n"
				    "http 80/udp\n"
				    "\n"
				    "  spaced   81/tcp\n"
				    "broken\n"
				    "broken2 tcp\n"
				    "broken3 x/tcp\n"
				    "broken4 70000/tcp\n"
				    "zero 0/tcp\n"
				    "https 443/tcp\n"
				    "last 9/tcp";

static size_t look_up_text(const char *pattern, struct port_set *out)
{
	port_set_clear(out);
	catalogue_lookup_text(services_text, sizeof(services_text) - 1, L4_TCP, pattern,
	                      strlen(pattern), out);
	return port_set_count(out);
}

static void test_names_of_a_services_file(void **state)
{
	struct port_set set;

	(void)state;
	assert_int_equal(look_up_text("http", &set), 1);
	assert_true(port_set_has(&set, 80));
	assert_int_equal(look_up_text("web", &set), 1);
	assert_int_equal(look_up_text("http*", &set), 2);
	assert_int_equal(look_up_text("*", &set), 4);
	assert_int_equal(look_up_text("sp?c*d", &set), 1);
	assert_int_equal(look_up_text("last", &set), 1);
	assert_int_equal(look_up_text("tcpmux", &set), 0);
	assert_int_equal(look_up_text("broken*", &set), 0);
	assert_int_equal(look_up_text("zero", &set), 0);
	assert_int_equal(look_up_text("http ", &set), 0);
}

static void test_names_of_udp_are_others(void **state)
{
	struct port_set set;

	(void)state;
	port_set_clear(&set);
	assert_true(catalogue_lookup_udp("snmp", 4, &set));
	assert_true(port_set_has(&set, 161));
	port_set_clear(&set);
	assert_false(catalogue_lookup_udp("winbox", 6, &set));
	assert_true(catalogue_lookup_text(services_text, sizeof(services_text) - 1, L4_UDP, "*", 1,
	                                  &set));
	assert_int_equal(port_set_count(&set), 1);
}

static void test_ports_have_their_names(void **state)
{
	struct port_names names;

	(void)state;
	port_names_init(&names);
	assert_string_equal(port_names_find(&names, 8291, L4_TCP), "winbox");
	assert_string_equal(port_names_find(&names, 443, L4_TCP), "www-ssl");
	assert_string_equal(port_names_find(&names, 161, L4_UDP), "snmp");
	assert_null(port_names_find(&names, 0, L4_TCP));
	assert_null(port_names_find(&names, 8291, L4_UDP));
	port_names_done(&names);
}

static void test_a_pattern_of_many_stars_ends(void **state)
{
	char name[4096], pattern[256];
	struct port_set set;
	char text[4200];

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (size_t i = 0; i < sizeof(pattern) - 2; i += 2)
		memcpy(pattern + i, "a*", 2);
	memcpy(pattern + sizeof(pattern) - 2, "b", 2);
	snprintf(text, sizeof(text), "%s 7/tcp\n", name);
	port_set_clear(&set);
	assert_false(
		catalogue_lookup_text(text, strlen(text), L4_TCP, pattern, strlen(pattern), &set));
}

static void test_protocols_have_names(void **state)
{
	(void)state;
	assert_string_equal(app_proto_name(APP_UNKNOWN), "unknown");
	assert_string_equal(app_proto_name(APP_OTHER), "other");
	for (int p = APP_UNKNOWN; p < APP_COUNT; p++)
		assert_non_null(app_proto_name((enum app_proto)p));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row_is_filled_in),
		cmocka_unit_test(test_every_command_turns_off_its_own_menu),
		cmocka_unit_test(test_services_come_first_and_once),
		cmocka_unit_test(test_default_services),
		cmocka_unit_test(test_a_port_is_its_services_before_a_features),
		cmocka_unit_test(test_rows_are_found_by_name_and_protocol),
		cmocka_unit_test(test_default_ports_are_all_of_tcp),
		cmocka_unit_test(test_names_and_patterns_of_the_catalogue),
		cmocka_unit_test(test_names_of_a_services_file),
		cmocka_unit_test(test_names_of_udp_are_others),
		cmocka_unit_test(test_ports_have_their_names),
		cmocka_unit_test(test_a_pattern_of_many_stars_ends),
		cmocka_unit_test(test_protocols_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
