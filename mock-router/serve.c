/* Accepting: address= lists, and a thread for everybody who is let in. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "greet.h"
#include "listen_inner.h"

#define RESET_AFTER_MS    20
#define REFUSED_LINGER_MS 2000 /* how long a refused peer may take to hang up after our FIN */

static void note(const struct conn *c, const char *what)
{
	struct text line = {0};

	text_addf(&line, "%s to port %d", what, c->port);
	transcript_add(c->server->transcript, c->name, &c->peer, line.p, line.n, true);
	text_done(&line);
}

/* The end with FIN: the peer's own bytes are read first, closing over unread ones would send
 * RST. */
static void hang_up(const struct conn *c)
{
	char dropped[512];

	shutdown(c->fd, SHUT_WR);
	while (conn_wait(c, REFUSED_LINGER_MS) == 1)
		if (recv(c->fd, dropped, sizeof(dropped), 0) <= 0)
			return;
}

/* Handshake, then the end without a word. Unverified: whether a router sends FIN or RST. */
static void refuse(const struct conn *c)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0};
	enum refusal with = c->service->refuse_with;

	if (with == REFUSE_AS_ALL)
		with = c->server->scenario->refuse_with;
	if (with == REFUSE_FIN) {
		hang_up(c);
		return;
	}
	/* Over a real wire the client has its handshake before the RST arrives; on loopback it
	 * would find a reset in the middle of its connect. */
	conn_wait(c, RESET_AFTER_MS);
	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

static bool admitted(const struct conn *c)
{
	const struct sockaddr *peer = (const void *)&c->peer.address;
	bool yes;

	change_lock(c->server->change);
	yes = c->service == NULL || prefixes_admit(&c->service->address, peer);
	change_unlock(c->server->change);
	return yes;
}

static void serve(struct conn *c)
{
	const struct scenario *s = c->server->scenario;

	if (!admitted(c)) {
		note(c, "refused");
		refuse(c);
		return;
	}
	note(c, "connection");
	if (strcmp(c->speaks, "ssh") == 0 && s->fault[FAULT_CLOSE_ON_ACCEPT]) {
		hang_up(c);
		return;
	}
	c->live_id = live_add(c->server->live, c->name, &c->local, &c->peer);
	protocol_find(c->speaks)->serve(c);
	live_remove(c->server->live, c->live_id);
}

static void *served_main(void *data)
{
	struct served *one = data;

	serve(&one->conn);
	pthread_mutex_lock(&one->listen->lock);
	close(one->conn.fd);
	one->conn.fd = -1;
	one->over = true;
	pthread_mutex_unlock(&one->listen->lock);
	return NULL;
}

static const char *slot_speaks(const struct slot *s)
{
	const char *speaks = s->service != NULL ? s->service->speaks : s->listener->speaks;
	const char *name = s->service != NULL ? s->service->name : s->listener->name;

	return speaks != NULL ? speaks : protocol_of(name);
}

static void accept_one(struct listen *l, struct slot *s, int listener)
{
	struct served *one = mem_zero(1, sizeof(*one));
	struct conn *c = &one->conn;

	*c = (struct conn){.server = l->server, .service = s->service, .speaks = slot_speaks(s)};
	c->port = s->port;
	c->name = s->service != NULL ? s->service->name : s->listener->name;
	c->peer.length = c->local.length = sizeof(c->peer.address);
	c->fd = accept4(listener, (struct sockaddr *)(void *)&c->peer.address, &c->peer.length,
	                SOCK_CLOEXEC);
	if (c->fd < 0) {
		free(one);
		return;
	}
	getsockname(c->fd, (struct sockaddr *)(void *)&c->local.address, &c->local.length);
	one->listen = l;
	pthread_mutex_lock(&l->lock);
	one->next = l->served;
	l->served = one;
	if (pthread_create(&one->thread, NULL, served_main, one) != 0) {
		l->served = one->next;
		close(c->fd);
		free(one);
	}
	pthread_mutex_unlock(&l->lock);
}

/* Joins the threads that are over; all of them, waiting, when `all`. */
static void threads_join(struct listen *l, bool all)
{
	struct served **at = &l->served;

	for (;;) {
		struct served *one;
		bool over;

		pthread_mutex_lock(&l->lock);
		one = *at;
		over = one != NULL && (all || one->over);
		pthread_mutex_unlock(&l->lock);
		if (one == NULL)
			return;
		if (!over) {
			at = &one->next;
			continue;
		}
		pthread_join(one->thread, NULL);
		*at = one->next;
		free(one);
	}
}

void threads_end(struct listen *l)
{
	pthread_mutex_lock(&l->lock);
	for (struct served *one = l->served; one != NULL; one = one->next)
		if (one->conn.fd >= 0)
			shutdown(one->conn.fd, SHUT_RDWR);
	pthread_mutex_unlock(&l->lock);
	threads_join(l, true);
}

/* What is polled beside the ports. */
enum { POLL_SIGNALS, POLL_STDIN, POLL_MOVED, POLL_FIRST };

static struct pollfd *poll_all(const struct listen *l, int signals, bool until_eof, size_t *n)
{
	struct pollfd *fds = mem_zero(POLL_FIRST, sizeof(*fds));

	fds[POLL_SIGNALS] = (struct pollfd){.fd = signals, .events = POLLIN};
	fds[POLL_STDIN] = (struct pollfd){.fd = until_eof ? STDIN_FILENO : -1, .events = POLLIN};
	fds[POLL_MOVED] = (struct pollfd){.fd = l->moved_fd, .events = POLLIN};
	*n = POLL_FIRST;
	for (size_t i = 0; i < l->slots_n; i++)
		for (size_t k = 0; k < l->slots[i].fds_n; k++) {
			bool open = l->slots[i].service != NULL || l->slots[i].listener != NULL;

			fds = mem_grow(fds, *n, sizeof(*fds));
			/* A bound socket that does not listen would only report a hang-up. */
			fds[(*n)++] = (struct pollfd){.fd = open ? l->slots[i].fd[k] : -1,
			                              .events = POLLIN};
		}
	return fds;
}

/* Takes what a UDP port was sent, and says nothing. */
static void udp_one(struct listen *l, const struct slot *s, int fd)
{
	struct conn c = {.server = l->server, .name = s->listener->name, .port = s->port};
	char dropped[2048];

	c.peer.length = sizeof(c.peer.address);
	if (recvfrom(fd, dropped, sizeof(dropped), 0, (struct sockaddr *)(void *)&c.peer.address,
	             &c.peer.length) >= 0)
		note(&c, "datagram");
}

static void accept_ready(struct listen *l, const struct pollfd *fds)
{
	size_t at = POLL_FIRST;

	for (size_t i = 0; i < l->slots_n; i++)
		for (size_t k = 0; k < l->slots[i].fds_n; k++, at++) {
			if (fds[at].fd < 0 || fds[at].revents == 0)
				continue;
			if (l->slots[i].udp)
				udp_one(l, &l->slots[i], fds[at].fd);
			else
				accept_one(l, &l->slots[i], fds[at].fd);
		}
}

static bool stdin_ended(const struct pollfd *p)
{
	char dropped[256];
	ssize_t n;

	if (p->revents == 0)
		return false;
	n = read(p->fd, dropped, sizeof(dropped));
	return n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
}

/* Serves as long as the ports stay what they are; true when the mock ends. */
static bool run_unmoved(struct listen *l, int signals, bool until_eof)
{
	struct pollfd *fds;
	bool over = false, moved = false;
	eventfd_t told;
	size_t n;

	pthread_mutex_lock(&l->slots_lock);
	fds = poll_all(l, signals, until_eof, &n);
	pthread_mutex_unlock(&l->slots_lock);
	while (!over && !moved && (poll(fds, n, -1) >= 0 || errno == EINTR)) {
		over = fds[POLL_SIGNALS].revents != 0 || stdin_ended(&fds[POLL_STDIN]);
		pthread_mutex_lock(&l->slots_lock);
		/* Told under the same lock as the ports are changed: the list is the ports'. */
		moved = eventfd_read(l->moved_fd, &told) == 0;
		if (!over && !moved)
			accept_ready(l, fds);
		pthread_mutex_unlock(&l->slots_lock);
		threads_join(l, false);
	}
	free(fds);
	return over;
}

void listen_run(struct listen *l, bool until_eof)
{
	bool over = false;
	sigset_t ends;
	int signals;

	/* main() has blocked both for every thread. */
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	signals = signalfd(-1, &ends, SFD_CLOEXEC);
	while (!over)
		over = run_unmoved(l, signals, until_eof);
	close(signals);
}
