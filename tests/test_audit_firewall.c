/* Findings about the firewall: small firewalls as texts, predicted and judged. */
#include "audit_build.h"
#include "rosaudit/predict.h"
#include "tests/support/firewall_text.h"

#define WORLD                                                                                      \
	"version 7.18.2\n/interface\nadd name=ether1 type=ether\nadd name=bridge type=bridge\n"    \
	"/interface list\nadd name=WAN\nadd name=LAN\n/interface list member\n"                    \
	"add list=WAN interface=ether1\nadd list=LAN interface=bridge\n"                           \
	"/ip address\nadd address=192.168.88.1/24 interface=bridge\n"                              \
	"add address=203.0.113.2/24 interface=ether1\n/ipv6 address\n"                             \
	"add address=2001:db8:1::1/64 interface=ether1\n"                                          \
	"/ip vrf\n/ip firewall raw\n/ip firewall nat\n/ip firewall mangle\n"                       \
	"/ipv6 firewall raw\n/ipv6 firewall nat\n/ipv6 firewall mangle\n"                          \
	"/ip service\nadd name=ssh port=22 vrf=main\n"

#define CLOSED6 "/ipv6 firewall address-list\n/ipv6 firewall filter\nadd chain=input action=drop\n"

struct bench {
	struct device device;
	struct listeners listeners;
	struct exposure exposure;
	struct findings findings;
	struct observations seen;
	struct device after;
	struct target target;
};

static void judge(struct bench *b, const char *text, const struct observation *seen,
                  const char *seen_as, const char *after)
{
	struct predict_input in = {.device = &b->device};
	struct audit_input audit = {.target = &b->target,
	                            .device = &b->device,
	                            .observations = &b->seen,
	                            .exposure = &b->exposure,
	                            .listeners = &b->listeners,
	                            .after = after ? &b->after : NULL};

	b->target.name = "r1";
	b->target.transport = TRANSPORT_FILE;
	firewall_text_read(text, &b->device);
	device_init(&b->after);
	if (after)
		firewall_text_read(after, &b->after);
	if (seen_as) {
		b->device.seen_as_known = true;
		b->device.seen_as = build_address(seen_as);
	}
	listeners_init(&b->listeners);
	listeners_collect(&b->device, &b->listeners);
	exposure_init(&b->exposure);
	exposure_predict(&in, &b->exposure);
	b->seen.scanned = seen != NULL;
	b->seen.v = (struct observation *)(uintptr_t)seen;
	b->seen.n = seen ? 1 : 0;
	findings_init(&b->findings);
	audit_run(&audit, &b->findings);
}

static void bench_done(struct bench *b)
{
	findings_done(&b->findings);
	exposure_done(&b->exposure);
	listeners_done(&b->listeners);
	device_done(&b->device);
	device_done(&b->after);
}

static const struct finding *find(const struct bench *b, const char *id)
{
	for (size_t i = 0; i < b->findings.n; i++)
		if (strcmp(b->findings.v[i].rule->id, id) == 0)
			return &b->findings.v[i];
	return NULL;
}

static void test_flaws_are_told_with_both_rules(void **state)
{
	static const struct {
		const char *rules, *id, *evidence;
	} cases[] = {
		{"add chain=input action=drop\nadd chain=input action=accept protocol=tcp\n",
	         "RA701",
	         "rule 1 and what follows it in its chain are never reached: rule 0 above takes "
	         "every packet"},
		{"add chain=input action=drop src-address=10.0.0.0/8\n"
	         "add chain=input action=drop src-address=10.1.0.0/16 protocol=tcp\n",
	         "RA702",
	         "rule 1 never matches: the rules above, the last of them rule 0, take all that it "
	         "names"},
		{"add chain=input action=accept in-interface-list=WAN comment=oops\n"
	         "add chain=input action=drop protocol=tcp dst-port=22 in-interface-list=WAN\n",
	         "RA703",
	         "rule 1 never drops anything: rule 0 \"oops\" above accepts all that it names"},
		{"add chain=input action=drop src-address-list=blacklst\n", "RA704",
	         "rule 0 names the address list blacklst, which has no entry and which no rule "
	         "fills"},
		{"add chain=input action=drop in-interface-list=*2000010\n", "RA704",
	         "rule 0 names the interface list *2000010, which is not there"},
		{"add chain=input action=jump jump-target=nowhere\n", "RA705",
	         "rule 0 jumps to the chain nowhere, which has no rule"},
		{"add chain=input action=jump jump-target=a\nadd chain=a action=jump "
	         "jump-target=b\n"
	         "add chain=b action=jump jump-target=a\n",
	         "RA705", "rule 2 jumps to the chain a, from which the packet came: a circle"},
		{"add chain=input action=drop in-interface=gone invalid=yes\n", "RA706",
	         "the router itself marks rule 0 as invalid"},
		{"add chain=input action=drop frobnicate=yes\n", "RA709",
	         "what the firewall decides with these is unknown: /ip firewall filter: matcher "
	         "frobnicate (1)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench b = {0};
		struct buf text;

		buf_init(&text, 1u << 20);
		buf_printf(&text, "%s/ip firewall address-list\n%s/ip firewall filter\n%s", WORLD,
		           CLOSED6, cases[i].rules);
		judge(&b, buf_str(&text), NULL, NULL, NULL);
		assert_non_null(find(&b, cases[i].id));
		assert_string_equal(find(&b, cases[i].id)->evidence, cases[i].evidence);
		bench_done(&b);
		buf_done(&text);
	}
}

static void test_a_sound_firewall_has_no_flaw(void **state)
{
	struct bench b = {0};

	(void)state;
	judge(&b,
	      WORLD "/ip firewall address-list\nadd list=office address=198.51.100.0/28\n" CLOSED6
	            "/ip firewall filter\n"
	            "add chain=input action=accept connection-state=established,related,untracked\n"
	            "add chain=input action=drop connection-state=invalid\n"
	            "add chain=input action=accept protocol=icmp\n"
	            "add chain=input action=accept src-address-list=office\n"
	            "add chain=input action=add-src-to-address-list address-list=seen protocol=tcp "
	            "dst-port=23\n"
	            "add chain=input action=drop src-address-list=seen\n"
	            "add chain=input action=drop in-interface-list=!LAN\n",
	      NULL, NULL, NULL);
	for (size_t i = 0; i < b.findings.n; i++)
		assert_int_not_equal(b.findings.v[i].rule->id[2], '7');
	bench_done(&b);
}

static void test_ipv6_left_open_and_what_is_below_ip(void **state)
{
	struct bench b = {0};

	(void)state;
	judge(&b,
	      WORLD "/ip firewall address-list\n/ipv6 firewall address-list\n"
	            "/ipv6 firewall filter\n/ip firewall filter\n"
	            "add chain=input action=drop in-interface-list=!LAN\n"
	            "/tool mac-server\nadd allowed-interface-list=all\n"
	            "/tool mac-server mac-winbox\nadd allowed-interface-list=LAN\n"
	            "/tool romon\nadd enabled=yes\n",
	      NULL, NULL, NULL);
	assert_string_equal(find(&b, "RA707")->service, "ssh");
	assert_contains(find(&b, "RA707")->evidence, "by interface ether1");
	assert_string_equal(find(&b, "RA708")->service, "mac-server");
	assert_string_equal(find(&b, "RA708")->mend,
	                    "/tool mac-server set allowed-interface-list=none");
	assert_string_equal(find(&b, "RA708")[1].service, "romon");
	assert_null(find(&b, "RA709"));
	bench_done(&b);
}

#define DROPS                                                                                      \
	WORLD CLOSED6 "/ip firewall address-list\n/ip firewall filter\n"                           \
		      "add chain=input action=drop src-address=198.51.100.0/24 comment=out"

static void test_the_scan_and_the_prediction_are_compared(void **state)
{
	const struct observation open = SERVING(22, .app = APP_SSH);
	const struct observation silent = OBSERVED(PORT_FILTERED, 22);
	struct bench b = {0};

	(void)state;
	judge(&b, DROPS " packets=10\n", &open, "198.51.100.9", DROPS " packets=10\n");
	assert_non_null(find(&b, "RA712"));
	assert_contains(find(&b, "RA712")->evidence,
	                "by the router's configuration we are dropped (rule 0 \"out\")");
	assert_contains(find(&b, "RA712")->evidence,
	                "its counter went from 10 to 10 packets during the scan");
	bench_done(&b);
	b = (struct bench){0};
	judge(&b, DROPS "\n", &silent, "198.51.100.9", NULL);
	assert_null(find(&b, "RA712"));
	bench_done(&b);
	/* Whether it comes in here or there makes no difference; unknown is no prediction. */
	b = (struct bench){0};
	judge(&b, DROPS " limit=5,10\n", &silent, "198.51.100.9", NULL);
	assert_null(find(&b, "RA712"));
	bench_done(&b);
}

static void test_a_silence_names_the_rule_that_explains_it(void **state)
{
	const struct observation silent = OBSERVED(PORT_FILTERED, 22);
	const struct observation closed = OBSERVED(PORT_CLOSED, 22);
	struct bench b = {0};

	(void)state;
	judge(&b, DROPS "\n", &silent, "198.51.100.9", NULL);
	assert_string_equal(find(&b, "RA201")->filtered_by, "rule 0 \"out\"");
	assert_string_equal(find(&b, "RA201")->reachable, "filtered");
	assert_contains(find(&b, "RA201")->evidence, "; filtered by rule 0 \"out\"");
	assert_string_equal(b.findings.subjects[0].filtered_by, "rule 0 \"out\"");
	assert_string_equal(b.findings.subjects[0].reachable, "filtered");
	assert_null(b.findings.note);
	bench_done(&b);
	/* From elsewhere no rule drops us; and what is closed is not filtered. */
	b = (struct bench){0};
	judge(&b, DROPS "\n", &silent, "192.0.2.9", NULL);
	assert_null(find(&b, "RA201")->filtered_by);
	bench_done(&b);
	b = (struct bench){0};
	judge(&b, DROPS "\n", &closed, "198.51.100.9", NULL);
	assert_null(find(&b, "RA201")->filtered_by);
	bench_done(&b);
}

static void test_what_depends_on_the_interface_is_noted(void **state)
{
	const struct observation silent = OBSERVED(PORT_FILTERED, 22);
	struct bench b = {0};

	(void)state;
	judge(&b, DROPS " in-interface=ether1\n", &silent, "198.51.100.9", NULL);
	assert_null(find(&b, "RA712"));
	assert_null(find(&b, "RA201")->filtered_by);
	assert_string_equal(
		b.findings.note,
		"what the firewall does with us was not compared with the scan (RA712), "
		"for it depends on the router's interface that we come in by, ether1 or "
		"bridge, and which it is is not known: ssh");
	bench_done(&b);
}

#define OFFICE "198.51.100.0/28"

/* ssh is let in from the office by ether1, from everywhere by the bridge. */
#define OFFICE_ONLY                                                                                \
	WORLD CLOSED6                                                                              \
		"/ip firewall address-list\nadd list=office address=" OFFICE "\n"                  \
		"/ip firewall filter\n"                                                            \
		"add chain=input action=accept in-interface=ether1 src-address-list=office\n"      \
		"add chain=input action=drop in-interface=ether1"

/* One entry of `exposure:` for a service; a name of sources, or NULL for the office's prefix. */
static void expect_sources(struct bench *b, struct expect_service *want, bool only,
                           const char **name, struct prefix *prefix)
{
	struct source_set *set = only ? &want->from : &want->not_from;
	struct origin *at = only ? &want->from_at : &want->not_from_at;

	assert_int_equal(prefix_parse(OFFICE, strlen(OFFICE), prefix), PREFIX_OK);
	*set = *name ? (struct source_set){.names = name, .names_n = 1}
	             : (struct source_set){.v = prefix, .n = 1};
	*at = (struct origin){.file = "policy.yaml", .line = 7, .column = 3};
	b->target.policy.exposure = want;
	b->target.policy.exposure_n = 1;
}

static void test_who_is_served_is_judged_by_the_policy(void **state)
{
	static const struct {
		const char *service, *name;
		bool only;
		const char *end, *id, *evidence; /* id NULL: no finding */
	} cases[] = {
		{"ssh", "internet", false, "\n", "RA710", "via bridge (no rule drops it)"},
		{"ssh", NULL, true, "\n", "RA710", "via bridge (no rule drops it)"},
		{"*", "internet", false, "\n", "RA710",
	         "ssh is served to everyone via bridge (no rule drops it)"},
		{"ssh", "internet", false, "\nadd chain=input action=drop in-interface=bridge\n",
	         NULL, NULL},
		{"ssh", NULL, true, "\nadd chain=input action=drop in-interface=bridge\n", NULL,
	         NULL},
		{"ssh", NULL, false, "\nadd chain=input action=drop in-interface=bridge\n", "RA710",
	         "ssh is served to 198.51.100.0/28 via ether1 (rule 0)"},
		{"ssh", "internet", false,
	         " limit=5,10\nadd chain=input action=drop in-interface=bridge\n", "RA711",
	         "ssh may be served to"},
		{"winbox", "internet", false, "\n", "RA711", "no port of winbox is known"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct expect_service want = {.name = cases[i].service, .port = -1};
		const char *name = cases[i].name;
		struct prefix prefix;
		struct bench b = {0};
		struct buf text;

		buf_init(&text, 1u << 20);
		buf_printf(&text, "%s%s", OFFICE_ONLY, cases[i].end);
		expect_sources(&b, &want, cases[i].only, &name, &prefix);
		judge(&b, buf_str(&text), NULL, NULL, NULL);
		for (int k = 0; k < 2; k++) {
			const char *id = k ? "RA711" : "RA710";
			const struct finding *f = find(&b, id);

			if (!cases[i].id || strcmp(id, cases[i].id) != 0) {
				if (f)
					fail_msg("case %zu: %s: %s", i, id, f->evidence);
				continue;
			}
			if (!f)
				fail_msg("case %zu: no %s", i, id);
			assert_contains(f->evidence, cases[i].evidence);
			assert_int_equal(f->origin.line, 7);
			assert_int_equal(f->undecided, k == 1);
		}
		bench_done(&b);
		buf_done(&text);
	}
}

static void test_an_unread_firewall_is_not_a_pass(void **state)
{
	struct expect_service want = {.name = "*", .port = -1};
	const char *name = "internet";
	struct prefix prefix;
	struct bench b = {0};

	(void)state;
	expect_sources(&b, &want, false, &name, &prefix);
	judge(&b, "version 7.18.2\n/ip service\nadd name=ssh port=22\n", NULL, NULL, NULL);
	assert_null(find(&b, "RA710"));
	assert_true(find(&b, "RA711")->undecided);
	bench_done(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flaws_are_told_with_both_rules),
		cmocka_unit_test(test_a_sound_firewall_has_no_flaw),
		cmocka_unit_test(test_ipv6_left_open_and_what_is_below_ip),
		cmocka_unit_test(test_the_scan_and_the_prediction_are_compared),
		cmocka_unit_test(test_a_silence_names_the_rule_that_explains_it),
		cmocka_unit_test(test_what_depends_on_the_interface_is_noted),
		cmocka_unit_test(test_who_is_served_is_judged_by_the_policy),
		cmocka_unit_test(test_an_unread_firewall_is_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
