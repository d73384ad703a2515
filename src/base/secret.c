/* Secrets: where they come from, and that they leave no copy behind. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rosaudit/arena.h"
#include "rosaudit/cancel.h"
#include "rosaudit/clock.h"
#include "rosaudit/error.h"
#include "rosaudit/file.h"
#include "rosaudit/limits.h"
#include "rosaudit/secret.h"
#include "secret_cache.h"
#include "secret_prompt.h"

/* A password manager that asks a person to touch a key takes seconds; past this it hangs. */
enum { COMMAND_LIMIT_MS = 30000 };

extern char **environ;

void secret_set(struct secret *s, const char *p, size_t n)
{
	s->p = mem_alloc(n + 1);
	memcpy(s->p, p, n);
	s->p[n] = '\0';
	s->n = n;
}

void secret_done(struct secret *s)
{
	if (!s || !s->p)
		return;
	explicit_bzero(s->p, s->n);
	free(s->p);
	s->p = NULL;
	s->n = 0;
}

const char *secret_print(const struct secret_spec *spec)
{
	if (spec->source == SECRET_NONE)
		return "(none)";
	return spec->source == SECRET_EMPTY ? "(empty)" : "(hidden)";
}

/* The first line of n bytes. An empty one is refused: the empty password is only ever tried when
 * it was written down as such, never because a file or a variable was not filled in. */
static int take_line(const char *from, const char *what, const char *p, size_t n,
                     struct secret *out, struct error *err)
{
	const char *end = memchr(p, '\n', n);

	if (end)
		n = (size_t)(end - p);
	if (n && p[n - 1] == '\r')
		n--;
	if (n > LIMIT_SECRET_BYTES)
		return error_set(err, ERROR_LIMIT,
		                 "%s: the first line of %s is longer than %u bytes", what, from,
		                 LIMIT_SECRET_BYTES);
	if (memchr(p, '\0', n))
		return error_set(err, ERROR_CONFIG, "%s: %s holds a zero byte", what, from);
	if (n == 0) {
		error_set(err, ERROR_CONFIG, "%s: %s is empty", what, from);
		return error_hint(err,
		                  "a router without a password is asked for by `password: \"\"`");
	}
	secret_set(out, p, n);
	return 0;
}

/* Fills p from fd, at most max bytes. The number of bytes, or -1 with errno. No stdio and no
 * growing buffer: both leave copies behind. */
static ssize_t read_some(int fd, char *p, size_t max)
{
	size_t n = 0;

	while (n < max) {
		ssize_t r = read(fd, p + n, max - n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		n += (size_t)r;
		if (memchr(p, '\n', n))
			break;
	}
	return (ssize_t)n;
}

static int from_nothing(const struct secret_spec *spec, const char *what, struct secret *out,
                        struct error *err)
{
	(void)spec;
	(void)out;
	return error_set(err, ERROR_CONFIG, "%s: none is configured", what);
}

static int from_empty(const struct secret_spec *spec, const char *what, struct secret *out,
                      struct error *err)
{
	(void)spec;
	(void)what;
	(void)err;
	secret_set(out, "", 0);
	return 0;
}

static int from_literal(const struct secret_spec *spec, const char *what, struct secret *out,
                        struct error *err)
{
	(void)what;
	(void)err;
	secret_set(out, spec->text, strlen(spec->text));
	return 0;
}

static int from_env(const struct secret_spec *spec, const char *what, struct secret *out,
                    struct error *err)
{
	const char *value = getenv(spec->text);
	char from[256];

	if (!value) {
		error_set(err, ERROR_CONFIG, "%s: the environment variable %s is not set", what,
		          spec->text);
		return error_hint(err,
		                  "`read -rs %s; export %s` sets it and leaves no trace in the "
		                  "shell's history",
		                  spec->text, spec->text);
	}
	snprintf(from, sizeof(from), "the environment variable %s", spec->text);
	return take_line(from, what, value, strlen(value), out, err);
}

static int from_file(const struct secret_spec *spec, const char *what, struct secret *out,
                     struct error *err)
{
	char text[LIMIT_SECRET_BYTES + 2];
	char *path = file_expand(spec->text);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read_some(fd, text, sizeof(text));
	int r;

	if (n < 0)
		r = error_set_sys(err, errno, "%s: cannot read %s", what, path);
	else
		r = take_line(path, what, text, (size_t)n, out, err);
	explicit_bzero(text, sizeof(text));
	if (fd >= 0)
		close(fd);
	free(path);
	return r;
}

/* /bin/sh -c command, its output in a pipe, its errors where ours go. Stays in our process
 * group, so that a password manager can ask on the terminal. */
static int spawn_shell(const char *command, int *out, pid_t *pid)
{
	char *argv[] = {"sh", "-c", (char *)command, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	int ends[2], sys;

	if (pipe2(ends, O_CLOEXEC))
		return errno;
	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGINT);
	sigaddset(&defaults, SIGTERM);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	sys = posix_spawn(pid, "/bin/sh", &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	close(ends[1]);
	if (sys)
		close(ends[0]);
	else
		*out = ends[0];
	return sys;
}

/* Reads until the end of the output. More than max bytes are counted but not kept. 0, or an errno:
 * ETIMEDOUT, ECANCELED after Ctrl-C. */
static int collect(int fd, int64_t until_ms, char *p, size_t max, size_t *n)
{
	*n = 0;
	for (;;) {
		struct pollfd watch[2] = {
			{.fd = fd, .events = POLLIN},
			{.fd = cancel_fd(), .events = POLLIN},
		};
		int64_t left = until_ms - clock_ms();
		char waste[512];
		ssize_t r;

		if (cancel_requested())
			return ECANCELED;
		if (left <= 0)
			return ETIMEDOUT;
		if (poll(watch, 2, (int)left) < 0 && errno != EINTR)
			return errno;
		if (!watch[0].revents)
			continue;
		r = *n < max ? read(fd, p + *n, max - *n) : read(fd, waste, sizeof(waste));
		explicit_bzero(waste, sizeof(waste));
		if (r < 0 && errno != EINTR)
			return errno;
		if (r == 0)
			return 0;
		if (r > 0 && *n < max)
			*n += (size_t)r;
	}
}

/* What became of the command: told without a byte of its output, which may be the secret. */
static int command_status(const char *what, const char *command, int sys, int status,
                          struct error *err)
{
	if (sys == ECANCELED)
		return error_set(err, ERROR_INTERRUPTED, "interrupted while reading the %s", what);
	if (sys == ETIMEDOUT)
		return error_set(err, ERROR_TIMEOUT, "%s: the command `%s` did not end within %d s",
		                 what, command, COMMAND_LIMIT_MS / 1000);
	if (sys)
		return error_set_sys(err, sys, "%s: cannot run `%s`", what, command);
	if (WIFSIGNALED(status))
		return error_set(err, ERROR_CONFIG, "%s: the command `%s` was ended by signal %d",
		                 what, command, WTERMSIG(status));
	if (WEXITSTATUS(status))
		return error_set(err, ERROR_CONFIG, "%s: the command `%s` failed with status %d",
		                 what, command, WEXITSTATUS(status));
	return 0;
}

static int from_command(const struct secret_spec *spec, const char *what, struct secret *out,
                        struct error *err)
{
	char text[LIMIT_SECRET_BYTES + 2];
	char from[256];
	size_t n = 0;
	pid_t pid;
	int fd = -1, status = 0, sys, r;

	sys = spawn_shell(spec->text, &fd, &pid);
	if (sys)
		return command_status(what, spec->text, sys, 0, err);
	sys = collect(fd, clock_ms() + COMMAND_LIMIT_MS, text, sizeof(text), &n);
	close(fd);
	if (sys)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	r = command_status(what, spec->text, sys, status, err);
	snprintf(from, sizeof(from), "the output of `%s`", spec->text);
	if (!r)
		r = take_line(from, what, text, n, out, err);
	explicit_bzero(text, sizeof(text));
	return r;
}

static int from_prompt(const struct secret_spec *spec, const char *what, struct secret *out,
                       struct error *err)
{
	char text[LIMIT_SECRET_BYTES], all[640];
	size_t n = 0;
	int r;

	snprintf(all, sizeof(all), "%s (and the other routers)", what);
	r = secret_prompt(spec->text ? all : what, text, sizeof(text), &n, err);
	if (!r)
		secret_set(out, text, n);
	explicit_bzero(text, sizeof(text));
	return r;
}

static secret_reader *const readers[] = {
	[SECRET_NONE] = from_nothing,  [SECRET_EMPTY] = from_empty, [SECRET_LITERAL] = from_literal,
	[SECRET_ENV] = from_env,       [SECRET_FILE] = from_file,   [SECRET_COMMAND] = from_command,
	[SECRET_PROMPT] = from_prompt,
};

int secret_read(const struct secret_spec *spec, const char *what, struct secret *out,
                struct error *err)
{
	*out = (struct secret){0};
	if (spec->source == SECRET_COMMAND || spec->source == SECRET_PROMPT)
		return secret_cached(spec->text ? spec->text : what, spec, what,
		                     readers[spec->source], out, err);
	return readers[spec->source](spec, what, out, err);
}
