/* Prompts and the commands echoed behind them: which menu the lines below belong to. */
#include <ctype.h>
#include <string.h>

#include "forms.h"

#define WORDS_MAX 48u

struct word {
	const char *p;
	size_t n;
};

/* A command line as words: "/ip/service print", ":put [/ip service get 0]". */
struct words {
	struct word v[WORDS_MAX];
	size_t n;
};

static bool is_path_char(char c)
{
	return islower((unsigned char)c) || isdigit((unsigned char)c) || c == '/' || c == '-' ||
	       c == ' ';
}

/* What may follow the identity's bracket: " /ip/service> ", " <SAFE> > ", " /ip service<SAFE>> ".
 * Bytes up to and with the last ">", 0 = this is no prompt's end. */
static size_t prompt_tail(const char *p, size_t n, size_t *path_n)
{
	static const char safe[] = "<SAFE>";
	size_t i = 0;

	while (i < n && is_path_char(p[i]))
		i++;
	*path_n = i;
	if (n - i >= sizeof(safe) - 1 && memcmp(p + i, safe, sizeof(safe) - 1) == 0) {
		i += sizeof(safe) - 1;
		while (i < n && is_path_char(p[i])) {
			i++;
			*path_n = i;
		}
	}
	return i < n && p[i] == '>' ? i + 1 : 0;
}

/* "[user@identity] path>": an identity may hold blanks, brackets and anything else, so the first
 * bracket that a prompt's end follows closes it. */
static size_t router_prompt(const char *p, size_t n, struct word *path)
{
	bool at = false;
	size_t without = 0;

	if (n == 0 || *p != '[')
		return 0;
	for (size_t i = 1; i < n; i++) {
		size_t tail;

		at = at || p[i] == '@';
		if (p[i] != ']' || !at)
			continue;
		tail = prompt_tail(p + i + 1, n - i - 1, &path->n);
		path->p = p + i + 1;
		if (tail)
			return i + 1 + tail;
		if (!without && n - i > 2 && p[i + 1] == ' ' && p[i + 2] == '/')
			without = i + 2;
	}
	/* Manuals print "[admin@MikroTik] /ip/service/print" without the angle bracket. */
	path->n = 0;
	return without;
}

/* "teacher@lab:~$ ": the shell from which somebody logged in. */
static size_t shell_prompt(const char *p, size_t n)
{
	size_t i = 0;
	bool at = false, colon = false;

	while (i < n && p[i] != ' ' && p[i] != '$' && p[i] != '#') {
		if (!isalnum((unsigned char)p[i]) && !strchr("@:~/._-", p[i]))
			return 0;
		at = at || p[i] == '@';
		colon = colon || (at && p[i] == ':');
		i++;
	}
	if (!colon || i >= n || p[i] == ' ' || (i + 1 < n && p[i + 1] != ' '))
		return 0;
	return i + 1;
}

static void split_words(const char *p, size_t n, struct words *out)
{
	size_t i = 0;

	while (i < n && out->n < WORDS_MAX) {
		size_t start;

		while (i < n && strchr(" \t/[]{}", p[i]))
			i++;
		start = i;
		while (i < n && !strchr(" \t/[]{}", p[i]))
			i++;
		if (i > start)
			out->v[out->n++] = (struct word){p + start, i - start};
	}
}

/* The console takes any beginning of a word; a single letter is too little to be sure. */
static bool abbreviates(const struct word *w, const char *word, size_t n)
{
	return w->n >= 2 && w->n <= n && memcmp(w->p, word, w->n) == 0;
}

static bool is_verb(const struct word *w, const char *verb)
{
	return abbreviates(w, verb, strlen(verb));
}

/* Do the words from k on name our menu (or, for export, a menu above it) and print it? */
static bool names_menu(const struct menu *menu, const struct words *w, size_t k)
{
	const char *p = menu->path;
	bool whole;

	for (;;) {
		size_t n;

		while (*p == '/' || *p == ' ')
			p++;
		whole = *p == '\0';
		n = strcspn(p, " /");
		if (whole || k >= w->n || !abbreviates(&w->v[k], p, n))
			break;
		p += n;
		k++;
	}
	if (k >= w->n)
		return false;
	if (is_verb(&w->v[k], "export"))
		return true;
	return whole && (is_verb(&w->v[k], "print") || is_verb(&w->v[k], "get") ||
	                 is_verb(&w->v[k], "find"));
}

static bool any_verb(const struct words *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (is_verb(&w->v[i], "print") || is_verb(&w->v[i], "export"))
			return true;
	return false;
}

static void read_options(const struct words *w, struct command *out)
{
	static const char proplist[] = "proplist=";

	for (size_t i = 0; i < w->n; i++) {
		const struct word *v = &w->v[i];

		if (v->n >= sizeof(proplist) - 1 &&
		    memcmp(v->p, proplist, sizeof(proplist) - 1) == 0)
			out->proplist = true;
		if (v->n >= 3 && is_verb(v, "brief"))
			out->proplist = true;
		if (v->n >= 3 && is_verb(v, "where"))
			out->filtered = true;
	}
}

static void judge(const struct menu *menu, const struct word *path, const char *p, size_t n,
                  struct command *out)
{
	struct words w = {0};
	bool ours = false;

	*out = (struct command){.text = p, .n = n};
	if (n && *p != '/' && *p != ':')
		split_words(path->p, path->n, &w);
	split_words(p, n, &w);
	if (n == 0)
		return;
	out->prints = any_verb(&w);
	for (size_t k = 0; k < (*p == ':' ? w.n : 1); k++)
		ours = ours || names_menu(menu, &w, k);
	/* Going into a menu, or setting something, prints nothing of its own. */
	out->relation = ours ? COMMAND_OURS : COMMAND_FOREIGN;
	read_options(&w, out);
}

/* "/ip service print" without a prompt, as a page quotes it; a section of an export has no verb. */
static bool is_bare_command(const char *p, size_t n)
{
	struct words w = {0};

	if (n < 2 || (*p != '/' && memcmp(p, ":put [", n < 6 ? n : 6) != 0))
		return false;
	split_words(p, n, &w);
	for (size_t i = 0; i < w.n; i++) {
		if (memchr(w.v[i].p, '=', w.v[i].n) || memchr(w.v[i].p, '"', w.v[i].n))
			return false;
		if (i && (is_verb(&w.v[i], "print") || is_verb(&w.v[i], "export")))
			return true;
	}
	return false;
}

bool line_is_command(const struct reading *r, const struct line *l, struct command *out)
{
	size_t i = line_indent(l), len;
	const char *p = l->p + i;
	struct word path = {p, 0};
	size_t n = l->n - i;

	len = router_prompt(p, n, &path);
	if (len == 0) {
		len = shell_prompt(p, n);
		if (len) {
			struct words w = {0};

			split_words(p + len, n - len, &w);
			*out = (struct command){.text = p, .n = n};
			read_options(&w, out);
			return true;
		}
		if (!is_bare_command(p, n))
			return false;
	}
	while (len < n && (p[len] == ' ' || p[len] == '\t'))
		len++;
	judge(r->menu, &path, p + len, n - len, out);
	return true;
}
