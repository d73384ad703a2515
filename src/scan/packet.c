/* Packets as bytes. RFC 791, RFC 8200, RFC 9293, RFC 792, RFC 4443. */
#include <netinet/in.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#include "rosaudit/buf.h"
#include "packet.h"

enum { TCP_HEADER = 20, TCP_PORTS_AND_SEQ = 8, ICMP_HEADER = 8, OPTION_MSS = 2 };

static void put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

uint32_t packet_sum(const uint8_t *p, size_t n, uint32_t sum)
{
	for (; n > 1; p += 2, n -= 2) {
		sum += get16(p);
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return n ? sum + ((uint32_t)p[0] << 8) : sum;
}

uint16_t packet_sum_end(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static size_t address_bytes(const struct address *a)
{
	return a->family == 6 ? 16 : 4;
}

static uint16_t tcp_sum(const struct packet_tcp *t, const uint8_t *segment, size_t n)
{
	uint32_t sum = packet_sum(t->from.bytes, address_bytes(&t->from), 0);

	sum = packet_sum(t->to.bytes, address_bytes(&t->to), sum);
	return packet_sum_end(packet_sum(segment, n, sum + IPPROTO_TCP + (uint32_t)n));
}

static size_t make_segment(const struct packet_tcp *t, uint8_t *p)
{
	size_t n = TCP_HEADER + (t->mss ? 4 : 0);

	memset(p, 0, n);
	put16(p, t->from_port);
	put16(p + 2, t->to_port);
	put32(p + 4, t->seq);
	put32(p + 8, t->ack);
	p[12] = (uint8_t)(n / 4 << 4);
	p[13] = t->flags;
	put16(p + 14, 1024); /* window: nothing will be received */
	if (t->mss) {
		p[20] = OPTION_MSS;
		p[21] = 4;
		put16(p + 22, t->mss);
	}
	put16(p + 16, tcp_sum(t, p, n));
	return n;
}

size_t packet_tcp_make(const struct packet_tcp *t, uint8_t *out)
{
	size_t head = t->to.family == 6 ? PACKET_V6_HEADER : PACKET_V4_HEADER;
	size_t n = make_segment(t, out + head);

	memset(out, 0, head);
	if (t->to.family == 6) {
		out[0] = 0x60;
		put16(out + 4, (unsigned)n);
		out[6] = IPPROTO_TCP;
		out[7] = t->ttl;
		memcpy(out + 8, t->from.bytes, 16);
		memcpy(out + 24, t->to.bytes, 16);
		return head + n;
	}
	out[0] = 0x45;
	put16(out + 2, (unsigned)(head + n));
	put16(out + 4, t->id);
	out[8] = t->ttl;
	out[9] = IPPROTO_TCP;
	memcpy(out + 12, t->from.bytes, 4);
	memcpy(out + 16, t->to.bytes, 4);
	put16(out + 10, packet_sum_end(packet_sum(out, head, 0)));
	return head + n;
}

/* --- reading -------------------------------------------------------------------------- */

/* An IPv4 header of a first fragment; its length, or 0. */
static size_t read_v4(const uint8_t *p, size_t n, uint8_t *proto, struct packet_tcp *out)
{
	size_t head;

	if (n < PACKET_V4_HEADER || p[0] >> 4 != 4)
		return 0;
	head = (size_t)(p[0] & 15) * 4;
	if (head < PACKET_V4_HEADER || head > n || get16(p + 6) & 0x1fff)
		return 0;
	*proto = p[9];
	out->ttl = p[8];
	out->id = get16(p + 4);
	out->from = (struct address){.family = 4};
	out->to = (struct address){.family = 4};
	memcpy(out->from.bytes, p + 12, 4);
	memcpy(out->to.bytes, p + 16, 4);
	return head;
}

static size_t read_v6(const uint8_t *p, size_t n, uint8_t *proto, struct packet_tcp *out)
{
	if (n < PACKET_V6_HEADER || p[0] >> 4 != 6)
		return 0;
	*proto = p[6];
	out->ttl = p[7];
	out->from = (struct address){.family = 6};
	out->to = (struct address){.family = 6};
	memcpy(out->from.bytes, p + 8, 16);
	memcpy(out->to.bytes, p + 24, 16);
	return PACKET_V6_HEADER;
}

static bool read_ports(const uint8_t *p, size_t n, struct packet_tcp *out)
{
	if (n < TCP_PORTS_AND_SEQ)
		return false;
	out->from_port = get16(p);
	out->to_port = get16(p + 2);
	out->seq = get32(p + 4);
	return true;
}

bool packet_segment_read(const uint8_t *p, size_t n, struct packet_tcp *out)
{
	if (n < TCP_HEADER || !read_ports(p, n, out))
		return false;
	out->ack = get32(p + 8);
	out->flags = p[13];
	out->mss = 0;
	if (n >= TCP_HEADER + 4 && p[12] >> 4 >= 6 && p[20] == OPTION_MSS && p[21] == 4)
		out->mss = get16(p + 22);
	return true;
}

bool packet_v4_read(const uint8_t *p, size_t n, struct packet_tcp *out)
{
	uint8_t proto;
	size_t head = read_v4(p, n, &proto, out);

	return head && proto == IPPROTO_TCP && packet_segment_read(p + head, n - head, out);
}

bool packet_icmp4_read(const uint8_t *p, size_t n, struct packet_error *out)
{
	struct packet_tcp outer = {0};
	uint8_t proto;
	size_t head = read_v4(p, n, &proto, &outer), inner;

	if (!head || proto != IPPROTO_ICMP || n - head < ICMP_HEADER)
		return false;
	*out = (struct packet_error){.family = 4, .type = p[head], .code = p[head + 1]};
	if (out->type != ICMP_DEST_UNREACH && out->type != ICMP_TIME_EXCEEDED)
		return false;
	p += head + ICMP_HEADER;
	n -= head + ICMP_HEADER;
	inner = read_v4(p, n, &proto, &out->about);
	return inner && proto == IPPROTO_TCP && read_ports(p + inner, n - inner, &out->about);
}

bool packet_icmp6_read(const uint8_t *p, size_t n, struct packet_error *out)
{
	uint8_t proto;
	size_t inner;

	if (n < ICMP_HEADER)
		return false;
	*out = (struct packet_error){.family = 6, .type = p[0], .code = p[1]};
	if (out->type != ICMP6_DST_UNREACH && out->type != ICMP6_TIME_EXCEEDED)
		return false;
	inner = read_v6(p + ICMP_HEADER, n - ICMP_HEADER, &proto, &out->about);
	return inner && proto == IPPROTO_TCP &&
	       read_ports(p + ICMP_HEADER + inner, n - ICMP_HEADER - inner, &out->about);
}

/* --- printing ------------------------------------------------------------------------- */

static void format_end(const struct address *a, uint16_t port, struct buf *out)
{
	buf_puts(out, a->family == 6 ? "[" : "");
	address_format(a, out);
	buf_printf(out, a->family == 6 ? "]:%u" : ":%u", port);
}

void packet_format(const uint8_t *p, size_t n, struct buf *out)
{
	struct packet_tcp t = {0};
	uint8_t proto = 0;
	size_t head = read_v6(p, n, &proto, &t);

	if (head == 0)
		head = read_v4(p, n, &proto, &t);
	if (head == 0 || proto != IPPROTO_TCP || !packet_segment_read(p + head, n - head, &t)) {
		buf_puts(out, "?");
		return;
	}
	format_end(&t.from, t.from_port, out);
	buf_puts(out, " > ");
	format_end(&t.to, t.to_port, out);
	buf_printf(out, " %s%s%s seq %u", t.flags & PACKET_SYN ? "S" : "",
	           t.flags & PACKET_RST ? "R" : "", t.flags & PACKET_ACK ? "A" : "", t.seq);
	if (t.mss)
		buf_printf(out, " mss %u", t.mss);
	buf_printf(out, " ttl %u, %zu bytes:", t.ttl, n);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s%02x", i % 4 == 0 ? " " : "", p[i]);
}
