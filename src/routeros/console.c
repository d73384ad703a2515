/* The console's own error texts (SSH exec prints them on stdout; RouterOS 6's exit status is not
 * documented, so the text decides and the status only confirms). */
#include <string.h>

#include "read_private.h"
#include "rosaudit/message.h"

struct refusal {
	const char *text; /* how the line begins */
	const char *hint; /* what to do, or NULL */
};

static const struct refusal phrases[] = {
	{"not enough permissions",
         N_("the user's group lacks a policy: reading needs `ssh` and `read` "
            "(/user group add name=audit policy=ssh,read)")},
	{"std failure: not allowed",
         N_("the user's group lacks a policy: reading needs `ssh` and `read` "
            "(/user group add name=audit policy=ssh,read)")},
	{"bad command name", NULL},
	{"syntax error", NULL},
	{"expected end of command", NULL},
	{"expected command name", NULL},
	{"expected closing", NULL},
	{"no such item", NULL},
	{"no such command", NULL},
	{"invalid value", NULL},
	{"input does not match any value of", NULL},
	{"missing value(s) of argument(s)", NULL},
	{"unknown parameter", NULL},
	{"failure:", NULL},
	{"interrupted", NULL},
};

static const struct refusal *match(const char *line, size_t n)
{
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		size_t len = strlen(phrases[i].text);

		if (n >= len && memcmp(line, phrases[i].text, len) == 0)
			return &phrases[i];
	}
	return NULL;
}

/* The last line that is not blank: an error ends the answer, also a partial one. */
static const char *last_line(const char *p, size_t n, size_t *len)
{
	size_t end = n, start;

	while (end && (p[end - 1] == '\n' || p[end - 1] == '\r' || p[end - 1] == ' '))
		end--;
	start = end;
	while (start && p[start - 1] != '\n')
		start--;
	while (start < end && p[start] == ' ')
		start++;
	*len = end - start;
	return p + start;
}

bool console_is_error(const char *p, size_t n, int status, struct error *err)
{
	size_t len = 0;
	const char *line = last_line(p, n, &len);
	const struct refusal *phrase = match(line, len);
	int shown = len > 200 ? 200 : (int)len;

	/* Several lines and no known error text: the form's parser judges them better. */
	if (!phrase && (status <= 0 || line != p))
		return false;
	if (!phrase && len == 0)
		error_set(err, ERROR_REMOTE,
		          "the command failed with exit status %d and said nothing", status);
	else
		error_set(err, ERROR_REMOTE, "the router answered \"%.*s\"", shown, line);
	if (phrase)
		error_hint_phrase(err, phrase->hint);
	return true;
}

/* What stands in the way of every command (routeros.md 6). The words are those that a terminal
 * shows; what exec shows instead is not known, so they count wherever they stand, but only once
 * an answer turned out to hold no services: an unlicensed router may well print both. */
static const struct {
	const char *words, *text, *hint;
} states[] = {
	{"ROUTER HAS NO SOFTWARE KEY", N_("the router has no licence"),
         N_("log in by hand, see `/system license print`, and give the router a licence")},
	{"new password>", N_("the router wants a new password for this user before it answers"),
         N_("log in once by hand and set one, then write the new one at `password:`")},
	{"Change your password",
         N_("the router wants a new password for this user before it answers"),
         N_("log in once by hand and set one, then write the new one at `password:`")},
	{"Do you want to see the software license",
         N_("the router asks the questions of a first login"),
         N_("log in once by hand and answer them")},
	{"Please press \"Enter\" to continue", N_("the router asks the questions of a first login"),
         N_("log in once by hand and answer them")},
};

bool console_is_state(const char *p, size_t n, struct error *err)
{
	struct phrase what;

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		if (!memmem(p, n, states[i].words, strlen(states[i].words)))
			continue;
		what = phrase_of(states[i].text);
		error_set_phrase(err, ERROR_REMOTE, &what, "{}: it said \"%s\"", states[i].words);
		error_hint_phrase(err, states[i].hint);
		return true;
	}
	return false;
}
