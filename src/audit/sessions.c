/* Who uses a management service now: the connections that the router lists (7.19+) and /user
 * active, against the prefixes that the policy allows. */
#include <string.h>

#include "audit_private.h"
#include "rosaudit/buf.h"

/* Addresses told in one sentence; the rest is counted. */
#define SESSIONS_SHOWN 3u
#define SESSIONS_TEXT  1024u

/* What /user active calls a way in, and the services that it may be. */
static const struct {
	const char *via, *services[3];
} ways[] = {
	{"ssh", {"ssh"}},
	{"telnet", {"telnet"}},
	{"ftp", {"ftp"}},
	{"winbox", {"winbox"}},
	{"web", {"www", "www-ssl"}},
	{"www", {"www", "www-ssl"}},
	{"api", {"api", "api-ssl"}},
	{"rest-api", {"www", "www-ssl"}},
};

/* The strangers of one service: each address once. */
struct strangers {
	struct buf text;
	size_t n;
	bool maybe_us; /* one of them may be this audit's own session */
};

/* "192.0.2.1:51234", "[2001:db8::1]:443": the address; an IPv6 address without brackets may have a
 * port behind it or not. *other is that second reading, or family 0. */
static bool parse_peer(const char *text, struct address *out, struct address *other)
{
	const char *colon = strrchr(text, ':'), *bracket = strchr(text, ']');
	bool is_whole = address_parse(text, strlen(text), out);

	other->family = 0;
	if (text[0] == '[' && bracket)
		return address_parse(text + 1, (size_t)(bracket - text) - 1, out);
	if (!colon)
		return is_whole;
	if (!is_whole)
		return address_parse(text, (size_t)(colon - text), out);
	if (!address_parse(text, (size_t)(colon - text), other))
		other->family = 0;
	return true;
}

static bool is_allowed(const struct expect_service *want, const struct address *peer)
{
	return prefix_set_contains(want->address, want->address_n, peer);
}

static bool is_us(const struct audit *a, const char *service, const struct address *peer)
{
	return target_logs_in_by(a->in->target, service) && a->device->seen_as_known &&
	       address_equal(peer, &a->device->seen_as);
}

static void add_stranger(const struct audit *a, const struct matter *m, const char *peer,
                         struct strangers *out)
{
	const struct expect_service *want = m->want;
	struct address address, other;
	struct buf one;

	if (!parse_peer(peer, &address, &other) || is_allowed(want, &address) ||
	    is_us(a, m->name, &address) ||
	    (other.family && (is_allowed(want, &other) || is_us(a, m->name, &other))))
		return;
	buf_init(&one, 128);
	address_format(other.family ? &other : &address, &one);
	if (!strstr(buf_str(&out->text), buf_str(&one))) {
		out->maybe_us |=
			target_logs_in_by(a->in->target, m->name) && !a->device->seen_as_known;
		if (out->n++ < SESSIONS_SHOWN)
			buf_printf(&out->text, "%s%s", out->n > 1 ? ", " : "", buf_str(&one));
	}
	buf_done(&one);
}

static void add_connections(const struct audit *a, const struct matter *m, struct strangers *out)
{
	for (size_t i = 0; i < a->device->services_n; i++) {
		const struct service *row = &a->device->services[i];

		if (row->connection == TRI_YES && row->name && row->remote &&
		    strcmp(row->name, m->name) == 0)
			add_stranger(a, m, row->remote, out);
	}
}

static const struct service *enabled_row(const struct audit *a, const char *name)
{
	const struct service *row = device_find_static(a->device, name);

	return row && row_enabled(row) != TRI_NO ? row : NULL;
}

/* Is the session, by its way in, one of this service, and of no other that may be enabled? */
static bool is_of(const struct audit *a, const char *via, const char *service)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const char *const *s = ways[i].services;
		bool has = false, others = false;

		if (strcmp(ways[i].via, via) != 0)
			continue;
		for (; *s; s++) {
			has |= strcmp(*s, service) == 0;
			others |= strcmp(*s, service) != 0 && enabled_row(a, *s);
		}
		return has && !others;
	}
	return false;
}

static void add_users(const struct audit *a, const struct matter *m, struct strangers *out)
{
	const struct menu_items *menu = device_menu(a->device, "/user active");

	for (size_t i = 0; menu && menu->state == MENU_READ && i < menu->n; i++) {
		const char *via = item_get(&menu->v[i], "via");
		const char *address = item_get(&menu->v[i], "address");

		if (via && address && is_of(a, via, m->name))
			add_stranger(a, m, address, out);
	}
}

RULE(rule_session)
{
	struct strangers found = {0};
	struct finding *f;

	if (m->want->address_mode != ADDRESS_WITHIN || !m->want->address_n ||
	    !service_is_static(m->row))
		return;
	buf_init(&found.text, SESSIONS_TEXT);
	add_connections(a, m, &found);
	add_users(a, m, &found);
	if (found.n) {
		f = audit_raise(a, m, rule);
		f->origin = audit_origin(m->want, &m->want->address_at);
		if (found.maybe_us)
			f->severity = SEVERITY_INFO;
		f->evidence =
			found.maybe_us
				? SAY("%s is in use from %s, outside of what the policy allows; "
		                      "under which address the router sees us is unknown, so "
		                      "one of them may be this audit",
		                      m->name, buf_str(&found.text))
				: SAY_N(found.n,
		                        "%s is in use now from %s, outside of what the policy "
		                        "allows (%zu address)",
		                        "%s is in use now from %s, outside of what the policy "
		                        "allows (%zu addresses in all)",
		                        m->name, buf_str(&found.text), found.n);
	}
	buf_done(&found.text);
}
