/* Conversations with open ports: on the connection that found them open, or on one of their own. */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rosaudit/arena.h"
#include "rosaudit/clock.h"
#include "converse.h"
#include "examine.h"
#include "engine.h"
#include "tcp.h"

enum {
	TALKS_MOST = 512,    /* at once: 1.2 KiB each */
	TIMERS_MOST = 32768, /* more were adopted than that never: engine.width is below */
	IDENTIFY_MS = 2000,
	CONNECT_MS = 3500, /* the kernel sends its SYN three times in it */
	ATTEMPTS = 3,
};

struct conversation {
	struct timer timer; /* first, so that a timer's address is its conversation's */
	struct lane *lane;
	uint32_t cell;
	int fd;
	bool connected;
	unsigned attempts;
	struct conversation *next, *prev;
	struct talk talk;
	struct observation seen; /* what the connections so far told */
	struct examine examine;
	enum tls_offer offer; /* of this connection, when it follows others */
	bool follows;
};

void talks_init(struct engine *e)
{
	timers_init(&e->timers, TIMERS_MOST);
}

bool talks_are_full(const struct engine *e)
{
	return e->talks_n >= TALKS_MOST;
}

static struct conversation *new_talk(struct engine *e, struct lane *lane, uint32_t cell)
{
	struct conversation *c = mem_alloc(sizeof(*c));

	c->lane = lane;
	c->cell = cell;
	c->fd = -1;
	c->next = e->talks;
	if (c->next)
		c->next->prev = c;
	e->talks = c;
	e->talks_n++;
	lane->host->talks++;
	lane_cell(lane, cell)->flags |= CELL_TALKING;
	return c;
}

static void hang_up(struct engine *e, struct conversation *c)
{
	if (c->fd < 0)
		return;
	close(c->fd);
	c->fd = -1;
	e->descriptors--;
}

static void free_talk(struct engine *e, struct conversation *c)
{
	hang_up(e, c);
	timers_cancel(&e->timers, &c->timer);
	if (c->next)
		c->next->prev = c->prev;
	if (c->prev)
		c->prev->next = c->next;
	else
		e->talks = c->next;
	e->talks_n--;
	c->lane->host->talks--;
	free(c);
}

static struct payloads *payloads_of(struct host_run *h)
{
	struct error err = {0};

	if (!h->has_payloads)
		h->has_payloads = payloads_init(&h->payloads, &h->spec->target, &err) == 0;
	return &h->payloads;
}

static void take_result(struct engine *e, struct conversation *c, enum talk_end end)
{
	const struct tls_facts *facts;
	enum tls_answer answer;

	if (!c->follows) {
		talk_result(&c->talk, end, e->arena, &c->seen);
		return;
	}
	answer = talk_tls_result(&c->talk, end, e->arena, &facts);
	examine_take(&c->examine, c->offer, answer, facts, e->arena, &c->seen);
}

/* May the port be connected to again, to ask for more? Never where rules count connections. */
static bool may_follow(const struct engine *e, struct conversation *c)
{
	const struct scan_port *p = lane_port(c->lane, c->cell);

	return e->plan->examine && c->connected && !p->once && !e->cut &&
	       e->plan->pace.burst_weight == 0 && payloads_of(c->lane->host)->room;
}

static void dial(struct engine *e, struct conversation *c, int64_t now_us);

static void conclude(struct engine *e, struct conversation *c, enum talk_end end)
{
	if (c->connected)
		take_result(e, c, end);
	if (end != TALK_ON && may_follow(e, c) && examine_next(&c->examine, &c->seen, &c->offer)) {
		c->follows = true;
		c->connected = false;
		c->attempts = 0;
		dial(e, c, clock_us());
		return;
	}
	engine_tell(e, c->lane, c->cell, &c->seen);
	free_talk(e, c);
}

static int watch(struct engine *e, struct conversation *c, int op)
{
	uint32_t events = EPOLLIN | EPOLLRDHUP;

	if (!c->connected)
		events = EPOLLOUT;
	else if (talk_wants_write(&c->talk))
		events |= EPOLLOUT;
	return engine_watch_talk(e, op, c->fd, events, c);
}

/* After any step of the conversation: over, or wait for the next event or time. */
static void go_on(struct engine *e, struct conversation *c, enum talk_end end)
{
	if (end != TALK_ON || watch(e, c, EPOLL_CTL_MOD))
		conclude(e, c, end);
	else
		timers_set(&e->timers, &c->timer, talk_due(&c->talk));
}

static void start(struct engine *e, struct conversation *c, bool reset, int64_t now_us)
{
	const struct scan_port *p = lane_port(c->lane, c->cell);
	unsigned patience = e->plan->identify_ms ? e->plan->identify_ms : IDENTIFY_MS;

	c->connected = true;
	if (c->follows)
		talk_begin_tls(&c->talk, payloads_of(c->lane->host)->room, c->offer, now_us / 1000,
		               patience);
	else
		talk_begin(&c->talk, p->expect, now_us / 1000, patience);
	if (reset)
		talk_was_reset(&c->talk);
	go_on(e, c, talk_event(&c->talk, c->fd, now_us / 1000));
}

void talk_adopt(struct engine *e, struct lane *lane, uint32_t cell, bool reset, int64_t now_us)
{
	struct conversation *c = new_talk(e, lane, cell);

	c->fd = lane_cell(lane, cell)->fd;
	lane_cell(lane, cell)->fd = -1;
	if (watch(e, c, EPOLL_CTL_MOD)) {
		conclude(e, c, TALK_ON);
		return;
	}
	start(e, c, reset, now_us);
}

/* --- connections of their own --------------------------------------------------------- */

void talk_later(struct lane *lane, uint32_t cell)
{
	lane_cell(lane, cell)->next = TRACK_NONE;
	if (lane->talk_last == TRACK_NONE)
		lane->talk_first = cell;
	else
		lane_cell(lane, lane->talk_last)->next = cell;
	lane->talk_last = cell;
}

static uint32_t take_waiting(struct lane *lane)
{
	uint32_t cell = lane->talk_first;

	lane->talk_first = lane_cell(lane, cell)->next;
	if (lane->talk_first == TRACK_NONE)
		lane->talk_last = TRACK_NONE;
	return cell;
}

/* A connect that fails at once or is refused is tried again by the timer: the SYN-ACK was seen. */
static void dial(struct engine *e, struct conversation *c, int64_t now_us)
{
	const struct host_run *h = c->lane->host;
	struct sockaddr_storage to;
	unsigned len =
		address_to_sockaddr(&h->spec->target, lane_cell(c->lane, c->cell)->port, &to);

	hang_up(e, c);
	c->attempts++;
	timers_set(&e->timers, &c->timer, now_us / 1000 + 100);
	c->fd = tcp_new(&h->spec->target, &e->plan->source, e->plan->interface, e->max_fd);
	if (c->fd < 0)
		return;
	e->descriptors++;
	if ((connect(c->fd, (struct sockaddr *)&to, len) && errno != EINPROGRESS) ||
	    watch(e, c, EPOLL_CTL_ADD)) {
		hang_up(e, c);
		return;
	}
	timers_set(&e->timers, &c->timer, now_us / 1000 + CONNECT_MS);
}

/* Where bursts are limited, a connection is a probe like any other. */
static bool may_dial(const struct engine *e, const struct lane *lane, int64_t now_us)
{
	if (talks_are_full(e) || lane->held || now_us < e->short_until_us ||
	    e->descriptors >= e->width)
		return false;
	return e->plan->pace.burst_weight == 0 || lane->host->talks == 0;
}

void talks_begin(struct engine *e, struct host_run *h, int64_t now_us)
{
	struct lane *lane = &h->lanes[LANE_TCP];
	uint32_t cell;

	while (lane->used && lane->talk_first != TRACK_NONE && may_dial(e, lane, now_us)) {
		cell = take_waiting(lane);
		if (e->plan->ports_only)
			engine_tell(e, lane, cell, NULL);
		else
			dial(e, new_talk(e, lane, cell), now_us);
	}
}

static void on_connect(struct engine *e, struct conversation *c, int64_t now_us)
{
	socklen_t len = sizeof(int);
	int error = 0;

	getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error == 0 || error == ECONNRESET || error == EPIPE)
		start(e, c, error != 0, now_us);
	else if (c->attempts < ATTEMPTS)
		dial(e, c, now_us);
	else
		conclude(e, c, TALK_ON);
}

/* --- events ----------------------------------------------------------------------------- */

/* Else a late ICMP message would wake us for ever. */
static void drop_errors(int fd)
{
	char byte;

	while (recv(fd, &byte, 1, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0)
		continue;
}

void talks_event(struct engine *e, struct conversation *c, uint32_t events, int64_t now_us)
{
	if (events & EPOLLERR)
		drop_errors(c->fd);
	if (!c->connected)
		on_connect(e, c, now_us);
	else
		go_on(e, c, talk_event(&c->talk, c->fd, now_us / 1000));
}

static void on_timer(struct engine *e, struct conversation *c, int64_t now_us)
{
	if (!c->connected) {
		if (c->attempts < ATTEMPTS)
			dial(e, c, now_us);
		else
			conclude(e, c, TALK_ON);
		return;
	}
	/* Without payloads it only listens. */
	go_on(e, c, talk_timer(&c->talk, c->fd, now_us / 1000, payloads_of(c->lane->host)));
}

void talks_timer(struct engine *e, int64_t now_us)
{
	struct timer *t;

	while ((t = timers_first(&e->timers)) && t->due_ms <= now_us / 1000) {
		timers_cancel(&e->timers, t);
		on_timer(e, (struct conversation *)t, now_us);
	}
}

void talks_cut(struct engine *e, const struct host_run *h)
{
	struct conversation *next;

	for (struct conversation *c = e->talks; c; c = next) {
		next = c->next;
		if (c->lane->host == h)
			conclude(e, c, TALK_ON);
	}
}
