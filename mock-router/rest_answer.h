/* What the web port answers; rest.c carries it. */
#ifndef MOCK_REST_ANSWER_H
#define MOCK_REST_ANSWER_H

#include "server.h"
#include "text.h"

struct rest_request {
	const char *method, *path;
	const char *user, *password; /* user NULL: no credentials came */
	const struct text *body;
	struct text query; /* key NUL value NUL … */
	size_t query_n;
	struct endpoint peer;
};

struct rest_answer {
	unsigned status;
	const char *type;     /* content type */
	const char *location; /* of a redirect, or NULL */
	struct text body;
	bool endless; /* a body without an end */
	bool stall;   /* no answer at all */
};

/* Fills *a, which holds 200 and JSON; the caller frees its body. */
void rest_answer(struct server *server, struct rest_request *q, struct rest_answer *a);

#endif
