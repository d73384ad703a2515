/* Operands to targets: files and URLs, with the command line's options over them. */
#include <stdio.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/text.h"

static bool is_url(const char *s)
{
	return strstr(s, "://") != NULL;
}

/* What the user may have meant by a file that is not there. */
static int refuse_missing(const char *operand, struct error *err)
{
	const char *names[COMMANDS_MAX + 1] = {NULL};
	struct address a;
	const char *near;

	for (size_t i = 0; i < commands_n && i < COMMANDS_MAX; i++)
		names[i] = commands[i].name;
	near = text_nearest(operand, names);
	error_set_sys(err, errno, "cannot open %s", operand);
	err->kind = ERROR_USAGE;
	if (address_parse(operand, strlen(operand), &a) || strchr(operand, '@'))
		return error_hint(err, "a router without a file: rosaudit ssh://%s%s",
		                  strchr(operand, '@') ? "" : "admin@", operand);
	if (near)
		return error_hint(err, "did you mean the command %s?", near);
	return -1;
}

static int load_one(const char *operand, const struct options *o, struct config *out, int *status,
                    struct error *first)
{
	const char *const *dirs = profile_dirs(&out->arena);
	struct error_list errors;
	int r;

	if (!is_url(operand) && access(operand, F_OK)) {
		struct error err = {0};

		refuse_missing(operand, &err);
		*status = fail(&err);
		return error_adopt(first, &err);
	}
	error_list_init(&errors);
	r = is_url(operand) ? config_from_url(operand, o->profile, dirs, out, &errors)
	                    : config_load(operand, dirs, out, &errors);
	if (r) {
		fail_list(&errors);
		*status = errors.n ? status_of(errors.v[0].kind) : 2;
		if (errors.n)
			error_adopt(first, &errors.v[0]);
		/* A file that cannot be opened is the user's slip, not a router's failure. */
		if (*status == 3)
			*status = 2;
	}
	error_list_done(&errors);
	return r;
}

/* Options given on the command line win over the file. */
static void apply_options(struct target *t, const struct options *o, struct port_lists *ports,
                          enum scan_ports mode)
{
	const struct {
		const char *given;
		const char **field;
	} strings[] = {
		{o->key, &t->key},   {o->host_key, &t->host_key}, {o->known_hosts, &t->known_hosts},
		{o->ca, &t->ca},     {o->pin, &t->pin},           {o->source, &t->source},
		{o->save, &t->save},
	};

	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		if (strings[i].given)
			*strings[i].field = strings[i].given;
	t->agent = t->agent || o->agent;
	t->accept_new = t->accept_new || o->accept_new;
	t->legacy_algorithms = t->legacy_algorithms || o->legacy_algorithms;
	if (o->empty_password)
		t->password = (struct secret_spec){.source = SECRET_EMPTY};
	if (o->connect_timeout_ms)
		t->connect_timeout_ms = o->connect_timeout_ms;
	if (o->command_timeout_ms)
		t->command_timeout_ms = o->command_timeout_ms;
	if (o->timeout_ms)
		t->timeout_ms = o->timeout_ms;
	t->scan_import = o->import;
	t->scan_by_nmap = o->scanner != NULL;
	t->force = o->force;
	if (o->pace_given)
		t->pace = o->pace;
	if (o->ports) {
		t->scan_ports = mode;
		t->scan_list = mode == SCAN_LIST ? ports : NULL;
	}
}

/* Without a file the password is asked on the terminal, unless there is another way in. */
static void default_password(struct target *t, const struct options *o)
{
	if (t->password.source == SECRET_NONE && !o->key && !o->agent && !o->empty_password)
		t->password = (struct secret_spec){.source = SECRET_PROMPT};
}

static int parse_ports(const char *text, struct port_lists *ports, enum scan_ports *mode,
                       struct error *err)
{
	static const struct {
		const char *word;
		enum scan_ports mode;
	} words[] = {
		{"routeros", SCAN_ROUTEROS},
		{"declared", SCAN_DECLARED},
		{"all", SCAN_ALL},
		{"none", SCAN_NONE},
	};
	static const struct port_reading how = {
		.tcp = true, .tcp_names = catalogue_lookup, .udp_names = catalogue_lookup_udp};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i].word) == 0) {
			*mode = words[i].mode;
			return 0;
		}
	}
	*mode = SCAN_LIST;
	*ports = (struct port_lists){0};
	if (port_lists_parse(text, strlen(text), &how, ports, err)) {
		err->kind = ERROR_USAGE;
		err->where[0] = '\0';
		return error_wrap(err, "--ports %s", text);
	}
	return 0;
}

/* Loads one operand and appends its targets to those that are there. */
static int load_and_append(const char *operand, const struct options *o, struct config *config,
                           int *status, struct error *first)
{
	struct target *before = config->targets;
	size_t before_n = config->targets_n, n;
	int r;

	config->targets = NULL;
	config->targets_n = 0;
	r = load_one(operand, o, config, status, first);
	n = config->targets_n;
	if (before_n) {
		struct target *all =
			arena_grow(&config->arena, before, before_n, before_n + n, sizeof(*all));

		if (n)
			memcpy(all + before_n, config->targets, n * sizeof(*all));
		config->targets = all;
		config->targets_n = before_n + n;
	}
	return r;
}

/* A mistake in the command: told before any router is asked. */
static int refuse_import(const struct options *o, struct error *err)
{
	if (!o->import)
		return 0;
	if (o->scanner)
		return error_set(err, ERROR_USAGE,
		                 "--import and --scanner are both another's scan: choose one");
	if (access(o->import, R_OK) == 0)
		return 0;
	error_set_sys(err, errno, "cannot open %s", o->import);
	err->kind = ERROR_USAGE;
	return -1;
}

static int refuse_profile(const struct options *o, struct error *err)
{
	for (size_t i = 0; i < o->args_n; i++)
		if (o->profile && !is_url(o->args[i]))
			return error_set(err, ERROR_USAGE,
			                 "--profile goes with a URL; write `profile: %s` into %s",
			                 o->profile, o->args[i]);
	return 0;
}

int targets_load(const struct options *o, struct config *config, int *status, struct error *first)
{
	struct port_lists *ports = arena_alloc(&config->arena, sizeof(*ports));
	enum scan_ports mode = SCAN_ROUTEROS;
	struct error err = {0};
	bool failed = false;

	*status = 0;
	if ((o->ports && parse_ports(o->ports, ports, &mode, &err)) || refuse_profile(o, &err) ||
	    refuse_import(o, &err)) {
		*status = fail(&err);
		return error_adopt(first, &err);
	}
	for (size_t i = 0; i < o->args_n; i++) {
		size_t known = config->targets_n;

		if (load_and_append(o->args[i], o, config, status, first))
			failed = true;
		for (size_t j = known; j < config->targets_n; j++) {
			apply_options(&config->targets[j], o, ports, mode);
			if (is_url(o->args[i]))
				default_password(&config->targets[j], o);
		}
	}
	return failed ? -1 : 0;
}
