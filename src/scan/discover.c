/* Is a host there at all? Many at once, in one loop. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "discover.h"
#include "engine.h"
#include "neighbours.h"
#include "packet.h"
#include "ping.h"
#include "raw.h"
#include "rosaudit/cancel.h"
#include "rosaudit/clock.h"
#include "tcp.h"

enum {
	PORTS = 2,         /* TCP ports asked of each host */
	SEEKS_MOST = 512,  /* hosts at once */
	WAIT_US = 1000000, /* before ICMP is asked again; the kernel repeats its SYN alike */
	TRIES = 2,
	TICK_US = 100000, /* between looks at the neighbours */
	EVENTS = 128,
};

static const uint16_t ports[PORTS] = {443, 80};

/* With raw sockets this one is sent an ACK instead: a filter that only looks for SYN lets it
 * through, and a host without that connection resets it. */
enum { ACK_SLOT = 1 };

/* A host that is looked for. */
struct seek {
	size_t index; /* in the plan; the slot is free when fds are gone and it is done */
	bool used;
	int fds[PORTS];
	int64_t began_us;
	unsigned tries;
};

struct discovery {
	const struct scan_plan *plan;
	struct discovered *out;
	struct seek *seeks;
	size_t most, running, next;
	int epoll_fd;
	int icmp[2]; /* IPv4, IPv6; -1 = not to be had */
	bool raw;
	uint64_t nonce;
	uint16_t ack_port; /* that our ACKs come from, with raw sockets */
};

/* Names of descriptors: cells are slot * PORTS + port, behind the two of ICMP. */
enum { NAME_ICMP4, NAME_ICMP6, NAME_TCP4, NAME_TCP6, NAME_CANCEL, NAME_SEEK };

static void finish(struct discovery *d, struct seek *s, enum host_state up, const char *reason,
                   int64_t rtt_us)
{
	for (unsigned k = 0; k < PORTS; k++)
		if (s->fds[k] >= 0)
			close(s->fds[k]);
	s->used = false;
	d->running--;
	d->out[s->index] = (struct discovered){up, reason, rtt_us};
}

static void is_up(struct discovery *d, struct seek *s, const char *reason)
{
	finish(d, s, HOST_UP, reason, clock_us() - s->began_us);
}

/* --- asking --------------------------------------------------------------------------- */

static void send_icmp(const struct discovery *d, const struct address *to, const struct buf *b)
{
	struct sockaddr_storage ss;
	unsigned len = address_to_sockaddr(to, 0, &ss);

	/* Lost here or on the way: it is asked again. */
	sendto(d->icmp[to->family == 6], b->p, b->n, MSG_DONTWAIT | MSG_NOSIGNAL,
	       (struct sockaddr *)&ss, len);
}

/* What a reset of our ACK carries as its sequence number (RFC 9293 3.10.7.1). */
static uint32_t ack_of(const struct discovery *d, size_t index)
{
	return (uint32_t)(d->nonce >> 32) ^ (uint32_t)index * 0x9e3779b9u;
}

static void ask_ack(const struct discovery *d, const struct seek *s)
{
	const struct address *to = &d->plan->hosts[s->index].target;
	bool v6 = to->family == 6;
	size_t skip = v6 ? PACKET_V6_HEADER : 0, n;
	int fd = v6 ? d->plan->raw->tcp6 : d->plan->raw->tcp4;
	struct packet_tcp t = {.to = *to,
	                       .from_port = d->ack_port,
	                       .to_port = ports[ACK_SLOT],
	                       .seq = (uint32_t)d->nonce,
	                       .ack = ack_of(d, s->index),
	                       .flags = PACKET_ACK,
	                       .ttl = 64};
	uint8_t bytes[PACKET_MOST];
	struct sockaddr_storage ss;
	unsigned len = address_to_sockaddr(to, 0, &ss);

	if (fd < 0 || host_source(d->plan, to, &t.from, NULL) || t.from.family != to->family)
		return;
	n = packet_tcp_make(&t, bytes);
	/* Of IPv6 the kernel makes header and checksum. */
	sendto(fd, bytes + skip, n - skip, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&ss,
	       len);
}

static void ask_icmp(struct discovery *d, struct seek *s)
{
	const struct address *to = &d->plan->hosts[s->index].target;
	struct ping ping = {.nonce = d->nonce, .index = (uint32_t)s->index};
	struct buf b;

	s->tries++;
	if (d->raw)
		ask_ack(d, s);
	if (d->icmp[to->family == 6] < 0)
		return;
	buf_init(&b, 64);
	ping_echo(&ping, to->family, &b);
	send_icmp(d, to, &b);
	buf_clear(&b);
	if (d->raw && to->family == 4) {
		ping_timestamp(&ping, &b);
		send_icmp(d, to, &b);
	}
	buf_done(&b);
}

/* What a connect that is over says: an answer of any kind shows the host. */
static bool judge_connect(struct discovery *d, struct seek *s, int error)
{
	if (error != 0 && error != ECONNREFUSED && error != ECONNRESET)
		return false;
	is_up(d, s, error == 0 ? "syn-ack" : "conn-refused");
	return true;
}

/* One connect; true when the host is judged by it. */
static bool ask_tcp(struct discovery *d, struct seek *s, unsigned k)
{
	const struct address *to = &d->plan->hosts[s->index].target;
	struct sockaddr_storage ss;
	unsigned len = address_to_sockaddr(to, ports[k], &ss);
	size_t slot = (size_t)(s - d->seeks);
	struct epoll_event ev = {.events = EPOLLOUT, .data.u64 = NAME_SEEK + slot * PORTS + k};

	s->fds[k] = tcp_new(to, &d->plan->source, d->plan->interface, INT32_MAX);
	if (s->fds[k] < 0)
		return false;
	if (connect(s->fds[k], (struct sockaddr *)&ss, len) && errno != EINPROGRESS)
		return judge_connect(d, s, errno);
	epoll_ctl(d->epoll_fd, EPOLL_CTL_ADD, s->fds[k], &ev);
	return false;
}

static void begin(struct discovery *d, struct seek *s, int64_t now_us)
{
	*s = (struct seek){.index = d->next++, .used = true, .fds = {-1, -1}, .began_us = now_us};
	d->running++;
	ask_icmp(d, s);
	for (unsigned k = 0; k < PORTS; k++)
		if (!(d->raw && k == ACK_SLOT) && ask_tcp(d, s, k))
			return;
}

/* --- hearing -------------------------------------------------------------------------- */

static struct seek *seek_of(struct discovery *d, const struct address *from)
{
	struct address a = *from;

	for (size_t i = 0; i < d->most; i++) {
		const struct address *to = &d->plan->hosts[d->seeks[i].index].target;

		a.scope = to->scope;
		if (d->seeks[i].used && address_equal(&a, to))
			return &d->seeks[i];
	}
	return NULL;
}

static void take_icmp(struct discovery *d, const unsigned char *p, size_t n, unsigned family,
                      const struct address *from)
{
	struct seek *s = seek_of(d, from);
	uint32_t index;

	if (!s || (d->raw && family == 4 && !ping_skip_header(&p, &n)))
		return;
	if (ping_is_echo_reply(p, n, family, d->nonce, &index) && index == s->index)
		is_up(d, s, "echo-reply");
	else if (family == 4 && ping_is_timestamp_reply(p, n, d->nonce))
		is_up(d, s, "timestamp-reply");
}

static void hear_icmp(struct discovery *d, unsigned which)
{
	unsigned char p[512];
	struct sockaddr_storage ss;
	struct address from;
	socklen_t len;
	ssize_t n;

	for (unsigned k = 0; k < EVENTS; k++) {
		len = sizeof(ss);
		n = recvfrom(d->icmp[which], p, sizeof(p), MSG_DONTWAIT, (struct sockaddr *)&ss,
		             &len);
		if (n < 0)
			return;
		if (address_from_sockaddr((struct sockaddr *)&ss, &from))
			take_icmp(d, p, (size_t)n, which ? 6 : 4, &from);
	}
}

/* Resets of our ACKs. */
static void hear_resets(struct discovery *d, bool v6)
{
	int fd = v6 ? d->plan->raw->tcp6 : d->plan->raw->tcp4;
	unsigned char p[512];
	struct sockaddr_storage ss;
	struct packet_tcp t;
	struct address from;
	struct seek *s;
	ssize_t n;

	for (unsigned k = 0; k < EVENTS; k++) {
		socklen_t len = sizeof(ss);

		n = recvfrom(fd, p, sizeof(p), MSG_DONTWAIT, (struct sockaddr *)&ss, &len);
		if (n < 0)
			return;
		t = (struct packet_tcp){0};
		if (!address_from_sockaddr((struct sockaddr *)&ss, &from) ||
		    !(v6 ? packet_segment_read(p, (size_t)n, &t)
		         : packet_v4_read(p, (size_t)n, &t)) ||
		    !(t.flags & PACKET_RST) || t.to_port != d->ack_port)
			continue;
		s = seek_of(d, &from);
		if (s && t.seq == ack_of(d, s->index))
			is_up(d, s, "reset");
	}
}

static void hear_tcp(struct discovery *d, uint64_t name)
{
	struct seek *s = &d->seeks[name / PORTS];
	unsigned k = (unsigned)(name % PORTS);
	socklen_t len = sizeof(int);
	int error = 0;

	if (!s->used || s->fds[k] < 0)
		return;
	getsockopt(s->fds[k], SOL_SOCKET, SO_ERROR, &error, &len);
	if (judge_connect(d, s, error))
		return;
	close(s->fds[k]);
	s->fds[k] = -1;
}

static void hear(struct discovery *d, const struct epoll_event *ev)
{
	if (ev->data.u64 == NAME_ICMP4 || ev->data.u64 == NAME_ICMP6)
		hear_icmp(d, ev->data.u64 == NAME_ICMP6);
	else if (ev->data.u64 == NAME_TCP4 || ev->data.u64 == NAME_TCP6)
		hear_resets(d, ev->data.u64 == NAME_TCP6);
	else if (ev->data.u64 >= NAME_SEEK)
		hear_tcp(d, ev->data.u64 - NAME_SEEK);
}

/* A neighbour is there, whatever its firewall drops. */
static void take_neighbour(void *context, const struct address *a)
{
	struct discovery *d = context;
	struct seek *s = seek_of(d, a);

	if (s)
		finish(d, s, HOST_UP, a->family == 4 ? "arp-response" : "nd-response", -1);
}

/* --- the loop ------------------------------------------------------------------------- */

/* Neighbours are asked last: a better answer may have come. */
static void tick(struct discovery *d, int64_t now_us)
{
	struct seek *s;

	neighbours_each(take_neighbour, d);
	for (size_t i = 0; i < d->most; i++) {
		s = &d->seeks[i];
		if (!s->used || now_us < s->began_us + s->tries * (int64_t)WAIT_US)
			continue;
		if (s->tries < TRIES)
			ask_icmp(d, s);
		else
			finish(d, s, HOST_DOWN, "no-response", -1);
	}
}

static bool is_cut(const struct discovery *d)
{
	return cancel_requested() || (d->plan->deadline_ms && clock_ms() >= d->plan->deadline_ms);
}

static void run(struct discovery *d)
{
	struct epoll_event events[EVENTS];
	int64_t now = clock_us(), tick_us = now + TICK_US;
	int n;

	while (!is_cut(d) && (d->running > 0 || d->next < d->plan->hosts_n)) {
		for (size_t i = 0; i < d->most && d->next < d->plan->hosts_n; i++)
			if (!d->seeks[i].used)
				begin(d, &d->seeks[i], now);
		n = epoll_wait(d->epoll_fd, events, EVENTS, TICK_US / 1000);
		for (int i = 0; i < n; i++)
			hear(d, &events[i]);
		now = clock_us();
		if (now < tick_us)
			continue;
		tick(d, now);
		tick_us = now + TICK_US;
	}
	for (size_t i = 0; i < d->most; i++)
		if (d->seeks[i].used)
			finish(d, &d->seeks[i], HOST_UNKNOWN, NULL, -1);
}

static void open_raw(struct discovery *d)
{
	const struct scan_raw *raw = d->plan->raw;
	struct epoll_event ev = {.events = EPOLLIN, .data.u64 = NAME_TCP4};

	raw_pass_replies(raw, true);
	/* No port of a connection: those are given out from 32768 on. */
	d->ack_port = (uint16_t)(20000 + d->nonce % 10000);
	if (raw_filter(raw, d->ack_port, 1))
		return;
	if (raw->tcp4 >= 0)
		epoll_ctl(d->epoll_fd, EPOLL_CTL_ADD, raw->tcp4, &ev);
	ev.data.u64 = NAME_TCP6;
	if (raw->tcp6 >= 0)
		epoll_ctl(d->epoll_fd, EPOLL_CTL_ADD, raw->tcp6, &ev);
}

/* The plan's raw sockets, or such as systems lend to everybody (net.ipv4.ping_group_range). */
static void open_icmp(struct discovery *d)
{
	const struct scan_raw *raw = d->plan->raw;
	struct epoll_event ev = {.events = EPOLLIN};

	d->raw = raw != NULL;
	d->icmp[0] = raw ? raw->icmp4
	                 : socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP);
	d->icmp[1] =
		raw ? raw->icmp6
		    : socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMPV6);
	if (raw)
		open_raw(d);
	for (unsigned k = 0; k < 2; k++) {
		ev.data.u64 = k ? NAME_ICMP6 : NAME_ICMP4;
		if (d->icmp[k] >= 0)
			epoll_ctl(d->epoll_fd, EPOLL_CTL_ADD, d->icmp[k], &ev);
	}
}

static void close_icmp(struct discovery *d)
{
	if (d->raw) {
		raw_pass_replies(d->plan->raw, false);
		raw_mute(d->plan->raw);
		return;
	}
	for (unsigned k = 0; k < 2; k++)
		if (d->icmp[k] >= 0)
			close(d->icmp[k]);
}

static size_t seeks_most(const struct scan_plan *plan)
{
	struct rlimit limit = {.rlim_cur = 256};
	size_t most;

	getrlimit(RLIMIT_NOFILE, &limit);
	most = limit.rlim_cur / (2 * PORTS) < SEEKS_MOST ? limit.rlim_cur / (2 * PORTS)
	                                                 : SEEKS_MOST;
	most = most < plan->hosts_n ? most : plan->hosts_n;
	return most ? most : 1;
}

int discover_run(const struct scan_plan *plan, struct discovered *out, struct error *err)
{
	struct discovery d = {.plan = plan, .out = out, .most = seeks_most(plan)};
	struct epoll_event cancel = {.events = EPOLLIN, .data.u64 = NAME_CANCEL};

	for (size_t i = 0; i < plan->hosts_n; i++)
		out[i] = (struct discovered){.rtt_us = -1};
	d.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (d.epoll_fd < 0)
		return error_set_sys(err, errno, "the scan cannot begin");
	if (cancel_fd() >= 0)
		epoll_ctl(d.epoll_fd, EPOLL_CTL_ADD, cancel_fd(), &cancel);
	if (getrandom(&d.nonce, sizeof(d.nonce), GRND_NONBLOCK) != (ssize_t)sizeof(d.nonce))
		d.nonce = (uint64_t)clock_us() * 0x9e3779b97f4a7c15u;
	d.seeks = mem_alloc(d.most * sizeof(*d.seeks));
	open_icmp(&d);
	run(&d);
	close_icmp(&d);
	free(d.seeks);
	close(d.epoll_fd);
	return 0;
}
