/* /ip service export: compact (what differs from the factory's) and verbose. */
#include "export.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Lines end before this column, the backslash of a wrapped one included; a word may not take the
 * last place before the backslash, a separator may (measured on the samples of v6 and v7). */
#define EXPORT_WIDTH 79

/* One line of words and separators, folded: backslash, newline, four blanks. Cuts inside values. */
static void add_folded(const char *line, struct text *out)
{
	size_t at = 0;

	while (*line != '\0') {
		size_t n = 0, limit;

		while (line[n] != '\0' && strchr(" /,=", line[n]) == NULL)
			n++;
		limit = n > 0 ? EXPORT_WIDTH - 2 : EXPORT_WIDTH - 1;
		n = n > 0 ? n : 1;
		if (at + n > limit && at > 4) {
			text_add(out, "\\\n    ");
			at = 4;
		}
		text_add_n(out, line, n);
		at += n;
		line += n;
	}
	text_add(out, "\n");
}

struct property {
	char name[24];
	struct text value;
	bool factory; /* as from the factory: compact leaves it out */
};

#define PROPERTY_MAX 8

static void property_add(struct property *list, size_t *n, const char *name, const char *value,
                         bool factory)
{
	struct property *p = &list[(*n)++];

	*p = (struct property){.factory = factory};
	snprintf(p->name, sizeof(p->name), "%s", name);
	text_add(&p->value, value);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct property *)a)->name, ((const struct property *)b)->name);
}

/* v6 puts a list between quotes where it wraps (it comes first on its line), v7 was seen not to
 * (routeros.md 1.3); an empty value is quoted in both. */
static void address_value(const struct scenario *s, const struct service *one, struct text *out)
{
	size_t end = strlen("set  address=") + strlen(one->name);
	const char *quote;

	for (size_t i = 0; i < one->address.n; i++)
		end += strlen(one->address.v[i].text) + (i > 0 ? 1 : 0);
	quote = one->address.n == 0 || (s->version.major < 7 && end > EXPORT_WIDTH - 2) ? "\"" : "";
	text_add(out, quote);
	for (size_t i = 0; i < one->address.n; i++)
		text_addf(out, "%s%s", i > 0 ? "," : "", one->address.v[i].text);
	text_add(out, quote);
}

static size_t properties_of(const struct scenario *s, const struct service *one,
                            const struct service *stock, struct property list[PROPERTY_MAX])
{
	struct text address = {0};
	char number[16];
	size_t n = 0;

	address_value(s, one, &address);
	property_add(list, &n,
	             version_has_available_from(&s->version) ? "available-from" : "address",
	             text_get(&address), one->address.n == 0);
	text_done(&address);
	property_add(list, &n, "disabled", one->disabled ? "yes" : "no",
	             one->disabled == stock->disabled);
	snprintf(number, sizeof(number), "%d", one->port);
	property_add(list, &n, "port", number, one->port == stock->port);
	if (one->has_tls) {
		property_add(list, &n, "certificate", one->certificate,
		             strcmp(one->certificate, stock->certificate) == 0);
		property_add(list, &n, "tls-version", one->tls_version,
		             strcmp(one->tls_version, stock->tls_version) == 0);
	}
	snprintf(number, sizeof(number), "%d", one->max_sessions);
	if (version_has_max_sessions(&s->version))
		property_add(list, &n, "max-sessions", number,
		             one->max_sessions == stock->max_sessions);
	/* ftp shows its vrf from 7.16 (sample), not before. */
	if (version_has_vrf(&s->version) &&
	    (strcmp(one->name, "ftp") != 0 || version_since(&s->version, 7, 16)))
		property_add(list, &n, "vrf", one->vrf, strcmp(one->vrf, stock->vrf) == 0);
	qsort(list, n, sizeof(*list), by_name);
	return n;
}

static void export_one(const struct scenario *s, const struct service *one,
                       const struct service *stock, bool verbose, struct text *out)
{
	struct property list[PROPERTY_MAX];
	size_t n = properties_of(s, one, stock, list);
	struct text line = {0};
	bool any = false;

	text_addf(&line, "set %s", one->name);
	for (size_t i = 0; i < n; i++) {
		if (verbose || !list[i].factory) {
			text_addf(&line, " %s=%s", list[i].name, text_get(&list[i].value));
			any = true;
		}
		text_done(&list[i].value);
	}
	if (any && one->about != NULL)
		text_addf(out, "# %s\n", one->about); /* as in exports of other menus */
	if (any)
		add_folded(text_get(&line), out);
	text_done(&line);
}

static void export_header(const struct scenario *s, struct text *out)
{
	time_t now = time(NULL);
	char when[40];
	struct tm tm;

	localtime_r(&now, &tm);
	/* Unverified: that the date's spelling changed with 7.10. */
	strftime(when, sizeof(when),
	         version_since(&s->version, 7, 10) ? "%Y-%m-%d %H:%M:%S" : "%b/%d/%Y %H:%M:%S",
	         &tm);
	when[0] = (char)tolower((unsigned char)when[0]);
	text_addf(out, "# %s by RouterOS %s\n", when, s->version.number);
	/* Unverified: the lines below the first. */
	text_add(out, "# software id = MOCK-0000\n#\n");
}

void export_services(const struct scenario *s, bool verbose, struct text *out)
{
	struct scenario stock = {.version = s->version};
	struct text section = {0};

	scenario_default_services(&stock);
	for (size_t i = 0; i < s->services_n; i++)
		export_one(s, &s->services[i], &stock.services[i], verbose, &section);
	export_header(s, out);
	/* A router with the factory's services has no section at all in a compact export. */
	if (section.n > 0)
		text_addf(out, "/ip service\n%s", section.p);
	text_done(&section);
	scenario_done(&stock);
}
