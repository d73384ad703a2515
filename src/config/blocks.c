/* The lists of a policy: `when:` and `waivers:`. */
#include <string.h>

#include "load.h"

static int read_block(const struct reading *r, const struct node *n, struct layer *l)
{
	struct reading inner = *r;
	struct layer block = {0};
	struct condition *c;
	int result;

	inner.place = arena_printf(r->arena, "\"when\" of %s", r->place);
	if (n->kind != NODE_MAPPING)
		return reading_fault(r, n, NULL,
		                     "an item of %s must be keys such as version: \">=7.19\" and "
		                     "services:",
		                     inner.place);
	result = read_keys(&inner, PLACE_WHEN, n, &block);
	if (!block.condition.version_n && !block.condition.board.n && !block.condition.name.n &&
	    !block.condition.group.n && result == 0 && !(vars_in_block(n) && !r->vars))
		result = reading_fault(&inner, n, "version, board, name or group",
		                       "an item of %s lacks a condition", inner.place);
	c = arena_alloc(r->arena, sizeof(*c));
	*c = block.condition;
	c->origin = reading_origin(r, n);
	block.part.when = c;
	if (block.at[KEY_UNLISTED].file) {
		block.part.unlisted = block.target.policy.unlisted;
		block.part.unlisted_at = block.at[KEY_UNLISTED];
	}
	result |= services_read(&inner, block.services_node, &block.part);
	result |= ports_read(&inner, block.ports_node, &block.part);
	result |= exposure_read(&inner, block.exposure_node, &block.part);
	l->blocks =
		arena_grow(r->arena, l->blocks, l->blocks_n, l->blocks_n + 1, sizeof(*l->blocks));
	l->blocks[l->blocks_n++] = block.part;
	return result;
}

static int read_waiver(const struct reading *r, const struct node *n, struct layer *l)
{
	struct reading inner = *r;
	struct waiver w = {.port_first = -1, .port_last = -1, .origin = reading_origin(r, n)};
	int result;

	inner.place = "this waiver";
	if (n->kind != NODE_MAPPING)
		return reading_fault(r, n, NULL,
		                     "a waiver must be keys such as rule: RA102 and reason: TEXT");
	result = read_keys(&inner, PLACE_WAIVER, n, &w);
	if (result == 0 && !w.rule && !w.service && w.port_first < 0 &&
	    !(vars_in_block(n) && !r->vars))
		result = reading_fault(r, n, "say rule, service or port",
		                       "this waiver would accept every finding");
	l->waivers = arena_grow(r->arena, l->waivers, l->waivers_n, l->waivers_n + 1,
	                        sizeof(*l->waivers));
	l->waivers[l->waivers_n++] = w;
	return result;
}

bool vars_in_block(const struct node *map)
{
	for (size_t i = 0; i < map->n; i++)
		if (vars_used(map->pairs[i].value))
			return true;
	return false;
}

int layer_read_policy(const struct reading *r, struct layer *l)
{
	const struct node *when = l->when_node, *waivers = l->waivers_node;
	int result = services_read(r, l->services_node, &l->part);

	result |= ports_read(r, l->ports_node, &l->part);
	result |= exposure_read(r, l->exposure_node, &l->part);
	result |= prefixes_read(r, l->prefixes_node, l);
	if (l->at[KEY_UNLISTED].file) {
		l->part.unlisted = l->target.policy.unlisted;
		l->part.unlisted_at = l->at[KEY_UNLISTED];
	}
	for (size_t i = 0; when && when->kind == NODE_LIST && i < when->n; i++)
		result |= read_block(r, when->items[i], l);
	for (size_t i = 0; waivers && waivers->kind == NODE_LIST && i < waivers->n; i++)
		result |= read_waiver(r, waivers->items[i], l);
	return result | vars_check(r, l->vars);
}
