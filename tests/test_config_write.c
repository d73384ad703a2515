/* The policy that a router's own values are written as: whatever they are, it is read back as they
 * were. */
#include <stdio.h>
#include <string.h>

#include "audit_build.h"
#include "rosaudit/config.h"
#include "rosaudit/draft.h"
#include "src/config/yaml_write.h"

static void write_draft(const struct device *d, struct buf *out)
{
	const struct target target = {.name = "r1",
	                              .host = "192.0.2.1",
	                              .transport = TRANSPORT_SSH,
	                              .user = "audit",
	                              .password = {.source = SECRET_LITERAL, .text = "hunter2"}};
	const struct observations none = {0};
	const struct draft draft = {.target = &target,
	                            .device = d,
	                            .observations = &none,
	                            .made = "2026-01-02T03:04:05Z",
	                            .schema = "rosaudit.schema.json",
	                            .expires = "2026-02-01"};

	config_write(&draft, out);
}

static void read_back(const struct buf *text, struct config *out)
{
	const char *const dirs[] = {NULL};
	struct error_list errors;

	error_list_init(&errors);
	config_init(out);
	if (config_parse(buf_str(text), text->n, "policy.yaml", dirs, out, &errors))
		fail_msg("%zu: %s\n%s", errors.v[0].line, errors.v[0].text, buf_str(text));
	error_list_done(&errors);
	assert_int_equal(out->targets_n, 1);
}

/* 24 bytes of everything: signs of YAML, controls, halves of UTF-8. */
static void random_text(unsigned *seed, char *out, size_t n)
{
	static const char signs[] =
		"\"'\\:#{}[],&*!|>%@`$?- \t\r\n~\xc3\xa9\xe2\x80\xa8\xed\xa0\x80";

	for (size_t i = 0; i + 1 < n; i++) {
		*seed = *seed * 1664525u + 1013904223u;
		if (*seed >> 28 == 0 && i)
			n = i + 1;
		else if (*seed >> 31)
			out[i] = signs[(*seed >> 8) % (sizeof(signs) - 1)];
		else
			out[i] = (char)(1 + (*seed >> 8) % 255);
	}
	out[n - 1] = '\0';
}

static void test_any_name_is_read_back_or_left_out(void **state)
{
	unsigned seed = 1, kept = 0;

	(void)state;
	for (unsigned round = 0; round < 4000; round++) {
		char name[24], vrf[24];
		const struct service *row;
		const struct expect_service *want;
		struct config config;
		struct device d;
		struct buf text;

		random_text(&seed, name, sizeof(name));
		random_text(&seed, vrf, 1 + round % 8 + 1);
		build_device(&SCENE(.rows = ROWS(SERVICE("www-ssl", 443, .certificate = name,
		                                         .vrf = vrf))),
		             &d);
		d.identity = name;
		d.board = vrf;
		buf_init(&text, 1u << 20);
		write_draft(&d, &text);
		read_back(&text, &config);
		want = policy_find(&config.targets[0].policy, "www-ssl");
		row = device_find_static(&d, "www-ssl");
		assert_non_null(want);
		assert_int_equal(config.targets[0].policy.services_n, 1);
		if (yaml_can_say(name)) {
			kept++;
			assert_string_equal(config.targets[0].name, name);
			if (want->certificate)
				assert_string_equal(want->certificate, row->certificate);
			else
				assert_true(word_set_has(&want->certificate_set, name));
		} else {
			assert_null(want->certificate);
			assert_int_equal(want->certificate_set.n, 0);
		}
		buf_done(&text);
		config_done(&config);
		device_done(&d);
	}
	/* Both ways were taken often. */
	assert_in_range(kept, 100, 3900);
}

static void test_no_secret_is_written(void **state)
{
	struct device d;
	struct buf text;

	(void)state;
	build_device(&SCENE(.rows = ROWS(SERVICE("ssh", 22))), &d);
	buf_init(&text, 1u << 20);
	write_draft(&d, &text);
	assert_null(strstr(buf_str(&text), "hunter2"));
	assert_contains(buf_str(&text), "password: {prompt: yes}");
	buf_done(&text);
	device_done(&d);
}

static void test_ipv6_is_quoted_and_ipv4_is_not(void **state)
{
	struct device d;
	struct buf text;

	(void)state;
	build_device(&SCENE(.rows = ROWS(SERVICE("ssh", 22, ADDRESS("192.0.2.0/24,::/0")))), &d);
	buf_init(&text, 1u << 20);
	write_draft(&d, &text);
	assert_contains(buf_str(&text), "address: [192.0.2.0/24, \"::/0\"]\n");
	buf_done(&text);
	device_done(&d);
}

static void test_what_the_router_did_not_say_is_not_written(void **state)
{
	struct device d;
	struct buf text;

	(void)state;
	build_device(&SCENE(.rows = ROWS(SERVICE("ssh", -1, .address_known = false),
	                                 SERVICE("api", 8728, .disabled = TRI_UNKNOWN))),
	             &d);
	buf_init(&text, 1u << 20);
	write_draft(&d, &text);
	assert_contains(buf_str(&text),
	                "    ssh:\n      disabled: no\n    # api: whether it is on");
	buf_done(&text);
	device_done(&d);
}

static void test_a_comment_stays_one_line(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 256);
	yaml_comment(&out, 2, "%s", "a\nrouter: \033[2J\xc3\xa9");
	assert_string_equal(buf_str(&out), "  # a?router: ?[2J??\n");
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_name_is_read_back_or_left_out),
		cmocka_unit_test(test_no_secret_is_written),
		cmocka_unit_test(test_ipv6_is_quoted_and_ipv4_is_not),
		cmocka_unit_test(test_what_the_router_did_not_say_is_not_written),
		cmocka_unit_test(test_a_comment_stays_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
