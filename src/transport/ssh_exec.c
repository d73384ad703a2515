/* One command, one exec channel, one whole answer or an error: never a short answer. */
#include <stdio.h>
#include <string.h>

#include <libssh/callbacks.h>

#include "rosaudit/clock.h"
#include "rosaudit/limits.h"
#include "rosaudit/log.h"
#include "ssh_private.h"

/* How much of a command a sentence repeats. */
enum { COMMAND_SHOWN = 64 };
/* How much of what a command says on stderr goes to the log. */
enum { STDERR_LOGGED = 1024 };

/* One command under way; filled by libssh's callbacks, so that nothing waits in libssh's
 * buffers when the connection goes. */
struct exec {
	struct buf *text;
	size_t stderr_n;
	int status;
	bool over;   /* the answer is too large */
	bool eof;    /* the router says: no more output */
	bool closed; /* the router closed the channel as it should be closed */
	char signal[32];
	char shown[COMMAND_SHOWN + 8];
};

static int on_data(ssh_session session, ssh_channel channel, void *data, uint32_t n, int is_stderr,
                   void *ctx)
{
	struct exec *x = ctx;
	char line[STDERR_LOGGED + 1];

	(void)session;
	(void)channel;
	if (!is_stderr) {
		x->over = x->over || buf_add(x->text, data, n);
		return (int)n;
	}
	if (x->stderr_n < STDERR_LOGGED) {
		snprintf(line, sizeof(line), "%.*s", (int)(n > STDERR_LOGGED ? STDERR_LOGGED : n),
		         (const char *)data);
		log_line(LOG_LEVEL_DEBUG, "`%s` on stderr: %s", x->shown, line);
	}
	x->stderr_n += n;
	return (int)n;
}

static void on_eof(ssh_session session, ssh_channel channel, void *ctx)
{
	(void)session;
	(void)channel;
	((struct exec *)ctx)->eof = true;
}

static void on_close(ssh_session session, ssh_channel channel, void *ctx)
{
	(void)session;
	(void)channel;
	((struct exec *)ctx)->closed = true;
}

static void on_exit_status(ssh_session session, ssh_channel channel, int status, void *ctx)
{
	(void)session;
	(void)channel;
	((struct exec *)ctx)->status = status;
}

static void on_exit_signal(ssh_session session, ssh_channel channel, const char *signal, int core,
                           const char *text, const char *lang, void *ctx)
{
	struct exec *x = ctx;

	(void)session;
	(void)channel;
	(void)core;
	(void)text;
	(void)lang;
	snprintf(x->signal, sizeof(x->signal), "%s", signal && *signal ? signal : "?");
}

static int hint_policy(const struct ssh_conn *c, struct error *err)
{
	return error_hint(
		err,
		"the group of %s needs the policies ssh and read (`/user group print`); a "
		"password that has expired, a missing licence or max-sessions of the ssh "
		"service can stand in the way too: log in once by hand and see",
		c->target->user);
}

/* The connection is gone, or this one channel is refused. */
static int not_started(struct ssh_conn *c, struct phrase text, struct error *err)
{
	struct phrase during = phrase_make("when a command was to be sent");

	if (!ssh_is_connected(c->ssh))
		ssh_broken(c, &during, err);
	else
		error_set_phrase(err, ERROR_REMOTE, &text, "%s let %s in, but {}", c->where,
		                 c->target->user);
	return hint_policy(c, err);
}

static int start(struct ssh_conn *c, ssh_channel channel, const char *command,
                 const struct ssh_step *step, struct error *err)
{
	int rc;

	while ((rc = ssh_channel_open_session(channel)) == SSH_AGAIN)
		if (ssh_step_wait(c, step, err))
			return -1;
	if (rc != SSH_OK)
		return not_started(c, phrase_make("refused to open a channel for a command"), err);
	while ((rc = ssh_channel_request_exec(channel, command)) == SSH_AGAIN)
		if (ssh_step_wait(c, step, err))
			return -1;
	if (rc != SSH_OK)
		return not_started(c, phrase_make("refused to run a command"), err);
	return 0;
}

static int cut_short(struct ssh_conn *c, const struct exec *x, struct error *err)
{
	struct phrase during = phrase_make(
		"in the middle of its answer to `%s`, after %zu bytes: the answer is not complete",
		x->shown, x->text->n);

	ssh_broken(c, &during, err);
	if (!c->answered && !x->text->n)
		return hint_policy(c, err);
	return error_hint(err, "the router's log (`/log print`) may say why; then audit again");
}

static int finish(struct ssh_conn *c, const struct exec *x, const struct ssh_step *step,
                  struct error *err)
{
	/* After the end of the output and the status only the closing itself is left to come. */
	while (!x->closed && !(x->eof && x->status >= 0) && !x->over) {
		if (!ssh_is_connected(c->ssh))
			return cut_short(c, x, err);
		if (ssh_step_wait(c, step, err))
			return -1;
	}
	if (x->over) {
		error_set(err, ERROR_LIMIT, "the answer of %s to `%s` is larger than %zu bytes",
		          c->where, x->shown, x->text->max);
		return error_hint(err,
		                  "a list of services is far shorter: log in by hand and see what "
		                  "the router answers");
	}
	if (x->signal[0])
		return error_set(err, ERROR_REMOTE,
		                 "%s ended `%s` with the signal %s: the answer is not complete",
		                 c->where, x->shown, x->signal);
	return 0;
}

static void show_command(const char *command, char *out, size_t n)
{
	bool cut = strlen(command) > COMMAND_SHOWN;

	snprintf(out, n, "%.*s%s", COMMAND_SHOWN, command, cut ? " ..." : "");
}

static int run(struct ssh_conn *c, ssh_channel channel, const char *command, struct exec *x,
               struct error *err)
{
	struct ssh_channel_callbacks_struct callbacks = {
		.userdata = x,
		.channel_data_function = on_data,
		.channel_eof_function = on_eof,
		.channel_close_function = on_close,
		.channel_exit_status_function = on_exit_status,
		.channel_exit_signal_function = on_exit_signal,
	};
	struct phrase what = phrase_make("finish its answer to `%s`", x->shown);
	long ms = c->target->command_timeout_ms;
	struct ssh_step step;
	int r;

	step = ssh_step_start(what, "command-timeout", ms > 0 ? ms : SSH_COMMAND_MS);
	ssh_callbacks_init(&callbacks);
	if (ssh_add_channel_callbacks(channel, &callbacks) != SSH_OK)
		return error_set(err, ERROR_SYSTEM, "libssh: %s", ssh_get_error(c->ssh));
	r = start(c, channel, command, &step, err);
	if (!r)
		r = finish(c, x, &step, err);
	/* The channel may outlive this call inside libssh until the router has closed it too. */
	ssh_remove_channel_callbacks(channel, &callbacks);
	return r;
}

int ssh_fetch(struct session *s, const char *request, struct answer *out, struct error *err)
{
	struct ssh_conn *c = (struct ssh_conn *)s;
	struct exec x = {.text = &out->text, .status = -1};
	int64_t begin = clock_ms();
	ssh_channel channel;
	int r;

	buf_clear(&out->text);
	out->status = -1;
	show_command(request, x.shown, sizeof(x.shown));
	if (!ssh_is_connected(c->ssh))
		return error_set(err, ERROR_NETWORK, "the connection to %s is gone", c->where);
	channel = ssh_channel_new(c->ssh);
	if (!channel)
		return error_set(err, ERROR_SYSTEM, "libssh: %s", ssh_get_error(c->ssh));
	ssh_listen(c);
	r = run(c, channel, request, &x, err);
	ssh_listen(NULL);
	ssh_channel_free(channel);
	if (r)
		return -1;
	out->status = x.status;
	c->answered = true;
	log_line(LOG_LEVEL_VERBOSE, "%s: `%s`: %zu bytes, status %d, %lld ms", c->where, request,
	         out->text.n, out->status, (long long)(clock_ms() - begin));
	return 0;
}
