/* A router's menus from a small text. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/support/firewall_text.h"

#define MENUS_MAX 64

struct reader {
	struct device *d;
	struct menu_items *menu; /* NULL: /ip service, or none yet */
	bool service;
};

static bool ends_with(const char *s, size_t n, const char *word)
{
	size_t len = strlen(word);

	return n > len && memcmp(s + n - len, word, len) == 0;
}

static void open_menu(struct reader *r, const char *s, size_t n)
{
	static const struct {
		const char *word;
		enum menu_state state;
	} states[] = {{" missing", MENU_MISSING},
	              {" forbidden", MENU_FORBIDDEN},
	              {" unreadable", MENU_UNREADABLE}};
	enum menu_state state = MENU_READ;

	for (size_t i = 0; i < 3; i++) {
		if (!ends_with(s, n, states[i].word))
			continue;
		state = states[i].state;
		n -= strlen(states[i].word);
	}
	r->service = n == 11 && memcmp(s, "/ip service", 11) == 0;
	if (r->service)
		return;
	assert_true(r->d->menus_n < MENUS_MAX);
	r->menu = &r->d->menus[r->d->menus_n++];
	*r->menu = (struct menu_items){
		.path = arena_strndup(&r->d->arena, s, n),
		.state = state,
	};
}

/* name=value or name="value with \" and blanks"; moves *s behind it. */
static bool take_pair(struct reader *r, const char **s, const char *end, struct field *out)
{
	const char *p = *s, *equals;
	char *value;
	size_t n = 0;

	while (p < end && *p == ' ')
		p++;
	if (p == end)
		return false;
	equals = memchr(p, '=', (size_t)(end - p));
	assert_non_null(equals);
	out->name = arena_strndup(&r->d->arena, p, (size_t)(equals - p));
	p = equals + 1;
	value = arena_alloc(&r->d->arena, (size_t)(end - p) + 1);
	if (p < end && *p == '"') {
		for (p++; p < end && *p != '"'; p++) {
			p += *p == '\\' && p + 1 < end;
			value[n++] = *p;
		}
		p++;
	} else {
		while (p < end && *p != ' ')
			value[n++] = *p++;
	}
	out->value = value;
	*s = p;
	return true;
}

static enum tri tri_word(const char *value)
{
	return strcmp(value, "yes") == 0 ? TRI_YES : TRI_NO;
}

static void take_own(struct item *item, const struct field *f)
{
	if (strcmp(f->name, "comment") == 0)
		item->comment = f->value;
	else if (strcmp(f->name, "disabled") == 0)
		item->disabled = tri_word(f->value);
	else if (strcmp(f->name, "dynamic") == 0)
		item->dynamic = tri_word(f->value);
	else if (strcmp(f->name, "invalid") == 0)
		item->invalid = tri_word(f->value);
	else
		item->fields[item->n++] = *f;
}

static bool is_full(size_t n)
{
	return (n & (n - 1)) == 0;
}

static void add_item(struct reader *r, const char *s, const char *end)
{
	struct menu_items *m = r->menu;
	struct field field;
	struct item *item;
	size_t blanks = 1;

	assert_non_null(m);
	for (const char *p = s; p < end; p++)
		blanks += *p == ' ';
	if (is_full(m->n))
		m->v = arena_grow(&r->d->arena, m->v, m->n, m->n ? m->n * 2 : 1, sizeof(*m->v));
	item = &m->v[m->n];
	*item = (struct item){
		.number = m->n++, .disabled = TRI_NO, .dynamic = TRI_NO, .invalid = TRI_NO};
	item->fields = arena_array(&r->d->arena, blanks, sizeof(*item->fields));
	while (take_pair(r, &s, end, &field))
		take_own(item, &field);
}

static void take_prefixes(struct reader *r, struct service *s, const char *list)
{
	s->address = arena_array(&r->d->arena, strlen(list) + 1, sizeof(*s->address));
	while (*list) {
		size_t n = strcspn(list, ",");

		assert_int_equal(prefix_parse(list, n, &s->address[s->address_n++]), PREFIX_OK);
		list += n + (list[n] == ',');
	}
}

static void add_service(struct reader *r, const char *s, const char *end)
{
	struct service row;
	struct field f;

	service_init(&row);
	row.disabled = TRI_NO;
	row.dynamic = row.connection = TRI_NO;
	row.address_known = true;
	row.proto = L4_TCP;
	while (take_pair(r, &s, end, &f)) {
		if (strcmp(f.name, "name") == 0)
			row.name = f.value;
		else if (strcmp(f.name, "port") == 0)
			row.port = (int)strtol(f.value, NULL, 10);
		else if (strcmp(f.name, "vrf") == 0)
			row.vrf = f.value;
		else if (strcmp(f.name, "disabled") == 0)
			row.disabled = tri_word(f.value);
		else if (strcmp(f.name, "dynamic") == 0)
			row.dynamic = tri_word(f.value);
		else if (strcmp(f.name, "proto") == 0)
			row.proto = strcmp(f.value, "udp") == 0 ? L4_UDP : L4_TCP;
		else if (strcmp(f.name, "address") == 0 && strcmp(f.value, "?") == 0)
			row.address_known = false;
		else if (strcmp(f.name, "address") == 0)
			take_prefixes(r, &row, f.value);
	}
	device_add_service(r->d, &row);
}

static void read_line(struct reader *r, const char *s, size_t n)
{
	if (n == 0 || s[0] == '#')
		return;
	if (s[0] == '/') {
		open_menu(r, s, n);
	} else if (n > 8 && memcmp(s, "version ", 8) == 0) {
		r->d->version_text = arena_strndup(&r->d->arena, s + 8, n - 8);
		assert_true(ros_version_parse(r->d->version_text, &r->d->version));
	} else {
		assert_true(n > 4 && memcmp(s, "add ", 4) == 0);
		if (r->service)
			add_service(r, s + 4, s + n);
		else
			add_item(r, s + 4, s + n);
	}
}

void firewall_text_read(const char *text, struct device *d)
{
	struct reader r = {.d = d};

	device_init(d);
	d->static_complete = TRI_YES;
	d->menus = arena_array(&d->arena, MENUS_MAX, sizeof(*d->menus));
	while (*text) {
		size_t n = strcspn(text, "\n"), skip = strspn(text, "\t ");

		if (skip > n)
			skip = n;
		read_line(&r, text + skip, n - skip);
		text += n + (text[n] == '\n');
	}
}
