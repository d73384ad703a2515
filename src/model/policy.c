/* Policies and targets. */
#include <string.h>

#include "rosaudit/policy.h"

bool policy_is_empty(const struct policy *p)
{
	return p->services_n == 0 && !p->profile;
}

const struct expect_service *policy_find(const struct policy *p, const char *name)
{
	for (size_t i = 0; i < p->services_n; i++)
		if (strcmp(p->services[i].name, name) == 0)
			return &p->services[i];
	return NULL;
}

uint16_t target_map_port(const struct target *t, uint16_t router_port)
{
	for (size_t i = 0; i < t->port_map_n; i++)
		if (t->port_map[i].router == router_port)
			return t->port_map[i].here;
	/* Behind a port-map, what is not mapped is not the router's: somebody else's port. */
	return t->port_map_n ? 0 : router_port;
}

uint16_t target_unmap_port(const struct target *t, uint16_t here)
{
	for (size_t i = 0; i < t->port_map_n; i++)
		if (t->port_map[i].here == here)
			return t->port_map[i].router;
	return here;
}

uint16_t target_default_port(const struct target *t)
{
	if (t->transport == TRANSPORT_REST)
		return t->rest_plain ? 80 : 443;
	return 22;
}

void config_init(struct config *c)
{
	*c = (struct config){0};
	arena_init(&c->arena);
}

void config_done(struct config *c)
{
	if (!c)
		return;
	arena_done(&c->arena);
	*c = (struct config){0};
}
