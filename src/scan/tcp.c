/* TCP sockets as a scan needs them. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tcp.h"

static void close_keeping_errno(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
}

static int bind_to(int fd, const struct address *source)
{
	struct sockaddr_storage ss;
	socklen_t len = address_to_sockaddr(source, 0, &ss);
	int on = 1;

	/* The port is picked at connect, by the whole four-tuple: 28,000 are enough for ever. */
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	return bind(fd, (const struct sockaddr *)&ss, len);
}

int tcp_new(const struct address *target, const struct address *source, const char *interface,
            int max_fd)
{
	bool v6 = target->family == 6;
	struct linger reset = {.l_onoff = 1, .l_linger = 0};
	int on = 1;
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (fd >= max_fd) {
		errno = EMFILE;
		goto fail;
	}
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR, &on,
	           sizeof(on));
	if (interface)
		setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
		           (socklen_t)strlen(interface));
	if (source->family && bind_to(fd, source))
		goto fail;
	return fd;
fail:
	close_keeping_errno(fd);
	return -1;
}

bool tcp_renew(int fd, const struct address *target)
{
	struct sockaddr nobody = {.sa_family = AF_UNSPEC};

	/* A link-local target has bound it to an interface. */
	return target->scope == 0 && connect(fd, &nobody, sizeof(nobody)) == 0;
}

bool tcp_own_address(int fd, struct address *out)
{
	struct sockaddr_storage ss = {0};
	socklen_t len = sizeof(ss);

	return !getsockname(fd, (struct sockaddr *)&ss, &len) &&
	       address_from_sockaddr((struct sockaddr *)&ss, out);
}

bool tcp_is_self(int fd)
{
	struct sockaddr_storage own = {0}, peer = {0};
	socklen_t own_len = sizeof(own), peer_len = sizeof(peer);

	return !getsockname(fd, (struct sockaddr *)&own, &own_len) &&
	       !getpeername(fd, (struct sockaddr *)&peer, &peer_len) && own_len == peer_len &&
	       !memcmp(&own, &peer, own_len);
}
