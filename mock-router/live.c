/* Who is connected right now. */
#include "live.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

struct live {
	pthread_mutex_t lock;
	struct live_one *v;
	size_t n;
	unsigned long last_id;
};

struct live *live_new(void)
{
	struct live *l = mem_zero(1, sizeof(*l));

	pthread_mutex_init(&l->lock, NULL);
	return l;
}

void live_free(struct live *l)
{
	if (l == NULL)
		return;
	pthread_mutex_destroy(&l->lock);
	free(l->v);
	free(l);
}

unsigned long live_add(struct live *l, const char *service, const struct endpoint *local,
                       const struct endpoint *peer)
{
	struct live_one *one;
	unsigned long id;

	pthread_mutex_lock(&l->lock);
	l->v = mem_grow(l->v, l->n, sizeof(*l->v));
	one = &l->v[l->n++];
	one->id = id = ++l->last_id;
	snprintf(one->service, sizeof(one->service), "%s", service);
	one->local = *local;
	one->peer = *peer;
	one->since = time(NULL);
	pthread_mutex_unlock(&l->lock);
	return id;
}

void live_login(struct live *l, unsigned long id, const char *user, const char *via)
{
	pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].id != id)
			continue;
		snprintf(l->v[i].user, sizeof(l->v[i].user), "%s", user);
		snprintf(l->v[i].via, sizeof(l->v[i].via), "%s", via);
	}
	pthread_mutex_unlock(&l->lock);
}

void live_remove(struct live *l, unsigned long id)
{
	size_t kept = 0;

	pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].id != id)
			l->v[kept++] = l->v[i];
	l->n = kept;
	pthread_mutex_unlock(&l->lock);
}

bool live_find(struct live *l, const struct endpoint *peer, struct live_one *out)
{
	bool found = false;

	pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->n && !found; i++) {
		found = endpoint_same(&l->v[i].peer, peer);
		if (found)
			*out = l->v[i];
	}
	pthread_mutex_unlock(&l->lock);
	return found;
}

struct live_one *live_list(struct live *l, size_t *n)
{
	struct live_one *copy;

	pthread_mutex_lock(&l->lock);
	copy = mem_zero(l->n, sizeof(*copy));
	if (l->n > 0)
		memcpy(copy, l->v, l->n * sizeof(*copy));
	*n = l->n;
	pthread_mutex_unlock(&l->lock);
	return copy;
}
