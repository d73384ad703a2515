/* Reading menus over REST: one GET each, on one connection. */
#include <stdio.h>
#include <string.h>

#include "read_menus.h"

/* "/ip firewall filter" → "ip/firewall/filter". */
static void rest_path(const char *path, char *out, size_t n)
{
	snprintf(out, n, "%s", path + 1);
	for (char *p = out; *p; p++)
		if (*p == ' ')
			*p = '/';
}

/* The words of an error object, short and on one line; the parser of services makes the same of
 * it. */
static void say_refusal(const struct answer *a, char *out, size_t n)
{
	const char *body = buf_str(&a->text), *detail = strstr(body, "\"detail\":\"");

	detail = detail ? detail + 10 : NULL;
	if (detail)
		snprintf(out, n, "the router answered \"%.*s\" (HTTP %d)",
		         (int)strcspn(detail, "\"\r\n"), detail, a->status);
	else
		snprintf(out, n, "the router answered with HTTP %d", a->status);
}

static void take_answer(struct menus_run *r, const struct wanted *w, const char *request,
                        struct menu_items *m, const struct answer *answer)
{
	struct error err = {0};
	struct items items;
	struct buf masked;
	char words[256];

	if (answer->status != 200) {
		say_refusal(answer, words, sizeof(words));
		/* The router's own words are no language's. */
		error_set(&err, ERROR_REMOTE, "%s", words);
		menus_set(r, m, menus_judge(w, words), &err);
		menus_keep(r, request, &answer->text, answer->status);
		return;
	}
	buf_init(&masked, LIMIT_MENU_BYTES);
	items_init(&items, &r->d->arena, w, r->who->keeper ? &masked : NULL);
	if (items_read_json(&items, buf_str(&answer->text), answer->text.n, &err) == 0) {
		menus_take(m, &items);
		menus_keep(r, request, &masked, answer->status);
	} else {
		menus_set(r, m, MENU_UNREADABLE, &err);
		buf_clear(&masked);
		buf_puts(&masked, err.text);
		menus_keep(r, request, &masked, -1);
	}
	buf_done(&masked);
}

/* The transport makes a sentence of a refusal; the saved answers give the same one back. */
static void keep_unread(const struct menus_run *r, const char *request, const struct menu_items *m)
{
	struct buf said;

	buf_init(&said, LIMIT_ANSWER_BYTES);
	buf_puts(&said, m->said);
	menus_keep(r, request, &said, -1);
	buf_done(&said);
}

int read_menus_rest(const struct asker *asker, const struct reader *who, struct device *d,
                    struct error *err)
{
	struct menus_run r = {.asker = asker, .who = who, .d = d};
	struct answer answer;
	char request[128];

	answer_init(&answer);
	menus_begin(&r);
	for (size_t i = 0; i < d->menus_n; i++) {
		const struct wanted *w = menus_wanted(&r, i);

		if (!menus_waits(&r, i))
			continue;
		rest_path(w->path, request, sizeof(request));
		if (menus_ask(&r, request, &d->menus[i], w->bulky, &answer) == 0)
			take_answer(&r, w, request, &d->menus[i], &answer);
		else
			keep_unread(&r, request, &d->menus[i]);
		if (w->bulky) { /* its memory goes before the next comes */
			answer_done(&answer);
			answer_init(&answer);
		}
	}
	answer_done(&answer);
	return menus_end(&r, err);
}
