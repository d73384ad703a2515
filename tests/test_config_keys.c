/*
 * One fixture uses every key of the schema table, so that a key which is added and read by no test
 * is found: the walk marks the row of each key that stands in the policy and in its profiles.
 */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "src/config/schema.h"
#include "src/config/yaml.h"

#define FOLDER "tests/fixtures/config/ok-policy-every-key"

/* What lies below a key: keys of another place, in the value itself, in its items or its values. */
enum below { ITSELF, ITEMS, VALUES };

static const struct {
	enum schema_id id;
	enum below below;
	enum schema_place place;
} nested[] = {
	{KEY_ROUTERS, ITEMS, PLACE_ROUTER},
	{KEY_ROUTER, ITSELF, PLACE_ROUTER},
	{KEY_DEFAULTS, ITSELF, PLACE_DEFAULTS},
	{KEY_PASSWORD, ITSELF, PLACE_SECRET},
	{KEY_KEY_PASSPHRASE, ITSELF, PLACE_SECRET},
	{KEY_SERVICES, VALUES, PLACE_SERVICE},
	{KEY_PORTS, VALUES, PLACE_PORT},
	{KEY_EXPOSURE, VALUES, PLACE_EXPOSURE},
	{KEY_WHEN, ITEMS, PLACE_WHEN},
	{KEY_WAIVERS, ITEMS, PLACE_WAIVER},
	{KEY_SCAN, ITSELF, PLACE_SCAN},
	{KEY_SERVICE_PORT, ITSELF, PLACE_RANGE},
	{KEY_SERVICE_MAX_SESSIONS, ITSELF, PLACE_RANGE},
	{KEY_SERVICE_ADDRESS, ITSELF, PLACE_ADDRESS},
	{KEY_VANTAGES, ITEMS, PLACE_VANTAGE},
	{KEY_ENTRY_WHEN, ITSELF, PLACE_CONDITION},
};

static void walk(const struct node *n, enum schema_place place, bool *used);

static void walk_below(const struct node *n, enum below below, enum schema_place place, bool *used)
{
	if (below == ITSELF)
		walk(n, place, used);
	for (size_t i = 0; below == ITEMS && n->kind == NODE_LIST && i < n->n; i++)
		walk(n->items[i], place, used);
	for (size_t i = 0; below == VALUES && n->kind == NODE_MAPPING && i < n->n; i++)
		walk(n->pairs[i].value, place, used);
}

static void walk(const struct node *n, enum schema_place place, bool *used)
{
	if (n->kind != NODE_MAPPING)
		return;
	for (size_t i = 0; i < n->n; i++) {
		const struct schema_key *row = schema_find(place, n->pairs[i].key->text);

		if (!row)
			fail_msg("line %zu: no key \"%s\" here", n->pairs[i].key->line,
			         n->pairs[i].key->text);
		used[row - schema] = true;
		for (size_t j = 0; j < sizeof(nested) / sizeof(*nested); j++)
			if (&schema[nested[j].id] == row)
				walk_below(n->pairs[i].value, nested[j].below, nested[j].place,
				           used);
	}
}

static void walk_file(const char *path, enum schema_place place, bool *used)
{
	struct arena arena;
	struct error err = {0};
	const struct node *root;
	size_t n;
	char *text = test_read_file_n(path, &n);

	arena_init(&arena);
	if (yaml_read(text, n, path, &arena, &root, &err))
		fail_msg("%s: %s", path, err.text);
	walk(root, place, used);
	arena_done(&arena);
	free(text);
}

static void test_one_policy_uses_every_key(void **state)
{
	bool used[KEY_COUNT] = {false};

	(void)state;
	walk_file(FOLDER "/input.yaml", PLACE_TOP, used);
	walk_file(FOLDER "/profiles/base.yaml", PLACE_PROFILE, used);
	walk_file(FOLDER "/profiles/common.yaml", PLACE_PROFILE, used);
	walk_file(FOLDER "/profiles/strict.yaml", PLACE_PROFILE, used);
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (!used[i] && i != KEY_ROUTER)
			fail_msg("%s/input.yaml does not use the key \"%s\" (%s)", FOLDER,
			         schema[i].key, schema[i].help);
	assert_false(used[KEY_ROUTER]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_policy_uses_every_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
