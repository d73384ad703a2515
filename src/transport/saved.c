/*
 * Saved answers. Lines of text with byte counts, so that whatever a router answered stands in it as
 * it came, and nothing in an answer can pass for another one:
 *
 *	rosaudit-saved 1
 *	transport ssh
 *	user audit
 *	service ssh
 *	answer 0 17 :put [/system resource get version]
 *	7.18.2 (stable)
 */
#include "rosaudit/saved.h"

#include <stdlib.h>
#include <string.h>

#include "rosaudit/arena.h"
#include "rosaudit/limits.h"
#include "rosaudit/text.h"

static const char magic[] = "rosaudit-saved 1\n";

struct cursor {
	const char *p, *end, *where;
	size_t line;
};

bool saved_is(const char *p, size_t n)
{
	return n >= sizeof(magic) - 1 && memcmp(p, magic, sizeof(magic) - 1) == 0;
}

static int broken(const struct cursor *c, struct error *err, const char *what)
{
	error_set_at(err, ERROR_PARSE, c->where, c->line, 1, "%s", what);
	return error_hint(err, "these are answers that rosaudit --save wrote: was the file cut, or "
	                       "edited? Its counts are of bytes");
}

/* The next line without its end. */
static bool take_line(struct cursor *c, const char **line, size_t *n)
{
	const char *newline = memchr(c->p, '\n', (size_t)(c->end - c->p));

	if (!newline)
		return false;
	*line = c->p;
	*n = (size_t)(newline - c->p);
	c->p = newline + 1;
	c->line++;
	return true;
}

static bool take_word(const char *line, size_t n, const char *word, char *out, size_t size)
{
	size_t len = strlen(word);

	if (n < len + 1 || memcmp(line, word, len) != 0 || line[len] != ' ' || n - len - 1 >= size)
		return false;
	memcpy(out, line + len + 1, n - len - 1);
	out[n - len - 1] = '\0';
	return true;
}

/* A number up to the next blank; *at is behind it. */
static bool take_number(const char *line, size_t n, size_t *at, unsigned long max,
                        unsigned long *out)
{
	size_t digits = 0;

	while (*at + digits < n && line[*at + digits] >= '0' && line[*at + digits] <= '9')
		digits++;
	if (!text_to_uint(line + *at, digits, 0, max, out) || *at + digits == n ||
	    line[*at + digits] != ' ')
		return false;
	*at += digits + 1;
	return true;
}

/* "answer STATUS BYTES REQUEST", or "unread - BYTES REQUEST". */
static bool take_head(const char *line, size_t n, struct saved_answer *out)
{
	unsigned long status = 0, bytes;
	size_t at;

	if (n > 9 && memcmp(line, "unread - ", 9) == 0) {
		at = 9;
		out->status = -1;
	} else if (n > 7 && memcmp(line, "answer ", 7) == 0) {
		at = 7;
		if (!take_number(line, n, &at, 999, &status))
			return false;
		out->status = (int)status;
	} else {
		return false;
	}
	if (!take_number(line, n, &at, LIMIT_SAVED_BYTES, &bytes))
		return false;
	out->n = bytes;
	out->request = line + at;
	out->request_n = n - at;
	return true;
}

static void add(struct saved *s, const struct saved_answer *a)
{
	/* Doubling: n is full when it is a power of two. */
	if ((s->n & (s->n - 1)) == 0)
		s->v = mem_realloc(s->v, (s->n ? s->n * 2 : 1) * sizeof(*s->v));
	s->v[s->n++] = *a;
}

static int take_answer(struct cursor *c, struct saved *out, const char *line, size_t n,
                       struct error *err)
{
	struct saved_answer a = {0};

	if (!take_head(line, n, &a))
		return broken(c, err, "this line is no head of an answer");
	if ((size_t)(c->end - c->p) < a.n + 1 || c->p[a.n] != '\n')
		return broken(c, err, "the answer is not as long as its head says");
	a.text = c->p;
	for (size_t i = 0; i <= a.n; i++)
		c->line += c->p[i] == '\n';
	c->p += a.n + 1;
	add(out, &a);
	return 0;
}

int saved_read(const char *p, size_t n, const char *where, struct saved *out, struct error *err)
{
	struct cursor c = {.p = p, .end = p + n, .where = where};
	const char *line;
	size_t len;

	*out = (struct saved){0};
	if (!saved_is(p, n))
		return broken(&c, err, "this is no file of saved answers");
	take_line(&c, &line, &len);
	while (take_line(&c, &line, &len)) {
		if (take_word(line, len, "transport", out->transport, sizeof(out->transport)) ||
		    take_word(line, len, "user", out->user, sizeof(out->user)) ||
		    take_word(line, len, "service", out->service, sizeof(out->service)))
			continue;
		if (take_answer(&c, out, line, len, err))
			return -1;
	}
	if (c.p != c.end)
		return broken(&c, err, "the last line does not end");
	if (strcmp(out->transport, "ssh") != 0 && strcmp(out->transport, "rest") != 0)
		return broken(&c, err, "no line tells the transport: ssh or rest");
	return 0;
}

void saved_done(struct saved *s)
{
	free(s->v);
	*s = (struct saved){0};
}

const struct saved_answer *saved_find(const struct saved *s, const char *request)
{
	size_t n = strlen(request);

	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].request_n == n && memcmp(s->v[i].request, request, n) == 0)
			return &s->v[i];
	return NULL;
}

void saved_file_name(const char *dir, const char *router, const char *suffix, struct buf *out)
{
	buf_printf(out, "%s/", dir);
	for (const char *p = router; *p; p++) {
		bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
		             (*p >= '0' && *p <= '9') || *p == '-' || *p == '_' ||
		             (*p == '.' && p > router);

		if (plain)
			buf_putc(out, *p);
		else
			buf_printf(out, "%%%02X", (unsigned char)*p);
	}
	buf_printf(out, "%s.saved", suffix);
}

void saved_put_head(struct buf *out, const struct saved_head *head)
{
	buf_puts(out, magic);
	buf_printf(out, "transport %s\n", head->transport);
	if (head->user && !strpbrk(head->user, "\r\n"))
		buf_printf(out, "user %s\n", head->user);
	buf_printf(out, "service %s\n", head->service);
}

void saved_put(struct buf *out, const char *request, const char *text, size_t n, int status)
{
	size_t before = out->n;

	if (status < 0)
		buf_printf(out, "unread - %zu %s\n", n, request);
	else
		buf_printf(out, "answer %d %zu %s\n", status, n, request);
	buf_add(out, text, n);
	buf_putc(out, '\n');
	if (out->overflow && out->p) {
		out->n = before;
		out->p[before] = '\0';
	}
}
