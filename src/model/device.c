/* What a router declares. */
#include <stdarg.h>
#include <string.h>

#include "rosaudit/buf.h"
#include "rosaudit/device.h"
#include "rosaudit/error.h"
#include "rosaudit/message.h"
#include "rosaudit/text.h"

/* A sentence with a path, a name or an error's text in it; none of them is longer than 4 KiB. */
#define NOTE_BYTES 65536u

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

void device_add_note_both(struct device *d, const char *english, const char *read)
{
	/* Each vantage may find the same. */
	for (size_t i = 0; i < d->notes_n; i++)
		if (strcmp(d->notes[i].text, english) == 0)
			return;
	if (is_full(d->notes_n))
		d->notes = arena_grow(&d->arena, d->notes, d->notes_n,
		                      d->notes_n ? d->notes_n * 2 : 1, sizeof(*d->notes));
	d->notes[d->notes_n].text = arena_strdup(&d->arena, english);
	d->notes[d->notes_n++].read = arena_strdup(&d->arena, read);
}

/* fmt once in each language, with what is behind it in that language. */
static void add_note(struct device *d, const struct error *why, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

static void add_note(struct device *d, const struct error *why, const char *fmt, va_list ap)
{
	struct buf text, read;
	va_list again;

	buf_init(&text, NOTE_BYTES);
	buf_init(&read, NOTE_BYTES);
	va_copy(again, ap);
	buf_vprintf(&text, fmt, ap);
	buf_vprintf(&read, _(fmt), again);
	va_end(again);
	if (why) {
		buf_printf(&text, ": %s", why->text);
		buf_printf(&read, "%s%s", _(": "), error_text_read(why));
	}
	device_add_note_both(d, buf_str(&text), buf_str(&read));
	buf_done(&text);
	buf_done(&read);
}

void device_add_note(struct device *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_note(d, NULL, fmt, ap);
	va_end(ap);
}

void device_add_note_of(struct device *d, const struct error *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_note(d, why, fmt, ap);
	va_end(ap);
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
