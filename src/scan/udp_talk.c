/* One host's UDP ports: what is sent, and what comes back. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "outcome.h"
#include "rosaudit/clock.h"
#include "udp_host.h"
#include "udp_payload.h"
#include "udp_tell.h"

enum {
	BUSY_US = 2000,        /* before a send that this machine could not do is tried again */
	STARVED_US = 10000000, /* a shortage this long is not going to end */
	AT_ONCE = 64,          /* probes, or datagrams, of one host before others have their turn */
	ANSWER_MAX = 2048,
};

/* --- telling -------------------------------------------------------------------------- */

static void tell(struct udp *u, const struct udp_host *h, uint32_t i, struct observation *o)
{
	const struct udp_cell *c = &h->track.cells[i];

	o->port = h->ports[i]->router;
	o->probed_port = c->tries ? c->port : 0;
	o->proto = L4_UDP;
	o->tries = c->tries;
	u->sink->port(u->sink->context, h->index, o);
}

void udp_tell_state(struct udp *u, const struct udp_host *h, uint32_t i, enum port_state state,
                    const char *reason)
{
	struct observation o = {.state = state, .reason = reason, .rtt_us = -1};

	tell(u, h, i, &o);
}

/* --- hearing -------------------------------------------------------------------------- */

static uint32_t cell_of(const struct udp_host *h, uint16_t port)
{
	for (uint32_t i = 0; i < h->track.n + UDP_LURES; i++)
		if (h->track.cells[i].port == port && h->track.cells[i].tries)
			return i;
	return UDP_NO_CELL;
}

/* The cell that a datagram from that port answers; one whose protocol answers from another port is
 * known by what it says. */
static uint32_t cell_of_answer(const struct udp_host *h, uint16_t port, const unsigned char *p,
                               size_t n)
{
	uint32_t i = cell_of(h, port);
	const struct udp_row *row;

	for (uint32_t k = 0; i == UDP_NO_CELL && k < h->track.n; k++) {
		row = udp_row_for(h->ports[k]->router);
		if (row->other_port && h->track.cells[k].tries && row->fits(NULL, p, n))
			return k;
	}
	return i;
}

static struct udp_seed seed_of(const struct udp_host *h, uint32_t i)
{
	return (struct udp_seed){
		.nonce = h->nonce + h->track.cells[i].port,
		.attempt = h->track.cells[i].tries,
		.source = h->source,
		.target = h->spec->target,
		.port = i < h->track.n ? h->ports[i]->router : 0,
	};
}

static const struct udp_row *row_of(const struct udp_host *h, uint32_t i)
{
	return udp_row_for(i < h->track.n ? h->ports[i]->router : 0);
}

/* Ends on the other side what our question began there. */
static void send_end(const struct udp_host *h, uint32_t i, const struct sockaddr_storage *to,
                     socklen_t len, const unsigned char *p, size_t n)
{
	struct udp_seed seed = seed_of(h, i);
	struct buf out;

	if (!row_of(h, i)->end)
		return;
	buf_init(&out, UDP_PAYLOAD_MAX);
	row_of(h, i)->end(&seed, p, n, &out);
	if (out.n > 0)
		sendto(h->fd, out.p, out.n, MSG_DONTWAIT | MSG_NOSIGNAL,
		       (const struct sockaddr *)to, len);
	buf_done(&out);
}

static void on_answer(struct udp *u, struct udp_host *h, uint32_t i, const unsigned char *p,
                      size_t n, int64_t now_us)
{
	struct udp_seed seed = seed_of(h, i);
	struct observation o = {.state = PORT_OPEN,
	                        .reason = "udp-response",
	                        .serve = SERVE_SERVING,
	                        .rtt_us = now_us - h->track.cells[i].sent_us};

	if (!udp_track_answer(&h->track, i, PORT_OPEN, now_us))
		return;
	h->reasons[i] = o.reason;
	o.app = udp_judge(row_of(h, i), &seed, p, n);
	udp_tell(p, n, u->arena, &o);
	tell(u, h, i, &o);
}

static uint16_t port_of(const struct sockaddr_storage *ss)
{
	if (ss->ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)(const void *)ss)->sin6_port);
	return ntohs(((const struct sockaddr_in *)(const void *)ss)->sin_port);
}

/* Reads one datagram; false when there is none. */
static bool hear_one(struct udp *u, struct udp_host *h, int64_t now_us)
{
	unsigned char p[ANSWER_MAX];
	struct sockaddr_storage from = {0};
	struct address address;
	socklen_t len = sizeof(from);
	ssize_t n = recvfrom(h->fd, p, sizeof(p), MSG_DONTWAIT, (struct sockaddr *)&from, &len);
	uint32_t i;

	if (n < 0) /* an ICMP error, which its queue tells again */
		return errno != EAGAIN && errno != EWOULDBLOCK;
	if (!address_from_sockaddr((struct sockaddr *)&from, &address))
		return true;
	address.scope = h->spec->target.scope;
	if (!address_equal(&address, &h->spec->target))
		return true;
	i = cell_of_answer(h, port_of(&from), p, (size_t)n);
	if (i == UDP_NO_CELL)
		return true;
	send_end(h, i, &from, len, p, (size_t)n);
	on_answer(u, h, i, p, (size_t)n, now_us);
	return true;
}

static void hear_errors(struct udp *u, struct udp_host *h, int64_t now_us)
{
	struct address about;
	struct outcome o;
	uint16_t port;
	uint32_t i;

	while (outcome_of_udp_error(h->fd, &about, &port, &o)) {
		i = o.state == PORT_OPEN ? UDP_NO_CELL : cell_of(h, port);
		if (i == UDP_NO_CELL || !udp_track_answer(&h->track, i, o.state, now_us))
			continue;
		h->reasons[i] = o.reason;
		udp_tell_state(u, h, i, o.state, o.reason);
	}
}

void udp_hear(struct udp *u, struct udp_host *h, int64_t now_us)
{
	hear_errors(u, h, now_us);
	for (unsigned k = 0; k < AT_ONCE && hear_one(u, h, now_us); k++)
		;
}

/* --- asking --------------------------------------------------------------------------- */

static ssize_t send_probe(const struct udp_host *h, uint32_t i)
{
	struct udp_seed seed = seed_of(h, i);
	struct sockaddr_storage to;
	unsigned len = address_to_sockaddr(&h->spec->target, h->track.cells[i].port, &to);
	struct buf out;
	ssize_t sent;

	buf_init(&out, UDP_PAYLOAD_MAX);
	udp_ask(row_of(h, i), &seed, &out);
	sent = sendto(h->fd, buf_str(&out), out.n, MSG_DONTWAIT | MSG_NOSIGNAL,
	              (struct sockaddr *)&to, len);
	buf_done(&out);
	return sent;
}

/* This machine cannot now. False: nor will it ever. */
static bool wait_for_better(struct udp_host *h, int64_t now_us)
{
	if (h->busy_since_us == 0)
		h->busy_since_us = now_us;
	h->busy_until_us = now_us + BUSY_US;
	return now_us - h->busy_since_us < STARVED_US;
}

/* Sends one; false when no more can be sent now. */
static bool ask_one(struct udp *u, struct udp_host *h, uint32_t i, int64_t now_us)
{
	struct outcome o;
	ssize_t sent = send_probe(h, i);

	if (sent < 0) { /* perhaps the word on an earlier probe: it is said once */
		hear_errors(u, h, now_us);
		if (h->track.cells[i].state != PORT_UNKNOWN && i != h->track.canary)
			return true;
		sent = send_probe(h, i);
	}
	if (sent >= 0) {
		h->busy_since_us = 0;
		udp_track_sent(&h->track, i, now_us);
		return true;
	}
	o = outcome_of_errno(errno, true);
	if (o.kind == OUTCOME_SHORTAGE && wait_for_better(h, now_us))
		return false;
	if (udp_track_answer(&h->track, i, PORT_UNKNOWN, now_us)) {
		h->reasons[i] = o.reason;
		udp_tell_state(u, h, i, PORT_UNKNOWN, o.reason);
	}
	return true;
}

void udp_ask_host(struct udp *u, struct udp_host *h, int64_t now_us)
{
	uint32_t i;

	if (now_us < h->busy_until_us)
		return;
	for (unsigned k = 0; k < AT_ONCE; k++) {
		i = udp_track_next(&h->track, now_us);
		if (i == UDP_NO_CELL || !ask_one(u, h, i, clock_us()))
			return;
	}
}
