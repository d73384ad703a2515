/* What is asked of a UDP port, and whether a datagram is the answer: one row per protocol, built
 * from the protocols' own documents. Pure. Every question only reads: no lease, no tunnel that
 * stays, no accounting, no guess at a password or a community. */
#ifndef SCAN_UDP_PAYLOAD_H
#define SCAN_UDP_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/buf.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/prefix.h"

/* Bytes of one question; far below any MTU, so that nothing is fragmented. */
enum { UDP_PAYLOAD_MAX = 768 };

/* From which a question is made. The same seed makes the same bytes, so that an answer is judged
 * without a memory of what was sent. */
struct udp_seed {
	uint64_t nonce;                /* secret of this probe: fills identifiers and cookies */
	unsigned attempt;              /* 0-based; some rows ask in two ways by turns */
	struct address source, target; /* family 0 = unknown */
	uint16_t port;                 /* that is asked */
};

enum { UDP_ROW_PORTS = 4 };

struct udp_row {
	const char *name;
	enum app_proto app;
	uint16_t ports[UDP_ROW_PORTS]; /* RouterOS's defaults; unused are 0 */
	/* Appends the question. NULL: the protocol has none that a stranger may ask (or that could
	 * do no harm), so an empty datagram is sent: a closed port answers that as well. */
	void (*ask)(const struct udp_seed *seed, struct buf *out);
	/* Is it an answer to that question, and not just any datagram? NULL: none is known. */
	bool (*fits)(const struct udp_seed *seed, const unsigned char *p, size_t n);
	/* Appends what ends politely what the answer began on the other side; NULL: nothing. */
	void (*end)(const struct udp_seed *seed, const unsigned char *p, size_t n, struct buf *out);
	bool other_port; /* the answer comes from another port than was asked (TFTP, RFC 1350 4) */
	bool mute;       /* a healthy server says nothing to a stranger: silence is the rule */
};

/* The row for the port, or the empty one for a port that no row names; never NULL. */
const struct udp_row *udp_row_for(uint16_t port);
/* All rows; the empty one, which has no port, is not among them. */
extern const struct udp_row udp_rows[];
extern const size_t udp_rows_n;

/* Appends the question of the row. out should hold UDP_PAYLOAD_MAX. */
void udp_ask(const struct udp_row *row, const struct udp_seed *seed, struct buf *out);
/* What speaks there: the row's protocol, or APP_OTHER for an answer that is not in it. */
enum app_proto udp_judge(const struct udp_row *row, const struct udp_seed *seed, const void *p,
                         size_t n);

/* n bytes that look random, the same for the same seed and salt. */
void udp_bytes(const struct udp_seed *seed, unsigned salt, void *out, size_t n);
/* The first 32 bits of such. */
uint32_t udp_word(const struct udp_seed *seed, unsigned salt);

#endif
