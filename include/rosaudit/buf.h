/* A growable byte buffer with a mandatory maximum. */
#ifndef ROSAUDIT_BUF_H
#define ROSAUDIT_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Invariants: n <= max; p is NULL or NUL-terminated at p[n] (the NUL is not counted). */
struct buf {
	char *p;
	size_t n;
	size_t cap;
	size_t max;
	bool overflow; /* an append was refused because it would pass max */
};

/* An empty buffer that never holds more than max bytes. Allocates nothing. */
void buf_init(struct buf *b, size_t max);
/* Frees the bytes; the buffer may be used again after buf_init. */
void buf_done(struct buf *b);
/* As buf_done, after overwriting the bytes: for secrets. */
void buf_wipe(struct buf *b);
/* Empties the buffer, keeps its memory and max, clears overflow. */
void buf_clear(struct buf *b);

/* Append. Each returns 0, or -1 (and sets overflow, appending nothing) past max. */
int buf_add(struct buf *b, const void *p, size_t n);
int buf_puts(struct buf *b, const char *s);
int buf_putc(struct buf *b, char c);
int buf_pad(struct buf *b, char c, size_t n);
int buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int buf_vprintf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* The bytes as a C string, never NULL; owned by the buffer. */
const char *buf_str(const struct buf *b);

#endif
