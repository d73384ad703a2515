/* Printed RouterOS menus as generic rows: every form (table, terse, detail, as-value, export, JSON)
 * is read into this, and a menu's take_rows turns it into a struct of the model. Pure. */
#ifndef ROSAUDIT_ROWS_H
#define ROSAUDIT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/arena.h"
#include "rosaudit/error.h"
#include "rosaudit/tri.h"

enum ros_form {
	ROS_FORM_TABLE = 0,
	ROS_FORM_TERSE,
	ROS_FORM_DETAIL,
	ROS_FORM_AS_VALUE,
	ROS_FORM_EXPORT,
	ROS_FORM_JSON,
};

const char *ros_form_name(enum ros_form f); /* "table", "terse", … */

/* How a property's text looks; decides where a value ends when a form does not quote. */
enum property_kind {
	PROPERTY_WORD = 0, /* no blanks: name, vrf, tls-version */
	PROPERTY_NUMBER,   /* printed right-aligned in tables */
	PROPERTY_LIST,     /* prefixes, separated by , or ; or on lines of their own */
	PROPERTY_BOOL,     /* yes, no, true, false; may be a flag letter instead */
	PROPERTY_TEXT,     /* may hold blanks: certificate, comment, about */
};

struct property {
	const char *name; /* "max-sessions"; lower case, as in export */
	enum property_kind kind;
	const char *alias; /* "available-from" for address, or NULL */
};

struct cell {
	const char
		*name; /* property's name (the alias replaced), or the unknown name, lower case */
	const char *value;   /* NUL-terminated; lists joined by ','; never NULL, "" = blank */
	bool known;          /* name is one of the menu's properties */
	size_t line, column; /* where the value begins; columns count characters */
	const char
		*near; /* the text from there on, for errors; its first line counts; never NULL */
};

/* One printed table, or one run of records: what its own head says. */
struct listing {
	enum ros_form form;
	const char *const *columns; /* table: names of the columns that exist */
	size_t columns_n;
	bool columns_line;  /* table: RouterOS 7's "Columns:" line stands above it */
	bool has_flags;     /* prints flags as letters */
	const char *legend; /* letters that its legend names, "" = none */
	bool proplist;      /* an echoed command chose properties */
	bool filtered;      /* an echoed command shows a `where` */
	size_t index;       /* 0, 1, … in the order of the text */
};

struct row {
	const char *flags; /* letters as printed, blanks removed: "XI", "Dc", "" */
	struct cell *cells;
	size_t n;
	const char *about;             /* text of ";;;", or NULL */
	size_t line;                   /* 1-based */
	const struct listing *listing; /* the one that it stands in */
};

/* Everything read from one text. What belongs to a listing is that of the first one; proplist and
 * filtered are true when any listing's is. */
struct rows {
	enum ros_form form;
	struct row *v;
	size_t n;
	const char *const *columns; /* table: names of the columns that exist (lower case) */
	size_t columns_n;
	bool has_flags;           /* this form and era prints flags as letters */
	const char *legend;       /* letters that the legend names, "" = none */
	bool proplist;            /* properties were chosen: an absent one is unknown, not empty */
	bool filtered;            /* an echoed command shows a `where` */
	const char *version_text; /* from an export's header comment, or NULL */
	bool complete_export;     /* an export with its header comment that covers this menu */
	size_t listings_n;
	struct row_warning {
		const char *text, *read; /* in English, and in the language of people */
	} * warnings;                    /* unknown columns, properties and flags */
	size_t warnings_n;
};

/* The value of a cell, or NULL when the row has none of that name. */
const struct cell *row_find(const struct row *r, const char *name);

/* ERROR_PARSE at the cell: "PORT "0" <what>, near '…'". Returns -1. */
int row_error(const struct cell *c, const char *where, struct error *err, const char *what);

struct menu;
/* Detects the form and reads the rows of that menu. where names the text in errors ("answer of r1",
 * a file). Everything comes from arena. 0, or -1 with line and column and near '…'. */
int rows_parse(const struct menu *menu, const char *p, size_t n, const char *where,
               struct arena *arena, struct rows *out, struct error *err);

#endif
