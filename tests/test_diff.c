/* What changed between two reports, and the reader that believes no report. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/diff.h"
#include "rosaudit/report.h"
#include "tests/support/sample_results.h"
#include "tests/test.h"

#define REPORT_BYTES (32u << 20)

/* --- reports, and one edit of them -------------------------------------------------- */

static char *text_of(const struct results *results)
{
	const struct report_options opt = {.width = 80};
	struct buf out;
	char *text;

	buf_init(&out, REPORT_BYTES);
	report_find("json")->write(results, &opt, &out);
	assert_false(out.overflow);
	text = strdup(buf_str(&out));
	assert_non_null(text);
	buf_done(&out);
	return text;
}

static char *sample_text(const char *name)
{
	struct sample *s = sample_new(name);
	char *text = text_of(&s->results);

	sample_free(s);
	return text;
}

static json_t *child(json_t *o, const char *key)
{
	return json_is_array(o) ? json_array_get(o, (size_t)strtoul(key, NULL, 10))
	                        : json_object_get(o, key);
}

static void put_or_remove(json_t *o, const char *key, const char *value)
{
	json_t *v = value ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;

	assert_true(v || !value);
	if (json_is_object(o) && v)
		assert_int_equal(json_object_set_new(o, key, v), 0);
	else if (json_is_object(o))
		assert_int_equal(json_object_del(o, key), 0);
	else if (!v)
		assert_int_equal(json_array_remove(o, (size_t)strtoul(key, NULL, 10)), 0);
	else if (strcmp(key, "+") == 0)
		assert_int_equal(json_array_append_new(o, v), 0);
	else
		assert_int_equal(json_array_set_new(o, (size_t)strtoul(key, NULL, 10), v), 0);
}

/* Sets "routers/0/name" to a JSON value, or removes it (NULL); "+" appends to a list. */
static char *edited(const char *text, const char *path, const char *value)
{
	json_t *o = json_loads(text, 0, NULL), *at = o;
	char key[64];
	char *out;

	assert_non_null(o);
	for (;;) {
		size_t n = strcspn(path, "/");

		assert_true(n < sizeof(key));
		memcpy(key, path, n);
		key[n] = '\0';
		if (!path[n])
			break;
		at = child(at, key);
		assert_non_null(at);
		path += n + 1;
	}
	put_or_remove(at, key, value);
	out = json_dumps(o, JSON_ENSURE_ASCII);
	json_decref(o);
	assert_non_null(out);
	return out;
}

static void load(const char *text, struct snapshot *s)
{
	struct error err = {0};

	snapshot_init(s);
	if (report_json_read(text, strlen(text), "r.json", s, &err))
		fail_msg("%s", err.text);
}

/* The differences as text, without the two lines that name the sides. Heap. */
static char *differences(const char *old_text, const char *new_text)
{
	struct snapshot old, new;
	struct diff_sides sides = {"old", "new", &old, &new};
	struct diff d;
	struct buf out;
	const char *p;
	char *text;

	load(old_text, &old);
	load(new_text, &new);
	diff_init(&d);
	diff_compare(&old, &new, &d);
	buf_init(&out, REPORT_BYTES);
	report_diff_text(&d, &sides, &out);
	p = buf_str(&out);
	for (int i = 0; i < 2 && *p; i++)
		p = strchr(p, '\n') + 1;
	text = strdup(p);
	assert_non_null(text);
	buf_done(&out);
	diff_done(&d);
	snapshot_done(&new);
	snapshot_done(&old);
	return text;
}

/* --- one edit, and what is told of it ----------------------------------------------- */

#define R "routers/0/"
#define S "routers/0/device/services/"
#define G "gateway-of-the-lab: "
#define ROW(name, port, dynamic)                                                                   \
	"{\"name\":\"" name "\",\"port\":" port ",\"proto\":\"tcp\",\"disabled\":null,"            \
	"\"invalid\":null,\"dynamic\":" dynamic ",\"connection\":null,\"address\":null,"           \
	"\"certificate\":null,\"tls_version\":null,\"vrf\":null,\"max_sessions\":null}"
#define CONNECTION                                                                                 \
	"{\"name\":\"ssh\",\"port\":22,\"proto\":\"tcp\",\"disabled\":false,\"invalid\":false,"    \
	"\"dynamic\":true,\"connection\":true,\"address\":null,\"certificate\":null,"              \
	"\"tls_version\":null,\"vrf\":null,\"max_sessions\":null}"
#define PORT(port, state, serve, app)                                                              \
	"{\"port\":" port ",\"state\":\"" state "\",\"serve\":" serve ",\"app\":" app "}"
#define FINDING(rule, service, port, undecided, waived)                                            \
	"{\"rule\":\"" rule                                                                        \
	"\",\"title\":\"a title\",\"severity\":\"high\",\"undecided\":" undecided                  \
	",\"waived\":" waived ",\"service\":" service ",\"port\":" port                            \
	",\"proto\":\"tcp\",\"expected\":null}"

static const struct edit {
	const char *path, *value; /* of the report "mixed" */
	const char *told, *back;  /* to the edited one, and back from it */
} edits[] = {
	/* What is volatile. */
	{R "duration_ms", "1", "", ""},
	{R "started", "\"2027-01-01T00:00:00Z\"", "", ""},
	{"started", "\"2027-01-01T00:00:00Z\"", "", ""},
	{R "observations/1/probed_port", "40022", "", ""},
	{R "observations/1/banner", "\"220 Mon Jan  1\"", "", ""},
	{R "observations/1/rtt_us", "7", "", ""},
	{R "observations/1/reason", "\"login\"", "", ""},
	{S "+", CONNECTION, "", ""},
	{R "a-new-key", "1", "", ""},
	/* Declared. */
	{S "0/disabled", "true", "~ " G "declared ssh disabled: no -> yes\n",
         "~ " G "declared ssh disabled: yes -> no\n"},
	{S "0/port", "2222", "~ " G "declared ssh port: 22 -> 2222\n",
         "~ " G "declared ssh port: 2222 -> 22\n"},
	{S "0/address", "[\"192.0.2.0/24\",\"10.0.0.0/8\"]",
         "~ " G "declared ssh address: unrestricted -> 10.0.0.0/8,192.0.2.0/24\n",
         "~ " G "declared ssh address: 10.0.0.0/8,192.0.2.0/24 -> unrestricted\n"},
	{S "0/address", "null",
         "? " G "declared ssh address is no longer known; it was: unrestricted\n",
         "? " G "declared ssh address is now known: unrestricted\n"},
	{S "0/disabled", "null", "? " G "declared ssh disabled is no longer known; it was: no\n",
         "? " G "declared ssh disabled is now known: no\n"},
	{S "0/other", "{\"speed\":\"fast\"}", "? " G "declared ssh speed is now known: fast\n",
         "? " G "declared ssh speed is no longer known; it was: fast\n"},
	{S "0/other", "{\"port\":\"7\",\"about\":\"x\"}",
         "? " G "declared ssh port is now known: 7\n? " G "declared ssh about is now known: x\n",
         "? " G "declared ssh port is no longer known; it was: 7\n? " G
         "declared ssh about is no longer known; it was: x\n"},
	{S "+", ROW("api", "8728", "null"),
         "+ " G "declared api is listed now: port 8728, proto tcp\n",
         "- " G "declared api is no longer listed; it was: port 8728, proto tcp\n"},
	{S "+", ROW("ssh", "2222", "null"),
         "+ " G "declared ssh is listed now: port 2222, proto tcp\n",
         "- " G "declared ssh is no longer listed; it was: port 2222, proto tcp\n"},
	/* Before 7.19 a router does not list its listeners: they may have been there. */
	{S "+", ROW("dns", "53", "true"),
         "? " G "declared dns 53/tcp is now known: port 53, proto tcp\n",
         "? " G "declared dns 53/tcp is no longer known; it was: port 53, proto tcp\n"},
	/* The router itself. */
	{R "device/version", "\"7.19\"", "~ " G "router version: 7.18.2 (stable) -> 7.19\n",
         "~ " G "router version: 7.19 -> 7.18.2 (stable)\n"},
	{R "device/identity", "null", "? " G "router identity is no longer known; it was: lab-r1\n",
         "? " G "router identity is now known: lab-r1\n"},
	{R "error", "{\"text\":\"the scan is missing\"}",
         "~ " G "router audit: complete -> in part\n",
         "~ " G "router audit: in part -> complete\n"},
	{R "audited", "false", "? " G "router audit is no longer known: not audited\n",
         "? " G "router audit is now known; it was: not audited\n"},
	{R "name", "\"r2\"", "- " G "router is no longer listed\n+ r2: router is listed now\n",
         "- r2: router is no longer listed\n+ " G "router is listed now\n"},
	/* Reachable. */
	{R "observations/0/state", "\"open\"", "~ " G "reachable port 21/tcp: closed -> open\n",
         "~ " G "reachable port 21/tcp: open -> closed\n"},
	{R "observations/0/state", "\"unknown\"",
         "? " G "reachable port 21/tcp is no longer known; it was: closed\n",
         "? " G "reachable port 21/tcp is now known: closed\n"},
	{R "observations/1", PORT("22", "open", "null", "null"),
         "? " G "reachable port 22/tcp is no longer known: open; it was: open, refused\n",
         "? " G "reachable port 22/tcp is now known: open, refused; it was: open\n"},
	{R "observations/1", PORT("22", "open", "\"serving\"", "\"ssh\""),
         "~ " G "reachable port 22/tcp: open, refused -> open, serving ssh\n",
         "~ " G "reachable port 22/tcp: open, serving ssh -> open, refused\n"},
	{R "observations/+", PORT("80", "closed", "null", "null"),
         "? " G "reachable port 80/tcp is now known: closed\n",
         "? " G "reachable port 80/tcp is no longer known; it was: closed\n"},
	{R "observations/+", PORT("80", "unknown", "null", "null"), "", ""},
	{R "scan/scanned", "false", "? " G "reachable is no longer known\n",
         "? " G "reachable is now known\n"},
	/* Verdicts and findings. */
	{R "subjects/0/verdict", "\"waived\"", "~ " G "verdict ftp 21/tcp: pass -> waived\n",
         "~ " G "verdict ftp 21/tcp: waived -> pass\n"},
	{R "subjects/0/verdict", "\"could not tell\"",
         "? " G "verdict ftp 21/tcp is no longer known; it was: pass\n",
         "? " G "verdict ftp 21/tcp is now known: pass\n"},
	{R "subjects/0/port", "2121", "", ""},
	{R "findings/0/waived", "true", "~ " G "finding RA102 telnet 23/tcp waived: no -> yes\n",
         "~ " G "finding RA102 telnet 23/tcp waived: yes -> no\n"},
	{R "findings/0/severity", "\"low\"",
         "~ " G "finding RA102 telnet 23/tcp severity: critical -> low\n",
         "~ " G "finding RA102 telnet 23/tcp severity: low -> critical\n"},
	{R "findings/0/evidence", "\"told otherwise\"", "", ""},
	{R "findings/+", FINDING("RA300", "null", "80", "false", "false"),
         "+ " G "finding RA300 port 80/tcp is new: high: a title\n",
         "- " G "finding RA300 port 80/tcp is gone; it was: high: a title\n"},
	{R "findings/+", FINDING("RA300", "\"a\\u001b[2J\"", "80", "true", "true"),
         "+ " G
         "finding RA300 a\\x1B[2J 80/tcp is new: high, could not be judged, waived: a title\n",
         "- " G "finding RA300 a\\x1B[2J 80/tcp is gone; it was: high, could not be judged, "
         "waived: a title\n"},
};

static void assert_told(const char *old, const char *new, const char *expected)
{
	char *text = differences(old, new);

	assert_text_equal(text, expected);
	free(text);
}

static void test_one_edit_is_told_in_both_directions(void **state)
{
	char *base = sample_text("mixed");

	(void)state;
	for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		char *other = edited(base, edits[i].path, edits[i].value);

		assert_told(base, other, edits[i].told);
		assert_told(other, base, edits[i].back);
		free(other);
	}
	free(base);
}

static void test_a_report_equals_itself(void **state)
{
	(void)state;
	for (size_t i = 0; sample_names[i]; i++) {
		char *text = sample_text(sample_names[i]);

		assert_told(text, text, "");
		free(text);
	}
	for (unsigned seed = 1; seed <= 40; seed++) {
		struct sample *s = sample_random(seed);
		char *text = text_of(&s->results);

		assert_told(text, text, "");
		free(text);
		sample_free(s);
	}
}

static void test_many_routers_of_one_name_are_paired_in_their_order(void **state)
{
	struct sample *s = sample_many(300);
	char *text = text_of(&s->results), *less = edited(text, "routers/299", NULL);
	char *cut = edited(less, "interrupted", "true"), *told;

	(void)state;
	assert_told(text, text, "");
	told = differences(text, less);
	assert_contains(told, "router is no longer listed\n");
	assert_ptr_equal(strchr(told, '\n') + 1, told + strlen(told));
	free(told);
	told = differences(text, cut);
	assert_contains(told, "router is no longer known\n");
	free(told);
	told = differences(cut, text);
	assert_contains(told, "router is now known\n");
	free(told);
	free(cut);
	free(less);
	free(text);
	sample_free(s);
}

static void test_a_finding_on_a_port_that_was_not_probed_again_is_not_gone(void **state)
{
	char *base = sample_text("mixed");
	char *old =
		edited(base, R "observations/+", PORT("2000", "open", "\"serving\"", "\"btest\""));
	char *new = edited(base, R "findings/5", NULL), *told = differences(old, new);
	char *probed = edited(old, R "findings/5", NULL), *mended = differences(old, probed);
	char *part = edited(probed, R "error", "{\"text\":\"cut\"}"),
	     *unsure = differences(old, part);

	(void)state;
	assert_contains(told,
	                "? " G "finding RA203 port 2000/tcp is no longer known; it was: info");
	assert_contains(mended, "- " G "finding RA203 port 2000/tcp is gone; it was: info");
	assert_contains(unsure,
	                "? " G "finding RA203 port 2000/tcp is no longer known; it was: info");
	free(unsure);
	free(part);
	free(mended);
	free(probed);
	free(told);
	free(new);
	free(old);
	free(base);
}

static void test_rows_of_one_name_find_the_row_that_agrees(void **state)
{
	char *base = sample_text("mixed"), *two = edited(base, S "+", ROW("ssh", "2222", "null"));
	char *without = edited(two, S "0", NULL), *told = differences(two, without);

	(void)state;
	assert_contains(told, "- " G "declared ssh is no longer listed; it was: port 22");
	assert_ptr_equal(strchr(told, '\n') + 1, told + strlen(told));
	free(told);
	free(without);
	free(two);
	free(base);
}

static void test_a_column_may_bear_the_name_of_a_known_property(void **state)
{
	char *base = sample_text("mixed"), *old = edited(base, S "0/other", "{\"port\":\"7\"}");
	char *new = edited(base, S "0/other", "{\"port\":\"8\"}");

	(void)state;
	assert_told(old, old, "");
	assert_told(old, new, "~ " G "declared ssh port: 7 -> 8\n");
	free(new);
	free(old);
	free(base);
}

/* A saved output without its services, and one with a static row and a listener. */
static void compare_devices(enum tri complete, char **told)
{
	struct service rows[2];
	struct device none, some;
	struct snapshot old, new;
	struct diff_sides sides = {"old", "new", &old, &new};
	struct diff d;
	struct buf out;

	service_init(&rows[0]);
	service_init(&rows[1]);
	rows[0].name = "www";
	rows[1].name = "dns";
	rows[1].dynamic = TRI_YES;
	device_init(&none);
	device_init(&some);
	none.static_complete = none.listeners_complete = complete;
	device_add_service(&some, &rows[0]);
	device_add_service(&some, &rows[1]);
	snapshot_init(&old);
	snapshot_init(&new);
	snapshot_add_device(&old, &none);
	snapshot_add_device(&new, &some);
	diff_init(&d);
	diff_compare(&old, &new, &d);
	buf_init(&out, REPORT_BYTES);
	report_diff_text(&d, &sides, &out);
	*told = strdup(buf_str(&out));
	assert_non_null(*told);
	buf_done(&out);
	diff_done(&d);
	snapshot_done(&new);
	snapshot_done(&old);
	device_done(&some);
	device_done(&none);
}

static void test_rows_of_a_listing_in_part_are_not_taken_for_new(void **state)
{
	static const struct {
		enum tri complete;
		const char *told;
	} cases[] = {
		{TRI_NO,
	         "--- old\n+++ new\n? declared www is now known\n? declared dns is now known\n"},
		{TRI_YES,
	         "--- old\n+++ new\n+ declared www is listed now\n+ declared dns is listed now\n"},
		{TRI_UNKNOWN,
	         "--- old\n+++ new\n+ declared www is listed now\n+ declared dns is listed now\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *told;

		compare_devices(cases[i].complete, &told);
		assert_text_equal(told, cases[i].told);
		free(told);
	}
}

static void test_differences_of_samples_match_their_goldens(void **state)
{
	static const char *const pairs[][2] = {
		{"clean", "mixed"}, {"mixed", "unreachable"}, {"mixed", "hostile"}};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		char *old = sample_text(pairs[i][0]), *new = sample_text(pairs[i][1]), *told, *same;
		char path[128];

		/* One name, so that there is something to compare. */
		same = edited(new, "routers/0/name", "\"gateway-of-the-lab\"");
		free(new);
		new = edited(old, "routers/0/name", "\"gateway-of-the-lab\"");
		told = differences(new, same);
		snprintf(path, sizeof(path), "diff/%s-%s.txt", pairs[i][0], pairs[i][1]);
		assert_golden(path, told);
		free(told);
		free(same);
		free(new);
		free(old);
	}
}

/* --- the reader --------------------------------------------------------------------- */

static const struct {
	const char *path, *value;
	const char *error;
} faults[] = {
	{"format", "\"other-tool\"",
         "this JSON is no report of rosaudit: its format is other-tool"},
	{"format", NULL, "this JSON is no report of rosaudit: its format is not said"},
	{"version", "2", "this report is not of version 1, the one that this rosaudit reads"},
	{"version", "\"1\"", "this report is not of version 1, the one that this rosaudit reads"},
	{"version", "1.0", "this report is not of version 1, the one that this rosaudit reads"},
	{"routers", "{}", "routers: a list of routers belongs here"},
	{"routers/0", "7", "routers[0].: an object belongs here"},
	{"interrupted", NULL, "interrupted: true or false belongs here"},
	{R "name", "7", "routers[0].name: a string or null belongs here"},
	{R "audited", "null", "routers[0].audited: true or false belongs here"},
	{R "device", "[]", "routers[0].device: an object belongs here"},
	{R "device/static_complete", "\"perhaps\"",
         "routers[0].device.static_complete: a word that docs/report.md knows belongs here"},
	{S "1", "[]", "routers[0].device.services[1].: an object belongs here"},
	{S "1/port", "65536",
         "routers[0].device.services[1].port: a number in its range, or null belongs here"},
	{S "1/port", "-1",
         "routers[0].device.services[1].port: a number in its range, or null belongs here"},
	{S "1/port", NULL,
         "routers[0].device.services[1].port: a number in its range, or null belongs here"},
	{S "1/disabled", "\"no\"",
         "routers[0].device.services[1].disabled: true, false or null belongs here"},
	{S "1/proto", "\"sctp\"",
         "routers[0].device.services[1].proto: tcp, udp or null belongs here"},
	{S "1/address", "[\"nowhere\"]",
         "routers[0].device.services[1].address: a list of prefixes, as 192.0.2.0/24, belongs "
         "here"},
	{S "1/other", "[]", "routers[0].device.services[1].other: an object of texts belongs here"},
	{R "scan/scanned", "1", "routers[0].scan.scanned: true or false belongs here"},
	{R "observations/0/state", "\"ajar\"",
         "routers[0].observations[0].state: a word that docs/report.md knows belongs here"},
	{R "observations/0/port", "0", "routers[0].observations[0].port: a port belongs here"},
	{R "subjects", "null", "routers[0].subjects: a list belongs here"},
	{R "findings/2/rule", "null", "routers[0].findings[2].rule: a string belongs here"},
};

static void test_what_is_not_as_described_is_said_and_not_guessed(void **state)
{
	char *base = sample_text("mixed");

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		char *text = edited(base, faults[i].path, faults[i].value);
		struct error err = {0};
		struct snapshot s;

		snapshot_init(&s);
		assert_int_equal(report_json_read(text, strlen(text), "r.json", &s, &err), -1);
		assert_int_equal(err.kind, ERROR_PARSE);
		assert_string_equal(err.where, "r.json");
		assert_text_equal(err.text, faults[i].error);
		snapshot_done(&s);
		free(text);
	}
	free(base);
}

/* The text with 5000 prefixes, or columns, in the first row. Heap. */
static char *crowded(const char *base, const char *path, char open, const char *item, char close)
{
	struct buf b;
	char *text;

	buf_init(&b, REPORT_BYTES);
	buf_putc(&b, open);
	for (unsigned i = 0; i < 5000; i++) {
		buf_puts(&b, i > 0 ? "," : "");
		if (open == '{')
			buf_printf(&b, "\"c%u\":", i);
		buf_puts(&b, item);
	}
	buf_putc(&b, close);
	text = edited(base, path, buf_str(&b));
	buf_done(&b);
	return text;
}

static void assert_refused(const char *text, const char *piece)
{
	struct error err = {0};
	struct snapshot s;

	snapshot_init(&s);
	assert_int_equal(report_json_read(text, strlen(text), "r.json", &s, &err), -1);
	assert_contains(err.text, piece);
	snapshot_done(&s);
}

static void test_limits_hold_and_a_key_stands_once(void **state)
{
	char *base = sample_text("mixed");
	char *many = crowded(base, S "0/address", '[', "\"192.0.2.0/24\"", ']');
	char *wide = crowded(base, S "0/other", '{', "\"x\"", '}');

	(void)state;
	assert_refused(many, "services[0].address");
	assert_refused(wide, "services[0].other");
	assert_refused("{\"format\": \"rosaudit-report\", \"format\": 1}", "duplicate");
	free(wide);
	free(many);
	free(base);
}

static void test_broken_json_has_its_line_and_column(void **state)
{
	static const char text[] = "{\n  \"format\": \"rosaudit-report\",\n  oops\n}\n";
	struct error err = {0};
	struct snapshot s;

	(void)state;
	snapshot_init(&s);
	assert_int_equal(report_json_read(text, strlen(text), "r.json", &s, &err), -1);
	assert_int_equal(err.line, 3);
	assert_true(err.column > 0);
	assert_contains(err.text, "this is no complete JSON: ");
	snapshot_done(&s);
}

/* Whatever the bytes, the answer is a snapshot that can be compared, or a sentence. */
static bool read_and_compare(const char *p, size_t n, const struct snapshot *base)
{
	struct error err = {0};
	struct snapshot s;
	struct diff d;
	bool good;

	snapshot_init(&s);
	diff_init(&d);
	good = report_json_read(p, n, "r.json", &s, &err) == 0;
	assert_int_equal(good, err.kind == ERROR_NONE);
	if (good) {
		diff_compare(base, &s, &d);
		diff_compare(&s, base, &d);
	} else {
		assert_true(err.text[0]);
	}
	diff_done(&d);
	snapshot_done(&s);
	return good;
}

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

/* Replaces, doubles or removes a few bytes by those that JSON is made of. */
static size_t mutate(char *p, size_t n, unsigned *seed)
{
	static const char bytes[] = "\"{}[],:0179-.eantfl\\u\n\x80\xff";
	unsigned edits_n = next_random(seed) % 3 + 1;

	while (edits_n-- > 0 && n > 1) {
		size_t at = (next_random(seed) << 8 | next_random(seed)) % n;

		if (next_random(seed) % 4 == 0) {
			memmove(p + at, p + at + 1, n - at - 1);
			n--;
		} else {
			p[at] = bytes[next_random(seed) % (sizeof(bytes) - 1)];
		}
	}
	return n;
}

static void test_mutated_reports_are_read_or_refused(void **state)
{
	char *base = sample_text("mixed"), *copy = strdup(base);
	size_t n = strlen(base), read = 0, refused = 0;
	struct snapshot s;
	unsigned seed = 4;

	(void)state;
	assert_non_null(copy);
	load(base, &s);
	for (unsigned i = 0; i < 3000; i++) {
		size_t m;

		memcpy(copy, base, n + 1);
		m = mutate(copy, n, &seed);
		*(read_and_compare(copy, m, &s) ? &read : &refused) += 1;
	}
	for (size_t i = 0; i + 2 < n; i += 23)
		assert_false(read_and_compare(base, i, &s));
	assert_true(read > 100);
	assert_true(refused > 100);
	snapshot_done(&s);
	free(copy);
	free(base);
}

static void test_a_report_is_told_from_a_saved_output(void **state)
{
	static const struct {
		const char *text;
		bool document;
	} cases[] = {
		{"{\"format\": 1}", true},
		{"\xef\xbb\xbf\n { \"format\": 1}", true},
		{"{\"version\": \"2.1.0\"}", true},
		{"{\"services\": []}", true},
		{"{\".id\": \"*1\"}", false},
		{"{\"name\": \"ssh\"}", false},
		{"[{\"name\": \"ssh\"}]", false},
		{"{}", false},
		{"{", false},
		{"", false},
		{"Flags: X - disabled", false},
		{".id=*1;name=ssh", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(report_json_is_document(cases[i].text, strlen(cases[i].text)),
		                 cases[i].document);
}

static void test_json_of_the_differences_can_be_read(void **state)
{
	char *base = sample_text("mixed"), *other = edited(base, S "0/disabled", "null");
	struct snapshot old, new;
	struct diff_sides sides = {"old\n\xff", "new", &old, &new};
	struct diff d;
	struct buf out;
	json_t *o, *change;

	(void)state;
	load(base, &old);
	load(other, &new);
	diff_init(&d);
	diff_compare(&old, &new, &d);
	buf_init(&out, REPORT_BYTES);
	report_diff_json(&d, &sides, &out);
	o = json_loads(buf_str(&out), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(o);
	assert_true(json_is_false(json_object_get(o, "same")));
	assert_int_equal(json_array_size(json_object_get(o, "changes")), 1);
	change = json_array_get(json_object_get(o, "changes"), 0);
	assert_string_equal(json_string_value(json_object_get(change, "change")),
	                    "no longer known");
	assert_string_equal(json_string_value(json_object_get(change, "old")), "no");
	assert_true(json_is_null(json_object_get(change, "new")));
	json_decref(o);
	buf_done(&out);
	diff_done(&d);
	snapshot_done(&new);
	snapshot_done(&old);
	free(other);
	free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_edit_is_told_in_both_directions),
		cmocka_unit_test(test_a_report_equals_itself),
		cmocka_unit_test(test_many_routers_of_one_name_are_paired_in_their_order),
		cmocka_unit_test(test_a_finding_on_a_port_that_was_not_probed_again_is_not_gone),
		cmocka_unit_test(test_rows_of_one_name_find_the_row_that_agrees),
		cmocka_unit_test(test_a_column_may_bear_the_name_of_a_known_property),
		cmocka_unit_test(test_rows_of_a_listing_in_part_are_not_taken_for_new),
		cmocka_unit_test(test_differences_of_samples_match_their_goldens),
		cmocka_unit_test(test_what_is_not_as_described_is_said_and_not_guessed),
		cmocka_unit_test(test_limits_hold_and_a_key_stands_once),
		cmocka_unit_test(test_broken_json_has_its_line_and_column),
		cmocka_unit_test(test_mutated_reports_are_read_or_refused),
		cmocka_unit_test(test_a_report_is_told_from_a_saved_output),
		cmocka_unit_test(test_json_of_the_differences_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
