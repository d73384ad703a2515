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
	const char *name;        /* "max-sessions"; lower case, as in export */
	enum property_kind kind;
	const char *alias;       /* "available-from" for address, or NULL */
};

struct cell {
	const char *name;   /* property's name (the alias replaced), or the unknown name, lower case */
	const char *value;  /* NUL-terminated; lists joined by ','; never NULL, "" = blank */
	bool known;         /* name is one of the menu's properties */
	size_t line, column;
};

struct row {
	const char *flags;  /* letters as printed, blanks removed: "XI", "Dc", "" */
	struct cell *cells;
	size_t n;
	const char *about;  /* text of ";;;", or NULL */
	size_t line;        /* 1-based */
};

/* Everything read from one text. */
struct rows {
	enum ros_form form;
	struct row *v;
	size_t n;
	const char *const *columns; /* table: names of the columns that exist (lower case) */
	size_t columns_n;
	bool has_flags;             /* this form and era prints flags as letters */
	const char *legend;         /* letters that the legend names, "" = none */
	bool proplist;              /* properties were chosen: an absent one is unknown, not empty */
	bool filtered;              /* an echoed command shows a `where` */
	const char *version_text;   /* from an export's header comment, or NULL */
	bool complete_export;       /* the text begins with an export's header comment */
	const char **warnings;      /* unknown columns, properties and flags */
	size_t warnings_n;
};

/* The value of a cell, or NULL when the row has none of that name. */
const struct cell *row_find(const struct row *r, const char *name);

struct menu;
/* Detects the form and reads the rows of that menu. where names the text in errors ("answer of r1",
 * a file). Everything comes from arena. 0, or -1 with line and column and near '…'. */
int rows_parse(const struct menu *menu, const char *p, size_t n, const char *where,
	       struct arena *arena, struct rows *out, struct error *err);

#endif
