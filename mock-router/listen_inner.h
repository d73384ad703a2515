/* Inner header of listen.c (ports) and serve.c (connections). */
#ifndef MOCK_LISTEN_INNER_H
#define MOCK_LISTEN_INNER_H

#include "listen.h"

#define ADDRESS_MAX 8

/* One port of the router. */
struct slot {
	int port, here; /* the router's, and this machine's; here 0 = not bound */
	bool udp;
	const struct service *service; /* who listens; both NULL: closed */
	const struct listener *listener;
	int fd[ADDRESS_MAX];
	size_t fds_n;
};

/* The thread of one connection. */
struct served {
	struct served *next;
	pthread_t thread;
	struct conn conn;
	bool over; /* may be joined */
	struct listen *listen;
};

struct listen {
	struct server *server;
	struct endpoint address[ADDRESS_MAX];
	size_t address_n;
	enum port_map map;
	pthread_mutex_t slots_lock; /* of slots; taken after change.h's, before lock */
	int moved_fd;               /* readable once slots were changed */
	struct slot *slots;
	size_t slots_n;
	pthread_mutex_t lock; /* of served and of each one's over and fd */
	struct served *served;
};

/* Hangs up on everybody and waits for their threads. */
void threads_end(struct listen *l);

#endif
