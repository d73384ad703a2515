/* The kernel's table of neighbours, over rtnetlink. */
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "neighbours.h"

static bool ask(int fd)
{
	struct {
		struct nlmsghdr head;
		struct ndmsg body;
	} q = {.head = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ndmsg)),
	                .nlmsg_type = RTM_GETNEIGH,
	                .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};

	return send(fd, &q, q.head.nlmsg_len, 0) == (ssize_t)q.head.nlmsg_len;
}

static bool take_address(const struct rtattr *a, const struct ndmsg *nd, struct address *out)
{
	size_t size = nd->ndm_family == AF_INET ? 4 : 16;

	if (a->rta_type != NDA_DST || RTA_PAYLOAD(a) != size)
		return false;
	*out = (struct address){.family = size == 4 ? 4 : 6};
	memcpy(out->bytes, RTA_DATA(a), size);
	if (size == 16 && out->bytes[0] == 0xfe && (out->bytes[1] & 0xc0) == 0x80)
		out->scope = (uint32_t)nd->ndm_ifindex;
	return true;
}

static bool read_one(const struct nlmsghdr *h, struct address *out)
{
	const struct ndmsg *nd = NLMSG_DATA(h);
	const struct rtattr *a;

	if (!(nd->ndm_state & NUD_REACHABLE) ||
	    (nd->ndm_family != AF_INET && nd->ndm_family != AF_INET6))
		return false;
	for (size_t at = NLMSG_SPACE(sizeof(*nd)); at + sizeof(*a) <= h->nlmsg_len;
	     at += RTA_ALIGN(a->rta_len)) {
		a = (const struct rtattr *)(const void *)((const char *)h + at);
		if (a->rta_len < sizeof(*a) || at + a->rta_len > h->nlmsg_len)
			return false;
		if (take_address(a, nd, out))
			return true;
	}
	return false;
}

void neighbours_each(void (*found)(void *context, const struct address *a), void *context)
{
	_Alignas(struct nlmsghdr) char buffer[32768];
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct timeval patience = {.tv_sec = 1};
	struct address a;
	ssize_t n;

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	for (bool more = ask(fd); more && (n = recv(fd, buffer, sizeof(buffer), 0)) > 0;)
		for (struct nlmsghdr *h = (struct nlmsghdr *)(void *)buffer;
		     more && NLMSG_OK(h, (size_t)n); h = NLMSG_NEXT(h, n)) {
			more = h->nlmsg_type == RTM_NEWNEIGH;
			if (more && read_one(h, &a))
				found(context, &a);
		}
	close(fd);
}
