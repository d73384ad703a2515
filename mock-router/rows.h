/* What a menu shows: its columns, and its rows as they are at this moment. */
#ifndef MOCK_ROWS_H
#define MOCK_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "live.h"
#include "scenario.h"

#define COLUMN_MAX 20

enum column_kind {
	COLUMN_WORD,   /* left-aligned */
	COLUMN_NUMBER, /* right-aligned in tables */
	COLUMN_LIST,   /* a line each in tables, comma in terse and REST, semicolon in values */
	COLUMN_NAME,   /* a word that detail puts between quotes */
	COLUMN_FLAG,   /* a letter beside the row's number; true or false elsewhere */
	COLUMN_ABOUT,  /* the ;;; line of a row */
};

struct column {
	const char *name; /* "max-sessions"; a table's title is the same in capitals */
	enum column_kind kind;
	int major, minor;      /* first version that has it */
	char flag;             /* of COLUMN_FLAG */
	const char *flag_name; /* "DISABLED" */
	int group;             /* flags of one group share a character of the flag field */
};

struct menu {
	const char *path; /* "ip service" */
	const char *rest; /* "/rest/ip/service" */
	bool singleton;
	const struct column *columns; /* in the order of tables; ends in {0} */
};

/* One property of one row. */
struct field {
	bool present; /* the row has it */
	bool hidden;  /* and yet its table cell is empty */
	bool touched; /* empty, but was set once: v6 then pads the cell */
	char **v;
	size_t n;
};

struct row {
	size_t number;
	char id[24]; /* "*0" */
	struct field field[COLUMN_MAX];
};

struct rows {
	const struct menu *menu;
	const struct version *version;
	struct row *v;
	size_t n;
};

enum menu_id { MENU_SERVICE, MENU_USER_ACTIVE, MENU_RESOURCE, MENU_IDENTITY, MENU_COUNT };

extern const struct menu menus[MENU_COUNT];

/* Fills *out, which rows_done empties. */
void rows_take(enum menu_id menu, const struct scenario *s, struct live *live, struct rows *out);
void rows_done(struct rows *r);
/* Index of a property in this version, or -1. 7.24 knows address also as available-from. */
int column_find(const struct rows *r, const char *name, size_t n);
/* The property's name in this version. */
const char *column_name(const struct rows *r, size_t column);
bool column_exists(const struct rows *r, size_t column);
/* Is the flag column of the row true? */
bool row_flag(const struct row *row, size_t column);
/* The values with separator between, into a text of the caller. */
void field_join(const struct field *f, const char *separator, struct text *out);

#endif
