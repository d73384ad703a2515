/* Secrets that take a person or a program are read once in a run. Private to src/base. */
#ifndef ROSAUDIT_BASE_SECRET_CACHE_H
#define ROSAUDIT_BASE_SECRET_CACHE_H

#include "rosaudit/secret.h"

typedef int secret_reader(const struct secret_spec *spec, const char *what, struct secret *out,
                          struct error *err);

/* A copy of what `read` gave for this key before, else what it gives now. Threads that want the
 * same wait for the one that reads; a failure is not kept. 0 or -1, as read. */
int secret_cached(const char *key, const struct secret_spec *spec, const char *what,
                  secret_reader *read, struct secret *out, struct error *err);

#endif
