/* Every mistake of one run. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "rosaudit/limits.h"

void error_list_init(struct error_list *l)
{
	*l = (struct error_list){0};
}

void error_list_done(struct error_list *l)
{
	if (!l)
		return;
	free(l->v);
	*l = (struct error_list){0};
}

void error_list_add(struct error_list *l, const struct error *e)
{
	if (l->n >= LIMIT_CONFIG_ERRORS)
		return;
	l->v = mem_realloc(l->v, (l->n + 1) * sizeof(*l->v));
	l->v[l->n] = *e;
	if (++l->n < LIMIT_CONFIG_ERRORS)
		return;
	/* The last place says that the list is not the whole. */
	error_clear(&l->v[l->n - 1]);
	error_set(&l->v[l->n - 1], ERROR_CONFIG, "and more mistakes; mend these first");
}

/* Where in the order of files a mistake belongs. */
static size_t file_rank(const struct error_list *l, const struct error *e, const char *main_file)
{
	if (strcmp(e->where, main_file) == 0)
		return 0;
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].where, e->where) == 0)
			return 1 + i;
	return SIZE_MAX;
}

struct ranked {
	struct error error;
	size_t rank, order;
};

static int compare(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->error.line != y->error.line)
		return x->error.line < y->error.line ? -1 : 1;
	if (x->error.column != y->error.column)
		return x->error.column < y->error.column ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

void error_list_sort(struct error_list *l, const char *main_file)
{
	if (l->n == 0)
		return;

	struct ranked *v = mem_alloc(l->n * sizeof(*v));

	for (size_t i = 0; i < l->n; i++) {
		v[i].error = l->v[i];
		v[i].rank = file_rank(l, &l->v[i], main_file);
		v[i].order = i;
	}
	/* "and more mistakes" has no place, and stays the last. */
	if (l->n == LIMIT_CONFIG_ERRORS)
		v[l->n - 1].rank = SIZE_MAX;
	qsort(v, l->n, sizeof(*v), compare);
	for (size_t i = 0; i < l->n; i++)
		l->v[i] = v[i].error;
	free(v);
}
