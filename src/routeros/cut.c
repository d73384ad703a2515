/* A text that ends in the middle of a line may have been cut there: the last row is then held
 * against its neighbours. What they all say and it does not was lost. */
#include <string.h>

#include "forms.h"

/* What rows that can be set have in common. */
static const struct {
	const char *name;
	bool blank; /* it may be there and blank: its presence alone counts */
	bool tls;   /* of www-ssl and api-ssl only */
} common[] = {
	{"address", true, false},       {"disabled", false, false},   {"port", false, false},
	{"max-sessions", false, false}, {"proto", false, false},      {"vrf", false, false},
	{"certificate", false, true},   {"tls-version", false, true},
};

#define COMMON (sizeof(common) / sizeof(common[0]))

static bool is_static(const struct row *row)
{
	const struct cell *c = row_find(row, "dynamic");

	return !strpbrk(row->flags, "Dc") &&
	       (!c || (strcmp(c->value, "true") != 0 && strcmp(c->value, "yes") != 0));
}

static bool says(const struct row *row, const char *name, bool blank)
{
	const struct cell *c = row_find(row, name);

	return c && (blank || c->value[0]);
}

/* Only `export verbose` says what is at its default, and then every row says the same. */
static bool is_comparable(const struct rows *rows, const struct row *last)
{
	/* A row without a port has an error of its own, but in exports. */
	if (last->listing->form != ROS_FORM_EXPORT)
		return says(last, "port", false);
	for (size_t i = 0; i < rows->n; i++) {
		const struct cell *c = row_find(&rows->v[i], "address");

		if (&rows->v[i] != last && rows->v[i].listing == last->listing && c && !c->value[0])
			return true;
	}
	return false;
}

/* Is this row expected to say it, if the others do? */
static bool should_say(const struct row *row, size_t what)
{
	const struct cell *c = row_find(row, "name");
	const char *name = c ? c->value : "";

	if (common[what].tls)
		return strcmp(name, "www-ssl") == 0 || strcmp(name, "api-ssl") == 0;
	/* Blank before 7.19, which brought PROTO. */
	return strcmp(common[what].name, "vrf") != 0 || strcmp(name, "ftp") != 0 ||
	       row_find(row, "proto");
}

/* Do all other rows of the listing that should say it? False when there is none. */
static bool others_say(const struct rows *rows, const struct row *last, size_t what)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->v[i];

		if (row == last || row->listing != last->listing || !is_static(row) ||
		    !should_say(row, what))
			continue;
		if (!says(row, common[what].name, common[what].blank))
			return false;
		n++;
	}
	return n > 0;
}

/* "203.0.113.128" at the very end of the text, of "203.0.113.128/25"? RouterOS prints lengths. */
static bool ends_in_address(const struct line *l, const struct row *last)
{
	const struct cell *c = row_find(last, "address");
	const char *item = c ? strrchr(c->value, ',') : NULL;
	size_t n;

	if (!c || !c->value[0] || l->ended)
		return false;
	item = item ? item + 1 : c->value;
	n = strlen(item);
	return !strchr(item, '/') && l->n >= n && memcmp(l->p + l->n - n, item, n) == 0;
}

/* Records of `print detail` end with a blank line, anything else with its line. */
static bool may_be_cut(const struct line *l, const struct row *last)
{
	return !l->ended || (last->listing->form == ROS_FORM_DETAIL && l->n);
}

int cut_check(struct reading *r)
{
	const struct rows *rows = r->out;
	const struct line *l = r->lines_n ? &r->lines[r->lines_n - 1] : NULL;
	const struct row *last = rows->n ? &rows->v[rows->n - 1] : NULL;
	const struct cell *name = last ? row_find(last, "name") : NULL;
	struct command ignored;

	if (!name || !l || !may_be_cut(l, last) || !menu_needs(r->menu, "port") ||
	    !is_static(last) || line_is_command(r, l, &ignored))
		return 0;
	if (ends_in_address(l, last))
		return fail_at(r, line_spot(r, l, l->n - 1),
		               "the text ends within this line, with an address that has no "
		               "length: cut off?");
	for (size_t i = 0; i < COMMON && is_comparable(rows, last); i++)
		if (should_say(last, i) && !says(last, common[i].name, common[i].blank) &&
		    others_say(rows, last, i))
			return fail_at(r, line_spot(r, l, line_indent(l)),
			               "the text ends here, and \"%.64s\" has no %s as the rows "
			               "above have: cut off?",
			               name->value, common[i].name);
	return 0;
}
