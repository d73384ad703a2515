/* Readers of plain values: texts, paths, choices, yes and no, numbers, times. */
#include "values.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "rosaudit/text.h"

/* Longer than any name, path or command that a person writes. */
#define TEXT_MAX 1024u

size_t text_cut(const char *s, size_t max)
{
	size_t n = strlen(s);

	if (n <= max)
		return n;
	while (max > 0 && ((unsigned char)s[max] & 0xc0) == 0x80)
		max--;
	return max;
}

/* By the member's width, so that one reader serves bool, uint16_t, int, enum and long. */
void value_store(const struct schema_key *k, void *base, unsigned long v)
{
	char *to = (char *)base + k->offset;

	if (k->size == sizeof(bool)) {
		*(bool *)to = v != 0;
	} else if (k->size == sizeof(uint16_t)) {
		*(uint16_t *)to = (uint16_t)v;
	} else if (k->size == sizeof(long)) {
		*(long *)to = (long)v;
	} else {
		unsigned u =
			(unsigned)v; /* int, and enums, which gcc and clang store as unsigned */

		memcpy(to, &u, sizeof(u));
	}
}

void value_store_text(const struct schema_key *k, void *base, const char *v)
{
	memcpy((char *)base + k->offset, &v, sizeof(v));
}

const char *path_join(struct arena *arena, const char *file, const char *path)
{
	const char *slash = strrchr(file, '/');

	if (path[0] == '/' || path[0] == '~' || !slash || strcmp(path, "-") == 0)
		return arena_strdup(arena, path);
	return arena_printf(arena, "%.*s%s", (int)(slash + 1 - file), file, path);
}

const char *value_text(const struct reading *r, const struct schema_key *k, const struct node *n)
{
	const char *bad = NULL;

	if (n->kind != NODE_SCALAR || node_is_null(n) || n->n == 0) {
		reading_wrong(r, k, n, NULL);
		return NULL;
	}
	if (n->n > TEXT_MAX)
		bad = "is longer than 1024 bytes";
	for (size_t i = 0; i < n->n; i++)
		if ((unsigned char)n->text[i] < 0x20 || n->text[i] == 0x7f)
			bad = "holds a line break or another control character";
	if (!bad)
		return n->text;
	reading_fault(r, n, NULL, "\"%s\" in %s %s", k->key, r->place, bad);
	return NULL;
}

static int read_text(const struct reading *r, const struct schema_key *k, const struct node *n,
                     void *base)
{
	const char *text = value_text(r, k, n);

	if (!text)
		return -1;
	value_store_text(k, base, text);
	return 0;
}

static int read_path(const struct reading *r, const struct schema_key *k, const struct node *n,
                     void *base)
{
	const char *text = value_text(r, k, n);

	if (!text)
		return -1;
	value_store_text(k, base, path_join(r->arena, r->file, text));
	return 0;
}

/* Words that people write for `transport`, and what they mean; for others the nearest choice. */
static const char *choice_hint(const struct reading *r, const struct schema_key *k,
                               const char *word)
{
	const char *near = text_nearest(word, k->choices);

	if (strcmp(k->key, "transport") != 0)
		return near ? arena_printf(r->arena, "did you mean \"%s\"?", near) : NULL;
	if (strcasecmp(word, "http") == 0)
		return "for plain http write transport: rest and scheme: http";
	if (strcasecmp(word, "https") == 0 || strcasecmp(word, "api") == 0)
		return "REST over https is transport: rest";
	return NULL;
}

static int choice_index(const struct reading *r, const struct schema_key *k, const struct node *n)
{
	bool is_text = n->kind == NODE_SCALAR && !node_is_null(n);

	for (int i = 0; is_text && k->choices[i]; i++)
		if (strcmp(k->choices[i], n->text) == 0)
			return i;
	return reading_wrong(r, k, n, is_text ? choice_hint(r, k, n->text) : NULL);
}

static int read_choice(const struct reading *r, const struct schema_key *k, const struct node *n,
                       void *base)
{
	int i = choice_index(r, k, n);

	if (i < 0)
		return -1;
	value_store(k, base, k->min + (unsigned long)i);
	return 0;
}

int value_bool(const struct node *n)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};

	if (n->kind != NODE_SCALAR)
		return -1;
	for (int i = 0; i < (int)(sizeof(words) / sizeof(*words)); i++)
		if (strcasecmp(words[i], n->text) == 0)
			return i & 1;
	return -1;
}

static int read_bool(const struct reading *r, const struct schema_key *k, const struct node *n,
                     void *base)
{
	int v = value_bool(n);

	if (v < 0)
		return reading_wrong(r, k, n, NULL);
	value_store(k, base, k->type == VALUE_TRI ? tri_of(v) : (unsigned long)v);
	return 0;
}

static int read_number(const struct reading *r, const struct schema_key *k, const struct node *n,
                       void *base)
{
	unsigned long v;

	/* 022 is eighteen in YAML 1.1 and twenty-two to everybody else: refused. */
	if (n->kind != NODE_SCALAR || (n->n > 1 && n->text[0] == '0') ||
	    !text_to_uint(n->text, n->n, k->min, k->max, &v))
		return reading_wrong(r, k, n, NULL);
	value_store(k, base, v);
	return 0;
}

/* Milliseconds of one unit; the empty one is seconds. */
static unsigned long unit_ms(const char *unit)
{
	static const struct {
		const char *name;
		unsigned long ms;
	} units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60000}, {"h", 3600000}};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strcmp(units[i].name, unit) == 0)
			return units[i].ms;
	return 0;
}

static int read_time(const struct reading *r, const struct schema_key *k, const struct node *n,
                     void *base)
{
	size_t digits = n->kind == NODE_SCALAR ? strspn(n->text, "0123456789") : 0;
	unsigned long v, ms = digits ? unit_ms(n->text + digits) : 0;

	if (!ms || !text_to_uint(n->text, digits, 1, k->max / ms, &v))
		return reading_wrong(r, k, n, NULL);
	value_store(k, base, v * ms);
	return 0;
}

/* Kept for the loader, which walks it; `key:` without a value is an empty one. */
static int read_node(const struct reading *r, const struct schema_key *k, const struct node *n,
                     void *base)
{
	enum node_kind kind = k->type == VALUE_LIST ? NODE_LIST : NODE_MAPPING;
	const char *hint = NULL;

	if (n->kind != kind && !node_is_null(n)) {
		if (k->type == VALUE_LIST && strcmp(k->key, "routers") != 0)
			hint = "begin each item with \"- \"";
		else if (k->type == VALUE_LIST)
			hint = "begin each item with \"- \"; a single router may be written below "
			       "\"router:\"";
		else if (strcmp(k->key, "router") == 0)
			hint = "several routers go below \"routers:\"";
		return reading_wrong(r, k, n, hint);
	}
	memcpy((char *)base + k->offset, &n, sizeof(n));
	return 0;
}

static value_reader *const readers[VALUE_TYPES] = {
	[VALUE_TEXT] = read_text,
	[VALUE_PATH] = read_path,
	[VALUE_HOST] = value_read_host,
	[VALUE_HOSTS] = value_read_hosts,
	[VALUE_ADDRESS] = value_read_address,
	[VALUE_CHOICE] = read_choice,
	[VALUE_BOOL] = read_bool,
	[VALUE_TRI] = read_bool,
	[VALUE_REACHABLE] = value_read_reachable,
	[VALUE_PORT] = read_number,
	[VALUE_INT] = read_number,
	[VALUE_NUMBERS] = value_read_numbers,
	[VALUE_WORDS] = value_read_words,
	[VALUE_GLOBS] = value_read_globs,
	[VALUE_NAMES] = value_read_names,
	[VALUE_GLOB] = value_read_glob,
	[VALUE_LINK] = value_read_link,
	[VALUE_VERSION] = value_read_version,
	[VALUE_CONDITION] = value_read_condition,
	[VALUE_RULE] = value_read_rule,
	[VALUE_PORT_ID] = value_read_port_id,
	[VALUE_DATE] = value_read_date,
	[VALUE_TIME] = read_time,
	[VALUE_SECRET] = value_read_secret,
	[VALUE_SECRET_TEXT] = value_read_secret_text,
	[VALUE_SECRET_PATH] = value_read_secret_path,
	[VALUE_SECRET_PROMPT] = value_read_secret_prompt,
	[VALUE_HOST_KEY] = value_read_host_key,
	[VALUE_PIN] = value_read_pin,
	[VALUE_PORT_MAP] = value_read_port_map,
	[VALUE_PREFIXES] = value_read_prefixes,
	[VALUE_ACCESS] = value_read_access,
	[VALUE_SOURCES] = value_read_sources,
	[VALUE_SCAN] = value_read_scan,
	[VALUE_SCAN_PORTS] = value_read_scan_ports,
	[VALUE_VANTAGES] = value_read_vantages,
	[VALUE_MAPPING] = read_node,
	[VALUE_LIST] = read_node,
};

int value_read(const struct reading *r, const struct schema_key *k, const struct node *n,
               void *base)
{
	return readers[k->type](r, k, n, base);
}
