/* A scenario in memory: defaults of its version, lookups, freeing. Reading it: scenario_read.c. */
#include "scenario.h"

#include <stdlib.h>
#include <string.h>

#include "scenario_read.h"
#include "tree.h"

/* routeros.md 3. */
static const struct {
	const char *name;
	int port;
	bool disabled, tls;
} stock_services[] = {
	{"telnet", 23, false, false},        {"ftp", 21, false, false},
	{"www", 80, false, false},           {"ssh", 22, false, false},
	{"www-ssl", 443, true, true},        {"api", 8728, false, false},
	{"winbox", 8291, false, false},      {"api-ssl", 8729, false, true},
	{"reverse-proxy", 443, false, true},
};

void scenario_default_services(struct scenario *s)
{
	size_t n = sizeof(stock_services) / sizeof(stock_services[0]);

	if (!version_has_reverse_proxy(&s->version))
		n--;
	s->services = mem_zero(n, sizeof(*s->services));
	s->services_n = n;
	for (size_t i = 0; i < n; i++) {
		struct service *one = &s->services[i];

		one->name = stock_services[i].name;
		one->port = stock_services[i].port;
		one->disabled = stock_services[i].disabled;
		one->has_tls = stock_services[i].tls;
		one->certificate = mem_copy("none");
		one->tls_version = mem_copy("any");
		one->vrf = mem_copy("main");
		one->max_sessions = 20;
	}
}

static void default_users(struct scenario *s)
{
	s->users = mem_zero(1, sizeof(*s->users));
	s->users_n = 1;
	s->users[0] = (struct user){.name = mem_copy("admin"),
	                            .password = mem_copy(""),
	                            .group = mem_copy("full"),
	                            .policies = POLICY_ALL};
}

static void scenario_defaults(struct scenario *s)
{
	*s = (struct scenario){.terminal_width = 80,
	                       .line_end = "\r\n",
	                       .refuse_with = REFUSE_FIN,
	                       .live_connections = true,
	                       .rest_plain = true,
	                       .rest_secure = true};
	s->identity = mem_copy("MikroTik");
	s->board = mem_copy("CHR");
	s->architecture = mem_copy("x86_64");
}

int scenario_load(const char *path, struct scenario *out, struct text *complaint)
{
	struct tree *y;
	int rc;

	scenario_defaults(out);
	y = tree_load(path, complaint);
	if (y == NULL)
		return -1;
	rc = scenario_read(tree_root(y), out);
	tree_free(y);
	if (rc != 0)
		return -1;
	if (out->users_n == 0)
		default_users(out);
	features_stock(out);
	if (out->ssh_key_type == NULL) /* v6 offers an RSA host key only (routeros.md 6) */
		out->ssh_key_type = mem_copy(out->version.major < 7 ? "rsa" : "ed25519");
	return 0;
}

static void user_done(struct user *u)
{
	for (size_t i = 0; i < u->keys_n; i++)
		free(u->keys[i]);
	free(u->keys);
	free(u->address.v);
	free(u->name);
	free(u->password);
	free(u->group);
}

static void service_done(struct service *s)
{
	free(s->address.v);
	free(s->certificate);
	free(s->tls_version);
	free(s->vrf);
	free(s->about);
	free(s->speaks);
}

static void listeners_done(struct scenario *s)
{
	for (size_t i = 0; i < s->listeners_n; i++) {
		free(s->listeners[i].name);
		free(s->listeners[i].netns);
		free(s->listeners[i].container);
		free(s->listeners[i].speaks);
	}
	free(s->listeners);
	for (size_t i = 0; i < s->connections_n; i++) {
		free(s->connections[i].service);
		free(s->connections[i].local);
		free(s->connections[i].remote);
	}
	free(s->connections);
}

void scenario_done(struct scenario *s)
{
	for (size_t i = 0; i < s->users_n; i++)
		user_done(&s->users[i]);
	free(s->users);
	for (size_t i = 0; i < s->services_n; i++)
		service_done(&s->services[i]);
	free(s->services);
	listeners_done(s);
	features_done(&s->features);
	free(s->closed_ports);
	free(s->identity);
	free(s->board);
	free(s->architecture);
	free(s->ssh_key_type);
	*s = (struct scenario){0};
}

const struct user *scenario_user(const struct scenario *s, const char *name)
{
	for (size_t i = 0; name != NULL && i < s->users_n; i++)
		if (strcmp(s->users[i].name, name) == 0)
			return &s->users[i];
	return NULL;
}

const struct service *scenario_service(const struct scenario *s, const char *name)
{
	for (size_t i = 0; i < s->services_n; i++)
		if (strcmp(s->services[i].name, name) == 0)
			return &s->services[i];
	return NULL;
}

bool service_listens(const struct service *s)
{
	if (s->lie == LIE_LISTENS)
		return true;
	/* reverse-proxy listens only while a rule is enabled (routeros.md 3); the mock has none. */
	if (s->lie == LIE_NONE && strcmp(s->name, "reverse-proxy") == 0)
		return false;
	/* A service listens in one VRF alone; a client of the mock comes from main. */
	return s->lie != LIE_SILENT && !s->disabled && !s->invalid && strcmp(s->vrf, "main") == 0;
}
