/* YAML → struct scenario: listeners, connections, faults and the plain keys. */
#include <stdlib.h>
#include <string.h>

#include "scenario_read.h"

/* --- listeners and connections --- */

static int listener_name(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct listener *)into)->name);
}

static int listener_netns(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct listener *)into)->netns);
}

static int listener_container(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct listener *)into)->container);
}

static int listener_speaks(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct listener *)into)->speaks);
}

static int listener_port(struct tree_at at, void *into)
{
	return tree_take_number(at, 1, 65535, &((struct listener *)into)->port);
}

static int listener_proto(struct tree_at at, void *into)
{
	const char *s = tree_scalar(at);

	if (s == NULL || (strcmp(s, "tcp") != 0 && strcmp(s, "udp") != 0))
		return tree_complain(at, "tcp or udp belongs here");
	((struct listener *)into)->udp = s[0] == 'u';
	return 0;
}

static const struct tree_key listener_keys[] = {
	{"name", listener_name},
	{"port", listener_port},
	{"proto", listener_proto},
	{"netns", listener_netns},
	{"container", listener_container},
	{"speaks", listener_speaks},
	{0},
};

static int top_listeners(struct tree_at at, void *into)
{
	struct scenario *s = into;

	for (size_t i = 0; i < tree_count(at); i++) {
		struct listener *one;

		s->listeners = mem_grow(s->listeners, s->listeners_n, sizeof(*s->listeners));
		one = &s->listeners[s->listeners_n++];
		if (tree_take(tree_item(at, i), listener_keys, one) != 0)
			return -1;
		if (one->name == NULL || one->port == 0)
			return tree_complain(tree_item(at, i), "a listener has a name and a port");
	}
	return 0;
}

static int connection_service(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct fixed_connection *)into)->service);
}

static int connection_local(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct fixed_connection *)into)->local);
}

static int connection_remote(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct fixed_connection *)into)->remote);
}

static const struct tree_key connection_keys[] = {
	{"service", connection_service},
	{"local", connection_local},
	{"remote", connection_remote},
	{0},
};

static int top_connections(struct tree_at at, void *into)
{
	struct scenario *s = into;

	for (size_t i = 0; i < tree_count(at); i++) {
		struct fixed_connection *one;

		s->connections =
			mem_grow(s->connections, s->connections_n, sizeof(*s->connections));
		one = &s->connections[s->connections_n++];
		if (tree_take(tree_item(at, i), connection_keys, one) != 0)
			return -1;
		if (one->service == NULL || scenario_service(s, one->service) == NULL ||
		    one->local == NULL || one->remote == NULL)
			return tree_complain(tree_item(at, i),
			                     "a connection has a service, local and remote");
	}
	return 0;
}

/* --- faults --- */

static const struct {
	const char *channel, *name;
	enum fault fault;
} faults[] = {
	{"ssh", "close-on-accept", FAULT_CLOSE_ON_ACCEPT},
	{"ssh", "close-after-auth", FAULT_CLOSE_AFTER_AUTH},
	{"ssh", "exec-refused", FAULT_EXEC_REFUSED},
	{"ssh", "stall-banner", FAULT_STALL_BANNER},
	{"ssh", "stall-auth", FAULT_STALL_AUTH},
	{"ssh", "stall-command", FAULT_STALL_COMMAND},
	{"ssh", "endless-output", FAULT_ENDLESS_OUTPUT},
	{"ssh", "huge-answer", FAULT_HUGE_ANSWER},
	{"ssh", "hang-up-mid-table", FAULT_HANG_UP_MID_TABLE},
	{"ssh", "no-exit-status", FAULT_NO_EXIT_STATUS},
	{"ssh", "licence-state", FAULT_LICENCE_STATE},
	{"ssh", "expired-password", FAULT_EXPIRED_PASSWORD},
	{"ssh", "terse-unknown", FAULT_TERSE_UNKNOWN},
	{"ssh", "script-unknown", FAULT_SCRIPT_UNKNOWN},
	{"ssh", "everything-unknown", FAULT_EVERYTHING_UNKNOWN},
	{"rest", "redirect", FAULT_REST_REDIRECT},
	{"rest", "session-closed", FAULT_REST_SESSION_CLOSED},
	{"rest", "not-json", FAULT_REST_NOT_JSON},
	{"rest", "endless-body", FAULT_REST_ENDLESS_BODY},
	{"rest", "html-403", FAULT_REST_HTML_403},
	{"rest", "std-failure", FAULT_REST_STD_FAILURE},
	{"rest", "stall", FAULT_REST_STALL},
};

static int take_fault(struct tree_at at, const char *channel, struct scenario *s)
{
	const char *name = tree_scalar(at);

	for (size_t i = 0; name != NULL && i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (strcmp(faults[i].channel, channel) != 0 || strcmp(faults[i].name, name) != 0)
			continue;
		s->fault[faults[i].fault] = true;
		return 0;
	}
	return tree_complain(at, "no such fault on this channel");
}

/* faults: {ssh: [stall-command], rest: [redirect]} */
static int top_faults(struct tree_at at, void *into)
{
	for (size_t i = 0; i < tree_count(at); i++) {
		struct tree_at list;
		const char *channel = tree_pair(at, i, &list);

		for (size_t k = 0; k < tree_count(list); k++)
			if (take_fault(tree_item(list, k), channel, into) != 0)
				return -1;
	}
	return 0;
}

/* --- plain keys --- */

static int top_version(struct tree_at at, void *into)
{
	struct scenario *s = into;
	const char *text = tree_scalar(at);

	if (s->services_n != 0)
		return tree_complain(at, "the version comes once, and before the services");
	if (text == NULL || version_parse(text, &s->version) != 0)
		return tree_complain(at, "a version such as \"7.16.2\" belongs here");
	scenario_default_services(s);
	return 0;
}

static int top_identity(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct scenario *)into)->identity);
}

static int top_board(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct scenario *)into)->board);
}

static int top_architecture(struct tree_at at, void *into)
{
	return tree_take_string(at, &((struct scenario *)into)->architecture);
}

static int top_users(struct tree_at at, void *into)
{
	for (size_t i = 0; i < tree_count(at); i++)
		if (scenario_read_user(tree_item(at, i), into) != 0)
			return -1;
	return 0;
}

static int top_refuse_with(struct tree_at at, void *into)
{
	return scenario_read_refusal(at, &((struct scenario *)into)->refuse_with);
}

static int top_width(struct tree_at at, void *into)
{
	return tree_take_number(at, 40, 1000, &((struct scenario *)into)->terminal_width);
}

static int top_line_ends(struct tree_at at, void *into)
{
	const char *s = tree_scalar(at);

	if (s == NULL || (strcmp(s, "crlf") != 0 && strcmp(s, "lf") != 0))
		return tree_complain(at, "crlf or lf belongs here");
	((struct scenario *)into)->line_end = s[0] == 'c' ? "\r\n" : "\n";
	return 0;
}

static int top_live_lists(struct tree_at at, void *into)
{
	return tree_take_flag(at, &((struct scenario *)into)->live_lists);
}

static int top_live_connections(struct tree_at at, void *into)
{
	return tree_take_flag(at, &((struct scenario *)into)->live_connections);
}

static int top_legacy_ssh(struct tree_at at, void *into)
{
	return tree_take_flag(at, &((struct scenario *)into)->legacy_ssh);
}

static int top_ssh_key_type(struct tree_at at, void *into)
{
	const char *s = tree_scalar(at);

	if (s == NULL || (strcmp(s, "rsa") != 0 && strcmp(s, "ed25519") != 0))
		return tree_complain(at, "rsa or ed25519 belongs here");
	return tree_take_string(at, &((struct scenario *)into)->ssh_key_type);
}

static int webserver_plain(struct tree_at at, void *into)
{
	return tree_take_flag(at, &((struct scenario *)into)->rest_plain);
}

static int webserver_secure(struct tree_at at, void *into)
{
	return tree_take_flag(at, &((struct scenario *)into)->rest_secure);
}

static const struct tree_key webserver_keys[] = {
	{"rest-plain", webserver_plain},
	{"rest-secure", webserver_secure},
	{0},
};

static int top_webserver(struct tree_at at, void *into)
{
	if (!version_has_webserver(&((struct scenario *)into)->version))
		return tree_complain(at, "/ip service webserver is new in 7.21");
	return tree_take(at, webserver_keys, into);
}

static int top_menus(struct tree_at at, void *into)
{
	return features_read(at, into);
}

static int top_closed_ports(struct tree_at at, void *into)
{
	struct scenario *s = into;

	for (size_t i = 0; i < tree_count(at); i++) {
		s->closed_ports =
			mem_grow(s->closed_ports, s->closed_ports_n, sizeof(*s->closed_ports));
		if (tree_take_number(tree_item(at, i), 1, 65535,
		                     &s->closed_ports[s->closed_ports_n++]) != 0)
			return -1;
	}
	return 0;
}

static const struct tree_key top_keys[] = {
	{"version", top_version},
	{"identity", top_identity},
	{"board", top_board},
	{"architecture", top_architecture},
	{"users", top_users},
	{"services", scenario_read_services},
	{"lies", scenario_read_lies},
	{"listeners", top_listeners},
	{"connections", top_connections},
	{"live-connections", top_live_connections},
	{"live-lists", top_live_lists},
	{"closed-ports", top_closed_ports},
	{"webserver", top_webserver},
	{"menus", top_menus},
	{"refuse-with", top_refuse_with},
	{"terminal-width", top_width},
	{"line-ends", top_line_ends},
	{"legacy-ssh", top_legacy_ssh},
	{"ssh-key-type", top_ssh_key_type},
	{"faults", top_faults},
	{0},
};

int scenario_read(struct tree_at root, struct scenario *s)
{
	if (tree_take(root, top_keys, s) != 0)
		return -1;
	if (s->services_n == 0)
		return tree_complain(root, "the scenario names no version");
	return 0;
}
