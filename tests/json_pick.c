/* json_pick FILE PATH…: prints what each path finds in a JSON file, one value per line; for the
 * shell tests, which have no jq. A path is keys and indices with dots,
 * "routers.0.device.version"; "*" is every element: "routers.*.name". Strings are printed bare,
 * anything else as JSON; what is not there is "(none)". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

static void print_value(const json_t *v)
{
	char *text;

	if (json_is_string(v)) {
		puts(json_string_value(v));
		return;
	}
	text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
	puts(text ? text : "(none)");
	free(text);
}

static void pick(const json_t *v, const char *path)
{
	char key[128];
	size_t n = strcspn(path, "."), i;
	const json_t *element;

	if (!v) {
		puts("(none)");
		return;
	}
	if (!*path) {
		print_value(v);
		return;
	}
	snprintf(key, sizeof(key), "%.*s", (int)n, path);
	path += n;
	path += *path == '.';
	if (strcmp(key, "*") == 0) {
		json_array_foreach(v, i, element) pick(element, path);
	} else if (json_is_array(v)) {
		pick(json_array_get(v, strtoul(key, NULL, 10)), path);
	} else {
		pick(json_object_get(v, key), path);
	}
}

int main(int argc, char **argv)
{
	json_error_t error;
	json_t *root;

	if (argc < 3) {
		fputs("usage: json_pick FILE PATH...\n", stderr);
		return 2;
	}
	root = json_load_file(argv[1], 0, &error);
	if (!root) {
		fprintf(stderr, "json_pick: %s:%d: %s\n", argv[1], error.line, error.text);
		return 1;
	}
	for (int i = 2; i < argc; i++)
		pick(root, argv[i]);
	json_decref(root);
	return 0;
}
