/* What a menu shows. */
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Order of the columns: tables of the samples; tls-version, which no table has, stands where the
 * terse sample of 7.18 has it. netns and container come before port (routeros.md 1.4). */
enum {
	S_NAME,
	S_NETNS,
	S_CONTAINER,
	S_PORT,
	S_PROTO,
	S_ADDRESS,
	S_CERTIFICATE,
	S_TLS_VERSION,
	S_VRF,
	S_MAX_SESSIONS,
	S_LOCAL,
	S_REMOTE,
	S_DYNAMIC,
	S_DISABLED,
	S_INVALID,
	S_CONNECTION,
	S_ABOUT,
};

static const struct column service_columns[] = {
	[S_NAME] = {"name", COLUMN_NAME, 0, 0, 0, NULL, 0},
	[S_NETNS] = {"netns", COLUMN_WORD, 7, 19, 0, NULL, 0},
	[S_CONTAINER] = {"container", COLUMN_WORD, 7, 19, 0, NULL, 0},
	[S_PORT] = {"port", COLUMN_NUMBER, 0, 0, 0, NULL, 0},
	[S_PROTO] = {"proto", COLUMN_WORD, 7, 19, 0, NULL, 0},
	[S_ADDRESS] = {"address", COLUMN_LIST, 0, 0, 0, NULL, 0},
	[S_CERTIFICATE] = {"certificate", COLUMN_WORD, 0, 0, 0, NULL, 0},
	[S_TLS_VERSION] = {"tls-version", COLUMN_WORD, 0, 0, 0, NULL, 0},
	[S_VRF] = {"vrf", COLUMN_WORD, 7, 1, 0, NULL, 0},
	[S_MAX_SESSIONS] = {"max-sessions", COLUMN_NUMBER, 7, 16, 0, NULL, 0},
	[S_LOCAL] = {"local", COLUMN_WORD, 7, 19, 0, NULL, 0},
	[S_REMOTE] = {"remote", COLUMN_WORD, 7, 19, 0, NULL, 0},
	[S_DYNAMIC] = {"dynamic", COLUMN_FLAG, 7, 19, 'D', "DYNAMIC", 0},
	[S_DISABLED] = {"disabled", COLUMN_FLAG, 0, 0, 'X', "DISABLED", 1},
	[S_INVALID] = {"invalid", COLUMN_FLAG, 0, 0, 'I', "INVALID", 1},
	[S_CONNECTION] = {"connection", COLUMN_FLAG, 7, 19, 'c', "CONNECTION", 2},
	[S_ABOUT] = {"about", COLUMN_ABOUT, 7, 19, 0, NULL, 0},
	{0},
};

/* Unverified: order and widths of /user active; the property names are the console's own. */
enum { U_WHEN, U_NAME, U_ADDRESS, U_VIA, U_GROUP, U_RADIUS, U_ROMON };

static const struct column user_columns[] = {
	[U_WHEN] = {"when", COLUMN_WORD, 0, 0, 0, NULL, 0},
	[U_NAME] = {"name", COLUMN_NAME, 0, 0, 0, NULL, 0},
	[U_ADDRESS] = {"address", COLUMN_WORD, 0, 0, 0, NULL, 0},
	[U_VIA] = {"via", COLUMN_WORD, 0, 0, 0, NULL, 0},
	[U_GROUP] = {"group", COLUMN_WORD, 0, 0, 0, NULL, 0},
	[U_RADIUS] = {"radius", COLUMN_FLAG, 0, 0, 'R', "RADIUS", 0},
	[U_ROMON] = {"by-romon", COLUMN_FLAG, 0, 0, 'M', "BY-ROMON", 1},
	{0},
};

static const struct column resource_columns[] = {
	{"uptime", COLUMN_WORD, 0, 0, 0, NULL, 0},
	{"version", COLUMN_WORD, 0, 0, 0, NULL, 0},
	{"build-time", COLUMN_WORD, 0, 0, 0, NULL, 0},
	{"cpu-count", COLUMN_NUMBER, 0, 0, 0, NULL, 0},
	{"architecture-name", COLUMN_WORD, 0, 0, 0, NULL, 0},
	{"board-name", COLUMN_WORD, 0, 0, 0, NULL, 0},
	{"platform", COLUMN_WORD, 0, 0, 0, NULL, 0},
	{0},
};

static const struct column identity_columns[] = {
	{"name", COLUMN_NAME, 0, 0, 0, NULL, 0},
	{0},
};

const struct menu menus[MENU_COUNT] = {
	[MENU_SERVICE] = {"ip service", "/rest/ip/service", false, service_columns},
	[MENU_USER_ACTIVE] = {"user active", "/rest/user/active", false, user_columns},
	[MENU_RESOURCE] = {"system resource", "/rest/system/resource", true, resource_columns},
	[MENU_IDENTITY] = {"system identity", "/rest/system/identity", true, identity_columns},
};

static void field_add(struct row *row, size_t column, const char *value)
{
	struct field *f = &row->field[column];

	f->present = true;
	f->v = mem_grow(f->v, f->n, sizeof(*f->v));
	f->v[f->n++] = mem_copy(value);
}

static void field_number(struct row *row, size_t column, int value)
{
	char shown[16];

	snprintf(shown, sizeof(shown), "%d", value);
	field_add(row, column, shown);
}

static void field_flag(struct row *row, size_t column, bool value)
{
	field_add(row, column, value ? "true" : "false");
}

/* The id stays the row's own while rows come and go: a script may ask for it later. */
static struct row *rows_add(struct rows *r, unsigned long id)
{
	struct row *row;

	r->v = mem_grow(r->v, r->n, sizeof(*r->v));
	row = &r->v[r->n++];
	snprintf(row->id, sizeof(row->id), "*%lX", id);
	return row;
}

static void service_flags(struct row *row, bool dynamic, bool disabled, bool invalid,
                          bool connection)
{
	field_flag(row, S_DYNAMIC, dynamic);
	field_flag(row, S_DISABLED, disabled);
	field_flag(row, S_INVALID, invalid);
	if (connection)
		field_flag(row, S_CONNECTION, true);
}

static void service_row(const struct service *one, const struct version *v, struct row *row)
{
	field_add(row, S_NAME, one->name);
	field_number(row, S_PORT, one->port);
	field_add(row, S_PROTO, "tcp");
	row->field[S_ADDRESS].present = true;
	row->field[S_ADDRESS].touched = one->address.given;
	for (size_t i = 0; i < one->address.n; i++)
		field_add(row, S_ADDRESS, one->address.v[i].text);
	if (one->has_tls) {
		field_add(row, S_CERTIFICATE, one->certificate);
		field_add(row, S_TLS_VERSION, one->tls_version);
	}
	/* ftp has no vrf at all before 7.16, and an empty cell before 7.19 (samples of 7.1, 7.9 and
	 * 7.16; its terse and export of 7.16 to 7.18 do show one). */
	if (strcmp(one->name, "ftp") != 0 || version_since(v, 7, 16))
		field_add(row, S_VRF, one->vrf);
	row->field[S_VRF].hidden = strcmp(one->name, "ftp") == 0 && !version_since(v, 7, 19);
	field_number(row, S_MAX_SESSIONS, one->max_sessions);
	/* In v6 a disabled service is XI in every raw sample. */
	service_flags(row, false, one->disabled, one->invalid || (v->major < 7 && one->disabled),
	              false);
	if (one->about != NULL)
		field_add(row, S_ABOUT, one->about);
}

static void listener_row(const struct listener *one, struct row *row)
{
	field_add(row, S_NAME, one->name);
	field_number(row, S_PORT, one->port);
	field_add(row, S_PROTO, one->udp ? "udp" : "tcp");
	if (one->netns != NULL)
		field_add(row, S_NETNS, one->netns);
	if (one->container != NULL)
		field_add(row, S_CONTAINER, one->container);
	service_flags(row, true, false, false, false);
}

static void connection_row(const char *service, int port, const char *local, const char *remote,
                           struct row *row)
{
	field_add(row, S_NAME, service);
	field_number(row, S_PORT, port);
	field_add(row, S_PROTO, "tcp");
	field_add(row, S_LOCAL, local);
	field_add(row, S_REMOTE, remote);
	service_flags(row, true, false, false, true);
}

/* Where the ids of each kind of row begin. */
enum { ID_LISTENER = 0x20, ID_CONNECTION = 0x60, ID_LIVE = 0x80 };

static void live_rows(const struct scenario *s, struct live *live, struct rows *out)
{
	size_t n;
	struct live_one *all = live_list(live, &n);

	for (size_t i = 0; s->live_connections && i < n; i++) {
		const struct service *one = scenario_service(s, all[i].service);
		char local[ADDRESS_TEXT], remote[ADDRESS_TEXT];

		if (one == NULL)
			continue;
		endpoint_text(&all[i].local, local);
		endpoint_text_port(&all[i].peer, remote);
		connection_row(one->name, one->port, local, remote,
		               rows_add(out, ID_LIVE + all[i].id));
	}
	free(all);
}

static void dynamic_rows(const struct scenario *s, struct live *live, struct rows *out)
{
	for (size_t i = 0; i < s->listeners_n; i++)
		listener_row(&s->listeners[i], rows_add(out, ID_LISTENER + i));
	for (size_t i = 0; i < s->connections_n; i++) {
		const struct fixed_connection *c = &s->connections[i];

		connection_row(c->service, scenario_service(s, c->service)->port, c->local,
		               c->remote, rows_add(out, ID_CONNECTION + i));
	}
	live_rows(s, live, out);
}

/* Rank before the port decides: the 7.24 manual's list of static rows starts at number 6,
 * without a gap, so there the dynamic rows seem to come first. Unverified: an inference from
 * that one list. */
static int row_rank(const struct row *row, const struct version *v)
{
	return version_since(v, 7, 24) && !row_flag(row, S_DYNAMIC) ? 1 : 0;
}

static bool row_before(const struct row *a, const struct row *b, const struct version *v)
{
	long port_a = strtol(a->field[S_PORT].v[0], NULL, 10);
	long port_b = strtol(b->field[S_PORT].v[0], NULL, 10);

	if (row_rank(a, v) != row_rank(b, v))
		return row_rank(a, v) < row_rank(b, v);
	if (port_a != port_b || version_since(v, 7, 24))
		return port_a < port_b;
	/* On the port that both have, reverse-proxy stands before www-ssl in the sample of 7.22,
	 * and behind it in the manual's of 7.24. */
	return strcmp(a->field[S_NAME].v[0], "reverse-proxy") == 0 &&
	       strcmp(b->field[S_NAME].v[0], "www-ssl") == 0;
}

/* Stable, and there are some dozens of rows at most. */
static void rows_sort(struct rows *r)
{
	for (size_t i = 1; i < r->n; i++)
		for (size_t k = i; k > 0 && row_before(&r->v[k], &r->v[k - 1], r->version); k--) {
			struct row swap = r->v[k];

			r->v[k] = r->v[k - 1];
			r->v[k - 1] = swap;
		}
}

static void take_services(const struct scenario *s, struct live *live, struct rows *out)
{
	for (size_t i = 0; i < s->services_n; i++)
		service_row(&s->services[i], &s->version, rows_add(out, i));
	if (!version_has_dynamic_rows(&s->version))
		return;
	dynamic_rows(s, live, out);
	rows_sort(out);
}

static void take_users(const struct scenario *s, struct live *live, struct rows *out)
{
	size_t n;
	struct live_one *all = live_list(live, &n);

	for (size_t i = 0; i < n; i++) {
		const struct user *user = scenario_user(s, all[i].user);
		char when[32], address[ADDRESS_TEXT];
		struct row *row;
		struct tm tm;

		if (user == NULL)
			continue;
		row = rows_add(out, all[i].id);
		localtime_r(&all[i].since, &tm);
		/* Dates as in the headers of exports: the spelling changed with v7.10. */
		strftime(when, sizeof(when),
		         version_since(&s->version, 7, 10) ? "%Y-%m-%d %H:%M:%S"
		                                           : "%b/%d/%Y %H:%M:%S",
		         &tm);
		if (when[0] >= 'A' && when[0] <= 'Z')
			when[0] = (char)(when[0] - 'A' + 'a');
		endpoint_text(&all[i].peer, address);
		field_add(row, U_WHEN, when);
		field_add(row, U_NAME, user->name);
		field_add(row, U_ADDRESS, address);
		field_add(row, U_VIA, all[i].via);
		field_add(row, U_GROUP, user->group);
		field_flag(row, U_RADIUS, false);
		field_flag(row, U_ROMON, false);
	}
	free(all);
}

static void take_resource(const struct scenario *s, struct rows *out)
{
	struct row *row = rows_add(out, 0);
	char version[80];

	snprintf(version, sizeof(version), "%s (%s)", s->version.number, s->version.channel);
	field_add(row, 0, "1h2m3s");
	field_add(row, 1, version);
	field_add(row, 2, s->version.major < 7 ? "Jan/02/2024 10:00:00" : "2024-01-02 10:00:00");
	field_add(row, 3, "1");
	field_add(row, 4, s->architecture);
	field_add(row, 5, s->board);
	field_add(row, 6, "MikroTik");
}

void rows_take(enum menu_id menu, const struct scenario *s, struct live *live, struct rows *out)
{
	*out = (struct rows){.menu = &menus[menu], .version = &s->version};
	if (menu == MENU_SERVICE)
		take_services(s, live, out);
	else if (menu == MENU_USER_ACTIVE)
		take_users(s, live, out);
	else if (menu == MENU_RESOURCE)
		take_resource(s, out);
	else
		field_add(rows_add(out, 0), 0, s->identity);
	for (size_t i = 0; i < out->n; i++)
		out->v[i].number = i;
}

void rows_done(struct rows *r)
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t c = 0; c < COLUMN_MAX; c++) {
			for (size_t k = 0; k < r->v[i].field[c].n; k++)
				free(r->v[i].field[c].v[k]);
			free(r->v[i].field[c].v);
		}
	free(r->v);
	*r = (struct rows){0};
}

const char *column_name(const struct rows *r, size_t column)
{
	if (r->menu == &menus[MENU_SERVICE] && column == S_ADDRESS &&
	    version_has_available_from(r->version))
		return "available-from";
	return r->menu->columns[column].name;
}

bool column_exists(const struct rows *r, size_t column)
{
	const struct column *c = &r->menu->columns[column];

	return version_since(r->version, c->major, c->minor);
}

int column_find(const struct rows *r, const char *name, size_t n)
{
	for (size_t c = 0; r->menu->columns[c].name != NULL; c++) {
		const char *names[] = {r->menu->columns[c].name, column_name(r, c)};

		if (!column_exists(r, c))
			continue;
		for (size_t k = 0; k < 2; k++)
			if (strlen(names[k]) == n && memcmp(names[k], name, n) == 0)
				return (int)c;
	}
	return -1;
}

bool row_flag(const struct row *row, size_t column)
{
	const struct field *f = &row->field[column];

	return f->n == 1 && strcmp(f->v[0], "true") == 0;
}

void field_join(const struct field *f, const char *separator, struct text *out)
{
	for (size_t i = 0; i < f->n; i++) {
		if (i > 0)
			text_add(out, separator);
		text_add(out, f->v[i]);
	}
}
