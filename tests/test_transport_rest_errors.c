/* Every sentence of REST, provoked by a peer: one row, one golden file. */
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "rosaudit/clock.h"
#include "src/transport/rest.h"
#include "tests/support/rest_talk.h"
#include "tests/test.h"

static void no_ca(struct rest_try *t)
{
	t->target.ca = NULL;
}

static void wrong_pin(struct rest_try *t)
{
	t->target.pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
}

static void as_https(struct rest_try *t)
{
	t->target.rest_plain = false;
}

static void as_http(struct rest_try *t)
{
	t->target.rest_plain = true;
}

static void missing_ca(struct rest_try *t)
{
	t->target.ca = "tests/no-such-ca.pem";
}

static void hurry(struct rest_try *t)
{
	t->target.connect_timeout_ms = t->target.command_timeout_ms = 300;
}

static void hurry_overall(struct rest_try *t)
{
	t->deadline_ms = clock_ms() + 300;
}

static void too_late(struct rest_try *t)
{
	assert_true(address_parse("127.0.0.1", 9, &t->pinned));
	t->deadline_ms = clock_ms() + 1;
	while (clock_ms() <= t->deadline_ms)
		sched_yield();
}

static void stopped(struct rest_try *t)
{
	program_stop(&t->peer);
}

static void stopped_https(struct rest_try *t)
{
	program_stop(&t->peer);
	t->target.rest_plain = false;
}

static void empty_password(struct rest_try *t)
{
	t->target.password = (struct secret_spec){.source = SECRET_EMPTY};
}

static void no_password(struct rest_try *t)
{
	t->target.password = (struct secret_spec){.source = SECRET_NONE};
}

static void colon_user(struct rest_try *t)
{
	t->target.user = "au:dit";
}

static void no_user(struct rest_try *t)
{
	t->target.user = NULL;
}

static void bad_pin(struct rest_try *t)
{
	t->target.pin = "sha256//short";
}

static void bad_host(struct rest_try *t)
{
	t->target.host = "r1/../x@192.0.2.1";
	assert_true(address_parse("127.0.0.1", 9, &t->pinned));
}

static const struct wrong {
	const char *name; /* of the golden file, and of the test */
	const char *options;
	enum error_kind kind;
	void (*change)(struct rest_try *t); /* NULL: nothing */
	bool later;                         /* at the first fetch, after a good open */
} wrongs[] = {
	{"unauthorized", "--user audit --password other", .kind = ERROR_AUTH},
	{"unauthorized-empty", "--user audit --password x", .kind = ERROR_AUTH,
         .change = empty_password},
	{"forbidden-secure", "--tls --fault forbidden", .kind = ERROR_REMOTE},
	{"forbidden-plain", "--fault forbidden", .kind = ERROR_REMOTE},
	{"forbidden-json", "--fault forbidden-json", .kind = ERROR_REMOTE},
	{"page-404", "--tls --fault page-404", .kind = ERROR_REMOTE},
	{"json-404", "--fault json-404", .kind = ERROR_REMOTE},
	{"page-404-later", "--from 2 --fault page-404", .kind = ERROR_REMOTE, .later = true},
	{"session-closed", "--from 2 --fault session-closed", .kind = ERROR_TIMEOUT, .later = true},
	{"bad-request", "--from 2 --fault bad-request", .kind = ERROR_REMOTE, .later = true},
	{"permissions", "--from 2 --fault permissions", .kind = ERROR_REMOTE, .later = true},
	{"not-allowed", "--fault not-allowed", .kind = ERROR_REMOTE},
	{"server-error", "--fault server-error", .kind = ERROR_REMOTE},
	{"unsupported", "--fault unsupported", .kind = ERROR_REMOTE},
	{"not-implemented", "--fault not-implemented", .kind = ERROR_REMOTE},
	{"redirect", "--fault redirect", .kind = ERROR_REMOTE},
	{"page", "--fault page", .kind = ERROR_PARSE},
	{"empty", "--fault empty", .kind = ERROR_PARSE},
	{"fin-https", "--tls --fault fin", .kind = ERROR_NETWORK},
	{"rst-https", "--tls --fault rst", .kind = ERROR_NETWORK},
	{"fin-http", "--fault fin", .kind = ERROR_NETWORK},
	{"rst-http", "--fault rst", .kind = ERROR_NETWORK},
	{"fin-request", "--fault fin-request", .kind = ERROR_NETWORK},
	{"rst-request", "--tls --fault rst-request", .kind = ERROR_NETWORK},
	{"rst-later", "--from 2 --close --fault rst-request", .kind = ERROR_NETWORK, .later = true},
	{"half-hello", "--tls --fault half-hello", .kind = ERROR_NETWORK},
	{"no-cert", "--no-cert", .kind = ERROR_NETWORK},
	{"old-tls", "--tls --tls-max 1", .kind = ERROR_NETWORK},
	{"http-on-https", "", .kind = ERROR_NETWORK, .change = as_https},
	{"http-answers-tls", "--fault http-400", .kind = ERROR_NETWORK, .change = as_https},
	{"ssh-on-https", "--tls --fault ssh", .kind = ERROR_NETWORK},
	{"ssh-on-http", "--fault ssh", .kind = ERROR_NETWORK},
	{"https-on-http", "--tls", .kind = ERROR_NETWORK, .change = as_http},
	{"https-alert-on-http", "--fault tls-alert", .kind = ERROR_NETWORK},
	{"self-signed", "--tls", .kind = ERROR_TRUST, .change = no_ca},
	{"expired", "--tls --cert expired", .kind = ERROR_TRUST},
	{"not-yet", "--tls --cert future", .kind = ERROR_TRUST},
	{"other-name", "--tls --cert other-name", .kind = ERROR_TRUST},
	{"wrong-pin", "--tls", .kind = ERROR_TRUST, .change = wrong_pin},
	{"missing-ca", "--tls", .kind = ERROR_CONFIG, .change = missing_ca},
	{"silent-tls", "--tls --fault silent", .kind = ERROR_TIMEOUT, .change = hurry},
	{"silent-http", "--fault silent", .kind = ERROR_TIMEOUT, .change = hurry},
	{"stall", "--tls --fault stall", .kind = ERROR_TIMEOUT, .change = hurry},
	{"half", "--fault half", .kind = ERROR_TIMEOUT, .change = hurry},
	{"deadline", "--fault stall", .kind = ERROR_TIMEOUT, .change = hurry_overall},
	{"deadline-tls", "--tls --fault silent", .kind = ERROR_TIMEOUT, .change = hurry_overall},
	{"too-late", "", .kind = ERROR_TIMEOUT, .change = too_late},
	{"cut", "--fault cut", .kind = ERROR_NETWORK},
	{"cut-tls", "--tls --fault cut", .kind = ERROR_NETWORK},
	{"endless", "--fault endless", .kind = ERROR_LIMIT},
	{"headers", "--fault headers", .kind = ERROR_LIMIT},
	{"refused-https", "", .kind = ERROR_NETWORK, .change = stopped_https},
	{"refused-http", "", .kind = ERROR_NETWORK, .change = stopped},
	{"no-password", "", .kind = ERROR_CONFIG, .change = no_password},
	{"colon-user", "", .kind = ERROR_CONFIG, .change = colon_user},
	{"no-user", "", .kind = ERROR_CONFIG, .change = no_user},
	{"bad-pin", "--tls", .kind = ERROR_CONFIG, .change = bad_pin},
	{"bad-host", "", .kind = ERROR_CONFIG, .change = bad_host},
};

#define WRONGS (sizeof(wrongs) / sizeof(wrongs[0]))

static void test_sentence(void **state)
{
	const struct wrong *w = *state;
	struct rest_try t;

	rest_init(&t);
	rest_serve(&t, w->options);
	if (w->change)
		w->change(&t);
	assert_int_equal(rest_open(&t), w->later ? 0 : -1);
	if (w->later)
		assert_int_equal(rest_fetch(&t, "ip/service"), -1);
	rest_assert_error(&t, w->name);
	assert_int_equal(t.err.kind, w->kind);
	rest_done(&t);
}

/* What no peer here provokes on every machine: OpenSSL's own words, an authority of its own. */
static void test_sentences_of_rare_faults(void **state)
{
	static const struct {
		enum rest_fault fault;
		struct rest_tls_look look;
		enum error_kind kind;
		const char *text;
	} cases[] = {
		{REST_FAULT_TLS,
	         {.first_n = 5, .refused = true},
	         ERROR_NETWORK,
	         "the TLS handshake with 192.0.2.1 port 443 failed: words of the library"},
		{REST_FAULT_OTHER,
	         {.first_n = 0},
	         ERROR_NETWORK,
	         "GET /rest/ip/service on 192.0.2.1 port 443 failed: words of the library"},
		{REST_FAULT_TRUST,
	         {.trust = REST_TRUST_UNKNOWN_CA},
	         ERROR_TRUST,
	         "the certificate of 192.0.2.1 port 443 is signed by an authority that is not "
	         "trusted here"},
		{REST_FAULT_TRUST,
	         {.trust = REST_TRUST_OTHER, .reason = "EE key too small"},
	         ERROR_TRUST,
	         "the certificate of 192.0.2.1 port 443 is not trusted: EE key too small"},
		{REST_FAULT_ALERT,
	         {.alerted = true, .alert = 80, .alert_name = "internal error"},
	         ERROR_NETWORK,
	         "192.0.2.1 port 443 refused the TLS handshake (alert 80, internal error)"},
		{REST_FAULT_NAME,
	         {.first_n = 0},
	         ERROR_TRUST,
	         "the certificate of 192.0.2.1 port 443 is not for \"r1\" but for nobody by name"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct rest_talk talk = {.user = "audit",
		                               .host = "r1",
		                               .local = "",
		                               .port = 443,
		                               .path = "ip/service",
		                               .where = "192.0.2.1 port 443",
		                               .detail = "words of the library",
		                               .tls = &cases[i].look};
		struct error err = {0};

		assert_int_equal(rest_fault_error(cases[i].fault, &talk, &err), -1);
		assert_string_equal(err.text, cases[i].text);
		assert_int_equal(err.kind, cases[i].kind);
	}
}

int main(void)
{
	static struct CMUnitTest tests[WRONGS + 1] = {
		[WRONGS] = cmocka_unit_test(test_sentences_of_rare_faults),
	};
	static char names[WRONGS][64];

	for (size_t i = 0; i < WRONGS; i++) {
		snprintf(names[i], sizeof(names[i]), "test_sentence_%s", wrongs[i].name);
		tests[i] = (struct CMUnitTest){
			.name = names[i],
			.test_func = test_sentence,
			.initial_state = (void *)(uintptr_t)&wrongs[i],
		};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
