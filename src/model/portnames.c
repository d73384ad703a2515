/* Names of ports for -p: the catalogue's, then those of /etc/services. The file is read by hand:
 * getservbyname keeps static state, and cannot answer a pattern. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/file.h"
#include "rosaudit/text.h"

#define SERVICES_FILE "/etc/services"
/* Debian's has 13 KiB; IANA's whole registry would be about 1.5 MiB. */
#define SERVICES_MAX (4u << 20)

struct span {
	const char *p;
	size_t n;
};

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* * and ? as in nmap's -p, case ignored. Steps back to the last star only: never exponential. */
static bool matches(const char *pattern, size_t n, const char *name, size_t name_n)
{
	size_t i = 0, j = 0, star = n, resume = 0;

	while (j < name_n) {
		if (i < n && pattern[i] == '*') {
			star = i++;
			resume = j;
		} else if (i < n && (pattern[i] == '?' || same_letter(pattern[i], name[j]))) {
			i++;
			j++;
		} else if (star < n) {
			i = star + 1;
			j = ++resume;
		} else {
			return false;
		}
	}
	while (i < n && pattern[i] == '*')
		i++;
	return i == n;
}

/* The next word of the line, empty at its end. Moves *line behind it. */
static struct span take_word(struct span *line)
{
	struct span word;
	size_t i = 0;

	while (i < line->n && isspace((unsigned char)line->p[i]))
		i++;
	line->p += i;
	line->n -= i;
	for (i = 0; i < line->n && !isspace((unsigned char)line->p[i]);)
		i++;
	word = (struct span){line->p, i};
	line->p += i;
	line->n -= i;
	return word;
}

/* "22/tcp" to 22; 0 for another protocol or nonsense. */
static uint16_t tcp_port(struct span word)
{
	const char *slash = word.n ? memchr(word.p, '/', word.n) : NULL;
	size_t digits = slash ? (size_t)(slash - word.p) : 0;
	unsigned long port;

	if (!slash || word.n - digits != 4 || memcmp(slash, "/tcp", 4) != 0)
		return 0;
	if (!text_to_uint(word.p, digits, 1, 65535, &port))
		return 0;
	return (uint16_t)port;
}

/* name port/proto alias… # comment */
static bool match_line(struct span line, const char *pattern, size_t n, struct port_set *out)
{
	const char *comment = line.n ? memchr(line.p, '#', line.n) : NULL;
	struct span name;
	uint16_t port;

	if (comment)
		line.n = (size_t)(comment - line.p);
	name = take_word(&line);
	port = tcp_port(take_word(&line));
	if (!port)
		return false;
	for (; name.n; name = take_word(&line)) {
		if (matches(pattern, n, name.p, name.n)) {
			port_set_add(out, port);
			return true;
		}
	}
	return false;
}

bool catalogue_lookup_text(const char *text, size_t text_n, const char *pattern, size_t n,
                           struct port_set *out)
{
	bool found = false;

	while (text_n) {
		const char *end = memchr(text, '\n', text_n);
		size_t length = end ? (size_t)(end - text) : text_n;
		size_t step = end ? length + 1 : length;

		found |= match_line((struct span){text, length}, pattern, n, out);
		text += step;
		text_n -= step;
	}
	return found;
}

static bool lookup_catalogue(const char *pattern, size_t n, struct port_set *out)
{
	bool found = false;

	for (size_t i = 0; i < catalogue_n; i++) {
		const struct catalogue_row *row = &catalogue[i];

		if (row->proto != L4_TCP || !row->port ||
		    !matches(pattern, n, row->name, strlen(row->name)))
			continue;
		port_set_add(out, row->port);
		found = true;
	}
	return found;
}

bool catalogue_lookup(const char *pattern, size_t n, struct port_set *out)
{
	bool is_pattern = memchr(pattern, '*', n) || memchr(pattern, '?', n);
	bool found = n && lookup_catalogue(pattern, n, out);
	struct buf text;

	if (!n || (found && !is_pattern))
		return found;
	buf_init(&text, SERVICES_MAX);
	/* A machine without the file knows the catalogue's names only. */
	if (file_read(SERVICES_FILE, &text, NULL) == 0)
		found |= catalogue_lookup_text(buf_str(&text), text.n, pattern, n, out);
	buf_done(&text);
	return found;
}
