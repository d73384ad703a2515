/* The ports of the mock. */
#include "listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "listen_inner.h"

static bool slot_open(const struct slot *s)
{
	return s->service != NULL || s->listener != NULL;
}

static struct slot *slot_for(struct listen *l, int port, bool udp)
{
	for (size_t i = 0; i < l->slots_n; i++)
		if (l->slots[i].port == port && l->slots[i].udp == udp)
			return &l->slots[i];
	l->slots = mem_grow(l->slots, l->slots_n, sizeof(*l->slots));
	l->slots[l->slots_n] = (struct slot){.port = port, .udp = udp};
	return &l->slots[l->slots_n++];
}

/* Every declared port gets a slot; the first who really listens there has it. */
static void slots_plan(struct listen *l, const struct scenario *s)
{
	for (size_t i = 0; i < s->services_n; i++) {
		struct slot *slot = slot_for(l, s->services[i].port, false);

		if (!slot_open(slot) && service_listens(&s->services[i]))
			slot->service = &s->services[i];
	}
	for (size_t i = 0; i < s->listeners_n; i++) {
		struct slot *slot;

		/* A UDP port's number is taken from TCP too: a scan of it must not meet a
		 * stranger. */
		slot_for(l, s->listeners[i].port, false);
		slot = slot_for(l, s->listeners[i].port, s->listeners[i].udp);
		/* What listens in a container's own namespace is not at the router's address. */
		if (!slot_open(slot) && s->listeners[i].netns == NULL)
			slot->listener = &s->listeners[i];
	}
	for (size_t i = 0; i < s->closed_ports_n; i++)
		slot_for(l, s->closed_ports[i], false);
}

static int socket_bind(const struct endpoint *at, bool udp, bool share)
{
	int fd = socket(at->address.ss_family,
	                (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1;

	if (fd < 0)
		return -1;
	if (at->address.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (share)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (const struct sockaddr *)(const void *)&at->address, at->length) == 0)
		return fd;
	close(fd);
	return -1;
}

static int bound_port(int fd)
{
	struct endpoint at = {.length = sizeof(at.address)};

	getsockname(fd, (struct sockaddr *)(void *)&at.address, &at.length);
	return endpoint_port(&at);
}

static void slot_close(struct slot *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		close(s->fd[i]);
	s->fds_n = 0;
}

/* Binds the slot on all addresses to one port; port 0 lets the kernel pick. 0, or -1 with errno. */
static int slot_bind(struct listen *l, struct slot *s, int port, bool share)
{
	int on = 1;

	for (size_t i = 0; i < l->address_n; i++) {
		struct endpoint at = l->address[i];

		endpoint_set_port(&at, (uint16_t)port);
		s->fd[i] = socket_bind(&at, s->udp, share);
		if (s->fd[i] < 0) {
			int saved = errno;

			slot_close(s, i);
			errno = saved;
			return -1;
		}
		port = bound_port(s->fd[i]);
		/* So that the port can be bound anew while connections of it live on. */
		setsockopt(s->fd[i], SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		if (slot_open(s) && !s->udp && listen(s->fd[i], 128) != 0) {
			slot_close(s, i + 1);
			return -1;
		}
	}
	s->here = port;
	s->fds_n = l->address_n;
	return 0;
}

/* The port that the other protocol's slot of the same number already has, 0 without. */
static int slot_sibling(const struct listen *l, const struct slot *s)
{
	for (size_t i = 0; i < l->slots_n; i++)
		if (&l->slots[i] != s && l->slots[i].port == s->port)
			return l->slots[i].here;
	return 0;
}

/* A closed port is bound and never listens: it answers with RST, and nobody else can get its number
 * while the mock lives. Without a map closed ports are not touched. */
static int slot_start(struct listen *l, struct slot *s, enum port_map map)
{
	if (map == PORT_MAP_NONE) {
		s->here = s->port;
		return slot_open(s) ? slot_bind(l, s, s->port, true) : 0;
	}
	/* No SO_REUSEADDR: with it the kernel may give a port to two. Another address may hold the
	 * number that the first got: then try again. */
	for (int tries = 0; tries < 50; tries++) {
		if (slot_bind(l, s, slot_sibling(l, s), false) == 0)
			return 0;
		if (errno != EADDRINUSE)
			return -1;
	}
	return -1;
}

/* Who listens on a TCP port of the router now; NULL: no service. */
static const struct service *listener_of(const struct scenario *s, int port)
{
	for (size_t i = 0; i < s->services_n; i++)
		if (s->services[i].port == port && service_listens(&s->services[i]))
			return &s->services[i];
	return NULL;
}

/* Opens or closes the slot where it is. Nobody can be told of a failure but the next client. */
static void slot_turn(struct listen *l, struct slot *s)
{
	slot_close(s, s->fds_n);
	if (l->map == PORT_MAP_AUTO || slot_open(s))
		slot_bind(l, s, s->here, true);
}

/* After a write: every slot gets its new owner. A service moved to a port that the map does not
 * have is reachable at a port that nobody was told of: `closed-ports` keeps one ready. */
static void services_moved(void *who)
{
	struct listen *l = who;
	const struct scenario *s = l->server->scenario;

	pthread_mutex_lock(&l->slots_lock);
	for (size_t i = 0; i < s->services_n; i++)
		slot_for(l, s->services[i].port, false);
	for (size_t i = 0; i < l->slots_n; i++) {
		struct slot *slot = &l->slots[i];
		bool was_open = slot_open(slot);

		if (slot->udp || slot->listener != NULL)
			continue;
		slot->service = listener_of(s, slot->port);
		if (slot->here == 0)
			slot_start(l, slot, l->map);
		else if (slot_open(slot) != was_open)
			slot_turn(l, slot);
	}
	eventfd_write(l->moved_fd, 1);
	pthread_mutex_unlock(&l->slots_lock);
}

struct listen *listen_open(struct server *server, const struct endpoint *address, size_t n,
                           enum port_map map, struct text *complaint)
{
	struct listen *l = mem_zero(1, sizeof(*l));

	l->server = server;
	l->map = map;
	l->moved_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&l->slots_lock, NULL);
	l->address_n = n < ADDRESS_MAX ? n : ADDRESS_MAX;
	memcpy(l->address, address, l->address_n * sizeof(*address));
	pthread_mutex_init(&l->lock, NULL);
	slots_plan(l, server->scenario);
	for (size_t i = 0; i < l->slots_n; i++) {
		if (slot_start(l, &l->slots[i], map) == 0)
			continue;
		text_addf(complaint, "port %d/%s cannot be opened: %s", l->slots[i].port,
		          l->slots[i].udp ? "udp" : "tcp", strerror(errno));
		listen_close(l);
		return NULL;
	}
	change_follow(server->change, services_moved, l);
	return l;
}

void listen_map(const struct listen *l, struct text *out)
{
	const char *between = "";

	for (size_t i = 0; i < l->slots_n; i++) {
		const struct slot *s = &l->slots[i];

		if (s->udp && slot_sibling(l, s) != 0) /* told by its TCP slot */
			continue;
		text_addf(out, "%s%d: %d", between, s->port, s->here);
		between = ", ";
	}
}

int listen_port(const struct listen *l, int router_port)
{
	for (size_t i = 0; i < l->slots_n; i++)
		if (l->slots[i].port == router_port && !l->slots[i].udp)
			return l->slots[i].here;
	return 0;
}

void listen_close(struct listen *l)
{
	if (l == NULL)
		return;
	change_follow(l->server->change, NULL, NULL);
	threads_end(l);
	for (size_t i = 0; i < l->slots_n; i++)
		slot_close(&l->slots[i], l->slots[i].fds_n);
	close(l->moved_fd);
	pthread_mutex_destroy(&l->slots_lock);
	pthread_mutex_destroy(&l->lock);
	free(l->slots);
	free(l);
}
