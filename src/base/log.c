/* Diagnostics on stderr. */
#include <stdatomic.h>
#include <stdio.h>

#include "rosaudit/buf.h"
#include "rosaudit/log.h"
#include "rosaudit/text.h"

static _Atomic int level_now = LOG_LEVEL_NORMAL;

void log_set_level(enum log_level level)
{
	atomic_store(&level_now, (int)level);
}

enum log_level log_get_level(void)
{
	return (enum log_level)atomic_load(&level_now);
}

void log_line(enum log_level level, const char *fmt, ...)
{
	struct buf raw, line;
	va_list ap;

	if (level > log_get_level())
		return;
	buf_init(&raw, 8192);
	buf_init(&line, 65536);
	va_start(ap, fmt);
	buf_vprintf(&raw, fmt, ap);
	va_end(ap);
	buf_puts(&line, "rosaudit: ");
	text_escape(&line, buf_str(&raw), raw.n);
	buf_putc(&line, '\n');
	/* One call, so that lines of several routers do not mix. */
	fwrite(buf_str(&line), 1, line.n, stderr);
	buf_done(&raw);
	buf_done(&line);
}
