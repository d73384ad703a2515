/* UDP ports of many hosts at once. */
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "outcome.h"
#include "rosaudit/clock.h"
#include "tcp.h"
#include "udp_host.h"
#include "udp_payload.h"

enum {
	MOST_HOSTS = 256, /* at once, one descriptor each */
	RESERVE_FDS = 64,
	DEFAULT_FIRST_MS = 500,
	DEFAULT_MOST_MS = 2000,
	EVENTS = 64,
};

/* A round trip's assumed loss, as in the README: five in a hundred each way. */
static const double default_loss = 0.1;

static void tell_account(struct udp *u, const struct udp_host *h, const char *cut, int64_t now_us)
{
	const struct udp_track *t = &h->track;
	struct scan_account a = {
		.sent = t->sent,
		.answered = t->answered,
		.limited = t->limited,
		.cut = cut       ? cut
	               : t->deaf ? "errors ceased"
	                         : NULL,
		.rtt_us = t->srtt_us,
		.duration_ms = (now_us - h->began_us) / 1000,
		.source = h->source,
	};
	bool measured;

	a.loss = udp_track_loss(t, &measured);
	a.loss_assumed = !measured;
	for (uint32_t i = 0; i < t->n; i++)
		if (udp_track_state(t, i) == PORT_OPEN_FILTERED)
			a.missed = exp2(-t->least_bits);
	u->sink->host(u->sink->context, h->index, &a);
}

/* --- one host ------------------------------------------------------------------------- */

static void host_free(struct udp_host *h)
{
	if (h->fd >= 0)
		close(h->fd);
	udp_track_done(&h->track);
	free(h->ports);
	free(h->reasons);
	free(h);
}

/* Tells what has not been told, and lets go. cut: why it ended early, or NULL. */
static void host_end(struct udp *u, size_t at, const char *cut, int64_t now_us)
{
	struct udp_host *h = u->active[at];
	enum port_state state;

	for (uint32_t i = 0; i < h->track.n; i++) {
		if (h->reasons[i]) /* told when it was judged */
			continue;
		state = udp_track_state(&h->track, i);
		if (state == PORT_OPEN_FILTERED)
			udp_tell_state(u, h, i, state, "no-response");
		else
			udp_tell_state(u, h, i, PORT_UNKNOWN, cut ? cut : "errors-ceased");
	}
	tell_account(u, h, cut, now_us);
	host_free(h);
	u->active[at] = u->active[--u->active_n];
}

/* Bound to our address towards the target, so that errors of our own kernel are told from others';
 * -1 with errno. */
static int open_socket(const struct udp *u, struct udp_host *h)
{
	const struct address *to = &h->spec->target;
	bool v6 = to->family == 6;
	struct sockaddr_storage ss;
	unsigned len;
	int on = 1,
	    fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int saved;

	if (fd < 0)
		return -1;
	setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR, &on,
	           sizeof(on));
	if (u->plan->interface && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, u->plan->interface,
	                                     (socklen_t)strlen(u->plan->interface)))
		goto fail;
	len = address_to_sockaddr(&h->source, 0, &ss);
	if (h->source.family && bind(fd, (struct sockaddr *)&ss, len))
		goto fail;
	return fd;
fail:
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* Our address towards the target: a connected UDP socket tells it without sending anything. */
static void find_source(const struct udp *u, struct udp_host *h)
{
	struct sockaddr_storage ss;
	unsigned len;
	int fd;

	h->source = u->plan->source;
	if (h->source.family)
		return;
	fd = open_socket(u, h);
	if (fd < 0)
		return;
	len = address_to_sockaddr(&h->spec->target, 9, &ss);
	if (!connect(fd, (struct sockaddr *)&ss, len))
		tcp_own_address(fd, &h->source);
	close(fd);
}

static bool is_probed(const struct scan_port *p)
{
	return p->proto == L4_UDP && p->here != 0 && !p->proven;
}

/* Ports that nobody opens, as far as one can know: of those that the system hands out, by
 * chance. */
static void choose_lures(struct udp_host *h, struct udp_options *o)
{
	struct udp_seed seed = {.nonce = h->nonce};

	for (unsigned k = 0; k < UDP_LURES; k++)
		o->lures[k] = (uint16_t)(33434 + 100 + udp_word(&seed, 100 + k) % 16000);
}

static struct udp_options options_of(const struct udp *u, struct udp_host *h)
{
	const struct scan_pace *p = &u->plan->pace;
	struct udp_options o = {
		.assumed_loss = p->assumed_loss > 0 ? p->assumed_loss : default_loss,
		.passes = p->passes,
		.first_us = (int64_t)(p->rtt_first_ms ? p->rtt_first_ms : DEFAULT_FIRST_MS) * 1000,
		.most_us = (int64_t)(p->rtt_max_ms ? p->rtt_max_ms : DEFAULT_MOST_MS) * 1000,
		.burst_weight = p->burst_weight,
		.gap_us = p->burst_weight ? (int64_t)p->gap_ms * 1000 : 0,
		.max_rate = p->max_rate / (double)(u->plan->hosts_n ? u->plan->hosts_n : 1),
	};

	choose_lures(h, &o);
	return o;
}

/* What is known without a probe; false when there is nothing of the kind. */
static bool tell_unprobed(struct udp *u, size_t index)
{
	const struct scan_host *spec = &u->plan->hosts[index];
	struct observation o;
	bool any = false;

	for (size_t i = 0; i < spec->n; i++) {
		if (spec->ports[i].proto != L4_UDP || is_probed(&spec->ports[i]))
			continue;
		o = (struct observation){.port = spec->ports[i].router,
		                         .proto = L4_UDP,
		                         .reason = "not-mapped",
		                         .rtt_us = -1};
		if (spec->ports[i].proven) {
			o.state = PORT_OPEN;
			o.reason = "login";
			o.serve = SERVE_SERVING;
			o.app = spec->ports[i].expect;
		}
		u->sink->port(u->sink->context, index, &o);
		any = true;
	}
	return any;
}

/* In random order, so that silent ports are not all found last. */
static void shuffle(struct udp_host *h, uint32_t n)
{
	struct udp_seed seed = {.nonce = h->nonce};
	const struct scan_port *p;
	uint32_t j;

	for (uint32_t i = n; i > 1; i--) {
		j = udp_word(&seed, 1000 + i) % i;
		p = h->ports[i - 1];
		h->ports[i - 1] = h->ports[j];
		h->ports[j] = p;
	}
}

static void lay_out(struct udp *u, struct udp_host *h, uint32_t n, int64_t now_us)
{
	struct udp_options options = options_of(u, h);
	uint32_t k = 0;

	udp_track_init(&h->track, &options, n, now_us);
	h->ports = mem_alloc(n * sizeof(*h->ports));
	h->reasons = mem_alloc((n + UDP_LURES) * sizeof(*h->reasons));
	for (size_t i = 0; i < h->spec->n; i++)
		if (is_probed(&h->spec->ports[i]))
			h->ports[k++] = &h->spec->ports[i];
	shuffle(h, n);
	for (uint32_t i = 0; i < n; i++)
		h->track.cells[i].port = h->ports[i]->here;
}

/* The next host of the plan that has ports to be probed. */
static void host_begin(struct udp *u, size_t index, int64_t now_us)
{
	const struct scan_host *spec = &u->plan->hosts[index];
	struct epoll_event ev = {.events = EPOLLIN | EPOLLERR};
	static const struct scan_account nothing = {.rtt_us = -1, .loss_assumed = true};
	struct udp_host *h;
	struct outcome o;
	uint32_t n = 0;
	bool any = tell_unprobed(u, index);

	for (size_t i = 0; i < spec->n; i++)
		n += is_probed(&spec->ports[i]);
	if (n == 0 && any)
		u->sink->host(u->sink->context, index, &nothing);
	if (n == 0)
		return;
	h = mem_alloc(sizeof(*h));
	*h = (struct udp_host){.index = index, .spec = spec, .fd = -1, .began_us = now_us};
	if (getrandom(&h->nonce, sizeof(h->nonce), GRND_NONBLOCK) != (ssize_t)sizeof(h->nonce))
		h->nonce = (uint64_t)clock_us() * 0x9e3779b97f4a7c15u;
	find_source(u, h);
	lay_out(u, h, n, now_us);
	u->active[u->active_n++] = h;
	h->fd = open_socket(u, h);
	ev.data.ptr = h;
	if (h->fd < 0 || epoll_ctl(u->epoll_fd, EPOLL_CTL_ADD, h->fd, &ev)) {
		o = outcome_of_errno(errno, true);
		host_end(u, u->active_n - 1, o.reason, now_us);
	}
}

/* --- all of them ---------------------------------------------------------------------- */

static const char *cut_of(const struct udp *u, const struct udp_host *h, int64_t now_us)
{
	int64_t timeout = u->plan->pace.host_timeout_ms;

	return timeout && now_us - h->began_us > timeout * 1000 ? "host timeout" : NULL;
}

static int64_t due_of(const struct udp_host *h)
{
	int64_t due = udp_track_due_us(&h->track);

	return due > h->busy_until_us ? due : h->busy_until_us;
}

static void hear_all(struct udp *u, int64_t now_us)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(u->epoll_fd, events, EVENTS, 0);

	for (int i = 0; i < n; i++)
		udp_hear(u, events[i].data.ptr, now_us);
}

int64_t udp_step(struct udp *u, int64_t now_us)
{
	int64_t due = INT64_MAX, one;
	const char *cut;

	hear_all(u, now_us);
	while (u->active_n < u->active_most && u->next < u->plan->hosts_n)
		host_begin(u, u->next++, now_us);
	for (size_t at = u->active_n; at-- > 0;) {
		udp_ask_host(u, u->active[at], now_us);
		cut = cut_of(u, u->active[at], now_us);
		if (cut || udp_track_over(&u->active[at]->track, now_us)) {
			host_end(u, at, cut, now_us);
			due = now_us;
			continue;
		}
		one = due_of(u->active[at]);
		due = one < due ? one : due;
	}
	return u->active_n == 0 && u->next == u->plan->hosts_n ? -1 : due;
}

/* A host that was never begun. */
static void tell_unbegun(struct udp *u, size_t index, const char *why)
{
	const struct scan_host *spec = &u->plan->hosts[index];
	struct scan_account a = {.cut = why, .rtt_us = -1, .loss_assumed = true};
	bool any = tell_unprobed(u, index);

	for (size_t i = 0; i < spec->n; i++) {
		struct observation o = {.port = spec->ports[i].router,
		                        .proto = L4_UDP,
		                        .reason = why,
		                        .rtt_us = -1};

		if (!is_probed(&spec->ports[i]))
			continue;
		u->sink->port(u->sink->context, index, &o);
		any = true;
	}
	if (any)
		u->sink->host(u->sink->context, index, &a);
}

void udp_cut(struct udp *u, const char *why)
{
	int64_t now_us = clock_us();

	while (u->active_n > 0)
		host_end(u, u->active_n - 1, why, now_us);
	for (; u->next < u->plan->hosts_n; u->next++)
		tell_unbegun(u, u->next, why);
}

struct udp *udp_new(const struct scan_plan *plan, const struct scan_sink *sink, struct arena *arena,
                    struct error *err)
{
	struct rlimit limit = {.rlim_cur = 256};
	struct udp *u;
	int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd < 0) {
		error_set_sys(err, errno, "the scan cannot begin");
		return NULL;
	}
	u = mem_alloc(sizeof(*u));
	*u = (struct udp){.plan = plan, .sink = sink, .arena = arena, .epoll_fd = fd};
	getrlimit(RLIMIT_NOFILE, &limit);
	u->active_most = MOST_HOSTS;
	if (limit.rlim_cur < MOST_HOSTS + RESERVE_FDS)
		u->active_most =
			limit.rlim_cur > 2 * RESERVE_FDS ? limit.rlim_cur - RESERVE_FDS : 8;
	u->active = mem_alloc(u->active_most * sizeof(struct udp_host *));
	return u;
}

void udp_free(struct udp *u)
{
	if (!u)
		return;
	while (u->active_n > 0)
		host_free(u->active[--u->active_n]);
	free(u->active);
	close(u->epoll_fd);
	free(u);
}

int udp_fd(const struct udp *u)
{
	return u->epoll_fd;
}
