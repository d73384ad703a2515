/* What a router's rules would do to us for probing it. */
#include "tests/test.h"

#include <string.h>

#include "rosaudit/guard.h"

/* A router with some menus, written as lines of key=value. */
struct lab {
	struct device device;
	struct guard guard;
	struct guard_ask asks[512];
	size_t asks_n;
};

static void add_fields(struct device *d, const char *line, struct item *out)
{
	char *copy = arena_strdup(&d->arena, line), *save = NULL, *word, *equals;

	out->fields = arena_array(&d->arena, 32, sizeof(*out->fields));
	out->disabled = out->dynamic = out->invalid = TRI_NO;
	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		equals = strchr(word, '=');
		assert_non_null(equals);
		*equals = '\0';
		if (strcmp(word, "disabled") == 0)
			out->disabled = strcmp(equals + 1, "yes") == 0 ? TRI_YES : TRI_NO;
		else
			out->fields[out->n++] = (struct field){word, equals + 1};
	}
}

static void menu(struct lab *lab, const char *path, const char *const *lines)
{
	struct device *d = &lab->device;
	struct menu_items *m;
	size_t n = 0;

	while (lines && lines[n])
		n++;
	d->menus = arena_grow(&d->arena, d->menus, d->menus_n, d->menus_n + 1, sizeof(*d->menus));
	m = &d->menus[d->menus_n++];
	*m = (struct menu_items){.path = path, .state = MENU_READ, .n = n};
	m->v = arena_array(&d->arena, n + 1, sizeof(*m->v));
	for (size_t i = 0; i < n; i++) {
		add_fields(d, lines[i], &m->v[i]);
		m->v[i].number = i;
	}
}

static void lab_begin(struct lab *lab, const char *const *filter)
{
	static const char *const interfaces[] = {"name=ether1 type=ether",
	                                         "name=bridge type=bridge", NULL};
	static const char *const addresses[] = {
		"address=192.0.2.1/24 network=192.0.2.0 interface=ether1",
		"address=10.0.0.1/24 network=10.0.0.0 interface=bridge", NULL};
	static const char *const lists[] = {"name=WAN", "name=LAN", NULL};
	static const char *const members[] = {"list=WAN interface=ether1",
	                                      "list=LAN interface=bridge", NULL};

	memset(lab, 0, sizeof(*lab));
	device_init(&lab->device);
	guard_init(&lab->guard);
	menu(lab, "/interface", interfaces);
	menu(lab, "/ip address", addresses);
	menu(lab, "/interface list", lists);
	menu(lab, "/interface list member", members);
	menu(lab, "/ip firewall filter", filter);
	menu(lab, "/ip firewall nat", NULL);
}

static void ask(struct lab *lab, uint16_t port)
{
	lab->asks[lab->asks_n++] = (struct guard_ask){port, L4_TCP};
}

static const struct guard *judge(struct lab *lab, const char *us)
{
	struct guard_input in = {.device = &lab->device, .ports = lab->asks, .n = lab->asks_n};

	assert_true(address_parse(us, strlen(us), &in.us));
	guard_read(&in, &lab->guard);
	return &lab->guard;
}

static void lab_end(struct lab *lab)
{
	guard_done(&lab->guard);
	device_done(&lab->device);
}

static void test_unread_firewall_means_the_careful_pace(void **state)
{
	struct lab lab;
	const struct guard *g;

	(void)state;
	lab_begin(&lab, NULL);
	g = judge(&lab, "10.0.0.9"); /* raw was never read */
	assert_int_equal(g->state, GUARD_UNREAD);
	assert_string_equal(g->why, "/ip firewall raw: not asked");
	assert_int_equal(g->burst_weight, GUARD_BURST_WEIGHT);
	assert_int_equal(g->gap_ms, GUARD_GAP_MS);
	lab_end(&lab);
}

static void test_an_unknown_address_of_ours_means_the_careful_pace(void **state)
{
	struct guard_input in = {0};
	struct lab lab;

	(void)state;
	lab_begin(&lab, NULL);
	menu(&lab, "/ip firewall raw", NULL);
	in.device = &lab.device;
	guard_read(&in, &lab.guard);
	assert_int_equal(lab.guard.state, GUARD_UNREAD);
	assert_int_equal(lab.guard.burst_weight, GUARD_BURST_WEIGHT);
	lab_end(&lab);
}

static void test_plain_rules_do_not_slow_the_scan(void **state)
{
	static const char *const filter[] = {
		"chain=input action=accept connection-state=established,related,untracked",
		"chain=input action=accept protocol=icmp limit=10,5:packet",
		"chain=input action=drop in-interface-list=!LAN", NULL};
	struct lab lab;
	const struct guard *g;

	(void)state;
	lab_begin(&lab, filter);
	menu(&lab, "/ip firewall raw", NULL);
	ask(&lab, 22);
	g = judge(&lab, "10.0.0.9");
	assert_int_equal(g->state, GUARD_NONE);
	assert_int_equal(g->burst_weight, 0);
	assert_int_equal(g->limits_n + g->traps_n, 0);
	lab_end(&lab);
}

static const char *const psd_filter[] = {
	"chain=input action=add-src-to-address-list protocol=tcp psd=21,3s,3,1 "
	"address-list=scanners address-list-timeout=2w in-interface-list=WAN",
	"chain=input action=drop src-address-list=scanners", NULL};

static void test_psd_makes_bursts_below_its_threshold(void **state)
{
	struct lab lab;
	const struct guard *g;

	(void)state;
	lab_begin(&lab, psd_filter);
	menu(&lab, "/ip firewall raw", NULL);
	ask(&lab, 22);
	ask(&lab, 8291);
	g = judge(&lab, "192.0.2.9");
	assert_int_equal(g->state, GUARD_RULES);
	assert_int_equal(g->burst_weight, 18);
	assert_int_equal(g->gap_ms, 3500);
	assert_int_equal(g->limits_n, 1);
	assert_string_equal(g->limits[0].what, "psd=21,3s,3,1");
	assert_true(g->limits[0].slow_enough);
	assert_int_equal(g->limits[0].rule->number, 0);
	assert_int_equal(g->traps_n, 0);
	assert_int_equal(g->lists_n, 1);
	assert_string_equal(g->lists[0], "scanners");
	lab_end(&lab);
}

static void test_psd_of_another_interface_does_not_concern_us(void **state)
{
	struct lab lab;

	(void)state;
	lab_begin(&lab, psd_filter);
	menu(&lab, "/ip firewall raw", NULL);
	assert_int_equal(judge(&lab, "10.0.0.9")->state, GUARD_NONE);
	lab_end(&lab);
}

static void test_an_unknown_way_in_counts_as_the_worse(void **state)
{
	struct lab lab;

	(void)state;
	lab_begin(&lab, psd_filter);
	menu(&lab, "/ip firewall raw", NULL);
	assert_int_equal(judge(&lab, "198.51.100.7")->state, GUARD_RULES);
	lab_end(&lab);
}

static void test_a_stricter_psd_makes_smaller_bursts_and_longer_gaps(void **state)
{
	static const char *const filter[] = {"chain=input action=drop protocol=tcp psd=15,10s,5,2",
	                                     NULL};
	struct lab lab;
	const struct guard *g;

	(void)state;
	lab_begin(&lab, filter);
	menu(&lab, "/ip firewall raw", NULL);
	g = judge(&lab, "192.0.2.9");
	assert_int_equal(g->burst_weight, 5); /* five high ports weigh 10 there, and 5 is left */
	assert_int_equal(g->gap_ms, 10500);
	lab_end(&lab);
}

static void test_a_psd_that_one_low_port_trips_is_not_slow_enough(void **state)
{
	static const char *const filter[] = {"chain=input action=drop protocol=tcp psd=3,3s,3,1",
	                                     NULL};
	struct lab lab;

	(void)state;
	lab_begin(&lab, filter);
	menu(&lab, "/ip firewall raw", NULL);
	assert_false(judge(&lab, "192.0.2.9")->limits[0].slow_enough);
	lab_end(&lab);
}

/* Stages as in MikroTik's recipe against brute force. */
static const char *const stages[] = {
	"chain=input action=drop protocol=tcp dst-port=22 src-address-list=black",
	"chain=input action=add-src-to-address-list protocol=tcp dst-port=22 connection-state=new "
	"src-address-list=stage3 address-list=black address-list-timeout=1d",
	"chain=input action=add-src-to-address-list protocol=tcp dst-port=22 connection-state=new "
	"src-address-list=stage2 address-list=stage3 address-list-timeout=1h",
	"chain=input action=add-src-to-address-list protocol=tcp dst-port=22 connection-state=new "
	"src-address-list=stage1 address-list=stage2 address-list-timeout=15m",
	"chain=input action=add-src-to-address-list protocol=tcp dst-port=22 connection-state=new "
	"address-list=stage1 address-list-timeout=5m",
	NULL};

static void test_stages_shut_out_at_the_fourth_connection(void **state)
{
	struct lab lab;
	const struct guard *g;

	(void)state;
	lab_begin(&lab, stages);
	menu(&lab, "/ip firewall raw", NULL);
	menu(&lab, "/ip firewall address-list", NULL);
	ask(&lab, 21);
	ask(&lab, 22);
	g = judge(&lab, "10.0.0.9");
	assert_int_equal(g->traps_n, 1);
	assert_int_equal(g->traps[0].port, 22);
	assert_int_equal(g->traps[0].connections, 4);
	assert_true(g->traps[0].sure);
	assert_string_equal(g->traps[0].list, "black");
	assert_int_equal(g->traps[0].rule->number, 1);
	assert_null(guard_trap_of(g, 21, L4_TCP));
	lab_end(&lab);
}

static void test_unread_lists_may_hold_us_in_any_stage(void **state)
{
	struct lab lab;
	const struct guard *g;

	(void)state;
	lab_begin(&lab, stages);
	menu(&lab, "/ip firewall raw", NULL);
	ask(&lab, 22);
	g = judge(&lab, "10.0.0.9");
	assert_int_equal(g->traps[0].connections, 1);
	assert_false(g->traps[0].sure);
	lab_end(&lab);
}

static void test_stages_that_we_are_in_already_count(void **state)
{
	static const char *const lists[] = {"list=stage1 address=10.0.0.9",
	                                    "list=stage2 address=10.0.0.9",
	                                    "list=stage3 address=10.0.0.8", NULL};
	struct lab lab;

	(void)state;
	lab_begin(&lab, stages);
	menu(&lab, "/ip firewall raw", NULL);
	menu(&lab, "/ip firewall address-list", lists);
	ask(&lab, 22);
	assert_int_equal(judge(&lab, "10.0.0.9")->traps[0].connections, 2);
	lab_end(&lab);
}

static void test_a_knock_trap_on_wrong_ports_is_met_at_once(void **state)
{
	static const char *const filter[] = {
		"chain=input action=accept protocol=tcp dst-port=22,8291",
		"chain=input action=jump jump-target=knock protocol=tcp",
		"chain=knock action=return dst-port=7000",
		"chain=knock action=add-src-to-address-list address-list=bad "
		"address-list-timeout=1d",
		NULL};
	static const char *const raw[] = {"chain=prerouting action=drop src-address-list=bad",
	                                  NULL};
	struct lab lab;
	const struct guard *g;

	(void)state;
	lab_begin(&lab, filter);
	menu(&lab, "/ip firewall raw", raw);
	ask(&lab, 22);
	ask(&lab, 80);
	ask(&lab, 7000);
	ask(&lab, 8291);
	ask(&lab, 8728);
	g = judge(&lab, "10.0.0.9");
	assert_int_equal(g->traps_n, 2);
	assert_int_equal(g->traps[0].port, 80);
	assert_int_equal(g->traps[0].connections, 1);
	assert_int_equal(g->traps[1].port, 8728);
	assert_int_equal(g->traps[1].connections, 1);
	lab_end(&lab);
}

static void test_an_accept_above_takes_the_trap_away(void **state)
{
	static const char *const filter[] = {
		"chain=input action=accept src-address-list=friends",
		"chain=input action=add-src-to-address-list address-list=bad protocol=tcp",
		"chain=input action=drop src-address-list=bad", NULL};
	static const char *const lists[] = {"list=friends address=10.0.0.0/28", NULL};
	struct lab lab;

	(void)state;
	lab_begin(&lab, filter);
	menu(&lab, "/ip firewall raw", NULL);
	menu(&lab, "/ip firewall address-list", lists);
	ask(&lab, 80);
	assert_int_equal(judge(&lab, "10.0.0.9")->traps_n, 0);
	lab_end(&lab);
	lab_begin(&lab, filter);
	menu(&lab, "/ip firewall raw", NULL);
	menu(&lab, "/ip firewall address-list", lists);
	ask(&lab, 80);
	assert_int_equal(judge(&lab, "10.0.0.99")->traps_n, 1);
	lab_end(&lab);
}

static void test_a_list_by_which_nothing_is_dropped_is_no_trap(void **state)
{
	static const char *const filter[] = {
		"chain=input action=add-src-to-address-list address-list=seen protocol=tcp",
		"chain=input action=accept src-address-list=seen", NULL};
	struct lab lab;

	(void)state;
	lab_begin(&lab, filter);
	menu(&lab, "/ip firewall raw", NULL);
	ask(&lab, 80);
	assert_int_equal(judge(&lab, "10.0.0.9")->traps_n, 0);
	lab_end(&lab);
}

static void test_an_unknown_condition_makes_the_trap_unsure(void **state)
{
	static const char *const filter[] = {
		"chain=input action=add-src-to-address-list address-list=bad protocol=tcp "
		"content=x",
		"chain=input action=drop src-address-list=bad", NULL};
	struct lab lab;
	const struct guard *g;

	(void)state;
	lab_begin(&lab, filter);
	menu(&lab, "/ip firewall raw", NULL);
	ask(&lab, 80);
	g = judge(&lab, "10.0.0.9");
	assert_int_equal(g->traps_n, 1);
	assert_false(g->traps[0].sure);
	lab_end(&lab);
}

static void test_disabled_rules_do_nothing(void **state)
{
	static const char *const filter[] = {
		"chain=input action=add-src-to-address-list address-list=bad protocol=tcp "
		"disabled=yes",
		"chain=input action=tarpit protocol=tcp disabled=yes",
		"chain=input action=drop src-address-list=bad", NULL};
	struct lab lab;

	(void)state;
	lab_begin(&lab, filter);
	menu(&lab, "/ip firewall raw", NULL);
	ask(&lab, 80);
	assert_int_equal(judge(&lab, "10.0.0.9")->state, GUARD_NONE);
	lab_end(&lab);
}

static void test_a_tarpit_is_told(void **state)
{
	static const char *const filter[] = {"chain=input action=tarpit protocol=tcp dst-port=23",
	                                     NULL};
	struct lab lab;
	const struct guard *g;

	(void)state;
	lab_begin(&lab, filter);
	menu(&lab, "/ip firewall raw", NULL);
	ask(&lab, 23);
	g = judge(&lab, "10.0.0.9");
	assert_int_equal(g->state, GUARD_RULES);
	assert_string_equal(g->limits[0].what, "tarpit");
	lab_end(&lab);
}

static void test_a_rate_limit_is_waited_for(void **state)
{
	static const char *const filter[] = {
		"chain=input action=accept protocol=tcp limit=1,5:packet",
		"chain=input action=drop protocol=tcp", NULL};
	struct lab lab;
	const struct guard *g;

	(void)state;
	lab_begin(&lab, filter);
	menu(&lab, "/ip firewall raw", NULL);
	g = judge(&lab, "10.0.0.9");
	assert_int_equal(g->burst_weight, 5);
	assert_int_equal(g->gap_ms, 5500);
	assert_true(g->limits[0].slow_enough);
	lab_end(&lab);
}

static void test_a_limit_that_no_patience_meets_is_said_so(void **state)
{
	static const char *const filter[] = {
		"chain=input action=add-src-to-address-list address-list=bad protocol=tcp "
		"limit=1/1d,1:packet",
		"chain=input action=drop src-address-list=bad", NULL};
	struct lab lab;

	(void)state;
	lab_begin(&lab, filter);
	menu(&lab, "/ip firewall raw", NULL);
	assert_false(judge(&lab, "10.0.0.9")->limits[0].slow_enough);
	lab_end(&lab);
}

static void test_jump_loops_and_fans_end(void **state)
{
	static const char *const filter[] = {"chain=input action=jump jump-target=a",
	                                     "chain=a action=jump jump-target=b",
	                                     "chain=a action=jump jump-target=b",
	                                     "chain=b action=jump jump-target=a",
	                                     "chain=b action=jump jump-target=c",
	                                     "chain=b action=jump jump-target=c",
	                                     "chain=c action=log",
	                                     NULL};
	struct lab lab;

	(void)state;
	lab_begin(&lab, filter);
	menu(&lab, "/ip firewall raw", NULL);
	ask(&lab, 80);
	assert_int_equal(judge(&lab, "10.0.0.9")->state, GUARD_NONE);
	lab_end(&lab);
}

static void test_the_estimate_counts_bursts(void **state)
{
	struct guard g = {.burst_weight = 18, .gap_ms = 3500};

	(void)state;
	assert_int_equal(guard_estimate_ms(&g, 0), 0);
	assert_int_equal(guard_estimate_ms(&g, 18), 0);
	assert_int_equal(guard_estimate_ms(&g, 19), 3500);
	assert_int_equal(guard_estimate_ms(&g, 37), 7000);
	g.burst_weight = 0;
	assert_int_equal(guard_estimate_ms(&g, 19), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unread_firewall_means_the_careful_pace),
		cmocka_unit_test(test_an_unknown_address_of_ours_means_the_careful_pace),
		cmocka_unit_test(test_plain_rules_do_not_slow_the_scan),
		cmocka_unit_test(test_psd_makes_bursts_below_its_threshold),
		cmocka_unit_test(test_psd_of_another_interface_does_not_concern_us),
		cmocka_unit_test(test_an_unknown_way_in_counts_as_the_worse),
		cmocka_unit_test(test_a_stricter_psd_makes_smaller_bursts_and_longer_gaps),
		cmocka_unit_test(test_a_psd_that_one_low_port_trips_is_not_slow_enough),
		cmocka_unit_test(test_stages_shut_out_at_the_fourth_connection),
		cmocka_unit_test(test_unread_lists_may_hold_us_in_any_stage),
		cmocka_unit_test(test_stages_that_we_are_in_already_count),
		cmocka_unit_test(test_a_knock_trap_on_wrong_ports_is_met_at_once),
		cmocka_unit_test(test_an_accept_above_takes_the_trap_away),
		cmocka_unit_test(test_a_list_by_which_nothing_is_dropped_is_no_trap),
		cmocka_unit_test(test_an_unknown_condition_makes_the_trap_unsure),
		cmocka_unit_test(test_disabled_rules_do_nothing),
		cmocka_unit_test(test_a_tarpit_is_told),
		cmocka_unit_test(test_a_rate_limit_is_waited_for),
		cmocka_unit_test(test_a_limit_that_no_patience_meets_is_said_so),
		cmocka_unit_test(test_jump_loops_and_fans_end),
		cmocka_unit_test(test_the_estimate_counts_bursts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
