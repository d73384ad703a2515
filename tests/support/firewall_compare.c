/* The evaluator against the oracle. */
#include <string.h>

#include "rosaudit/predict.h"
#include "tests/support/firewall_compare.h"
#include "tests/support/firewall_oracle.h"
#include "tests/support/firewall_random.h"
#include "tests/support/firewall_text.h"

#define THROWS 12

struct matchup {
	struct device device;
	struct exposure exposure;
	bool guess;
	struct comparison *sum;
	struct buf *why;
	uint64_t seed;
};

struct point {
	const struct exposure_row *row;
	const struct exposure_part *part;
	struct address source;
};

static bool complain(struct matchup *m, const struct point *p, const struct address *dst,
                     const struct oracle_verdict *v, const char *what)
{
	struct buf *out = m->why;

	buf_printf(out, "%s\nseed %llu, ", what, (unsigned long long)m->seed);
	address_format(&p->source, out);
	buf_printf(out, " -> ");
	address_format(dst, out);
	buf_printf(out, " %s (%d) by %s:\nevaluator: %s (%x) ", p->row->service, p->row->port,
	           p->row->interface, exposure_outcome_name(p->part->outcome), p->part->possible);
	exposure_rule_format(p->part->rule, out);
	buf_printf(out, " %s, at ", p->part->why ? p->part->why : "-");
	address_format(&p->part->at, out);
	buf_printf(out, "\noracle: %s, rule %d\n", exposure_outcome_name(v->outcome),
	           v->rule ? (int)v->rule->number : -1);
	return false;
}

/* Must the same rule be named? Only of what no coin touched. */
static bool rule_agrees(const struct exposure_part *part, const struct oracle_verdict *v)
{
	if (v->outcome == EXPOSURE_REFUSED || v->outcome == EXPOSURE_CLOSED)
		return part->rule == NULL;
	if (!v->rule || !part->rule)
		return !v->rule && !part->rule;
	return part->rule->number == v->rule->number &&
	       strcmp(part->rule->action, item_get(v->rule, "action")) == 0;
}

static bool check_throw(struct matchup *m, const struct point *p, const struct address *dst,
                        const struct oracle_verdict *v)
{
	bool here = p->part->at.family == 0 || address_equal(&p->part->at, dst);

	if (v->outcome == EXPOSURE_SERVED && !(p->part->possible & 1u << EXPOSURE_SERVED))
		return complain(m, p, dst, v, "served, which the evaluator rules out");
	if (here && !(p->part->possible & 1u << v->outcome))
		return complain(m, p, dst, v, "an end that the evaluator rules out");
	if (here && !v->tossed && p->part->outcome != EXPOSURE_UNKNOWN &&
	    !rule_agrees(p->part, v) && !m->guess)
		return complain(m, p, dst, v, "another rule decides");
	if (here && !m->guess && !v->tossed && p->part->outcome == EXPOSURE_UNKNOWN)
		return complain(m, p, dst, v, "unknown without need");
	return true;
}

static bool check_point(struct matchup *m, const struct point *p, const struct address *dst,
                        unsigned *ends)
{
	struct oracle_packet packet = {
		.family = p->row->family,
		.in = p->row->interface,
		.tcp = p->row->proto == L4_TCP,
		.port = p->row->port,
	};
	unsigned throws = m->guess ? THROWS : 1;

	memcpy(packet.src, p->source.bytes, 16);
	memcpy(packet.dst, dst->bytes, 16);
	for (unsigned t = 0; t < throws; t++) {
		struct oracle_verdict v;

		packet.coins = m->seed * 1000003 + t;
		/* Behind a nat rule whatever has the port then answers. */
		oracle_run(&m->device, p->row->by ? NULL : p->row->service, &packet, &v);
		m->sum->throws++;
		*ends |= 1u << v.outcome;
		if (!check_throw(m, p, dst, &v))
			return false;
		if (!v.tossed)
			return true;
	}
	return true;
}

static bool check_source(struct matchup *m, struct point *p)
{
	static const char *const own[2][3] = {{"192.168.88.1", "203.0.113.1", "10.0.0.1"},
	                                      {"fd00:88::1", "2001:db8:1::1", "fe80::1"}};
	unsigned ends = 0;

	p->part = exposure_part_of(p->row, &p->source);
	m->sum->pairs++;
	if (!p->part) {
		buf_printf(m->why, "seed %llu: a source is in no part\n",
		           (unsigned long long)m->seed);
		return false;
	}
	for (size_t i = 0; i < 3; i++) {
		const char *text = own[p->row->family == 6][i];
		struct address dst = {0};

		address_parse(text, strlen(text), &dst);
		if (!check_point(m, p, &dst, &ends))
			return false;
	}
	m->sum->decided += p->part->outcome != EXPOSURE_UNKNOWN;
	m->sum->vague += p->part->outcome == EXPOSURE_UNKNOWN && (ends & (ends - 1)) == 0;
	return true;
}

static bool check_row(struct matchup *m, const struct exposure_row *row, unsigned sources)
{
	unsigned n = firewall_random_sources(row->family);
	unsigned at = (unsigned)(m->seed * 7 + (unsigned)row->port) % n;

	for (unsigned i = 0; i < sources; i++) {
		const char *text = firewall_random_source(row->family, (at + i * 5) % n);
		struct point p = {.row = row};

		address_parse(text, strlen(text), &p.source);
		if (!check_source(m, &p))
			return false;
	}
	return true;
}

bool firewall_compare(uint64_t seed, int family, bool guess, unsigned sources,
                      struct comparison *sum, struct buf *why)
{
	struct matchup m = {.guess = guess, .sum = sum, .why = why, .seed = seed};
	struct predict_input in = {.device = &m.device};
	bool good = true;
	struct buf text;

	buf_init(&text, 1u << 20);
	firewall_random(seed, family, guess, &text);
	firewall_text_read(buf_str(&text), &m.device);
	exposure_init(&m.exposure);
	exposure_predict(&in, &m.exposure);
	for (size_t i = 0; i < m.exposure.rows_n && good; i++)
		if (m.exposure.rows[i].family == family)
			good = check_row(&m, &m.exposure.rows[i], sources);
	if (!good)
		buf_puts(why, buf_str(&text));
	exposure_done(&m.exposure);
	device_done(&m.device);
	buf_done(&text);
	return good;
}
