/* The SYN scan: half-open probes by raw sockets, many in one call. Our own kernel knows nothing of
 * them, so it answers each SYN-ACK with the RST that ends the half-open connection. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rosaudit/arena.h"
#include "rosaudit/buf.h"
#include "cookie.h"
#include "outcome.h"
#include "packet.h"
#include "raw.h"
#include "syn.h"

enum {
	BATCH = 64,
	TRY_PORTS = 32, /* the port tells which try was answered … */
	SYN_PORTS = TRY_PORTS + TRACK_CANARIES + TRACK_LURES, /* … and which canary or lure */
	/* Above what Linux gives to clients (32768 to 60999). */
	PORTS_FIRST = 61000,
	PORTS_LAST = 65535 - SYN_PORTS,
	TTL = 64,
	MSS = 1460, /* as a common host's */
	READ_BYTES = 160,
	MOST_READS = 2048, /* batches in one go: all that the socket holds */
};

struct waiting {
	struct lane *lane;
	uint32_t cell;
};

struct syn {
	struct cookie_key key;
	uint16_t first_port;
	uint8_t bytes[BATCH][PACKET_MOST];
	struct iovec parts[BATCH];
	struct sockaddr_storage to[BATCH];
	struct mmsghdr messages[BATCH];
	struct waiting waiting[BATCH];
	unsigned n;
	bool six; /* what was gathered is IPv6 */
	uint8_t in[BATCH][READ_BYTES];
	struct iovec in_parts[BATCH];
	struct sockaddr_storage from[BATCH];
	struct mmsghdr in_messages[BATCH];
	struct host_run *last; /* whom the last answer was from */
};

/* --- sending ------------------------------------------------------------------------- */

static uint16_t port_of(const struct syn *s, const struct lane *lane, uint32_t cell)
{
	const struct track *t = &lane->track;

	if (!track_is_port(t, cell))
		return (uint16_t)(s->first_port + TRY_PORTS + (cell - t->n));
	return (uint16_t)(s->first_port + (t->cells[cell].tries - 1u) % TRY_PORTS);
}

static struct packet_tcp probe_of(const struct syn *s, const struct lane *lane, uint32_t cell)
{
	const struct address *to = &lane->host->spec->target;
	uint16_t from_port = port_of(s, lane, cell), to_port = lane->track.cells[cell].port;
	struct packet_tcp t = {
		.from = lane->host->account.source,
		.to = *to,
		.from_port = from_port,
		.to_port = to_port,
		.seq = cookie_seq(&s->key, to, to_port, from_port),
		.flags = PACKET_SYN,
		.ttl = TTL,
		.mss = MSS,
	};

	t.id = (uint16_t)(t.seq >> 7);
	return t;
}

static void syn_flush(struct engine *e, int64_t now_us);

static enum sent syn_send(struct engine *e, struct lane *lane, uint32_t cell, int64_t now_us)
{
	struct syn *s = e->syn;
	const struct address *to = &lane->host->spec->target;
	bool six = to->family == 6;
	struct packet_tcp t;
	size_t n, skip = six ? PACKET_V6_HEADER : 0;

	if (lane->host->account.source.family == 0) {
		engine_judge(e, lane, cell, PORT_UNKNOWN, "net-unreach");
		return SENT_OUT;
	}
	if (s->n == BATCH || s->six != six)
		syn_flush(e, now_us);
	s->six = six;
	t = probe_of(s, lane, cell);
	n = packet_tcp_make(&t, s->bytes[s->n]);
	s->parts[s->n] = (struct iovec){s->bytes[s->n] + skip, n - skip};
	s->messages[s->n].msg_hdr = (struct msghdr){
		.msg_name = &s->to[s->n],
		.msg_namelen = address_to_sockaddr(to, 0, &s->to[s->n]),
		.msg_iov = &s->parts[s->n],
		.msg_iovlen = 1,
	};
	s->waiting[s->n++] = (struct waiting){lane, cell};
	return SENT_OUT;
}

/* An error that the socket kept of an earlier packet (RECVERR): read away. */
static void drop_errors(int fd)
{
	char byte;

	while (recv(fd, &byte, 1, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0)
		continue;
}

/* The packet could not go: a word of this machine, perhaps about this one packet alone. True when
 * the others are not to be tried now. */
static bool refused(struct engine *e, const struct waiting *w, int error, int64_t now_us)
{
	struct outcome o;

	if (error == ENETUNREACH) /* there was a route: its interface is down */
		error = ENETDOWN;
	o = outcome_of_errno(error, true);
	if (o.kind == OUTCOME_SHORTAGE) {
		if (error == ENOBUFS || error == EAGAIN)
			pace_own_queue_full(&w->lane->track.pace);
		engine_short(e, o.reason, now_us);
		return true;
	}
	engine_judge(e, w->lane, w->cell, PORT_UNKNOWN, o.reason);
	return false;
}

static void syn_flush(struct engine *e, int64_t now_us)
{
	struct syn *s = e->syn;
	int fd = s->six ? e->plan->raw->tcp6 : e->plan->raw->tcp4;
	unsigned at = 0, n = s->n;
	bool again = true;
	int sent;

	s->n = 0;
	while (at < n) {
		sent = sendmmsg(fd, s->messages + at, n - at, MSG_DONTWAIT);
		if (sent > 0) {
			at += (unsigned)sent;
			continue;
		}
		/* The kernel tells a packet's fate once on the next call, whoever's that is. */
		if (again && errno != ENOBUFS && errno != EAGAIN) {
			drop_errors(fd);
			again = false;
			continue;
		}
		if (refused(e, &s->waiting[at], errno, now_us))
			break;
		again = true;
		at++;
	}
	while (n > at) {
		n--;
		track_unsend(&s->waiting[n].lane->track, s->waiting[n].cell);
	}
}

/* --- receiving ----------------------------------------------------------------------- */

static struct host_run *host_at(struct engine *e, const struct address *a)
{
	struct syn *s = e->syn;

	for (size_t i = 0; i < e->active_n; i++)
		if (e->active[i] && e->active[i] == s->last &&
		    address_equal(&s->last->spec->target, a))
			return s->last;
	for (size_t i = 0; i < e->active_n; i++)
		if (e->active[i] && address_equal(&e->active[i]->spec->target, a))
			return s->last = e->active[i];
	return NULL;
}

/* Calls what for each cell that the pair of ports may mean: two of the router's ports may be mapped
 * to one. */
static void for_cells(struct engine *e, struct host_run *h, uint16_t theirs, uint16_t ours,
                      void (*what)(struct engine *, struct lane *, uint32_t, unsigned, const void *,
                                   int64_t),
                      const void *context, int64_t now_us)
{
	struct lane *lane = &h->lanes[LANE_TCP];
	unsigned offset = (unsigned)ours - e->syn->first_port, tries;
	uint32_t i;

	if (!lane->used || offset >= SYN_PORTS)
		return;
	if (offset >= TRY_PORTS) {
		i = lane->track.n + offset - TRY_PORTS;
		if (lane_cell(lane, i)->port == theirs && lane_cell(lane, i)->phase == CELL_OUT)
			what(e, lane, i, lane_cell(lane, i)->tries, context, now_us);
		return;
	}
	for (i = lane_find(lane, theirs); i < lane->track.n && lane_cell(lane, i)->port == theirs;
	     i++) {
		tries = lane_cell(lane, i)->tries;
		/* The latest try that this port of ours could be. */
		while (tries > 0 && (tries - 1) % TRY_PORTS != offset)
			tries--;
		if (tries > 0 && technique_of(e, lane, i) == &technique_syn)
			what(e, lane, i, tries, context, now_us);
	}
}

static void on_answer(struct engine *e, struct lane *lane, uint32_t cell, unsigned which,
                      const void *context, int64_t now_us)
{
	const struct packet_tcp *t = context;
	bool open = !(t->flags & PACKET_RST);

	if (engine_answer(e, lane, cell, open ? PORT_OPEN : PORT_CLOSED, open ? "syn-ack" : "reset",
	                  which, now_us))
		talk_later(lane, cell);
}

static void take_segment(struct engine *e, const struct packet_tcp *t, const struct address *from,
                         int64_t now_us)
{
	struct host_run *h = host_at(e, from);

	if (h && t->flags & PACKET_ACK &&
	    t->ack == cookie_seq(&e->syn->key, &h->spec->target, t->from_port, t->to_port) + 1)
		for_cells(e, h, t->from_port, t->to_port, on_answer, t, now_us);
}

struct said {
	enum port_state state;
	const char *reason;
};

static void on_error(struct engine *e, struct lane *lane, uint32_t cell, unsigned which,
                     const void *context, int64_t now_us)
{
	const struct said *said = context;

	(void)which;
	(void)now_us;
	if (track_is_port(&lane->track, cell) && lane_cell(lane, cell)->phase != CELL_DONE)
		engine_judge(e, lane, cell, said->state, said->reason);
}

static void take_error(struct engine *e, const struct packet_error *x, const struct address *from,
                       int64_t now_us)
{
	struct address to = x->about.to;
	struct said said = {PORT_FILTERED, outcome_icmp_reason(x->family, x->type, x->code)};
	struct host_run *h;

	to.scope = from->scope;
	h = host_at(e, &to);
	if (!h && from->scope) {
		to.scope = 0;
		h = host_at(e, &to);
	}
	if (!h || !said.reason ||
	    x->about.seq != cookie_seq(&e->syn->key, &to, x->about.to_port, x->about.from_port))
		return;
	/* Our own kernel makes one up when no neighbour answers. */
	if (address_equal(from, &h->account.source) && !address_equal(from, &to))
		said.state = PORT_UNKNOWN;
	for_cells(e, h, x->about.to_port, x->about.from_port, on_error, &said, now_us);
}

static void take_tcp4(struct engine *e, const uint8_t *p, size_t n, const struct address *from,
                      int64_t now_us)
{
	struct packet_tcp t = {0};

	if (packet_v4_read(p, n, &t))
		take_segment(e, &t, from, now_us);
}

static void take_tcp6(struct engine *e, const uint8_t *p, size_t n, const struct address *from,
                      int64_t now_us)
{
	struct packet_tcp t = {0};

	if (packet_segment_read(p, n, &t))
		take_segment(e, &t, from, now_us);
}

static void take_icmp4(struct engine *e, const uint8_t *p, size_t n, const struct address *from,
                       int64_t now_us)
{
	struct packet_error x;

	if (packet_icmp4_read(p, n, &x))
		take_error(e, &x, from, now_us);
}

static void take_icmp6(struct engine *e, const uint8_t *p, size_t n, const struct address *from,
                       int64_t now_us)
{
	struct packet_error x;

	if (packet_icmp6_read(p, n, &x))
		take_error(e, &x, from, now_us);
}

static int read_batch(struct syn *s, int fd)
{
	for (unsigned i = 0; i < BATCH; i++) {
		s->in_parts[i] = (struct iovec){s->in[i], READ_BYTES};
		s->in_messages[i].msg_hdr = (struct msghdr){
			.msg_name = &s->from[i],
			.msg_namelen = sizeof(s->from[i]),
			.msg_iov = &s->in_parts[i],
			.msg_iovlen = 1,
		};
	}
	return recvmmsg(fd, s->in_messages, BATCH, MSG_DONTWAIT, NULL);
}

static void read_all(struct engine *e, int fd,
                     void (*take)(struct engine *, const uint8_t *, size_t, const struct address *,
                                  int64_t),
                     int64_t now_us)
{
	struct syn *s = e->syn;
	struct address from;
	int n = BATCH;

	if (fd < 0)
		return;
	for (unsigned k = 0; k < MOST_READS && n == BATCH; k++) {
		n = read_batch(s, fd);
		for (int i = 0; i < n; i++)
			if (address_from_sockaddr((struct sockaddr *)&s->from[i], &from))
				take(e, s->in[i], s->in_messages[i].msg_len, &from, now_us);
	}
}

static void syn_event(struct engine *e, int64_t now_us)
{
	const struct scan_raw *raw = e->plan->raw;

	drop_errors(raw->tcp4);
	read_all(e, raw->tcp4, take_tcp4, now_us);
	read_all(e, raw->icmp4, take_icmp4, now_us);
	if (raw->tcp6 >= 0)
		drop_errors(raw->tcp6);
	read_all(e, raw->tcp6, take_tcp6, now_us);
	read_all(e, raw->icmp6, take_icmp6, now_us);
}

static bool syn_over(struct engine *e, struct lane *lane, uint32_t cell, int64_t now_us)
{
	(void)e;
	(void)lane;
	(void)cell;
	(void)now_us;
	return false; /* a late answer is still welcome, and there is nothing to let go of */
}

const struct technique technique_syn = {
	.name = "syn",
	.send = syn_send,
	.flush = syn_flush,
	.shared_event = syn_event,
	.over = syn_over,
};

/* --- beginning and end ----------------------------------------------------------------- */

static void choose_key(struct syn *s)
{
	uint16_t dice;

	if (getrandom(&s->key, sizeof(s->key), 0) != sizeof(s->key) ||
	    getrandom(&dice, sizeof(dice), 0) != sizeof(dice))
		dice = (uint16_t)getpid(); /* answers can be forged, no more; never seen on Linux */
	s->first_port = (uint16_t)(PORTS_FIRST + dice % (PORTS_LAST - PORTS_FIRST));
}

static void bind_to_interface(const struct scan_plan *plan)
{
	const int *fds = (const int *)plan->raw;

	for (size_t i = 0; i < sizeof(*plan->raw) / sizeof(int); i++)
		if (plan->interface && fds[i] >= 0)
			setsockopt(fds[i], SOL_SOCKET, SO_BINDTODEVICE, plan->interface,
			           (socklen_t)strlen(plan->interface));
}

int syn_open(struct engine *e, struct error *err)
{
	const struct scan_raw *raw = e->plan->raw;
	const int *fds = (const int *)raw;
	struct sockaddr_storage own;
	unsigned len;

	if (!raw)
		return error_set(err, ERROR_SYSTEM, "a SYN scan needs raw sockets");
	e->syn = mem_alloc(sizeof(*e->syn));
	choose_key(e->syn);
	bind_to_interface(e->plan);
	if (e->plan->source.family == 6) {
		len = address_to_sockaddr(&e->plan->source, 0, &own);
		if (bind(raw->tcp6, (struct sockaddr *)&own, len))
			return error_set_sys(err, errno, "the source address cannot be used");
	}
	if (raw_filter(raw, e->syn->first_port, SYN_PORTS))
		return error_set_sys(err, errno, "the kernel refuses a filter");
	for (size_t i = 0; i < sizeof(*raw) / sizeof(int); i++)
		if (fds[i] >= 0 && engine_watch_shared(e, fds[i], LANE_TCP))
			return error_set_sys(err, errno, "the scan cannot begin");
	return 0;
}

void syn_close(struct engine *e)
{
	if (e->syn)
		raw_mute(e->plan->raw);
	free(e->syn);
	e->syn = NULL;
}

/* --- without sending --------------------------------------------------------------------- */

void scan_dry_run(const struct scan_plan *plan, void *context,
                  void (*packet)(void *context, const uint8_t *p, size_t n, const char *text))
{
	struct syn s = {.first_port = PORTS_FIRST};
	uint8_t bytes[PACKET_MOST];
	struct host_run h = {0};
	struct cell cell = {.tries = 1};
	struct packet_tcp t;
	struct buf text;
	size_t n;

	buf_init(&text, 1024);
	h.lanes[LANE_TCP].host = &h;
	h.lanes[LANE_TCP].track.cells = &cell;
	h.lanes[LANE_TCP].track.n = 1;
	for (size_t i = 0; i < plan->hosts_n; i++) {
		h.spec = &plan->hosts[i];
		host_source(plan, &h.spec->target, &h.account.source, NULL);
		for (size_t k = 0; k < h.spec->n; k++) {
			if (h.spec->ports[k].proto == L4_UDP || h.spec->ports[k].here == 0)
				continue;
			cell.port = h.spec->ports[k].here;
			t = probe_of(&s, &h.lanes[LANE_TCP], 0);
			n = packet_tcp_make(&t, bytes);
			buf_clear(&text);
			packet_format(bytes, n, &text);
			packet(context, bytes, n, buf_str(&text));
		}
	}
	buf_done(&text);
}
