/* How many keys does the SSH agent hold? libssh tells "no agent" from "no keys" nowhere. */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ssh_private.h"

/* An agent answers this from memory; one that does not is dead. */
enum { AGENT_LIMIT_MS = 5000 };

/* OpenSSH's own limit for a message of an agent. */
enum { AGENT_ANSWER_BYTES = 256 * 1024 };

/* SSH agent protocol, draft-ietf-sshm-ssh-agent section 3.2. */
enum { AGENTC_REQUEST_IDENTITIES = 11, AGENT_IDENTITIES_ANSWER = 12 };

static int agent_connect(const char *path)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof(un.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(un.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&un, sizeof(un))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int read_exactly(int fd, unsigned char *p, size_t n)
{
	while (n) {
		struct pollfd watch = {.fd = fd, .events = POLLIN};
		ssize_t r;

		if (poll(&watch, 1, AGENT_LIMIT_MS) != 1)
			return -1;
		r = read(fd, p, n);
		if (r <= 0)
			return -1;
		p += r;
		n -= (size_t)r;
	}
	return 0;
}

/* Big-endian, as all of SSH. */
static size_t number(const unsigned char *p)
{
	return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
}

/* Takes the rest of the answer, so that the agent does not complain of a client that ran away. */
static void skip(int fd, size_t n)
{
	unsigned char waste[1024];

	while (n && n <= AGENT_ANSWER_BYTES) {
		size_t part = n < sizeof(waste) ? n : sizeof(waste);

		if (read_exactly(fd, waste, part))
			return;
		n -= part;
	}
}

/* Length (4 bytes), type, number of keys (4 bytes); the keys themselves are not needed. */
static int ask(int fd, size_t *keys)
{
	static const unsigned char request[5] = {0, 0, 0, 1, AGENTC_REQUEST_IDENTITIES};
	unsigned char answer[9];

	if (send(fd, request, sizeof(request), MSG_NOSIGNAL) != (ssize_t)sizeof(request))
		return -1;
	if (read_exactly(fd, answer, sizeof(answer)) || answer[4] != AGENT_IDENTITIES_ANSWER)
		return -1;
	*keys = number(answer + 5);
	if (number(answer) > 5)
		skip(fd, number(answer) - 5);
	return 0;
}

int agent_count_keys(size_t *keys, struct error *err)
{
	const char *path = getenv("SSH_AUTH_SOCK");
	int fd, r;

	*keys = 0;
	if (!path || !*path) {
		error_set(err, ERROR_AUTH, "there is no SSH agent: SSH_AUTH_SOCK is not set");
		return error_hint(err, "start one with `eval $(ssh-agent)` and add a key with "
		                       "`ssh-add`, or give `key:` instead of `agent: yes`");
	}
	fd = agent_connect(path);
	if (fd < 0) {
		error_set_sys(err, errno, "cannot talk to the SSH agent at %s", path);
		return error_hint(err, "SSH_AUTH_SOCK names an agent that is not running");
	}
	r = ask(fd, keys);
	close(fd);
	if (r)
		return error_set(err, ERROR_AUTH, "the SSH agent at %s does not answer", path);
	if (*keys == 0) {
		error_set(err, ERROR_AUTH, "the SSH agent at %s holds no keys", path);
		return error_hint(err, "add one with `ssh-add ~/.ssh/id_ed25519`");
	}
	return 0;
}
