/* pty_run: runs a command on a terminal of its own and copies what the terminal shows to stdout;
 * for shell tests.
 *
 *	pty_run [--expect TEXT --type TEXT]… COMMAND…
 *
 * Once TEXT was shown, what --type says is typed, with Enter; "^C" types Ctrl-C. One pair after the
 * other. The terminal is 100 columns wide. The status is the command's, 128 + N when signal N ended
 * it, 124 after a minute, 125 for mistakes. */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rosaudit/clock.h"

enum { PAIRS = 8, LIMIT_MS = 60000, SHOWN = 1 << 20 };

struct play {
	const char *expect[PAIRS], *type[PAIRS];
	size_t n, next;
	char shown[SHOWN];    /* all that the terminal showed */
	size_t shown_n, seen; /* seen: up to where expectations were met */
};

static struct play play;

static int take_options(int argc, char **argv)
{
	int i = 1;

	while (i + 3 < argc && strcmp(argv[i], "--expect") == 0 &&
	       strcmp(argv[i + 2], "--type") == 0 && play.n < PAIRS) {
		play.expect[play.n] = argv[i + 1];
		play.type[play.n++] = argv[i + 3];
		i += 4;
	}
	return i < argc && argv[i][0] != '-' ? i : -1;
}

static void type_text(int fd, const char *text)
{
	bool interrupt = strcmp(text, "^C") == 0;
	char line[1024];
	int n = snprintf(line, sizeof(line), "%s", interrupt ? "\003" : text);

	if (!interrupt)
		n += snprintf(line + n, sizeof(line) - (size_t)n, "\r");
	if (write(fd, line, (size_t)n) != n)
		perror("pty_run: write");
}

static void act(int fd)
{
	while (play.next < play.n) {
		const char *at = memmem(play.shown + play.seen, play.shown_n - play.seen,
		                        play.expect[play.next], strlen(play.expect[play.next]));

		if (!at)
			return;
		play.seen = (size_t)(at - play.shown) + strlen(play.expect[play.next]);
		type_text(fd, play.type[play.next++]);
	}
}

/* One piece of what is shown; false at the end: the last process has closed the terminal. */
static bool copy(int fd)
{
	char piece[4096];
	ssize_t n = read(fd, piece, sizeof(piece));

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		return false;
	fwrite(piece, 1, (size_t)n, stdout);
	if (play.shown_n + (size_t)n <= SHOWN) {
		memcpy(play.shown + play.shown_n, piece, (size_t)n);
		play.shown_n += (size_t)n;
	}
	act(fd);
	return true;
}

static int watch(int fd, pid_t pid)
{
	int64_t until_ms = clock_ms() + LIMIT_MS;
	int status;

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left = until_ms - clock_ms();

		if (left <= 0) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return 124;
		}
		if (poll(&p, 1, (int)left) > 0 && !copy(fd))
			break;
	}
	fflush(stdout);
	if (waitpid(pid, &status, 0) < 0)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	struct winsize size = {.ws_row = 40, .ws_col = 100};
	int at = take_options(argc, argv), fd;
	pid_t pid;

	if (at < 0) {
		fputs("usage: pty_run [--expect TEXT --type TEXT]... COMMAND...\n", stderr);
		return 125;
	}
	pid = forkpty(&fd, NULL, NULL, &size);
	if (pid < 0) {
		perror("pty_run: forkpty");
		return 125;
	}
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execvp(argv[at], argv + at);
		perror(argv[at]);
		_exit(125);
	}
	return watch(fd, pid);
}
