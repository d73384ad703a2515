/* Which rules never match, proven from what is above them: and which may, after all. */
#include "tests/test.h"

#include "rosaudit/buf.h"
#include "rosaudit/predict.h"
#include "tests/support/firewall_text.h"

#define WORLD                                                                                      \
	"version 7.18.2\n/interface\nadd name=ether1 type=ether\nadd name=bridge type=bridge\n"    \
	"/interface list\nadd name=WAN\nadd name=LAN\n/interface list member\n"                    \
	"add list=WAN interface=ether1\nadd list=LAN interface=bridge\n"                           \
	"/ip address\nadd address=192.168.88.1/24 interface=bridge\n"                              \
	"/ip vrf\n/ip firewall raw\n/ip firewall nat\n/ip firewall mangle\n/ip service\n"          \
	"add name=ssh port=22 vrf=main\n/ip firewall address-list\n"                               \
	"add list=office address=198.51.100.0/28\nadd list=office address=198.51.100.64/26\n"      \
	"add list=guests address=198.51.100.8/30\n"                                                \
	"add list=banned address=10.0.0.9 dynamic=yes timeout=1d\n"                                \
	"add list=here address=192.168.88.1\n"

/* The two rules' conditions; the second one is said never to match, or not. */
struct pair {
	const char *above, *below;
	bool never;
};

static const struct pair pairs[] = {
	/* numbers */
	{"protocol=tcp dst-port=1-1000", "protocol=tcp dst-port=22", true},
	{"protocol=tcp dst-port=22", "protocol=tcp dst-port=1-1000", false},
	{"protocol=tcp dst-port=20-25,80", "protocol=tcp dst-port=80,22", true},
	{"protocol=tcp dst-port=20-25,80", "protocol=tcp dst-port=22-26", false},
	{"protocol=tcp dst-port=1-22,23-30", "protocol=tcp dst-port=20-25", true},
	{"protocol=tcp dst-port=!22", "protocol=tcp dst-port=80", true},
	{"protocol=tcp dst-port=!22", "protocol=tcp dst-port=22", false},
	{"protocol=tcp dst-port=!22", "protocol=tcp dst-port=!20-30", true},
	{"protocol=tcp dst-port=!20-30", "protocol=tcp dst-port=!22", false},
	{"protocol=tcp dst-port=0-21,23-65535", "protocol=tcp dst-port=!22", true},
	{"protocol=tcp port=22", "protocol=tcp dst-port=22", true},
	{"protocol=tcp port=!22", "protocol=tcp dst-port=80", false},
	{"protocol=tcp src-port=22", "protocol=tcp dst-port=22", false},
	{"dst-port=22", "protocol=tcp", false},
	/* protocols */
	{"protocol=!udp", "protocol=tcp dst-port=22", true},
	{"protocol=6", "protocol=tcp", true},
	{"protocol=tcp", "protocol=udp", false},
	{"protocol=!tcp", "protocol=tcp", false},
	/* addresses */
	{"src-address=10.0.0.0/8", "src-address=10.1.0.0/16", true},
	{"src-address=10.1.0.0/16", "src-address=10.0.0.0/8", false},
	{"src-address-list=office", "src-address=198.51.100.0/29", true},
	{"src-address-list=office", "src-address-list=guests", true},
	{"src-address-list=guests", "src-address-list=office", false},
	{"src-address=198.51.100.0/24", "src-address-list=office", true},
	{"src-address-list=!office", "src-address=10.0.0.0/8", true},
	{"src-address-list=!gone", "src-address=10.0.0.0/8", true},
	{"dst-address=192.168.88.0/24", "dst-address=192.168.88.1", true},
	{"dst-address=192.168.88.0/24", "dst-address-list=here", true},
	{"dst-address-list=here", "dst-address=192.168.88.1", true},
	{"dst-address=!192.168.88.1", "dst-address=10.0.0.1", true},
	/* what is in a list only for now proves nothing */
	{"src-address=10.0.0.0/8", "src-address-list=banned", false},
	{"src-address-list=!banned", "src-address=192.0.2.1", false},
	{"src-address-list=banned", "protocol=tcp src-address-list=banned", true},
	/* interfaces, states, flags, types */
	{"in-interface-list=WAN", "in-interface=ether1", true},
	{"in-interface-list=!LAN", "in-interface=ether1", true},
	{"in-interface-list=!LAN", "in-interface-list=WAN", false},
	{"in-interface=!bridge", "in-interface=ether1", true},
	{"in-interface=ether1", "in-interface-list=WAN", false},
	{"in-interface-list=all", "protocol=tcp", true},
	{"connection-state=new,invalid", "connection-state=new", true},
	{"connection-state=!established", "connection-state=new", true},
	{"connection-state=new", "connection-state=new,invalid", false},
	{"protocol=tcp tcp-flags=syn", "protocol=tcp tcp-flags=syn,!ack", true},
	{"protocol=tcp tcp-flags=syn,!ack", "protocol=tcp tcp-flags=syn", false},
	{"dst-address-type=local,broadcast", "dst-address-type=local", true},
	/* what cannot be known takes nothing, and may be taken */
	{"limit=5,10", "limit=5,10", false},
	{"protocol=tcp", "protocol=tcp limit=5,10 psd=21,3s,3,1", true},
	{"frobnicate=1", "frobnicate=1", false},
	/* more than five conditions */
	{"protocol=tcp dst-port=1-1000 in-interface-list=WAN",
         "protocol=tcp dst-port=22 src-port=1024-65535 in-interface=ether1 connection-state=new "
         "tcp-flags=syn dst-address-type=local dst-address=192.168.88.1 limit=1,1",
         true},
};

static const struct exposure_flaw *judge(const char *rules, struct device *d, struct exposure *e)
{
	struct predict_input in = {.device = d};
	struct buf text;

	buf_init(&text, 1u << 16);
	buf_printf(&text, WORLD "/ip firewall filter\n%s", rules);
	firewall_text_read(buf_str(&text), d);
	buf_done(&text);
	exposure_init(e);
	exposure_predict(&in, e);
	for (size_t i = 0; i < e->flaws_n; i++)
		if (e->flaws[i].kind <= FLAW_ACCEPT_ABOVE)
			return &e->flaws[i];
	return NULL;
}

static void test_one_rule_in_the_shadow_of_another(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct exposure e;
		struct device d;
		struct buf rules;
		bool never;

		buf_init(&rules, 1u << 12);
		buf_printf(&rules,
		           "add chain=input action=drop %s\nadd chain=input action=drop %s\n",
		           pairs[i].above, pairs[i].below);
		never = judge(buf_str(&rules), &d, &e) != NULL;
		if (never != pairs[i].never)
			print_error("%s", buf_str(&rules));
		assert_int_equal(never, pairs[i].never);
		exposure_done(&e);
		device_done(&d);
		buf_done(&rules);
	}
}

static void test_several_rules_together_make_a_shadow(void **state)
{
	struct exposure e;
	struct device d;
	const struct exposure_flaw *f;

	(void)state;
	f = judge("add chain=input action=drop src-address=10.0.0.0/9 protocol=tcp\n"
	          "add chain=input action=accept src-address=10.128.0.0/9\n"
	          "add chain=input action=drop src-address=10.0.0.0/8 protocol=tcp dst-port=22\n",
	          &d, &e);
	assert_non_null(f);
	assert_int_equal(f->kind, FLAW_SHADOWED);
	assert_int_equal(f->rule->number, 2);
	assert_int_equal(f->by->number, 1);
	exposure_done(&e);
	device_done(&d);
}

static void test_a_list_filled_on_the_way_is_no_shadow(void **state)
{
	struct exposure e;
	struct device d;

	(void)state;
	assert_null(judge("add chain=input action=drop src-address-list=seen\n"
	                  "add chain=input action=add-src-to-address-list address-list=seen\n"
	                  "add chain=input action=drop src-address-list=seen\n",
	                  &d, &e));
	exposure_done(&e);
	device_done(&d);
	assert_null(judge("add chain=input action=drop dst-address-list=seen\n"
	                  "add chain=input action=add-dst-to-address-list address-list=seen\n"
	                  "add chain=input action=drop dst-address-list=seen\n",
	                  &d, &e));
	exposure_done(&e);
	device_done(&d);
}

static void test_a_return_ends_only_its_own_chain(void **state)
{
	struct exposure e;
	struct device d;
	const struct exposure_flaw *f;

	(void)state;
	f = judge("add chain=input action=jump jump-target=c\n"
	          "add chain=input action=drop protocol=tcp\n"
	          "add chain=c action=return protocol=tcp\n"
	          "add chain=c action=drop protocol=tcp dst-port=22\n",
	          &d, &e);
	assert_non_null(f);
	assert_int_equal(f->rule->number, 3);
	assert_int_equal(e.flaws_n, 1);
	exposure_done(&e);
	device_done(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_rule_in_the_shadow_of_another),
		cmocka_unit_test(test_several_rules_together_make_a_shadow),
		cmocka_unit_test(test_a_list_filled_on_the_way_is_no_shadow),
		cmocka_unit_test(test_a_return_ends_only_its_own_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
