/* Saved outputs: what the text says, and, for a whole compact export, what its silence says. */
#include <string.h>

#include "forms.h"
#include "rosaudit/message.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/routeros.h"
#include "read_private.h"

static void note_warning(struct device *d, const char *where, const struct row_warning *w)
{
	device_add_note_both(d, arena_printf(&d->arena, "%s: %s", where, w->text),
	                     arena_printf(&d->arena, "%s%s%s", where, _(": "), w->read));
}

static int read_rows(const char *p, size_t n, const char *where, struct device *d,
                     struct rows *rows, struct error *err)
{
	const struct menu *menu = &menus[MENU_IP_SERVICE];

	if (rows_parse(menu, p, n, where, &d->arena, rows, err) ||
	    menu->take_rows(rows, where, d, err))
		return -1;
	for (size_t i = 0; i < rows->warnings_n; i++)
		note_warning(d, where, &rows->warnings[i]);
	if (rows->version_text && ros_version_parse(rows->version_text, &d->version))
		d->version_text = rows->version_text;
	return 0;
}

int services_parse_text(const char *p, size_t n, const char *where, struct device *d,
                        struct error *err)
{
	struct rows rows;

	return read_rows(p, n, where, d, &rows, err);
}

/* Two states of one service in one text contradict each other, or say the same twice. */
static int check_repeated(const struct device *d, const char *where, struct error *err)
{
	for (size_t i = 0; i < d->services_n; i++) {
		const struct service *s = &d->services[i];
		const struct service *first;

		if (!service_is_static(s) || !catalogue_service(s->name))
			continue;
		first = device_find_static(d, s->name);
		if (first != s)
			return error_set_at(err, ERROR_PARSE, where, s->line, 1,
			                    "%s is listed twice, here and on line %zu: keep one "
			                    "listing in the file",
			                    s->name, first->line);
	}
	return 0;
}

/* Documented defaults (routeros.md 3) of what a compact export leaves out. */
static void fill_defaults(const struct device *d, const struct catalogue_row *row,
                          struct service *s)
{
	bool vrf = ros_version_at_least(&d->version, 7, 1);
	bool tls = row->app == APP_TLS;

	if (strcmp(s->name, "ftp") == 0)
		vrf = ros_version_at_least(&d->version, 7, 19);
	if (s->port < 0)
		s->port = row->port;
	if (s->disabled == TRI_UNKNOWN && row->enabled_by_default != TRI_UNKNOWN)
		s->disabled = row->enabled_by_default == TRI_YES ? TRI_NO : TRI_YES;
	s->address_known = true;
	s->proto = row->proto;
	if (!s->vrf && vrf)
		s->vrf = "main";
	if (s->max_sessions < 0 && ros_version_at_least(&d->version, 7, 16))
		s->max_sessions = 20;
	if (!s->certificate && tls)
		s->certificate = "none";
	/* Older RouterOS 6 has no such property. */
	if (!s->tls_version && tls && ros_version_at_least(&d->version, 7, 1))
		s->tls_version = "any";
}

/* The catalogue's services of this version, each filled; missing ones are at their defaults. */
static void complete_export(struct device *d)
{
	size_t added = 0;

	for (size_t i = 0; i < catalogue_n; i++) {
		const struct catalogue_row *row = &catalogue[i];
		struct service *known = NULL, s;

		if (row->kind != CATALOGUE_SERVICE ||
		    !ros_version_at_least(&d->version, row->since.major, row->since.minor))
			continue;
		for (size_t k = 0; k < d->services_n && !known; k++)
			if (strcmp(d->services[k].name, row->name) == 0)
				known = &d->services[k];
		service_init(&s);
		s.name = row->name;
		fill_defaults(d, row, known ? known : &s);
		if (!known) {
			device_add_service(d, &s);
			added++;
		}
	}
	device_add_note(d,
	                "the export leaves out what is at its default: filled in from the "
	                "documented defaults of %s, %zu services as a whole",
	                d->version_text, added);
}

int device_read_text(const char *p, size_t n, const char *where, struct device *d,
                     struct error *err)
{
	struct rows rows;

	if (read_rows(p, n, where, d, &rows, err) || check_repeated(d, where, err))
		return -1;
	d->read_as = arena_printf(&d->arena, "file: %s", ros_form_name(rows.form));
	if (rows.form != ROS_FORM_EXPORT)
		return 0;
	d->listeners_complete = TRI_NO;
	read_menus_export(p, n, d);
	if (rows.complete_export && d->version.major) {
		complete_export(d);
		d->static_complete = TRI_YES;
	}
	return 0;
}
