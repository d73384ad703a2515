/* Servers inside a test. */
#include "tests/test.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/peers.h"

struct peer {
	struct peer_plan plan;
	int listener, stop[2];
	uint16_t port;
	atomic_uint accepted;
	pthread_t thread;
	bool running;
	char heard[4096];
	size_t heard_n;
};

/* Waits for the client or for the end of the test; false = the end. ms < 0 waits for ever. */
static bool wait_for(const struct peer *p, int fd, short events, int ms)
{
	struct pollfd fds[2] = {{.fd = p->stop[0], .events = POLLIN}, {.fd = fd, .events = events}};

	while (poll(fds, 2, ms) < 0 && errno == EINTR)
		;
	return fds[0].revents == 0;
}

/* One read of the client; false when it has gone or the test ends. */
static bool hear(struct peer *p, int fd)
{
	char bytes[1024];
	ssize_t n;

	if (!wait_for(p, fd, POLLIN, -1))
		return false;
	n = recv(fd, bytes, sizeof(bytes), 0);
	if (n <= 0)
		return false;
	if ((size_t)n > sizeof(p->heard) - p->heard_n)
		n = (ssize_t)(sizeof(p->heard) - p->heard_n);
	memcpy(p->heard + p->heard_n, bytes, (size_t)n);
	p->heard_n += (size_t)n;
	return true;
}

static bool pause_ms(const struct peer *p, unsigned ms)
{
	return ms == 0 || wait_for(p, -1, 0, (int)ms);
}

static bool say(const struct peer *p, int fd)
{
	size_t at = 0, step = p->plan.drip_ms ? 1 : p->plan.say_n;
	ssize_t n;

	while (at < p->plan.say_n) {
		n = send(fd, p->plan.say + at, step, MSG_NOSIGNAL);
		if (n < 0)
			return false;
		at += (size_t)n;
		if (step > p->plan.say_n - at)
			step = p->plan.say_n - at;
		if (p->plan.drip_ms && !pause_ms(p, p->plan.drip_ms))
			return false;
	}
	return true;
}

static void serve(struct peer *p, int fd)
{
	struct linger reset = {.l_onoff = 1, .l_linger = 0};

	p->heard_n = 0;
	if (p->plan.hear_first && !hear(p, fd))
		return;
	if (!pause_ms(p, p->plan.delay_ms))
		return;
	while (p->plan.say && say(p, fd) && p->plan.endless && pause_ms(p, 0))
		;
	if (p->plan.then == PEER_RST) {
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		return;
	}
	if (p->plan.then == PEER_FIN)
		shutdown(fd, SHUT_WR);
	while (hear(p, fd))
		;
}

static void *run(void *arg)
{
	struct peer *p = arg;
	int fd;

	while (wait_for(p, p->listener, POLLIN, -1)) {
		fd = accept(p->listener, NULL, NULL);
		if (fd < 0)
			continue;
		atomic_fetch_add(&p->accepted, 1);
		if (p->plan.on_accept)
			p->plan.on_accept();
		serve(p, fd);
		close(fd);
	}
	return NULL;
}

static int listen_on(int family, int backlog, uint16_t *port)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr *sa = family == 6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
	socklen_t len = family == 6 ? sizeof(v6) : sizeof(v4);
	int fd = socket(sa->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, sa, len), 0);
	assert_int_equal(listen(fd, backlog), 0);
	assert_int_equal(getsockname(fd, sa, &len), 0);
	*port = ntohs(family == 6 ? v6.sin6_port : v4.sin_port);
	return fd;
}

struct peer *peer_start(const struct peer_plan *plan)
{
	struct peer *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	p->plan = *plan;
	if (p->plan.say && p->plan.say_n == 0)
		p->plan.say_n = strlen(p->plan.say);
	p->listener = listen_on(plan->family, 64, &p->port);
	assert_int_equal(pipe(p->stop), 0);
	assert_int_equal(pthread_create(&p->thread, NULL, run, p), 0);
	p->running = true;
	return p;
}

uint16_t peer_port(const struct peer *p)
{
	return p->port;
}

unsigned peer_accepted(const struct peer *p)
{
	return p->accepted;
}

const char *peer_heard(const struct peer *p, size_t *n)
{
	*n = p->heard_n;
	return p->heard;
}

void peer_stop(struct peer *p)
{
	if (!p->running)
		return;
	p->running = false;
	close(p->stop[1]); /* readable for every waiter */
	pthread_join(p->thread, NULL);
	close(p->stop[0]);
	close(p->listener);
}

void peer_free(struct peer *p)
{
	peer_stop(p);
	free(p);
}

/* Is the client's connection still on its way a moment after it was begun? Then the queue is full:
 * on loopback a SYN that is answered is answered within connect(2). */
static bool is_unanswered(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	return poll(&p, 1, 20) == 0;
}

void peer_mute_start(struct peer_mute *m)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	size_t n = 1;

	memset(m->fds, -1, sizeof(m->fds));
	m->fds[0] = listen_on(4, 0, &m->port);
	to.sin_port = htons(m->port);
	do {
		assert_true(n < sizeof(m->fds) / sizeof(m->fds[0]));
		m->fds[n] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		assert_true(m->fds[n] >= 0);
		connect(m->fds[n], (struct sockaddr *)&to, sizeof(to));
	} while (!is_unanswered(m->fds[n++]));
}

void peer_mute_done(struct peer_mute *m)
{
	for (size_t i = 0; i < sizeof(m->fds) / sizeof(m->fds[0]); i++)
		if (m->fds[i] >= 0)
			close(m->fds[i]);
}
