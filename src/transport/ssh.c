/* The SSH transport: one connection, one login, any number of commands. The ssh*.c files of this
 * folder are the only users of libssh. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rosaudit/arena.h"
#include "rosaudit/buf.h"
#include "rosaudit/cancel.h"
#include "rosaudit/clock.h"
#include "rosaudit/log.h"
#include "ssh_private.h"

/* Addresses of one name that are tried. */
enum { ADDRESSES = 8 };
/* A peer that reads nothing must not block us: what we send fits every socket buffer. */
enum { SEND_LIMIT_S = 10 };

static long connect_limit(const struct ssh_conn *c)
{
	long ms =
		c->target->connect_timeout_ms > 0 ? c->target->connect_timeout_ms : SSH_CONNECT_MS;
	int64_t left = c->deadline_ms ? c->deadline_ms - clock_ms() : ms;

	if (left < 1)
		return 1;
	return left < ms ? (long)left : ms;
}

static void address_text(const struct address *a, char *out, size_t n)
{
	struct buf text;

	buf_init(&text, 128);
	address_format(a, &text);
	snprintf(out, n, "%s", buf_str(&text));
	buf_done(&text);
}

/* Both ends of the connection as they are, and the name of the router in every sentence. */
static void take_names(struct ssh_conn *c)
{
	const char *host = c->target->host;
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	struct address written;
	char text[80];

	if (getpeername(c->fd, (struct sockaddr *)&ss, &len) == 0)
		address_from_sockaddr((const struct sockaddr *)&ss, &c->base.remote);
	len = sizeof(ss);
	if (getsockname(c->fd, (struct sockaddr *)&ss, &len) == 0)
		address_from_sockaddr((const struct sockaddr *)&ss, &c->base.local);
	address_text(&c->base.local, c->local, sizeof(c->local));
	address_text(&c->base.remote, text, sizeof(text));
	if (address_parse(host, strlen(host), &written))
		snprintf(c->where, sizeof(c->where), "%s port %u", text, c->base.port);
	else
		snprintf(c->where, sizeof(c->where), "%.200s (%s) port %u", host, text,
		         c->base.port);
}

static int find_addresses(const struct ssh_conn *c, const struct address *pinned,
                          struct address *source, struct address *list, size_t *n,
                          struct error *err)
{
	const char *text = c->target->source;

	if (text && !address_parse(text, strlen(text), source))
		return error_set(err, ERROR_USAGE, "the source address %s is not an address", text);
	if (!pinned || !pinned->family)
		return endpoint_resolve(c->target->host, source, list, ADDRESSES, n, err);
	list[0] = *pinned;
	*n = 1;
	return 0;
}

static int reach(struct ssh_conn *c, const struct address *pinned, struct error *err)
{
	struct timeval limit = {.tv_sec = SEND_LIMIT_S};
	struct address list[ADDRESSES], source = {0}, written;
	const char *host = c->target->host;
	size_t n, chosen;
	int on = 1;

	if (find_addresses(c, pinned, &source, list, &n, err))
		return -1;
	if (endpoint_connect(list, n, c->base.port, &source, connect_limit(c), &c->fd, &chosen,
	                     err)) {
		if (!address_parse(host, strlen(host), &written))
			error_wrap(err, "%s", host);
		return -1;
	}
	/* Requests are small and each waits for its answer. */
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	take_names(c);
	return 0;
}

static int hint_service_address(const struct ssh_conn *c, struct error *err)
{
	return error_hint(
		err,
		"RouterOS accepts and then closes when the address list of the ssh service "
		"does not contain us: we come from %s, see `/ip service print`. Too many "
		"sessions at once (max-sessions) may look the same",
		c->local);
}

/* Looks at the first bytes without taking them: libssh would drop the words of a peer that is
 * no SSH server, and of one that hangs up. */
static int greeting(struct ssh_conn *c, const struct ssh_step *step, struct error *err)
{
	char first[sizeof(c->said)];
	ssize_t n;

	if (ssh_step_wait_fd(c, step, err))
		return -1;
	n = recv(c->fd, first, sizeof(first) - 1, MSG_PEEK);
	if (n == 0 || (n < 0 && errno == ECONNRESET)) {
		if (n == 0)
			error_set(err, ERROR_NETWORK,
			          "%s closed the connection before its SSH greeting", c->where);
		else
			error_set(err, ERROR_NETWORK,
			          "%s reset the connection before its SSH greeting", c->where);
		return hint_service_address(c, err);
	}
	if (n < 0)
		return error_set_sys(err, errno, "cannot read from %s", c->where);
	if (strncmp(first, "SSH-", (size_t)n < 4 ? (size_t)n : 4) == 0)
		return 0;
	/* Other lines may precede the greeting (RFC 4253 section 4.2), so this is not yet an
	 * error. */
	first[n] = '\0';
	first[strcspn(first, "\r\n")] = '\0';
	snprintf(c->said, sizeof(c->said), "%s", first[0] ? first : "(an empty line)");
	return 0;
}

static int set_options(struct ssh_conn *c, struct error *err)
{
	bool no = false;
	/* libssh gets a descriptor of its own, since it may or may not close it. */
	socket_t fd = fcntl(c->fd, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return error_set_sys(err, errno, "cannot duplicate a descriptor");
	/* Neither a user's ~/.ssh/config nor libssh's reading of known_hosts may change what is
	 * tested: both are ours, so libssh sees a directory and a name that mean nothing. */
	if (ssh_options_set(c->ssh, SSH_OPTIONS_PROCESS_CONFIG, &no) != SSH_OK ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_SSH_DIR, "/nonexistent") != SSH_OK ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_HOST, "router") != SSH_OK ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_KNOWNHOSTS, "/dev/null") != SSH_OK ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null") != SSH_OK ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_USER, c->target->user) != SSH_OK ||
	    ssh_options_set(c->ssh, SSH_OPTIONS_FD, &fd) != SSH_OK) {
		close(fd);
		return error_set(err, ERROR_SYSTEM, "libssh: %s", ssh_get_error(c->ssh));
	}
	ssh_set_blocking(c->ssh, 0);
	return ssh_offer_algorithms(c, err);
}

static int handshake_failed(struct ssh_conn *c, struct error *err)
{
	struct phrase during;

	if (ssh_no_common_algorithm(c, err))
		return -1;
	if (strstr(ssh_reason(c), "too large banner"))
		return error_set(err, ERROR_NETWORK,
		                 "%s does not speak SSH: its greeting is longer than 255 bytes",
		                 c->where);
	during = ssh_get_serverbanner(c->ssh) ? phrase_make("during the key exchange")
	                                      : phrase_make("in the middle of its SSH greeting");
	ssh_broken(c, &during, err);
	/* Some servers hang up before their own offer, so that nobody can tell what was missing. */
	if (c->target->legacy_algorithms)
		return error_hint(err, "the router's log (`/log print`) may say why");
	return error_hint(err, "the router's log (`/log print`) may say why; an old RouterOS (6.x) "
	                       "needs `legacy-algorithms: yes`");
}

static int handshake(struct ssh_conn *c, struct error *err)
{
	long ms = c->target->connect_timeout_ms;
	struct ssh_step step;
	int rc;

	ms = ms > 0 ? ms : SSH_CONNECT_MS;
	step = ssh_step_start(phrase_make("send its SSH greeting"), "connect-timeout", ms);
	if (greeting(c, &step, err))
		return -1;
	c->ssh = ssh_new();
	if (!c->ssh)
		return error_set(err, ERROR_SYSTEM, "libssh: no session");
	if (set_options(c, err))
		return -1;
	while ((rc = ssh_connect(c->ssh)) == SSH_AGAIN) {
		if (ssh_get_serverbanner(c->ssh))
			c->said[0] = '\0';
		step.what = ssh_get_serverbanner(c->ssh) ? phrase_make("finish the key exchange")
		                                         : phrase_make("finish its SSH greeting");
		if (ssh_step_wait(c, &step, err))
			return -1;
	}
	if (ssh_get_serverbanner(c->ssh))
		c->said[0] = '\0';
	if (rc != SSH_OK)
		return handshake_failed(c, err);
	log_line(LOG_LEVEL_DEBUG, "%s: %s, %s, %s", c->where, ssh_get_serverbanner(c->ssh),
	         ssh_get_kex_algo(c->ssh), ssh_get_cipher_in(c->ssh));
	return 0;
}

static void ssh_close(struct session *s)
{
	struct ssh_conn *c = (struct ssh_conn *)s;
	socket_t fd;

	if (!c)
		return;
	if (c->event && ssh_is_connected(c->ssh))
		ssh_event_dopoll(c->event, 0); /* learns that it may write: the goodbye is sent */
	if (c->event && cancel_fd() >= 0)
		ssh_event_remove_fd(c->event,
		                    cancel_fd()); /* ssh_event_free forgets its callback */
	ssh_event_free(c->event);
	if (c->ssh) {
		fd = ssh_get_fd(c->ssh);
		ssh_disconnect(c->ssh);
		if (fd != SSH_INVALID_SOCKET)
			close(fd);
		ssh_free(c->ssh);
	}
	if (c->fd >= 0)
		close(c->fd);
	credentials_done(&c->cred);
	known_hosts_done(&c->known);
	free(c);
}

static int ssh_open(const struct target *target, const struct address *pinned, int64_t deadline_ms,
                    struct session **out, struct error *err)
{
	struct ssh_conn *c;
	int64_t begin;
	bool r;

	if (!target->host || !target->user)
		return error_set(err, ERROR_CONFIG, "transport ssh needs a host and a user");
	c = mem_alloc(sizeof(*c));
	c->base.transport = &transport_ssh;
	c->base.port = target->port ? target->port : 22;
	c->target = target;
	c->deadline_ms = deadline_ms;
	c->fd = -1;
	snprintf(c->where, sizeof(c->where), "%.200s port %u", target->host, c->base.port);
	if (known_hosts_load(&c->known, target, c->base.port, err) ||
	    credentials_load(&c->cred, target, &c->deadline_ms, err))
		goto fail;
	begin = clock_ms();
	ssh_listen(c);
	r = reach(c, pinned, err) || handshake(c, err) || ssh_trust_host(c, err) ||
	    ssh_login(c, err);
	ssh_listen(NULL);
	if (r)
		goto fail;
	log_line(LOG_LEVEL_VERBOSE, "%s: logged in as %s, %lld ms", c->where, target->user,
	         (long long)(clock_ms() - begin));
	*out = &c->base;
	return 0;
fail:
	ssh_close(&c->base);
	return -1;
}

const struct transport transport_ssh = {
	.id = TRANSPORT_SSH,
	.name = "ssh",
	.open = ssh_open,
	.fetch = ssh_fetch,
	.close = ssh_close,
};
