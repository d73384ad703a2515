/* nmap as a second opinion: started without a shell, its addresses on its stdin, its XML read from
 * its stdout. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nmap.h"
#include "rosaudit/arena.h"
#include "rosaudit/cancel.h"
#include "rosaudit/limits.h"

extern char **environ;

void nmap_init(struct nmap *n)
{
	*n = (struct nmap){.out = -1, .in = -1, .said = -1};
	arena_init(&n->arena);
	nmap_arg(n, "nmap");
	nmap_arg(n, "-oX");
	nmap_arg(n, "-");
	nmap_arg(n, "-iL");
	nmap_arg(n, "-");
	nmap_arg(n, "-v"); /* hosts that are down are told, too */
	nmap_arg(n, "-n");
	nmap_arg(n, "--noninteractive");
}

void nmap_arg(struct nmap *n, const char *arg)
{
	/* One stays NULL. */
	if (n->argc + 1 < NMAP_ARGS)
		n->argv[n->argc++] = arena_strdup(&n->arena, arg);
}

void nmap_ports(struct nmap *n, const struct port_lists *lists)
{
	struct buf text;

	buf_init(&text, 1u << 20);
	if (port_set_count(&lists->tcp)) {
		buf_puts(&text, "T:");
		port_set_format(&lists->tcp, &text);
	}
	if (port_set_count(&lists->udp)) {
		buf_puts(&text, text.n ? ",U:" : "U:");
		port_set_format(&lists->udp, &text);
	}
	nmap_arg(n, "-p");
	nmap_arg(n, buf_str(&text));
	buf_done(&text);
}

/* A file in memory never blocks, however many addresses it has. */
static int put_addresses(struct nmap *n, const struct address *v, size_t count, struct error *err)
{
	struct buf text;
	int result = 0;

	n->in = memfd_create("rosaudit-targets", MFD_CLOEXEC);
	if (n->in < 0)
		return error_set_sys(err, errno, "cannot make room for nmap's targets");
	buf_init(&text, LIMIT_TARGET_FILE_BYTES);
	for (size_t i = 0; i < count; i++) {
		address_format(&v[i], &text);
		buf_putc(&text, '\n');
	}
	if (write(n->in, buf_str(&text), text.n) != (ssize_t)text.n || lseek(n->in, 0, SEEK_SET))
		result = error_set_sys(err, errno, "cannot write nmap's targets");
	buf_done(&text);
	return result;
}

static int not_started(int sys, struct error *err)
{
	if (sys != ENOENT)
		return error_set_sys(err, sys, "cannot start nmap");
	error_set(err, ERROR_USAGE, "nmap is not installed here");
	return error_hint(err, "install it, or leave --scanner nmap out");
}

int nmap_start(struct nmap *n, const struct address *v, size_t count, struct error *err)
{
	posix_spawn_file_actions_t actions;
	int fds[2], sys;

	if (put_addresses(n, v, count, err))
		return -1;
	n->said = memfd_create("rosaudit-nmap", MFD_CLOEXEC);
	if (n->said < 0)
		return error_set_sys(err, errno, "cannot make room for nmap's messages");
	if (pipe2(fds, O_CLOEXEC))
		return error_set_sys(err, errno, "cannot make a pipe for nmap");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, n->in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, n->said, STDERR_FILENO);
	sys = posix_spawnp(&n->pid, "nmap", &actions, NULL, n->argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	n->out = fds[0];
	if (sys) {
		n->pid = 0;
		return not_started(sys, err);
	}
	return 0;
}

/* Reads to the end; Ctrl-C is passed on, and what nmap then still says is read. */
static int read_all(struct nmap *n, struct buf *xml, struct error *err)
{
	struct pollfd fds[2] = {{.fd = n->out, .events = POLLIN},
	                        {.fd = cancel_fd(), .events = POLLIN}};
	char chunk[16384];
	ssize_t got;

	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return error_set_sys(err, errno, "cannot wait for nmap");
		if (cancel_requested() && fds[1].fd >= 0) {
			kill(n->pid, SIGINT);
			fds[1].fd = -1;
		}
		if (!fds[0].revents)
			continue;
		got = read(n->out, chunk, sizeof(chunk));
		if (got == 0)
			return 0;
		if (got < 0 && errno != EINTR)
			return error_set_sys(err, errno, "cannot read nmap's report");
		if (got > 0 && buf_add(xml, chunk, (size_t)got)) {
			kill(n->pid, SIGKILL);
			return error_set(err, ERROR_LIMIT, "nmap's report is larger than %u bytes",
			                 LIMIT_SCAN_FILE_BYTES);
		}
	}
}

/* nmap's own words on why it failed; of no interest otherwise. */
static void add_said(const struct nmap *n, struct error *err)
{
	char text[1024];
	ssize_t got = pread(n->said, text, sizeof(text) - 1, 0);

	while (got > 0 && text[got - 1] == '\n')
		got--;
	if (got <= 0)
		return;
	text[got] = '\0';
	error_hint(err, "%s", text);
}

static int reap(struct nmap *n, struct error *err)
{
	int status;

	while (waitpid(n->pid, &status, 0) < 0)
		if (errno != EINTR)
			return error_set_sys(err, errno, "cannot wait for nmap");
	n->pid = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (cancel_requested())
		return 0;
	error_set(err, ERROR_REMOTE, "nmap failed with status %d",
	          WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	add_said(n, err);
	return -1;
}

int nmap_finish(struct nmap *n, scan_take_host *take, void *context, struct error *err)
{
	struct buf xml;
	int result;

	buf_init(&xml, LIMIT_SCAN_FILE_BYTES);
	result = read_all(n, &xml, err);
	if (reap(n, err))
		result = -1;
	if (result == 0 && scan_read_xml(buf_str(&xml), xml.n, "nmap's report", take, context, err))
		result = -1;
	/* Cut short by Ctrl-C it is no whole document; the hosts before the cut were taken. */
	if (cancel_requested() && result) {
		error_clear(err);
		result = 0;
	}
	buf_done(&xml);
	return result;
}

void nmap_done(struct nmap *n)
{
	if (n->pid > 0) {
		kill(n->pid, SIGKILL);
		waitpid(n->pid, NULL, 0);
	}
	if (n->out >= 0)
		close(n->out);
	if (n->in >= 0)
		close(n->in);
	if (n->said >= 0)
		close(n->said);
	arena_done(&n->arena);
	*n = (struct nmap){.out = -1, .in = -1, .said = -1};
}
