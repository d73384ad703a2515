/* Bytes of a packet in network order, appended to a buffer. */
#ifndef SCAN_WIRE_H
#define SCAN_WIRE_H

#include <stdint.h>

#include "rosaudit/buf.h"

static inline void wire_u8(struct buf *b, unsigned v)
{
	buf_putc(b, (char)(v & 0xff));
}

static inline void wire_u16(struct buf *b, unsigned v)
{
	wire_u8(b, v >> 8);
	wire_u8(b, v);
}

static inline void wire_u32(struct buf *b, uint32_t v)
{
	wire_u16(b, v >> 16);
	wire_u16(b, v & 0xffff);
}

static inline unsigned wire_get16(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static inline uint32_t wire_get32(const unsigned char *p)
{
	return (uint32_t)wire_get16(p) << 16 | wire_get16(p + 2);
}

/* A literal without its final NUL. */
#define WIRE_LITERAL(b, text) buf_add(b, text, sizeof(text) - 1)

#endif
