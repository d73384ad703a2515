/* Waiting and writing on a connection, so that the end of the mock always comes through. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server.h"

static int conn_poll(const struct conn *c, short events, int timeout_ms)
{
	struct pollfd fds[2] = {{.fd = c->fd, .events = events},
	                        {.fd = c->server->stop_fd, .events = POLLIN}};
	int n;

	do
		n = poll(fds, 2, timeout_ms);
	while (n < 0 && errno == EINTR);
	if (n <= 0 || fds[1].revents != 0)
		return 0;
	return fds[0].revents;
}

int conn_wait(const struct conn *c, int timeout_ms)
{
	return (conn_poll(c, POLLIN, timeout_ms) & POLLIN) != 0 ? 1 : 0;
}

void conn_stall(const struct conn *c)
{
	char dropped[512];

	while (conn_wait(c, -1) == 1)
		if (recv(c->fd, dropped, sizeof(dropped), 0) <= 0)
			return;
}

int conn_write(const struct conn *c, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		ssize_t sent = send(c->fd, at, n, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent > 0) {
			at += sent;
			n -= (size_t)sent;
			continue;
		}
		if (sent < 0 && errno != EAGAIN && errno != EINTR)
			return -1;
		if ((conn_poll(c, POLLOUT, -1) & POLLOUT) == 0)
			return -1;
	}
	return 0;
}
