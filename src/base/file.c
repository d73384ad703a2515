/* Whole files in and out. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rosaudit/arena.h"
#include "rosaudit/buf.h"
#include "rosaudit/error.h"
#include "rosaudit/file.h"

static int read_all(int fd, const char *path, struct buf *out, struct error *err)
{
	char chunk[16384];

	for (;;) {
		ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_sys(err, errno, "cannot read %s", path);
		if (n == 0)
			return 0;
		if (buf_add(out, chunk, (size_t)n))
			return error_set(err, ERROR_LIMIT, "%s is larger than %zu bytes", path,
			                 out->max);
	}
}

int file_read(const char *path, struct buf *out, struct error *err)
{
	int fd, r;

	if (strcmp(path, "-") == 0)
		return read_all(STDIN_FILENO, "standard input", out, err);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set_sys(err, errno, "cannot open %s", path);
	r = read_all(fd, path, out, err);
	close(fd);
	return r;
}

static int write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return errno;
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

static int output_error(struct error *err, const char *path, int sys)
{
	char text[128];

	return error_set(err, ERROR_OUTPUT, "cannot write %s: %s", path,
	                 strerror_r(sys, text, sizeof(text)));
}

static int write_in_place(const char *path, const char *p, size_t n, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int sys;

	if (fd < 0)
		return output_error(err, path, errno);
	sys = write_all(fd, p, n);
	if (close(fd) && !sys)
		sys = errno;
	return sys ? output_error(err, path, sys) : 0;
}

/* The mode that open(2) would have given a new file: the umask can only be read by setting it. */
static mode_t default_mode(const char *path)
{
	struct stat st;
	mode_t mask;

	if (stat(path, &st) == 0)
		return st.st_mode & 07777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

int file_write(const char *path, const char *p, size_t n, struct error *err)
{
	struct stat st;
	size_t len = strlen(path) + 8;
	mode_t mode;
	char *temporary;
	int fd, sys;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? output_error(err, path, EISDIR)
		                           : write_in_place(path, p, n, err);
	mode = default_mode(path);
	temporary = mem_alloc(len);
	snprintf(temporary, len, "%s.XXXXXX", path);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		sys = errno;
		free(temporary);
		return output_error(err, path, sys);
	}
	sys = write_all(fd, p, n);
	if (!sys && fchmod(fd, mode))
		sys = errno;
	if (close(fd) && !sys)
		sys = errno;
	if (!sys && rename(temporary, path))
		sys = errno;
	if (sys)
		unlink(temporary);
	free(temporary);
	return sys ? output_error(err, path, sys) : 0;
}

char *file_expand(const char *path)
{
	const char *home = getenv("HOME");
	size_t n;
	char *out;

	if (path[0] != '~' || (path[1] != '/' && path[1] != '\0') || !home)
		return mem_strdup(path);
	n = strlen(home) + strlen(path);
	out = mem_alloc(n + 1);
	snprintf(out, n + 1, "%s%s", home, path + 1);
	return out;
}

bool file_same(const char *a, const char *b)
{
	struct stat s, t;

	if (stat(a, &s) || stat(b, &t))
		return strcmp(a, b) == 0;
	return S_ISREG(s.st_mode) && s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}
