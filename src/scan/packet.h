/* Packets as bytes: SYN probes made, answers and ICMP errors read. Pure: a scan sends what is made
 * here, a dry run prints it, and anything may be fed to the readers. */
#ifndef SCAN_PACKET_H
#define SCAN_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/prefix.h"

struct buf;

enum {
	PACKET_MOST = 64, /* bytes of a probe: IPv6 header, TCP header, one option */
	PACKET_V4_HEADER = 20,
	PACKET_V6_HEADER = 40,
	PACKET_SYN = 0x02,
	PACKET_RST = 0x04,
	PACKET_ACK = 0x10,
};

/* One TCP segment without data. */
struct packet_tcp {
	struct address from, to;
	uint16_t from_port, to_port;
	uint32_t seq, ack;
	uint8_t flags; /* PACKET_… */
	uint8_t ttl;   /* hop limit */
	uint16_t id;   /* of IPv4 */
	uint16_t mss;  /* option; 0 = none */
};

/* The whole packet, IP header and checksums included, into out (PACKET_MOST bytes). Returns its
 * length. */
size_t packet_tcp_make(const struct packet_tcp *t, uint8_t *out);

/* A segment with or without its IPv4 header. False when it is cut short or is none. from and to are
 * only set where there is a header. */
bool packet_v4_read(const uint8_t *p, size_t n, struct packet_tcp *out);
bool packet_segment_read(const uint8_t *p, size_t n, struct packet_tcp *out);

/* An ICMP error and which segment it is about. */
struct packet_error {
	uint8_t family; /* 4 or 6: what type and code mean */
	uint8_t type, code;
	struct packet_tcp about; /* from, to, ports and seq: ours */
};

/* From an IPv4 header on, or for IPv6 from the ICMP header on. False when it is no error, or not
 * about TCP, or cut before the sequence number. */
bool packet_icmp4_read(const uint8_t *p, size_t n, struct packet_error *out);
bool packet_icmp6_read(const uint8_t *p, size_t n, struct packet_error *out);

/* RFC 1071, over n bytes, added to a sum so far; packet_sum_end folds it. */
uint32_t packet_sum(const uint8_t *p, size_t n, uint32_t sum);
uint16_t packet_sum_end(uint32_t sum);

/* "192.0.2.1:61000 > 192.0.2.2:22 S seq 1234 mss 1460 ttl 64, 44 bytes" of a packet from its IP
 * header on, then its bytes in hexadecimal. Appends; a packet that cannot be read is "?". */
void packet_format(const uint8_t *p, size_t n, struct buf *out);

#endif
