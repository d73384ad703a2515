/* The menus beyond /ip service: the table, the forms of answers, what is asked and what a refusal
 * leads to. A scripted router answers; what is not in its table it does not know. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "rosaudit/clock.h"
#include "rosaudit/limits.h"
#include "rosaudit/routeros.h"
#include "src/routeros/items.h"
#include "src/routeros/wanted.h"

/* --- the table --- */

static void test_every_row_is_well_formed_and_unique_per_version(void **state)
{
	(void)state;
	for (size_t i = 0; i < wanted_n; i++) {
		const struct wanted *w = &wanted[i];

		assert_int_equal(w->path[0], '/');
		assert_int_equal(strspn(w->path + 1, "abcdefghijklmnopqrstuvwxyz0123456789- "),
		                 strlen(w->path + 1));
		assert_null(strstr(w->path, "  "));
		for (size_t k = 0; k < i; k++)
			if (strcmp(wanted[k].path, w->path) == 0)
				assert_true(wanted[k].until.major > 0 &&
				            (w->since.major > wanted[k].until.major ||
				             (w->since.major == wanted[k].until.major &&
				              w->since.minor >= wanted[k].until.minor)));
	}
}

static const struct wanted *row(const char *path, int major, int minor)
{
	struct ros_version v = {major, minor, 0};

	for (size_t i = 0; i < wanted_n; i++)
		if (strcmp(wanted[i].path, path) == 0 && wanted_in(&wanted[i], &v))
			return &wanted[i];
	return NULL;
}

static void test_menus_come_and_change_with_versions(void **state)
{
	(void)state;
	assert_null(row("/ip service webserver", 7, 20));
	assert_non_null(row("/ip service webserver", 7, 21));
	assert_null(row("/ip reverse-proxy", 7, 21));
	assert_non_null(row("/ip reverse-proxy", 7, 22));
	assert_true(row("/interface ovpn-server server", 6, 49)->single);
	assert_true(row("/interface ovpn-server server", 7, 16)->single);
	assert_false(row("/interface ovpn-server server", 7, 17)->single);
	assert_null(row("/routing bgp connection", 6, 49));
	assert_non_null(row("/routing bgp peer", 6, 49));
	assert_null(row("/routing bgp peer", 7, 18));
}

static void test_what_a_router_may_lack_is_never_sure(void **state)
{
	const struct ros_version six = {6, 49, 18}, seven = {7, 24, 0}, unknown = {0};

	(void)state;
	assert_false(wanted_is_sure(row("/user-manager", 7, 24), &seven));
	assert_true(wanted_is_sure(row("/ipv6 firewall filter", 7, 24), &seven));
	assert_false(wanted_is_sure(row("/ipv6 firewall filter", 6, 49), &six));
	assert_true(wanted_is_sure(row("/ip dns", 6, 49), &six));
	assert_false(wanted_is_sure(row("/ip dns", 6, 49), &unknown));
}

static bool is_secret(const char *path, const char *name)
{
	return secret_property(row(path, 7, 24), name, strlen(name));
}

static void test_secrets_are_known_by_name_and_by_menu(void **state)
{
	static const char *const secret[] = {
		"password",
		"ipsec-secret",
		"secrets",
		"private-key",
		"preshared-key",
		"auth-key",
		"tcp-md5-key",
		"connection-request-password",
		"encryption-key",
		"passphrase",
		"wpa2-pre-shared-key",
		"trap-community",
		"environment",
		"env",
		"key",
		"pin",
		"nvme-tcp-server-password",
	};
	static const char *const harmless[] = {
		"public-key",
		"psd",
		"password-authentication",
		"host-key-type",
		"address-list",
		"passive",
		"always-allow-password-login",
		"authenticate",
		"key-usage",
		"input.filter-communities",
		"comment",
		"connection-mark",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++)
		assert_true(is_secret("/ip dns", secret[i]));
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		assert_false(is_secret("/ip dns", harmless[i]));
	assert_true(is_secret("/snmp community", "name"));
	assert_false(is_secret("/user", "name"));
}

/* --- forms of answers --- */

typedef int reader_of(struct items *s, const char *p, size_t n, struct error *err);

static struct arena arena;

static struct items read_with(reader_of *reader, const char *path, const char *text,
                              struct buf *keep, int expect)
{
	struct error err = {0};
	struct items s;

	items_init(&s, &arena, row(path, 7, 24), keep);
	assert_int_equal(reader(&s, text, strlen(text), &err), expect);
	assert_int_equal(error_is_set(&err) != 0, expect != 0);
	return s;
}

static void assert_value(const struct item *i, const char *name, const char *value)
{
	assert_non_null(item_get(i, name));
	assert_string_equal(item_get(i, name), value);
}

static void test_a_record_of_get_gives_id_states_comment_and_fields(void **state)
{
	struct items s;

	(void)state;
	arena_init(&arena);
	s = read_with(
		items_read_values, "/ip firewall filter",
		".id=*1;action=accept;bytes=120;chain=input;comment=from the office;"
		"connection-state=new;disabled=false;dynamic=false;invalid=false;packets=2\r\n"
		".id=*A;action=drop;chain=input;disabled=true;dynamic=true;"
		"src-address=!192.0.2.0/24\r\n",
		NULL, 0);
	assert_int_equal(s.n, 2);
	assert_string_equal(s.v[0].id, "*1");
	assert_string_equal(s.v[0].comment, "from the office");
	assert_int_equal(s.v[0].disabled, TRI_NO);
	assert_int_equal(s.v[0].invalid, TRI_NO);
	assert_int_equal(s.v[0].running, TRI_UNKNOWN);
	assert_value(&s.v[0], "connection-state", "new");
	assert_value(&s.v[0], "packets", "2");
	assert_null(item_get(&s.v[0], "disabled"));
	assert_int_equal(s.v[1].number, 1);
	assert_int_equal(s.v[1].disabled, TRI_YES);
	assert_int_equal(s.v[1].dynamic, TRI_YES);
	assert_null(s.v[1].comment);
	assert_value(&s.v[1], "src-address", "!192.0.2.0/24");
	arena_done(&arena);
}

static void test_a_list_keeps_commas_and_free_text_its_semicolons(void **state)
{
	struct items s;

	(void)state;
	arena_init(&arena);
	s = read_with(
		items_read_values, "/user",
		".id=*1;address=192.0.2.0/24;2001:db8::/64;comment=a; b;group=full;name=x;y\n",
		NULL, 0);
	assert_value(&s.v[0], "address", "192.0.2.0/24,2001:db8::/64");
	assert_string_equal(s.v[0].comment, "a; b");
	assert_value(&s.v[0], "name", "x;y");
	arena_done(&arena);
}

/* The console sorts an array's keys: what is out of order was written by somebody. */
static void test_a_comment_cannot_pass_for_properties(void **state)
{
	static const struct {
		const char *line, *comment, *action;
		enum tri disabled;
	} cases[] = {
		{".id=*1;action=drop;chain=input;comment=x;disabled=true;disabled=false;packets=1",
	         "x;disabled=true", "drop", TRI_NO},
		{".id=*1;action=drop;chain=input;comment=x;action=accept;disabled=false;packets=1",
	         "x;action=accept", "drop", TRI_NO},
		{".id=*1;action=drop;chain=input;comment=x;src-address=192.0.2.1;disabled=false",
	         "x;src-address=192.0.2.1", "drop", TRI_NO},
		{".id=*1;action=drop;chain=input;comment=x;disabled=true;packets=9;"
	         "disabled=false;packets=1",
	         "x;disabled=true;packets=9", "drop", TRI_NO},
		{".id=*1;action=drop;chain=input;comment=x;\nnew=line;disabled=false;dynamic=false",
	         "x;\nnew=line", "drop", TRI_NO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct items s;

		arena_init(&arena);
		s = read_with(items_read_values, "/ip firewall filter", cases[i].line, NULL, 0);
		assert_int_equal(s.n, 1);
		assert_string_equal(s.v[0].comment, cases[i].comment);
		assert_value(&s.v[0], "action", cases[i].action);
		assert_int_equal(s.v[0].disabled, cases[i].disabled);
		arena_done(&arena);
	}
}

static void test_text_that_is_no_record_is_refused(void **state)
{
	(void)state;
	arena_init(&arena);
	read_with(items_read_values, "/ip dns", "what is this\n", NULL, -1);
	read_with(items_read_terse, "/user", "no number here\n", NULL, -1);
	read_with(items_read_lines, "/ip dns", "no colon\n", NULL, -1);
	read_with(items_read_lines, "/ip dns", "\n", NULL, -1);
	read_with(items_read_json, "/ip dns", "<html>", NULL, -1);
	read_with(items_read_json, "/ip dns", "[{\"a\":\"b\"},", NULL, -1);
	read_with(items_read_json, "/ip dns", "[{\"a\":\"b\"}] x", NULL, -1);
	read_with(items_read_json, "/ip dns", "[1]", NULL, -1);
	read_with(items_read_json, "/ip dns", "{\"a\":{\"b\":1}}", NULL, -1);
	arena_done(&arena);
}

static void test_terse_records_have_flags_and_unquoted_text(void **state)
{
	struct items s;

	(void)state;
	arena_init(&arena);
	s = read_with(items_read_terse, "/ip firewall filter",
	              " 0    comment=two words chain=input action=accept\r\n"
	              " 1 XI chain=input action=drop src-address=192.0.2.0/24 \r\n"
	              "10  D chain=forward action=passthrough\r\n",
	              NULL, 0);
	assert_int_equal(s.n, 3);
	assert_string_equal(s.v[0].comment, "two words");
	assert_int_equal(s.v[0].disabled, TRI_NO);
	assert_int_equal(s.v[1].disabled, TRI_YES);
	assert_int_equal(s.v[1].invalid, TRI_YES);
	assert_value(&s.v[1], "src-address", "192.0.2.0/24");
	assert_int_equal(s.v[2].dynamic, TRI_YES);
	assert_int_equal(s.v[2].number, 2);
	arena_done(&arena);
}

static void test_one_record_may_be_lines_of_name_and_value(void **state)
{
	struct items s;

	(void)state;
	arena_init(&arena);
	s = read_with(items_read_lines, "/ip dns",
	              "                      servers: 192.0.2.53\r\n"
	              "                               2001:db8::53\r\n"
	              "        allow-remote-requests: yes\r\n"
	              "                       uptime: 1d02:03:04\r\n"
	              "                doh-server-url: \r\n",
	              NULL, 0);
	assert_int_equal(s.n, 1);
	assert_value(&s.v[0], "servers", "192.0.2.53,2001:db8::53");
	assert_value(&s.v[0], "uptime", "1d02:03:04");
	assert_value(&s.v[0], "doh-server-url", "");
	assert_int_equal(item_bool(&s.v[0], "allow-remote-requests"), TRI_YES);
	arena_done(&arena);
}

static void test_json_gives_a_list_or_one(void **state)
{
	struct items s;

	(void)state;
	arena_init(&arena);
	s = read_with(items_read_json, "/user",
	              "[{\".id\":\"*1\",\"name\":\"admin\",\"disabled\":\"false\"},\n"
	              " {\".id\":\"*2\",\"name\":\"a;b=c\",\"disabled\":true,\"n\":7}]\n",
	              NULL, 0);
	assert_int_equal(s.n, 2);
	assert_string_equal(s.v[1].id, "*2");
	assert_int_equal(s.v[1].disabled, TRI_YES);
	assert_value(&s.v[1], "name", "a;b=c");
	assert_value(&s.v[1], "n", "7");
	s = read_with(items_read_json, "/ip dns", "{\"servers\":\"192.0.2.53\"}", NULL, 0);
	assert_int_equal(s.n, 1);
	s = read_with(items_read_json, "/user", "[]", NULL, 0);
	assert_int_equal(s.n, 0);
	arena_done(&arena);
}

static void test_secrets_are_hidden_in_items_and_in_what_is_kept(void **state)
{
	static const struct {
		reader_of *reader;
		const char *text, *kept;
	} cases[] = {
		{items_read_values, "enabled=true;ipsec-secret=hunter2;port=1\n",
	         "enabled=true;ipsec-secret=(hidden);port=1\n"},
		{items_read_lines, "  enabled: yes\n  ipsec-secret: hunter2\n",
	         "enabled: yes\nipsec-secret: (hidden)\n"},
		{items_read_terse, "0 X name=a ipsec-secret=hunter2 hunter2 port=1\n",
	         "0 X name=a ipsec-secret=(hidden) port=1\n"},
		{items_read_json, "{\"ipsec-secret\":\"hunter2\",\"port\":\"1\"}",
	         "{\"ipsec-secret\":\"(hidden)\",\"port\":\"1\"}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf kept;
		struct items s;

		arena_init(&arena);
		buf_init(&kept, 4096);
		s = read_with(cases[i].reader, "/interface l2tp-server server", cases[i].text,
		              &kept, 0);
		assert_value(&s.v[0], "ipsec-secret", "(hidden)");
		assert_string_equal(buf_str(&kept), cases[i].kept);
		buf_done(&kept);
		arena_done(&arena);
	}
}

static void test_an_empty_secret_is_shown_as_empty(void **state)
{
	struct items s;

	(void)state;
	arena_init(&arena);
	s = read_with(items_read_values, "/interface l2tp-server server",
	              "enabled=true;ipsec-secret=;port=1\n", NULL, 0);
	assert_value(&s.v[0], "ipsec-secret", "");
	arena_done(&arena);
}

static void test_too_many_properties_are_refused(void **state)
{
	struct buf text;

	(void)state;
	arena_init(&arena);
	buf_init(&text, 1u << 20);
	for (unsigned i = 0; i <= LIMIT_ITEM_FIELDS; i++)
		buf_printf(&text, "%sp%u=1", i ? ";" : "", i);
	read_with(items_read_values, "/ip dns", buf_str(&text), NULL, -1);
	buf_done(&text);
	arena_done(&arena);
}

/* --- asking --- */

struct answer_row {
	const char *request, *text;
	int status;
};

struct router {
	const struct answer_row *rows;
	const char *unknown;   /* what is answered to all else */
	const char *breaks_at; /* part of the request at which the conversation fails */
	enum error_kind breaks_as;
	struct buf log, kept;
	size_t asked;
};

static const struct answer_row *find_row(const struct router *r, const char *request, size_t n)
{
	for (const struct answer_row *a = r->rows; a->request; a++)
		if (strncmp(a->request, request, n) == 0 && a->request[n] == '\0')
			return a;
	return NULL;
}

/* `:put "rosaudit 1";:do {SCRIPT} on-error={…};…`: each script is looked up. */
static void answer_batch(const struct router *r, const char *p, struct buf *out)
{
	for (unsigned i = 1; (p = strstr(p, ";:do {")); i++) {
		const char *end = strstr(p += 6, "} on-error=");
		const struct answer_row *a = find_row(r, p, (size_t)(end - p));

		buf_printf(out, "rosaudit %u\r\n", i);
		if (a && a->status == 0)
			buf_puts(out, a->text);
		else
			buf_printf(out, "rosaudit %u failed\r\n", i);
		p = end;
	}
	buf_puts(out, "rosaudit end\r\n");
}

static int router_ask(void *ctx, const char *request, struct answer *out, struct error *err)
{
	struct router *r = ctx;
	const struct answer_row *a = find_row(r, request, strlen(request));

	r->asked++;
	buf_printf(&r->log, "%s\n", request);
	if (r->breaks_at && strstr(request, r->breaks_at))
		return error_set(err, r->breaks_as, "it broke");
	if (!a && strstr(request, ";:do {") && strstr(request, "rosaudit end")) {
		answer_batch(r, request, &out->text);
		out->status = 0;
		return 0;
	}
	buf_puts(&out->text, a ? a->text : r->unknown);
	out->status = a ? a->status : 1;
	return 0;
}

static void router_keep(void *ctx, const char *request, const char *text, size_t n, int status)
{
	struct router *r = ctx;

	buf_printf(&r->kept, "[%d] %s\n%.*s\n", status, request, (int)n, text);
}

static int router_read(struct router *r, bool singly, struct device *d, struct error *err)
{
	struct asker asker = {router_ask, r};
	struct keeper keeper = {router_keep, r};
	struct reader who = {.user = "audit",
	                     .via = "ssh",
	                     .service = "ssh",
	                     .menus = true,
	                     .singly = singly,
	                     .keeper = &keeper};

	buf_init(&r->log, 1u << 20);
	buf_init(&r->kept, 1u << 20);
	device_init(d);
	return device_read_console(&asker, &who, d, err);
}

static void router_done(struct router *r, struct device *d)
{
	buf_done(&r->log);
	buf_done(&r->kept);
	device_done(d);
}

#define SERVICES                                                                                   \
	{":put [/system resource get version]", "7.18.2 (stable)\r\n", 0},                         \
		{":foreach i in=[/ip service find] do={:put [/ip service get $i]}",                \
	         ".id=*1;disabled=false;name=ssh;port=22\r\n", 0},                                 \
		{":put [/system resource get board-name]", "CHR\r\n", 0},                          \
		{":put [/system identity get name]", "r1\r\n", 0},                                 \
	{                                                                                          \
		":foreach i in=[/user active find] do={:put [/user active get $i]}", "", 0         \
	}
#define LIST(path) ":foreach i in=[" path " find] do={:put [" path " get $i]}"
#define BULKY(path)                                                                                \
	":foreach i in=[" path " find] do={:do {:put [" path                                       \
	" get $i]} on-error={:put \"rosaudit lost\"}}"

static const char *const unknown = "bad command name nothing (line 1 column 2)\r\n";

static const struct menu_items *menu(const struct device *d, const char *path)
{
	const struct menu_items *m = device_menu(d, path);

	assert_non_null(m);
	return m;
}

static void test_menus_are_read_many_at_a_time(void **state)
{
	const struct answer_row rows[] = {
		SERVICES,
		{":put [/ip dns get]", "allow-remote-requests=true;servers=192.0.2.53\r\n", 0},
		{LIST("/user"), ".id=*1;disabled=false;group=full;name=admin\r\n", 0},
		{LIST("/interface vxlan"), "", 0},
		{BULKY("/ip firewall filter"), ".id=*1;action=drop;chain=input;disabled=false\r\n",
	         0},
		{0},
	};
	struct router r = {.rows = rows, .unknown = unknown};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(router_read(&r, false, &d, &err), 0);
	assert_int_equal(menu(&d, "/ip dns")->state, MENU_READ);
	assert_int_equal(menu(&d, "/ip dns")->n, 1);
	assert_int_equal(menu(&d, "/user")->n, 1);
	assert_int_equal(menu(&d, "/interface vxlan")->state, MENU_READ);
	assert_int_equal(menu(&d, "/interface vxlan")->n, 0);
	assert_int_equal(menu(&d, "/ip firewall filter")->n, 1);
	assert_int_equal(menu(&d, "/ip service webserver")->state, MENU_NOT_ASKED);
	assert_null(device_menu(&d, "/ip service"));
	/* Not once more by itself what came out well. */
	assert_null(strstr(buf_str(&r.log), "\n:put [/ip dns get]\n"));
	assert_contains(buf_str(&r.kept), "[0] :put [/ip dns get]\nallow-remote-requests=true;");
	router_done(&r, &d);
}

static void test_no_request_is_longer_than_its_limit(void **state)
{
	const struct answer_row rows[] = {SERVICES, {0}};
	struct router r = {.rows = rows, .unknown = unknown};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(router_read(&r, false, &d, &err), 0);
	for (const char *p = buf_str(&r.log); *p; p += strcspn(p, "\n") + 1)
		assert_true(strcspn(p, "\n") <= LIMIT_REQUEST_BYTES);
	router_done(&r, &d);
}

static void test_a_refusal_is_a_state_with_the_routers_words(void **state)
{
	const struct answer_row rows[] = {
		SERVICES,
		{":put [/ip dns get]", "not enough permissions (9)\r\n", 1},
		{":put [/user-manager get]", "bad command name user-manager (line 1 column 8)\r\n",
	         1},
		{":put [/snmp get]", "failure: the moon is full\r\n", 1},
		{"/snmp print", "failure: the moon is full\r\n", 1},
		{0},
	};
	struct router r = {.rows = rows, .unknown = unknown};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(router_read(&r, false, &d, &err), 0);
	assert_false(error_is_set(&err));
	assert_int_equal(menu(&d, "/ip dns")->state, MENU_FORBIDDEN);
	assert_contains(menu(&d, "/ip dns")->said, "not enough permissions (9)");
	assert_int_equal(menu(&d, "/user-manager")->state, MENU_MISSING);
	assert_int_equal(menu(&d, "/snmp")->state, MENU_UNREADABLE);
	assert_contains(menu(&d, "/snmp")->said, "the moon is full");
	assert_non_null(d.services);
	router_done(&r, &d);
}

static void test_print_is_the_way_when_the_script_is_refused(void **state)
{
	const struct answer_row rows[] = {
		SERVICES,
		{"/ip dns print", "  allow-remote-requests: yes\r\n", 0},
		{"/user print terse", " 0   name=admin group=full\r\n", 0},
		{0},
	};
	struct router r = {.rows = rows, .unknown = "syntax error (line 1 column 1)\r\n"};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(router_read(&r, true, &d, &err), 0);
	assert_int_equal(menu(&d, "/ip dns")->state, MENU_READ);
	assert_int_equal(item_bool(menu(&d, "/ip dns")->v, "allow-remote-requests"), TRI_YES);
	assert_int_equal(menu(&d, "/user")->n, 1);
	assert_int_equal(menu(&d, "/snmp")->state, MENU_UNREADABLE);
	router_done(&r, &d);
}

static void test_a_mark_inside_of_a_comment_spoils_only_the_batch(void **state)
{
	const struct answer_row rows[] = {
		SERVICES,
		{LIST("/user"),
	         ".id=*1;address=;comment=x\r\nrosaudit 2\r\n;disabled=false;name=admin\r\n", 0},
		{":put [/ip dns get]", "allow-remote-requests=true;servers=\r\n", 0},
		{0},
	};
	struct router r = {.rows = rows, .unknown = unknown};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(router_read(&r, false, &d, &err), 0);
	assert_int_equal(menu(&d, "/user")->n, 1);
	assert_value(menu(&d, "/user")->v, "name", "admin");
	assert_int_equal(item_bool(menu(&d, "/ip dns")->v, "allow-remote-requests"), TRI_YES);
	router_done(&r, &d);
}

static void test_entries_that_vanish_are_counted(void **state)
{
	const struct answer_row rows[] = {
		SERVICES,
		{BULKY("/ip firewall address-list"),
	         ".id=*1;address=192.0.2.1;list=a\r\nrosaudit lost\r\n"
	         ".id=*3;address=192.0.2.3;list=a\r\n",
	         0},
		{BULKY("/ip firewall nat"), "rosaudit lost\r\nrosaudit lost\r\n", 0},
		{0},
	};
	struct router r = {.rows = rows, .unknown = unknown};
	struct error err = {0};
	struct device d;
	bool noted = false;

	(void)state;
	assert_int_equal(router_read(&r, false, &d, &err), 0);
	assert_int_equal(menu(&d, "/ip firewall address-list")->n, 2);
	assert_int_equal(menu(&d, "/ip firewall nat")->state, MENU_UNREADABLE);
	for (size_t i = 0; i < d.notes_n; i++)
		noted = noted || strstr(d.notes[i].text, "1 items were gone");
	assert_true(noted);
	router_done(&r, &d);
}

static void test_a_router_that_is_gone_is_not_asked_on(void **state)
{
	const struct answer_row rows[] = {SERVICES, {0}};
	struct router r = {.rows = rows,
	                   .unknown = unknown,
	                   .breaks_at = "rosaudit",
	                   .breaks_as = ERROR_NETWORK};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(router_read(&r, false, &d, &err), 0);
	assert_false(error_is_set(&err));
	assert_true(r.asked < 12);
	assert_int_equal(menu(&d, "/ip dns")->state, MENU_UNREADABLE);
	assert_string_equal(menu(&d, "/ip dns")->said, "it broke");
	assert_int_equal(d.services_n, 1);
	router_done(&r, &d);
}

static void test_one_slow_menu_does_not_end_the_others(void **state)
{
	const struct answer_row rows[] = {
		SERVICES,
		{BULKY("/ip firewall raw"), ".id=*1;action=drop;chain=prerouting\r\n", 0},
		{0},
	};
	struct router r = {.rows = rows,
	                   .unknown = unknown,
	                   .breaks_at = "/ip firewall filter",
	                   .breaks_as = ERROR_TIMEOUT};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(router_read(&r, false, &d, &err), 0);
	assert_int_equal(menu(&d, "/ip firewall filter")->state, MENU_UNREADABLE);
	assert_int_equal(menu(&d, "/ip firewall raw")->state, MENU_READ);
	router_done(&r, &d);
}

static void test_an_interruption_is_told(void **state)
{
	const struct answer_row rows[] = {SERVICES, {0}};
	struct router r = {.rows = rows,
	                   .unknown = unknown,
	                   .breaks_at = "rosaudit",
	                   .breaks_as = ERROR_INTERRUPTED};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(router_read(&r, false, &d, &err), 1);
	assert_int_equal(err.kind, ERROR_INTERRUPTED);
	router_done(&r, &d);
}

static void test_only_reading_commands_are_sent(void **state)
{
	static const char *const never[] = {" set ", " add ",  " remove ", "export",
	                                    "file=", "import", ":execute", "run "};
	const struct answer_row rows[] = {SERVICES, {0}};

	(void)state;
	for (int singly = 0; singly < 2; singly++) {
		struct router r = {.rows = rows, .unknown = "syntax error (line 1 column 1)\r\n"};
		struct error err = {0};
		struct device d;

		assert_int_equal(router_read(&r, singly, &d, &err), 0);
		for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
			assert_null(strstr(buf_str(&r.log), never[i]));
		router_done(&r, &d);
	}
}

/* --- of an export --- */

static void read_export(const char *text, struct device *d)
{
	struct error err = {0};

	device_init(d);
	assert_int_equal(device_read_text(text, strlen(text), "an export", d, &err), 0);
}

#define WHOLE "# 2026-03-01 10:11:12 by RouterOS 7.18.2\n# software id = ABCD-EFGH\n"

static void test_a_whole_export_fills_menus_and_their_defaults(void **state)
{
	struct device d;
	const struct item *i;

	(void)state;
	read_export(
		WHOLE
		"/interface list\nadd name=WAN\n"
		"/ip firewall filter\n"
		"add action=accept chain=input comment=\"say \\\"hi\\\" \\\\ twice\" \\\n"
		"    connection-state=established,related\n"
		"add action=drop chain=input disabled=yes in-interface-list=!LAN src-address=\\\n"
		"    192.0.2.0/24\n"
		"/ip dns set allow-remote-requests=yes\n"
		"/tool romon\nset enabled=yes secrets=hunter2\n"
		"/snmp community\nset [ find default=yes ] addresses=192.0.2.0/24\n",
		&d);
	assert_int_equal(menu(&d, "/ip firewall filter")->state, MENU_READ);
	assert_int_equal(menu(&d, "/ip firewall filter")->n, 2);
	i = menu(&d, "/ip firewall filter")->v;
	assert_string_equal(i[0].comment, "say \"hi\" \\ twice");
	assert_value(&i[0], "connection-state", "established,related");
	assert_int_equal(i[0].disabled, TRI_NO);
	assert_int_equal(i[1].disabled, TRI_YES);
	assert_value(&i[1], "src-address", "192.0.2.0/24");
	assert_value(&i[1], "in-interface-list", "!LAN");
	assert_int_equal(item_bool(menu(&d, "/ip dns")->v, "allow-remote-requests"), TRI_YES);
	assert_value(menu(&d, "/tool romon")->v, "secrets", "(hidden)");
	/* What it leaves out is at its documented default. */
	assert_int_equal(item_bool(menu(&d, "/tool bandwidth-server")->v, "enabled"), TRI_YES);
	assert_int_equal(menu(&d, "/interface wireguard")->state, MENU_READ);
	assert_int_equal(menu(&d, "/interface wireguard")->n, 0);
	assert_int_equal(menu(&d, "/user")->state, MENU_UNREADABLE);
	assert_int_equal(menu(&d, "/zerotier")->state, MENU_UNREADABLE);
	assert_int_equal(menu(&d, "/ip reverse-proxy")->state, MENU_NOT_ASKED);
	device_done(&d);
}

static void test_less_than_a_whole_export_says_nothing_by_its_silence(void **state)
{
	static const char *const texts[] = {
		"/ip service\nset telnet disabled=yes\n/ip dns\nset servers=192.0.2.53\n",
		WHOLE "/ip service\nset telnet disabled=yes\n/ip dns\nset servers=192.0.2.53\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct device d;

		read_export(texts[i], &d);
		assert_value(menu(&d, "/ip dns")->v, "servers", "192.0.2.53");
		assert_null(item_get(menu(&d, "/ip dns")->v, "allow-remote-requests"));
		assert_int_equal(menu(&d, "/tool bandwidth-server")->state, MENU_UNREADABLE);
		device_done(&d);
	}
}

/* --- over REST --- */

static int read_rest(struct router *r, struct device *d, struct error *err)
{
	struct asker asker = {router_ask, r};
	struct reader who = {.user = "audit", .via = "rest-api", .service = "www", .menus = true};

	buf_init(&r->log, 1u << 20);
	buf_init(&r->kept, 1u << 20);
	device_init(d);
	return device_read_rest(&asker, &who, d, err);
}

static void test_rest_reads_each_menu_once(void **state)
{
	const struct answer_row rows[] = {
		{"system/resource", "{\"version\":\"7.24 (stable)\",\"board-name\":\"CHR\"}", 200},
		{"ip/service",
	         "[{\".id\":\"*1\",\"name\":\"ssh\",\"port\":\"22\",\"disabled\":\"false\"}]", 200},
		{"system/identity", "{\"name\":\"r1\"}", 200},
		{"ip/dns", "{\"allow-remote-requests\":\"true\"}", 200},
		{"ip/firewall/filter", "[{\".id\":\"*1\",\"chain\":\"input\"}]", 200},
		{"snmp", "{\"error\":500,\"detail\":\"not enough permissions (9)\"}", 500},
		{"ip/service/webserver", "{\"index-plain\":\"true\"}", 200},
		{"zerotier",
	         "{\"detail\":\"no such command or directory (zerotier)\",\"error\":400}", 400},
		{0},
	};
	struct router r = {.rows = rows, .unknown = "{\"error\":400}"};
	struct error err = {0};
	struct device d;

	(void)state;
	assert_int_equal(read_rest(&r, &d, &err), 0);
	assert_int_equal(menu(&d, "/ip dns")->state, MENU_READ);
	assert_int_equal(menu(&d, "/ip firewall filter")->n, 1);
	assert_int_equal(menu(&d, "/ip service webserver")->n, 1);
	assert_int_equal(menu(&d, "/snmp")->state, MENU_FORBIDDEN);
	assert_int_equal(menu(&d, "/zerotier")->state, MENU_MISSING);
	router_done(&r, &d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row_is_well_formed_and_unique_per_version),
		cmocka_unit_test(test_menus_come_and_change_with_versions),
		cmocka_unit_test(test_what_a_router_may_lack_is_never_sure),
		cmocka_unit_test(test_secrets_are_known_by_name_and_by_menu),
		cmocka_unit_test(test_a_record_of_get_gives_id_states_comment_and_fields),
		cmocka_unit_test(test_a_list_keeps_commas_and_free_text_its_semicolons),
		cmocka_unit_test(test_a_comment_cannot_pass_for_properties),
		cmocka_unit_test(test_text_that_is_no_record_is_refused),
		cmocka_unit_test(test_terse_records_have_flags_and_unquoted_text),
		cmocka_unit_test(test_one_record_may_be_lines_of_name_and_value),
		cmocka_unit_test(test_json_gives_a_list_or_one),
		cmocka_unit_test(test_secrets_are_hidden_in_items_and_in_what_is_kept),
		cmocka_unit_test(test_an_empty_secret_is_shown_as_empty),
		cmocka_unit_test(test_too_many_properties_are_refused),
		cmocka_unit_test(test_menus_are_read_many_at_a_time),
		cmocka_unit_test(test_no_request_is_longer_than_its_limit),
		cmocka_unit_test(test_a_refusal_is_a_state_with_the_routers_words),
		cmocka_unit_test(test_print_is_the_way_when_the_script_is_refused),
		cmocka_unit_test(test_a_mark_inside_of_a_comment_spoils_only_the_batch),
		cmocka_unit_test(test_entries_that_vanish_are_counted),
		cmocka_unit_test(test_a_router_that_is_gone_is_not_asked_on),
		cmocka_unit_test(test_one_slow_menu_does_not_end_the_others),
		cmocka_unit_test(test_an_interruption_is_told),
		cmocka_unit_test(test_only_reading_commands_are_sent),
		cmocka_unit_test(test_a_whole_export_fills_menus_and_their_defaults),
		cmocka_unit_test(test_less_than_a_whole_export_says_nothing_by_its_silence),
		cmocka_unit_test(test_rest_reads_each_menu_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
