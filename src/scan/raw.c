/* Raw sockets and their filters in the kernel. */
#include <errno.h>
#include <linux/filter.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rosaudit/arena.h"
#include "raw.h"

/* linux/icmp.h, whose other names netinet's header has too. */
enum { RAW_ICMP_FILTER = 1 };

/* Room for the answers to tens of thousands of probes while we are sending. Kernel memory. */
enum { RECEIVE_BYTES = 32 << 20, SEND_BYTES = 4 << 20 };

static void set(int fd, int level, int name, int value)
{
	setsockopt(fd, level, name, &value, sizeof(value));
}

static int open_one(int family, int proto)
{
	int fd = socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, proto);

	if (fd < 0)
		return -1;
	set(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BYTES);
	set(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BYTES);
	set(fd, SOL_SOCKET, SO_SNDBUF, SEND_BYTES);
	set(fd, SOL_SOCKET, SO_SNDBUFFORCE, SEND_BYTES);
	return fd;
}

void raw_pass_replies(const struct scan_raw *raw, bool pass)
{
	uint32_t passed = 1u << ICMP_DEST_UNREACH | 1u << ICMP_TIME_EXCEEDED, blocked;
	struct icmp6_filter six;

	if (pass)
		passed |= 1u << ICMP_ECHOREPLY | 1u << ICMP_TIMESTAMPREPLY;
	blocked = ~passed;
	setsockopt(raw->icmp4, SOL_RAW, RAW_ICMP_FILTER, &blocked, sizeof(blocked));
	ICMP6_FILTER_SETBLOCKALL(&six);
	ICMP6_FILTER_SETPASS(ICMP6_DST_UNREACH, &six);
	ICMP6_FILTER_SETPASS(ICMP6_TIME_EXCEEDED, &six);
	if (pass)
		ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &six);
	setsockopt(raw->icmp6, IPPROTO_ICMPV6, ICMP6_FILTER, &six, sizeof(six));
}

struct scan_raw *scan_raw_open(struct error *err)
{
	struct scan_raw *raw = mem_alloc(sizeof(*raw));

	raw->tcp4 = open_one(AF_INET, IPPROTO_TCP);
	if (raw->tcp4 < 0) {
		error_set_sys(err, errno, "a SYN scan needs raw sockets");
		error_hint(err, "run it with sudo, or `setcap cap_net_raw+ep` the program, or use "
		                "-sT, which needs no privilege");
		free(raw);
		return NULL;
	}
	raw->icmp4 = open_one(AF_INET, IPPROTO_ICMP);
	raw->tcp6 = open_one(AF_INET6, IPPROTO_TCP);
	raw->icmp6 = open_one(AF_INET6, IPPROTO_ICMPV6);
	set(raw->tcp4, IPPROTO_IP, IP_HDRINCL, 1);
	/* So that ENOBUFS is told instead of swallowed. */
	set(raw->tcp4, IPPROTO_IP, IP_RECVERR, 1);
	set(raw->tcp6, IPPROTO_IPV6, IPV6_RECVERR, 1);
	set(raw->tcp6, IPPROTO_IPV6, IPV6_CHECKSUM, 16); /* offset in the TCP header */
	raw_pass_replies(raw, false);
	raw_mute(raw);
	return raw;
}

void scan_raw_free(struct scan_raw *raw)
{
	const int *fds = (const int *)raw;

	for (size_t i = 0; raw && i < sizeof(*raw) / sizeof(int); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(raw);
}

static void drain(int fd)
{
	char byte;

	while (fd >= 0 && recv(fd, &byte, 1, MSG_DONTWAIT) >= 0)
		continue;
}

static int attach(int fd, struct sock_filter *code, unsigned short n)
{
	struct sock_fprog prog = {.len = n, .filter = code};

	return fd < 0 ? 0 : setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
}

void raw_mute(const struct scan_raw *raw)
{
	struct sock_filter nothing[] = {BPF_STMT(BPF_RET | BPF_K, 0)};

	attach(raw->tcp4, nothing, 1);
	attach(raw->tcp6, nothing, 1);
	drain(raw->tcp4);
	drain(raw->tcp6);
	drain(raw->icmp4);
	drain(raw->icmp6);
}

/* X is where the TCP header begins. */
#define PORT_AND_FLAGS(first, last)                                                                \
	BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2), BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (first), 0, 6), \
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (last), 5, 0),                                 \
		BPF_STMT(BPF_LD | BPF_B | BPF_IND, 13),                                            \
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x04, 2, 0), /* RST */                        \
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x12),                                         \
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x12, 0, 1), /* SYN and ACK */                 \
		BPF_STMT(BPF_RET | BPF_K, 128), BPF_STMT(BPF_RET | BPF_K, 0)

int raw_filter(const struct scan_raw *raw, uint16_t first, uint16_t count)
{
	uint32_t last = first + count - 1u;
	struct sock_filter v4[] = {BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
	                           PORT_AND_FLAGS(first, last)};
	struct sock_filter v6[] = {BPF_STMT(BPF_LDX | BPF_W | BPF_IMM, 0),
	                           PORT_AND_FLAGS(first, last)};

	drain(raw->icmp4);
	drain(raw->icmp6);
	if (attach(raw->tcp4, v4, sizeof(v4) / sizeof(v4[0])))
		return -1;
	return attach(raw->tcp6, v6, sizeof(v6) / sizeof(v6[0]));
}
