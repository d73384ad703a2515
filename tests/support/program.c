/* Programs that a test talks to. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/program.h"
#include "tests/test.h"

static void become(const char *const *argv, const char *cwd, const int in[2], const int out[2])
{
	/* whatever becomes of the test, nothing stays behind */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(in[0], STDIN_FILENO);
	dup2(out[1], STDOUT_FILENO);
	if (cwd && chdir(cwd))
		_exit(126);
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* Has a whole line that begins so arrived? */
static bool line_arrived(const char *said, const char *ready)
{
	for (const char *line = said; *line;) {
		const char *end = strchr(line, '\n');

		if (!end)
			return false;
		if (strncmp(line, ready, strlen(ready)) == 0)
			return true;
		line = end + 1;
	}
	return false;
}

void program_start(struct program *p, const char *const *argv, const char *cwd, const char *ready)
{
	int in[2], out[2];
	size_t n = 0;
	ssize_t k;

	*p = (struct program){0};
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	p->pid = fork();
	assert_true(p->pid >= 0);
	if (p->pid == 0)
		become(argv, cwd, in, out);
	close(in[0]);
	close(out[1]);
	p->in = in[1];
	p->out = out[0];
	while (!line_arrived(p->said, ready)) {
		k = read(p->out, p->said + n, sizeof(p->said) - 1 - n);
		if (k <= 0)
			program_stop(p);
		assert_true(k > 0);
		n += (size_t)k;
		p->said[n] = '\0';
	}
}

void program_stop(struct program *p)
{
	if (!p->pid)
		return;
	kill(p->pid, SIGTERM);
	waitpid(p->pid, NULL, 0);
	close(p->in);
	close(p->out);
	p->pid = 0;
}

void program_word(const struct program *p, const char *key, char *out, size_t n)
{
	const char *at = strstr(p->said, key);

	assert_non_null(at);
	at += strlen(key);
	snprintf(out, n, "%.*s", (int)strcspn(at, " \r\n"), at);
}

const char *program_beside(const char *name)
{
	static char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	assert_true(n > 0);
	path[n] = '\0';
	slash = strrchr(path, '/');
	snprintf(slash + 1, sizeof(path) - (size_t)(slash + 1 - path), "%s", name);
	return path;
}

bool program_installed(const char *name)
{
	char path[4096];
	const char *p = getenv("PATH");

	while (p && *p) {
		snprintf(path, sizeof(path), "%.*s/%s", (int)strcspn(p, ":"), p, name);
		if (access(path, X_OK) == 0)
			return true;
		p += strcspn(p, ":");
		p += *p == ':';
	}
	return false;
}

void program_wait_for_text(const char *path, const char *text)
{
	const struct timespec moment = {.tv_nsec = 5 * 1000 * 1000};
	bool found = false;

	for (int i = 0; i < 2000 && !found; i++) {
		char *all = test_read_file(path);

		found = strstr(all, text) != NULL;
		free(all);
		if (!found)
			nanosleep(&moment, NULL);
	}
	assert_true(found);
}

int program_child(int (*body)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		status = body();
		test_remove_temp_dirs();
		_exit(status);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

int program_run(const char *const *argv, const char *out)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		int pipes[2] = {open("/dev/null", O_RDONLY),
		                open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600)};

		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		become(argv, NULL, pipes, pipes);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
