/* ICMP questions as bytes, and their answers (RFC 792, 4443). */
#include <string.h>

#include "ping.h"
#include "wire.h"

enum { ECHO_4 = 8, ECHO_REPLY_4 = 0, TIMESTAMP = 13, TIMESTAMP_REPLY = 14 };
enum { ECHO_6 = 128, ECHO_REPLY_6 = 129, HEAD = 8, PAYLOAD = 12 };

static unsigned checksum(const unsigned char *p, size_t n)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < n; i += 2)
		sum += wire_get16(p + i);
	sum += n % 2 ? (uint32_t)p[n - 1] << 8 : 0;
	sum = (sum >> 16) + (sum & 0xffff);
	return ~(sum + (sum >> 16)) & 0xffff;
}

static void put_head(const struct ping *ping, unsigned type, struct buf *out)
{
	wire_u8(out, type);
	wire_u8(out, 0);
	wire_u16(out, 0);
	wire_u16(out, (unsigned)ping->nonce & 0xffff);
	wire_u16(out, ping->index & 0xffff);
}

static void seal(struct buf *out)
{
	unsigned sum = checksum((const unsigned char *)out->p, out->n);

	out->p[2] = (char)(sum >> 8);
	out->p[3] = (char)sum;
}

void ping_echo(const struct ping *ping, unsigned family, struct buf *out)
{
	put_head(ping, family == 6 ? ECHO_6 : ECHO_4, out);
	wire_u32(out, (uint32_t)(ping->nonce >> 32));
	wire_u32(out, (uint32_t)ping->nonce);
	wire_u32(out, ping->index);
	if (family == 4)
		seal(out);
}

void ping_timestamp(const struct ping *ping, struct buf *out)
{
	put_head(ping, TIMESTAMP, out);
	buf_pad(out, 0, 12);
	seal(out);
}

bool ping_is_echo_reply(const void *bytes, size_t n, unsigned family, uint64_t nonce,
                        uint32_t *index)
{
	const unsigned char *p = bytes;

	if (n < HEAD + PAYLOAD || p[0] != (family == 6 ? ECHO_REPLY_6 : ECHO_REPLY_4) ||
	    wire_get32(p + HEAD) != (uint32_t)(nonce >> 32) ||
	    wire_get32(p + HEAD + 4) != (uint32_t)nonce)
		return false;
	*index = wire_get32(p + HEAD + 8);
	return true;
}

bool ping_is_timestamp_reply(const void *bytes, size_t n, uint64_t nonce)
{
	const unsigned char *p = bytes;

	return n >= HEAD + 12 && p[0] == TIMESTAMP_REPLY && wire_get16(p + 4) == (nonce & 0xffff);
}

bool ping_skip_header(const unsigned char **p, size_t *n)
{
	size_t head = *n > 0 ? (size_t)(**p & 15) * 4 : 0;

	if (*n < 20 || **p >> 4 != 4 || head < 20 || *n < head)
		return false;
	*p += head;
	*n -= head;
	return true;
}
