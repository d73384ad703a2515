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

static void add_choices(const char *const *choices, struct buf *out)
{
	for (size_t i = 0; choices[i]; i++) {
		if (i)
			buf_puts(out, choices[i + 1] ? ", " : " or ");
		buf_puts(out, choices[i]);
	}
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
	[VALUE_TIME] = "a time such as 10s, 500ms or 2m, at most a day",
	[VALUE_SECRET] = "{env: NAME}, {file: PATH}, {command: COMMAND}, {prompt: yes}, "
			 "{literal: TEXT} or \"\"",
	[VALUE_SECRET_TEXT] = "a text",
	[VALUE_SECRET_PATH] = "a file name",
	[VALUE_SECRET_PROMPT] = "yes",
	[VALUE_HOST_KEY] = "SHA256: and 43 characters of base64",
	[VALUE_PIN] = "sha256// (or SHA256:) and the base64 of 32 bytes",
	[VALUE_PORT_MAP] = "{router's port: port as seen from here}",
	[VALUE_PREFIXES] = "a list of prefixes such as [192.0.2.0/24], [] or restricted",
	[VALUE_SCAN] = "{ports: ...}",
	[VALUE_SCAN_PORTS] = "routeros, declared, all, none or ports such as 22,80,8000-8100",
	[VALUE_MAPPING] = "a mapping (key: value)",
	[VALUE_LIST] = "a list",
};

void schema_expected(const struct schema_key *k, struct buf *out)
{
	if (k->type == VALUE_CHOICE || k->type == VALUE_CHOICE_TEXT)
		add_choices(k->choices, out);
	else if (k->type == VALUE_INT || k->type == VALUE_PORT)
		buf_printf(out, "a number from %lu to %lu", k->min, k->max);
	else
		buf_puts(out, expected[k->type]);
}
