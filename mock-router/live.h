/* Who is connected right now: connection rows of /ip service (7.19+) and rows of /user active. */
#ifndef MOCK_LIVE_H
#define MOCK_LIVE_H

#include <stdbool.h>
#include <time.h>

#include "net.h"

struct live;

/* A copy of one connection, made under the lock. */
struct live_one {
	unsigned long id;
	char service[32];       /* name of the service */
	char user[64], via[16]; /* "" until somebody logged in; via "ssh", "rest-api" */
	struct endpoint local, peer;
	time_t since;
};

struct live *live_new(void);
void live_free(struct live *l);
/* Returns the connection's number. */
unsigned long live_add(struct live *l, const char *service, const struct endpoint *local,
                       const struct endpoint *peer);
void live_login(struct live *l, unsigned long id, const char *user, const char *via);
void live_remove(struct live *l, unsigned long id);
/* A copy of the connection whose peer this is. false when there is none. */
bool live_find(struct live *l, const struct endpoint *peer, struct live_one *out);
/* A malloc'd copy of all, in order of arrival; the caller frees it. */
struct live_one *live_list(struct live *l, size_t *n);

#endif
