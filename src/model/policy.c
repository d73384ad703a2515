/* Policies and targets. */
#include <string.h>

#include "rosaudit/message.h"
#include "rosaudit/policy.h"

const char *expect_kind_name(enum expect_kind k)
{
	static const char *const names[] = {
		[EXPECT_NONE] = NULL,
		[EXPECT_REQUIRED] = N_("required"),
		[EXPECT_FORBIDDEN] = N_("forbidden"),
		[EXPECT_ALLOWED] = N_("allowed"),
		[EXPECT_IGNORED] = N_("ignored"),
	};

	return names[k];
}

bool number_set_has(const struct number_set *s, int value)
{
	for (size_t i = 0; i < s->n; i++)
		if (value >= s->v[i].min && value <= s->v[i].max)
			return true;
	return false;
}

/* Back to the last * where the rest did not fit: linear in pattern times word. */
bool word_matches(const char *pattern, const char *word)
{
	const char *star = NULL, *from = NULL;

	while (*word) {
		if (*pattern == '*') {
			star = ++pattern;
			from = word;
		} else if (*pattern == '?' || *pattern == *word) {
			pattern++;
			word++;
		} else if (star) {
			pattern = star;
			word = ++from;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

bool word_set_has(const struct word_set *s, const char *word)
{
	for (size_t i = 0; i < s->n; i++)
		if (word_matches(s->v[i], word))
			return true;
	return false;
}

void number_set_format(const struct number_set *s, struct buf *out)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct number_range *r = &s->v[i];

		buf_printf(out, "%s%d", i ? ", " : "", r->min);
		if (r->max != r->min)
			buf_printf(out, "-%d", r->max);
	}
}

void word_set_format(const struct word_set *s, struct buf *out)
{
	for (size_t i = 0; i < s->n; i++)
		buf_printf(out, "%s%s", i ? ", " : "", s->v[i]);
}

bool policy_is_empty(const struct policy *p)
{
	return p->services_n == 0 && p->ports_n == 0 && p->parts_n == 0 && !p->profile;
}

static const struct expect_service *find_exposure(const struct policy *p, const char *name)
{
	for (size_t i = 0; i < p->exposure_n; i++)
		if (strcmp(p->exposure[i].name, name) == 0)
			return &p->exposure[i];
	return NULL;
}

const struct expect_service *policy_find_exposure(const struct policy *p, const char *name)
{
	const struct expect_service *own = find_exposure(p, name);

	return own ? own : find_exposure(p, "*");
}

const struct named_prefixes *policy_find_prefixes(const struct policy *p, const char *name)
{
	for (size_t i = p->names_n; i-- > 0;)
		if (strcmp(p->names[i].name, name) == 0)
			return &p->names[i];
	return NULL;
}

bool policy_is_set_name(const char *name)
{
	static const char *const names[] = {"lan", "internet", "rfc1918"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

void source_set_format(const struct source_set *s, struct buf *out)
{
	for (size_t i = 0; i < s->names_n; i++)
		buf_printf(out, "%s%s", i ? ", " : "", s->names[i]);
	if (s->names_n && s->n)
		buf_puts(out, ", ");
	prefix_set_format(s->v, s->n, out);
}

const struct expect_service *policy_find(const struct policy *p, const char *name)
{
	for (size_t i = 0; i < p->services_n; i++)
		if (strcmp(p->services[i].name, name) == 0)
			return &p->services[i];
	return NULL;
}

const struct expect_port *policy_find_port(const struct policy *p, int port, bool udp)
{
	const struct expect_port *best = NULL;

	for (size_t i = 0; i < p->ports_n; i++) {
		const struct expect_port *e = &p->ports[i];

		if (e->udp != udp || port < e->first || port > e->last)
			continue;
		if (!best || e->last - e->first <= best->last - best->first)
			best = e;
	}
	return best;
}

bool waiver_is_for(const struct waiver *w, const char *router)
{
	return !w->router || word_matches(w->router, router);
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

bool target_logs_in_by(const struct target *t, const char *service)
{
	const char *rest = t->rest_plain ? "www" : "www-ssl";
	bool by_ssh = t->transport == TRANSPORT_SSH || t->transport == TRANSPORT_BOTH;
	bool by_rest = t->transport == TRANSPORT_REST || t->transport == TRANSPORT_BOTH;

	return (by_ssh && strcmp(service, "ssh") == 0) || (by_rest && strcmp(service, rest) == 0);
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
