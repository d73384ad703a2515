/* The connect scan: non-blocking connects by the thousand. Needs no privilege. */
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine.h"
#include "outcome.h"
#include "tcp.h"

/* What the kernel says of a connect that failed. */
static enum sent apply(struct engine *e, struct lane *lane, uint32_t cell, struct outcome outcome,
                       int64_t now_us)
{
	switch (outcome.kind) {
	case OUTCOME_STATE:
		if (outcome.state == PORT_CLOSED)
			engine_answer(e, lane, cell, PORT_CLOSED, outcome.reason,
			              lane_cell(lane, cell)->tries, now_us);
		else
			engine_judge(e, lane, cell, outcome.state, outcome.reason);
		return SENT_OUT;
	case OUTCOME_SHORTAGE:
		engine_short(e, outcome.reason, now_us);
		return SENT_SHORT;
	case OUTCOME_SILENCE: /* its time tells */
		break;
	}
	return SENT_OUT;
}

/* A call failed at once: this machine's own word. A route that was there and is gone belongs to an
 * interface that went down; it is waited for as every shortage is. */
static struct outcome local_failure(const struct lane *lane, int error)
{
	if (error == ENETUNREACH && lane->host->account.source.family)
		error = ENETDOWN;
	return outcome_of_errno(error, true);
}

static enum sent connect_send(struct engine *e, struct lane *lane, uint32_t cell, int64_t now_us)
{
	const struct address *target = &lane->host->spec->target;
	struct cell *c = lane_cell(lane, cell);
	struct sockaddr_storage to;
	unsigned len = address_to_sockaddr(target, c->port, &to);
	int error;

	c->fd = engine_take_spare(e, target);
	if (c->fd < 0)
		c->fd = tcp_new(target, &e->plan->source, e->plan->interface, e->max_fd);
	if (c->fd < 0)
		return apply(e, lane, cell, local_failure(lane, errno), now_us);
	e->descriptors++;
	if ((connect(c->fd, (struct sockaddr *)&to, len) == 0 || errno == EINPROGRESS) &&
	    engine_watch(e, lane, cell, EPOLLOUT) == 0)
		return SENT_OUT;
	error = errno;
	engine_close(e, lane, cell);
	return apply(e, lane, cell, local_failure(lane, error), now_us);
}

static void on_open(struct engine *e, struct lane *lane, uint32_t cell, bool reset, int64_t now_us)
{
	struct cell *c = lane_cell(lane, cell);
	bool self = tcp_is_self(c->fd);

	if (engine_answer(e, lane, cell, self ? PORT_CLOSED : PORT_OPEN,
	                  self ? "conn-refused" : "syn-ack", c->tries, now_us))
		talk_adopt(e, lane, cell, reset, now_us);
	else
		engine_close(e, lane, cell);
}

static void connect_event(struct engine *e, struct lane *lane, uint32_t cell, uint32_t events,
                          int64_t now_us)
{
	int fd = lane_cell(lane, cell)->fd;
	struct outcome outcome;
	socklen_t len = sizeof(int);
	int error = 0;

	if (events & EPOLLERR && outcome_of_icmp(fd, &lane->host->spec->target, &outcome)) {
		engine_close(e, lane, cell);
		apply(e, lane, cell, outcome, now_us);
		return;
	}
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	/* RST instead of SYN-ACK is ECONNREFUSED; the other two tell that it came after the
	 * handshake. */
	if (error == ECONNRESET || error == EPIPE || (error == 0 && events & EPOLLOUT)) {
		on_open(e, lane, cell, error != 0, now_us);
	} else if (error) {
		engine_close(e, lane, cell);
		apply(e, lane, cell, outcome_of_errno(error, false), now_us);
	}
}

/* Late as we may be ourselves, what the kernel knows by now counts. */
static bool connect_over(struct engine *e, struct lane *lane, uint32_t cell, int64_t now_us)
{
	struct pollfd p = {.fd = lane_cell(lane, cell)->fd, .events = POLLOUT};

	if (p.fd >= 0 && poll(&p, 1, 0) > 0) {
		connect_event(e, lane, cell,
		              (p.revents & POLLOUT ? EPOLLOUT : 0u) |
		                      (p.revents & POLLERR ? EPOLLERR : 0u),
		              now_us);
		if (lane_cell(lane, cell)->fd < 0)
			return lane_cell(lane, cell)->phase != CELL_OUT;
		engine_close(e, lane, cell);
		return false;
	}
	engine_spare(e, lane, cell);
	return false;
}

const struct technique technique_connect = {
	.name = "connect",
	.holds_descriptor = true,
	.send = connect_send,
	.event = connect_event,
	.over = connect_over,
};
