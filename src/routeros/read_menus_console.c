/*
 * Reading menus over a console. Those that a version surely has are asked many at a time, in one
 * line, each part of the answer behind a mark; the router compiles the whole line first, so that
 * one menu which it does not know would spoil it. The others, and every part that did not come out
 * well, are asked one by one: by script, then in print.
 *
 * That `get` gives a whole record, and what :do … on-error does, is general knowledge that no
 * sample proves; whatever comes of it is looked at, and the next form is asked.
 */
#include <stdio.h>
#include <string.h>

#include "read_menus.h"

#define MARK "rosaudit "
#define LOST MARK "lost"
/* Menus in one line. */
#define BATCH_MAX 24u

struct batch {
	size_t at[BATCH_MAX]; /* places in d->menus */
	size_t n;
	struct buf request;
};

/* The script for one menu. In a long list an entry may be gone between find and get: one that is
 * lost must not end the rest. */
static void put_script(const struct wanted *w, struct buf *out)
{
	if (w->single)
		buf_printf(out, ":put [%s get]", w->path);
	else if (w->bulky)
		buf_printf(
			out,
			":foreach i in=[%s find] do={:do {:put [%s get $i]} on-error={:put \"" LOST
			"\"}}",
			w->path, w->path);
	else
		buf_printf(out, ":foreach i in=[%s find] do={:put [%s get $i]}", w->path, w->path);
}

/* Takes the lines of lost entries out. */
static size_t drop_lost(struct buf *text)
{
	const char *p = text->p, *end = p + text->n, *line;
	size_t n, kept = 0, lost = 0;

	while (text->n && next_line(&p, end, &line, &n)) {
		if (n == strlen(LOST) && memcmp(line, LOST, n) == 0) {
			lost++;
			continue;
		}
		memmove(text->p + kept, line, n);
		kept += n;
		if (kept < text->n)
			text->p[kept++] = '\n';
	}
	if (text->p)
		text->p[kept] = '\0';
	text->n = kept;
	return lost;
}

/* One of the forms in which a menu is asked. */
struct form {
	void (*put)(const struct wanted *w, struct buf *out);
	int (*read)(struct items *s, const char *p, size_t n, struct error *err);
};

static void put_print(const struct wanted *w, struct buf *out)
{
	buf_printf(out, "%s print%s", w->path, w->single ? "" : " terse");
}

static int read_print(struct items *s, const char *p, size_t n, struct error *err)
{
	return s->menu->single ? items_read_lines(s, p, n, err) : items_read_terse(s, p, n, err);
}

static const struct form forms[] = {
	{put_script, items_read_values},
	{put_print, read_print},
};

/* Reads one menu's answer. 0 read; -1 not (err says why). */
static int take_text(struct menus_run *r, size_t at, const struct form *form, const char *request,
                     const char *p, size_t n, struct error *err)
{
	const struct wanted *w = menus_wanted(r, at);
	struct items items;
	struct buf masked;
	int rc;

	buf_init(&masked, LIMIT_MENU_BYTES);
	items_init(&items, &r->d->arena, w, r->who->keeper ? &masked : NULL);
	rc = form->read(&items, p, n, err);
	if (rc == 0 && w->single && items.n != 1)
		rc = error_set(err, ERROR_PARSE, "%zu records came where one was expected",
		               items.n);
	if (rc == 0) {
		menus_take(&r->d->menus[at], &items);
		menus_keep(r, request, &masked, 0);
	}
	buf_done(&masked);
	return rc;
}

/* One menu in one form. True when that settles it, also with a refusal. */
static bool ask_form(struct menus_run *r, size_t at, const struct form *form, struct answer *answer)
{
	const struct wanted *w = menus_wanted(r, at);
	struct menu_items *m = &r->d->menus[at];
	struct error err = {0};
	struct buf request;
	bool settled = true;
	size_t lost;

	buf_init(&request, LIMIT_REQUEST_BYTES);
	form->put(w, &request);
	if (menus_ask(r, buf_str(&request), m, w->bulky, answer)) {
		settled = m->state == MENU_FORBIDDEN || r->failed != ERROR_REMOTE;
		goto out;
	}
	if (console_is_error(buf_str(&answer->text), answer->text.n, answer->status, &err)) {
		menus_set(r, m, menus_judge(w, err.text), &err);
		menus_keep(r, buf_str(&request), &answer->text, answer->status);
		settled = m->state != MENU_UNREADABLE;
		goto out;
	}
	lost = w->bulky ? drop_lost(&answer->text) : 0;
	if (lost && answer->text.n == 0)
		error_set(&err, ERROR_REMOTE, "the router gave none of its %zu items", lost);
	if (error_is_set(&err) || take_text(r, at, form, buf_str(&request), buf_str(&answer->text),
	                                    answer->text.n, &err)) {
		menus_set(r, m, MENU_UNREADABLE, &err);
		settled = false;
	} else if (lost) {
		device_add_note(r->d, "%s: %zu items were gone before they were read", w->path,
		                lost);
	}
out:
	buf_done(&request);
	return settled;
}

/* Whatever its forms answered, the saved answers give the same words back. */
static void keep_unread(const struct menus_run *r, size_t at)
{
	const struct menu_items *m = &r->d->menus[at];
	struct buf request, said;

	buf_init(&request, LIMIT_REQUEST_BYTES);
	buf_init(&said, LIMIT_ANSWER_BYTES);
	buf_puts(&said, m->said);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		buf_clear(&request);
		forms[i].put(menus_wanted(r, at), &request);
		menus_keep(r, buf_str(&request), &said, -1);
	}
	buf_done(&request);
	buf_done(&said);
}

static void ask_singly(struct menus_run *r, size_t at, struct answer *answer)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (ask_form(r, at, &forms[i], answer))
			break;
	if (r->d->menus[at].state == MENU_UNREADABLE)
		keep_unread(r, at);
	if (menus_wanted(r, at)->bulky) { /* its memory goes before the next comes */
		answer_done(answer);
		answer_init(answer);
	}
}

/* Does the menu's part still fit into the line? Then it is in it. */
static bool batch_add(struct batch *b, const struct wanted *w, size_t at)
{
	size_t before = b->request.n;

	if (b->n == BATCH_MAX)
		return false;
	buf_printf(&b->request, ":put \"" MARK "%zu\";:do {", b->n + 1);
	put_script(w, &b->request);
	buf_printf(&b->request, "} on-error={:put \"" MARK "%zu failed\"};", b->n + 1);
	/* Room for the last mark. */
	if (b->request.overflow || b->request.n + 24 > LIMIT_REQUEST_BYTES) {
		b->request.n = before;
		b->request.p[before] = '\0';
		b->request.overflow = false;
		return false;
	}
	b->at[b->n++] = at;
	return true;
}

/* Behind the line that is exactly the mark, from *p on; NULL when there is none. *line is where the
 * mark's line begins. */
static const char *find_mark(const char *p, const char *end, const char *mark, const char **begin)
{
	const char *line;
	size_t n;

	while (next_line(&p, end, &line, &n)) {
		if (n == strlen(mark) && memcmp(line, mark, n) == 0) {
			*begin = line;
			return p;
		}
	}
	return NULL;
}

static size_t count_marks(const char *p, const char *end)
{
	const char *line;
	size_t n, marks = 0;

	while (next_line(&p, end, &line, &n))
		marks += n > strlen(MARK) && memcmp(line, MARK, strlen(MARK)) == 0;
	return marks;
}

/* One part of the answer: false when the menu is to be asked by itself. */
static bool take_part(struct menus_run *r, size_t at, const char *p, size_t n)
{
	struct buf request;
	struct error err = {0};
	bool read;

	buf_init(&request, LIMIT_REQUEST_BYTES);
	put_script(menus_wanted(r, at), &request);
	read = take_text(r, at, &forms[0], buf_str(&request), p, n, &err) == 0;
	buf_done(&request);
	return read;
}

/* Cuts the answer at its marks: each must stand there once and in order, as a comment may hold the
 * same line. What does not come out well stays as it was, to be asked by itself. */
static void take_parts(struct menus_run *r, const struct batch *b, const struct buf *text)
{
	const char *p = buf_str(text), *end = p + text->n, *begin;
	size_t marks = count_marks(p, end), failed = 0;
	const char *from[BATCH_MAX + 1], *to[BATCH_MAX + 1];
	char mark[40];

	for (size_t i = 0; i <= b->n; i++) {
		snprintf(mark, sizeof(mark), i == b->n ? MARK "end" : MARK "%zu", i + 1);
		from[i] = find_mark(p, end, mark, &begin);
		if (!from[i])
			return;
		to[i] = begin;
		p = from[i];
	}
	for (size_t i = 0; i < b->n; i++)
		failed += count_marks(from[i], to[i + 1]);
	if (marks != b->n + 1 + failed)
		return;
	for (size_t i = 0; i < b->n; i++)
		if (count_marks(from[i], to[i + 1]) == 0)
			take_part(r, b->at[i], from[i], (size_t)(to[i + 1] - from[i]));
}

static void batch_ask(struct menus_run *r, struct batch *b, struct answer *answer)
{
	struct menu_items ignored = {0};

	if (b->n == 0)
		return;
	buf_puts(&b->request, ":put \"" MARK "end\"");
	if (menus_ask(r, buf_str(&b->request), &ignored, false, answer) == 0)
		take_parts(r, b, &answer->text);
	buf_clear(&b->request);
	b->n = 0;
}

static void ask_together(struct menus_run *r, struct answer *answer)
{
	struct batch b = {0};

	buf_init(&b.request, LIMIT_REQUEST_BYTES);
	for (size_t i = 0; i < r->d->menus_n; i++) {
		const struct wanted *w = menus_wanted(r, i);

		if (!menus_waits(r, i) || w->bulky || !wanted_is_sure(w, &r->d->version))
			continue;
		if (batch_add(&b, w, i))
			continue;
		batch_ask(r, &b, answer);
		batch_add(&b, w, i);
	}
	batch_ask(r, &b, answer);
	buf_done(&b.request);
}

int read_menus_console(const struct asker *asker, const struct reader *who, struct device *d,
                       struct error *err)
{
	struct menus_run r = {.asker = asker, .who = who, .d = d};
	struct answer answer;

	answer_init(&answer);
	menus_begin(&r);
	if (!who->singly)
		ask_together(&r, &answer);
	for (size_t i = 0; i < d->menus_n; i++)
		if (menus_waits(&r, i))
			ask_singly(&r, i, &answer);
	answer_done(&answer);
	return menus_end(&r, err);
}
