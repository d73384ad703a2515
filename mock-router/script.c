/* The script language: running commands one after the other. */
#include "script.h"

#include <stdio.h>
#include <string.h>

int script_fail_at(struct script *s, size_t at, const char *what)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < at && i < s->n; i++) {
		column++;
		if (s->p[i] == '\n') {
			line++;
			column = 1;
		}
	}
	if (s->error[0] == '\0')
		snprintf(s->error, sizeof(s->error), "%.140s (line %zu column %zu)", what, line,
		         column);
	return -1;
}

int script_fail_plain(struct script *s, const char *what)
{
	if (s->error[0] == '\0')
		snprintf(s->error, sizeof(s->error), "%s", what);
	return -1;
}

int script_fail_syntax(struct script *s, size_t at)
{
	bool old = s->console->scenario->version.major < 7;

	return script_fail_at(s, at, old ? "expected end of command" : "syntax error");
}

char script_peek(const struct script *s)
{
	return s->at < s->n ? s->p[s->at] : '\0';
}

bool script_take(struct script *s, char c)
{
	if (script_peek(s) != c)
		return false;
	s->at++;
	return true;
}

void script_blanks(struct script *s)
{
	while (s->at < s->n && (s->p[s->at] == ' ' || s->p[s->at] == '\t'))
		s->at++;
}

size_t script_word(const struct script *s)
{
	size_t n = 0;

	while (s->at + n < s->n) {
		char c = s->p[s->at + n];
		bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		            (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '*';

		if (!word)
			break;
		n++;
	}
	return n;
}

bool script_at_end(const struct script *s)
{
	char c = script_peek(s);

	return c == '\0' || c == ';' || c == '\n' || c == '\r' || c == ']' || c == '}';
}

static bool word_is(const struct script *s, const char *word)
{
	return script_word(s) == strlen(word) && memcmp(s->p + s->at, word, strlen(word)) == 0;
}

static int run_put(struct script *s)
{
	struct value v = {0};
	int rc = script_value(s, &v);

	if (rc == 0 && !s->dry) {
		value_show(&v, s->out);
		text_add(s->out, "\n");
	}
	value_done(&v);
	return rc;
}

/* Runs the block that begins at from with the variable bound to each element in turn; in a dry run
 * once. Leaves the position behind the block. */
static int run_body(struct script *s, size_t from, struct variable *bound, const struct value *list)
{
	size_t turns = s->dry ? 1 : list->n;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < turns; i++) {
		s->at = from;
		value_done(&bound->value);
		if (!s->dry)
			bound->value = value_copy(&list->item[i]);
		rc = script_run(s, '}');
	}
	value_done(&bound->value);
	return rc;
}

/* The end of the block that opens before `at`, for a loop without a turn: the dry run has shown
 * that it is well-formed, so a dry walk finds its end. */
static int skip_body(struct script *s)
{
	int rc;

	s->dry = true;
	rc = script_run(s, '}');
	s->dry = false;
	return rc;
}

static int foreach_list(struct script *s, struct value *list)
{
	script_blanks(s);
	if (!word_is(s, "in"))
		return script_fail_syntax(s, s->at);
	s->at += 2;
	if (!script_take(s, '='))
		return script_fail_syntax(s, s->at);
	if (script_value(s, list) != 0)
		return -1;
	script_blanks(s);
	if (!word_is(s, "do"))
		return script_fail_syntax(s, s->at);
	s->at += 2;
	if (!script_take(s, '='))
		return script_fail_syntax(s, s->at);
	script_blanks(s);
	if (!script_take(s, '{'))
		return script_fail_syntax(s, s->at);
	return 0;
}

/* :foreach NAME in=LIST do={…} */
static int run_foreach(struct script *s)
{
	struct variable *bound = &s->variable[s->variables_n];
	struct value list = {0};
	size_t n;
	int rc;

	script_blanks(s);
	n = script_word(s);
	if (n == 0 || n >= sizeof(bound->name) || s->variables_n == SCRIPT_VARIABLES)
		return script_fail_syntax(s, s->at);
	*bound = (struct variable){0};
	memcpy(bound->name, s->p + s->at, n);
	s->at += n;
	rc = foreach_list(s, &list);
	if (rc == 0) {
		s->variables_n++;
		rc = !s->dry && list.n == 0 ? skip_body(s) : run_body(s, s->at, bound, &list);
		s->variables_n--;
	}
	value_done(&list);
	if (rc == 0 && !script_take(s, '}'))
		rc = script_fail_syntax(s, s->at);
	return rc;
}

/* :if (CONDITION) do={…}; no else, which nobody sends. */
static int run_if(struct script *s)
{
	struct value condition = {0};
	bool yes;
	int rc = script_value(s, &condition);

	yes = condition.kind == VALUE_TEXT && strcmp(condition.text, "true") == 0;
	value_done(&condition);
	script_blanks(s);
	if (rc != 0)
		return rc;
	if (!word_is(s, "do") || s->at + 3 >= s->n || memcmp(s->p + s->at, "do={", 4) != 0)
		return script_fail_syntax(s, s->at);
	s->at += 4;
	rc = s->dry || yes ? script_run(s, '}') : skip_body(s);
	if (rc == 0 && !script_take(s, '}'))
		rc = script_fail_syntax(s, s->at);
	return rc;
}

/* :error TEXT ends the script. */
static int run_error(struct script *s)
{
	struct value v = {0};
	struct text words = {0};
	int rc = script_value(s, &v);

	value_show(&v, &words);
	value_done(&v);
	if (rc == 0 && !s->dry)
		rc = script_fail_plain(s, text_get(&words));
	text_done(&words);
	return rc;
}

/* The block of :do: what fails in it at run time is caught, and what it printed stays. */
static int try_body(struct script *s, bool *failed)
{
	const struct menu *around = s->menu;
	size_t from = s->at, depth = s->depth, variables = s->variables_n;
	int rc = script_run(s, '}');

	*failed = rc != 0 && !s->dry;
	if (!*failed)
		return rc;
	for (size_t i = variables; i < s->variables_n; i++)
		value_done(&s->variable[i].value);
	s->error[0] = '\0';
	s->menu = around;
	s->depth = depth;
	s->variables_n = variables;
	s->at = from;
	return skip_body(s);
}

static int take_brace(struct script *s, char c)
{
	script_blanks(s);
	return script_take(s, c) ? 0 : script_fail_syntax(s, s->at);
}

/* :do {…} [on-error={…}]. Unverified: what becomes of the words of the failure. */
static int run_do(struct script *s)
{
	bool failed = false;
	int rc = take_brace(s, '{');

	rc = rc == 0 ? try_body(s, &failed) : rc;
	rc = rc == 0 ? take_brace(s, '}') : rc;
	script_blanks(s);
	if (rc != 0 || !word_is(s, "on-error"))
		return rc;
	s->at += strlen("on-error");
	if (!script_take(s, '='))
		return script_fail_syntax(s, s->at);
	rc = take_brace(s, '{');
	if (rc == 0)
		rc = failed || s->dry ? script_run(s, '}') : skip_body(s);
	return rc == 0 ? take_brace(s, '}') : rc;
}

static int run_global(struct script *s)
{
	char what[160];
	size_t at = s->at++, n = script_word(s);

	if (word_is(s, "if") || word_is(s, "error")) {
		bool is_if = word_is(s, "if");

		s->other = true;
		s->at += n;
		return is_if ? run_if(s) : run_error(s);
	}

	if (word_is(s, "put")) {
		s->at += n;
		return run_put(s);
	}
	if (word_is(s, "foreach") && !s->console->scenario->fault[FAULT_SCRIPT_UNKNOWN]) {
		s->at += n;
		return run_foreach(s);
	}
	if (word_is(s, "do") && !s->console->scenario->fault[FAULT_SCRIPT_UNKNOWN]) {
		s->at += n;
		return run_do(s);
	}
	if (word_is(s, "foreach") || word_is(s, "do"))
		return script_fail_syntax(s, at);
	s->other = true;
	snprintf(what, sizeof(what), "bad command name %.*s", (int)(n > 100 ? 100 : n),
	         s->p + s->at);
	return script_fail_at(s, at + 1, what);
}

static int run_one(struct script *s)
{
	struct value nothing = {0};
	int rc;

	if (script_peek(s) == ':')
		return run_global(s);
	rc = command_run(s, false, &nothing);
	value_done(&nothing); /* a bare get prints nothing (routeros.md 1.3) */
	return rc;
}

int script_run(struct script *s, char closing)
{
	if (s->depth == SCRIPT_DEPTH)
		return script_fail_at(s, s->at, "too deep");
	s->depth++;
	for (;;) {
		script_blanks(s);
		while (script_peek(s) == ';' || script_peek(s) == '\n' || script_peek(s) == '\r') {
			s->at++;
			script_blanks(s);
		}
		if (s->at >= s->n || script_peek(s) == closing)
			break;
		if (script_peek(s) == '#') { /* a comment */
			while (s->at < s->n && script_peek(s) != '\n')
				s->at++;
			continue;
		}
		if (run_one(s) != 0)
			return -1;
		script_blanks(s);
		if (!script_at_end(s) || (script_peek(s) == ']' && closing != ']'))
			return script_fail_syntax(s, s->at);
		if (script_peek(s) == '}' && closing != '}')
			return script_fail_syntax(s, s->at);
	}
	s->depth--;
	return 0;
}

/* Compiles the whole line first, as the router does: a mistake at its end leaves all unread. */
int console_answer(const struct console *c, const char *line, size_t n, struct text *out,
                   bool *reads_only)
{
	struct script dry = {.console = c, .p = line, .n = n, .dry = true, .out = out};
	struct script s = {.console = c, .p = line, .n = n, .out = out};
	int rc = script_run(&dry, '\0');

	/* A line that the router refuses is read-only, too, when all that it asks for is. */
	*reads_only = !dry.other;
	if (c->scenario->fault[FAULT_EVERYTHING_UNKNOWN]) {
		text_addf(out, "bad command name %.*s (line 1 column 1)\n",
		          (int)strcspn(line, " /["), line);
		return 1;
	}
	if (rc != 0) {
		text_addf(out, "%s\n", dry.error);
		return 1;
	}
	if ((c->user->policies & POLICY_READ) == 0) {
		text_add(out, "not enough permissions (9)\n");
		return 1;
	}
	if (script_run(&s, '\0') != 0) {
		text_addf(out, "%s\n", s.error);
		return 1;
	}
	return 0;
}
