/* Waivers: what is accepted, until when, and what nobody needs. */
#include "audit_build.h"

#include "rosaudit/result.h"

#define TELNET_ON                                                                                  \
	.policy =                                                                                  \
		POLICY(EXPECT("telnet", .disabled = TRI_YES), EXPECT("ftp", .disabled = TRI_YES)), \
	.rows = ROWS(SERVICE("telnet", 23), SERVICE("ftp", 21))

static void test_what_a_waiver_matches(void **state)
{
	const struct {
		struct waiver waiver;
		const char *findings;
	} cases[] = {
		{WAIVER("r", .rule = "RA102", .service = "telnet"),
	         "RA102 high ftp:21\nRA102 high telnet:23 waived"},
		{WAIVER("r", .rule = "RA102"),
	         "RA102 high ftp:21 waived\nRA102 high telnet:23 waived"},
		{WAIVER("r", .service = "t*"), "RA102 high ftp:21\nRA102 high telnet:23 waived"},
		{WAIVER("r", .port_first = 20, .port_last = 21),
	         "RA102 high ftp:21 waived\nRA102 high telnet:23"},
		{WAIVER("r", .rule = "RA101"),
	         "RA102 high ftp:21\nRA102 high telnet:23\nRA602 low -:-1"},
		{WAIVER("r", .service = "Telnet"),
	         "RA102 high ftp:21\nRA102 high telnet:23\nRA602 low -:-1"},
		{WAIVER("r", .port_first = 21, .port_last = 21, .port_udp = true),
	         "RA102 high ftp:21\nRA102 high telnet:23\nRA602 low -:-1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK(SCENE(TELNET_ON, .waivers = WAIVERS(cases[i].waiver)), cases[i].findings);
}

static void test_a_waiver_ends_at_the_beginning_of_its_day(void **state)
{
	struct scene s = SCENE(
		TELNET_ON, .waivers = WAIVERS(WAIVER("until spring", .rule = "RA102",
	                                             .expires = "2027-03-31", .expires_at = 1000)));
	struct findings f;

	(void)state;
	s.now = 999;
	CHECK(s, "RA102 high ftp:21 waived\nRA102 high telnet:23 waived");
	s.now = 1000;
	CHECK(s, "RA102 high ftp:21\nRA102 high telnet:23\nRA601 low -:-1");
	build_audit(&s, &f);
	assert_contains(f.v[2].evidence, "until spring");
	assert_contains(f.v[2].evidence, "2027-03-31");
	assert_int_equal(f.v[2].origin.line, 20);
	findings_done(&f);
	/* Another waiver that holds still does. */
	s.waivers =
		WAIVERS(WAIVER("over", .rule = "RA102", .expires = "2027-03-31", .expires_at = 1),
	                WAIVER("holds", .service = "ftp"));
	CHECK(s, "RA102 high ftp:21 waived\nRA102 high telnet:23\nRA601 low -:-1");
}

static void test_what_could_not_be_judged_can_be_waived(void **state)
{
	struct scene s = SCENE(.policy = POLICY(EXPECT("ssh", .reachable = TRI_YES)),
	                       .rows = ROWS(SERVICE("ssh", 22)),
	                       .waivers = WAIVERS(WAIVER("no scan here", .rule = "RA401")));
	struct result r = {.audited = true};
	struct results all = {.v = &r, .n = 1, .fail_on = SEVERITY_LOW};

	(void)state;
	CHECK(s, "RA401 medium ssh:22 ? waived");
	build_audit(&s, &r.findings);
	assert_string_equal(build_only(&r.findings)->waiver, "no scan here");
	assert_int_equal(results_exit_status(&all), 0);
	findings_done(&r.findings);
}

/* Two routers of one policy: which of them have the finding, and what the run says in the end. */
static void finish(const struct scene *first, const struct scene *second, bool audited, int64_t now,
                   const char *expected_first, const char *expected_second)
{
	const struct scene *scenes[] = {first, second};
	const struct waiver *shared = first->waivers;
	const struct policy policy = {.waivers = &shared, .waivers_n = 1};
	const struct target targets[] = {{.name = "a", .policy = policy},
	                                 {.name = "b", .policy = policy}};
	const char *expected[] = {expected_first, expected_second};
	struct result r[2] = {{.target = &targets[0], .audited = true},
	                      {.target = &targets[1], .audited = audited}};

	for (size_t i = 0; i < 2; i++)
		build_audit(scenes[i], &r[i].findings);
	audit_finish(r, 2, now);
	for (size_t i = 0; i < 2; i++) {
		struct buf list;

		buf_init(&list, 4096);
		build_list(&r[i].findings, &list);
		assert_string_equal(buf_str(&list), expected[i]);
		buf_done(&list);
		/* What the subjects point to is still theirs. */
		for (size_t j = 0; j < r[i].findings.subjects_n; j++) {
			const struct subject *s = &r[i].findings.subjects[j];

			for (size_t k = 0; k < s->findings_n; k++)
				assert_string_equal(r[i].findings.v[s->findings[k]].service,
				                    s->name);
		}
		findings_done(&r[i].findings);
	}
}

static void test_a_waiver_of_several_routers_is_told_once(void **state)
{
	const struct waiver *w = WAIVERS(WAIVER("r", .rule = "RA102", .is_shared = true));
	const struct waiver *over = WAIVERS(WAIVER("r", .rule = "RA102", .is_shared = true,
	                                           .expires = "2027-01-01", .expires_at = 5));
	struct scene on = SCENE(.policy = POLICY(EXPECT("ftp", .disabled = TRI_YES)),
	                        .rows = ROWS(SERVICE("ftp", 21)), .waivers = w);
	struct scene off = SCENE(.policy = POLICY(EXPECT("telnet", .disabled = TRI_NO),
	                                          EXPECT("ftp", .disabled = TRI_YES),
	                                          EXPECT("api", .max_sessions = 5)),
	                         .rows = ROWS(SERVICE("telnet", 23, .disabled = TRI_YES),
	                                      SERVICE("ftp", 21, .disabled = TRI_YES),
	                                      SERVICE("api", 8728, .max_sessions = 9)),
	                         .waivers = w);

	(void)state;
	finish(&off, &on, true, 0, "RA101 medium telnet:23\nRA108 low api:8728",
	       "RA102 high ftp:21 waived");
	finish(&off, &off, true, 0, "RA101 medium telnet:23\nRA108 low api:8728\nRA602 low -:-1",
	       "RA101 medium telnet:23\nRA108 low api:8728");
	/* The other router may have needed it. */
	finish(&off, &off, false, 0, "RA101 medium telnet:23\nRA108 low api:8728",
	       "RA101 medium telnet:23\nRA108 low api:8728");
	on.waivers = over;
	off.waivers = over;
	on.now = off.now = 5;
	finish(&on, &off, true, 5, "RA102 high ftp:21\nRA601 low -:-1",
	       "RA101 medium telnet:23\nRA108 low api:8728");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_waiver_matches),
		cmocka_unit_test(test_a_waiver_ends_at_the_beginning_of_its_day),
		cmocka_unit_test(test_what_could_not_be_judged_can_be_waived),
		cmocka_unit_test(test_a_waiver_of_several_routers_is_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
