/* Target lists as nmap writes them: "10.0.0.1-30", "10.0.0.0/28", "10.0.0.1,5,9", names. Pure. */
#ifndef ROSAUDIT_HOSTS_H
#define ROSAUDIT_HOSTS_H

#include <stddef.h>

struct arena;
struct error;

/* Expands one target expression to at most max host texts, in order, from arena. IPv4 octets may be
 * lists and ranges; a prefix gives every address in it; anything else (a name, an IPv6 address) is
 * itself. 0, or -1 with a sentence and the column. */
int hosts_expand(const char *expr, size_t max, struct arena *arena, const char ***out, size_t *n,
                 struct error *err);

#endif
