/* SipHash-2-4. */
#include <string.h>

#include "cookie.h"

static uint64_t rotl(uint64_t x, unsigned b)
{
	return x << b | x >> (64 - b);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotl(v[1], 13) ^ v[0];
	v[0] = rotl(v[0], 32);
	v[2] += v[3];
	v[3] = rotl(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotl(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotl(v[1], 17) ^ v[2];
	v[2] = rotl(v[2], 32);
}

static uint64_t little_endian(const uint8_t *p, size_t n)
{
	uint64_t x = 0;

	for (size_t i = 0; i < n; i++)
		x |= (uint64_t)p[i] << (8 * i);
	return x;
}

uint64_t cookie_hash(const struct cookie_key *key, const uint8_t *p, size_t n)
{
	uint64_t v[4] = {key->k0 ^ 0x736f6d6570736575u, key->k1 ^ 0x646f72616e646f6du,
	                 key->k0 ^ 0x6c7967656e657261u, key->k1 ^ 0x7465646279746573u};
	uint64_t m;
	size_t left = n;

	for (; left >= 8; p += 8, left -= 8) {
		m = little_endian(p, 8);
		v[3] ^= m;
		sip_round(v);
		sip_round(v);
		v[0] ^= m;
	}
	m = little_endian(p, left) | (uint64_t)n << 56;
	v[3] ^= m;
	sip_round(v);
	sip_round(v);
	v[0] ^= m;
	v[2] ^= 0xff;
	for (unsigned i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint32_t cookie_seq(const struct cookie_key *key, const struct address *to, uint16_t to_port,
                    uint16_t from_port)
{
	uint8_t text[20];

	memcpy(text, to->bytes, 16);
	text[16] = (uint8_t)(to_port >> 8);
	text[17] = (uint8_t)to_port;
	text[18] = (uint8_t)(from_port >> 8);
	text[19] = (uint8_t)from_port;
	return (uint32_t)cookie_hash(key, text, sizeof(text));
}
