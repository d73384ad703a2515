/*
 * YAML to a tree of nodes. The only user of libyaml.
 *
 * The tree is built from libyaml's events and not from its documents, because a document is
 * complete before anybody can look at it: nesting, nodes and anchors must be limited while they
 * are read.
 */
#include "yaml.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "rosaudit/limits.h"

/* A name given with & and the node that * will stand for. */
struct anchor {
	const char *name;
	const struct node *node; /* NULL while it is still being read */
};

struct yaml_reader {
	yaml_parser_t parser;
	const char *p;
	size_t n;
	const char *where;
	struct arena *arena;
	size_t nodes;              /* read so far, aliases followed */
	const yaml_mark_t *braces; /* where the innermost [ or { opens; NULL outside of any */
	struct anchor anchors[LIMIT_YAML_ANCHORS];
	size_t anchors_n;
	struct error *err;
};

static const struct node *node_read(struct yaml_reader *r, yaml_event_t *event, size_t depth);

bool node_is_null(const struct node *n)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL"};

	if (n->kind != NODE_SCALAR || n->quoted)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(n->text, words[i]) == 0)
			return true;
	return false;
}

static int fault(struct yaml_reader *r, const yaml_mark_t *at, const char *text)
{
	return error_set_at(r->err, ERROR_CONFIG, r->where, at->line + 1, at->column + 1, "%s",
	                    text);
}

static int next_event(struct yaml_reader *r, yaml_event_t *event)
{
	if (yaml_parser_parse(&r->parser, event))
		return 0;

	const yaml_parser_t *y = &r->parser;
	struct yaml_problem problem = {
		.problem = y->problem ? y->problem : "",
		.context = y->context,
		.line = y->problem_mark.line + 1,
		.column = y->problem_mark.column + 1,
		.context_line = y->context_mark.line + 1,
		.context_column = y->context_mark.column + 1,
	};

	return yaml_explain(&problem, r->p, r->n, r->where, r->err);
}

static struct node *node_new(struct yaml_reader *r, enum node_kind kind, const yaml_mark_t *at)
{
	struct node *node = arena_alloc(r->arena, sizeof *node);

	node->kind = kind;
	node->line = at->line + 1;
	node->column = at->column + 1;
	node->weight = 1;
	node->height = 1;
	return node;
}

/* Counts a branch that is added below a node at that depth. */
static int count(struct yaml_reader *r, const struct node *child, size_t depth,
                 const yaml_mark_t *at)
{
	r->nodes += child->weight;
	if (r->nodes > LIMIT_YAML_NODES)
		return fault(
			r, at,
			"the file grows too large here, aliases followed; at most 100000 values "
			"are read");
	if (depth + child->height > LIMIT_YAML_DEPTH)
		return fault(r, at, "the file is nested too deep here; at most 32 levels are read");
	return 0;
}

static void adopt(struct node *parent, const struct node *child)
{
	parent->weight += child->weight;
	if (parent->height < child->height + 1)
		parent->height = child->height + 1;
}

/* Remembers &name. The slot is filled when its node is complete. */
static int anchor_open(struct yaml_reader *r, const yaml_char_t *name, const yaml_mark_t *at,
                       size_t *slot)
{
	*slot = SIZE_MAX;
	if (!name)
		return 0;
	if (r->anchors_n == LIMIT_YAML_ANCHORS)
		return fault(r, at, "the file has too many anchors (&name); at most 256 are read");
	*slot = r->anchors_n++;
	r->anchors[*slot] = (struct anchor){arena_strdup(r->arena, (const char *)name), NULL};
	return 0;
}

static void anchor_close(struct yaml_reader *r, size_t slot, const struct node *node)
{
	if (slot != SIZE_MAX)
		r->anchors[slot].node = node;
}

static const struct node *alias_read(struct yaml_reader *r, const yaml_event_t *event, size_t depth)
{
	const char *name = (const char *)event->data.alias.anchor;
	const yaml_mark_t *at = &event->start_mark;
	const struct anchor *found = NULL;

	/* A later anchor of the same name hides an earlier one (YAML 1.1, 3.2.2.2). */
	for (size_t i = 0; i < r->anchors_n; i++)
		if (strcmp(r->anchors[i].name, name) == 0)
			found = &r->anchors[i];
	if (!found) {
		/* The name is not told: it may be a password that begins with *. */
		fault(r, at,
		      "an alias (*name) stands here, but no anchor (&name) of that name before "
		      "it");
		error_hint(r->err, "a value that begins with * needs quotes");
		return NULL;
	}
	if (!found->node) {
		fault(r, at, "an alias stands inside the value that it names");
		return NULL;
	}
	return count(r, found->node, depth, at) == 0 ? found->node : NULL;
}

/* Tags such as !!int would change what a value means; only those that say nothing new are taken. */
static int tag_check(struct yaml_reader *r, const yaml_char_t *tag, const char *usual,
                     const yaml_mark_t *at)
{
	if (!tag || strcmp((const char *)tag, "!") == 0 || strcmp((const char *)tag, usual) == 0)
		return 0;
	fault(r, at,
	      "a tag (a word that begins with \"!\") stands before this value; none is "
	      "known here");
	return error_hint(r->err, "leave the tag out, or put the value in quotes");
}

/* A value over several lines without quotes. It is what a missing ": " or "," swallows, and a
 * password may be in it: refused here, so that nothing later quotes it. */
static int fault_lines(struct yaml_reader *r, const yaml_mark_t *at)
{
	if (r->braces)
		return fault(r, r->braces, "the [ or { that opens here lacks a \",\" or its end");
	fault(r, at,
	      "the value that begins here goes on over several lines; a \":\" or the blank behind "
	      "it "
	      "may be missing, or a line is indented too far");
	return error_hint(r->err, "a value that is meant so needs quotes");
}

static const struct node *scalar_read(struct yaml_reader *r, const yaml_event_t *event,
                                      size_t depth)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t n = event->data.scalar.length;
	size_t slot;

	if (tag_check(r, event->data.scalar.tag, YAML_STR_TAG, &event->start_mark) != 0 ||
	    anchor_open(r, event->data.scalar.anchor, &event->start_mark, &slot) != 0)
		return NULL;
	if (memchr(text, '\0', n)) {
		fault(r, &event->start_mark, "a value holds a NUL character (\\0)");
		return NULL;
	}

	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	    event->end_mark.line != event->start_mark.line) {
		fault_lines(r, &event->start_mark);
		return NULL;
	}

	struct node *node = node_new(r, NODE_SCALAR, &event->start_mark);

	node->text = arena_strndup(r->arena, text, n);
	node->n = n;
	node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	anchor_close(r, slot, node);
	return count(r, node, depth, &event->start_mark) == 0 ? node : NULL;
}

static void list_add(struct yaml_reader *r, struct node *list, size_t *cap, const struct node *item)
{
	if (list->n == *cap) {
		size_t cap_new = *cap ? *cap * 2 : 4;

		list->items =
			arena_grow(r->arena, list->items, list->n, cap_new, sizeof *list->items);
		*cap = cap_new;
	}
	list->items[list->n++] = item;
	adopt(list, item);
}

static int list_fill(struct yaml_reader *r, struct node *list, size_t depth)
{
	size_t cap = 0;

	for (;;) {
		yaml_event_t event;

		if (next_event(r, &event) != 0)
			return -1;

		bool end = event.type == YAML_SEQUENCE_END_EVENT;
		const struct node *item = end ? NULL : node_read(r, &event, depth);

		yaml_event_delete(&event);
		if (end)
			return 0;
		if (!item)
			return -1;
		list_add(r, list, &cap, item);
	}
}

static void mapping_add(struct yaml_reader *r, struct node *map, size_t *cap,
                        const struct node_pair *pair)
{
	if (map->n == *cap) {
		size_t cap_new = *cap ? *cap * 2 : 4;

		map->pairs = arena_grow(r->arena, map->pairs, map->n, cap_new, sizeof *map->pairs);
		*cap = cap_new;
	}
	map->pairs[map->n++] = *pair;
	adopt(map, pair->key);
	adopt(map, pair->value);
}

static int mapping_fill(struct yaml_reader *r, struct node *map, size_t depth)
{
	size_t cap = 0;
	struct node_pair pair = {0};

	for (;;) {
		yaml_event_t event;

		if (next_event(r, &event) != 0)
			return -1;

		bool end = event.type == YAML_MAPPING_END_EVENT;
		const struct node *node = end ? NULL : node_read(r, &event, depth);

		yaml_event_delete(&event);
		if (end)
			return 0;
		if (!node)
			return -1;
		if (!pair.key) {
			pair.key = node;
			continue;
		}
		pair.value = node;
		mapping_add(r, map, &cap, &pair);
		pair = (struct node_pair){0};
	}
}

static const struct node *collection_read(struct yaml_reader *r, const yaml_event_t *event,
                                          size_t depth)
{
	bool is_list = event->type == YAML_SEQUENCE_START_EVENT;
	const yaml_char_t *tag =
		is_list ? event->data.sequence_start.tag : event->data.mapping_start.tag;
	const yaml_char_t *anchor =
		is_list ? event->data.sequence_start.anchor : event->data.mapping_start.anchor;
	const yaml_mark_t *braces = r->braces;
	bool is_flow = is_list ? event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
	                       : event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
	size_t slot;

	if (tag_check(r, tag, is_list ? YAML_SEQ_TAG : YAML_MAP_TAG, &event->start_mark) != 0 ||
	    anchor_open(r, anchor, &event->start_mark, &slot) != 0)
		return NULL;

	struct node *node = node_new(r, is_list ? NODE_LIST : NODE_MAPPING, &event->start_mark);

	if (count(r, node, depth, &event->start_mark) != 0)
		return NULL;
	r->braces = is_flow ? &event->start_mark : braces;
	if ((is_list ? list_fill(r, node, depth + 1) : mapping_fill(r, node, depth + 1)) != 0)
		return NULL;
	r->braces = braces;
	anchor_close(r, slot, node);
	return node;
}

/* The node that the event begins; NULL after a fault. depth = levels above it. */
static const struct node *node_read(struct yaml_reader *r, yaml_event_t *event, size_t depth)
{
	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return alias_read(r, event, depth);
	case YAML_SCALAR_EVENT:
		return scalar_read(r, event, depth);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return collection_read(r, event, depth);
	default:
		fault(r, &event->start_mark,
		      "the YAML parser gave an event that has no place here");
		return NULL;
	}
}

/* Walks stream and document markers; hands the one document's root over. */
static int stream_read(struct yaml_reader *r, const struct node **root)
{
	size_t documents = 0;

	for (;;) {
		yaml_event_t event;
		int result = 0;

		if (next_event(r, &event) != 0)
			return -1;

		yaml_event_type_t type = event.type;

		if (type == YAML_DOCUMENT_START_EVENT && ++documents > 1) {
			result = fault(r, &event.start_mark,
			               "a second YAML document begins here; a file holds one");
			error_hint(r->err, "take the line \"---\" out, or make two files");
		} else if (documents && type != YAML_DOCUMENT_START_EVENT &&
		           type != YAML_DOCUMENT_END_EVENT && type != YAML_STREAM_END_EVENT) {
			*root = node_read(r, &event, 0);
			result = *root ? 0 : -1;
		}
		yaml_event_delete(&event);
		if (result != 0)
			return -1;
		if (type == YAML_STREAM_END_EVENT)
			return 0;
	}
}

int yaml_read(const char *p, size_t n, const char *where, struct arena *arena,
              const struct node **root, struct error *err)
{
	*root = NULL;
	if (n > LIMIT_YAML_BYTES)
		return error_set_at(err, ERROR_CONFIG, where, 0, 0,
		                    "the file is larger than 1 MiB; that is no policy");
	if (yaml_check_text(p, n, where, err) != 0)
		return -1;

	struct yaml_reader *r = mem_alloc(sizeof *r);
	int result = -1;

	r->p = p;
	r->n = n;
	r->where = where;
	r->arena = arena;
	r->err = err;
	if (!yaml_parser_initialize(&r->parser)) {
		error_set(err, ERROR_SYSTEM, "the YAML parser could not be started");
		goto out;
	}
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser, (const unsigned char *)p, n);
	result = stream_read(r, root);
	yaml_parser_delete(&r->parser);
out:
	if (result != 0)
		*root = NULL;
	free(r);
	return result;
}
