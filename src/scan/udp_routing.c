/* Questions to routing protocols: RIP, RIPng, BFD. */
#include "udp_ask.h"

enum { RIP_REQUEST = 1, RIP_RESPONSE = 2, RIP_INFINITY = 16 };

/* The whole table, from a port that is not 520: a monitor's question, answered to us alone
 * (RFC 2453 3.9.1). */
UDP_ASK(rip)
{
	(void)seed;
	wire_u8(out, RIP_REQUEST);
	wire_u8(out, 2);
	buf_pad(out, 0, 2 + 16);
	wire_u32(out, RIP_INFINITY);
}

UDP_FITS(rip)
{
	(void)seed;
	return n >= 4 && p[0] == RIP_RESPONSE && (p[1] == 1 || p[1] == 2);
}

/* RFC 2080 2.4.1: the prefix ::/0 with metric 16. */
UDP_ASK(ripng)
{
	(void)seed;
	wire_u8(out, RIP_REQUEST);
	wire_u8(out, 1);
	buf_pad(out, 0, 2 + 16 + 2 + 1);
	wire_u8(out, RIP_INFINITY);
}

UDP_FITS(ripng)
{
	(void)seed;
	return n >= 4 && p[0] == RIP_RESPONSE && p[1] == 1;
}

/*
 * A control packet of a session that is not there: the discriminator it names is noise, so it is
 * dropped (RFC 5880 6.8.6). A zero there would be looked up by our address, and could end a session
 * that this machine has with the router.
 */
UDP_ASK(bfd)
{
	WIRE_LITERAL(out, "\x20\x40\x03\x18"); /* version 1, down, multiplier 3, 24 bytes */
	wire_u32(out, udp_word(seed, 16) | 1);
	wire_u32(out, udp_word(seed, 17) | 1);
	wire_u32(out, 1000000);
	wire_u32(out, 1000000);
	wire_u32(out, 0);
}
