/* One host under scan, from its plan to its account. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rosaudit/buf.h"
#include "rosaudit/catalogue.h"
#include "engine.h"

enum {
	CELLS_AT_ONCE = 300000, /* of all active hosts: some 10 MB */
	FIRST_MS = 300,    /* as nmap -T5's, three of which are patience enough for a satellite */
	PATIENT_MS = 1000, /* for ports that are likely to be open, since a connect that is
			         * given up hears no late answer */
	MOST_MS = 3000,
	ONCE_MS = 3500, /* the kernel sends its SYN three times in it */
	PASSES = 30,
	PATIENT_PORTS = 40,
	LEAST_GUARDED = 6, /* a port below 1024, and the sentinel */
	MIXED_PORTS = 64,  /* fewer are asked in their order */
};

/* Of a round trip. Wired and radio links that are worth the name lose less. */
#define ASSUMED_LOSS 0.005

bool host_fits(const struct engine *e, const struct scan_host *spec)
{
	return e->running == 0 ||
	       (e->running < e->active_most && e->cells + spec->n <= CELLS_AT_ONCE);
}

static int refuse_source(struct error *err, const struct address *source)
{
	struct buf text;

	buf_init(&text, 128);
	address_format(source, &text);
	error_set(err, ERROR_NETWORK, "source address %s is not one of this machine's addresses",
	          buf_str(&text));
	buf_done(&text);
	return -1;
}

int host_source(const struct scan_plan *plan, const struct address *target, struct address *out,
                struct error *err)
{
	struct sockaddr_storage ss;
	socklen_t len;
	int result = 0;
	/* A UDP socket tells the address without sending anything. */
	int fd = socket(target->family == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	*out = (struct address){0};
	if (fd < 0) /* each probe will say why */
		return 0;
	if (plan->interface)
		setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, plan->interface,
		           (socklen_t)strlen(plan->interface));
	if (plan->source.family) {
		len = address_to_sockaddr(&plan->source, 0, &ss);
		if (bind(fd, (struct sockaddr *)&ss, len) && errno == EADDRNOTAVAIL) {
			result = refuse_source(err, &plan->source);
			goto out;
		}
	}
	len = address_to_sockaddr(target, 9, &ss);
	if (connect(fd, (struct sockaddr *)&ss, len))
		goto out;
	len = sizeof(ss);
	if (!getsockname(fd, (struct sockaddr *)&ss, &len))
		address_from_sockaddr((struct sockaddr *)&ss, out);
out:
	close(fd);
	return result;
}

/* --- from the plan to lanes ------------------------------------------------------------ */

static unsigned lane_of(const struct scan_port *p)
{
	return p->proto == L4_UDP ? LANE_UDP : LANE_TCP;
}

static int by_port(const void *a, const void *b, void *context)
{
	const struct scan_port *ports = context;
	const uint32_t *x = a, *y = b;

	return (ports[*x].here > ports[*y].here) - (ports[*x].here < ports[*y].here);
}

static struct track_options options_of(const struct engine *e, unsigned lane)
{
	const struct scan_pace *pace = &e->plan->pace;
	unsigned first_ms = pace->rtt_first_ms ? pace->rtt_first_ms : FIRST_MS;
	unsigned most_ms = pace->rtt_max_ms ? pace->rtt_max_ms : MOST_MS;
	bool half_open = e->plan->method == SCAN_SYN && lane == LANE_TCP;
	struct track_options o = {
		.passes = pace->passes ? pace->passes : PASSES,
		.once_us = ONCE_MS * 1000,
		.canaries = pace->burst_weight == 0 && lane == LANE_TCP,
		/* -T0 and -T1 send one port at a time: there is no room for a second. */
		.guarded = pace->burst_weight >= LEAST_GUARDED,
		.open_canaries = half_open,
		.quiet = PORT_FILTERED,
	};

	o.limits.first_us = first_ms * 1000ll;
	o.limits.most_us = (most_ms > first_ms ? most_ms : first_ms) * 1000ll;
	o.limits.assumed_loss = pace->assumed_loss > 0 ? pace->assumed_loss : ASSUMED_LOSS;
	o.limits.max_rate = pace->max_rate;
	o.limits.min_rate = (double)pace->min_rate / (double)(e->running ? e->running : 1);
	if (!half_open && pace->rtt_first_ms == 0)
		o.patient_us = PATIENT_MS * 1000;
	return o;
}

static const char *why_unprobed(const struct scan_port *p)
{
	if (p->proven)
		return "login";
	if (p->here)
		return "not-probed";
	return p->spare ? p->spare : "not-mapped";
}

/* What is known of a port without a probe; true when it is to be probed. */
static bool prepare(struct engine *e, const struct scan_port *p, struct cell *c)
{
	c->port = p->here;
	c->flags = p->once ? CELL_ONCE : 0;
	c->state = p->proven ? PORT_OPEN : PORT_UNKNOWN;
	c->reason = engine_reason(e, why_unprobed(p));
	return !p->proven && p->here != 0;
}

static bool is_likely(const struct scan_port *p)
{
	return catalogue_port(p->router, p->proto == L4_UDP ? L4_UDP : L4_TCP) != NULL;
}

/* Ports that a router is likely to have open go first: they tell whether
 * and how fast it answers. */
static void enqueue(struct lane *lane, const uint32_t *cells, bool likely)
{
	const struct scan_host *spec = lane->host->spec;
	unsigned patient = 0;

	for (size_t i = 0; i < spec->n; i++) {
		if (cells[i] == TRACK_NONE || is_likely(&spec->ports[i]) != likely)
			continue;
		if (likely && patient++ < PATIENT_PORTS)
			lane_cell(lane, cells[i])->flags |= CELL_PATIENT;
		if (likely || spec->n < MIXED_PORTS)
			track_enqueue(&lane->track, cells[i]);
		else
			track_mix_in(&lane->track, cells[i]);
	}
}

/* The lane's ports, ascending as seen from here. */
static uint32_t gather(struct lane *lane, unsigned which)
{
	const struct scan_host *spec = lane->host->spec;
	uint32_t n = 0;

	lane->ports = mem_alloc((spec->n ? spec->n : 1) * sizeof(*lane->ports));
	for (size_t i = 0; i < spec->n; i++)
		if (lane_of(&spec->ports[i]) == which)
			lane->ports[n++] = (uint32_t)i;
	qsort_r(lane->ports, n, sizeof(*lane->ports), by_port, (void *)(uintptr_t)spec->ports);
	return n;
}

static void lane_begin(struct engine *e, struct host_run *h, unsigned which, int64_t now_us)
{
	struct lane *lane = &h->lanes[which];
	struct track_options options = options_of(e, which);
	uint32_t *cells, n;

	lane->host = h;
	lane->technique = e->tcp;
	lane->talk_first = lane->talk_last = TRACK_NONE;
	n = gather(lane, which);
	if (n == 0)
		return;
	lane->used = true;
	options.quiet_reason = engine_reason(e, "no-response");
	options.unsure_reason = engine_reason(e, "too-lossy");
	track_init(&lane->track, &options, n, now_us);
	lane->track.dice = (uint64_t)now_us;
	cells = mem_alloc(h->spec->n * sizeof(*cells));
	for (size_t i = 0; i < h->spec->n; i++)
		cells[i] = TRACK_NONE;
	for (uint32_t i = 0; i < n; i++)
		if (prepare(e, lane_port(lane, i), lane_cell(lane, i)) && lane->technique)
			cells[lane->ports[i]] = i;
	enqueue(lane, cells, true);
	lane->track.queue_fixed = lane->track.queued;
	enqueue(lane, cells, false);
	free(cells);
	e->cells += n;
}

void host_begin(struct engine *e, size_t index, int64_t now_us)
{
	const struct scan_pace *pace = &e->plan->pace;
	struct host_run *h = mem_alloc(sizeof(*h));

	h->spec = &e->plan->hosts[index];
	h->index = index;
	h->began_us = now_us;
	h->burst = (struct burst){.most = pace->burst_weight,
	                          .gap_us = pace->gap_ms * 1000ll,
	                          .weight = pace->burst_spent,
	                          .probe_us = now_us};
	host_source(e->plan, &h->spec->target, &h->account.source, NULL);
	while (e->active[h->slot])
		h->slot++;
	e->active[h->slot] = h;
	e->running++;
	for (unsigned i = 0; i < LANES; i++)
		lane_begin(e, h, i, now_us);
}

const struct scan_port *lane_port(const struct lane *lane, uint32_t cell)
{
	if (!track_is_port(&lane->track, cell))
		return NULL;
	return &lane->host->spec->ports[lane->ports[cell]];
}

uint32_t lane_find(const struct lane *lane, uint16_t here)
{
	const struct cell *cells = lane->track.cells;
	uint32_t low = 0, high = lane->track.n, guess;

	/* Where no port is left out, as of 1 to 65,535, it is where it would be. */
	guess = high > 0 && here > cells[0].port ? (uint32_t)here - cells[0].port : 0;
	if (guess < high && cells[guess].port == here &&
	    (guess == 0 || cells[guess - 1].port < here))
		return guess;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (cells[middle].port < here)
			low = middle + 1;
		else
			high = middle;
	}
	return low < lane->track.n && cells[low].port == here ? low : TRACK_NONE;
}

/* --- what is told ----------------------------------------------------------------------- */

uint8_t engine_reason(struct engine *e, const char *reason)
{
	for (unsigned i = 0; i < e->reasons_n; i++)
		if (!strcmp(e->reasons[i], reason))
			return (uint8_t)i;
	if (e->reasons_n == sizeof(e->reasons) / sizeof(e->reasons[0]))
		return 0;
	e->reasons[e->reasons_n] = reason;
	return (uint8_t)e->reasons_n++;
}

/* A port that may tell later whether we are still heard: none of management, none asked once. */
static void offer(struct lane *lane, uint32_t cell, const struct observation *facts)
{
	const struct scan_port *p = lane_port(lane, cell);
	const struct catalogue_row *row = catalogue_port(p->router, L4_TCP);
	enum port_state state = lane_cell(lane, cell)->state;
	bool refusing = facts && facts->serve == SERVE_REFUSED;

	if (!lane->track.options.guarded || p->once || p->proven || p->here == 0 ||
	    (row && row->kind == CATALOGUE_SERVICE))
		return;
	if (state == PORT_CLOSED)
		sentinel_offer(&lane->track, cell, SENTINEL_CLOSED);
	else if (state == PORT_OPEN)
		sentinel_offer(&lane->track, cell, refusing ? SENTINEL_REFUSING : SENTINEL_OPEN);
}

void engine_tell(struct engine *e, struct lane *lane, uint32_t cell,
                 const struct observation *facts)
{
	const struct scan_port *p = lane_port(lane, cell);
	struct cell *c = lane_cell(lane, cell);
	struct observation o = facts ? *facts : (struct observation){0};

	if (!p || c->flags & CELL_TOLD)
		return;
	c->flags |= CELL_TOLD;
	offer(lane, cell, facts);
	o.port = p->router;
	o.proto = p->proto == L4_UDP ? L4_UDP : L4_TCP;
	o.probed_port = c->tries > 0 ? p->here : 0;
	o.state = c->state;
	o.reason = e->reasons[c->reason];
	o.tries = c->tries;
	o.rtt_us = c->rtt_us ? (int64_t)c->rtt_us : -1;
	if (p->proven) {
		o.serve = SERVE_SERVING;
		o.app = p->expect;
	}
	e->done++;
	e->sink->port(e->sink->context, lane->host->index, &o);
}

/* What is left: judged and not told, or cut off. */
static void tell_rest(struct engine *e, struct lane *lane, const char *cut)
{
	struct cell *c;

	if (lane->track.dead)
		sentinel_settle(&lane->track, engine_reason(e, cut));
	for (uint32_t i = 0; i < lane->track.n; i++) {
		c = lane_cell(lane, i);
		engine_close(e, lane, i);
		if (c->phase != CELL_DONE)
			track_judge(&lane->track, i, PORT_UNKNOWN,
			            engine_reason(e, cut ? cut : "not-probed"));
		engine_tell(e, lane, i, NULL);
	}
	for (uint32_t i = lane->track.n; i < lane->track.n + TRACK_CANARIES + TRACK_LURES; i++)
		engine_close(e, lane, i);
}

static void fill_account(struct host_run *h, const char *cut, int64_t now_us)
{
	struct scan_account *a = &h->account;
	const struct track *t;

	a->cut = cut;
	a->rtt_us = -1;
	a->duration_ms = (now_us - h->began_us) / 1000;
	a->loss_assumed = true;
	for (unsigned i = 0; i < LANES; i++) {
		t = &h->lanes[i].track;
		if (!h->lanes[i].used)
			continue;
		a->sent += t->sent;
		a->answered += t->answered;
		a->limited |= t->pace.limited;
		a->tarpit |= t->tarpit;
		a->vouched = t->options.guarded && !t->sentinel.doubt;
		if (track_missed(t) > a->missed)
			a->missed = track_missed(t);
		if (t->pace.srtt_us >= 0 && a->rtt_us < 0)
			a->rtt_us = t->pace.srtt_us;
		if (t->canaries > 0 || a->loss == 0)
			a->loss = t->canaries && !t->canaries_lost ? 0 : pace_loss(&t->pace);
		a->loss_assumed &= t->canaries == 0;
	}
}

void host_end(struct engine *e, struct host_run *h, const char *cut, int64_t now_us)
{
	talks_cut(e, h);
	for (unsigned i = 0; i < LANES; i++)
		if (h->lanes[i].used)
			tell_rest(e, &h->lanes[i], cut);
	fill_account(h, cut, now_us);
	/* Shut out by TCP probes; nothing that UDP would be silent to tells anything. */
	if (h->burst.most && h->lanes[LANE_TCP].track.dead && e->udp && e->plan->hosts_n == 1) {
		udp_cut(e->udp, cut);
		e->udp_due_us = -1;
	}
	e->sink->host(e->sink->context, h->index, &h->account);
	for (unsigned i = 0; i < LANES; i++) {
		e->cells -= h->lanes[i].track.n;
		track_done(&h->lanes[i].track);
		free(h->lanes[i].ports);
	}
	if (h->has_payloads)
		payloads_done(&h->payloads);
	e->active[h->slot] = NULL;
	e->running--;
	free(h);
}
