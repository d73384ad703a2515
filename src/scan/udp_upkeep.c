/* Questions to management, time, files, leases: SNMP, NTP, RADIUS, TFTP, DHCP, NAT-PMP, RPC. */
#include <string.h>

#include "udp_ask.h"

/* --- SNMP (RFC 3411 to 3416) --- */

/* Message ID as an INTEGER of four bytes, positive. */
static uint32_t snmp_id(const struct udp_seed *seed)
{
	return (udp_word(seed, 9) & 0x7fffffff) | 0x40000000;
}

/* An empty GetRequest of version 3 from an engine that knows nothing: it is answered with a report
 * that holds the agent's engine ID (RFC 3414 4), to anybody. No community is guessed at: a wrong
 * one is counted, and may be trapped, as a failed authentication. */
UDP_ASK(snmp)
{
	WIRE_LITERAL(out, "\x30\x3e\x02\x01\x03" /* SEQUENCE, version 3 */
	                  "\x30\x11\x02\x04");   /* header data: message ID */
	wire_u32(out, snmp_id(seed));
	WIRE_LITERAL(out, "\x02\x03\0\xff\xe3"     /* maximum size 65507 */
	                  "\x04\x01\x04"           /* flags: reportable */
	                  "\x02\x01\x03"           /* user-based security model */
	                  "\x04\x10\x30\x0e\x04\0" /* its parameters: no engine */
	                  "\x02\x01\0\x02\x01\0"   /* boots, time */
	                  "\x04\0\x04\0\x04\0"     /* no user, no keys */
	                  "\x30\x14\x04\0\x04\0"   /* scoped PDU: no engine, no context */
	                  "\xa0\x0e\x02\x04");     /* GetRequest: request ID */
	wire_u32(out, snmp_id(seed));
	WIRE_LITERAL(out, "\x02\x01\0\x02\x01\0\x30\0"); /* no error, no variables */
}

/* A SEQUENCE whose version is 3 and that repeats our message ID. */
UDP_FITS(snmp)
{
	uint32_t id = snmp_id(seed);
	unsigned char bytes[6] = {0x02,
	                          0x04,
	                          (unsigned char)(id >> 24),
	                          (unsigned char)(id >> 16),
	                          (unsigned char)(id >> 8),
	                          (unsigned char)id};
	size_t head = n < 32 ? n : 32;

	return n > 16 && p[0] == 0x30 && memmem(p, head, "\x02\x01\x03", 3) &&
	       memmem(p, head, bytes, sizeof(bytes));
}

/* --- NTP (RFC 5905) --- */

/* Version 4, client; the transmit timestamp is a cookie, as RFC 9109's data minimization has it. */
UDP_ASK(ntp)
{
	unsigned char cookie[8];

	udp_bytes(seed, 10, cookie, sizeof(cookie));
	wire_u8(out, 0x23);
	buf_pad(out, 0, 39);
	buf_add(out, cookie, sizeof(cookie));
}

/* A server's packet whose origin timestamp is our cookie. */
UDP_FITS(ntp)
{
	unsigned char cookie[8];

	udp_bytes(seed, 10, cookie, sizeof(cookie));
	return n >= 48 && (p[0] & 7) == 4 && !memcmp(p + 24, cookie, sizeof(cookie));
}

/* --- RADIUS (RFC 2865, 5997) --- */

enum { RADIUS_STATUS_SERVER = 12, RADIUS_HEAD = 20 };

/* Status-Server with its Message-Authenticator, which nobody can compute without the secret. It
 * changes nothing on any of the ports, unlike a Disconnect-Request or accounting. */
UDP_ASK(radius)
{
	unsigned char noise[16];

	wire_u8(out, RADIUS_STATUS_SERVER);
	wire_u8(out, udp_word(seed, 11));
	wire_u16(out, RADIUS_HEAD + 18);
	udp_bytes(seed, 12, noise, sizeof(noise));
	buf_add(out, noise, sizeof(noise));
	wire_u8(out, 80);
	wire_u8(out, 18);
	udp_bytes(seed, 13, noise, sizeof(noise));
	buf_add(out, noise, sizeof(noise));
}

UDP_FITS(radius)
{
	return n >= RADIUS_HEAD && p[1] == (udp_word(seed, 11) & 0xff) && wire_get16(p + 2) <= n &&
	       wire_get16(p + 2) >= RADIUS_HEAD;
}

/* --- TFTP (RFC 1350) --- */

enum { TFTP_READ = 1, TFTP_DATA = 3, TFTP_ERROR = 5, TFTP_OPTIONS = 6 };

/* Reads a file that is hardly there. */
UDP_ASK(tftp)
{
	(void)seed;
	wire_u16(out, TFTP_READ);
	WIRE_LITERAL(out, "rosaudit\0octet\0");
}

UDP_FITS(tftp)
{
	(void)seed;
	return n >= 4 && (wire_get16(p) == TFTP_DATA || wire_get16(p) == TFTP_ERROR ||
	                  wire_get16(p) == TFTP_OPTIONS);
}

/* A file of that name is there after all: an error ends the transfer (5). */
UDP_END(tftp)
{
	(void)seed;
	if (n < 4 || wire_get16(p) != TFTP_DATA)
		return;
	wire_u16(out, TFTP_ERROR);
	wire_u16(out, 0);
	WIRE_LITERAL(out, "enough\0");
}

/* --- DHCP (RFC 2131), DHCPv6 (RFC 8415) --- */

/* DHCPINFORM (4.4.3): somebody with an address asks for settings. Nothing is leased. */
UDP_ASK(dhcp)
{
	static const unsigned char none[4], hardware[6] = {0x02}; /* locally administered */
	const unsigned char *ip = seed->source.family == 4 ? seed->source.bytes : none;

	WIRE_LITERAL(out, "\x01\x01\x06\0");
	wire_u32(out, udp_word(seed, 14));
	wire_u32(out, 0);
	buf_add(out, ip, 4);
	buf_pad(out, 0, 12);
	buf_add(out, hardware, sizeof(hardware));
	buf_pad(out, 0, 10 + 64 + 128);
	WIRE_LITERAL(out, "\x63\x82\x53\x63"     /* cookie */
	                  "\x35\x01\x08"         /* DHCPINFORM */
	                  "\x37\x02\x01\x03\xff" /* mask and router, please; end */
	);
	buf_pad(out, 0, 52); /* to BOOTP's 300 bytes */
}

/* INFORMATION-REQUEST (18.2.6): the same. */
UDP_ASK(dhcpv6)
{
	wire_u32(out, 11u << 24 | (udp_word(seed, 14) & 0xffffff));
	WIRE_LITERAL(out, "\0\x01\0\x0a\0\x03\0\x01\x02\0\0\0\0\0" /* client: link-layer DUID */
	                  "\0\x06\0\x02\0\x17"                     /* DNS servers, please */
	                  "\0\x08\0\x02\0\0");                     /* asking since 0 s */
}

/* --- NAT-PMP (RFC 6886) --- */

/* The external address: read-only. A server of PCP alone answers that it is not version 0
 * (RFC 6887 A). */
UDP_ASK(nat_pmp)
{
	(void)seed;
	wire_u16(out, 0);
}

UDP_FITS(nat_pmp)
{
	(void)seed;
	return n >= 8 && p[0] <= 2 && (p[1] & 0x80);
}

/* --- RPC (RFC 5531) --- */

/* A call of procedure 0, which does nothing and needs no credentials. */
static void put_null_call(const struct udp_seed *seed, uint32_t program, uint32_t version,
                          struct buf *out)
{
	wire_u32(out, udp_word(seed, 15));
	wire_u32(out, 0); /* call */
	wire_u32(out, 2);
	wire_u32(out, program);
	wire_u32(out, version);
	buf_pad(out, 0, 4 + 8 + 8);
}

UDP_ASK(rpcbind)
{
	put_null_call(seed, 100000, 2, out);
}

UDP_ASK(nfs)
{
	put_null_call(seed, 100003, 3, out);
}

UDP_FITS(rpc)
{
	return n >= 12 && wire_get32(p) == udp_word(seed, 15) && wire_get32(p + 4) == 1;
}
