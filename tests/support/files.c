/* Files, directories and ports of tests. */
#include <arpa/inet.h>
#include <ftw.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/test.h"

/* Directories of one program, at most. */
#define TEMP_DIRS 64

static char *temp_dirs[TEMP_DIRS];
static size_t temp_dirs_n;
static pid_t temp_owners[TEMP_DIRS];

char *test_read_file_n(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *text;
	long size;

	if (!f) {
		print_error("# cannot open %s\n", path);
		fail();
	}
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	size = ftell(f);
	assert_true(size >= 0);
	rewind(f);
	text = calloc((size_t)size + 1, 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, (size_t)size, f), (size_t)size);
	fclose(f);
	if (n)
		*n = (size_t)size;
	return text;
}

char *test_read_file(const char *path)
{
	return test_read_file_n(path, NULL);
}

void test_write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "wb");

	if (!f) {
		print_error("# cannot write %s\n", path);
		fail();
	}
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

uint16_t test_free_port(void)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};
	socklen_t n = sizeof(sa);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, n), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sa, &n), 0);
	close(fd);
	return ntohs(sa.sin_port);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void test_remove_temp_dirs(void)
{
	for (size_t i = 0; i < temp_dirs_n; i++) {
		if (getpid() == temp_owners[i])
			nftw(temp_dirs[i], remove_entry, 16, FTW_DEPTH | FTW_PHYS);
		free(temp_dirs[i]);
	}
	temp_dirs_n = 0;
}

const char *test_temp_dir(void)
{
	const char *base = getenv("TMPDIR");
	char path[4096];

	assert_true(temp_dirs_n < TEMP_DIRS);
	snprintf(path, sizeof(path), "%s/rosaudit-test-XXXXXX", base ? base : "/tmp");
	assert_non_null(mkdtemp(path));
	if (temp_dirs_n == 0)
		atexit(test_remove_temp_dirs);
	temp_owners[temp_dirs_n] = getpid();
	temp_dirs[temp_dirs_n] = strdup(path);
	assert_non_null(temp_dirs[temp_dirs_n]);
	return temp_dirs[temp_dirs_n++];
}
