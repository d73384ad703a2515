/* Saved outputs as an audit takes them: what a whole export's silence says, and what a filter's
 * does not; limits; menus; the official and raw samples where they are at hand. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/routeros_json.h"
#include "rosaudit/buf.h"
#include "rosaudit/limits.h"
#include "rosaudit/menu.h"
#include "rosaudit/routeros.h"
#include "tests/test.h"

#define SAMPLES "../shared/samples"

static int read_text(const char *text, struct device *d, struct error *err)
{
	device_init(d);
	*err = (struct error){0};
	return device_read_text(text, strlen(text), "saved.rsc", d, err);
}

static const struct service *find(const struct device *d, const char *name)
{
	const struct service *s = device_find_static(d, name);

	if (!s)
		fail_msg("no service %s", name);
	return s;
}

/* --- exports
 * --------------------------------------------------------------------------------------- */

static void test_whole_compact_export_is_filled_from_the_defaults(void **state)
{
	struct device d;
	struct error err;

	(void)state;
	assert_int_equal(read_text("# 2026-03-01 10:11:12 by RouterOS 7.18.2\n"
	                           "/ip address\nadd address=192.0.2.1/24 interface=ether1\n"
	                           "/ip service\nset telnet disabled=yes\n"
	                           "set www-ssl certificate=lab disabled=no\n",
	                           &d, &err),
	                 0);
	assert_int_equal(d.services_n, 8);
	assert_string_equal(d.version_text, "7.18.2");
	assert_int_equal(d.version.minor, 18);
	assert_string_equal(d.read_as, "file: export");
	assert_int_equal(d.static_complete, TRI_YES);
	assert_int_equal(d.listeners_complete, TRI_NO);
	assert_int_equal(find(&d, "telnet")->disabled, TRI_YES);
	assert_int_equal(find(&d, "telnet")->port, 23);
	assert_string_equal(find(&d, "www-ssl")->certificate, "lab");
	assert_int_equal(find(&d, "www-ssl")->disabled, TRI_NO);
	assert_string_equal(find(&d, "www-ssl")->tls_version, "any");
	assert_int_equal(find(&d, "ssh")->disabled, TRI_NO);
	assert_true(find(&d, "ssh")->address_known);
	assert_int_equal(find(&d, "ssh")->address_n, 0);
	assert_string_equal(find(&d, "ssh")->vrf, "main");
	assert_null(find(&d, "ftp")->vrf);
	assert_int_equal(find(&d, "api-ssl")->max_sessions, 20);
	assert_true(d.notes_n > 0);
	device_done(&d);
}

static void test_export_without_the_section_is_all_defaults(void **state)
{
	struct device d;
	struct error err;

	(void)state;
	assert_int_equal(read_text("# 2026-03-01 10:11:12 by RouterOS 7.24\n/system note\n"
	                           "set show-at-login=no\n/ip dns\nset servers=192.0.2.53\n",
	                           &d, &err),
	                 0);
	assert_int_equal(d.services_n, 9);
	assert_int_equal(find(&d, "www-ssl")->disabled, TRI_YES);
	assert_int_equal(find(&d, "reverse-proxy")->port, 443);
	assert_string_equal(find(&d, "ftp")->vrf, "main");
	device_done(&d);
}

static void test_version_6_defaults_have_no_vrf_nor_sessions(void **state)
{
	struct device d;
	struct error err;

	(void)state;
	assert_int_equal(read_text("# mar/01/2026 10:11:12 by RouterOS 6.49.18\n#\n", &d, &err), 0);
	assert_int_equal(d.services_n, 8);
	assert_null(find(&d, "ssh")->vrf);
	assert_int_equal(find(&d, "ssh")->max_sessions, -1);
	assert_null(find(&d, "www-ssl")->tls_version);
	assert_string_equal(find(&d, "www-ssl")->certificate, "none");
	device_done(&d);
}

static void test_export_without_header_is_not_filled(void **state)
{
	struct device d;
	struct error err;

	(void)state;
	assert_int_equal(read_text("/ip service\nset ssh port=2200\n", &d, &err), 0);
	assert_int_equal(d.services_n, 1);
	assert_false(d.services[0].address_known);
	assert_int_equal(d.services[0].disabled, TRI_UNKNOWN);
	assert_int_equal(d.static_complete, TRI_UNKNOWN);
	device_done(&d);
}

static void test_export_of_another_part_proves_nothing(void **state)
{
	struct device d;
	struct error err;

	(void)state;
	assert_int_equal(read_text("# 2026-03-01 10:11:12 by RouterOS 7.24\n/interface bridge\n"
	                           "add name=b\n",
	                           &d, &err),
	                 0);
	assert_int_equal(d.services_n, 0);
	assert_int_equal(d.static_complete, TRI_UNKNOWN);
	device_done(&d);
}

static void test_parsing_alone_fills_nothing(void **state)
{
	static const char text[] = "# 2026-03-01 10:11:12 by RouterOS 7.18.2\n"
				   "/ip service\nset telnet disabled=yes\n";
	struct error err = {0};
	struct device d;

	(void)state;
	device_init(&d);
	assert_int_equal(services_parse_text(text, strlen(text), "x", &d, &err), 0);
	assert_int_equal(d.services_n, 1);
	assert_int_equal(d.services[0].port, -1);
	assert_string_equal(d.version_text, "7.18.2");
	device_done(&d);
}

/* --- tables
 * ---------------------------------------------------------------------------------------- */

static void test_saved_table_is_never_called_complete(void **state)
{
	struct device d;
	struct error err;

	(void)state;
	assert_int_equal(read_text("#   NAME  PORT  VRF\n0   ssh     22  main\n", &d, &err), 0);
	assert_string_equal(d.read_as, "file: table");
	assert_int_equal(d.static_complete, TRI_UNKNOWN);
	assert_int_equal(d.listeners_complete, TRI_UNKNOWN);
	assert_int_equal(d.services[0].disabled, TRI_NO);
	assert_int_equal(d.services[0].dynamic, TRI_UNKNOWN);
	device_done(&d);
}

static void test_two_states_of_a_service_in_one_file_are_refused(void **state)
{
	struct device d;
	struct error err;

	(void)state;
	assert_int_equal(read_text("[a@b] > /ip service print terse\n0   name=ssh port=22\n"
	                           "[a@b] > /ip service print terse\n0 X name=ssh port=22\n",
	                           &d, &err),
	                 -1);
	assert_int_equal(err.kind, ERROR_PARSE);
	assert_int_equal(err.line, 4);
	assert_contains(err.text, "ssh is listed twice, here and on line 2");
	device_done(&d);
}

static void test_flags_of_an_era_without_them_stay_unknown(void **state)
{
	struct device d;
	struct error err;

	(void)state;
	assert_int_equal(
		read_text("0 D name=ssh port=22 proto=tcp\n1   name=ssh port=22\n", &d, &err), 0);
	assert_int_equal(d.services[0].dynamic, TRI_YES);
	assert_int_equal(d.services[1].dynamic, TRI_NO);
	assert_int_equal(d.services[1].connection, TRI_NO);
	device_done(&d);
	assert_int_equal(read_text("0   name=ssh port=22\n", &d, &err), 0);
	assert_int_equal(d.services[0].dynamic, TRI_UNKNOWN);
	assert_int_equal(d.services[0].disabled, TRI_NO);
	device_done(&d);
	assert_int_equal(read_text("{\"name\":\"ssh\",\"port\":\"22\"}", &d, &err), 0);
	assert_int_equal(d.services[0].disabled, TRI_UNKNOWN);
	assert_false(d.services[0].address_known);
	device_done(&d);
}

/* --- limits
 * ------------------------------------------------------------------------------------------ */

static void expect_limit(const struct buf *text, const char *piece)
{
	struct error err = {0};
	struct device d;

	device_init(&d);
	assert_int_equal(services_parse_text(buf_str(text), text->n, "x", &d, &err), -1);
	assert_contains(err.text, piece);
	assert_true(err.line > 0);
	device_done(&d);
}

static void test_rows_are_limited(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, LIMIT_FILE_BYTES);
	for (unsigned i = 0; i <= LIMIT_ROWS; i++)
		buf_printf(&text, "%u D name=x port=22\n", i);
	expect_limit(&text, "more than 65536 rows");
	buf_done(&text);
}

static void test_lines_are_limited(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, LIMIT_FILE_BYTES);
	buf_puts(&text, "0 name=ssh port=22 certificate=");
	buf_pad(&text, 'x', LIMIT_LINE_BYTES);
	expect_limit(&text, "a line of ");
	buf_done(&text);
}

static void test_columns_are_limited(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, LIMIT_FILE_BYTES);
	buf_puts(&text, "# NAME PORT");
	for (unsigned i = 0; i < LIMIT_COLUMNS; i++)
		buf_printf(&text, " C%u", i);
	expect_limit(&text, "more than 64 columns");
	buf_clear(&text);
	buf_puts(&text, "0 name=ssh port=22");
	for (unsigned i = 0; i < 2; i++)
		buf_puts(&text, " vrf=a");
	expect_limit(&text, "VRF stands twice");
	buf_done(&text);
}

static void test_prefixes_are_limited(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, LIMIT_FILE_BYTES);
	buf_puts(&text,
	         "#   NAME  PORT  ADDRESS        VRF\n0   ssh     22  10.0.0.0/32    main\n");
	for (unsigned i = 1; i <= LIMIT_PREFIXES; i++)
		buf_printf(&text, "                10.0.%u.%u/32\n", i / 256, i % 256);
	expect_limit(&text, "more than 4096 prefixes");
	buf_done(&text);
}

static void test_one_line_of_many_records_is_read(void **state)
{
	struct error err = {0};
	struct buf text;
	struct device d;

	(void)state;
	buf_init(&text, LIMIT_FILE_BYTES);
	for (unsigned i = 0; i < 20000; i++)
		buf_printf(&text,
		           ".id=*%X;connection=true;dynamic=true;name=\xc3\xbc%u;port=22;"
		           "proto=tcp;remote=192.0.2.7:%u;",
		           i, i, i);
	device_init(&d);
	assert_int_equal(services_parse_text(buf_str(&text), text.n, "x", &d, &err), 0);
	assert_int_equal(d.services_n, 20000);
	assert_string_equal(d.services[19999].name, "\xc3\xbc"
	                                            "19999");
	device_done(&d);
	buf_done(&text);
}

/* --- menus
 * ------------------------------------------------------------------------------------------- */

static void test_every_menu_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < MENU_COUNT; i++) {
		const struct menu *m = &menus[i];

		assert_int_equal(m->id, i);
		assert_true(m->path[0] == '/' && m->rest[0] != '/');
		assert_non_null(m->take_rows);
		assert_true(m->since.major >= 6);
		assert_non_null(m->needs[0]);
		for (const char *const *need = m->needs; *need; need++) {
			bool known = false;

			for (const struct property *p = m->properties; p->name; p++)
				known = known || strcmp(p->name, *need) == 0;
			assert_true(known);
		}
	}
	for (enum ros_form f = ROS_FORM_TABLE; f <= ROS_FORM_JSON; f++)
		assert_true(ros_form_name(f)[0] != '\0');
}

static int take(enum menu_id id, const char *text, struct device *d)
{
	struct error err = {0};
	struct rows rows;

	device_init(d);
	if (rows_parse(&menus[id], text, strlen(text), "x", &d->arena, &rows, &err))
		return -1;
	return menus[id].take_rows(&rows, "x", d, &err);
}

static void test_system_menus_give_version_board_and_identity(void **state)
{
	struct device d;

	(void)state;
	assert_int_equal(take(MENU_SYSTEM_RESOURCE,
	                      "{\"board-name\":\"CHR\",\"version\":\"7.18.2 (stable)\","
	                      "\"new-thing\":\"1\"}",
	                      &d),
	                 0);
	assert_string_equal(d.version_text, "7.18.2 (stable)");
	assert_int_equal(d.version.patch, 2);
	assert_string_equal(d.board, "CHR");
	device_done(&d);
	assert_int_equal(take(MENU_SYSTEM_IDENTITY, "[{\"name\":\"r 1\"}]", &d), 0);
	assert_string_equal(d.identity, "r 1");
	device_done(&d);
	assert_int_equal(take(MENU_SYSTEM_RESOURCE, "{\"uptime\":\"1d\"}", &d), -1);
	device_done(&d);
	assert_int_equal(take(MENU_USER_ACTIVE,
	                      "0   when=2026-03-01 10:11:12 name=audit address=192.0.2.9 via=ssh "
	                      "group=audit\n",
	                      &d),
	                 0);
	device_done(&d);
}

/* --- the samples
 * ------------------------------------------------------------------------------------- */

/* EXPECTED.json's own spelling; there [] stands for both [] and null. */
static void check_sample_row(const char *file, const struct service *s, json_t *want)
{
	json_t *got = service_to_json(s), *list = json_object_get(got, "address");
	const char *flags = json_string_value(json_object_get(want, "flags"));
	static const char *const same[] = {"name", "port",         "proto", "certificate",
	                                   "vrf",  "max_sessions", "local", "remote"};

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (!json_equal(json_object_get(got, same[i]), json_object_get(want, same[i])))
			fail_msg("%s: %s of %s", file, same[i], s->name);
	assert_int_equal(s->disabled == TRI_YES, strchr(flags, 'X') != NULL);
	assert_int_equal(s->invalid == TRI_YES, strchr(flags, 'I') != NULL);
	assert_int_equal(s->dynamic == TRI_YES, strchr(flags, 'D') != NULL);
	assert_int_equal(s->connection == TRI_YES, strchr(flags, 'c') != NULL);
	if (json_array_size(json_object_get(want, "addresses")) > 0)
		assert_true(json_equal(list, json_object_get(want, "addresses")));
	else
		assert_int_equal(json_array_size(list), 0);
	if (json_is_string(json_object_get(want, "tls_version")))
		assert_true(json_equal(json_object_get(got, "tls_version"),
		                       json_object_get(want, "tls_version")));
	json_decref(got);
}

static int parse_sample(const char *file, struct device *d, struct error *err)
{
	char path[512];
	char *text;
	size_t n;
	int rc;

	snprintf(path, sizeof(path), SAMPLES "/%s", file);
	text = test_read_file_n(path, &n);
	device_init(d);
	*err = (struct error){0};
	rc = services_parse_text(text, n, file, d, err);
	free(text);
	return rc;
}

static void test_samples_parse_as_expected(void **state)
{
	json_t *all, *sample;
	size_t i;

	(void)state;
	if (access(SAMPLES "/EXPECTED.json", R_OK) != 0)
		skip();
	all = json_load_file(SAMPLES "/EXPECTED.json", 0, NULL);
	assert_true(json_array_size(all) > 10);
	json_array_foreach(all, i, sample)
	{
		const char *file = json_string_value(json_object_get(sample, "file"));
		json_t *rows = json_object_get(sample, "rows");
		struct device d;
		struct error err;

		if (parse_sample(file, &d, &err))
			fail_msg("%s:%zu:%zu: %s", file, err.line, err.column, err.text);
		assert_int_equal(d.services_n, json_array_size(rows));
		for (size_t k = 0; k < d.services_n; k++)
			check_sample_row(file, &d.services[k], json_array_get(rows, k));
		device_done(&d);
	}
	json_decref(all);
}

static void test_other_menus_samples_are_refused(void **state)
{
	static const char *const files[] = {
		"analog-v6-ip-address-print-XI.txt",
		"analog-v6-ip-address-print-comments.txt",
		"analog-v7-ip-address-print-comments.txt",
		"analog-v7-ip-address-print-flags-XID.txt",
		"analog-v7-ip-address-print-no-flags-line.txt",
		"analog-v7-log-echo-interleaved.txt",
		"analog-v7-print-detail-multiline-comment.txt",
		"analog-v7-print-terse-flag-columns.txt",
		"firewall-v6-filter-print-all.txt",
		"rest-errors.txt",
		"ssh-exec-errors-7.18.2.txt",
		"ssh-interactive-no-licence-prompt-7.15rc3.txt",
	};

	(void)state;
	if (access(SAMPLES "/EXPECTED.json", R_OK) != 0)
		skip();
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct device d;
		struct error err;

		assert_int_equal(parse_sample(files[i], &d, &err), -1);
		assert_int_equal(err.kind, ERROR_PARSE);
		assert_true(err.line > 0 && err.text[0]);
		assert_int_equal(d.services_n, 0);
		device_done(&d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_compact_export_is_filled_from_the_defaults),
		cmocka_unit_test(test_export_without_the_section_is_all_defaults),
		cmocka_unit_test(test_version_6_defaults_have_no_vrf_nor_sessions),
		cmocka_unit_test(test_export_without_header_is_not_filled),
		cmocka_unit_test(test_export_of_another_part_proves_nothing),
		cmocka_unit_test(test_parsing_alone_fills_nothing),
		cmocka_unit_test(test_saved_table_is_never_called_complete),
		cmocka_unit_test(test_two_states_of_a_service_in_one_file_are_refused),
		cmocka_unit_test(test_flags_of_an_era_without_them_stay_unknown),
		cmocka_unit_test(test_rows_are_limited),
		cmocka_unit_test(test_lines_are_limited),
		cmocka_unit_test(test_columns_are_limited),
		cmocka_unit_test(test_prefixes_are_limited),
		cmocka_unit_test(test_one_line_of_many_records_is_read),
		cmocka_unit_test(test_every_menu_is_whole),
		cmocka_unit_test(test_system_menus_give_version_board_and_identity),
		cmocka_unit_test(test_samples_parse_as_expected),
		cmocka_unit_test(test_other_menus_samples_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
