/* Any bytes as the further words of a service: SSH's offer, a web page, a UDP answer, a ping's. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/scan/http_answer.h"
#include "src/scan/ping.h"
#include "src/scan/ssh_offer.h"
#include "src/scan/udp_payload.h"
#include "src/scan/udp_tell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The judge of every row, what ends its talk, and what the answer tells. */
static void read_udp(const uint8_t *data, size_t size, struct arena *arena)
{
	for (size_t i = 0; i < udp_rows_n; i++) {
		const struct udp_row *row = &udp_rows[i];
		struct udp_seed seed = {.nonce = 1, .port = row->ports[0]};
		struct observation o = {.app = udp_judge(row, &seed, data, size)};
		struct buf end;

		buf_init(&end, UDP_PAYLOAD_MAX);
		if (row->end)
			row->end(&seed, data, size, &end);
		if (end.overflow)
			abort();
		buf_done(&end);
		udp_tell(data, size, arena, &o);
	}
}

static void read_ping(const uint8_t *data, size_t size)
{
	const unsigned char *p = data;
	size_t n = size;
	uint32_t index;

	if (ping_skip_header(&p, &n) && p + n != data + size)
		abort();
	ping_is_echo_reply(p, n, 4, 1, &index);
	ping_is_timestamp_reply(p, n, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct service_facts facts = {0};
	struct ssh_facts ssh = {0};
	struct http_facts http = {0};
	struct arena arena = {0};
	const char *p = (const char *)data;
	struct buf line;

	ssh_offer_read(p, size, &arena, &ssh);
	http_answer_whole(p, size);
	facts.ssh = &ssh;
	facts.http = http_answer_read(p, size, &arena, &http) ? &http : NULL;
	facts.version = facts_find_version(p, size, &arena);
	buf_init(&line, 1u << 20);
	facts_format(&facts, &line);
	for (size_t i = 0; i < line.n; i++)
		if ((unsigned char)line.p[i] < 0x20 || line.p[i] == 0x7f)
			abort();
	buf_done(&line);
	read_udp(data, size, &arena);
	read_ping(data, size);
	arena_done(&arena);
	return 0;
}
