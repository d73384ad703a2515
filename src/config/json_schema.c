/* `rosaudit schema`: the schema table as JSON Schema (draft 7), for editors and other programs. It
 * checks the form; what needs more than one key, a calendar or the network is the loader's. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/catalogue.h"
#include "rosaudit/config.h"
#include "schema.h"

#define YES_OR_NO                                                                                  \
	"^([Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Oo][Nn]|[Oo][Ff][Ff])$"
#define PREFIX  "^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$"
#define PORT_ID "^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?/(tcp|udp)$"

enum {
	IS_STRING = 1 << 0,
	IS_NUMBER = 1 << 1,
	IS_INTEGER = 1 << 2, /* within the key's own limits */
	IS_BOOLEAN = 1 << 3,
	IS_ANY_TEXT = IS_STRING | IS_NUMBER | IS_BOOLEAN, /* what YAML takes for something else */
	OR_LIST = 1 << 5,                                 /* or a list of them */
	OR_NO_ITEM = 1 << 6,                              /* the list may be empty */
	IS_SECRET = 1 << 7,                               /* a variable is no variable here */
};

/* How a type looks in JSON, as far as it has one look. */
static const struct shape {
	unsigned is;
	const char *pattern;    /* of a string */
	enum schema_place keys; /* or a mapping with the keys of that place; 0 = none */
} shapes[VALUE_TYPES] = {
	[VALUE_TEXT] = {IS_ANY_TEXT, NULL, 0},
	[VALUE_PATH] = {IS_ANY_TEXT, NULL, 0},
	[VALUE_HOST] = {IS_STRING, NULL, 0},
	[VALUE_HOSTS] = {IS_STRING | OR_LIST, NULL, 0},
	[VALUE_ADDRESS] = {IS_STRING, "^[0-9A-Fa-f:.]+(%.+)?$", 0},
	[VALUE_BOOL] = {IS_STRING | IS_BOOLEAN, YES_OR_NO, 0},
	[VALUE_TRI] = {IS_STRING | IS_BOOLEAN, YES_OR_NO, 0},
	[VALUE_REACHABLE] = {IS_STRING | IS_BOOLEAN, "^(served|refused)$|" YES_OR_NO, 0},
	[VALUE_PORT] = {IS_STRING | IS_INTEGER, "^[1-9][0-9]*$", 0},
	[VALUE_INT] = {IS_STRING | IS_INTEGER, "^(0|[1-9][0-9]*)$", 0},
	[VALUE_NUMBERS] = {IS_STRING | IS_INTEGER | OR_LIST, "^[1-9][0-9]*(-[1-9][0-9]*)?$",
                           PLACE_RANGE},
	[VALUE_WORDS] = {IS_ANY_TEXT | OR_LIST, NULL, 0},
	[VALUE_GLOBS] = {IS_ANY_TEXT | OR_LIST, NULL, 0},
	[VALUE_NAMES] = {IS_ANY_TEXT | OR_LIST, NULL, 0},
	[VALUE_GLOB] = {IS_ANY_TEXT, NULL, 0},
	[VALUE_LINK] = {IS_STRING, "^https?://", 0},
	[VALUE_VERSION] = {IS_STRING | IS_NUMBER,
                           "^( *(>=|<=|!=|==|>|<|=)? *[0-9]+(\\.[0-9]+){0,2}[ ,]*)+$", 0},
	[VALUE_CONDITION] = {0, NULL, PLACE_CONDITION},
	[VALUE_RULE] = {IS_STRING, "^RA[0-9]{3}$", 0},
	[VALUE_PORT_ID] = {IS_STRING, PORT_ID, 0},
	[VALUE_DATE] = {IS_STRING, "^[2-9][0-9]{3}-[0-1][0-9]-[0-3][0-9]$", 0},
	[VALUE_TIME] = {IS_STRING | IS_NUMBER, "^[0-9]+(ms|s|m|h)?$", 0},
	[VALUE_SECRET] = {IS_STRING | IS_SECRET, "^$", PLACE_SECRET},
	[VALUE_SECRET_TEXT] = {IS_ANY_TEXT | IS_SECRET, NULL, 0},
	[VALUE_SECRET_PATH] = {IS_ANY_TEXT | IS_SECRET, NULL, 0},
	[VALUE_SECRET_PROMPT] = {IS_STRING | IS_BOOLEAN | IS_SECRET, YES_OR_NO, 0},
	[VALUE_HOST_KEY] = {IS_STRING, "^SHA256:[A-Za-z0-9+/]{43}=?$", 0},
	[VALUE_PIN] = {IS_STRING, "^([Ss][Hh][Aa]256//|SHA256:)[A-Za-z0-9+/]{43}=?$", 0},
	[VALUE_PREFIXES] = {IS_STRING | OR_LIST, PREFIX, 0},
	[VALUE_ACCESS] = {IS_STRING | OR_LIST | OR_NO_ITEM, "^restricted$|" PREFIX, PLACE_ADDRESS},
	[VALUE_SOURCES] = {IS_STRING | OR_LIST, "^[A-Za-z][A-Za-z0-9_-]*$|" PREFIX, 0},
	[VALUE_SCAN] = {0, NULL, PLACE_SCAN},
	[VALUE_SCAN_PORTS] = {IS_STRING | IS_NUMBER | OR_LIST, NULL, 0},
};

/* The places that have keys of their own, as definitions of the document. */
static const struct {
	enum schema_place place;
	const char *name;
} places[] = {
	{PLACE_TOP, "policy"},          {PLACE_PROFILE, "profile"},   {PLACE_DEFAULTS, "defaults"},
	{PLACE_ROUTER, "router"},       {PLACE_SERVICE, "service"},   {PLACE_PORT, "port"},
	{PLACE_WHEN, "when"},           {PLACE_SCAN, "scan"},         {PLACE_SECRET, "secret"},
	{PLACE_CONDITION, "condition"}, {PLACE_WAIVER, "waiver"},     {PLACE_RANGE, "range"},
	{PLACE_ADDRESS, "address"},     {PLACE_EXPOSURE, "exposure"}, {PLACE_VANTAGE, "vantage"},
};

#define PLACES (sizeof(places) / sizeof(*places))

/* Both take the reference. */
static void put(json_t *object, const char *key, json_t *value)
{
	(void)json_object_set_new(object, key, value);
}

static void push(json_t *array, json_t *value)
{
	(void)json_array_append_new(array, value);
}

static json_t *ref(const char *name)
{
	return json_pack("{s:o}", "$ref", json_sprintf("#/definitions/%s", name));
}

static json_t *ref_place(enum schema_place place)
{
	for (size_t i = 0; i < PLACES; i++)
		if (places[i].place == place)
			return ref(places[i].name);
	return json_object();
}

static json_t *words(const char *const *choices)
{
	json_t *v = json_array();

	for (size_t i = 0; choices[i]; i++)
		push(v, json_string(choices[i]));
	return json_pack("{s:o}", "enum", v);
}

static json_t *string_schema(const char *pattern)
{
	json_t *o = json_pack("{s:s}", "type", "string");

	if (pattern)
		put(o, "pattern", json_string(pattern));
	return o;
}

/* Each way in which one value of the key may be written. */
static void push_scalars(const struct schema_key *k, json_t *options)
{
	const struct shape *shape = &shapes[k->type];

	if (k->choices)
		push(options, words(k->choices));
	else if (shape->is & IS_STRING)
		push(options, string_schema(shape->pattern));
	if (k->choices)
		return;
	if (shape->is & IS_INTEGER)
		push(options, json_pack("{s:s,s:I,s:I}", "type", "integer", "minimum",
		                        (json_int_t)k->min, "maximum", (json_int_t)k->max));
	if (shape->is & IS_NUMBER)
		push(options, json_pack("{s:s}", "type", "number"));
	if (shape->is & IS_BOOLEAN)
		push(options, json_pack("{s:s}", "type", "boolean"));
	if (shape->keys)
		push(options, ref_place(shape->keys));
}

static json_t *any_of(json_t *options)
{
	return json_pack("{s:o}", "anyOf", options);
}

static json_t *list_of(json_t *item, bool may_be_empty)
{
	json_t *o = json_pack("{s:s,s:o}", "type", "array", "items", item);

	if (!may_be_empty)
		put(o, "minItems", json_integer(1));
	return o;
}

static json_t *nothing(void)
{
	return json_pack("{s:s}", "type", "null");
}

/* A mapping whose keys are names: of services, ports, groups, variables. */
static json_t *named(const char *key_pattern, json_t *value)
{
	json_t *names = json_pack("{s:s}", "pattern", key_pattern);

	return json_pack("{s:s,s:o,s:o}", "type", "object", "propertyNames", names,
	                 "additionalProperties", value);
}

static json_t *service_names(void)
{
	json_t *v = json_array();

	for (size_t i = 0; i < catalogue_n; i++) {
		size_t j = 0;

		while (j < json_array_size(v) &&
		       strcmp(json_string_value(json_array_get(v, j)), catalogue[i].name) != 0)
			j++;
		if (j == json_array_size(v))
			push(v, json_string(catalogue[i].name));
	}
	return json_pack("{s:o}", "enum", v);
}

static json_t *text_or_list(void)
{
	return json_loads("{\"anyOf\": [{\"type\": [\"string\", \"number\", \"boolean\"]}, "
	                  "{\"type\": \"array\", \"minItems\": 1, \"items\": "
	                  "{\"type\": [\"string\", \"number\", \"boolean\"]}}]}",
	                  0, NULL);
}

/* An entry of services or ports: nothing, a word, a variable, or keys. */
static json_t *entry(enum schema_place place)
{
	return any_of(json_pack("[o,o,o,o]", nothing(), words(schema[KEY_EXPECT].choices),
	                        ref("variable"), ref_place(place)));
}

static json_t *services_schema(void)
{
	return json_pack("{s:s,s:o,s:o}", "type", "object", "propertyNames", service_names(),
	                 "additionalProperties", entry(PLACE_SERVICE));
}

static json_t *ports_schema(void)
{
	return named(PORT_ID, entry(PLACE_PORT));
}

/* A service, or "*" for all others. */
static json_t *exposure_schema(void)
{
	json_t *names = service_names();

	push(json_object_get(names, "enum"), json_string("*"));
	return json_pack("{s:s,s:o,s:o}", "type", "object", "propertyNames", names,
	                 "additionalProperties", ref_place(PLACE_EXPOSURE));
}

static json_t *prefixes_schema(void)
{
	return named("^[A-Za-z][A-Za-z0-9_-]*$", text_or_list());
}

static json_t *groups_schema(void)
{
	return named("^.+$", text_or_list());
}

static json_t *vars_schema(void)
{
	return named("^[A-Za-z0-9_-]+$", text_or_list());
}

static json_t *port_map_schema(void)
{
	return named("^[1-9][0-9]*$", any_of(json_pack("[o,o]", string_schema("^[1-9][0-9]*$"),
	                                               json_pack("{s:s,s:i,s:i}", "type", "integer",
	                                                         "minimum", 1, "maximum", 65535))));
}

static json_t *routers_schema(void)
{
	return list_of(ref("router"), false);
}

static json_t *router_schema(void)
{
	return ref("router");
}

static json_t *defaults_schema(void)
{
	return ref("defaults");
}

static json_t *when_schema(void)
{
	return list_of(ref("when"), true);
}

static json_t *waivers_schema(void)
{
	return list_of(ref("waiver"), true);
}

static json_t *vantages_schema(void)
{
	return any_of(
		json_pack("[o,o]", list_of(ref("vantage"), true), named("^.+$", ref("vantage"))));
}

/* The keys whose values the loader walks itself. */
static const struct {
	enum schema_id id;
	json_t *(*make)(void);
	bool or_nothing;
} walked[] = {
	{KEY_SERVICES, services_schema, true},  {KEY_PORTS, ports_schema, true},
	{KEY_EXPOSURE, exposure_schema, true},  {KEY_PREFIXES, prefixes_schema, true},
	{KEY_GROUPS, groups_schema, true},      {KEY_VARS, vars_schema, true},
	{KEY_PORT_MAP, port_map_schema, false}, {KEY_ROUTERS, routers_schema, false},
	{KEY_ROUTER, router_schema, false},     {KEY_DEFAULTS, defaults_schema, true},
	{KEY_WHEN, when_schema, true},          {KEY_WAIVERS, waivers_schema, true},
	{KEY_VANTAGES, vantages_schema, true},  {KEY_VANTAGE_PORT_MAP, port_map_schema, false},
};

static bool push_walked(const struct schema_key *k, json_t *options)
{
	for (size_t i = 0; i < sizeof(walked) / sizeof(*walked); i++) {
		if (&schema[walked[i].id] != k)
			continue;
		push(options, walked[i].make());
		if (walked[i].or_nothing)
			push(options, nothing());
		return true;
	}
	return false;
}

static json_t *value_schema(const struct schema_key *k)
{
	const struct shape *shape = &shapes[k->type];
	json_t *options = json_array(), *o;

	if (!push_walked(k, options)) {
		push_scalars(k, options);
		if (!(shape->is & IS_SECRET))
			push(options, ref("variable"));
		if (shape->is & OR_LIST) {
			json_t *items = json_deep_copy(options);

			push(options, list_of(any_of(items), shape->is & OR_NO_ITEM));
		}
	}
	o = any_of(options);
	put(o, "description", json_string(k->help));
	if (k->initial)
		put(o, "default", json_string(k->initial));
	return o;
}

/* The object of one place: its keys and no other. */
static json_t *place_schema(enum schema_place place)
{
	json_t *properties = json_object(), *required = json_array();
	json_t *o = json_pack("{s:s,s:b,s:o}", "type", "object", "additionalProperties", 0,
	                      "properties", properties);

	for (size_t i = 0; i < KEY_COUNT; i++) {
		const struct schema_key *k = &schema[i];

		if (!(k->where & place))
			continue;
		put(properties, k->key, value_schema(k));
		if (k->alias)
			put(properties, k->alias, value_schema(k));
		if (k->required)
			push(required, json_string(k->key));
	}
	if (json_array_size(required))
		put(o, "required", required);
	else
		json_decref(required);
	if (place == PLACE_SECRET || place == PLACE_CONDITION || place == PLACE_RANGE ||
	    place == PLACE_ADDRESS)
		put(o, "minProperties", json_integer(1));
	if (place == PLACE_SECRET)
		put(o, "maxProperties", json_integer(1));
	return o;
}

static json_t *document(void)
{
	json_t *definitions = json_object();
	json_t *is_policy = json_loads(
		"{\"anyOf\": [{\"required\": [\"routers\"]}, {\"required\": [\"router\"]}]}", 0,
		NULL);

	for (size_t i = 0; i < PLACES; i++)
		put(definitions, places[i].name, place_schema(places[i].place));
	put(definitions, "variable", string_schema("\\$\\{[A-Za-z0-9_-]+\\}"));
	return json_pack("{s:s,s:s,s:s,s:o,s:o,s:o,s:o}", "$schema",
	                 "http://json-schema.org/draft-07/schema#", "title",
	                 "rosaudit policy or profile", "type", "object", "if", is_policy, "then",
	                 ref("policy"), "else", ref("profile"), "definitions", definitions);
}

void config_json_schema(struct buf *out)
{
	json_t *doc = document();
	char *text = doc ? json_dumps(doc, JSON_INDENT(2) | JSON_ENSURE_ASCII) : NULL;

	if (text) {
		buf_puts(out, text);
		buf_putc(out, '\n');
	} else {
		out->overflow = true; /* out of memory: half a schema is none */
	}
	json_decref(doc);
	free(text);
}
