/* An HTTP answer, as far as it came. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "http_answer.h"
#include "rosaudit/limits.h"
#include "rosaudit/text.h"

/* Where the body begins; 0 while the head is not whole. */
static size_t body_start(const char *p, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		if (p[i] != '\n')
			continue;
		if (p[i + 1] == '\n')
			return i + 2;
		if (i + 2 < n && p[i + 1] == '\r' && p[i + 2] == '\n')
			return i + 3;
	}
	return 0;
}

/* The value of a header field in the head, without blanks around it; *len its length. NULL:
 * none. */
static const char *field(const char *p, size_t n, const char *name, size_t *len)
{
	size_t name_n = strlen(name);
	const char *end = p + n, *line = memchr(p, '\n', n), *stop;

	for (; line && ++line < end; line = memchr(line, '\n', (size_t)(end - line))) {
		stop = memchr(line, '\n', (size_t)(end - line));
		stop = stop ? stop : end;
		if ((size_t)(stop - line) <= name_n || strncasecmp(line, name, name_n) != 0 ||
		    line[name_n] != ':')
			continue;
		line += name_n + 1;
		while (line < stop && isspace((unsigned char)*line))
			line++;
		while (stop > line && isspace((unsigned char)stop[-1]))
			stop--;
		*len = (size_t)(stop - line);
		return line;
	}
	return NULL;
}

static size_t limited(size_t n)
{
	return n < LIMIT_FACT_BYTES ? n : LIMIT_FACT_BYTES;
}

static const char *field_copy(const char *p, size_t n, const char *name, struct arena *arena)
{
	size_t len;
	const char *value = field(p, n, name, &len);

	return value && len > 0 ? arena_strndup(arena, value, limited(len)) : NULL;
}

/* strcasestr over bytes that no NUL ends. */
static const char *find(const char *p, size_t n, const char *lower)
{
	size_t len = strlen(lower);

	for (size_t i = 0; i + len <= n; i++)
		if (strncasecmp(p + i, lower, len) == 0)
			return p + i;
	return NULL;
}

static bool is_html(const char *p, size_t head)
{
	size_t len;
	const char *type = field(p, head, "Content-Type", &len);

	return !type || find(type, len, "html");
}

bool http_answer_whole(const char *p, size_t n)
{
	size_t head = body_start(p, n), len;
	unsigned long length;
	const char *text;

	if (head == 0)
		return false;
	if (!is_html(p, head))
		return true;
	text = field(p, head, "Content-Length", &len);
	if (text && text_to_uint(text, len, 0, 1ul << 30, &length) && n - head >= length)
		return true;
	return find(p + head, n - head, "</html>");
}

/* The text of <title>, runs of white space as one blank. */
static const char *title(const char *p, size_t n, struct arena *arena)
{
	const char *open = find(p, n, "<title"), *from, *to;
	char *out;
	size_t len = 0;

	from = open ? memchr(open, '>', n - (size_t)(open - p)) : NULL;
	if (!from)
		return NULL;
	from++;
	to = find(from, n - (size_t)(from - p), "</title");
	if (!to)
		return NULL;
	out = arena_alloc(arena, limited((size_t)(to - from)) + 1);
	for (; from < to && len < LIMIT_FACT_BYTES; from++) {
		if (!isspace((unsigned char)*from) && *from)
			out[len++] = *from;
		else if (len > 0 && out[len - 1] != ' ')
			out[len++] = ' ';
	}
	while (len > 0 && out[len - 1] == ' ')
		out[--len] = '\0';
	return len > 0 ? out : NULL;
}

bool http_answer_read(const char *p, size_t n, struct arena *arena, struct http_facts *out)
{
	const char *blank = n > 12 && !memcmp(p, "HTTP/", 5) ? memchr(p, ' ', 12) : NULL;
	size_t head = body_start(p, n);
	unsigned long status;

	if (!blank || p + n - blank < 4 || !text_to_uint(blank + 1, 3, 100, 599, &status))
		return false;
	out->status = (int)status;
	if (head == 0)
		head = n;
	out->server = field_copy(p, head, "Server", arena);
	out->location = field_copy(p, head, "Location", arena);
	out->authenticate = field_copy(p, head, "WWW-Authenticate", arena);
	out->title = title(p + head, n - head, arena);
	return true;
}
