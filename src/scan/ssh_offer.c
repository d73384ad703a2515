/* An SSH server's identification and key exchange offer. */
#include <string.h>

#include "rosaudit/limits.h"
#include "ssh_offer.h"
#include "wire.h"

enum { KEXINIT = 20, COOKIE = 16, PACKET_MAX = 35000 };

/* "SSH-" at the beginning of a line, and its end; false while that has not come. */
static bool find_line(const char *p, size_t n, size_t *start, size_t *end)
{
	const char *newline;

	for (size_t i = 0; i < n; i = *end + 1) {
		newline = memchr(p + i, '\n', n - i);
		if (!newline)
			return false;
		*start = i;
		*end = (size_t)(newline - p);
		if (*end - i > 4 && !memcmp(p + i, "SSH-", 4))
			return true;
	}
	return false;
}

static void read_line(const char *line, size_t n, struct arena *arena, struct ssh_facts *out)
{
	const char *dash;

	while (n > 0 && (line[n - 1] == '\r' || line[n - 1] == '\n'))
		n--;
	line += 4;
	n -= 4;
	dash = memchr(line, '-', n);
	if (!dash)
		return;
	out->protocol = arena_strndup(arena, line, (size_t)(dash - line));
	out->software = arena_strndup(arena, dash + 1, n - (size_t)(dash + 1 - line));
	/* RFC 4253 5.1: 1.99 speaks both. */
	out->protocol_1 = tri_of(line[0] == '1');
}

static bool takes_2(const char *line, size_t n)
{
	return n > 8 && (!memcmp(line, "SSH-2.0-", 8) || !memcmp(line, "SSH-1.99", 8));
}

bool ssh_speaks_2(const char *p, size_t n)
{
	size_t start, end;

	return find_line(p, n, &start, &end) && takes_2(p + start, end - start);
}

/* A name-list at *at, and past it. NULL when it is cut or no text. */
static const char *name_list(const unsigned char *p, size_t n, size_t *at, struct arena *arena)
{
	const char *text;
	size_t len;

	if (n - *at < 4)
		return NULL;
	len = wire_get32(p + *at);
	if (len > n - *at - 4)
		return NULL;
	text = (const char *)p + *at + 4;
	*at += 4 + len;
	if (memchr(text, '\0', len))
		return NULL;
	return arena_strndup(arena, text, len < LIMIT_FACT_BYTES ? len : LIMIT_FACT_BYTES);
}

/* Behind the cookie: kex, host keys, ciphers to and from the server, MACs likewise. */
static enum ssh_offer_state read_lists(const unsigned char *p, size_t n, struct arena *arena,
                                       struct ssh_facts *out)
{
	const char *lists[6];
	size_t at = 0;

	for (size_t i = 0; i < 6; i++) {
		lists[i] = name_list(p, n, &at, arena);
		if (!lists[i])
			return SSH_OFFER_NONE;
	}
	out->kex = lists[0];
	out->host_keys = lists[1];
	out->ciphers = lists[3];
	out->macs = lists[5];
	return SSH_OFFER_WHOLE;
}

/* The first packet: length, padding length, payload, padding. */
static enum ssh_offer_state read_packet(const unsigned char *p, size_t n, struct arena *arena,
                                        struct ssh_facts *out)
{
	size_t length, padding;

	if (n < 6)
		return SSH_OFFER_MORE;
	length = wire_get32(p);
	padding = p[4];
	if (length > PACKET_MAX || length < padding + 2 + COOKIE || p[5] != KEXINIT)
		return SSH_OFFER_NONE;
	if (n - 4 < length)
		return SSH_OFFER_MORE;
	return read_lists(p + 6 + COOKIE, length - 2 - COOKIE - padding, arena, out);
}

enum ssh_offer_state ssh_offer_read(const char *p, size_t n, struct arena *arena,
                                    struct ssh_facts *out)
{
	size_t start, end;

	if (!find_line(p, n, &start, &end))
		return SSH_OFFER_MORE;
	if (!out->protocol)
		read_line(p + start, end - start, arena, out);
	if (!takes_2(p + start, end - start))
		return SSH_OFFER_NONE;
	return read_packet((const unsigned char *)p + end + 1, n - end - 1, arena, out);
}
