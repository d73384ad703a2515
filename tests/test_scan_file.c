/* Scans written and read back: text, JSON, nmap's XML; and files that mean harm. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/scan_report.h"

static const struct scan_form *const forms[] = {&scan_form_text, &scan_form_json, &scan_form_xml};

/* A host with everything that a report can show. The caller frees it. */
static void make_host(struct scanned_host *h)
{
	static const char banner[] = "SSH-2.0-ROSSSH\r\n";
	static const struct observation seen[] = {
		{.port = 22,
	         .state = PORT_OPEN,
	         .reason = "syn-ack",
	         .serve = SERVE_SERVING,
	         .app = APP_SSH,
	         .banner = banner,
	         .banner_n = sizeof(banner) - 1,
	         .tries = 1,
	         .rtt_us = 900},
		{.port = 80,
	         .state = PORT_OPEN,
	         .reason = "syn-ack",
	         .serve = SERVE_REFUSED,
	         .close = "rst",
	         .tries = 2,
	         .rtt_us = 900},
		{.port = 23, .state = PORT_CLOSED, .reason = "conn-refused", .tries = 1},
		{.port = 8291, .state = PORT_FILTERED, .reason = "no-response", .tries = 4},
		{.port = 8728, .state = PORT_UNKNOWN, .reason = "blocked during scan", .tries = 1},
		{.port = 161,
	         .proto = L4_UDP,
	         .state = PORT_OPEN_FILTERED,
	         .reason = "no-response",
	         .tries = 3},
		{.port = 53,
	         .proto = L4_UDP,
	         .state = PORT_CLOSED,
	         .reason = "port-unreach",
	         .tries = 1},
	};

	scanned_init(h);
	assert_true(address_parse("192.0.2.1", 9, &h->address));
	h->name = "r1.example";
	h->started = 1795383752;
	h->ended = 1795383755;
	/* In no order, as they come. */
	for (size_t i = sizeof(seen) / sizeof(seen[0]); i-- > 0;)
		scanned_add(h, &seen[i]);
	for (unsigned p = 2000; p < 2040; p++)
		scanned_add(h, &(struct observation){.port = (uint16_t)(6000 - p),
		                                     .state = PORT_CLOSED,
		                                     .reason = "conn-refused",
		                                     .tries = 1});
	h->account = (struct scan_account){
		.sent = 55,
		.answered = 52,
		.loss = 0.05,
		.missed = 4e-7,
		.rtt_us = 1000,
		.duration_ms = 3000,
		.up = HOST_UP,
		.up_reason = "syn-ack",
	};
	assert_true(address_parse("192.0.2.9", 9, &h->account.source));
	scanned_sort(h);
}

static const struct scan_head *make_head(void)
{
	static struct scan_head head = {
		.scanner = "rosaudit",
		.version = "0",
		.args = "rosaudit scan -sV 192.0.2.1",
		.started = 1795383752,
		.tcp = "connect",
		.udp = true,
		.talked = true,
	};

	port_set_add(&head.ports.tcp, 22);
	port_set_add(&head.ports.udp, 53);
	return &head;
}

/* The whole report of one host. */
static void write_host(const struct scan_form *form, const struct scanned_host *h,
                       struct scan_report_options opt, struct buf *out)
{
	const struct scan_sum sum = {.up = 1, .duration_ms = 3000};
	struct port_names names;
	struct scan_writer w = {.form = form, .head = make_head(), .out = out};

	port_names_init(&names);
	opt.names = &names;
	w.opt = opt;
	buf_init(out, 1u << 20);
	form->begin(&w);
	form->host(&w, h);
	w.hosts++;
	form->end(&w, &sum);
	assert_false(out->overflow);
	port_names_done(&names);
}

static void test_every_form_is_as_before(void **state)
{
	static const char *const goldens[] = {"scan/host.txt", "scan/host.json", "scan/host.xml"};
	struct scanned_host h;
	struct buf out;

	(void)state;
	make_host(&h);
	for (size_t i = 0; i < 3; i++) {
		write_host(forms[i], &h, (struct scan_report_options){.reason = true}, &out);
		assert_golden(goldens[i], buf_str(&out));
		buf_done(&out);
	}
	scanned_done(&h);
}

static void test_open_shows_what_may_be_open(void **state)
{
	struct scanned_host h;
	struct buf out;

	(void)state;
	make_host(&h);
	write_host(&scan_form_text, &h, (struct scan_report_options){.open_only = true}, &out);
	assert_contains(buf_str(&out), "22/tcp  open");
	assert_contains(buf_str(&out), "161/udp open|filtered");
	assert_null(strstr(buf_str(&out), "8291/tcp"));
	assert_contains(buf_str(&out), "41 closed tcp ports (conn-refused)");
	buf_done(&out);
	scanned_done(&h);
}

static void test_a_tarpit_is_a_sentence(void **state)
{
	struct scanned_host h;
	struct buf out;

	(void)state;
	scanned_init(&h);
	assert_true(address_parse("192.0.2.1", 9, &h.address));
	for (unsigned p = 1; p <= 65535; p++)
		scanned_add(&h, &(struct observation){.port = (uint16_t)p,
		                                      .state = PORT_OPEN,
		                                      .reason = "syn-ack"});
	h.account.up = HOST_UP;
	h.account.tarpit = true;
	scanned_sort(&h);
	for (size_t i = 0; i < 3; i++) {
		write_host(forms[i], &h, (struct scan_report_options){0}, &out);
		assert_true(out.n < 4096);
		assert_contains(buf_str(&out), "65535");
		buf_done(&out);
	}
	scanned_done(&h);
}

static void test_a_host_that_is_down_is_shown_when_asked_for(void **state)
{
	struct scanned_host h;
	struct buf out;

	(void)state;
	scanned_init(&h);
	assert_true(address_parse("192.0.2.7", 9, &h.address));
	h.account.up = HOST_DOWN;
	write_host(&scan_form_text, &h, (struct scan_report_options){0}, &out);
	assert_null(strstr(buf_str(&out), "192.0.2.7"));
	buf_done(&out);
	write_host(&scan_form_text, &h, (struct scan_report_options){.verbose = true}, &out);
	assert_contains(buf_str(&out), "192.0.2.7\nHost seems down.");
	buf_done(&out);
	scanned_done(&h);
}

/* --- reading ---------------------------------------------------------------------- */

/* A line for each host and each of its ports. */
static int list(void *context, const struct scan_head *head, const struct scanned_host *h,
                struct error *err)
{
	static const char *const ups[] = {"unknown", "up", "down"};
	struct buf *out = context;
	struct observations seen;

	(void)err;
	buf_printf(out, "%s %s: ", head->scanner, head->tcp ? head->tcp : "-");
	address_format(&h->address, out);
	buf_printf(out, " %s %s %s\n", h->name ? h->name : "-", ups[h->account.up],
	           h->account.up_reason ? h->account.up_reason : "-");
	observations_init(&seen);
	scanned_to_observations(h, &seen);
	for (size_t i = 0; i < seen.n; i++) {
		const struct observation *o = &seen.v[i];

		buf_printf(out, "  %u/%s ", o->port, l4_name(o->proto));
		observation_format(o, out);
		buf_printf(out, " %s %s", o->reason, app_proto_name(o->app));
		if (o->banner)
			buf_printf(out, " \"%.*s\"", (int)strcspn(o->banner, "\r"), o->banner);
		buf_putc(out, '\n');
	}
	observations_done(&seen);
	return 0;
}

/* What is read of the text, or the fault. */
static void read_text(const char *text, size_t n, struct buf *out)
{
	struct error err = {0};

	buf_init(out, 1u << 20);
	if (scan_read(text, n, "it", list, out, &err) == 0)
		return;
	buf_clear(out);
	error_format(&err, out);
}

static void test_nmaps_xml_is_read(void **state)
{
	size_t n;
	char *text = test_read_file_n("tests/fixtures/scan/nmap/input.xml", &n);
	struct buf out;

	(void)state;
	read_text(text, n, &out);
	assert_golden("scan/nmap.txt", buf_str(&out));
	buf_done(&out);
	free(text);
}

/* JSON and XML of one scan hold the same ports, states and reasons. */
static void test_what_is_written_is_read_again(void **state)
{
	struct scanned_host h;
	struct buf direct, written, again;

	(void)state;
	make_host(&h);
	buf_init(&direct, 1u << 20);
	list(&direct, make_head(), &h, NULL);
	write_host(&scan_form_json, &h, (struct scan_report_options){0}, &written);
	read_text(buf_str(&written), written.n, &again);
	assert_text_equal(buf_str(&again), buf_str(&direct));
	buf_done(&written);
	buf_done(&again);
	write_host(&scan_form_xml, &h, (struct scan_report_options){0}, &written);
	read_text(buf_str(&written), written.n, &again);
	assert_contains(buf_str(&again), "22/tcp open, serving syn-ack ssh");
	assert_contains(buf_str(&again), "80/tcp open, refused syn-ack");
	assert_contains(buf_str(&again), "8728/tcp unknown (blocked during scan)");
	assert_contains(buf_str(&again), "161/udp open|filtered no-response");
	assert_contains(buf_str(&again), "3999/tcp closed conn-refused");
	buf_done(&written);
	buf_done(&again);
	buf_done(&direct);
	scanned_done(&h);
}

static void test_an_old_nmap_counts_without_numbers(void **state)
{
	static const char text[] =
		"<nmaprun scanner='nmap' version='6' start='1'>"
		"<scaninfo type='connect' protocol='tcp' services='1-5'/>"
		"<host><status state='up' reason='x'/><address addr='192.0.2.1'/>"
		"<ports><extraports state='closed' count='4'>"
		"<extrareasons reason='conn-refused' count='4'/></extraports>"
		"<port protocol='tcp' portid='2'><state state='open' reason='syn-ack'/></port>"
		"</ports></host></nmaprun>";
	struct buf out;

	(void)state;
	read_text(text, sizeof(text) - 1, &out);
	assert_text_equal(buf_str(&out), "nmap connect: 192.0.2.1 - up x\n"
	                                 "  1/tcp closed conn-refused unknown\n"
	                                 "  2/tcp open syn-ack unknown\n"
	                                 "  3/tcp closed conn-refused unknown\n"
	                                 "  4/tcp closed conn-refused unknown\n"
	                                 "  5/tcp closed conn-refused unknown\n");
	buf_done(&out);
}

#define RUN(body)    "<nmaprun scanner='nmap' version='7'>" body "</nmaprun>"
#define HOST(body)   RUN("<host><address addr='192.0.2.1'/>" body "</host>")
#define PORT(number) "<port protocol='tcp' portid='" number "'><state state='open'/></port>"

static void test_hostile_files_are_refused_in_a_sentence(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{"", "well-formed"},
		{"x", "well-formed"},
		{"<?xml version='1.0'?>", "well-formed"},
		{"<html/>", "nmap's XML begins with <nmaprun>, this with \"html\""},
		{"<nmaprun><host>", "well-formed"},
		{"<!DOCTYPE a [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><nmaprun args='&b;'/>",
	         "declares entities"},
		{"<?xml version='1.0' encoding='UTF-16'?><nmaprun><host/></nmaprun>",
	         "has no address"},
		{RUN("<host><address addr='192.0.2.1.5'/></host>"), "no address: \"192.0.2.1.5\""},
		{RUN("<host></host>"), "has no address"},
		{HOST(PORT("70000")), "no port: \"70000\""},
		{HOST(PORT("-1")), "no port: \"-1\""},
		{HOST(PORT("x\x1b[31m")), "well-formed"},
		{HOST(PORT("22") PORT("22")), "twice: \"22\""},
		{HOST("<extraports state='closed'><extrareasons reason='r' ports='1-5'/>"
	              "<extrareasons reason='s' ports='5'/></extraports>"),
	         "twice: \"5\""},
		{HOST("<extraports state='closed'><extrareasons ports='9-5'/></extraports>"),
	         "no list of ports: \"9-5\""},
		{RUN("<scaninfo protocol='tcp' services='1,x'/>"), "no list of ports: \"1,x\""},
		{RUN("<host><address addr='192.0.2.1'/><host/></host>"), "out of place: \"host\""},
		{RUN("<a:b/>"), "well-formed"},
		{RUN("<nmaprun/>"), "out of place: \"nmaprun\""},
		{"{", "it:1:"},
		{"{\"format\": \"rosaudit-report\"}", "is no scan"},
		{"{\"format\": \"rosaudit-scan\", \"version\": 2}", "another version"},
		{"{\"format\": \"rosaudit-scan\", \"version\": 1, \"hosts\": 5}", "a list of"},
		{"{\"format\": \"rosaudit-scan\", \"version\": 1, \"hosts\": [5]}", "hosts[0]"},
	};
	struct buf out;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		read_text(rows[i].text, strlen(rows[i].text), &out);
		assert_contains(buf_str(&out), rows[i].says);
		assert_null(strchr(buf_str(&out), '\x1b'));
		buf_done(&out);
	}
}

/* A DTD elsewhere is not fetched: what it may declare stays unknown. */
static void test_no_other_file_is_opened(void **state)
{
	static const char text[] =
		"<!DOCTYPE nmaprun SYSTEM 'file:///dev/stdin'>"
		"<nmaprun><host><status state='up' reason='r&x;'/><address addr='192.0.2.1'/>"
		"</host></nmaprun>";
	struct buf out;

	(void)state;
	read_text(text, sizeof(text) - 1, &out);
	assert_contains(buf_str(&out), "Entity 'x' not defined");
	buf_done(&out);
}

static void test_nesting_has_an_end(void **state)
{
	struct buf text, out;

	(void)state;
	buf_init(&text, 1u << 20);
	buf_puts(&text, "<nmaprun>");
	for (int i = 0; i < 100; i++)
		buf_puts(&text, "<table>");
	for (int i = 0; i < 100; i++)
		buf_puts(&text, "</table>");
	buf_puts(&text, "</nmaprun>");
	read_text(buf_str(&text), text.n, &out);
	assert_contains(buf_str(&out), "nested more than 32 deep");
	buf_done(&text);
	buf_done(&out);
}

/* Whatever is cut off, it is a sentence or whole hosts; never a crash. */
static void test_every_cut_ends_well(void **state)
{
	size_t n;
	char *text = test_read_file_n("tests/fixtures/scan/nmap/input.xml", &n);
	struct buf out;

	(void)state;
	for (size_t i = 0; i < n - 12; i += 7) {
		struct error err = {0};

		buf_init(&out, 1u << 20);
		assert_int_equal(scan_read(text, i, "it", list, &out, &err), -1);
		assert_true(err.text[0] != '\0');
		buf_done(&out);
	}
	free(text);
}

/* A banner of ours is bytes of others: no form lets them out as they are. */
static void test_foreign_bytes_are_escaped_in_every_form(void **state)
{
	static const char evil[] = "\x1b[2J\x07</port><b a='\"]]>\xff\xe2\x80\xae";
	struct scanned_host h;
	struct buf out;

	(void)state;
	scanned_init(&h);
	assert_true(address_parse("192.0.2.1", 9, &h.address));
	h.name = evil;
	h.account.cut = evil;
	h.account.up = HOST_UP;
	h.account.up_reason = evil;
	scanned_add(&h, &(struct observation){.port = 22,
	                                      .state = PORT_OPEN,
	                                      .reason = evil,
	                                      .serve = SERVE_SERVING,
	                                      .app = APP_OTHER,
	                                      .banner = evil,
	                                      .banner_n = sizeof(evil) - 1});
	scanned_sort(&h);
	for (size_t i = 0; i < 3; i++) {
		write_host(forms[i], &h, (struct scan_report_options){.reason = true}, &out);
		assert_null(strchr(buf_str(&out), '\x1b'));
		assert_null(strchr(buf_str(&out), '\x07'));
		assert_null(strstr(buf_str(&out), "\xe2\x80\xae"));
		assert_null(strchr(buf_str(&out), '\xff'));
		if (i == 2)
			assert_null(strstr(buf_str(&out), "<b a="));
		buf_done(&out);
	}
	scanned_done(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_form_is_as_before),
		cmocka_unit_test(test_open_shows_what_may_be_open),
		cmocka_unit_test(test_a_tarpit_is_a_sentence),
		cmocka_unit_test(test_a_host_that_is_down_is_shown_when_asked_for),
		cmocka_unit_test(test_nmaps_xml_is_read),
		cmocka_unit_test(test_what_is_written_is_read_again),
		cmocka_unit_test(test_an_old_nmap_counts_without_numbers),
		cmocka_unit_test(test_hostile_files_are_refused_in_a_sentence),
		cmocka_unit_test(test_no_other_file_is_opened),
		cmocka_unit_test(test_nesting_has_an_end),
		cmocka_unit_test(test_every_cut_ends_well),
		cmocka_unit_test(test_foreign_bytes_are_escaped_in_every_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
