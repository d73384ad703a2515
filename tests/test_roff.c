/* Manual pages: no text is taken for a command, and every line is short. */
#include <string.h>

#include "rosaudit/roff.h"
#include "test.h"

static void check(void (*write)(struct buf *, const char *), const char *text, const char *expected)
{
	struct buf out;

	buf_init(&out, 1u << 16);
	write(&out, text);
	assert_string_equal(buf_str(&out), expected);
	buf_done(&out);
}

static void test_signs_of_roff_are_text(void **state)
{
	(void)state;
	check(roff_text, "a\\b", "a\\eb");
	check(roff_text, "--fail-on", "\\-\\-fail\\-on");
	check(roff_text, ".TH x", "\\&.TH x");
	check(roff_text, "'it", "\\(aqit");
	check(roff_text, "~ ^ `", "\\(ti \\(ha \\(ga");
	check(roff_text, "a\n.b", "a .b");
}

static void test_other_characters_are_named(void **state)
{
	(void)state;
	check(roff_text, "SHA256:\xe2\x80\xa6", "SHA256:\\[u2026]");
	check(roff_text, "\xff", "\\[uFFFD]");
}

static void test_long_lines_are_broken_at_blanks(void **state)
{
	static const char text[] = "one two three four five six seven eight nine ten eleven twelve "
				   ".thirteen fourteen";
	struct buf out;

	(void)state;
	buf_init(&out, 1u << 16);
	roff_text(&out, text);
	assert_contains(buf_str(&out), "twelve\n\\&.thirteen");
	buf_done(&out);
}

static void test_an_example_keeps_its_lines(void **state)
{
	(void)state;
	check(roff_example, "a:\n  - b\n.c\n", ".RS 4\n.nf\na:\n  \\- b\n\\&.c\n.fi\n.RE\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signs_of_roff_are_text),
		cmocka_unit_test(test_other_characters_are_named),
		cmocka_unit_test(test_long_lines_are_broken_at_blanks),
		cmocka_unit_test(test_an_example_keeps_its_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
