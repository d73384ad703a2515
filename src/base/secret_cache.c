/* The secrets of this run that took a person or a program to tell. */
#include "secret_cache.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/arena.h"

struct kept {
	enum secret_source source;
	char *key;
	bool is_read; /* else some thread is at it */
	struct secret secret;
	struct kept *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t settled = PTHREAD_COND_INITIALIZER;
static struct kept *all;

static struct kept *find(enum secret_source source, const char *key)
{
	struct kept *k = all;

	while (k && (k->source != source || strcmp(k->key, key) != 0))
		k = k->next;
	return k;
}

/* Its place in the list; the caller knows that it is there. */
static void drop(struct kept *gone)
{
	struct kept **at = &all;

	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	secret_done(&gone->secret);
	free(gone->key);
	free(gone);
}

static struct kept *begin(enum secret_source source, const char *key)
{
	size_t n = strlen(key) + 1;
	struct kept *k = mem_alloc(sizeof(*k));

	*k = (struct kept){.source = source, .key = mem_alloc(n), .next = all};
	memcpy(k->key, key, n);
	all = k;
	return k;
}

int secret_cached(const char *key, const struct secret_spec *spec, const char *what,
                  secret_reader *read, struct secret *out, struct error *err)
{
	struct kept *k;
	int r = 0;

	pthread_mutex_lock(&lock);
	while ((k = find(spec->source, key)) && !k->is_read)
		pthread_cond_wait(&settled, &lock);
	if (k) {
		secret_set(out, k->secret.p, k->secret.n);
		goto out;
	}
	k = begin(spec->source, key);
	pthread_mutex_unlock(&lock);
	r = read(spec, what, out, err);
	pthread_mutex_lock(&lock);
	if (r == 0) {
		secret_set(&k->secret, out->p, out->n);
		k->is_read = true;
	} else {
		drop(k);
	}
	pthread_cond_broadcast(&settled);
out:
	pthread_mutex_unlock(&lock);
	return r;
}

void secret_forget_all(void)
{
	struct kept *next;

	pthread_mutex_lock(&lock);
	for (struct kept *k = all; k; k = next) {
		next = k->next;
		if (k->is_read) /* else its reader still holds it */
			drop(k);
	}
	pthread_mutex_unlock(&lock);
}
