/* Writes: one row per property that `set` takes. */
#include "change.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

struct change {
	pthread_mutex_t lock;
	struct scenario *scenario;
	void (*moved)(void *who);
	void *who;
};

struct change *change_new(struct scenario *s)
{
	struct change *c = mem_zero(1, sizeof(*c));

	c->scenario = s;
	pthread_mutex_init(&c->lock, NULL);
	return c;
}

void change_free(struct change *c)
{
	if (c == NULL)
		return;
	pthread_mutex_destroy(&c->lock);
	free(c);
}

struct scenario *change_scenario(struct change *c)
{
	return c->scenario;
}

void change_follow(struct change *c, void (*moved)(void *who), void *who)
{
	change_lock(c);
	c->moved = moved;
	c->who = who;
	change_unlock(c);
}

void change_lock(struct change *c)
{
	pthread_mutex_lock(&c->lock);
}

void change_unlock(struct change *c)
{
	pthread_mutex_unlock(&c->lock);
}

void change_settle(struct change *c)
{
	if (c->moved != NULL)
		c->moved(c->who);
}

static bool has_tls(const struct scenario *s, const struct service *one)
{
	(void)s;
	return one->has_tls;
}

static bool has_vrf(const struct scenario *s, const struct service *one)
{
	(void)one;
	return version_has_vrf(&s->version);
}

static bool has_max_sessions(const struct scenario *s, const struct service *one)
{
	(void)one;
	return version_has_max_sessions(&s->version);
}

static bool has_available_from(const struct scenario *s, const struct service *one)
{
	(void)one;
	return version_has_available_from(&s->version);
}

static int take_number(const char *value, long most, int *out)
{
	char *end;
	long n = strtol(value, &end, 10);

	if (*value == '\0' || *end != '\0' || n < 1 || n > most)
		return -1;
	*out = (int)n;
	return 0;
}

static int take_word(const char *value, char **out)
{
	if (*value == '\0')
		return -1;
	free(*out);
	*out = mem_copy(value);
	return 0;
}

static int set_disabled(struct service *one, const char *value)
{
	bool yes = strcmp(value, "yes") == 0 || strcmp(value, "true") == 0;

	if (!yes && strcmp(value, "no") != 0 && strcmp(value, "false") != 0)
		return -1;
	one->disabled = yes;
	return 0;
}

static int set_port(struct service *one, const char *value)
{
	return take_number(value, 65535, &one->port);
}

/* A prefix must have no host bits (routeros.md 3); prefix_parse keeps them in its text. */
static int take_prefix(const char *text, struct prefix *out)
{
	if (prefix_parse(text, out) != 0)
		return -1;
	for (unsigned bit = out->length; bit < (out->family == AF_INET ? 32u : 128u); bit++)
		if (out->bits[bit / 8] & (0x80u >> bit % 8))
			return -1;
	return 0;
}

static int set_address(struct service *one, const char *value)
{
	struct prefixes list = {.given = true};

	while (*value != '\0') {
		size_t n = strcspn(value, ",");
		char *text = mem_copy_n(value, n);
		int rc;

		list.v = mem_grow(list.v, list.n, sizeof(*list.v));
		rc = take_prefix(text, &list.v[list.n++]);
		free(text);
		if (rc != 0) {
			free(list.v);
			return -1;
		}
		value += n + (value[n] == ',' ? 1 : 0);
	}
	free(one->address.v);
	one->address = list;
	return 0;
}

/* A router takes only names of its own certificates; which there are is not known here. */
static int set_certificate(struct service *one, const char *value)
{
	return take_word(value, &one->certificate);
}

static int set_tls_version(struct service *one, const char *value)
{
	if (strcmp(value, "any") != 0 && strcmp(value, "only-1.2") != 0)
		return -1;
	return take_word(value, &one->tls_version);
}

static int set_vrf(struct service *one, const char *value)
{
	return take_word(value, &one->vrf);
}

static int set_max_sessions(struct service *one, const char *value)
{
	return take_number(value, 1000, &one->max_sessions);
}

static const struct {
	const char *name;
	bool (*has)(const struct scenario *s, const struct service *one); /* NULL: always */
	int (*set)(struct service *one, const char *value);
} properties[] = {
	{"disabled", NULL, set_disabled},
	{"port", NULL, set_port},
	{"address", NULL, set_address},
	{"available-from", has_available_from, set_address},
	{"certificate", has_tls, set_certificate},
	{"tls-version", has_tls, set_tls_version},
	{"vrf", has_vrf, set_vrf},
	{"max-sessions", has_max_sessions, set_max_sessions},
};

#define PROPERTIES (sizeof(properties) / sizeof(properties[0]))

bool change_takes(const struct scenario *s, const struct service *one, const char *property)
{
	for (size_t i = 0; i < PROPERTIES; i++)
		if (strcmp(properties[i].name, property) == 0)
			return properties[i].has == NULL || properties[i].has(s, one);
	return false;
}

int change_set(struct change *c, size_t service, const char *property, const char *value)
{
	for (size_t i = 0; i < PROPERTIES; i++)
		if (strcmp(properties[i].name, property) == 0)
			return properties[i].set(&c->scenario->services[service], value);
	return -1;
}
