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
	size_t n = 0;
	int first, last;

	text[0] = '\0';
	for (first = port_set_next(s, 0); first >= 0;
	     first = port_set_next(s, (unsigned)last + 1)) {
		for (last = first; last < 65535 && port_set_has(s, (uint16_t)(last + 1)); last++)
			;
		n += (size_t)snprintf(text + n, sizeof(text) - n, last > first ? "%s%d-%d" : "%s%d",
		                      n ? "," : "", first, last);
	}
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
		{"[22-80]", 1, "not supported"},
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

/* What nmap makes of a list: its "Ports scanned: TCP(n;…)", or NULL when it refuses. */
static const char *ask_nmap(const char *ports)
{
	static char out[65536];
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
		execlp("nmap", "nmap", "-sT", "-n", "-Pn", "-v", "-oG", "-", "-p", ports,
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
	from = strstr(out, "Ports scanned: TCP(");
	if (WEXITSTATUS(status) != 0 || !from)
		return NULL;
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
		theirs = ask_nmap(lists[i]);
		if (!theirs)
			assert_int_equal(ours, -1);
		else
			assert_string_equal(show(&set), theirs);
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
		cmocka_unit_test(test_nmap_reads_the_same_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
