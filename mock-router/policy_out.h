/* --write-config: a rosaudit policy file that leads to this mock. */
#ifndef MOCK_POLICY_OUT_H
#define MOCK_POLICY_OUT_H

#include "listen.h"
#include "scenario.h"

struct policy_out {
	const char *path;
	const char *profile;   /* or NULL */
	const char *transport; /* "ssh", "rest", "both" */
	const char *user;      /* name, or NULL: audit, else the first */
	const char *host;      /* as the client is to call it */
	bool mapped;
	const char *host_key, *pin;
};

/* Written to a temporary name and renamed. 0, or -1 with a sentence. */
int policy_write(const struct policy_out *o, const struct scenario *s, const struct listen *l,
                 struct text *complaint);

#endif
