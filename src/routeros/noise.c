/* Lines that the terminal or the log put between the rows of an answer. */
#include <ctype.h>
#include <string.h>

#include "forms.h"

/* How many characters of s match the pattern: 9 a digit, a a lower-case letter, else itself. 0 = no
 * match. */
static size_t match(const char *p, size_t n, const char *pattern)
{
	size_t i;

	for (i = 0; pattern[i]; i++) {
		if (i >= n)
			return 0;
		if (pattern[i] == '9'   ? !isdigit((unsigned char)p[i])
		    : pattern[i] == 'a' ? !islower((unsigned char)p[i])
		                        : p[i] != pattern[i])
			return 0;
	}
	return i;
}

/* A log message's date, with the blank behind it; none when it is of today. */
static size_t date_length(const char *p, size_t n)
{
	static const char *const dates[] = {
		"aaa/99/9999 ",
		"aaa/99 ",
		"9999-99-99 ",
		"99-99 ",
	};

	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		size_t len = match(p, n, dates[i]);

		if (len)
			return len;
	}
	return 0;
}

/* "17:20:06 echo: system,error,critical login failure …": topics are words joined by commas. */
static bool is_log_line(const char *p, size_t n)
{
	size_t i = date_length(p, n), time = match(p + i, n - i, "99:99:99 "), start, commas = 0;

	if (time == 0)
		return false;
	i += time;
	if (n - i > 6 && memcmp(p + i, "echo: ", 6) == 0)
		return true;
	for (start = i; i < n && (islower((unsigned char)p[i]) || strchr(",!-", p[i])); i++)
		commas += p[i] == ',';
	return commas && i > start && i < n && p[i] == ' ';
}

static bool begins(const char *p, size_t n, const char *text)
{
	size_t len = strlen(text);

	return n >= len && memcmp(p, text, len) == 0;
}

/* "-- [Q quit|D dump|down]": what follows on the same line was drawn over it. */
static size_t pager_length(const char *p, size_t n)
{
	const char *end;

	if (!begins(p, n, "-- [Q quit"))
		return 0;
	end = memchr(p, ']', n);
	return end ? (size_t)(end - p) + 1 : 0;
}

bool line_is_noise(const char *p, size_t n, size_t *skip)
{
	static const char *const whole[] = {"[Safe Mode taken]", "[Safe Mode released]"};
	size_t indent = 0, pager;

	while (indent < n && p[indent] == ' ')
		indent++;
	p += indent;
	n -= indent;
	pager = pager_length(p, n);
	if (pager) {
		*skip = indent + pager;
		return true;
	}
	*skip = indent + n;
	if (is_log_line(p, n))
		return true;
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (n == strlen(whole[i]) && begins(p, n, whole[i]))
			return true;
	/* A page's code fence. */
	if (begins(p, n, "```") && !memchr(p, ' ', n))
		return true;
	/* What ssh -t says at the end. */
	return begins(p, n, "Connection to ") && n >= 7 && memcmp(p + n - 7, "closed.", 7) == 0;
}
