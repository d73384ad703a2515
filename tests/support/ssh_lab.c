/* SSH servers for tests. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "rosaudit/buf.h"
#include "rosaudit/prefix.h"
#include "tests/support/ssh_lab.h"
#include "tests/test.h"

#define SSHD "/usr/sbin/sshd"

enum { ARGUMENTS = 40 };

const char *lab_path(const struct ssh_lab *lab, const char *name)
{
	static char paths[4][4096];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", lab->dir, name);
	return path;
}

/* Time enough for a loaded machine; tests of timeouts shorten what they test. */
static void make_target(struct ssh_lab *lab, const char *host, uint16_t port)
{
	lab->target = (struct target){
		.name = "r1",
		.host = host,
		.port = port,
		.user = "admin",
		.connect_timeout_ms = 60000,
		.command_timeout_ms = 60000,
	};
}

/* Directories of one program, all in one that is removed at its end. */
struct temp_dir {
	struct temp_dir *next;
	char path[];
};

const char *lab_temp_dir(void)
{
	static struct temp_dir *all;
	static const char *base;
	static unsigned n;
	struct temp_dir *d;

	if (!base)
		base = test_temp_dir();
	d = calloc(1, sizeof(*d) + strlen(base) + 16);
	assert_non_null(d);
	snprintf(d->path, strlen(base) + 16, "%s/%u", base, n++);
	assert_int_equal(mkdir(d->path, 0700), 0);
	d->next = all;
	all = d;
	return d->path;
}

static void lab_begin(struct ssh_lab *lab)
{
	*lab = (struct ssh_lab){.dir = lab_temp_dir()};
	answer_init(&lab->answer);
}

void lab_start(struct ssh_lab *lab, const char *argument, ...)
{
	const char *argv[ARGUMENTS + 2];
	const char *host = "127.0.0.1";
	size_t n = 0;
	char port[16];
	va_list ap;

	lab_begin(lab);
	argv[n++] = program_beside("ssh_peer");
	va_start(ap, argument);
	for (; argument && n < ARGUMENTS; argument = va_arg(ap, const char *)) {
		if (n && strcmp(argv[n - 1], "--host") == 0)
			host = argument;
		argv[n++] = argument;
	}
	va_end(ap);
	argv[n] = NULL;
	program_start(&lab->peer, argv, NULL, "ready");
	program_word(&lab->peer, "host-key ", lab->fingerprint, sizeof(lab->fingerprint));
	program_word(&lab->peer, "port ", port, sizeof(port));
	make_target(lab, host, (uint16_t)atoi(port));
	lab->target.host_key = lab->fingerprint;
}

void lab_stop(struct ssh_lab *lab)
{
	lab_close(lab);
	answer_done(&lab->answer);
	program_stop(&lab->peer);
	if (lab->sshd) {
		kill(lab->sshd, SIGTERM);
		waitpid(lab->sshd, NULL, 0);
		lab->sshd = 0;
	}
}

void lab_password(struct ssh_lab *lab, const char *password)
{
	lab->target.password.source = *password ? SECRET_LITERAL : SECRET_EMPTY;
	lab->target.password.text = password;
}

/* Replaces every `from` in text by `to`, which is never longer. */
static void replace(char *text, const char *from, const char *to)
{
	size_t n = strlen(from), m = strlen(to);

	for (char *p = text; n && (p = strstr(p, from)); p += m) {
		memcpy(p, to, m);
		memmove(p + m, p + n, strlen(p + n) + 1);
	}
}

static void hide_fingerprints(char *text)
{
	for (char *p = text; (p = strstr(p, "SHA256:")); p++) {
		char *end = p + 7;

		while (isalnum((unsigned char)*end) || *end == '+' || *end == '/')
			end++;
		memmove(p + 10, end, strlen(end) + 1);
		memcpy(p + 7, "KEY", 3);
	}
}

static void take_error(struct ssh_lab *lab)
{
	char port[16];
	struct buf text;

	buf_init(&text, sizeof(lab->text) - 2);
	error_format(&lab->err, &text);
	snprintf(lab->text, sizeof(lab->text), "%s\n", buf_str(&text));
	buf_done(&text);
	snprintf(port, sizeof(port), "port %u", lab->target.port);
	replace(lab->text, port, "port N");
	snprintf(port, sizeof(port), "]:%u", lab->target.port);
	replace(lab->text, port, "]:N");
	replace(lab->text, lab->dir, "DIR");
	hide_fingerprints(lab->text);
}

int lab_open(struct ssh_lab *lab)
{
	int r;

	error_clear(&lab->err);
	r = transport_ssh.open(&lab->target, NULL, 0, &lab->session, &lab->err);
	take_error(lab);
	if (r == 0 && error_is_set(&lab->err))
		fail_msg("open succeeded, but with an error: %s", lab->text);
	return r;
}

int lab_fetch(struct ssh_lab *lab, const char *request)
{
	int r;

	error_clear(&lab->err);
	r = transport_ssh.fetch(lab->session, request, &lab->answer, &lab->err);
	take_error(lab);
	return r;
}

void lab_close(struct ssh_lab *lab)
{
	transport_ssh.close(lab->session);
	lab->session = NULL;
}

int lab_run(const char *const *argv)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		freopen("/dev/null", "w", stdout);
		freopen("/dev/null", "w", stderr);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

bool lab_keygen(struct ssh_lab *lab, const char *name, const char *type, const char *bits,
                const char *format, const char *passphrase)
{
	const char *argv[] = {
		"ssh-keygen", "-q", "-t",       type, "-b",   bits, "-m",
		format,       "-N", passphrase, "-C", "test", "-f", lab_path(lab, name),
		NULL};

	return lab_run(argv) == 0;
}

/* --- OpenSSH -------------------------------------------------------------------------------- */

static bool answers(const char *host, uint16_t port)
{
	struct sockaddr_storage ss;
	struct address a;
	unsigned n;
	bool ok;
	int fd;

	assert_true(address_parse(host, strlen(host), &a));
	n = address_to_sockaddr(&a, port, &ss);
	fd = socket(ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ok = fd >= 0 && connect(fd, (struct sockaddr *)&ss, n) == 0;
	if (fd >= 0)
		close(fd);
	return ok;
}

static void write_config(struct ssh_lab *lab, const char *host, uint16_t port, const char *lines)
{
	char text[8192];

	snprintf(text, sizeof(text),
	         "Port %u\nListenAddress %s\nPidFile none\nUsePAM no\nStrictModes no\n"
	         "PermitRootLogin yes\nAuthorizedKeysFile %s/authorized\n"
	         "ForceCommand sh %s/answer.sh\nMaxStartups 100\n%s\n",
	         port, host, lab->dir, lab->dir, lines);
	test_write_file(lab_path(lab, "sshd_config"), text);
}

static pid_t spawn_sshd(const struct ssh_lab *lab)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execl(SSHD, SSHD, "-D", "-f", lab_path(lab, "sshd_config"), "-E", lab_path(lab, "sshd.log"),
	      (char *)NULL);
	_exit(127);
}

/* Waits until the server takes connections; false when it ended instead, since somebody else was
 * quicker to take the port. */
static bool wait_for_sshd(struct ssh_lab *lab, const char *host, uint16_t port)
{
	const struct timespec moment = {.tv_nsec = 5 * 1000 * 1000};

	for (int i = 0; i < 2000; i++) {
		if (waitpid(lab->sshd, NULL, WNOHANG) == lab->sshd) {
			lab->sshd = 0;
			return false;
		}
		if (answers(host, port))
			return true;
		nanosleep(&moment, NULL);
	}
	return false;
}

bool lab_dir(struct ssh_lab *lab)
{
	lab_begin(lab);
	return access(SSHD, X_OK) == 0 && program_installed("ssh-keygen");
}

void lab_start_sshd(struct ssh_lab *lab, const char *host, const char *lines)
{
	const struct passwd *pw = getpwuid(geteuid());

	assert_non_null(pw);
	/* Where Debian's sshd locks its unprivileged half in; the service makes it at boot. */
	if (geteuid() == 0)
		mkdir("/run/sshd", 0755);
	test_write_file(lab_path(lab, "answer.sh"), "printf 'answer to: %s\\r\\n' "
	                                            "\"$SSH_ORIGINAL_COMMAND\"\n");
	for (int i = 0; i < 5 && !lab->sshd; i++) {
		uint16_t port = test_free_port();

		write_config(lab, host, port, lines);
		make_target(lab, host, port);
		lab->sshd = spawn_sshd(lab);
		wait_for_sshd(lab, host, port);
	}
	assert_true(lab->sshd > 0);
	lab->target.user = pw->pw_name;
}
