/* Port sets and nmap's -p syntax, with nmap itself as a second opinion. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rosaudit/buf.h"
#include "rosaudit/error.h"
#include "rosaudit/portset.h"

/* "1-3,22": the set in the shortest form. */
static const char *show(const struct port_set *s)
{
	static char text[4096];
	struct buf b;

	buf_init(&b, sizeof(text) - 1);
	port_set_format(s, &b);
	memcpy(text, buf_str(&b), b.n + 1);
	buf_done(&b);
	return text;
}

/* A catalogue of three names. */
static bool lookup(const char *pattern, size_t n, struct port_set *out)
{
	if (n == 3 && !memcmp(pattern, "ssh", 3))
		port_set_add(out, 22);
	else if (n == 5 && !memcmp(pattern, "http*", 5))
		port_set_add_range(out, 80, 81);
	else if (n == 7 && !memcmp(pattern, "www-ssl", 7))
		port_set_add(out, 443);
	else
		return false;
	return true;
}

static void test_every_form_gives_its_ports(void **state)
{
	static const struct {
		const char *text, *ports;
	} rows[] = {
		{"22", "22"},
		{"22,80,443", "22,80,443"},
		{"443,22,22,80", "22,80,443"},
		{"1-1024", "1-1024"},
		{"-", "1-65535"},
		{"-100", "1-100"},
		{"60000-", "60000-65535"},
		{"0", "0"},
		{"0-2", "0-2"},
		{"65535", "65535"},
		{"T:22", "22"},
		{"T:22,T:80", "22,80"},
		{"T: 22", "22"},
		{" 22 , 80 ", "22,80"},
		{"22 - 24", "22-24"},
		{"22,", "22"},
		{"022", "22"},
		{"00000000000000000022", "22"},
		{"5-5", "5"},
		{"ssh", "22"},
		{"ssh,http*,8291", "22,80-81,8291"},
		{"www-ssl", "443"},
		{"T:ssh", "22"},
	};
	struct port_set set;
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		port_set_clear(&set);
		assert_int_equal(
			port_set_parse(rows[i].text, strlen(rows[i].text), lookup, &set, &err), 0);
		assert_string_equal(show(&set), rows[i].ports);
	}
}

static void test_faults_are_told_with_their_column(void **state)
{
	static const struct {
		const char *text;
		size_t column;
		const char *says;
	} rows[] = {
		{"", 1, "missing"},
		{"   ", 4, "missing"},
		{",22", 1, "missing"},
		{"22,,80", 4, "missing"},
		{"T:,22", 3, "missing"},
		{"T:", 3, "missing"},
		{"22,70000", 4, "port 70000 is above 65535"},
		{"65536", 1, "above 65535"},
		{"99999999999999999999999", 1, "above 65535"},
		{"-65536", 2, "above 65535"},
		{"80,100-50", 4, "range 100-50 runs backwards"},
		{"-0", 1, "range 1-0 runs backwards"},
		{"22;80", 3, "comma"},
		{"22 80", 4, "comma"},
		{"1-2-3", 4, "comma"},
		{"--", 2, "comma"},
		{"22-ssh", 4, "comma"},
		{"U:53", 1, "UDP"},
		{"22,U:53", 4, "UDP"},
		{"S:22", 1, "SCTP"},
		{"P:1", 1, "IP protocols"},
		{"t:22", 1, "protocol letter"},
		{"SSH", 1, "lower case"},
		{"22,nosuch", 4, "no TCP port is called 'nosuch'"},
		{"[22-80", 1, "never closed"},
		{"[ssh]", 2, "range is expected"},
		{"[80-22]", 2, "backwards"},
		{"+22", 1, "not a port"},
		{"\x1b[31m", 1, "not a port"},
	};
	struct port_set set;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		err = (struct error){0};
		port_set_clear(&set);
		assert_int_equal(
			port_set_parse(rows[i].text, strlen(rows[i].text), lookup, &set, &err), -1);
		assert_int_equal(err.kind, ERROR_USAGE);
		assert_int_equal(err.column, rows[i].column);
		assert_contains(err.text, rows[i].says);
		assert_int_equal(port_set_count(&set), 0);
	}
}

static void test_names_without_a_catalogue_are_refused(void **state)
{
	struct port_set set;
	struct error err = {0};

	(void)state;
	port_set_clear(&set);
	assert_int_equal(port_set_parse("ssh", 3, NULL, &set, &err), -1);
	assert_contains(err.text, "no TCP port is called 'ssh'");
}

static void test_parse_adds_and_a_fault_adds_nothing(void **state)
{
	struct port_set set;
	struct error err = {0};

	(void)state;
	port_set_clear(&set);
	port_set_add(&set, 7);
	assert_int_equal(port_set_parse("22-23", 5, NULL, &set, &err), 0);
	assert_string_equal(show(&set), "7,22-23");
	assert_int_equal(port_set_parse("80,x", 4, NULL, &set, &err), -1);
	assert_string_equal(show(&set), "7,22-23");
}

static void test_reads_no_further_than_its_length(void **state)
{
	struct port_set set;
	struct error err = {0};

	(void)state;
	port_set_clear(&set);
	assert_int_equal(port_set_parse("22,8080", 5, NULL, &set, &err), 0);
	assert_string_equal(show(&set), "22,80");
	assert_int_equal(port_set_parse("22\0,80", 6, NULL, &set, &err), -1);
}

static void test_sets_hold_their_ends(void **state)
{
	struct port_set set;

	(void)state;
	port_set_clear(&set);
	assert_int_equal(port_set_next(&set, 0), -1);
	port_set_add(&set, 0);
	port_set_add(&set, 63);
	port_set_add(&set, 64);
	port_set_add(&set, 65535);
	assert_int_equal(port_set_count(&set), 4);
	assert_int_equal(port_set_next(&set, 1), 63);
	assert_int_equal(port_set_next(&set, 64), 64);
	assert_int_equal(port_set_next(&set, 65), 65535);
	assert_int_equal(port_set_next(&set, 65536), -1);
	port_set_remove(&set, 63);
	assert_false(port_set_has(&set, 63));
	assert_true(port_set_has(&set, 64));
	port_set_add_range(&set, 0, 65535);
	assert_int_equal(port_set_count(&set), 65536);
}

/* UDP's names are others. */
static bool lookup_udp(const char *pattern, size_t n, struct port_set *out)
{
	bool all = n == 1 && *pattern == '*';

	if (all || (n == 4 && !memcmp(pattern, "snmp", 4)))
		port_set_add(out, 161);
	if (all || (n == 3 && !memcmp(pattern, "ssh", 3)))
		port_set_add(out, 22022);
	return port_set_count(out) > 0;
}

static bool lookup_known(const char *pattern, size_t n, struct port_set *out)
{
	if (n != 1 || *pattern != '*')
		return lookup(pattern, n, out);
	port_set_add(out, 22);
	port_set_add(out, 8291);
	return true;
}

/* "TCP/UDP" of a list, or the fault. */
static const char *show_lists(const char *text, bool tcp, bool udp)
{
	static char shown[4096];
	const struct port_reading how = {tcp, udp, lookup_known, lookup_udp};
	struct port_lists lists;
	struct error err = {0};
	size_t n;

	port_set_clear(&lists.tcp);
	port_set_clear(&lists.udp);
	if (port_lists_parse(text, strlen(text), &how, &lists, &err)) {
		snprintf(shown, sizeof(shown), "%zu: %s", err.column, err.text);
		return shown;
	}
	n = (size_t)snprintf(shown, sizeof(shown), "%s/", show(&lists.tcp));
	snprintf(shown + n, sizeof(shown) - n, "%s", show(&lists.udp));
	return shown;
}

static void test_letters_choose_the_protocol_until_the_next(void **state)
{
	static const struct {
		const char *text;
		bool tcp, udp;
		const char *expected;
	} rows[] = {
		{"53", true, true, "53/53"},
		{"53", true, false, "53/"},
		{"53", false, true, "/53"},
		{"T:1-3,U:53,161", true, true, "1-3/53,161"},
		{"7,U:53,T:22,23", true, true, "7,22-23/7,53"},
		{"U:53,22", true, false, "/22,53"},
		{"T:U:22", true, true, "/22"},
		{"-,U:9", true, false, "1-65535/9"},
		{"ssh", true, true, "22/22022"},
		{"ssh,U:snmp", true, false, "22/161"},
		{"snmp", true, true, "/161"},
		{"[1-1024]", true, true, "22/161"},
		{"[-]", true, false, "22,8291/"},
		{"U:[160-],9", true, false, "/9,161,22022"},
		{"snmp", true, false, "1: no TCP port is called 'snmp'"},
		{"U:nosuch", true, true, "3: no UDP port is called 'nosuch'"},
		{"nosuch", true, true, "1: no TCP or UDP port is called 'nosuch'"},
		{"22,S:9", true, true,
	         "4: 'S:' cannot be used here: SCTP ports are not probed, "
	         "only TCP (T:) and UDP (U:) are"},
		{"22,t:9", true, true, "4: unknown protocol letter before ':', only T: and U: are"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(show_lists(rows[i].text, rows[i].tcp, rows[i].udp),
		                    rows[i].expected);
}

static void test_sets_are_added_and_taken_away(void **state)
{
	struct port_set a, b;

	(void)state;
	port_set_clear(&a);
	port_set_clear(&b);
	assert_string_equal(show(&a), "");
	port_set_add_range(&a, 1, 10);
	port_set_add_range(&b, 5, 65535);
	port_set_subtract(&a, &b);
	assert_string_equal(show(&a), "1-4");
	port_set_merge(&a, &b);
	assert_string_equal(show(&a), "1-65535");
}

/* What nmap makes of a list: its "Ports scanned: TCP(n;…)", or NULL when it refuses. */
static const char *ask_nmap(const char *ports, const char *scan, const char *proto)
{
	static char out[65536];
	char before[32];
	size_t n = 0;
	ssize_t got;
	int fds[2], status;
	char *from, *to;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		execlp("nmap", "nmap", scan, "-n", "-Pn", "-v", "-oG", "-", "-p", ports,
		       "127.0.0.1", (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	while ((got = read(fds[0], out + n, sizeof(out) - 1 - n)) > 0)
		n += (size_t)got;
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	out[n] = '\0';
	if (WEXITSTATUS(status) == 127)
		skip();
	from = strstr(out, "Ports scanned: ");
	if (WEXITSTATUS(status) != 0 || !from)
		return NULL;
	snprintf(before, sizeof(before), "%s(", proto);
	from = strstr(from, before);
	assert_non_null(from);
	from = strchr(from, ';') + 1;
	to = strchr(from, ')');
	*to = '\0';
	return from;
}

static void test_nmap_reads_the_same_lists(void **state)
{
	static const char *const lists[] = {
		"22",        "22,80,443", "1-20", "-20",    "65530-", "0",      "0-5",    "T:22",
		"T:22,T:80", "22,",       ",22",  "22 ,80", " 22",    "22, 80", "-0",     "100-50",
		"70000",     "65536",     "T:",   "T:,22",  "22,,80", "1-2-3",  "--",     "022",
		"+22",       "22;80",     "t:22", "SSH",    "5-5",    "T: 22",  "nosuch", "22-ssh",
	};
	struct port_set set;
	struct error err;
	const char *theirs;
	int ours;

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		err = (struct error){0};
		port_set_clear(&set);
		ours = port_set_parse(lists[i], strlen(lists[i]), NULL, &set, &err);
		theirs = ask_nmap(lists[i], "-sT", "TCP");
		if (!theirs)
			assert_int_equal(ours, -1);
		else
			assert_string_equal(show(&set), theirs);
	}
}

static void test_nmap_gives_the_same_ports_to_both_protocols(void **state)
{
	static const char *const lists[] = {
		"T:1-3,U:53,161", "7,U:53,T:22,23", "53", "T:5,U:9-11", "T:U:22,T:1", "U:7,T:7,8",
	};

	(void)state;
	if (geteuid() != 0) /* nmap -sU needs it */
		skip();
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		char ours[4096], theirs[4096];
		const char *tcp = ask_nmap(lists[i], "-sTU", "TCP");
		size_t n = (size_t)snprintf(theirs, sizeof(theirs), "%s/", tcp);

		snprintf(theirs + n, sizeof(theirs) - n, "%s", ask_nmap(lists[i], "-sTU", "UDP"));
		snprintf(ours, sizeof(ours), "%s", show_lists(lists[i], true, true));
		assert_string_equal(ours, theirs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_form_gives_its_ports),
		cmocka_unit_test(test_faults_are_told_with_their_column),
		cmocka_unit_test(test_names_without_a_catalogue_are_refused),
		cmocka_unit_test(test_parse_adds_and_a_fault_adds_nothing),
		cmocka_unit_test(test_reads_no_further_than_its_length),
		cmocka_unit_test(test_sets_hold_their_ends),
		cmocka_unit_test(test_letters_choose_the_protocol_until_the_next),
		cmocka_unit_test(test_sets_are_added_and_taken_away),
		cmocka_unit_test(test_nmap_reads_the_same_lists),
		cmocka_unit_test(test_nmap_gives_the_same_ports_to_both_protocols),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
