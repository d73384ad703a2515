/* What is wrong with a YAML text, in words for people who do not know YAML's grammar. Pure. */
#include <ctype.h>
#include <string.h>

#include "rosaudit/text.h"
#include "yaml.h"

#define QUOTES_HINT "put the value in quotes"

/* One way in which libyaml refuses a text, and what to say then. */
struct explanation {
	const char *problem; /* begins so */
	const char *context; /* contains this; NULL = any */
	bool at_context;     /* show where it began, not where the parser gave up */
	const char *text;
	const char *hint;
};

static const struct explanation explanations[] = {
	{"found unexpected end of stream", "quoted scalar", true,
         "a quote is opened here and never closed", NULL},
	{"found unexpected document indicator", "quoted scalar", true,
         "a quote is opened here and not closed before a line \"---\" or \"...\"", NULL},
	{"found unknown escape character", NULL, false,
         "inside double quotes \"\\\" begins an escape, and this one is unknown",
         "use single quotes: '…'"},
	{"did not find expected hexdecimal number", NULL, false,
         "inside double quotes \"\\\" begins an escape, and this one is not complete",
         "use single quotes: '…'"},
	{"found invalid Unicode character escape code", NULL, false,
         "inside double quotes this escape stands for no character", "use single quotes: '…'"},
	{"could not find expected ':'", NULL, true, "a key needs \":\" and a blank behind it",
         "write key: value"},
	{"mapping values are not allowed", NULL, false, "a \":\" stands here where no key can be",
         "indent each key like the one above it; a value that holds \": \" needs quotes"},
	{"mapping keys are not allowed", NULL, false, "a \"?\" stands here where no key can be",
         QUOTES_HINT},
	{"block sequence entries are not allowed", NULL, false,
         "a \"-\" stands here where no list can begin",
         "begin a list on the line below its key, or write [a, b]"},
	{"did not find expected '-' indicator", NULL, false,
         "each item of a list begins with \"- \", all in the same column", NULL},
	{"did not find expected ',' or ']'", NULL, true,
         "the list that begins here lacks a \",\" or its \"]\"", NULL},
	{"did not find expected ',' or '}'", NULL, true,
         "the braces that open here lack a \",\" or their \"}\"", NULL},
	{"did not find expected node content", NULL, false, "a value is missing here", NULL},
	{"found unexpected ':'", NULL, false, "a \":\" stands here inside a value", QUOTES_HINT},
	{"found character that cannot start any token", NULL, false,
         "no value can begin with this character", QUOTES_HINT},
	{"found a tab character", NULL, false,
         "a tab stands here; YAML is indented with blanks only", NULL},
	{"did not find expected alphabetic or numeric character", "alias", true,
         "no value can begin with \"*\"", QUOTES_HINT},
	{"did not find expected alphabetic or numeric character", "anchor", true,
         "no value can begin with \"&\"", QUOTES_HINT},
	{"found undefined tag handle", NULL, false, "no value can begin with \"!\"", QUOTES_HINT},
	{"did not find expected whitespace or line break", "tag", true,
         "no value can begin with \"!\"", QUOTES_HINT},
	{"did not find expected tag URI", NULL, true, "no value can begin with \"!\"", QUOTES_HINT},
	{"did not find expected <document start>", NULL, false,
         "something is left over behind the end of the document", NULL},
	{"control characters are not allowed", NULL, false,
         "a control character stands here; the file is to be plain text", NULL},
};

/* The bytes of a line, without its end. */
struct span {
	const char *p;
	size_t n;
};

static struct span line_at(const char *p, size_t n, size_t line)
{
	const char *end = p + n;

	for (; line > 1; line--) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		if (!nl)
			return (struct span){end, 0};
		p = nl + 1;
	}

	const char *nl = memchr(p, '\n', (size_t)(end - p));

	return (struct span){p, (size_t)((nl ? nl : end) - p)};
}

/* Byte offset of a column that counts characters. */
static size_t offset_of(struct span line, size_t column)
{
	size_t i = 0;

	while (column-- > 1 && i < line.n) {
		size_t len;

		text_utf8(line.p + i, line.n - i, &len);
		i += len;
	}
	return i;
}

static bool in_address(char c)
{
	return isxdigit((unsigned char)c) || c == ':' || c == '.' || c == '/' || c == '%';
}

/* Is the word at the fault an IPv6 address or prefix? Two colons are enough: no key has them. */
static bool is_ipv6_at(struct span line, size_t column)
{
	size_t at = offset_of(line, column);
	size_t colons = 0;

	while (at > 0 && in_address(line.p[at - 1]))
		at--;
	for (; at < line.n && in_address(line.p[at]); at++)
		colons += line.p[at] == ':';
	return colons >= 2;
}

/* Column of a tab in the line's indentation, or 0. */
static size_t tab_column(struct span line)
{
	for (size_t i = 0; i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'); i++)
		if (line.p[i] == '\t')
			return i + 1;
	return 0;
}

static const struct explanation *explanation_find(const struct yaml_problem *y)
{
	for (size_t i = 0; i < sizeof(explanations) / sizeof(*explanations); i++) {
		const struct explanation *e = &explanations[i];

		if (strncmp(y->problem, e->problem, strlen(e->problem)) == 0 &&
		    (!e->context || (y->context && strstr(y->context, e->context))))
			return e;
	}
	return NULL;
}

/* The text before a column is blank: the fault is the line's indentation. */
static bool is_indentation(struct span line, size_t column)
{
	size_t at = offset_of(line, column);

	for (size_t i = 0; i < at; i++)
		if (line.p[i] != ' ')
			return false;
	return true;
}

/* A word and no ": ", nor ":" at the end: a key whose colon was forgotten. */
static bool lacks_colon(struct span line)
{
	size_t start = 0;

	while (start < line.n && line.p[start] == ' ')
		start++;
	if (start == line.n || line.p[start] == '#' || line.p[start] == '-')
		return false;
	for (size_t i = start; i < line.n; i++)
		if (line.p[i] == ':' &&
		    (i + 1 == line.n || line.p[i + 1] == ' ' || line.p[i + 1] == '\r'))
			return false;
	return true;
}

/* Faults whose cause shows in the lines around. False = none of them. */
static bool explain_by_lines(const struct yaml_problem *y, const char *p, size_t n,
                             const char *where, struct error *err)
{
	struct span line = line_at(p, n, y->line);
	struct span above = line_at(p, n, y->line > 1 ? y->line - 1 : 1);

	if (strncmp(y->problem, "mapping values are not allowed", 30) == 0 && y->line > 1 &&
	    lacks_colon(above)) {
		size_t column = 1;

		while (above.p[column - 1] == ' ')
			column++;
		error_set_at(err, ERROR_CONFIG, where, y->line - 1, column,
		             "a key needs \":\" and a blank behind it");
		error_hint(err, "write key: value");
		return true;
	}
	if (strncmp(y->problem, "did not find expected key", 25) != 0)
		return false;
	if (is_indentation(line, y->column)) {
		error_set_at(err, ERROR_CONFIG, where, y->line, y->column,
		             "this line is indented like none of the lines above");
		error_hint(err, "indent each key like the one above it");
	} else {
		error_set_at(err, ERROR_CONFIG, where, y->line, y->column,
		             "something is left over behind the value");
	}
	return true;
}

int yaml_explain(const struct yaml_problem *y, const char *p, size_t n, const char *where,
                 struct error *err)
{
	const struct explanation *e = explanation_find(y);
	struct span line = line_at(p, n, y->line);
	size_t tab = tab_column(line);

	if (is_ipv6_at(line, y->column)) {
		error_set_at(err, ERROR_CONFIG, where, y->line, y->column,
		             "YAML cannot read an IPv6 address here without quotes");
		return error_hint(err, "write it in quotes, as in \"2001:db8::/64\"");
	}
	if (explain_by_lines(y, p, n, where, err))
		return -1;
	if (tab && strncmp(y->problem, "found character that cannot start", 33) == 0)
		return error_set_at(err, ERROR_CONFIG, where, y->line, tab,
		                    "this line is indented with a tab; YAML takes blanks only");
	if (!e)
		return error_set_at(err, ERROR_CONFIG, where, y->line, y->column,
		                    "this is not YAML: %s", y->problem);

	bool at_context = e->at_context && y->context;

	error_set_at(err, ERROR_CONFIG, where, at_context ? y->context_line : y->line,
	             at_context ? y->context_column : y->column, "%s", e->text);
	return e->hint ? error_hint(err, "%s", e->hint) : -1;
}

static bool is_control(long c)
{
	return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
	       (c >= 0x7f && c < 0xa0 && c != 0x85);
}

int yaml_check_text(const char *p, size_t n, const char *where, struct error *err)
{
	size_t line = 1, column = 1;

	if (n >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0))
		return error_set_at(err, ERROR_CONFIG, where, 1, 1,
		                    "the file is UTF-16 text; save it as UTF-8");
	for (size_t i = 0, len; i < n; i += len) {
		long c = text_utf8(p + i, n - i, &len);

		if (c < 0)
			return error_set_at(err, ERROR_CONFIG, where, line, column,
			                    "this character is not UTF-8; save the file as UTF-8");
		if (c == 0)
			return error_set_at(err, ERROR_CONFIG, where, line, column,
			                    "a NUL byte stands here; this is no text file");
		if (is_control(c))
			return error_set_at(
				err, ERROR_CONFIG, where, line, column,
				"a control character stands here; the file is to be plain "
				"text");
		column++;
		if (c == '\n') {
			line++;
			column = 1;
		}
	}
	return 0;
}
