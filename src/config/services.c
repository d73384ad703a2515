/* What is expected of the services: reading it. */
#include <string.h>
#include <strings.h>

#include "load.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/text.h"
#include "values.h"

/* Names that people type for RouterOS's. */
static const struct {
	const char *word, *name;
} other_names[] = {
	{"http", "www"},
	{"https", "www-ssl"},
	{"webfig", "www"},
	{"web", "www"},
	{"sftp", "ssh"},
	{"dns", "resolver"},
	{"bandwidth-server", "btest"},
	{"bandwidth-test", "btest"},
	{"mndp", "discover"},
	{"proxy", "web-proxy"},
};

/* More than the catalogue has. */
#define NAMES_MAX 256u

/* Every name that a service or listener of RouterOS has, once; ends in NULL. */
static void known_names(const char *names[NAMES_MAX + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < catalogue_n && n < NAMES_MAX; i++) {
		size_t j = 0;

		while (j < n && strcmp(names[j], catalogue[i].name) != 0)
			j++;
		if (j == n)
			names[n++] = catalogue[i].name;
	}
	names[n] = NULL;
}

static const char *likely_name(const char *word, const char *const *names)
{
	for (size_t i = 0; i < sizeof(other_names) / sizeof(*other_names); i++)
		if (strcasecmp(other_names[i].word, word) == 0)
			return other_names[i].name;
	return text_nearest(word, names);
}

int service_unknown(const struct reading *r, const struct node *key)
{
	const char *names[NAMES_MAX + 1];
	const char *near;
	struct buf hint;

	if (reading_is_full(r))
		return -1;
	known_names(names);
	near = likely_name(key->text, names);
	if (near)
		return reading_fault(r, key, NULL, "unknown service %sin %s; did you mean \"%s\"?",
		                     quoted_key(r, key), r->place, near);
	buf_init(&hint, 1400);
	buf_puts(&hint, "names of RouterOS: ");
	for (size_t i = 0; names[i]; i++)
		buf_printf(&hint, "%s%s", i ? ", " : "", names[i]);
	reading_fault(r, key, buf_str(&hint), "unknown service %sin %s", quoted_key(r, key),
	              r->place);
	buf_done(&hint);
	return -1;
}

/* Words that people write for the four. */
static const char *expect_hint(const char *word)
{
	static const struct {
		const char *word, *hint;
	} hints[] = {
		{"disabled", "did you mean \"forbidden\"?"},
		{"off", "did you mean \"forbidden\"?"},
		{"no", "did you mean \"forbidden\"?"},
		{"false", "did you mean \"forbidden\"?"},
		{"denied", "did you mean \"forbidden\"?"},
		{"enabled", "did you mean \"required\"?"},
		{"on", "did you mean \"required\"?"},
		{"yes", "did you mean \"required\"?"},
		{"true", "did you mean \"required\"?"},
		{"optional", "did you mean \"allowed\"?"},
		{"ignore", "did you mean \"ignored\"?"},
	};

	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (strcasecmp(hints[i].word, word) == 0)
			return hints[i].hint;
	return NULL;
}

/* `telnet: forbidden`: the whole entry is one word. */
static int read_word(const struct reading *r, enum schema_place place, const struct node *n,
                     struct expect_service *s)
{
	const struct schema_key *k = &schema[KEY_EXPECT];
	const char *hint = n->kind == NODE_SCALAR ? expect_hint(n->text) : NULL;
	const char *near = n->kind == NODE_SCALAR ? text_nearest(n->text, k->choices) : NULL;

	for (size_t i = 0; n->kind == NODE_SCALAR && k->choices[i]; i++) {
		if (strcmp(k->choices[i], n->text) != 0)
			continue;
		s->expect = (enum expect_kind)(k->min + i);
		s->expect_at = reading_origin(r, n);
		return 0;
	}
	if (!hint && near)
		hint = arena_printf(r->arena, "did you mean \"%s\"?", near);
	return reading_fault(r, n, hint,
	                     "%s must be required, forbidden, allowed or ignored, or keys as in "
	                     "{%s}",
	                     r->place, place == PLACE_PORT ? "reachable: no" : "disabled: yes");
}

/* `expect` and `disabled` are two ways to say one thing, so the nearer of them wins over both: each
 * is written with the other one's place. */
static int settle_expect(const struct reading *r, struct expect_service *s, bool is_service)
{
	static const enum tri off[] = {
		[EXPECT_NONE] = TRI_UNKNOWN,    [EXPECT_REQUIRED] = TRI_NO,
		[EXPECT_FORBIDDEN] = TRI_YES,   [EXPECT_ALLOWED] = TRI_UNKNOWN,
		[EXPECT_IGNORED] = TRI_UNKNOWN,
	};
	struct node at = {.line = s->disabled_at.line, .column = s->disabled_at.column};

	if (!is_service)
		return 0;
	if (s->expect_at.file && s->disabled_at.file) {
		if (off[s->expect] == s->disabled)
			return 0;
		return reading_fault(
			r, &at, "keep one of the two",
			"\"disabled: %s\" in %s contradicts \"expect: %s\" on line %zu",
			s->disabled == TRI_YES ? "yes" : "no", r->place,
			expect_kind_name(s->expect), s->expect_at.line);
	}
	if (s->expect_at.file) {
		s->disabled = off[s->expect];
		s->disabled_at = s->expect_at;
	} else if (s->disabled_at.file) {
		s->expect_at = s->disabled_at;
	}
	return 0;
}

int entry_read(const struct reading *r, enum schema_place place, const struct node *n,
               struct expect_service *s)
{
	if (n->kind != NODE_MAPPING && vars_used(n)) {
		if (!r->vars)
			return 0;
		n = vars_expand(r, n);
		if (!n)
			return -1;
	}
	if (node_is_null(n))
		return 0;

	int result =
		n->kind == NODE_MAPPING ? read_keys(r, place, n, s) : read_word(r, place, n, s);

	return result != 0 ? result : settle_expect(r, s, place == PLACE_SERVICE);
}

/* Only what speaks TLS has a certificate: a wish for another's would never be met. */
static int check_tls(const struct reading *r, const struct expect_service *s)
{
	const struct {
		const char *key;
		const struct origin *at;
	} keys[] = {{"certificate", &s->certificate_at}, {"tls-version", &s->tls_version_at}};
	const struct catalogue_row *row = catalogue_find(s->name, L4_UNKNOWN);
	int result = 0;

	if (!row || row->app == APP_TLS)
		return 0;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		struct node at = {.line = keys[i].at->line, .column = keys[i].at->column};

		if (keys[i].at->file)
			result = reading_fault(r, &at,
			                       "only www-ssl, api-ssl and reverse-proxy have one",
			                       "%s has no \"%s\"", r->place, keys[i].key);
	}
	return result;
}

static int read_service(const struct reading *r, const struct node_pair *pair,
                        struct policy_part *part)
{
	const char *name = read_key_text(r, pair->key);
	struct reading inner = *r;
	const struct expect_service *before;
	struct expect_service s = {.port = -1, .max_sessions = -1};

	if (!name)
		return -1;
	if (!catalogue_find(name, L4_UNKNOWN))
		return service_unknown(r, pair->key);
	before = part_find(part, name);
	if (before) {
		struct node first = {.line = before->origin.line};

		return read_repeated(r, pair->key, &first);
	}
	s.name = name;
	s.origin = reading_origin(r, pair->key);
	inner.place = arena_printf(r->arena, "service \"%s\"", name);

	int result = entry_read(&inner, PLACE_SERVICE, pair->value, &s);

	result |= check_tls(&inner, &s);
	part_add(r->arena, part, &s);
	return result;
}

int services_read(const struct reading *r, const struct node *n, struct policy_part *part)
{
	struct reading inner = *r;
	int result = 0;

	if (!n || n->kind != NODE_MAPPING)
		return 0; /* not written, or `services:` alone */
	inner.place = arena_printf(r->arena, "\"services\" of %s", r->place);
	for (size_t i = 0; i < n->n; i++)
		result |= read_service(&inner, &n->pairs[i], part);
	return result;
}
