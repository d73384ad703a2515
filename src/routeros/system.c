/* /system resource and /system identity: one record each. */
#include <string.h>

#include "forms.h"

static const char *value_of(const struct rows *rows, const char *name)
{
	const struct cell *c = rows->n ? row_find(&rows->v[0], name) : NULL;

	return c && c->value[0] ? c->value : NULL;
}

int resource_take_rows(const struct rows *rows, const char *where, struct device *d,
                       struct error *err)
{
	const char *version = value_of(rows, "version");

	if (!version)
		return error_set_at(err, ERROR_PARSE, where, 0, 0,
		                    "/system resource does not tell the version");
	d->board = value_of(rows, "board-name");
	if (!ros_version_parse(version, &d->version)) {
		device_add_note(d, "version \"%.64s\" not understood", version);
		return 0;
	}
	d->version_text = version;
	return 0;
}

int identity_take_rows(const struct rows *rows, const char *where, struct device *d,
                       struct error *err)
{
	const char *name = value_of(rows, "name");

	if (rows->n == 0)
		return error_set_at(err, ERROR_PARSE, where, 0, 0,
		                    "/system identity does not tell a name");
	d->identity = name;
	return 0;
}
