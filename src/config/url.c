/* A target without a file: ssh://, https://, http://. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "load.h"
#include "rosaudit/text.h"
#include "values.h"

static const struct {
	const char *name;
	enum transport_id transport;
	bool is_plain;
} schemes[] = {
	{"ssh", TRANSPORT_SSH, false},
	{"https", TRANSPORT_REST, false},
	{"http", TRANSPORT_REST, true}, /* written so */
};

/* A mistake of the command line: no file, no position, and no URL, which may hold a password. */
static int url_fault(const struct loader *l, const char *text)
{
	struct error e = {0};

	error_set(&e, ERROR_USAGE, "%s", text);
	error_list_add(l->r.errors, &e);
	return -1;
}

/* Sets the transport; the rest of the URL behind "://", or NULL. */
static const char *read_scheme(const struct loader *l, const char *url, struct target *t)
{
	const char *colon = strstr(url, "://");
	size_t n = colon ? (size_t)(colon - url) : 0;

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		if (strlen(schemes[i].name) != n || strncasecmp(schemes[i].name, url, n) != 0)
			continue;
		t->transport = schemes[i].transport;
		t->rest_plain = schemes[i].is_plain;
		return colon + 3;
	}
	url_fault(l, "a router's URL begins with ssh://, https:// or http://");
	return NULL;
}

static int hex(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* %41 → A; NULL for broken escapes, NUL and control characters. */
static const char *percent_decode(struct arena *arena, const char *p, size_t n)
{
	char *out = arena_strndup(arena, p, n), *to = out;

	for (size_t i = 0; i < n; i++) {
		char c = p[i];

		if (c == '%') {
			if (n - i < 3 || !isxdigit((unsigned char)p[i + 1]) ||
			    !isxdigit((unsigned char)p[i + 2]))
				return NULL;
			c = (char)(hex(p[i + 1]) * 16 + hex(p[i + 2]));
			i += 2;
		}
		if ((unsigned char)c < 0x20 || c == 0x7f)
			return NULL;
		*to++ = c;
	}
	*to = '\0';
	return out;
}

static int read_user(const struct loader *l, const char *p, size_t n, struct target *t)
{
	if (memchr(p, ':', n))
		return url_fault(
			l, "a password in a URL is seen by everyone in ps; leave it out: it is "
			   "asked for, or comes from a key, the agent or a file");
	t->user = percent_decode(l->r.arena, p, n);
	if (!t->user || t->user[0] == '\0')
		return url_fault(l, "the login name in the URL is empty or not readable");
	return 0;
}

static int read_port(const struct loader *l, const char *p, struct target *t)
{
	unsigned long v;

	if (*p == '\0')
		return 0;
	if (*p != ':' || !text_to_uint(p + 1, strlen(p + 1), 1, 65535, &v))
		return url_fault(l, "the port in the URL must be a number from 1 to 65535");
	t->port = (uint16_t)v;
	return 0;
}

/* "[fe80::1%25eth0]:22"; RFC 6874 writes the zone's % as %25, people write %. */
static int read_bracketed(const struct loader *l, const char *p, struct target *t)
{
	const char *end = strchr(p, ']');
	char *host, *zone;

	if (!end)
		return url_fault(l, "the IPv6 address in the URL lacks its \"]\"");
	host = arena_strndup(l->r.arena, p + 1, (size_t)(end - p - 1));
	zone = strstr(host, "%25");
	if (zone && zone[3])
		memmove(zone + 1, zone + 3, strlen(zone + 3) + 1);
	t->host = host;
	return read_port(l, end + 1, t);
}

static int read_host(const struct loader *l, const char *p, struct target *t)
{
	const char *colon = strchr(p, ':');
	const char *fault;

	if (*p == '[') {
		if (read_bracketed(l, p, t) != 0)
			return -1;
	} else if (colon && strchr(colon + 1, ':')) {
		return url_fault(l, "an IPv6 address in a URL stands in brackets: "
		                    "ssh://admin@[2001:db8::1]");
	} else {
		t->host = arena_strndup(l->r.arena, p, strcspn(p, ":"));
		if (read_port(l, p + strlen(t->host), t) != 0)
			return -1;
	}
	if (t->host[0] == '\0')
		return url_fault(l, "the URL has no host");
	fault = *p == '[' ? address_fault(t->host) : host_fault(t->host);
	if (fault)
		return url_fault(l, arena_printf(l->r.arena, "the host in the URL %s", fault));
	return 0;
}

static int read_url(struct loader *l, const char *url, struct target *t)
{
	const char *p = read_scheme(l, url, t);
	const char *at;
	size_t n;

	if (!p)
		return -1;
	for (const char *c = p; *c; c++)
		if ((unsigned char)*c <= 0x20 || *c == 0x7f)
			return url_fault(l, "the URL holds a blank or a control character");
	/* A password comes first, also one that holds a / or ?: what to say of it matters most. */
	at = strrchr(p, '@');
	if (at && read_user(l, p, (size_t)(at - p), t) != 0)
		return -1;
	n = strcspn(p, "/?#");
	if (at && (size_t)(at - p) > n)
		return url_fault(l, "a / in the URL's login name is written %2F");
	if (p[n] != '\0' && strcmp(p + n, "/") != 0)
		return url_fault(
			l, "the URL of a router ends behind its host and port, without a path");
	p = arena_strndup(l->r.arena, at ? at + 1 : p, at ? n - (size_t)(at + 1 - p) : n);
	return read_host(l, p, t);
}

int config_from_url(const char *url, const char *profile, const char *const *profile_dirs,
                    struct config *out, struct error_list *errors)
{
	struct loader *l = mem_alloc(sizeof(*l));
	struct layer *router = arena_alloc(&out->arena, sizeof(*router));
	struct node start = {0};
	int result;

	loader_init(l, "", profile_dirs, out, errors);
	l->r.place = "the command line";
	/* Above every layer stands what the URL says, so it is the base. */
	if (read_url(l, url, &l->base.target) == 0) {
		router->profile = arena_strdup(&out->arena, profile);
		router->at[KEY_PROFILE].file = profile ? "" : NULL;
		l->base.at[KEY_HOST].file = "";
		target_add(l, &l->r, router, NULL, &start);
		targets_settle(l);
		for (size_t i = 0; i < out->targets_n; i++)
			out->targets[i].origin = (struct origin){0};
	}
	result = loader_finish(l);
	free(l);
	return result;
}
