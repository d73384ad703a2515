/* Sets of ports, and nmap's -p syntax for them. Pure. */
#ifndef ROSAUDIT_PORTSET_H
#define ROSAUDIT_PORTSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

struct port_set {
	uint64_t bits[1024]; /* bit p of the 65,536 */
};

void port_set_clear(struct port_set *s);
void port_set_add(struct port_set *s, uint16_t port);
void port_set_add_range(struct port_set *s, uint16_t first, uint16_t last);
void port_set_remove(struct port_set *s, uint16_t port);
bool port_set_has(const struct port_set *s, uint16_t port);
size_t port_set_count(const struct port_set *s);
/* The smallest port of the set at or above from, or -1. */
int port_set_next(const struct port_set *s, unsigned from);
/* Adds every port of `more`. */
void port_set_merge(struct port_set *s, const struct port_set *more);
/* Takes every port of `from` out of s. */
void port_set_subtract(struct port_set *s, const struct port_set *from);
/* "22,80,8000-8010" appended, ascending; "" for none. */
struct buf;
void port_set_format(const struct port_set *s, struct buf *out);

/* A name, or a pattern with * and ?, to ports; false when no port has it. */
typedef bool port_name_lookup(const char *pattern, size_t n, struct port_set *out);

/* nmap's -p: "22,80,443", "1-1024", "-" (all but 0), "-100", "60000-", "T:22", names and
 * patterns ("ssh", "http*") through lookup, which may be NULL. U: and S: are refused with a
 * sentence; see port_lists_parse. Adds to *out. 0, or -1 with the column of the fault in err. */
int port_set_parse(const char *s, size_t n, port_name_lookup *lookup, struct port_set *out,
                   struct error *err);

/* A list over both protocols, as one -p of nmap. */
struct port_lists {
	struct port_set tcp, udp;
};

/* What a list is read for: a port without a letter goes to every protocol that is wanted here, one
 * behind "T:" or "U:" to that one alone, wanted or not. Lookups may be NULL. */
struct port_reading {
	bool tcp, udp;
	port_name_lookup *tcp_names, *udp_names;
};

/* As port_set_parse for several protocols; a letter holds until the next one, as in nmap. Besides,
 * "[1-1024]" is the known ports of that range. Adds to *out. */
int port_lists_parse(const char *s, size_t n, const struct port_reading *how,
                     struct port_lists *out, struct error *err);

#endif
