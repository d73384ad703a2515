/* A binary heap of deadlines. */
#include <assert.h>
#include <stdlib.h>

#include "rosaudit/arena.h"
#include "timers.h"

void timers_init(struct timers *t, size_t max)
{
	*t = (struct timers){.v = mem_alloc((max ? max : 1) * sizeof(struct timer *)), .max = max};
}

void timers_done(struct timers *t)
{
	free(t->v);
	*t = (struct timers){0};
}

static void put(struct timers *t, size_t i, struct timer *timer)
{
	t->v[i] = timer;
	timer->place = i + 1;
}

static void rise(struct timers *t, size_t i, struct timer *timer)
{
	for (size_t up; i > 0; i = up) {
		up = (i - 1) / 2;
		if (t->v[up]->due_ms <= timer->due_ms)
			break;
		put(t, i, t->v[up]);
	}
	put(t, i, timer);
}

static void sink(struct timers *t, size_t i, struct timer *timer)
{
	for (size_t down; (down = 2 * i + 1) < t->n; i = down) {
		if (down + 1 < t->n && t->v[down + 1]->due_ms < t->v[down]->due_ms)
			down++;
		if (t->v[down]->due_ms >= timer->due_ms)
			break;
		put(t, i, t->v[down]);
	}
	put(t, i, timer);
}

void timers_set(struct timers *t, struct timer *timer, int64_t due_ms)
{
	timers_cancel(t, timer);
	assert(t->n < t->max);
	timer->due_ms = due_ms;
	rise(t, t->n++, timer);
}

void timers_cancel(struct timers *t, struct timer *timer)
{
	size_t i = timer->place;
	struct timer *last;

	if (i-- == 0)
		return;
	timer->place = 0;
	last = t->v[--t->n];
	if (last == timer)
		return;
	/* The last one takes the empty place; it may belong above or below it. */
	if (i > 0 && last->due_ms < t->v[(i - 1) / 2]->due_ms)
		rise(t, i, last);
	else
		sink(t, i, last);
}

struct timer *timers_first(const struct timers *t)
{
	return t->n ? t->v[0] : NULL;
}
