/* Deadlines of many connections: a binary heap, the soonest first. */
#ifndef SCAN_TIMERS_H
#define SCAN_TIMERS_H

#include <stddef.h>
#include <stdint.h>

/* Embedded in what it times; zeroed = not armed. */
struct timer {
	int64_t due_ms; /* clock_ms */
	size_t place;   /* 1-based index in the heap, 0 = not armed */
};

struct timers {
	struct timer **v; /* v[0] is the soonest; v[i] is due no later than v[2i+1] and v[2i+2] */
	size_t n, max;
};

/* Room for at most max armed timers. */
void timers_init(struct timers *t, size_t max);
void timers_done(struct timers *t);
/* Arms the timer, or moves it when it is armed. */
void timers_set(struct timers *t, struct timer *timer, int64_t due_ms);
/* Disarms it; nothing happens when it is not armed. */
void timers_cancel(struct timers *t, struct timer *timer);
/* The soonest, still armed, or NULL. */
struct timer *timers_first(const struct timers *t);

#endif
