/* What is expected of ports that are no service: reading it. */
#include <string.h>

#include "load.h"
#include "rosaudit/catalogue.h"
#include "values.h"

static int wrong_port(const struct reading *r, const struct node *key)
{
	struct number_range plain;
	const char *hint = NULL;

	if (value_range(key->text, 1, 65535, &plain))
		hint = arena_printf(r->arena, "write %s/tcp or %s/udp", key->text, key->text);
	else if (catalogue_find(key->text, L4_UNKNOWN))
		hint = arena_printf(r->arena, "\"%s\" belongs in \"services\"", key->text);
	return reading_fault(r, key, hint,
	                     "the key %sin %s must be a port such as 2000/tcp, or a range such as "
	                     "5000-5999/udp",
	                     quoted_key(r, key), r->place);
}

/* What one port alone can be asked, and what can never be answered. */
static int check_port(const struct reading *r, const struct node *key, const struct expect_port *p)
{
	if (p->say.expect == EXPECT_REQUIRED && p->first != p->last)
		return reading_fault(
			r, key, NULL,
			"%s: required is for one port; a range can be forbidden, allowed "
			"or ignored",
			r->place);
	return 0;
}

static int read_port(const struct reading *r, const struct node_pair *pair,
                     struct policy_part *part)
{
	const char *name = read_key_text(r, pair->key);
	struct reading inner = *r;
	struct expect_port p = {.say = {.port = -1, .max_sessions = -1}};
	const struct expect_port *before;

	if (!name)
		return -1;
	if (!value_port_id(name, &p.first, &p.last, &p.udp))
		return wrong_port(r, pair->key);
	before = part_find_port(part, &p);
	if (before) {
		struct node first = {.line = before->say.origin.line};

		return read_repeated(r, pair->key, &first);
	}
	p.say.name = name;
	p.say.origin = reading_origin(r, pair->key);
	inner.place = arena_printf(r->arena, "port \"%s\"", name);

	int result = entry_read(&inner, PLACE_PORT, pair->value, &p.say);

	part_add_port(r->arena, part, &p);
	return result != 0 ? result : check_port(&inner, pair->key, &p);
}

int ports_read(const struct reading *r, const struct node *n, struct policy_part *part)
{
	struct reading inner = *r;
	int result = 0;

	if (!n || n->kind != NODE_MAPPING)
		return 0;
	inner.place = arena_printf(r->arena, "\"ports\" of %s", r->place);
	for (size_t i = 0; i < n->n; i++)
		result |= read_port(&inner, &n->pairs[i], part);
	return result;
}
