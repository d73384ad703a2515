/* Damaged outputs, made from every fixture by a seeded generator: no crash, no error without a
 * place, and no service that silently goes missing. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rosaudit/routeros.h"
#include "tests/test.h"

#define FIXTURES "tests/fixtures/routeros"
/* Longer fixtures are cut at every n-th byte, so that the test stays within seconds. */
#define CUTS 4000u

struct input {
	char name[128];
	char *text;
	size_t n;
};

static struct input inputs[512];
static size_t inputs_n;

static uint64_t next_random(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

/* Reads the text as the program does; an error must say something, and where. */
static int parse(const char *name, const char *p, size_t n, struct device *d)
{
	struct error err = {0};

	device_init(d);
	if (services_parse_text(p, n, "mutant", d, &err) == 0)
		return 0;
	if (err.kind == ERROR_NONE || !err.text[0])
		fail_msg("%s: refused without a word", name);
	if (err.kind == ERROR_PARSE && err.line == 0 && strcmp(err.text, "is empty") != 0)
		fail_msg("%s: no place: %s", name, err.text);
	return -1;
}

/* --- cut at every byte
 * ------------------------------------------------------------------------------ */

static bool is_layout(const char *name)
{
	return strncmp(name, "v6-", 3) == 0 || strncmp(name, "v7", 2) == 0;
}

/* Is there anything but blanks between the line's start and the cut? */
static bool line_begun(const struct input *in, size_t cut)
{
	while (cut > 0 && in->text[cut - 1] != '\n')
		if (!strchr(" \r\n\t", in->text[--cut]))
			return true;
	return false;
}

static void check_cut(const struct input *in, const struct device *whole, size_t cut, size_t line)
{
	struct device d;
	size_t due = 0;

	if (parse(in->name, in->text, cut, &d) == 0) {
		while (due < whole->services_n &&
		       (whole->services[due].line < line ||
		        (whole->services[due].line == line && line_begun(in, cut))))
			due++;
		if (d.services_n < due)
			fail_msg("%s cut at byte %zu: %zu services, %zu were there", in->name, cut,
			         d.services_n, due);
		for (size_t i = 0; i < due; i++) {
			assert_string_equal(d.services[i].name, whole->services[i].name);
			if (d.services[i].port != whole->services[i].port)
				fail_msg("%s cut at byte %zu: port %d became %d", in->name, cut,
				         whole->services[i].port, d.services[i].port);
		}
	}
	device_done(&d);
}

static void test_cut_table_never_loses_a_service_or_changes_a_port(void **state)
{
	size_t tables = 0;

	(void)state;
	for (size_t i = 0; i < inputs_n; i++) {
		const struct input *in = &inputs[i];
		size_t line = 1, step = in->n / CUTS + 1;
		struct device whole;

		if (!is_layout(in->name))
			continue;
		assert_int_equal(parse(in->name, in->text, in->n, &whole), 0);
		for (size_t cut = 0; cut < in->n; cut++) {
			if (cut % step == 0)
				check_cut(in, &whole, cut, line);
			line += in->text[cut] == '\n';
		}
		device_done(&whole);
		tables++;
	}
	assert_true(tables > 15);
}

static void test_any_form_cut_anywhere_is_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < inputs_n; i++) {
		size_t step = inputs[i].n / 400 + 1;

		for (size_t cut = 0; cut < inputs[i].n; cut += step) {
			struct device d;

			parse(inputs[i].name, inputs[i].text, cut, &d);
			device_done(&d);
		}
	}
	assert_true(inputs_n > 100);
}

/* --- other damage
 * ------------------------------------------------------------------------------------- */

static void flip(char *p, size_t n, uint64_t *seed)
{
	static const char odd[] = " \t\n\r\";=,./:#\\\033[]{}0123456789XIDc\xc3\xbc\xff";
	size_t hits = 1 + next_random(seed) % 3;

	for (size_t i = 0; n && i < hits; i++)
		p[next_random(seed) % n] = odd[next_random(seed) % (sizeof(odd) - 1)];
}

/* Copies the text with two of its lines exchanged. */
static void swap_lines(const struct input *in, char *out, uint64_t *seed)
{
	size_t starts[64], lines = 0, a, b, at = 0;

	for (size_t i = 0; i < in->n && lines < 63; i++)
		if (i == 0 || in->text[i - 1] == '\n')
			starts[lines++] = i;
	starts[lines] = in->n;
	memcpy(out, in->text, in->n);
	if (lines < 2)
		return;
	a = next_random(seed) % (lines - 1);
	b = a + 1 + next_random(seed) % (lines - a - 1);
	at = starts[a];
	memcpy(out + at, in->text + starts[b], starts[b + 1] - starts[b]);
	at += starts[b + 1] - starts[b];
	memcpy(out + at, in->text + starts[a + 1], starts[b] - starts[a + 1]);
	at += starts[b] - starts[a + 1];
	memcpy(out + at, in->text + starts[a], starts[a + 1] - starts[a]);
}

static void test_flipped_bytes_and_swapped_lines_are_read_or_refused(void **state)
{
	uint64_t seed = 0x5eed0f2026;
	size_t tried = 0;

	(void)state;
	for (size_t i = 0; i < inputs_n; i++) {
		const struct input *in = &inputs[i];
		char *copy = malloc(in->n + 1);

		for (size_t round = 0; round < 60; round++) {
			struct device d;

			if (round % 3 == 0)
				swap_lines(in, copy, &seed);
			else
				memcpy(copy, in->text, in->n);
			if (round % 3 != 0 || round % 2 == 0)
				flip(copy, in->n, &seed);
			parse(in->name, copy, in->n, &d);
			device_done(&d);
			tried++;
		}
		free(copy);
	}
	assert_true(tried > 6000);
}

/* Swapping two rows changes their order and nothing else. */
static void test_rows_of_a_table_may_stand_in_any_order(void **state)
{
	static const char text[] = "Flags: X - DISABLED\n#   NAME  PORT  VRF\n"
				   "9   www     80  main\n3 X ssh     22  main\n4   ftp     21\n";
	struct device d;

	(void)state;
	assert_int_equal(parse("order", text, strlen(text), &d), 0);
	assert_int_equal(d.services_n, 3);
	assert_string_equal(d.services[1].name, "ssh");
	assert_int_equal(d.services[1].disabled, TRI_YES);
	device_done(&d);
}

/* --- time grows with the length only
 * ------------------------------------------------------------------- */

static void test_long_odd_inputs_end(void **state)
{
	static const char *const pieces[] = {
		"[",
		"[@",
		"[@]",
		"[@] a",
		";",
		".id=*1;",
		"0 a=",
		"0 name=\"",
		"\\\n",
		"#",
		"# A",
		"Flags: ",
		"Columns: A, ",
		";;;\n",
		" 1 ;;; x\n",
		"\x1b[",
		"\r",
		"\b",
		"{\"a\":",
		"[{",
		"/ip service\n",
		"/ip service set x a=\"\\\n",
		"0   name=ssh port=22\n    ",
		"a\n\n",
		"#\tNAME\tPORT\n0\tx\t1\n\t\t\t",
		"1 2 3 4 ",
		"\xc3\xbc ",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		size_t len = strlen(pieces[i]), n = 300000 / len * len;
		char *text = malloc(n);
		struct device d;

		for (size_t at = 0; at < n; at += len)
			memcpy(text + at, pieces[i], len);
		parse(pieces[i], text, n, &d);
		device_done(&d);
		free(text);
	}
}

static void load_inputs(void)
{
	struct dirent **list;
	int n = scandir(FIXTURES, &list, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		char path[512];

		snprintf(path, sizeof(path), FIXTURES "/%s/input", list[i]->d_name);
		if (list[i]->d_name[0] != '.' && access(path, R_OK) == 0 && inputs_n < 512) {
			struct input *in = &inputs[inputs_n++];

			snprintf(in->name, sizeof(in->name), "%.127s", list[i]->d_name);
			in->text = test_read_file_n(path, &in->n);
		}
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_table_never_loses_a_service_or_changes_a_port),
		cmocka_unit_test(test_any_form_cut_anywhere_is_read_or_refused),
		cmocka_unit_test(test_flipped_bytes_and_swapped_lines_are_read_or_refused),
		cmocka_unit_test(test_rows_of_a_table_may_stand_in_any_order),
		cmocka_unit_test(test_long_odd_inputs_end),
	};
	int status;

	load_inputs();
	status = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t i = 0; i < inputs_n; i++)
		free(inputs[i].text);
	return status;
}
