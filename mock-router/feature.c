/* Menus beyond /ip service, in memory. */
#include "feature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void features_done(struct features *f)
{
	for (size_t i = 0; i < f->n; i++) {
		struct feature *one = &f->v[i];

		for (size_t k = 0; k < one->n; k++) {
			for (size_t c = 0; c < one->item[k].n; c++) {
				free(one->item[k].field[c].name);
				free(one->item[k].field[c].value);
			}
			free(one->item[k].field);
		}
		free(one->item);
		free(one->path);
		free(one->rest);
	}
	free(f->v);
	*f = (struct features){0};
}

const struct feature *feature_find(const struct features *f, const char *path)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->v[i].path, path) == 0)
			return f->v[i].state == FEATURE_MISSING ? NULL : &f->v[i];
	return NULL;
}

bool feature_leads(const struct features *f, const char *path)
{
	size_t n = strlen(path);

	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].state != FEATURE_MISSING && strncmp(f->v[i].path, path, n) == 0 &&
		    (f->v[i].path[n] == '\0' || f->v[i].path[n] == ' '))
			return true;
	return false;
}

bool feature_is_slow(const struct features *f, const char *line)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].state == FEATURE_SLOW && strstr(line, f->v[i].path) != NULL)
			return true;
	return false;
}

struct feature *feature_add(struct features *f, const char *path, bool single)
{
	struct feature *one;
	struct text rest = {0};

	f->v = mem_grow(f->v, f->n, sizeof(*f->v));
	one = &f->v[f->n++];
	text_addf(&rest, "/rest/%s", path);
	for (char *p = rest.p; *p != '\0'; p++)
		if (*p == ' ')
			*p = '/';
	*one = (struct feature){.path = mem_copy(path), .rest = rest.p, .single = single};
	return one;
}

struct feature_item *feature_add_item(struct feature *one)
{
	/* Doubling: a blocklist has 100,000. */
	if ((one->n & (one->n - 1)) == 0) {
		struct feature_item *grown = mem_zero(one->n == 0 ? 1 : one->n * 2, sizeof(*grown));

		if (one->n > 0)
			memcpy(grown, one->item, one->n * sizeof(*grown));
		free(one->item);
		one->item = grown;
	}
	return &one->item[one->n++];
}

void feature_set(struct feature_item *item, const char *name, const char *value)
{
	size_t at = 0;

	while (at < item->n && strcmp(item->field[at].name, name) < 0)
		at++;
	if (at < item->n && strcmp(item->field[at].name, name) == 0) {
		free(item->field[at].value);
		item->field[at].value = mem_copy(value);
		return;
	}
	item->field = mem_grow(item->field, item->n, sizeof(*item->field));
	memmove(&item->field[at + 1], &item->field[at], (item->n - at) * sizeof(*item->field));
	item->field[at] = (struct feature_field){.name = mem_copy(name), .value = mem_copy(value)};
	item->n++;
}

const char *feature_get(const struct feature_item *item, const char *name)
{
	for (size_t i = 0; i < item->n; i++)
		if (strcmp(item->field[i].name, name) == 0)
			return item->field[i].value;
	return NULL;
}

bool feature_flag(const struct feature_item *item, const char *name)
{
	const char *value = feature_get(item, name);

	return value != NULL && (strcmp(value, "yes") == 0 || strcmp(value, "true") == 0);
}

void feature_id(size_t index, char out[24])
{
	snprintf(out, 24, "*%zX", index + 1);
}

size_t feature_index(const struct feature *one, const char *id)
{
	char *end;
	unsigned long v = *id == '*' ? strtoul(id + 1, &end, 16) : 0;

	return v >= 1 && v <= one->n && *end == '\0' ? v - 1 : one->n;
}

/* Properties that are words beside yes and no, so that no boolean is made of them. Unverified: that
 * each of them keeps its word in get and in REST. */
static bool is_word(const struct feature *one, const char *name)
{
	static const char *const words[][2] = {
		{"ip smb", "enabled"},
		{"ip cloud", "ddns-enabled"},
		{"ip firewall connection tracking", "enabled"},
		{"interface l2tp-server server", "use-ipsec"},
		{"ip settings", "rp-filter"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i][0], one->path) == 0 && strcmp(words[i][1], name) == 0)
			return true;
	return false;
}

const char *feature_value(const struct feature *one, const struct feature_field *field)
{
	if (is_word(one, field->name))
		return field->value;
	if (strcmp(field->value, "yes") == 0)
		return "true";
	return strcmp(field->value, "no") == 0 ? "false" : field->value;
}
