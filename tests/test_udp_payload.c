/* The questions to UDP ports: each read by somebody else's dissector, each with its judge. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/scan/udp_payload.h"
#include "src/scan/wire.h"
#include "tests/support/program.h"

static const struct udp_seed seed = {
	.nonce = 0x0123456789abcdefu,
	.source = {.family = 4, .bytes = {192, 0, 2, 9}},
	.target = {.family = 4, .bytes = {192, 0, 2, 1}},
};

static struct udp_seed seed_for(uint16_t port, unsigned attempt)
{
	struct udp_seed s = seed;

	s.port = port;
	s.attempt = attempt;
	return s;
}

/* --- every question, as Wireshark reads it --- */

/* One port and attempt, and the protocol that tshark must find in it. */
static const struct reading {
	uint16_t port;
	unsigned attempt;
	const char *protocol;
	const char *field, *value; /* one value that it must read */
} readings[] = {
	{53, 0, "dns", "dns.qry.name", "localhost"},
	{64872, 0, "dns", "dns.qry.type", "1"},
	{5353, 0, "mdns", "dns.qry.name", "_services._dns-sd._udp.local"},
	{161, 0, "snmp", "snmp.msgVersion", "3"},
	{123, 0, "ntp", "ntp.flags.mode", "3"},
	{500, 0, "isakmp", "isakmp.exchangetype", "2"},
	{500, 1, "isakmp", "isakmp.exchangetype", "34"},
	{4500, 0, "isakmp", "isakmp.exchangetype", "2"},
	{4500, 1, "isakmp", "isakmp.exchangetype", "34"},
	{1701, 0, "l2tp", "l2tp.avp.message_type", "1"},
	{1812, 0, "radius", "radius.code", "12"},
	{1813, 0, "radius", "radius.code", "12"},
	{3799, 0, "radius", "radius.code", "12"},
	{1700, 0, "radius", "radius.code", "12"},
	{69, 0, "tftp", "tftp.source_file", "rosaudit"},
	/* Wireshark knows the announcement, not the question, which has no content. */
	{5678, 0, "data", "data.data", "00000000"},
	{1900, 0, "ssdp", "http.request.method", "M-SEARCH"},
	{5351, 0, "portcontrol", "nat-pmp.opcode", "0"},
	{67, 0, "dhcp", "dhcp.option.dhcp", "8"},
	{547, 0, "dhcpv6", "dhcpv6.msgtype", "11"},
	{137, 0, "nbns", "nbns.type", "33"},
	{138, 0, "nbdgm", "nbdgm.type", "20"},
	{1194, 0, "openvpn", "openvpn.opcode", "0x07"},
	{13231, 0, "wg", "wg.type", "1"},
	{5246, 0, "capwap", "capwap.control.header.message_type", "1"},
	{520, 0, "rip", "rip.command", "1"},
	{521, 0, "ripng", "ripng.cmd", "1"},
	{3784, 0, "bfd", "bfd.sta", "0x01"},
	{4784, 0, "bfd", "bfd.sta", "0x01"},
	{111, 0, "rpc", "rpc.procedure", "0"},
	{2049, 0, "rpc", "rpc.procedure", "0"},
};

enum { READINGS = sizeof(readings) / sizeof(readings[0]) };

static void put_little32(struct buf *b, uint32_t v)
{
	for (int i = 0; i < 4; i++, v >>= 8)
		wire_u8(b, v & 0xff);
}

/* One packet of a capture: IPv4, UDP without checksum, a source port of its own. */
static void put_packet(struct buf *file, const struct reading *r)
{
	struct udp_seed s = seed_for(r->port, r->attempt);
	struct buf ask;

	buf_init(&ask, UDP_PAYLOAD_MAX);
	udp_ask(udp_row_for(r->port), &s, &ask);
	assert_false(ask.overflow);
	assert_true(ask.n > 0);
	buf_pad(file, 0, 8);
	put_little32(file, (uint32_t)(28 + ask.n));
	put_little32(file, (uint32_t)(28 + ask.n));
	wire_u16(file, 0x4500);
	wire_u16(file, (unsigned)(28 + ask.n));
	WIRE_LITERAL(file, "\0\0\0\0\x40\x11\0\0\xc0\0\x02\x09\xc0\0\x02\x01");
	wire_u16(file, 40000 + (unsigned)(r - readings)); /* tshark follows a TFTP port */
	wire_u16(file, r->port);
	wire_u16(file, (unsigned)(8 + ask.n));
	wire_u16(file, 0);
	buf_add(file, ask.p, ask.n);
	buf_done(&ask);
}

static void write_capture(const char *path)
{
	struct buf file;
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	buf_init(&file, 1u << 20);
	put_little32(&file, 0xa1b2c3d4);
	put_little32(&file, 0x00040002);
	buf_pad(&file, 0, 8);
	put_little32(&file, 65535);
	put_little32(&file, 101); /* raw IP */
	for (size_t i = 0; i < READINGS; i++)
		put_packet(&file, &readings[i]);
	assert_int_equal(fwrite(file.p, 1, file.n, f), file.n);
	assert_int_equal(fclose(f), 0);
	buf_done(&file);
}

/* Fields asked for twice are one column: which is that of reading i? */
static size_t column_of(size_t i)
{
	size_t column = 0;

	for (size_t j = 0; j < i; j++) {
		size_t k = 0;

		if (!strcmp(readings[j].field, readings[i].field))
			return column_of(j);
		while (strcmp(readings[k].field, readings[j].field) != 0)
			k++;
		column += k == j;
	}
	return column;
}

/* tshark over the capture: for each frame its protocols, whether it is malformed, what its experts
 * say, and every field of the readings, one line, tabs between. */
static char *dissect(const char *capture)
{
	const char *argv[32 + 2 * READINGS] = {"tshark", "-n",
	                                       "-r",     capture,
	                                       "-d",     "udp.port==13231,wg",
	                                       "-d",     "udp.port==64872,dns",
	                                       "-d",     "udp.port==1700,radius",
	                                       "-T",     "fields",
	                                       "-E",     "separator=/t",
	                                       "-E",     "occurrence=f",
	                                       "-e",     "frame.protocols",
	                                       "-e",     "_ws.malformed",
	                                       "-e",     "_ws.expert.severity"};
	size_t n = 22, distinct = 0;
	char out[600];

	for (size_t i = 0; i < READINGS; i++) {
		if (column_of(i) < distinct)
			continue;
		argv[n++] = "-e";
		argv[n++] = readings[i].field;
		distinct++;
	}
	snprintf(out, sizeof(out), "%s.txt", capture);
	assert_int_equal(program_run(argv, out), 0);
	return test_read_file(out);
}

static void check_reading(char *line, size_t i)
{
	const char *protocols = strsep(&line, "\t"), *malformed = strsep(&line, "\t"),
		   *severity = strsep(&line, "\t"), *value = NULL;

	for (size_t field = 0; field <= column_of(i); field++)
		value = strsep(&line, "\t");
	if (!value || !strstr(protocols, readings[i].protocol) || *malformed ||
	    strcmp(value, readings[i].value) != 0)
		fail_msg("port %u, attempt %u: protocols %s, malformed '%s', %s is '%s'",
		         readings[i].port, readings[i].attempt, protocols, malformed,
		         readings[i].field, value ? value : "(nothing)");
	/* An error; chats, notes and warnings are Wireshark's advice. */
	if (!strcmp(severity, "8388608"))
		fail_msg("port %u: an expert's error", readings[i].port);
}

static void test_every_question_is_read_by_wireshark(void **state)
{
	char path[512], *text, *rest;

	(void)state;
	if (!program_installed("tshark")) {
		print_message("skip: no tshark here (make peers)\n");
		skip();
	}
	snprintf(path, sizeof(path), "%s/questions.pcap", test_temp_dir());
	write_capture(path);
	text = rest = dissect(path);
	for (size_t i = 0; i < READINGS; i++)
		check_reading(strsep(&rest, "\n"), i);
	free(text);
}

static bool is_read(uint16_t port)
{
	for (size_t i = 0; i < READINGS; i++)
		if (readings[i].port == port)
			return true;
	return false;
}

/* --- the table --- */

static void test_every_row_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < udp_rows_n; i++) {
		const struct udp_row *r = &udp_rows[i];

		assert_true(r->ports[0] != 0);
		assert_ptr_equal(udp_row_for(r->ports[0]), r);
		/* What answers strangers can be told from what does not. */
		assert_true(r->mute || (r->ask && r->fits));
		assert_true((r->fits != NULL) == (r->app != APP_UNKNOWN));
		for (size_t j = 0; j < UDP_ROW_PORTS && r->ask && r->ports[j]; j++)
			assert_true(is_read(r->ports[j]));
	}
	assert_string_equal(udp_row_for(0)->name, "empty");
	assert_string_equal(udp_row_for(40001)->name, "empty");
}

static void test_every_udp_port_of_routeros_has_its_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < catalogue_n; i++)
		if (catalogue[i].proto == L4_UDP && catalogue[i].port)
			assert_string_not_equal(udp_row_for(catalogue[i].port)->name, "empty");
}

static void ask(uint16_t port, const struct udp_seed *s, struct buf *out)
{
	buf_init(out, UDP_PAYLOAD_MAX);
	udp_ask(udp_row_for(port), s, out);
}

static void test_questions_follow_their_seed(void **state)
{
	struct udp_seed one = seed_for(123, 0), other = one;
	struct buf a, b, c;

	(void)state;
	other.nonce++;
	ask(123, &one, &a);
	ask(123, &one, &b);
	ask(123, &other, &c);
	assert_int_equal(a.n, 48);
	assert_memory_equal(a.p, b.p, 48);
	assert_memory_not_equal(a.p, c.p, 48);
	buf_done(&a);
	buf_done(&b);
	buf_done(&c);
}

static void test_an_unknown_source_and_target_do_no_harm(void **state)
{
	struct udp_seed bare = {.nonce = 1};
	struct buf b;

	(void)state;
	for (size_t i = 0; i < udp_rows_n; i++) {
		bare.port = udp_rows[i].ports[0];
		ask(bare.port, &bare, &b);
		assert_false(b.overflow);
		buf_done(&b);
	}
}

/* --- the judges --- */

/* Makes of our own question what a server would answer to it. */
static void reply_to(uint16_t port, const struct udp_seed *s, struct buf *out)
{
	struct buf q;
	unsigned char *p;

	ask(port, s, &q);
	buf_init(out, 2048);
	p = (unsigned char *)q.p;
	switch (port) {
	case 53:
	case 5353:
	case 137:
		p[2] |= 0x80;
		buf_add(out, p, q.n);
		break;
	case 161:
		p[49] = 0xa8; /* Report */
		buf_add(out, p, q.n);
		break;
	case 123:
		wire_u8(out, 0x24);
		buf_pad(out, 1, 23);
		buf_add(out, p + 40, 8);
		buf_pad(out, 0, 16);
		break;
	case 500:
		memset(p + 8, 7, 8);
		buf_add(out, p, q.n);
		break;
	case 4500:
		memset(p + 12, 7, 8);
		buf_add(out, p, q.n);
		break;
	case 1701:
		p[4] = p[q.n - 2];
		p[5] = p[q.n - 1];
		p[19] = 2; /* SCCRP */
		p[q.n - 2] = 0x12;
		p[q.n - 1] = 0x34;
		buf_add(out, p, q.n);
		break;
	case 1812:
		wire_u8(out, 2);
		wire_u8(out, p[1]);
		wire_u16(out, 20);
		buf_pad(out, 0, 16);
		break;
	case 69:
		WIRE_LITERAL(out, "\0\x05\0\x01not found\0");
		break;
	case 5678:
		WIRE_LITERAL(out, "\0\0\0\x01\0\x01\0\x06\x02\0\0\0\0\x01\0\x05\0\x03lab");
		break;
	case 1900:
		WIRE_LITERAL(out, "HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\n\r\n");
		break;
	case 5351:
		WIRE_LITERAL(out, "\0\x80\0\0\0\0\x01\0\xcb\0\x71\x05");
		break;
	case 138:
		p[0] = 0x15;
		buf_add(out, p, q.n);
		break;
	case 1194:
		wire_u8(out, 8 << 3);
		buf_pad(out, 3, 8);
		wire_u8(out, 1);
		wire_u32(out, 0);
		buf_add(out, p + 1, 8);
		wire_u32(out, 0);
		break;
	case 5246:
		buf_add(out, p, 8);
		wire_u32(out, 2);
		wire_u8(out, p[12]);
		wire_u16(out, 3);
		wire_u8(out, 0);
		break;
	case 520:
	case 521:
		p[0] = 2;
		buf_add(out, p, q.n);
		break;
	case 111:
		buf_add(out, p, 4);
		wire_u32(out, 1);
		buf_pad(out, 0, 16);
		break;
	default:
		fail_msg("no reply for port %u", port);
	}
	buf_done(&q);
}

static const struct {
	uint16_t port;
	enum app_proto app;
	bool authenticated; /* the answer proves that it saw our question */
} answers[] = {
	{53, APP_DNS, true},        {5353, APP_DNS, true},    {137, APP_NETBIOS, true},
	{161, APP_SNMP, true},      {123, APP_NTP, true},     {500, APP_IKE, true},
	{4500, APP_IKE, true},      {1701, APP_L2TP, true},   {1812, APP_RADIUS, false},
	{69, APP_TFTP, false},      {5678, APP_MNDP, false},  {1900, APP_SSDP, false},
	{5351, APP_NAT_PMP, false}, {138, APP_NETBIOS, true}, {1194, APP_OPENVPN, true},
	{5246, APP_CAPWAP, false},  {520, APP_RIP, false},    {521, APP_RIP, false},
	{111, APP_RPC, true},
};

static void test_answers_are_told_from_noise(void **state)
{
	static const char noise[64] = "what?";

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct udp_row *row = udp_row_for(answers[i].port);
		struct udp_seed s = seed_for(answers[i].port, 0), foreign = s;
		struct buf reply;

		foreign.nonce ^= 0xffff;
		reply_to(answers[i].port, &s, &reply);
		assert_int_equal(udp_judge(row, &s, reply.p, reply.n), answers[i].app);
		assert_int_equal(udp_judge(row, &s, noise, sizeof(noise)), APP_OTHER);
		assert_int_equal(udp_judge(row, &s, "", 0), APP_OTHER);
		if (answers[i].authenticated)
			assert_int_equal(udp_judge(row, &foreign, reply.p, reply.n), APP_OTHER);
		buf_done(&reply);
	}
}

/* Every beginning of an answer, in memory of exactly its size: the sanitizer watches. */
static void test_short_answers_are_read_within_bounds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct udp_row *row = udp_row_for(answers[i].port);
		struct udp_seed s = seed_for(answers[i].port, 0);
		struct buf reply, end;

		reply_to(answers[i].port, &s, &reply);
		for (size_t n = 0; n <= reply.n; n++) {
			unsigned char *exact = malloc(n ? n : 1);
			enum app_proto app;

			assert_non_null(exact);
			memcpy(exact, reply.p, n);
			app = udp_judge(row, &s, exact, n);
			assert_true(app == answers[i].app || app == APP_OTHER);
			buf_init(&end, UDP_PAYLOAD_MAX);
			if (row->end)
				row->end(&s, exact, n, &end);
			assert_false(end.overflow);
			buf_done(&end);
			free(exact);
		}
		buf_done(&reply);
	}
}

static void test_a_tunnel_begun_is_ended(void **state)
{
	struct udp_seed s = seed_for(1701, 0);
	struct buf reply, end;
	const unsigned char *p;

	(void)state;
	reply_to(1701, &s, &reply);
	buf_init(&end, UDP_PAYLOAD_MAX);
	udp_row_for(1701)->end(&s, (unsigned char *)reply.p, reply.n, &end);
	p = (const unsigned char *)end.p;
	assert_int_equal(end.n, 36);
	assert_int_equal(wire_get16(p + 2), end.n);
	assert_int_equal(wire_get16(p + 4), 0x1234); /* the number that the router gave */
	assert_int_equal(wire_get16(p + 18), 4);     /* StopCCN */
	buf_done(&end);
	/* What it refused needs no end. */
	reply.p[19] = 4;
	buf_init(&end, UDP_PAYLOAD_MAX);
	udp_row_for(1701)->end(&s, (unsigned char *)reply.p, reply.n, &end);
	assert_int_equal(end.n, 0);
	buf_done(&end);
	buf_done(&reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_question_is_read_by_wireshark),
		cmocka_unit_test(test_every_row_is_whole),
		cmocka_unit_test(test_every_udp_port_of_routeros_has_its_row),
		cmocka_unit_test(test_questions_follow_their_seed),
		cmocka_unit_test(test_an_unknown_source_and_target_do_no_harm),
		cmocka_unit_test(test_answers_are_told_from_noise),
		cmocka_unit_test(test_short_answers_are_read_within_bounds),
		cmocka_unit_test(test_a_tunnel_begun_is_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
