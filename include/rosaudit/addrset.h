/* Sets of addresses of one family: sorted, disjoint ranges that do not touch. Exact union,
 * intersection, complement. Pure; a set never changes once it is made, so sets may be shared. */
#ifndef ROSAUDIT_ADDRSET_H
#define ROSAUDIT_ADDRSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/arena.h"
#include "rosaudit/prefix.h"

struct buf;

/* An address as a number: of IPv4 the low 32 bits. */
__extension__ typedef unsigned __int128 addr_number;

/* Both ends included. */
struct addr_range {
	addr_number first, last;
};

/* IPv4 ranges take 8 bytes each, for lists of a hundred thousand entries; read them with
 * addrset_range. */
struct addrset {
	int family; /* 4 or 6 */
	size_t n;
	union {
		const uint32_t (*v4)[2];
		const struct addr_range *v6;
	};
};

addr_number address_number(const struct address *a);
void address_of_number(int family, addr_number n, struct address *out);
/* The highest address of the family. */
addr_number address_last(int family);
/* The addresses of a prefix. */
struct addr_range prefix_range(const struct prefix *p);
/* "192.0.2.7", "192.0.2.0/24" (host bits are ignored) or "192.0.2.1-192.0.2.9"; false for anything
 * else, *family says which. */
bool addr_range_parse(const char *s, size_t n, int *family, struct addr_range *out);

/* Collects ranges in any order, overlapping or not. On the heap until it is finished. */
struct addrset_builder {
	int family;
	struct addr_range *v;
	size_t n, cap;
};

void addrset_builder_init(struct addrset_builder *b, int family);
void addrset_builder_add(struct addrset_builder *b, addr_number first, addr_number last);
/* Adds a prefix of the builder's family; one of the other family adds nothing. */
void addrset_builder_add_prefix(struct addrset_builder *b, const struct prefix *p);
void addrset_builder_add_set(struct addrset_builder *b, const struct addrset *s);
/* The set, from arena; frees the builder's memory. */
struct addrset addrset_builder_finish(struct addrset_builder *b, struct arena *arena);

struct addrset addrset_empty(int family);
struct addrset addrset_all(int family, struct arena *arena);
/* The prefixes of that family. */
struct addrset addrset_of_prefixes(int family, const struct prefix *v, size_t n,
                                   struct arena *arena);
/* All that the other is not; union; what both have; what only a has. */
struct addrset addrset_complement(const struct addrset *s, struct arena *arena);
struct addrset addrset_union(const struct addrset *a, const struct addrset *b, struct arena *arena);
struct addrset addrset_intersection(const struct addrset *a, const struct addrset *b,
                                    struct arena *arena);
struct addrset addrset_difference(const struct addrset *a, const struct addrset *b,
                                  struct arena *arena);

/* The range at i < n. */
struct addr_range addrset_range(const struct addrset *s, size_t i);
/* The index of the first range that does not end before x; n when there is none. */
size_t addrset_find(const struct addrset *s, addr_number x);
bool addrset_is_all(const struct addrset *s);
bool addrset_equal(const struct addrset *a, const struct addrset *b);
bool addrset_contains(const struct addrset *s, addr_number x);
bool addrset_covers(const struct addrset *outer, const struct addrset *inner);
bool addrset_overlaps(const struct addrset *a, const struct addrset *b);

/* What is neither private nor set aside for a special purpose (RFC 6890, RFC 4291): the Internet's
 * addresses; the three networks of RFC 1918 (of IPv6 none); what is private in either family
 * (RFC 1918, RFC 6598's shared space not, RFC 4193, link-local). */
struct addrset addrset_internet(int family, struct arena *arena);
struct addrset addrset_rfc1918(int family, struct arena *arena);
struct addrset addrset_private(int family, struct arena *arena);

/* "192.0.2.0/24" or, when it is no prefix, "192.0.2.1-192.0.2.9". Appends. */
void addr_range_format(int family, const struct addr_range *r, struct buf *out);
/* Comma and blank between ranges, at most max of them and then "and 7 more"; "everyone",
 * "everyone but …" when the complement is the shorter one, "no one". Appends. */
void addrset_format(const struct addrset *s, size_t max, struct buf *out);
/* The same in a language. */
struct language;
void addrset_say(const struct addrset *s, const struct language *in, size_t max, struct buf *out);

#endif
