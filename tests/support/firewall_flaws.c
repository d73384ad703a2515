/* Rules that are said never to match, against the oracle. */
#include <string.h>

#include "rosaudit/predict.h"
#include "tests/support/firewall_flaws.h"
#include "tests/support/firewall_oracle.h"
#include "tests/support/firewall_random.h"
#include "tests/support/firewall_text.h"

static uint64_t scramble(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static void take_address(const char *text, uint8_t out[16])
{
	struct address a;

	address_parse(text, strlen(text), &a);
	memcpy(out, a.bytes, 16);
}

static struct oracle_packet packet_of(uint64_t chance, int family)
{
	static const char *const in[] = {"ether1", "bridge", "vlan10", "ppp1"};
	static const char *const own[2][3] = {{"192.168.88.1", "203.0.113.1", "10.0.0.1"},
	                                      {"fd00:88::1", "2001:db8:1::1", "fe80::1"}};
	static const int ports[] = {22, 80, 8291, 1, 1023, 161, 443, 8000, 9000, 65535, 53, 2000};
	struct oracle_packet p = {.family = family, .coins = scramble(chance)};
	unsigned sources = firewall_random_sources(family);

	p.in = in[chance % 4];
	p.tcp = chance >> 3 & 1;
	p.port = ports[(chance >> 8) % 12];
	take_address(own[family == 6][(chance >> 16) % 3], p.dst);
	take_address(firewall_random_source(family, (unsigned)(chance >> 24) % sources), p.src);
	return p;
}

static uint64_t *counter_of(struct flaw_comparison *sum, enum exposure_flaw_kind kind)
{
	switch (kind) {
	case FLAW_UNREACHABLE:
		return &sum->unreachable;
	case FLAW_SHADOWED:
		return &sum->shadowed;
	case FLAW_ACCEPT_ABOVE:
		return &sum->accept_above;
	default:
		return NULL;
	}
}

static const struct exposure_flaw *flaw_of(const struct exposure *e, const struct device *d,
                                           const struct item *rule)
{
	for (size_t i = 0; i < e->flaws_n; i++) {
		const struct exposure_flaw *f = &e->flaws[i];
		struct flaw_comparison unused;
		const struct menu_items *m;

		if (!counter_of(&unused, f->kind))
			continue;
		m = device_menu(d, f->rule->menu);
		if (rule >= m->v && rule < m->v + m->n && f->rule->number == rule->number)
			return f;
	}
	return NULL;
}

static bool check_packet(const struct exposure *e, const struct device *d,
                         const struct oracle_packet *p, uint64_t seed, struct buf *why)
{
	struct oracle_verdict v;

	oracle_run(d, NULL, p, &v);
	for (size_t i = 0; i < v.matched_n; i++) {
		const struct exposure_flaw *f = flaw_of(e, d, v.matched[i]);

		if (!f)
			continue;
		buf_printf(why, "seed %llu: ", (unsigned long long)seed);
		exposure_rule_format(f->rule, why);
		buf_printf(why, " is said never to match (%s)\n", exposure_flaw_name(f->kind));
		return false;
	}
	return true;
}

bool firewall_compare_flaws(uint64_t seed, int family, bool guess, unsigned packets,
                            struct flaw_comparison *sum, struct buf *why)
{
	struct device d;
	struct exposure e;
	struct predict_input in = {.device = &d};
	bool good = true, any = false;
	struct buf text;

	buf_init(&text, 1u << 20);
	if (seed % 3)
		firewall_random_dense(seed, family, guess, &text);
	else
		firewall_random(seed, family, guess, &text);
	firewall_text_read(buf_str(&text), &d);
	exposure_init(&e);
	exposure_predict(&in, &e);
	for (size_t i = 0; i < e.flaws_n; i++) {
		uint64_t *n = counter_of(sum, e.flaws[i].kind);

		any |= n != NULL;
		if (n)
			++*n;
	}
	for (unsigned i = 0; any && good && i < packets; i++) {
		struct oracle_packet p = packet_of(scramble(seed * 1000 + i), family);

		good = check_packet(&e, &d, &p, seed, why);
		sum->packets++;
	}
	sum->firewalls++;
	if (!good)
		buf_puts(why, buf_str(&text));
	exposure_done(&e);
	device_done(&d);
	buf_done(&text);
	return good;
}
