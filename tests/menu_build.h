/* Menus of a hand-made device, one per line:
 *
 *     /tool bandwidth-server: enabled=yes allocate-udp-ports-from=2000
 *     /interface wireguard: name=wg0 listen-port=13231 disabled=no; name=wg1 disabled=yes
 *     /ip socks! forbidden not enough permissions
 *     /zerotier! missing
 *
 * Header only; values hold no blank and no semicolon. */
#ifndef ROSAUDIT_TESTS_MENU_BUILD_H
#define ROSAUDIT_TESTS_MENU_BUILD_H

#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/listeners.h"
#include "test.h"

static inline enum tri menu_build_flag(const char *value)
{
	return tri_of(strcmp(value, "yes") == 0);
}

static inline void menu_build_field(struct device *d, struct item *item, const char *p, size_t n)
{
	const char *equals = memchr(p, '=', n);
	const char *name, *value;

	assert_non_null(equals);
	name = arena_strndup(&d->arena, p, (size_t)(equals - p));
	value = arena_strndup(&d->arena, equals + 1, n - (size_t)(equals - p) - 1);
	if (strcmp(name, "disabled") == 0)
		item->disabled = menu_build_flag(value);
	else if (strcmp(name, "dynamic") == 0)
		item->dynamic = menu_build_flag(value);
	else if (strcmp(name, "invalid") == 0)
		item->invalid = menu_build_flag(value);
	else if (strcmp(name, "comment") == 0)
		item->comment = value;
	else
		item->fields[item->n++] = (struct field){name, value};
}

static inline void menu_build_item(struct device *d, struct menu_items *menu, const char *p,
                                   size_t n)
{
	struct item *item;

	menu->v = arena_grow(&d->arena, menu->v, menu->n, menu->n + 1, sizeof(*menu->v));
	item = &menu->v[menu->n];
	*item = (struct item){.number = menu->n++};
	item->fields = arena_array(&d->arena, n + 1, sizeof(*item->fields));
	while (n) {
		size_t blanks = strspn(p, " "), word;

		if (blanks >= n)
			return;
		p += blanks;
		n -= blanks;
		word = strcspn(p, " ;\n");
		menu_build_field(d, item, p, word);
		p += word;
		n -= word;
	}
}

static inline void menu_build_line(struct device *d, const char *line, size_t n)
{
	size_t path = strcspn(line, ":!");
	struct menu_items *menu;
	const char *p = line + path + 1, *end = line + n;

	assert_true(path < n);
	d->menus = arena_grow(&d->arena, d->menus, d->menus_n, d->menus_n + 1, sizeof(*d->menus));
	menu = &d->menus[d->menus_n++];
	menu->path = arena_strndup(&d->arena, line, path);
	if (line[path] == '!') {
		const char *said = arena_strndup(&d->arena, p, (size_t)(end - p));
		const char *blank = strchr(said + 1, ' ');

		menu->said = blank ? blank + 1 : NULL;
		menu->state = strstr(said, "forbidden") ? MENU_FORBIDDEN
		              : strstr(said, "missing") ? MENU_MISSING
		                                        : MENU_UNREADABLE;
		return;
	}
	menu->state = MENU_READ;
	while (p < end) {
		size_t length = strcspn(p, ";\n");

		if (length > (size_t)(end - p))
			length = (size_t)(end - p);
		if (strspn(p, " ") < length)
			menu_build_item(d, menu, p, length);
		p += length + 1;
	}
}

/* Appends the menus to the device; its arena owns them. */
static inline void menu_build(struct device *d, const char *text)
{
	while (text && *text) {
		size_t n = strcspn(text, "\n");

		if (n)
			menu_build_line(d, text, n);
		text += n + (text[n] == '\n');
	}
}

/* Every other menu that could open a port was asked for, and the router has none of them. */
static inline void menu_build_rest(struct device *d)
{
	struct listeners all;
	struct buf line;

	listeners_init(&all);
	listeners_collect(d, &all);
	buf_init(&line, 1024);
	for (size_t i = 0; i < all.unread_n; i++) {
		buf_clear(&line);
		buf_printf(&line, "%s! missing", all.unread[i].menu);
		menu_build(d, buf_str(&line));
	}
	buf_done(&line);
	listeners_done(&all);
}

#endif
