/* The schema in words: what a value must be, where a key may stand. */
#include "schema.h"

#include <string.h>

static const struct {
	unsigned place;
	const char *name;
} places[] = {
	{PLACE_TOP, "top level"},
	{PLACE_DEFAULTS, "defaults"},
	{PLACE_ROUTER, "router"},
	{PLACE_PROFILE, "profile"},
	{PLACE_SERVICE, "service"},
	{PLACE_SCAN, "scan"},
	{PLACE_VANTAGE, "vantage"},
	{PLACE_PORT, "port"},
	{PLACE_WHEN, "when"},
	{PLACE_CONDITION, "when of a service or port"},
	{PLACE_WAIVER, "waiver"},
	{PLACE_RANGE, "in place of a number"},
	{PLACE_ADDRESS, "address"},
	{PLACE_EXPOSURE, "exposure"},
	{PLACE_SECRET, "password, key-passphrase"},
};

const struct schema_key *schema_find(enum schema_place place, const char *key)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		const struct schema_key *k = &schema[i];

		if ((k->where & place) &&
		    (strcmp(k->key, key) == 0 || (k->alias && strcmp(k->alias, key) == 0)))
			return k;
	}
	return NULL;
}

void schema_places(unsigned where, struct buf *out)
{
	const char *comma = "";

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		if (!(where & places[i].place))
			continue;
		buf_printf(out, "%s%s", comma, places[i].name);
		comma = ", ";
	}
}

static void add_choices(const char *const *choices, const char *last, struct buf *out)
{
	for (size_t i = 0; choices[i]; i++) {
		if (i)
			buf_puts(out, choices[i + 1] || last ? ", " : " or ");
		buf_puts(out, choices[i]);
	}
	if (last)
		buf_printf(out, " or %s", last);
}

/* What a value of the type must be; numbers and choices have their own words. */
static const char *const expected[VALUE_TYPES] = {
	[VALUE_TEXT] = "a text",
	[VALUE_PATH] = "a file name",
	[VALUE_HOST] = "a host name or an address",
	[VALUE_HOSTS] = "addresses such as 10.0.0.1-30, or a list of them",
	[VALUE_ADDRESS] = "an IPv4 or IPv6 address",
	[VALUE_BOOL] = "yes or no",
	[VALUE_TRI] = "yes or no",
	[VALUE_REACHABLE] = "yes, no, served or refused",
	[VALUE_GLOBS] = "a name, a pattern with * or ?, or a list of them",
	[VALUE_GLOB] = "a name, or a pattern with * or ?",
	[VALUE_NAMES] = "a name or a path, or a list of them",
	[VALUE_LINK] = "a URL that begins with http:// or https://",
	[VALUE_VERSION] = "a version such as \"7.19\" or \">=7.16 <7.20\"",
	[VALUE_CONDITION] = "a mapping such as {version: \">=7.19\"}",
	[VALUE_RULE] = "a rule's id such as RA104",
	[VALUE_PORT_ID] = "a port such as 2000/tcp, or a range such as 5000-5999/udp",
	[VALUE_DATE] = "a date such as 2027-01-31",
	[VALUE_TIME] = "a time such as 10s, 500ms or 2m, at most a day",
	[VALUE_SECRET] = "{env: NAME}, {file: PATH}, {command: COMMAND}, {prompt: yes}, "
			 "{literal: TEXT} or \"\"",
	[VALUE_SECRET_TEXT] = "a text",
	[VALUE_SECRET_PATH] = "a file name",
	[VALUE_SECRET_PROMPT] = "yes",
	[VALUE_HOST_KEY] = "SHA256: and 43 characters of base64",
	[VALUE_PIN] = "sha256// (or SHA256:) and the base64 of 32 bytes",
	[VALUE_PORT_MAP] = "{router's port: port as seen from here}",
	[VALUE_PREFIXES] = "a list of prefixes such as [192.0.2.0/24]",
	[VALUE_ACCESS] = "a list of prefixes such as [192.0.2.0/24], [], restricted, "
			 "{within: [...]} or {covers: [...]}",
	[VALUE_SOURCES] = "a prefix, a name such as lan, internet or rfc1918, or a list of them",
	[VALUE_SCAN] = "{ports: ...}",
	[VALUE_SCAN_PORTS] = "routeros, declared, all, none or ports such as 22,80,8000-8100",
	[VALUE_VANTAGES] = "a list of places such as [{name: wan, interface: eth1}], or a mapping "
			   "by their names",
	[VALUE_MAPPING] = "a mapping (key: value)",
	[VALUE_LIST] = "a list",
};

void schema_expected(const struct schema_key *k, struct buf *out)
{
	if (k->type == VALUE_CHOICE)
		add_choices(k->choices, NULL, out);
	else if (k->type == VALUE_WORDS && k->choices)
		add_choices(k->choices, "a list of them", out);
	else if (k->type == VALUE_WORDS)
		buf_puts(out, "a text, a pattern with * or ?, or a list of them");
	else if (k->type == VALUE_INT || k->type == VALUE_PORT)
		buf_printf(out, "a number from %lu to %lu", k->min, k->max);
	else if (k->type == VALUE_NUMBERS)
		buf_printf(out,
		           "a number from %lu to %lu, a range such as 10-20, {min: ..., max: ...} "
		           "or a list of them",
		           k->min, k->max);
	else
		buf_puts(out, expected[k->type]);
}
