/* The keys that lead to a router, as the run that writes them came there. */
#include <string.h>

#include "write.h"
#include "yaml_write.h"

static void write_text(struct buf *out, const char *key, const char *value)
{
	if (!value)
		return;
	if (!yaml_can_say(value)) {
		yaml_comment(out, 2, "%s: a text that a policy cannot say", key);
		return;
	}
	buf_printf(out, "  %s: ", key);
	yaml_string(value, out);
	buf_putc(out, '\n');
}

static const char *name_of(const struct draft *d)
{
	const char *identity = d->device->identity;

	if (identity && yaml_can_say(identity))
		return identity;
	return d->target->host ? d->target->host : d->target->name;
}

static void write_ports_here(const struct target *t, struct buf *out)
{
	uint16_t port = t->port ? target_unmap_port(t, t->port) : 0;

	if (port && port != target_default_port(t))
		buf_printf(out, "  port: %u\n", port);
	if (t->transport == TRANSPORT_BOTH && t->rest_port &&
	    target_unmap_port(t, t->rest_port) != (t->rest_plain ? 80 : 443))
		buf_printf(out, "  rest-port: %u\n", target_unmap_port(t, t->rest_port));
	for (size_t i = 0; i < t->port_map_n; i++)
		buf_printf(out, "%s%u: %u%s", i ? ", " : "  port-map: {", t->port_map[i].router,
		           t->port_map[i].here, i + 1 == t->port_map_n ? "}\n" : "");
}

/* Where the secret is may be told; what it is, never. */
static void write_secret(struct buf *out, const char *key, const struct secret_spec *spec)
{
	static const char *const words[] = {
		[SECRET_ENV] = "env", [SECRET_FILE] = "file", [SECRET_COMMAND] = "command"};
	const char *word =
		spec->source < sizeof(words) / sizeof(words[0]) ? words[spec->source] : NULL;

	if (spec->source == SECRET_NONE)
		return;
	if (spec->source == SECRET_EMPTY) {
		buf_printf(out,
		           "  %s: \"\" # the empty one of a fresh router: give it a password\n",
		           key);
		return;
	}
	if (!word || !yaml_can_say(spec->text)) {
		buf_printf(
			out,
			"  %s: {prompt: yes} # or {env: NAME}, {file: PATH}, {command: COMMAND}\n",
			key);
		return;
	}
	buf_printf(out, "  %s: {%s: ", key, word);
	yaml_string(spec->text, out);
	buf_puts(out, "}\n");
}

static void write_ssh(const struct target *t, struct buf *out)
{
	write_text(out, "key", t->key);
	write_secret(out, "key-passphrase", &t->key_passphrase);
	if (t->agent)
		buf_puts(out, "  agent: yes\n");
	write_text(out, "host-key", t->host_key);
	write_text(out, "known-hosts", t->known_hosts);
	if (t->legacy_algorithms)
		buf_puts(out, "  legacy-algorithms: yes # RouterOS 6 needs them\n");
}

static void write_login(const struct target *t, struct buf *out)
{
	static const char *const transports[] = {
		[TRANSPORT_SSH] = "ssh", [TRANSPORT_REST] = "rest", [TRANSPORT_BOTH] = "both"};

	buf_printf(out, "  transport: %s\n", transports[t->transport]);
	if (t->transport != TRANSPORT_SSH && t->rest_plain)
		buf_puts(out, "  scheme: http # everyone on the way can read the password\n");
	write_ports_here(t, out);
	write_text(out, "user", t->user);
	write_secret(out, "password", &t->password);
	if (t->transport != TRANSPORT_REST)
		write_ssh(t, out);
	if (t->transport != TRANSPORT_SSH) {
		write_text(out, "ca", t->ca);
		write_text(out, "pin", t->pin);
	}
	write_text(out, "source", t->source);
}

static void write_scan(const struct target *t, struct buf *out)
{
	static const char *const words[] = {
		[SCAN_DECLARED] = "declared", [SCAN_ALL] = "all", [SCAN_NONE] = "none"};
	struct buf list;

	if (t->scan_ports == SCAN_ROUTEROS)
		return;
	if (t->scan_ports != SCAN_LIST) {
		buf_printf(out, "  scan: {ports: %s}\n", words[t->scan_ports]);
		return;
	}
	buf_init(&list, 1u << 20);
	port_set_format(&t->scan_list->tcp, &list);
	if (port_set_count(&t->scan_list->udp)) {
		buf_puts(&list, list.n ? ",U:" : "U:");
		port_set_format(&t->scan_list->udp, &list);
	}
	buf_printf(out, "  scan: {ports: \"%s\"}\n", buf_str(&list));
	buf_done(&list);
}

void write_target(const struct draft *d, struct buf *out)
{
	const struct target *t = d->target;

	write_text(out, "name", name_of(d));
	write_text(out, "host", t->host);
	if (t->transport == TRANSPORT_FILE) {
		buf_puts(out,
		         "  transport: file # a saved output; ssh, rest or both ask the router\n");
		write_text(out, "file", t->file);
	} else {
		write_login(t, out);
	}
	if (t->host)
		write_scan(t, out);
}
