/* A commented policy of a router as it is: what `rosaudit init` prints. */
#include <stdlib.h>
#include <string.h>

#include "rosaudit/arena.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/draft.h"
#include "write.h"
#include "yaml_write.h"

static void write_head(const struct draft *d, struct buf *out)
{
	const struct device *v = d->device;

	buf_puts(out, "# yaml-language-server: $schema=");
	buf_puts(out, d->schema);
	buf_putc(out, '\n');
	yaml_comment(out, 0, "What this router was on %s, written by `rosaudit init`:", d->made);
	yaml_comment(out, 0, "RouterOS %s, board %s, identity %s",
	             v->version_text ? v->version_text : "(unknown)",
	             v->board ? v->board : "(unknown)", v->identity ? v->identity : "(unknown)");
	buf_puts(out,
	         "#\n"
	         "# It is how the router is, not how it should be. From here on:\n"
	         "#   rosaudit check FILE    finds mistakes in this file\n"
	         "#   rosaudit FILE          compares the router with it: 0 while nothing changed\n"
	         "#   rosaudit plan FILE     prints the commands once you ask for something else\n"
	         "# Go through the services: what need not be on, write `disabled: yes`; who need "
	         "not\n"
	         "# come in, leave out of `address`. `rosaudit help keys` tells of every key.\n\n");
}

static void write_key(struct buf *out, const char *key, const char *value)
{
	if (!value)
		return;
	if (!yaml_can_say(value)) {
		yaml_comment(out, 6, "%s: a name that a policy cannot say: %s", key, value);
		return;
	}
	buf_printf(out, "      %s: ", key);
	yaml_word(value, out);
	buf_putc(out, '\n');
}

/* IPv6 is quoted: a colon means something to YAML. */
static void write_address(const struct service *s, struct buf *out)
{
	buf_puts(out, "      address: [");
	for (size_t i = 0; i < s->address_n; i++) {
		struct buf one;

		buf_init(&one, 128);
		prefix_format(&s->address[i], &one);
		buf_puts(out, i ? ", " : "");
		buf_printf(out, s->address[i].address.family == 6 ? "\"%s\"" : "%s", buf_str(&one));
		buf_done(&one);
	}
	buf_puts(out, s->address_n ? "]\n" : "] # everybody\n");
}

/* What was seen of an enabled service that has its port for itself; NULL: nothing certain. */
static const char *seen(const struct draft *d, const struct service *s)
{
	const struct observation *o = observations_find(d->observations, (uint16_t)s->port);

	for (size_t i = 0; i < d->device->services_n; i++) {
		const struct service *other = &d->device->services[i];

		if (other != s && service_is_static(other) && other->port == s->port &&
		    other->disabled != TRI_YES)
			return NULL;
	}
	if (!o || o->state == PORT_UNKNOWN)
		return NULL;
	if (o->state != PORT_OPEN || o->serve == SERVE_REFUSED)
		return "no";
	return o->serve == SERVE_SERVING || (o->reason && strcmp(o->reason, "login") == 0) ? "yes"
	                                                                                   : NULL;
}

static const char *say_seen(const char *reachable)
{
	return reachable[0] == 'y' ? "it served us" : "closed, filtered, or accepted and refused";
}

static void write_enabled(const struct draft *d, const struct service *s, struct buf *out)
{
	const char *reachable = s->port > 0 ? seen(d, s) : NULL;

	if (s->port > 0)
		buf_printf(out, "      port: %d\n", s->port);
	if (s->address_known)
		write_address(s, out);
	write_key(out, "certificate", s->certificate);
	write_key(out, "tls-version", s->tls_version);
	write_key(out, "vrf", s->vrf);
	if (s->max_sessions > 0)
		buf_printf(out, "      max-sessions: %d\n", s->max_sessions);
	if (reachable)
		buf_printf(out, "      reachable: %s # %s\n", reachable, say_seen(reachable));
}

/* A static row that a policy can name, the first of its name. */
static bool is_written(const struct device *d, const struct service *s)
{
	return s->name && service_is_static(s) && catalogue_service(s->name) &&
	       device_find_static(d, s->name) == s;
}

static void write_service(const struct draft *d, const struct service *s, struct buf *out)
{
	if (s->disabled == TRI_UNKNOWN) {
		yaml_comment(out, 4, "%s: whether it is on was not said", s->name);
		return;
	}
	buf_printf(out, "    %s:\n      disabled: %s\n", s->name,
	           s->disabled == TRI_YES ? "yes" : "no");
	if (s->disabled == TRI_NO)
		write_enabled(d, s, out);
}

static void write_services(const struct draft *d, struct buf *out)
{
	buf_puts(out, "\n  # disabled      yes: the service is switched off\n"
	              "  # port          in the router's own numbering\n"
	              "  # address       who is let in; the router may let in fewer, never more\n"
	              "  # certificate   of the TLS services; none: only anonymous TLS\n"
	              "  # vrf           the routing table that it listens in\n"
	              "  # max-sessions  logins at one time\n"
	              "  # reachable     from where this was written; leave it out to look from "
	              "anywhere\n"
	              "  services:\n");
	for (size_t i = 0; i < d->device->services_n; i++) {
		const struct service *s = &d->device->services[i];

		if (is_written(d->device, s))
			write_service(d, s, out);
		else if (s->name && service_is_static(s))
			yaml_comment(out, 4, "%s: no service that this version of rosaudit knows",
			             s->name);
	}
}

/* A port beside the services, and who opens it as far as anybody says. */
struct opened {
	int port;
	bool udp;
	const char *name;
};

static int order_opened(const void *left, const void *right)
{
	const struct opened *a = left, *b = right;

	if (a->udp != b->udp)
		return a->udp ? 1 : -1;
	return a->port - b->port;
}

static bool is_services(const struct device *d, int port)
{
	for (size_t i = 0; i < d->services_n; i++)
		if (service_is_static(&d->services[i]) && d->services[i].port == port)
			return true;
	return false;
}

static size_t collect_opened(const struct draft *d, struct opened *v)
{
	size_t n = 0;

	for (size_t i = 0; i < d->device->services_n; i++) {
		const struct service *s = &d->device->services[i];
		bool udp = s->proto == L4_UDP;

		if (!service_is_static(s) && s->connection != TRI_YES && s->port > 0 &&
		    !s->container && !s->netns && (udp || !is_services(d->device, s->port)))
			v[n++] = (struct opened){s->port, udp, s->name};
	}
	for (size_t i = 0; i < d->observations->n; i++) {
		const struct observation *o = &d->observations->v[i];

		if (o->state == PORT_OPEN && !is_services(d->device, o->port))
			v[n++] = (struct opened){o->port, false, NULL};
	}
	if (n)
		qsort(v, n, sizeof(*v), order_opened);
	return n;
}

static void write_port(const struct opened *p, struct buf *out)
{
	const struct catalogue_row *known =
		catalogue_port((uint16_t)p->port, p->udp ? L4_UDP : L4_TCP);

	buf_printf(out, "    %d/%s: allowed", p->port, p->udp ? "udp" : "tcp");
	if (p->name)
		yaml_comment(out, 1, "listener %s%s%s", p->name, known ? ", of " : "",
		             known ? known->menu : "");
	else
		yaml_comment(out, 1, "open; %s%s", known ? "perhaps " : "nobody knows why",
		             known ? known->menu : "");
}

static void write_ports(const struct draft *d, struct buf *out)
{
	struct opened *v = mem_alloc((d->device->services_n + d->observations->n + 1) * sizeof(*v));
	size_t n = collect_opened(d, v);

	if (n)
		buf_puts(out, "\n  # Ports beside the services; `forbidden` once they are to go.\n"
		              "  ports:\n");
	for (size_t i = 0; i < n; i++) {
		/* TCP and UDP of one number stand apart; the named one comes first in a pair. */
		bool again = i && v[i - 1].port == v[i].port && v[i - 1].udp == v[i].udp;

		if (!again)
			write_port(&v[i], out);
	}
	free(v);
}

static void write_containers(const struct draft *d, struct buf *out)
{
	for (size_t i = 0; i < d->device->services_n; i++) {
		const struct service *s = &d->device->services[i];

		if (s->container && s->port > 0 && s->connection != TRI_YES)
			yaml_comment(out, 2, "The container %s listens on port %d (%s).",
			             s->container, s->port, s->name ? s->name : "unnamed");
	}
}

static void write_waiver(const struct draft *d, const struct finding *f, struct buf *out)
{
	buf_puts(out, "\n");
	yaml_comment(out, 4, "%s %s: %s", f->rule->id, f->service ? f->service : "",
	             f->evidence ? f->evidence : f->rule->title);
	buf_printf(out, "    - rule: %s\n", f->rule->id);
	if (f->port > 0)
		buf_printf(out, "      port: %d/%s\n", f->port, f->proto == L4_UDP ? "udp" : "tcp");
	else if (f->service && yaml_can_say(f->service)) {
		buf_puts(out, "      service: ");
		yaml_string(f->service, out);
		buf_putc(out, '\n');
	}
	buf_puts(out, "      reason: as rosaudit init found it; nobody has judged it yet\n");
	buf_printf(out, "      expires: %s\n", d->expires);
}

static void write_waivers(const struct draft *d, struct buf *out)
{
	if (!d->waived_n)
		return;
	buf_puts(out,
	         "\n  # Findings that have nothing to do with any wish: the router contradicts\n"
	         "  # itself, or its firewall has a flaw. They stay in every report, and fail\n"
	         "  # again once a waiver expires.\n"
	         "  waivers:");
	for (size_t i = 0; i < d->waived_n; i++)
		write_waiver(d, d->waived[i], out);
}

void config_quote(const char *text, struct buf *out)
{
	yaml_string(text, out);
}

void config_write(const struct draft *d, struct buf *out)
{
	write_head(d, out);
	buf_puts(out, "router:\n");
	write_target(d, out);
	write_services(d, out);
	write_ports(d, out);
	buf_puts(out,
	         "\n  # What is named nowhere above: warn, fail or ignore.\n  unlisted: warn\n");
	write_containers(d, out);
	write_waivers(d, out);
}
