/* What every test program includes: cmocka with the headers it wants first, and small helpers. The
 * helpers are in tests/support/, which is linked to every test program. */
#ifndef ROSAUDIT_TEST_H
#define ROSAUDIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The whole file as a string on the heap; the test fails when it cannot be read. *n may be NULL. */
char *test_read_file_n(const char *path, size_t *n);
char *test_read_file(const char *path);
void test_write_file(const char *path, const char *text);

/* A TCP port of 127.0.0.1 that was free a moment ago. */
uint16_t test_free_port(void);

/* A new directory that is removed, with all that is in it, when the program ends. The string lives
 * until then. */
const char *test_temp_dir(void);
/* Removes those that this process made: for a forked child before _exit; at exit it is done
 * anyway. */
void test_remove_temp_dirs(void);

/* Compares with tests/golden/PATH; UPDATE_GOLDEN=1 rewrites that file instead. A mismatch
 * prints the first differing line of both. */
#define assert_golden(path, text) test_assert_golden(path, text, __FILE__, __LINE__)
void test_assert_golden(const char *path, const char *text, const char *file, int line);

/* Equal texts; a mismatch prints the first differing line of both. */
#define assert_text_equal(actual, expected)                                                        \
	test_assert_text_equal(actual, expected, "expected text", __FILE__, __LINE__)
void test_assert_text_equal(const char *actual, const char *expected, const char *expected_name,
                            const char *file, int line);

/* Does the text hold the piece? */
#define assert_contains(text, piece) test_assert_contains(text, piece, __FILE__, __LINE__)
void test_assert_contains(const char *text, const char *piece, const char *file, int line);

#endif
