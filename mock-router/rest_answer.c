/* What the web port answers. The only user of jansson in this program. */
#include "rest_answer.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "nft_live.h"
#include "rows.h"

static void say_html(struct rest_answer *a, unsigned status, const char *title)
{
	a->status = status;
	a->type = "text/html";
	text_addf(&a->body,
	          "<!DOCTYPE html>\n<html><head><title>%s</title></head>"
	          "<body><h1>%s</h1></body></html>\n",
	          title, title);
}

/* The body is freed with the answer; keys in order, no blanks, as routers print it. */
static void say_json(struct rest_answer *a, unsigned status, json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);

	a->status = status;
	text_add(&a->body, text == NULL ? "null" : text);
	free(text);
	json_decref(value);
}

static void say_error(struct rest_answer *a, unsigned status, const char *message,
                      const char *detail)
{
	json_t *o = json_pack("{s:i, s:s}", "error", (int)status, "message", message);

	if (detail != NULL)
		json_object_set_new(o, "detail", json_string(detail));
	say_json(a, status, o);
}

static void say_unknown(struct rest_answer *a, const char *path)
{
	const char *last = strrchr(path, '/');
	struct text detail = {0};

	text_addf(&detail, "no such command or directory (%s)", last == NULL ? path : last + 1);
	say_error(a, 400, "Bad Request", detail.p);
	text_done(&detail);
}

/* --- who asks --- */

/* A wrong password, an excluded address and a group without rest-api all look the same. */
static const struct user *user_in(const struct server *server, const struct rest_request *q)
{
	const struct sockaddr *peer = (const void *)&q->peer.address;
	const struct user *u = scenario_user(server->scenario, q->user);

	if (u == NULL || u->password == NULL || strcmp(u->password, q->password) != 0)
		return NULL;
	if (!prefixes_admit(&u->address, peer) || (u->policies & POLICY_REST_API) == 0)
		return NULL;
	return u;
}

/* false when the answer is given: rights that the group lacks are a 500 (routeros.md 2). */
static bool rights_suffice(const struct user *u, struct rest_answer *a)
{
	if ((u->policies & POLICY_API) == 0) {
		say_error(a, 500, "Internal Server Error", "std failure: not allowed (9)");
		return false;
	}
	if ((u->policies & POLICY_READ) == 0) {
		say_error(a, 500, "Internal Server Error", "not enough permissions (9)");
		return false;
	}
	return true;
}

/* --- rows --- */

struct filter {
	bool column[COLUMN_MAX];
	json_t *equal; /* property → value */
};

static void filter_columns(const struct rows *rows, const char *list, struct filter *f)
{
	while (*list != '\0') {
		size_t n = strcspn(list, ",");
		int column = column_find(rows, list, n);

		if (column >= 0)
			f->column[column] = true;
		list += n + (list[n] == ',' ? 1 : 0);
	}
}

static void filter_query(const struct rows *rows, const struct rest_request *q, struct filter *f)
{
	const char *at = text_get(&q->query);

	for (size_t i = 0; i < q->query_n; i++) {
		const char *key = at, *value = key + strlen(key) + 1;

		at = value + strlen(value) + 1;
		if (strcmp(key, ".proplist") == 0) {
			memset(f->column, 0, sizeof(f->column));
			filter_columns(rows, value, f);
		} else {
			json_object_set_new(f->equal, key, json_string(value));
		}
	}
}

/* {".proplist": ["name"], ".query": ["dynamic=false"]}: conditions that must all hold; the other
 * operators of the query stack are not served. */
static void filter_body(const struct rows *rows, const struct text *body, struct filter *f)
{
	json_t *o = json_loadb(text_get(body), body->n, 0, NULL), *list, *one;
	size_t i;

	list = json_object_get(o, ".proplist");
	if (list != NULL)
		memset(f->column, 0, sizeof(f->column));
	if (json_is_string(list))
		filter_columns(rows, json_string_value(list), f);
	json_array_foreach(list, i, one) if (json_is_string(one))
		filter_columns(rows, json_string_value(one), f);
	list = json_object_get(o, ".query");
	json_array_foreach(list, i, one)
	{
		const char *s = json_is_string(one) ? json_string_value(one) : "";
		char *key = mem_copy_n(s, strcspn(s, "="));

		json_object_set_new(f->equal, key,
		                    json_string(strchr(s, '=') == NULL ? "" : strchr(s, '=') + 1));
		free(key);
	}
	json_decref(o);
}

static json_t *row_object(const struct rows *rows, const struct row *row, const struct filter *f)
{
	json_t *o = json_object();

	if (!rows->menu->singleton)
		json_object_set_new(o, ".id", json_string(row->id));
	for (size_t c = 0; rows->menu->columns[c].name != NULL; c++) {
		struct text value = {0};

		/* hidden: ftp's vrf, which REST lacks before 7.19. */
		if (!row->field[c].present || row->field[c].hidden || !column_exists(rows, c) ||
		    !f->column[c])
			continue;
		field_join(&row->field[c], ",", &value);
		json_object_set_new(o, column_name(rows, c), json_string(text_get(&value)));
		text_done(&value);
	}
	return o;
}

static bool row_fits(const struct rows *rows, const struct row *row, const struct filter *f)
{
	struct filter all = {0};
	json_t *o, *want;
	const char *key;
	bool fits = true;

	memset(all.column, 1, sizeof(all.column));
	o = row_object(rows, row, &all);
	json_object_foreach(f->equal, key, want) fits =
		fits && json_equal(json_object_get(o, key), want);
	json_decref(o);
	return fits;
}

/* One row by ".id" or name. */
static const struct row *row_named(const struct rows *rows, const char *key)
{
	int name = column_find(rows, "name", 4);

	for (size_t i = 0; i < rows->n; i++)
		if (strcmp(rows->v[i].id, key) == 0 ||
		    (name >= 0 && strcmp(rows->v[i].field[name].v[0], key) == 0))
			return &rows->v[i];
	return NULL;
}

static void say_rows(const struct rows *rows, const char *key, const struct filter *f,
                     struct rest_answer *a)
{
	const struct row *one = rows->menu->singleton ? &rows->v[0] : NULL;
	json_t *list;

	if (*key != '\0')
		one = row_named(rows, key);
	if (one != NULL) {
		say_json(a, 200, row_object(rows, one, f));
		return;
	}
	if (*key != '\0') {
		say_error(a, 404, "Not Found", "no such item");
		return;
	}
	list = json_array();
	for (size_t i = 0; i < rows->n; i++)
		if (row_fits(rows, &rows->v[i], f))
			json_array_append_new(list, row_object(rows, &rows->v[i], f));
	say_json(a, 200, list);
}

static void say_menu(const struct server *server, enum menu_id menu, const char *rest,
                     const struct rest_request *q, struct rest_answer *a)
{
	bool print = strcmp(q->method, "POST") == 0;
	struct filter f = {.equal = json_object()};
	struct rows rows;

	memset(f.column, 1, sizeof(f.column));
	rows_take(menu, server->scenario, server->live, &rows);
	filter_query(&rows, q, &f);
	if (print)
		filter_body(&rows, q->body, &f);
	say_rows(&rows, print ? "" : rest, &f, a);
	rows_done(&rows);
	json_decref(f.equal);
}

/* --- the scenario's menus --- */

static json_t *feature_object(const struct feature *one, size_t index)
{
	json_t *o = json_object();
	char id[24];

	feature_id(index, id);
	if (!one->single)
		json_object_set_new(o, ".id", json_string(id));
	for (size_t i = 0; i < one->item[index].n; i++) {
		const struct feature_field *f = &one->item[index].field[i];

		json_object_set_new(o, f->name, json_string(feature_value(one, f)));
	}
	return o;
}

/* GET of the whole menu alone. true when it was one of these. */
static bool say_feature(const struct server *server, const struct rest_request *q,
                        struct rest_answer *a)
{
	const struct features *all = &server->scenario->features;
	const struct feature *one = NULL;
	json_t *list;

	for (size_t i = 0; one == NULL && i < all->n; i++)
		if (strcmp(all->v[i].rest, q->path) == 0 && all->v[i].state != FEATURE_MISSING)
			one = &all->v[i];
	if (one == NULL || strcmp(q->method, "GET") != 0)
		return false;
	if (one->state == FEATURE_SLOW) {
		a->stall = true;
	} else if (one->state == FEATURE_FORBIDDEN) {
		say_error(a, 500, "Internal Server Error", "not enough permissions (9)");
	} else if (one->single) {
		say_json(a, 200, feature_object(one, 0));
	} else {
		list = json_array();
		for (size_t i = 0; i < one->n; i++)
			json_array_append_new(list, feature_object(one, i));
		say_json(a, 200, list);
	}
	return true;
}

/* --- the whole --- */

static bool reads_only(const struct rest_request *q)
{
	size_t n = strlen(q->path);

	if (strcmp(q->method, "GET") == 0)
		return true;
	return strcmp(q->method, "POST") == 0 && n >= 6 && strcmp(q->path + n - 6, "/print") == 0;
}

/* A path below /ip service is one of its rows, or a menu of its own. */
static bool is_other_menu(const char *path)
{
	return strcmp(path, "/rest/ip/service/webserver") == 0;
}

/* --- writes --- */

static void say_bad(struct rest_answer *a, const char *what, const char *name)
{
	struct text detail = {0};

	text_addf(&detail, "%s%s", what, name);
	say_error(a, 400, "Bad Request", detail.p);
	text_done(&detail);
}

/* The row's place among the services; false when the answer is given. */
static bool service_of(const struct rows *rows, const char *key, size_t *service,
                       struct rest_answer *a)
{
	const struct row *row = row_named(rows, key);
	int dynamic = column_find(rows, "dynamic", 7);

	if (row == NULL) {
		say_error(a, 404, "Not Found", "no such item");
		return false;
	}
	if (dynamic >= 0 && row_flag(row, (size_t)dynamic)) {
		say_bad(a, "failure: this is configured elsewhere", "");
		return false;
	}
	*service = strtoul(row->id + 1, NULL, 16);
	return true;
}

/* true when every property of the body was set. */
static bool set_properties(const struct server *server, size_t service, json_t *body,
                           struct rest_answer *a)
{
	const struct scenario *s = server->scenario;
	const char *key;
	json_t *value;

	json_object_foreach(body, key, value)
	{
		if (strcmp(key, ".id") == 0)
			continue;
		if (!change_takes(s, &s->services[service], key)) {
			say_bad(a, "unknown parameter ", key);
			return false;
		}
		if (!json_is_string(value) ||
		    change_set(server->change, service, key, json_string_value(value)) != 0) {
			say_bad(a, "invalid value for argument ", key);
			return false;
		}
	}
	return true;
}

/* PATCH …/service/ID, and POST …/service/set with the .id in the body. */
static void say_set(const struct server *server, const struct rest_request *q, const char *key,
                    struct rest_answer *a)
{
	const struct user *user = scenario_user(server->scenario, q->user);
	json_t *body = json_loadb(text_get(q->body), q->body->n, 0, NULL);
	struct filter all = {0};
	struct rows rows;
	size_t service;
	bool done;

	if ((user->policies & POLICY_WRITE) == 0) {
		say_error(a, 500, "Internal Server Error", "not enough permissions (9)");
		json_decref(body);
		return;
	}
	if (key == NULL)
		key = json_string_value(json_object_get(body, ".id"));
	rows_take(MENU_SERVICE, server->scenario, server->live, &rows);
	done = service_of(&rows, key == NULL ? "" : key, &service, a) &&
	       set_properties(server, service, body, a);
	change_settle(server->change);
	rows_done(&rows);
	json_decref(body);
	if (!done)
		return;
	memset(all.column, 1, sizeof(all.column));
	rows_take(MENU_SERVICE, server->scenario, server->live, &rows);
	if (strcmp(q->method, "PATCH") == 0)
		say_json(a, 200,
		         row_object(&rows,
		                    row_named(&rows, server->scenario->services[service].name),
		                    &all));
	else
		say_json(a, 200, json_array());
	rows_done(&rows);
}

/* true when it was a write, whatever became of it. */
static bool say_write(const struct server *server, const struct rest_request *q,
                      struct rest_answer *a)
{
	static const char menu[] = "/rest/ip/service/";
	const char *rest = q->path + sizeof(menu) - 1;

	if (strncmp(q->path, menu, sizeof(menu) - 1) != 0)
		return false;
	if (strcmp(q->method, "PATCH") == 0)
		say_set(server, q, rest, a);
	else if (strcmp(q->method, "POST") == 0 && strcmp(rest, "set") == 0)
		say_set(server, q, NULL, a);
	else
		return false;
	return true;
}

static void say_path(const struct server *server, const struct rest_request *q,
                     struct rest_answer *a)
{
	if (say_write(server, q, a))
		return;
	if (say_feature(server, q, a))
		return;
	if (is_other_menu(q->path)) {
		say_unknown(a, q->path);
		return;
	}
	for (size_t i = 0; i < MENU_COUNT; i++) {
		size_t n = strlen(menus[i].rest);
		const char *rest = q->path + n;
		bool post = strcmp(q->method, "POST") == 0;

		if (strncmp(q->path, menus[i].rest, n) != 0 || (*rest != '\0' && *rest != '/'))
			continue;
		rest += *rest == '/' ? 1 : 0;
		if (post ? strcmp(rest, "print") != 0 : strcmp(q->method, "GET") != 0)
			break;
		say_menu(server, (enum menu_id)i, rest, q, a);
		return;
	}
	say_unknown(a, q->path);
}

/* true when a fault has answered. */
static bool say_fault(const struct scenario *s, struct rest_answer *a)
{
	if (s->fault[FAULT_REST_STALL])
		a->stall = true;
	else if (s->fault[FAULT_REST_REDIRECT]) {
		say_html(a, 302, "Found");
		a->location = "http://192.0.2.1/rest/ip/service";
	} else if (s->fault[FAULT_REST_SESSION_CLOSED])
		say_error(a, 400, "Bad Request", "Session closed");
	else if (s->fault[FAULT_REST_NOT_JSON])
		text_add(&a->body, "[{\"name\":\"telnet\",");
	else if (s->fault[FAULT_REST_ENDLESS_BODY])
		a->endless = true;
	else if (s->fault[FAULT_REST_HTML_403])
		say_html(a, 403, "Forbidden");
	else if (s->fault[FAULT_REST_STD_FAILURE])
		say_error(a, 500, "Internal Server Error", "std failure: not allowed (9)");
	else
		return false;
	return true;
}

static void say_rest(struct server *server, const struct rest_request *q,
                     const struct live_one *connection, struct rest_answer *a)
{
	const struct scenario *s = server->scenario;
	bool secure = strcmp(connection->service, "www-ssl") == 0;
	const struct user *user;

	if (!version_has_rest(&s->version)) {
		say_html(a, 404, "Not Found"); /* unverified: v6's own page */
		return;
	}
	if (secure ? !s->rest_secure : !s->rest_plain) {
		say_html(a, 403, "Forbidden");
		return;
	}
	if (strcmp(q->method, "HEAD") == 0) {
		say_error(a, 501, "Not Implemented", NULL);
		return;
	}
	user = user_in(server, q);
	if (user == NULL) {
		say_error(a, 401, "Unauthorized", NULL);
		return;
	}
	live_login(server->live, connection->id, user->name, "rest-api");
	if (rights_suffice(user, a))
		say_path(server, q, a);
}

void rest_answer(struct server *server, struct rest_request *q, struct rest_answer *a)
{
	bool rest = strncmp(q->path, "/rest", 5) == 0;
	struct live_one connection = {.service = "www"};
	struct text line = {0};

	live_find(server->live, &q->peer, &connection);
	text_addf(&line, "%s %s %s", q->user == NULL ? "-" : q->user, q->method, q->path);
	for (size_t i = 0, at = 0; i < q->query_n; i++) {
		const char *key = q->query.p + at, *value = key + strlen(key) + 1;

		text_addf(&line, "%c%s=%s", i == 0 ? '?' : '&', key, value);
		at += strlen(key) + strlen(value) + 2;
	}
	transcript_add(server->transcript, connection.service, &q->peer, line.p, line.n,
	               reads_only(q));
	text_done(&line);
	if (rest && say_fault(server->scenario, a))
		return;
	if (rest) {
		change_lock(server->change);
		nft_live(change_scenario(server->change));
		say_rest(server, q, &connection, a);
		change_unlock(server->change);
	} else if (strcmp(q->path, "/") == 0)
		say_html(a, 200,
		         "Router configuration (a mock: there is nothing behind this page)");
	else
		say_html(a, 404, "Not Found");
}
