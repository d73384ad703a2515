/* A complete HTTP answer that is not the data asked for → one sentence and what to do. Pure. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "rest.h"

/* Bytes of a foreign text that a sentence shows; the whole answer is in nobody's interest. */
#define SHOWN 160

struct judged {
	const struct rest_talk *talk;
	long status;
	const char *type, *redirect;
	const char *body;   /* NUL-terminated */
	char detail[SHOWN]; /* the answer's "detail", else its "message", or "" */
};

static bool has(const struct judged *j, const char *text)
{
	return strstr(j->body, text) != NULL;
}

static bool is_html(const struct judged *j)
{
	const char *p = j->body + strspn(j->body, " \t\r\n");

	return (j->type && strncasecmp(j->type, "text/html", 9) == 0) || *p == '<';
}

/* The text of a member of RouterOS's flat error object, as it stands: for showing only, so escapes
 * are left alone. False when there is none. */
static bool member(const char *body, const char *key, char *out, size_t n)
{
	const char *p = strstr(body, key), *end;

	if (!p)
		return false;
	p += strlen(key);
	p += strspn(p, " :");
	if (*p++ != '"')
		return false;
	for (end = p; *end && *end != '"'; end++)
		if (*end == '\\' && end[1])
			end++;
	snprintf(out, n, "%.*s", (int)(end - p), p);
	return out[0] != '\0';
}

static int unauthorized(const struct judged *j, struct error *err)
{
	const struct rest_talk *t = j->talk;

	if (t->empty_password)
		error_set(err, ERROR_AUTH,
		          "the router refused user \"%s\" with the empty password over REST "
		          "(HTTP 401)",
		          t->user);
	else
		error_set(err, ERROR_AUTH, "the router refused user \"%s\" over REST (HTTP 401)",
		          t->user);
	return error_hint(err,
	                  "RouterOS answers the same to a wrong password, to a user whose address= "
	                  "leaves out %s, and to a group without the policy rest-api\n"
	                  "on the router: /user print detail where name=\"%s\"; /user group print",
	                  t->local[0] ? t->local : "the address that we come from", t->user);
}

static int forbidden(const struct judged *j, struct error *err)
{
	const char *property = j->talk->plain ? "rest-plain" : "rest-secure";

	error_set(err, ERROR_REMOTE, "the router's web server keeps REST off %s (HTTP 403)",
	          j->talk->where);
	return error_hint(err,
	                  "on the router (7.21 and later): /ip/service/webserver set %s=yes\n"
	                  "or read this router with transport: ssh",
	                  property);
}

static int no_rest(const struct judged *j, struct error *err)
{
	error_set(err, ERROR_REMOTE, "there is no REST at %s (HTTP 404)", j->talk->url);
	return error_hint(err,
	                  "RouterOS has REST since 7.1: read an older router with transport: ssh\n"
	                  "on a newer one, is this port its %s service?",
	                  j->talk->plain ? "www" : "www-ssl");
}

static int session_closed(const struct judged *j, struct error *err)
{
	error_set(err, ERROR_TIMEOUT,
	          "the router gave up GET /rest/%s itself (HTTP 400, \"Session closed\")",
	          j->talk->path);
	return error_hint(
		err, "RouterOS ends a REST command after 60 seconds; try again when the router "
		     "has less to do, or read it with transport: ssh");
}

static int no_policy(const struct judged *j, struct error *err)
{
	error_set(err, ERROR_REMOTE, "user \"%s\" may not read %s over REST (HTTP 500, \"%s\")",
	          j->talk->user, j->talk->path, j->detail[0] ? j->detail : "not allowed");
	return error_hint(err,
	                  "the user's group needs the policies read, api and rest-api\n"
	                  "on the router: /user print where name=\"%s\"; /user group print",
	                  j->talk->user);
}

static int redirected(const struct judged *j, struct error *err)
{
	error_set(err, ERROR_REMOTE,
	          "%s sends us elsewhere, to %.*s (HTTP %ld); rosaudit follows no redirect",
	          j->talk->where, SHOWN, j->redirect ? j->redirect : "a place it does not name",
	          j->status);
	return error_hint(err,
	                  "RouterOS's REST does not redirect: a proxy, a hotspot page or another "
	                  "machine answers here\n"
	                  "if the router is behind that address, write it as host: and port:");
}

static int not_json(const struct judged *j, struct error *err)
{
	const struct rest_talk *t = j->talk;

	if (!j->body[0])
		error_set(err, ERROR_PARSE, "GET /rest/%s brought an empty answer (HTTP %ld)",
		          t->path, j->status);
	else
		error_set(err, ERROR_PARSE,
		          "GET /rest/%s brought no JSON (HTTP %ld); it begins \"%.*s\"", t->path,
		          j->status, 60, j->body);
	return error_hint(err, "something other than RouterOS's REST answers on port %u", t->port);
}

static int any_other(const struct judged *j, struct error *err)
{
	error_set(err, ERROR_REMOTE, "GET /rest/%s was answered with HTTP %ld%s%s%s", j->talk->path,
	          j->status, j->detail[0] ? ", \"" : "", j->detail, j->detail[0] ? "\"" : "");
	return error_hint(
		err, "no meaning of this answer is documented for RouterOS's REST; transport: ssh "
		     "is the other way in");
}

static bool looks_json(const char *p)
{
	p += strspn(p, " \t\r\n");
	return *p == '{' || *p == '[';
}

static bool lacks_menu(const struct judged *j)
{
	/* Which of the three statuses says it changed between versions (routeros.md, 2). */
	if (j->status != 400 && j->status != 404 && j->status != 406)
		return false;
	if (has(j, "no such command"))
		return true;
	/* A bare 404 before any answer is a router without REST; after one, a menu is missing. */
	return j->status == 404 && j->talk->answered && looks_json(j->body);
}

int rest_status_error(const struct rest_talk *talk, long status, const char *type,
                      const char *redirect, const struct buf *body, struct error *err)
{
	struct judged j = {.talk = talk,
	                   .status = status,
	                   .type = type,
	                   .redirect = redirect,
	                   .body = buf_str(body)};

	if (!member(j.body, "\"detail\"", j.detail, sizeof(j.detail)))
		member(j.body, "\"message\"", j.detail, sizeof(j.detail));
	if (status >= 200 && status < 300)
		return looks_json(j.body) ? 0 : not_json(&j, err);
	if (status >= 300 && status < 400)
		return redirected(&j, err);
	if (status == 401)
		return unauthorized(&j, err);
	if (status == 403 && is_html(&j))
		return forbidden(&j, err);
	if (lacks_menu(&j))
		return 0;
	if (status == 404 && !talk->answered)
		return no_rest(&j, err);
	if (status == 400 && has(&j, "Session closed"))
		return session_closed(&j, err);
	if (status == 500 && (has(&j, "not enough permissions") || has(&j, "not allowed (9)")))
		return no_policy(&j, err);
	return any_other(&j, err);
}
