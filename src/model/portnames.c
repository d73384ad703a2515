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
static uint16_t port_of(struct span word, enum transport_proto proto)
{
	const char *slash = word.n ? memchr(word.p, '/', word.n) : NULL;
	size_t digits = slash ? (size_t)(slash - word.p) : 0;
	unsigned long port;

	if (!slash || word.n - digits != 4 || memcmp(slash + 1, l4_name(proto), 3) != 0)
		return 0;
	if (!text_to_uint(word.p, digits, 1, 65535, &port))
		return 0;
	return (uint16_t)port;
}

static struct span without_comment(struct span line)
{
	const char *comment = line.n ? memchr(line.p, '#', line.n) : NULL;

	if (comment)
		line.n = (size_t)(comment - line.p);
	return line;
}

/* The next line of the text, without its end. Moves *text behind it. */
static struct span take_line(struct span *text)
{
	const char *end = memchr(text->p, '\n', text->n);
	struct span line = {text->p, end ? (size_t)(end - text->p) : text->n};
	size_t step = end ? line.n + 1 : line.n;

	text->p += step;
	text->n -= step;
	return line;
}

/* name port/proto alias… # comment */
static bool match_line(struct span line, enum transport_proto proto, const char *pattern, size_t n,
                       struct port_set *out)
{
	struct span name;
	uint16_t port;

	line = without_comment(line);
	name = take_word(&line);
	port = port_of(take_word(&line), proto);
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

bool catalogue_lookup_text(const char *text, size_t text_n, enum transport_proto proto,
                           const char *pattern, size_t n, struct port_set *out)
{
	struct span rest = {text, text_n};
	bool found = false;

	while (rest.n)
		found |= match_line(take_line(&rest), proto, pattern, n, out);
	return found;
}

static bool lookup_catalogue(enum transport_proto proto, const char *pattern, size_t n,
                             struct port_set *out)
{
	bool found = false;

	for (size_t i = 0; i < catalogue_n; i++) {
		const struct catalogue_row *row = &catalogue[i];

		if (row->proto != proto || !row->port ||
		    !matches(pattern, n, row->name, strlen(row->name)))
			continue;
		port_set_add(out, row->port);
		found = true;
	}
	return found;
}

static bool lookup(enum transport_proto proto, const char *pattern, size_t n, struct port_set *out)
{
	bool is_pattern = memchr(pattern, '*', n) || memchr(pattern, '?', n);
	bool found = n && lookup_catalogue(proto, pattern, n, out);
	struct buf text;

	if (!n || (found && !is_pattern))
		return found;
	buf_init(&text, SERVICES_MAX);
	/* A machine without the file knows the catalogue's names only. */
	if (file_read(SERVICES_FILE, &text, NULL) == 0)
		found |= catalogue_lookup_text(buf_str(&text), text.n, proto, pattern, n, out);
	buf_done(&text);
	return found;
}

bool catalogue_lookup(const char *pattern, size_t n, struct port_set *out)
{
	return lookup(L4_TCP, pattern, n, out);
}

bool catalogue_lookup_udp(const char *pattern, size_t n, struct port_set *out)
{
	return lookup(L4_UDP, pattern, n, out);
}

static void name_ports(struct port_names *names, struct span text)
{
	static const enum transport_proto protos[] = {L4_TCP, L4_UDP};

	while (text.n) {
		struct span line = without_comment(take_line(&text));
		struct span name = take_word(&line), number = take_word(&line);

		for (size_t i = 0; i < 2; i++) {
			uint16_t port = port_of(number, protos[i]);
			const char **slot = port ? &names->v[i][port] : NULL;

			/* As getservbyport: the first line of a port is its name. */
			if (slot && !*slot)
				*slot = arena_strndup(&names->arena, name.p, name.n);
		}
	}
}

void port_names_init(struct port_names *names)
{
	struct buf text;

	arena_init(&names->arena);
	for (size_t i = 0; i < 2; i++)
		names->v[i] = arena_array(&names->arena, 65536, sizeof(*names->v[i]));
	for (size_t i = catalogue_n; i-- > 0;) {
		const struct catalogue_row *row = &catalogue[i];

		if (row->port)
			names->v[row->proto == L4_UDP][row->port] = row->name;
	}
	buf_init(&text, SERVICES_MAX);
	if (file_read(SERVICES_FILE, &text, NULL) == 0)
		name_ports(names, (struct span){buf_str(&text), text.n});
	buf_done(&text);
}

void port_names_done(struct port_names *names)
{
	arena_done(&names->arena);
}

const char *port_names_find(const struct port_names *names, uint16_t port,
                            enum transport_proto proto)
{
	return names->v[proto == L4_UDP][port];
}
