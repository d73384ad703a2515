/* Waiting on a router that may stall, drip or vanish. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <libssh/callbacks.h>

#include "rosaudit/cancel.h"
#include "rosaudit/clock.h"
#include "ssh_private.h"

/* A wake-up now and then costs nothing and bounds whatever poll did not see. */
enum { NAP_MS = 1000 };

struct ssh_step ssh_step_start(struct phrase what, const char *key, long limit_ms)
{
	return (struct ssh_step){what, key, limit_ms, clock_ms() + limit_ms};
}

static void print_ms(long ms, char *out, size_t n)
{
	if (ms % 1000)
		snprintf(out, n, "%ld ms", ms);
	else
		snprintf(out, n, "%ld s", ms / 1000);
}

static int step_late(struct ssh_conn *c, const struct ssh_step *step, struct error *err)
{
	const struct phrase nothing = {"", ""};
	char limit[32];

	print_ms(step->limit_ms, limit, sizeof(limit));
	/* An FTP server waits for us as long as we wait for it. */
	if (c->said[0])
		return ssh_broken(c, &nothing, err);
	error_set_phrase(err, ERROR_TIMEOUT, &step->what, "%s did not {} within %s", c->where,
	                 limit);
	return error_hint(err,
	                  "the router is overloaded, or something on the way holds the "
	                  "connection; a slow router may need a longer `%s:`",
	                  step->key);
}

static int audit_late(struct ssh_conn *c, const struct ssh_step *step, struct error *err)
{
	error_set_phrase(err, ERROR_TIMEOUT, &step->what,
	                 "the time for the whole audit of %s is over: it did not {}", c->where);
	return error_hint(err, "a slow router may need a longer `timeout:`");
}

int ssh_step_check(struct ssh_conn *c, const struct ssh_step *step, struct error *err)
{
	int64_t now = clock_ms();

	if (cancel_requested())
		return error_set(err, ERROR_INTERRUPTED, "interrupted while waiting for %s",
		                 c->where);
	if (c->deadline_ms && now >= c->deadline_ms)
		return audit_late(c, step, err);
	if (now >= step->until_ms)
		return step_late(c, step, err);
	return 0;
}

static int nap(const struct ssh_conn *c, const struct ssh_step *step)
{
	int64_t now = clock_ms();
	int64_t left = step->until_ms - now;

	if (c->deadline_ms && c->deadline_ms - now < left)
		left = c->deadline_ms - now;
	if (left > NAP_MS)
		return NAP_MS;
	return left > 0 ? (int)left : 0;
}

int ssh_step_wait_fd(struct ssh_conn *c, const struct ssh_step *step, struct error *err)
{
	for (;;) {
		struct pollfd p[2] = {
			{.fd = c->fd, .events = POLLIN},
			{.fd = cancel_fd(), .events = POLLIN},
		};

		if (ssh_step_check(c, step, err))
			return -1;
		if (poll(p, 2, nap(c, step)) < 0 && errno != EINTR)
			return error_set_sys(err, errno, "cannot wait for %s", c->where);
		if (p[0].revents)
			return 0;
	}
}

static int on_cancel(socket_t fd, int revents, void *ctx)
{
	(void)fd;
	(void)revents;
	(void)ctx;
	return 0;
}

/* libssh has a socket to poll only after its first call, so the event is made late. */
static int event_new(struct ssh_conn *c, struct error *err)
{
	c->event = ssh_event_new();
	if (!c->event || ssh_event_add_session(c->event, c->ssh) != SSH_OK)
		return error_set(err, ERROR_SYSTEM, "libssh: cannot wait on a session");
	if (cancel_fd() >= 0 &&
	    ssh_event_add_fd(c->event, cancel_fd(), POLLIN, on_cancel, NULL) != SSH_OK)
		return error_set(err, ERROR_SYSTEM, "libssh: cannot wait on a descriptor");
	return 0;
}

int ssh_step_wait(struct ssh_conn *c, const struct ssh_step *step, struct error *err)
{
	int on = 1;

	if (!c->event && event_new(c, err))
		return -1;
	if (ssh_step_check(c, step, err))
		return -1;
	/* A server that leaves Nagle's algorithm on holds each answer back until we acknowledge
	 * the packet before it, 40 ms a command. The kernel forgets this flag, so it is set
	 * each time. */
	setsockopt(c->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
	/* A broken connection is no failure here: the repeated libssh call says what happened. */
	ssh_event_dopoll(c->event, nap(c, step));
	return 0;
}

/* The first words of a peer that does not speak SSH. */
static int not_ssh(struct ssh_conn *c, struct error *err)
{
	error_set(err, ERROR_NETWORK, "%s does not speak SSH: it said \"%s\"", c->where, c->said);
	return error_hint(err, "is this the port of the router's ssh service? See `port:` and "
	                       "`/ip service print`");
}

/* The errors after which libssh closes the socket while it may have something to send. */
static void on_log(int priority, const char *function, const char *text, void *ctx)
{
	struct ssh_conn *c = ctx;

	(void)priority;
	(void)function;
	if (!c->verdict[0] &&
	    (strstr(text, "no match for method") || strstr(text, "Received SSH_MSG_DISCONNECT")))
		snprintf(c->verdict, sizeof(c->verdict), "%s", text);
}

void ssh_listen(struct ssh_conn *c)
{
	/* All three are the thread's own in libssh. Every error passes here at this level. */
	ssh_set_log_callback(on_log);
	ssh_set_log_userdata(c);
	ssh_set_log_level(c ? SSH_LOG_WARN : SSH_LOG_NONE);
}

const char *ssh_reason(const struct ssh_conn *c)
{
	if (c->verdict[0])
		return c->verdict;
	return c->ssh ? ssh_get_error(c->ssh) : "";
}

/* libssh keeps the peer's last words in its error text: "Received SSH_MSG_DISCONNECT: 2:words". */
static const char *last_words(const char *text)
{
	static const char head[] = "Received SSH_MSG_DISCONNECT: ";
	const char *p = strstr(text, head);

	if (!p)
		return NULL;
	p = strchr(p + sizeof(head) - 1, ':');
	return p ? p + 1 : "";
}

int ssh_broken(struct ssh_conn *c, const struct phrase *during, struct error *err)
{
	const char *text = ssh_reason(c);
	const char *words = last_words(text);

	if (c->said[0])
		return not_ssh(c, err);
	if (words)
		return error_set_phrase(err, ERROR_NETWORK, during,
		                        "%s ended the connection {}: \"%s\"", c->where, words);
	if (strstr(text, "reset by peer") || strstr(text, "Broken pipe"))
		return error_set_phrase(err, ERROR_NETWORK, during, "%s reset the connection {}",
		                        c->where);
	if (strstr(text, "disconnected") || !*text)
		return error_set_phrase(err, ERROR_NETWORK, during, "%s closed the connection {}",
		                        c->where);
	return error_set_phrase(err, ERROR_NETWORK, during, "the connection to %s broke {}: %s",
	                        c->where, text);
}
