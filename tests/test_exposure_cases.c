/* What single conditions mean, what lies behind nat, and what hostile rules cannot do. */
#include "tests/test.h"

#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/message.h"
#include "rosaudit/predict.h"
#include "tests/support/firewall_text.h"

#define WORLD                                                                                      \
	"version 7.18.2\n/interface\nadd name=ether1 type=ether\nadd name=bridge type=bridge\n"    \
	"/interface list\nadd name=WAN\nadd name=LAN\nadd name=EMPTY\n/interface list member\n"    \
	"add list=WAN interface=ether1\nadd list=LAN interface=bridge\n"                           \
	"/ip address\nadd address=192.168.88.1/24 interface=bridge\n"                              \
	"add address=203.0.113.2/24 interface=ether1\n"                                            \
	"/ip vrf\n/ip firewall raw\n/ip firewall mangle\n/ip service\n"                            \
	"add name=ssh port=22 vrf=main\nadd name=www port=80 vrf=main\n"                           \
	"/ip firewall address-list\nadd list=office address=198.51.100.0/28\n"                     \
	"add list=span address=198.51.100.3-198.51.100.5\n"                                        \
	"add list=timed address=198.51.100.7 dynamic=yes timeout=10m\n"                            \
	"add list=off address=198.51.100.7 disabled=yes\n"                                         \
	"add list=named address=host.example.net\n"

struct lab {
	struct device device;
	struct exposure exposure;
};

static void predict(struct lab *lab, const char *nat, const char *filter)
{
	struct predict_input in = {.device = &lab->device};
	struct buf text;

	buf_init(&text, 64u << 20);
	buf_printf(&text, WORLD "/ip firewall nat\n%s", nat);
	buf_printf(&text, "/ip firewall filter\n");
	buf_puts(&text, filter);
	firewall_text_read(buf_str(&text), &lab->device);
	buf_done(&text);
	exposure_init(&lab->exposure);
	exposure_predict(&in, &lab->exposure);
}

static void lab_end(struct lab *lab)
{
	exposure_done(&lab->exposure);
	device_done(&lab->device);
}

/* Of ssh by ether1 from 198.51.100.7, where one rule has these conditions and drops. */
static void test_what_a_condition_means(void **state)
{
	static const struct {
		const char *rule;
		enum exposure_outcome end;
	} cases[] = {
		{"action=drop", EXPOSURE_DROPPED},
		{"action=drop src-address-list=!gone", EXPOSURE_DROPPED},
		{"action=drop src-address-list=gone", EXPOSURE_SERVED},
		{"action=drop src-address-list=!office", EXPOSURE_SERVED},
		{"action=drop src-address-list=span", EXPOSURE_SERVED},
		{"action=drop src-address-list=!span", EXPOSURE_DROPPED},
		{"action=drop src-address-list=timed", EXPOSURE_DROPPED},
		{"action=drop src-address-list=off", EXPOSURE_SERVED},
		{"action=drop src-address-list=named", EXPOSURE_UNKNOWN},
		{"action=drop src-address-list=!named", EXPOSURE_UNKNOWN},
		{"action=drop in-interface-list=EMPTY", EXPOSURE_SERVED},
		{"action=drop in-interface-list=!EMPTY", EXPOSURE_DROPPED},
		{"action=drop in-interface-list=*2000011", EXPOSURE_UNKNOWN},
		{"action=drop in-interface-list=!*2000011", EXPOSURE_UNKNOWN},
		{"action=drop in-interface=gone", EXPOSURE_SERVED},
		{"action=drop connection-state=!established", EXPOSURE_DROPPED},
		{"action=drop connection-state=!new", EXPOSURE_SERVED},
		{"action=drop connection-state=!established,related,new", EXPOSURE_SERVED},
		{"action=drop connection-state=", EXPOSURE_DROPPED},
		{"action=drop src-address=", EXPOSURE_DROPPED},
		{"action=drop src-address=!", EXPOSURE_UNKNOWN},
		{"action=drop src-address=nonsense", EXPOSURE_UNKNOWN},
		{"action=drop dst-port=22", EXPOSURE_DROPPED},
		{"action=drop dst-port=23", EXPOSURE_SERVED},
		{"action=drop protocol=tcp dst-port=99999999999999999999", EXPOSURE_UNKNOWN},
		{"action=drop protocol=tcp dst-port=30-20", EXPOSURE_UNKNOWN},
		{"action=drop protocol=icmp", EXPOSURE_SERVED},
		{"action=drop protocol=frob", EXPOSURE_UNKNOWN},
		{"action=drop src-address=2001:db8::/32", EXPOSURE_UNKNOWN},
		{"action=drop disabled=yes", EXPOSURE_SERVED},
		{"action=drop invalid=yes", EXPOSURE_SERVED},
		{"action=drop dynamic=yes", EXPOSURE_DROPPED},
		{"action=return\nadd chain=input action=drop", EXPOSURE_SERVED},
		{"action=jump jump-target=gone\nadd chain=input action=drop", EXPOSURE_DROPPED},
		{"action=jump\nadd chain=input action=drop", EXPOSURE_DROPPED},
		{"action=log\nadd chain=input action=drop", EXPOSURE_DROPPED},
		{"action=passthrough\nadd chain=input action=drop", EXPOSURE_DROPPED},
		{"action=fasttrack-connection\nadd chain=input action=drop", EXPOSURE_DROPPED},
		{"protocol=tcp\nadd chain=input action=drop", EXPOSURE_SERVED},
		{"action=frobnicate", EXPOSURE_UNKNOWN},
		{"action=drop frobnicate=yes", EXPOSURE_UNKNOWN},
		{"action=drop limit=1,1\nadd chain=input action=drop", EXPOSURE_DROPPED},
	};
	struct address from;

	(void)state;
	assert_true(address_parse("198.51.100.7", 12, &from));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct exposure_part *part;
		struct lab lab;
		struct buf rule;

		buf_init(&rule, 1u << 12);
		buf_printf(&rule, "add chain=input %s\n", cases[i].rule);
		predict(&lab, "", buf_str(&rule));
		part = exposure_part_of(exposure_find(&lab.exposure, "ether1", "ssh", 4), &from);
		assert_non_null(part);
		if (part->outcome != cases[i].end)
			print_error("%s: %s\n", cases[i].rule,
			            exposure_outcome_name(part->outcome));
		assert_int_equal(part->outcome, cases[i].end);
		buf_done(&rule);
		lab_end(&lab);
	}
}

static void test_ports_behind_nat_have_rows(void **state)
{
	static const char nat[] =
		"add chain=dstnat action=redirect to-ports=22 protocol=tcp dst-port=2222 "
		"in-interface=ether1\n"
		"add chain=dstnat action=dst-nat to-addresses=192.168.88.10 to-ports=80 "
		"protocol=tcp dst-port=8080-8081 in-interface=ether1\n"
		"add chain=srcnat action=redirect to-ports=22 protocol=tcp dst-port=2223\n"
		"add chain=dstnat action=redirect to-ports=22 protocol=tcp dst-port=2224 "
		"disabled=yes\n";
	static const char *const said[] = {"ssh via 2222/tcp (nat rule 0)",
	                                   "forward 8080/tcp (nat rule 1)",
	                                   "forward 8081/tcp (nat rule 1)"};
	struct address from;
	struct lab lab;
	size_t found = 0;

	(void)state;
	assert_true(address_parse("198.51.100.7", 12, &from));
	predict(&lab, nat, "add chain=input action=drop in-interface=bridge\n");
	for (size_t i = 0; i < lab.exposure.rows_n; i++) {
		const struct exposure_row *r = &lab.exposure.rows[i];
		const struct exposure_part *p = exposure_part_of(r, &from);
		struct buf name;

		if (!r->by || r->family != 4)
			continue;
		assert_true(found < 3);
		buf_init(&name, 1u << 12);
		exposure_row_say(r, &language_english, &name);
		assert_string_equal(buf_str(&name), said[found]);
		assert_string_equal(r->interface, "ether1");
		assert_int_equal(p->outcome, found ? EXPOSURE_FORWARDED : EXPOSURE_SERVED);
		assert_int_equal(r->local_port, found ? r->port : 22);
		if (found)
			assert_string_equal(p->why, "192.168.88.10:80");
		buf_done(&name);
		found++;
	}
	assert_int_equal(found, 3);
	lab_end(&lab);
}

static const struct exposure_part *ssh_part(const struct lab *lab)
{
	struct address from;

	assert_true(address_parse("198.51.100.7", 12, &from));
	return exposure_part_of(exposure_find(&lab->exposure, "ether1", "ssh", 4), &from);
}

static void test_chains_nested_too_deep_are_unknown(void **state)
{
	struct buf rules;
	struct lab lab;

	(void)state;
	buf_init(&rules, 1u << 24);
	buf_puts(&rules, "add chain=input action=jump jump-target=c0\n");
	for (int i = 0; i < 5000; i++)
		buf_printf(&rules, "add chain=c%d action=jump jump-target=c%d\n", i, i + 1);
	buf_puts(&rules, "add chain=c5000 action=drop\n");
	predict(&lab, "", buf_str(&rules));
	assert_int_equal(ssh_part(&lab)->outcome, EXPOSURE_UNKNOWN);
	assert_string_equal(ssh_part(&lab)->why, "chains nested too deep");
	lab_end(&lab);
	buf_done(&rules);
}

static void test_chains_that_fan_out_use_up_the_steps(void **state)
{
	struct buf rules;
	struct lab lab;

	(void)state;
	buf_init(&rules, 1u << 20);
	buf_puts(&rules, "add chain=input action=jump jump-target=c0\n");
	for (int i = 0; i < 40; i++)
		for (int k = 0; k < 2; k++)
			buf_printf(&rules, "add chain=c%d action=jump jump-target=c%d\n", i, i + 1);
	buf_puts(&rules, "add chain=c40 action=log\nadd chain=c40 action=accept limit=1,1\n");
	predict(&lab, "", buf_str(&rules));
	assert_int_equal(ssh_part(&lab)->outcome, EXPOSURE_UNKNOWN);
	lab_end(&lab);
	buf_done(&rules);
}

static void test_what_is_not_understood_is_counted(void **state)
{
	struct lab lab;
	size_t matchers = 0, actions = 0, values = 0;

	(void)state;
	predict(&lab, "",
	        "add chain=input action=drop frob=1 comment=\"\xff\xfe\x80 \xe9t\xe9 \x01\"\n"
	        "add chain=input action=drop frob=2\n"
	        "add chain=input action=zap\n"
	        "add chain=input action=drop src-address=999.1.1.1\n"
	        "add chain=input action=drop frob=3 disabled=yes\n");
	for (size_t i = 0; i < lab.exposure.gaps_n; i++) {
		const struct exposure_gap *g = &lab.exposure.gaps[i];

		matchers += strcmp(g->what, "matcher") == 0 ? g->count : 0;
		actions += strcmp(g->what, "action") == 0 ? g->count : 0;
		values += strcmp(g->what, "value") == 0 ? g->count : 0;
	}
	assert_int_equal(matchers, 2);
	assert_int_equal(actions, 1);
	assert_int_equal(values, 1);
	assert_string_equal(ssh_part(&lab)->rule->comment, "\xff\xfe\x80 \xe9t\xe9 \x01");
	lab_end(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_condition_means),
		cmocka_unit_test(test_ports_behind_nat_have_rows),
		cmocka_unit_test(test_chains_nested_too_deep_are_unknown),
		cmocka_unit_test(test_chains_that_fan_out_use_up_the_steps),
		cmocka_unit_test(test_what_is_not_understood_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
