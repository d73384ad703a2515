/* Results built by hand: documentation addresses, no router behind them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/catalogue.h"
#include "tests/support/sample_results.h"
#include "tests/test.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *const sample_names[] = {"empty",       "clean",      "mixed",     "hostile",
                                    "unreachable", "incomplete", "no-policy", "interrupted",
                                    "waived",      NULL};

static const struct rule_info rules[] = {
	{.id = "RA102",
         .title = "is enabled although the policy forbids it",
         .severity = SEVERITY_HIGH,
         .meaning = "The policy forbids it, and the router has it on.",
         .why = "It is one way in too many.",
         .mend = "Turn it off.",
         .source = "Manual of the samples"},
	{.id = "RA104",
         .title = "allows more addresses than the policy",
         .severity = SEVERITY_HIGH,
         .meaning = "Its list lets in more than the policy.",
         .why = "Whoever is let in may guess.",
         .mend = "Make the list shorter.",
         .source = "Manual of the samples"},
	{.id = "RA109",
         .title = "is not named by the policy",
         .severity = SEVERITY_LOW,
         .meaning = "Nobody has decided about it.",
         .why = "What nobody decided nobody looks after.",
         .mend = "Name it, or turn it off.",
         .source = "Manual of the samples"},
	{.id = "RA202",
         .title = "is disabled, yet its port is open",
         .severity = SEVERITY_HIGH,
         .meaning = "Something answers there.",
         .why = "It is not what the router says.",
         .mend = "Find out what answers.",
         .source = "Manual of the samples"},
	{.id = "RA203",
         .title = "is open, but nothing declares it",
         .severity = SEVERITY_HIGH,
         .meaning = "No menu has this port.",
         .why = "It is a door without an owner.",
         .mend = "Find its owner.",
         .source = "Manual of the samples"},
	{.id = "RA901",
         .title = "could not be judged: not probed",
         .severity = SEVERITY_MEDIUM,
         .meaning = "There is no answer.",
         .why = "What is not known is not fine.",
         .mend = "Probe it.",
         .source = "Manual of the samples"},
};

static const struct rule_info *const rule_table[] = {&rules[0], &rules[1], &rules[2],
                                                     &rules[3], &rules[4], &rules[5]};

static struct sample *new_sample(size_t n)
{
	struct sample *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	arena_init(&s->arena);
	s->results = (struct results){.n = n,
	                              .fail_on = SEVERITY_MEDIUM,
	                              .rules = rule_table,
	                              .rules_n = COUNT(rule_table)};
	snprintf(s->results.started, sizeof(s->results.started), "2026-11-22T18:30:00Z");
	s->results.v = arena_array(&s->arena, n, sizeof(*s->results.v));
	s->targets = arena_array(&s->arena, n, sizeof(*s->targets));
	for (size_t i = 0; i < n; i++) {
		result_init(&s->results.v[i]);
		s->results.v[i].target = &s->targets[i];
	}
	return s;
}

void sample_free(struct sample *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->results.n; i++)
		result_done(&s->results.v[i]);
	arena_done(&s->arena);
	free(s);
}

static void set_findings(struct result *r, const struct finding *v, size_t n)
{
	r->findings.v = arena_array(&r->findings.arena, n, sizeof(*v));
	memcpy(r->findings.v, v, n * sizeof(*v));
	r->findings.n = n;
}

static void set_subjects(struct result *r, const struct subject *v, size_t n)
{
	struct arena *arena = &r->findings.arena;

	r->findings.subjects = arena_array(arena, n, sizeof(*v));
	memcpy(r->findings.subjects, v, n * sizeof(*v));
	r->findings.subjects_n = n;
	for (size_t i = 0; i < n; i++)
		r->findings.subjects[i].findings = arena_grow(arena, v[i].findings, v[i].findings_n,
		                                              v[i].findings_n, sizeof(size_t));
}

static void set_observations(struct result *r, const struct observation *v, size_t n)
{
	struct observations *o = &r->observations;

	o->v = arena_array(&o->arena, n, sizeof(*v));
	memcpy(o->v, v, n * sizeof(*v));
	o->n = n;
	o->scanned = true;
	o->duration_ms = 1234;
	o->started = "2026-11-22T18:30:03Z";
	assert_true(address_parse("192.0.2.1", 9, &o->target));
	assert_true(address_parse("192.0.2.10", 10, &o->source));
}

static void set_router(struct result *r, struct target *t, const char *name, const char *host)
{
	t->name = name;
	t->host = host;
	t->policy.profile = "tp";
	r->audited = true;
	r->duration_ms = 4321;
	snprintf(r->started, sizeof(r->started), "2026-11-22T18:30:01Z");
	snprintf(r->address, sizeof(r->address), "192.0.2.1");
	r->device.version_text = "7.18.2 (stable)";
	r->device.board = "CHR";
	r->device.identity = "lab-r1";
	r->device.read_as = "ssh: get";
	r->device.static_complete = TRI_YES;
	r->device.listeners_complete = TRI_NO;
	r->device.seen_as_known = true;
	assert_true(address_parse("192.0.2.10", 10, &r->device.seen_as));
}

static void add_service(struct result *r, const char *name, int port, enum tri disabled)
{
	struct service s;

	service_init(&s);
	s.name = name;
	s.port = port;
	s.disabled = disabled;
	s.address_known = true;
	s.vrf = "main";
	s.max_sessions = 20;
	device_add_service(&r->device, &s);
}

static void make_clean(struct result *r, struct target *t)
{
	static const struct subject subjects[] = {
		{.name = "ftp",
	         .port = 21,
	         .proto = L4_TCP,
	         .listed = true,
	         .expected = "enabled",
	         .declared = "enabled",
	         .reachable = "open, serving",
	         .verdict = VERDICT_PASS},
		{.name = "ssh",
	         .port = 22,
	         .proto = L4_TCP,
	         .listed = true,
	         .expected = "enabled",
	         .declared = "enabled",
	         .reachable = "open, serving",
	         .verdict = VERDICT_PASS},
		{.name = "www-ssl",
	         .port = 443,
	         .proto = L4_TCP,
	         .listed = true,
	         .expected = "disabled",
	         .declared = "disabled",
	         .reachable = "closed",
	         .verdict = VERDICT_PASS},
	};
	static const struct observation observations[] = {
		{.port = 21,
	         .probed_port = 21,
	         .state = PORT_OPEN,
	         .reason = "syn-ack",
	         .serve = SERVE_SERVING,
	         .app = APP_FTP,
	         .banner = "220 lab-r1 FTP server ready",
	         .banner_n = 27,
	         .tries = 1,
	         .rtt_us = 412},
		{.port = 22,
	         .probed_port = 22,
	         .state = PORT_OPEN,
	         .reason = "login",
	         .serve = SERVE_SERVING,
	         .app = APP_SSH,
	         .rtt_us = -1},
		{.port = 443,
	         .probed_port = 443,
	         .state = PORT_CLOSED,
	         .reason = "conn-refused",
	         .tries = 1,
	         .rtt_us = 390},
	};

	set_router(r, t, "r1", "192.0.2.1");
	add_service(r, "ftp", 21, TRI_NO);
	add_service(r, "ssh", 22, TRI_NO);
	add_service(r, "www-ssl", 443, TRI_YES);
	set_subjects(r, subjects, COUNT(subjects));
	set_observations(r, observations, COUNT(observations));
}

static const struct finding mixed_findings[] = {
	{.rule = &rules[0],
         .severity = SEVERITY_CRITICAL,
         .service = "telnet",
         .port = 23,
         .proto = L4_TCP,
         .expected = "disabled",
         .declared = "enabled",
         .reachable = "open, serving (telnet)",
         .evidence = "/ip service says disabled=no, and port 23 answered as telnet",
         .mend = "/ip service set telnet disabled=yes",
         .origin = {"lab.yaml", 12, 16}},
	{.rule = &rules[1],
         .severity = SEVERITY_HIGH,
         .service = "ssh",
         .port = 22,
         .proto = L4_TCP,
         .expected = "within 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/64",
         .declared = "unrestricted",
         .reachable = "open, serving (ssh)",
         .evidence = "every address may connect; the policy allows four prefixes only",
         .mend = "/ip service set ssh address=192.0.2.0/24,198.51.100.0/24,203.0.113.0/24,"
                 "2001:db8::/64",
         .origin = {"lab.yaml", 14, 15}},
	{.rule = &rules[3],
         .severity = SEVERITY_HIGH,
         .service = "telnet",
         .port = 23,
         .proto = L4_TCP,
         .expected = "disabled",
         .declared = "enabled",
         .reachable = "open, serving (telnet)",
         .evidence = "a second one for the same port"},
	{.rule = &rules[5],
         .severity = SEVERITY_MEDIUM,
         .service = "www-ssl",
         .port = 443,
         .proto = L4_TCP,
         .expected = "reachable",
         .declared = "enabled",
         .reachable = "unknown (not-mapped)",
         .evidence = "the port-map of this router has no entry for port 443",
         .origin = {"lab.yaml", 20, 9},
         .undecided = true},
	{.rule = &rules[2],
         .severity = SEVERITY_LOW,
         .service = "www",
         .port = 80,
         .proto = L4_TCP,
         .declared = "enabled",
         .reachable = "open, serving (http)",
         .evidence = "enabled on port 80",
         .mend = "/ip service set www disabled=yes",
         .origin = {"lab.yaml", 3, 1}},
	{.rule = &rules[4],
         .severity = SEVERITY_INFO,
         .port = 2000,
         .proto = L4_TCP,
         .reachable = "open, serving (btest)",
         .evidence = "the bandwidth server greeted us"},
};

static size_t of_ssh[] = {1}, of_telnet[] = {0, 2}, of_www[] = {4}, of_www_ssl[] = {3},
	      of_2000[] = {5};

static const struct subject mixed_subjects[] = {
	{.name = "ftp",
         .port = 21,
         .proto = L4_TCP,
         .listed = true,
         .expected = "disabled",
         .declared = "disabled",
         .reachable = "closed",
         .verdict = VERDICT_PASS},
	{.name = "ssh",
         .port = 22,
         .proto = L4_TCP,
         .listed = true,
         .expected = "enabled, within 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, "
                     "2001:db8::/64",
         .declared = "enabled, unrestricted",
         .reachable = "open, serving (ssh)",
         .verdict = VERDICT_FINDING,
         .worst = SEVERITY_HIGH,
         .findings = of_ssh,
         .findings_n = 1},
	{.name = "telnet",
         .port = 23,
         .proto = L4_TCP,
         .listed = true,
         .expected = "disabled",
         .declared = "enabled",
         .reachable = "open, serving (telnet)",
         .verdict = VERDICT_FINDING,
         .worst = SEVERITY_CRITICAL,
         .findings = of_telnet,
         .findings_n = 2},
	{.name = "dns",
         .port = 53,
         .proto = L4_UDP,
         .expected = "-",
         .declared = "listening",
         .reachable = "-",
         .verdict = VERDICT_NONE},
	{.name = "www",
         .port = 80,
         .proto = L4_TCP,
         .expected = "-",
         .declared = "enabled",
         .reachable = "open, serving (http)",
         .verdict = VERDICT_FINDING,
         .worst = SEVERITY_LOW,
         .findings = of_www,
         .findings_n = 1},
	{.name = "www-ssl",
         .port = 443,
         .proto = L4_TCP,
         .listed = true,
         .expected = "enabled, reachable",
         .declared = "enabled",
         .reachable = "unknown (not-mapped)",
         .verdict = VERDICT_UNKNOWN,
         .findings = of_www_ssl,
         .findings_n = 1},
	{.name = "2000",
         .port = 2000,
         .proto = L4_TCP,
         .expected = "-",
         .declared = "-",
         .reachable = "open, serving (btest)",
         .verdict = VERDICT_FINDING,
         .worst = SEVERITY_INFO,
         .findings = of_2000,
         .findings_n = 1},
};

static void make_mixed(struct result *r, struct target *t)
{
	static const struct observation observations[] = {
		{.port = 21,
	         .probed_port = 21,
	         .state = PORT_CLOSED,
	         .reason = "conn-refused",
	         .tries = 1,
	         .rtt_us = 390},
		{.port = 22,
	         .probed_port = 2222,
	         .state = PORT_OPEN,
	         .reason = "syn-ack",
	         .serve = SERVE_REFUSED,
	         .close = "rst",
	         .tries = 1,
	         .rtt_us = 401},
		{.port = 443, .state = PORT_UNKNOWN, .reason = "not-mapped", .rtt_us = -1},
		{.port = 8291,
	         .probed_port = 8291,
	         .state = PORT_FILTERED,
	         .reason = "no-response",
	         .tries = 3,
	         .rtt_us = -1},
	};

	set_router(r, t, "gateway-of-the-lab", "gw.example.net");
	add_service(r, "ssh", 22, TRI_NO);
	add_service(r, "telnet", 23, TRI_NO);
	device_add_note(&r->device, "column SPEED of /ip service is not known to this version");
	set_findings(r, mixed_findings, COUNT(mixed_findings));
	set_subjects(r, mixed_subjects, COUNT(mixed_subjects));
	set_observations(r, observations, COUNT(observations));
}

#define EVIL "\033[2J\033]0;owned\007\r\n\xff\xfe \"quoted\" 'single' =cmd|' /C calc'!A0 <b>&amp;"
#define BIDI                                                                                       \
	"\xe2\x80\xae"                                                                             \
	"txt.exe\xc2\x9b"                                                                          \
	"31m"
#define LONG                                                                                       \
	"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"                          \
	"abcdefghijklmnopqrstuvwxyz"

static void make_hostile(struct result *r, struct target *t)
{
	static const struct finding findings[] = {
		{.rule = &rules[4],
	         .severity = SEVERITY_HIGH,
	         .service = EVIL,
	         .port = 8080,
	         .proto = L4_TCP,
	         .expected = LONG LONG LONG LONG,
	         .declared = BIDI,
	         .reachable = "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97",
	         .evidence = EVIL LONG,
	         .mend = "/ip service set \"" EVIL "\" disabled=yes " LONG,
	         .origin = {"dir\033[1m/lab.yaml", 1, 1}},
	};
	static size_t first[] = {0};
	static const struct subject subjects[] = {
		{.name = EVIL,
	         .port = 8080,
	         .proto = L4_TCP,
	         .expected = LONG LONG LONG LONG,
	         .declared = BIDI,
	         .reachable = "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97",
	         .verdict = VERDICT_FINDING,
	         .worst = SEVERITY_HIGH,
	         .findings = first,
	         .findings_n = 1},
	};
	static const struct observation observations[] = {
		{.port = 8080,
	         .probed_port = 8080,
	         .state = PORT_OPEN,
	         .reason = "syn-ack",
	         .serve = SERVE_SERVING,
	         .app = APP_OTHER,
	         .banner = "\x01\x00\xff" EVIL "\x7f",
	         .banner_n = sizeof("\x01\x00\xff" EVIL "\x7f") - 1,
	         .tries = 1,
	         .rtt_us = 5},
	};
	static struct service_extra extra[] = {{"we\033ird", EVIL}, {"we\033ird", "again"}};

	set_router(r, t, EVIL, LONG ".example.net");
	r->device.identity = BIDI;
	r->device.board = EVIL;
	r->device.version_text = "7.99\033[31m";
	add_service(r, EVIL, 8080, TRI_UNKNOWN);
	r->device.services[0].extra = extra;
	r->device.services[0].extra_n = COUNT(extra);
	r->device.services[0].about = BIDI;
	device_add_note(&r->device, "%s", EVIL);
	set_findings(r, findings, COUNT(findings));
	set_subjects(r, subjects, COUNT(subjects));
	set_observations(r, observations, COUNT(observations));
}

static void make_unreachable(struct result *r, struct target *t)
{
	set_router(r, t, "r3", "192.0.2.3");
	device_done(&r->device);
	device_init(&r->device);
	r->audited = false;
	r->address[0] = '\0';
	error_set(&r->error, ERROR_NETWORK, "192.0.2.3 port 22: connection refused");
	error_hint(&r->error, "Is the ssh service enabled there, and on this port?\n"
	                      "On the router: /ip service print");
}

/* The login worked and the router was read, but REST of `both` was not. */
static void make_incomplete(struct result *r, struct target *t)
{
	make_clean(r, t);
	t->name = "r4";
	t->transport = TRANSPORT_BOTH;
	r->device.static_complete = TRI_UNKNOWN;
	r->device.seen_as_known = false;
	r->observations.scanned = false;
	r->observations.n = 0;
	error_set_at(&r->error, ERROR_PARSE, "answer of r4", 3, 14,
	             "not understood near 'XQ  telnet'");
}

/* One service with a waived finding of two, one with nothing else, and an undecided one waived. */
static void make_waived(struct result *r, struct target *t)
{
	static const char reason[] = "Exercise 4 needs it until the end of term; see ticket 812.";

	make_mixed(r, t);
	for (size_t i = 0; i < r->findings.n; i++) {
		struct finding *f = &r->findings.v[i];

		f->waived = strcmp(f->rule->id, "RA202") != 0 && f->severity > SEVERITY_LOW;
		f->waiver = f->waived ? reason : NULL;
	}
}

static void make_no_policy(struct result *r, struct target *t)
{
	make_clean(r, t);
	t->policy.profile = NULL;
	for (size_t i = 0; i < r->findings.subjects_n; i++)
		r->findings.subjects[i].expected = "-";
}

static void make_interrupted(struct result *r, struct target *t)
{
	make_unreachable(r, t);
	error_clear(&r->error);
	error_set(&r->error, ERROR_INTERRUPTED, "interrupted before the login");
}

struct sample *sample_new(const char *name)
{
	static const struct {
		const char *name;
		void (*make)(struct result *r, struct target *t);
	} makers[] = {
		{"clean", make_clean},
		{"mixed", make_mixed},
		{"hostile", make_hostile},
		{"unreachable", make_unreachable},
		{"incomplete", make_incomplete},
		{"no-policy", make_no_policy},
		{"interrupted", make_interrupted},
		{"waived", make_waived},
	};
	struct sample *s;

	if (strcmp(name, "empty") == 0)
		return new_sample(0);
	s = new_sample(1);
	s->results.interrupted = strcmp(name, "interrupted") == 0;
	for (size_t i = 0; i < COUNT(makers); i++)
		if (strcmp(makers[i].name, name) == 0)
			makers[i].make(&s->results.v[0], &s->targets[0]);
	assert_non_null(s->targets[0].name);
	return s;
}

struct sample *sample_many(size_t n)
{
	static void (*const makers[])(struct result *, struct target *) = {make_clean, make_mixed,
	                                                                   make_unreachable};
	struct sample *s = new_sample(n);

	for (size_t i = 0; i < n; i++) {
		makers[i % COUNT(makers)](&s->results.v[i], &s->targets[i]);
		s->targets[i].name = arena_printf(&s->arena, "r%zu", i + 1);
		s->targets[i].host = arena_printf(&s->arena, "192.0.2.%zu", i + 1);
		snprintf(s->results.v[i].address, sizeof(s->results.v[i].address), "%s",
		         s->targets[i].host);
	}
	return s;
}

/* Random pieces: words, blanks, commas, raw bytes, wide characters; sometimes nothing. */
static const char *random_text(struct arena *arena, unsigned *seed)
{
	static const char *const pieces[] = {
		"a",    "Zebra",        " ",        "  ",  ",",     ", ", "\n",          "\033[1m",
		"\xff", "\xe6\xbc\xa2", "\xcc\x81", "/24", "[...]", "\\", "\xe2\x80\xae"};
	int n = rand_r(seed) % 5 == 0 ? rand_r(seed) % 400 : rand_r(seed) % 12;
	const char *text = "";

	for (int i = 0; i < n; i++)
		text = arena_printf(arena, "%s%s", text,
		                    pieces[(size_t)rand_r(seed) % COUNT(pieces)]);
	return text;
}

static void random_finding(struct arena *a, unsigned *seed, struct finding *f)
{
	*f = (struct finding){
		.rule = &rules[(size_t)rand_r(seed) % COUNT(rules)],
		.severity = (enum severity)(rand_r(seed) % 5),
		.service = random_text(a, seed),
		.port = rand_r(seed) % 65537 - 1,
		.expected = random_text(a, seed),
		.declared = random_text(a, seed),
		.reachable = random_text(a, seed),
		.evidence = random_text(a, seed),
		.mend = random_text(a, seed),
		.origin = {random_text(a, seed), 1, 1},
		.undecided = rand_r(seed) % 4 == 0,
	};
}

static void random_subject(struct arena *a, unsigned *seed, struct subject *s)
{
	*s = (struct subject){
		.name = random_text(a, seed),
		.port = rand_r(seed) % 65537 - 1,
		.proto = (enum transport_proto)(rand_r(seed) % 3),
		.expected = random_text(a, seed),
		.declared = random_text(a, seed),
		.reachable = random_text(a, seed),
		.verdict = (enum verdict)(rand_r(seed) % 4),
		.worst = (enum severity)(rand_r(seed) % 5),
	};
}

struct sample *sample_random(unsigned seed)
{
	struct sample *s = new_sample(1);
	struct result *r = &s->results.v[0];
	struct finding findings[4];
	struct subject subjects[5];

	set_router(r, s->targets, random_text(&s->arena, &seed), random_text(&s->arena, &seed));
	r->device.board = random_text(&s->arena, &seed);
	r->device.identity = random_text(&s->arena, &seed);
	device_add_note(&r->device, "%s", random_text(&s->arena, &seed));
	for (size_t i = 0; i < COUNT(findings); i++)
		random_finding(&s->arena, &seed, &findings[i]);
	for (size_t i = 0; i < COUNT(subjects); i++)
		random_subject(&s->arena, &seed, &subjects[i]);
	set_findings(r, findings, COUNT(findings));
	set_subjects(r, subjects, COUNT(subjects));
	error_set(&r->error, ERROR_REMOTE, "%s", random_text(&s->arena, &seed));
	error_hint(&r->error, "%s", random_text(&s->arena, &seed));
	r->audited = rand_r(&seed) % 3 > 0;
	return s;
}
