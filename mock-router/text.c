/* Growable text and memory. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *p)
{
	if (p == NULL) {
		fputs("mock-router: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *mem_zero(size_t n, size_t each)
{
	return must(calloc(n == 0 ? 1 : n, each));
}

char *mem_copy_n(const char *p, size_t n)
{
	char *copy = mem_zero(n + 1, 1);

	if (n > 0)
		memcpy(copy, p, n);
	return copy;
}

char *mem_copy(const char *s)
{
	return mem_copy_n(s, strlen(s));
}

void *mem_grow(void *v, size_t n, size_t each)
{
	char *grown = must(reallocarray(v, n + 1, each));

	memset(grown + n * each, 0, each);
	return grown;
}

static void text_reserve(struct text *t, size_t more)
{
	if (t->n + more + 1 <= t->room)
		return;
	t->room = (t->n + more + 1) * 2;
	t->p = must(realloc(t->p, t->room));
}

void text_add_n(struct text *t, const char *p, size_t n)
{
	text_reserve(t, n);
	if (n > 0)
		memcpy(t->p + t->n, p, n);
	t->n += n;
	t->p[t->n] = '\0';
}

void text_add(struct text *t, const char *s)
{
	text_add_n(t, s, strlen(s));
}

void text_addf(struct text *t, const char *format, ...)
{
	va_list args;
	char *made = NULL;
	int n;

	va_start(args, format);
	n = vasprintf(&made, format, args);
	va_end(args);
	if (n < 0)
		must(NULL);
	text_add_n(t, made, (size_t)n);
	free(made);
}

void text_pad(struct text *t, char c, size_t n)
{
	text_reserve(t, n);
	memset(t->p + t->n, c, n);
	t->n += n;
	t->p[t->n] = '\0';
}

const char *text_get(const struct text *t)
{
	return t->p == NULL ? "" : t->p;
}

void text_done(struct text *t)
{
	free(t->p);
	*t = (struct text){0};
}
