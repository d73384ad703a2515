/* Addresses and prefixes, IPv4 and IPv6, and their algebra. Pure. */
#ifndef ROSAUDIT_PREFIX_H
#define ROSAUDIT_PREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct sockaddr;
struct sockaddr_storage;

/* family is 4 or 6, 0 = no address. IPv4 uses the first four bytes. Network order. */
struct address {
	uint8_t family;
	uint8_t bytes[16];
	uint32_t scope; /* interface index of a link-local IPv6 address, else 0 */
};

/* The address with len leading bits; the host bits of a parsed prefix are zero. */
struct prefix {
	struct address address;
	uint8_t len;
};

/* Why a text is no prefix. */
enum prefix_fault {
	PREFIX_OK = 0,
	PREFIX_MALFORMED, /* not an address, or not a number behind the slash */
	PREFIX_LENGTH,    /* longer than 32 or 128 */
	PREFIX_HOST_BITS, /* bits set behind the length; RouterOS refuses these too */
};

/* Text "192.0.2.1", "2001:db8::1", "fe80::1%eth0" to an address. False when it is none (or the
 * interface of the zone does not exist). */
bool address_parse(const char *s, size_t n, struct address *out);
/* Numeric text, with %zone when scope is set. Appends. */
void address_format(const struct address *a, struct buf *out);
bool address_equal(const struct address *a, const struct address *b);
/* From and to a socket address; an IPv4-mapped IPv6 address becomes IPv4. */
bool address_from_sockaddr(const struct sockaddr *sa, struct address *out);
/* Returns the length for connect(2) and bind(2). */
unsigned address_to_sockaddr(const struct address *a, uint16_t port, struct sockaddr_storage *out);

/* Text "10.0.0.0/8" or a bare address (a /32 or /128). PREFIX_HOST_BITS fills *out masked. */
enum prefix_fault prefix_parse(const char *s, size_t n, struct prefix *out);
/* "10.0.0.0/8"; always with the length. Appends. */
void prefix_format(const struct prefix *p, struct buf *out);
bool prefix_equal(const struct prefix *a, const struct prefix *b);
/* Does p contain the address (never across families)? */
bool prefix_contains(const struct prefix *p, const struct address *a);
/* Is every address of inner also one of outer? */
bool prefix_covers(const struct prefix *outer, const struct prefix *inner);
/* Is every address of inner in the union of the n prefixes of outer? Exact, also when only several
 * of them together cover it. */
bool prefix_set_covers(const struct prefix *outer, size_t n, const struct prefix *inner);
/* Does any of the n prefixes contain the address? */
bool prefix_set_contains(const struct prefix *set, size_t n, const struct address *a);
/* Does the set restrict anyone at all? The empty list means everybody; 0.0.0.0/0 and ::/0 (or
 * prefixes that add up to them) are no restriction, but an IPv4-only list refuses every IPv6
 * client, so restricted means: some address of some family is left out. For *real* restrictions
 * see prefix_set_open. */
bool prefix_set_restricts(const struct prefix *set, size_t n);
/* Does the set let a whole family in (it is empty, or covers 0.0.0.0/0 or ::/0)? `address:
 * restricted` in a policy is satisfied exactly when this is false. */
bool prefix_set_open(const struct prefix *set, size_t n);
/* Comma-separated; "" for none. Appends. */
void prefix_set_format(const struct prefix *set, size_t n, struct buf *out);

#endif
