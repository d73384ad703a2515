/* YAML → struct scenario: users, services and what is untrue of them. */
#include "scenario_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads a list of values, or one value alone, with take for each. */
static int take_list(struct tree_at at, int (*take)(struct tree_at, void *), void *into)
{
	if (!tree_is_list(at))
		return take(at, into);
	for (size_t i = 0; i < tree_count(at); i++)
		if (take(tree_item(at, i), into) != 0)
			return -1;
	return 0;
}

static int take_prefix(struct tree_at at, void *into)
{
	struct prefixes *list = into;
	const char *s = tree_scalar(at);

	list->v = mem_grow(list->v, list->n, sizeof(*list->v));
	if (s == NULL || prefix_parse(s, &list->v[list->n]) != 0)
		return tree_complain(at, "an address with a prefix length belongs here");
	list->n++;
	return 0;
}

static int take_prefixes(struct tree_at at, struct prefixes *list)
{
	list->given = true;
	return take_list(at, take_prefix, list);
}

/* --- users --- */

static const struct {
	const char *name;
	unsigned bit;
} policy_names[] = {
	{"ssh", POLICY_SSH},           {"read", POLICY_READ},       {"api", POLICY_API},
	{"rest-api", POLICY_REST_API}, {"ftp", POLICY_OTHER},       {"local", POLICY_OTHER},
	{"password", POLICY_OTHER},    {"policy", POLICY_OTHER},    {"reboot", POLICY_OTHER},
	{"romon", POLICY_OTHER},       {"sensitive", POLICY_OTHER}, {"sniff", POLICY_OTHER},
	{"telnet", POLICY_OTHER},      {"test", POLICY_OTHER},      {"web", POLICY_OTHER},
	{"winbox", POLICY_OTHER},      {"write", POLICY_WRITE},
};

static int take_policy(struct tree_at at, void *into)
{
	struct user *u = into;
	const char *s = tree_scalar(at);

	for (size_t i = 0; s != NULL && i < sizeof(policy_names) / sizeof(policy_names[0]); i++) {
		if (strcmp(policy_names[i].name, s) != 0)
			continue;
		u->policies |= policy_names[i].bit;
		return 0;
	}
	return tree_complain(at, "a policy of a RouterOS group belongs here");
}

/* A public key line, or the path of a file that holds one. */
static int take_key(struct tree_at at, void *into)
{
	struct user *u = into;
	const char *s = tree_scalar(at);
	char line[8192];
	FILE *f;

	if (s == NULL)
		return tree_complain(at, "a public key or its file belongs here");
	if (strncmp(s, "ssh-", 4) != 0 && strncmp(s, "ecdsa-", 6) != 0) {
		f = fopen(s, "r");
		if (f == NULL || fgets(line, sizeof(line), f) == NULL)
			line[0] = '\0';
		if (f != NULL)
			fclose(f);
		line[strcspn(line, "\r\n")] = '\0';
		s = line;
	}
	if (s[0] == '\0')
		return tree_complain(at, "this file of a public key cannot be read");
	u->keys = mem_grow(u->keys, u->keys_n, sizeof(*u->keys));
	u->keys[u->keys_n++] = mem_copy(s);
	return 0;
}

static int user_name(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct user *)into)->name);
}

static int user_password(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct user *)into)->password);
}

static int user_group(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct user *)into)->group);
}

static int user_key(struct tree_at at, void *into)
{
	return take_list(at, take_key, into);
}

static int user_policies(struct tree_at at, void *into)
{
	((struct user *)into)->policies = 0;
	return take_list(at, take_policy, into);
}

static int user_address(struct tree_at at, void *into)
{
	return take_prefixes(at, &((struct user *)into)->address);
}

static const struct tree_key user_keys[] = {
	{"name", user_name},
	{"password", user_password},
	{"group", user_group},
	{"key", user_key},
	{"policies", user_policies},
	{"address", user_address},
	{0},
};

int scenario_read_user(struct tree_at at, struct scenario *s)
{
	struct user *u;

	s->users = mem_grow(s->users, s->users_n, sizeof(*s->users));
	u = &s->users[s->users_n++];
	*u = (struct user){.policies = POLICY_ALL, .group = mem_copy("full")};
	if (tree_take(at, user_keys, u) != 0)
		return -1;
	return u->name == NULL ? tree_complain(at, "this user has no name") : 0;
}

/* --- services --- */

static int service_disabled(struct tree_at at, void *into)
{
	return tree_take_flag(at, &((struct service *)into)->disabled);
}

static int service_invalid(struct tree_at at, void *into)
{
	return tree_take_flag(at, &((struct service *)into)->invalid);
}

static int service_port(struct tree_at at, void *into)
{
	return tree_take_number(at, 1, 65535, &((struct service *)into)->port);
}

static int service_address(struct tree_at at, void *into)
{
	return take_prefixes(at, &((struct service *)into)->address);
}

static int service_certificate(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct service *)into)->certificate);
}

static int service_tls_version(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct service *)into)->tls_version);
}

static int service_vrf(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct service *)into)->vrf);
}

static int service_about(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct service *)into)->about);
}

static int service_max_sessions(struct tree_at at, void *into)
{
	return tree_take_number(at, 1, 1000, &((struct service *)into)->max_sessions);
}

int scenario_read_refusal(struct tree_at at, enum refusal *out)
{
	const char *s = tree_scalar(at);

	if (s == NULL || (strcmp(s, "fin") != 0 && strcmp(s, "rst") != 0))
		return tree_complain(at, "fin or rst belongs here");
	*out = s[0] == 'r' ? REFUSE_RST : REFUSE_FIN;
	return 0;
}

static int service_refuse_with(struct tree_at at, void *into)
{
	return scenario_read_refusal(at, &((struct service *)into)->refuse_with);
}

static const struct tree_key service_keys[] = {
	{"disabled", service_disabled},
	{"invalid", service_invalid},
	{"port", service_port},
	{"address", service_address},
	{"available-from", service_address},
	{"certificate", service_certificate},
	{"tls-version", service_tls_version},
	{"vrf", service_vrf},
	{"max-sessions", service_max_sessions},
	{"about", service_about},
	{"refuse-with", service_refuse_with},
	{0},
};

static struct service *service_named(struct scenario *s, const char *name)
{
	for (size_t i = 0; i < s->services_n; i++)
		if (strcmp(s->services[i].name, name) == 0)
			return &s->services[i];
	return NULL;
}

int scenario_read_services(struct tree_at at, void *into)
{
	for (size_t i = 0; i < tree_count(at); i++) {
		struct tree_at value;
		struct service *one = service_named(into, tree_pair(at, i, &value));

		if (one == NULL)
			return tree_complain(value, "this version has no service of that name");
		if (tree_take(value, service_keys, one) != 0)
			return -1;
	}
	return 0;
}

static int take_lie(struct tree_at at, struct service *one)
{
	const char *s = tree_scalar(at);

	if (s != NULL && strcmp(s, "declared disabled but listening") == 0)
		one->lie = LIE_LISTENS;
	else if (s != NULL && strcmp(s, "declared enabled but silent") == 0)
		one->lie = LIE_SILENT;
	else if (s != NULL && strncmp(s, "speaks ", 7) == 0)
		one->lie = LIE_SPEAKS;
	else
		return tree_complain(at, "'declared disabled but listening', 'declared enabled but "
		                         "silent' or 'speaks PROTOCOL' belongs here");
	free(one->speaks);
	one->speaks = one->lie == LIE_SPEAKS ? mem_copy(s + 7) : NULL;
	return 0;
}

int scenario_read_lies(struct tree_at at, void *into)
{
	for (size_t i = 0; i < tree_count(at); i++) {
		struct tree_at value;
		struct service *one = service_named(into, tree_pair(at, i, &value));

		if (one == NULL)
			return tree_complain(value, "this version has no service of that name");
		if (take_lie(value, one) != 0)
			return -1;
	}
	return 0;
}
