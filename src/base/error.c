/* Errors as values; the first one wins. */
#include <stdio.h>
#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/error.h"
#include "rosaudit/message.h"
#include "rosaudit/text.h"

static void fill(char *english, char *read, size_t size, const char *fmt, va_list ap)
	__attribute__((format(printf, 4, 0)));

/* Both at once: the arguments do not live on. Each has size bytes. */
static void fill(char *english, char *read, size_t size, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	vsnprintf(english, size, fmt, ap);
	vsnprintf(read, size, _(fmt), again);
	va_end(again);
}

static int set(struct error *err, enum error_kind kind, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

static int set(struct error *err, enum error_kind kind, const char *fmt, va_list ap)
{
	if (!err || err->kind != ERROR_NONE)
		return -1;
	err->kind = kind;
	fill(err->text, err->text_read, sizeof(err->text), fmt, ap);
	return -1;
}

static void append(char *to, size_t size, const char *between, const char *text)
{
	size_t n = strlen(to);

	snprintf(to + n, size - n, "%s%s", between, text);
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

struct phrase phrase_make(const char *fmt, ...)
{
	struct phrase p;
	va_list ap;

	va_start(ap, fmt);
	fill(p.english, p.read, sizeof(p.english), fmt, ap);
	va_end(ap);
	return p;
}

struct phrase phrase_of(const char *english)
{
	struct phrase p;

	snprintf(p.english, sizeof(p.english), "%s", english);
	snprintf(p.read, sizeof(p.read), "%s", _(english));
	return p;
}

/* Puts the phrase where the text has its "{}". */
static void put_phrase(char *text, size_t size, const char *phrase)
{
	char *at = strstr(text, "{}");
	char rest[sizeof(((struct error *)0)->text)];

	if (!at)
		return;
	snprintf(rest, sizeof(rest), "%s", at + 2);
	snprintf(at, size - (size_t)(at - text), "%s%s", phrase, rest);
}

int error_set_phrase(struct error *err, enum error_kind kind, const struct phrase *phrase,
                     const char *fmt, ...)
{
	va_list ap;

	if (!err || err->kind != ERROR_NONE)
		return -1;
	va_start(ap, fmt);
	set(err, kind, fmt, ap);
	va_end(ap);
	put_phrase(err->text, sizeof(err->text), phrase->english);
	put_phrase(err->text_read, sizeof(err->text_read), phrase->read);
	return -1;
}

int error_hint_phrase(struct error *err, const char *english)
{
	struct phrase p;

	if (!english)
		return -1;
	p = phrase_of(english);
	if (err && !err->hint[0]) {
		append(err->hint, sizeof(err->hint), "", p.english);
		append(err->hint_read, sizeof(err->hint_read), "", p.read);
	}
	return -1;
}

int error_set_sys(struct error *err, int sys, const char *fmt, ...)
{
	char text[128];
	const char *said = strerror_r(sys, text, sizeof(text));
	va_list ap;

	if (!err || err->kind != ERROR_NONE)
		return -1;
	va_start(ap, fmt);
	set(err, ERROR_SYSTEM, fmt, ap);
	va_end(ap);
	err->sys = sys;
	append(err->text, sizeof(err->text), ": ", said);
	append(err->text_read, sizeof(err->text_read), _(": "), said);
	return -1;
}

int error_hint(struct error *err, const char *fmt, ...)
{
	va_list ap;

	if (!err || err->hint[0])
		return -1;
	va_start(ap, fmt);
	fill(err->hint, err->hint_read, sizeof(err->hint), fmt, ap);
	va_end(ap);
	return -1;
}

int error_wrap(struct error *err, const char *fmt, ...)
{
	char text[sizeof(err->text)], read[sizeof(err->text_read)];
	va_list ap;

	if (!err)
		return -1;
	memcpy(text, err->text, sizeof(text));
	memcpy(read, err->text_read, sizeof(read));
	va_start(ap, fmt);
	fill(err->text, err->text_read, sizeof(err->text), fmt, ap);
	va_end(ap);
	append(err->text, sizeof(err->text), ": ", text);
	append(err->text_read, sizeof(err->text_read), _(": "), read);
	return -1;
}

int error_more(struct error *err, const char *fmt, ...)
{
	struct phrase p;
	va_list ap;

	if (!err)
		return -1;
	va_start(ap, fmt);
	fill(p.english, p.read, sizeof(p.english), fmt, ap);
	va_end(ap);
	append(err->text, sizeof(err->text), "", p.english);
	append(err->text_read, sizeof(err->text_read), "", p.read);
	return -1;
}

int error_hint_more(struct error *err, const char *fmt, ...)
{
	char line[sizeof(err->hint)], read[sizeof(err->hint)];
	va_list ap;

	if (!err)
		return -1;
	va_start(ap, fmt);
	fill(line, read, sizeof(line), fmt, ap);
	va_end(ap);
	append(err->hint, sizeof(err->hint), err->hint[0] ? "\n" : "", line);
	append(err->hint_read, sizeof(err->hint_read), err->hint_read[0] ? "\n" : "", read);
	return -1;
}

int error_adopt(struct error *err, const struct error *other)
{
	if (err && err->kind == ERROR_NONE)
		*err = *other;
	return -1;
}

const char *error_text_read(const struct error *err)
{
	return err->text_read[0] ? err->text_read : err->text;
}

const char *error_hint_read(const struct error *err)
{
	return err->hint_read[0] ? err->hint_read : err->hint;
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
	const char *p = error_hint_read(err), *end;

	if (err->where[0]) {
		text_escape_str(out, err->where);
		if (err->line)
			buf_printf(out, ":%zu", err->line);
		if (err->line && err->column)
			buf_printf(out, ":%zu", err->column);
		buf_puts(out, ": ");
	}
	text_escape_str(out, error_text_read(err));
	while (*p) {
		end = strchrnul(p, '\n');
		buf_puts(out, "\n  ");
		text_escape(out, p, (size_t)(end - p));
		p = *end ? end + 1 : end;
	}
}
