/* Growable text and memory that is there or ends the program: a double has no use for half a
 * router. */
#ifndef MOCK_TEXT_H
#define MOCK_TEXT_H

#include <stddef.h>

/* p is NUL-terminated once something was added; NULL before. */
struct text {
	char *p;
	size_t n, room;
};

void text_add(struct text *t, const char *s);
void text_add_n(struct text *t, const char *p, size_t n);
void text_addf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* n times the character c. */
void text_pad(struct text *t, char c, size_t n);
/* The text, "" when nothing was added. */
const char *text_get(const struct text *t);
void text_done(struct text *t);

/* n zeroed elements; ends the program when memory ends. */
void *mem_zero(size_t n, size_t each);
char *mem_copy(const char *s);
char *mem_copy_n(const char *p, size_t n);
/* v, which holds n elements, with room for one more, which is zeroed. */
void *mem_grow(void *v, size_t n, size_t each);

#endif
