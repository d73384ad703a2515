/* Policy x prediction: `exposure:` against what the router's firewall lets through. */
#include <string.h>

#include "audit_private.h"

/* Ranges of one set, and lines of one finding, that are told. */
#define RANGES_SHOWN 4u
#define LINES_SHOWN  4u

/* Sources, and the interfaces by which they come in and meet the same end. */
struct line {
	int family;
	const char *sources, *interfaces, *reason;
};

/* What one finding tells of one service and port. */
struct breach {
	const struct exposure_row *row; /* the first */
	struct line v[LINES_SHOWN];
	size_t lines; /* of which no more than LINES_SHOWN are kept */
};

static struct addrset set_of_name(const struct audit *a, const char *name, int family,
                                  struct arena *arena)
{
	const struct exposure *e = a->in->exposure;
	const struct named_prefixes *own;

	if (strcmp(name, "internet") == 0)
		return addrset_internet(family, arena);
	if (strcmp(name, "rfc1918") == 0)
		return addrset_rfc1918(family, arena);
	if (strcmp(name, "lan") == 0)
		return family == 4 ? e->lan4 : e->lan6;
	own = policy_find_prefixes(a->policy, name);
	return own ? addrset_of_prefixes(family, own->v, own->n, arena) : addrset_empty(family);
}

static struct addrset set_of(const struct audit *a, const struct source_set *s, int family,
                             struct arena *arena)
{
	struct addrset all = addrset_of_prefixes(family, s->v, s->n, arena);

	for (size_t i = 0; i < s->names_n; i++) {
		struct addrset one = set_of_name(a, s->names[i], family, arena);

		all = addrset_union(&all, &one, arena);
	}
	return all;
}

/* The sources of the family that must not be served. */
static struct addrset banned(const struct audit *a, const struct expect_service *want, int family,
                             struct arena *arena)
{
	struct addrset out = addrset_empty(family), set;

	if (want->from_at.file) {
		set = set_of(a, &want->from, family, arena);
		out = addrset_complement(&set, arena);
	}
	if (want->not_from_at.file) {
		set = set_of(a, &want->not_from, family, arena);
		out = addrset_union(&out, &set, arena);
	}
	return out;
}

static bool names_lan(const struct source_set *s)
{
	for (size_t i = 0; i < s->names_n; i++)
		if (strcmp(s->names[i], "lan") == 0)
			return true;
	return false;
}

/* "from lan; not from internet" */
static const char *say_wish(struct audit *a, const struct expect_service *want)
{
	const char *text = NULL;
	struct buf b;

	buf_init(&b, 1u << 20);
	source_set_format(&want->from, &b);
	if (want->from_at.file)
		text = SAY("from %s alone", buf_str(&b));
	buf_clear(&b);
	source_set_format(&want->not_from, &b);
	if (want->not_from_at.file && text)
		text = SAY("%s; not from %s", text, buf_str(&b));
	else if (want->not_from_at.file)
		text = SAY("not from %s", buf_str(&b));
	buf_done(&b);
	return text;
}

/* The matter of the port, or of the name. */
static const struct matter *matter_of(const struct audit *a, const char *name, int port)
{
	const struct matter *found = NULL;

	for (size_t i = 0; i < a->matters_n; i++) {
		if (strcmp(a->matters[i].name, name) != 0)
			continue;
		if (a->matters[i].port == port)
			return &a->matters[i];
		found = found ? found : &a->matters[i];
	}
	return found;
}

static struct finding *raise(struct audit *a, const struct expect_service *want, const char *name,
                             int port, const struct rule_info *rule)
{
	struct finding *f = audit_raise(a, matter_of(a, name, port), rule);

	f->service = name;
	f->expected = say_wish(a, want);
	f->origin = want->from_at.file ? want->from_at : want->not_from_at;
	f->title = want->remark.title;
	f->why = want->remark.why;
	f->link = want->remark.link;
	f->severity = want->remark.severity_at.file ? (enum severity)want->remark.severity
	                                            : rule->severity;
	return f;
}

/* Is it certain that the part's sources are served (YES), or only possible (UNKNOWN)? */
static enum tri is_served(const struct exposure_row *r, const struct exposure_part *p)
{
	if (r->listening == TRI_NO || !(p->possible & 1u << EXPOSURE_SERVED))
		return TRI_NO;
	return p->outcome == EXPOSURE_SERVED && r->listening == TRI_YES ? TRI_YES : TRI_UNKNOWN;
}

static const char *say_reason(struct audit *a, const struct exposure_part *p)
{
	struct buf b;
	const char *text;

	if (p->outcome != EXPOSURE_UNKNOWN || !p->why)
		return say_rule(a, p->rule);
	if (!p->rule)
		return word(a, p->why);
	buf_init(&b, 65536);
	buf_printf(&b, "%s: %s", say_rule(a, p->rule), word(a, p->why));
	text = arena_strdup(&a->out->arena, buf_str(&b));
	buf_done(&b);
	return text;
}

static const char *say_sources(struct audit *a, const struct addrset *from)
{
	const char *text;
	struct buf b;

	buf_init(&b, 1u << 20);
	addrset_say(from, a->language, RANGES_SHOWN, &b);
	text = arena_strdup(&a->out->arena, buf_str(&b));
	buf_done(&b);
	return text;
}

static void add_line(struct audit *a, struct breach *b, const struct exposure_row *r,
                     const struct exposure_part *p, const struct addrset *from)
{
	const char *interface = r->interface ? r->interface : "?";
	struct line line = {r->family, say_sources(a, from), interface, say_reason(a, p)};

	b->row = b->row ? b->row : r;
	for (size_t i = 0; i < b->lines && i < LINES_SHOWN; i++) {
		struct line *same = &b->v[i];

		if (same->family != line.family || strcmp(same->sources, line.sources) != 0 ||
		    strcmp(same->reason, line.reason) != 0)
			continue;
		same->interfaces =
			arena_printf(&a->out->arena, "%s, %s", same->interfaces, interface);
		return;
	}
	if (b->lines < LINES_SHOWN)
		b->v[b->lines] = line;
	b->lines++;
}

static bool is_same_port(const struct exposure_row *a, const struct exposure_row *b)
{
	return strcmp(a->service, b->service) == 0 && a->port == b->port && a->proto == b->proto;
}

/* All that is (or, for UNKNOWN, may be) served of one service's port against the wish. */
static void collect(struct audit *a, const struct expect_service *want,
                    const struct exposure_row *first, enum tri served, struct breach *out)
{
	const struct exposure *e = a->in->exposure;
	struct arena arena;

	arena_init(&arena);
	*out = (struct breach){0};
	for (int family = 4; family <= 6; family += 2) {
		struct addrset ban = banned(a, want, family, &arena);

		for (size_t i = 0; i < e->rows_n; i++) {
			const struct exposure_row *r = &e->rows[i];

			if (r->family != family || !is_same_port(r, first))
				continue;
			for (size_t k = 0; k < r->n; k++) {
				struct addrset from;

				if (is_served(r, &r->parts[k]) != served)
					continue;
				from = addrset_intersection(&r->parts[k].from, &ban, &arena);
				/* "everyone" says more than the Internet's many ranges. */
				if (addrset_is_all(&r->parts[k].from) && from.n)
					from = r->parts[k].from;
				if (from.n)
					add_line(a, out, r, &r->parts[k], &from);
			}
		}
	}
	arena_done(&arena);
}

/* "everyone via ether1, bridge (no rule drops it); IPv6: …" */
static const char *say_lines(struct audit *a, const struct breach *b)
{
	const char *text = NULL;

	for (size_t i = 0; i < b->lines && i < LINES_SHOWN; i++) {
		const struct line *l = &b->v[i];
		const char *one = SAY("%s via %s (%s)", l->sources, l->interfaces, l->reason);

		text = arena_printf(&a->out->arena, "%s%s%s%s", text ? text : "", text ? "; " : "",
		                    l->family == 6 ? "IPv6 " : "", one);
	}
	if (b->lines <= LINES_SHOWN)
		return text;
	return SAY("%s; and %zu more", text, b->lines - LINES_SHOWN);
}

/* Is the row the first of its service and port, and what does the policy say of it? */
static const struct expect_service *wish_for(const struct audit *a, size_t i)
{
	const struct exposure *e = a->in->exposure;
	const struct expect_service *want = policy_find_exposure(a->policy, e->rows[i].service);

	for (size_t k = 0; want && k < i; k++)
		if (is_same_port(&e->rows[k], &e->rows[i]))
			return NULL;
	return want;
}

static bool needs_lan(const struct audit *a, const struct expect_service *want)
{
	return !a->in->exposure->lan_known &&
	       (names_lan(&want->from) || names_lan(&want->not_from));
}

void rule_exposed(struct audit *a, const struct rule_info *rule)
{
	const struct exposure *e = known_exposure(a);

	for (size_t i = 0; a->policy->exposure_n && e && i < e->rows_n; i++) {
		const struct expect_service *want = wish_for(a, i);
		struct breach b;

		if (!want || needs_lan(a, want))
			continue;
		collect(a, want, &e->rows[i], TRI_YES, &b);
		if (b.lines) {
			struct finding *f = raise(a, want, b.row->service, b.row->port, rule);

			f->port = b.row->port;
			f->proto = b.row->proto;
			f->evidence = SAY("%s is served to %s", b.row->service, say_lines(a, &b));
		}
	}
}

static void raise_open(struct audit *a, const struct expect_service *want, const char *name,
                       const struct exposure_row *row, const struct rule_info *rule,
                       const char *evidence)
{
	struct finding *f = raise(a, want, name, row ? row->port : -1, rule);

	f->undecided = true;
	if (row) {
		f->port = row->port;
		f->proto = row->proto;
	}
	f->evidence = evidence;
}

/* A service that the policy names, and of which the prediction has no port at all. */
static void judge_absent(struct audit *a, const struct rule_info *rule)
{
	const struct exposure *e = a->in->exposure;

	for (size_t i = 0; i < a->policy->exposure_n; i++) {
		const struct expect_service *want = &a->policy->exposure[i];
		bool found = strcmp(want->name, "*") == 0 || opened_named(a, want->name) == TRI_NO;

		for (size_t k = 0; k < e->rows_n && !found; k++)
			found = strcmp(e->rows[k].service, want->name) == 0;
		if (!found)
			raise_open(a, want, want->name, NULL, rule,
			           SAY("no port of %s is known that the firewall would decide on",
			               want->name));
	}
}

static void judge_unread(struct audit *a, const struct rule_info *rule)
{
	const struct exposure *e = a->in->exposure;

	for (size_t i = 0; i < a->policy->exposure_n; i++) {
		const struct expect_service *want = &a->policy->exposure[i];

		raise_open(a, want, want->name, NULL, rule,
		           SAY("who can reach it is not known: %s",
		               word(a, e && e->unknown_why ? e->unknown_why
		                                           : N_("the firewall was not read"))));
	}
}

void rule_exposed_unknown(struct audit *a, const struct rule_info *rule)
{
	const struct exposure *e = known_exposure(a);

	if (!a->policy->exposure_n)
		return;
	if (!e) {
		judge_unread(a, rule);
		return;
	}
	judge_absent(a, rule);
	for (size_t i = 0; i < e->rows_n; i++) {
		const struct expect_service *want = wish_for(a, i);
		const struct exposure_row *row = &e->rows[i];
		struct breach b;

		if (!want || row->listening == TRI_NO)
			continue;
		if (needs_lan(a, want)) {
			raise_open(a, want, row->service, row, rule,
			           word(a, N_("the router's own networks are not known, so `lan` "
			                      "has no meaning")));
			continue;
		}
		collect(a, want, row, TRI_UNKNOWN, &b);
		if (b.lines)
			raise_open(a, want, row->service, row, rule,
			           SAY("%s may be served to %s", row->service, say_lines(a, &b)));
	}
}
