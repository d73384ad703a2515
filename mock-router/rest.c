/* HTTP as a router speaks it: libmicrohttpd parses and writes it; what is said is
 * rest_answer.c's. The daemon has no socket of its own: every accepted connection is handed to
 * it through a socket pair, so that address= and TLS are the same for all services. */
#include "rest.h"

#include <microhttpd.h>
#include <poll.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rest_answer.h"
#include "tls.h"

#define BODY_MAX 65536 /* of a request; rosaudit sends none */

struct rest {
	struct MHD_Daemon *daemon;
	struct server *server;
	pthread_mutex_t lock;
	struct MHD_Connection **stalled; /* suspended until the end */
	size_t stalled_n;
};

/* One request while it is being read. */
struct pending {
	struct text body;
	bool stalled;
};

static ssize_t endless(void *data, uint64_t at, char *p, size_t room)
{
	(void)data;
	(void)at;
	memset(p, ' ', room);
	return (ssize_t)room;
}

static struct MHD_Response *response_of(const struct rest_answer *a)
{
	if (a->endless)
		return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16384, endless, NULL,
		                                         NULL);
	return MHD_create_response_from_buffer(a->body.n, a->body.p, MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result respond(struct MHD_Connection *connection, const struct rest_answer *a)
{
	struct MHD_Response *r = response_of(a);
	enum MHD_Result rc;

	MHD_add_response_header(r, "Content-Type", a->type);
	if (a->status == MHD_HTTP_UNAUTHORIZED)
		MHD_add_response_header(r, "WWW-Authenticate", "Basic realm=\"RouterOS REST API\"");
	if (a->location != NULL)
		MHD_add_response_header(r, "Location", a->location);
	rc = MHD_queue_response(connection, a->status, r);
	MHD_destroy_response(r);
	return rc;
}

static void stall(struct rest *r, struct MHD_Connection *connection)
{
	pthread_mutex_lock(&r->lock);
	r->stalled = mem_grow(r->stalled, r->stalled_n, sizeof(struct MHD_Connection *));
	r->stalled[r->stalled_n++] = connection;
	MHD_suspend_connection(connection);
	pthread_mutex_unlock(&r->lock);
}

static enum MHD_Result add_argument(void *data, enum MHD_ValueKind kind, const char *key,
                                    const char *value)
{
	struct rest_request *q = data;
	struct text *t = &q->query;

	(void)kind;
	text_add_n(t, key, strlen(key) + 1);
	text_add_n(t, value == NULL ? "" : value, value == NULL ? 1 : strlen(value) + 1);
	q->query_n++;
	return MHD_YES;
}

static void peer_of(struct MHD_Connection *connection, struct endpoint *peer)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info->client_addr;

	peer->length = address->sa_family == AF_INET ? 16 : 28;
	memcpy(&peer->address, address, peer->length);
}

static enum MHD_Result answer(struct rest *r, struct MHD_Connection *connection, const char *url,
                              const char *method, struct pending *pending)
{
	char *password = NULL, *user = MHD_basic_auth_get_username_password(connection, &password);
	struct rest_request q = {.method = method, .path = url, .body = &pending->body};
	struct rest_answer a = {.status = MHD_HTTP_OK, .type = "application/json"};
	enum MHD_Result rc = MHD_YES;

	q.user = user;
	q.password = password == NULL ? "" : password;
	peer_of(connection, &q.peer);
	MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_argument, &q);
	rest_answer(r->server, &q, &a);
	pending->stalled = a.stall;
	if (a.stall)
		stall(r, connection);
	else
		rc = respond(connection, &a);
	text_done(&a.body);
	text_done(&q.query);
	MHD_free(user);
	MHD_free(password);
	return rc;
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_n, void **state)
{
	struct pending *p = *state;

	(void)version;
	if (p == NULL) {
		*state = mem_zero(1, sizeof(*p));
		return MHD_YES;
	}
	if (p->stalled) /* resumed because the mock ends */
		return MHD_NO;
	if (*upload_n > 0) {
		if (p->body.n + *upload_n > BODY_MAX)
			return MHD_NO;
		text_add_n(&p->body, upload, *upload_n);
		*upload_n = 0;
		return MHD_YES;
	}
	return answer(data, connection, url, method, p);
}

static void on_completed(void *data, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why)
{
	struct pending *p = *state;

	(void)data;
	(void)connection;
	(void)why;
	if (p != NULL) {
		text_done(&p->body);
		free(p);
	}
	*state = NULL;
}

struct rest *rest_open(struct server *server, struct text *complaint)
{
	struct rest *r = mem_zero(1, sizeof(*r));

	r->server = server;
	pthread_mutex_init(&r->lock, NULL);
	r->daemon = MHD_start_daemon(MHD_USE_AUTO_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET |
	                                     MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME,
	                             0, NULL, NULL, on_request, r, MHD_OPTION_NOTIFY_COMPLETED,
	                             on_completed, NULL, MHD_OPTION_END);
	if (r->daemon != NULL)
		return r;
	text_add(complaint, "the HTTP server cannot be started");
	rest_close(r);
	return NULL;
}

void rest_close(struct rest *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->stalled_n; i++)
		MHD_resume_connection(r->stalled[i]);
	if (r->daemon != NULL)
		MHD_stop_daemon(r->daemon);
	pthread_mutex_destroy(&r->lock);
	free(r->stalled);
	free(r);
}

/* Gives the daemon one end of a socket pair with the true peer's address; returns the other, or
 * -1. */
static int hand_over(struct conn *c)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	if (MHD_add_connection(c->server->rest->daemon, pair[1],
	                       (const struct sockaddr *)(const void *)&c->peer.address,
	                       c->peer.length) == MHD_YES)
		return pair[0];
	close(pair[0]);
	return -1;
}

/* One read from one side, all of it to the other. false: that side has ended. */
static bool carry(int from, int to)
{
	char bytes[16384];
	ssize_t n = recv(from, bytes, sizeof(bytes), 0);

	for (ssize_t at = 0; at < n;) {
		ssize_t sent = send(to, bytes + at, (size_t)(n - at), MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		at += sent;
	}
	return n > 0;
}

static void relay(struct conn *c, int plain)
{
	struct pollfd fds[3] = {{.fd = c->fd, .events = POLLIN},
	                        {.fd = plain, .events = POLLIN},
	                        {.fd = c->server->stop_fd, .events = POLLIN}};

	while (poll(fds, 3, -1) >= 0 || errno == EINTR) {
		if (fds[2].revents != 0)
			return;
		if (fds[1].revents != 0 && !carry(plain, c->fd))
			return;
		if (fds[0].revents != 0 && !carry(c->fd, plain)) {
			shutdown(plain, SHUT_WR); /* an answer may still be on its way */
			fds[0].fd = -1;
		}
	}
}

void rest_serve(struct conn *c)
{
	int plain = hand_over(c);

	if (plain < 0)
		return;
	relay(c, plain);
	close(plain);
}

void rest_serve_tls(struct conn *c)
{
	int plain = hand_over(c);

	if (plain < 0)
		return;
	tls_relay(c, plain);
	close(plain);
}
