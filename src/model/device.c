/* What a router declares. */
#include <stdio.h>
#include <string.h>

#include "rosaudit/device.h"
#include "rosaudit/text.h"

/* The leading decimal number of *s; -1 when there is none. Moves *s behind it. */
static int take_number(const char **s)
{
	size_t n = strspn(*s, "0123456789");
	unsigned long v;

	if (!text_to_uint(*s, n, 0, 9999, &v))
		return -1;
	*s += n;
	return (int)v;
}

bool ros_version_parse(const char *s, struct ros_version *out)
{
	struct ros_version v = {0};

	while (*s == ' ')
		s++;
	v.major = take_number(&s);
	if (v.major <= 0 || *s != '.')
		return false;
	s++;
	v.minor = take_number(&s);
	if (v.minor < 0)
		return false;
	if (*s == '.') {
		s++;
		v.patch = take_number(&s);
		if (v.patch < 0)
			return false;
	}
	*out = v;
	return true;
}

bool ros_version_at_least(const struct ros_version *v, int major, int minor)
{
	return v->major > major || (v->major == major && v->minor >= minor);
}

void device_init(struct device *d)
{
	*d = (struct device){0};
	arena_init(&d->arena);
}

void device_done(struct device *d)
{
	if (!d)
		return;
	arena_done(&d->arena);
	*d = (struct device){0};
}

/* Arrays grow by doubling: n is the number in use, a power of two (or 0) is when they are full. */
static bool is_full(size_t n)
{
	return (n & (n - 1)) == 0;
}

void device_add_service(struct device *d, const struct service *s)
{
	if (is_full(d->services_n))
		d->services = arena_grow(&d->arena, d->services, d->services_n,
		                         d->services_n ? d->services_n * 2 : 1, sizeof(*s));
	d->services[d->services_n++] = *s;
}

void device_add_note(struct device *d, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (is_full(d->notes_n))
		d->notes = arena_grow(&d->arena, d->notes, d->notes_n,
		                      d->notes_n ? d->notes_n * 2 : 1, sizeof(*d->notes));
	d->notes[d->notes_n++].text = arena_strdup(&d->arena, text);
}

const struct service *device_find_static(const struct device *d, const char *name)
{
	for (size_t i = 0; i < d->services_n; i++) {
		const struct service *s = &d->services[i];

		if (service_is_static(s) && s->name && strcmp(s->name, name) == 0)
			return s;
	}
	return NULL;
}

const struct menu_items *device_menu(const struct device *d, const char *path)
{
	for (size_t i = 0; i < d->menus_n; i++)
		if (strcmp(d->menus[i].path, path) == 0)
			return &d->menus[i];
	return NULL;
}
