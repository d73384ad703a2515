/* link limit SOURCE TARGET PASSES   what the link itself allows: SYNs to all 65,535 ports, batched, by
 *                                   one thread, as long as any stays without an answer, PASSES times
 *                                   at most; prints "ms answered sent"
 *    link serve PORT|U:PORT…        listens on every IPv4 address (UDP: sends back what comes), prints
 *                                   "ready", until SIGTERM
 *
 * The first is the fastest that a scanner could be here, with none of its work: no pace, no memory of
 * tries, no check of who answers. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	PORTS = 65535,
	BATCH = 64,
	SERVED_MOST = 256,
	SYN_BYTES = 24, /* with the option that every client sends, the segment size */
	OWN_PORT = 61000,
	QUIET_MS = 20, /* silence after which a pass is over */
	READ_BYTES = 128,
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int complain(const char *what)
{
	fprintf(stderr, "link: %s: %s\n", what, strerror(errno));
	return 1;
}

/* --- the limit ------------------------------------------------------------------------------ */

struct blast {
	int fd;
	struct in_addr source, target;
	bool answered[PORTS + 1];
	unsigned answers, sent, n; /* n are gathered in out */
	uint8_t out[BATCH][SYN_BYTES], in[BATCH][READ_BYTES];
	struct iovec out_parts[BATCH], in_parts[BATCH];
	struct mmsghdr out_messages[BATCH], in_messages[BATCH];
};

static uint32_t sum_of(const uint8_t *p, size_t n, uint32_t sum)
{
	for (size_t i = 0; i + 1 < n; i += 2)
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	return sum;
}

/* RFC 9293, 3.1: the checksum covers both addresses, the protocol and the length. */
static void make_syn(const struct blast *b, unsigned port, uint8_t *p)
{
	static const uint8_t segment_size[] = {2, 4, 1460 >> 8, 1460 & 0xff};
	struct tcphdr h = {
		.th_sport = htons(OWN_PORT),
		.th_dport = htons((uint16_t)port),
		.th_seq = htonl(port * 2654435761u),
		.th_off = SYN_BYTES / 4,
		.th_flags = TH_SYN,
		.th_win = htons(1024),
	};
	uint32_t sum = IPPROTO_TCP + SYN_BYTES;

	memcpy(p, &h, sizeof(h));
	memcpy(p + sizeof(h), segment_size, sizeof(segment_size));
	sum = sum_of((const uint8_t *)&b->source, sizeof(b->source), sum);
	sum = sum_of((const uint8_t *)&b->target, sizeof(b->target), sum);
	sum = sum_of(p, SYN_BYTES, sum);
	sum = (sum >> 16) + (sum & 0xffff);
	sum = ~(sum + (sum >> 16)) & 0xffff;
	p[16] = (uint8_t)(sum >> 8);
	p[17] = (uint8_t)sum;
}

static void flush(struct blast *b)
{
	for (unsigned at = 0; at < b->n;) {
		int n = sendmmsg(b->fd, b->out_messages + at, b->n - at, 0);

		if (n > 0)
			at += (unsigned)n;
		else if (errno != ENOBUFS && errno != EAGAIN && errno != ECONNREFUSED)
			break;
	}
	b->sent += b->n;
	b->n = 0;
}

static void take(struct blast *b, const uint8_t *p, size_t n)
{
	size_t head = (size_t)(p[0] & 15) * 4;
	unsigned port;

	if (n < head + sizeof(struct tcphdr) || (p[head + 2] << 8 | p[head + 3]) != OWN_PORT)
		return;
	port = (unsigned)(p[head] << 8 | p[head + 1]);
	b->answers += !b->answered[port];
	b->answered[port] = true;
}

static void receive(struct blast *b)
{
	int n = BATCH;

	while (n == BATCH) {
		n = recvmmsg(b->fd, b->in_messages, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < n; i++)
			take(b, b->in[i], b->in_messages[i].msg_len);
	}
}

static void send_pass(struct blast *b)
{
	for (unsigned port = 1; port <= PORTS; port++) {
		if (!b->answered[port])
			make_syn(b, port, b->out[b->n++]);
		if (b->n == BATCH || port == PORTS) {
			flush(b);
			receive(b);
		}
	}
}

static int open_blast(struct blast *b, const char *source, const char *target)
{
	struct sockaddr_in own = {.sin_family = AF_INET}, peer = {.sin_family = AF_INET};
	int bytes = 32 << 20;

	if (inet_pton(AF_INET, source, &b->source) != 1 ||
	    inet_pton(AF_INET, target, &b->target) != 1)
		return -1;
	own.sin_addr = b->source;
	peer.sin_addr = b->target;
	b->fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP);
	if (b->fd < 0 || bind(b->fd, (struct sockaddr *)&own, sizeof(own)) ||
	    connect(b->fd, (struct sockaddr *)&peer, sizeof(peer)))
		return -1;
	setsockopt(b->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	for (unsigned i = 0; i < BATCH; i++) {
		b->out_parts[i] = (struct iovec){b->out[i], SYN_BYTES};
		b->in_parts[i] = (struct iovec){b->in[i], READ_BYTES};
		b->out_messages[i].msg_hdr.msg_iov = &b->out_parts[i];
		b->in_messages[i].msg_hdr.msg_iov = &b->in_parts[i];
		b->out_messages[i].msg_hdr.msg_iovlen = b->in_messages[i].msg_hdr.msg_iovlen = 1;
	}
	return 0;
}

/* Until all have answered, or the last pass is sent: the waiting after it belongs to no link. */
static int limit_main(const char *source, const char *target, long passes)
{
	static struct blast b;
	struct pollfd p;
	double begun, ended;

	if (open_blast(&b, source, target))
		return complain("cannot send");
	p = (struct pollfd){.fd = b.fd, .events = POLLIN};
	begun = ended = now_ms();
	for (long i = 0; i < passes && b.answers < PORTS; i++) {
		send_pass(&b);
		ended = now_ms();
		while (b.answers < PORTS && poll(&p, 1, QUIET_MS) > 0) {
			receive(&b);
			ended = now_ms();
		}
	}
	printf("%.1f %u %u\n", ended - begun, b.answers, b.sent);
	close(b.fd);
	return 0;
}

/* --- a router's open ports --------------------------------------------------------------------- */

static int open_port(const char *word)
{
	bool udp = !strncmp(word, "U:", 2);
	struct sockaddr_in own = {.sin_family = AF_INET};
	int on = 1, fd;

	own.sin_port = htons((uint16_t)strtoul(udp ? word + 2 : word, NULL, 10));
	fd = socket(AF_INET, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&own, sizeof(own)) || (!udp && listen(fd, 1024))) {
		close(fd);
		return -1;
	}
	return fd;
}

static void serve_one(int fd, bool udp)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char bytes[2048];
	ssize_t n;
	int peer;

	if (udp) {
		n = recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &len);
		if (n > 0)
			sendto(fd, bytes, (size_t)n, 0, (struct sockaddr *)&from, len);
		return;
	}
	while ((peer = accept(fd, NULL, NULL)) >= 0)
		close(peer);
}

static int serve_main(int n, char **words)
{
	struct pollfd fds[SERVED_MOST];

	if (n < 1 || n > SERVED_MOST)
		return complain("how many ports?");
	for (int i = 0; i < n; i++) {
		fds[i] = (struct pollfd){.fd = open_port(words[i]), .events = POLLIN};
		if (fds[i].fd < 0)
			return complain(words[i]);
	}
	puts("ready");
	fflush(stdout);
	while (poll(fds, (nfds_t)n, -1) >= 0)
		for (int i = 0; i < n; i++)
			if (fds[i].revents)
				serve_one(fds[i].fd, words[i][0] == 'U');
	return complain("poll");
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "limit"))
		return limit_main(argv[2], argv[3], strtol(argv[4], NULL, 10));
	if (argc > 2 && !strcmp(argv[1], "serve"))
		return serve_main(argc - 2, argv + 2);
	fputs("usage: link limit SOURCE TARGET PASSES\n       link serve PORT|U:PORT...\n", stderr);
	return 2;
}
