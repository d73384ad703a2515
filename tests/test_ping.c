/* ICMP questions and answers as bytes. */
#include "tests/test.h"

#include <string.h>

#include "src/scan/ping.h"
#include "src/scan/wire.h"

static const struct ping ours = {.nonce = 0x1122334455667788u, .index = 70000};

/* The sum over the whole message is zero (RFC 1071). */
static void check_sum(const struct buf *b)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < b->n; i += 2)
		sum += wire_get16((const unsigned char *)b->p + i);
	sum = (sum >> 16) + (sum & 0xffff);
	assert_int_equal(sum, 0xffff);
}

static void test_an_echo_comes_back_to_its_host(void **state)
{
	uint32_t index = 0;
	struct buf b;

	(void)state;
	buf_init(&b, 64);
	ping_echo(&ours, 4, &b);
	check_sum(&b);
	assert_int_equal(b.p[0], 8);
	assert_false(ping_is_echo_reply(b.p, b.n, 4, ours.nonce, &index)); /* a request is none */
	b.p[0] = 0;
	assert_true(ping_is_echo_reply(b.p, b.n, 4, ours.nonce, &index));
	assert_int_equal(index, 70000);
	assert_false(ping_is_echo_reply(b.p, b.n, 4, ours.nonce + 1, &index));
	for (size_t n = 0; n < b.n; n++)
		assert_false(ping_is_echo_reply(b.p, n, 4, ours.nonce, &index));
	buf_clear(&b);
	ping_echo(&ours, 6, &b);
	assert_int_equal((unsigned char)b.p[0], 128);
	b.p[0] = (char)129;
	assert_true(ping_is_echo_reply(b.p, b.n, 6, ours.nonce, &index));
	buf_done(&b);
}

static void test_a_timestamp_is_known_by_its_identifier(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 64);
	ping_timestamp(&ours, &b);
	check_sum(&b);
	assert_int_equal(b.n, 20);
	assert_int_equal(b.p[0], 13);
	b.p[0] = 14;
	assert_true(ping_is_timestamp_reply(b.p, b.n, ours.nonce));
	assert_false(ping_is_timestamp_reply(b.p, b.n, ours.nonce + 1));
	assert_false(ping_is_timestamp_reply(b.p, b.n - 1, ours.nonce));
	buf_done(&b);
}

static void test_an_ip_header_is_skipped_when_it_is_whole(void **state)
{
	unsigned char packet[32] = {0x46};
	const unsigned char *p = packet;
	size_t n = sizeof(packet);

	(void)state;
	assert_true(ping_skip_header(&p, &n));
	assert_int_equal(n, 8);
	assert_ptr_equal(p, packet + 24);
	for (size_t k = 0; k < 24; k++) {
		p = packet;
		n = k;
		assert_false(ping_skip_header(&p, &n));
	}
	packet[0] = 0x42;
	p = packet;
	n = sizeof(packet);
	assert_false(ping_skip_header(&p, &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_echo_comes_back_to_its_host),
		cmocka_unit_test(test_a_timestamp_is_known_by_its_identifier),
		cmocka_unit_test(test_an_ip_header_is_skipped_when_it_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
