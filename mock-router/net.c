/* Addresses. */
#include "net.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int length_parse(const char *s, unsigned most, unsigned *out)
{
	char *end;
	unsigned long v;

	if (s == NULL) {
		*out = most;
		return 0;
	}
	v = strtoul(s, &end, 10);
	if (end == s || *end != '\0' || v > most)
		return -1;
	*out = (unsigned)v;
	return 0;
}

int prefix_parse(const char *s, struct prefix *out)
{
	char host[ADDRESS_TEXT], shown[INET6_ADDRSTRLEN];
	const char *slash = strchr(s, '/');
	size_t n = slash == NULL ? strlen(s) : (size_t)(slash - s);

	*out = (struct prefix){0};
	if (n >= sizeof(host))
		return -1;
	memcpy(host, s, n);
	host[n] = '\0';
	if (inet_pton(AF_INET, host, out->bits) == 1)
		out->family = AF_INET;
	else if (inet_pton(AF_INET6, host, out->bits) == 1)
		out->family = AF_INET6;
	else
		return -1;
	if (length_parse(slash == NULL ? NULL : slash + 1, out->family == AF_INET ? 32 : 128,
	                 &out->length) != 0)
		return -1;
	inet_ntop(out->family, out->bits, shown, sizeof(shown));
	snprintf(out->text, sizeof(out->text), "%s/%u", shown, out->length);
	return 0;
}

static const unsigned char *address_bits(const struct sockaddr *a)
{
	if (a->sa_family == AF_INET)
		return (const unsigned char *)&((const struct sockaddr_in *)(const void *)a)
		        ->sin_addr;
	return (const unsigned char *)&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr;
}

static bool prefix_contains(const struct prefix *p, const struct sockaddr *a)
{
	const unsigned char *bits = address_bits(a);
	unsigned whole = p->length / 8, rest = p->length % 8;

	if (p->family != a->sa_family || memcmp(p->bits, bits, whole) != 0)
		return false;
	if (rest == 0)
		return true;
	return ((p->bits[whole] ^ bits[whole]) >> (8 - rest)) == 0;
}

bool prefixes_admit(const struct prefixes *list, const struct sockaddr *peer)
{
	for (size_t i = 0; i < list->n; i++)
		if (prefix_contains(&list->v[i], peer))
			return true;
	return list->n == 0;
}

int endpoint_parse(const char *host, uint16_t port, struct endpoint *out)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found;

	*out = (struct endpoint){0};
	if (getaddrinfo(host, NULL, &hints, &found) != 0)
		return -1;
	memcpy(&out->address, found->ai_addr, found->ai_addrlen);
	out->length = found->ai_addrlen;
	freeaddrinfo(found);
	endpoint_set_port(out, port);
	return 0;
}

uint16_t endpoint_port(const struct endpoint *e)
{
	if (e->address.ss_family == AF_INET)
		return ntohs(((const struct sockaddr_in *)(const void *)&e->address)->sin_port);
	return ntohs(((const struct sockaddr_in6 *)(const void *)&e->address)->sin6_port);
}

void endpoint_set_port(struct endpoint *e, uint16_t port)
{
	if (e->address.ss_family == AF_INET)
		((struct sockaddr_in *)(void *)&e->address)->sin_port = htons(port);
	else
		((struct sockaddr_in6 *)(void *)&e->address)->sin6_port = htons(port);
}

void endpoint_text(const struct endpoint *e, char out[ADDRESS_TEXT])
{
	out[0] = '\0';
	if (e->length != 0)
		inet_ntop(e->address.ss_family,
		          address_bits((const struct sockaddr *)(const void *)&e->address), out,
		          ADDRESS_TEXT);
}

void endpoint_text_port(const struct endpoint *e, char out[ADDRESS_TEXT])
{
	char host[ADDRESS_TEXT];

	endpoint_text(e, host);
	if (e->address.ss_family == AF_INET)
		snprintf(out, ADDRESS_TEXT, "%.60s:%u", host, endpoint_port(e));
	else
		snprintf(out, ADDRESS_TEXT, "[%.60s]:%u", host, endpoint_port(e));
}

bool endpoint_same(const struct endpoint *a, const struct endpoint *b)
{
	char x[ADDRESS_TEXT], y[ADDRESS_TEXT];

	endpoint_text_port(a, x);
	endpoint_text_port(b, y);
	return strcmp(x, y) == 0;
}
