/* The loop: many hosts' lanes, one clock. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "rosaudit/cancel.h"
#include "rosaudit/clock.h"
#include "rosaudit/catalogue.h"
#include "engine.h"
#include "syn.h"
#include "tcp.h"

enum {
	ACTIVE_MOST = 256,  /* hosts at once */
	WIDTH_MOST = 24000, /* descriptors at once; also fewer than a source address has ports */
	RESERVE_FDS = 64,   /* left to the sessions and files of the routers audited beside us */
	ROUND = 64,         /* probes of a lane before the next lane's turn */
	EVENTS = 256,
	SHORTAGE_US = 20000,   /* before this machine is asked again for what it could not do */
	STARVED_US = 10000000, /* a shortage this long is not going to end */
	PROGRESS_US = 500000,
	LONGEST_US = 1000000, /* a wait, so that nothing can be overslept */
	SPIN_US = 100,        /* waits shorter than that would last longer than that */
	BURST_US = 2000,
	LURE_FIRST =
		10000, /* lures: above what is well known, below what systems give to clients */
	LURE_LAST = 32767,
	LURE_TRIES = 2000,
};

/* --- names of descriptors ---------------------------------------------------------------- */

enum kind { KIND_CANCEL = 0, KIND_CELL, KIND_TALK, KIND_SHARED };

static uint64_t name_of(enum kind kind, uint64_t rest)
{
	return (uint64_t)kind << 60 | rest;
}

int engine_watch(struct engine *e, const struct lane *lane, uint32_t cell, uint32_t events)
{
	struct epoll_event ev = {.events = events};

	ev.data.u64 = name_of(KIND_CELL, (uint64_t)lane->host->slot << 33 | cell);
	return epoll_ctl(e->epoll_fd, EPOLL_CTL_ADD, lane->track.cells[cell].fd, &ev);
}

int engine_watch_shared(struct engine *e, int fd, unsigned lane)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.u64 = name_of(KIND_SHARED, lane)};

	return epoll_ctl(e->epoll_fd, EPOLL_CTL_ADD, fd, &ev);
}

int engine_watch_talk(struct engine *e, int op, int fd, uint32_t events, void *talk)
{
	struct epoll_event ev = {.events = events};

	ev.data.u64 = name_of(KIND_TALK, (uintptr_t)talk);
	return epoll_ctl(e->epoll_fd, op, fd, &ev);
}

static void on_cell(struct engine *e, uint64_t name, uint32_t events, int64_t now_us)
{
	struct host_run *h = e->active[name >> 33 & 0xfffff];
	struct lane *lane;
	uint32_t cell = (uint32_t)name;

	if (!h)
		return;
	lane = &h->lanes[LANE_TCP];
	if (lane_cell(lane, cell)->fd >= 0)
		technique_of(e, lane, cell)->event(e, lane, cell, events, now_us);
}

static void on_event(struct engine *e, const struct epoll_event *ev, int64_t now_us)
{
	uint64_t name = ev->data.u64 & (UINT64_MAX >> 4);

	switch ((enum kind)(ev->data.u64 >> 60)) {
	case KIND_CANCEL:
		return;
	case KIND_CELL:
		on_cell(e, name, ev->events, now_us);
		return;
	case KIND_TALK:
		talks_event(e, (struct conversation *)(uintptr_t)name, ev->events, now_us);
		return;
	case KIND_SHARED:
		if (name != LANE_UDP) /* which is stepped in every round */
			e->tcp->shared_event(e, now_us);
		return;
	}
}

/* --- what techniques say ------------------------------------------------------------------ */

const struct technique *technique_of(const struct engine *e, const struct lane *lane, uint32_t cell)
{
	/* One connection says all that a port asked only once can say. */
	if (lane->technique == e->tcp && lane->track.cells[cell].flags & CELL_ONCE)
		return &technique_connect;
	return lane->technique;
}

void engine_close(struct engine *e, struct lane *lane, uint32_t cell)
{
	struct cell *c = lane_cell(lane, cell);

	if (c->fd < 0)
		return;
	close(c->fd);
	c->fd = -1;
	e->descriptors--;
}

static void drop_spares(struct engine *e)
{
	while (e->spares_n > 0)
		close(e->spares[--e->spares_n]);
}

void engine_spare(struct engine *e, struct lane *lane, uint32_t cell)
{
	const struct address *target = &lane->host->spec->target;
	struct cell *c = lane_cell(lane, cell);

	if (e->spares_family != target->family)
		drop_spares(e);
	if (c->fd < 0 || e->spares_n == ENGINE_SPARES || !tcp_renew(c->fd, target) ||
	    epoll_ctl(e->epoll_fd, EPOLL_CTL_DEL, c->fd, NULL)) {
		engine_close(e, lane, cell);
		return;
	}
	e->spares_family = target->family;
	e->spares[e->spares_n++] = c->fd;
	e->descriptors--;
	c->fd = -1;
}

int engine_take_spare(struct engine *e, const struct address *target)
{
	if (e->spares_n == 0 || e->spares_family != target->family)
		return -1;
	return e->spares[--e->spares_n];
}

/* Ports that are neither scanned nor anybody's, at random. */
static void lay_lures(struct lane *lane, uint64_t dice)
{
	uint16_t ports[TRACK_LURES];
	unsigned n = 0;
	bool all = lane->track.n > 60000;

	for (unsigned k = 0; n < TRACK_LURES && k < LURE_TRIES; k++) {
		uint16_t port;

		dice = dice * 6364136223846793005u + 1442695040888963407u;
		port = (uint16_t)(LURE_FIRST + (dice >> 33) % (LURE_LAST - LURE_FIRST + 1));
		if (!catalogue_port(port, L4_TCP) && (all || lane_find(lane, port) == TRACK_NONE))
			ports[n++] = port;
	}
	lane->held = true;
	track_lure(&lane->track, ports, n);
}

bool engine_answer(struct engine *e, struct lane *lane, uint32_t cell, enum port_state state,
                   const char *reason, unsigned which, int64_t now_us)
{
	struct track *t = &lane->track;

	if (!track_answer(t, cell, state, engine_reason(e, reason), which, now_us))
		return false;
	if (track_is_suspect(t))
		lay_lures(lane, (uint64_t)now_us * 2654435761u + cell);
	if (state != PORT_OPEN) {
		engine_tell(e, lane, cell, NULL);
		return false;
	}
	if (!e->plan->ports_only && lane == &lane->host->lanes[LANE_TCP])
		return true;
	if (lane->held)
		talk_later(lane, cell);
	else
		engine_tell(e, lane, cell, NULL);
	return false;
}

void engine_judge(struct engine *e, struct lane *lane, uint32_t cell, enum port_state state,
                  const char *reason)
{
	track_judge(&lane->track, cell, state, engine_reason(e, reason));
	/* A ban may be a rule that rejects: told when the sentinel has vouched for it. */
	if (lane->track.options.guarded && state == PORT_FILTERED) {
		sentinel_refusal(&lane->track);
		return;
	}
	engine_tell(e, lane, cell, NULL);
}

void engine_short(struct engine *e, const char *reason, int64_t now_us)
{
	if (e->short_since_us == 0)
		e->short_since_us = now_us;
	e->short_until_us = now_us + SHORTAGE_US;
	e->short_of = reason;
	drop_spares(e);
	if (now_us - e->short_since_us >= STARVED_US)
		e->cut = reason;
}

/* --- sending ------------------------------------------------------------------------------ */

/* Is a token left of what the whole scan may send? */
static bool has_token(struct engine *e, int64_t now_us)
{
	double rate = e->plan->pace.max_rate, most = rate * BURST_US / 1e6;

	if (rate <= 0)
		return true;
	e->tokens += rate * (double)(now_us - e->tokens_us) / 1e6;
	e->tokens_us = now_us;
	most = most < 1 ? 1 : most;
	if (e->tokens > most)
		e->tokens = most;
	return e->tokens >= 1;
}

static bool may_send(struct engine *e, struct lane *lane, int64_t now_us)
{
	if (now_us < e->short_until_us || e->cut || !has_token(e, now_us))
		return false;
	if (lane->technique->holds_descriptor && e->descriptors >= e->width)
		return false;
	return !talks_are_full(e) && burst_hold_us(&lane->host->burst, &lane->track, now_us) == 0;
}

static void send_some(struct engine *e, struct lane *lane)
{
	struct track *t = &lane->track;
	int64_t now;
	uint32_t i;

	for (unsigned k = 0; k < ROUND; k++) {
		now = clock_us();
		if (!may_send(e, lane, now) || (i = track_next(t, now)) == TRACK_NONE)
			return;
		track_sent(t, i, now);
		if (technique_of(e, lane, i)->send(e, lane, i, now) == SENT_SHORT) {
			track_unsend(t, i);
			return;
		}
		e->short_since_us = 0;
		e->tokens -= 1;
		burst_sent(&lane->host->burst, t->cells[i].port, now);
	}
}

static void send_round(struct engine *e)
{
	struct host_run *h;

	e->turn++;
	for (size_t k = 0; k < e->active_n; k++) {
		h = e->active[(k + e->turn) % e->active_n];
		for (unsigned i = 0; h && i < LANES; i++)
			if (h->lanes[i].used && h->lanes[i].technique)
				send_some(e, &h->lanes[i]);
	}
	if (e->tcp->flush)
		e->tcp->flush(e, clock_us());
}

/* --- time ---------------------------------------------------------------------------------- */

static void expire(struct engine *e, struct lane *lane, int64_t now_us)
{
	struct track *t = &lane->track;
	uint32_t i;

	while ((i = track_expired(t, now_us)) != TRACK_NONE) {
		if (technique_of(e, lane, i)->over(e, lane, i, now_us))
			continue;
		lane->host->burst.probe_us = now_us;
		/* What was sent while this machine could not send was no probe. */
		if (e->short_since_us && !strcmp(e->short_of, "interface-down"))
			track_void(t, i);
		else
			track_silent(t, i, now_us);
	}
}

/* Lures are judged: everything is told, or nothing more is asked. */
static void settle_lures(struct engine *e, struct lane *lane, int64_t now_us)
{
	if (!lane->held || lane->track.lures_left > 0)
		return;
	if (!lane->track.tarpit)
		lane->held = false;
	talks_begin(e, lane->host, now_us);
}

static bool lane_is_over(struct lane *lane, int64_t now_us)
{
	if (!lane->used)
		return true;
	return track_over(&lane->track, now_us) && lane->talk_first == TRACK_NONE;
}

/* Why the host is to be left, or NULL; *over: all is known. */
static const char *host_verdict(const struct engine *e, struct host_run *h, int64_t now_us,
                                bool *over)
{
	const struct track *tcp = &h->lanes[LANE_TCP].track;
	int64_t most = e->plan->pace.host_timeout_ms;

	*over = true;
	if (tcp->tarpit)
		return "tarpit";
	if (tcp->dead)
		return "blocked during scan";
	if (most && now_us - h->began_us >= most * 1000)
		return "host timeout";
	for (unsigned i = 0; i < LANES; i++)
		*over &= lane_is_over(&h->lanes[i], now_us);
	*over &= h->talks == 0;
	*over |= tcp->dead; /* sudden silence, as it turns out */
	return tcp->dead ? "blocked during scan" : NULL;
}

static void run_host(struct engine *e, struct host_run *h, int64_t now_us)
{
	const char *cut;
	bool over;

	for (unsigned i = 0; i < LANES; i++) {
		if (!h->lanes[i].used)
			continue;
		expire(e, &h->lanes[i], now_us);
		settle_lures(e, &h->lanes[i], now_us);
	}
	talks_begin(e, h, now_us);
	cut = host_verdict(e, h, now_us, &over);
	if (over)
		host_end(e, h, cut, now_us);
}

static int64_t lane_due(struct engine *e, struct lane *lane, int64_t now_us)
{
	int64_t due, hold;

	if (!lane->used)
		return INT64_MAX;
	due = track_due_us(&lane->track, now_us);
	if (due > now_us)
		return due;
	/* It would send, if it could. */
	if (now_us < e->short_until_us)
		return e->short_until_us;
	hold = burst_hold_us(&lane->host->burst, &lane->track, now_us);
	if (hold)
		return hold;
	if (lane->technique->holds_descriptor && e->descriptors >= e->width)
		return now_us + SHORTAGE_US / 10; /* or an event frees one */
	if (talks_are_full(e))
		return now_us + SHORTAGE_US / 10;
	if (!has_token(e, now_us))
		return now_us + (int64_t)((1 - e->tokens) * 1e6 / e->plan->pace.max_rate);
	return now_us;
}

static int64_t due_us(struct engine *e, int64_t now_us)
{
	const struct timer *t = timers_first(&e->timers);
	int64_t due = now_us + LONGEST_US, at;

	if (t && t->due_ms * 1000 < due)
		due = t->due_ms * 1000;
	if (e->plan->deadline_ms && e->plan->deadline_ms * 1000 < due)
		due = e->plan->deadline_ms * 1000;
	if (e->udp_due_us >= 0 && e->udp_due_us < due)
		due = e->udp_due_us;
	if (e->sink->progress && e->told_us + PROGRESS_US < due)
		due = e->told_us + PROGRESS_US;
	for (size_t i = 0; i < e->active_n; i++)
		for (unsigned k = 0; e->active[i] && k < LANES; k++) {
			at = lane_due(e, &e->active[i]->lanes[k], now_us);
			due = at < due ? at : due;
		}
	return due;
}

/* Waits to the microsecond, since a slow pace is a regular one. */
static int wait_events(struct engine *e, struct epoll_event *events)
{
	struct pollfd p = {.fd = e->epoll_fd, .events = POLLIN};
	int64_t now = clock_us(), wait = due_us(e, now) - now;
	struct timespec ts = {.tv_sec = wait / 1000000, .tv_nsec = wait % 1000000 * 1000};

	if (wait > SPIN_US && ppoll(&p, 1, &ts, NULL) <= 0)
		return 0;
	return epoll_wait(e->epoll_fd, events, EVENTS, 0);
}

static void tell_progress(struct engine *e, int64_t now_us)
{
	if (!e->sink->progress || now_us - e->told_us < PROGRESS_US)
		return;
	e->told_us = now_us;
	e->sink->progress(e->sink->context, e->done, e->all, (now_us - e->began_us) / 1000);
}

static bool is_cut(struct engine *e, int64_t now_us)
{
	if (cancel_requested())
		e->cut = "interrupted";
	else if (e->plan->deadline_ms && now_us >= e->plan->deadline_ms * 1000)
		e->cut = "time is up";
	return e->cut != NULL;
}

static void begin_hosts(struct engine *e, int64_t now_us)
{
	while (e->next_host < e->plan->hosts_n && host_fits(e, &e->plan->hosts[e->next_host]))
		host_begin(e, e->next_host++, now_us);
}

/* UDP probes go beside TCP's; where bursts are limited, after them. */
static void step_udp(struct engine *e, int64_t now_us)
{
	if (!e->udp || e->udp_due_us < 0)
		return;
	if (e->plan->pace.burst_weight && (e->running > 0 || e->next_host < e->plan->hosts_n))
		e->udp_due_us = now_us + LONGEST_US;
	else
		e->udp_due_us = udp_step(e->udp, now_us);
}

void engine_run(struct engine *e)
{
	struct epoll_event events[EVENTS];
	int64_t now = clock_us();
	int n;

	while (!is_cut(e, now)) {
		begin_hosts(e, now);
		step_udp(e, now);
		if (e->running == 0 && e->udp_due_us < 0)
			break;
		send_round(e);
		n = wait_events(e, events);
		now = clock_us();
		for (int i = 0; i < n; i++)
			on_event(e, &events[i], now);
		talks_timer(e, now);
		for (size_t i = 0; i < e->active_n; i++)
			if (e->active[i])
				run_host(e, e->active[i], now);
		tell_progress(e, now);
	}
	if (e->udp && e->cut)
		udp_cut(e->udp, e->cut);
	/* Cut short: an open port stays open, with what it has said; the others are not known. */
	for (size_t i = 0; i < e->active_n; i++)
		if (e->active[i])
			host_end(e, e->active[i], e->cut, now);
	while (e->next_host < e->plan->hosts_n) {
		host_begin(e, e->next_host++, now);
		for (size_t i = 0; i < e->active_n; i++)
			if (e->active[i])
				host_end(e, e->active[i], e->cut, now);
	}
}

/* How many descriptors at once: what was asked for, and what RLIMIT_NOFILE allows. */
static void choose_width(struct engine *e)
{
	size_t wanted = e->plan->pace.parallel ? e->plan->pace.parallel : WIDTH_MOST;
	struct rlimit limit = {.rlim_cur = 256};
	rlim_t reserve, usable;

	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > (1u << 20))
		limit.rlim_cur = 1u << 20;
	reserve = limit.rlim_cur / 4 < RESERVE_FDS ? limit.rlim_cur / 4 : RESERVE_FDS;
	usable = limit.rlim_cur - reserve;
	e->max_fd = (int)usable;
	if (wanted > WIDTH_MOST)
		wanted = WIDTH_MOST;
	e->width = (unsigned)(wanted > usable ? usable : wanted);
	if (e->width == 0)
		e->width = 1;
}

static bool has_udp(const struct scan_plan *plan)
{
	for (size_t i = 0; i < plan->hosts_n; i++)
		for (size_t k = 0; k < plan->hosts[i].n; k++)
			if (plan->hosts[i].ports[k].proto == L4_UDP)
				return true;
	return false;
}

static int open_udp(struct engine *e, struct error *err)
{
	e->udp_due_us = -1;
	if (!has_udp(e->plan))
		return 0;
	e->udp = udp_new(e->plan, e->sink, e->arena, err);
	if (!e->udp)
		return -1;
	e->udp_due_us = 0;
	if (engine_watch_shared(e, udp_fd(e->udp), LANE_UDP))
		return error_set_sys(err, errno, "the scan cannot begin");
	return 0;
}

int engine_open(struct engine *e, const struct scan_plan *plan, const struct scan_sink *sink,
                struct arena *arena, struct error *err)
{
	struct epoll_event cancel = {.events = EPOLLIN, .data.u64 = name_of(KIND_CANCEL, 0)};

	*e = (struct engine){.plan = plan, .sink = sink, .tcp = &technique_connect};
	e->arena = arena;
	e->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (e->epoll_fd < 0)
		return error_set_sys(err, errno, "the scan cannot begin");
	if (cancel_fd() >= 0)
		epoll_ctl(e->epoll_fd, EPOLL_CTL_ADD, cancel_fd(), &cancel);
	e->active_most = plan->hosts_n < ACTIVE_MOST ? plan->hosts_n : ACTIVE_MOST;
	e->active_n = e->active_most;
	e->active = mem_alloc((e->active_n ? e->active_n : 1) * sizeof(struct host_run *));
	e->began_us = e->told_us = e->tokens_us = clock_us();
	e->tokens = 1;
	for (size_t i = 0; i < plan->hosts_n; i++)
		e->all += plan->hosts[i].n;
	choose_width(e);
	talks_init(e);
	if (plan->method == SCAN_SYN) {
		e->tcp = &technique_syn;
		if (syn_open(e, err))
			return -1;
	}
	return open_udp(e, err);
}

void engine_done(struct engine *e)
{
	syn_close(e);
	drop_spares(e);
	timers_done(&e->timers);
	free(e->active);
	udp_free(e->udp);
	if (e->epoll_fd >= 0)
		close(e->epoll_fd);
}
