/* Memory that is freed as a whole: one arena per product (policy, device, findings). */
#ifndef ROSAUDIT_ARENA_H
#define ROSAUDIT_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks;
};

void arena_init(struct arena *a);
/* Frees everything that came from the arena; accepts NULL and a zeroed arena. */
void arena_done(struct arena *a);

/* Zeroed memory, aligned for any type. Never NULL: out of memory ends the program (every outside
 * input is bounded by limits.h, so it is never an input's doing). */
void *arena_alloc(struct arena *a, size_t n);
/* n elements of size bytes. */
void *arena_array(struct arena *a, size_t n, size_t size);
/* A larger copy of an array: old_n elements are kept, the rest is zeroed. */
void *arena_grow(struct arena *a, const void *p, size_t old_n, size_t new_n, size_t size);
/* NUL-terminated copies. arena_strdup(a, NULL) is NULL. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* malloc/calloc/realloc/strdup that end the program when memory is out, for heap objects that do
 * not belong to an arena. */
void *mem_alloc(size_t n); /* zeroed */
void *mem_realloc(void *p, size_t n);
char *mem_strdup(const char *s); /* NULL for NULL */

#endif
