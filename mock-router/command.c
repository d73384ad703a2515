/* Commands of menus: which words lead where, and what print, get, find and export give. */
#include <stdio.h>
#include <string.h>

#include "script.h"
#include "command.h"

static int fail_name(struct script *s, size_t at, const char *word, size_t n)
{
	char what[160];

	s->other = true;
	snprintf(what, sizeof(what), "bad command name %.*s", (int)(n > 100 ? 100 : n), word);
	return script_fail_at(s, at, what);
}

/* Is path a menu, or the way to one? */
static bool path_leads(const char *path, const struct menu **menu)
{
	size_t n = strlen(path);

	*menu = NULL;
	for (size_t i = 0; i < MENU_COUNT; i++) {
		if (strcmp(menus[i].path, path) == 0)
			*menu = &menus[i];
		if (strncmp(menus[i].path, path, n) == 0 &&
		    (menus[i].path[n] == '\0' || menus[i].path[n] == ' '))
			return true;
	}
	return false;
}

/* Reads the words of the path up to the command's own name, which stays unread. Blank style works
 * everywhere; a slash between words is v7's (v6's words for refusing it are unverified). */
static int command_path(struct script *s, const struct menu **menu)
{
	char path[64] = "";
	bool old = s->console->scenario->version.major < 7;

	*menu = script_take(s, '/') ? NULL : s->menu;
	for (;;) {
		const struct menu *found;
		size_t n = script_word(s), used = strlen(path);
		char longer[64];

		if (n == 0)
			return script_fail_at(s, s->at, "expected command name");
		if (used + n + 2 > sizeof(longer))
			return fail_name(s, s->at, s->p + s->at, n);
		memcpy(longer, path, used);
		longer[used] = ' ';
		used += used > 0 ? 1 : 0;
		memcpy(longer + used, s->p + s->at, n);
		longer[used + n] = '\0';
		if (!path_leads(longer, &found))
			return 0;
		*menu = found;
		memcpy(path, longer, sizeof(path));
		s->at += n;
		if (script_peek(s) == '/' && old)
			return script_fail_at(s, s->at, "expected end of command");
		if (!script_take(s, '/'))
			script_blanks(s);
	}
}

static const struct {
	const char *name;
	int (*run)(struct script *, const struct menu *, bool in_brackets, struct value *);
	bool reads; /* one of the reading commands that rosaudit may send */
	bool root;  /* works without a menu */
} commands[] = {
	{"print", command_print, true, false},      {"get", command_get, true, false},
	{"find", command_find, true, false},        {"export", command_export, false, true},
	{"set", command_set, false, false},         {"enable", command_enable, false, false},
	{"disable", command_disable, false, false},
};

int command_run(struct script *s, bool in_brackets, struct value *result)
{
	const struct menu *menu, *around = s->menu;
	size_t at, n;
	int rc;

	if (command_path(s, &menu) != 0) {
		s->other = true;
		return -1;
	}
	at = s->at;
	n = script_word(s);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strlen(commands[i].name) != n || memcmp(commands[i].name, s->p + at, n) != 0 ||
		    (menu == NULL && !commands[i].root))
			continue;
		s->other = s->other || !commands[i].reads;
		s->at += n;
		s->menu = menu;
		rc = commands[i].run(s, menu, in_brackets, result);
		s->menu = around;
		return rc;
	}
	s->other = true;
	if (at + n < s->n && s->p[at + n] == '/') /* "/bogus/command" (sample of 7.18.2) */
		return script_fail_at(s, at + n, "syntax error");
	return fail_name(s, at, s->p + at, n);
}
