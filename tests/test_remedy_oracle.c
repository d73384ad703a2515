/* Any router, any policy: whoever runs the script, command by command, is never locked out, and the
 * undo undoes. */
#include <stdlib.h>
#include <string.h>

#include "audit_world.h"
#include "remedy_build.h"

static const char *const names[] = {"ssh", "www-ssl", "winbox", "telnet", "api"};
enum { NAMES = 5 };

/* A row while the commands are run, by somebody who knows nothing of how they were chosen. */
struct replica {
	const struct service *row;
	bool on;
	int port;
	char list[512], vrf[32], certificate[32];
};

static void replica_of(const struct service *row, struct replica *out)
{
	struct buf list;

	*out = (struct replica){.row = row, .on = row->disabled == TRI_NO, .port = row->port};
	buf_init(&list, sizeof(out->list) - 1);
	prefix_set_format(row->address, row->address_n, &list);
	snprintf(out->list, sizeof(out->list), "%s", buf_str(&list));
	snprintf(out->vrf, sizeof(out->vrf), "%s", row->vrf ? row->vrf : "");
	snprintf(out->certificate, sizeof(out->certificate), "%s",
	         row->certificate ? row->certificate : "");
	buf_done(&list);
}

static void replica_set(struct replica *r, const char *property, const char *value)
{
	if (strcmp(property, "disabled") == 0)
		r->on = strcmp(value, "no") == 0;
	else if (strcmp(property, "port") == 0)
		r->port = atoi(value);
	else if (strcmp(property, "vrf") == 0)
		snprintf(r->vrf, sizeof(r->vrf), "%s", value);
	else if (strcmp(property, "certificate") == 0)
		snprintf(r->certificate, sizeof(r->certificate), "%s", value);
	else if (strcmp(property, "address") == 0)
		snprintf(r->list, sizeof(r->list), "%s", strcmp(value, "\"\"") == 0 ? "" : value);
}

static bool list_admits(const char *list, const struct address *us)
{
	if (!*list)
		return true;
	while (*list) {
		size_t n = strcspn(list, ",");
		struct prefix p;

		assert_int_equal(prefix_parse(list, n, &p), PREFIX_OK);
		if (us->family && prefix_contains(&p, us))
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

/* Still where we found it, and open to us. */
static bool is_open(const struct replica *now, const struct replica *found,
                    const struct address *us)
{
	return found->on && now->on && now->port == found->port &&
	       strcmp(now->vrf, found->vrf) == 0 &&
	       strcmp(now->certificate, found->certificate) == 0 &&
	       (strcmp(now->list, found->list) == 0 || list_admits(now->list, us));
}

static bool was_seen_serving(const struct visit *v, const char *name, int port)
{
	const struct observation *o = observations_find(&v->seen, (uint16_t)port);
	const struct expect_service *want = policy_find(&v->target.policy, name);

	return want && want->disabled == TRI_NO && o && o->serve == SERVE_SERVING;
}

/* After each single command. */
static void check_branch(const struct visit *v, const struct replica *now,
                         const struct replica *found)
{
	bool open = false;

	for (size_t i = 0; i < NAMES; i++) {
		bool login = strcmp(names[i], "ssh") == 0;

		if (is_open(&now[i], &found[i], &v->device.seen_as))
			open |= login || was_seen_serving(v, names[i], found[i].port);
	}
	if (!open)
		fail_msg("locked out in round %u:\n%s", seed, buf_str(&v->script));
}

static bool clashes(const struct replica *a, const struct replica *b)
{
	return a->on && b->on && a->port == b->port && strcmp(a->vrf, b->vrf) == 0;
}

/* Nobody takes a port that another one has at that moment, if it was not so before. */
static void check_ports(const struct visit *v, const struct replica *now,
                        const struct replica *found)
{
	for (size_t i = 0; i < NAMES; i++)
		for (size_t j = i + 1; j < NAMES; j++)
			if (clashes(&now[i], &now[j]) && !clashes(&found[i], &found[j]))
				fail_msg("%s and %s on one port:\n%s", names[i], names[j],
				         buf_str(&v->script));
}

static void run_steps(const struct visit *v, const struct remedy_step *steps, size_t n,
                      struct replica *now, const struct replica *found)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < NAMES; k++)
			for (size_t j = 0; now[k].row == steps[i].row && j < steps[i].n; j++)
				replica_set(&now[k], steps[i].changes[j].property,
				            steps[i].changes[j].value);
		check_branch(v, now, found);
		check_ports(v, now, found);
	}
}

static void random_policy(struct buf *out)
{
	static const char *const keys[] = {
		"disabled: no",
		"disabled: yes",
		"port: 22",
		"port: 443",
		"port: 2222",
		"vrf: lab",
		"certificate: web",
		"address: [10.0.0.0/28]",
		"address: [10.0.0.4/30, 10.0.0.8/29]",
		"address: {covers: [10.0.0.0/29, 10.0.0.12/30]}",
	};
	/* One key of a kind: the schema refuses the same key twice. */
	static const size_t kinds[] = {0, 0, 1, 1, 1, 2, 3, 4, 4, 4};

	buf_puts(out, "  services:\n");
	for (size_t i = 0; i < NAMES; i++) {
		bool used[5] = {false}, any = false;

		buf_printf(out, "    %s: {", names[i]);
		for (unsigned n = pick(4); n; n--) {
			size_t k = pick(10);

			if (used[kinds[k]] || (k == 6 && i != 1))
				continue;
			used[kinds[k]] = true;
			buf_printf(out, "%s%s", any ? ", " : "", keys[k]);
			any = true;
		}
		buf_printf(out, "%s}\n", any ? "" : "max-sessions: 20");
	}
}

static void one_round(void)
{
	static const enum app_proto apps[] = {APP_SSH, APP_TLS, APP_WINBOX, APP_TELNET, APP_API};
	static const int row_ports[] = {22, 443, 8291, 23, 8728};
	struct service rows[NAMES + 1];
	struct observation seen[NAMES + 1] = {{0}};
	struct replica found[NAMES], now[NAMES];
	struct buf policy;
	struct visit v;
	struct town t;
	size_t n = 0;

	for (size_t i = 0; i < NAMES; i++) {
		const char *list = PICK(lists);

		rows[i] = SERVICE(names[i], row_ports[i], .vrf = "main",
		                  .disabled = tri_of(i && pick(3) == 0), ADDRESS(list));
		rows[i].certificate = i == 1 ? PICK(((const char *[]){"none", "old"})) : NULL;
	}
	rows[NAMES] = (struct service){.line = 0};
	/* In the order of their ports, as observations come. */
	for (size_t k = 0; k < NAMES; k++) {
		static const size_t by_port[] = {0, 3, 1, 2, 4};
		size_t i = by_port[k];

		if (i == 0)
			seen[n++] = LOGIN(22);
		else if (pick(2) && rows[i].disabled == TRI_NO)
			seen[n++] = SERVES((uint16_t)row_ports[i], apps[i]);
	}
	buf_init(&policy, 1u << 16);
	random_policy(&policy);
	t = TOWN(.policy = buf_str(&policy), .rows = rows, .seen = seen, .seen_as = PICK(vantages));
	visit(&t, &v);
	for (size_t i = 0; i < NAMES; i++) {
		replica_of(device_find_static(&v.device, names[i]), &found[i]);
		now[i] = found[i];
	}
	run_steps(&v, v.remedy.steps, v.remedy.steps_n, now, found);
	run_steps(&v, v.remedy.undo, v.remedy.undo_n, now, found);
	for (size_t i = 0; i < NAMES; i++) {
		assert_int_equal(now[i].on, found[i].on);
		assert_int_equal(now[i].port, found[i].port);
		assert_string_equal(now[i].list, found[i].list);
		assert_string_equal(now[i].vrf, found[i].vrf);
		assert_string_equal(now[i].certificate, found[i].certificate);
	}
	leave(&v);
	buf_done(&policy);
}

static void test_no_command_of_any_script_locks_us_out_and_the_undo_undoes(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 3000; round++) {
		seed = round;
		one_round();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_command_of_any_script_locks_us_out_and_the_undo_undoes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
