/* Reading menus: what a console and REST have in common. */
#include "read_menus.h"
#include "rosaudit/buf.h"
#include "rosaudit/limits.h"
#include "rosaudit/message.h"

#include <stdio.h>
#include <string.h>

#include "rosaudit/clock.h"

/* Paths that share one reason in a note; the rest is counted. */
#define NOTE_PATHS 6u

/* The row of a path that this version has; else its first. A path stands twice when a menu changed
 * from one record to a list. */
static const struct wanted *row_of(const struct menus_run *r, const char *path)
{
	const struct wanted *first = NULL;

	for (size_t i = 0; i < wanted_n; i++) {
		if (strcmp(wanted[i].path, path) != 0)
			continue;
		if (wanted_in(&wanted[i], &r->d->version))
			return &wanted[i];
		first = first ? first : &wanted[i];
	}
	return first;
}

/* Nobody asks for the menus of a saved export: it has them all. */
static bool is_asked(const struct reader *who, const char *path)
{
	if (!who || !who->only)
		return true;
	for (size_t i = 0; who->only[i]; i++)
		if (strcmp(who->only[i], path) == 0)
			return true;
	return false;
}

void menus_begin(struct menus_run *r)
{
	struct device *d = r->d;

	r->until_ms = clock_ms() + LIMIT_MENUS_MS;
	d->menus = arena_array(&d->arena, wanted_n, sizeof(*d->menus));
	d->menus_n = 0;
	for (size_t i = 0; i < wanted_n; i++)
		if (is_asked(r->who, wanted[i].path) && !device_menu(d, wanted[i].path))
			d->menus[d->menus_n++].path = wanted[i].path;
}

const struct wanted *menus_wanted(const struct menus_run *r, size_t i)
{
	return row_of(r, r->d->menus[i].path);
}

bool menus_waits(const struct menus_run *r, size_t i)
{
	return r->d->menus[i].state == MENU_NOT_ASKED &&
	       wanted_in(menus_wanted(r, i), &r->d->version);
}

void menus_set(struct menus_run *r, struct menu_items *m, enum menu_state state,
               const struct error *why)
{
	m->state = state;
	m->said = arena_strdup(&r->d->arena, why->text);
	m->said_read = arena_strdup(&r->d->arena, error_text_read(why));
}

void menus_take(struct menu_items *m, const struct items *items)
{
	m->state = MENU_READ;
	m->v = items->v;
	m->n = items->n;
}

/* One failed conversation may be one slow menu; the next then shows whether the router is there. */
static void note_loss(struct menus_run *r, const struct error *why)
{
	bool gone = why->kind == ERROR_NETWORK || why->kind == ERROR_TIMEOUT;

	r->lost = gone ? r->lost + 1 : 0;
	if (why->kind == ERROR_INTERRUPTED || r->lost == MENUS_LOST_MAX)
		r->over = *why;
}

int menus_ask(struct menus_run *r, const char *request, struct menu_items *m, bool bulky,
              struct answer *answer)
{
	struct error why = {0};

	if (!error_is_set(&r->over) && clock_ms() >= r->until_ms)
		error_set(&r->over, ERROR_TIMEOUT, "the %d s for all menus together were over",
		          LIMIT_MENUS_MS / 1000);
	if (error_is_set(&r->over)) {
		menus_set(r, m, MENU_UNREADABLE, &r->over);
		return -1;
	}
	buf_clear(&answer->text);
	answer->text.max = bulky ? LIMIT_MENU_BYTES : LIMIT_ANSWER_BYTES;
	answer->status = -1;
	if (r->asker->ask(r->asker->ctx, request, answer, &why) == 0) {
		r->lost = 0;
		return 0;
	}
	note_loss(r, &why);
	r->failed = why.kind;
	menus_set(r, m,
	          menus_judge(NULL, why.text) == MENU_FORBIDDEN ? MENU_FORBIDDEN : MENU_UNREADABLE,
	          &why);
	return -1;
}

/* Is the word that the router does not know one of the path's? It may be one of ours: get, find. */
static bool is_of_path(const char *path, const char *word, size_t n)
{
	for (path++; *path; path += path[0] == ' ') {
		size_t len = strcspn(path, " ");

		if (len == n && memcmp(path, word, n) == 0)
			return true;
		path += len;
	}
	return false;
}

enum menu_state menus_judge(const struct wanted *w, const char *words)
{
	static const char *const unknown[] = {"bad command name ",
	                                      "no such command or directory ("};
	static const char *const no_rights[] = {"not enough permissions", "not allowed (9)"};

	for (size_t i = 0; i < sizeof(no_rights) / sizeof(no_rights[0]); i++)
		if (strstr(words, no_rights[i]))
			return MENU_FORBIDDEN;
	for (size_t i = 0; w && i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		const char *at = strstr(words, unknown[i]);

		if (!at)
			continue;
		at += strlen(unknown[i]);
		if (is_of_path(w->path, at, strcspn(at, " )\"/")))
			return MENU_MISSING;
	}
	return MENU_UNREADABLE;
}

/* A package that is not there is as it should be; anything else is worth a word. */
static bool is_worth_a_note(const struct menus_run *r, size_t i)
{
	enum menu_state state = r->d->menus[i].state;

	if (state == MENU_MISSING)
		return wanted_is_sure(menus_wanted(r, i), &r->d->version);
	return state == MENU_FORBIDDEN || state == MENU_UNREADABLE;
}

static void put_note(const struct language *in, const char *paths, size_t more, const char *state,
                     const char *said, struct buf *out)
{
	if (more)
		buf_printf(out,
		           in->count("not read: %s and %zu other menu (%s): %s",
		                     "not read: %s and %zu other menus (%s): %s", more),
		           paths, more, in->say(state), said);
	else
		buf_printf(out, in->say(N_("not read: %s (%s): %s")), paths, in->say(state), said);
}

static void add_note(struct device *d, const char *paths, size_t more, const struct menu_items *m)
{
	const char *state = menu_state_name(m->state);
	struct buf english, read;

	buf_init(&english, LIMIT_ANSWER_BYTES);
	buf_init(&read, LIMIT_ANSWER_BYTES);
	put_note(&language_english, paths, more, state, m->said, &english);
	put_note(&language_local, paths, more, state, m->said_read, &read);
	device_add_note_both(d, buf_str(&english), buf_str(&read));
	buf_done(&english);
	buf_done(&read);
}

static void note_reason(struct menus_run *r, size_t first)
{
	const struct menu_items *m = &r->d->menus[first];
	size_t same = 0, len = 0;
	char paths[512] = "";

	for (size_t i = first; i < r->d->menus_n; i++) {
		const struct menu_items *other = &r->d->menus[i];

		if (!is_worth_a_note(r, i) || other->state != m->state ||
		    strcmp(other->said, m->said) != 0)
			continue;
		if (same++ < NOTE_PATHS && len < sizeof(paths))
			len += (size_t)snprintf(paths + len, sizeof(paths) - len, "%s%s",
			                        len ? ", " : "", other->path);
	}
	add_note(r->d, paths, same > NOTE_PATHS ? same - NOTE_PATHS : 0, m);
}

/* Was the same reason met at an earlier menu? */
static bool is_noted(const struct menus_run *r, size_t at)
{
	const struct menu_items *m = &r->d->menus[at];

	for (size_t i = 0; i < at; i++)
		if (is_worth_a_note(r, i) && r->d->menus[i].state == m->state &&
		    strcmp(r->d->menus[i].said, m->said) == 0)
			return true;
	return false;
}

int menus_end(struct menus_run *r, struct error *err)
{
	for (size_t i = 0; i < r->d->menus_n; i++)
		if (is_worth_a_note(r, i) && !is_noted(r, i))
			note_reason(r, i);
	if (r->over.kind != ERROR_INTERRUPTED)
		return 0;
	if (err)
		*err = r->over;
	return 1;
}

void menus_keep(const struct menus_run *r, const char *request, const struct buf *text, int status)
{
	const struct keeper *k = r->who->keeper;

	if (k)
		k->keep(k->ctx, request, buf_str(text), text->n, status);
}

int device_read_menus(const struct asker *asker, const struct reader *who, struct device *d,
                      struct error *err)
{
	if (strcmp(who->via, "ssh") == 0)
		return read_menus_console(asker, who, d, err);
	return read_menus_rest(asker, who, d, err);
}
