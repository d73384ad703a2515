/* Addresses: prefixes of address= lists, and socket addresses as text. */
#ifndef MOCK_NET_H
#define MOCK_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define ADDRESS_TEXT 80 /* longest IPv6 address with a zone, and room to spare */

struct prefix {
	int family; /* AF_INET, AF_INET6 */
	unsigned char bits[16];
	unsigned length;
	char text[ADDRESS_TEXT]; /* "192.0.2.0/24", as the router prints it */
};

struct prefixes {
	struct prefix *v;
	size_t n;
	bool given; /* written in the scenario, also as [] */
};

/* "192.0.2.0/24", "2001:db8::/64"; a bare address has its full length. 0, or -1. */
int prefix_parse(const char *s, struct prefix *out);
/* Would address= with this list serve the peer? An empty list serves everybody; a list of IPv4
 * prefixes alone refuses every IPv6 peer (routeros.md 4, official). */
bool prefixes_admit(const struct prefixes *list, const struct sockaddr *peer);

struct endpoint {
	struct sockaddr_storage address;
	socklen_t length;
};

/* A numeric address, IPv6 with or without %zone. 0, or -1. */
int endpoint_parse(const char *host, uint16_t port, struct endpoint *out);
uint16_t endpoint_port(const struct endpoint *e);
void endpoint_set_port(struct endpoint *e, uint16_t port);
/* The address alone, without port or zone. */
void endpoint_text(const struct endpoint *e, char out[ADDRESS_TEXT]);
/* "192.0.2.7:40000". Unverified for IPv6: "[2001:db8::7]:40000". */
void endpoint_text_port(const struct endpoint *e, char out[ADDRESS_TEXT]);
bool endpoint_same(const struct endpoint *a, const struct endpoint *b);

#endif
