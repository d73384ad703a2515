/* Rows of /ip service → struct service: ports, flags, prefixes; what is unknown stays unknown. */
#include <string.h>

#include "forms.h"
#include "rosaudit/text.h"

/* What all rows of one listing together tell. */
struct era {
	bool has_static; /* rows that can be set, by their flags, and have a VRF */
	bool dynamic;    /* 7.19+: flags D and c, or PROTO, are there */
};

static bool has_flag(const struct row *row, char letter)
{
	return strchr(row->flags, letter) != NULL;
}

static bool has_column(const struct listing *l, const char *name)
{
	for (size_t i = 0; i < l->columns_n; i++)
		if (strcmp(l->columns[i], name) == 0)
			return true;
	return false;
}

/* Static rows have a VRF from 7.1 on, but ftp's is blank before 7.19, which brought PROTO. */
static bool has_vrf(const struct row *row)
{
	const struct cell *name = row_find(row, "name");

	return !name || strcmp(name->value, "ftp") != 0 || row_find(row, "proto");
}

static struct era *judge_eras(const struct rows *rows, struct arena *arena)
{
	struct era *eras =
		arena_array(arena, rows->listings_n ? rows->listings_n : 1, sizeof(*eras));

	for (size_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->v[i];
		struct era *era = &eras[row->listing->index];

		if (has_flag(row, 'D') || has_flag(row, 'c') || row_find(row, "proto") ||
		    strpbrk(row->listing->legend, "Dc"))
			era->dynamic = true;
		if (!has_flag(row, 'D') && !has_flag(row, 'c') && has_vrf(row))
			era->has_static = true;
	}
	return eras;
}

static const char *text_of(const struct row *row, const char *name)
{
	const struct cell *c = row_find(row, name);

	return c && c->value[0] ? c->value : NULL;
}

static int take_number(const struct row *row, const char *name, unsigned long max,
                       const char *fault, const char *where, int *out, struct error *err)
{
	const struct cell *c = row_find(row, name);
	unsigned long v;

	if (!c || !c->value[0])
		return 0;
	if (!text_to_uint(c->value, strlen(c->value), 1, max, &v))
		return row_error(c, where, err, fault);
	*out = (int)v;
	return 0;
}

/* A yes/no property, else the flag letter where letters are printed. */
static int take_flag(const struct row *row, const char *name, char letter, bool era,
                     const char *where, enum tri *out, struct error *err)
{
	const struct cell *c = row_find(row, name);

	if (row->listing->has_flags && (era || has_flag(row, letter)))
		*out = tri_of(has_flag(row, letter));
	if (!c || !c->value[0])
		return 0;
	if (strcmp(c->value, "yes") == 0 || strcmp(c->value, "true") == 0)
		*out = TRI_YES;
	else if (strcmp(c->value, "no") == 0 || strcmp(c->value, "false") == 0)
		*out = TRI_NO;
	else
		return row_error(c, where, err, "is neither yes nor no");
	return 0;
}

static int take_flags(const struct row *row, const struct era *era, const char *where,
                      struct service *s, struct error *err)
{
	if (take_flag(row, "disabled", 'X', true, where, &s->disabled, err) ||
	    take_flag(row, "invalid", 'I', true, where, &s->invalid, err) ||
	    take_flag(row, "dynamic", 'D', era->dynamic, where, &s->dynamic, err))
		return -1;
	return take_flag(row, "connection", 'c', era->dynamic, where, &s->connection, err);
}

/* Is an absent address "unrestricted"? In a plain table, whose empty columns RouterOS 7 drops;
 * not where columns were chosen: by an echoed proplist, or, since static rows always have a VRF
 * from 7.1 on, when a 7.x table of static rows has no such column. */
static bool absent_means_empty(const struct listing *l, const struct era *era)
{
	if (l->form != ROS_FORM_TABLE || l->proplist)
		return false;
	return !(l->columns_line && era->has_static && !has_column(l, "vrf"));
}

/* Every item was checked when the list was read. */
static void take_address(const struct row *row, const struct era *era, struct arena *arena,
                         struct service *s)
{
	const struct cell *c = row_find(row, "address");
	const char *p = c ? c->value : "";
	size_t n = 1;

	s->address_known = c || absent_means_empty(row->listing, era);
	if (!*p)
		return;
	for (const char *q = p; *q; q++)
		n += *q == ',';
	s->address = arena_array(arena, n, sizeof(*s->address));
	while (*p) {
		size_t len = strcspn(p, ",");

		if (prefix_parse(p, len, &s->address[s->address_n]) == PREFIX_OK)
			s->address_n++;
		p += len + (p[len] == ',');
	}
}

static void add_extra(struct arena *arena, struct service *s, const char *name, const char *value)
{
	s->extra = arena_grow(arena, s->extra, s->extra_n, s->extra_n + 1, sizeof(*s->extra));
	s->extra[s->extra_n++] = (struct service_extra){name, value};
}

/* tcp or udp; anything else is kept as it is. */
static void take_proto(const struct row *row, struct arena *arena, struct service *s)
{
	const char *proto = text_of(row, "proto");

	if (!proto)
		return;
	if (strcmp(proto, "tcp") == 0)
		s->proto = L4_TCP;
	else if (strcmp(proto, "udp") == 0)
		s->proto = L4_UDP;
	else
		add_extra(arena, s, "proto", proto);
}

static void take_texts(const struct row *row, struct arena *arena, struct service *s)
{
	s->certificate = text_of(row, "certificate");
	s->tls_version = text_of(row, "tls-version");
	s->vrf = text_of(row, "vrf");
	s->local = text_of(row, "local");
	s->remote = text_of(row, "remote");
	s->netns = text_of(row, "netns");
	s->container = text_of(row, "container");
	s->about = row->about && row->about[0] ? row->about : text_of(row, "about");
	for (size_t i = 0; i < row->n; i++)
		if (!row->cells[i].known && row->cells[i].value[0])
			add_extra(arena, s, row->cells[i].name, row->cells[i].value);
	for (const char *p = row->flags; *p; p++)
		if (!strchr("XIDc", *p))
			add_extra(arena, s, "flag", arena_strndup(arena, p, 1));
}

/* A service that can be set always has a port, but an export leaves the default out. A listener or
 * socket of a container may have none; its protocol then shows that the row is whole. */
static int check_port(const struct row *row, const char *where, const struct service *s,
                      struct error *err)
{
	const struct cell *name = row_find(row, "name");

	if (s->port > 0 || row->listing->form == ROS_FORM_EXPORT)
		return 0;
	if (!service_is_static(s) && text_of(row, "proto"))
		return 0;
	return error_set_at(err, ERROR_PARSE, where, name->line, name->column,
	                    "the service \"%.64s\" has no PORT: cut off?", s->name);
}

static int take_row(const struct row *row, const struct era *era, const char *where,
                    struct device *d, struct error *err)
{
	struct service s;

	service_init(&s);
	s.line = row->line;
	s.name = text_of(row, "name");
	if (!s.name)
		return error_set_at(err, ERROR_PARSE, where, row->line, 1,
		                    "a row without a NAME: cut off?");
	if (take_number(row, "port", 65535, "is no port number", where, &s.port, err) ||
	    take_number(row, "max-sessions", 1000000, "is no number of sessions", where,
	                &s.max_sessions, err) ||
	    take_flags(row, era, where, &s, err) || check_port(row, where, &s, err))
		return -1;
	take_address(row, era, &d->arena, &s);
	take_proto(row, &d->arena, &s);
	take_texts(row, &d->arena, &s);
	device_add_service(d, &s);
	return 0;
}

int ip_service_take_rows(const struct rows *rows, const char *where, struct device *d,
                         struct error *err)
{
	const struct era *eras = judge_eras(rows, &d->arena);

	for (size_t i = 0; i < rows->n; i++)
		if (take_row(&rows->v[i], &eras[rows->v[i].listing->index], where, d, err))
			return -1;
	return 0;
}
