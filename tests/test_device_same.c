/* One device under two addresses is recognised, and two devices are not taken for one. */
#include "audit_build.h"
#include "tests/support/firewall_text.h"

#define PORTS_OF(a, b)                                                                             \
	"version 7.18.2\n/interface\nadd name=ether1 type=ether mac-address=" a                    \
	"\nadd name=ether2 type=ether mac-address=" b "\nadd name=bridge type=bridge\n"
#define ONE   PORTS_OF("02:00:5E:00:00:01", "02:00:5E:00:00:02")
#define OTHER PORTS_OF("02:00:5E:00:00:03", "02:00:5E:00:00:04")
#define HALF  PORTS_OF("02:00:5E:00:00:01", "02:00:5E:00:00:04")
#define CLOUD "/ip cloud\nadd dns-name="

/* What the two have in common, or NULL. */
static const char *same(const char *a, const char *a_identity, const char *b,
                        const char *b_identity)
{
	static char value[128];
	struct device_mark mark;
	struct device x, y;
	bool found;

	firewall_text_read(a, &x);
	firewall_text_read(b, &y);
	x.identity = a_identity;
	y.identity = b_identity;
	found = device_is_same(&x, &y, &mark);
	snprintf(value, sizeof(value), "%s %s", mark.what ? mark.what : "-",
	         mark.value ? mark.value : "-");
	device_done(&x);
	device_done(&y);
	return found ? value : NULL;
}

static void test_all_ports_and_the_identity_tell(void **state)
{
	(void)state;
	assert_string_equal(same(ONE, "r1", ONE, "r1"), "mac-address 02:00:5E:00:00:01");
	assert_null(same(ONE, "r1", OTHER, "r1"));
	assert_null(same(ONE, "r1", HALF, "r1"));
	assert_null(same(ONE, "r1", ONE, "r2"));
}

static void test_what_is_unknown_tells_nothing(void **state)
{
	(void)state;
	assert_null(same(ONE, NULL, ONE, NULL));
	assert_null(same(ONE, "r1", "version 7.18.2\n", "r1"));
	assert_null(same("version 7.18.2\n", "r1", "version 7.18.2\n", "r1"));
	assert_null(same("version 7.18.2\n/interface\nadd name=ether1 type=ether\n", "r1",
	                 "version 7.18.2\n/interface\nadd name=ether1 type=ether\n", "r1"));
}

static void test_the_cloud_name_decides_where_both_have_one(void **state)
{
	(void)state;
	assert_string_equal(same(ONE CLOUD "aa.example\n", "r1", OTHER CLOUD "aa.example\n", "r2"),
	                    "/ip cloud dns-name aa.example");
	assert_null(same(ONE CLOUD "aa.example\n", "r1", ONE CLOUD "bb.example\n", "r1"));
	assert_non_null(same(ONE CLOUD "aa.example\n", "r1", ONE, "r1"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_ports_and_the_identity_tell),
		cmocka_unit_test(test_what_is_unknown_tells_nothing),
		cmocka_unit_test(test_the_cloud_name_decides_where_both_have_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
