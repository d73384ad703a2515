/* What the end of a connect says of the port. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/icmp6.h>
#include <linux/errqueue.h>
#include <string.h>
#include <sys/socket.h>

#include "outcome.h"
#include "tcp.h"

static const struct row {
	int error;
	enum outcome_kind kind;
	enum port_state state; /* when it came from the network */
	const char *reason;
} errnos[] = {
	{ECONNREFUSED, OUTCOME_STATE, PORT_CLOSED, "conn-refused"},
	{ETIMEDOUT, OUTCOME_SILENCE, PORT_FILTERED, "no-response"},
	{EHOSTUNREACH, OUTCOME_STATE, PORT_FILTERED, "host-unreach"},
	{ENETUNREACH, OUTCOME_STATE, PORT_FILTERED, "net-unreach"},
	/* A local firewall or route forbids it, or the sandbox that we run in. */
	{EACCES, OUTCOME_STATE, PORT_UNKNOWN, "no-permission"},
	{EPERM, OUTCOME_STATE, PORT_UNKNOWN, "no-permission"},
	{EAFNOSUPPORT, OUTCOME_STATE, PORT_UNKNOWN, "no-such-family"},
	{EMFILE, OUTCOME_SHORTAGE, PORT_UNKNOWN, "no-descriptor"},
	{ENFILE, OUTCOME_SHORTAGE, PORT_UNKNOWN, "no-descriptor"},
	{ENOSPC, OUTCOME_SHORTAGE, PORT_UNKNOWN, "no-descriptor"}, /* epoll's max_user_watches */
	{ENOBUFS, OUTCOME_SHORTAGE, PORT_UNKNOWN, "no-memory"},
	{ENOMEM, OUTCOME_SHORTAGE, PORT_UNKNOWN, "no-memory"},
	{EAGAIN, OUTCOME_SHORTAGE, PORT_UNKNOWN, "no-memory"},
	{EADDRNOTAVAIL, OUTCOME_SHORTAGE, PORT_UNKNOWN, "no-local-port"},
	{EADDRINUSE, OUTCOME_SHORTAGE, PORT_UNKNOWN, "no-local-port"},
	{ENETDOWN, OUTCOME_SHORTAGE, PORT_UNKNOWN, "interface-down"},
};

struct outcome outcome_of_errno(int error, bool local)
{
	const struct row *r;

	for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++) {
		r = &errnos[i];
		if (r->error != error)
			continue;
		if (local && r->state == PORT_FILTERED)
			return (struct outcome){r->kind, PORT_UNKNOWN, r->reason};
		return (struct outcome){r->kind, r->state, r->reason};
	}
	return (struct outcome){OUTCOME_STATE, PORT_UNKNOWN, "local-error"};
}

/* nmap's judgement of unreachable messages: all of them are filtered, a port that is unreachable by
 * ICMP too, since a closed one answers TCP with RST. */
static const struct icmp_row {
	uint8_t origin, type, code;
	const char *reason;
} icmps[] = {
	{SO_EE_ORIGIN_ICMP, ICMP_DEST_UNREACH, ICMP_NET_UNREACH, "net-unreach"},
	{SO_EE_ORIGIN_ICMP, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, "host-unreach"},
	{SO_EE_ORIGIN_ICMP, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, "proto-unreach"},
	{SO_EE_ORIGIN_ICMP, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, "port-unreach"},
	{SO_EE_ORIGIN_ICMP, ICMP_DEST_UNREACH, ICMP_NET_ANO, "admin-prohibited"},
	{SO_EE_ORIGIN_ICMP, ICMP_DEST_UNREACH, ICMP_HOST_ANO, "admin-prohibited"},
	{SO_EE_ORIGIN_ICMP, ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, "admin-prohibited"},
	{SO_EE_ORIGIN_ICMP, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, "time-exceeded"},
	{SO_EE_ORIGIN_ICMP6, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_NOROUTE, "net-unreach"},
	{SO_EE_ORIGIN_ICMP6, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_ADMIN, "admin-prohibited"},
	{SO_EE_ORIGIN_ICMP6, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_BEYONDSCOPE, "host-unreach"},
	{SO_EE_ORIGIN_ICMP6, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_ADDR, "host-unreach"},
	{SO_EE_ORIGIN_ICMP6, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_NOPORT, "port-unreach"},
	{SO_EE_ORIGIN_ICMP6, ICMP6_DST_UNREACH, 5, "admin-prohibited"}, /* RFC 4443: policy */
	{SO_EE_ORIGIN_ICMP6, ICMP6_DST_UNREACH, 6, "admin-prohibited"}, /* RFC 4443: reject route */
	{SO_EE_ORIGIN_ICMP6, ICMP6_TIME_EXCEEDED, ICMP6_TIME_EXCEED_TRANSIT, "time-exceeded"},
};

static const char *reason_of(uint8_t origin, uint8_t type, uint8_t code)
{
	for (size_t i = 0; i < sizeof(icmps) / sizeof(icmps[0]); i++)
		if (icmps[i].origin == origin && icmps[i].type == type && icmps[i].code == code)
			return icmps[i].reason;
	return NULL;
}

static const char *icmp_reason(const struct sock_extended_err *e)
{
	return reason_of(e->ee_origin, e->ee_type, e->ee_code);
}

const char *outcome_icmp_reason(uint8_t family, uint8_t type, uint8_t code)
{
	return reason_of(family == 6 ? SO_EE_ORIGIN_ICMP6 : SO_EE_ORIGIN_ICMP, type, code);
}

/* Did our own kernel make the message up (it does when no neighbour answers), rather than a router?
 * On loopback the two are one, and the message is the target's. */
static bool made_up(int fd, const struct sock_extended_err *e, const struct address *target)
{
	struct address offender, own;

	if (!address_from_sockaddr(SO_EE_OFFENDER(e), &offender) || !tcp_own_address(fd, &own))
		return false;
	offender.scope = own.scope;
	return address_equal(&offender, &own) && !address_equal(&own, target);
}

/* One message of the error queue; NULL in *e when it holds no extended error. to: of the datagram
 * that it is about. False: empty. */
static bool next_error(int fd, struct sockaddr_storage *to, char *control, size_t size,
                       const struct sock_extended_err **e)
{
	char byte;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr m = {.msg_name = to,
	                   .msg_namelen = sizeof(*to),
	                   .msg_iov = &iov,
	                   .msg_iovlen = 1,
	                   .msg_control = control,
	                   .msg_controllen = size};

	*e = NULL;
	if (recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
		    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
			*e = (const struct sock_extended_err *)(const void *)CMSG_DATA(c);
	return true;
}

bool outcome_of_icmp(int fd, const struct address *target, struct outcome *out)
{
	_Alignas(struct cmsghdr) char control[512];
	const struct sock_extended_err *e;
	struct sockaddr_storage to;
	const char *reason;
	bool found = false;

	while (next_error(fd, &to, control, sizeof(control), &e)) {
		reason = e ? icmp_reason(e) : NULL;
		if (!reason || found)
			continue;
		found = true;
		*out = (struct outcome){OUTCOME_STATE,
		                        made_up(fd, e, target) ? PORT_UNKNOWN : PORT_FILTERED,
		                        reason};
	}
	return found;
}

static uint16_t port_of(const struct sockaddr_storage *ss)
{
	if (ss->ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)(const void *)ss)->sin6_port);
	return ntohs(((const struct sockaddr_in *)(const void *)ss)->sin_port);
}

/* Did the message come from the target itself? Its zone is that of our socket. */
static bool is_from(const struct sock_extended_err *e, const struct address *target)
{
	struct address offender;

	if (!address_from_sockaddr(SO_EE_OFFENDER(e), &offender))
		return false;
	offender.scope = target->scope;
	return address_equal(&offender, target);
}

bool outcome_of_udp_error(int fd, struct address *about, uint16_t *port, struct outcome *out)
{
	_Alignas(struct cmsghdr) char control[512];
	struct sockaddr_storage to = {0};
	const struct sock_extended_err *e;
	const char *reason;

	if (!next_error(fd, &to, control, sizeof(control), &e))
		return false;
	reason = e ? icmp_reason(e) : NULL;
	*out = (struct outcome){OUTCOME_STATE, PORT_OPEN, reason};
	*port = port_of(&to);
	if (!reason || !address_from_sockaddr((struct sockaddr *)&to, about))
		return true;
	if (made_up(fd, e, about))
		out->state = PORT_UNKNOWN;
	else if (!strcmp(reason, "port-unreach") && is_from(e, about))
		out->state = PORT_CLOSED;
	else
		out->state = PORT_FILTERED;
	return true;
}
