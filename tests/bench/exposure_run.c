/* exposure_run matrix RULES ENTRIES: predicts a made firewall of so many rules and list entries, and
 * prints "ms kib parts". exposure_run compare PAIRS: the evaluator against the oracle, and the hits
 * per matcher, negation and action. tests/bench/exposure runs both. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "rosaudit/predict.h"
#include "tests/support/firewall_compare.h"
#include "tests/support/firewall_oracle.h"
#include "tests/support/firewall_text.h"

#define LISTS 100

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* A world of five interfaces and ten services. Rules of every kind that occurs: by list, by prefix,
 * by port, by interface, some that cannot be known, chains of ten rules. */
static void make_world(struct buf *b)
{
	buf_puts(b, "version 7.18.2\n/interface\nadd name=ether1 type=ether\n"
	            "add name=ether2 type=ether\nadd name=bridge type=bridge\n"
	            "add name=vlan10 type=vlan\nadd name=vlan20 type=vlan\n/interface list\n"
	            "add name=WAN\nadd name=LAN\n/interface list member\n"
	            "add list=WAN interface=ether1\nadd list=LAN interface=bridge\n/ip address\n"
	            "add address=192.168.88.1/24 interface=bridge\n"
	            "add address=203.0.113.1/24 interface=ether1\n/ip vrf\n/ip firewall raw\n"
	            "/ip firewall nat\n/ip firewall mangle\n/ip service\n");
	for (int i = 0; i < 10; i++)
		buf_printf(b, "add name=s%d port=%d vrf=main%s\n", i, 20 + i * 100,
		           i % 3 ? "" : " address=192.168.0.0/16,10.0.0.0/8");
}

static void make_rule(struct buf *b, unsigned i)
{
	unsigned x = i * 2654435761u;

	if (i % 100 == 50)
		buf_printf(b, "add chain=input action=jump jump-target=c%u in-interface-list=WAN\n",
		           i / 100);
	else if (i % 100 > 50 && i % 100 <= 60)
		buf_printf(b, "add chain=c%u action=drop src-address=10.%u.%u.0/24\n", i / 100,
		           x >> 8 & 255, x & 255);
	else if (i % 10 == 0)
		buf_printf(b, "add chain=input action=drop src-address-list=l%u\n", i / 10 % LISTS);
	else if (i % 10 < 4)
		buf_printf(b,
		           "add chain=input action=accept protocol=tcp dst-port=%u "
		           "src-address-list=l%u\n",
		           20 + x % 10 * 100, x % LISTS);
	else if (i % 10 == 9)
		buf_printf(b, "add chain=input action=drop limit=5,10 src-address=172.16.%u.%u\n",
		           x >> 8 & 255, x & 255);
	else
		buf_printf(b, "add chain=input action=%s src-address=%u.%u.%u.%u\n",
		           i % 3 ? "drop" : "accept", 11 + x % 150, x >> 8 & 255, x >> 16 & 255,
		           x >> 24 & 255);
}

static int matrix(unsigned rules, unsigned entries)
{
	struct predict_input in;
	struct exposure e;
	struct device d;
	struct rusage usage;
	struct buf text;
	double begun;
	size_t parts = 0;

	buf_init(&text, 64u << 20);
	make_world(&text);
	buf_puts(&text, "/ip firewall address-list\n");
	for (unsigned i = 0; i < entries; i++)
		buf_printf(&text, "add list=l%u address=%u.%u.%u.%u\n", i % LISTS, 1 + i % 200,
		           i / 200 % 256, i / 51200 % 256, i % 251);
	buf_puts(&text, "/ip firewall filter\n");
	for (unsigned i = 0; i < rules; i++)
		make_rule(&text, i);
	buf_puts(&text, "add chain=input action=drop in-interface-list=!LAN\n");
	firewall_text_read(buf_str(&text), &d);
	buf_done(&text);
	in = (struct predict_input){.device = &d};
	begun = now_ms();
	exposure_init(&e);
	exposure_predict(&in, &e);
	begun = now_ms() - begun;
	for (size_t i = 0; i < e.rows_n; i++)
		parts += e.rows[i].n;
	getrusage(RUSAGE_SELF, &usage);
	printf("%.0f %ld %zu\n", begun, usage.ru_maxrss, parts);
	exposure_done(&e);
	device_done(&d);
	return 0;
}

static int compare(uint64_t pairs)
{
	struct comparison sum = {0};
	const struct oracle_hits *hits;
	struct buf why;
	size_t n;

	buf_init(&why, 1u << 20);
	for (uint64_t seed = 1000000; sum.pairs < pairs; seed++) {
		int family = seed % 2 ? 4 : 6;

		if (firewall_compare(seed, family, seed % 4 < 2, 20, &sum, &why))
			continue;
		fputs(buf_str(&why), stderr);
		buf_done(&why);
		return 1;
	}
	printf("%llu pairs, %llu throws of coins, %llu decided, %llu unknown with one end\n",
	       (unsigned long long)sum.pairs, (unsigned long long)sum.throws,
	       (unsigned long long)sum.decided, (unsigned long long)sum.vague);
	hits = oracle_hits(&n);
	for (size_t i = 0; i < n; i++)
		printf("%-26s %-1s %-24s %llu\n", hits[i].matcher, hits[i].negated ? "!" : "",
		       hits[i].action, (unsigned long long)hits[i].hits);
	buf_done(&why);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "matrix") == 0)
		return matrix((unsigned)strtoul(argv[2], NULL, 10),
		              (unsigned)strtoul(argv[3], NULL, 10));
	if (argc == 3 && strcmp(argv[1], "compare") == 0)
		return compare(strtoull(argv[2], NULL, 10));
	fputs("usage: exposure_run matrix RULES ENTRIES | compare PAIRS\n", stderr);
	return 2;
}
