/* Several routers at once; one that fails never stops the rest. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "rosaudit/arena.h"
#include "rosaudit/audit.h"
#include "rosaudit/cancel.h"
#include "rosaudit/clock.h"
#include "rosaudit/secret.h"

struct fleet {
	const struct config *config;
	struct results *results;
	atomic_size_t next; /* index of the next router to take */
	atomic_size_t done;
	bool progress;
	pthread_mutex_t lock; /* of the progress line */
};

static void show_progress(struct fleet *f)
{
	size_t done;

	if (!f->progress)
		return;
	pthread_mutex_lock(&f->lock);
	/* Within the lock: a slow thread must not show an older number behind the last one. */
	done = atomic_load(&f->done);
	/* The cursor waits at the beginning, so that a warning or a prompt covers the line. */
	fprintf(stderr, "%zu of %zu routers\r", done, f->config->targets_n);
	if (done == f->config->targets_n)
		fputs("\033[K", stderr);
	pthread_mutex_unlock(&f->lock);
}

static void mark_interrupted(const struct target *t, struct result *r)
{
	result_init(r);
	r->target = t;
	clock_rfc3339(time(NULL), r->started, sizeof(r->started));
	error_set(&r->error, ERROR_INTERRUPTED, "interrupted before its turn came");
}

static void *work(void *arg)
{
	struct fleet *f = arg;

	for (;;) {
		size_t i = atomic_fetch_add(&f->next, 1);

		if (i >= f->config->targets_n)
			return NULL;
		if (cancel_requested())
			mark_interrupted(&f->config->targets[i], &f->results->v[i]);
		else
			audit_router(&f->config->targets[i], &f->results->v[i]);
		atomic_fetch_add(&f->done, 1);
		show_progress(f);
	}
}

/* Questions first: what a person takes to answer is none of a router's time, and no progress is
 * shown meanwhile. secret_read keeps the answers; one that fails is told by the login that
 * needs it. */
void ask_passwords(const struct config *config)
{
	for (size_t i = 0; i < config->targets_n && !cancel_requested(); i++) {
		const struct target *t = &config->targets[i];
		struct error ignored = {0};
		struct secret secret = {0};
		char what[512];

		if (t->password.source != SECRET_PROMPT || t->transport == TRANSPORT_FILE)
			continue;
		snprintf(what, sizeof(what), "password of %s@%s", t->user, t->name);
		secret_read(&t->password, what, &secret, &ignored);
		secret_done(&secret);
		if (error_is_set(&ignored))
			return;
	}
}

/* One device under several addresses: said once, with the later ones. */
static void note_same(const struct results *all)
{
	for (size_t i = 1; i < all->n; i++)
		for (size_t j = 0; j < i; j++) {
			const char *first = all->v[j].target->name;
			struct device_mark mark;

			if (!all->v[i].audited || !all->v[j].audited ||
			    !device_is_same(&all->v[j].device, &all->v[i].device, &mark))
				continue;
			device_add_note(&all->v[i].device, "%s and %s are the same device: %s %s",
			                first, all->v[i].target->name, mark.what, mark.value);
			break;
		}
}

void audit_fleet(const struct config *config, const struct options *o, struct results *out)
{
	struct fleet f = {.config = config, .results = out};
	size_t n = config->targets_n < o->jobs ? config->targets_n : o->jobs;
	pthread_t *threads = mem_alloc(n * sizeof(*threads));
	size_t started = 0;

	pthread_mutex_init(&f.lock, NULL);
	f.progress = config->targets_n > 1 && !o->quiet && isatty(STDERR_FILENO);
	clock_rfc3339(time(NULL), out->started, sizeof(out->started));
	out->v = mem_alloc(config->targets_n * sizeof(*out->v));
	out->n = config->targets_n;
	show_progress(&f);
	/* This thread works, too; where no further thread is to be had, alone. */
	while (started + 1 < n && pthread_create(&threads[started], NULL, work, &f) == 0)
		started++;
	work(&f);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	out->interrupted = cancel_requested();
	note_same(out);
	audit_finish(out->v, out->n, (int64_t)time(NULL));
	pthread_mutex_destroy(&f.lock);
	free(threads);
}
