/* Programs that a test talks to: started, waited for, ended. */
#ifndef ROSAUDIT_TEST_PROGRAM_H
#define ROSAUDIT_TEST_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct program {
	pid_t pid;       /* 0 = not running */
	int in, out;     /* its stdin and stdout */
	char said[4096]; /* what it wrote until it was ready */
};

/* Starts argv (argv[0] is looked up in PATH unless it has a slash) in directory cwd (NULL =
 * ours) and reads its stdout until a line begins with ready; the test fails when it ends
 * before. The peer dies with the test. */
void program_start(struct program *p, const char *const *argv, const char *cwd, const char *ready);
/* Ends it (SIGTERM) and waits; accepts one that was never started. */
void program_stop(struct program *p);
/* The word behind key ("port ") in what it said; the test fails without it. */
void program_word(const struct program *p, const char *key, char *out, size_t n);
/* A program built beside this test ("http_peer"). The string lives until the next call. */
const char *program_beside(const char *name);
/* Is there a program of that name in PATH? */
bool program_installed(const char *name);
/* Waits until the file holds the text; the test fails after ten seconds. */
void program_wait_for_text(const char *path, const char *text);
/* Runs argv to its end, its stdout into the file out, and gives its exit status; 127 when there is
 * no such program, -1 when a signal ended it. */
int program_run(const char *const *argv, const char *out);
/* Runs body in a child process, so that what it does to the process stays there: its result. */
int program_child(int (*body)(void));

#endif
