/* Services as the JSON of `rosaudit parse`, written by the tests' own hand. */
#ifndef TESTS_ROUTEROS_JSON_H
#define TESTS_ROUTEROS_JSON_H

#include <jansson.h>

#include "rosaudit/buf.h"
#include "rosaudit/device.h"

static inline json_t *json_text_or_null(const char *s)
{
	return s ? json_string(s) : json_null();
}

static inline json_t *json_number_or_null(int n)
{
	return n < 0 ? json_null() : json_integer(n);
}

static inline json_t *addresses_to_json(const struct service *s)
{
	json_t *list;

	if (!s->address_known)
		return json_null();
	list = json_array();
	for (size_t i = 0; i < s->address_n; i++) {
		struct buf text;

		buf_init(&text, 128);
		prefix_format(&s->address[i], &text);
		json_array_append_new(list, json_string(buf_str(&text)));
		buf_done(&text);
	}
	return list;
}

/* What the JSON of the issue has no key for; only what is there. */
static inline void add_other(json_t *o, const struct service *s)
{
	json_t *other = json_object();

	if (s->netns)
		json_object_set_new(other, "netns", json_string(s->netns));
	if (s->container)
		json_object_set_new(other, "container", json_string(s->container));
	if (s->about)
		json_object_set_new(other, "about", json_string(s->about));
	for (size_t i = 0; i < s->extra_n; i++)
		json_object_set_new(other, s->extra[i].name, json_string(s->extra[i].value));
	if (json_object_size(other))
		json_object_set(o, "other", other);
	json_decref(other);
}

/* A state that no property told is null; flags that the era lacks are false. */
static inline json_t *service_to_json(const struct service *s)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_text_or_null(s->name));
	json_object_set_new(o, "port", json_number_or_null(s->port));
	json_object_set_new(o, "proto", json_text_or_null(l4_name(s->proto)));
	json_object_set_new(o, "disabled",
	                    s->disabled == TRI_UNKNOWN ? json_null()
	                                               : json_boolean(s->disabled == TRI_YES));
	json_object_set_new(o, "invalid", json_boolean(s->invalid == TRI_YES));
	json_object_set_new(o, "dynamic", json_boolean(s->dynamic == TRI_YES));
	json_object_set_new(o, "connection", json_boolean(s->connection == TRI_YES));
	json_object_set_new(o, "address", addresses_to_json(s));
	json_object_set_new(o, "certificate", json_text_or_null(s->certificate));
	json_object_set_new(o, "tls_version", json_text_or_null(s->tls_version));
	json_object_set_new(o, "vrf", json_text_or_null(s->vrf));
	json_object_set_new(o, "max_sessions", json_number_or_null(s->max_sessions));
	json_object_set_new(o, "local", json_text_or_null(s->local));
	json_object_set_new(o, "remote", json_text_or_null(s->remote));
	add_other(o, s);
	return o;
}

static inline json_t *services_to_json(const struct device *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->services_n; i++)
		json_array_append_new(list, service_to_json(&d->services[i]));
	return list;
}

#endif
