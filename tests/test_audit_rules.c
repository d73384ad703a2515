/* The table of rules: what `rosaudit explain` prints, and that each rule can fire. */
#include "audit_build.h"

static bool is_plain_text(const char *s)
{
	for (; *s; s++)
		if (*s < 0x20 || *s > 0x7e)
			return false;
	return true;
}

static void test_ids_ascend_and_are_well_formed(void **state)
{
	(void)state;
	assert_int_equal(audit_rules_n, 46);
	for (size_t i = 0; i < audit_rules_n; i++) {
		const char *id = audit_rules[i]->id;

		assert_int_equal(strlen(id), 5);
		assert_memory_equal(id, "RA", 2);
		assert_int_equal(strspn(id + 2, "0123456789"), 3);
		assert_true(i == 0 || strcmp(audit_rules[i - 1]->id, id) < 0);
	}
}

static void test_every_text_is_there_and_ascii(void **state)
{
	(void)state;
	for (size_t i = 0; i < audit_rules_n; i++) {
		const struct rule_info *r = audit_rules[i];
		const char *texts[] = {r->title, r->meaning, r->why, r->mend, r->source};

		for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++) {
			assert_non_null(texts[j]);
			assert_true(strlen(texts[j]) > 8);
			assert_true(is_plain_text(texts[j]));
		}
		/* Titles are headings, the rest are sentences. */
		assert_int_not_equal(r->title[strlen(r->title) - 1], '.');
		assert_int_equal(r->meaning[strlen(r->meaning) - 1], '.');
		assert_int_equal(r->why[strlen(r->why) - 1], '.');
		assert_int_equal(r->mend[strlen(r->mend) - 1], '.');
		assert_contains(r->source, "RouterOS manual: ");
		assert_true(r->severity <= SEVERITY_CRITICAL);
	}
}

static void test_rules_are_found_whatever_the_case(void **state)
{
	(void)state;
	for (size_t i = 0; i < audit_rules_n; i++)
		assert_ptr_equal(audit_rule_find(audit_rules[i]->id), audit_rules[i]);
	assert_ptr_equal(audit_rule_find("ra104"), audit_rule_find("RA104"));
	assert_null(audit_rule_find("RA000"));
	assert_null(audit_rule_find("RA1045"));
	assert_null(audit_rule_find(""));
}

/* One scene in which every rule has something to say. */
static void test_every_rule_fires_somewhere(void **state)
{
	struct scene s =
		SCENE(.version = "7.18", .unlisted = UNLISTED_WARN, .seen_as = "192.0.2.9",
	              .policy = POLICY(
			      EXPECT("telnet", .disabled = TRI_NO),
			      EXPECT("ftp", .disabled = TRI_YES),
			      EXPECT("ssh", .port = 22, WITHIN("192.0.2.0/24"), .vrf = "lab",
	                             .max_sessions = 5, .reachable = TRI_NO),
			      EXPECT("www-ssl", .certificate = "a", .tls_version = "only-1.2"),
			      EXPECT("api-ssl", .tls_version = "any", .reachable = TRI_YES)),
	              .ports = PORTS(PORT(8291, SAY_IS(EXPECT_FORBIDDEN)),
	                             PORT(4444, SAY_IS(EXPECT_REQUIRED))),
	              .now = 100,
	              .waivers = WAIVERS(WAIVER("never seen", .rule = "RA000"),
	                                 WAIVER("over", .rule = "RA102", .expires = "1970-01-01",
	                                        .expires_at = 99)),
	              .rows = ROWS(SERVICE("telnet", 23, .disabled = TRI_YES), SERVICE("ftp", 21),
	                           SERVICE("ssh", 2222, .vrf = "main", .max_sessions = 20),
	                           SERVICE("www-ssl", 443, .certificate = "b", .tls_version = "any",
	                                   .invalid = TRI_YES),
	                           SERVICE("api", 8728, ADDRESS("10.0.0.0/8")),
	                           SERVICE("winbox", 8291), SERVICE("api-ssl", 8729)),
	              .second = ROWS(SERVICE("telnet", 23)),
	              .seen = SEEN(REFUSED(21), OPEN(23), CLOSED(443), OPEN(2000),
	                           SERVING(2222, .app = APP_SSH), CLOSED(4444),
	                           SERVING(8291, .app = APP_HTTP), SERVING(8728, .app = APP_API),
	                           NO_RESULT(8729, "interrupted")));
	/* Every menu was read; the router's own list has a listener that its menu turns off. */
	const struct scene attributed =
		SCENE(.version = "7.20", .listeners = TRI_YES, .rest_missing = true,
	              .seen_as = "192.0.2.9",
	              .menus = "/snmp: enabled=no\n/ip firewall nat: chain=dstnat action=dst-nat "
	                       "protocol=tcp dst-port=80 to-addresses=10.0.0.5 disabled=no",
	              .policy = POLICY(EXPECT("winbox", WITHIN("192.0.2.0/24"))),
	              .rows = ROWS(SERVICE("winbox", 8291), SERVICE("www", 80),
	                           LISTENER("snmp", 161, .proto = L4_UDP),
	                           SERVICE("winbox", 8291, .dynamic = TRI_YES,
	                                   .connection = TRI_YES, .remote = "198.51.100.7:50000")),
	              .seen = SEEN(OPEN(80), OPEN(31337)));
	const struct observation *closed = SEEN(SILENT(8728), CLOSED(8729));
	bool fired[64] = {false};

	(void)state;
	for (int round = 0; round < 4; round++) {
		struct findings f;

		build_audit(&s, &f);
		for (size_t i = 0; i < f.n; i++)
			for (size_t j = 0; j < audit_rules_n; j++)
				fired[j] |= f.v[i].rule == audit_rules[j];
		findings_done(&f);
		/* With the vantage unknown, and with a silent port, and one closed that should
		 * be reachable. */
		if (round == 0)
			s.seen_as = NULL;
		else if (round == 1)
			s.seen = closed;
		else
			s = attributed;
	}
	for (size_t j = 0; j < audit_rules_n; j++) {
		/* The firewall's have scenes of their own: test_audit_firewall. */
		if (strncmp(audit_rules[j]->id, "RA7", 3) == 0)
			continue;
		if (!fired[j])
			print_error("%s never fired\n", audit_rules[j]->id);
		assert_true(fired[j]);
	}
}

static void test_severities_have_names_and_back(void **state)
{
	static const char *const names[] = {"info", "low", "medium", "high", "critical"};
	enum severity s;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(severity_name((enum severity)i), names[i]);
		assert_true(severity_parse(names[i], &s));
		assert_int_equal(s, i);
	}
	s = SEVERITY_HIGH;
	assert_false(severity_parse("High", &s));
	assert_false(severity_parse("", &s));
	assert_int_equal(s, SEVERITY_HIGH);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids_ascend_and_are_well_formed),
		cmocka_unit_test(test_every_text_is_there_and_ascii),
		cmocka_unit_test(test_rules_are_found_whatever_the_case),
		cmocka_unit_test(test_every_rule_fires_somewhere),
		cmocka_unit_test(test_severities_have_names_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
