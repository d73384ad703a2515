/* A line from the terminal, without echo. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "rosaudit/buf.h"
#include "rosaudit/cancel.h"
#include "rosaudit/error.h"
#include "rosaudit/text.h"
#include "secret_prompt.h"

/* What one key did. */
enum key { KEY_MORE, KEY_ENTER, KEY_INTERRUPT, KEY_END };

/* One terminal, one question at a time. */
static pthread_mutex_t asking = PTHREAD_MUTEX_INITIALIZER;

static void say(int tty, const char *p, size_t n)
{
	while (n) {
		ssize_t w = write(tty, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return;
		p += w;
		n -= (size_t)w;
	}
}

static void ask(int tty, const char *what)
{
	struct buf line;

	buf_init(&line, 4096);
	text_escape_str(&line, what);
	if (line.n)
		line.p[0] = (char)toupper((unsigned char)line.p[0]);
	buf_puts(&line, ": ");
	say(tty, buf_str(&line), line.n);
	buf_done(&line);
}

/* Line editing is ours because the terminal's own would hold Ctrl-C back until Enter. */
static enum key take_key(unsigned char c, char *p, size_t max, size_t *n, bool *too_long)
{
	switch (c) {
	case '\r':
	case '\n':
		return KEY_ENTER;
	case 0x03: /* Ctrl-C */
		return KEY_INTERRUPT;
	case 0x04: /* Ctrl-D */
		return *n ? KEY_ENTER : KEY_END;
	case 0x15: /* Ctrl-U */
		*n = 0;
		return KEY_MORE;
	case 0x08:
	case 0x7f:
		/* A whole character, not one byte of its UTF-8. */
		while (*n && ((unsigned char)p[*n - 1] & 0xc0) == 0x80)
			--*n;
		if (*n)
			--*n;
		return KEY_MORE;
	default:
		break;
	}
	if (c < 0x20)
		return KEY_MORE;
	if (*n == max)
		*too_long = true;
	else
		p[(*n)++] = (char)c;
	return KEY_MORE;
}

static enum key read_keys(int tty, char *p, size_t max, size_t *n, bool *too_long)
{
	for (;;) {
		struct pollfd watch[2] = {
			{.fd = tty, .events = POLLIN},
			{.fd = cancel_fd(), .events = POLLIN},
		};
		unsigned char c;
		enum key key;
		ssize_t r;

		if (cancel_requested())
			return KEY_INTERRUPT;
		if (poll(watch, 2, -1) < 0 && errno != EINTR)
			return KEY_END;
		if (!watch[0].revents)
			continue;
		r = read(tty, &c, 1);
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return KEY_END;
		key = take_key(c, p, max, n, too_long);
		explicit_bzero(&c, 1);
		if (key != KEY_MORE)
			return key;
	}
}

static int no_terminal(const char *what, struct error *err)
{
	error_set(err, ERROR_SYSTEM, "%s: there is no terminal to ask on", what);
	return error_hint(err,
	                  "write {env: NAME}, {file: PATH} or {command: …} into a policy file, or "
	                  "log in with a key of the SSH agent");
}

static enum key ask_quietly(int tty, const struct termios *before, const char *what, char *p,
                            size_t max, size_t *n, bool *too_long)
{
	struct termios quiet = *before;
	enum key key;

	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	if (tcsetattr(tty, TCSAFLUSH, &quiet))
		return KEY_END;
	ask(tty, what);
	key = read_keys(tty, p, max, n, too_long);
	say(tty, "\n", 1);
	tcsetattr(tty, TCSAFLUSH, before);
	return key;
}

int secret_prompt(const char *what, char *p, size_t max, size_t *n, struct error *err)
{
	int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	bool too_long = false;
	struct termios before;
	enum key key = KEY_END;

	*n = 0;
	if (tty < 0)
		return no_terminal(what, err);
	pthread_mutex_lock(&asking);
	if (tcgetattr(tty, &before) == 0)
		key = ask_quietly(tty, &before, what, p, max, n, &too_long);
	pthread_mutex_unlock(&asking);
	close(tty);
	if (key == KEY_INTERRUPT) {
		/* The key was typed at us but meant for the whole program. */
		if (!cancel_requested())
			kill(getpid(), SIGINT);
		return error_set(err, ERROR_INTERRUPTED, "interrupted while asking for the %s",
		                 what);
	}
	if (key == KEY_END)
		return error_set(err, ERROR_SYSTEM, "%s: the terminal was closed", what);
	if (too_long)
		return error_set(err, ERROR_LIMIT, "%s: longer than %zu bytes", what, max);
	return 0;
}
