/* The connect scan: many non-blocking connects in one epoll loop. Needs no privilege. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rosaudit/cancel.h"
#include "rosaudit/clock.h"
#include "converse.h"
#include "job.h"
#include "outcome.h"
#include "tcp.h"
#include "timers.h"

enum {
	DEFAULT_PARALLEL = 256,
	DEFAULT_TRIES = 3,
	DEFAULT_CONNECT_MS = 1000,
	DEFAULT_IDENTIFY_MS = 2000,
	MAX_PARALLEL = 16384, /* memory: a slot is about 1.2 KiB */
	RESERVE_FDS = 64,     /* left to the sessions and files of the routers audited beside us */
	SHORTAGE_MS = 20,     /* before a connect that this machine could not do is tried again */
	STARVED_MS = 10000,   /* a shortage this long is not going to end */
	EVENTS = 128,
};

enum phase { SLOT_FREE = 0, SLOT_WAITING, SLOT_CONNECTING, SLOT_TALKING };

/* One connection in flight. */
struct slot {
	struct timer timer; /* first, so that a timer's address is its slot's */
	struct work *work;
	enum phase phase;
	int fd;                 /* -1 while waiting */
	int64_t began_us;       /* of this connect */
	int64_t short_since_ms; /* of the shortage it waits for, 0 = none */
	const char *short_of;
	struct slot *next_free;
	struct talk talk;
};

struct engine {
	struct scan_job *job;
	struct slot *slots, *free;
	size_t width; /* slots there are */
	size_t in_use, waiting;
	size_t next; /* the first of job->todo that was not begun */
	struct timers timers;
	int epoll_fd;
	int max_fd; /* a descriptor at or above belongs to the reserve */
	unsigned tries, connect_ms, identify_ms;
	bool source_known; /* out->source is from a connection */
};

static void release(struct engine *e, struct slot *s)
{
	if (s->fd >= 0)
		close(s->fd);
	timers_cancel(&e->timers, &s->timer);
	if (s->phase == SLOT_WAITING)
		e->waiting--;
	s->phase = SLOT_FREE;
	s->fd = -1;
	s->next_free = e->free;
	e->free = s;
	e->in_use--;
}

static void finish(struct engine *e, struct slot *s, enum port_state state, const char *reason)
{
	s->work->seen->state = state;
	s->work->seen->reason = reason;
	release(e, s);
}

/* This machine cannot just now: the slot keeps the port and waits, and nothing new is begun. */
static void wait_for_better(struct engine *e, struct slot *s, const char *why, int64_t now)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	if (s->short_since_ms == 0)
		s->short_since_ms = now;
	s->short_of = why;
	if (now - s->short_since_ms >= STARVED_MS) {
		e->job->cut = why;
		finish(e, s, PORT_UNKNOWN, why);
		return;
	}
	s->phase = SLOT_WAITING;
	e->waiting++;
	timers_set(&e->timers, &s->timer, now + SHORTAGE_MS);
}

/* The address that the router sees us under, from a connection that is on its way. */
static void note_source(struct engine *e, int fd)
{
	if (!e->source_known)
		e->source_known = tcp_own_address(fd, &e->job->out->source);
}

/* Waits for events; those of the conversation once it is open. */
static int watch(struct engine *e, struct slot *s, int op)
{
	struct epoll_event ev = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = s};

	if (s->phase == SLOT_CONNECTING)
		ev.events = EPOLLOUT;
	else if (talk_wants_write(&s->talk))
		ev.events |= EPOLLOUT;
	return epoll_ctl(e->epoll_fd, op, s->fd, &ev);
}

static void apply(struct engine *e, struct slot *s, struct outcome outcome, int64_t now);

/* A call failed at once: this machine's own word. A route that was there and is gone belongs to an
 * interface that went down; it is waited for as every shortage is. */
static struct outcome local_failure(const struct engine *e, int error)
{
	if (error == ENETUNREACH && e->job->out->source.family)
		error = ENETDOWN;
	return outcome_of_errno(error, true);
}

/* One connect of the slot's port. */
static void begin(struct engine *e, struct slot *s, int64_t now)
{
	struct sockaddr_storage to;
	unsigned len = address_to_sockaddr(&e->job->host->target, s->work->port->here, &to);
	struct outcome outcome;

	s->fd = tcp_new(&e->job->host->target, &e->job->plan->source, e->max_fd);
	if (s->fd < 0) {
		apply(e, s, local_failure(e, errno), now);
		return;
	}
	s->phase = SLOT_CONNECTING;
	s->began_us = clock_us();
	s->work->seen->tries++;
	if ((connect(s->fd, (struct sockaddr *)&to, len) && errno != EINPROGRESS) ||
	    watch(e, s, EPOLL_CTL_ADD)) {
		outcome = local_failure(e, errno);
		if (outcome.kind == OUTCOME_SHORTAGE)
			s->work->seen->tries--;
		apply(e, s, outcome, now);
		return;
	}
	note_source(e, s->fd);
	s->short_since_ms = 0;
	s->work->seen->probed_port = s->work->port->here;
	timers_set(&e->timers, &s->timer, now + e->connect_ms);
}

/* Again with a new socket: the old one's SYN may be the reason for the silence. */
static void begin_again(struct engine *e, struct slot *s, int64_t now)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	begin(e, s, now);
}

static void apply(struct engine *e, struct slot *s, struct outcome outcome, int64_t now)
{
	switch (outcome.kind) {
	case OUTCOME_STATE:
		if (outcome.state == PORT_CLOSED || outcome.state == PORT_FILTERED)
			s->work->seen->probed_port = s->work->port->here;
		finish(e, s, outcome.state, outcome.reason);
		return;
	case OUTCOME_SHORTAGE:
		wait_for_better(e, s, outcome.reason, now);
		return;
	case OUTCOME_SILENCE:
		break;
	}
	if (s->work->seen->tries < e->tries)
		begin_again(e, s, now);
	else
		finish(e, s, PORT_FILTERED, "no-response");
}

static void conclude(struct engine *e, struct slot *s, enum talk_end end)
{
	talk_result(&s->talk, end, &e->job->out->arena, s->work->seen);
	finish(e, s, PORT_OPEN, "syn-ack");
}

/* After any step of the conversation: over, or wait for the next event or time. */
static void go_on(struct engine *e, struct slot *s, enum talk_end end)
{
	if (end != TALK_ON || watch(e, s, EPOLL_CTL_MOD))
		conclude(e, s, end);
	else
		timers_set(&e->timers, &s->timer, talk_due(&s->talk));
}

static void on_open(struct engine *e, struct slot *s, bool reset, int64_t now)
{
	if (tcp_is_self(s->fd)) {
		finish(e, s, PORT_CLOSED, "conn-refused");
		return;
	}
	s->work->seen->rtt_us = clock_us() - s->began_us;
	s->phase = SLOT_TALKING;
	talk_begin(&s->talk, s->work->port->expect, now, e->identify_ms);
	if (reset)
		talk_was_reset(&s->talk);
	go_on(e, s, talk_event(&s->talk, s->fd, now));
}

static void on_connect(struct engine *e, struct slot *s, uint32_t events, int64_t now)
{
	struct outcome outcome;
	socklen_t len = sizeof(int);
	int error = 0;

	if (events & EPOLLERR && outcome_of_icmp(s->fd, &e->job->host->target, &outcome)) {
		apply(e, s, outcome, now);
		return;
	}
	getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	/* RST instead of SYN-ACK is ECONNREFUSED; the other two tell that it came after the
	 * handshake. */
	if (error == ECONNRESET || error == EPIPE || (error == 0 && events & EPOLLOUT))
		on_open(e, s, error != 0, now);
	else if (error)
		apply(e, s, outcome_of_errno(error, false), now);
}

static void on_event(struct engine *e, struct slot *s, uint32_t events, int64_t now)
{
	struct outcome ignored;

	if (s->phase == SLOT_CONNECTING) {
		on_connect(e, s, events, now);
		return;
	}
	if (events & EPOLLERR) /* else a late ICMP message would wake us for ever */
		outcome_of_icmp(s->fd, &e->job->host->target, &ignored);
	go_on(e, s, talk_event(&s->talk, s->fd, now));
}

static void on_timer(struct engine *e, struct slot *s, int64_t now)
{
	struct outcome outcome = {.kind = OUTCOME_SILENCE};

	timers_cancel(&e->timers, &s->timer);
	if (s->phase == SLOT_WAITING) {
		e->waiting--;
		s->phase = SLOT_CONNECTING;
		begin(e, s, now);
	} else if (s->phase == SLOT_CONNECTING) {
		outcome_of_icmp(s->fd, &e->job->host->target, &outcome);
		apply(e, s, outcome, now);
	} else {
		go_on(e, s, talk_timer(&s->talk, s->fd, now, &e->job->payloads));
	}
}

/* Begins as many connects as there is room for; none while this machine is short of something. */
static void fill(struct engine *e, int64_t now)
{
	struct slot *s;

	while (e->next < e->job->n && e->free && e->waiting == 0 && !e->job->cut) {
		s = e->free;
		e->free = s->next_free;
		e->in_use++;
		s->work = &e->job->todo[e->next++];
		s->short_since_ms = 0;
		begin(e, s, now);
	}
}

static void run_timers(struct engine *e, int64_t now)
{
	struct timer *t;

	while ((t = timers_first(&e->timers)) && t->due_ms <= now)
		on_timer(e, (struct slot *)t, now);
}

static int wait_ms(const struct engine *e, int64_t now)
{
	const struct timer *t = timers_first(&e->timers);
	int64_t until = t ? t->due_ms : now;

	if (e->job->plan->deadline_ms && e->job->plan->deadline_ms < until)
		until = e->job->plan->deadline_ms;
	if (until <= now)
		return 0;
	return until - now > 1000 ? 1000 : (int)(until - now);
}

/* Must it end now, before all ports are judged? */
static bool is_cut(struct engine *e, int64_t now)
{
	if (cancel_requested())
		e->job->cut = "interrupted";
	else if (e->job->plan->deadline_ms && now >= e->job->plan->deadline_ms)
		e->job->cut = "time is up";
	else
		return false;
	return true;
}

static void run(struct engine *e)
{
	struct epoll_event events[EVENTS];
	int64_t now = clock_ms();
	int n;

	while (!is_cut(e, now)) {
		fill(e, now);
		if (e->in_use == 0)
			break;
		n = epoll_wait(e->epoll_fd, events, EVENTS, wait_ms(e, now));
		now = clock_ms();
		for (int i = 0; i < n; i++) /* the cancel descriptor has no slot */
			if (events[i].data.ptr)
				on_event(e, events[i].data.ptr, events[i].events, now);
		run_timers(e, now);
	}
	/* Cut short: an open port stays open, with what it has said; the others are not known. */
	for (size_t i = 0; i < e->width; i++) {
		if (e->slots[i].phase == SLOT_TALKING)
			conclude(e, &e->slots[i], TALK_ON);
		else if (e->slots[i].phase != SLOT_FREE)
			finish(e, &e->slots[i], PORT_UNKNOWN, e->job->cut);
	}
}

/* How many connections at once: what was asked for, and what RLIMIT_NOFILE allows. */
static void choose_width(struct engine *e)
{
	size_t wanted =
		e->job->plan->pace.parallel ? e->job->plan->pace.parallel : DEFAULT_PARALLEL;
	struct rlimit limit = {.rlim_cur = 256};
	rlim_t reserve, usable;

	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > (1u << 20))
		limit.rlim_cur = 1u << 20;
	reserve = limit.rlim_cur / 4 < RESERVE_FDS ? limit.rlim_cur / 4 : RESERVE_FDS;
	usable = limit.rlim_cur - reserve;
	e->max_fd = (int)usable;
	if (wanted > MAX_PARALLEL)
		wanted = MAX_PARALLEL;
	if (wanted > usable)
		wanted = (size_t)usable;
	if (wanted > e->job->n)
		wanted = e->job->n;
	e->width = wanted ? wanted : 1;
}

static void make_slots(struct engine *e)
{
	e->slots = mem_alloc(e->width * sizeof(*e->slots));
	for (size_t i = e->width; i-- > 0;) {
		e->slots[i].fd = -1;
		e->slots[i].next_free = e->free;
		e->free = &e->slots[i];
	}
	timers_init(&e->timers, e->width);
}

static unsigned or_default(unsigned value, unsigned preset)
{
	return value ? value : preset;
}

static int connect_run(struct scan_job *job, struct error *err)
{
	const struct scan_plan *plan = job->plan;
	struct epoll_event cancel = {.events = EPOLLIN, .data.ptr = NULL};
	struct engine e = {
		.job = job,
		.tries = or_default(plan->pace.passes, DEFAULT_TRIES),
		.connect_ms = or_default(plan->pace.rtt_first_ms, DEFAULT_CONNECT_MS),
		.identify_ms = or_default(plan->identify_ms, DEFAULT_IDENTIFY_MS),
	};

	e.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (e.epoll_fd < 0)
		return error_set_sys(err, errno, "the scan cannot begin");
	if (cancel_fd() >= 0)
		epoll_ctl(e.epoll_fd, EPOLL_CTL_ADD, cancel_fd(), &cancel);
	choose_width(&e);
	make_slots(&e);
	run(&e);
	timers_done(&e.timers);
	free(e.slots);
	close(e.epoll_fd);
	return 0;
}

const struct technique technique_connect = {.name = "connect", .run = connect_run};
