/* Every listener of a device, from all that its menus say. */
#include <string.h>

#include "cause_private.h"

struct listener *collect_add(struct collecting *c)
{
	struct listeners *out = c->out;

	if (out->n == c->cap) {
		size_t cap = c->cap ? c->cap * 2 : 64;

		out->v = arena_grow(&out->arena, out->v, out->n, cap, sizeof(*out->v));
		c->cap = cap;
	}
	return &out->v[out->n++];
}

char *collect_copy(struct collecting *c, const char *s)
{
	return arena_strdup(&c->out->arena, s);
}

bool collect_has_version(const struct collecting *c, int since_major, int since_minor,
                         int until_major, int until_minor)
{
	const struct ros_version *v = &c->d->version;

	if (!v->major)
		return true;
	return ros_version_at_least(v, since_major, since_minor) &&
	       !(until_major && ros_version_at_least(v, until_major, until_minor));
}

static void keep_unread(struct collecting *c, const char *path, enum menu_state state,
                        const char *said)
{
	struct listeners *out = c->out;

	for (size_t i = 0; i < out->unread_n; i++)
		if (strcmp(out->unread[i].menu, path) == 0)
			return;
	out->unread = arena_grow(&out->arena, out->unread, out->unread_n, out->unread_n + 1,
	                         sizeof(*out->unread));
	out->unread[out->unread_n++] = (struct unread){path, state, collect_copy(c, said)};
}

const struct menu_items *collect_menu(struct collecting *c, const char *path,
                                      enum menu_state *state)
{
	const struct menu_items *menu = device_menu(c->d, path);

	*state = menu ? menu->state : MENU_NOT_ASKED;
	if (*state == MENU_READ)
		return menu;
	if (*state != MENU_MISSING)
		keep_unread(c, path, *state, menu ? menu->said : NULL);
	return NULL;
}

void collect_why(struct collecting *c, const char *path, struct cause *out)
{
	for (size_t i = 0; i < c->out->unread_n; i++) {
		const struct unread *u = &c->out->unread[i];
		const char *state = menu_state_name(u->state);

		if (strcmp(u->menu, path) != 0)
			continue;
		out->remark = REMARK_UNREAD;
		out->about = path;
		out->detail =
			u->said ? arena_printf(&c->out->arena, "%s: %s", state, u->said) : state;
	}
}

void listeners_collect(const struct device *d, struct listeners *out)
{
	struct collecting c = {.d = d, .out = out};

	collect_services(&c);
	collect_features(&c);
	collect_forwards(&c);
	collect_own_list(&c);
}
