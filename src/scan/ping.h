/* ICMP questions as bytes, and their answers. Pure. */
#ifndef SCAN_PING_H
#define SCAN_PING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/buf.h"

/* Which host of which discovery is asked: comes back in an echo. */
struct ping {
	uint64_t nonce;
	uint32_t index;
};

/* An echo request, for IPv4 with its checksum (for IPv6 the kernel makes it). */
void ping_echo(const struct ping *ping, unsigned family, struct buf *out);
/* A timestamp request of IPv4. */
void ping_timestamp(const struct ping *ping, struct buf *out);
/* An echo reply to one of ours: which host it is for. p is the ICMP message. */
bool ping_is_echo_reply(const void *p, size_t n, unsigned family, uint64_t nonce, uint32_t *index);
bool ping_is_timestamp_reply(const void *p, size_t n, uint64_t nonce);
/* Skips an IPv4 header, where there is one; false when it is cut. */
bool ping_skip_header(const unsigned char **p, size_t *n);

#endif
