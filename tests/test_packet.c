/* Packets made and read, and the numbers that authenticate answers. No root, no network. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/scan.h"
#include "src/scan/cookie.h"
#include "src/scan/outcome.h"
#include "src/scan/packet.h"

static struct address at(const char *s)
{
	struct address a;

	assert_true(address_parse(s, strlen(s), &a));
	return a;
}

static struct packet_tcp syn_between(const char *from, const char *to)
{
	return (struct packet_tcp){.from = at(from),
	                           .to = at(to),
	                           .from_port = 61000,
	                           .to_port = 8291,
	                           .seq = 0xdeadbeef,
	                           .flags = PACKET_SYN,
	                           .ttl = 64,
	                           .id = 7,
	                           .mss = 1460};
}

/* The checksums, by their definition: with them the sum is all ones. */
static void test_checksums_add_up(void **state)
{
	uint8_t p[PACKET_MOST], pseudo[12] = {192, 0, 2, 1, 192, 0, 2, 2, 0, 6, 0, 24};
	struct packet_tcp t = syn_between("192.0.2.1", "192.0.2.2");
	uint8_t pseudo6[40] = {[33] = 0, [35] = 24, [39] = 6};

	(void)state;
	assert_int_equal(packet_tcp_make(&t, p), 44);
	assert_int_equal(packet_sum_end(packet_sum(p, 20, 0)), 0);
	assert_int_equal(packet_sum_end(packet_sum(p + 20, 24, packet_sum(pseudo, 12, 0))), 0);
	t = syn_between("2001:db8::1", "2001:db8::2");
	assert_int_equal(packet_tcp_make(&t, p), 64);
	memcpy(pseudo6, p + 8, 32);
	assert_int_equal(packet_sum_end(packet_sum(p + 40, 24, packet_sum(pseudo6, 40, 0))), 0);
}

/* RFC 1071, section 3: its own example, and an odd length. */
static void test_the_sum_is_the_rfcs(void **state)
{
	static const uint8_t example[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};

	(void)state;
	assert_int_equal((uint16_t)~packet_sum_end(packet_sum(example, 8, 0)), 0xddf2);
	assert_int_equal((uint16_t)~packet_sum_end(packet_sum(example, 7, 0)), 0xdcfb);
}

static void test_what_is_made_is_read_back(void **state)
{
	struct packet_tcp t = syn_between("192.0.2.1", "192.0.2.2"), seen = {0};
	uint8_t p[PACKET_MOST];
	size_t n = packet_tcp_make(&t, p);

	(void)state;
	assert_true(packet_v4_read(p, n, &seen));
	assert_true(address_equal(&seen.from, &t.from));
	assert_true(address_equal(&seen.to, &t.to));
	assert_int_equal(seen.from_port, 61000);
	assert_int_equal(seen.to_port, 8291);
	assert_int_equal(seen.seq, 0xdeadbeef);
	assert_int_equal(seen.flags, PACKET_SYN);
	assert_int_equal(seen.mss, 1460);
	assert_int_equal(seen.ttl, 64);
}

/* An ICMP error about our probe, from its IPv4 header on. */
static size_t make_icmp4(uint8_t type, uint8_t code, uint8_t *p)
{
	struct packet_tcp t = syn_between("192.0.2.1", "192.0.2.2");

	memset(p, 0, 28);
	p[0] = 0x45;
	p[9] = 1;
	p[20] = type;
	p[21] = code;
	return 28 + packet_tcp_make(&t, p + 28);
}

static void test_an_icmp_error_tells_which_probe_it_is_about(void **state)
{
	uint8_t p[28 + PACKET_MOST];
	struct packet_tcp t = syn_between("2001:db8::1", "2001:db8::2");
	struct packet_error x;
	size_t n = make_icmp4(3, 13, p);

	(void)state;
	assert_true(packet_icmp4_read(p, n, &x));
	assert_int_equal(x.about.to_port, 8291);
	assert_int_equal(x.about.from_port, 61000);
	assert_int_equal(x.about.seq, 0xdeadbeef);
	assert_string_equal(outcome_icmp_reason(x.family, x.type, x.code), "admin-prohibited");
	/* Eight bytes of the segment are all that RFC 792 promises. */
	assert_true(packet_icmp4_read(p, 28 + 20 + 8, &x));
	assert_false(packet_icmp4_read(p, 28 + 20 + 7, &x));
	memset(p, 0, 8);
	p[0] = 1;
	p[1] = 4;
	n = 8 + packet_tcp_make(&t, p + 8);
	assert_true(packet_icmp6_read(p, n, &x));
	assert_int_equal(x.about.seq, 0xdeadbeef);
	assert_string_equal(outcome_icmp_reason(x.family, x.type, x.code), "port-unreach");
}

static void test_what_is_no_error_is_not_taken_for_one(void **state)
{
	uint8_t p[28 + PACKET_MOST];
	struct packet_error x;

	(void)state;
	assert_false(packet_icmp4_read(p, make_icmp4(0, 0, p), &x));  /* echo reply */
	assert_false(packet_icmp4_read(p, make_icmp4(12, 0, p), &x)); /* parameter problem */
	make_icmp4(3, 3, p);
	p[28 + 9] = 17; /* about UDP */
	assert_false(packet_icmp4_read(p, sizeof(p), &x));
	make_icmp4(3, 3, p);
	p[28 + 7] = 8; /* about a later fragment */
	assert_false(packet_icmp4_read(p, sizeof(p), &x));
}

static void test_cut_and_random_packets_are_refused_or_read(void **state)
{
	uint8_t p[28 + PACKET_MOST], exact[28 + PACKET_MOST], *copy;
	struct packet_error x;
	struct packet_tcp t;
	struct buf text;

	(void)state;
	buf_init(&text, 4096);
	srandom(1);
	for (unsigned k = 0; k < 20000; k++) {
		size_t n = (size_t)random() % sizeof(p);

		make_icmp4(3, 1, exact);
		for (size_t i = 0; i < n; i++)
			p[i] = random() % 8 ? exact[i] : (uint8_t)random();
		copy = malloc(n ? n : 1); /* so that the sanitizer sees a read too far */
		memcpy(copy, p, n);
		packet_icmp4_read(copy, n, &x);
		packet_icmp6_read(copy, n, &x);
		packet_v4_read(copy, n, &t);
		packet_segment_read(copy, n, &t);
		buf_clear(&text);
		packet_format(copy, n, &text);
		assert_true(text.n > 0);
		free(copy);
	}
	buf_done(&text);
}

/* The reference's test vector (Aumasson and Bernstein, appendix A). */
static void test_siphash_is_siphash(void **state)
{
	static const struct cookie_key key = {0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
	uint8_t text[15];

	(void)state;
	for (uint8_t i = 0; i < sizeof(text); i++)
		text[i] = i;
	assert_true(cookie_hash(&key, text, sizeof(text)) == 0xa129ca6149be45e5u);
}

static void test_a_cookie_is_of_one_address_and_one_pair_of_ports(void **state)
{
	static const struct cookie_key key = {1, 2}, other = {1, 3};
	struct address a = at("192.0.2.1"), b = at("192.0.2.2");
	uint32_t seq = cookie_seq(&key, &a, 22, 61000);

	(void)state;
	assert_int_equal(seq, cookie_seq(&key, &a, 22, 61000));
	assert_int_not_equal(seq, cookie_seq(&key, &b, 22, 61000));
	assert_int_not_equal(seq, cookie_seq(&key, &a, 23, 61000));
	assert_int_not_equal(seq, cookie_seq(&key, &a, 22, 61001));
	assert_int_not_equal(seq, cookie_seq(&other, &a, 22, 61000));
}

struct printed {
	unsigned n;
	char text[2][512];
};

static void take(void *context, const uint8_t *p, size_t n, const char *text)
{
	struct printed *out = context;
	struct packet_tcp t;

	assert_true(packet_v4_read(p, n, &t));
	assert_true(out->n < 2);
	snprintf(out->text[out->n++], sizeof(out->text[0]), "%s", text);
}

static void test_a_dry_run_prints_what_would_go(void **state)
{
	static const struct scan_port ports[] = {
		{.router = 22, .here = 22},
		{.router = 161, .here = 161, .proto = L4_UDP},
		{.router = 80, .here = 8080},
	};
	struct scan_host host = {.ports = ports, .n = 3};
	struct scan_plan plan = {.hosts = &host, .hosts_n = 1, .method = SCAN_SYN};
	struct printed out = {0};

	(void)state;
	host.target = at("127.0.0.1");
	scan_dry_run(&plan, &out, take);
	assert_int_equal(out.n, 2);
	assert_contains(out.text[0], "127.0.0.1:61000 > 127.0.0.1:22 S seq ");
	assert_contains(out.text[0], " mss 1460 ttl 64, 44 bytes: 4500002c ");
	assert_contains(out.text[1], " > 127.0.0.1:8080 S seq ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_checksums_add_up),
		cmocka_unit_test(test_the_sum_is_the_rfcs),
		cmocka_unit_test(test_what_is_made_is_read_back),
		cmocka_unit_test(test_an_icmp_error_tells_which_probe_it_is_about),
		cmocka_unit_test(test_what_is_no_error_is_not_taken_for_one),
		cmocka_unit_test(test_cut_and_random_packets_are_refused_or_read),
		cmocka_unit_test(test_siphash_is_siphash),
		cmocka_unit_test(test_a_cookie_is_of_one_address_and_one_pair_of_ports),
		cmocka_unit_test(test_a_dry_run_prints_what_would_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
