/* Tables, address lists and chains. Each menu becomes one base chain and a chain for each name
 * that a rule jumps to; forward and the source NAT are of no matter to the router's own ports. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nft_inner.h"

static const struct {
	const char *menu, *base, *hook; /* the chain that an incoming packet meets */
} stages[] = {
	{"raw", "prerouting", "type filter hook prerouting priority raw; policy accept;"},
	{"nat", "dstnat", "type nat hook prerouting priority dstnat; policy accept;"},
	{"filter", "input", "type filter hook input priority filter; policy accept;"},
};

/* Chains that packets to the router never meet. */
static const char *const elsewhere[] = {"forward", "output", "srcnat", "postrouting"};

static void add_fit(const char *name, struct text *out)
{
	for (; *name != '\0'; name++)
		text_addf(out, isalnum((unsigned char)*name) ? "%c" : "_%02x",
		          (unsigned char)*name);
}

void nft_chain_name(const struct nft *n, const char *chain, struct text *out)
{
	text_addf(out, "%s_", n->table);
	add_fit(chain, out);
}

void nft_list_name(char half, const char *list, struct text *out)
{
	text_addf(out, "%c_", half);
	add_fit(list, out);
}

long nft_seconds(const char *text)
{
	static const struct {
		char unit;
		long seconds;
	} units[] = {{'w', 604800}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
	long all = 0, h, m, s;

	if (sscanf(text, "%ld:%ld:%ld", &h, &m, &s) == 3)
		return h * 3600 + m * 60 + s;
	while (*text != '\0') {
		char *end;
		long v = strtol(text, &end, 10);
		size_t i = 0;

		if (end == text || v < 0)
			return -1;
		while (i < 5 && units[i].unit != *end)
			i++;
		if (i == 5)
			return *end == '\0' ? all + v : -1;
		all += v * units[i].seconds;
		text = end + 1;
	}
	return all;
}

static const struct feature *firewall(const struct nft *n, const char *menu)
{
	char path[64];

	snprintf(path, sizeof(path), "%s firewall %s", n->v6 ? "ipv6" : "ip", menu);
	return feature_find(&n->scenario->features, path);
}

/* --- address lists
 * ------------------------------------------------------------------------------ */

static void add_entries(const struct feature *lists, const char *name, struct text *out)
{
	const char *sep = "elements = { ";

	for (size_t i = 0; lists != NULL && i < lists->n; i++) {
		const char *list = feature_get(&lists->item[i], "list");
		const char *address = feature_get(&lists->item[i], "address");

		if (list == NULL || address == NULL || strcmp(list, name) != 0 ||
		    feature_flag(&lists->item[i], "disabled"))
			continue;
		text_addf(out, "%s%s", sep, address);
		sep = ", ";
	}
	if (strcmp(sep, ", ") == 0)
		text_add(out, " } ");
}

static void add_list(const struct nft *n, const char *name, struct text *out)
{
	const char *type = n->v6 ? "ipv6_addr" : "ipv4_addr";

	text_add(out, "\tset ");
	nft_list_name('l', name, out);
	text_addf(out, " { type %s; flags interval; auto-merge; ", type);
	add_entries(firewall(n, "address-list"), name, out);
	text_add(out, "}\n\tset ");
	nft_list_name('d', name, out);
	text_addf(out, " { type %s; flags dynamic, timeout; size 65535; }\n", type);
}

/* Every list that a rule names, once. */
static void add_lists(const struct nft *n, struct text *out)
{
	static const char *const keys[] = {"src-address-list", "dst-address-list", "address-list"};
	struct text seen = {0}, mark = {0};

	for (size_t s = 0; s < 3; s++) {
		const struct feature *menu = firewall(n, stages[s].menu);

		for (size_t i = 0; menu != NULL && i < menu->n * 3; i++) {
			const char *name = feature_get(&menu->item[i / 3], keys[i % 3]);

			if (name == NULL || name[0] == '\0')
				continue;
			name += name[0] == '!';
			mark.n = 0;
			text_addf(&mark, "\n%s\n", name);
			if (strstr(text_get(&seen), text_get(&mark)) != NULL)
				continue;
			text_add(&seen, text_get(&mark));
			add_list(n, name, out);
		}
	}
	text_done(&seen);
	text_done(&mark);
}

/* --- chains
 * ------------------------------------------------------------------------------------- */

static bool is_elsewhere(const char *chain)
{
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		if (strcmp(chain, elsewhere[i]) == 0)
			return true;
	return false;
}

static int add_rules(struct nft *n, const struct feature *menu, const char *chain)
{
	for (size_t i = 0; menu != NULL && i < menu->n; i++) {
		const char *of = feature_get(&menu->item[i], "chain");

		if (of == NULL || strcmp(of, chain) != 0 ||
		    feature_flag(&menu->item[i], "disabled"))
			continue;
		n->rule = &menu->item[i];
		n->index = i;
		if (nft_rule(n) != 0)
			return -1;
	}
	return 0;
}

static bool is_first_of_chain(const struct feature *menu, size_t at)
{
	const char *chain = feature_get(&menu->item[at], "chain");

	for (size_t i = 0; i < at; i++)
		if (strcmp(feature_get(&menu->item[i], "chain"), chain) == 0)
			return false;
	return true;
}

static int add_chain(struct nft *n, const struct feature *menu, const char *chain, const char *hook)
{
	text_add(n->out, "\tchain ");
	nft_chain_name(n, chain, n->out);
	text_addf(n->out, " {\n%s%s%s", hook == NULL ? "" : "\t\t", hook == NULL ? "" : hook,
	          hook == NULL ? "" : "\n");
	if (add_rules(n, menu, chain) != 0)
		return -1;
	text_add(n->out, "\t}\n");
	return 0;
}

static int add_stage(struct nft *n, size_t stage)
{
	const struct feature *menu = firewall(n, stages[stage].menu);

	n->table = stages[stage].menu;
	if (add_chain(n, menu, stages[stage].base, stages[stage].hook) != 0)
		return -1;
	for (size_t i = 0; menu != NULL && i < menu->n; i++) {
		const char *chain = feature_get(&menu->item[i], "chain");

		if (chain == NULL) {
			text_addf(n->complaint, "%s rule %zu has no chain", n->table, i);
			return -1;
		}
		if (strcmp(chain, stages[stage].base) == 0 || is_elsewhere(chain) ||
		    !is_first_of_chain(menu, i))
			continue;
		if (add_chain(n, menu, chain, NULL) != 0)
			return -1;
	}
	return 0;
}

static int add_family(const struct scenario *s, bool v6, struct text *out, struct text *complaint)
{
	struct text sets = {0}, chains = {0};
	struct nft n = {.scenario = s, .v6 = v6, .sets = &sets, .out = &chains};
	int rc = 0;

	n.complaint = complaint;
	add_lists(&n, &sets);
	for (size_t stage = 0; stage < 3 && rc == 0; stage++)
		rc = add_stage(&n, stage);
	text_addf(out, "table %s mock {\n%s%s}\n", v6 ? "ip6" : "ip", text_get(&sets),
	          text_get(&chains));
	text_done(&sets);
	text_done(&chains);
	return rc;
}

int nft_write(const struct scenario *s, struct text *out, struct text *complaint)
{
	if (add_family(s, false, out, complaint) != 0)
		return -1;
	return add_family(s, true, out, complaint);
}
