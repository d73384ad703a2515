/* The listings of `rosaudit parse`: text and JSON. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/report.h"
#include "tests/test.h"

#define LISTING_BYTES (8u << 20)

static char *listing(const struct device *d, void (*write)(const struct device *, struct buf *))
{
	struct buf out;
	char *text;

	buf_init(&out, LISTING_BYTES);
	write(d, &out);
	assert_false(out.overflow);
	text = strdup(buf_str(&out));
	assert_non_null(text);
	buf_done(&out);
	return text;
}

static struct prefix prefix_of(const char *s)
{
	struct prefix p;

	assert_int_equal(prefix_parse(s, strlen(s), &p), PREFIX_OK);
	return p;
}

/* A row of RouterOS 6: no PROTO, no VRF, flags known. */
static struct service row(const char *name, int port, enum tri disabled)
{
	struct service s;

	service_init(&s);
	s.name = name;
	s.port = port;
	s.disabled = disabled;
	s.invalid = disabled;
	s.address_known = true;
	return s;
}

static void fill_v6(struct device *d)
{
	static struct prefix restricted[3];
	struct service s = row("telnet", 23, TRI_NO);

	restricted[0] = prefix_of("203.0.113.7");
	restricted[1] = prefix_of("192.0.2.0/24");
	restricted[2] = prefix_of("2001:db8::/64");
	device_init(d);
	device_add_service(d, &s);
	s = row("ssh", 22, TRI_NO);
	s.address = restricted;
	s.address_n = 3;
	device_add_service(d, &s);
	s = row("www-ssl", 443, TRI_YES);
	s.certificate = "none";
	device_add_service(d, &s);
}

static void fill_dynamic(struct device *d)
{
	static struct service_extra extra[] = {{"speed", "10G"}, {"speed", "again"}};
	struct service s = row("ssh", 22, TRI_UNKNOWN);

	device_init(d);
	s.dynamic = TRI_YES;
	s.connection = TRI_YES;
	s.address_known = false;
	s.proto = L4_TCP;
	s.local = "192.0.2.1:22";
	s.remote = "192.0.2.10:51234";
	device_add_service(d, &s);
	s = row("pi\033hole", -1, TRI_UNKNOWN);
	s.proto = L4_UDP;
	s.netns = "container1";
	s.container = "dns";
	s.about = "inactivated";
	s.extra = extra;
	s.extra_n = 2;
	s.max_sessions = 20;
	s.vrf = "main";
	s.tls_version = "only-1.2";
	device_add_service(d, &s);
}

static json_t *services_json(const struct device *d)
{
	char *text = listing(d, report_services_json);
	json_error_t err;
	json_t *o = json_loads(text, JSON_REJECT_DUPLICATES, &err);

	if (!o)
		fail_msg("line %d: %s", err.line, err.text);
	free(text);
	return o;
}

static void test_text_listings_match_their_goldens(void **state)
{
	struct device d;
	char *text;

	(void)state;
	fill_v6(&d);
	text = listing(&d, report_services_text);
	assert_golden("report/services-v6.txt", text);
	free(text);
	device_done(&d);
	fill_dynamic(&d);
	text = listing(&d, report_services_text);
	assert_golden("report/services-dynamic.txt", text);
	free(text);
	device_done(&d);
}

static void test_json_listings_match_their_goldens(void **state)
{
	struct device d;
	char *text;

	(void)state;
	fill_v6(&d);
	text = listing(&d, report_services_json);
	assert_golden("report/services-v6.json", text);
	free(text);
	device_done(&d);
	fill_dynamic(&d);
	text = listing(&d, report_services_json);
	assert_golden("report/services-dynamic.json", text);
	free(text);
	device_done(&d);
}

/* The keys are a promise to readers: exactly these, in this order. */
static void test_json_rows_have_exactly_the_promised_keys(void **state)
{
	static const char *const keys[] = {
		"name",    "port",         "proto",   "disabled",    "invalid",
		"dynamic", "connection",   "address", "certificate", "tls_version",
		"vrf",     "max_sessions", "local",   "remote"};
	struct device d;
	json_t *o, *first;
	const char *key;
	json_t *value;
	size_t i = 0;

	(void)state;
	fill_v6(&d);
	o = services_json(&d);
	assert_int_equal(json_object_size(o), 1);
	first = json_array_get(json_object_get(o, "services"), 0);
	assert_int_equal(json_object_size(first), sizeof(keys) / sizeof(keys[0]));
	json_object_foreach(first, key, value) assert_string_equal(key, keys[i++]);
	json_decref(o);
	device_done(&d);
}

static void test_json_flags_are_false_where_unknown(void **state)
{
	struct device d;
	json_t *o, *r;

	(void)state;
	fill_v6(&d);
	o = services_json(&d);
	r = json_array_get(json_object_get(o, "services"), 2);
	assert_true(json_is_true(json_object_get(r, "disabled")));
	assert_true(json_is_true(json_object_get(r, "invalid")));
	assert_true(json_is_false(json_object_get(r, "dynamic")));
	assert_true(json_is_false(json_object_get(r, "connection")));
	assert_true(json_is_null(json_object_get(r, "proto")));
	assert_true(json_is_null(json_object_get(r, "max_sessions")));
	json_decref(o);
	device_done(&d);
}

static void test_json_address_is_empty_null_or_a_list_in_order(void **state)
{
	struct device d, other;
	json_t *o, *list;

	(void)state;
	fill_v6(&d);
	o = services_json(&d);
	list = json_object_get(json_array_get(json_object_get(o, "services"), 0), "address");
	assert_true(json_is_array(list));
	assert_int_equal(json_array_size(list), 0);
	list = json_object_get(json_array_get(json_object_get(o, "services"), 1), "address");
	assert_int_equal(json_array_size(list), 3);
	assert_string_equal(json_string_value(json_array_get(list, 0)), "203.0.113.7/32");
	assert_string_equal(json_string_value(json_array_get(list, 2)), "2001:db8::/64");
	json_decref(o);
	device_done(&d);
	fill_dynamic(&other);
	o = services_json(&other);
	list = json_object_get(json_array_get(json_object_get(o, "services"), 0), "address");
	assert_true(json_is_null(list));
	json_decref(o);
	device_done(&other);
}

static void test_json_other_keeps_every_unknown_column(void **state)
{
	struct device d;
	json_t *o, *rows, *other;

	(void)state;
	fill_dynamic(&d);
	o = services_json(&d);
	rows = json_object_get(o, "services");
	assert_null(json_object_get(json_array_get(rows, 0), "other"));
	other = json_object_get(json_array_get(rows, 1), "other");
	assert_int_equal(json_object_size(other), 5);
	assert_string_equal(json_string_value(json_object_get(other, "netns")), "container1");
	assert_string_equal(json_string_value(json_object_get(other, "container")), "dns");
	assert_string_equal(json_string_value(json_object_get(other, "about")), "inactivated");
	assert_string_equal(json_string_value(json_object_get(other, "speed")), "10G");
	assert_string_equal(json_string_value(json_object_get(other, "speed (2)")), "again");
	json_decref(o);
	device_done(&d);
}

static void test_an_empty_listing_is_an_empty_array(void **state)
{
	struct device d;
	char *text;

	(void)state;
	device_init(&d);
	text = listing(&d, report_services_json);
	assert_text_equal(text, "{\n  \"services\": []\n}\n");
	free(text);
	text = listing(&d, report_services_text);
	assert_text_equal(text, "NAME  PORT  PROTO  FLAGS  ADDRESS\n");
	free(text);
	device_done(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_listings_match_their_goldens),
		cmocka_unit_test(test_json_listings_match_their_goldens),
		cmocka_unit_test(test_json_rows_have_exactly_the_promised_keys),
		cmocka_unit_test(test_json_flags_are_false_where_unknown),
		cmocka_unit_test(test_json_address_is_empty_null_or_a_list_in_order),
		cmocka_unit_test(test_json_other_keeps_every_unknown_column),
		cmocka_unit_test(test_an_empty_listing_is_an_empty_array),
	};

	return cmocka_run_group_tests_name("report_services", tests, NULL, NULL);
}
