/* Comparing texts, and texts with files under tests/golden. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/test.h"

/* Prints a line with its control characters made visible. */
static void print_line(const char *who, const char *p)
{
	size_t n = strcspn(p, "\n");

	fprintf(stderr, "# %s: ", who);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c < 0x20 || c == 0x7F)
			fprintf(stderr, "\\x%02X", c);
		else
			fputc(c, stderr);
	}
	fputs(p[n] ? "\n" : " (the text ends here)\n", stderr);
}

void test_assert_text_equal(const char *actual, const char *expected, const char *expected_name,
                            const char *file, int line)
{
	const char *a = actual, *e = expected;
	size_t number = 1;

	if (strcmp(actual, expected) == 0)
		return;
	for (;;) {
		size_t an = strcspn(a, "\n"), en = strcspn(e, "\n");

		if (an != en || memcmp(a, e, an) != 0 || a[an] != e[en])
			break;
		a += an + 1;
		e += en + 1;
		number++;
	}
	fprintf(stderr, "# line %zu differs from %s\n", number, expected_name);
	print_line("expected", e);
	print_line("actual  ", a);
	_fail(file, line);
}

void test_assert_contains(const char *text, const char *piece, const char *file, int line)
{
	if (strstr(text, piece))
		return;
	fprintf(stderr, "# not found: %s\n# in: %s\n", piece, text);
	_fail(file, line);
}

static void make_parents(char *path)
{
	for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0777) != 0)
			assert_int_equal(errno, EEXIST);
		*slash = '/';
	}
}

void test_assert_golden(const char *path, const char *text, const char *file, int line)
{
	char full[4096];
	char *expected;

	snprintf(full, sizeof(full), "tests/golden/%s", path);
	if (getenv("UPDATE_GOLDEN")) {
		make_parents(full);
		test_write_file(full, text);
		return;
	}
	expected = test_read_file(full);
	test_assert_text_equal(text, expected, full, file, line);
	free(expected);
}
