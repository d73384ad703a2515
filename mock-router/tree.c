/* The scenario file as a tree. */
#include "tree.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct tree {
	yaml_document_t document;
	const char *path;
	struct text *complaint;
};

struct tree *tree_load(const char *path, struct text *complaint)
{
	struct tree *y = mem_zero(1, sizeof(*y));
	FILE *f = fopen(path, "rb");
	yaml_parser_t parser;

	*y = (struct tree){.path = path, .complaint = complaint};
	if (f == NULL) {
		text_addf(complaint, "%s: %s", path, strerror(errno));
		free(y);
		return NULL;
	}
	yaml_parser_initialize(&parser);
	yaml_parser_set_input_file(&parser, f);
	if (!yaml_parser_load(&parser, &y->document)) {
		text_addf(complaint, "%s:%zu:%zu: %s", path, parser.problem_mark.line + 1,
		          parser.problem_mark.column + 1, parser.problem);
		free(y);
		y = NULL;
	} else if (yaml_document_get_root_node(&y->document) == NULL) {
		text_addf(complaint, "%s: the file is empty", path);
		tree_free(y);
		y = NULL;
	}
	yaml_parser_delete(&parser);
	fclose(f);
	return y;
}

void tree_free(struct tree *y)
{
	if (y == NULL)
		return;
	yaml_document_delete(&y->document);
	free(y);
}

/* libyaml's accessors take a pointer to non-const, though they only read. */
static yaml_document_t *document_of(const struct tree *y)
{
	return (yaml_document_t *)(uintptr_t)&y->document;
}

struct tree_at tree_root(const struct tree *y)
{
	return (struct tree_at){y, yaml_document_get_root_node(document_of(y))};
}

int tree_complain(struct tree_at at, const char *what)
{
	const yaml_node_t *node = at.node;

	if (at.file->complaint->n == 0)
		text_addf(at.file->complaint, "%s:%zu:%zu: %s", at.file->path,
		          node->start_mark.line + 1, node->start_mark.column + 1, what);
	return -1;
}

const char *tree_scalar(struct tree_at at)
{
	const yaml_node_t *node = at.node;

	return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

bool tree_is_list(struct tree_at at)
{
	return ((const yaml_node_t *)at.node)->type == YAML_SEQUENCE_NODE;
}

size_t tree_count(struct tree_at at)
{
	const yaml_node_t *node = at.node;

	if (node->type == YAML_SEQUENCE_NODE)
		return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
	if (node->type == YAML_MAPPING_NODE)
		return (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
	return 0;
}

struct tree_at tree_item(struct tree_at at, size_t i)
{
	const yaml_node_t *node = at.node;
	int index = node->data.sequence.items.start[i];

	return (struct tree_at){at.file, yaml_document_get_node(document_of(at.file), index)};
}

const char *tree_pair(struct tree_at at, size_t i, struct tree_at *value)
{
	const yaml_node_t *node = at.node;
	const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
	struct tree_at key = {at.file, yaml_document_get_node(document_of(at.file), pair->key)};
	const char *name = tree_scalar(key);

	*value = (struct tree_at){at.file,
	                          yaml_document_get_node(document_of(at.file), pair->value)};
	return name == NULL ? "" : name;
}

int tree_take(struct tree_at at, const struct tree_key *keys, void *into)
{
	const yaml_node_t *node = at.node;

	if (node->type != YAML_MAPPING_NODE)
		return tree_complain(at, "a mapping belongs here");
	for (size_t i = 0; i < tree_count(at); i++) {
		struct tree_at value;
		const char *name = tree_pair(at, i, &value);
		const struct tree_key *k = keys;
		char what[160];

		while (k->name != NULL && strcmp(k->name, name) != 0)
			k++;
		snprintf(what, sizeof(what), "unknown key '%.100s' before this", name);
		if (k->name == NULL)
			return tree_complain(value, what);
		if (k->take(value, into) != 0)
			return -1;
	}
	return 0;
}

int tree_take_string(struct tree_at at, char **out)
{
	const char *s = tree_scalar(at);

	if (s == NULL)
		return tree_complain(at, "a plain value belongs here");
	free(*out);
	*out = mem_copy(s);
	return 0;
}

int tree_take_number(struct tree_at at, long least, long most, int *out)
{
	const char *s = tree_scalar(at);
	char *end = NULL;
	long v = s == NULL ? 0 : strtol(s, &end, 10);
	char what[80];

	snprintf(what, sizeof(what), "a number from %ld to %ld belongs here", least, most);
	if (s == NULL || end == s || *end != '\0' || v < least || v > most)
		return tree_complain(at, what);
	*out = (int)v;
	return 0;
}

int tree_take_flag(struct tree_at at, bool *out)
{
	const char *s = tree_scalar(at);

	if (s == NULL)
		return tree_complain(at, "yes or no belongs here");
	*out = strcmp(s, "yes") == 0 || strcmp(s, "true") == 0;
	if (!*out && strcmp(s, "no") != 0 && strcmp(s, "false") != 0)
		return tree_complain(at, "yes or no belongs here");
	return 0;
}
