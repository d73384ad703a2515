/* The script language, as far as reading needs it: commands, [ ], ( . -> ), $variables, :put,
 * :foreach. Inner header of script.c, script_value.c and command.c. */
#ifndef MOCK_SCRIPT_H
#define MOCK_SCRIPT_H

#include "console.h"
#include "rows.h"
#include "value.h"

#define SCRIPT_DEPTH     32 /* nested brackets; a router's limit is unknown */
#define SCRIPT_VARIABLES 8

struct variable {
	char name[32];
	struct value value;
};

struct script {
	const struct console *console;
	const char *p; /* the whole line, not NUL-terminated */
	size_t n, at;
	bool dry;        /* only compile: nothing is read, printed or kept */
	bool other;      /* a command that is not one of the reading ones was seen */
	char error[200]; /* "" while all is well; the first wins */
	size_t depth;
	const struct menu *menu; /* of the command around: where "[find]" looks */
	struct variable variable[SCRIPT_VARIABLES];
	size_t variables_n;
	struct text *out;
};

/* Commands up to the end or to the closing character, which stays unread. 0, or -1. */
int script_run(struct script *s, char closing);
/* One expression; *out is the caller's. 0, or -1. */
int script_value(struct script *s, struct value *out);
/* One command of a menu, from its first word. result takes what it gives to [ ]. 0, or -1. */
int command_run(struct script *s, bool in_brackets, struct value *result);

/* "what (line 1 column N)" for position at; the first wins. Always -1. */
int script_fail_at(struct script *s, size_t at, const char *what);
/* The same without a position. */
int script_fail_plain(struct script *s, const char *what);
/* The era's words for "this does not belong here", at position at. */
int script_fail_syntax(struct script *s, size_t at);
void script_blanks(struct script *s);
char script_peek(const struct script *s); /* '\0' at the end */
bool script_take(struct script *s, char c);
/* Letters, digits, '-', '*' and '_' from here; returns their number. */
size_t script_word(const struct script *s);
bool script_at_end(const struct script *s); /* of the command */

#endif
