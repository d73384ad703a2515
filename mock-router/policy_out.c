/* --write-config: a rosaudit policy file that leads to this mock. */
#include "policy_out.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A double-quoted YAML scalar. */
static void add_quoted(struct text *out, const char *s)
{
	text_add(out, "\"");
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			text_addf(out, "\\%c", *s);
		else if ((unsigned char)*s < 0x20)
			text_addf(out, "\\x%02x", (unsigned char)*s);
		else
			text_add_n(out, s, 1);
	}
	text_add(out, "\"");
}

/* rosaudit takes no control characters in names: a router may well be called by some. */
static void add_name(struct text *out, const char *s)
{
	struct text name = {0};

	for (; *s != '\0'; s++) {
		bool is_control = (unsigned char)*s < 0x20 || *s == 0x7f;

		text_add_n(&name, is_control ? "?" : s, 1);
	}
	add_quoted(out, name.p != NULL ? name.p : "");
	text_done(&name);
}

static void add_key(struct text *out, const char *key, const char *value)
{
	text_addf(out, "    %s: ", key);
	add_quoted(out, value);
	text_add(out, "\n");
}

/* The ports are the router's; port-map translates them.
 * Which web service REST goes to: the secure one where it can be used at all. */
static const struct service *rest_service(const struct scenario *s)
{
	const struct service *secure = scenario_service(s, "www-ssl");

	if (service_listens(secure) && strcmp(secure->certificate, "none") != 0)
		return secure;
	return scenario_service(s, "www");
}

static void add_rest(const struct policy_out *o, const struct scenario *s, struct text *out)
{
	const struct service *web = rest_service(s);
	bool both = strcmp(o->transport, "both") == 0;

	text_addf(out, "    %s: %d\n", both ? "rest-port" : "port", web->port);
	text_addf(out, "    scheme: %s\n", web->has_tls ? "https" : "http");
	if (web->has_tls)
		add_key(out, "pin", o->pin);
}

static const struct user *user_of(const struct policy_out *o, const struct scenario *s)
{
	const struct user *u = scenario_user(s, o->user != NULL ? o->user : "audit");

	return u != NULL || o->user != NULL ? u : &s->users[0];
}

static void add_router(const struct policy_out *o, const struct scenario *s, const struct listen *l,
                       const struct user *u, struct text *out)
{
	bool rest = strcmp(o->transport, "rest") == 0;

	text_add(out, "routers:\n  - name: ");
	add_name(out, s->identity);
	text_add(out, "\n");
	add_key(out, "host", o->host);
	text_addf(out, "    transport: %s\n", o->transport);
	if (!rest)
		text_addf(out, "    port: %d\n", scenario_service(s, "ssh")->port);
	if (strcmp(o->transport, "ssh") != 0)
		add_rest(o, s, out);
	if (o->mapped) {
		text_add(out, "    port-map: {");
		listen_map(l, out);
		text_add(out, "}\n");
	}
	add_key(out, "user", u->name);
	if (u->password != NULL) {
		text_add(out, "    password: {literal: ");
		add_quoted(out, u->password);
		text_add(out, "}\n");
	}
	if (!rest)
		add_key(out, "host-key", o->host_key);
	if (!rest && s->legacy_ssh)
		text_add(out, "    legacy-algorithms: yes\n");
	if (o->profile != NULL)
		add_key(out, "profile", o->profile);
}

static int write_file(const char *path, const struct text *text, struct text *complaint)
{
	struct text name = {0};
	FILE *f;
	int rc = -1;

	text_addf(&name, "%s.%ld", path, (long)getpid());
	f = fopen(name.p, "we");
	if (f != NULL) {
		bool whole = fwrite(text->p, 1, text->n, f) == text->n;

		if (fclose(f) == 0 && whole && rename(name.p, path) == 0)
			rc = 0;
	}
	if (rc != 0) {
		text_addf(complaint, "%s: %s", path, strerror(errno));
		unlink(name.p);
	}
	text_done(&name);
	return rc;
}

int policy_write(const struct policy_out *o, const struct scenario *s, const struct listen *l,
                 struct text *complaint)
{
	const struct user *u = user_of(o, s);
	struct text out = {0};
	int rc;

	if (u == NULL) {
		text_addf(complaint, "the scenario has no user '%s'", o->user);
		return -1;
	}
	text_add(&out, "# Written by mock-router: the way to a router that is none.\n");
	add_router(o, s, l, u, &out);
	rc = write_file(o->path, &out, complaint);
	text_done(&out);
	return rc;
}
