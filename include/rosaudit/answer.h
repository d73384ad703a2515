/* A request to a router and its answer: what transports give and what src/routeros takes. */
#ifndef ROSAUDIT_ANSWER_H
#define ROSAUDIT_ANSWER_H

#include <stdbool.h>

#include "rosaudit/buf.h"
#include "rosaudit/error.h"

struct answer {
	struct buf text; /* what came back, at most LIMIT_ANSWER_BYTES */
	int status;      /* exit status of a command, HTTP status of a REST call; -1 = none came */
};

void answer_init(struct answer *a);
void answer_done(struct answer *a);

/* How src/routeros asks without knowing any transport. request is a console command line (SSH) or a
 * path below /rest/ such as "ip/service" (REST). Returns 0 when an answer came, also one that says
 * no (status tells); -1 when the conversation itself failed. */
struct asker {
	int (*ask)(void *ctx, const char *request, struct answer *out, struct error *err);
	void *ctx;
};

#endif
