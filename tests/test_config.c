/*
 * The policy file. Each folder of tests/fixtures/config is a case: input.yaml beside `expected`,
 * which is what was understood, or `error`, which is every sentence the user sees. UPDATE_GOLDEN=1
 * writes them. Profiles of a case are in its folder `profiles`.
 */
#include "tests/test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rosaudit/config.h"
#include "rosaudit/limits.h"

#define CASES      "tests/fixtures/config"
#define CASES_MAX  512u
#define DUMP_BYTES (4u << 20)

/* Every secret of the fixtures is called so. */
#define MARKER "hunter2-marker"

static void dump_origin(const struct origin *o, struct buf *out)
{
	if (o->file)
		buf_printf(out, "  # %s:%zu:%zu", o->file, o->line, o->column);
	buf_putc(out, '\n');
}

static void dump_text(const char *key, const char *value, struct buf *out)
{
	if (value)
		buf_printf(out, "  %s: %s\n", key, value);
}

static void dump_secret(const char *key, const struct secret_spec *s, struct buf *out)
{
	static const char *const names[] = {"none", "empty",   "literal", "env",
	                                    "file", "command", "prompt"};

	if (s->source == SECRET_NONE)
		return;
	buf_printf(out, "  %s: %s %s\n", key, names[s->source],
	           s->source == SECRET_LITERAL ? "(hidden)"
	           : s->text                   ? s->text
	                                       : "");
}

static void dump_tri(const char *key, enum tri v, const struct origin *at, struct buf *out)
{
	if (v == TRI_UNKNOWN)
		return;
	buf_printf(out, "    %s: %s", key, v == TRI_YES ? "yes" : "no");
	dump_origin(at, out);
}

static void dump_number(const char *key, int v, const struct origin *at, struct buf *out)
{
	if (v == -1)
		return;
	buf_printf(out, "    %s: %d", key, v);
	dump_origin(at, out);
}

static void dump_word(const char *key, const char *v, const struct origin *at, struct buf *out)
{
	if (!v)
		return;
	buf_printf(out, "    %s: %s", key, v);
	dump_origin(at, out);
}

static void dump_numbers(const char *key, const struct number_set *set, const struct origin *at,
                         struct buf *out)
{
	if (!set->n)
		return;
	buf_printf(out, "    %s: one of ", key);
	number_set_format(set, out);
	dump_origin(at, out);
}

static void dump_words(const char *key, const struct word_set *set, const struct origin *at,
                       struct buf *out)
{
	if (!set->n)
		return;
	buf_printf(out, "    %s: one of ", key);
	word_set_format(set, out);
	dump_origin(at, out);
}

static void dump_version(const struct condition *c, struct buf *out)
{
	static const char *const signs[] = {"=", "!=", "<", "<=", ">=", ">"};

	for (size_t i = 0; i < c->version_n; i++) {
		const struct version_test *t = &c->version[i];

		buf_printf(out, " %s%d", signs[t->relation], t->number[0]);
		for (int j = 1; j < t->parts; j++)
			buf_printf(out, ".%d", t->number[j]);
	}
}

static void dump_condition(const struct condition *c, struct buf *out)
{
	if (!c)
		return;
	buf_puts(out, "    when:");
	dump_version(c, out);
	buf_puts(out, c->board.n ? " board " : "");
	word_set_format(&c->board, out);
	buf_puts(out, c->name.n ? " name " : "");
	word_set_format(&c->name, out);
	buf_puts(out, c->group.n ? " group " : "");
	word_set_format(&c->group, out);
	dump_origin(&c->origin, out);
}

static void dump_reachable(const struct expect_service *s, struct buf *out)
{
	static const char *const words[2][2] = {{"no", "refused"}, {"yes", "served"}};

	if (s->reachable == TRI_UNKNOWN)
		return;
	dump_word("reachable", words[s->reachable == TRI_YES][s->reachable_exactly],
	          &s->reachable_at, out);
}

static void dump_remark(const struct remark *r, struct buf *out)
{
	static const char *const severities[] = {"info", "low", "medium", "high", "critical"};

	if (r->severity_at.file)
		dump_word("severity", severities[r->severity], &r->severity_at, out);
	dump_word("title", r->title, &r->title_at, out);
	dump_word("why", r->why, &r->why_at, out);
	dump_word("link", r->link, &r->link_at, out);
}

static void dump_address(const struct expect_service *s, struct buf *out)
{
	static const char *const modes[] = {"any", "within ", "unrestricted", "restricted", ""};

	if (s->address_mode == ADDRESS_ANY)
		return;
	buf_printf(out, "    address: %s", modes[s->address_mode]);
	prefix_set_format(s->address, s->address_n, out);
	if (s->covers_n)
		buf_printf(out, "%scovers ", s->address_n ? " " : "");
	prefix_set_format(s->covers, s->covers_n, out);
	dump_origin(&s->address_at, out);
}

static void dump_sources(const char *key, const struct source_set *s, const struct origin *at,
                         struct buf *out)
{
	if (!at->file)
		return;
	buf_printf(out, "    %s: ", key);
	source_set_format(s, out);
	dump_origin(at, out);
}

static void dump_entry(const char *kind, const struct expect_service *s, struct buf *out)
{
	buf_printf(out, "  %s %s", kind, s->name);
	dump_origin(&s->origin, out);
	dump_condition(s->when, out);
	dump_word("expect", expect_kind_name(s->expect), &s->expect_at, out);
	dump_tri("disabled", s->disabled, &s->disabled_at, out);
	dump_number("port", s->port, &s->port_at, out);
	dump_numbers("port", &s->port_set, &s->port_at, out);
	dump_address(s, out);
	dump_word("certificate", s->certificate, &s->certificate_at, out);
	dump_words("certificate", &s->certificate_set, &s->certificate_at, out);
	dump_word("tls-version", s->tls_version, &s->tls_version_at, out);
	dump_words("tls-version", &s->tls_version_set, &s->tls_version_at, out);
	dump_word("vrf", s->vrf, &s->vrf_at, out);
	dump_words("vrf", &s->vrf_set, &s->vrf_at, out);
	dump_number("max-sessions", s->max_sessions, &s->max_sessions_at, out);
	dump_numbers("max-sessions", &s->max_sessions_set, &s->max_sessions_at, out);
	dump_reachable(s, out);
	dump_sources("from", &s->from, &s->from_at, out);
	dump_sources("not-from", &s->not_from, &s->not_from_at, out);
	dump_remark(&s->remark, out);
}

static void dump_waiver(const struct waiver *w, struct buf *out)
{
	buf_printf(out, "  waiver%s%s%s", w->rule ? " " : "", w->rule ? w->rule : "",
	           w->is_shared ? " (shared)" : "");
	dump_origin(&w->origin, out);
	dump_text("  service", w->service, out);
	if (w->port_first > 0)
		buf_printf(out, "    port: %d-%d/%s\n", w->port_first, w->port_last,
		           w->port_udp ? "udp" : "tcp");
	dump_text("  router", w->router, out);
	dump_text("  reason", w->reason, out);
	dump_text("  expires", w->expires, out);
}

/* What counts under conditions alone. */
static void dump_parts(const struct policy *p, struct buf *out)
{
	for (size_t i = 0; i < p->parts_n; i++) {
		const struct policy_part *part = &p->parts[i];

		buf_printf(out, "  part %zu:\n", i + 1);
		dump_condition(part->when, out);
		for (size_t j = 0; j < part->services_n; j++)
			dump_entry("+ service", &part->services[j], out);
		for (size_t j = 0; j < part->ports_n; j++)
			dump_entry("+ port", &part->ports[j].say, out);
		for (size_t j = 0; j < part->exposure_n; j++)
			dump_entry("+ exposure", &part->exposure[j], out);
		if (part->unlisted_at.file)
			dump_number("unlisted", (int)part->unlisted, &part->unlisted_at, out);
	}
}

static void dump_policy(const struct policy *p, struct buf *out)
{
	static const char *const modes[] = {"warn", "fail", "ignore"};

	dump_text("profile", p->profile, out);
	buf_printf(out, "  unlisted: %s", modes[p->unlisted]);
	dump_origin(&p->unlisted_at, out);
	for (size_t i = 0; i < p->services_n; i++)
		dump_entry("service", &p->services[i], out);
	for (size_t i = 0; i < p->ports_n; i++)
		dump_entry("port", &p->ports[i].say, out);
	for (size_t i = 0; i < p->exposure_n; i++)
		dump_entry("exposure", &p->exposure[i], out);
	dump_parts(p, out);
	for (size_t i = 0; i < p->waivers_n; i++)
		dump_waiver(p->waivers[i], out);
}

static void dump_scan(const struct target *t, struct buf *out)
{
	static const char *const names[] = {"routeros", "declared", "all", "list", "none"};
	static const char *const paces[] = {"", ", careful", ", full"};

	buf_printf(out, "  scan: %s", names[t->scan_ports]);
	for (int p = t->scan_list ? port_set_next(&t->scan_list->tcp, 0) : -1; p >= 0;
	     p = port_set_next(&t->scan_list->tcp, (unsigned)p + 1))
		buf_printf(out, " %d", p);
	for (int p = t->scan_list ? port_set_next(&t->scan_list->udp, 0) : -1; p >= 0;
	     p = port_set_next(&t->scan_list->udp, (unsigned)p + 1))
		buf_printf(out, " U:%d", p);
	buf_printf(out, "%s\n", paces[t->pace]);
}

static void dump_login(const struct target *t, struct buf *out)
{
	static const char *const transports[] = {"ssh", "rest", "both", "file"};

	buf_printf(out, "  transport: %s%s\n", transports[t->transport],
	           t->rest_plain ? " plain" : "");
	dump_text("read", t->read_services ? "services" : NULL, out);
	if (t->port)
		buf_printf(out, "  port: %u\n", t->port);
	if (t->rest_port)
		buf_printf(out, "  rest-port: %u\n", t->rest_port);
	for (size_t i = 0; i < t->port_map_n; i++)
		buf_printf(out, "  port-map: %u -> %u\n", t->port_map[i].router,
		           t->port_map[i].here);
	dump_text("user", t->user, out);
	dump_secret("password", &t->password, out);
	dump_text("key", t->key, out);
	dump_secret("key-passphrase", &t->key_passphrase, out);
	dump_text("agent", t->agent ? "yes" : NULL, out);
	dump_text("host-key", t->host_key, out);
	dump_text("known-hosts", t->known_hosts, out);
	dump_text("legacy-algorithms", t->legacy_algorithms ? "yes" : NULL, out);
	dump_text("ca", t->ca, out);
	dump_text("pin", t->pin, out);
	dump_text("file", t->file, out);
	dump_text("source", t->source, out);
	buf_printf(out, "  timeouts: %ld %ld %ld ms\n", t->connect_timeout_ms,
	           t->command_timeout_ms, t->timeout_ms);
}

static void dump_vantage(const struct vantage_spec *v, struct buf *out)
{
	buf_printf(out, "  vantage %s", v->name);
	dump_origin(&v->origin, out);
	dump_text("  source", v->source, out);
	dump_text("  interface", v->interface, out);
	dump_text("  scan", v->scan, out);
	dump_text("  ssh", v->ssh, out);
	if (v->port)
		buf_printf(out, "    port: %u\n", v->port);
	dump_text("  key", v->key, out);
	dump_text("  host-key", v->host_key, out);
	dump_text("  program", v->program, out);
	dump_text("  host", v->host, out);
	dump_text("  from", v->from, out);
	for (size_t i = 0; i < v->port_map_n; i++)
		buf_printf(out, "    port-map: %u -> %u\n", v->port_map[i].router,
		           v->port_map[i].here);
}

static void dump_config(const struct config *c, struct buf *out)
{
	for (size_t i = 0; i < c->targets_n; i++) {
		const struct target *t = &c->targets[i];

		buf_printf(out, "router %s", t->name);
		dump_origin(&t->origin, out);
		dump_text("host", t->host, out);
		dump_login(t, out);
		dump_scan(t, out);
		for (size_t j = 0; j < t->vantages_n; j++)
			dump_vantage(&t->vantages[j], out);
		for (size_t j = 0; j < t->groups_n; j++)
			dump_text("group", t->groups[j], out);
		dump_policy(&t->policy, out);
	}
}

static void dump_errors(const struct error_list *l, struct buf *out)
{
	for (size_t i = 0; i < l->n; i++) {
		error_format(&l->v[i], out);
		buf_putc(out, '\n');
	}
}

/* What the case's folder must hold is compared, or written. */
static void check_golden(const char *folder, const char *name, const char *text)
{
	char path[1024];
	char *expected;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (getenv("UPDATE_GOLDEN")) {
		test_write_file(path, text);
		return;
	}
	if (access(path, F_OK) != 0)
		fail_msg("%s is not there; the program gave:\n%s", path, text);
	expected = test_read_file(path);
	if (strcmp(expected, text) != 0)
		print_error("%s differs\n", path);
	assert_text_equal(text, expected);
	free(expected);
}

/* The case's folder becomes the working directory, so that messages name input.yaml alone. */
static int load_case(const char *folder, struct config *c, struct error_list *errors)
{
	static const char *const dirs[] = {"profiles", NULL};
	char *root = getcwd(NULL, 0);
	int result;

	assert_int_equal(chdir(folder), 0);
	result = config_load("input.yaml", dirs, c, errors);
	assert_int_equal(chdir(root), 0);
	free(root);
	return result;
}

static void check_case(const char *folder)
{
	struct config c;
	struct error_list errors;
	struct buf out;
	int result;

	config_init(&c);
	error_list_init(&errors);
	buf_init(&out, DUMP_BYTES);
	result = load_case(folder, &c, &errors);
	assert_int_equal(result, errors.n == 0 ? 0 : -1);
	assert_true(result != 0 || c.targets_n > 0);
	assert_true(result == 0 || c.targets_n == 0);
	if (result == 0)
		dump_config(&c, &out);
	else
		dump_errors(&errors, &out);
	assert_false(out.overflow);
	assert_null(strstr(buf_str(&out), MARKER));
	check_golden(folder, result == 0 ? "expected" : "error", buf_str(&out));
	buf_done(&out);
	error_list_done(&errors);
	config_done(&c);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t list_cases(char *names[CASES_MAX])
{
	DIR *d = opendir(CASES);
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(d);
	while ((entry = readdir(d)))
		if (entry->d_name[0] != '.' && n < CASES_MAX)
			names[n++] = strdup(entry->d_name);
	closedir(d);
	qsort(names, n, sizeof(*names), compare);
	return n;
}

static void test_every_fixture_gives_its_golden_text(void **state)
{
	char *names[CASES_MAX];
	size_t n = list_cases(names);

	(void)state;
	assert_true(n >= 60);
	for (size_t i = 0; i < n; i++) {
		char folder[512];

		snprintf(folder, sizeof(folder), CASES "/%s", names[i]);
		check_case(folder);
		free(names[i]);
	}
}

/* One text, without a file. */
static int parse(const char *p, size_t n, struct error_list *errors)
{
	static const char *const dirs[] = {"profiles", NULL};
	struct config c;
	int result;

	config_init(&c);
	error_list_init(errors);
	result = config_parse(p, n, "mutant.yaml", dirs, &c, errors);
	assert_int_equal(result, errors->n == 0 ? 0 : -1);
	assert_true(errors->n <= LIMIT_CONFIG_ERRORS);
	config_done(&c);
	return result;
}

static void assert_secret_is_not_told(const struct error_list *errors)
{
	struct buf out;

	buf_init(&out, DUMP_BYTES);
	dump_errors(errors, &out);
	assert_null(strstr(buf_str(&out), MARKER));
	buf_done(&out);
}

/* A small generator with a fixed seed: the same mutants on every machine. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void mutate(char *p, size_t *n, uint32_t *seed)
{
	static const char bytes[] = "\t\n :-[]{}\"'#&*!|>%@`?,\0\xff\x80~0";
	size_t at = next_random(seed) % *n;

	switch (next_random(seed) % 4) {
	case 0:
		p[at] = bytes[next_random(seed) % (sizeof(bytes) - 1)];
		break;
	case 1:
		memmove(p + at, p + at + 1, *n - at - 1);
		--*n;
		break;
	case 2:
		p[at] = (char)next_random(seed);
		break;
	default:
		*n = at + 1;
	}
}

static void test_mutants_of_a_good_file_are_read_or_refused(void **state)
{
	size_t n;
	char *good = test_read_file_n(CASES "/ok-every-key/input.yaml", &n);
	uint32_t seed = 20;

	(void)state;
	for (int i = 0; i < 4000; i++) {
		char *mutant = malloc(n);
		size_t mutant_n = n;
		struct error_list errors;

		memcpy(mutant, good, n);
		for (uint32_t k = next_random(&seed) % 3; k < 3 && mutant_n > 1; k++)
			mutate(mutant, &mutant_n, &seed);
		parse(mutant, mutant_n, &errors);
		error_list_done(&errors);
		free(mutant);
	}
	free(good);
}

static void test_a_secret_is_told_in_no_error_wherever_the_file_is_cut(void **state)
{
	static const char good[] = "router:\n  host: 192.0.2.1\n  password: {literal: \"" MARKER
				   "\"}\n  key-passphrase:\n    literal: " MARKER "\n  port: 1\n";
	static const char insert[] = "\"':{}[]*&!%@#\t-,?|>";

	(void)state;
	for (size_t cut = 0; cut < sizeof(good) - 1; cut++) {
		for (size_t k = 0; k < sizeof(insert) - 1; k++) {
			char text[sizeof(good) + 1];
			struct error_list errors;

			memcpy(text, good, cut);
			text[cut] = insert[k];
			memcpy(text + cut + 1, good + cut, sizeof(good) - cut);
			parse(text, sizeof(text) - 1, &errors);
			assert_secret_is_not_told(&errors);
			error_list_done(&errors);
		}
	}
}

static void test_a_file_that_is_not_there_is_a_configuration_error(void **state)
{
	static const char *const dirs[] = {NULL};
	struct config c;
	struct error_list errors;

	(void)state;
	config_init(&c);
	error_list_init(&errors);
	assert_int_equal(config_load("tests/fixtures/config/no-such-file.yaml", dirs, &c, &errors),
	                 -1);
	assert_int_equal(errors.n, 1);
	assert_int_equal(errors.v[0].kind, ERROR_CONFIG);
	assert_contains(errors.v[0].text, "no-such-file.yaml");
	error_list_done(&errors);
	config_done(&c);
}

static void test_a_file_over_the_limit_is_refused(void **state)
{
	size_t n = LIMIT_YAML_BYTES + 1;
	char *text = malloc(n);
	struct error_list errors;

	(void)state;
	memset(text, '\n', n);
	assert_int_equal(parse(text, n, &errors), -1);
	assert_contains(errors.v[0].text, "larger than 1 MiB");
	error_list_done(&errors);
	free(text);
}

static void test_more_routers_than_the_limit_are_refused_once(void **state)
{
	static const char text[] = "routers:\n"
				   "  - {hosts: 10.0.0-15.0-255}\n"
				   "  - {host: 192.0.2.1}\n";
	struct error_list errors;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &errors), -1);
	assert_int_equal(errors.n, 1);
	error_list_done(&errors);
}

static void test_the_reference_names_every_key_once_per_row(void **state)
{
	struct buf out;
	size_t rows = 0;

	(void)state;
	buf_init(&out, DUMP_BYTES);
	config_describe(&out);
	for (const char *p = buf_str(&out); *p; p++) {
		const char *end = strchr(p, '\n');
		size_t bars = 0;

		for (; p < end; p++)
			bars += *p == '|' && p[-(p != buf_str(&out))] != '\\';
		assert_int_equal(bars, 6);
		rows++;
	}
	assert_true(rows > 40);
	assert_contains(buf_str(&out), "| `port-map` | defaults, router |");
	assert_contains(buf_str(&out),
	                "| `max-sessions` | service | a number from 1 to 1000, a range");
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_fixture_gives_its_golden_text),
		cmocka_unit_test(test_mutants_of_a_good_file_are_read_or_refused),
		cmocka_unit_test(test_a_secret_is_told_in_no_error_wherever_the_file_is_cut),
		cmocka_unit_test(test_a_file_that_is_not_there_is_a_configuration_error),
		cmocka_unit_test(test_a_file_over_the_limit_is_refused),
		cmocka_unit_test(test_more_routers_than_the_limit_are_refused_once),
		cmocka_unit_test(test_the_reference_names_every_key_once_per_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
