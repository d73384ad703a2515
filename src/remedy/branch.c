/* The branch that the script sits on: the way by which this run came to the router. */
#include <string.h>

#include "remedy_private.h"
#include "rosaudit/catalogue.h"

/* Services through which RouterOS can be set, the best first. */
static const char *const ways[] = {"ssh", "winbox", "www-ssl", "www", "api-ssl", "api", "telnet"};

static bool is_way(const struct service *row)
{
	for (size_t i = 0; row->name && i < sizeof(ways) / sizeof(ways[0]); i++)
		if (strcmp(row->name, ways[i]) == 0)
			return service_is_static(row);
	return false;
}

static bool is_live(const struct remedy_input *in)
{
	return in->target->transport != TRANSPORT_FILE;
}

/* The address under which the router sees us; NULL when it did not say. What this machine takes for
 * its own address may be another one behind a NAT. */
static const struct address *our_address(const struct remedy_input *in)
{
	return in->device->seen_as_known ? &in->device->seen_as : NULL;
}

static bool admits(const char *list, const struct address *us)
{
	if (strcmp(list, "\"\"") == 0)
		return true;
	while (us && *list) {
		size_t n = strcspn(list, ",");
		struct prefix p;

		if (prefix_parse(list, n, &p) == PREFIX_OK && prefix_contains(&p, us))
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

static bool is_address(const struct remedy_change *c)
{
	return strcmp(c->property, "address") == 0 || strcmp(c->property, "available-from") == 0;
}

/* Would the change shut an enabled way in, for us? A server's TLS version is none of it: whoever
 * came here speaks the newest that RouterOS does. */
static bool cuts(const struct remedy_input *in, const struct service *row,
                 const struct remedy_change *c)
{
	if (row->disabled == TRI_YES)
		return false;
	if (strcmp(c->property, "disabled") == 0)
		return strcmp(c->value, "yes") == 0;
	/* Who reads a saved output need not be who runs the script. */
	if (is_address(c))
		return is_live(in) && !admits(c->value, our_address(in));
	return strcmp(c->property, "port") == 0 || strcmp(c->property, "vrf") == 0 ||
	       strcmp(c->property, "certificate") == 0;
}

static bool is_cut(const struct remedy_input *in, const struct remedy *r, const struct service *row)
{
	const struct remedy_step *s = remedy_step_of(r, row);

	for (size_t i = 0; s && i < s->n; i++)
		if (cuts(in, row, &s->changes[i]))
			return true;
	return false;
}

static bool is_asked_for(const struct remedy_input *in, const char *name)
{
	const struct expect_service *want = policy_find(&in->target->policy, name);

	return want && want->expect != EXPECT_IGNORED && want->disabled != TRI_YES &&
	       (want->expect == EXPECT_REQUIRED || want->disabled == TRI_NO ||
	        want->reachable == TRI_YES);
}

/* Only one enabled row has the port: else what was seen there may be another one's doing. */
static bool has_port_alone(const struct device *d, const struct service *row)
{
	for (size_t i = 0; i < d->services_n; i++) {
		const struct service *s = &d->services[i];

		if (s != row && service_is_static(s) && s->port == row->port &&
		    s->disabled != TRI_YES && s->proto != L4_UDP)
			return false;
	}
	return true;
}

/* TLS without a certificate is anonymous: an ordinary client cannot come in there. */
static bool lacks_certificate(const struct service *row)
{
	const struct catalogue_row *known = catalogue_service(row->name);

	return known && known->app == APP_TLS &&
	       (!row->certificate || strcmp(row->certificate, "none") == 0);
}

/* Was the row seen to serve us, in its own protocol, in this run? */
static bool is_proven(const struct remedy_input *in, const struct service *row)
{
	const struct catalogue_row *known = catalogue_service(row->name);
	const struct observation *o =
		row->port > 0 ? observations_find(in->observations, (uint16_t)row->port) : NULL;

	if (!known || !o || row->disabled != TRI_NO || o->state != PORT_OPEN)
		return false;
	if (o->reason && strcmp(o->reason, "login") == 0)
		return true;
	return o->serve == SERVE_SERVING && o->app == known->app && !lacks_certificate(row) &&
	       has_port_alone(in->device, row);
}

/* Another way in that the policy asks for, proven and left as it is. NULL: none. */
static const struct service *other_way(const struct remedy_input *in, const struct remedy *r,
                                       const struct service *row)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const struct service *s = device_find_static(in->device, ways[i]);

		if (s && s != row && is_asked_for(in, s->name) && is_proven(in, s) &&
		    !is_cut(in, r, s))
			return s;
	}
	return NULL;
}

static const char *why_not(const struct remedy_input *in, struct remedy *r,
                           const struct service *row, const struct remedy_change *c)
{
	static const char none[] = "no other way in that the policy asks for was seen serving us";
	struct buf text;
	const char *reason;

	if (!is_address(c))
		return arena_printf(&r->arena, "we came through %s, and %s", row->name, none);
	if (!our_address(in))
		return arena_printf(&r->arena,
		                    "we came through %s, the router did not tell which address it "
		                    "sees us at, and %s",
		                    row->name, none);
	buf_init(&text, 128);
	address_format(our_address(in), &text);
	reason = arena_printf(&r->arena,
	                      "we came through %s from %s, which the list leaves out, and %s",
	                      row->name, buf_str(&text), none);
	buf_done(&text);
	return reason;
}

/* All or nothing for one service: half of what shuts it helps nobody. */
static void keep_row(const struct remedy_input *in, struct remedy *r, struct remedy_step *s,
                     const struct service *other)
{
	if (other) {
		s->way = arena_printf(&r->arena,
		                      "we came through %s; %s was seen serving us on port %d%s",
		                      s->row->name, other->name, other->port,
		                      target_logs_in_by(in->target, other->name)
		                              ? ""
		                              : ", where nobody has logged in yet: do so first");
		return;
	}
	for (size_t i = 0; i < s->n;) {
		struct remedy_change *c = &s->changes[i];

		if (cuts(in, s->row, c))
			remedy_leave(r, in, s, c, why_not(in, r, s->row, c));
		else
			i++;
	}
}

static bool some_way_stays(const struct remedy_input *in, const struct remedy *r)
{
	for (size_t i = 0; i < in->device->services_n; i++) {
		const struct service *s = &in->device->services[i];

		if (is_way(s) && s->disabled == TRI_NO && !is_cut(in, r, s))
			return true;
	}
	return false;
}

/* Nobody logged in: which way the reader will take is not known, but one must be left. */
static void keep_some(const struct remedy_input *in, struct remedy *r)
{
	if (some_way_stays(in, r))
		return;
	for (size_t i = 0; i < r->steps_n; i++) {
		struct remedy_step *s = &r->steps[i];

		if (!s->row || !is_way(s->row))
			continue;
		for (size_t j = 0; j < s->n;) {
			if (cuts(in, s->row, &s->changes[j]))
				remedy_leave(r, in, s, &s->changes[j],
				             "no enabled way in would be left as it is");
			else
				j++;
		}
	}
}

void branch_keep(const struct remedy_input *in, struct remedy *r)
{
	if (!is_live(in)) {
		keep_some(in, r);
		return;
	}
	for (size_t i = 0; i < r->steps_n; i++) {
		struct remedy_step *s = &r->steps[i];

		if (s->row && target_logs_in_by(in->target, s->row->name) && is_cut(in, r, s->row))
			keep_row(in, r, s, other_way(in, r, s->row));
	}
}

/* Of a router that was reached, only what is known to let us in. */
static bool is_known_way(const struct remedy_input *in, const struct service *row)
{
	return !is_live(in) || target_logs_in_by(in->target, row->name) || is_proven(in, row);
}

const char *branch_ways(const struct remedy_input *in, struct remedy *r)
{
	const char *names = "";

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const struct service *s = device_find_static(in->device, ways[i]);

		if (s && s->disabled == TRI_NO && !is_cut(in, r, s) && is_known_way(in, s))
			names = arena_printf(&r->arena, "%s%s%s", names, *names ? ", " : "",
			                     ways[i]);
	}
	return names;
}
