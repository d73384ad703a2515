/* Commands of menus: which words lead where, and what print, get, find and export give. */
#include <stdio.h>
#include <string.h>

#include "script.h"
#include "command.h"
#include "feature_show.h"

/* Where a command's words lead: one of the menus with columns of their own, or the scenario's. */
struct place {
	const struct menu *menu;
	const struct feature *feature;
};

/* Words that change the router: never part of a path. */
static bool is_writing(const char *p, size_t n)
{
	static const char *const words[] = {"add",     "set",    "remove", "move",   "enable",
	                                    "disable", "unset",  "reset",  "export", "import",
	                                    "run",     "reboot", "clear",  "edit",   "comment"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == n && memcmp(words[i], p, n) == 0)
			return true;
	return false;
}

/* Does the command from `at` on, of a menu that this router lacks, only read? Words of a path, then
 * print, get or find. */
static bool reads_unknown(const struct script *s, size_t at)
{
	for (struct script walk = {.p = s->p, .n = s->n, .at = at};;) {
		size_t n;

		while (script_take(&walk, '/'))
			;
		n = script_word(&walk);
		if (n == 0 || is_writing(walk.p + walk.at, n))
			return false;
		for (size_t i = 0; i < 3; i++) {
			static const char *const reads[] = {"print", "get", "find"};

			if (strlen(reads[i]) == n && memcmp(reads[i], walk.p + walk.at, n) == 0)
				return true;
		}
		walk.at += n;
		script_blanks(&walk);
	}
}

static int fail_name(struct script *s, size_t at, const char *word, size_t n)
{
	char what[160];

	s->other = s->other || !reads_unknown(s, at);
	snprintf(what, sizeof(what), "bad command name %.*s", (int)(n > 100 ? 100 : n), word);
	return script_fail_at(s, at, what);
}

/* Is path a menu, or the way to one? */
static bool path_leads(const struct script *s, const char *path, struct place *to)
{
	const struct features *f = &s->console->scenario->features;
	size_t n = strlen(path);

	*to = (struct place){.feature = feature_find(f, path)};
	if (to->feature != NULL || feature_leads(f, path)) {
		if (strcmp(path, "ip service") == 0)
			to->menu = &menus[MENU_SERVICE];
		return true;
	}
	for (size_t i = 0; i < MENU_COUNT; i++) {
		if (strcmp(menus[i].path, path) == 0)
			to->menu = &menus[i];
		if (strncmp(menus[i].path, path, n) == 0 &&
		    (menus[i].path[n] == '\0' || menus[i].path[n] == ' '))
			return true;
	}
	return false;
}

/* Reads the words of the path up to the command's own name, which stays unread. Blank style works
 * everywhere; a slash between words is v7's (v6's words for refusing it are unverified). */
static int command_path(struct script *s, struct place *to)
{
	char path[64] = "";
	bool old = s->console->scenario->version.major < 7;

	*to = (struct place){.menu = script_take(s, '/') ? NULL : s->menu};
	for (;;) {
		struct place found;
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
		if (!path_leads(s, longer, &found))
			return 0;
		*to = found;
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
	struct place to;
	bool known;
	int rc;

	if (command_path(s, &to) != 0) {
		s->other = true;
		return -1;
	}
	at = s->at;
	n = script_word(s);
	menu = to.menu;
	if (to.feature != NULL) {
		rc = feature_command(s, to.feature, s->p + at, n, in_brackets, result, &known);
		return known ? rc : fail_name(s, at, s->p + at, n);
	}
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
	if (at + n < s->n && s->p[at + n] == '/') { /* "/bogus/command" (sample of 7.18.2) */
		s->other = s->other || !reads_unknown(s, at);
		return script_fail_at(s, at + n, "syntax error");
	}
	return fail_name(s, at, s->p + at, n);
}
