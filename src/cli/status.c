/* Exit statuses, and the one place that prints errors. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

int status_of(enum error_kind kind)
{
	static const int statuses[] = {
		[ERROR_NONE] = 0,          [ERROR_USAGE] = 2,   [ERROR_CONFIG] = 2,
		[ERROR_SYSTEM] = 3,        [ERROR_NETWORK] = 3, [ERROR_TIMEOUT] = 3,
		[ERROR_AUTH] = 3,          [ERROR_TRUST] = 3,   [ERROR_REMOTE] = 3,
		[ERROR_PARSE] = 3,         [ERROR_LIMIT] = 3,   [ERROR_OUTPUT] = 3,
		[ERROR_INTERRUPTED] = 130,
	};

	return statuses[kind];
}

int fail(const struct error *err)
{
	struct buf text;

	buf_init(&text, 65536);
	buf_puts(&text, "rosaudit: ");
	error_format(err, &text);
	buf_putc(&text, '\n');
	fwrite(buf_str(&text), 1, text.n, stderr);
	buf_done(&text);
	return status_of(err->kind);
}

void fail_list(const struct error_list *errors)
{
	for (size_t i = 0; i < errors->n; i++) {
		struct buf text;

		buf_init(&text, 65536);
		if (!errors->v[i].where[0])
			buf_puts(&text, "rosaudit: ");
		error_format(&errors->v[i], &text);
		fprintf(stderr, "%s\n", buf_str(&text));
		buf_done(&text);
	}
}

int print_out(const struct buf *b, struct error *err)
{
	const char *p = buf_str(b);
	size_t n = b->n;

	if (b->overflow)
		return error_set(err, ERROR_OUTPUT, "the report is larger than %zu bytes", b->max);
	while (n) {
		ssize_t w = write(STDOUT_FILENO, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		/* `| head` has seen enough: not our failure. */
		if (w < 0 && errno == EPIPE)
			return 0;
		if (w < 0) {
			char text[128];

			return error_set(err, ERROR_OUTPUT, "cannot write standard output: %s",
			                 strerror_r(errno, text, sizeof(text)));
		}
		p += w;
		n -= (size_t)w;
	}
	return 0;
}
