/* Collecting generic items. */
#include <string.h>

#include "items.h"

void items_init(struct items *s, struct arena *arena, const struct wanted *menu, struct buf *masked)
{
	*s = (struct items){.arena = arena, .menu = menu, .masked = masked};
}

void item_begin(struct items *s)
{
	s->draft = (struct item){.number = s->n};
	s->fields_n = 0;
}

static bool name_is(const char *known, const char *name, size_t n)
{
	return strncmp(known, name, n) == 0 && known[n] == '\0';
}

/* The kept copy of a name. Records repeat the same names in the same order. */
static const char *intern(struct items *s, const char *name, size_t n)
{
	for (size_t i = 0; i < s->names_n; i++) {
		size_t at = (s->names_at + i) % s->names_n;

		if (name_is(s->names[at], name, n)) {
			s->names_at = at + 1;
			return s->names[at];
		}
	}
	if (s->names_n < ITEM_NAMES_MAX) {
		s->names[s->names_n] = arena_strndup(s->arena, name, n);
		return s->names[s->names_n++];
	}
	return arena_strndup(s->arena, name, n);
}

static enum tri tri_text(const char *value, size_t n)
{
	if (name_is("true", value, n) || name_is("yes", value, n))
		return TRI_YES;
	if (name_is("false", value, n) || name_is("no", value, n))
		return TRI_NO;
	return TRI_UNKNOWN;
}

/* The four states that every menu spells the same; NULL for anything else. */
static enum tri *state_of(struct item *i, const char *name, size_t n)
{
	if (name_is("disabled", name, n))
		return &i->disabled;
	if (name_is("dynamic", name, n))
		return &i->dynamic;
	if (name_is("invalid", name, n))
		return &i->invalid;
	return name_is("running", name, n) ? &i->running : NULL;
}

int item_field(struct items *s, const char *name, size_t name_n, const char *value, size_t n,
               struct error *err)
{
	enum tri *state = state_of(&s->draft, name, name_n);

	if (state) {
		*state = tri_text(value, n);
		return 0;
	}
	if (name_is(".id", name, name_n)) {
		s->draft.id = arena_strndup(s->arena, value, n);
		return 0;
	}
	if (name_is("comment", name, name_n)) {
		s->draft.comment = n ? arena_strndup(s->arena, value, n) : NULL;
		return 0;
	}
	if (s->fields_n == LIMIT_ITEM_FIELDS)
		return error_set(err, ERROR_LIMIT, "an item has more than %u properties",
		                 LIMIT_ITEM_FIELDS);
	s->fields[s->fields_n++] = (struct field){
		.name = intern(s, name, name_n),
		.value = n && secret_property(s->menu, name, name_n)
	                         ? SECRET_SHOWN
	                         : arena_strndup(s->arena, value, n),
	};
	return 0;
}

void item_flag(struct items *s, char letter)
{
	if (letter == 'X')
		s->draft.disabled = TRI_YES;
	else if (letter == 'D')
		s->draft.dynamic = TRI_YES;
	else if (letter == 'I')
		s->draft.invalid = TRI_YES;
	else if (letter == 'R')
		s->draft.running = TRI_YES;
}

int item_end(struct items *s, struct error *err)
{
	struct item *i = &s->draft;

	if (s->n == LIMIT_MENU_ITEMS)
		return error_set(err, ERROR_LIMIT, "more than %u items", LIMIT_MENU_ITEMS);
	if (s->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 8;

		s->v = arena_grow(s->arena, s->v, s->n, cap, sizeof(*s->v));
		s->cap = cap;
	}
	i->fields = arena_array(s->arena, s->fields_n, sizeof(*i->fields));
	memcpy(i->fields, s->fields, s->fields_n * sizeof(*i->fields));
	i->n = s->fields_n;
	s->v[s->n++] = *i;
	return 0;
}

void items_keep(struct items *s, const char *p, size_t n)
{
	if (s->masked)
		buf_add(s->masked, p, n);
}

void items_keep_value(struct items *s, const char *name, size_t name_n, const char *p, size_t n)
{
	if (n && secret_property(s->menu, name, name_n))
		items_keep(s, SECRET_SHOWN, strlen(SECRET_SHOWN));
	else
		items_keep(s, p, n);
}

bool next_line(const char **p, const char *end, const char **line, size_t *n)
{
	const char *newline;

	if (*p == end)
		return false;
	*line = *p;
	newline = memchr(*p, '\n', (size_t)(end - *p));
	*n = (size_t)((newline ? newline : end) - *p);
	*p = newline ? newline + 1 : end;
	while (*n && (*line)[*n - 1] == '\r')
		--*n;
	return true;
}
