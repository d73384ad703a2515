/* The script language: expressions. */
#include <stdio.h>
#include <string.h>

#include "script.h"

static const struct value *variable_find(const struct script *s, const char *name, size_t n)
{
	for (size_t i = s->variables_n; i > 0; i--) {
		const struct variable *v = &s->variable[i - 1];

		if (strlen(v->name) == n && memcmp(v->name, name, n) == 0)
			return &v->value;
	}
	return NULL;
}

/* $name, from behind the dollar. An unknown name is an error from the compiler. */
static int value_variable(struct script *s, struct value *out)
{
	size_t n = 0;
	const struct value *v;
	char what[80];

	/* A variable's name has no '-': "$i->" is the name i. */
	while (s->at + n < s->n && strchr("-*", s->p[s->at + n]) == NULL && n < script_word(s))
		n++;
	v = variable_find(s, s->p + s->at, n);
	snprintf(what, sizeof(what), "undefined variable %.*s", (int)(n > 40 ? 40 : n),
	         s->p + s->at);
	if (v == NULL)
		return script_fail_at(s, s->at, what);
	s->at += n;
	*out = value_copy(v);
	return 0;
}

static int value_brackets(struct script *s, struct value *out)
{
	int rc = 0;

	if (s->depth == SCRIPT_DEPTH)
		return script_fail_at(s, s->at, "too deep");
	s->depth++;
	script_blanks(s);
	rc = command_run(s, true, out);
	script_blanks(s);
	if (rc == 0 && !script_take(s, ']'))
		rc = script_fail_syntax(s, s->at);
	s->depth--;
	return rc;
}

static int value_inside(struct script *s, struct text *made)
{
	struct value v = {0};
	int rc = script_value(s, &v);

	value_show(&v, made);
	value_done(&v);
	return rc;
}

static char escaped(char c)
{
	static const char from[] = "nrt_", to[] = "\n\r\t ";
	const char *at = c == '\0' ? NULL : strchr(from, c);

	return at == NULL ? c : to[at - from];
}

/* Two hexadecimal digits, from behind a backslash; -1 when it is none. */
static int hex_byte(const struct script *s)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *high, *low;

	if (s->at + 1 >= s->n)
		return -1;
	high = memchr(digits, s->p[s->at], 16);
	low = memchr(digits, s->p[s->at + 1], 16);
	return high == NULL || low == NULL ? -1 : (int)((high - digits) * 16 + (low - digits));
}

/* What a backslash and the next character stand for, from behind the backslash. */
static char take_escaped(struct script *s)
{
	int byte = hex_byte(s);

	if (byte < 0)
		return escaped(s->p[s->at++]);
	s->at += 2;
	return (char)byte;
}

/* "…", from behind the first quote; $x and $[…] inside are values. */
static int value_quoted(struct script *s, struct value *out)
{
	struct text made = {0};
	int rc = 0;

	while (rc == 0 && s->at < s->n && script_peek(s) != '"') {
		char c = s->p[s->at++];

		if (c == '\\' && s->at < s->n)
			c = take_escaped(s);
		else if (c == '$') {
			s->at -= script_peek(s) == '[' || script_peek(s) == '(' ? 0 : 1;
			rc = value_inside(s, &made);
			continue;
		}
		text_add_n(&made, &c, 1);
	}
	if (rc == 0 && !script_take(s, '"'))
		rc = script_fail_syntax(s, s->at);
	if (rc == 0)
		*out = value_text(text_get(&made));
	text_done(&made);
	return rc;
}

static int value_index(struct script *s, struct value *v)
{
	struct value key = {0}, found = {0};
	const struct value *at;
	int rc;

	s->at += 2;
	rc = script_value(s, &key);
	at = key.kind == VALUE_TEXT ? value_at(v, key.text) : NULL;
	if (at != NULL)
		found = value_copy(at);
	value_done(&key);
	value_done(v);
	*v = found;
	return rc;
}

static int value_concat(struct script *s, struct value *v)
{
	struct text made = {0};
	int rc;

	s->at++;
	value_show(v, &made);
	rc = value_inside(s, &made);
	value_done(v);
	*v = value_text(text_get(&made));
	text_done(&made);
	return rc;
}

/* = and !=, which give true or false. */
static int value_compare(struct script *s, struct value *v, bool equal)
{
	struct text left = {0}, right = {0};
	int rc;

	s->at += equal ? 1 : 2;
	value_show(v, &left);
	rc = value_inside(s, &right);
	value_done(v);
	*v = value_text((strcmp(text_get(&left), text_get(&right)) == 0) == equal ? "true"
	                                                                          : "false");
	text_done(&left);
	text_done(&right);
	return rc;
}

/* ( a . b -> "c" ), from behind the parenthesis: left to right. */
static int value_parenthesis(struct script *s, struct value *out)
{
	int rc = script_value(s, out);

	for (;;) {
		script_blanks(s);
		if (rc != 0 || script_take(s, ')'))
			return rc;
		if (script_peek(s) == '.')
			rc = value_concat(s, out);
		else if (s->at + 1 < s->n && memcmp(s->p + s->at, "->", 2) == 0)
			rc = value_index(s, out);
		else if (script_peek(s) == '=' ||
		         (s->at + 1 < s->n && memcmp(s->p + s->at, "!=", 2) == 0))
			rc = value_compare(s, out, script_peek(s) == '=');
		else
			return script_fail_syntax(s, s->at);
	}
}

/* {a;b}, from behind the brace. */
static int value_braces(struct script *s, struct value *out)
{
	out->kind = VALUE_LIST;
	for (;;) {
		struct value item = {0};

		script_blanks(s);
		if (script_take(s, '}'))
			return 0;
		if (script_value(s, &item) != 0) {
			value_done(&item);
			return -1;
		}
		value_push(out, NULL, item);
		script_blanks(s);
		if (!script_take(s, ';') && script_peek(s) != '}')
			return script_fail_syntax(s, s->at);
	}
}

static int value_bare(struct script *s, struct value *out)
{
	size_t n = 0;
	char *word;

	while (s->at + n < s->n && strchr(" \t;]})\n\r\"$", s->p[s->at + n]) == NULL)
		n++;
	if (n == 0)
		return script_fail_syntax(s, s->at);
	word = mem_copy_n(s->p + s->at, n);
	s->at += n;
	*out = (struct value){.kind = VALUE_TEXT, .text = word};
	return 0;
}

int script_value(struct script *s, struct value *out)
{
	static const struct {
		char first;
		int (*take)(struct script *, struct value *);
	} forms[] = {
		{'"', value_quoted},      {'[', value_brackets}, {'$', value_variable},
		{'(', value_parenthesis}, {'{', value_braces},
	};
	int rc;

	script_blanks(s);
	if (s->depth == SCRIPT_DEPTH)
		return script_fail_at(s, s->at, "too deep");
	s->depth++;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!script_take(s, forms[i].first))
			continue;
		rc = forms[i].take(s, out);
		s->depth--;
		return rc;
	}
	rc = value_bare(s, out);
	s->depth--;
	return rc;
}
