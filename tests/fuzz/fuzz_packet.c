/* Any bytes as packets that the raw sockets may hand us. */
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/buf.h"
#include "src/scan/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct packet_error x;
	struct packet_tcp t;
	struct buf text;

	packet_v4_read(p, n, &t);
	packet_segment_read(p, n, &t);
	packet_icmp4_read(p, n, &x);
	packet_icmp6_read(p, n, &x);
	buf_init(&text, 1u << 20);
	packet_format(p, n < 2048 ? n : 2048, &text);
	buf_done(&text);
	return 0;
}
