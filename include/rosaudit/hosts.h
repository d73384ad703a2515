/* Target lists as nmap writes them: "10.0.0.1-30", "10.0.0.0/28", "10.0.0.1,5,9", names. Pure. */
#ifndef ROSAUDIT_HOSTS_H
#define ROSAUDIT_HOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/prefix.h"

struct arena;
struct error;

enum host_kind {
	HOST_IPV4, /* octets with lists and ranges, and prefixes of them */
	HOST_IPV6, /* an address or a prefix */
	HOST_NAME, /* to be resolved; then host_range_around */
};

/* One target expression. However many addresses it has, it takes no more room than this. */
struct host_range {
	enum host_kind kind;
	uint64_t octets[4][4]; /* IPv4: a bit for each value that an octet takes */
	struct prefix prefix;  /* IPv6 */
	const char *name;      /* HOST_NAME: name_n bytes of the caller's text */
	size_t name_n;
	int bits; /* HOST_NAME: the prefix length behind it, or -1 */
};

/* Reads one expression (not NUL-terminated). 0, or -1 with a sentence and the column. */
int host_range_parse(const char *s, size_t n, struct host_range *out, struct error *err);
/* The address alone, or the network of so many bits around it (-1: alone; more than it has: alone,
 * as in nmap). */
void host_range_around(const struct address *a, int bits, struct host_range *out);
/* How many addresses; UINT64_MAX when it is that many or more. A name counts as IPv4. */
uint64_t host_range_count(const struct host_range *r);
bool host_range_has(const struct host_range *r, const struct address *a);

/* Where a walk through a range is; begin with {0}. */
struct host_cursor {
	bool begun, done;
	struct address at;
};
/* The next address, ascending. False at the end, and always for a name. */
bool host_range_next(const struct host_range *r, struct host_cursor *c, struct address *out);

/* Expands one target expression to at most max host texts, in order, from arena. IPv4 octets may be
 * lists and ranges; a prefix gives every address in it; anything else (a name, an IPv6 address) is
 * itself. 0, or -1 with a sentence and the column. */
int hosts_expand(const char *expr, size_t max, struct arena *arena, const char ***out, size_t *n,
                 struct error *err);

#endif
