/* Questions to key exchanges and tunnels: IKE, L2TP, OpenVPN, WireGuard, CAPWAP. */
#include <string.h>

#include "udp_ask.h"

/* --- IKE (RFC 2408, 2409; RFC 7296) --- */

enum { IKE_HEAD = 28, IKE_SPI = 8 };

static void ike_spi(const struct udp_seed *seed, unsigned char *spi)
{
	udp_bytes(seed, 2, spi, IKE_SPI);
	spi[0] |= 1; /* never zero */
}

static void put_ike_head(const struct udp_seed *seed, struct buf *out, unsigned next,
                         unsigned version, unsigned exchange, unsigned flags, size_t body)
{
	unsigned char spi[IKE_SPI];

	ike_spi(seed, spi);
	buf_add(out, spi, sizeof(spi));
	buf_pad(out, 0, IKE_SPI);
	wire_u8(out, next);
	wire_u8(out, version);
	wire_u8(out, exchange);
	wire_u8(out, flags);
	wire_u32(out, 0);
	wire_u32(out, (uint32_t)(IKE_HEAD + body));
}

/* A phase 1 attribute of two bytes (RFC 2408 3.3). */
static void put_attribute(struct buf *out, unsigned type, unsigned value)
{
	wire_u16(out, 0x8000 | type);
	wire_u16(out, value);
}

enum { IKE1_TRANSFORM = 8 + 6 * 4, IKE1_TRANSFORMS = 4 };

/* Transform of phase 1: cipher, key bits, hash, group; pre-shared key; one day. */
static void put_transform(struct buf *out, unsigned number, unsigned bits, unsigned hash,
                          unsigned group)
{
	wire_u8(out, number == IKE1_TRANSFORMS ? 0 : 3);
	wire_u8(out, 0);
	wire_u16(out, IKE1_TRANSFORM);
	wire_u8(out, number);
	wire_u8(out, 1); /* KEY_IKE */
	wire_u16(out, 0);
	put_attribute(out, 1, 7); /* AES-CBC */
	put_attribute(out, 14, bits);
	put_attribute(out, 2, hash);
	put_attribute(out, 4, group);
	put_attribute(out, 3, 1);
	put_attribute(out, 11, 1);
}

/* Main mode's first message: an SA of common ciphers. It is
 * answered with the choice or a notice, before anybody is authenticated. */
static void ask_ike1(const struct udp_seed *seed, struct buf *out)
{
	size_t proposal = 8 + IKE1_TRANSFORMS * IKE1_TRANSFORM, sa = 12 + proposal;

	put_ike_head(seed, out, 1, 0x10, 2, 0, sa);
	wire_u8(out, 0);
	wire_u8(out, 0);
	wire_u16(out, (unsigned)sa);
	wire_u32(out, 1); /* DOI: IPsec */
	wire_u32(out, 1); /* identity only */
	wire_u8(out, 0);
	wire_u8(out, 0);
	wire_u16(out, (unsigned)proposal);
	wire_u8(out, 1);
	wire_u8(out, 1); /* ISAKMP */
	wire_u8(out, 0);
	wire_u8(out, IKE1_TRANSFORMS);
	put_transform(out, 1, 128, 2, 14); /* SHA-1, modp2048 */
	put_transform(out, 2, 128, 2, 2);  /* SHA-1, modp1024 */
	put_transform(out, 3, 256, 4, 14); /* SHA-256, modp2048 */
	put_transform(out, 4, 256, 2, 14);
}

/* One transform of an IKEv2 proposal; bits 0 = no key length. */
static void put_transform2(struct buf *out, bool last, unsigned type, unsigned id, unsigned bits)
{
	wire_u8(out, last ? 0 : 3);
	wire_u8(out, 0);
	wire_u16(out, bits ? 12 : 8);
	wire_u8(out, type);
	wire_u8(out, 0);
	wire_u16(out, id);
	if (bits)
		put_attribute(out, 14, bits);
}

static void put_generic(struct buf *out, unsigned next, size_t length)
{
	wire_u8(out, next);
	wire_u8(out, 0);
	wire_u16(out, (unsigned)length);
}

/*
 * IKE_SA_INIT with a group that hardly anybody has configured: modp768 (1). A responder answers
 * INVALID_KE_PAYLOAD or NO_PROPOSAL_CHOSEN (RFC 7296 1.2, 2.7) and keeps no state for us; one that
 * takes it answers with its own half.
 */
static void ask_ike2(const struct udp_seed *seed, struct buf *out)
{
	enum { KE = 96, NONCE = 32, PROPOSAL = 8 + 12 + 8 + 8 + 8 };
	unsigned char bytes[KE];

	put_ike_head(seed, out, 33, 0x20, 34, 0x08, 4 + PROPOSAL + 8 + KE + 4 + NONCE);
	put_generic(out, 34, 4 + PROPOSAL);
	put_generic(out, 0, PROPOSAL);
	wire_u8(out, 1);
	wire_u8(out, 1);
	wire_u8(out, 0);
	wire_u8(out, 4);
	put_transform2(out, false, 1, 12, 128); /* AES-CBC */
	put_transform2(out, false, 2, 2, 0);    /* PRF-HMAC-SHA1 */
	put_transform2(out, false, 3, 2, 0);    /* HMAC-SHA1-96 */
	put_transform2(out, true, 4, 1, 0);
	put_generic(out, 40, 8 + KE);
	wire_u16(out, 1);
	wire_u16(out, 0);
	udp_bytes(seed, 3, bytes, KE);
	buf_add(out, bytes, KE);
	put_generic(out, 0, 4 + NONCE);
	udp_bytes(seed, 4, bytes, NONCE);
	buf_add(out, bytes, NONCE);
}

/* By turns: a router may have peers of one version only, and be silent to the other. */
UDP_ASK(ike)
{
	if (seed->attempt % 2 == 0)
		ask_ike1(seed, out);
	else
		ask_ike2(seed, out);
}

/* RFC 3948 2.2: four zero bytes tell IKE from ESP on port 4500. */
UDP_ASK(ike_nat)
{
	wire_u32(out, 0);
	ask_ike(seed, out);
}

/* Our SPI comes back, whatever else is said. */
UDP_FITS(ike)
{
	unsigned char spi[IKE_SPI];

	ike_spi(seed, spi);
	return n >= IKE_HEAD && !memcmp(p, spi, IKE_SPI) && (p[17] >> 4 == 1 || p[17] >> 4 == 2);
}

UDP_FITS(ike_nat)
{
	static const unsigned char marker[4];

	return n > 4 && !memcmp(p, marker, 4) && fits_ike(seed, p + 4, n - 4);
}

/* --- L2TP (RFC 2661) --- */

enum { L2TP_CONTROL = 0xc802, L2TP_HEAD = 12, L2TP_AVP = 6, L2TP_MUST = 0x8000 };
enum { L2TP_SCCRQ = 1, L2TP_SCCRP = 2, L2TP_STOP = 4 };

static unsigned l2tp_tunnel(const struct udp_seed *seed)
{
	return (udp_word(seed, 5) & 0xffff) | 1; /* never zero */
}

static void put_l2tp_head(struct buf *out, size_t length, unsigned tunnel, unsigned ns, unsigned nr)
{
	wire_u16(out, L2TP_CONTROL);
	wire_u16(out, (unsigned)length);
	wire_u16(out, tunnel);
	wire_u16(out, 0);
	wire_u16(out, ns);
	wire_u16(out, nr);
}

static void put_avp(struct buf *out, unsigned type, const void *value, size_t n)
{
	wire_u16(out, L2TP_MUST | (unsigned)(L2TP_AVP + n));
	wire_u16(out, 0);
	wire_u16(out, type);
	buf_add(out, value, n);
}

static void put_avp16(struct buf *out, unsigned type, unsigned value)
{
	unsigned char v[2] = {(unsigned char)(value >> 8), (unsigned char)value};

	put_avp(out, type, v, sizeof(v));
}

/* Start-Control-Connection-Request (6.1). */
UDP_ASK(l2tp)
{
	static const unsigned char framing[4] = {0, 0, 0, 3};
	static const char host[] = "rosaudit";
	size_t body = 8 + 8 + (L2TP_AVP + 4) + (L2TP_AVP + sizeof(host) - 1) + 8;

	put_l2tp_head(out, L2TP_HEAD + body, 0, 0, 0);
	put_avp16(out, 0, L2TP_SCCRQ);
	put_avp16(out, 2, 0x0100);
	put_avp(out, 3, framing, sizeof(framing));
	put_avp(out, 7, host, sizeof(host) - 1);
	put_avp16(out, 9, l2tp_tunnel(seed));
}

/* A control message to our tunnel. */
UDP_FITS(l2tp)
{
	return n >= L2TP_HEAD && (wire_get16(p) & 0xcb0f) == L2TP_CONTROL &&
	       wire_get16(p + 4) == l2tp_tunnel(seed);
}

/* The other side's number of the tunnel in a SCCRP, or 0. */
static unsigned l2tp_assigned(const unsigned char *p, size_t n)
{
	size_t at = L2TP_HEAD, length;
	unsigned type = 0;

	for (; at + L2TP_AVP + 2 <= n; at += length) {
		length = wire_get16(p + at) & 0x3ff;
		if (length < L2TP_AVP || at + length > n)
			return 0;
		if (wire_get16(p + at + 2) != 0 || length != L2TP_AVP + 2)
			continue;
		if (wire_get16(p + at + 4) == 0)
			type = wire_get16(p + at + L2TP_AVP);
		else if (wire_get16(p + at + 4) == 9)
			return type == L2TP_SCCRP ? wire_get16(p + at + L2TP_AVP) : 0;
	}
	return 0;
}

/* Stop-Control-Connection-Notification (6.4), so that no half-open tunnel stays on the router. */
UDP_END(l2tp)
{
	unsigned tunnel = l2tp_assigned(p, n);

	if (tunnel == 0)
		return;
	put_l2tp_head(out, L2TP_HEAD + 3 * 8, tunnel, 1, 1);
	put_avp16(out, 0, L2TP_STOP);
	put_avp16(out, 9, l2tp_tunnel(seed));
	put_avp16(out, 1, 1); /* general request to clear the connection */
}

/* --- OpenVPN --- */

enum { OVPN_CLIENT_V2 = 7 << 3, OVPN_SERVER_V1 = 2, OVPN_SERVER_V2 = 8, OVPN_ACK = 5 };

/* P_CONTROL_HARD_RESET_CLIENT_V2, key 0: session, no acknowledgements, packet 0. */
UDP_ASK(openvpn)
{
	unsigned char session[8];

	udp_bytes(seed, 6, session, sizeof(session));
	wire_u8(out, OVPN_CLIENT_V2);
	buf_add(out, session, sizeof(session));
	wire_u8(out, 0);
	wire_u32(out, 0);
}

/* The server's reset or an acknowledgement that names our session. */
UDP_FITS(openvpn)
{
	unsigned char session[8];
	unsigned op = n ? p[0] >> 3 : 0;

	udp_bytes(seed, 6, session, sizeof(session));
	if (op != OVPN_SERVER_V1 && op != OVPN_SERVER_V2 && op != OVPN_ACK)
		return false;
	return n >= 14 && memmem(p + 9, n - 9, session, sizeof(session));
}

/* --- WireGuard (protocol, 5.4.2) --- */

/* A handshake initiation whose keys and MACs are noise: dropped at the first MAC. */
UDP_ASK(wireguard)
{
	unsigned char noise[148 - 4 - 16];

	udp_bytes(seed, 7, noise, sizeof(noise));
	WIRE_LITERAL(out, "\x01\0\0\0");
	buf_add(out, noise, sizeof(noise));
	buf_pad(out, 0, 16); /* no cookie */
}

/* --- CAPWAP (RFC 5415) --- */

enum { CAPWAP_DISCOVER = 1, CAPWAP_DISCOVERED = 2, CAPWAP_HEAD = 8 };

static void put_element(struct buf *out, unsigned type, const void *value, size_t n)
{
	wire_u16(out, type);
	wire_u16(out, (unsigned)n);
	buf_add(out, value, n);
}

/* Discovery Request (5.1) of an access point without radios in use: who controls here? It joins
 * nothing. */
UDP_ASK(capwap)
{
	static const unsigned char discovery[] = {1}; /* by address */
	/* Board data: vendor 0, model and serial number "rosaudit". */
	static const unsigned char board[] = "\0\0\0\0\0\0\0\x08rosaudit\0\x01\0\x08rosaudit";
	/* One radio at most, none in use, one encryption of 802.11; hardware, software and boot
	 * version 0. */
	static const unsigned char descriptor[] = "\x01\0\x01\x01\0\0"
						  "\0\0\0\0\0\0\0\x01"
						  "0\0\0\0\0\0\x01\0\x01"
						  "0\0\0\0\0\0\x02\0\x01"
						  "0";
	static const unsigned char tunnel[] = {0x08}, mac[] = {0}; /* 802.3 frames; local MAC */
	static const unsigned char radio[] = {1, 0, 0, 0, 1};
	size_t elements = 6 * 4 + sizeof(discovery) + (sizeof(board) - 1) +
	                  (sizeof(descriptor) - 1) + sizeof(tunnel) + sizeof(mac) + sizeof(radio);

	/* Preamble 0; header length 2 words, radio 0, binding 802.11 (1). */
	WIRE_LITERAL(out, "\0\x10\x02\0\0\0\0\0");
	wire_u32(out, CAPWAP_DISCOVER);
	wire_u8(out, udp_word(seed, 8));
	wire_u16(out, (unsigned)elements + 3);
	wire_u8(out, 0);
	put_element(out, 20, discovery, sizeof(discovery));
	put_element(out, 38, board, sizeof(board) - 1);
	put_element(out, 39, descriptor, sizeof(descriptor) - 1);
	put_element(out, 41, tunnel, sizeof(tunnel));
	put_element(out, 44, mac, sizeof(mac));
	put_element(out, 1048, radio, sizeof(radio));
}

UDP_FITS(capwap)
{
	size_t head = n > 1 ? (size_t)(p[1] >> 3) * 4 : 0;

	return head >= CAPWAP_HEAD && n >= head + 8 && p[0] == 0 &&
	       wire_get32(p + head) == CAPWAP_DISCOVERED &&
	       p[head + 4] == (udp_word(seed, 8) & 0xff);
}
