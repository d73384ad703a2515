/* Questions about names and neighbours: DNS, mDNS, NetBIOS, SSDP, MNDP. */
#include <string.h>

#include "udp_ask.h"

enum { DNS_IN = 1, DNS_A = 1, DNS_PTR = 12, DNS_NBSTAT = 33, DNS_UNICAST = 0x8000 };

/* Header of RFC 1035 4.1.1 with one question. */
static void put_head(struct buf *out, unsigned id, unsigned flags)
{
	wire_u16(out, id);
	wire_u16(out, flags);
	wire_u16(out, 1);
	wire_u16(out, 0);
	wire_u32(out, 0);
}

static void put_name(struct buf *out, const char *dotted)
{
	size_t n;

	for (; *dotted; dotted += n + (dotted[n] == '.')) {
		n = strcspn(dotted, ".");
		wire_u8(out, (unsigned)n);
		buf_add(out, dotted, n);
	}
	wire_u8(out, 0);
}

static unsigned dns_id(const struct udp_seed *seed)
{
	return udp_word(seed, 1) & 0xffff;
}

/* The address of localhost: every server answers that of itself (RFC 6761 6.3), so the question
 * goes no further. */
UDP_ASK(dns)
{
	put_head(out, dns_id(seed), 0x0100); /* recursion desired, as a resolver's client asks */
	put_name(out, "localhost");
	wire_u16(out, DNS_A);
	wire_u16(out, DNS_IN);
}

/* Which kinds of services there are (RFC 6763 9), to be answered to us alone (RFC 6762 5.4, 6.7).
 * A repeater may pass it on and stay silent itself. */
UDP_ASK(mdns)
{
	put_head(out, dns_id(seed), 0);
	put_name(out, "_services._dns-sd._udp.local");
	wire_u16(out, DNS_PTR);
	wire_u16(out, DNS_UNICAST | DNS_IN);
}

/* A response with our identifier; mDNS answers may carry zero (RFC 6762 18.1). */
UDP_FITS(dns)
{
	unsigned id;

	if (n < 12 || !(p[2] & 0x80))
		return false;
	id = wire_get16(p);
	return id == dns_id(seed) || (seed->port == 5353 && id == 0);
}

/* Node status of "*" (RFC 1002 4.2.17): the name padded with zeros, each byte as two letters. */
UDP_ASK(netbios_name)
{
	put_head(out, dns_id(seed), 0);
	WIRE_LITERAL(out, "\x20"
	                  "CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0");
	wire_u16(out, DNS_NBSTAT);
	wire_u16(out, DNS_IN);
}

UDP_FITS(netbios_name)
{
	return n >= 12 && wire_get16(p) == dns_id(seed) && (p[2] & 0x80);
}

/* DATAGRAM QUERY REQUEST (RFC 1002 4.4.3): is the name "*" yours? A server for such says yes or
 * no. */
UDP_ASK(netbios_datagram)
{
	static const unsigned char none[4];
	const unsigned char *ip = seed->source.family == 4 ? seed->source.bytes : none;

	wire_u8(out, 0x14);
	wire_u8(out, 0x02); /* first and only fragment, from a B node */
	wire_u16(out, dns_id(seed));
	buf_add(out, ip, 4);
	wire_u16(out, 138);
	WIRE_LITERAL(out, "\x20"
	                  "CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0");
}

/* POSITIVE or NEGATIVE QUERY RESPONSE. */
UDP_FITS(netbios_datagram)
{
	return n >= 10 && (p[0] == 0x15 || p[0] == 0x16) && wire_get16(p + 2) == dns_id(seed);
}

/* A search sent to one device (UPnP Device Architecture 1.1, 1.3.2). */
UDP_ASK(ssdp)
{
	WIRE_LITERAL(out, "M-SEARCH * HTTP/1.1\r\nHOST: ");
	buf_puts(out, seed->target.family == 6 ? "[" : "");
	if (seed->target.family) {
		struct address host = seed->target;

		host.scope = 0;
		address_format(&host, out);
	} else {
		WIRE_LITERAL(out, "239.255.255.250");
	}
	buf_puts(out, seed->target.family == 6 ? "]" : "");
	WIRE_LITERAL(out, ":1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: upnp:rootdevice\r\n"
	                  "USER-AGENT: rosaudit UPnP/1.1\r\n\r\n");
}

UDP_FITS(ssdp)
{
	(void)seed;
	return n >= 9 && !memcmp(p, "HTTP/1.1 ", 9);
}

/* MikroTik documents no format; its own tools and others' ask with four zero bytes: an empty
 * announcement, sequence 0. */
UDP_ASK(mndp)
{
	(void)seed;
	wire_u32(out, 0);
}

/* Header of four bytes, then type, length, value: the first is the MAC address. */
UDP_FITS(mndp)
{
	(void)seed;
	return n >= 14 && wire_get16(p + 4) == 1 && wire_get16(p + 6) == 6;
}
