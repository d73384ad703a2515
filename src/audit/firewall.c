/* The firewall's own flaws, and what it predicts beside what the scan saw. The sets were computed
 * by src/exposure; here they are only read. */
#include <string.h>

#include "audit_private.h"
#include "rosaudit/message.h"

const struct exposure *known_exposure(const struct audit *a)
{
	return a->in->exposure && a->in->exposure->known ? a->in->exposure : NULL;
}

const char *say_rule(struct audit *a, const struct exposure_rule *r)
{
	const char *text;
	struct buf b;

	if (!r)
		return word(a, N_("no rule drops it"));
	buf_init(&b, 65536);
	exposure_rule_say(r, a->language, &b);
	text = arena_strdup(&a->out->arena, buf_str(&b));
	buf_done(&b);
	return text;
}

/* --- flaws ----------------------------------------------------------------------------------- */

/* The rule that tells of a flaw; the others have functions of their own. */
static const char *const flaw_ids[] = {
	[FLAW_UNREACHABLE] = "RA701",
	[FLAW_SHADOWED] = "RA702",
	[FLAW_ACCEPT_ABOVE] = "RA703",
	[FLAW_NO_LIST] = "RA704",
	[FLAW_NO_INTERFACE_LIST] = "RA704",
	[FLAW_NO_CHAIN] = "RA705",
	[FLAW_LOOP] = "RA705",
	[FLAW_INVALID] = "RA706",
	[FLAW_IPV6_OPEN] = "",
	[FLAW_LAYER2] = "",
};

static const char *say_flaw(struct audit *a, const struct exposure_flaw *f)
{
	const char *rule = say_rule(a, f->rule), *name = f->name ? f->name : "?";

	switch (f->kind) {
	case FLAW_UNREACHABLE:
		return SAY("%s and what follows it in its chain are never reached: %s above takes "
		           "every packet",
		           rule, say_rule(a, f->by));
	case FLAW_SHADOWED:
		return SAY("%s never matches: the rules above, the last of them %s, take all that "
		           "it names",
		           rule, say_rule(a, f->by));
	case FLAW_ACCEPT_ABOVE:
		return SAY("%s never drops anything: %s above accepts all that it names", rule,
		           say_rule(a, f->by));
	case FLAW_NO_LIST:
		return SAY("%s names the address list %s, which has no entry and which no rule "
		           "fills",
		           rule, name);
	case FLAW_NO_INTERFACE_LIST:
		return SAY("%s names the interface list %s, which is not there", rule, name);
	case FLAW_NO_CHAIN:
		return SAY("%s jumps to the chain %s, which has no rule", rule, name);
	case FLAW_LOOP:
		return SAY("%s jumps to the chain %s, from which the packet came: a circle", rule,
		           name);
	default:
		return SAY("the router itself marks %s as invalid", rule);
	}
}

void rule_firewall_flaw(struct audit *a, const struct rule_info *rule)
{
	const struct exposure *e = known_exposure(a);

	for (size_t i = 0; e && i < e->flaws_n; i++) {
		const struct exposure_flaw *flaw = &e->flaws[i];
		struct finding *f;

		if (strcmp(flaw_ids[flaw->kind], rule->id) != 0)
			continue;
		f = audit_raise(a, NULL, rule);
		f->declared = arena_printf(&a->out->arena, "%s: chain=%s action=%s",
		                           flaw->rule->menu, flaw->rule->chain, flaw->rule->action);
		f->evidence = say_flaw(a, flaw);
	}
}

void rule_ipv6_open(struct audit *a, const struct rule_info *rule)
{
	const struct exposure *e = known_exposure(a);

	for (size_t i = 0; e && i < e->flaws_n; i++) {
		const struct exposure_flaw *flaw = &e->flaws[i];
		struct finding *f;

		if (flaw->kind != FLAW_IPV6_OPEN)
			continue;
		f = audit_raise(a, NULL, rule);
		f->service = flaw->name;
		f->evidence = SAY("%s is served to the Internet's IPv6 addresses by interface %s, "
		                  "and to none of its IPv4 addresses",
		                  flaw->name, flaw->interface ? flaw->interface : "?");
	}
}

void rule_layer2(struct audit *a, const struct rule_info *rule)
{
	static const struct {
		const char *name, *command;
	} mends[] = {
		{"mac-server", "/tool mac-server set allowed-interface-list=none"},
		{"mac-winbox", "/tool mac-server mac-winbox set allowed-interface-list=none"},
		{"romon", "/tool romon set enabled=no"},
	};
	const struct exposure *e = known_exposure(a);

	for (size_t i = 0; e && i < e->flaws_n; i++) {
		const struct exposure_flaw *flaw = &e->flaws[i];
		struct finding *f;

		if (flaw->kind != FLAW_LAYER2)
			continue;
		f = audit_raise(a, NULL, rule);
		f->service = flaw->name;
		f->evidence =
			flaw->interface ? SAY("%s answers below IP on %s, which leads outside: "
		                              "no firewall rule sees it",
		                              flaw->name, flaw->interface)
					: SAY("%s answers below IP on its ports: no firewall "
		                              "rule sees it",
		                              flaw->name);
		for (size_t k = 0; k < sizeof(mends) / sizeof(mends[0]); k++)
			if (strcmp(mends[k].name, flaw->name) == 0)
				f->mend = mends[k].command;
	}
}

void rule_not_understood(struct audit *a, const struct rule_info *rule)
{
	const struct exposure *e = known_exposure(a);
	struct finding *f;
	struct buf list;

	if (!e || !e->gaps_n)
		return;
	buf_init(&list, 65536);
	for (size_t i = 0; i < e->gaps_n; i++)
		buf_printf(&list, "%s%s: %s %s (%zu)", i ? ", " : "", e->gaps[i].menu,
		           word(a, e->gaps[i].what), e->gaps[i].text, e->gaps[i].count);
	f = audit_raise(a, NULL, rule);
	f->evidence = SAY("what the firewall decides with these is unknown: %s", buf_str(&list));
	buf_done(&list);
}

/* --- predicted and observed ------------------------------------------------------------------ */

/* What the scan may see of a predicted end, one bit for each enum reach. What the service itself
 * does, its `address` and whether it is on, other rules judge: here the firewall is. */
#define BIT(r)   (1u << (r))
#define ANSWERED (BIT(REACH_SERVING) | BIT(REACH_SILENT) | BIT(REACH_OPEN) | BIT(REACH_REFUSED))
static const unsigned fits[EXPOSURE_OUTCOMES] = {
	/* Closed is what a port says that nobody listens on: RA201 tells it, once. */
	[EXPOSURE_SERVED] = ANSWERED | BIT(REACH_CLOSED),
	[EXPOSURE_REFUSED] = ANSWERED | BIT(REACH_CLOSED),
	[EXPOSURE_REJECTED] = BIT(REACH_CLOSED) | BIT(REACH_FILTERED),
	[EXPOSURE_DROPPED] = BIT(REACH_FILTERED),
	[EXPOSURE_TARPIT] = ANSWERED & ~BIT(REACH_SERVING),
};

/* What is foretold of a port for an address: by the interface whose network it is in, else by
 * whichever it may come in. */
struct forecast {
	const struct exposure_part *part; /* NULL: none, or interfaces differ, or it is unknown */
	bool same_rule;                   /* one rule decides at all of them */
	/* Interfaces by which it would meet different ends, or NULL. */
	const struct exposure_row *one, *other;
};

/* Before 7.19 the rows do not name the protocol; it is TCP. */
static bool is_of(const struct exposure_row *r, const struct matter *m, int family, const char *way)
{
	return r->port == m->port && r->proto == (m->proto == L4_UNKNOWN ? L4_TCP : m->proto) &&
	       r->family == family && strcmp(r->service, m->name) == 0 &&
	       !(way && r->interface && strcmp(way, r->interface) != 0);
}

static struct forecast forecast_for(const struct audit *a, const struct matter *m,
                                    const struct address *from)
{
	const struct exposure *e = known_exposure(a);
	const struct exposure_row *first = NULL;
	struct forecast f = {.same_rule = true};
	const char *way;

	if (!e)
		return (struct forecast){0};
	way = exposure_way_in(e, from);
	for (size_t i = 0; i < e->rows_n; i++) {
		const struct exposure_row *r = &e->rows[i];
		const struct exposure_part *p;

		if (!is_of(r, m, from->family, way))
			continue;
		p = exposure_part_of(r, from);
		if (!p || p->outcome == EXPOSURE_UNKNOWN || p->at.family)
			return (struct forecast){0};
		if (f.part && f.part->outcome != p->outcome)
			return (struct forecast){.one = first, .other = r};
		f.same_rule &= !f.part || f.part->rule == p->rule;
		first = first ? first : r;
		f.part = p;
	}
	return f;
}

/* For our own address. */
static struct forecast forecast(const struct audit *a, const struct matter *m)
{
	if (!a->device->seen_as_known)
		return (struct forecast){0};
	return forecast_for(a, m, &a->device->seen_as);
}

const struct exposure_part *predicted_for(const struct audit *a, const struct matter *m,
                                          const struct address *from)
{
	return forecast_for(a, m, from).part;
}

/* The rule's counter now, where somebody read it again after the scan. */
static const char *say_counter(struct audit *a, const struct exposure_rule *r)
{
	const struct menu_items *m = a->in->after && r ? device_menu(a->in->after, r->menu) : NULL;

	for (size_t i = 0; m && m->state == MENU_READ && i < m->n; i++) {
		const char *packets = item_get(&m->v[i], "packets");

		if (m->v[i].number == r->number && packets && r->packets_known)
			return SAY("its counter went from %llu to %s packets during the scan",
			           (unsigned long long)r->packets, packets);
	}
	return NULL;
}

static const char *say_prediction(struct audit *a, const struct exposure_part *p)
{
	if (p->outcome == EXPOSURE_REFUSED)
		return SAY("by the router's configuration we are %s (%s)",
		           word(a, exposure_outcome_name(p->outcome)),
		           p->why ? word(a, p->why) : "-");
	return SAY("by the router's configuration we are %s (%s)",
	           word(a, exposure_outcome_name(p->outcome)), say_rule(a, p->rule));
}

/* What a scan tells of it is its own doing, nobody else's. */
static bool is_comparable(const struct matter *m)
{
	return m->row && m->seen && !m->shared && !m->foreign && !m->beside_proxy;
}

RULE(rule_predicted)
{
	const struct exposure_part *p = is_comparable(m) ? forecast(a, m).part : NULL;
	const char *counter;
	struct finding *f;

	if (!p || !fits[p->outcome] || (fits[p->outcome] & BIT(reach_of(m->seen))))
		return;
	f = audit_raise(a, m, rule);
	counter = say_counter(a, p->rule);
	f->evidence =
		arena_printf(&a->out->arena, "%s; %s%s%s", say_prediction(a, p),
	                     say_probe(a, m->seen), counter ? "; " : "", counter ? counter : "");
}

/* Nobody knows by which interface we come in, and for these it matters. */
const char *say_not_compared(struct audit *a)
{
	const char *names = NULL, *one = NULL, *other = NULL;

	for (size_t i = 0; i < a->matters_n; i++) {
		const struct matter *m = &a->matters[i];
		struct forecast to = is_comparable(m) ? forecast(a, m) : (struct forecast){0};

		if (!to.one)
			continue;
		names = names ? arena_printf(&a->out->arena, "%s, %s", names, m->name) : m->name;
		one = to.one->interface ? to.one->interface : "?";
		other = to.other->interface ? to.other->interface : "?";
	}
	if (!names)
		return NULL;
	return SAY("what the firewall does with us was not compared with the scan (RA712), for it "
	           "depends on the router's interface that we come in by, %s or %s, and which it "
	           "is is not known: %s",
	           one, other, names);
}

const char *say_filter(struct audit *a, const struct matter *m)
{
	struct forecast to;

	if (!m->seen || m->shared || m->foreign || reach_of(m->seen) != REACH_FILTERED)
		return NULL;
	to = forecast(a, m);
	if (!to.part || !to.part->rule || !to.same_rule)
		return NULL;
	if (to.part->outcome != EXPOSURE_DROPPED && to.part->outcome != EXPOSURE_REJECTED)
		return NULL;
	return say_rule(a, to.part->rule);
}

const char *say_probe_of(struct audit *a, const struct matter *m)
{
	const char *probe = say_probe(a, m->seen), *rule = say_filter(a, m);

	return rule ? SAY("%s; filtered by %s", probe, rule) : probe;
}
