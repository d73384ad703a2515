/* Buffers, arenas, errors, text, files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "rosaudit/arena.h"
#include "rosaudit/buf.h"
#include "rosaudit/error.h"
#include "rosaudit/file.h"
#include "rosaudit/text.h"

static void test_buffer_refuses_what_passes_its_maximum(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 5);
	assert_int_equal(buf_puts(&b, "abc"), 0);
	assert_int_equal(buf_puts(&b, "def"), -1);
	assert_true(b.overflow);
	assert_string_equal(buf_str(&b), "abc");
	assert_int_equal(buf_puts(&b, "de"), 0);
	assert_int_equal(b.n, 5);
	buf_clear(&b);
	assert_false(b.overflow);
	assert_string_equal(buf_str(&b), "");
	buf_done(&b);
}

static void test_arena_memory_is_zeroed_and_grows_with_its_content(void **state)
{
	struct arena a;
	int *v = NULL;

	(void)state;
	arena_init(&a);
	for (size_t n = 1; n <= 4096; n *= 2) {
		v = arena_grow(&a, v, n / 2, n, sizeof(*v));
		assert_int_equal(v[n - 1], 0);
		v[n - 1] = (int)n;
	}
	for (int n = 1; n <= 4096; n *= 2)
		assert_int_equal(v[n - 1], n);
	assert_string_equal(arena_printf(&a, "%s-%d", "r", 7), "r-7");
	assert_null(arena_strdup(&a, NULL));
	arena_done(&a);
	assert_null(a.blocks);
}

static void test_first_error_wins(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(error_set(&err, ERROR_PARSE, "one"), -1);
	error_set(&err, ERROR_USAGE, "two");
	assert_int_equal(err.kind, ERROR_PARSE);
	assert_string_equal(err.text, "one");
	assert_int_equal(error_set(NULL, ERROR_PARSE, "nobody listens"), -1);
}

static void test_error_text_has_position_context_and_hint(void **state)
{
	struct error err = {0};
	struct buf out;

	(void)state;
	error_set_at(&err, ERROR_CONFIG, "r\x1b.yaml", 7, 3, "unknown key \"%s\"", "adress");
	error_wrap(&err, "service %s", "ssh");
	error_hint(&err, "first line\nsecond\x07line");
	buf_init(&out, 1000);
	error_format(&err, &out);
	assert_string_equal(buf_str(&out), "r\\x1B.yaml:7:3: service ssh: unknown key \"adress\"\n"
	                                   "  first line\n  second\\x07line");
	buf_done(&out);
}

static void assert_escaped(const char *p, size_t n, const char *want)
{
	struct buf out;

	buf_init(&out, 1000);
	text_escape(&out, p, n);
	assert_string_equal(buf_str(&out), want);
	buf_done(&out);
}

static void test_foreign_text_cannot_steer_a_terminal(void **state)
{
	(void)state;
	assert_escaped("plain", 5, "plain");
	assert_escaped("a\x1b[31mb", 7, "a\\x1B[31mb");
	assert_escaped("a\0b\r\n", 5, "a\\x00b\\x0D\\x0A");
	assert_escaped("\xc3\xa9\xe2\x82\xac", 5, "\xc3\xa9\xe2\x82\xac");
	assert_escaped("\xff\xc3", 2, "\\xFF\\xC3");
	assert_escaped("\xc2\x9b", 2, "\\u{009B}");           /* CSI as a C1 control */
	assert_escaped("\xe2\x80\xae", 3, "\\u{202E}");       /* right-to-left override */
	assert_escaped("\xc0\xaf", 2, "\\xC0\\xAF");          /* overlong */
	assert_escaped("\xed\xa0\x80", 3, "\\xED\\xA0\\x80"); /* surrogate */
	assert_escaped("\xf4\x90\x80\x80", 4, "\\xF4\\x90\\x80\\x80");
}

static void test_width_counts_columns_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("\xc3\xa9"), 1);
	assert_int_equal(text_width("e\xcc\x81"), 1);
	assert_int_equal(text_width("\xe4\xb8\xad"), 2);
}

static void test_nearest_word_is_suggested_only_when_near(void **state)
{
	static const char *const names[] = {"address", "port", "disabled", NULL};

	(void)state;
	assert_string_equal(text_nearest("adress", names), "address");
	assert_string_equal(text_nearest("Prot", names), "port");
	assert_string_equal(text_nearest("disable", names), "disabled");
	assert_null(text_nearest("colour", names));
	assert_null(text_nearest("x", names));
	assert_int_equal(text_distance("abcd", "abdc"), 1);
	assert_int_equal(text_distance("", "abc"), 3);
}

static void test_numbers_are_strict(void **state)
{
	unsigned long v = 7;

	(void)state;
	assert_true(text_to_uint("65535", 5, 0, 65535, &v));
	assert_int_equal(v, 65535);
	assert_false(text_to_uint("65536", 5, 0, 65535, &v));
	assert_false(text_to_uint("", 0, 0, 9, &v));
	assert_false(text_to_uint("+1", 2, 0, 9, &v));
	assert_false(text_to_uint(" 1", 2, 0, 9, &v));
	assert_false(text_to_uint("99999999999999999999999", 23, 0, 9, &v));
	assert_false(text_to_uint("9", 1, 0, 5, &v));
	assert_int_equal(v, 65535);
}

static void test_wrapped_text_keeps_within_its_width(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	text_wrap(&out, "one two  three averyverylongword end", 12, 2, true);
	assert_string_equal(buf_str(&out), "  one two\n  three\n  averyverylongword\n  end");
	buf_done(&out);
}

static void test_file_is_replaced_whole_or_not_at_all(void **state)
{
	char dir[] = "/tmp/rosaudit-test-XXXXXX", path[64], bad[64];
	struct error err = {0};
	struct buf in;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/report", dir);
	assert_int_equal(file_write(path, "old", 3, &err), 0);
	assert_int_equal(file_write(path, "newer", 5, &err), 0);
	buf_init(&in, 100);
	assert_int_equal(file_read(path, &in, &err), 0);
	assert_string_equal(buf_str(&in), "newer");
	buf_done(&in);
	buf_init(&in, 4);
	assert_int_equal(file_read(path, &in, &err), -1);
	assert_int_equal(err.kind, ERROR_LIMIT);
	buf_done(&in);
	error_clear(&err);
	snprintf(bad, sizeof(bad), "%s/nowhere/report", dir);
	assert_int_equal(file_write(bad, "x", 1, &err), -1);
	assert_int_equal(err.kind, ERROR_OUTPUT);
	assert_non_null(strstr(err.text, "No such file"));
	unlink(path);
	/* Nothing else may be left in the folder. */
	assert_int_equal(rmdir(dir), 0);
}

static void test_a_full_disk_is_told(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(file_write("/dev/full", "x", 1, &err), -1);
	assert_string_equal(err.text, "cannot write /dev/full: No space left on device");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buffer_refuses_what_passes_its_maximum),
		cmocka_unit_test(test_arena_memory_is_zeroed_and_grows_with_its_content),
		cmocka_unit_test(test_first_error_wins),
		cmocka_unit_test(test_error_text_has_position_context_and_hint),
		cmocka_unit_test(test_foreign_text_cannot_steer_a_terminal),
		cmocka_unit_test(test_width_counts_columns_not_bytes),
		cmocka_unit_test(test_nearest_word_is_suggested_only_when_near),
		cmocka_unit_test(test_numbers_are_strict),
		cmocka_unit_test(test_wrapped_text_keeps_within_its_width),
		cmocka_unit_test(test_file_is_replaced_whole_or_not_at_all),
		cmocka_unit_test(test_a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
