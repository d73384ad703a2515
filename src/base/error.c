/* Errors as values; the first one wins. */
#include <stdio.h>
#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/error.h"
#include "rosaudit/text.h"

static int set(struct error *err, enum error_kind kind, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

static int set(struct error *err, enum error_kind kind, const char *fmt, va_list ap)
{
	if (!err || err->kind != ERROR_NONE)
		return -1;
	err->kind = kind;
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	return -1;
}

int error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(err, kind, fmt, ap);
	va_end(ap);
	return -1;
}

int error_set_at(struct error *err, enum error_kind kind, const char *where, size_t line,
                 size_t column, const char *fmt, ...)
{
	va_list ap;

	if (!err || err->kind != ERROR_NONE)
		return -1;
	va_start(ap, fmt);
	set(err, kind, fmt, ap);
	va_end(ap);
	err->line = line;
	err->column = column;
	snprintf(err->where, sizeof(err->where), "%s", where ? where : "");
	return -1;
}

int error_set_sys(struct error *err, int sys, const char *fmt, ...)
{
	va_list ap;
	size_t n;
	char text[128];

	if (!err || err->kind != ERROR_NONE)
		return -1;
	va_start(ap, fmt);
	set(err, ERROR_SYSTEM, fmt, ap);
	va_end(ap);
	err->sys = sys;
	n = strlen(err->text);
	snprintf(err->text + n, sizeof(err->text) - n, ": %s", strerror_r(sys, text, sizeof(text)));
	return -1;
}

int error_hint(struct error *err, const char *fmt, ...)
{
	va_list ap;

	if (!err || err->hint[0])
		return -1;
	va_start(ap, fmt);
	vsnprintf(err->hint, sizeof(err->hint), fmt, ap);
	va_end(ap);
	return -1;
}

int error_wrap(struct error *err, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list ap;
	size_t n;

	if (!err)
		return -1;
	memcpy(text, err->text, sizeof(text));
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	n = strlen(err->text);
	snprintf(err->text + n, sizeof(err->text) - n, ": %s", text);
	return -1;
}

int error_is_set(const struct error *err)
{
	return err && err->kind != ERROR_NONE;
}

void error_clear(struct error *err)
{
	*err = (struct error){0};
}

void error_format(const struct error *err, struct buf *out)
{
	const char *p = err->hint, *end;

	if (err->where[0]) {
		text_escape_str(out, err->where);
		if (err->line)
			buf_printf(out, ":%zu", err->line);
		if (err->line && err->column)
			buf_printf(out, ":%zu", err->column);
		buf_puts(out, ": ");
	}
	text_escape_str(out, err->text);
	while (*p) {
		end = strchrnul(p, '\n');
		buf_puts(out, "\n  ");
		text_escape(out, p, (size_t)(end - p));
		p = *end ? end + 1 : end;
	}
}
