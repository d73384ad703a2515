/* Readers of port-map and scan. */
#include "values.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/catalogue.h"
#include "rosaudit/limits.h"
#include "rosaudit/portset.h"
#include "rosaudit/text.h"

/* Where each port was seen first, on either side of the map. */
struct seen_ports {
	const struct node *router[65536], *here[65536];
};

static int read_port(const struct reading *r, const struct node *n, const char *side, uint16_t *out)
{
	unsigned long v;

	if (n->kind != NODE_SCALAR || (n->n > 1 && n->text[0] == '0') ||
	    !text_to_uint(n->text, n->n, 1, 65535, &v))
		return reading_fault(
			r, n, NULL,
			"\"port-map\" in %s: %s must be a number from 1 to 65535, as in "
			"{22: 2222}",
			r->place, side);
	*out = (uint16_t)v;
	return 0;
}

static int read_port_pair(const struct reading *r, const struct node_pair *pair,
                          struct seen_ports *seen, struct port_pair *out)
{
	int result = read_port(r, pair->key, "the router's port", &out->router);

	result |= read_port(r, pair->value, "the port as seen from here", &out->here);
	if (result != 0)
		return -1;
	if (seen->router[out->router])
		return reading_fault(
			r, pair->key, NULL,
			"the key \"%s\" stands twice in \"port-map\" of %s; first on line "
			"%zu",
			pair->key->text, r->place, seen->router[out->router]->line);
	seen->router[out->router] = pair->key;
	if (seen->here[out->here])
		return reading_fault(
			r, pair->value, NULL,
			"\"port-map\" in %s leads the router's ports %s and %s to the same "
			"port %s",
			r->place, seen->here[out->here]->text, pair->key->text, pair->value->text);
	seen->here[out->here] = pair->key;
	return 0;
}

int value_read_port_map(const struct reading *r, const struct schema_key *k, const struct node *n,
                        void *base)
{
	/* As it stands in a target and in a vantage. */
	struct {
		struct port_pair *v;
		size_t n;
	} map = {NULL, n->n};
	int result = 0;

	if (n->kind != NODE_MAPPING)
		return reading_wrong(r, k, n, NULL);

	struct seen_ports *seen = mem_alloc(sizeof(*seen));

	map.v = arena_array(r->arena, n->n, sizeof(*map.v));
	for (size_t i = 0; i < n->n; i++)
		result |= read_port_pair(r, &n->pairs[i], seen, &map.v[i]);
	free(seen);
	memcpy((char *)base + k->offset, &map, sizeof(map));
	return result;
}

int value_read_scan(const struct reading *r, const struct schema_key *k, const struct node *n,
                    void *base)
{
	const char *hint = NULL;

	if (n->kind == NODE_MAPPING) {
		struct reading inner = *r;

		inner.place = arena_printf(r->arena, "\"scan\" of %s", r->place);
		return read_keys(&inner, PLACE_SCAN, n, base);
	}
	if (n->kind == NODE_SCALAR && !node_is_null(n) && n->n <= 60 && !strchr(n->text, ':'))
		hint = arena_printf(r->arena, "write scan: {ports: %s}", n->text);
	return reading_wrong(r, k, n, hint);
}

/* One item of a list, or the only value: a number, a range, a name: nmap's -p. */
static int add_ports(const struct reading *r, const struct schema_key *k, const struct node *n,
                     struct port_lists *lists)
{
	static const char *const words[] = {"routeros", "declared", "all", "none", NULL};
	static const struct port_reading how = {
		.tcp = true, .tcp_names = catalogue_lookup, .udp_names = catalogue_lookup_udp};
	const char *text = value_text(r, k, n);
	const char *near, *hint = NULL;
	struct error e = {0};
	struct node at;

	if (!text)
		return -1;
	if (port_lists_parse(text, n->n, &how, lists, &e) == 0)
		return 0;
	/* The fault's column inside the text, moved to the file's. */
	at = *n;
	if (e.column && !strpbrk(text, "\n\\\"'"))
		at.column += e.column - 1 + (n->quoted ? 1 : 0);
	near = text_nearest(text, words);
	if (near)
		hint = arena_printf(r->arena, "did you mean \"%s\"?", near);
	else if (e.hint[0])
		hint = e.hint;
	return reading_fault(r, &at, hint, "\"%s\" in %s: %s", k->key, r->place, e.text);
}

int value_read_scan_ports(const struct reading *r, const struct schema_key *k, const struct node *n,
                          void *base)
{
	static const char *const words[] = {
		[SCAN_ROUTEROS] = "routeros",
		[SCAN_DECLARED] = "declared",
		[SCAN_ALL] = "all",
		[SCAN_NONE] = "none",
	};
	struct target *t = &((struct layer *)base)->target;
	int result = 0;

	for (size_t i = 0; n->kind == NODE_SCALAR && i < sizeof(words) / sizeof(*words); i++) {
		if (!words[i] || strcmp(words[i], n->text) != 0)
			continue;
		t->scan_ports = (enum scan_ports)i;
		t->scan_list = NULL;
		return 0;
	}
	if (n->kind == NODE_MAPPING || (n->kind == NODE_LIST && n->n == 0))
		return reading_wrong(r, k, n, NULL);
	t->scan_ports = SCAN_LIST;
	t->scan_list = arena_alloc(r->arena, sizeof(*t->scan_list));
	if (n->kind == NODE_SCALAR)
		return add_ports(r, k, n, t->scan_list);
	for (size_t i = 0; i < n->n; i++)
		result |= add_ports(r, k, n->items[i], t->scan_list);
	return result;
}
