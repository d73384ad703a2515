/* From a host as written to a connected descriptor: resolved once, sentences told apart. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rosaudit/cancel.h"
#include "rosaudit/clock.h"
#include "rosaudit/message.h"
#include "rosaudit/transport.h"

static int wrong_family(const char *host, const struct address *source, struct error *err)
{
	return error_set(err, ERROR_NETWORK,
	                 "%s has no IPv%d address, but the source address is IPv%d", host,
	                 source->family, source->family);
}

/* "fe80::1%eth9" where eth9 is not here: the name is no name, so no resolver can help. */
static bool zone_missing(const char *host, struct error *err)
{
	const char *zone = strchr(host, '%');
	struct address bare;

	if (!zone || !address_parse(host, (size_t)(zone - host), &bare))
		return false;
	error_set(err, ERROR_NETWORK, "%s: this machine has no interface named '%s'", host,
	          zone + 1);
	return true;
}

static int resolve_failed(const char *host, const struct address *source, int code,
                          struct error *err)
{
	if (code == EAI_SYSTEM)
		return error_set_sys(err, errno, "cannot resolve %s", host);
	if (code == EAI_AGAIN)
		error_set(err, ERROR_NETWORK, "no name server answered for the name %s", host);
	else if (source && source->family && (code == EAI_ADDRFAMILY || code == EAI_NODATA))
		return wrong_family(host, source, err);
	else
		error_set(err, ERROR_NETWORK, "the name %s does not resolve to an address", host);
	return error_hint(err, "check the spelling of host:, or write the router's address there");
}

static int lookup(const char *host, const struct address *source, struct addrinfo **list)
{
	struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_ADDRCONFIG,
	};
	int code;

	if (source && source->family)
		hints.ai_family = source->family == 6 ? AF_INET6 : AF_INET;
	code = getaddrinfo(host, NULL, &hints, list);
	if (code != EAI_NONAME && code != EAI_ADDRFAMILY && code != EAI_NODATA)
		return code;
	/* AI_ADDRCONFIG hides ::1 from a machine whose only IPv6 address is that one. */
	hints.ai_flags = 0;
	return getaddrinfo(host, NULL, &hints, list);
}

int endpoint_resolve(const char *host, const struct address *source, struct address *out,
                     size_t max, size_t *n, struct error *err)
{
	struct addrinfo *list = NULL;
	int code;

	*n = 0;
	if (max && address_parse(host, strlen(host), out)) {
		if (source && source->family && source->family != out->family)
			return wrong_family(host, source, err);
		*n = 1;
		return 0;
	}
	if (zone_missing(host, err))
		return -1;
	code = lookup(host, source, &list);
	if (code)
		return resolve_failed(host, source, code, err);
	for (const struct addrinfo *ai = list; ai && *n < max; ai = ai->ai_next)
		if (address_from_sockaddr(ai->ai_addr, &out[*n]))
			++*n;
	freeaddrinfo(list);
	return *n ? 0 : resolve_failed(host, source, EAI_NONAME, err);
}

/* The end of a connection attempt as it is told: one row per errno that has a meaning of its
 * own. */
static const struct {
	int sys;
	const char *text; /* follows address and port */
	const char *hint;
} failures[] = {
	{ECONNREFUSED, N_("refused the connection: nothing listens there"),
         N_("is the service enabled on the router, on this port? A firewall that rejects looks the "
            "same")},
	{ENETUNREACH, N_("cannot be reached: this machine has no route to it"),
         N_("check this machine's addresses and routes")},
	{EHOSTUNREACH, N_("cannot be reached: the host is down, or a router on the way says so"),
         N_("check the cable, the address and the routes")},
	{EACCES, N_("is forbidden to us by this machine's own firewall"), NULL},
	{EPERM, N_("is forbidden to us by this machine's own firewall"), NULL},
	{EINVAL, N_("cannot be reached: a link-local address needs its interface"),
         N_("write it as fe80::1%eth0")},
	{ECONNRESET, N_("accepted the connection and reset it at once"),
         N_("RouterOS refuses so who is not in the address list of the service, see `/ip service "
            "print`")},
};

static int timed_out(const char *text, uint16_t port, long timeout_ms, struct error *err)
{
	if (timeout_ms % 1000)
		error_set(err, ERROR_TIMEOUT, "%s port %u did not answer within %ld ms", text, port,
		          timeout_ms);
	else
		error_set(err, ERROR_TIMEOUT, "%s port %u did not answer within %ld s", text, port,
		          timeout_ms / 1000);
	return error_hint(err, "the router is off, the address is wrong, or a firewall drops us");
}

static int connect_failed(const struct address *to, uint16_t port, int sys, long timeout_ms,
                          struct error *err)
{
	struct phrase what;
	struct buf text;
	int r;

	buf_init(&text, 128);
	address_format(to, &text);
	if (sys == ETIMEDOUT) {
		r = timed_out(buf_str(&text), port, timeout_ms, err);
		goto out;
	}
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		if (failures[i].sys != sys)
			continue;
		what = phrase_of(failures[i].text);
		r = error_set_phrase(err, ERROR_NETWORK, &what, "%s port %u {}", buf_str(&text),
		                     port);
		error_hint_phrase(err, failures[i].hint);
		goto out;
	}
	r = error_set_sys(err, sys, "cannot connect to %s port %u", buf_str(&text), port);
out:
	buf_done(&text);
	return r;
}

static int bind_source(int fd, const struct address *source, const struct address *to,
                       struct error *err)
{
	struct sockaddr_storage ss;
	struct address from = *source;
	struct buf text;
	unsigned len;
	int sys;

	/* A link-local source is one of the interface that leads to the router. */
	if (from.family == 6 && !from.scope && from.bytes[0] == 0xfe && from.bytes[1] == 0x80)
		from.scope = to->scope;
	len = address_to_sockaddr(&from, 0, &ss);
	if (bind(fd, (const struct sockaddr *)&ss, len) == 0)
		return 0;
	sys = errno;
	buf_init(&text, 128);
	address_format(source, &text);
	if (sys == EADDRNOTAVAIL) {
		error_set(err, ERROR_SYSTEM,
		          "the source address %s is not an address of this machine",
		          buf_str(&text));
		if (err)
			err->sys = sys;
		error_hint(err, "`ip address` lists the addresses that --source can take");
	} else {
		error_set_sys(err, sys, "cannot use the source address %s", buf_str(&text));
	}
	buf_done(&text);
	return -1;
}

/* Waits until the connection is made. 0, an errno, or ECANCELED after Ctrl-C. */
static int wait_connected(int fd, int64_t until_ms)
{
	int sys = 0;
	socklen_t len = sizeof(sys);

	for (;;) {
		struct pollfd p[2] = {
			{.fd = fd, .events = POLLOUT},
			{.fd = cancel_fd(), .events = POLLIN},
		};
		int64_t left = until_ms - clock_ms();

		if (cancel_requested())
			return ECANCELED;
		if (left <= 0)
			return ETIMEDOUT;
		if (poll(p, 2, left > 60000 ? 60000 : (int)left) < 0 && errno != EINTR)
			return errno;
		if (p[0].revents)
			break;
	}
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &sys, &len))
		return errno;
	return sys;
}

static int start_connect(int fd, const struct address *to, uint16_t port)
{
	struct sockaddr_storage ss;
	unsigned len = address_to_sockaddr(to, port, &ss);

	if (connect(fd, (const struct sockaddr *)&ss, len) == 0 || errno == EINPROGRESS ||
	    errno == EINTR)
		return 0;
	return errno;
}

static int connect_one(const struct address *to, uint16_t port, const struct address *source,
                       long timeout_ms, int *out, struct error *err)
{
	int64_t until_ms = clock_ms() + timeout_ms;
	int fd = socket(to->family == 6 ? AF_INET6 : AF_INET,
	                SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int sys;

	if (fd < 0 && errno == EAFNOSUPPORT)
		return connect_failed(to, port, ENETUNREACH, timeout_ms, err);
	if (fd < 0)
		return error_set_sys(err, errno, "cannot open a socket");
	if (source && source->family && bind_source(fd, source, to, err))
		goto fail;
	sys = start_connect(fd, to, port);
	if (!sys)
		sys = wait_connected(fd, until_ms);
	if (sys == ECANCELED) {
		error_set(err, ERROR_INTERRUPTED, "interrupted while connecting");
		goto fail;
	}
	if (sys) {
		connect_failed(to, port, sys, timeout_ms, err);
		goto fail;
	}
	if (fcntl(fd, F_SETFL, 0)) {
		error_set_sys(err, errno, "cannot make a socket blocking");
		goto fail;
	}
	*out = fd;
	return 0;
fail:
	close(fd);
	return -1;
}

int endpoint_connect(const struct address *addresses, size_t n, uint16_t port,
                     const struct address *source, long timeout_ms, int *fd, size_t *chosen,
                     struct error *err)
{
	struct error first = {0};

	for (size_t i = 0; i < n; i++) {
		struct error one = {0};

		if (connect_one(&addresses[i], port, source, timeout_ms, fd, &one) == 0) {
			*chosen = i;
			return 0;
		}
		if (i == 0 || one.kind == ERROR_INTERRUPTED)
			first = one;
		if (one.kind == ERROR_INTERRUPTED)
			break;
	}
	if (!error_is_set(&first))
		return error_set(err, ERROR_NETWORK, "there is no address to connect to");
	if (n == 2 && first.kind != ERROR_INTERRUPTED)
		error_more(&first, "; 1 more address of the same name failed too");
	else if (n > 2 && first.kind != ERROR_INTERRUPTED)
		error_more(&first, "; %zu more addresses of the same name failed too", n - 1);
	return error_adopt(err, &first);
}
