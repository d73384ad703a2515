/* What the readers of printed forms share. Private to src/routeros. */
#ifndef ROUTEROS_FORMS_H
#define ROUTEROS_FORMS_H

#include "rosaudit/buf.h"
#include "rosaudit/limits.h"
#include "rosaudit/menu.h"

/* Lines of one text, blank runs counted once: an export of 100,000 firewall entries fits. */
#define FORM_LINES_MAX (1u << 20)
/* Warnings kept; nobody reads more, and each new one is looked up among the old. */
#define FORM_WARNINGS_MAX 64u
/* Flag letters of one row; RouterOS prints at most five. */
#define FORM_FLAGS_MAX 16u
/* Lines kept of one row's comment: each is joined to the ones before. */
#define FORM_ABOUT_LINES_MAX 16u
/* Bytes shown behind "near". */
#define FORM_NEAR_BYTES 40

/* One line: escape sequences, carriage returns and trailing blanks are gone. */
struct line {
	const char *p; /* NUL-terminated */
	size_t n;
	size_t number; /* 1-based */
	size_t before; /* characters of the physical line before p */
	bool ascii;    /* bytes are characters */
	bool ended;    /* a newline followed */
};

/* A place in the text. */
struct spot {
	size_t line, column;
	const char *near;
};

/* Lines glued to one text that still knows where each byte came from. */
struct piece {
	size_t at; /* offset in the glued text */
	const struct line *line;
	size_t offset; /* of the same byte in the line */
};

struct joined {
	char *p; /* NUL-terminated */
	size_t n, cap;
	struct piece *pieces;
	size_t pieces_n, pieces_cap;
};

/* What an echoed command says of the output below it. */
enum relation { COMMAND_NONE = 0, COMMAND_OURS, COMMAND_FOREIGN };

struct command {
	enum relation relation;
	bool prints; /* print, export or get, of whatever menu */
	bool proplist, filtered;
	const char *text; /* for warnings */
	size_t n;
};

/* The row being read. */
struct draft {
	struct cell cells[LIMIT_COLUMNS];
	size_t n;
	struct buf
		lists[LIMIT_COLUMNS]; /* values of list cells; they grow with continuation lines */
	size_t items[LIMIT_COLUMNS];
	char flags[FORM_FLAGS_MAX + 1];
	size_t flags_n;
	const char *about;
	size_t about_lines;
	size_t line;
};

/* One run of rows_parse. */
struct reading {
	const struct menu *menu;
	const char *where;
	struct arena *arena;  /* of the rows */
	struct arena scratch; /* freed when rows_parse returns */
	struct rows *out;
	struct error *err;

	struct line *lines;
	size_t lines_n, lines_cap;

	size_t rows_cap;
	struct listing *listing; /* the current one */
	struct command command;  /* the last echoed one */
	struct draft draft;
	bool begun;          /* a command, a legend, a header or a row was seen */
	bool asked;          /* a command of our menu was seen */
	bool asked_filtered; /* one with a `where`, which nothing may match */
	bool ours;           /* a listing of our menu was seen */
	char foreign[512];   /* what a listing of another menu has, "" = none was seen */
	struct spot foreign_at;
	struct spot banner_at; /* first line skipped before anything began */

	char *shape; /* table.c: a non-ASCII line with one byte per character */
	size_t *offsets;
	size_t shape_cap;
	const struct line *spot_line; /* last spot, so that a long line is counted through once */
	size_t spot_offset, spot_chars;
};

/* --- lines.c, escapes.c: text → lines
 * ---------------------------------------------------------- */

/* Splits and cleans the text. 0, or -1 when it is empty, binary or beyond a limit. */
int lines_split(struct reading *r, const char *p, size_t n);
/* Bytes of the terminal's escape sequence at p (p[0] is ESC), at most n; 0 = it does not end. */
size_t escape_length(const char *p, size_t n);
/* The place of a line's byte. */
struct spot line_spot(struct reading *r, const struct line *l, size_t offset);
/* ERROR_PARSE at the place, with near '…' appended. -1. */
int fail_at(struct reading *r, struct spot s, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* First byte of the line that is neither blank nor tab; its length when there is none. */
size_t line_indent(const struct line *l);

/* --- joined.c
 * ---------------------------------------------------------------------------------- */

/* Starts anew; appends glue and n bytes of a line from offset on. Memory is the reading's
 * scratch. */
void joined_reset(struct joined *j);
void joined_add(struct reading *r, struct joined *j, const char *glue, const struct line *l,
                size_t offset, size_t n);
struct spot joined_spot(struct reading *r, const struct joined *j, size_t at);

/* --- noise.c, prompt.c: what stands between the rows
 * -------------------------------------------- */

/* A pager's question, an echoed log message, a word of the terminal: never part of an answer. *skip
 * is how many leading bytes go; the whole line when it equals n. */
bool line_is_noise(const char *p, size_t n, size_t *skip);
/* A prompt, or a print command without one, and what it says. */
bool line_is_command(const struct reading *r, const struct line *l, struct command *out);

/* --- cut.c
 * ------------------------------------------------------------------------------------- */

/* Was the text cut within its last line, so that the last row lacks what all others have? */
int cut_check(struct reading *r);

/* --- draft.c, another.c: rows
 * --------------------------------------------------------------------- */

/* Where the byte `at` of a value stands. */
typedef struct spot item_spot(struct reading *r, const void *ctx, size_t at);

const struct property *property_find(const struct menu *menu, const char *name, size_t n);
bool menu_needs(const struct menu *menu, const char *name);

struct listing *listing_begin(struct reading *r, enum ros_form form);
void draft_begin(struct reading *r, size_t line);
int draft_flag(struct reading *r, char letter, struct spot s);
/* Adds a cell. spot_of (with ctx) tells where bytes of value stand. */
int draft_cell(struct reading *r, const char *name, size_t name_n, const char *value, size_t n,
               item_spot *spot_of, const void *ctx);
/* More prefixes for a list cell that is there (a continuation line). */
int draft_extend(struct reading *r, const struct property *prop, const char *value, size_t n,
                 item_spot *spot_of, const void *ctx);
/* Text of a ";;;" line; a second one follows on a line of its own. */
void draft_about(struct reading *r, const char *p, size_t n);
int draft_commit(struct reading *r);
/* Frees what a reading's draft holds. */
void draft_done(struct draft *d);
/* Was this cell cut off by the printer? -1 where that loses a fact, a warning elsewhere. */
int draft_check_cut(struct reading *r, const char *name, const struct property *prop,
                    const char *value, size_t n, struct spot s);
/* Once per text. */
void warn(struct reading *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Known and unknown names of a listing's header or first record: is it our menu's? When it is not,
 * what it has is kept for the error. */
struct shape_test {
	size_t known, unknown;
	unsigned needs_seen; /* bit i: menu->needs[i] */
	char names[256];
};
void shape_test_add(struct reading *r, struct shape_test *t, const char *name, size_t n);
bool shape_test_ours(const struct reading *r, const struct shape_test *t);
void shape_test_refuse(struct reading *r, const struct shape_test *t, struct spot s);

/* --- legend.c: what stands above a table or records
 * --------------------------------------------- */

bool line_is_legend(const struct line *l);
bool line_is_columns(const struct line *l);
bool line_is_header(const struct line *l);
bool line_is_about(const struct line *l); /* begins with ";;;" */
bool line_is_singleton(const struct line *l);
bool line_is_record(const struct reading *r, const struct line *l);

/* The lines above rows, read. */
struct preamble {
	char letters[64]; /* of the legend */
	bool has_legend, has_columns;
	const char *columns; /* text behind "Columns:", wraps joined */
};

/* Reads legend and Columns lines at *i. */
int preamble_read(struct reading *r, size_t *i, size_t end, struct preamble *out);

/* --- table_head.c, table.c, table_lines.c, table_fit.c, table_typed.c
 * ------------------------------ */

/* Characters between the tab stops of terminals and editors. */
#define TAB_STOP 8u

struct column {
	const char *name;            /* canonical, lower case */
	const struct property *prop; /* NULL = unknown */
	size_t start, end;           /* characters of the header word */
	size_t wide;                 /* its start with tabs expanded */
};

struct table {
	struct column cols[LIMIT_COLUMNS];
	size_t n;
	char letters[96]; /* flag letters that a row may have */
	bool tabbed;      /* the header's columns are separated by tabs */
	bool laid_out;    /* the header has runs of blanks: real layout */
	size_t typed;     /* rows that only their cells' types could tell */
	int shift;        /* of the last aligned row */
};

struct span {
	size_t from, to; /* from == to: blank */
};

/* A line with one byte per character; offsets NULL = bytes are characters. */
struct shape {
	const char *p;
	size_t n;
	const size_t *offsets;
};

/* A line as a row (or, without number, a continuation) under the header, moved by shift characters.
 * loose: a number column may hold other text. */
bool table_fit(const struct table *t, const struct shape *s, int shift, bool numbered, bool loose,
               struct span *out);
/* The same with every shift that RouterOS prints, in characters and in bytes; t->shift is set. */
bool table_fit_any(struct reading *r, struct table *t, const struct line *l, bool numbered,
                   bool loose, struct shape *s, struct span *out);
/* The line's byte of a shape's character. */
size_t shape_byte(const struct shape *s, size_t at);
/* The letters between a line's row number and `to`, into the draft. */
int table_flags(struct reading *r, const struct line *l, size_t to);
/* The cells of one line: by place, else by type. */
int table_cells(struct reading *r, struct table *t, const struct line *l, bool numbered);
/* A line without row number: further prefixes of the row above. */
int table_continue(struct reading *r, struct table *t, const struct line *l);
/* Reads a row whose cells do not stand under the header by their types: 0 read, 1 no way or several
 * (*several), -1 error. */
int table_typed_row(struct reading *r, const struct table *t, const struct line *l, bool *several);
/* Reads the header line and begins a listing. *ours is false, and none begun, for another
 * menu's. */
int table_head(struct reading *r, const struct line *l, const struct preamble *pre, struct table *t,
               bool *ours);
int table_read(struct reading *r, size_t *i, size_t end, const struct preamble *pre);

/* --- records.c, pairs.c, as_value.c, export.c, json.c
 * -------------------------------------------- */

int records_read(struct reading *r, size_t *i, size_t end, const struct preamble *pre);
/* "word=" at p: bytes of the word, 0 = none. */
size_t pair_key(const char *p, size_t n);
/* The character of a console's escape at p (behind the backslash); *len is its bytes. -1: none. */
int escape_character(const char *p, size_t n, size_t *len);
/* key=value pairs of j from `at` on, into the draft. quotes: values may be quoted. */
int pairs_read(struct reading *r, const struct joined *j, size_t at, bool quotes);
/* Decodes the quoted string at j->p[at] (a quote); *end is behind the closing one. */
int quoted_read(struct reading *r, const struct joined *j, size_t at, size_t *end, char **out,
                size_t *out_n);
bool as_value_starts(const struct reading *r, const struct line *l);
int as_value_read(struct reading *r, size_t *i, size_t end);
bool export_starts(const struct reading *r, const struct line *l);
/* An odd number of backslashes at the end of the line wraps it. */
bool line_is_wrapped(const struct line *l);
int export_read(struct reading *r, size_t *i, size_t end);
bool json_starts(const char *p, size_t n);
int json_read(struct reading *r, const char *p, size_t n);

/* --- take_rows
 * ------------------------------------------------------------------------------------ */

int ip_service_take_rows(const struct rows *rows, const char *where, struct device *d,
                         struct error *err);
int resource_take_rows(const struct rows *rows, const char *where, struct device *d,
                       struct error *err);
int identity_take_rows(const struct rows *rows, const char *where, struct device *d,
                       struct error *err);
int user_active_take_rows(const struct rows *rows, const char *where, struct device *d,
                          struct error *err);

#endif
