/*
 * menus: of a scenario.
 *
 *	menus:
 *	  /ip dns: {allow-remote-requests: yes}
 *	  /ip firewall filter:
 *	    - {chain: input, action: drop, in-interface-list: "!LAN", comment: the last one}
 *	  /ip firewall address-list:
 *	    - {repeat: 100000, list: blocked, address: "%a"}
 *	  /snmp: forbidden
 *	  /container: missing
 *	  /ip socks: slow
 *
 * With repeat, %n is the item's number from 0 and %a an address of 10.0.0.0/8 that counts with it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feature.h"
#include "scenario.h"

#define REPEAT_MAX 1000000

/* The value with %n and %a replaced. */
static char *expand(const char *value, size_t n)
{
	struct text made = {0};

	for (const char *p = value; *p != '\0'; p++) {
		if (p[0] == '%' && p[1] == 'n')
			text_addf(&made, "%zu", n);
		else if (p[0] == '%' && p[1] == 'a')
			text_addf(&made, "10.%zu.%zu.%zu", n >> 16 & 255, n >> 8 & 255, n & 255);
		else
			text_add_n(&made, p, 1);
		p += p[0] == '%' && (p[1] == 'n' || p[1] == 'a') ? 1 : 0;
	}
	return made.p == NULL ? mem_copy("") : made.p;
}

/* A value alone, or a list of them, which RouterOS joins by commas. */
static int take_value(struct tree_at at, struct text *out)
{
	if (tree_scalar(at) != NULL) {
		text_add(out, tree_scalar(at));
		return 0;
	}
	if (!tree_is_list(at))
		return tree_complain(at, "a value or a list of values belongs here");
	for (size_t i = 0; i < tree_count(at); i++) {
		const char *one = tree_scalar(tree_item(at, i));

		if (one == NULL)
			return tree_complain(at, "a list of plain values belongs here");
		text_addf(out, "%s%s", i > 0 ? "," : "", one);
	}
	return 0;
}

/* An item of a list shows its states, whether the scenario says them or not. */
static void add_states(const struct feature *one, struct feature_item *item)
{
	static const char *const states[] = {"disabled", "dynamic", "invalid"};

	if (one->single)
		return;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (feature_get(item, states[i]) == NULL)
			feature_set(item, states[i], "no");
	if (strstr(one->path, "firewall") != NULL && strstr(one->path, "-list") == NULL) {
		if (feature_get(item, "packets") == NULL)
			feature_set(item, "packets", "0");
		if (feature_get(item, "bytes") == NULL)
			feature_set(item, "bytes", "0");
	}
}

static int take_item(struct tree_at at, struct feature *one, size_t number)
{
	struct feature_item *item = feature_add_item(one);

	for (size_t i = 0; i < tree_count(at); i++) {
		struct tree_at value;
		const char *name = tree_pair(at, i, &value);
		struct text text = {0};
		char *shown;

		if (strcmp(name, "repeat") == 0)
			continue;
		if (take_value(value, &text) != 0) {
			text_done(&text);
			return -1;
		}
		shown = expand(text_get(&text), number);
		feature_set(item, name, shown);
		free(shown);
		text_done(&text);
	}
	add_states(one, item);
	return 0;
}

static int take_repeated(struct tree_at at, struct feature *one)
{
	int times = 1;

	for (size_t i = 0; i < tree_count(at); i++) {
		struct tree_at value;

		if (strcmp(tree_pair(at, i, &value), "repeat") == 0 &&
		    tree_take_number(value, 0, REPEAT_MAX, &times) != 0)
			return -1;
	}
	for (int i = 0; i < times; i++)
		if (take_item(at, one, (size_t)i) != 0)
			return -1;
	return 0;
}

static int take_state(struct tree_at at, struct feature *one)
{
	static const char *const names[] = {NULL, "missing", "forbidden", "slow"};

	for (size_t i = 1; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], tree_scalar(at)) != 0)
			continue;
		one->state = (enum feature_state)i;
		return 0;
	}
	return tree_complain(at, "a mapping, a list, missing, forbidden or slow belongs here");
}

int features_read(struct tree_at at, void *scenario)
{
	struct features *f = &((struct scenario *)scenario)->features;

	for (size_t i = 0; i < tree_count(at); i++) {
		struct tree_at value;
		const char *path = tree_pair(at, i, &value);
		struct feature *one;
		int rc = 0;

		if (path[0] != '/')
			return tree_complain(value, "a menu begins with a slash: /ip dns");
		one = feature_add(f, path + 1, false);
		if (tree_scalar(value) != NULL) {
			rc = take_state(value, one);
		} else if (tree_is_list(value)) {
			for (size_t k = 0; rc == 0 && k < tree_count(value); k++)
				rc = take_repeated(tree_item(value, k), one);
		} else {
			one->single = true;
			rc = take_item(value, one, 0);
		}
		if (rc != 0)
			return -1;
	}
	return 0;
}
