/* Reading a router over REST: which port, which address, which password, how long. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rosaudit/arena.h"
#include "rosaudit/clock.h"
#include "rosaudit/log.h"
#include "rosaudit/secret.h"
#include "rosaudit/transport.h"
#include "rest.h"

/* Used where the target gives no limit of its own: those of the policy file. */
#define DEFAULT_CONNECT_MS 10000
#define DEFAULT_COMMAND_MS 30000
/* Addresses of one name that are tried. */
#define MAX_ADDRESSES 16
/* Every RouterOS with REST has this, and every reading asks for it: it shows whether the login
 * works, and its answer is kept for the caller, so that the router logs no request more. */
#define FIRST_REQUEST "system/resource"

struct rest_session {
	struct session base; /* first: transports cast */
	const struct target *target;
	struct rest_wire *wire;
	int64_t deadline_ms; /* 0 = none */
	bool answered;       /* some request was answered */
	char local[80];      /* base.local as text, "" = unknown */
	char where[96];      /* "192.0.2.1 port 443" */
	struct answer first; /* of FIRST_REQUEST */
	bool first_held;     /* until somebody fetches it */
};

static long connect_ms(const struct target *t)
{
	return t->connect_timeout_ms > 0 ? t->connect_timeout_ms : DEFAULT_CONNECT_MS;
}

static long command_ms(const struct target *t)
{
	return t->command_timeout_ms > 0 ? t->command_timeout_ms : DEFAULT_COMMAND_MS;
}

/* limit, or what is left of the router's time when that is less; below 1 when it is over. */
static long within(int64_t deadline_ms, long limit)
{
	int64_t left = deadline_ms ? deadline_ms - clock_ms() : limit;

	if (left < 1)
		return 0;
	return left < limit ? (long)left : limit;
}

/* What the configuration must have said before anything is sent. */
static int check_target(const struct target *t, struct error *err)
{
	if (!t->user || !t->user[0])
		return error_set(err, ERROR_CONFIG, "REST needs a user: and none is given");
	if (strchr(t->user, ':'))
		return error_set(err, ERROR_CONFIG,
		                 "user \"%s\" cannot log in over REST: HTTP Basic ends a name at "
		                 "its first colon",
		                 t->user);
	if (t->password.source == SECRET_NONE) {
		error_set(err, ERROR_CONFIG,
		          "REST needs the password of user \"%s\", and none is given", t->user);
		return error_hint(
			err, "write password: {env: NAME}, or {file: …}, {command: …}, {prompt: "
			     "yes}; a fresh router's empty one is password: \"\"");
	}
	if (t->pin && !t->rest_plain && !rest_pin_valid(t->pin)) {
		error_set(err, ERROR_CONFIG, "pin: \"%s\" is not the hash of a public key", t->pin);
		return error_hint(err, "it is sha256// and 44 characters of Base64; without pin: "
		                       "and ca: the refusal shows the router's");
	}
	return 0;
}

/* The port as seen from here: src/config has translated it through the port-map already. */
static uint16_t choose_port(const struct target *t)
{
	uint16_t given = t->transport == TRANSPORT_BOTH ? t->rest_port : t->port;

	return given ? given : t->rest_plain ? 80 : 443;
}

/* The facts that a sentence about a request may name. */
static struct rest_talk talk_about(const struct rest_session *s, const char *path)
{
	const struct target *t = s->target;

	return (struct rest_talk){
		.user = t->user,
		.host = t->host,
		.url = s->wire ? rest_wire_url(s->wire) : "",
		.path = path,
		.local = s->local,
		.where = s->where,
		.port = s->base.port,
		.plain = t->rest_plain,
		.empty_password = t->password.source == SECRET_EMPTY,
		.answered = s->answered,
		.pin = t->pin,
		.ca = t->ca,
	};
}

/* Notes both ends of the connection: fd is a socket whose local address is ours towards remote. */
static void note_ends(struct rest_session *s, int fd, const struct address *remote)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof(sa);
	struct buf text;

	s->base.remote = *remote;
	buf_init(&text, sizeof(s->where) - 1);
	address_format(remote, &text);
	buf_printf(&text, " port %u", s->base.port);
	snprintf(s->where, sizeof(s->where), "%s", buf_str(&text));
	buf_clear(&text);
	if (getsockname(fd, (struct sockaddr *)&sa, &len) == 0 &&
	    address_from_sockaddr((struct sockaddr *)&sa, &s->base.local))
		address_format(&s->base.local, &text);
	snprintf(s->local, sizeof(s->local), "%s", buf_str(&text));
	buf_done(&text);
}

/* The router's reset came before we saw the connection made: the same refusal as a moment
 * later, so the same sentence. A connected UDP socket sends nothing, and knows the address we
 * would come from. */
static int closed_at_once(struct rest_session *s, const struct rest_wire_plan *plan,
                          const struct address *remote, struct error *err)
{
	struct sockaddr_storage to, from;
	socklen_t to_n = address_to_sockaddr(remote, plan->port, &to), from_n;
	int fd = socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct rest_talk talk;

	if (fd >= 0 && plan->source.family) {
		from_n = address_to_sockaddr(&plan->source, 0, &from);
		bind(fd, (struct sockaddr *)&from, from_n);
	}
	if (fd >= 0)
		connect(fd, (struct sockaddr *)&to, to_n);
	note_ends(s, fd, remote);
	if (fd >= 0)
		close(fd);
	talk = talk_about(s, FIRST_REQUEST);
	return rest_fault_error(REST_FAULT_CLOSED, &talk, err);
}

/* Says more of a connection that was not made. Returns -1. */
static int not_reached(struct rest_session *s, const struct rest_wire_plan *plan,
                       const struct address *first, struct error *failure, struct error *err)
{
	/* EPIPE: a FIN came before the reset */
	if (failure->sys == EPIPE || strstr(failure->text, " reset "))
		return closed_at_once(s, plan, first, err);
	/* Of all services www-ssl is the one that a fresh router has disabled. */
	if (!s->target->rest_plain && strstr(failure->text, " refused "))
		error_hint_more(failure, "www-ssl is disabled unless somebody enabled it: "
		                         "/ip service print");
	return error_adopt(err, failure);
}

/* Resolves once and connects to the first address that answers. */
static int reach(struct rest_session *s, const struct address *pinned, struct rest_wire_plan *plan,
                 struct error *err)
{
	const struct target *t = s->target;
	struct address all[MAX_ADDRESSES] = {0};
	const struct address *source = t->source ? &plan->source : NULL;
	size_t n = 1, chosen = 0;
	long wait = within(s->deadline_ms, plan->connect_ms);
	struct error failure = {0};

	if (!wait) {
		error_set(err, ERROR_TIMEOUT,
		          "the time for this router was over before a connection was made");
		return error_hint(err, "timeout: is the limit for the whole router");
	}
	if (source && !address_parse(t->source, strlen(t->source), &plan->source))
		return error_set(err, ERROR_USAGE, "\"%s\" is not an address to come from",
		                 t->source);
	if (pinned && pinned->family)
		all[0] = *pinned;
	else if (endpoint_resolve(t->host, source, all, MAX_ADDRESSES, &n, err))
		return -1;
	if (endpoint_connect(all, n, plan->port, source, wait, &plan->fd, &chosen, &failure))
		return not_reached(s, plan, &all[0], &failure, err);
	plan->remote = all[chosen];
	note_ends(s, plan->fd, &all[chosen]);
	return 0;
}

static int make_wire(struct rest_session *s, const struct address *pinned, struct error *err)
{
	const struct target *t = s->target;
	struct rest_wire_plan plan = {
		.target = t, .port = s->base.port, .fd = -1, .connect_ms = connect_ms(t)};
	struct secret password = {0};
	struct buf what;
	int failed;

	buf_init(&what, 1024);
	buf_printf(&what, "password of %s@%s", t->user, t->name ? t->name : t->host);
	failed = secret_read(&t->password, buf_str(&what), &password, err);
	buf_done(&what);
	plan.password = password.p ? password.p : "";
	failed = failed || reach(s, pinned, &plan, err) || rest_wire_new(&plan, &s->wire, err);
	secret_done(&password);
	return failed ? -1 : 0;
}

/* Only our own requests come here; a blank or a control character would end the request line. */
static bool path_is_sound(const char *path)
{
	if (!path[0] || path[0] == '/' || strstr(path, ".."))
		return false;
	for (const char *p = path; *p; p++)
		if (*p <= ' ' || *p > '~' || *p == '#')
			return false;
	return true;
}

static int judge(struct rest_session *s, const struct rest_reply *reply, struct rest_talk *talk,
                 struct answer *out, struct error *err)
{
	out->status = (int)reply->status;
	log_line(LOG_LEVEL_DEBUG, "HTTP %ld, %zu bytes", reply->status, out->text.n);
	if (rest_status_error(talk, reply->status, reply->type, reply->redirect, &out->text, err))
		return -1;
	s->answered = true;
	return 0;
}

/* A timeout that came earlier than the limit of its own is the deadline's. */
static bool deadline_passed(const struct rest_session *s, enum rest_fault fault, long handshake,
                            long wait)
{
	return (fault == REST_FAULT_TIMEOUT_HANDSHAKE && handshake < connect_ms(s->target)) ||
	       (fault == REST_FAULT_TIMEOUT_ANSWER && wait < command_ms(s->target));
}

static int ask(struct rest_session *s, struct rest_talk *talk, struct answer *out,
               struct error *err)
{
	long handshake = within(s->deadline_ms, connect_ms(s->target));
	long wait = within(s->deadline_ms, command_ms(s->target));
	struct rest_reply reply = {0};
	int r;

	if (!wait)
		return rest_fault_error(REST_FAULT_DEADLINE, talk, err);
	log_line(LOG_LEVEL_DEBUG, "GET %s%s", talk->url, talk->path);
	r = rest_wire_get(s->wire, talk->path, handshake, wait, &out->text, &reply, err);
	if (r < 0)
		return -1;
	talk->tls = reply.tls;
	if (r == 0)
		return judge(s, &reply, talk, out, err);
	if (deadline_passed(s, reply.fault, handshake, wait))
		reply.fault = REST_FAULT_DEADLINE;
	talk->got = out->text.n;
	talk->limit = out->text.max;
	talk->detail = reply.detail;
	talk->waited_ms = reply.fault == REST_FAULT_TIMEOUT_HANDSHAKE ? handshake : wait;
	return rest_fault_error(reply.fault, talk, err);
}

static int get(struct rest_session *s, const char *path, struct answer *out, struct error *err)
{
	struct rest_talk talk = talk_about(s, path);

	if (!path_is_sound(path))
		return error_set(err, ERROR_USAGE, "\"%s\" is no path below /rest/", path);
	return ask(s, &talk, out, err);
}

static void rest_close(struct session *base)
{
	struct rest_session *s = (struct rest_session *)base;

	if (!s)
		return;
	rest_wire_free(s->wire);
	answer_done(&s->first);
	free(s);
}

static int rest_open(const struct target *target, const struct address *pinned, int64_t deadline_ms,
                     struct session **out, struct error *err)
{
	struct rest_session *s;

	if (check_target(target, err))
		return -1;
	s = mem_alloc(sizeof(*s));
	s->base.transport = &transport_rest;
	s->base.port = choose_port(target);
	s->target = target;
	s->deadline_ms = deadline_ms;
	answer_init(&s->first);
	if (make_wire(s, pinned, err) || get(s, FIRST_REQUEST, &s->first, err)) {
		rest_close(&s->base);
		return -1;
	}
	s->first_held = true;
	*out = &s->base;
	return 0;
}

static int rest_fetch(struct session *base, const char *request, struct answer *out,
                      struct error *err)
{
	struct rest_session *s = (struct rest_session *)base;
	struct answer kept;

	if (!s->first_held || strcmp(request, FIRST_REQUEST) != 0) {
		buf_clear(&out->text);
		out->status = -1;
		return get(s, request, out, err);
	}
	s->first_held = false;
	kept = *out;
	*out = s->first;
	s->first = kept;
	return 0;
}

const struct transport transport_rest = {
	.id = TRANSPORT_REST,
	.name = "rest",
	.open = rest_open,
	.fetch = rest_fetch,
	.close = rest_close,
};
