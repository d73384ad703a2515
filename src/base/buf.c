/* Growable bytes with a mandatory maximum. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/arena.h"
#include "rosaudit/buf.h"

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void buf_done(struct buf *b)
{
	if (!b)
		return;
	free(b->p);
	*b = (struct buf){.max = b->max};
}

void buf_wipe(struct buf *b)
{
	if (b && b->p)
		explicit_bzero(b->p, b->cap);
	buf_done(b);
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->overflow = false;
	if (b->p)
		b->p[0] = '\0';
}

/* Room for n more bytes and the NUL. */
static int reserve(struct buf *b, size_t n)
{
	size_t want, cap;

	if (n > b->max - b->n) {
		b->overflow = true;
		return -1;
	}
	want = b->n + n + 1;
	if (want <= b->cap)
		return 0;
	cap = b->cap ? b->cap : 64;
	while (cap < want)
		cap *= 2;
	b->p = mem_realloc(b->p, cap);
	b->cap = cap;
	return 0;
}

int buf_add(struct buf *b, const void *p, size_t n)
{
	if (reserve(b, n))
		return -1;
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
	return 0;
}

int buf_puts(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int buf_putc(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int buf_pad(struct buf *b, char c, size_t n)
{
	if (reserve(b, n))
		return -1;
	memset(b->p + b->n, c, n);
	b->n += n;
	b->p[b->n] = '\0';
	return 0;
}

int buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0 || reserve(b, (size_t)n))
		return -1;
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	b->n += (size_t)n;
	return 0;
}

int buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = buf_vprintf(b, fmt, ap);
	va_end(ap);
	return r;
}

const char *buf_str(const struct buf *b)
{
	return b->p ? b->p : "";
}
